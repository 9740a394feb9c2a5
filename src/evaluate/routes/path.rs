//! How servers write paths.
//!
//! The parameters of all frameworks are told by their own signs, so one reader serves all:
//! `{id}`, `{id:[0-9]+}`, `{id?}`, `{path...}` (Spring, JAX-RS, chi, gorilla, ASP.NET, axum, net/http), `:id`,
//! `:id(\\d+)`, `*rest` (Express, gin, echo, fiber), `<id>`, `<int:id>` (Flask, Django, Rocket). Django's
//! older routes are regular expressions, which say so.

use crate::model::usage::{Part, Template};

/// The path with a hole for each parameter.
pub(in crate::evaluate) fn template(written: &Template) -> Template {
    let mut path = Template::default();
    for part in &written.0 {
        match part {
            Part::Text(text) => parameters(text, &mut path),
            other => path.append(&Template(vec![other.clone()])),
        }
    }
    path
}

/// Method and path of `GET example.com/users/{id}`; the host is left out.
pub(in crate::evaluate) fn pattern(written: &Template) -> (Option<String>, Template) {
    let Some((Part::Text(first), rest)) = written.0.split_first() else { return (None, template(written)) };
    let (method, behind) = match first.trim_start().split_once([' ', '\t']) {
        Some((method, behind)) => (Some(method.to_ascii_uppercase()), behind.trim_start()),
        None => (None, first.trim_start()),
    };
    let path = behind.find('/').map_or(behind, |at| &behind[at..]);
    let mut whole = Template::text(path);
    whole.append(&Template(rest.to_vec()));
    (method, template(&whole))
}

/// A path that ends in `/`, with a hole for the segment behind it; the root stays as it is.
pub(in crate::evaluate) fn subtree(mut path: Template) -> Template {
    if matches!(path.0.last(), Some(Part::Text(text)) if text.ends_with('/') && (text.len() > 1 || path.0.len() > 1)) {
        path.append(&Template::hole());
    }
    path
}

/// The path that a regular expression stands for.
pub(in crate::evaluate) fn of_regex(written: &Template) -> Template {
    let mut path = Template::default();
    for part in &written.0 {
        match part {
            Part::Text(text) => literals(text, &mut path),
            other => path.append(&Template(vec![other.clone()])),
        }
    }
    path
}

/// One path behind another, with one `/` between them.
pub(in crate::evaluate) fn below(prefix: &Template, path: &Template) -> Template {
    let mut whole = trimmed(prefix, str::trim_end_matches, false);
    let rest = trimmed(path, str::trim_start_matches, true);
    if !rest.0.is_empty() {
        whole.append(&Template::text("/"));
        whole.append(&rest);
    }
    whole
}

/// The path as it is told: with a `/` in front and none behind.
pub(super) fn told(path: &Template) -> Template {
    let inner = trimmed(&trimmed(path, str::trim_start_matches, true), str::trim_end_matches, false);
    let mut whole = match inner.0.first() {
        Some(Part::Env(_)) => Template::default(),
        _ => Template::text("/"),
    };
    whole.append(&inner);
    whole
}

/// Without slashes at one end.
fn trimmed(path: &Template, trim: for<'t> fn(&'t str, char) -> &'t str, front: bool) -> Template {
    let mut parts = path.0.clone();
    let end = if front { parts.first_mut() } else { parts.last_mut() };
    if let Some(Part::Text(text)) = end {
        let rest = trim(text, '/').to_owned();
        *text = rest.into();
    }
    parts.retain(|part| !matches!(part, Part::Text(text) if text.is_empty()));
    Template(parts)
}

/// Adds text with holes for its parameters.
fn parameters(text: &str, path: &mut Template) {
    let mut rest = text;
    let mut before = if path.0.is_empty() { Some('/') } else { None };
    while let Some(letter) = rest.chars().next() {
        // What stands alone in a segment, or begins a new piece of one.
        let begins = matches!(before, Some('/' | '-' | '.' | '~' | '(' | ','));
        let parameter = match letter {
            '{' => enclosed(rest, '{', '}'),
            '<' => enclosed(rest, '<', '>'),
            ':' if begins => named(rest),
            '*' if before == Some('/') => Some(rest.find('/').unwrap_or(rest.len())),
            '?' if rest.starts_with("?<") => return,
            _ => None,
        };
        match parameter {
            // The end of the path, in the patterns of net/http.
            Some(length) if rest.get(..length) == Some("{$}") => {
                *path = trimmed(path, str::trim_end_matches, false);
                rest = &rest[length..];
            }
            Some(length) => {
                path.append(&Template::hole());
                rest = rest[length..].trim_start_matches(['?', '+']);
                before = None;
            }
            None => {
                let length = letter.len_utf8();
                path.append(&Template::text(&rest[..length]));
                rest = &rest[length..];
                before = Some(letter);
            }
        }
    }
}

/// The length of what stands between brackets at the start, these included.
fn enclosed(text: &str, open: char, close: char) -> Option<usize> {
    let mut depth = 0_usize;
    for (at, letter) in text.char_indices() {
        if letter == open {
            depth += 1;
        } else if letter == close {
            depth = depth.checked_sub(1)?;
            if depth == 0 {
                return Some(at + letter.len_utf8());
            }
        }
    }
    None
}

/// The length of `:name`, with a condition in parentheses behind it.
fn named(text: &str) -> Option<usize> {
    let name = text.get(1..)?;
    let length = name.find(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_').unwrap_or(name.len());
    if length == 0 {
        return None;
    }
    let behind = &name[length..];
    let condition = if behind.starts_with('(') { enclosed(behind, '(', ')').unwrap_or(0) } else { 0 };
    Some(1 + length + condition)
}

/// Adds what a regular expression says literally; groups and classes are holes.
fn literals(text: &str, path: &mut Template) {
    let mut rest = text.trim_start_matches('^').trim_end_matches('$');
    rest = rest.strip_suffix("/?").or_else(|| rest.strip_suffix("\\Z")).unwrap_or(rest);
    while let Some(letter) = rest.chars().next() {
        let length = match letter {
            '(' => enclosed(rest, '(', ')'),
            '[' => enclosed(rest, '[', ']'),
            '.' | '*' | '+' | '?' => Some(1),
            // `\d` and the like are classes, `\.` is the letter itself.
            '\\' if rest[1..].starts_with(|next: char| next.is_ascii_alphabetic()) => Some(2),
            _ => None,
        };
        if let Some(length) = length {
            path.append(&Template::hole());
            rest = rest[length..].trim_start_matches(['?', '+', '*']);
            continue;
        }
        rest = if letter == '\\' { &rest[1..] } else { rest };
        let Some(letter) = rest.chars().next() else { return };
        path.append(&Template::text(&rest[..letter.len_utf8()]));
        rest = &rest[letter.len_utf8()..];
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(path: &str) -> String {
        template(&Template::text(path)).to_string()
    }

    #[test]
    fn parameters_of_every_framework_are_holes() {
        for path in [
            "/users/{id}",
            "/users/{id:[0-9]{1,3}}",
            "/users/{id:int}",
            "/users/{id?}",
            "/users/{id...}",
            "/users/{*id}",
            "/users/:id",
            "/users/:id(\\d+)",
            "/users/:id?",
            "/users/*",
            "/users/*id",
            "/users/<id>",
            "/users/<int:id>",
            "/users/<id..>",
        ] {
            assert_eq!(shown(path), "/users/{}", "{path}");
        }
    }

    #[test]
    fn text_around_a_parameter_stays() {
        assert_eq!(shown("/flights/:from-:to.json"), "/flights/{}-{}.json");
        assert_eq!(shown("/books/{id}:archive"), "/books/{}:archive");
        assert_eq!(shown("/files/a*b/{$}"), "/files/a*b");
        assert_eq!(shown("/search?<q>&<page>"), "/search");
    }

    #[test]
    fn half_a_parameter_is_text() {
        assert_eq!(shown("/a/{id"), "/a/{id");
        assert_eq!(shown("/a/:/b"), "/a/:/b");
        assert_eq!(shown("/a/}{é"), "/a/}{é");
    }

    #[test]
    fn a_pattern_has_a_method_and_perhaps_a_host() {
        let told = |text: &str| {
            let (method, path) = pattern(&Template::text(text));
            format!("{} {path}", method.unwrap_or_default())
        };
        assert_eq!(told("GET /users/{id}"), "GET /users/{}");
        assert_eq!(told("post example.com/users"), "POST /users");
        assert_eq!(told("/users/"), " /users/");
    }

    #[test]
    fn below_a_subtree_stands_one_segment() {
        let told = |text: &str| subtree(Template::text(text)).to_string();
        assert_eq!(told("/users/"), "/users/{}");
        assert_eq!(told("/users"), "/users");
        assert_eq!(told("/"), "/");
    }

    #[test]
    fn a_regular_expression_is_a_path_as_far_as_it_is_literal() {
        let told = |text: &str| of_regex(&Template::text(text)).to_string();
        assert_eq!(told(r"^users/(?P<id>\d+)/$"), "users/{}/");
        assert_eq!(told(r"^v1\.0/items/[a-z]+/?$"), "v1.0/items/{}");
        assert_eq!(told(r"^items/\d+\"), "items/{}");
    }

    #[test]
    fn paths_are_joined_by_one_slash() {
        let joined =
            |prefix: &str, path: &str| told(&below(&Template::text(prefix), &Template::text(path))).to_string();
        assert_eq!(joined("/v1/", "/users"), "/v1/users");
        assert_eq!(joined("", "users/"), "/users");
        assert_eq!(joined("/v1", ""), "/v1");
        assert_eq!(joined("", "/"), "/");
    }
}
