//! Python, through the parser of ruff.
//!
//! A module is named by its path from its import root, which discovery finds, so a file alone is
//! enough to name everything in it and nearly everything that it mentions. Broken code is no
//! obstacle: the parser gives a tree for what can be read, the first error is a problem, and what is
//! not understood is a counted fixme.
//!
//! Names of the module come first ([`imports`], [`names`]), then classes ([`classes`], with the names
//! of their fields on the wire by [`wire`]) and functions ([`functions`]), their statements
//! ([`stmts`], [`loops`], [`binding`]) and expressions ([`exprs`], [`calls`], [`text`],
//! [`comprehensions`], [`patterns`]), annotations as types by [`types`].

mod assigned;
mod binding;
mod builtins;
mod calls;
mod classes;
mod comprehensions;
mod exprs;
mod fields;
mod functional;
mod functions;
mod imports;
mod loops;
mod module;
mod names;
mod nesting;
mod patterns;
mod protobuf;
mod stmts;
mod text;
mod toplevel;
mod types;
mod wire;

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use ruff_python_ast as ast;
use ruff_python_parser::{ParseOptions, parse_unchecked};
use ruff_text_size::{Ranged, TextRange};

use crate::model::ir::{Expr, ExprKind, Fixme, Module, Stmt, StmtKind, Symbol, Type};
use crate::model::problem::{Problem, ProblemKind};
use crate::model::source::{FileId, Language, Site, SourceFile, Span, Workspace};
use names::Names;
use wire::Naming;

/// Expressions, statements and types within each other. Deeper ones are not written by people, and
/// the stack of a worker thread must hold them, here and in every later stage.
const MAX_DEPTH: usize = 160;

/// Lowers one file.
#[must_use]
pub fn lower(file: &SourceFile, id: FileId, workspace: &Workspace) -> (Option<Module>, Vec<Problem>) {
    let mut lowerer = Lowerer::new(file, id, workspace);
    if let Some(package) = protobuf::package(file) {
        lowerer.generated_from(&package);
        return (Some(lowerer.module), Vec::new());
    }
    if let Some(at) = nesting::too_deep(&file.text) {
        let span = Span::new(id, at, at.saturating_add(1));
        return (None, vec![unreadable(span, "nested too deep")]);
    }
    let parsed = parse_unchecked(&file.text, ParseOptions::from(ast::PySourceType::Python));
    let problems = parsed.errors().first().map(|error| {
        let message = format!("syntax error in Python code: {}; the rest of the file is used", plain(&error.error));
        unreadable(span_of(id, error.location), message)
    });
    if let ast::Mod::Module(tree) = parsed.syntax() {
        lowerer.file(&tree.body);
    }
    (Some(lowerer.module), problems.into_iter().collect())
}

/// What the parser says, in the manner of this program's messages.
fn plain(error: &impl std::fmt::Display) -> String {
    let said = error.to_string();
    let mut letters = said.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}

fn unreadable(span: Span, message: impl Into<String>) -> Problem {
    Problem::at(ProblemKind::CodeUnreadable, Site::Span(span), message)
}

fn span_of(file: FileId, range: TextRange) -> Span {
    Span::new(file, range.start().to_u32(), range.end().to_u32())
}

/// What lowering one file needs to know.
struct Lowerer<'s> {
    source: &'s str,
    file: FileId,
    module: Module,
    names: Names,
    /// Whether the file is the `__init__.py` of its package.
    is_package: bool,
    /// Whether the file only declares: `.pyi`.
    is_stub: bool,
    /// How many expressions, statements and types are open.
    depth: usize,
    /// Functions that are open, innermost last; the first one is the module.
    functions: Vec<Function>,
    /// What is declared meanwhile is named after.
    inside: Symbol,
    /// The class whose body is open, innermost last.
    classes: Vec<Symbol>,
    /// What the classes declared so far extend first.
    parents: BTreeMap<Symbol, Type>,
    /// The name of the receiver of the method that is open.
    receiver: Option<Arc<str>>,
    /// How the fields of the classes declared so far are called on the wire.
    naming: BTreeMap<Symbol, Naming>,
    /// Text that names of the module and of classes stand for.
    constants: BTreeMap<Symbol, Constant>,
}

/// A function that is open, or the module.
#[derive(Default)]
struct Function {
    /// Variables that exist by now.
    introduced: BTreeSet<Arc<str>>,
    /// How many blocks are open around the statement.
    blocks: usize,
    /// A `yield` gives the one value that a `with` statement binds.
    yields_once: bool,
}

/// Text that a name stands for.
#[derive(Clone)]
struct Constant {
    text: Arc<str>,
}

impl<'s> Lowerer<'s> {
    fn new(file: &'s SourceFile, id: FileId, workspace: &Workspace) -> Self {
        let name = module::name(file, workspace);
        let module = Module {
            file: id,
            language: Language::Python,
            service: file.service,
            name: name.clone(),
            types: Vec::new(),
            funcs: Vec::new(),
            globals: Vec::new(),
            aliases: Vec::new(),
            implementations: Vec::new(),
            generated_client: false,
            includes: Vec::new(),
            generated: file.provenance.generated || file.provenance.vendored || module::is_generated(file.name()),
            test: file.provenance.test || module::is_test(file.name()),
            fixmes: Vec::new(),
        };
        Self {
            source: &file.text,
            file: id,
            module,
            names: Names::new(name.clone()),
            is_package: module::is_package(file.name()),
            is_stub: Path::new(file.name()).extension().is_some_and(|extension| extension == "pyi"),
            depth: 0,
            functions: Vec::new(),
            inside: name,
            classes: Vec::new(),
            parents: BTreeMap::new(),
            receiver: None,
            naming: BTreeMap::new(),
            constants: BTreeMap::new(),
        }
    }

    fn span(&self, node: &impl Ranged) -> Span {
        span_of(self.file, node.range())
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

    /// Does something with `symbol` as what declarations are named after.
    fn inside<T>(&mut self, symbol: Symbol, lower: impl FnOnce(&mut Self) -> T) -> T {
        let outer = std::mem::replace(&mut self.inside, symbol);
        let lowered = lower(self);
        self.inside = outer;
        lowered
    }

    /// Does something in a function of its own, or in the module.
    fn in_function<T>(&mut self, function: Function, lower: impl FnOnce(&mut Self) -> T) -> T {
        self.functions.push(function);
        self.names.push_scope();
        let lowered = lower(self);
        self.names.pop_scope();
        self.functions.pop();
        lowered
    }

    /// Whether statements run when the module is loaded.
    const fn at_module(&self) -> bool {
        self.functions.len() <= 1
    }

    fn expr_at(&self, node: &impl Ranged, kind: ExprKind) -> Expr {
        Expr { kind, span: self.span(node) }
    }

    fn stmt_at(&self, node: &impl Ranged, kind: StmtKind) -> Stmt {
        Stmt { kind, span: self.span(node) }
    }

    /// Counts what is not understood, and stands in for it.
    fn fixme(&mut self, node: &impl Ranged, what: &str, understood: Vec<Expr>) -> Expr {
        self.module.fixmes.push(Fixme { what: what.into(), span: self.span(node) });
        self.expr_at(node, ExprKind::Fixme(understood))
    }
}
