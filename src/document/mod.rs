//! YAML and JSON texts as trees that keep where everything is written.
//!
//! ```text
//! json ──┐
//!        ├─> build ─> tree ─> readers (values), locate (places)
//! yaml ──┘     recover
//! ```
//!
//! A tree holds no text of its own: keys and values are ranges of the file, and only what is written
//! with escapes is decoded, when somebody asks for it. So a tree costs one small record for each
//! value, and every place is known without having been computed. Aliases are links, never copies:
//! no text makes a tree that is larger than itself.
//!
//! Neither parser recurses, so depth is limited by [`MAX_DEPTH`] alone, for the sake of those who walk
//! the tree.

mod build;
mod fault;
mod json;
mod json_token;
pub(crate) mod pointer;
mod recover;
mod scalar;
mod straighten;
#[cfg(test)]
mod tests;
mod tree;
mod yaml;

use std::sync::Arc;

pub(crate) use self::fault::{Fault, Lost, What};
pub(crate) use self::tree::{Index, Kind, Tree};
use crate::model::source::FileKind;

/// Lists and mappings inside each other; what is deeper is left out.
pub(crate) const MAX_DEPTH: usize = 1_000;

/// A range of bytes of a text.
pub(crate) type Range = std::ops::Range<u32>;

/// Reads a text, whatever is wrong with it.
#[must_use]
pub(crate) fn read(text: &Arc<str>, kind: FileKind) -> (Tree, Vec<Fault>) {
    match kind {
        FileKind::Json => json::read(text),
        // YAML may be written as JSON, which reads ten times as fast.
        _ if text.trim_start().starts_with('{') => {
            let (tree, faults) = json::read(text);
            if faults.is_empty() { (tree, faults) } else { recover::read(text) }
        }
        _ => recover::read(text),
    }
}

/// An offset as it is stored; files of 4 GiB are refused long before.
fn offset(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}
