//! Columns for people.

use std::io::{self, Write};

use super::excerpt::{clean, width};
use super::style::STRONG;

/// Prints rows under a heading, each column as wide as its widest cell, the last one ragged.
pub(super) fn write<const N: usize>(heading: [&str; N], rows: &[[String; N]], out: &mut dyn Write) -> io::Result<()> {
    let rows: Vec<[String; N]> = rows.iter().map(|row| row.each_ref().map(|cell| clean(cell))).collect();
    let mut widths = heading.map(width);
    for row in &rows {
        for (widest, cell) in widths.iter_mut().zip(row) {
            *widest = (*widest).max(width(cell));
        }
    }
    writeln!(out, "{STRONG}{}{STRONG:#}", line(&heading, &widths))?;
    rows.iter().try_for_each(|row| writeln!(out, "{}", line(row, &widths)))
}

fn line(cells: &[impl AsRef<str>], widths: &[usize]) -> String {
    let mut line = String::new();
    for (cell, widest) in cells.iter().map(AsRef::as_ref).zip(widths) {
        line.push_str(cell);
        line.push_str(&" ".repeat(widest + 2 - width(cell).min(*widest)));
    }
    line.trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample::plain;

    #[test]
    fn columns_line_up_and_lines_have_no_blanks_at_their_end() {
        let rows = [["名".to_owned(), "b".to_owned()], ["long".to_owned(), String::new()]];
        let text = plain(|out| write(["A", "B"], &rows, out));
        assert_eq!(text, "A     B\n名    b\nlong\n");
    }
}
