//! Types by which a function can get hold of a client, or of a message of a contract.

use std::cell::RefCell;

use super::seen::Seen;
use super::{any_symbol, plain};
use crate::evaluate::library::Libraries;
use crate::evaluate::program::Program;
use crate::evaluate::relevant::Relevant;
use crate::evaluate::{Scope, walk};
use crate::evaluate::{Set, Table};
use crate::model::ir::{Annotation, ExprKind, Func, Symbol, Type};

/// Variables of a module that are made of each other.
const MAX_GLOBALS: usize = 4;

/// Types and fields that lead to clients and messages.
///
/// Applications keep a client in one object, and hand that object through all of their code. Who is
/// given it sends nothing yet: who also names the field in which the client is kept may.
pub(super) struct Carriers<'p, 'a, F> {
    program: &'p Program<'a>,
    libraries: &'p Libraries,
    scope: &'p Scope,
    relevant: Relevant<'p, F>,
    /// Types of the unit that are clients: declared ones, and those that extend or embed one.
    clients: Set<&'a str>,
    /// Classes of generated clients among them, and functions beside them: who makes one may send by a function
    /// that is kept in it.
    generated: Set<&'a str>,
    /// Types of the unit in which a client is kept, however deep.
    holders: Set<&'a str>,
    /// Names of fields in which clients are kept.
    doors: Set<&'a str>,
    /// Types of the unit that hold a message, however deep.
    messages: Set<&'a str>,
    known: Known,
}

/// What was found out of names, which are asked for again and again.
#[derive(Default)]
struct Known {
    clients: RefCell<Table<String, bool>>,
    functions: RefCell<Table<String, bool>>,
    members: RefCell<Table<String, bool>>,
}

/// The answer of `find` for a name, found once.
fn once(known: &RefCell<Table<String, bool>>, name: &str, find: impl FnOnce() -> bool) -> bool {
    if let Some(known) = known.borrow().get(name) {
        return *known;
    }
    let found = find();
    known.borrow_mut().insert(name.to_owned(), found);
    found
}

impl<'p, 'a, F: Fn(&str) -> bool> Carriers<'p, 'a, F> {
    pub(super) fn new(
        program: &'p Program<'a>,
        libraries: &'p Libraries,
        relevant: Relevant<'p, F>,
        scope: &'p Scope,
    ) -> Self {
        let mut carriers = Self {
            program,
            libraries,
            scope,
            relevant,
            clients: Set::default(),
            generated: Set::default(),
            holders: Set::default(),
            doors: Set::default(),
            messages: Set::default(),
            known: Known::default(),
        };
        carriers.add_declared_clients(libraries);
        carriers.add_annotated_stubs(libraries);
        carriers.add_generated_clients();
        while carriers.add_clients() {}
        carriers.add_doors();
        while carriers.add_holders() {}
        carriers
    }

    /// Interfaces whose methods say by annotations what they request.
    fn add_declared_clients(&mut self, libraries: &Libraries) {
        for (_, _, func) in self.program.funcs().filter(|(_, _, func)| func.body.is_none()) {
            let requests = func.annotations.iter().any(|note| {
                let name = self.program.canonical(&note.name);
                !libraries.request_annotations(name.as_str()).is_empty()
            });
            if let Some(owner) = func.owner.as_ref().and_then(Type::symbol).filter(|_| requests) {
                self.clients.insert(owner.as_str());
            }
        }
    }

    /// Types of parameters and fields that a framework puts a stub in.
    fn add_annotated_stubs(&mut self, libraries: &Libraries) {
        let is_stub = |notes: &[Annotation]| {
            notes.iter().any(|note| libraries.annotated_stub(self.program.canonical(&note.name).as_str()).is_some())
        };
        let fields = self.program.modules().iter().flat_map(|module| &module.types).flat_map(|ty| &ty.fields);
        let fields = fields.filter(|field| is_stub(&field.annotations)).map(|field| &field.ty);
        let params = self.program.funcs().flat_map(|(_, _, func)| &func.params);
        let params = params.filter(|param| is_stub(&param.annotations)).map(|param| &param.ty);
        let stubs: Vec<&'a str> = fields.chain(params).filter_map(|ty| Some(ty.peeled().symbol()?.as_str())).collect();
        self.clients.extend(stubs);
    }

    /// Classes of clients that were generated from a contract: what sends may be a function in a field. Their
    /// functions, too, may send by what is kept in a variable.
    fn add_generated_clients(&mut self) {
        for (_, _, func) in self.program.funcs().filter(|(_, module, _)| module.generated_client) {
            if let Some(owner) = func.owner.as_ref().and_then(Type::symbol) {
                self.clients.insert(owner.as_str());
                self.generated.insert(owner.as_str());
            } else {
                self.generated.insert(func.symbol.as_str());
            }
        }
    }

    /// Adds types that extend or embed a client; whether there were any.
    fn add_clients(&mut self) -> bool {
        let before = self.clients.len();
        for ty in self.program.modules().iter().flat_map(|module| &module.types) {
            let embedded = ty.fields.iter().filter(|field| field.flatten).map(|field| &field.ty);
            if embedded.chain(&ty.supertypes).any(|ty| self.is_client(ty)) {
                self.clients.insert(ty.symbol.as_str());
            }
        }
        self.clients.len() > before
    }

    fn add_doors(&mut self) {
        for field in self.program.modules().iter().flat_map(|module| &module.types).flat_map(|ty| &ty.fields) {
            if self.is_client(&field.ty) {
                self.doors.insert(&field.name);
            }
        }
    }

    /// Adds types in which clients or messages are kept; whether there were any.
    fn add_holders(&mut self) -> bool {
        let before = self.holders.len() + self.messages.len();
        for ty in self.program.modules().iter().flat_map(|module| &module.types) {
            let name = ty.symbol.as_str();
            let inside = || ty.fields.iter().map(|field| &field.ty).chain(&ty.supertypes);
            if !self.holders.contains(name) && inside().any(|ty| self.is_client(ty) || self.is_holder(ty)) {
                self.holders.insert(name);
            }
            if !self.messages.contains(name) && inside().any(|ty| self.is_message(ty)) {
                self.messages.insert(name);
            }
        }
        self.holders.len() + self.messages.len() > before
    }

    /// Learns of a field that no type declares, but in which a method of `owner` puts a client.
    pub(super) fn add_door(&mut self, owner: &'a Type, field: &'a str) -> bool {
        if let Some(owner) = owner.symbol() {
            self.holders.insert(owner.as_str());
        }
        self.doors.insert(field)
    }

    /// Whether a function can send a request itself, with what it has or makes.
    pub(super) fn sent_by(&self, func: &Func, seen: &Seen<'_>) -> bool {
        self.relevant.declared(func)
            || seen.made.iter().any(|ty| self.relevant.ty(ty))
            || seen.members.iter().any(|name| self.is_sending_member(name))
            || signature(func).chain(seen.types.iter().copied()).any(|ty| self.is_client(ty))
            || seen.globals.iter().any(|name| self.is_client_global(name, MAX_GLOBALS) || self.is_sending_name(name))
            || func.annotations.iter().any(|note| {
                let named = self.program.canonical_name(&note.name);
                named.is_some_and(|named| self.relevant.annotation(named.as_str()))
            })
    }

    /// Whether a function gets at a field in which clients are kept.
    pub(super) fn opens_door(&self, func: &Func, seen: &Seen<'_>) -> bool {
        seen.members.iter().any(|name| self.doors.contains(name))
            && (seen.untyped
                || signature(func).chain(seen.types.iter().copied()).any(|ty| self.is_holder(ty))
                || seen.globals.iter().any(|name| self.is_holding_global(name)))
    }

    /// Whether a function handles a message of a contract.
    pub(super) fn handled_by(&self, func: &Func, seen: &Seen<'_>) -> bool {
        signature(func).chain(seen.types.iter().copied()).any(|ty| self.is_message(ty))
            || seen.globals.iter().any(|name| self.names_message(name) || self.is_message_global(name))
    }

    /// Whether a function says that it gives a message; none if it does not say what it gives.
    pub(super) fn gives_message(&self, func: &Func) -> Option<bool> {
        (!matches!(func.ret, Type::Unknown | Type::Parameter(_))).then(|| self.is_message(&func.ret))
    }

    /// `const Session = createContext<User>(null)`: what it is made with says what it holds.
    fn is_message_global(&self, name: &str) -> bool {
        let Some((_, global)) = self.program.global(&Symbol::new(name)) else { return false };
        let made = match global.value.as_ref().map(|value| &value.kind) {
            Some(ExprKind::Call { type_args, .. }) => type_args.as_slice(),
            _ => &[],
        };
        made.iter().chain([&global.ty]).any(|ty| self.is_message(ty))
    }

    /// Whether a name, or what it stands for in an opened namespace, is one of a function that sends.
    fn is_sending_name(&self, name: &str) -> bool {
        once(&self.known.functions, name, || {
            if self.relevant.name(name) {
                return true;
            }
            let named = self.program.canonical_name(&Symbol::new(name));
            let is_generated = |name: &str| self.generated.contains(name);
            is_generated(name)
                || named.is_some_and(|named| self.relevant.name(named.as_str()) || is_generated(named.as_str()))
        })
    }

    fn is_sending_member(&self, name: &str) -> bool {
        once(&self.known.members, name, || self.relevant.member(name))
    }

    /// `app = builder.build()`, `builder = Web.builder()`: variables of a module are made of each other.
    fn is_client_global(&self, name: &str, depth: usize) -> bool {
        let (Some(depth), Some((_, global))) = (depth.checked_sub(1), self.program.global(&Symbol::new(name))) else {
            return false;
        };
        let Some(value) = &global.value else { return self.is_client(&global.ty) };
        let mut made_of = Set::default();
        walk::expr(value, &mut |expr| {
            if let ExprKind::Global(symbol) = &expr.kind {
                made_of.insert(symbol.as_str());
            }
        });
        self.is_client(&global.ty)
            || self.relevant.expr(value)
            || made_of.iter().any(|name| self.is_sending_name(name) || self.is_client_global(name, depth))
    }

    fn is_holding_global(&self, name: &str) -> bool {
        self.program
            .global(&Symbol::new(name))
            .is_some_and(|(_, global)| matches!(global.ty, Type::Unknown | Type::Dynamic) || self.is_holder(&global.ty))
    }

    fn is_client(&self, ty: &Type) -> bool {
        any_symbol(ty, &mut |symbol| self.clients.contains(symbol.as_str()) || self.is_client_type(symbol))
    }

    fn is_client_type(&self, symbol: &Symbol) -> bool {
        once(&self.known.clients, symbol.as_str(), || {
            let named = || self.program.canonical_name(symbol);
            self.relevant.client(symbol.as_str())
                || named()
                    .is_some_and(|named| self.relevant.client(named.as_str()) || self.clients.contains(named.as_str()))
        })
    }

    fn is_holder(&self, ty: &Type) -> bool {
        any_symbol(ty, &mut |symbol| self.holders.contains(symbol.as_str()))
    }

    fn is_message(&self, ty: &Type) -> bool {
        any_symbol(ty, &mut |symbol| self.messages.contains(symbol.as_str()) || self.names_message(symbol.as_str()))
    }

    /// Whether a name is one of a generated message: the contracts have one of that name, and nobody
    /// wrote a type of this name by hand.
    fn names_message(&self, symbol: &str) -> bool {
        match self.scope {
            Scope::All => true,
            Scope::Known(_) => {
                let symbol = Symbol::new(symbol);
                let message = self.libraries.built_message(&symbol).unwrap_or(symbol);
                self.scope.has_message(&plain(message.name())) && !self.program.is_own_type(&message)
            }
        }
    }
}

/// Types that a function declares: its receiver's, its parameters', its result's.
fn signature(func: &Func) -> impl Iterator<Item = &Type> {
    func.params.iter().map(|param| &param.ty).chain([&func.ret]).chain(&func.owner)
}
