//! Which functions a function may call, by its text alone.
//!
//! Where types are declared, a method is found by the types that a function has at hand: those that it
//! declares, those of their fields that it names, and what functions that it calls return. Elsewhere,
//! and for rare names, by its name.

use std::rc::Rc;

use super::any_symbol;
use super::seen::Seen;
use crate::evaluate::program::{FuncId, Program};
use crate::evaluate::{Set, Table, walk};
use crate::model::ir::{ExprKind, Func, Global, Module, Symbol, Type};
use crate::model::source::Language;

/// Methods of one name that a call by name may mean where no types are declared; more, and the name
/// says nothing.
const MAX_NAMESAKES: usize = 6;
/// The same where types are declared, for values whose type is not at hand.
const MAX_TYPED_NAMESAKES: usize = 2;
/// Types at hand.
const MAX_TYPES: usize = 48;
/// Functions that an object of a module brings together to be called; more, and it is a table of a program's parts.
const MAX_OFFERED: usize = 32;

/// Whether a language wants parameters to have types.
const fn declares_types(language: Language) -> bool {
    !matches!(language, Language::Python | Language::TypeScript)
}

/// Finds the functions that a function may call.
pub(super) struct Callees<'p, 'a> {
    program: &'p Program<'a>,
    /// Methods by their names.
    namesakes: Table<&'a str, Vec<FuncId>>,
    /// Members of types that were asked for.
    members: Table<Symbol, Rc<Members<'a>>>,
    /// Functions that objects of modules bring together, by object.
    offered: Table<Symbol, Rc<[FuncId]>>,
}

/// Fields and methods of a type, inherited ones included.
#[derive(Default)]
struct Members<'a> {
    fields: Table<&'a str, &'a Type>,
    methods: Table<&'a str, FuncId>,
    is_interface: bool,
}

/// Types that a function has at hand, those to be looked at yet last.
#[derive(Default)]
struct AtHand {
    known: Set<Symbol>,
    waiting: Vec<Symbol>,
}

impl AtHand {
    fn add(&mut self, program: &Program<'_>, ty: &Type) {
        any_symbol(ty, &mut |symbol| {
            let is_new = self.known.len() < MAX_TYPES && program.is_own_type(symbol) && !self.known.contains(symbol);
            if is_new {
                self.known.insert(symbol.clone());
                self.waiting.push(symbol.clone());
            }
            false
        });
    }
}

impl<'p, 'a> Callees<'p, 'a> {
    pub(super) fn new(program: &'p Program<'a>) -> Self {
        let mut namesakes: Table<&str, Vec<FuncId>> = Table::default();
        for (id, _, func) in program.funcs().filter(|(_, _, func)| func.owner.is_some() && func.body.is_some()) {
            namesakes.entry(func.symbol.name()).or_default().push(id);
        }
        Self { program, namesakes, members: Table::default(), offered: Table::default() }
    }

    /// Functions that a function may call.
    pub(super) fn of(&mut self, module: &Module, func: &Func, seen: &Seen<'a>) -> Vec<FuncId> {
        let mut callees = Vec::new();
        let mut at_hand = AtHand::default();
        func.owner.iter().chain(seen.types.iter().copied()).for_each(|ty| at_hand.add(self.program, ty));
        for name in &seen.globals {
            let name = Symbol::new(name);
            if let Some(id) = self.program.function(&name) {
                at_hand.add(self.program, &self.program.func(id).ret);
                callees.push(id);
            } else if let Some((_, global)) = self.program.global(&name) {
                at_hand.add(self.program, &global.ty);
                callees.extend(self.offered_by(global).iter());
            }
        }
        while let Some(ty) = at_hand.waiting.pop() {
            let members = self.members_of(&ty);
            for name in &seen.members {
                if let Some(field) = members.fields.get(name) {
                    at_hand.add(self.program, field);
                }
                if let Some(method) = members.methods.get(name) {
                    at_hand.add(self.program, &self.program.func(*method).ret);
                    callees.push(*method);
                }
                if members.is_interface && self.namesakes.contains_key(name) {
                    callees.extend(self.program.implementations(&ty, name).iter());
                }
            }
        }
        let is_typed = declares_types(module.language) && !seen.untyped;
        let most = if is_typed { MAX_TYPED_NAMESAKES } else { MAX_NAMESAKES };
        let by_name = seen.members.iter().filter_map(|name| self.namesakes.get(name));
        callees.extend(by_name.filter(|all| all.len() <= most).flatten());
        callees
    }

    /// `export default {get: url => send("GET", url), ..}`: who has the object calls what its functions call.
    fn offered_by(&mut self, global: &Global) -> Rc<[FuncId]> {
        if let Some(known) = self.offered.get(&global.symbol) {
            return Rc::clone(known);
        }
        let mut offered = Vec::new();
        if let Some(value) =
            global.value.as_ref().filter(|value| matches!(value.kind, ExprKind::Construct { ty: None, .. }))
        {
            walk::expr(value, &mut |expr| {
                if let ExprKind::Global(name) = &expr.kind {
                    offered.extend(self.program.function(name));
                }
            });
        }
        if offered.len() > MAX_OFFERED {
            offered.clear();
        }
        let offered: Rc<[FuncId]> = offered.into();
        self.offered.insert(global.symbol.clone(), Rc::clone(&offered));
        offered
    }

    fn members_of(&mut self, ty: &Symbol) -> Rc<Members<'a>> {
        if let Some(known) = self.members.get(ty) {
            return Rc::clone(known);
        }
        let mut members = Members { is_interface: self.program.has_implementations(ty), ..Members::default() };
        for ancestor in self.program.ancestors(ty).iter() {
            for field in self.program.fields(ancestor) {
                members.fields.entry(&field.name).or_insert(&field.ty);
            }
            for id in self.program.methods(ancestor) {
                members.methods.entry(self.program.func(id).symbol.name()).or_insert(id);
            }
        }
        let members = Rc::new(members);
        self.members.insert(ty.clone(), Rc::clone(&members));
        members
    }
}
