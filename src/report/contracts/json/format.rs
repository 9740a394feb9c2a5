//! The layout of the document: one line for each field, parameter and option, so that it can be
//! searched and compared line by line and is no longer than needed.

use std::cell::Cell;
use std::io::{self, Write};

use serde_json::ser::Formatter;

/// Levels that are broken into lines: document, contracts, contract, its messages, a message, its
/// fields. A field is one line.
const BROKEN: usize = 6;

/// Breaks the outer levels into lines.
#[derive(Debug)]
pub(super) struct Layout<'h> {
    depth: usize,
    has_items: bool,
    /// The next object is one line, whatever its level: set by who begins a small one.
    is_small: &'h Cell<bool>,
    /// The level of the small object that is being written.
    small: Option<usize>,
}

impl<'h> Layout<'h> {
    pub(super) const fn new(is_small: &'h Cell<bool>) -> Self {
        Self { depth: 0, has_items: false, is_small, small: None }
    }

    const fn is_broken(&self) -> bool {
        self.depth <= BROKEN && self.small.is_none()
    }

    fn open<W: ?Sized + Write>(&mut self, out: &mut W, bracket: &[u8]) -> io::Result<()> {
        self.depth += 1;
        if self.is_small.take() && self.small.is_none() {
            self.small = Some(self.depth);
        }
        self.has_items = false;
        out.write_all(bracket)
    }

    fn close<W: ?Sized + Write>(&mut self, out: &mut W, bracket: &[u8]) -> io::Result<()> {
        let is_broken = self.is_broken() && self.has_items;
        self.small = self.small.filter(|depth| *depth != self.depth);
        self.depth = self.depth.saturating_sub(1);
        // What it stands in has an item: this one.
        self.has_items = true;
        if is_broken {
            line(out, self.depth)?;
        }
        out.write_all(bracket)
    }

    fn item<W: ?Sized + Write>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        self.has_items = true;
        if self.is_broken() {
            out.write_all(if first { b"" } else { b"," })?;
            return line(out, self.depth);
        }
        out.write_all(if first { b"" } else { b", " })
    }
}

fn line<W: ?Sized + Write>(out: &mut W, depth: usize) -> io::Result<()> {
    const BLANKS: &[u8] = b"\n                        ";
    // Two blanks for each level; no level that is broken is deeper than the constant is long.
    out.write_all(BLANKS.get(..=depth * 2).unwrap_or(BLANKS))
}

impl Formatter for Layout<'_> {
    fn begin_array<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.open(out, b"[")
    }

    fn end_array<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.close(out, b"]")
    }

    fn begin_array_value<W: ?Sized + Write>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        self.item(out, first)
    }

    fn begin_object<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.open(out, b"{")
    }

    fn end_object<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.close(out, b"}")
    }

    fn begin_object_key<W: ?Sized + Write>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        self.item(out, first)
    }

    fn begin_object_value<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        out.write_all(b": ")
    }
}

#[cfg(test)]
mod tests {
    use serde::Serialize;
    use serde_json::{Value, json};

    use super::*;

    fn text(value: &Value) -> String {
        let mut out = Vec::new();
        value.serialize(&mut serde_json::Serializer::with_formatter(&mut out, Layout::new(&Cell::new(false)))).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn deep_levels_are_one_line_and_empty_ones_take_none() {
        let value = json!({"a": [{"b": [{"c": [{"d": [1, {"e": []}], "f": 2}]}], "g": []}], "h": {}});
        let expected = r#"{
  "a": [
    {
      "b": [
        {
          "c": [
            {"d": [1, {"e": []}], "f": 2}
          ]
        }
      ],
      "g": []
    }
  ],
  "h": {}
}"#;
        similar_asserts::assert_eq!(text(&value), expected);
        assert_eq!(serde_json::from_str::<Value>(&text(&value)).unwrap(), value);
    }
}
