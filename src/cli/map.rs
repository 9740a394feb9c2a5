//! `contract-lint map`: the dependency map.

use std::path::PathBuf;

use super::args::{Common, Format};
use super::exit::Exit;
use super::failure::Failure;
use super::session::Session;
use super::streams::Streams;
use crate::report::{map_json, map_table};

pub(super) fn run(common: &Common, paths: &[PathBuf], streams: &mut Streams) -> Result<Exit, Failure> {
    let form = form("map", common.format)?;
    let session = Session::open(common, paths)?;
    session.introduce(streams);
    let analysis = &session.analysis;
    match form {
        Form::Table => map_table::write(analysis, streams.out())?,
        Form::Json => {
            let places = session.places(map_json::sites(&analysis.head));
            map_json::write(analysis, &places, &session.settings.identity, streams.out())?;
        }
    }
    streams.flush()?;
    Ok(session.conclude(streams))
}

/// The forms of every answer that is no list of findings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    Table,
    Json,
}

pub(super) fn form(command: &str, format: Option<Format>) -> Result<Form, Failure> {
    match format {
        None | Some(Format::Table) => Ok(Form::Table),
        Some(Format::Json) => Ok(Form::Json),
        Some(Format::Pretty | Format::Concise | Format::Github) => {
            Err(Failure::usage(format!("`{command}` has the formats table and json")))
        }
    }
}
