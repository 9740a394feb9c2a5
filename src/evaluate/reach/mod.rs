//! Which functions are worth following: those from which a remote call can be reached, and those
//! that handle messages of a contract.
//!
//! Most code of most services does neither. A function that does not is still followed where it is
//! given something of interest (a response, a client, a callback), and where it is so short that it
//! may well be a helper that puts a URL together. Methods are matched by name here, because types are
//! known only when values are followed; a name that many types share says nothing.

mod callees;
mod carriers;
mod seen;

use std::collections::BTreeSet;

use super::library::Libraries;
use super::program::{FuncId, Program};
use super::relevant::Relevant;
use super::{CONSTRUCTOR, Scope, Set, walk};
use crate::model::ir::{Expr, ExprKind, Func, Literal, Module, Symbol, Type};
use callees::Callees;
use carriers::Carriers;
use seen::Seen;

/// Expressions of a function that is always followed.
const LIGHT: usize = 40;
/// The same of one that writes a URL down, or mentions a constant that does.
const LIGHT_WITH_URL: usize = 80;
/// Expressions of a function that nobody wrote: bundlers put whole programs into one.
const BUNDLED: usize = 100_000;

/// What is worth following in a program.
pub(super) struct Reach<'a> {
    /// By function: a remote call can be reached from it.
    leads: Vec<bool>,
    /// By function: it handles clients or messages.
    touches: Vec<bool>,
    /// By function: it is short, or a part of a generated client, which has no other purpose.
    light: Vec<bool>,
    /// By function: types that it declares or mentions.
    types: Vec<Vec<&'a Type>>,
    /// What contracts speak of.
    scope: &'a Scope,
    /// Functions that would be followed, but that nobody wrote.
    bundled: Vec<FuncId>,
}

impl<'a> Reach<'a> {
    pub(super) fn new(program: &Program<'a>, libraries: &Libraries, scope: &'a Scope) -> Self {
        let seen: Vec<Seen<'a>> = program.funcs().map(|(_, _, func)| Seen::of(func)).collect();
        let relevant = Relevant::within(libraries, |name: &str| {
            let name = Symbol::new(name);
            let by_hand = |id| !program.module_of(id).generated;
            program.is_own_type(&name) || program.function(&name).is_some_and(by_hand)
        });
        let mut carriers = Carriers::new(program, libraries, relevant, scope);
        let mut callees = Callees::new(program);
        let edges: Vec<Vec<FuncId>> =
            program.funcs().zip(&seen).map(|((_, module, func), seen)| callees.of(module, func, seen)).collect();
        let funcs: Vec<&'a Func> = program.funcs().map(|(_, _, func)| func).collect();
        let sends: Vec<bool> = funcs.iter().zip(&seen).map(|(func, seen)| carriers.sent_by(func, seen)).collect();
        let doors = |carriers: &Carriers<'_, 'a, _>| -> Vec<bool> {
            let opens = funcs.iter().zip(&seen).map(|(func, seen)| carriers.opens_door(func, seen));
            sends.iter().zip(opens).map(|(sends, opens)| *sends || opens).collect()
        };
        let mut leads = leading(doors(&carriers), &edges);
        // What is put into a field that no type declares is known by who makes it.
        let mut more = false;
        for ((_, _, func), seen) in program.funcs().zip(&seen) {
            let Some(owner) = &func.owner else { continue };
            for (field, value) in &seen.kept {
                let makes = || mentions(value, |name| program.function(name).is_some_and(|id| leads[id.0 as usize]));
                if relevant.expr(value) || makes() {
                    more |= carriers.add_door(owner, field);
                }
            }
        }
        if more {
            leads = leading(doors(&carriers), &edges);
        }
        let callers = callers_of(&edges);
        let mut touches = touching(program, &carriers, &seen, &leads, &callers);
        for at in settings(program, &seen, &leads, &callers) {
            touches[at] = true;
        }
        let mut bundled = Vec::new();
        for ((id, ..), (touches, seen)) in program.funcs().zip(touches.iter_mut().zip(&seen)) {
            if *touches && seen.weight >= BUNDLED {
                *touches = false;
                bundled.push(id);
            }
        }
        let is_light = |(module, seen): (&Module, &Seen<'_>)| {
            module.generated_client
                || seen.weight <= LIGHT
                || (seen.weight <= LIGHT_WITH_URL && writes_url(program, seen))
        };
        let light = program.funcs().map(|(_, module, _)| module).zip(&seen).map(is_light).collect();
        let types = seen.into_iter().map(|seen| seen.types).collect();
        Self { leads, touches, light, types, scope, bundled }
    }

    /// Whether there is a contract at all, whose data may be anywhere.
    pub(super) fn knows_contracts(&self) -> bool {
        self.scope.is_known()
    }

    /// Whether a contract has a message of this simple name.
    pub(super) fn is_message(&self, name: &str) -> bool {
        self.scope.has_message(&plain(name))
    }

    /// Whether a contract declares a service of this simple name.
    pub(super) fn is_service(&self, name: &str) -> bool {
        let name = plain(name);
        // Some generators put it behind every name.
        self.scope.has_service(&name) || name.strip_suffix("service").is_some_and(|bare| self.scope.has_service(bare))
    }

    /// Whether a type may be a message of a contract, by its name: it is the message's, or generated for a
    /// part of it, such as a oneof (Go: `Event_Text`, Rust: `event::Kind`).
    pub(super) fn may_be_message(&self, ty: &Symbol) -> bool {
        let name = ty.name();
        let outer = ty.parent().rsplit("::").next().unwrap_or_default();
        let parts = name.match_indices('_').filter_map(|(at, _)| name.get(..at));
        matches!(self.scope, Scope::All) || [name, outer].into_iter().chain(parts).any(|name| self.is_message(name))
    }

    /// Whether a message, or any where none is named, has this field; both in plain form.
    pub(super) fn is_field(&self, message: Option<&str>, field: &str) -> bool {
        self.scope.has_field(message, field)
    }

    /// Functions that handle values of these own types: by what they declare, or by what the fields of
    /// their own type hold.
    pub(super) fn handling(&self, program: &Program<'a>, types: &BTreeSet<&Symbol>) -> Vec<FuncId> {
        if types.is_empty() {
            return Vec::new();
        }
        let is_one = |ty: &Type| any_symbol(ty, &mut |symbol| types.contains(&program.canonical(symbol)));
        let holders: BTreeSet<&str> = program
            .modules()
            .iter()
            .flat_map(|module| &module.types)
            .filter(|ty| ty.fields.iter().map(|field| &field.ty).chain(&ty.supertypes).any(is_one))
            .map(|ty| ty.symbol.as_str())
            .collect();
        let handles = |func: &Func, at: usize| {
            let owner = func.owner.as_ref().and_then(Type::symbol);
            owner.is_some_and(|owner| holders.contains(owner.as_str()))
                || self.types.get(at).into_iter().flatten().any(|ty| is_one(ty))
        };
        let all = program.funcs().filter(|(_, _, func)| func.body.is_some());
        all.filter(|(id, _, func)| handles(func, id.0 as usize)).map(|(id, ..)| id).collect()
    }

    /// Functions that a bundler made of whole programs: they are not looked at.
    pub(super) fn bundled(&self) -> &[FuncId] {
        &self.bundled
    }

    /// Whether a function is looked at for its own sake.
    pub(super) fn is_root(&self, id: FuncId) -> bool {
        self.touches.get(id.0 as usize).copied().unwrap_or(true)
    }

    /// Whether a function is followed whatever it is given.
    pub(super) fn is_followed(&self, id: FuncId) -> bool {
        let is = |all: &[bool]| all.get(id.0 as usize).copied().unwrap_or(true);
        is(&self.leads) || is(&self.light)
    }
}

/// By function: a remote call can be reached from it. It can from those that send.
fn leading(sends: Vec<bool>, edges: &[Vec<FuncId>]) -> Vec<bool> {
    let mut leads = sends;
    let mut callers = callers_of(edges);
    let mut waiting: Vec<usize> = (0..leads.len()).filter(|at| leads[*at]).collect();
    while let Some(at) = waiting.pop() {
        for caller in std::mem::take(&mut callers[at]) {
            if !leads[caller] {
                leads[caller] = true;
                waiting.push(caller);
            }
        }
    }
    leads
}

/// By function: it handles clients or messages. Who calls a function that gives a message handles one,
/// though it need not say so.
fn touching<'a, F: Fn(&str) -> bool>(
    program: &Program<'a>,
    carriers: &Carriers<'_, 'a, F>,
    seen: &[Seen<'a>],
    leads: &[bool],
    callers: &[Vec<usize>],
) -> Vec<bool> {
    let mut touches = leads.to_vec();
    let mut waiting = Vec::new();
    let gives: Vec<Option<bool>> = program.funcs().map(|(_, _, func)| carriers.gives_message(func)).collect();
    for (at, ((_, _, func), seen)) in program.funcs().zip(seen).enumerate() {
        let handles = carriers.handled_by(func, seen);
        touches[at] |= handles;
        if gives[at].unwrap_or(handles) {
            waiting.push(at);
        }
    }
    while let Some(at) = waiting.pop() {
        for caller in &callers[at] {
            if !touches[*caller] {
                touches[*caller] = true;
                if gives[*caller].is_none() {
                    waiting.push(*caller);
                }
            }
        }
    }
    touches
}

/// Functions that put into fields what methods of that class send requests with, such as a base URL, and those that
/// call them: these tell what it is.
fn settings(program: &Program<'_>, seen: &[Seen<'_>], leads: &[bool], callers: &[Vec<usize>]) -> BTreeSet<usize> {
    let all = || program.funcs().map(|(_, _, func)| func).zip(seen).enumerate();
    let classes = |ty: &Type| ty.symbol().map(|symbol| program.ancestors(symbol));
    let mut read: Set<(Symbol, &str)> = Set::default();
    for (_, (func, seen)) in all().filter(|(at, _)| leads[*at]) {
        for class in func.owner.as_ref().and_then(classes).iter().flat_map(|classes| classes.iter()) {
            read.extend(seen.members.iter().map(|name| (class.clone(), *name)));
        }
    }
    let is_put = |(ty, field): &(&Type, &str)| {
        classes(ty).is_some_and(|classes| classes.iter().any(|class| read.contains(&(class.clone(), *field))))
    };
    let puts: Vec<usize> = all().filter(|(_, (_, seen))| seen.put.iter().any(is_put)).map(|(at, _)| at).collect();
    let constructor = |at: &usize| {
        let func = program.func(FuncId(u32::try_from(*at).ok()?));
        func.owner.as_ref().and_then(Type::symbol).filter(|_| func.symbol.name() == CONSTRUCTOR)
    };
    let made: Set<&Symbol> = puts.iter().filter_map(constructor).collect();
    let is_made = |name: &&str| made.contains(&program.canonical(&Symbol::new(name)));
    let makes = all().filter(|(_, (_, seen))| !made.is_empty() && seen.globals.iter().any(&is_made));
    let calls = puts.iter().flat_map(|at| &callers[*at]).copied();
    puts.iter().copied().chain(calls).chain(makes.map(|(at, _)| at)).collect()
}

/// Whether a function puts text together with a piece that begins a URL.
fn writes_url(program: &Program<'_>, seen: &Seen<'_>) -> bool {
    let is_url = |name: &&str| {
        let value = program.global(&Symbol::new(name)).and_then(|(_, global)| global.value.as_ref());
        value.is_some_and(|value| matches!(&value.kind, ExprKind::Literal(Literal::Str(text)) if text.contains("://")))
    };
    seen.url || seen.globals.iter().any(is_url)
}

/// By function: those that call it.
fn callers_of(edges: &[Vec<FuncId>]) -> Vec<Vec<usize>> {
    let mut callers: Vec<Vec<usize>> = vec![Vec::new(); edges.len()];
    for (caller, callees) in edges.iter().enumerate() {
        for callee in callees {
            if let Some(callers) = callers.get_mut(callee.0 as usize) {
                callers.push(caller);
            }
        }
    }
    callers
}

/// Whether an expression mentions a name that a test is true of.
fn mentions(value: &Expr, mut test: impl FnMut(&Symbol) -> bool) -> bool {
    let mut any = false;
    walk::expr(value, &mut |expr| {
        if let ExprKind::Global(symbol) = &expr.kind {
            any = any || test(symbol);
        }
    });
    any
}

fn any_symbol(ty: &Type, test: &mut dyn FnMut(&Symbol) -> bool) -> bool {
    match ty {
        Type::Named(symbol, args) => test(symbol) || args.iter().any(|arg| any_symbol(arg, test)),
        Type::List(inner) | Type::Map(inner) | Type::Optional(inner) | Type::Result(inner) => any_symbol(inner, test),
        Type::Tuple(all) => all.iter().any(|ty| any_symbol(ty, test)),
        Type::Function(params, ret) => params.iter().any(|ty| any_symbol(ty, test)) || any_symbol(ret, test),
        _ => false,
    }
}

/// A name as it is compared: letters and digits in lower case. Generators differ in the rest.
pub(super) fn plain(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).map(|letter| letter.to_ascii_lowercase()).collect()
}
