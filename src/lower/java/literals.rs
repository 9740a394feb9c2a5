//! Values of literals as they are written.

/// The text of a string literal or text block.
pub(super) fn string(written: &str) -> String {
    match written.strip_prefix("\"\"\"") {
        Some(rest) => unescaped(&block(rest.strip_suffix("\"\"\"").unwrap_or(rest))),
        None => {
            let inner = written.strip_prefix('"').unwrap_or(written);
            unescaped(inner.strip_suffix('"').unwrap_or(inner))
        }
    }
}

/// The text of a character literal.
pub(super) fn character(written: &str) -> String {
    let inner = written.strip_prefix('\'').unwrap_or(written);
    unescaped(inner.strip_suffix('\'').unwrap_or(inner))
}

/// A text block without what all its lines are indented by (JLS 3.10.6).
fn block(inner: &str) -> String {
    let Some((_, content)) = inner.split_once('\n') else { return inner.to_owned() };
    let lines: Vec<&str> = content.split('\n').map(|line| line.strip_suffix('\r').unwrap_or(line)).collect();
    let indent = |line: &str| line.len() - line.trim_start_matches([' ', '\t']).len();
    let last = lines.len().saturating_sub(1);
    // The line of the closing quotes counts though it is blank.
    let counted = lines.iter().enumerate().filter(|(at, line)| *at == last || !line.trim().is_empty());
    let common = counted.map(|(_, line)| indent(line)).min().unwrap_or(0);
    let stripped: Vec<&str> =
        lines.iter().map(|line| line.get(common..).unwrap_or_default().trim_end_matches([' ', '\t'])).collect();
    stripped.join("\n")
}

/// Text with its escape sequences replaced.
fn unescaped(text: &str) -> String {
    if !text.contains('\\') {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        if letter != '\\' {
            out.push(letter);
            continue;
        }
        match letters.next() {
            Some('n') => out.push('\n'),
            Some('t') => out.push('\t'),
            Some('r') => out.push('\r'),
            Some('b') => out.push('\u{8}'),
            Some('f') => out.push('\u{c}'),
            Some('s') => out.push(' '),
            // A line end that is not one.
            Some('\n') | None => {}
            Some('u') => {
                while letters.next_if_eq(&'u').is_some() {}
                let digits: String = (0..4).filter_map(|_| letters.next_if(char::is_ascii_hexdigit)).collect();
                out.extend(u32::from_str_radix(&digits, 16).ok().and_then(char::from_u32));
            }
            Some(digit @ '0'..='7') => {
                let mut code = digit.to_digit(8).unwrap_or(0);
                let most = if digit <= '3' { 2 } else { 1 };
                for _ in 0..most {
                    let Some(next) = letters.next_if(|next| ('0'..='7').contains(next)) else { break };
                    code = code * 8 + next.to_digit(8).unwrap_or(0);
                }
                out.extend(char::from_u32(code));
            }
            Some(other) => out.push(other),
        }
    }
    out
}

/// A whole number in any notation; one that does not fit is the nearest that does.
pub(super) fn int(written: &str) -> i64 {
    let text = written.replace('_', "").to_ascii_lowercase();
    let text = text.strip_suffix('l').unwrap_or(&text);
    let (digits, radix) = if let Some(hex) = text.strip_prefix("0x") {
        (hex, 16)
    } else if let Some(binary) = text.strip_prefix("0b") {
        (binary, 2)
    } else if text.len() > 1 && text.starts_with('0') {
        (text, 8)
    } else {
        (text, 10)
    };
    // Digits of another radix than ten may mean a negative number; such are masks.
    u64::from_str_radix(digits, radix).map_or(i64::MAX, |number| i64::try_from(number).unwrap_or(i64::MAX))
}

/// Any other number.
pub(super) fn float(written: &str) -> f64 {
    let text = written.replace('_', "").to_ascii_lowercase();
    text.trim_end_matches(['f', 'd']).parse().unwrap_or(0.0)
}
