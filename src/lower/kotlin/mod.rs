//! Kotlin, through tree-sitter.
//!
//! Names are resolved as far as one file tells ([`names`], [`imports`]): what it does not declare or
//! import by name is named after its package, which has aliases for all that the file opens. Types and
//! their members come first ([`decls`], [`classes`], [`members`], [`types`], [`annotations`]), then
//! statements ([`stmts`], [`control`]) and expressions ([`exprs`], [`paths`], [`calls`], [`inlined`],
//! [`literals`]).
//!
//! Members carry their receiver, which is called `this@Type`; so the receiver of a lambda can be called
//! `this`: what a block like `{ header("a", "b") }` calls, and nothing in sight declares, is a member of
//! it. Scope functions (`let`, `apply`, ...) and `forEach`, `repeat` are blocks and loops. Members of
//! objects and companions belong to the type.

mod annotations;
mod calls;
mod classes;
mod control;
mod decls;
mod exprs;
mod imports;
mod inlined;
mod literals;
mod members;
mod names;
mod paths;
mod repair;
mod stmts;
mod types;

#[cfg(test)]
mod tests;

use std::sync::Arc;

use tree_sitter::{Node, TreeCursor};

use crate::lower::tree;
use crate::model::ir::{Block, EXTENDED, Expr, ExprKind, Fixme, Module, Pattern, Stmt, StmtKind, Symbol, Type};
use crate::model::problem::Problem;
use crate::model::source::{FileId, Language, SourceFile, Span, Workspace};
use names::{Local, Names};

/// Expressions, statements and types within each other. Deeper ones are not written by people, and
/// the stack of a worker thread must hold them, here and in every later stage.
const MAX_DEPTH: usize = 160;

/// The receiver of a lambda.
const THIS: &str = EXTENDED;

/// Lowers one file.
#[must_use]
pub fn lower(file: &SourceFile, id: FileId, _workspace: &Workspace) -> (Option<Module>, Vec<Problem>) {
    let tree = match tree::read(&tree_sitter_kotlin_ng::LANGUAGE.into(), "Kotlin", id, |parser| {
        repair::parse(parser, &file.text)
    }) {
        Ok(tree) => tree,
        Err(problem) => return (None, vec![problem]),
    };
    let root = tree.root_node();
    let problems = tree::unreadable(id, root, "Kotlin").into_iter().collect();
    let mut lowerer = Lowerer::new(file, id, root);
    lowerer.file(root);
    (Some(lowerer.module), problems)
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
    /// Lambdas that are lowered as loops: their name, which a `return@name` goes on with.
    loops: Vec<Arc<str>>,
    /// A generator is open: `flow { .. }`.
    yields: bool,
    /// What the types that are open derive from, innermost last.
    bases: Vec<Option<Type>>,
    /// The folder and name of the file, which statements outside of all functions are called after.
    stem: Symbol,
}

impl<'t> Lowerer<'t> {
    fn new(file: &'t SourceFile, id: FileId, root: Node<'t>) -> Self {
        let module = Module {
            file: id,
            language: Language::Kotlin,
            service: file.service,
            name: Symbol::new(""),
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
        let stem = file.path.rsplit_once('.').map_or(file.path.as_str(), |(stem, _)| stem);
        Self {
            text: &file.text,
            file: id,
            module,
            names: Names::default(),
            cursor: root.walk(),
            depth: 0,
            loops: Vec::new(),
            yields: false,
            bases: Vec::new(),
            stem: Symbol::new(stem.replace('/', "::")),
        }
    }

    /// The text of a node; a name in backticks is the name.
    fn text(&self, node: Node<'_>) -> &'t str {
        let text = self.text.get(node.byte_range()).unwrap_or_default();
        if node.kind() == "identifier" { text.trim_matches('`') } else { text }
    }

    fn name(&self, node: Node<'_>) -> Arc<str> {
        Arc::from(self.text(node))
    }

    fn span(&self, node: Node<'_>) -> Span {
        tree::span(self.file, node)
    }

    /// Children with a name in the grammar, without comments.
    fn children(&mut self, node: Node<'t>) -> Vec<Node<'t>> {
        node.named_children(&mut self.cursor).filter(|child| !tree::is_comment(*child)).collect()
    }

    /// The first of them.
    fn first_child(&mut self, node: Node<'t>) -> Option<Node<'t>> {
        node.named_children(&mut self.cursor).find(|child| !tree::is_comment(*child))
    }

    /// The last of them.
    fn last_child(&mut self, node: Node<'t>) -> Option<Node<'t>> {
        self.children(node).pop()
    }

    /// Children of one kind.
    fn children_of(&mut self, node: Node<'t>, kind: &str) -> Vec<Node<'t>> {
        node.children(&mut self.cursor).filter(|child| child.kind() == kind).collect()
    }

    /// The first child of one kind, signs and words included.
    fn child_of(&mut self, node: Node<'t>, kind: &str) -> Option<Node<'t>> {
        node.children(&mut self.cursor).find(|child| child.kind() == kind)
    }

    /// Whether a word or sign stands directly in a node.
    fn has_token(&mut self, node: Node<'t>, token: &str) -> bool {
        self.child_of(node, token).is_some()
    }

    /// Whether a declaration has a modifier, whatever sort it is of.
    fn has_modifier(&mut self, node: Node<'t>, modifier: &str) -> bool {
        let Some(modifiers) = self.child_of(node, "modifiers") else { return false };
        self.children(modifiers).into_iter().any(|one| self.text(one) == modifier)
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

    /// Lowers a function, which sees no loop of the one around it.
    fn function<T>(&mut self, lower: impl FnOnce(&mut Self) -> T) -> T {
        let loops = std::mem::take(&mut self.loops);
        let lowered = self.scoped(lower);
        self.loops = loops;
        lowered
    }

    /// A new name in the scope that is open.
    fn bind(&mut self, node: Node<'t>) -> Pattern {
        let name = self.name(node);
        if &*name == "_" {
            return Pattern::Wild;
        }
        self.names.declare(&name, Local::Variable);
        Pattern::Bind(name, self.span(node), None)
    }

    fn expr_at(&self, node: Node<'_>, kind: ExprKind) -> Expr {
        Expr { kind, span: self.span(node) }
    }

    fn stmt_at(&self, node: Node<'_>, kind: StmtKind) -> Stmt {
        Stmt { kind, span: self.span(node) }
    }

    /// A variable by its name.
    fn local_at(&self, node: Node<'_>, name: &Arc<str>) -> Expr {
        self.expr_at(node, ExprKind::Local(Arc::clone(name)))
    }

    /// Counts a node that is not understood, and stands in for it.
    fn fixme(&mut self, node: Node<'_>, understood: Vec<Expr>) -> Expr {
        self.module.fixmes.push(Fixme { what: node.kind().into(), span: self.span(node) });
        self.expr_at(node, ExprKind::Fixme(understood))
    }
}

/// A block that is nothing but a value.
fn value_block(value: Expr) -> Block {
    Block { stmts: Vec::new(), tail: Some(Box::new(value)) }
}
