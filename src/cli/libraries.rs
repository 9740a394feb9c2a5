//! `contract-lint libraries`: whose calls are known.

use std::path::PathBuf;

use super::args::Common;
use super::exit::Exit;
use super::failure::Failure;
use super::map::{Form, form};
use super::rulebook::Rulebook;
use super::session;
use super::streams::Streams;
use crate::evaluate;
use crate::report::libraries;

pub(super) fn run(common: &Common, paths: &[PathBuf], streams: &mut Streams) -> Result<Exit, Failure> {
    let form = form("libraries", common.format)?;
    let settings = session::load_settings(common, paths, &Rulebook::open())?;
    let mut known = evaluate::libraries();
    known.extend(settings.libraries.iter().filter_map(|own| evaluate::check_library(own).ok()));
    known.sort();
    match form {
        Form::Table => libraries::write_table(&known, streams.out())?,
        Form::Json => libraries::write_json(&known, streams.out())?,
    }
    Ok(Exit::Clean)
}
