//! The text of one `.proto` file to its syntax tree, whatever state the text is in.
//!
//! `lexer` cuts the text into tokens, `comments` says which comment belongs to what; `parser` is the
//! place in the text and the list of faults, `recover` finds the way back after a fault. The grammar
//! lies in `file`, `message`, `field`, `ranges`, `enumeration`, `service`, `options` and `value`;
//! `literal` reads numbers and strings.
//!
//! A fault costs its statement: reading goes on behind the next `;` or balanced `}`, or where a line
//! begins a declaration. Names borrow from the text and every byte is looked at once, so time and
//! memory grow with the length of the text.
//!
//! Grammar: the protobuf language specifications of proto2, proto3 and editions, and the text format
//! specification for values in braces.

pub(in crate::contract::protobuf) mod ast;
mod comments;
mod enumeration;
mod field;
mod file;
mod lexer;
mod literal;
mod message;
mod options;
#[cfg(test)]
mod oracle;
mod parser;
#[cfg(test)]
mod properties;
mod ranges;
mod recover;
mod service;
#[cfg(test)]
mod tests;
mod value;

use self::ast::{Fault, File, Range};
use self::parser::{Layout, Parser};

/// Reads one file. What cannot be read is among [`File::faults`], all else in the tree.
pub(in crate::contract::protobuf) fn parse(text: &str) -> File<'_> {
    if u32::try_from(text.len()).is_err() {
        let message = "the file is longer than 4 GiB and is not read".to_owned();
        return File { faults: vec![Fault { range: Range::default(), message }], ..File::default() };
    }
    let (file, unclosed) = Parser::new(text, Layout::Ignored).file();
    if !unclosed {
        return file;
    }
    // A brace is missing somewhere: indentation tells better than the end of the file where.
    Parser::new(text, Layout::Trusted).file().0
}
