//! Literals: texts in all their spellings, numbers, and texts with holes.

use std::sync::Arc;

use tree_sitter::Node;

use super::Lowerer;
use crate::model::ir::{Expr, ExprKind, Literal, Piece};

impl<'t> Lowerer<'t> {
    /// A literal, if the node is one.
    pub(super) fn literal(&mut self, node: Node<'t>) -> Option<ExprKind> {
        let source = self.text.get(node.byte_range()).unwrap_or_default();
        let literal = match node.kind() {
            "string_literal" | "character_literal" => Literal::Str(Arc::from(self.quoted(node))),
            "verbatim_string_literal" => Literal::Str(Arc::from(verbatim(source))),
            "raw_string_literal" => {
                let content = self.child_of(node, "raw_string_content").map_or("", |content| self.text(content));
                Literal::Str(Arc::from(dedent(content)))
            }
            "integer_literal" => Literal::Int(int(source)),
            "real_literal" => Literal::Float(float(source)),
            "boolean_literal" => Literal::Bool(source == "true"),
            "null_literal" => Literal::Null,
            _ => return None,
        };
        Some(ExprKind::Literal(literal))
    }

    /// The parts of a text between quotes, put together.
    fn quoted(&mut self, node: Node<'t>) -> String {
        let mut text = String::new();
        for part in self.children(node) {
            match part.kind() {
                "escape_sequence" => unescape(self.text(part), &mut text),
                "string_literal_content" | "character_literal_content" => text.push_str(self.text(part)),
                _ => {}
            }
        }
        text
    }

    /// `$"..{hole}.."`, plain, verbatim or raw.
    pub(super) fn template(&mut self, node: Node<'t>) -> Expr {
        let start = self.child_of(node, "interpolation_start").map_or("$", |start| self.text(start));
        let is_raw = self.child_of(node, "interpolation_quote").is_some_and(|quote| self.text(quote).len() >= 3);
        let is_verbatim = start.contains('@');
        let mut pieces: Vec<Piece> = Vec::new();
        for part in self.children(node) {
            let span = self.span(part);
            let text = match part.kind() {
                "interpolation" => {
                    let hole = self.hole(part);
                    pieces.push(Piece::Hole(hole));
                    continue;
                }
                "escape_sequence" => {
                    let mut text = String::new();
                    unescape(self.text(part), &mut text);
                    text
                }
                "string_content" if is_raw => self.text(part).to_owned(),
                "string_content" => {
                    let text = self.text(part).replace("{{", "{").replace("}}", "}");
                    if is_verbatim { text.replace("\"\"", "\"") } else { text }
                }
                _ => continue,
            };
            match pieces.last_mut() {
                Some(Piece::Text(before, place)) => {
                    *before = Arc::from(format!("{before}{text}"));
                    *place = place.to(span);
                }
                _ => pieces.push(Piece::Text(Arc::from(text), span)),
            }
        }
        self.expr_at(node, ExprKind::Template(pieces))
    }

    /// A hole; how wide and in which format it is written is left out.
    fn hole(&mut self, node: Node<'t>) -> Expr {
        let is_format = |kind: &str| kind.starts_with("interpolation_");
        match self.children(node).into_iter().find(|child| !is_format(child.kind())) {
            Some(value) => self.expr(value),
            None => self.fixme(node, Vec::new()),
        }
    }
}

/// The text of `@".."`.
fn verbatim(source: &str) -> String {
    let inner = source.trim_start_matches(['@', '$']).strip_prefix('"').unwrap_or(source);
    let inner = inner.strip_suffix("u8").unwrap_or(inner);
    inner.strip_suffix('"').unwrap_or(inner).replace("\"\"", "\"")
}

/// A raw text over several lines begins below its quotes, and is indented as deep as its last line.
fn dedent(content: &str) -> String {
    let Some(lines) = content.strip_prefix('\n').or_else(|| content.strip_prefix("\r\n")) else {
        return content.to_owned();
    };
    let (body, indent) = lines.rsplit_once('\n').unwrap_or(("", lines));
    let stripped = body.lines().map(|line| line.strip_prefix(indent).unwrap_or_else(|| line.trim_start()));
    stripped.collect::<Vec<_>>().join("\n")
}

/// Adds what one escape stands for.
fn unescape(source: &str, text: &mut String) {
    let Some(escape) = source.strip_prefix('\\') else {
        // `""` in a verbatim text, `{{` in one with holes.
        text.extend(source.chars().next());
        return;
    };
    let mut letters = escape.chars();
    let Some(letter) = letters.next() else { return };
    let code = || char::from_u32(u32::from_str_radix(letters.as_str(), 16).ok()?);
    text.push(match letter {
        'n' => '\n',
        't' => '\t',
        'r' => '\r',
        '0' => '\0',
        'a' => '\u{7}',
        'b' => '\u{8}',
        'e' => '\u{1b}',
        'f' => '\u{c}',
        'v' => '\u{b}',
        'x' | 'u' | 'U' => code().unwrap_or(char::REPLACEMENT_CHARACTER),
        other => other,
    });
}

/// A whole number in any base; one that does not fit is the nearest that does.
fn int(source: &str) -> i64 {
    let digits = source.replace('_', "").to_ascii_lowercase();
    let digits = digits.trim_end_matches(['u', 'l']);
    let (digits, radix) = match (digits.strip_prefix("0x"), digits.strip_prefix("0b")) {
        (Some(hex), _) => (hex, 16),
        (_, Some(binary)) => (binary, 2),
        _ => (digits, 10),
    };
    i64::from_str_radix(digits, radix).unwrap_or(i64::MAX)
}

fn float(source: &str) -> f64 {
    let digits = source.replace('_', "");
    digits.trim_end_matches(['f', 'F', 'd', 'D', 'm', 'M']).parse().unwrap_or(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_bases_separators_and_suffixes() {
        assert_eq!([int("1_000UL"), int("0xFF"), int("0b101"), int("99999999999999999999")], [1000, 255, 5, i64::MAX]);
        assert!((float("1_0.5m") - 10.5).abs() < f64::EPSILON);
    }

    #[test]
    fn raw_texts_lose_the_indentation_of_their_last_line() {
        assert_eq!(dedent("\n    a\n      b\n    "), "a\n  b");
        assert_eq!(dedent("a \"b\""), "a \"b\"");
        assert_eq!(dedent("\n"), "");
    }

    #[test]
    fn escapes_are_read() {
        let mut text = String::new();
        ["\\n", "\\u00e9", "\\x41", "\\\"", "\\uD800", "{{"].into_iter().for_each(|one| unescape(one, &mut text));
        assert_eq!(text, "\né\u{41}\"\u{fffd}{");
        assert_eq!(verbatim("@\"c:\\x\"\"y\""), "c:\\x\"y");
    }
}
