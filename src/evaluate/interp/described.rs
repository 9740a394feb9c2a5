//! Methods of generated services as values: `CartService.method.getCart`.
//!
//! A library that is given one calls it, so it is a method of a client of the service.

use std::rc::Rc;
use std::sync::Arc;

use super::Interp;
use super::argument::Hint;
use crate::evaluate::library::FunctionModel;
use crate::evaluate::library::format::{Port, Source};
use crate::evaluate::program::FuncId;
use crate::evaluate::value::{Callable, Value, What};
use crate::model::ir::{Arg, Expr, ExprKind, Symbol, Type};

impl<'a> Interp<'a> {
    /// A member of a service's description, or of the member that holds those of its methods.
    pub(super) fn description_member(&self, base: &Value, name: &str) -> Option<Value> {
        let symbol = base.as_name()?;
        if let Some(method) = self.described_method(&Symbol::new(symbol.parent()), symbol.name(), name) {
            return Some(method);
        }
        self.libraries.described_stub(name)?;
        (self.program.methods(symbol).next().is_some() || self.is_unseen_service(symbol)).then_some(())?;
        Some(Value::of(What::Function(Rc::new(Callable::Foreign(symbol.join(name))))))
    }

    /// `export const getCart = CartService.method.getCart` of a generated module.
    pub(super) fn generated_alias(&self, value: Option<&Expr>) -> Option<Value> {
        let ExprKind::Member { base, name, .. } = &value?.kind else { return None };
        let ExprKind::Member { base: service, name: member, .. } = &base.kind else { return None };
        let ExprKind::Global(service) = &service.kind else { return None };
        self.described_method(service, member, name)
    }

    /// The same by its full name.
    pub(super) fn described_name(&self, symbol: &Symbol) -> Option<Value> {
        let member = Symbol::new(symbol.parent());
        self.described_method(&Symbol::new(member.parent()), member.name(), symbol.name())
    }

    /// The method that a member of a description describes.
    fn described_method(&self, service: &Symbol, member: &str, name: &str) -> Option<Value> {
        let client = self.libraries.described_stub(member)?;
        let service = self.program.canonical(service);
        (self.program.method(&service, name).is_some() || self.is_unseen_service(&service)).then_some(())?;
        let client = Type::Named(Symbol::new(client), vec![Type::Named(service, Vec::new())]);
        let method = Callable::Method(Value::typed(client), Arc::from(name));
        Some(Value::of(What::Function(Rc::new(method))))
    }

    /// Whether a name may be one of a service whose generated code comes as a package.
    fn is_unseen_service(&self, symbol: &Symbol) -> bool {
        symbol.name().starts_with(char::is_uppercase)
            && self.program.type_def(symbol).is_none()
            && self.program.global(symbol).is_none()
            && !self.libraries.knows(symbol.as_str())
    }

    /// What a described method takes.
    pub(super) fn described_hints(&self, method: &Value) -> Vec<Hint> {
        self.described_func(method).map(|id| self.hints_of(id, &[])).unwrap_or_default()
    }

    /// The types of what a described method takes and gives.
    pub(super) fn described_signature(&self, method: &Value) -> Option<(Type, Type)> {
        let func = self.program.func(self.described_func(method)?);
        let request = func.params.first().map(|param| self.program.expand(&param.ty)).unwrap_or_default();
        Some((request, self.program.expand(&func.ret)))
    }

    fn described_func(&self, method: &Value) -> Option<FuncId> {
        let Some(Callable::Method(stub, name)) = method.functions().next() else { return None };
        self.declared_stub_method(stub, stub.ty.symbol()?, name)
    }

    /// The argument that is the request of a method which another argument describes, and its type.
    pub(super) fn request_hint(&mut self, model: &FunctionModel, args: &'a [Arg]) -> Option<(usize, Type)> {
        let of_parts = model.parts.values().map(|part| (part.of.first(), part.with.first()));
        let of_calls = model.calls.iter().map(|call| (Some(&call.function), call.with.first()));
        let ports = of_parts.chain(of_calls).find_map(|ports| match ports {
            (Some(Port::Argument(method)), Some(Source::Port(Port::Argument(request)))) => Some((*method, *request)),
            _ => None,
        });
        let (method, request) = ports?;
        let place = &args.get(method).filter(|_| args.len() > request)?.value;
        // Functions that are written there describe nothing.
        if matches!(place.kind, ExprKind::Lambda(_)) {
            return None;
        }
        let method = self.quietly(|interp| interp.eval(place, &Type::Unknown));
        let hint = self.described_hints(&method).into_iter().next()?;
        Some((request, hint.ty))
    }
}
