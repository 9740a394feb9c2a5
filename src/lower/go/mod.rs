//! Go, through tree-sitter.
//!
//! A package is named by its import path, so a file alone is enough to name everything in it and
//! everything that it mentions. Broken code is no obstacle: tree-sitter gives a tree for what can be
//! read, the first error is a problem, and every node that is not understood is a counted fixme.

mod decls;
mod exprs;
mod literals;
mod names;
mod stmts;
mod types;

use tree_sitter::{Node, Parser};

use crate::model::ir::{Expr, ExprKind, Fixme, Module, Symbol, Type};
use crate::model::problem::{Problem, ProblemKind};
use crate::model::source::{FileId, Language, Site, SourceFile, Span, Workspace};
use names::Names;

/// Expressions within expressions; deeper ones are not written by people.
const MAX_DEPTH: usize = 200;

/// Lowers one file.
#[must_use]
pub fn lower(file: &SourceFile, id: FileId, workspace: &Workspace) -> (Option<Module>, Vec<Problem>) {
    let mut parser = Parser::new();
    if parser.set_language(&tree_sitter_go::LANGUAGE.into()).is_err() {
        return (None, vec![Problem::file(ProblemKind::Internal, id, "the Go grammar does not fit the parser")]);
    }
    let Some(tree) = parser.parse(&*file.text, None) else {
        return (None, vec![Problem::file(ProblemKind::CodeUnreadable, id, "the file could not be parsed")]);
    };
    let root = tree.root_node();
    let mut problems = Vec::new();
    if root.has_error()
        && let Some(error) = first_error(root)
    {
        let span = span_of(id, error);
        problems.push(Problem::at(
            ProblemKind::CodeUnreadable,
            Site::Span(span),
            "syntax error in Go code; the rest of the file is used",
        ));
    }
    let mut lowerer = Lowerer::new(file, id, root, workspace);
    decls::file(&mut lowerer, root);
    (Some(lowerer.module), problems)
}

/// What lowering one file needs to know.
pub(super) struct Lowerer<'t> {
    text: &'t str,
    file: FileId,
    names: Names,
    module: Module,
    depth: usize,
    /// Names of the results of the functions that are open, for a bare `return`.
    results: Vec<Vec<std::sync::Arc<str>>>,
}

impl<'t> Lowerer<'t> {
    fn new(file: &'t SourceFile, id: FileId, root: Node<'_>, workspace: &Workspace) -> Self {
        let package = package_name(file, root, workspace);
        let module = Module {
            file: id,
            language: Language::Go,
            service: file.service,
            name: package.clone(),
            types: Vec::new(),
            funcs: Vec::new(),
            globals: Vec::new(),
            aliases: Vec::new(),
            includes: Vec::new(),
            generated: file.provenance.generated || file.provenance.vendored,
            test: file.provenance.test,
            fixmes: Vec::new(),
        };
        Self { text: &file.text, file: id, names: Names::new(package), module, depth: 0, results: Vec::new() }
    }

    fn text(&self, node: Node<'_>) -> &'t str {
        self.text.get(node.byte_range()).unwrap_or_default()
    }

    fn span(&self, node: Node<'_>) -> Span {
        span_of(self.file, node)
    }

    /// An expression for a node.
    fn expr_at(&self, node: Node<'_>, kind: ExprKind) -> Expr {
        Expr { kind, span: self.span(node) }
    }

    /// Counts a node that is not understood.
    fn fixme(&mut self, node: Node<'_>) {
        // Errors are counted too: what stands in them is lost.
        let what = node.kind().into();
        self.module.fixmes.push(Fixme { what, span: self.span(node) });
    }

    /// A type declared in this package.
    fn named(&self, name: &str) -> Type {
        Type::Named(self.names.package().join(name), Vec::new())
    }
}

/// Children with a name in the grammar, without comments.
fn named_children(node: Node<'_>) -> Vec<Node<'_>> {
    let mut cursor = node.walk();
    node.named_children(&mut cursor).filter(|child| child.kind() != "comment").collect()
}

/// Children in a field of the grammar.
fn field_children<'t>(node: Node<'t>, field: &str) -> Vec<Node<'t>> {
    let mut cursor = node.walk();
    node.children_by_field_name(field, &mut cursor).filter(Node::is_named).collect()
}

fn span_of(file: FileId, node: Node<'_>) -> Span {
    let offset = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    Span::new(file, offset(node.start_byte()), offset(node.end_byte()))
}

/// The first node that is an error or was made up to go on.
fn first_error(root: Node<'_>) -> Option<Node<'_>> {
    let mut cursor = root.walk();
    loop {
        let node = cursor.node();
        if node.is_error() || node.is_missing() {
            return Some(node);
        }
        if node.has_error() && cursor.goto_first_child() {
            continue;
        }
        while !cursor.goto_next_sibling() {
            if !cursor.goto_parent() {
                return None;
            }
        }
    }
}

/// The import path of the file's package: the path of its module and its folder inside that.
fn package_name(file: &SourceFile, root: Node<'_>, workspace: &Workspace) -> Symbol {
    let folder = file.path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let path = match workspace.package_of(&file.path, Language::Go) {
        Some(package) => {
            let inside = folder.strip_prefix(package.path.as_str()).unwrap_or(folder).trim_start_matches('/');
            if inside.is_empty() { package.name.clone() } else { format!("{}/{inside}", package.name) }
        }
        None if folder.is_empty() => "main".to_owned(),
        None => folder.to_owned(),
    };
    // Tests in a package of their own (`package cart_test`) see `cart` from outside.
    let declared = named_children(root)
        .into_iter()
        .find(|node| node.kind() == "package_clause")
        .and_then(|clause| named_children(clause).first().and_then(|name| file.text.get(name.byte_range())));
    let external = declared.is_some_and(|name| name.ends_with("_test")) && file.path.ends_with("_test.go");
    Symbol::new(if external { format!("{path}_test") } else { path })
}
