//! The text of a `.proto` file without what carries no meaning.

/// The text without comments, and with white space only where two words would run together.
/// Strings stay as they are. Equal results mean files that declare the same.
pub(super) fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    let mut gap = false;
    while let Some(c) = chars.next() {
        match (c, chars.peek()) {
            ('/', Some('/')) => {
                chars.by_ref().find(|c| *c == '\n');
                gap = true;
            }
            ('/', Some('*')) => {
                chars.next();
                skip_block(&mut chars);
                gap = true;
            }
            _ if c.is_whitespace() => gap = true,
            _ => {
                if std::mem::take(&mut gap) && is_word(c) && out.chars().next_back().is_some_and(is_word) {
                    out.push(' ');
                }
                out.push(c);
                if c == '"' || c == '\'' {
                    copy_string(&mut chars, c, &mut out);
                }
            }
        }
    }
    out
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// Skips to the end of a block comment.
fn skip_block(chars: &mut impl Iterator<Item = char>) {
    let mut star = false;
    for c in chars {
        if star && c == '/' {
            return;
        }
        star = c == '*';
    }
}

/// Copies the rest of a string literal with its closing quote. A line ends it too: protobuf
/// has no string over lines, and a stray quote must not swallow the file.
fn copy_string(chars: &mut impl Iterator<Item = char>, quote: char, out: &mut String) {
    let mut escaped = false;
    for c in chars {
        out.push(c);
        if c == '\n' || (c == quote && !escaped) {
            return;
        }
        escaped = c == '\\' && !escaped;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_and_white_space_do_not_count() {
        let a = "syntax = \"proto3\"; // one\r\nmessage A {\r\n  /* two */ int32 x = 1;\r\n}\r\n";
        let b = "syntax=\"proto3\";\nmessage A{int32 x=1;}";
        assert_eq!(plain(a), plain(b));
        assert_eq!(plain(b), "syntax=\"proto3\";message A{int32 x=1;}");
    }

    #[test]
    fn words_and_strings_stay_apart() {
        assert_eq!(plain("message/**/A"), "message A");
        assert_ne!(plain("messageA"), plain("message A"));
        assert_eq!(plain(r#"option x = "a // b \" c";"#), r#"option x="a // b \" c";"#);
    }
}
