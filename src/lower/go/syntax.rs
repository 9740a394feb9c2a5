//! What is asked of the syntax tree beside its nodes.

use tree_sitter::Node;

use crate::lower::tree;

/// Whether any node within `root`, itself included, is such.
pub(super) fn any_within(root: Node<'_>, is_such: impl Fn(Node<'_>) -> bool) -> bool {
    let mut cursor = root.walk();
    loop {
        if is_such(cursor.node()) {
            return true;
        }
        if cursor.goto_first_child() {
            continue;
        }
        while !cursor.goto_next_sibling() {
            if !cursor.goto_parent() {
                return false;
            }
        }
    }
}

/// The first node that is an error or was made up to go on.
pub(super) fn first_error(root: Node<'_>) -> Option<Node<'_>> {
    tree::first_error(root).map(|error| if error == root { first_stray(root) } else { error })
}

/// Where a file goes wrong that gave no tree as a whole: at the first of its parts that is no
/// declaration.
fn first_stray(root: Node<'_>) -> Node<'_> {
    let mut cursor = root.walk();
    let is_stray = |part: &Node<'_>| {
        let fits = part.kind().ends_with("_declaration") || part.kind() == "package_clause";
        !fits && !tree::is_comment(*part) && part.start_byte() < part.end_byte() && part.kind().trim() != ""
    };
    root.children(&mut cursor).find(is_stray).unwrap_or(root)
}
