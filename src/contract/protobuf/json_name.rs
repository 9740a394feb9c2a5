//! The name of a field in JSON.

/// The name that follows from the field's own: underscores go, and the letter behind one is upper
/// case (protobuf.dev, "`ProtoJSON` Format", `json_name`).
pub(super) fn derived(name: &str) -> String {
    let mut json = String::with_capacity(name.len());
    let mut raise = false;
    for c in name.chars() {
        if c == '_' {
            raise = true;
        } else if std::mem::take(&mut raise) {
            json.push(c.to_ascii_uppercase());
        } else {
            json.push(c);
        }
    }
    json
}

#[cfg(test)]
mod tests {
    use super::derived;

    #[test]
    fn a_letter_behind_an_underscore_is_upper_case() {
        for (name, json) in
            [("user_id", "userId"), ("a", "a"), ("_a_b", "AB"), ("a__b_", "aB"), ("x_1y", "x1y"), ("fooBar", "fooBar")]
        {
            assert_eq!(derived(name), json);
        }
    }
}
