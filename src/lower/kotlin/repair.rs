//! Kotlin that the grammar does not know, written so that it does: with the same places, for the parser alone.

use tree_sitter::{Node, Parser, Tree};

use crate::lower::tree;

/// The tree of a text. Where it has errors, those of a text in which the known gaps of the grammar are written
/// otherwise are compared, and the tree with less that was not understood counts.
pub(super) fn parse(parser: &mut Parser, text: &str) -> Option<Tree> {
    let tree = tree::parse(parser, text)?;
    let mut best = (lost(tree.root_node()), tree);
    let mut text = text.to_owned();
    for repair in [as_statements, as_braces_of_their_own] {
        if best.0 == 0 {
            break;
        }
        text = repair(&text);
        let Some(tree) = tree::parse(parser, &text) else { continue };
        let lost = lost(tree.root_node());
        if lost < best.0 {
            best = (lost, tree);
        }
    }
    Some(best.1)
}

/// How many bytes stand in what was not understood, and one for each thing that is missing.
fn lost(root: Node<'_>) -> usize {
    if !root.has_error() {
        return 0;
    }
    let mut cursor = root.walk();
    let mut sum = 0;
    loop {
        let node = cursor.node();
        let is_lost = node.is_error();
        sum += if is_lost { node.byte_range().len() } else { usize::from(node.is_missing()) };
        if !is_lost && node.has_error() && cursor.goto_first_child() {
            continue;
        }
        while !cursor.goto_next_sibling() {
            if !cursor.goto_parent() {
                return sum.max(1);
            }
        }
    }
}

/// Lines that the grammar takes for parts of the property above them.
fn as_statements(text: &str) -> String {
    let lines = text.split_inclusive('\n').map(|line| {
        let code = line.trim_start();
        let indent = &line[..line.len() - code.len()];
        // A call of `get("path")` or `set(key)` is no accessor: those have no argument, or one with braces behind it.
        let is_call = (code.starts_with("get(") && !code.starts_with("get()")) || code.starts_with("set(\"");
        if let Some(shorter) = indent.strip_suffix(' ').filter(|_| is_call) {
            return format!("{shorter};{code}");
        }
        // An explicit backing field (Kotlin 2.3, KEEP-430) is what the property holds.
        if let Some(value) = code.strip_prefix("field = ") {
            return format!("{indent}      = {value}");
        }
        without_annotations_of_types(line)
    });
    lines.collect()
}

/// `content: @Composable (() -> Unit)`: the parentheses are the type's, not the annotation's.
fn without_annotations_of_types(line: &str) -> String {
    let mut line = line.to_owned();
    let mut from = 0;
    while let Some(at) = line.get(from..).and_then(|rest| rest.find(": @")) {
        let begin = from + at + ": ".len();
        let name =
            line[begin + 1..].find(|letter: char| !letter.is_alphanumeric()).map_or(line.len(), |len| begin + 1 + len);
        if line[name..].starts_with(" (") {
            line.replace_range(begin..name, &" ".repeat(name - begin));
        }
        from = name;
    }
    line
}

/// A property may end with the braces around it: `object A { val b = 1 }`.
fn as_braces_of_their_own(text: &str) -> String {
    text.replace(" }", "\n}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn errors(text: &str) -> usize {
        let mut parser = Parser::new();
        parser.set_language(&tree_sitter_kotlin_ng::LANGUAGE.into()).expect("the grammar fits");
        let tree = parse(&mut parser, text).expect("a tree");
        lost(tree.root_node())
    }

    #[test]
    fn what_the_grammar_does_not_know_is_read() {
        for text in [
            "fun Route.users() {\n    val users: Users by inject()\n\n    get(\"users\") {\n        call.respond(users.all())\n    }\n}\n",
            "class Model {\n    val state: StateFlow<Boolean>\n        field = MutableStateFlow(false)\n\n    val more = 1\n}\n",
            "@Composable\nfun Page(\n    title: String,\n    content: @Composable (() -> Unit)\n) {\n    content()\n}\n",
            "object A { val b = 1 }\n",
            "class A {\n    val b: Int\n        get() = 1\n    var c: Int\n        get() = 1\n        set(value) { d = value }\n}\n",
        ] {
            assert_eq!(errors(text), 0, "{text}");
        }
    }

    #[test]
    fn what_is_broken_stays_so_with_the_same_places() {
        assert!(errors("fun a() {\n    val x = = 1\n}\nfun b() {}\n") > 0);
        let text = "class Ä {\n    val b by c()\n\n    get(\"d\")\n        field = 1\n    val e: @F (G) = h }\n";
        assert_eq!(as_braces_of_their_own(&as_statements(text)).len(), text.len());
    }
}
