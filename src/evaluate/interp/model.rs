//! What functions of libraries do, by their descriptors.

use std::rc::Rc;
use std::sync::Arc;

use super::Interp;
use super::argument::{Given, Site};
use super::derived::taken_from;
use super::expr::{is_list, list_of};
use crate::evaluate::library::format::{CallbackModel, Constant, DecodeModel, Gives, KeyModel, Port, Unit};
use crate::evaluate::library::{FunctionModel, Kind, Library, Return, Setting, Source};
use crate::evaluate::object::Object;
use crate::evaluate::value::{Callable, ObjectId, Text, Value, What};
use crate::model::ir::{Expr, Symbol, Type};
use crate::model::source::Span;

/// The inputs of a call of a library.
pub(super) struct Inputs<'s, 'a> {
    pub(super) receiver: Option<&'s Value>,
    pub(super) made: Option<ObjectId>,
    result: Value,
    params: &'a [Arc<str>],
    library: &'a Library,
    pub(super) site: &'s Site<'a>,
}

impl<'a> Inputs<'_, 'a> {
    /// The expression of an argument.
    pub(super) fn place(&self, port: &Port) -> Option<&'a Expr> {
        self.given(port)?.place
    }

    pub(super) fn get(&self, port: &Port) -> Value {
        match port {
            Port::Receiver => self.receiver.cloned().unwrap_or_default(),
            Port::Argument(_) | Port::Named(_) => self.given(port).map(Given::one).unwrap_or_default(),
            Port::Made => self.made.map(|id| Value::of(What::Object(id))).unwrap_or_default(),
            Port::Result => self.result.clone(),
            Port::Decoded => {
                let origins = self.result.origins.with(self.result.responses());
                Value { ty: Type::Dynamic, what: What::Opaque, origins }
            }
        }
    }

    /// The argument at a port, if it is passed.
    pub(super) fn given(&self, port: &Port) -> Option<&Given<'a>> {
        match port {
            Port::Argument(at) => self.site.argument(*at, self.params),
            Port::Named(name) => self.site.named(name),
            Port::Receiver | Port::Made | Port::Result | Port::Decoded => None,
        }
    }

    /// What a source gives; none for an argument that is not passed, which leaves the default.
    pub(super) fn source(&self, source: &Source) -> Option<Value> {
        match source {
            Source::Port(port @ (Port::Argument(_) | Port::Named(_))) => self.given(port).map(Given::one),
            Source::Port(port) => Some(self.get(port)),
            fixed => Some(Interp::fixed(fixed, self.site.span)),
        }
    }
}

impl<'a> Interp<'a> {
    /// Applies the model of a library's function.
    pub(super) fn apply(
        &mut self,
        library: &'a Library,
        model: &'a FunctionModel,
        receiver: Option<(&Value, Option<&'a Expr>)>,
        site: &Site<'a>,
    ) -> Value {
        if let Some(sink) = &model.sink {
            self.sunk_by(library, sink, receiver, site);
        }
        if model.ignore {
            return Value::unknown();
        }
        if let Some(without) = &model.without
            && site.positional(without.function).is_none_or(|arg| arg.value.functions().next().is_none())
        {
            return self.apply(library, &without.does, receiver, site);
        }
        let mut inputs = Inputs {
            receiver: receiver.map(|(value, _)| value),
            made: None,
            result: Value::unknown(),
            params: &model.params,
            library,
            site,
        };
        if let Some(route) = &model.route {
            return self.route(library, route, &mut inputs);
        }
        if model.text.is_some() {
            // Text that is put together may be what a setting is set to.
            inputs.result = self.result(model, &inputs);
        }
        let target = self.target(library, model, &mut inputs);
        for id in &target {
            self.apply_settings(*id, model, &inputs);
        }
        for port in &model.escapes {
            let value = inputs.get(port);
            self.escape(&value, site.span);
        }
        if let Some(port) = &model.answers {
            let given = site.args.iter().map(|arg| &arg.value);
            let mut handlers = Self::handlers_of(inputs.receiver.into_iter().chain(given));
            if handlers.is_empty() && model.answers_here {
                handlers.extend(self.handling.last().cloned());
            }
            self.answered(&handlers, &inputs.get(port), site.name_span);
        }
        for callback in model.calls.iter().filter(|callback| callback.builds.is_some()) {
            let given = self.call_back(callback, false, &inputs);
            if let (Some(setting), Some(value)) = (callback.sets, given) {
                target.iter().for_each(|id| self.set_object(*id, library, setting, value.clone(), site.span));
            }
        }
        inputs.result = self.result(model, &inputs);
        if let Some(described) = &model.described {
            let ty = self.described_by(described, &inputs.get(&Port::Argument(described.by)));
            if ty != Type::Unknown {
                inputs.result = std::mem::take(&mut inputs.result).with_type(ty);
            }
        }
        if let Some(port) = &model.instance {
            let named = type_named_by(&inputs.get(port));
            let named = named.symbol().or_else(|| site.type_args.first()?.symbol()).or_else(|| site.expected.symbol());
            if let Some(interface) = named.cloned() {
                let made = self.instance(&interface, inputs.result.clone());
                if !matches!(model.returns, Some(Return::Type(_))) {
                    inputs.result = made;
                }
            }
        }
        if let Some(port) = &model.send {
            let response = self.send(library, &inputs.get(port), site);
            inputs.result = match &model.returns {
                Some(Return::Type(ty)) => response.with_type(Self::result_type(ty, model, &inputs)),
                _ => response,
            };
        }
        if let Some(requests) = &model.requests {
            self.send_each(library, requests, &inputs.get(&requests.of));
        }
        if model.receives {
            inputs.result = self.received(site);
        }
        if let Some(asked) =
            model.asks.as_ref().and_then(|port| self.asked_by_name(inputs.given(port).map(|given| &given.value)))
        {
            inputs.result = asked;
        }
        if model.takes_body {
            let response = inputs.get(&Port::Receiver);
            self.body_taken(&response, site.name_span);
            inputs.result = taken_from(std::mem::take(&mut inputs.result), &response);
        }
        if let Some(decode) = &model.decode {
            let decoded = self.decode(decode, &inputs);
            inputs.result = match &model.returns {
                Some(Return::Type(ty)) => decoded.with_type(Self::result_type(ty, model, &inputs)),
                _ => decoded,
            };
        }
        if let Some(retry) = &model.retry {
            inputs.result = self.retried(library, retry, |port| inputs.get(port), site);
        }
        if let Some((list, Some(place))) = receiver {
            let one = model.adds.as_ref().map(|port| inputs.get(port));
            let added = one.or_else(|| Some(inputs.get(model.adds_all.as_ref()?).element()));
            if let Some(added) = added {
                let longer = list_of(vec![list.element(), added]);
                self.store(place, Value { ty: list.ty.clone(), ..longer });
            }
        }
        if let (true, Some((text, Some(place)))) = (model.grows, receiver) {
            self.grow(text, place, inputs.result.clone());
        }
        if let Some(serves) = &model.serves {
            self.serve(library, serves, site);
        }
        if let Some(cell) = &model.cell {
            inputs.result = self.cell(cell, inputs.result.clone(), &inputs);
        }
        if !model.parts.is_empty() {
            inputs.result = self.parts(&model.parts, &inputs);
        }
        if let (Some(name), Some(id)) = (&model.obtained, inputs.made) {
            let name = inputs.get(name);
            self.obtain(id, &name);
        }
        if let Some(injected) = &model.injected {
            self.inject(injected, &inputs);
        }
        if let Some(place) = model.puts.as_ref().and_then(|port| inputs.place(port)) {
            self.store(place, std::mem::take(&mut inputs.result));
        }
        if let (Some(entry), Some((object, place))) = (&model.entry, receiver) {
            let key = inputs.source(&entry.name).unwrap_or_default();
            let value = inputs.source(&entry.value).unwrap_or_default();
            let at = site.args.first().map_or(site.span, |arg| arg.span(site.span));
            if let Some(longer) = Self::with_entry(object, &key, &value, at) {
                if let Some(place) = place {
                    self.store(place, longer.clone());
                }
                inputs.result = longer;
            }
        }
        if model.limits_time {
            self.limited.insert(site.span);
        }
        if let Some(address) = &model.listens {
            self.listen(&inputs.get(address), site.span);
        }
        for callback in model.calls.iter().filter(|callback| callback.builds.is_none()) {
            if let Some(given) = self.call_back(callback, model.limits_time, &inputs) {
                inputs.result = given;
            }
        }
        inputs.result
    }

    /// What further arguments of a stub's method set on its request.
    pub(super) fn call_settings(
        &mut self,
        request: ObjectId,
        library: &'a Library,
        model: &'a FunctionModel,
        receiver: &Value,
        site: &Site<'a>,
    ) {
        let inputs = Inputs {
            receiver: Some(receiver),
            made: Some(request),
            result: Value::unknown(),
            params: &model.params,
            library,
            site,
        };
        self.apply_settings(request, model, &inputs);
    }

    /// A library's type, of what its descriptor says, or the call, or what its result is used as.
    fn result_type(name: &str, model: &'a FunctionModel, inputs: &Inputs<'_, 'a>) -> Type {
        let symbol = Symbol::new(name);
        let of = model.of_type.as_ref().filter(|_| inputs.site.type_args.is_empty());
        let of = of.map(|port| type_named_by(&inputs.get(port))).filter(|ty| !matches!(ty, Type::Unknown));
        let of = of.map(|ty| vec![ty]);
        let args = of.unwrap_or_else(|| match (inputs.site.type_args.as_slice(), inputs.site.expected.peeled()) {
            ([], Type::Named(expected, args)) if *expected == symbol => args.clone(),
            (explicit, _) => explicit.to_vec(),
        });
        Type::Named(symbol, args)
    }

    /// The objects that a model's settings apply to.
    fn target(&mut self, library: &'a Library, model: &'a FunctionModel, inputs: &mut Inputs<'_, 'a>) -> Vec<ObjectId> {
        let targets: Vec<ObjectId> = match model.make {
            Some(kind) => {
                let id = self.make_object(library, kind, inputs.site.span);
                inputs.made = Some(id);
                // `get(url, **more)`: what is passed on may be headers.
                if kind == Kind::Request && inputs.site.args.iter().any(|arg| arg.spread) {
                    self.set_opaque(id);
                }
                vec![id]
            }
            None => inputs.get(model.on.as_ref().unwrap_or(&Port::Receiver)).objects().collect(),
        };
        if let Some(of) = &model.of {
            let given = inputs.get(of);
            for parent in given.objects() {
                targets.iter().for_each(|id| self.objects.add_parent(*id, parent));
            }
            // Where a URL may stand for a request, and other arguments say how to send it, it is a URL.
            let is_url = matches!(given.what, What::Text(_)) || inputs.site.args.len() > 1 && is_url_too(model, of);
            let is_unfollowed = given.objects().next().is_none() && given.what != What::Null && !is_url;
            for id in &targets {
                let object = self.objects.get_mut(*id);
                (object.unfollowed, object.outside) = (is_unfollowed, is_unfollowed);
            }
        }
        targets
    }

    fn apply_settings(&mut self, id: ObjectId, model: &'a FunctionModel, inputs: &Inputs<'_, 'a>) {
        let (span, library) = (inputs.site.span, inputs.library);
        if let Some(from) = model.options {
            let options: Vec<Value> = inputs.site.from(from).map(|option| option.value.clone()).collect();
            options.iter().for_each(|option| self.take_option(id, option));
        }
        for (setting, sources) in &model.set {
            // One of several that is given as nothing is not meant: `post(url, data=body, json=None)`.
            let given = || sources.all().iter().filter_map(|source| inputs.source(source));
            if let Some(value) = given().find(|value| value.what != What::Null).or_else(|| given().next()) {
                self.set_object(id, library, *setting, value, span);
            }
        }
        for (setting, source) in &model.unset {
            if self.objects.setting(id, *setting).is_none()
                && let Some(value) = inputs.source(source)
            {
                self.set_object(id, library, *setting, value, span);
            }
        }
        for (port, ty) in &model.objects {
            if let Some(given) = inputs.given(port) {
                self.take_record(id, ty, &given.value);
            }
        }
        if let Some(header) = &model.header {
            let name = inputs.source(&header.name).unwrap_or_default();
            let value = inputs.source(&header.value).unwrap_or_default();
            self.set_header(id, &name, &value, span);
        }
        if let Some(query) = &model.query {
            let name = inputs.source(&query.name).unwrap_or_default().as_fixed_text().map(str::to_owned);
            let value = inputs.source(&query.value).unwrap_or_default();
            self.query_asked(id, name.as_deref(), &value);
            for value in super::settings::parameter_values(&value) {
                self.objects.add_query(id, name.clone(), value);
            }
        }
        let result = model.result.and_then(|at| inputs.site.argument(at, inputs.params)?.place);
        if let Some(place) = result {
            self.results.insert(id, (place, self.frame().symbol.clone()));
        }
        // Arguments that are passed on from elsewhere may set anything.
        if inputs.site.args.iter().any(|arg| arg.spread) {
            self.objects.set(id, Setting::Opaque, Value::of(What::Bool(true)), &self.branches);
        }
    }

    pub(super) fn make_object(&mut self, library: &Library, kind: Kind, span: Span) -> ObjectId {
        let context = self.frames.iter().skip(1).map(|frame| frame.site).collect();
        let mut object = Object::new(kind, library, self.location(span));
        object.branches.clone_from(&self.branches);
        self.objects.make(object, context)
    }

    /// A setting's value where it is fixed by a descriptor.
    pub(super) fn fixed(source: &Source, span: Span) -> Value {
        match source {
            Source::Text(text) => Value::text(Text { written: None, ..Text::new(text, span) }),
            Source::Int(number) => Value::of(What::Int(*number)),
            Source::Port(_) => Value::unknown(),
        }
    }

    fn result(&mut self, model: &'a FunctionModel, inputs: &Inputs<'_, 'a>) -> Value {
        if let Some(text) = &model.text {
            let made = self.make_text(text, inputs);
            let made = self.derived_of(made, inputs.receiver, inputs.site);
            // Text that has methods of its own: a URL that is put together.
            return match &model.returns {
                Some(Return::Type(ty)) => made.with_type(Self::result_type(ty, model, inputs)),
                _ => made,
            };
        }
        if let Some(form) = model.entries {
            return Self::object_of(form, inputs.site);
        }
        if model.merges {
            return self.merged(inputs.site);
        }
        if let Some(list) = &model.list {
            let mut parts: Vec<Value> = list.of.iter().map(|port| inputs.get(port)).collect();
            if list.rest {
                parts.extend(inputs.site.from(list.of.len()).map(|arg| arg.value.clone()));
            }
            if list.zipped {
                let element = parts.iter().map(Value::element).collect();
                return list_of(vec![Value::of(What::Tuple(Rc::new(element)))]);
            }
            return list_of(parts.iter().map(element_or_self).collect());
        }
        if let Some(unit) = model.duration {
            return scaled(&inputs.get(&Port::Argument(0)), unit);
        }
        if let Some(key) = &model.key {
            return self.take_key(key, inputs);
        }
        match &model.returns {
            Some(Return::Port(port)) => inputs.get(port),
            Some(Return::Type(ty)) => {
                let value = match inputs.made {
                    Some(id) => Value::of(What::Object(id)),
                    // A view of the receiver: `request.metadata_mut()`.
                    None => Value { ty: Type::Unknown, ..inputs.receiver.cloned().unwrap_or_default() },
                };
                value.with_type(Self::result_type(ty, model, inputs))
            }
            None if model.derives => self.derived_of(Value::unknown(), inputs.receiver, inputs.site),
            None => inputs.made.map(|id| Value::of(What::Object(id))).unwrap_or_default(),
        }
    }

    fn take_key(&mut self, key: &KeyModel, inputs: &Inputs<'_, 'a>) -> Value {
        let receiver = inputs.get(&Port::Receiver);
        let place = |at: usize| inputs.site.positional(at).map_or(inputs.site.span, |arg| arg.span(inputs.site.span));
        match key {
            KeyModel::Element => receiver.element(),
            KeyModel::ElementOf(at) => inputs.get(&Port::Argument(*at)).element(),
            // Without a key it is no element: `future.get()`, `tree.getAsJsonObject()`.
            KeyModel::Constant(at) if inputs.given(&Port::Argument(*at)).is_none() => receiver,
            KeyModel::Constant(at) => self.index(&receiver, &inputs.get(&Port::Argument(*at)), place(*at)),
            KeyModel::Pointer(at) => {
                let pointer = inputs.get(&Port::Argument(*at));
                let Some(pointer) = pointer.as_fixed_text() else { return Value::unknown() };
                let mut value = receiver;
                for segment in pointer.split('/').skip(1) {
                    value = if segment.bytes().all(|byte| byte.is_ascii_digit()) {
                        value.element()
                    } else {
                        self.keyed(&value, &Arc::from(segment.replace("~1", "/").replace("~0", "~")), place(*at))
                    };
                }
                value
            }
        }
    }

    /// A body is taken apart: what comes out holds the data of the response.
    fn decode(&mut self, model: &'a DecodeModel, inputs: &Inputs<'_, 'a>) -> Value {
        let from = match self.written_to(inputs.get(&model.from)) {
            // Pieces of one body: `Buffer.concat(chunks)`.
            pieces if matches!(pieces.what, What::List(_)) => pieces.element(),
            from => from,
        };
        let origins = from.origins.with(from.responses());
        let Some(into) = &model.into else {
            let ty = self.decoded_type(model, &from, inputs);
            self.note_decoded(&ty, &origins);
            if !is_typed(&ty) {
                self.body_taken(&from, inputs.site.name_span);
            }
            return Value { ty, what: What::Opaque, origins };
        };
        let target = inputs.get(into);
        self.note_decoded(&target.ty, &origins);
        if let Some(place) = inputs.given(into).and_then(|given| given.place) {
            self.store(place, Value { ty: target.ty, what: What::Opaque, origins });
        }
        Value::unknown()
    }

    /// What was written to a buffer; any other value is itself.
    fn written_to(&self, value: Value) -> Value {
        let buffer = value.objects().find(|id| self.objects.get(*id).kind == Kind::Body);
        let written = buffer.and_then(|id| self.objects.setting(id, Setting::Body));
        written.map(|set| set.value.clone()).unwrap_or(value)
    }

    /// The type that a body is taken apart into: named by an argument, by the call, by what is taken apart
    /// (`AxiosResponse<Profile>`), or by what the result is used as.
    fn decoded_type(&self, model: &'a DecodeModel, from: &Value, inputs: &Inputs<'_, 'a>) -> Type {
        let named = model.ty.as_ref().map(|port| type_named_by(&inputs.get(port)));
        let explicit = || inputs.site.type_args.first().cloned();
        let of = || match &from.ty {
            Type::Named(_, args) => args.first().cloned(),
            _ => None,
        };
        let is_known = |ty: &Type| !matches!(ty, Type::Unknown);
        let ty = named.filter(is_known).or_else(|| explicit().filter(is_known)).or_else(|| of().filter(is_known));
        self.program.expand(&ty.unwrap_or_else(|| inputs.site.expected.clone()))
    }

    /// Runs a function argument; gives what the call gives, if that is the callback's.
    fn call_back(&mut self, model: &'a CallbackModel, limits_time: bool, inputs: &Inputs<'_, 'a>) -> Option<Value> {
        let mut function = inputs.get(&model.function);
        if let Some(key) = &model.key {
            let key = Arc::from(key.as_str());
            function = self.quietly(|interp| interp.member(&function, &key, inputs.site.name_span));
        }
        if limits_time && let Some(place) = inputs.given(&model.function).and_then(|given| given.place) {
            self.limited.insert(place.span);
        }
        let mut given: Vec<Value> = model.with.iter().map(|source| inputs.source(source).unwrap_or_default()).collect();
        let mapped = model.gives == Some(Gives::Mapped) && given.first().is_some_and(is_list);
        if model.each || mapped {
            given = given.iter().map(Value::element).collect();
        }
        if model.spread {
            given = given.into_iter().flat_map(super::spread::items).collect();
        }
        if let Some(elements) = model.each_of.and_then(|at| given.get_mut(at)) {
            *elements = elements.element();
        }
        if let Some(ty) = &model.builds {
            let ty = Type::Named(Symbol::new(ty), Vec::new());
            given = given.into_iter().map(|value| value.with_type(ty.clone())).collect();
        }
        let callables: Vec<Callable> = function.functions().cloned().collect();
        if callables.is_empty()
            && let Some(value) = self.tell_observer(&function, &model.method, &given, inputs.site)
        {
            return model.gives.map(|_| value);
        }
        // Not a function after all: a future, or a default value.
        if callables.is_empty() {
            let is_given = !matches!(model.function, Port::Argument(_)) || inputs.given(&model.function).is_some();
            if !is_given || model.sets.is_some() {
                return None;
            }
            return matches!(model.gives, Some(Gives::Result | Gives::Mapped)).then_some(function);
        }
        let mut result = Value::unknown();
        for callable in callables {
            let site = inputs.site.with_values(&given);
            let value = match model.builds {
                Some(_) => self.call_value(&callable, &site),
                None => self.branch(|interp| interp.call_value(&callable, &site)),
            };
            result = result.join(value);
        }
        match model.gives? {
            Gives::Mapped if !mapped => Some(result),
            Gives::Result => Some(result),
            Gives::List | Gives::Mapped => Some(list_of(vec![result])),
        }
    }

    /// A constant of a library.
    pub(super) fn constant(&mut self, symbol: &Symbol, span: Span) -> Option<Value> {
        let libraries = self.libraries;
        let opened = || libraries.constant(self.program.canonical_name(symbol)?.as_str());
        let constant = libraries.constant(symbol.as_str()).or_else(opened)?;
        Some(match constant {
            Constant::Text(text) => Value::text(Text { written: None, ..Text::new(text, span) }),
            Constant::Duration(millis) => Value::of(What::Millis(*millis)),
            Constant::Int(number) => Value::of(What::Int(*number)),
            Constant::Object(ty) => {
                let (library, model) = self.libraries.type_model(ty)?;
                let value = match model.kind {
                    Some(kind) => Value::of(What::Object(self.make_object(library, kind, span))),
                    None => Value::unknown(),
                };
                value.with_type(Type::Named(Symbol::new(ty), Vec::new()))
            }
        })
    }
}

/// The elements of a list, or the one thing that is no list.
fn element_or_self(value: &Value) -> Value {
    if is_list(value) { value.element() } else { value.clone() }
}

/// Whether something of what a body is taken apart into is declared.
fn is_typed(ty: &Type) -> bool {
    match ty.peeled() {
        Type::Named(..) => true,
        Type::List(inner) | Type::Map(inner) => is_typed(inner),
        _ => false,
    }
}

/// The type that a value names: a class as a value, or what a token of it is of
/// (`new TypeReference<List<Profile>>() {}`).
fn type_named_by(value: &Value) -> Type {
    if let Some(symbol) = value.as_name() {
        return Type::Named(symbol.clone(), Vec::new());
    }
    match (&value.ty, &value.what) {
        (Type::Named(_, args), _) if !args.is_empty() => args[0].clone(),
        (_, What::List(element)) => Type::List(Box::new(type_named_by(element))),
        _ => Type::Unknown,
    }
}

/// A number of units as a duration.
pub(super) fn scaled(value: &Value, unit: Unit) -> Value {
    let nanos: i64 = match unit {
        Unit::Nanoseconds => 1,
        Unit::Microseconds => 1_000,
        Unit::Milliseconds => 1_000_000,
        Unit::Seconds => 1_000_000_000,
        Unit::Minutes => 60_000_000_000,
        Unit::Hours => 3_600_000_000_000,
    };
    let nanos = match value.what {
        What::Int(count) => i128::from(count) * i128::from(nanos),
        What::Thousandths(count) => i128::from(count) * i128::from(nanos) / 1_000,
        _ => return Value::unknown(),
    };
    Value::of(What::Millis(u64::try_from(nanos / 1_000_000).unwrap_or(0)))
}

/// Whether a port that may give a request gives its URL otherwise.
fn is_url_too(model: &FunctionModel, of: &Port) -> bool {
    let is_it = |source: &Source| matches!(source, Source::Port(port) if port == of);
    model.set.get(&Setting::Url).is_some_and(|sources| sources.all().iter().any(is_it))
}
