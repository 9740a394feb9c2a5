//! `contract-lint unresolved`: calls that are tied to no contract.

use std::path::PathBuf;

use super::args::Common;
use super::exit::Exit;
use super::failure::Failure;
use super::map::{Form, form};
use super::session::Session;
use super::streams::Streams;
use crate::report::unresolved;

pub(super) fn run(common: &Common, paths: &[PathBuf], streams: &mut Streams) -> Result<Exit, Failure> {
    let form = form("unresolved", common.format)?;
    let session = Session::open(common, paths)?;
    session.introduce(streams);
    match form {
        Form::Table => unresolved::write_table(&session.analysis, streams.out())?,
        Form::Json => unresolved::write_json(&session.analysis, streams.out())?,
    }
    streams.flush()?;
    Ok(session.conclude(streams))
}
