//! TypeScript and JavaScript in all their spellings, through the parser of oxc.
//!
//! A module is named by its package and its path in it, so a file alone is enough to name everything
//! in it and nearly everything that it mentions. Broken code is no obstacle: statements that cannot
//! be read are blanked out until the rest parses ([`parse`]), the first error is a problem, and what
//! is not understood is a counted fixme.
//!
//! Names of the module come first ([`imports`], [`exports`], [`names`]), then its statements
//! ([`items`]), types ([`typedecls`], [`classes`], [`schemas`], [`oneofs`], [`returned`]), services ([`services`]), functions ([`functions`]), their statements
//! ([`stmts`], [`loops`]) and expressions ([`exprs`], [`calls`], [`objects`], [`jsx`], [`patterns`]).

mod bundle;
mod calls;
mod classes;
mod component;
mod exports;
mod exprs;
mod functions;
mod generated;
mod imports;
mod items;
mod jsx;
mod loops;
mod names;
mod nesting;
mod objects;
mod oneofs;
mod parse;
mod paths;
mod patterns;
mod promises;
mod returned;
mod schemas;
mod services;
mod stmts;
mod typedecls;
mod types;

#[cfg(test)]
mod tests;

use std::sync::Arc;

use oxc_allocator::Allocator;
use oxc_span::GetSpan;

use crate::model::ir::{Expr, ExprKind, Fixme, Module, Stmt, StmtKind, Symbol, Type};
use crate::model::problem::{Problem, ProblemKind};
use crate::model::source::{FileId, Language, Site, SourceFile, Span, Workspace};
use exports::Exports;
use names::Names;
use paths::Paths;

/// Expressions, statements and types within each other. Deeper ones are not written by people, and
/// the stack of a worker thread must hold them, here and in every later stage.
const MAX_DEPTH: usize = 160;

/// What a method calls the object it is called on.
const THIS: &str = "this";

/// Lowers one file.
#[must_use]
pub fn lower(file: &SourceFile, id: FileId, workspace: &Workspace) -> (Option<Module>, Vec<Problem>) {
    if bundle::is_bundle(file) {
        return (None, Vec::new());
    }
    let component = component::scripts(file.name(), &file.text);
    let text = component.as_ref().map_or(&*file.text, |(code, _)| code);
    if let Some(at) = nesting::too_deep(text) {
        let span = Span::new(id, at, at.saturating_add(1));
        return (None, vec![unreadable(span, "nested too deep")]);
    }
    let allocator = Allocator::default();
    let language = component.as_ref().map_or_else(|| parse::source_type(file.name()), |(_, language)| *language);
    let parsed = parse::parse(&allocator, text, language);
    let problem = parsed.error.map(|error| {
        let rest = if parsed.program.is_some() { "; the rest of the file is used" } else { "" };
        let message = format!("syntax error in TypeScript or JavaScript code: {}{rest}", error.message);
        unreadable(Span::new(id, error.start, error.end), message)
    });
    let module = parsed.program.map(|program| {
        let mut lowerer = Lowerer::new(file, id, workspace);
        lowerer.file(&program);
        lowerer.module
    });
    (module, problem.into_iter().collect())
}

fn unreadable(span: Span, message: impl Into<String>) -> Problem {
    Problem::at(ProblemKind::CodeUnreadable, Site::Span(span), message)
}

/// What lowering one file needs to know.
struct Lowerer<'s> {
    source: &'s str,
    file: FileId,
    module: Module,
    names: Names,
    paths: Paths<'s>,
    exports: Exports,
    /// How many expressions, statements and types are open.
    depth: usize,
    /// What is declared meanwhile is named after: the module, a class, a namespace, a function.
    inside: Symbol,
    /// What the class that is open extends.
    parent: Option<Type>,
    /// Statements of the module outside all functions.
    statements: Vec<Stmt>,
    /// A `break` without label leaves a `switch`.
    in_switch: bool,
}

impl<'s> Lowerer<'s> {
    fn new(file: &'s SourceFile, id: FileId, workspace: &'s Workspace) -> Self {
        let paths = Paths::new(&file.path, workspace);
        let name = paths.module();
        let module = Module {
            file: id,
            language: Language::TypeScript,
            service: file.service,
            name: name.clone(),
            types: Vec::new(),
            funcs: Vec::new(),
            globals: Vec::new(),
            aliases: Vec::new(),
            implementations: Vec::new(),
            generated_client: file.provenance.generated && !file.provenance.vendored,
            includes: Vec::new(),
            generated: file.provenance.generated || file.provenance.vendored,
            test: file.provenance.test,
            fixmes: Vec::new(),
        };
        Self {
            source: &file.text,
            file: id,
            module,
            names: Names::new(),
            paths,
            exports: Exports::default(),
            depth: 0,
            inside: name,
            parent: None,
            statements: Vec::new(),
            in_switch: false,
        }
    }

    fn span(&self, node: &impl GetSpan) -> Span {
        self.place(node.span())
    }

    const fn place(&self, span: oxc_span::Span) -> Span {
        Span::new(self.file, span.start, span.end)
    }

    /// The text of a node.
    fn text(&self, node: &impl GetSpan) -> &'s str {
        let span = node.span();
        self.source.get(span.start as usize..span.end as usize).unwrap_or_default()
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

    /// An expression that stands for a node.
    fn expr_at(&self, node: &impl GetSpan, kind: ExprKind) -> Expr {
        Expr { kind, span: self.span(node) }
    }

    fn stmt_at(&self, node: &impl GetSpan, kind: StmtKind) -> Stmt {
        Stmt { kind, span: self.span(node) }
    }

    /// Counts a node that is not understood, and stands in for it.
    fn fixme(&mut self, node: &impl GetSpan, what: &str, understood: Vec<Expr>) -> Expr {
        self.module.fixmes.push(Fixme { what: Arc::from(what), span: self.span(node) });
        self.expr_at(node, ExprKind::Fixme(understood))
    }
}
