//! A line of somebody else's text, made harmless to print and short enough to read.

use crate::model::source::{SourceFile, Span};

/// Lines up to this many bytes are shown whole.
const LONGEST: usize = 160;
/// Of a longer line, so many bytes before the place are shown.
const BEFORE: usize = 50;
/// Columns of a tab.
const TAB: usize = 4;

/// One line of a file, and where the marked spans are in it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Excerpt {
    /// The text to print.
    pub(super) text: String,
    /// Column from 0, and width in columns, of each mark; the width is at least 1.
    pub(super) marks: Vec<(usize, usize)>,
}

/// Whether a line is cut, so that two marks on it may not fit into one excerpt.
pub(super) fn is_long(file: &SourceFile, line: u32) -> bool {
    line_range(file, line).len() > LONGEST
}

/// The text of a 1-based line around `marks`; a long line is cut around the first of them.
pub(super) fn excerpt(file: &SourceFile, line: u32, marks: &[Span]) -> Excerpt {
    let line = line_range(file, line);
    let shown = marks.first().map_or(line.clone(), |first| window(&file.text, &line, first.start as usize));
    let mut text = String::new();
    let mut column = 0;
    let mut placed: Vec<Option<(usize, usize)>> = vec![None; marks.len()];
    if shown.start > line.start {
        text.push('…');
        column += 1;
    }
    for (at, character) in file.text.get(shown.clone()).unwrap_or_default().char_indices() {
        let at = at + shown.start;
        let width = push(&mut text, character);
        for (mark, place) in marks.iter().zip(&mut placed) {
            if at < mark.start as usize || at >= mark.end.max(mark.start + 1) as usize {
                continue;
            }
            let (_, covered) = place.get_or_insert((column, 0));
            *covered += width;
        }
        column += width;
    }
    if shown.end < line.end {
        text.push('…');
    }
    let marks = placed.into_iter().map(|place| place.map_or((column, 1), |(at, width)| (at, width.max(1))));
    Excerpt { marks: marks.collect(), text: text.trim_end().to_owned() }
}

/// The bytes of a 1-based line without its end.
fn line_range(file: &SourceFile, line: u32) -> std::ops::Range<usize> {
    let starts = file.line_starts();
    let at = (line as usize).saturating_sub(1);
    let start = starts.get(at).map_or(file.text.len(), |start| *start as usize);
    let end = starts.get(at + 1).map_or(file.text.len(), |next| (*next as usize).saturating_sub(1));
    let text = file.text.get(start..end).unwrap_or_default();
    start..start + text.strip_suffix('\r').unwrap_or(text).len()
}

fn window(text: &str, line: &std::ops::Range<usize>, place: usize) -> std::ops::Range<usize> {
    if line.len() <= LONGEST {
        return line.clone();
    }
    let start = place.min(line.end).saturating_sub(BEFORE).max(line.start);
    let end = start.saturating_add(LONGEST).min(line.end);
    character_start(text, start)..character_start(text, end)
}

/// The start of the character that holds a byte.
fn character_start(text: &str, at: usize) -> usize {
    (0..=at).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0)
}

/// Appends a character as it may be printed, and says how many columns it takes.
fn push(text: &mut String, character: char) -> usize {
    match character {
        '\t' => {
            text.push_str(&" ".repeat(TAB));
            TAB
        }
        _ if is_harmful(character) => {
            let escaped = format!("\\u{{{:x}}}", u32::from(character));
            text.push_str(&escaped);
            escaped.len()
        }
        _ => {
            text.push(character);
            columns(character)
        }
    }
}

/// Text of one line without characters that move the cursor, start an escape sequence, or turn the
/// direction of writing.
#[must_use]
pub fn clean(text: &str) -> String {
    escape(text, false)
}

/// The same for text of several lines: its line feeds stay.
#[must_use]
pub fn clean_lines(text: &str) -> String {
    escape(text, true)
}

fn escape(text: &str, keep_lines: bool) -> String {
    let mut clean = String::with_capacity(text.len());
    for character in text.chars() {
        if keep_lines && character == '\n' {
            clean.push('\n');
        } else {
            push(&mut clean, character);
        }
    }
    clean
}

/// Control characters, and the marks that turn the direction of writing (Unicode TR 36 and
/// CVE-2021-42574), which make a line look like another one.
const fn is_harmful(character: char) -> bool {
    character.is_ascii_control()
        || matches!(
            character,
            '\u{80}'..='\u{9f}'
                | '\u{61c}'
                | '\u{200e}' | '\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2066}'..='\u{2069}'
                | '\u{fff9}'..='\u{fffb}'
                | '\u{e0000}'..='\u{e007f}'
        )
}

/// Columns that a terminal gives a character: the wide blocks of Unicode's East Asian Width, and the
/// common combining marks.
const fn columns(character: char) -> usize {
    match character {
        '\u{300}'..='\u{36f}' | '\u{200b}'..='\u{200d}' | '\u{20d0}'..='\u{20ff}' | '\u{fe00}'..='\u{fe0f}' => 0,
        '\u{1100}'..='\u{115f}'
        | '\u{2e80}'..='\u{a4cf}'
        | '\u{ac00}'..='\u{d7a3}'
        | '\u{f900}'..='\u{faff}'
        | '\u{fe30}'..='\u{fe6f}'
        | '\u{ff00}'..='\u{ff60}'
        | '\u{ffe0}'..='\u{ffe6}'
        | '\u{1f300}'..='\u{1f64f}'
        | '\u{1f680}'..='\u{1f6ff}'
        | '\u{1f900}'..='\u{1faff}'
        | '\u{20000}'..='\u{3fffd}' => 2,
        _ => 1,
    }
}

/// Columns that a text takes.
pub(super) fn width(text: &str) -> usize {
    text.chars().map(columns).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::source::{FileId, FileKind, Revision};

    fn file(text: &str) -> SourceFile {
        SourceFile::new("a.yaml", Revision::Head, FileKind::Yaml, text)
    }

    fn span(start: usize, end: usize) -> Span {
        Span::new(FileId(0), u32::try_from(start).unwrap(), u32::try_from(end).unwrap())
    }

    #[test]
    fn a_mark_stands_under_its_text() {
        let text = "first\r\n\tlet 名 = p.birthdate;\r\n";
        let at = text.find("birthdate").unwrap();
        let excerpt = excerpt(&file(text), 2, &[span(at, at + 9)]);
        assert_eq!(excerpt.text, "    let 名 = p.birthdate;");
        // Four for the tab, `let ` and ` = p.`, and two for the wide character.
        assert_eq!(excerpt.marks, [(4 + 4 + 2 + 5, 9)]);
    }

    #[test]
    fn control_and_direction_characters_are_spelled_out() {
        assert_eq!(clean("a\u{1b}[31mb\u{202e}c\n\r"), "a\\u{1b}[31mb\\u{202e}c\\u{a}\\u{d}");
        assert_eq!(clean_lines("a\nb\u{7}"), "a\nb\\u{7}");
    }

    #[test]
    fn a_long_line_is_cut_around_the_place() {
        let text = format!("{}birthdate{}", "é".repeat(5000), "ü".repeat(5000));
        let excerpt = excerpt(&file(&text), 1, &[span(10_000, 10_009)]);
        assert!(excerpt.text.starts_with('…') && excerpt.text.ends_with('…'), "{}", excerpt.text);
        assert!(excerpt.text.chars().count() <= LONGEST + 2);
        let (column, width) = excerpt.marks[0];
        assert_eq!(excerpt.text.chars().skip(column).take(width).collect::<String>(), "birthdate");
    }

    #[test]
    fn places_outside_the_text_are_no_reason_to_panic() {
        for (line, start, end) in [(0, 0, 0), (1, 99, 200), (9, 0, 1), (1, 1, 2), (1, 2, 1), (u32::MAX, 0, 0)] {
            let excerpt = excerpt(&file("é"), line, &[span(start, end)]);
            assert!(excerpt.marks[0].1 >= 1);
        }
    }
}
