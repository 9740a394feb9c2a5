//! Java, through tree-sitter.
//!
//! A file says its package and what it imports, so it names nearly all that it mentions. A simple
//! name that it neither declares nor imports is one of its package, or of a package that it imports
//! with a star: it is put under the package, and globs say where else it may come from. Broken code is
//! no obstacle: tree-sitter gives a tree for what can be read.
//!
//! Types are found first ([`declared`]), then lowered ([`typedecls`]) with their members ([`members`])
//! and what Lombok adds to them ([`lombok`]); then statements ([`stmts`], [`loops`], [`switches`]) and
//! expressions ([`exprs`], [`calls`], [`functions`], [`objects`]), each name by [`names`].

mod accessors;
mod annotations;
mod calls;
mod declared;
mod exprs;
mod functions;
mod imports;
mod known;
mod literals;
mod lombok;
mod loops;
mod members;
mod names;
mod objects;
mod patterns;
mod stmts;
mod switches;
mod typedecls;
mod types;
mod wire;

#[cfg(test)]
mod tests;

use std::sync::Arc;

use tree_sitter::{Node, TreeCursor};

use crate::lower::tree;
use crate::model::ir::{Expr, ExprKind, Fixme, Module, Stmt, StmtKind, Symbol, Type};
use crate::model::problem::Problem;
use crate::model::source::{FileId, Language, SourceFile, Span, Workspace};
use names::Names;

/// Expressions, statements, types and declarations within each other. Deeper ones are not written by
/// people, and the stack of a worker thread must hold them, here and in every later stage.
const MAX_DEPTH: usize = 160;

/// The name of the receiver.
const THIS: &str = "this";

/// The name of a constructor, in every language.
const CONSTRUCTOR: &str = "constructor";

/// Lowers one file.
#[must_use]
pub fn lower(file: &SourceFile, id: FileId, _workspace: &Workspace) -> (Option<Module>, Vec<Problem>) {
    let tree =
        match tree::read(&tree_sitter_java::LANGUAGE.into(), "Java", id, |parser| tree::parse(parser, &file.text)) {
            Ok(tree) => tree,
            Err(problem) => return (None, vec![problem]),
        };
    let root = tree.root_node();
    let problems = tree::unreadable(id, root, "Java").into_iter().collect();
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
    /// How many expressions, statements, types and declarations are open.
    depth: usize,
    /// What a `break` without a label leaves, innermost last.
    leaves: Vec<Leaves>,
    /// What the classes whose bodies are open extend, innermost last.
    parents: Vec<Option<Type>>,
}

/// What a `break` without a label leaves.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Leaves {
    /// A loop.
    Loop,
    /// A `switch`. The IR has no jump out of a choice.
    Choice,
}

impl<'t> Lowerer<'t> {
    fn new(file: &'t SourceFile, id: FileId, root: Node<'t>) -> Self {
        let mut lowerer = Self {
            text: &file.text,
            file: id,
            module: Module {
                file: id,
                language: Language::Java,
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
            },
            names: Names::default(),
            cursor: root.walk(),
            depth: 0,
            leaves: Vec::new(),
            parents: Vec::new(),
        };
        lowerer.module.name = lowerer.package(root);
        lowerer.names.package = lowerer.module.name.clone();
        lowerer
    }

    /// The whole file: imports, names of types, then the types.
    fn file(&mut self, root: Node<'t>) {
        self.imports(root);
        self.find_types(root);
        for node in self.children(root) {
            match node.kind() {
                "package_declaration" | "import_declaration" | "module_declaration" | ";" => {}
                _ if self.type_declaration(node) => {}
                // What stands at the top of a broken file is a part of a type that lost its head.
                "method_declaration" | "field_declaration" => self.stray_member(node),
                "ERROR" => {
                    self.fixme(node, Vec::new());
                }
                _ => {}
            }
        }
    }

    fn text(&self, node: Node<'_>) -> &'t str {
        self.text.get(node.byte_range()).unwrap_or_default()
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

    /// The first child of a kind.
    fn child_of_kind(&mut self, node: Node<'t>, kind: &str) -> Option<Node<'t>> {
        node.children(&mut self.cursor).find(|child| child.kind() == kind)
    }

    /// Children in a field of the grammar.
    fn fields_of(&mut self, node: Node<'t>, field: &str) -> Vec<Node<'t>> {
        node.children_by_field_name(field, &mut self.cursor).filter(Node::is_named).collect()
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

    fn expr_at(&self, node: Node<'_>, kind: ExprKind) -> Expr {
        Expr { kind, span: self.span(node) }
    }

    fn stmt_at(&self, node: Node<'_>, kind: StmtKind) -> Stmt {
        Stmt { kind, span: self.span(node) }
    }

    /// Counts a node that is not understood, and stands in for it.
    fn fixme(&mut self, node: Node<'_>, understood: Vec<Expr>) -> Expr {
        self.module.fixmes.push(Fixme { what: node.kind().into(), span: self.span(node) });
        self.expr_at(node, ExprKind::Fixme(understood))
    }
}
