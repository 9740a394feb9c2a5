//! RFC 6901 JSON pointers as text.

use std::borrow::Cow;

/// The pointer of a member or item of what `parent` points to.
#[must_use]
pub(super) fn child(parent: &str, token: &str) -> String {
    let mut pointer = String::with_capacity(parent.len() + token.len() + 1);
    pointer.push_str(parent);
    push(&mut pointer, token);
    pointer
}

/// Lengthens a pointer by one token.
pub(super) fn push(pointer: &mut String, token: &str) {
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

/// The tokens of a pointer, unescaped. A pointer that does not start with `/` has none.
pub(super) fn tokens(pointer: &str) -> impl Iterator<Item = Cow<'_, str>> {
    let rest = pointer.strip_prefix('/');
    rest.into_iter().flat_map(|rest| rest.split('/')).map(unescape)
}

fn unescape(token: &str) -> Cow<'_, str> {
    if token.contains('~') { Cow::Owned(token.replace("~1", "/").replace("~0", "~")) } else { Cow::Borrowed(token) }
}

/// The index that a token means in a list.
#[must_use]
pub(super) fn index(token: &str) -> Option<usize> {
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
    fn only_plain_numbers_are_indices() {
        assert_eq!(index("10"), Some(10));
        assert_eq!(index("0"), Some(0));
        for token in ["01", "-1", "", "a", "99999999999999999999999"] {
            assert_eq!(index(token), None, "{token}");
        }
    }
}
