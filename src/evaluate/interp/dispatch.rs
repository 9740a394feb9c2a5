//! Calls of methods: whose method it is.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::Interp;
use super::argument::{Site, nowhere};
use crate::evaluate::CONSTRUCTOR;
use crate::evaluate::library::format::Port;
use crate::evaluate::library::{FunctionModel, Kind, Library, Setting, TypeModel};
use crate::evaluate::program::FuncId;
use crate::evaluate::value::{Callable, ObjectId, Value, What};
use crate::model::ir::{Expr, ExprKind, RETURNED, Symbol, Type};

/// Implementations of one interface method that are followed.
const MAX_IMPLEMENTATIONS: usize = 8;

/// Methods that call a function, in languages where functions are objects.
const FUNCTION_METHODS: [&str; 5] = ["apply", "call", "get", "invoke", "Invoke"];

/// What a method call runs.
#[derive(Clone, Copy)]
pub(super) enum Method<'a> {
    Own(FuncId),
    Library(&'a Library, &'a FunctionModel),
}

impl<'a> Interp<'a> {
    /// `receiver.name(..)`; the place is the receiver's, which the method may change.
    pub(super) fn method_call(
        &mut self,
        receiver: &Value,
        place: Option<&'a Expr>,
        name: &Arc<str>,
        site: &Site<'a>,
    ) -> Value {
        self.reach_into(receiver);
        if let Some(value) = self.static_call(receiver, name, site) {
            return value;
        }
        if let Some(value) = place.and_then(|place| self.super_call(place, name, site)) {
            return value;
        }
        let owner = receiver.ty.symbol().map(|symbol| self.program.canonical(symbol));
        self.answer_sent(receiver, owner.as_ref(), name, site);
        // A service in a package, both known by name only.
        if let Some(member) = self.package_member(receiver, name) {
            return self.value_call(&member, site);
        }
        if let Some(value) = self.declared_function_called(receiver, name, site) {
            return value;
        }
        // A function in a field.
        let is_constant = |value: &Value| value.as_name().is_some_and(|name| self.is_enum_constant(name));
        if let Some(function) = field_function(receiver, name).filter(|function| !is_constant(function)) {
            return self.value_call(&function, site);
        }
        if let Some(value) = self.stub_called(receiver, place, owner.as_ref(), name, site) {
            return value;
        }
        if let Some(value) = self.wrapper_member(receiver, name) {
            return value;
        }
        if let Some(owner) = &owner {
            if let Some(value) = self.declared_called(receiver, owner, name, site) {
                return value;
            }
            if let Some(value) = self.typed_call(owner, receiver, place, name, site) {
                return value;
            }
            if let Some(function) = self.returned_function(owner, name, site) {
                return self.value_call(&function, site);
            }
            if let Some(value) = self.unlisted_setting(receiver, name, site) {
                return value;
            }
        }
        self.sunk_by_name(receiver, place, name, site);
        if let Some(value) = self.accessor(receiver, place, name, site) {
            return value;
        }
        let any = self.libraries.any_method(name);
        if let Some((library, model)) = any.filter(|(_, model)| may_be_sent(model, site)) {
            let given = self.apply(library, model, Some((receiver, place)), site);
            return match owner.as_ref().and_then(|owner| self.said_of_result(receiver, owner, name)) {
                Some(said) if site.args.is_empty() && given.ty == receiver.ty => given.with_type(said),
                _ => given,
            };
        }
        if let Some(owner) = &owner {
            let kept = self.member_quietly(receiver, name);
            let can_be_called = match kept.functions().next() {
                Some(_) => !self.is_method_of(&kept, receiver, name),
                None => matches!(kept.ty, Type::Function(..)),
            };
            if can_be_called {
                return self.value_call(&kept, site);
            }
            // A method that is declared but not followed still tells its result's type.
            if let Some(id) = self.program.method(owner, name) {
                let ret = self.program.expand(&self.program.func(id).ret);
                self.unknown_call(site);
                return Value::typed(ret);
            }
        }
        if receiver.ty == Type::Dynamic {
            self.escape(receiver, site.name_span);
        }
        self.loosen(receiver, place);
        if matches!(receiver.ty.peeled(), Type::List(_)) {
            return self.unknown_of_list(receiver, name, site);
        }
        self.unknown_call(site);
        self.computed(name, Some(receiver), site)
    }

    /// The named type that a method gives as the receiver's own type says: messages of a stream are no streams.
    fn said_of_result(&self, receiver: &Value, owner: &Symbol, name: &str) -> Option<Type> {
        let by_argument = match self.library_field_type(&receiver.ty, name) {
            Some(Type::Function(_, gives)) => Some(*gives),
            _ => None,
        };
        let declared = || self.program.method(owner, name).map(|id| self.program.expand(&self.program.func(id).ret));
        let said = match by_argument.or_else(declared)? {
            // Go: what it gives, and an error.
            Type::Tuple(all) => all.into_iter().next()?,
            one => one,
        };
        said.peeled().symbol().is_some().then_some(said)
    }

    /// A function in the object that a function gives, of a value that is only known to be such an object.
    fn returned_function(&mut self, owner: &Symbol, name: &str, site: &Site<'a>) -> Option<Value> {
        let ancestors = self.program.ancestors(owner);
        let maker = ancestors.iter().find(|above| above.name() == RETURNED)?.parent();
        let id = self.program.function(&Symbol::new(maker))?;
        let made = self.own_call(id, None, None, &Site::bare(site.span));
        field_function(&made, name)
    }

    /// A method of a list that nobody describes: functions that it is given are given elements.
    fn unknown_of_list(&mut self, list: &Value, name: &str, site: &Site<'a>) -> Value {
        let element = list.element();
        for arg in &site.args {
            let functions: Vec<Callable> = arg.value.functions().cloned().collect();
            if functions.is_empty() {
                self.escape(&arg.value, arg.span(site.span));
            }
            for function in functions {
                let given = site.with_values(std::slice::from_ref(&element));
                self.branch(|interp| interp.call_value(&function, &given));
            }
        }
        self.computed(name, Some(list), site)
    }

    /// A function of which only the declared type is known is called by the method of its interface.
    fn declared_function_called(&mut self, receiver: &Value, name: &str, site: &Site<'a>) -> Option<Value> {
        let Type::Function(_, gives) = &receiver.ty else { return None };
        if receiver.what != What::Opaque || !FUNCTION_METHODS.contains(&name) {
            return None;
        }
        self.unknown_call(site);
        Some(Value { ty: self.program.expand(gives), ..receiver.clone() })
    }

    /// A method of a class, called on the class or module itself.
    fn static_call(&mut self, receiver: &Value, name: &str, site: &Site<'a>) -> Option<Value> {
        let symbol = receiver.as_name()?;
        let method = symbol.join(name);
        let known = self.find_method(symbol, name).is_some()
            || self.program.function(&method).is_some()
            || self.program.type_def(&method).is_some()
            || self.library_function(&method).is_some()
            || self.libraries.stub_function(method.as_str()).is_some()
            || (self.libraries.gives_builder(name) && self.libraries.type_model(symbol.as_str()).is_none());
        known.then(|| self.foreign_call(&method, site))
    }

    /// A call on a value of a declared or library type.
    fn typed_call(
        &mut self,
        owner: &Symbol,
        receiver: &Value,
        place: Option<&'a Expr>,
        name: &Arc<str>,
        site: &Site<'a>,
    ) -> Option<Value> {
        let found = self.find_method(owner, name);
        if let Some(Method::Library(library, model)) = found {
            let receiver = self.with_base(receiver);
            return Some(self.apply(library, model, Some((&receiver, place)), site));
        }
        // What is made here is of that class and of none that extends it.
        let is_exact = matches!(receiver.what, What::Record(_));
        let own = match found {
            Some(Method::Own(id)) => Some(id),
            _ => None,
        };
        if let Some(id) = own.filter(|_| is_exact) {
            return Some(self.own_call(id, Some(receiver.clone()), place, site));
        }
        if own.is_none()
            && let Some(inner) = self.embedded_with(receiver, owner, name)
        {
            return Some(self.bound_call(&inner, name, site));
        }
        // What is generated is not followed: what the interface declares says more.
        let by_hand = |id: &FuncId| !self.program.module_of(*id).generated;
        let mut all: Vec<FuncId> = self.program.implementations(owner, name).iter().copied().filter(by_hand).collect();
        // A library's interface (`Runnable`, `OnClickListener`) stands for code of any kind: which of
        // several implementations is meant cannot be told.
        if all.len() > 1 && own.is_none() && self.program.type_def(owner).is_none() {
            return None;
        }
        if !self.program.is_interface(owner) || all.is_empty() {
            all.extend(own);
        }
        let is_only_own = own.is_some() && all.len() == 1 && all.first().copied() == own;
        let sent = |interp: &Self| interp.made.last().map_or(0, BTreeSet::len);
        let before = sent(self);
        let value = match all.as_slice() {
            [] => return None,
            [only] if is_only_own => self.own_call(*only, Some(receiver.clone()), place, site),
            _ => self.dispatch(&all, receiver, place, site),
        };
        // An own class is what it is, unless it is one of several things that stand behind an interface.
        let may_be_another = !is_only_own || receiver.objects().next().is_some();
        let unseen = (may_be_another && sent(self) == before).then(|| self.sent_behind(receiver, name, site)).flatten();
        Some(unseen.unwrap_or(value))
    }

    /// The interface value that a struct embeds, if that is what has the method: Go
    /// `type Client struct { Interface }`.
    fn embedded_with(&self, receiver: &Value, owner: &Symbol, name: &str) -> Option<Value> {
        let (_, declared) = self.program.type_def(owner)?;
        let field = declared.fields.iter().filter(|field| field.flatten).find(|field| {
            let inner = field.ty.peeled().symbol().map(|inner| self.program.canonical(inner));
            inner.is_some_and(|inner| self.program.is_interface(&inner) && self.program.method(&inner, name).is_some())
        })?;
        let known = match &receiver.what {
            What::Record(fields) => fields.get(&field.name).map(|(_, value)| value.clone()),
            _ => None,
        };
        let ty = self.program.expand(&field.ty);
        Some(self.with_kept(&receiver.ty, &field.name, known.unwrap_or_default()).or_type(&ty))
    }

    fn find_method(&self, owner: &Symbol, name: &str) -> Option<Method<'a>> {
        if let Some(known) = self.asked.methods.borrow().get(owner).and_then(|all| all.get(name)) {
            return *known;
        }
        let found = self.look_for_method(owner, name);
        self.asked.methods.borrow_mut().entry(owner.clone()).or_default().insert(name.into(), found);
        found
    }

    fn look_for_method(&self, owner: &Symbol, name: &str) -> Option<Method<'a>> {
        self.program.ancestors(owner).iter().find_map(|ancestor| {
            if let Some((library, model)) = self.look_for_function(&ancestor.join(name)) {
                return Some(Method::Library(library, model));
            }
            let id = self.program.own_method(ancestor, name)?;
            let is_followed = self.program.func(id).body.is_some() && !self.program.module_of(id).generated;
            is_followed.then_some(Method::Own(id))
        })
    }

    /// The model of a library's function or constructor.
    pub(super) fn library_function(&self, symbol: &Symbol) -> Option<(&'a Library, &'a FunctionModel)> {
        if let Some(known) = self.asked.functions.borrow().get(symbol) {
            return *known;
        }
        let found = self.look_for_function(symbol);
        self.asked.functions.borrow_mut().insert(symbol.clone(), found);
        found
    }

    fn look_for_function(&self, symbol: &Symbol) -> Option<(&'a Library, &'a FunctionModel)> {
        let libraries = self.libraries;
        libraries.function(symbol.as_str()).or_else(|| {
            let canonical = self.program.canonical_name(symbol)?;
            libraries.function(canonical.as_str())
        })
    }

    /// The library type that a value's type is, or extends.
    pub(super) fn library_type(&self, ty: &Type) -> Option<(&'a Library, &'a TypeModel)> {
        let symbol = ty.symbol()?;
        if let Some(known) = self.asked.types.borrow().get(symbol) {
            return *known;
        }
        let libraries = self.libraries;
        let ancestors = self.program.ancestors(symbol);
        let found = ancestors.iter().find_map(|symbol| libraries.type_model(symbol.as_str()));
        self.asked.types.borrow_mut().insert(symbol.clone(), found);
        found
    }

    /// `super.method(..)`: the method of a class above, on the same value.
    fn super_call(&mut self, place: &'a Expr, name: &Arc<str>, site: &Site<'a>) -> Option<Value> {
        let ExprKind::Cast(parent, inner) = &place.kind else { return None };
        let ExprKind::Local(local) = &inner.kind else { return None };
        let func = self.program.func(self.frame().func?);
        if func.receiver.as_ref() != Some(local) {
            return None;
        }
        let parent = self.program.expand(parent).symbol()?.clone();
        let receiver = self.frame().env.get(local).cloned()?;
        if let Some(Method::Own(id)) = self.find_method(&parent, name) {
            return Some(self.own_call(id, Some(receiver), Some(inner), site));
        }
        if &**name == CONSTRUCTOR {
            self.construct_base(&parent, &receiver, inner, site);
            return Some(Value::unknown());
        }
        let Some(Method::Library(library, model)) = self.find_method(&parent, name) else { return None };
        let receiver = self.with_base(&receiver);
        Some(self.apply(library, model, Some((&receiver, Some(inner))), site))
    }

    /// A method of something that is built up which its descriptor does not list: it gives the same
    /// thing, changed in a way that is not known.
    fn unlisted_setting(&mut self, receiver: &Value, name: &str, site: &Site<'a>) -> Option<Value> {
        self.library_type(&receiver.ty)?.1.kind?;
        let objects: Vec<ObjectId> = receiver.objects().collect();
        if objects.is_empty() || self.libraries.any_method(name).is_some() {
            return None;
        }
        self.unknown_call(site);
        for id in objects {
            self.objects.set(id, Setting::Opaque, Value::of(What::Bool(true)), &self.branches);
        }
        Some(receiver.clone())
    }

    fn member_quietly(&mut self, base: &Value, name: &Arc<str>) -> Value {
        self.quietly(|interp| interp.member(base, name, nowhere()))
    }

    /// Whether a function is nothing but the method that is asked for, which is not known.
    fn is_method_of(&self, function: &Value, receiver: &Value, name: &str) -> bool {
        let own = receiver.ty.symbol().and_then(|owner| self.program.method(owner, name));
        function.functions().all(|callable| match callable {
            Callable::Method(..) => true,
            Callable::Func(id, _) => Some(*id) == own,
            _ => false,
        })
    }

    /// A method of an interface or of a class that others extend: all that may stand behind it.
    fn dispatch(&mut self, found: &[FuncId], receiver: &Value, place: Option<&'a Expr>, site: &Site<'a>) -> Value {
        let mut value = Value::unknown();
        for id in found.iter().take(MAX_IMPLEMENTATIONS) {
            let owner = self.program.func(*id).owner.clone().unwrap_or_default();
            // What is declared as an interface stays that, whichever of its implementations was followed.
            let (receiver, place) = match &receiver.what {
                What::Record(_) => (receiver.clone(), place),
                _ => (Value::typed(owner), None),
            };
            let given = self.branch(|interp| interp.own_call(*id, Some(receiver), place, site));
            value = value.join(given);
        }
        value
    }

    /// What sends a request, by any name of a sender, where an own interface stands for a library's client and none of
    /// its implementations is seen to send anything: `type Doer interface { Do(*http.Request) (*http.Response, error) }`.
    fn sent_behind(&mut self, receiver: &Value, name: &str, site: &Site<'a>) -> Option<Value> {
        let (library, model) = self.libraries.any_method(name).filter(|(_, model)| model.send.is_some())?;
        let Some(Port::Argument(at)) = &model.send else { return None };
        let request = site.argument(*at, &model.params)?;
        let is_request = request.value.objects().any(|id| self.objects.get(id).kind == Kind::Request);
        is_request.then(|| self.apply(library, model, Some((receiver, None)), site))
    }
}

/// Whether what a method of any type would send can be a request: `conn.Do("SET", key)` sends none.
fn may_be_sent(model: &FunctionModel, site: &Site<'_>) -> bool {
    let Some(Port::Argument(at)) = &model.send else { return true };
    let Some(request) = site.argument(*at, &model.params) else { return false };
    let is_plain = matches!(request.value.ty, Type::Str | Type::Number | Type::Bool | Type::Bytes);
    !is_plain && !request.value.alternatives().iter().all(|what| matches!(what, What::Text(_) | What::Function(_)))
}

/// The function that a value made here has in a field.
pub(super) fn field_function(receiver: &Value, name: &str) -> Option<Value> {
    let What::Record(fields) = &receiver.what else { return None };
    let (_, function) = fields.get(name)?;
    function.functions().next().is_some().then(|| function.clone())
}
