//! Reads what can be read of a file with syntax errors.

use proc_macro2::{Delimiter, TokenStream, TokenTree};

/// The first syntax error of a file.
pub(super) struct SyntaxError {
    /// Byte offset.
    pub(super) at: u32,
    /// What the parser says.
    pub(super) message: String,
}

/// All items of a file, and the first error if there is one. Where the file as a whole is no Rust,
/// each of its items is tried alone, and those that are Rust are used.
pub(super) fn items(text: &str) -> (Vec<syn::Item>, Option<SyntaxError>) {
    let error = match syn::parse_file(text) {
        Ok(file) => return (file.items, None),
        Err(error) => error,
    };
    let at = u32::try_from(error.span().byte_range().start).unwrap_or(0);
    let message = error.to_string();
    // Where not even tokens can be made (a stray quote or bracket), the text is cut at that place.
    let tokens = text.parse::<TokenStream>().ok().or_else(|| tokens_before(text, at));
    let items = tokens.map(item_by_item).unwrap_or_default();
    (items, Some(SyntaxError { at, message }))
}

/// Tokens of the lines before an offset; open brackets are cut back to where none is open.
fn tokens_before(text: &str, at: u32) -> Option<TokenStream> {
    let mut end = text.get(..at as usize).map_or(text.len(), str::len);
    for _ in 0..256 {
        let before = text.get(..end)?;
        if let Ok(tokens) = before.parse() {
            return Some(tokens);
        }
        // An item that is broken begins at the start of a line, as rustfmt would have it.
        end = before.trim_end_matches('\n').rmatch_indices('\n').map(|(at, _)| at + 1).find(|start| {
            text.get(*start..)
                .is_some_and(|rest| rest.starts_with(|letter: char| letter.is_alphabetic() || letter == '#'))
        })?;
    }
    None
}

/// Cuts tokens behind each `;` and `{}` at the top and tries each piece as an item.
fn item_by_item(tokens: TokenStream) -> Vec<syn::Item> {
    let mut items = Vec::new();
    let mut piece = Vec::new();
    for token in tokens {
        let ends = match &token {
            TokenTree::Punct(punct) => punct.as_char() == ';',
            TokenTree::Group(group) => group.delimiter() == Delimiter::Brace,
            _ => false,
        };
        piece.push(token);
        if ends {
            try_item(&mut piece, &mut items);
        }
    }
    try_item(&mut piece, &mut items);
    items
}

fn try_item(piece: &mut Vec<TokenTree>, items: &mut Vec<syn::Item>) {
    if let Ok(item) = syn::parse2(piece.drain(..).collect()) {
        items.push(item);
    }
}

/// Where brackets are nested too deep. Strings and comments are not told from code: text that looks
/// like brackets counts, which only matters for files that hold hundreds of open ones.
pub(super) fn too_deep(text: &str, limit: usize) -> Option<u32> {
    let mut depth = 0usize;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'(' | b'[' | b'{' => depth += 1,
            b')' | b']' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > limit {
            return u32::try_from(at).ok();
        }
    }
    None
}
