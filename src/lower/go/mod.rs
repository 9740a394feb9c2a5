//! Go, through a parser of our own ([`syntax`]), and tree-sitter where code is broken.
//!
//! A package is named by its import path, so a file alone is enough to name everything in it and
//! nearly everything that it mentions. Broken code is no obstacle: tree-sitter gives a tree for what
//! can be read, the first error is a problem, and each node that is not understood is a counted
//! fixme.
//!
//! Types are read first ([`typedecls`]): literals and conversions mean different things for
//! different types. Then functions ([`decls`]), their statements ([`stmts`], [`loops`], [`choices`],
//! [`switches`]) and expressions ([`exprs`], [`calls`], [`composite`]), each name by [`names`].

mod calls;
mod choices;
mod composite;
mod decls;
mod exprs;
mod imports;
mod literals;
mod loops;
mod names;
mod outline;
mod package;
mod stmts;
mod switches;
mod syntax;
mod tags;
mod typedecls;
mod types;
mod values;

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::model::ir::{Expr, ExprKind, Fixme, Module, Stmt, StmtKind, Symbol, Type};
use crate::model::problem::Problem;
use crate::model::source::{FileId, Language, SourceFile, Span, Workspace};
use names::Names;
use syntax::{Kind, Node, Part};

/// Expressions, statements and types within each other. Deeper ones are not written by people, and
/// the stack of a worker thread must hold them, here and in every later stage.
const MAX_DEPTH: usize = 160;

/// Lowers one file.
#[must_use]
pub fn lower(file: &SourceFile, id: FileId, workspace: &Workspace) -> (Option<Module>, Vec<Problem>) {
    lower_by(syntax::read, file, id, workspace)
}

/// Lowers one file as if it were broken, by the parser that repairs. It is there to be compared with [`lower`].
#[must_use]
pub fn lower_repaired(file: &SourceFile, id: FileId, workspace: &Workspace) -> (Option<Module>, Vec<Problem>) {
    lower_by(syntax::repair, file, id, workspace)
}

fn lower_by(
    read: impl FnOnce(&str, FileId) -> (Option<syntax::Tree>, Option<Problem>),
    file: &SourceFile,
    id: FileId,
    workspace: &Workspace,
) -> (Option<Module>, Vec<Problem>) {
    let outline = file.provenance.generated.then(|| outline::outline(&file.text)).flatten();
    let (tree, problem) = read(outline.as_deref().unwrap_or(&file.text), id);
    let module = tree.as_ref().and_then(syntax::Tree::root).map(|root| {
        let mut lowerer = Lowerer::new(file, id, root, workspace);
        lowerer.file(root);
        lowerer.module
    });
    (module, problem.into_iter().collect())
}

/// What lowering one file needs to know.
struct Lowerer<'t> {
    text: &'t str,
    file: FileId,
    module: Module,
    names: Names,
    /// How many expressions, statements and types are open.
    depth: usize,
    /// Functions that are open, innermost last.
    functions: Vec<Function>,
    /// What a `break` without a label leaves, innermost last.
    leaves: Vec<Leaves>,
    /// Labels that made-up loops have, innermost last.
    repeating: Vec<Arc<str>>,
    /// Places of `goto`s by label.
    jumps: BTreeMap<Arc<str>, Vec<u32>>,
    /// The value of `iota` in the constant declaration that is open.
    iota: Option<i64>,
    /// What types and anonymous structs declared here are named after: functions, fields, variables.
    inside: Symbol,
    /// Types declared so far, by place in [`Module::types`].
    structs: BTreeMap<Symbol, usize>,
    /// What the defined types and aliases of this file stand for.
    defined: BTreeMap<Symbol, Type>,
    /// How often each name was given to a type below the package.
    taken: BTreeMap<Symbol, usize>,
    /// Text constants of the package that this file declares.
    constants: BTreeMap<Arc<str>, Arc<str>>,
    /// Names of fields that are channels.
    channels: BTreeSet<Arc<str>>,
}

/// A function that is open.
#[derive(Default)]
struct Function {
    /// Names of its results, for a bare `return`.
    results: Vec<Arc<str>>,
}

/// What a `break` leaves.
#[derive(Clone, PartialEq, Eq)]
enum Leaves {
    /// A loop.
    Loop,
    /// A `switch` or `select`, with its label. The IR has no jump out of a choice.
    Choice(Option<Arc<str>>),
}

impl<'t> Lowerer<'t> {
    fn new(file: &'t SourceFile, id: FileId, root: Node<'t>, workspace: &Workspace) -> Self {
        let package = package::name(file, root, workspace);
        let module = Module {
            file: id,
            language: Language::Go,
            service: file.service,
            name: package.clone(),
            types: Vec::new(),
            funcs: Vec::new(),
            globals: Vec::new(),
            aliases: Vec::new(),
            implementations: Vec::new(),
            generated_client: false,
            includes: Vec::new(),
            generated: file.provenance.generated || file.provenance.vendored,
            test: file.provenance.test || file.name().ends_with("_test.go"),
            fixmes: Vec::new(),
        };
        Self {
            text: &file.text,
            file: id,
            module,
            names: Names::new(package.clone()),
            depth: 0,
            functions: Vec::new(),
            leaves: Vec::new(),
            repeating: Vec::new(),
            jumps: BTreeMap::new(),
            iota: None,
            inside: package,
            structs: BTreeMap::new(),
            defined: BTreeMap::new(),
            taken: BTreeMap::new(),
            constants: BTreeMap::new(),
            channels: BTreeSet::new(),
        }
    }

    fn text(&self, node: Node<'_>) -> &'t str {
        node.text(self.text)
    }

    fn name(&self, node: Node<'_>) -> Arc<str> {
        Arc::from(self.text(node))
    }

    fn span(&self, node: Node<'_>) -> Span {
        Span::new(self.file, node.start(), node.end())
    }

    /// Items of an expression list that is part of a node; a single expression is a list of itself.
    fn items(&self, node: Node<'t>, part: Part) -> Vec<Node<'t>> {
        match node.field(part) {
            Some(list) if list.kind() == Kind::ExpressionList => list.children().collect(),
            Some(single) => vec![single],
            None => Vec::new(),
        }
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

    /// Names what is declared meanwhile after `symbol`.
    fn inside<T>(&mut self, symbol: Symbol, lower: impl FnOnce(&mut Self) -> T) -> T {
        let outer = std::mem::replace(&mut self.inside, symbol);
        let lowered = lower(self);
        self.inside = outer;
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
        self.module.fixmes.push(Fixme { what: node.kind().name().into(), span: self.span(node) });
        self.expr_at(node, ExprKind::Fixme(understood))
    }
}
