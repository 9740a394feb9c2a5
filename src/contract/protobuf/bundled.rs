//! What is known without any file: messages that come with protobuf and its usual companions.
//!
//! Copies of protobuf's own files (`google/protobuf/*.proto`) in a tree are passed over: they are no
//! contract of anybody, and generators use those that come with them as well.

use crate::model::contract::Shape;

/// Files of protobuf itself, below the folder of its package.
const NAMES: &[&str] = &[
    "any",
    "api",
    "compiler/plugin",
    "cpp_features",
    "descriptor",
    "duration",
    "empty",
    "field_mask",
    "go_features",
    "java_features",
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

/// Whether the file at this path is a copy of one that comes with protobuf.
pub(super) fn is_copy(path: &str) -> bool {
    let tail = path.rfind("google/protobuf/").and_then(|at| path.get(at..));
    tail.is_some_and(is_bundled)
}

/// What a message that is built in is to a reader: anything, for the ones that hold any value, else
/// one opaque scalar by its full name (`google.protobuf.Timestamp`), for nobody's contract declares
/// their fields.
pub(super) fn shape(full_name: &str) -> Shape {
    match full_name.strip_prefix("google.protobuf.") {
        Some("Any" | "Struct" | "Value" | "ListValue") => Shape::Any,
        _ => Shape::Scalar { kind: full_name.into(), format: None },
    }
}
