//! Annotations for GitHub Actions: workflow commands on standard output.
//!
//! The runner shows 10 annotations of each level for a step, first come, and drops the rest without
//! a word; it cuts a message at 4,096 characters. So the worst come first, and the last notice says
//! how many more there are. Source: "Workflow commands for GitHub Actions" and the code of
//! `actions/runner` (`ExecutionContext.cs`) and `actions/toolkit` (`command.ts`).

use std::io::{self, Write};

use super::{Place, Report, counted};
use crate::model::finding::{Finding, Level};

/// Annotations of one level that are shown.
const PER_LEVEL: usize = 10;
/// Characters of a message.
const LONGEST: usize = 4096;

/// Findings as annotations, the worst first.
pub fn write(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    let mut findings: Vec<&Finding> = report.findings.iter().collect();
    // A stable sort: of one level and confidence the order of the report stays.
    findings.sort_by_key(|finding| std::cmp::Reverse((finding.level, finding.confidence)));
    let annotations = findings.into_iter().map(|finding| Annotation {
        level: finding.level,
        file: report.places.path(&finding.site),
        place: report.places.get(&finding.site),
        title: match finding.fingerprint.as_str() {
            "" => finding.rule.to_owned(),
            fingerprint => format!("{} ({fingerprint})", finding.rule),
        },
        message: message(report, finding),
    });
    annotate_all(&annotations.collect::<Vec<_>>(), "more finding", out)
}

/// What stands beside a line of a file.
pub(super) struct Annotation<'a> {
    pub(super) level: Level,
    pub(super) file: &'a str,
    pub(super) place: Place,
    pub(super) title: String,
    pub(super) message: String,
}

/// As many annotations as are shown, in their order, and how many more there are.
pub(super) fn annotate_all(annotations: &[Annotation<'_>], more: &str, out: &mut dyn Write) -> io::Result<()> {
    let mut left_out = 0;
    for level in [Level::Error, Level::Warning, Level::Info] {
        // The last notice may have to say how many more there are.
        let room = if level == Level::Info { PER_LEVEL - 1 } else { PER_LEVEL };
        let of_level = annotations.iter().filter(|annotation| annotation.level == level);
        for (at, annotation) in of_level.enumerate() {
            if at < room {
                annotate(annotation, out)?;
            } else {
                left_out += 1;
            }
        }
    }
    if left_out > 0 {
        let more = counted(left_out, more);
        writeln!(out, "::notice title=contract-lint::{more}: GitHub shows {PER_LEVEL} per level and step")?;
    }
    Ok(())
}

fn annotate(annotation: &Annotation<'_>, out: &mut dyn Write) -> io::Result<()> {
    let Annotation { level, place, .. } = annotation;
    let command = match level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Info => "notice",
    };
    let file = property(annotation.file);
    let (line, end_line, column) = (place.start.line, place.end.line, place.start.column);
    let message = data(&cut(&annotation.message));
    write!(out, "::{command} file={file},line={line},endLine={end_line},")?;
    // The runner drops columns of an annotation over several lines.
    if line == end_line {
        write!(out, "col={column},endColumn={},", place.end.column)?;
    }
    writeln!(out, "title={}::{message}", property(&annotation.title))
}

/// The finding as text: related places stand in it, since an annotation has one place.
fn message(report: &Report<'_>, finding: &Finding) -> String {
    let mut lines = vec![finding.message.clone()];
    lines.extend(finding.related.iter().map(|related| {
        let confidence = related.confidence.map(|it| format!(" ({})", it.name())).unwrap_or_default();
        format!("{}: {}{confidence}", report.places.name(&related.site), related.message)
    }));
    lines.extend(finding.notes.iter().cloned());
    if !finding.help.is_empty() {
        lines.push(format!("help: {}", finding.help));
    }
    lines.join("\n")
}

fn cut(message: &str) -> String {
    if message.chars().count() <= LONGEST {
        return message.to_owned();
    }
    message.chars().take(LONGEST - 1).chain(['…']).collect()
}

/// Text behind `::`.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// The value of a property.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

/// Prints text that somebody else wrote so that the runner does not take a line of it for a command,
/// folded under a title. `token` must be a word that the text cannot guess.
pub fn fenced(
    title: &str,
    token: &str,
    out: &mut dyn Write,
    text: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> io::Result<()> {
    writeln!(out, "::group::{}", data(title))?;
    writeln!(out, "::stop-commands::{token}")?;
    text(out)?;
    writeln!(out, "::{token}::")?;
    writeln!(out, "::endgroup::")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::map::Confidence;
    use crate::report::sample::{Sample, plain};

    #[test]
    fn an_annotation_escapes_what_the_runner_would_take_for_syntax() {
        let mut sample = Sample::broken();
        sample.findings.truncate(1);
        sample.findings[0].message = "100% of\r\n::error::x".to_owned();
        let text = sample.print(write);
        assert_eq!(
            text,
            "::error file=api/openapi.yaml,line=3,endLine=3,col=5,endColumn=15,title=breaking/field-removed \
             (CL-7f3a91c2)::100%25 of%0D%0A::error::x%0Aage/src/lib.rs:2:18: `age` reads it here (certain)%0Aconsumers: \
             1 breaks, 1 does not read it%0Ahelp: keep it with `deprecated: true`\n"
        );
        assert_eq!(property("a:b,c%"), "a%3Ab%2Cc%25");
    }

    #[test]
    fn the_worst_come_first_and_the_last_notice_counts_the_rest() {
        let mut sample = Sample::broken();
        let site = sample.site("age/src/lib.rs", "born");
        let finding = |level| Finding::new("a/b", level, Confidence::Likely, site.clone(), "m");
        sample.findings =
            std::iter::repeat_n(Level::Info, 12).chain(std::iter::repeat_n(Level::Error, 13)).map(finding).collect();
        let text = sample.print(write);
        assert!(text.starts_with("::error "), "{text}");
        assert_eq!(text.matches("::error ").count(), 10);
        assert_eq!(text.matches("::notice ").count(), 10);
        assert!(text.ends_with("::6 more findings: GitHub shows 10 per level and step\n"), "{text}");
    }

    #[test]
    fn a_long_message_is_cut_by_characters() {
        assert_eq!(cut(&"ü".repeat(5000)).chars().count(), LONGEST);
        assert_eq!(cut("short"), "short");
    }

    #[test]
    fn printed_excerpts_stand_inside_the_fence() {
        let text = plain(|out| fenced("findings", "t0", out, |out| writeln!(out, "::error::from a file")));
        assert_eq!(text, "::group::findings\n::stop-commands::t0\n::error::from a file\n::t0::\n::endgroup::\n");
    }
}
