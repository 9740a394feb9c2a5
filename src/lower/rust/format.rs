//! Format strings: `"{}/users/{id:?}"` with what it takes becomes one template.

use std::collections::BTreeSet;
use std::ops::Range;

use proc_macro2::TokenStream;
use syn::{Expr as SynExpr, Lit, LitStr};

use super::lowerer::Lowerer;
use super::macros::{Given, GivenList};
use super::scope::{NamePath, Namespace};
use crate::model::ir::{Expr, ExprKind, Literal, Piece};
use crate::model::source::Span;

/// A format string among the arguments of a macro.
pub(super) struct Template {
    /// Its place among the arguments.
    pub(super) at: usize,
    /// The places of the arguments that it takes.
    pub(super) taken: BTreeSet<usize>,
    /// Text and holes.
    pub(super) expr: Expr,
}

/// A piece of a format string, with the bytes of the string it stands at.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Text(String, Range<usize>),
    Hole(Source, Range<usize>),
}

/// What a hole is filled with.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Source {
    /// The next argument by position.
    Next,
    Position(usize),
    Name(String),
}

/// Takes a format string apart; none if it is not one.
fn parse(text: &str) -> Option<Vec<Part>> {
    let mut parts: Vec<Part> = Vec::new();
    let mut at = 0;
    while let Some(first) = text.get(at..).and_then(|rest| rest.chars().next()) {
        let doubled = text.get(at..)?.starts_with("{{") || text.get(at..)?.starts_with("}}");
        match first {
            '{' | '}' if doubled => {
                push_text(&mut parts, text.get(at..=at)?, at..at + 2);
                at += 2;
            }
            '{' => {
                let end = at + text.get(at..)?.find('}')?;
                let inner = text.get(at + 1..end)?;
                let (name, spec) = inner.split_once(':').unwrap_or((inner, ""));
                // `{:.*}` takes its precision first.
                if spec.contains(".*") {
                    parts.push(Part::Hole(Source::Next, at..at));
                }
                let name = name.trim();
                let start = at + 1;
                parts.push(Part::Hole(source(name)?, start..start + name.len()));
                at = end + 1;
            }
            '}' => return None,
            _ => {
                let end = text.get(at..)?.find(['{', '}']).map_or(text.len(), |length| at + length);
                push_text(&mut parts, text.get(at..end)?, at..end);
                at = end;
            }
        }
    }
    Some(parts)
}

fn push_text(parts: &mut Vec<Part>, text: &str, range: Range<usize>) {
    if let Some(Part::Text(before, known)) = parts.last_mut() {
        before.push_str(text);
        known.end = range.end;
    } else {
        parts.push(Part::Text(text.to_owned(), range));
    }
}

fn source(name: &str) -> Option<Source> {
    if name.is_empty() {
        return Some(Source::Next);
    }
    if let Ok(position) = name.parse() {
        return Some(Source::Position(position));
    }
    let starts = name.starts_with(|first: char| first.is_alphabetic() || first == '_');
    (starts && name.chars().all(|letter| letter.is_alphanumeric() || letter == '_'))
        .then(|| Source::Name(name.to_owned()))
}

/// The offset inside a literal at which its text starts, if text and source agree byte by byte.
fn text_offset(literal: &LitStr) -> Option<usize> {
    let source = literal.token().to_string();
    let opening = source.find('"')? + 1;
    let hashes = opening.checked_sub(2).filter(|_| source.starts_with('r')).unwrap_or(0);
    let inner = source.get(opening..source.len().checked_sub(1 + hashes)?)?;
    (inner == literal.value()).then_some(opening)
}

fn string_literal(expr: &SynExpr) -> Option<&LitStr> {
    match expr {
        SynExpr::Lit(literal) => match &literal.lit {
            Lit::Str(text) => Some(text),
            _ => None,
        },
        SynExpr::Group(group) => string_literal(&group.expr),
        _ => None,
    }
}

impl Lowerer<'_> {
    /// The first string literal among the arguments, if it is a format string whose holes can all
    /// be filled.
    pub(super) fn template(&mut self, given: &[Given]) -> Option<Template> {
        let (at, literal) = given.iter().enumerate().find_map(|(at, given)| {
            let literal = string_literal(&given.value).filter(|_| given.name.is_none())?;
            Some((at, literal))
        })?;
        let parts = parse(&literal.value())?;
        let mut sources = Vec::new();
        let mut positional =
            (at + 1..given.len()).filter(|at| given.get(*at).is_some_and(|given| given.name.is_none()));
        let positions: Vec<usize> = positional.clone().collect();
        for part in &parts {
            let Part::Hole(source, _) = part else { continue };
            sources.push(match source {
                Source::Next => Some(positional.next()?),
                Source::Position(position) => Some(*positions.get(*position)?),
                Source::Name(name) => {
                    given.iter().skip(at).position(|given| given.name.as_ref() == Some(name)).map(|found| found + at)
                }
            });
        }
        let expr = self.filled(literal, parts, &sources, given);
        Some(Template { at, taken: sources.into_iter().flatten().collect(), expr })
    }

    fn filled(&mut self, literal: &LitStr, parts: Vec<Part>, sources: &[Option<usize>], given: &[Given]) -> Expr {
        let span = self.span(literal.span());
        let offset = text_offset(literal);
        let place = |range: &Range<usize>| match offset {
            Some(offset) => part_of(span, offset, range),
            None => span,
        };
        let mut sources = sources.iter().copied();
        let mut pieces = Vec::new();
        for part in parts {
            match part {
                Part::Text(text, range) => pieces.push(Piece::Text(text.into(), place(&range))),
                Part::Hole(source, range) => {
                    let value = sources.next().flatten().and_then(|at| given.get(at));
                    let value = match (value, source) {
                        (Some(given), _) => self.expr(&given.value),
                        (None, Source::Name(name)) => self.inline(name, place(&range)),
                        (None, _) => continue,
                    };
                    pieces.push(Piece::Hole(value));
                }
            }
        }
        let kind = match pieces.as_slice() {
            [] => ExprKind::Literal(Literal::Str("".into())),
            [Piece::Text(text, _)] => ExprKind::Literal(Literal::Str(text.clone())),
            _ => ExprKind::Template(pieces),
        };
        Expr { kind, span }
    }

    /// `{name}`: a variable or constant of that name.
    fn inline(&mut self, name: String, span: Span) -> Expr {
        let kind = if self.is_local(&name) {
            ExprKind::Local(name.into())
        } else {
            let path = NamePath { segments: vec![name], absolute: false };
            ExprKind::Global(self.resolve_names(&path, Namespace::Value))
        };
        Expr { kind, span }
    }

    /// `concat!("a", 1, env!("X"))`
    pub(super) fn concat_macro(&mut self, tokens: &TokenStream, span: Span) -> Option<Expr> {
        let GivenList(given) = syn::parse2(tokens.clone()).ok()?;
        let mut pieces = Vec::new();
        for given in &given {
            let value = self.expr(&given.value);
            pieces.push(match value.kind {
                ExprKind::Literal(Literal::Str(text)) => Piece::Text(text, value.span),
                ExprKind::Literal(Literal::Int(number)) => Piece::Text(number.to_string().into(), value.span),
                ExprKind::Literal(Literal::Bool(truth)) => Piece::Text(truth.to_string().into(), value.span),
                kind => Piece::Hole(Expr { kind, span: value.span }),
            });
        }
        let texts = pieces.iter().map(|piece| match piece {
            Piece::Text(text, _) => Some(&**text),
            Piece::Hole(_) => None,
        });
        let kind = match texts.collect::<Option<String>>() {
            Some(text) => ExprKind::Literal(Literal::Str(text.into())),
            None => ExprKind::Template(pieces),
        };
        Some(Expr { kind, span })
    }
}

/// A range of a literal's text as a span.
fn part_of(literal: Span, offset: usize, range: &Range<usize>) -> Span {
    let at = |inside: usize| {
        let inside = u32::try_from(offset + inside).unwrap_or(u32::MAX);
        literal.start.saturating_add(inside).min(literal.end)
    };
    Span::new(literal.file, at(range.start), at(range.end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_format_string_is_text_and_holes() {
        let text = |text: &str, range: Range<usize>| Part::Text(text.into(), range);
        let hole = |source: Source, range: Range<usize>| Part::Hole(source, range);
        assert_eq!(
            parse("{}/u/{id:?}{1:>8}").unwrap(),
            [
                hole(Source::Next, 1..1),
                text("/u/", 2..5),
                hole(Source::Name("id".into()), 6..8),
                hole(Source::Position(1), 12..13),
            ]
        );
        assert_eq!(parse("a{{b}}c").unwrap(), [text("a{b}c", 0..7)]);
        assert_eq!(parse("é{x}").unwrap(), [text("é", 0..2), hole(Source::Name("x".into()), 3..4)]);
    }

    #[test]
    fn what_is_no_format_string_is_left_alone() {
        for other in ["{\"a\": 1}", "}", "{", "{a b}", "{a.b}"] {
            assert_eq!(parse(other), None, "{other}");
        }
    }
}
