//! Stubs of generated code.

use std::rc::Rc;
use std::sync::Arc;

use super::Interp;
use super::argument::{Given, Site};
use crate::evaluate::CONSTRUCTOR;
use crate::evaluate::library::format::{OperationsOf, StubConstructor, StubModel};
use crate::evaluate::library::{Kind, Setting, StubMatch};
use crate::evaluate::program::FuncId;
use crate::evaluate::value::{Callable, ObjectId, Text, Value, What};
use crate::model::ir::{Expr, Symbol, Type, TypeKind};
use crate::model::usage::{CallId, Origin, Target};

impl<'a> Interp<'a> {
    /// A stub is made by a free function, an associated one, or by calling its type.
    pub(super) fn stub_made(&mut self, symbol: &Symbol, site: &Site<'a>) -> Option<Value> {
        if self.program.function(symbol).is_some_and(|id| !self.program.module_of(id).generated) {
            return None;
        }
        let symbol = self.program.canonical(symbol);
        let libraries = self.libraries;
        if let Some((found, constructor)) = libraries.stub_function(symbol.as_str()) {
            if let Some(at) = constructor.service {
                let service = self.service_named(&site.positional(at)?.value)?;
                let found = found.of_service(service.name());
                return Some(self.make_stub(&service, found, constructor, site));
            }
            let name = found.model.type_pattern.rsplit("::").next()?.replace("{Service}", &found.service);
            let ty = Symbol::new(format!("{}::{name}", symbol.parent()));
            if self.program.is_own_type(&ty) || !(self.is_stub(&found, &ty) || Self::has_channel(constructor, site)) {
                return None;
            }
            return Some(self.make_stub(&ty, found, constructor, site));
        }
        if let Some(found) = libraries.stub_type(symbol.as_str()).filter(|_| !self.program.is_own_type(&symbol))
            && let Some(constructor) = found.model.constructors.get(CONSTRUCTOR)
        {
            let is_settings = |arg: &Given<'_>| matches!(arg.value.what, What::Record(_));
            if constructor.given.is_some_and(|at| site.positional(at).is_none_or(is_settings))
                || !(self.is_stub(&found, &symbol) || Self::has_channel(constructor, site))
            {
                return None;
            }
            return Some(self.make_stub(&symbol, found, constructor, site));
        }
        let owner = Symbol::new(symbol.parent());
        let found = libraries.stub_type(owner.as_str()).filter(|_| !self.program.is_own_type(&owner))?;
        let constructor = found.model.constructors.get(symbol.name())?;
        Some(self.make_stub(&owner, found, constructor, site))
    }

    /// Whether what is named like a stub is one.
    pub(super) fn is_stub(&self, found: &StubMatch<'_>, ty: &Symbol) -> bool {
        found.is_told_by(ty.as_str()) || self.reach.is_service(&found.service)
    }

    /// Whether a stub is made with what a library opens for such stubs.
    fn has_channel(constructor: &StubConstructor, site: &Site<'_>) -> bool {
        let channel = constructor.channel.and_then(|at| site.positional(at));
        channel.is_some_and(|channel| channel.value.objects().next().is_some())
    }

    /// The generated service that a value is, by its name.
    fn service_named(&self, service: &Value) -> Option<Symbol> {
        let named = service.as_name().or_else(|| service.ty.symbol())?;
        Some(self.program.canonical(named))
    }

    fn make_stub(
        &mut self,
        ty: &Symbol,
        found: StubMatch<'_>,
        constructor: &StubConstructor,
        site: &Site<'a>,
    ) -> Value {
        let id = self.make_object(found.library, Kind::Stub, site.span);
        self.objects.get_mut(id).stub = Some((ty.clone(), found.service));
        let arg = |at: Option<usize>| at.and_then(|at| site.positional(at)).map(|arg| &arg.value);
        if let Some(channel) = arg(constructor.channel) {
            self.objects.get_mut(id).outside = channel.objects().next().is_none() && channel.what != What::Null;
            channel.objects().for_each(|channel| self.objects.add_parent(id, channel));
        }
        if let Some(base) = arg(constructor.base) {
            self.objects.set(id, Setting::Base, base.clone(), &self.branches);
        }
        if arg(constructor.opaque).is_some() {
            self.objects.set(id, Setting::Opaque, Value::of(What::Bool(true)), &self.branches);
        }
        for option in constructor.options.into_iter().flat_map(|from| site.from(from)) {
            self.take_option(id, &option.value.clone());
        }
        Value::of(What::Object(id)).with_type(Type::Named(ty.clone(), Vec::new()))
    }

    /// A value as it is declared where it is put. What is known of it goes before, but what is declared
    /// as a stub is one: behind it may stand code of the unit that wraps the generated one, but whoever
    /// calls it calls the service.
    pub(super) fn as_declared(&self, value: Value, declared: &Type) -> Value {
        match (declared.peeled(), &value.what) {
            (Type::Tuple(types), What::Tuple(items)) if types.len() == items.len() => {
                let items = items.iter().cloned().zip(types).map(|(item, ty)| self.as_declared(item, ty));
                Value { what: What::Tuple(Rc::new(items.collect())), ..value }
            }
            (Type::Named(stub, _), _) if self.is_wrapped(stub, &value.ty) => value.with_type(declared.clone()),
            // What goes for a message is one, whatever was followed to it.
            (Type::Named(message, _), _) if self.is_no_message(message, &value.ty) => Value::typed(declared.clone()),
            (Type::Named(message, _), _) if self.is_other_message(message, &value.ty) => Value::typed(declared.clone()),
            (declared, _) => value.or_type(declared),
        }
    }

    /// Whether a message stands where another one is declared: values of several callers that were joined.
    fn is_other_message(&self, declared: &Symbol, ty: &Type) -> bool {
        let related =
            |left: &Symbol, right: &Symbol| self.program.ancestors(left).contains(&self.program.canonical(right));
        let is_message = |symbol: &Symbol| self.is_generated_message(symbol);
        ty.symbol().is_some_and(|symbol| {
            !related(symbol, declared) && !related(declared, symbol) && is_message(symbol) && is_message(declared)
        })
    }

    /// Whether a type is a generated one with fields.
    pub(super) fn is_generated_message(&self, symbol: &Symbol) -> bool {
        let known = self.program.type_def(&self.program.canonical(symbol));
        known.is_some_and(|(module, ty)| module.generated && ty.kind == TypeKind::Struct && !ty.fields.is_empty())
    }

    /// Whether an own type stands where a generated stub is declared.
    fn is_wrapped(&self, stub: &Symbol, ty: &Type) -> bool {
        let is_own = |symbol: &Symbol| self.program.is_own_type(symbol);
        ty.symbol().is_some_and(is_own) && self.libraries.stub_type(stub.as_str()).is_some() && !is_own(stub)
    }

    /// A service that is known by the names on the way to it: `proto.shop.CartService`.
    pub(super) fn dynamic_stub(
        &mut self,
        service: &Value,
        constructor: &StubConstructor,
        site: &Site<'a>,
    ) -> Option<Value> {
        let libraries = self.libraries;
        let path = service.as_fixed_text()?.to_owned();
        let (library, _) = self.library_type(&service.ty)?;
        let name = path.rsplit('.').next().unwrap_or(&path);
        let found = libraries.stub_of(library)?.of_service(name);
        Some(self.make_stub(&Symbol::new(path.replace('.', "::")), found, constructor, site))
    }

    /// A member of such a path.
    pub(super) fn package_member(&self, base: &Value, name: &str) -> Option<Value> {
        let (_, model) = self.library_type(&base.ty)?;
        model.packages.as_ref()?;
        let path = match base.as_fixed_text() {
            Some(path) => format!("{path}.{name}"),
            None => name.to_owned(),
        };
        let text = Text { written: None, ..Text::new(&path, super::argument::nowhere()) };
        Some(Value { ty: base.ty.clone(), ..Value::text(text) })
    }

    /// What stub a receiver is, and its type: by its type, or as it was made.
    fn stub_of(&self, receiver: &Value, owner: Option<&Symbol>) -> Option<(StubMatch<'a>, Symbol)> {
        let libraries = self.libraries;
        if let Some(owner) = owner {
            if self.program.is_own_type(owner) {
                return None;
            }
            let is_made = || receiver.objects().any(|id| self.objects.get(id).stub.is_some());
            if let Some(found) = libraries.stub_type(owner.as_str())
                && (self.is_stub(&found, owner) || is_made())
            {
                return Some((found, owner.clone()));
            }
            if let (Some(found), Type::Named(_, args)) = (libraries.declared_stub(owner.as_str()), &receiver.ty) {
                let service = self.program.canonical(args.first()?.symbol()?);
                return Some((found.of_service(service.name()), service));
            }
        }
        let id = receiver.objects().find(|id| self.objects.get(*id).stub.is_some())?;
        let object = self.objects.get(id);
        let (symbol, service) = object.stub.clone()?;
        Some((libraries.stub_of(&object.library)?.of_service(&service), symbol))
    }

    /// The method of the service behind a stub that is declared as one of it: `Client<typeof CartService>`.
    pub(super) fn declared_stub_method(&self, receiver: &Value, owner: &Symbol, name: &str) -> Option<FuncId> {
        self.libraries.declared_stub(owner.as_str())?;
        let (_, service) = self.stub_of(receiver, Some(owner))?;
        self.program.method(&service, name)
    }

    /// A method of a stub is called: a remote call, or a setting of the stub.
    pub(super) fn stub_called(
        &mut self,
        receiver: &Value,
        place: Option<&'a Expr>,
        owner: Option<&Symbol>,
        name: &Arc<str>,
        site: &Site<'a>,
    ) -> Option<Value> {
        if let Some(Callable::Method(stub, method)) = receiver.functions().next() {
            let (stub, method) = (stub.clone(), Arc::clone(method));
            let owner = stub.ty.symbol().map(|symbol| self.program.canonical(symbol));
            let is_variant = |found: &StubMatch<'_>| found.model.variants.iter().any(|variant| **variant == **name);
            self.stub_of(&stub, owner.as_ref()).filter(|(found, _)| is_variant(found))?;
            return self.stub_called(&stub, None, owner.as_ref(), &method, site);
        }
        let (found, owner) = self.stub_of(receiver, owner)?;
        if let Some(model) = found.model.settings.get(&**name) {
            return Some(self.apply(found.library, model, Some((receiver, place)), site));
        }
        let method = found.method(name)?.to_owned();
        let StubMatch { library, model, service, .. } = found;
        let request = self.make_object(library, Kind::Request, site.span);
        let mut parents: Vec<ObjectId> = receiver.objects().collect();
        let context = model.context.and_then(|at| site.positional(at));
        parents.extend(context.into_iter().flat_map(|context| context.value.objects()));
        self.objects.get_mut(request).unfollowed =
            context.is_some_and(|context| context.value.objects().next().is_none());
        let params = model.call.as_ref().map_or(&[][..], |call| &call.params);
        let message = match model.operations {
            Some(_) => self.operation_body(&owner, site),
            None => site.argument(model.request, params).map(|arg| arg.value.clone()).unwrap_or_default(),
        };
        parents.extend(message.objects());
        match &model.call {
            Some(call) => self.call_settings(request, library, call, receiver, site),
            None if model.operations.is_some() => {}
            None => {
                let options: Vec<Value> = site.from(model.request + 1).map(|option| option.value.clone()).collect();
                options.iter().for_each(|option| self.take_option(request, option));
            }
        }
        for parent in parents {
            self.objects.add_parent(request, parent);
        }
        let target = match model.operations {
            Some(of) => {
                let document = (of == OperationsOf::Document).then_some(service);
                Target::Operation { client: owner.clone(), document, id: method }
            }
            None => Target::Stub { stub: owner.clone(), service, method },
        };
        // A chain of calls may begin lines above: the method's name is the place of the call.
        let call = self.sent(library, target, Some(request), None, site.name_span);
        if let Some(call) = call {
            let body = self.stub_body(&message);
            self.body_written(&body, &Origin::Request(call, Vec::new()));
            self.keep_body(call, &body);
            self.send_on(call, &body, site.span);
        }
        let response = self.stub_response(&owner, name, &model.response, call);
        self.answer_callback(model, &response, site);
        self.answer_handler(model, &response, site);
        for arg in site.args.iter().filter(|_| !model.observer.is_empty()) {
            self.tell_observer(&arg.value, &model.observer, std::slice::from_ref(&response), site);
        }
        Some(response)
    }

    /// What an operation is sent as its body, among the parts of its path and query: what is of a type that was written
    /// with the client.
    fn operation_body(&self, client: &Symbol, site: &Site<'a>) -> Value {
        let is_written = |value: &Value| {
            let ty = value.ty.symbol().map(|symbol| self.program.canonical(symbol));
            let beside = ty.as_ref().and_then(|ty| ty.as_str().strip_prefix(client.parent()));
            beside.is_some_and(|rest| rest.starts_with("::")) && matches!(value.what, What::Record(_))
        };
        let body = site.args.iter().rev().find(|arg| is_written(&arg.value));
        body.map(|arg| arg.value.clone()).unwrap_or_default()
    }

    /// The response goes to the function that is the last argument.
    fn answer_callback(&mut self, model: &StubModel, response: &Value, site: &Site<'a>) {
        let Some(at) = model.callback else { return };
        let Some(callback) = site.args.last().filter(|arg| arg.value.functions().next().is_some()) else { return };
        let mut given = vec![Value::unknown(); at];
        given.push(response.clone());
        let callback = callback.value.clone();
        self.branch(|interp| interp.value_call(&callback, &site.with_values(&given)));
    }

    /// The response goes to the function at its place.
    fn answer_handler(&mut self, model: &StubModel, response: &Value, site: &Site<'a>) {
        let Some(handler) = model.handler.and_then(|at| site.positional(at)).map(|arg| arg.value.clone()) else {
            return;
        };
        if handler.functions().next().is_some() {
            self.branch(|interp| interp.value_call(&handler, &site.with_values(std::slice::from_ref(response))));
        }
    }

    /// The message in a request: itself, or what its wrapper holds.
    fn stub_body(&self, message: &Value) -> Value {
        let wrapped = message.objects().next().and_then(|id| self.objects.setting(id, Setting::Body));
        wrapped.map_or_else(|| message.clone(), |set| set.value.clone())
    }

    fn stub_response(&self, owner: &Symbol, name: &str, wrappers: &[String], call: Option<CallId>) -> Value {
        let declared = self.program.method(owner, name).map(|id| self.program.expand(&self.program.func(id).ret));
        let ty = match declared {
            Some(Type::Named(symbol, args)) if wrappers.iter().any(|wrapper| *wrapper == symbol.as_str()) => {
                args.last().map(|ty| self.program.expand(ty)).unwrap_or_default()
            }
            Some(ty) => ty,
            None => Type::Unknown,
        };
        let origins = call.map(|call| Origin::Response(call, Vec::new())).into_iter().collect();
        Value { ty, what: What::Opaque, origins }
    }

    /// A method of a stub as a value: it may be called later, or in another way.
    pub(super) fn stub_method(&self, base: &Value, name: &Arc<str>) -> Option<Value> {
        let owner = base.ty.symbol().map(|symbol| self.program.canonical(symbol));
        let (found, _) = self.stub_of(base, owner.as_ref())?;
        found.method(name)?;
        Some(Value::of(What::Function(Rc::new(Callable::Method(base.clone(), Arc::clone(name))))))
    }
}
