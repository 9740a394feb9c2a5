//! A rule's Markdown, readable on a terminal: headings stand out, code is indented, the front matter
//! is left to the caller.

use std::io::{self, Write};

use super::excerpt::{clean, clean_lines};
use super::style::{FAINT, HELP, STRONG};

/// Prints the body of a document.
pub fn write(document: &str, out: &mut dyn Write) -> io::Result<()> {
    let mut fence: Option<&str> = None;
    let mut blank = true;
    for line in clean_lines(body(document)).lines() {
        let start = line.trim_start();
        if let Some(open) = fence {
            if start.starts_with(open) {
                fence = None;
            } else {
                writeln!(out, "{}", format!("    {line}").trim_end())?;
                blank = false;
            }
            continue;
        }
        if let Some(open) = ["```", "~~~"].into_iter().find(|open| start.starts_with(open)) {
            fence = Some(open);
            // Behind the language stands the path of an example's file.
            if let Some((_, path)) = start.split_once(' ') {
                writeln!(out, "  {FAINT}{}:{FAINT:#}", path.trim())?;
            }
            continue;
        }
        // The title is printed with what else is known of the rule.
        if line.starts_with("# ") {
            continue;
        }
        if line.trim().is_empty() {
            if !blank {
                writeln!(out)?;
            }
            blank = true;
            continue;
        }
        blank = false;
        text_line(line, out)?;
    }
    Ok(())
}

fn text_line(line: &str, out: &mut dyn Write) -> io::Result<()> {
    let title = line.trim_start_matches('#');
    if title.len() < line.len() && title.starts_with(' ') {
        return writeln!(out, "{STRONG}{}{STRONG:#}", inline(title.trim()));
    }
    writeln!(out, "{}", inline(line))
}

/// Code between back-ticks is coloured and keeps them, so that it stands out without colours too.
fn inline(line: &str) -> String {
    let parts: Vec<&str> = line.split('`').collect();
    let last = parts.len().saturating_sub(1);
    let pieces = parts.iter().enumerate().map(|(at, part)| match at % 2 {
        1 if at < last => format!("{HELP}`{part}`{HELP:#}"),
        // A back-tick without a second one is text.
        1 => format!("`{part}"),
        _ => (*part).to_owned(),
    });
    pieces.collect()
}

/// The document without its front matter.
fn body(document: &str) -> &str {
    let document = document.strip_prefix('\u{feff}').unwrap_or(document);
    let Some(rest) = document.strip_prefix("---\n").or_else(|| document.strip_prefix("---\r\n")) else {
        return document;
    };
    let mut at = 0;
    for line in rest.split_inclusive('\n') {
        at += line.len();
        if line.trim_end() == "---" {
            return rest.get(at..).unwrap_or_default();
        }
    }
    document
}

/// What stands above the body: id, level, a sentence, and the ids of other tools.
pub fn write_title(id: &str, level: &str, summary: &str, aliases: &[String], out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{STRONG}{id}{STRONG:#} ({level})\n{}", inline(&clean(summary)))?;
    if !aliases.is_empty() {
        writeln!(out, "also known as: {}", clean(&aliases.join(", ")))?;
    }
    writeln!(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample::plain;

    #[test]
    fn headings_and_code_are_readable_and_the_front_matter_is_gone() {
        let document = "---\nlevel: error\n---\n\n# a/b\n\nRead `x`.\n\n\n## Bad\n```rust src/lib.rs\nlet x = 1;\n\n# no heading\n```\n#hash\n";
        let text = plain(|out| write(document, out));
        assert_eq!(text, "Read `x`.\n\nBad\n  src/lib.rs:\n    let x = 1;\n\n    # no heading\n#hash\n");
    }

    #[test]
    fn a_document_that_ends_early_is_printed_all_the_same() {
        for document in ["", "---\nlevel: error\n", "```\ncode", "a ` b", "`"] {
            let text = plain(|out| write(document, out));
            assert!(text.trim().is_empty() == document.is_empty(), "{document:?}: {text:?}");
        }
    }
}
