//! `contract-lint map`: the dependency map.

use super::args::{Common, Format, Map};
use super::exit::Exit;
use super::failure::Failure;
use super::narrow::narrow;
use super::session::Session;
use super::streams::Streams;
use crate::report::graph::{self, dot, mermaid};
use crate::report::view::View;
use crate::report::{map_csv, map_json, map_table};

pub(super) fn run(common: &Common, arguments: &Map, streams: &mut Streams) -> Result<Exit, Failure> {
    let format = format(common.format)?;
    let session = Session::open(common, &arguments.paths)?.about_consumers();
    session.introduce(streams);
    let filter = match narrow(&session, common, &arguments.part) {
        // Where a contract is lost, a pattern that finds nothing may well be right.
        Err(failure) if !session.missing.is_empty() => {
            failure.report(streams);
            return Ok(session.conclude(streams));
        }
        filter => filter?,
    };
    let view = View::new(&session.analysis, &filter);
    match format {
        Format::Json => {
            let places = session.places(map_json::sites(&session.analysis.head));
            map_json::write(&view, &places, &session.settings.identity, streams.out())?;
        }
        Format::Csv => map_csv::write(&view, streams.out())?,
        Format::Dot => dot::write(&view, arguments.fields, streams.out())?,
        Format::Mermaid => mermaid::write(&view, arguments.fields, streams.out())?,
        _ => map_table::write(&view, streams.out())?,
    }
    streams.flush()?;
    if format == Format::Mermaid
        && let Some(arrows) = graph::too_many(&view, arguments.fields)
    {
        streams.remark(|err| {
            writeln!(err, "note: {arrows} arrows are more than Mermaid draws by itself (`maxEdges`)")?;
            writeln!(err, "help: narrow it with --consumer, --contract, --provider or --operation")
        });
    }
    Ok(session.conclude(streams))
}

fn format(format: Option<Format>) -> Result<Format, Failure> {
    match format {
        None | Some(Format::Table | Format::Pretty | Format::Text) => Ok(Format::Table),
        Some(format @ (Format::Json | Format::Csv | Format::Dot | Format::Mermaid)) => Ok(format),
        Some(Format::Concise | Format::Markdown | Format::Github) => {
            Err(Failure::usage("`map` has the formats table, json, csv, mermaid and dot"))
        }
    }
}

/// The forms of every other answer that is no list of findings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    Table,
    Json,
}

pub(super) fn form(command: &str, format: Option<Format>) -> Result<Form, Failure> {
    match format {
        None | Some(Format::Table | Format::Pretty | Format::Text) => Ok(Form::Table),
        Some(Format::Json) => Ok(Form::Json),
        Some(_) => Err(Failure::usage(format!("`{command}` has the formats table and json"))),
    }
}
