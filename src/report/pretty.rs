//! Findings for people, with excerpts of every file they speak of.

use std::io::{self, Write};

use super::excerpt::clean;
use super::frame::{Frame, Mark};
use super::style::{self, HELP, STRONG};
use super::{Report, counted};
use crate::model::finding::{Finding, Related};

/// Related places that are shown with an excerpt; all of them are in the JSON.
const MOST_PLACES: usize = 12;

/// Every finding, with an empty line behind each.
pub fn write(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    report.findings.iter().try_for_each(|finding| {
        write_finding(report, finding, out)?;
        writeln!(out)
    })
}

/// One finding.
pub fn write_finding(report: &Report<'_>, finding: &Finding, out: &mut dyn Write) -> io::Result<()> {
    let (colour, level, rule) = (style::level(finding.level), finding.level.name(), finding.rule);
    writeln!(out, "{colour}{level}[{rule}]{colour:#}: {STRONG}{}{STRONG:#}", clean(&finding.message))?;

    let mut marks = vec![Mark { place: report.places.get(&finding.site), label: finding.label.clone(), primary: true }];
    marks.extend(finding.related.iter().take(MOST_PLACES).map(|related| Mark {
        place: report.places.get(&related.site),
        label: sentence(related),
        primary: false,
    }));
    let frame = Frame::new(report.places, marks, colour);
    frame.write(out)?;
    frame.bar(out, "")?;

    if let more @ 1.. = finding.related.len().saturating_sub(MOST_PLACES) {
        frame.note(out, &format!("and {} (`--format json` names all)", counted(more, "more place")))?;
    }
    for note in &finding.notes {
        frame.note(out, &clean(note))?;
    }
    frame.note(out, &format!("confidence: {}", finding.confidence.name()))?;
    if !finding.help.is_empty() {
        frame.note(out, &format!("{HELP}help{HELP:#}: {}", clean(&finding.help)))?;
    }
    if !finding.fingerprint.is_empty() {
        frame.note(out, &format!("explain: contract-lint explain {}", finding.fingerprint))?;
    }
    Ok(())
}

fn sentence(related: &Related) -> String {
    match related.confidence {
        Some(confidence) => format!("{} ({})", related.message, confidence.name()),
        None => related.message.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::finding::Level;
    use crate::model::map::Confidence;
    use crate::report::sample::Sample;

    #[test]
    fn a_finding_shows_excerpts_of_several_files_and_what_to_do() {
        let sample = Sample::broken();
        let text = sample.print(write);
        let expected = "\
error[breaking/field-removed]: response field `Profile.birthdate` was removed; 1 consumer still reads it
 --> api/openapi.yaml:3:5
  |
3 |     properties:
  |     ^^^^^^^^^^ `birthdate` is gone from here
  |
 ::: age/src/lib.rs:2:18
  |
2 |     let born = p.birthdate;
  |                  --------- `age` reads it here (certain)
  |
  = consumers: 1 breaks, 1 does not read it
  = confidence: certain
  = help: keep it with `deprecated: true`
  = explain: contract-lint explain CL-7f3a91c2
";
        similar_asserts::assert_eq!(text.split_once("\n\n").unwrap().0, expected.trim_end());
    }

    #[test]
    fn places_of_one_file_stand_under_one_heading_in_the_order_of_lines() {
        let mut sample = Sample::broken();
        let [first, second] = [sample.site("age/src/lib.rs", "pub fn"), sample.site("age/src/lib.rs", "let born")];
        let finding = Finding::new("a/b", Level::Warning, Confidence::Likely, second, "it is wrong")
            .with_label("here")
            .with_related(first, "started here");
        sample.findings = vec![finding];
        let text = sample.print(write);
        assert_eq!(text.matches("age/src/lib.rs").count(), 1, "{text}");
        assert!(text.find("started here").unwrap() < text.find("^^^^^^^^ here").unwrap(), "{text}");
    }

    #[test]
    fn a_finding_with_hundreds_of_places_says_how_many_are_left_out() {
        let mut sample = Sample::broken();
        let site = sample.site("age/src/lib.rs", "born");
        let finding = Finding::new("a/b", Level::Warning, Confidence::Likely, site.clone(), "m");
        sample.findings = vec![(0..300).fold(finding, |finding, _| finding.with_related(site.clone(), "again"))];
        let text = sample.print(write);
        assert!(text.contains("and 288 more places"), "{text}");
        assert!(text.lines().count() < 30);
    }

    #[test]
    fn five_thousand_findings_in_a_large_file_are_printed_in_linear_time() {
        let sample = Sample::large(5_000);
        let started = std::time::Instant::now();
        let text = sample.print(write);
        assert_eq!(text.matches("error[").count(), 5_000);
        assert!(started.elapsed().as_secs() < 5, "{:?}", started.elapsed());
    }
}
