//! What front ends ask of a tree-sitter tree beside its nodes.

use tree_sitter::Node;

use crate::model::problem::{Problem, ProblemKind};
use crate::model::source::{FileId, Site, Span};

/// The place of a node.
pub(super) fn span(file: FileId, node: Node<'_>) -> Span {
    // Files of 4 GiB are refused long before.
    let offset = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    Span::new(file, offset(node.start_byte()), offset(node.end_byte()))
}

/// Whether a node means nothing. Syntax errors are extras of the grammar as well, but are none.
pub(super) fn is_comment(node: Node<'_>) -> bool {
    node.is_extra() && !node.is_error()
}

/// What is said of a file with syntax errors: where the first one is.
pub(super) fn unreadable(id: FileId, root: Node<'_>, language: &str) -> Option<Problem> {
    let error = first_error(root)?;
    let message = if error.is_missing() {
        format!("syntax error in {language} code: `{}` is missing here; the rest of the file is used", error.kind())
    } else {
        format!("syntax error in {language} code; the rest of the file is used")
    };
    Some(Problem::at(ProblemKind::CodeUnreadable, Site::Span(span(id, error)), message))
}

/// The first node that is an error or was made up to go on; the root if it is none of its parts.
fn first_error(root: Node<'_>) -> Option<Node<'_>> {
    if !root.has_error() {
        return None;
    }
    let mut cursor = root.walk();
    loop {
        let node = cursor.node();
        if node.is_missing() || (node.is_error() && node != root) {
            return Some(node);
        }
        if node.has_error() && cursor.goto_first_child() {
            continue;
        }
        while !cursor.goto_next_sibling() {
            if !cursor.goto_parent() {
                return Some(root);
            }
        }
    }
}
