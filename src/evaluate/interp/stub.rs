//! Stubs and messages of generated code.

use std::sync::Arc;

use super::Interp;
use super::call::Site;
use crate::evaluate::library::format::StubConstructor;
use crate::evaluate::library::{Kind, Setting, StubMatch};
use crate::evaluate::value::{Value, What};
use crate::model::ir::{Expr, ExprKind, Param, Pattern, Symbol, Type};
use crate::model::usage::{AccessKind, Origin, Target};

impl<'a> Interp<'a> {
    /// A stub is made by a free function or an associated one.
    pub(super) fn stub_made(&mut self, symbol: &Symbol, site: &Site<'a>) -> Option<Value> {
        if self.program.function(symbol).is_some_and(|id| !self.program.module_of(id).generated) {
            return None;
        }
        let symbol = self.program.canonical(symbol);
        if let Some((found, constructor)) = self.libraries.stub_function(symbol.as_str()) {
            let name = found.model.type_pattern.rsplit("::").next()?.replace("{Service}", found.service);
            let ty = Symbol::new(format!("{}::{name}", symbol.parent()));
            if self.program.is_own_type(&ty) {
                return None;
            }
            return Some(self.make_stub(&ty, found, constructor, site));
        }
        let owner = Symbol::new(symbol.parent());
        let found = self.libraries.stub_type(owner.as_str()).filter(|_| !self.program.is_own_type(&owner))?;
        let constructor = found.model.constructors.get(symbol.name())?;
        let owner = owner.clone();
        Some(self.make_stub(&owner, found, constructor, site))
    }

    fn make_stub(
        &mut self,
        ty: &Symbol,
        found: StubMatch<'_, '_>,
        constructor: &StubConstructor,
        site: &Site<'a>,
    ) -> Value {
        let id = self.make_object(found.library, Kind::Stub, site.span);
        self.objects.get_mut(id).stub = Some((ty.clone(), found.service.to_owned()));
        let arg = |at: Option<usize>| at.and_then(|at| site.args.get(at)).cloned();
        for channel in arg(constructor.channel).iter().flat_map(Value::objects) {
            self.objects.add_parent(id, channel);
        }
        if let Some(base) = arg(constructor.base) {
            self.objects.set(id, Setting::Base, base, &self.branches);
        }
        if arg(constructor.opaque).is_some() {
            self.objects.set(id, Setting::Opaque, Value::of(What::Bool(true)), &self.branches);
        }
        Value::of(What::Object(id)).with_type(Type::Named(ty.clone(), Vec::new()))
    }

    /// The stub that a parameter or field is declared as. What stands behind it may be code of the
    /// unit that wraps the generated one, but whoever calls it calls the service.
    pub(super) fn declared_stub(&self, place: &Expr) -> Option<Symbol> {
        let ty = match &place.kind {
            ExprKind::Local(name) => self.declared_parameter(name)?,
            ExprKind::Member { base, name, .. } => {
                let ExprKind::Local(base) = &base.kind else { return None };
                self.field_type(&self.frame().env.get(base)?.ty, name)
            }
            _ => return None,
        };
        let symbol = self.program.canonical(self.program.expand(&ty).symbol()?);
        let is_stub = self.libraries.stub_type(symbol.as_str()).is_some() && !self.program.is_own_type(&symbol);
        is_stub.then_some(symbol)
    }

    fn declared_parameter(&self, name: &str) -> Option<Type> {
        let func = self.program.func(self.frame().func?);
        let is_bound = |param: &&Param| matches!(&param.pattern, Pattern::Bind(bound, ..) if **bound == *name);
        func.params.iter().find(is_bound).map(|param| param.ty.clone())
    }

    /// A method of a stub is called: a remote call, or a setting of the stub.
    pub(super) fn stub_called(
        &mut self,
        receiver: &Value,
        place: &'a Expr,
        owner: &Symbol,
        name: &Arc<str>,
        site: &Site<'a>,
    ) -> Option<Value> {
        if self.program.is_own_type(owner) {
            return None;
        }
        let libraries = self.libraries;
        let found = libraries.stub_type(owner.as_str())?;
        let service = found.service.to_owned();
        if let Some(model) = found.model.settings.get(&**name) {
            return Some(self.apply(found.library, model, Some((receiver, place)), site));
        }
        let (library, model) = (found.library, found.model);
        let request = self.make_object(library, Kind::Request, site.span);
        let mut parents: Vec<_> = receiver.objects().collect();
        parents.extend(model.context.and_then(|at| site.args.get(at)).iter().flat_map(|context| context.objects()));
        let message = site.args.get(model.request).cloned().unwrap_or_default();
        parents.extend(message.objects());
        for option in site.args.iter().skip(model.request + 1) {
            self.take_option(request, option);
        }
        for parent in parents {
            self.objects.add_parent(request, parent);
        }
        let target = Target::Stub { stub: owner.clone(), service, method: name.to_string() };
        // A chain of calls may begin lines above: the method's name is the place of the call.
        let call = self.sent(library, target, Some(request), None, site.name_span);
        if let Some(call) = call {
            let body = self.stub_body(&message);
            self.body_written(&body, &Origin::Request(call, Vec::new()));
        }
        Some(self.stub_response(owner, name, model.response.as_deref(), call))
    }

    /// The message in a request: itself, or what its wrapper holds.
    fn stub_body(&self, message: &Value) -> Value {
        let wrapped = message.objects().next().and_then(|id| self.objects.setting(id, Setting::Body));
        wrapped.map_or_else(|| message.clone(), |set| set.value.clone())
    }

    fn stub_response(
        &self,
        owner: &Symbol,
        name: &str,
        wrapper: Option<&str>,
        call: Option<crate::model::usage::CallId>,
    ) -> Value {
        let declared = self.program.method(owner, name).map(|id| self.program.expand(&self.program.func(id).ret));
        let ty = match declared {
            Some(Type::Named(symbol, args)) if Some(symbol.as_str()) == wrapper => {
                args.first().map(|ty| self.program.expand(ty)).unwrap_or_default()
            }
            Some(ty) => ty,
            None => Type::Unknown,
        };
        let origins = call.map(|call| Origin::Response(call, Vec::new())).into_iter().collect();
        Value { ty, what: What::Opaque, origins }
    }

    /// An accessor of a generated message: `GetItems()`, `set_items(..)`.
    pub(super) fn accessor(&mut self, receiver: &Value, name: &Arc<str>, site: &Site<'a>) -> Option<Value> {
        let owner = receiver.ty.symbol();
        let generated = owner.is_some_and(|owner| {
            !self.program.is_own_type(owner) && self.libraries.type_model(owner.as_str()).is_none()
        });
        if !generated && (owner.is_some() || receiver.origins.is_empty()) {
            return None;
        }
        if site.args.is_empty() {
            let field = self.libraries.getter(name)?;
            // A getter that is named like its field looks like any method: common ones go before.
            if field == &**name && self.libraries.any_method(name).is_some() {
                return None;
            }
            return Some(self.member(receiver, &Arc::from(field), site.name_span));
        }
        let (field, [_]) = (self.libraries.setter(name)?, site.args.as_slice()) else { return None };
        self.touch(receiver, &Arc::from(field), site.name_span, AccessKind::Write);
        Some(Value::unknown())
    }
}
