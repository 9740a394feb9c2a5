//! The state of lowering one file, and the small steps that everything else is made of.

use std::collections::BTreeMap;
use std::sync::Arc;

use proc_macro2::Span as TokenSpan;

use super::place::Place;
use super::scope::{self, NamePath, Namespace, ScopeId, Scopes};
use crate::model::ir::{Block, Expr, ExprKind, Fixme, Module, Stmt, StmtKind, Symbol, Type};
use crate::model::source::{FileId, Span, Workspace};

/// How deep expressions, patterns and types may lie inside each other. Later stages walk them by
/// recursion, too.
const MAX_DEPTH: u32 = 256;

/// One file being lowered.
pub(super) struct Lowerer<'a> {
    pub(super) file: FileId,
    pub(super) workspace: &'a Workspace,
    pub(super) place: Place,
    pub(super) scopes: Scopes,
    /// What has been found so far.
    pub(super) out: Module,
    /// The offset of the text that the present syntax tree was parsed from.
    pub(super) base: usize,
    /// The innermost scope.
    pub(super) scope: ScopeId,
    /// The name under which items are declared here: a module, or the function around a block.
    pub(super) path: Symbol,
    /// Inside `#[cfg(test)]`, or in a file of tests.
    pub(super) test: bool,
    /// Type parameters in scope with what is known of them, innermost last.
    pub(super) generics: Vec<(Arc<str>, Type)>,
    /// What `Self` is.
    pub(super) owner: Option<Type>,
    /// Associated types of the present `impl`.
    pub(super) assoc: BTreeMap<String, Type>,
    /// Local variables in scope, innermost last.
    pub(super) locals: Vec<Arc<str>>,
    /// Type aliases being expanded.
    pub(super) aliases_open: u32,
    depth: u32,
}

impl<'a> Lowerer<'a> {
    pub(super) fn new(place: Place, scopes: Scopes, out: Module, workspace: &'a Workspace) -> Self {
        Self {
            file: out.file,
            workspace,
            path: place.module.clone(),
            place,
            scopes,
            base: 0,
            scope: 0,
            test: out.test,
            out,
            generics: Vec::new(),
            owner: None,
            assoc: BTreeMap::new(),
            locals: Vec::new(),
            aliases_open: 0,
            depth: 0,
        }
    }

    /// Where a token stands in the file.
    pub(super) fn span(&self, span: TokenSpan) -> Span {
        let range = span.byte_range();
        self.bytes(range.start, range.end)
    }

    /// A range of the text that the present tree was parsed from.
    fn bytes(&self, start: usize, end: usize) -> Span {
        let offset = |at: usize| u32::try_from(at.saturating_add(self.base)).unwrap_or(u32::MAX);
        Span::new(self.file, offset(start), offset(end))
    }

    /// The span of anything that can be printed as tokens. Costs as much as it is long: for small
    /// things only.
    pub(super) fn span_of(&self, node: &impl syn::spanned::Spanned) -> Span {
        self.span(node.span())
    }

    /// Counts a construct that is not understood, and keeps what is understood inside it.
    pub(super) fn fixme(&mut self, what: &'static str, span: Span, children: Vec<Expr>) -> Expr {
        self.out.fixmes.push(Fixme { what: what.into(), span });
        Expr { kind: ExprKind::Fixme(children), span }
    }

    /// Runs a step one level deeper; none where the levels are used up.
    pub(super) fn deeper<T>(&mut self, step: impl FnOnce(&mut Self) -> T) -> Option<T> {
        if self.depth >= MAX_DEPTH {
            return None;
        }
        self.depth += 1;
        let result = step(self);
        self.depth -= 1;
        Some(result)
    }

    /// Runs a step whose local variables end with it.
    pub(super) fn scoped<T>(&mut self, step: impl FnOnce(&mut Self) -> T) -> T {
        let mark = self.locals.len();
        let result = step(self);
        self.locals.truncate(mark);
        result
    }

    /// Runs a step under type parameters that end with it.
    pub(super) fn with_generics<T>(&mut self, generics: &syn::Generics, step: impl FnOnce(&mut Self) -> T) -> T {
        let mark = self.generics.len();
        self.enter_generics(generics);
        let result = step(self);
        self.generics.truncate(mark);
        result
    }

    /// Resolves a path in the present scope.
    pub(super) fn resolve(&self, path: &syn::Path, namespace: Namespace) -> Symbol {
        self.resolve_names(&scope::segments(path), namespace)
    }

    /// Resolves names in the present scope; `Self` is the type of the present `impl`.
    pub(super) fn resolve_names(&self, path: &NamePath, namespace: Namespace) -> Symbol {
        if let [first, rest @ ..] = path.segments.as_slice()
            && first == "Self"
            && let Some(owner) = self.owner_symbol()
        {
            return rest.iter().fold(owner, |name, segment| name.join(segment));
        }
        if let [first, _, ..] = path.segments.as_slice()
            && self.generic(first).is_some()
        {
            return Symbol::new(path.segments.join("::"));
        }
        self.scopes.resolve(self.scope, path, namespace)
    }

    /// The name of the type that `Self` is.
    pub(super) fn owner_symbol(&self) -> Option<Symbol> {
        self.owner.as_ref()?.symbol().cloned()
    }

    /// What is known of a type parameter.
    pub(super) fn generic(&self, name: &str) -> Option<&Type> {
        self.generics.iter().rev().find(|(known, _)| &**known == name).map(|(_, ty)| ty)
    }

    /// Whether a name is a local variable here.
    pub(super) fn is_local(&self, name: &str) -> bool {
        self.locals.iter().rev().any(|local| &**local == name)
    }
}

/// A global by its full name.
pub(super) fn global(name: &str, span: Span) -> Expr {
    Expr { kind: ExprKind::Global(Symbol::new(name)), span }
}

/// `callee(args)`.
pub(super) fn call(callee: Expr, args: Vec<Expr>, span: Span) -> Expr {
    let args = args.into_iter().map(unnamed).collect();
    Expr { kind: ExprKind::Call { callee: Box::new(callee), type_args: Vec::new(), args }, span }
}

/// An argument by position.
pub(super) fn unnamed(value: Expr) -> crate::model::ir::Arg {
    crate::model::ir::Arg { name: None, value }
}

/// A block that only gives a value; a block expression is taken as it is.
pub(super) fn block_of(value: Expr) -> Block {
    match value.kind {
        ExprKind::Block(block) => block,
        _ => Block { stmts: Vec::new(), tail: Some(Box::new(value)) },
    }
}

/// A statement that runs an expression.
pub(super) fn expr_stmt(value: Expr) -> Stmt {
    Stmt { span: value.span, kind: StmtKind::Expr(value) }
}
