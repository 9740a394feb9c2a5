//! The text of a `.proto` file into a syntax tree, whatever state it is in.
//!
//! ```text
//! lexer ─> parser ─┬─> file ─┬─> message ─> field
//! tokens   cursor  │         ├─> declaration (enumerations, services, extensions)
//!          faults  └─> option ─> literal
//! ```
//!
//! A syntax error costs its statement: the parser goes on behind the next `;`, behind the body that
//! it met, or at a line that looks like the next statement. Where a `}` is missing, the columns of
//! declarations tell where it should have been (see [`parse`]).

#[expect(dead_code, reason = "the tree has the place of everything, the model not yet")]
pub(in crate::contract::protobuf) mod ast;
mod declaration;
mod field;
mod file;
mod lexer;
mod literal;
mod message;
mod option;
#[cfg(test)]
mod oracle;
mod parser;
#[cfg(test)]
mod tests;

use self::ast::File;
use self::parser::Parser;

/// Parses a file. Linear in its length.
///
/// A text with a `{` that is never closed is parsed a second time: then a declaration in the first
/// column also ends the bodies of those above it.
pub(in crate::contract::protobuf) fn parse(text: &str) -> File<'_> {
    let mut parser = Parser::new(text, false);
    let file = parser.file();
    if parser.open_body.is_none() {
        return file;
    }
    Parser::new(text, true).file()
}
