//! Lines of a flow collection that stand too far left.
//!
//! YAML wants them further right than the key they belong to, but few parsers insist, and JSON that was
//! pasted into a contract often ends in a `}` below its key. Joined to the line before, such lines are
//! right for every parser, and no byte of them moves.

use super::yaml::Broken;

/// The text with the lines joined that the mistake is about; `None` if it is about something else.
pub(super) fn straighten(text: &str, mistake: &Broken) -> Option<String> {
    if !mistake.message.contains("invalid indentation") {
        return None;
    }
    let bytes = text.as_bytes();
    let end = end_of_flow(bytes, mistake)?;
    let mut joined = bytes.to_vec();
    join(joined.get_mut(mistake.understood..end)?);
    String::from_utf8(joined).ok()
}

/// The index behind the bracket that closes the outermost collection around a mistake; `None` if it is
/// in none.
fn end_of_flow(bytes: &[u8], mistake: &Broken) -> Option<usize> {
    let (mut at, mut open) = (mistake.understood, mistake.flows);
    loop {
        match bytes.get(at)? {
            _ if at >= mistake.at && open == 0 => return None,
            b'{' | b'[' => open += 1,
            b'}' | b']' if at >= mistake.at && open == 1 => return Some(at + 1),
            b'}' | b']' => open = open.checked_sub(1)?,
            quote @ (b'"' | b'\'') => at = end_of_quoted(bytes, at, *quote)?,
            _ => {}
        }
        at += 1;
    }
}

/// The index of the quote that ends a quoted scalar. Two single quotes are one scalar after another,
/// which comes to the same.
fn end_of_quoted(bytes: &[u8], start: usize, quote: u8) -> Option<usize> {
    let mut at = start + 1;
    loop {
        match *bytes.get(at)? {
            b'\\' if quote == b'"' => at += 2,
            byte if byte == quote => return Some(at),
            _ => at += 1,
        }
    }
}

/// Replaces line ends by spaces, and the comments before them.
fn join(bytes: &mut [u8]) {
    let (mut quote, mut in_comment, mut before) = (None, false, b' ');
    for byte in bytes {
        let this = *byte;
        match (this, quote) {
            (b'\n' | b'\r', _) => {
                *byte = b' ';
                in_comment = false;
            }
            (_, None) if in_comment => *byte = b' ',
            (b'#', None) if before.is_ascii_whitespace() => {
                *byte = b' ';
                in_comment = true;
            }
            (b'"' | b'\'', None) => quote = Some(this),
            (_, Some(open)) if this == open && before != b'\\' => quote = None,
            _ => {}
        }
        before = this;
    }
}
