//! Reads one file within its limits, or says why not.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::sync::Arc;

use crate::model::problem::ProblemKind;
use crate::model::source::FileKind;

use super::deployed;
use super::environment;
use super::kinds::{is_document, limit};
use super::sniff::{Verdict, is_descriptor_set, sniff};

/// So many bytes of a YAML or JSON file are read before it is known to concern us.
const HEAD_BYTES: u64 = 16 << 10;

/// What came of reading a file.
#[derive(Debug)]
pub(super) enum Reading {
    /// Its text, without a byte order mark.
    Text(Arc<str>),
    /// The content of a compiled descriptor set.
    Set(Arc<[u8]>),
    /// The text of a file that says how software is run.
    Deployment(Arc<str>),
    /// The text of a file of which only the variables that it sets concern us.
    Environment(Arc<str>),
    /// YAML or JSON, or a binary file, that is neither.
    NotOurs,
    /// It concerns us and cannot be read: the kind of problem, and why.
    Lost(ProblemKind, String),
}

/// How sure it is that a document is one of ours, before a byte of it is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Claim {
    /// Somebody names it: the configuration, or a `$ref` of a contract.
    Named,
    /// Its content has to tell.
    Found,
}

/// Reads a regular file on disk.
pub(super) fn file(path: &Path, kind: FileKind, claim: Claim) -> Reading {
    let open = || {
        let file = File::open(path)?;
        let size = file.metadata()?.len();
        content(file, size, kind, claim)
    };
    open().unwrap_or_else(|error| {
        let lost = claim == Claim::Named || kind == FileKind::Proto;
        Reading::Lost(loss(lost), format!("cannot be read: {error}"))
    })
}

/// Reads `size` bytes of `input`, wherever they come from.
pub(super) fn content(mut input: impl Read, size: u64, kind: FileKind, claim: Claim) -> io::Result<Reading> {
    let mut bytes = Vec::new();
    let mut verdict = Verdict::Contract;
    if claim == Claim::Found && matches!(kind, FileKind::Yaml | FileKind::Json) {
        input.by_ref().take(HEAD_BYTES).read_to_end(&mut bytes)?;
        verdict = sniff(&bytes, kind, size <= HEAD_BYTES);
    }
    if kind == FileKind::DescriptorSet {
        input.by_ref().take(HEAD_BYTES).read_to_end(&mut bytes)?;
        verdict = if is_descriptor_set(&bytes) { Verdict::Contract } else { Verdict::Other };
    }
    if verdict == Verdict::Other || kind == FileKind::Deployment {
        return deployment(input, bytes, size, kind);
    }
    let is_contract = verdict == Verdict::Contract && is_document(kind);
    if size <= limit(kind) {
        bytes.reserve_exact(usize::try_from(size).unwrap_or_default().saturating_sub(bytes.len()) + 1);
        // A file that grows while it is read is cut, and then found to be too long.
        input.take(limit(kind) + 1).read_to_end(&mut bytes)?;
    }
    let length = size.max(bytes.len() as u64);
    if length > limit(kind) {
        let message = format!("{length} bytes are more than the {} that are read", limit(kind));
        return Ok(Reading::Lost(loss(is_contract), message));
    }
    if verdict == Verdict::Perhaps && sniff(&bytes, kind, true) != Verdict::Contract {
        return deployment(io::empty(), bytes, length, kind);
    }
    if kind == FileKind::DescriptorSet {
        return Ok(Reading::Set(bytes.into()));
    }
    Ok(decode(bytes, is_document(kind)))
}

/// The rest of what is no contract: a deployment file, or nothing for us. One that cannot be read as text is
/// no loss that anybody has to hear of.
fn deployment(input: impl Read, mut bytes: Vec<u8>, size: u64, kind: FileKind) -> io::Result<Reading> {
    let may_be_one = match kind {
        FileKind::Yaml | FileKind::Json => deployed::may_be_one(&bytes),
        _ => kind == FileKind::Deployment,
    };
    if !may_be_one || size > limit(FileKind::Deployment) {
        return Ok(Reading::NotOurs);
    }
    input.take(limit(FileKind::Deployment)).read_to_end(&mut bytes)?;
    let keep = match (deployed::is_one(&bytes), kind) {
        (true, _) => Reading::Deployment,
        (false, FileKind::Yaml) if environment::may_set(&bytes) => Reading::Environment,
        _ => return Ok(Reading::NotOurs),
    };
    Ok(match decode(bytes, false) {
        Reading::Text(text) => keep(text),
        _ => Reading::NotOurs,
    })
}

fn decode(mut bytes: Vec<u8>, is_contract: bool) -> Reading {
    if bytes.starts_with(b"\xEF\xBB\xBF") {
        bytes.drain(..3);
    }
    match String::from_utf8(bytes) {
        Ok(text) => Reading::Text(text.into()),
        Err(error) => {
            let message = format!("not UTF-8, from byte {} on", error.utf8_error().valid_up_to());
            Reading::Lost(loss(is_contract), message)
        }
    }
}

/// A lost contract makes the run incomplete, a lost file of code does not.
const fn loss(is_contract: bool) -> ProblemKind {
    if is_contract { ProblemKind::ContractUnreadable } else { ProblemKind::FileSkipped }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::source::Language;

    fn read(bytes: &[u8], kind: FileKind) -> Reading {
        content(bytes, bytes.len() as u64, kind, Claim::Found).unwrap()
    }

    #[test]
    fn a_byte_order_mark_is_dropped() {
        let Reading::Text(text) = read("\u{feff}package a\n".as_bytes(), FileKind::Code(Language::Go)) else {
            panic!()
        };
        assert_eq!(&*text, "package a\n");
    }

    #[test]
    fn what_is_not_utf_8_is_told_with_its_byte() {
        let Reading::Lost(kind, message) = read(b"package \xFF", FileKind::Code(Language::Go)) else { panic!() };
        assert_eq!((kind, message.as_str()), (ProblemKind::FileSkipped, "not UTF-8, from byte 8 on"));
        let Reading::Lost(kind, _) = read(b"openapi: 3.0.0\n# \xFF", FileKind::Yaml) else { panic!() };
        assert_eq!(kind, ProblemKind::ContractUnreadable);
        assert!(matches!(read(b"a: \xFF", FileKind::Yaml), Reading::NotOurs));
    }

    #[test]
    fn a_version_after_the_first_part_is_found() {
        let long = format!(r#"{{"components": "{}", "openapi": "3.0.0"}}"#, "x".repeat(40_000));
        assert!(matches!(read(long.as_bytes(), FileKind::Json), Reading::Text(_)));
        let other = format!(r#"{{"components": "{}", "version": "3.0.0"}}"#, "x".repeat(40_000));
        assert!(matches!(read(other.as_bytes(), FileKind::Json), Reading::NotOurs));
    }

    #[test]
    fn a_contract_that_is_too_long_is_a_lost_contract() {
        let size = limit(FileKind::Yaml) + 1;
        let Reading::Lost(kind, _) = content(&b"openapi: 3.0.0"[..], size, FileKind::Yaml, Claim::Found).unwrap()
        else {
            panic!()
        };
        assert_eq!(kind, ProblemKind::ContractUnreadable);
        let code = content(&b""[..], 5 << 20, FileKind::Code(Language::Rust), Claim::Found).unwrap();
        assert!(matches!(code, Reading::Lost(ProblemKind::FileSkipped, _)));
    }
}
