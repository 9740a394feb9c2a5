//! The excerpts of one finding: places in several files, each under a heading with its path.
//!
//! ```text
//!   --> contracts/profile/openapi.yaml:11:7
//!    |
//! 11 |       properties:
//!    |       ^^^^^^^^^^ `birthdate` is gone from here
//!    |
//!   ::: services/age/src/lib.rs:3:16
//!    |
//!  3 |     let born = p.birthdate;
//!    |                  --------- `age` reads it here
//! ```
//!
//! miette, which shows mistakes in the configuration, cannot label two files in one picture.

use std::io::{self, Write};

use anstyle::Style;

use super::excerpt::{clean, excerpt, is_long};
use super::places::{Place, Places};
use super::style::{GUTTER, RELATED};
use crate::model::source::{FileId, Revision, Span};

/// A place with what is to be seen there.
pub(super) struct Mark {
    pub(super) place: Place,
    pub(super) label: String,
    pub(super) primary: bool,
}

/// A picture of several places.
pub(super) struct Frame<'a> {
    places: &'a Places<'a>,
    marks: Vec<Mark>,
    /// The colour of the primary place.
    colour: Style,
    /// Columns of the largest line number.
    gutter: usize,
}

impl<'a> Frame<'a> {
    pub(super) fn new(places: &'a Places<'a>, marks: Vec<Mark>, colour: Style) -> Self {
        let last = marks.iter().map(|mark| mark.place.start.line).max().unwrap_or(1);
        Self { places, marks, colour, gutter: last.to_string().len() }
    }

    /// Prints the files in the order in which they first occur.
    pub(super) fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        let mut files: Vec<FileId> = Vec::new();
        for mark in &self.marks {
            if !files.contains(&mark.place.span.file) {
                files.push(mark.place.span.file);
            }
        }
        for (at, file) in files.into_iter().enumerate() {
            if at > 0 {
                self.bar(out, "")?;
            }
            self.write_file(file, if at == 0 { "-->" } else { ":::" }, out)?;
        }
        Ok(())
    }

    /// An empty row behind the line numbers, or one that starts with a sign.
    pub(super) fn bar(&self, out: &mut dyn Write, text: &str) -> io::Result<()> {
        let gutter = self.gutter;
        let space = if text.is_empty() { "" } else { " " };
        writeln!(out, "{GUTTER}{:gutter$} |{GUTTER:#}{space}{text}", "")
    }

    /// A row of a fact below the picture.
    pub(super) fn note(&self, out: &mut dyn Write, text: &str) -> io::Result<()> {
        let gutter = self.gutter;
        writeln!(out, "{GUTTER}{:gutter$} ={GUTTER:#} {text}", "")
    }

    fn write_file(&self, id: FileId, arrow: &str, out: &mut dyn Write) -> io::Result<()> {
        let gutter = self.gutter;
        let file = self.places.sources().get(id);
        let mut marks: Vec<&Mark> = self.marks.iter().filter(|mark| mark.place.span.file == id).collect();
        let Some(first) = marks.first() else { return Ok(()) };
        let (path, start) = (clean(&file.path), first.place.start);
        let base = if file.revision == Revision::Base { " (base)" } else { "" };
        writeln!(out, "{GUTTER}{:gutter$}{arrow}{GUTTER:#} {path}:{}:{}{base}", "", start.line, start.column)?;
        if file.text.is_empty() {
            return Ok(());
        }
        self.bar(out, "")?;
        marks.sort_by_key(|mark| (mark.place.start, mark.place.end));
        let mut before: Option<u32> = None;
        for row in marks.chunk_by(|a, b| a.place.start.line == b.place.start.line && !is_long(file, a.place.start.line))
        {
            let line = row.first().map_or(1, |mark| mark.place.start.line);
            if before.is_some_and(|before| line > before + 1) {
                writeln!(out, "{GUTTER}...{GUTTER:#}")?;
            }
            before = Some(line);
            self.write_row(id, line, row, out)?;
        }
        Ok(())
    }

    /// One line of a file and a row for each mark on it.
    fn write_row(&self, id: FileId, line: u32, row: &[&Mark], out: &mut dyn Write) -> io::Result<()> {
        let gutter = self.gutter;
        let spans: Vec<Span> = row.iter().map(|mark| mark.place.span).collect();
        let shown = excerpt(self.places.sources().get(id), line, &spans);
        writeln!(out, "{GUTTER}{line:gutter$} |{GUTTER:#} {}", shown.text)?;
        for (mark, (column, width)) in row.iter().zip(shown.marks) {
            let (colour, sign) = if mark.primary { (self.colour, "^") } else { (RELATED, "-") };
            let label = clean(&mark.label);
            let space = if label.is_empty() { "" } else { " " };
            let text = format!("{:column$}{colour}{}{space}{label}{colour:#}", "", sign.repeat(width));
            self.bar(out, &text)?;
        }
        Ok(())
    }
}
