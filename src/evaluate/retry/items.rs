//! Calls that are made once for each element of a list: no retries, but told by the same ways.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::bound::names_of;
use super::names::NAMES;
use super::paths::{self, Path};
use super::{Finder, outcome};
use crate::evaluate::walk;
use crate::model::ir::{Block, Expr, ExprKind, FieldInit, Lambda, Loop, LoopKind, Pattern, Stmt, StmtKind};
use crate::model::source::{Language, Span};
use crate::model::usage::{CallId, Iteration, Location};

impl<'a> Finder<'_, 'a> {
    /// The calls of a loop over a list that are given its element, if a call that goes well leads to the next.
    pub(super) fn per_element(&self, inner: &'a Loop, paths: &[Path<'a>], location: Location) -> Option<Iteration> {
        let calls = self.given_element(inner);
        if calls.is_empty() || !goes_on(paths) {
            return None;
        }
        Some(Iteration { location, calls: calls.into_iter().collect() })
    }

    /// Whether a loop makes its calls with the elements of a list, so that each is another call.
    pub(super) fn asks_for_another(&self, inner: &'a Loop) -> bool {
        !self.given_element(inner).is_empty()
    }

    /// Whether each call of a loop over a list is made by the element itself: `route.handle(request)`. Who asks one
    /// after the other until somebody answers does not ask the same again.
    pub(super) fn is_made_by_elements(&self, inner: &'a Loop) -> bool {
        let LoopKind::Each { pattern, over, .. } = &inner.kind else { return false };
        if is_counted(over) {
            return false;
        }
        let mut names = BTreeSet::new();
        names_of(pattern, &mut names);
        let (mut by_elements, mut otherwise) = (false, false);
        walk::block(&inner.body, &mut |expr| {
            if let ExprKind::Call { callee, .. } = &expr.kind
                && self.remote.get(&expr.span).is_some_and(|made| !made.is_empty())
            {
                let is_element = is_method_of(callee, &names);
                by_elements |= is_element;
                otherwise |= !is_element;
            }
        });
        by_elements && !otherwise
    }

    /// Whether a loop calls nobody but for the next message of a stream: each is another one, also behind one that could not be
    /// understood.
    pub(super) fn asks_for_next(&self, inner: &'a Loop) -> bool {
        let (mut next, mut otherwise) = (false, false);
        walk::block(&inner.body, &mut |expr| {
            if let ExprKind::Call { callee, .. } = &expr.kind
                && self.remote.get(&expr.span).is_some_and(|made| !made.is_empty())
            {
                let is_next = outcome::name_of(callee).is_some_and(|name| NAMES.asks_for_next(name));
                next |= is_next;
                otherwise |= !is_next;
            }
        });
        next && !otherwise
    }

    /// Whether each round asks for what it has made of what the last one asked for: `for dir := path; ; dir = parent(dir)`.
    pub(super) fn asks_further(&self, inner: &'a Loop) -> bool {
        let mut made: BTreeSet<Arc<str>> = BTreeSet::new();
        walk::stmts(&inner.body, &mut |stmt| made.extend(self.made_of_itself(stmt)));
        if let LoopKind::Counted { step: Some(step), .. } = &inner.kind {
            made.extend(self.made_of_itself(step));
        }
        if made.is_empty() {
            return false;
        }
        let mut asked = false;
        walk::block(&inner.body, &mut |expr| {
            if let ExprKind::Call { args, .. } = &expr.kind
                && self.remote.get(&expr.span).is_some_and(|made| !made.is_empty())
            {
                asked = asked || args.iter().any(|arg| mentions(&arg.value, &made));
            }
        });
        asked
    }

    /// The variable that a call, which asks nobody, makes another of: `dir = parent(dir)`.
    fn made_of_itself(&self, stmt: &Stmt) -> Option<Arc<str>> {
        let StmtKind::Assign { target, op: None, value } = &stmt.kind else { return None };
        let (ExprKind::Local(name), ExprKind::Call { callee, args, .. }) = (&target.kind, &value.kind) else {
            return None;
        };
        let only = BTreeSet::from([Arc::clone(name)]);
        let is_same = outcome::name_of(callee).is_some_and(|made| NAMES.same.contains(made));
        let is_made =
            args.iter().any(|arg| mentions(&arg.value, &only)) && !is_same && !self.remote.contains_key(&value.span);
        is_made.then(|| Arc::clone(name))
    }

    fn given_element(&self, inner: &'a Loop) -> BTreeSet<CallId> {
        let LoopKind::Each { pattern, over, .. } = &inner.kind else { return BTreeSet::new() };
        let mut names = BTreeSet::new();
        if !is_counted(over) {
            names_of(pattern, &mut names);
        }
        self.given(&inner.body, names)
    }

    /// The same of a function that is run for each element: `items.map((item) => load(item.id))`.
    pub(super) fn per_element_of(&self, callee: &'a Expr, lambda: &'a Lambda, location: Location) -> Option<Iteration> {
        let ExprKind::Member { base, name, .. } = &callee.kind else { return None };
        let is_each = NAMES.is_each(name);
        if !is_each || is_counted(base) || !self.may_be_list(base) {
            return None;
        }
        let mut names = BTreeSet::new();
        names_of(&lambda.params.first()?.pattern, &mut names);
        let calls = self.given(&lambda.body, names);
        (!calls.is_empty()).then(|| Iteration { location, calls: calls.into_iter().collect() })
    }

    /// Whether `map` on a value goes through a list: in some languages it is a method of what may be missing too.
    fn may_be_list(&self, base: &Expr) -> bool {
        if !matches!(self.world.program.module_of(self.id).language, Language::Rust | Language::Java) {
            return true;
        }
        let mut found = false;
        walk::expr(base, &mut |expr| {
            if let ExprKind::Member { name, .. } = &expr.kind {
                found |= NAMES.listed.contains(&**name);
            }
        });
        found
    }

    /// Calls of a body with arguments that are made of these variables.
    fn given(&self, body: &'a Block, names: BTreeSet<Arc<str>>) -> BTreeSet<CallId> {
        let names = grown(body, names);
        let later = handled_later(body);
        let is_later = |inner: Span| later.iter().any(|span| span.contains(inner));
        let mut calls_later: BTreeSet<CallId> = BTreeSet::new();
        if !later.is_empty() {
            walk::block(body, &mut |expr| {
                calls_later.extend(self.remote.get(&expr.span).filter(|_| is_later(expr.span)).into_iter().flatten());
            });
        }
        let mut calls = BTreeSet::new();
        walk::block(body, &mut |expr| {
            let (ExprKind::Call { .. }, Some(made)) = (&expr.kind, self.remote.get(&expr.span)) else { return };
            if !is_given(expr, &names) || is_later(expr.span) || hands_on_handler(expr) {
                return;
            }
            // Who is given a handler seems to make its calls.
            let hands_on = later.iter().any(|span| expr.span.contains(*span));
            calls.extend(made.iter().filter(|call| !(hands_on && calls_later.contains(call))));
        });
        calls
    }
}

/// These variables and those of a body that are made of them.
pub(super) fn grown(body: &Block, mut names: BTreeSet<Arc<str>>) -> BTreeSet<Arc<str>> {
    walk::stmts(body, &mut |stmt| match &stmt.kind {
        StmtKind::Let { pattern, value: Some(value), .. } if mentions(value, &names) => names_of(pattern, &mut names),
        StmtKind::Assign { target, value, .. } if mentions(value, &names) => {
            if let ExprKind::Local(name) = &target.kind {
                names.insert(Arc::clone(name));
            }
        }
        _ => {}
    });
    names
}

/// What of the fields of an object handles events.
fn handlers(fields: &[FieldInit]) -> impl Iterator<Item = &Expr> {
    let is_handler = |field: &&FieldInit| field.name.as_deref().is_some_and(|name| NAMES.is_handler(name));
    fields.iter().filter(is_handler).map(|field| &field.value)
}

/// Whether a call is given a handler that is made elsewhere: whose its calls are cannot be told.
fn hands_on_handler(call: &Expr) -> bool {
    let ExprKind::Call { args, .. } = &call.kind else { return false };
    args.iter().any(|arg| match &arg.value.kind {
        ExprKind::Construct { ty: None, fields, .. } => handlers(fields)
            .any(|value| matches!(value.kind, ExprKind::Local(_) | ExprKind::Global(_) | ExprKind::Member { .. })),
        _ => false,
    })
}

/// What a body only hands to those who run it when something happens: handlers of events, and functions in variables
/// that are nothing but that.
fn handled_later(body: &Block) -> Vec<Span> {
    let mut later = Vec::new();
    walk::block(body, &mut |expr| match &expr.kind {
        ExprKind::OnEvent(_) => later.push(expr.span),
        ExprKind::Construct { ty: None, fields, .. } => later.extend(handlers(fields).map(|value| value.span)),
        _ => {}
    });
    if later.is_empty() {
        return later;
    }
    let mut functions: Vec<(&str, Span)> = Vec::new();
    walk::stmts(body, &mut |stmt| {
        if let StmtKind::Let { pattern: Pattern::Bind(name, ..), value: Some(value), .. } = &stmt.kind
            && matches!(value.kind, ExprKind::Lambda(_))
        {
            functions.push((&**name, value.span));
        }
    });
    let mut run_here = BTreeSet::new();
    walk::block(body, &mut |expr| {
        if let ExprKind::Local(name) = &expr.kind
            && !later.iter().any(|span| span.contains(expr.span))
        {
            run_here.insert(&**name);
        }
    });
    later.extend(functions.into_iter().filter(|(name, _)| !run_here.contains(name)).map(|(_, span)| span));
    later
}

/// `route.handle`, of one of these variables.
fn is_method_of(callee: &Expr, names: &BTreeSet<Arc<str>>) -> bool {
    let ExprKind::Member { base, .. } = &callee.kind else { return false };
    matches!(&base.kind, ExprKind::Local(name) if names.contains(name))
}

/// A call that goes well leads to the next element.
fn goes_on(ways: &[Path<'_>]) -> bool {
    ways.iter().any(|path| path.succeeded == Some(true) && path.end == paths::End::Again)
}

/// Whether what is gone through is written out, or a number of rounds: then it is no list of data.
fn is_counted(over: &Expr) -> bool {
    match &over.kind {
        ExprKind::List(_) | ExprKind::Tuple(_) | ExprKind::Literal(_) => true,
        ExprKind::Call { callee, .. } => match &callee.kind {
            ExprKind::Global(symbol) => {
                let name = symbol.name();
                symbol.as_str().starts_with("std::ops::Range") || name.eq_ignore_ascii_case("range")
            }
            _ => false,
        },
        ExprKind::Ref(inner) | ExprKind::Deref(inner) => is_counted(inner),
        _ => outcome::number(over).is_some(),
    }
}

/// Whether the arguments of a call, or of calls that its receiver is made by, mention one of these variables.
pub(super) fn is_given(call: &Expr, names: &BTreeSet<Arc<str>>) -> bool {
    let ExprKind::Call { callee, args, .. } = &call.kind else { return false };
    let receiver = || match &callee.kind {
        ExprKind::Member { base, .. } => is_given(base, names),
        _ => false,
    };
    args.iter().any(|arg| mentions(&arg.value, names)) || receiver()
}

pub(super) fn mentions(value: &Expr, names: &BTreeSet<Arc<str>>) -> bool {
    let mut found = false;
    walk::expr(value, &mut |expr| {
        found |= matches!(&expr.kind, ExprKind::Local(name) if names.contains(name));
    });
    found
}
