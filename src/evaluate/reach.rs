//! Which functions are worth following: those from which a remote call can be reached, and those
//! that handle messages of a contract.
//!
//! Most code of most services does neither. A function that does not is still followed where it is
//! given something of interest (a response, a client, a callback), and where it is so short that it
//! may well be a helper that puts a URL together. Methods are matched by name here, because types are
//! known only when values are followed; a name that many types share says nothing.

use std::collections::{BTreeMap, BTreeSet};

use super::library::Libraries;
use super::program::{FuncId, Program};
use super::{Scope, relevant, walk};
use crate::model::ir::{Expr, ExprKind, Func, Stmt, StmtKind, Symbol, Type};

/// Functions of one name that a call by name may mean; more, and the name says nothing.
const MAX_NAMESAKES: usize = 6;
/// Variables of a module that are made of each other.
const MAX_GLOBALS: usize = 4;
/// Expressions of a function that is always followed.
const LIGHT: usize = 40;

/// What is worth following in a program.
pub(super) struct Reach<'a> {
    /// By function: a remote call can be reached from it.
    leads: Vec<bool>,
    /// By function: it handles clients or messages.
    touches: Vec<bool>,
    /// By function: it is short.
    light: Vec<bool>,
    /// By function: types that its body mentions.
    types: Vec<Vec<&'a Type>>,
}

impl<'a> Reach<'a> {
    pub(super) fn new(program: &Program<'a>, libraries: &Libraries, scope: &Scope) -> Self {
        let seen: Vec<Seen<'a>> = program.funcs().map(|(_, _, func)| Seen::of(func)).collect();
        let carriers = Carriers::new(program, libraries, scope);
        let mut touches: Vec<bool> =
            program.funcs().zip(&seen).map(|((_, _, func), seen)| carriers.handled_by(func, seen)).collect();
        let remote: Vec<bool> = program
            .funcs()
            .zip(&seen)
            .map(|((_, _, func), seen)| relevant::func(func, libraries) || carriers.sent_by(func, seen))
            .collect();
        let leads = callers_of(&remote, &seen, program);
        for (touches, leads) in touches.iter_mut().zip(&leads) {
            *touches |= *leads;
        }
        let light = seen.iter().map(|seen| seen.weight <= LIGHT).collect();
        let types = seen.into_iter().map(|seen| seen.types).collect();
        Self { leads, touches, light, types }
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
                || signature(func).chain(self.types.get(at).into_iter().flatten().copied()).any(is_one)
        };
        let all = program.funcs().filter(|(_, _, func)| func.body.is_some());
        all.filter(|(id, _, func)| handles(func, id.0 as usize)).map(|(id, ..)| id).collect()
    }

    /// Whether a function is looked at for its own sake.
    pub(super) fn is_root(&self, id: FuncId) -> bool {
        self.touches.get(id.0 as usize).copied().unwrap_or(true)
    }

    /// Whether a remote call can be reached from a function.
    pub(super) fn leads_to_calls(&self, id: FuncId) -> bool {
        self.leads.get(id.0 as usize).copied().unwrap_or(true)
    }

    /// Whether a function is followed whatever it is given.
    pub(super) fn is_followed(&self, id: FuncId) -> bool {
        let is = |all: &[bool]| all.get(id.0 as usize).copied().unwrap_or(true);
        is(&self.leads) || is(&self.light)
    }
}

/// What a function's body mentions.
#[derive(Default)]
struct Seen<'a> {
    globals: BTreeSet<&'a str>,
    methods: BTreeSet<&'a str>,
    types: Vec<&'a Type>,
    weight: usize,
}

impl<'a> Seen<'a> {
    fn of(func: &'a Func) -> Self {
        let mut seen = Self::default();
        let Some(body) = &func.body else { return seen };
        walk::block(body, &mut |expr| seen.see(expr));
        walk::stmts(body, &mut |stmt: &'a Stmt| {
            if let StmtKind::Let { ty: Some(ty), .. } = &stmt.kind {
                seen.types.push(ty);
            }
        });
        seen
    }

    fn see(&mut self, expr: &'a Expr) {
        self.weight += 1;
        match &expr.kind {
            ExprKind::Global(symbol) => {
                self.globals.insert(symbol.as_str());
            }
            ExprKind::Member { name, .. } => {
                self.methods.insert(name);
            }
            ExprKind::Construct { ty: Some(ty), .. } | ExprKind::Cast(ty, _) => self.types.push(ty),
            ExprKind::Lambda(lambda) => self.types.extend(lambda.params.iter().map(|param| &param.ty)),
            _ => {}
        }
    }
}

/// Functions marked, and all that may call them.
fn callers_of(marked: &[bool], seen: &[Seen<'_>], program: &Program<'_>) -> Vec<bool> {
    let mut namesakes: BTreeMap<&str, Vec<FuncId>> = BTreeMap::new();
    for (id, _, func) in program.funcs().filter(|(_, _, func)| func.owner.is_some() && func.body.is_some()) {
        namesakes.entry(func.symbol.name()).or_default().push(id);
    }
    let mut callers: Vec<Vec<usize>> = vec![Vec::new(); marked.len()];
    for (at, seen) in seen.iter().enumerate() {
        let by_symbol = seen.globals.iter().filter_map(|name| program.function(&Symbol::new(name)));
        let by_name = seen.methods.iter().filter_map(|name| namesakes.get(name));
        let by_name = by_name.filter(|all| all.len() <= MAX_NAMESAKES).flatten().copied();
        for callee in by_symbol.chain(by_name) {
            if let Some(callers) = callers.get_mut(callee.0 as usize) {
                callers.push(at);
            }
        }
    }
    let mut leads = marked.to_vec();
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

/// Types that hold clients, and types that are or hold messages of a contract.
struct Carriers<'p, 'a> {
    program: &'p Program<'a>,
    libraries: &'p Libraries,
    scope: &'p Scope,
    senders: BTreeSet<&'a str>,
    messages: BTreeSet<&'a str>,
}

impl<'p, 'a> Carriers<'p, 'a> {
    fn new(program: &'p Program<'a>, libraries: &'p Libraries, scope: &'p Scope) -> Self {
        let mut carriers = Self { program, libraries, scope, senders: BTreeSet::new(), messages: BTreeSet::new() };
        // Declared clients.
        for (_, _, func) in program.funcs().filter(|(_, _, func)| func.body.is_none()) {
            let requests = func.annotations.iter().any(|note| {
                let name = program.canonical(&note.name);
                !libraries.request_annotations(name.as_str()).is_empty()
            });
            if let Some(owner) = func.owner.as_ref().and_then(Type::symbol).filter(|_| requests) {
                carriers.senders.insert(owner.as_str());
            }
        }
        loop {
            let before = carriers.senders.len() + carriers.messages.len();
            for ty in program.modules().iter().flat_map(|module| &module.types) {
                let name = ty.symbol.as_str();
                let inside = || ty.fields.iter().map(|field| &field.ty).chain(&ty.supertypes);
                if !carriers.senders.contains(name) && inside().any(|ty| carriers.sends(ty)) {
                    carriers.senders.insert(name);
                }
                if !carriers.messages.contains(name) && inside().any(|ty| carriers.is_message(ty)) {
                    carriers.messages.insert(name);
                }
            }
            if carriers.senders.len() + carriers.messages.len() == before {
                return carriers;
            }
        }
    }

    fn handled_by(&self, func: &Func, seen: &Seen<'_>) -> bool {
        signature(func).chain(seen.types.iter().copied()).any(|ty| self.is_message(ty))
            || seen.globals.iter().any(|name| self.names_message(name))
    }

    fn sent_by(&self, func: &Func, seen: &Seen<'_>) -> bool {
        signature(func).chain(seen.types.iter().copied()).any(|ty| self.sends(ty))
            || seen.globals.iter().any(|name| self.is_sender_global(name))
            || seen.globals.iter().any(|name| self.stands_for(name, relevant::name))
            || func.annotations.iter().any(|note| self.stands_for(note.name.as_str(), relevant::annotation))
    }

    /// Whether a name of an opened namespace stands for one that a test is true of.
    fn stands_for(&self, name: &str, test: fn(&str, &Libraries) -> bool) -> bool {
        let named = self.program.canonical_name(&Symbol::new(name));
        named.is_some_and(|named| test(named.as_str(), self.libraries))
    }

    fn is_sender_global(&self, name: &str) -> bool {
        self.is_sender_global_within(name, MAX_GLOBALS)
    }

    /// `app = builder.build()`, `builder = Web.builder()`: variables of a module are made of each other.
    fn is_sender_global_within(&self, name: &str, depth: usize) -> bool {
        let (Some(depth), Some((_, global))) = (depth.checked_sub(1), self.program.global(&Symbol::new(name))) else {
            return false;
        };
        let Some(value) = &global.value else { return self.sends(&global.ty) };
        let mut made_of = BTreeSet::new();
        walk::expr(value, &mut |expr| {
            if let ExprKind::Global(symbol) = &expr.kind {
                made_of.insert(symbol.as_str());
            }
        });
        self.sends(&global.ty)
            || relevant::expr(value, self.libraries)
            || made_of.iter().any(|name| self.stands_for(name, relevant::name))
            || made_of.iter().any(|name| self.is_sender_global_within(name, depth))
    }

    fn sends(&self, ty: &Type) -> bool {
        any_symbol(ty, &mut |symbol| {
            self.senders.contains(symbol.as_str())
                || relevant::symbol(symbol.as_str(), self.libraries)
                || self.stands_for(symbol.as_str(), relevant::symbol)
        })
    }

    fn is_message(&self, ty: &Type) -> bool {
        any_symbol(ty, &mut |symbol| self.messages.contains(symbol.as_str()) || self.names_message(symbol.as_str()))
    }

    /// Whether a name is one of a generated message: the contracts have one of that name, and nobody
    /// wrote a type of this name by hand.
    fn names_message(&self, symbol: &str) -> bool {
        match self.scope {
            Scope::All => true,
            Scope::Messages(names) => {
                let own = symbol.rsplit("::").next().unwrap_or(symbol);
                names.contains(&plain(own)) && !self.program.is_own_type(&Symbol::new(symbol))
            }
        }
    }
}

/// Types that a function declares: its receiver's, its parameters', its result's.
fn signature(func: &Func) -> impl Iterator<Item = &Type> {
    func.params.iter().map(|param| &param.ty).chain([&func.ret]).chain(&func.owner)
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
