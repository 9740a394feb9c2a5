//! One line for each finding: `path:line:col: error[rule] message`.

use std::io::{self, Write};

use super::excerpt::clean;
use super::{Report, style};

/// Every finding on a line.
pub fn write(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    report.findings.iter().try_for_each(|finding| {
        let (colour, place) = (style::level(finding.level), report.places.name(&finding.site));
        let (level, message) = (finding.level.name(), clean(&finding.message));
        writeln!(out, "{place}: {colour}{level}[{}]{colour:#} {message}", finding.rule)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample::Sample;

    #[test]
    fn a_finding_is_one_line_whatever_its_message_holds() {
        let mut sample = Sample::broken();
        sample.findings.truncate(1);
        sample.findings[0].message = "two\nlines".to_owned();
        let text = sample.print(write);
        assert_eq!(text, "api/openapi.yaml:3:5: error[breaking/field-removed] two\\u{a}lines\n");
    }
}
