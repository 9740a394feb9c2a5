//! Text with holes: f-strings, `format`, `%`, `join`.

use std::sync::Arc;

use ruff_python_ast as ast;
use ruff_text_size::{Ranged, TextRange};

use super::Lowerer;
use super::exprs::string;
use crate::model::ir::{Expr, ExprKind, Literal, Piece};
use crate::model::source::Span;

/// A part of a format.
#[derive(Debug, PartialEq, Eq)]
enum Part {
    /// Fixed text, and where it starts in the format.
    Text(String, usize),
    /// The next argument.
    Next,
    /// An argument by its place.
    At(usize),
    /// An argument by name, perhaps an attribute or entry of it: `user.id`, `row[key]`.
    Named(String),
}

impl Lowerer<'_> {
    pub(super) fn f_string(&mut self, value: &ast::FStringValue) -> ExprKind {
        let mut pieces = Vec::new();
        for part in value {
            match part {
                ast::FStringPart::Literal(text) => pieces.push(self.fixed(&text.value, text.content_range())),
                ast::FStringPart::FString(text) => self.elements(&text.elements, &mut pieces),
            }
        }
        ExprKind::Template(pieces)
    }

    pub(super) fn t_string(&mut self, value: &ast::TStringValue) -> ExprKind {
        let mut pieces = Vec::new();
        value.iter().for_each(|text| self.elements(&text.elements, &mut pieces));
        ExprKind::Template(pieces)
    }

    fn elements(&mut self, elements: &ast::InterpolatedStringElements, pieces: &mut Vec<Piece>) {
        for element in elements {
            match element {
                ast::InterpolatedStringElement::Literal(text) => pieces.push(self.fixed(&text.value, text.range)),
                ast::InterpolatedStringElement::Interpolation(hole) => {
                    if let Some(debug) = &hole.debug_text {
                        let text = format!("{}{}{}", debug.leading(), debug.expression(), debug.trailing());
                        pieces.push(self.fixed(&text, TextRange::empty(hole.range.start())));
                    }
                    pieces.push(Piece::Hole(self.expr(&hole.expression)));
                }
            }
        }
    }

    fn fixed(&self, text: &str, range: TextRange) -> Piece {
        Piece::Text(Arc::from(text), super::span_of(self.file, range))
    }

    /// Text that is the same on every run: a literal, or a name that stands for one.
    pub(super) fn fixed_text(&self, expr: &ast::Expr) -> Option<Arc<str>> {
        self.format_of(expr).map(|(text, _)| text)
    }

    /// The same, and where its first character is written.
    fn format_of(&self, expr: &ast::Expr) -> Option<(Arc<str>, Option<Span>)> {
        if let ast::Expr::StringLiteral(literal) = expr {
            let text: Arc<str> = Arc::from(literal.value.to_str());
            // Without escapes the text stands in the file as it is.
            let range = literal.as_single_part_string().map(ast::StringLiteral::content_range);
            let range = range.filter(|range| self.source.get(range.to_std_range()) == Some(&text));
            return Some((text, range.map(|range| super::span_of(self.file, range))));
        }
        let symbol = match expr {
            ast::Expr::Attribute(attribute) => match &*attribute.value {
                ast::Expr::Name(base) if self.receiver.as_deref() == Some(base.id.as_str()) => {
                    self.classes.last()?.join(attribute.attr.as_str())
                }
                _ => self.path(expr)?,
            },
            _ => self.path(expr)?,
        };
        let constant = self.constants.get(&symbol)?;
        Some((Arc::clone(&constant.text), None))
    }

    /// `"..".format(..)`, `", ".join([..])`.
    pub(super) fn formatted(&mut self, call: &ast::ExprCall) -> Option<ExprKind> {
        let ast::Expr::Attribute(method) = &*call.func else { return None };
        match method.attr.as_str() {
            "format" => {
                let (text, start) = self.format_of(&method.value)?;
                let anchor = self.span(&*method.value);
                Some(self.filled(&braces(&text), (start, anchor), &call.arguments))
            }
            "join" => {
                let (separator, _) = self.format_of(&method.value)?;
                let items = match &call.arguments.args[..] {
                    [ast::Expr::List(list)] => &list.elts,
                    [ast::Expr::Tuple(list)] => &list.elts,
                    _ => return None,
                };
                Some(self.joined(&separator, self.span(&*method.value), items))
            }
            _ => None,
        }
    }

    fn joined(&mut self, separator: &str, at: Span, items: &[ast::Expr]) -> ExprKind {
        let mut pieces = Vec::new();
        for (place, item) in items.iter().enumerate() {
            if place > 0 {
                pieces.push(Piece::Text(Arc::from(separator), Span::new(at.file, at.start, at.start)));
            }
            pieces.push(self.piece(item));
        }
        ExprKind::Template(pieces)
    }

    /// A value as a piece; text stays text.
    fn piece(&mut self, expr: &ast::Expr) -> Piece {
        let value = self.expr(expr);
        match value.kind {
            ExprKind::Literal(Literal::Str(text)) => Piece::Text(text, value.span),
            _ => Piece::Hole(value),
        }
    }

    /// `"..%s.." % x`.
    pub(super) fn percent_format(&mut self, format: &ast::Expr, given: &ast::Expr) -> Option<ExprKind> {
        let (text, start) = self.format_of(format)?;
        let anchor = self.span(format);
        let parts = percents(&text);
        if let ast::Expr::Dict(dict) = given {
            let find = |name: &str| {
                let entries = dict.items.iter();
                let is_it =
                    |key: &ast::Expr| matches!(key, ast::Expr::StringLiteral(key) if key.value.to_str() == name);
                entries.into_iter().find(|item| item.key.as_ref().is_some_and(is_it)).map(|item| &item.value)
            };
            let pieces = parts.iter().map(|part| match part {
                Part::Text(text, at) => text_piece(text, *at, start, anchor),
                Part::Named(name) => match find(name) {
                    Some(value) => self.piece(value),
                    None => self.unknown(given),
                },
                _ => self.unknown(given),
            });
            return Some(ExprKind::Template(pieces.collect()));
        }
        let values: &[ast::Expr] = match given {
            ast::Expr::Tuple(values) => &values.elts,
            single => std::slice::from_ref(single),
        };
        let mut values = values.iter();
        let mut pieces = Vec::new();
        for part in &parts {
            pieces.push(match part {
                Part::Text(text, at) => text_piece(text, *at, start, anchor),
                // `"%(id)s" % row`
                Part::Named(name) => {
                    let base = Box::new(self.expr(given));
                    let index = Box::new(self.expr_at(given, string(name)));
                    Piece::Hole(self.expr_at(given, ExprKind::Index { base, index }))
                }
                _ => match values.next() {
                    Some(value) => self.piece(value),
                    None => self.unknown(given),
                },
            });
        }
        Some(ExprKind::Template(pieces))
    }

    fn filled(&mut self, parts: &[Part], place: (Option<Span>, Span), given: &ast::Arguments) -> ExprKind {
        let (start, anchor) = place;
        let mut next = 0;
        let mut pieces = Vec::new();
        for part in parts {
            let at = match part {
                Part::Text(text, at) => {
                    pieces.push(text_piece(text, *at, start, anchor));
                    continue;
                }
                Part::Named(name) => {
                    pieces.push(self.named_piece(name, given));
                    continue;
                }
                Part::At(at) => *at,
                Part::Next => {
                    next += 1;
                    next - 1
                }
            };
            pieces.push(match given.args.get(at) {
                Some(value) if !value.is_starred_expr() => self.piece(value),
                _ => self.unknown(given),
            });
        }
        ExprKind::Template(pieces)
    }

    /// `{name}`, `{name.attribute}`, `{name[key]}`, `{0.attribute}`.
    fn named_piece(&mut self, path: &str, given: &ast::Arguments) -> Piece {
        let cut = path.find(['.', '[']).unwrap_or(path.len());
        let (name, rest) = path.split_at(cut);
        let value = match name.parse().ok() {
            Some(at) => given.args.get::<usize>(at),
            None => given.find_keyword(name).map(|keyword| &keyword.value),
        };
        let Some(value) = value else { return self.unknown(given) };
        if rest.is_empty() {
            return self.piece(value);
        }
        let mut read = self.expr(value);
        for step in rest.split(['.', '[']).filter(|step| !step.is_empty()).take(8) {
            let base = Box::new(read);
            let kind = match step.strip_suffix(']') {
                Some(key) => ExprKind::Index { base, index: Box::new(self.expr_at(value, string(key))) },
                None => ExprKind::Member { base, name: Arc::from(step), name_span: self.span(value) },
            };
            read = self.expr_at(value, kind);
        }
        Piece::Hole(read)
    }

    /// A value that cannot be told.
    fn unknown(&self, node: &impl Ranged) -> Piece {
        Piece::Hole(Expr { kind: ExprKind::Fixme(Vec::new()), span: self.span(node) })
    }
}

/// Fixed text of a format: where it is written, if the format stands in the file as it is.
fn text_piece(text: &str, at: usize, start: Option<Span>, anchor: Span) -> Piece {
    let size = |bytes: usize| u32::try_from(bytes).unwrap_or(u32::MAX);
    let span = match start {
        Some(start) => {
            let from = start.start.saturating_add(size(at)).min(start.end);
            Span::new(start.file, from, from.saturating_add(size(text.len())).min(start.end))
        }
        None => Span::new(anchor.file, anchor.start, anchor.start),
    };
    Piece::Text(Arc::from(text), span)
}

/// The parts of a format of `str.format`.
fn braces(format: &str) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut at = 0;
    while let Some(rest) = format.get(at..).filter(|rest| !rest.is_empty()) {
        let found = rest.find(['{', '}']).unwrap_or(rest.len());
        let (plain, marked) = rest.split_at(found);
        push_text(&mut parts, plain, at);
        at += found;
        let doubled = marked.starts_with("{{") || marked.starts_with("}}");
        if doubled || marked.starts_with('}') {
            push_text(&mut parts, marked.get(..1).unwrap_or_default(), at);
            at += if doubled { 2 } else { 1 };
            continue;
        }
        let Some(hole) = marked.strip_prefix('{') else { break };
        let Some(length) = closing(hole) else { break };
        let name = hole.get(..length).unwrap_or_default();
        let name = name.split([':', '!']).next().unwrap_or_default();
        parts.push(match name.parse() {
            _ if name.is_empty() => Part::Next,
            Ok(place) => Part::At(place),
            Err(_) => Part::Named(name.to_owned()),
        });
        at += length + 2;
    }
    parts
}

/// The length of a hole up to its brace; braces within it are part of its specification.
fn closing(hole: &str) -> Option<usize> {
    let mut open = 0_usize;
    for (at, letter) in hole.char_indices() {
        match letter {
            '{' => open += 1,
            '}' if open == 0 => return Some(at),
            '}' => open -= 1,
            _ => {}
        }
    }
    None
}

/// The parts of a format of `%`.
fn percents(format: &str) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut at = 0;
    while let Some(rest) = format.get(at..).filter(|rest| !rest.is_empty()) {
        let found = rest.find('%').unwrap_or(rest.len());
        push_text(&mut parts, rest.get(..found).unwrap_or_default(), at);
        at += found;
        let Some(hole) = rest.get(found..).and_then(|hole| hole.strip_prefix('%')) else { break };
        if hole.starts_with('%') {
            push_text(&mut parts, "%", at);
            at += 2;
            continue;
        }
        let (name, spec) = match hole.strip_prefix('(').and_then(|named| named.split_once(')')) {
            Some((name, spec)) => (Some(name), spec),
            None => (None, hole),
        };
        let Some(end) = spec.find(|letter: char| letter.is_ascii_alphabetic()) else { break };
        parts.push(name.map_or(Part::Next, |name| Part::Named(name.to_owned())));
        at = format.len() - spec.len() + end + 1;
    }
    parts
}

/// Adds fixed text, to the fixed text before it if that ends where this starts.
fn push_text(parts: &mut Vec<Part>, text: &str, at: usize) {
    if text.is_empty() {
        return;
    }
    match parts.last_mut() {
        Some(Part::Text(before, _)) => before.push_str(text),
        _ => parts.push(Part::Text(text.to_owned(), at)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str, at: usize) -> Part {
        Part::Text(text.to_owned(), at)
    }

    #[test]
    fn formats_with_braces_are_taken_apart() {
        let named = |name: &str| Part::Named(name.to_owned());
        assert_eq!(
            braces("/a/{}/{1:>4}/{id!r}"),
            [text("/a/", 0), Part::Next, text("/", 5), Part::At(1), text("/", 12), named("id")]
        );
        assert_eq!(braces("{{x}}{user.id}"), [text("{x}", 0), named("user.id")]);
        assert_eq!(braces("{:{width}}"), [Part::Next]);
        assert_eq!(braces("ä{"), [text("ä", 0)]);
    }

    #[test]
    fn formats_with_percent_signs_are_taken_apart() {
        assert_eq!(
            percents("/a/%s?n=%05.2f%%"),
            [text("/a/", 0), Part::Next, text("?n=", 5), Part::Next, text("%", 14)]
        );
        assert_eq!(percents("%(id)s/x"), [Part::Named("id".to_owned()), text("/x", 6)]);
        assert_eq!(percents("ä%"), [text("ä", 0)]);
        assert_eq!(percents("100%(x"), [text("100", 0), Part::Next]);
    }
}
