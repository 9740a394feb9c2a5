//! `contract-lint explain`: a rule, or one finding with its rule.

use std::path::PathBuf;

use super::args::Common;
use super::check::{hidden, sites};
use super::exit::Exit;
use super::failure::Failure;
use super::rulebook::Rulebook;
use super::session::Session;
use super::streams::Streams;
use crate::model::finding::Level;
use crate::model::map::Confidence;
use crate::report::{Report, markdown, pretty};

pub(super) fn run(common: &Common, what: &str, paths: &[PathBuf], streams: &mut Streams) -> Result<Exit, Failure> {
    if common.format.is_some() {
        return Err(Failure::usage("`explain` has no formats"));
    }
    if is_fingerprint(what) { finding(common, what, paths, streams) } else { rule(&Rulebook::open(), what, streams) }
}

/// `CL-` and hex digits.
fn is_fingerprint(text: &str) -> bool {
    let digits = text.strip_prefix("CL-").or_else(|| text.strip_prefix("cl-"));
    digits.is_some_and(|digits| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

fn rule(rulebook: &Rulebook, name: &str, streams: &mut Streams) -> Result<Exit, Failure> {
    let entry = rulebook.find(name)?;
    let out = streams.out();
    markdown::write_title(entry.rule.id, entry.rule.level.name(), &entry.summary, &entry.aliases, out)?;
    markdown::write(entry.rule.doc, out)?;
    Ok(Exit::Clean)
}

fn finding(common: &Common, fingerprint: &str, paths: &[PathBuf], streams: &mut Streams) -> Result<Exit, Failure> {
    // Whoever has its fingerprint has seen it: nothing is hidden.
    let mut session = Session::open_with(common, paths, |settings| {
        settings.min_confidence = Confidence::Unknown;
        settings.min_level = Level::Info;
        settings.include_tests = true;
    })?;
    let mut checked = session.check();
    checked.findings.retain(|finding| finding.fingerprint.eq_ignore_ascii_case(fingerprint));
    let Some(found) = checked.findings.first() else {
        session.conclude(streams);
        let help = "it may be mended, or need the `--against` and the paths it was found with".to_owned();
        return Err(Failure::with_help(format!("there is no finding `{fingerprint}` here"), Some(help)));
    };
    let places = session.places(sites(&checked.findings));
    let report = Report {
        analysis: &session.analysis,
        findings: &checked.findings,
        places: &places,
        aliases: &session.rulebook.aliases(),
        hidden: &hidden(checked.hidden, &session.settings),
        missing: &session.missing,
        exit: Exit::Clean.code(),
        elapsed: session.elapsed(),
    };
    let out = streams.out();
    pretty::write_finding(&report, found, out)?;
    writeln!(out)?;
    rule(&session.rulebook, found.rule, streams)?;
    streams.flush()?;
    Ok(session.conclude(streams))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fingerprint_is_told_from_a_rule() {
        assert!(is_fingerprint("CL-7f3a91c2") && is_fingerprint("cl-7F3A91C2"));
        assert!(!is_fingerprint("CL-") && !is_fingerprint("breaking/field-removed") && !is_fingerprint("CL-xyz"));
    }
}
