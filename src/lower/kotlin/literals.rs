//! Literals: numbers, and texts with their holes.

use std::sync::Arc;

use tree_sitter::Node;

use super::Lowerer;
use crate::model::ir::{Expr, ExprKind, Literal, Piece};
use crate::model::source::Span;

impl<'t> Lowerer<'t> {
    /// `".."` and `""".."""`: a literal, or a template if there are holes.
    pub(super) fn string(&mut self, node: Node<'t>) -> Expr {
        let mut pieces: Vec<Piece> = Vec::new();
        let parts = self.children(node);
        let mut at = 0;
        while let Some(part) = parts.get(at) {
            let span = self.span(*part);
            match part.kind() {
                "interpolation" => {
                    let hole = match self.first_child(*part) {
                        Some(value) => self.expr(value),
                        None => self.fixme(*part, Vec::new()),
                    };
                    pieces.push(Piece::Hole(hole));
                    at += 1;
                }
                "escape_sequence" => {
                    add(&mut pieces, &unescape(self.text(*part)), span);
                    at += 1;
                }
                _ => {
                    // The grammar cuts a text before each `$`; what follows it is read as a whole.
                    let end = parts.iter().skip(at).take_while(|part| part.kind() == "string_content").count();
                    let end = at + end.max(1);
                    let last = parts.get(end - 1).unwrap_or(part);
                    self.content(part.start_byte(), last.end_byte(), &mut pieces);
                    at = end;
                }
            }
        }
        let kind = match pieces.as_slice() {
            [] => ExprKind::Literal(Literal::Str(Arc::from(""))),
            [Piece::Text(text, _)] => ExprKind::Literal(Literal::Str(Arc::clone(text))),
            _ => ExprKind::Template(pieces),
        };
        self.expr_at(node, kind)
    }

    /// Text between two places, with `$name` in it.
    fn content(&mut self, start: usize, end: usize, pieces: &mut Vec<Piece>) {
        let text = self.text.get(start..end).unwrap_or_default();
        let offset = |at: usize| u32::try_from(start + at).unwrap_or(u32::MAX);
        let mut from = 0;
        for (at, _) in text.match_indices('$') {
            let rest = text.get(at + 1..).unwrap_or_default();
            let length = rest.find(|letter: char| !letter.is_alphanumeric() && letter != '_').unwrap_or(rest.len());
            let is_name = rest.starts_with(|letter: char| letter.is_alphabetic() || letter == '_');
            let Some(name) = rest.get(..length).filter(|_| is_name && at >= from) else { continue };
            let before = text.get(from..at).unwrap_or_default();
            add(pieces, before, Span::new(self.file, offset(from), offset(at)));
            let span = Span::new(self.file, offset(at + 1), offset(at + 1 + length));
            pieces.push(Piece::Hole(self.named(name, span)));
            from = at + 1 + length;
        }
        let rest = text.get(from..).unwrap_or_default();
        add(pieces, rest, Span::new(self.file, offset(from), offset(text.len())));
    }

    /// `'c'`
    pub(super) fn character(&mut self, node: Node<'t>) -> ExprKind {
        let source = self.text.get(node.byte_range()).unwrap_or_default();
        let inner = source.strip_prefix('\'').unwrap_or(source);
        let inner = inner.strip_suffix('\'').unwrap_or(inner);
        let text = if inner.starts_with('\\') { unescape(inner) } else { inner.to_owned() };
        ExprKind::Literal(Literal::Str(Arc::from(text)))
    }
}

/// Adds text behind what is there.
fn add(pieces: &mut Vec<Piece>, text: &str, span: Span) {
    match pieces.last_mut() {
        _ if text.is_empty() => {}
        Some(Piece::Text(before, place)) => {
            *before = Arc::from(format!("{before}{text}"));
            *place = place.to(span);
        }
        _ => pieces.push(Piece::Text(Arc::from(text), span)),
    }
}

/// What one escape stands for.
fn unescape(source: &str) -> String {
    let escape = source.strip_prefix('\\').unwrap_or(source);
    let letter = match escape.chars().next() {
        Some('n') => '\n',
        Some('t') => '\t',
        Some('r') => '\r',
        Some('b') => '\u{8}',
        Some('u') => {
            let code = escape.get(1..).and_then(|digits| u32::from_str_radix(digits, 16).ok());
            code.and_then(char::from_u32).unwrap_or(char::REPLACEMENT_CHARACTER)
        }
        Some(other) => other,
        None => return String::new(),
    };
    letter.to_string()
}

/// A whole number in any base; one that does not fit is the nearest that does.
pub(super) fn int(source: &str) -> i64 {
    let digits = source.replace('_', "").to_ascii_lowercase();
    let digits = digits.trim_end_matches(['u', 'l']);
    let (digits, radix) = match (digits.strip_prefix("0x"), digits.strip_prefix("0b")) {
        (Some(hex), _) => (hex, 16),
        (_, Some(binary)) => (binary, 2),
        _ => (digits, 10),
    };
    i64::from_str_radix(digits, radix).unwrap_or(i64::MAX)
}

/// Any other number.
pub(super) fn float(source: &str) -> f64 {
    let digits = source.replace('_', "");
    digits.trim_end_matches(['f', 'F']).parse().unwrap_or(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_bases_separators_and_suffixes() {
        assert_eq!([int("1_000L"), int("0xFFu"), int("0b101"), int("99999999999999999999")], [1000, 255, 5, i64::MAX]);
        assert!((float("1_0.5f") - 10.5).abs() < f64::EPSILON);
    }

    #[test]
    fn escapes_are_read() {
        assert_eq!(["\\n", "\\$", "\\u00e9", "\\uD800"].map(unescape).concat(), "\n$é\u{fffd}");
    }
}
