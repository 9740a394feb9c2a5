//! `contract-lint unresolved`: calls that are tied to no contract.

use super::args::{Common, Part, Unresolved};
use super::exit::Exit;
use super::failure::Failure;
use super::map::{Form, form};
use super::narrow::narrow;
use super::session::Session;
use super::streams::Streams;
use crate::report::unresolved;
use crate::report::view::View;

pub(super) fn run(common: &Common, arguments: &Unresolved, streams: &mut Streams) -> Result<Exit, Failure> {
    let form = form("unresolved", common.format)?;
    let session = Session::open(common, &arguments.paths)?.about_consumers();
    session.introduce(streams);
    let part = Part { consumer: arguments.consumer.clone(), ..Part::default() };
    let filter = narrow(&session, common, &part)?;
    let view = View::new(&session.analysis, &filter);
    match form {
        Form::Table => unresolved::write_table(&view, arguments.all, streams.out())?,
        Form::Json => unresolved::write_json(&view, streams.out())?,
    }
    streams.flush()?;
    Ok(session.conclude(streams))
}
