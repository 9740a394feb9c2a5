//! Lists and numbers as messages name them.

/// `1 consumer`, `3 consumers`.
#[must_use]
pub fn count(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

/// `a`, `a and b`, `a, b and c`.
#[must_use]
pub fn and(names: &[String]) -> String {
    match names {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

/// The first `most` names, and how many more there are: `a, b and 3 more`.
#[must_use]
pub fn shortened(names: &[String], most: usize) -> String {
    match names.get(..most) {
        Some(shown) if shown.len() < names.len() => {
            format!("{} and {} more", shown.join(", "), names.len() - shown.len())
        }
        _ => names.join(", "),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(text: &str) -> Vec<String> {
        text.split_whitespace().map(str::to_owned).collect()
    }

    #[test]
    fn a_list_ends_with_and() {
        assert_eq!(and(&names("a")), "a");
        assert_eq!(and(&names("a b")), "a and b");
        assert_eq!(and(&names("a b c")), "a, b and c");
    }

    #[test]
    fn a_long_list_says_how_many_more_there_are() {
        assert_eq!(shortened(&names("a b"), 2), "a, b");
        assert_eq!(shortened(&names("a b c d"), 2), "a, b and 2 more");
    }

    #[test]
    fn one_is_singular() {
        assert_eq!(count(1, "consumer", "consumers"), "1 consumer");
        assert_eq!(count(0, "consumer", "consumers"), "0 consumers");
    }
}
