//! The files that come with protobuf itself (`google/protobuf/*.proto`).
//!
//! Copies of them in a tree are passed over: they are no contract of anybody, and generators use
//! the built-in ones as well.

use prost_reflect::prost_types::FileDescriptorProto;
use protox::file::{FileResolver, GoogleFileResolver};

use crate::model::contract::Shape;

/// The package of the bundled files.
pub(super) const PACKAGE: &str = "google.protobuf";

/// Their names below the package's folder.
const NAMES: &[&str] = &[
    "any",
    "api",
    "compiler/plugin",
    "descriptor",
    "duration",
    "empty",
    "field_mask",
    "source_context",
    "struct",
    "timestamp",
    "type",
    "wrappers",
];

/// Whether a file with this import path comes with protobuf itself.
pub(super) fn is_bundled(import: &str) -> bool {
    let name = import.strip_prefix("google/protobuf/").and_then(|name| name.strip_suffix(".proto"));
    name.is_some_and(|name| NAMES.contains(&name))
}

/// The file with this import path.
pub(super) fn open(import: &str) -> Option<FileDescriptorProto> {
    GoogleFileResolver::new().open_file(import).ok().map(Into::into)
}

/// Whether the file at this path is a copy of a bundled one.
pub(super) fn is_copy(path: &str) -> bool {
    let tail = path.rfind("google/protobuf/").and_then(|at| path.get(at..));
    tail.is_some_and(is_bundled)
}

/// What a message of these files is to a reader: anything, for the ones that hold any value, else
/// one opaque scalar by its full name (`google.protobuf.Timestamp`), for nobody's contract
/// declares their fields.
pub(super) fn shape(full_name: &str) -> Shape {
    match full_name.strip_prefix("google.protobuf.") {
        Some("Any" | "Struct" | "Value" | "ListValue") => Shape::Any,
        _ => Shape::Scalar { kind: full_name.into(), format: None },
    }
}
