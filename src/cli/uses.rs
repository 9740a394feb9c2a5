//! `contract-lint uses`: who uses an element of a contract.

use super::args::{Common, Uses};
use super::exit::Exit;
use super::failure::Failure;
use super::map::{Form, form};
use super::selector::{self, Asked};
use super::session::Session;
use super::streams::Streams;
use crate::report::uses;

pub(super) fn run(common: &Common, arguments: &Uses, streams: &mut Streams) -> Result<Exit, Failure> {
    let form = form("uses", common.format)?;
    let (wanted, paths) = wanted(arguments);
    let session = Session::open(common, &paths)?.about_consumers();
    session.introduce(streams);
    let tests = session.settings.include_tests;
    let sections = match wanted {
        Wanted::Selector(selector) => selector::select(&session.analysis, Asked { selector, tests }),
        Wanted::Class(class) => selector::sensitive(&session.analysis, class, tests),
    };
    // Where a contract is lost, a selector that finds nothing may well be right.
    let sections = match sections {
        Err(failure) if !session.missing.is_empty() => {
            failure.report(streams);
            return Ok(session.conclude(streams));
        }
        sections => sections?,
    };
    let places = session.places(sections.iter().filter_map(|section| section.site));
    match form {
        Form::Table => uses::write_table(&session.analysis, &places, &sections, streams.out())?,
        Form::Json => uses::write_json(&session.analysis, &places, &sections, streams.out())?,
    }
    streams.flush()?;
    Ok(session.conclude(streams))
}

enum Wanted<'a> {
    Selector(&'a str),
    Class(&'a str),
}

/// With `--sensitive` there is no selector: what stands in its place is the first path.
fn wanted(arguments: &Uses) -> (Wanted<'_>, Vec<std::path::PathBuf>) {
    let selector = arguments.selector.as_deref();
    match (&arguments.sensitive, selector) {
        (Some(class), selector) => {
            let first = selector.map(std::path::PathBuf::from);
            (Wanted::Class(class), first.into_iter().chain(arguments.paths.iter().cloned()).collect())
        }
        (None, selector) => (Wanted::Selector(selector.unwrap_or_default()), arguments.paths.clone()),
    }
}
