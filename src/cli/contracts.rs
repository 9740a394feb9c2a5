//! `contract-lint contracts`: what was read of the contracts.

use super::args::{Common, Contracts, Format};
use super::exit::Exit;
use super::failure::Failure;
use super::parts;
use super::session::Session;
use super::streams::Streams;
use crate::report::contracts::{self, Detail, Listing, Selection};

pub(super) fn run(common: &Common, arguments: &Contracts, streams: &mut Streams) -> Result<Exit, Failure> {
    let is_json = is_json(common.format)?;
    if common.against.is_some() {
        return Err(Failure::usage("`contracts` shows one revision, and --against names another"));
    }
    let session = Session::open_contracts(common, &arguments.paths)?;
    let selection = match parts::select(&session.analysis, arguments) {
        // Where a contract is lost, a selector that finds nothing may well be right.
        Err(failure) if !session.missing.is_empty() => {
            failure.report(streams);
            return Ok(session.conclude(streams));
        }
        selection => selection?,
    };
    print(&session, &selection, arguments, is_json, streams)?;
    streams.flush()?;
    Ok(session.conclude(streams))
}

fn is_json(format: Option<Format>) -> Result<bool, Failure> {
    match format {
        None | Some(Format::Pretty | Format::Table | Format::Text) => Ok(false),
        Some(Format::Json) => Ok(true),
        Some(_) => Err(Failure::usage("`contracts` has the formats pretty and json")),
    }
}

fn print(
    session: &Session,
    selection: &Selection,
    arguments: &Contracts,
    is_json: bool,
    streams: &mut Streams,
) -> Result<(), Failure> {
    let analysis = &session.analysis;
    // Reading documents once more for their places is most of the time: only where they are shown.
    let sites = if is_json || arguments.places {
        contracts::places(analysis, selection)
    } else {
        contracts::problems(analysis)
    };
    let places = session.places(&sites);
    let exit = if session.missing.is_empty() { Exit::Clean } else { Exit::Incomplete };
    let listing = Listing { analysis, selection, places: &places, missing: &session.missing, exit: exit.code() };
    if is_json {
        contracts::write_json(&listing, streams.out())?;
    } else {
        let detail = Detail { all: arguments.all, places: arguments.places };
        contracts::write_tree(&listing, detail, streams.out())?;
    }
    Ok(())
}
