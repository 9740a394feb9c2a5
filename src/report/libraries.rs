//! The libraries whose calls are known.

use std::fmt::Write as _;
use std::io::{self, Write};

use serde::Serialize;

use super::json::{VERSION, print};
use super::{counted, table};
use crate::model::library::Library;

#[derive(Serialize)]
struct Document<'a> {
    version: u32,
    libraries: Vec<Row<'a>>,
}

#[derive(Serialize)]
struct Row<'a> {
    language: &'static str,
    library: &'a str,
    about: &'a str,
    source: &'a str,
    file: Option<&'a str>,
}

/// As one document.
pub fn write_json(libraries: &[Library], out: &mut dyn Write) -> io::Result<()> {
    print(&Document { version: VERSION, libraries: libraries.iter().map(row).collect() }, out)
}

fn row(library: &Library) -> Row<'_> {
    Row {
        language: library.language.name(),
        library: &library.id,
        about: &library.about,
        source: &library.source,
        file: library.path.as_deref(),
    }
}

/// As a table.
pub fn write_table(libraries: &[Library], out: &mut dyn Write) -> io::Result<()> {
    let cells = |library: &Library| {
        let from = library.path.clone().unwrap_or_else(|| "built in".to_owned());
        [library.language.title().to_owned(), library.id.clone(), from, library.about.clone()]
    };
    table::write(["LANGUAGE", "LIBRARY", "FROM", "WHAT"], &libraries.iter().map(cells).collect::<Vec<_>>(), out)?;
    writeln!(out, "{}", counted_libraries(libraries.len()))
}

fn counted_libraries(count: usize) -> String {
    if count == 1 { counted(count, "library") } else { format!("{count} libraries") }
}

/// As a Markdown table, for the documentation.
#[must_use]
pub fn markdown(libraries: &[Library]) -> String {
    let cell = |text: &str| text.replace('|', "\\|").replace('\n', " ");
    let mut text = String::from("| language | library | what it is | facts from |\n|---|---|---|---|\n");
    for library in libraries {
        let language = library.language.title();
        // Writing to a string does not fail.
        let _ =
            writeln!(text, "| {language} | `{}` | {} | {} |", library.id, cell(&library.about), cell(&library.source));
    }
    text
}
