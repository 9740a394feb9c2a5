//! The words of a name.

/// The words of a name in lower case: `dateOfBirth`, `date_of_birth` and `DateOfBIRTH` are the same.
#[must_use]
pub fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut before = ' ';
    let mut rest = name.chars().peekable();
    while let Some(c) = rest.next() {
        let ends_capitals = before.is_uppercase() && rest.peek().is_some_and(|next| next.is_lowercase());
        let starts = !before.is_alphanumeric() || (c.is_uppercase() && (!before.is_uppercase() || ends_capitals));
        before = c;
        if !c.is_alphanumeric() {
            continue;
        }
        match words.last_mut() {
            Some(word) if !starts => word.extend(c.to_lowercase()),
            _ => words.push(c.to_lowercase().collect()),
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_begin_at_capitals_and_behind_signs() {
        for name in ["dateOfBirth", "date_of_birth", "DateOfBIRTH", "date-of-birth"] {
            assert_eq!(words(name), ["date", "of", "birth"]);
        }
        assert_eq!(words("sha256Hex"), ["sha256", "hex"]);
        assert_eq!(words("toJSONText"), ["to", "json", "text"]);
    }
}
