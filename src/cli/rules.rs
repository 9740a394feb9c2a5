//! `contract-lint rules`: the list of rules, with the levels in force.

use super::args::Common;
use super::exit::Exit;
use super::failure::Failure;
use super::map::{Form, form};
use super::rulebook::Rulebook;
use super::session::load_settings;
use super::streams::Streams;
use crate::report::rules::{self, Row};

pub(super) fn run(common: &Common, streams: &mut Streams) -> Result<Exit, Failure> {
    let form = form("rules", common.format)?;
    let rulebook = Rulebook::open();
    let settings = load_settings(common, &[], &rulebook)?;
    let rows = rulebook.iter().map(|entry| Row {
        id: entry.rule.id,
        level: entry.level(&settings),
        summary: entry.summary.clone(),
        aliases: entry.aliases.clone(),
    });
    let rows: Vec<Row> = rows.collect();
    match form {
        Form::Table => rules::write_table(&rows, streams.out())?,
        Form::Json => rules::write_json(&rows, streams.out())?,
    }
    Ok(Exit::Clean)
}
