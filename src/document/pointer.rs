//! RFC 6901 JSON pointers as text.
//!
//! A YAML file may hold several documents, which the RFC does not know of: a pointer into the second
//! one starts with `#2`, which no other pointer does.

use std::borrow::Cow;

/// The pointer of a member or item of what `parent` points to.
#[must_use]
pub(crate) fn child(parent: &str, token: &str) -> String {
    let mut pointer = String::with_capacity(parent.len() + token.len() + 1);
    pointer.push_str(parent);
    push(&mut pointer, token);
    pointer
}

/// Lengthens a pointer by one token.
pub(crate) fn push(pointer: &mut String, token: &str) {
    pointer.push('/');
    if !token.contains(['~', '/']) {
        pointer.push_str(token);
        return;
    }
    for c in token.chars() {
        match c {
            '~' => pointer.push_str("~0"),
            '/' => pointer.push_str("~1"),
            other => pointer.push(other),
        }
    }
}

/// The pointer to a whole document, by its number in its file, counted from 0.
#[must_use]
pub(crate) fn document(number: usize) -> String {
    if number == 0 { String::new() } else { format!("#{}", number + 1) }
}

/// The number of the document that a pointer leads into, counted from 0, and the way in it.
#[must_use]
pub(crate) fn split(pointer: &str) -> (usize, &str) {
    let Some(rest) = pointer.strip_prefix('#') else { return (0, pointer) };
    let (number, way) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    (number.parse::<usize>().map_or(0, |number| number.saturating_sub(1)), way)
}

/// The tokens of a pointer, unescaped. A pointer without `/` has none.
pub(crate) fn tokens(pointer: &str) -> impl Iterator<Item = Cow<'_, str>> {
    let (_, way) = split(pointer);
    let rest = way.strip_prefix('/');
    rest.into_iter().flat_map(|rest| rest.split('/')).map(unescape)
}

fn unescape(token: &str) -> Cow<'_, str> {
    if token.contains('~') { Cow::Owned(token.replace("~1", "/").replace("~0", "~")) } else { Cow::Borrowed(token) }
}

/// The index that a token means in a list.
#[must_use]
pub(crate) fn index(token: &str) -> Option<usize> {
    let is_plain = token == "0" || (!token.starts_with('0') && token.bytes().all(|byte| byte.is_ascii_digit()));
    if is_plain { token.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_pushed_comes_back() {
        let mut pointer = String::new();
        let names = ["paths", "/a/{id}", "m~n", "", "~1"];
        for name in names {
            push(&mut pointer, name);
        }
        assert_eq!(pointer, "/paths/~1a~1{id}/m~0n//~01");
        assert_eq!(tokens(&pointer).collect::<Vec<_>>(), names);
        assert_eq!(tokens("").count(), 0);
    }

    #[test]
    fn a_pointer_may_lead_into_a_later_document() {
        assert_eq!(document(0), "");
        assert_eq!(split(&child(&document(2), "a")), (2, "/a"));
        assert_eq!(tokens("#3/a/b").collect::<Vec<_>>(), ["a", "b"]);
        assert_eq!(split("/a"), (0, "/a"));
        assert_eq!(split("#x"), (0, ""));
    }

    #[test]
    fn only_plain_numbers_are_indices() {
        assert_eq!(index("10"), Some(10));
        assert_eq!(index("0"), Some(0));
        for token in ["01", "-1", "", "a", "99999999999999999999999"] {
            assert_eq!(index(token), None, "{token}");
        }
    }
}
