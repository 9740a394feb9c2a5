//! The summary of a GitHub Actions step, in Markdown.
//!
//! A summary over 1 MiB is dropped whole, so this one stops before, and says so.

use std::fmt::Write as _;
use std::io::{self, Write};

use super::{Counts, Report, counted};
use crate::model::finding::Finding;

/// Bytes after which no further finding is written.
const LARGEST: usize = 900_000;

/// The summary.
pub fn write(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    let counts = Counts::of(report.findings);
    let mut text = String::from("## contract-lint\n\n");
    // Writing into a `String` cannot fail.
    let _ = writeln!(
        text,
        "{}, {}, {}; {} affected\n",
        counted(counts.error, "error"),
        counted(counts.warning, "warning"),
        counted(counts.info, "hint"),
        counted(report.consumers_affected(), "consumer"),
    );
    for missing in report.missing {
        let _ = writeln!(text, "**incomplete**: {}\n", inline(missing));
    }
    if !report.findings.is_empty() {
        text.push_str("| Level | Rule | Place | Finding |\n|---|---|---|---|\n");
    }
    for (at, finding) in report.findings.iter().enumerate() {
        let row = row(report, finding);
        if text.len() + row.len() > LARGEST {
            let _ = writeln!(text, "\n{} not shown here.", counted(report.findings.len() - at, "more finding"));
            break;
        }
        text.push_str(&row);
    }
    let coverage = &report.analysis.coverage;
    let _ = writeln!(
        text,
        "\n{} read, {} of {} unresolved, {}.",
        counted(coverage.files, "file"),
        coverage.unresolved,
        counted(coverage.calls, "call"),
        counted(super::real_problems(&report.analysis.problems).count(), "problem"),
    );
    out.write_all(text.as_bytes())
}

fn row(report: &Report<'_>, finding: &Finding) -> String {
    let [level, rule] = [finding.level.name(), finding.rule];
    let (place, message) = (inline(&report.places.name(&finding.site)), inline(&finding.message));
    format!("| {level} | `{rule}` | {place} | {message} |\n")
}

/// Text that stays inside its cell and makes no mark-up, mention or link of its own.
pub(super) fn inline(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for character in super::clean(text).chars() {
        match character {
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '&' => safe.push_str("&amp;"),
            '@' => safe.push_str("&#64;"),
            '|' | '[' | ']' | '*' | '_' | '#' | '!' | '\\' => {
                safe.push('\\');
                safe.push(character);
            }
            _ => safe.push(character),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample::Sample;

    #[test]
    fn findings_are_rows_of_a_table() {
        let text = Sample::broken().print(write);
        assert!(text.starts_with("## contract-lint\n\n1 error, 1 warning, 0 hints; 1 consumer affected\n"), "{text}");
        assert!(text.contains("| error | `breaking/field-removed` | api/openapi.yaml:3:5 | response field"), "{text}");
    }

    #[test]
    fn text_of_others_makes_no_markup() {
        assert_eq!(inline("a|b<script>@x\n"), "a\\|b&lt;script&gt;&#64;x\\\\u{a}");
    }

    #[test]
    fn a_summary_stays_below_what_github_keeps() {
        let mut sample = Sample::broken();
        sample.findings[0].message = "m".repeat(100_000);
        sample.findings = vec![sample.findings[0].clone(); 20];
        let text = sample.print(write);
        assert!(text.len() < 1_000_000);
        assert!(text.contains("12 more findings not shown here."), "{}", &text[text.len() - 200..]);
    }
}
