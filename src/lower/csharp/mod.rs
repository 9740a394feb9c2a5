//! C#, through tree-sitter.
//!
//! A name is written without the namespace that it comes from, and often without `this`. What a file
//! declares itself is known ([`names`]); any other type is named after the namespace that is open,
//! which has aliases for everything that the file uses ([`usings`]). Types and their members come
//! first ([`decls`], [`types`], [`members`], [`properties`], [`attributes`]), then statements
//! ([`stmts`], [`control`], [`patterns`]) and expressions ([`exprs`], [`calls`], [`creation`],
//! [`queries`], [`literals`]).
//!
//! What C# writes short is written long in the IR: members carry their `this`, initial values of
//! fields stand in constructors, queries are loops. Tasks are what they give.

mod attributes;
mod calls;
mod control;
mod creation;
mod decls;
mod exprs;
mod literals;
mod members;
mod names;
mod patterns;
mod properties;
mod queries;
mod stmts;
mod types;
mod usings;

#[cfg(test)]
mod tests;

use std::sync::Arc;

use tree_sitter::{Node, Parser, Tree, TreeCursor};

use crate::lower::tree;
use crate::lower::tree::Field as _;
use crate::model::ir::{Block, Expr, ExprKind, Fixme, Module, Stmt, StmtKind, Type};
use crate::model::problem::Problem;
use crate::model::source::{FileId, Language, SourceFile, Span, Workspace};
use names::{Local, Names};

/// Expressions, statements and types within each other. Deeper ones are not written by people, and
/// the stack of a worker thread must hold them, here and in every later stage.
const MAX_DEPTH: usize = 160;

/// The name of the receiver.
const THIS: &str = "this";

/// Lowers one file.
#[must_use]
pub fn lower(file: &SourceFile, id: FileId, _workspace: &Workspace) -> (Option<Module>, Vec<Problem>) {
    let tree = match tree::read(&tree_sitter_c_sharp::LANGUAGE.into(), "C#", id, |parser| parse(parser, &file.text)) {
        Ok(tree) => tree,
        Err(problem) => return (None, vec![problem]),
    };
    let root = tree.root_node();
    let problems = tree::unreadable(id, root, "C#").into_iter().collect();
    let mut lowerer = Lowerer::new(file, id, root);
    lowerer.file(root);
    (Some(lowerer.module), problems)
}

/// The tree of a text. The grammar knows `#if` only around whole declarations and statements: where that
/// was all that is wrong, the text is read without directives, and without what stands behind `#else`.
/// Places are the same in both.
fn parse(parser: &mut Parser, text: &str) -> Option<Tree> {
    let tree = tree::parse(parser, text)?;
    if !tree.root_node().has_error() || !text.contains("#if") {
        return Some(tree);
    }
    let plain = tree::parse(parser, &without_directives(text))?;
    Some(if plain.root_node().has_error() { tree } else { plain })
}

/// A text with blanks instead of directives, and instead of what is read only if the first condition
/// around it does not hold.
fn without_directives(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    // For each `#if` that is open, whether its first part is over.
    let mut open: Vec<bool> = Vec::new();
    for line in text.split_inclusive('\n') {
        let directive = line.trim_start().strip_prefix('#').map(str::trim_start);
        let is = |word: &str| directive.is_some_and(|directive| directive.starts_with(word));
        if is("if") {
            open.push(false);
        } else if is("el") {
            open.iter_mut().last().into_iter().for_each(|over| *over = true);
        } else if is("endif") {
            open.pop();
        }
        if directive.is_none() && !open.contains(&true) {
            plain.push_str(line);
        } else {
            plain.extend(line.bytes().map(|byte| if matches!(byte, b'\n' | b'\r') { char::from(byte) } else { ' ' }));
        }
    }
    plain
}

/// What lowering one file needs to know.
struct Lowerer<'t> {
    text: &'t str,
    file: FileId,
    module: Module,
    names: Names,
    /// Kept to be reused: making one allocates.
    cursor: TreeCursor<'t>,
    /// How many expressions, statements and types are open.
    depth: usize,
    /// What the function that is open gives, innermost last.
    results: Vec<Type>,
    /// What a `break` leaves, innermost last.
    leaves: Vec<Leaves>,
    /// What the types that are open derive from, innermost last.
    bases: Vec<Option<Type>>,
    /// Variables that the statement which is open declares in its expressions: `out var x`.
    declared: Vec<Stmt>,
}

/// What a `break` leaves.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Leaves {
    /// A loop.
    Loop,
    /// A `switch`. The IR has no jump out of a choice.
    Choice,
}

impl<'t> Lowerer<'t> {
    fn new(file: &'t SourceFile, id: FileId, root: Node<'t>) -> Self {
        let names = Names::new(&file.path);
        let module = Module {
            file: id,
            language: Language::CSharp,
            service: file.service,
            name: names.namespace().clone(),
            types: Vec::new(),
            funcs: Vec::new(),
            globals: Vec::new(),
            aliases: Vec::new(),
            implementations: Vec::new(),
            generated_client: false,
            includes: Vec::new(),
            generated: file.provenance.generated || file.provenance.vendored,
            test: file.provenance.test,
            fixmes: Vec::new(),
        };
        Self {
            text: &file.text,
            file: id,
            module,
            names,
            cursor: root.walk(),
            depth: 0,
            results: Vec::new(),
            leaves: Vec::new(),
            bases: Vec::new(),
            declared: Vec::new(),
        }
    }

    /// The text of a node. `@class` is the name `class`.
    fn text(&self, node: Node<'_>) -> &'t str {
        let text = self.text.get(node.byte_range()).unwrap_or_default();
        if node.kind() == "identifier" { text.strip_prefix('@').unwrap_or(text) } else { text }
    }

    fn name(&self, node: Node<'_>) -> Arc<str> {
        Arc::from(self.text(node))
    }

    fn span(&self, node: Node<'_>) -> Span {
        tree::span(self.file, node)
    }

    /// Children with a name in the grammar, without comments; what stands under `#if` and `#else`
    /// are children as well. The receiver (`this`, `base`) has no name in the grammar, but counts.
    fn children(&mut self, node: Node<'t>) -> Vec<Node<'t>> {
        let mut children = Vec::new();
        let mut open = vec![node];
        while let Some(next) = open.pop() {
            if next != node && !is_conditional(next) {
                children.push(next);
                continue;
            }
            let condition = next.field("condition").filter(|_| is_conditional(next));
            let inner = next.children(&mut self.cursor).filter(|child| counts(*child) && Some(*child) != condition);
            let at = open.len();
            open.extend(inner);
            if let Some(added) = open.get_mut(at..) {
                added.reverse();
            }
        }
        children
    }

    /// The first of them.
    fn first_child(&mut self, node: Node<'t>) -> Option<Node<'t>> {
        node.children(&mut self.cursor).find(|child| counts(*child))
    }

    /// Children of one kind.
    fn children_of(&mut self, node: Node<'t>, kind: &str) -> Vec<Node<'t>> {
        let mut children = self.children(node);
        children.retain(|child| child.kind() == kind);
        children
    }

    /// The first child of one kind.
    fn child_of(&mut self, node: Node<'t>, kind: &str) -> Option<Node<'t>> {
        node.children(&mut self.cursor).find(|child| child.kind() == kind)
    }

    /// Whether a word or sign stands directly in a node.
    fn has_token(&mut self, node: Node<'t>, token: &str) -> bool {
        self.child_of(node, token).is_some()
    }

    /// Whether a declaration has a modifier.
    fn has_modifier(&mut self, node: Node<'t>, modifier: &str) -> bool {
        let children = node.children(&mut self.cursor).filter(|child| child.kind() == "modifier");
        children.into_iter().any(|child| self.text.get(child.byte_range()) == Some(modifier))
    }

    /// Goes one level deeper to do something; nothing where that is too deep.
    fn deeper<T>(&mut self, lower: impl FnOnce(&mut Self) -> T) -> Option<T> {
        if self.depth >= MAX_DEPTH {
            return None;
        }
        self.depth += 1;
        let lowered = lower(self);
        self.depth -= 1;
        Some(lowered)
    }

    /// Does something in a scope of its own.
    fn scoped<T>(&mut self, lower: impl FnOnce(&mut Self) -> T) -> T {
        self.names.push_scope();
        let lowered = lower(self);
        self.names.pop_scope();
        lowered
    }

    /// Lowers the body of a function, which gives `result`: no `break` in it leaves anything outside.
    fn function<T>(&mut self, result: Type, lower: impl FnOnce(&mut Self) -> T) -> T {
        self.results.push(result);
        let leaves = std::mem::take(&mut self.leaves);
        let declared = std::mem::take(&mut self.declared);
        let lowered = lower(self);
        self.declared = declared;
        self.leaves = leaves;
        self.results.pop();
        lowered
    }

    /// A new variable in the scope that is open.
    fn declare(&mut self, name: &Arc<str>) {
        self.names.declare(name, Local::Variable);
    }

    fn expr_at(&self, node: Node<'_>, kind: ExprKind) -> Expr {
        Expr { kind, span: self.span(node) }
    }

    fn stmt_at(&self, node: Node<'_>, kind: StmtKind) -> Stmt {
        Stmt { kind, span: self.span(node) }
    }

    /// The receiver of the method that is open.
    fn this_at(&self, node: Node<'_>) -> Expr {
        self.expr_at(node, ExprKind::Local(Arc::from(THIS)))
    }

    /// Counts a node that is not understood, and stands in for it.
    fn fixme(&mut self, node: Node<'_>, understood: Vec<Expr>) -> Expr {
        self.module.fixmes.push(Fixme { what: node.kind().into(), span: self.span(node) });
        self.expr_at(node, ExprKind::Fixme(understood))
    }
}

/// Whether a node stands for something.
fn counts(node: Node<'_>) -> bool {
    let named = node.is_named() && !tree::is_comment(node) && node.kind() != "modifier";
    named || matches!(node.kind(), "this" | "base")
}

/// Whether a node is a part of `#if .. #elif .. #else`.
fn is_conditional(node: Node<'_>) -> bool {
    matches!(node.kind(), "preproc_if" | "preproc_elif" | "preproc_else" | "preproc_if_in_attribute_list")
}

/// A block that is nothing but a value.
fn value_block(value: Expr) -> Block {
    Block { stmts: Vec::new(), tail: Some(Box::new(value)) }
}
