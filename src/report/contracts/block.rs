//! Lines of a tree in columns: each as wide as its widest cell, those that are empty left out.

use std::io::{self, Write};

use anstyle::Style;

use crate::report::excerpt::{clean, width};
use crate::report::style::{FAINT, PROBLEM, STRONG};

/// A column grows no wider than this; a longer cell pushes the rest of its line.
const WIDEST: usize = 48;
/// Columns of a line before its notes.
const COLUMNS: usize = 3;
/// Between two columns.
const GAP: usize = 2;

/// How a text stands out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tone {
    /// Not at all.
    Plain,
    /// A name that others look for.
    Strong,
    /// May be skipped.
    Faint,
    /// A mark: deprecated, sensitive.
    Mark,
}

impl Tone {
    const fn style(self) -> Style {
        match self {
            Self::Plain => Style::new(),
            Self::Strong => STRONG,
            Self::Faint => FAINT,
            Self::Mark => PROBLEM,
        }
    }
}

/// What stands behind the columns of a line, separated by commas.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Note {
    text: String,
    tone: Tone,
}

impl Note {
    /// A note; whatever it says is made harmless.
    pub(super) fn new(tone: Tone, text: impl AsRef<str>) -> Self {
        Self { text: clean(text.as_ref()), tone }
    }

    pub(super) fn plain(text: impl AsRef<str>) -> Self {
        Self::new(Tone::Plain, text)
    }
}

/// One line.
#[derive(Clone, Debug)]
pub(super) struct Row {
    cells: [String; COLUMNS],
    notes: Vec<Note>,
    place: Option<String>,
}

impl Row {
    /// A line; what the cells say is made harmless.
    pub(super) fn new(cells: [&str; COLUMNS], notes: Vec<Note>) -> Self {
        Self { cells: cells.map(clean), notes, place: None }
    }

    /// Says how many lines are not shown.
    pub(super) fn more(count: usize) -> Self {
        Self::new(["", "", ""], vec![Note::new(Tone::Faint, format!("... {count} more, show with --all"))])
    }

    /// The place it is from, behind everything else.
    pub(super) fn at(mut self, place: Option<String>) -> Self {
        self.place = place;
        self
    }

    /// Another name in the second column.
    pub(super) fn rename(&mut self, name: &str) {
        self.cells[1] = clean(name);
    }

    pub(super) fn note(&mut self, note: Note) {
        self.notes.push(note);
    }
}

/// Lines that are aligned with each other.
#[derive(Debug, Default)]
pub(super) struct Block {
    rows: Vec<Row>,
}

impl Block {
    pub(super) fn push(&mut self, row: Row) {
        self.rows.push(row);
    }

    /// Prints the lines, `indent` columns from the left. A first column of numbers alone has them end
    /// below each other.
    pub(super) fn write(&self, indent: usize, out: &mut dyn Write) -> io::Result<()> {
        let mut widths = [0; COLUMNS];
        for row in &self.rows {
            for (widest, cell) in widths.iter_mut().zip(&row.cells) {
                *widest = (*widest).max(width(cell).min(WIDEST));
            }
        }
        let is_number = |row: &Row| row.cells[0].is_empty() || row.cells[0].parse::<i64>().is_ok();
        let numbered = self.rows.iter().all(is_number);
        self.rows.iter().try_for_each(|row| write_row(row, &widths, numbered, indent, out))
    }
}

fn write_row(
    row: &Row,
    widths: &[usize; COLUMNS],
    numbered: bool,
    indent: usize,
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut line = Line { out, blank: indent };
    let [label, rest @ ..] = &row.cells;
    let [first, others @ ..] = widths;
    if *first > 0 {
        let blank = first.saturating_sub(width(label));
        line.blank += if numbered { blank } else { 0 };
        line.text(label, Tone::Faint)?;
        line.blank += GAP + if numbered { 0 } else { blank };
    }
    // A line that is nothing but a label and notes does not jump over the columns of others.
    if rest.iter().any(|cell| !cell.is_empty()) {
        for (cell, widest) in rest.iter().zip(others).filter(|(_, widest)| **widest > 0) {
            line.text(cell, Tone::Plain)?;
            line.blank += GAP + widest.saturating_sub(width(cell));
        }
    }
    line.end(&row.notes, row.place.as_deref())
}

/// A heading: a name and what is said of it.
pub(super) fn heading(
    name: &str,
    notes: &[Note],
    place: Option<&str>,
    indent: usize,
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut line = Line { out, blank: indent };
    line.text(&clean(name), Tone::Strong)?;
    line.blank = GAP;
    line.end(notes, place)
}

/// A line that is being printed. Blanks are held back, so that none stands at its end.
struct Line<'w> {
    out: &'w mut dyn Write,
    blank: usize,
}

impl Line<'_> {
    /// Notes, the place, and the end of the line.
    fn end(mut self, notes: &[Note], place: Option<&str>) -> io::Result<()> {
        for (at, note) in notes.iter().enumerate() {
            if at > 0 {
                self.blank = 0;
                self.text(", ", Tone::Plain)?;
            }
            self.text(&note.text, note.tone)?;
            self.blank = GAP;
        }
        self.text(place.unwrap_or_default(), Tone::Faint)?;
        writeln!(self.out)
    }

    fn text(&mut self, text: &str, tone: Tone) -> io::Result<()> {
        if text.is_empty() {
            return Ok(());
        }
        let blank = std::mem::take(&mut self.blank);
        if tone == Tone::Plain {
            return write!(self.out, "{:blank$}{text}", "");
        }
        let style = tone.style();
        write!(self.out, "{:blank$}{style}{text}{style:#}", "")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample::plain;

    fn block(rows: Vec<Row>) -> String {
        let block = Block { rows };
        plain(|out| block.write(2, out))
    }

    #[test]
    fn numbers_end_and_words_begin_below_each_other() {
        let text = block(vec![
            Row::new(["1", "id", "string"], Vec::new()),
            Row::new(["12", "address", "Address"], vec![Note::plain("required"), Note::plain("b")]),
            Row::new(["", "x", ""], vec![Note::plain("c")]).at(Some("a:1:2".to_owned())),
            Row::new(["", "", ""], vec![Note::plain("d")]),
        ]);
        let expected =
            "   1  id       string\n  12  address  Address  required, b\n      x                 c  a:1:2\n      d\n";
        similar_asserts::assert_eq!(text, expected);
        let mixed = block(vec![Row::new(["200", "a", ""], Vec::new()), Row::new(["header", "b", ""], Vec::new())]);
        assert_eq!(mixed, "  200     a\n  header  b\n");
    }

    #[test]
    fn an_empty_column_takes_no_room_and_a_long_cell_pushes_its_own_line_only() {
        let long = "x".repeat(WIDEST + 9);
        let text = block(vec![Row::new(["", &long, "a"], Vec::new()), Row::new(["", "y", "b"], Vec::new())]);
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines, [format!("  {long}  a"), format!("  y{}b", " ".repeat(WIDEST + 1))]);
    }

    #[test]
    fn what_a_document_says_moves_no_cursor() {
        let text = block(vec![Row::new(["a\u{1b}[2J", "b\nc", ""], vec![Note::plain("\u{202e}")])]);
        assert_eq!(text, "  a\\u{1b}[2J  b\\u{a}c  \\u{202e}\n");
    }
}
