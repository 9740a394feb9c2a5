//! Texts that are put together by formats, joins, and URL references.

use super::expr::concat;
use crate::evaluate::value::{Text, Value, What};
use crate::model::ir::Type;
use crate::model::usage::{Part, Template};

/// Printf-like formatting: every verb is replaced by its argument, flags and widths left out.
/// `%%` is a percent sign. Verbs without an argument are holes.
pub(super) fn format(format: &Value, args: &[Value]) -> Value {
    let What::Text(text) = &format.what else { return Value::typed(Type::Str) };
    let mut args = args.iter();
    let mut pieces: Vec<Value> = Vec::new();
    for part in &text.template.0 {
        let Part::Text(fixed) = part else {
            pieces.push(Value::text(Text { template: Template(vec![part.clone()]), written: None }));
            continue;
        };
        let mut rest: &str = fixed;
        while let Some((before, after)) = rest.split_once('%') {
            pieces.push(piece(before, text));
            let (verb, tail) = verb(after);
            if verb == Some('%') {
                pieces.push(piece("%", text));
            } else if verb.is_some() {
                pieces.push(args.next().cloned().unwrap_or_default());
            }
            rest = tail;
        }
        pieces.push(piece(rest, text));
    }
    concat(&pieces).with_type(Type::Str)
}

/// A format whose holes are `{}`, `{0}` and `{name}`, with a specification behind `:`, `,` or `!`; `value` gives
/// what a place or name stands for. A hole without a value stays as it is: it may be filled later.
pub(super) fn braces(format: &Value, value: impl Fn(&str) -> Option<Value>) -> Value {
    let What::Text(text) = &format.what else { return Value::typed(Type::Str) };
    let mut next = 0;
    let mut pieces: Vec<Value> = Vec::new();
    for part in &text.template.0 {
        let Part::Text(fixed) = part else {
            pieces.push(Value::text(Text { template: Template(vec![part.clone()]), written: None }));
            continue;
        };
        let mut rest: &str = fixed;
        while let Some((before, (hole, after))) =
            rest.split_once('{').and_then(|(before, behind)| Some((before, behind.split_once('}')?)))
        {
            pieces.push(piece(before, text));
            let name = hole.split([':', ',', '!']).next().unwrap_or_default().trim();
            let given = if name.is_empty() {
                next += 1;
                value(&(next - 1).to_string())
            } else {
                value(name)
            };
            pieces.push(given.unwrap_or_else(|| piece(&format!("{{{hole}}}"), text)));
            rest = after;
        }
        pieces.push(piece(rest, text));
    }
    concat(&pieces).with_type(Type::Str)
}

fn piece(fixed: &str, whole: &Text) -> Value {
    Value::text(Text { template: Template::text(fixed), written: whole.written.filter(|_| !fixed.is_empty()) })
}

/// The letter that ends a verb, and what follows it.
fn verb(after: &str) -> (Option<char>, &str) {
    let mut letters = after.char_indices();
    for (at, letter) in letters.by_ref() {
        if letter.is_ascii_alphabetic() || letter == '%' {
            return (Some(letter), after.get(at + letter.len_utf8()..).unwrap_or_default());
        }
        if !(letter.is_ascii_digit() || "+-# .[]*".contains(letter)) {
            return (None, after.get(at..).unwrap_or_default());
        }
    }
    (None, "")
}

/// Texts with a separator between them that is not doubled where a text brings its own.
pub(super) fn join(parts: &[Value], with: &str) -> Value {
    let mut pieces: Vec<Value> = Vec::new();
    for part in parts {
        let part = trimmed_start(part, with, !pieces.is_empty());
        if !pieces.is_empty() && !with.is_empty() && !ends_with(pieces.last(), with) {
            pieces.push(Value::text(Text { template: Template::text(with), written: None }));
        }
        pieces.push(part);
    }
    concat(&pieces).with_type(Type::Str)
}

fn ends_with(value: Option<&Value>, with: &str) -> bool {
    let Some(What::Text(text)) = value.map(|value| &value.what) else { return false };
    matches!(text.template.0.last(), Some(Part::Text(text)) if text.ends_with(with))
}

fn trimmed_start(value: &Value, with: &str, trim: bool) -> Value {
    if let What::OneOf(all) = &value.what {
        let each = all.iter().map(|what| trimmed_start(&Value { what: what.clone(), ..value.clone() }, with, trim));
        return each.reduce(Value::join).unwrap_or_default();
    }
    let What::Text(text) = &value.what else { return value.clone() };
    let (true, false, Some(Part::Text(first))) = (trim, with.is_empty(), text.template.0.first()) else {
        return value.clone();
    };
    let Some(rest) = first.strip_prefix(with) else { return value.clone() };
    let mut template = Template::text(rest);
    template.append(&Template(text.template.0.get(1..).unwrap_or_default().to_vec()));
    Value::text(Text { template, written: text.written })
}

/// A reference against a base (RFC 3986, section 5.2): an absolute one replaces the base, one that
/// begins with `/` replaces its path, any other its last segment.
pub(super) fn resolve(base: &Value, reference: &Value) -> Value {
    if let What::OneOf(all) = &reference.what {
        return all.iter().map(|what| resolve(base, &Value::of(what.clone()))).reduce(Value::join).unwrap_or_default();
    }
    // `./items` is `items`.
    let reference = &trimmed_start(reference, "./", true);
    let What::Text(text) = &reference.what else { return concat(&[base.clone(), hole_segment()]) };
    match text.template.0.first() {
        Some(Part::Text(first)) if first.contains("://") => reference.clone(),
        Some(Part::Text(first)) if first.starts_with('/') => {
            let origins: Vec<Value> = base.texts().iter().map(|base| Value::text(origin_of(base))).collect();
            origins
                .into_iter()
                .map(|origin| concat(&[origin, reference.clone()]))
                .reduce(Value::join)
                .unwrap_or_default()
        }
        _ => {
            let folders: Vec<Value> = base.texts().iter().map(|base| Value::text(folder_of(base))).collect();
            folders
                .into_iter()
                .map(|folder| concat(&[folder, reference.clone()]))
                .reduce(Value::join)
                .unwrap_or_default()
        }
    }
}

/// Text that goes on with what is not known: what a loop puts behind it.
pub(super) fn going_on(value: &Value) -> Value {
    let Some(text) = value.texts().into_iter().next().filter(|text| text.template.0.last() != Some(&Part::Hole)) else {
        return value.clone();
    };
    let longer = Text { template: Template(text.template.0.into_iter().chain([Part::Hole]).collect()), ..text };
    Value { ty: value.ty.clone(), ..Value::text(longer) }
}

fn hole_segment() -> Value {
    Value::text(Text::hole())
}

/// Scheme and host of a URL; a base that is not fixed text stays as it is up to its first fixed path.
pub(super) fn origin_of(base: &Text) -> Text {
    let mut template = Template::default();
    for (at, part) in base.template.0.iter().enumerate() {
        let Part::Text(text) = part else {
            template.append(&Template(vec![part.clone()]));
            continue;
        };
        let host = if at == 0 { text.find("://").map_or(0, |at| at + 3) } else { 0 };
        let end = text.get(host..).and_then(|rest| rest.find('/')).map(|at| at + host);
        template.append(&Template::text(end.and_then(|end| text.get(..end)).unwrap_or(text)));
        if end.is_some() {
            break;
        }
    }
    Text { template, written: base.written }
}

/// The path of a URL, without its query. What stands in front of the first fixed `/` of one that does not
/// begin with fixed text is its host.
pub(super) fn path_of(url: &Value) -> Value {
    let paths = url.texts().into_iter().map(|url| {
        let host = origin_of(&url).template.0;
        let (before, cut) = match host.split_last() {
            Some((Part::Text(last), rest)) => (rest.len(), last.len()),
            _ => (host.len(), 0),
        };
        let mut template = Template::default();
        for (at, part) in url.template.0.iter().enumerate().skip(before) {
            let Part::Text(text) = part else {
                template.append(&Template(vec![part.clone()]));
                continue;
            };
            let text = text.get(if at == before { cut } else { 0 }..).unwrap_or_default();
            let end = text.find(['?', '#']);
            template.append(&Template::text(end.and_then(|end| text.get(..end)).unwrap_or(text)));
            if end.is_some() {
                break;
            }
        }
        Value::text(Text { template, written: url.written })
    });
    paths.reduce(Value::join).unwrap_or_default()
}

/// What a URL holds from a mark on: its query or fragment. Nothing where no fixed part of it has that.
pub(super) fn from_mark(url: &Value, mark: &str) -> Value {
    let queries = url.texts().into_iter().map(|url| {
        let mut template = Template::default();
        let mut inside = false;
        for part in &url.template.0 {
            match part {
                Part::Text(text) if !inside => {
                    let Some(start) = text.find(mark) else { continue };
                    inside = true;
                    template.append(&Template::text(text.get(start..).unwrap_or_default()));
                }
                part if inside => template.append(&Template(vec![part.clone()])),
                _ => {}
            }
        }
        Value::text(Text { template, written: None })
    });
    queries.reduce(Value::join).unwrap_or_default()
}

/// A URL up to and with its last `/`; one without a path gets the `/`.
fn folder_of(base: &Text) -> Text {
    let mut parts = base.template.0.clone();
    if let Some(Part::Text(last)) = parts.pop() {
        let host = last.find("://").map_or(0, |at| at + 3);
        let cut = last.get(host..).and_then(|rest| rest.rfind('/')).map(|at| at + host + 1);
        let kept = cut.and_then(|cut| last.get(..cut)).map_or_else(|| format!("{last}/"), str::to_owned);
        parts.push(Part::Text(kept.into()));
        return Text { template: Template(parts), written: base.written };
    }
    let mut text = base.clone();
    text.append(&Text { template: Template::text("/"), written: None });
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::source::{FileId, Span};

    fn text(text: &str) -> Value {
        Value::text(Text::new(text, Span::new(FileId(0), 0, 1)))
    }

    fn shown(value: &Value) -> String {
        value.texts().iter().map(|text| text.template.to_string()).collect::<Vec<_>>().join(" | ")
    }

    #[test]
    fn verbs_are_replaced_by_their_arguments() {
        let value = format(&text("%s/carts/%-3d?x=100%%&v=%v"), &[text("http://cart"), Value::unknown(), text("1")]);
        assert_eq!(shown(&value), "http://cart/carts/{}?x=100%&v=1");
    }

    #[test]
    fn braces_are_filled_by_place_and_name_and_stay_where_nothing_is_given() {
        let given = |name: &str| match name {
            "0" => Some(text("a")),
            "1" => Some(Value::unknown()),
            "host" => Some(text("http://h")),
            _ => None,
        };
        assert_eq!(shown(&braces(&text("{host}/{0}/{1:>4}"), given)), "http://h/a/{}");
        assert_eq!(shown(&braces(&text("/{}/{}/{id}"), given)), "/a/{}/{id}");
    }

    #[test]
    fn join_does_not_double_the_separator() {
        assert_eq!(shown(&join(&[text("http://a/"), text("/b"), text("c")], "/")), "http://a/b/c");
        assert_eq!(shown(&join(&[text("http://a"), Value::unknown(), text("c")], "/")), "http://a/{}/c");
        assert_eq!(shown(&join(&[text("a"), text("/b").join(text("/c"))], "/")), "a/b | a/c");
    }

    #[test]
    fn what_a_loop_adds_is_one_hole() {
        let longer = going_on(&text("http://a/"));
        assert_eq!((shown(&longer).as_str(), shown(&going_on(&longer)).as_str()), ("http://a/{}", "http://a/{}"));
    }

    #[test]
    fn a_url_is_its_host_its_path_and_its_query() {
        for (url, path, query) in [
            ("http://a/b/c?d=1", "/b/c", "?d=1"),
            ("http://a", "", ""),
            ("/b/c", "/b/c", ""),
            ("https://a/b/%s/c?x=%s", "/b/{}/c", "?x={}"),
        ] {
            let url = format(&text(url), &[Value::unknown(), Value::unknown()]);
            assert_eq!((shown(&path_of(&url)).as_str(), shown(&from_mark(&url, "?")).as_str()), (path, query));
        }
    }

    #[test]
    fn references_resolve_as_rfc_3986_says() {
        assert_eq!(shown(&resolve(&text("http://a/b/c"), &text("d"))), "http://a/b/d");
        assert_eq!(shown(&resolve(&text("http://a/b/c"), &text("/d"))), "http://a/d");
        assert_eq!(shown(&resolve(&text("http://a/b/c"), &text("http://x/y"))), "http://x/y");
        assert_eq!(shown(&resolve(&text("http://a"), &text("d"))), "http://a/d");
        assert_eq!(shown(&resolve(&text("http://a/b/"), &text("./d"))), "http://a/b/d");
    }
}
