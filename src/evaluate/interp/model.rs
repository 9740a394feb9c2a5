//! What functions of libraries do, by their descriptors.

use std::sync::Arc;

use super::Interp;
use super::call::Site;
use super::expr::list_of;
use crate::evaluate::library::format::{CallbackModel, Constant, DecodeModel, Gives, KeyModel, Port, TextModel, Unit};
use crate::evaluate::library::{FieldModel, FunctionModel, Kind, Library, Return, Setting, Source, TypeModel};
use crate::evaluate::object::Object;
use crate::evaluate::value::{Callable, ObjectId, Text, Value, What};
use crate::model::ir::{Arg, Expr, Symbol, Type};
use crate::model::source::Span;
use crate::model::usage::{Origin, Template};

/// Levels of declared types that a decoded body is noted for.
pub(super) const DECODED_DEPTH: usize = 6;

/// The inputs of a call of a library.
struct Inputs<'s, 'a> {
    receiver: Option<&'s Value>,
    made: Option<ObjectId>,
    site: &'s Site<'a>,
}

impl Inputs<'_, '_> {
    fn get(&self, port: &Port) -> Value {
        match port {
            Port::Receiver => self.receiver.cloned().unwrap_or_default(),
            Port::Argument(at) => self.site.args.get(*at).cloned().unwrap_or_default(),
            Port::Named(name) => {
                let named = |place: &Arg| place.name.as_ref() == Some(name);
                let at = self.site.places.iter().position(named);
                at.and_then(|at| self.site.args.get(at)).cloned().unwrap_or_default()
            }
            Port::Made => self.made.map(|id| Value::of(What::Object(id))).unwrap_or_default(),
        }
    }
}

impl<'a> Interp<'a> {
    /// Applies the model of a library's function.
    pub(super) fn apply(
        &mut self,
        library: &'a Library,
        model: &'a FunctionModel,
        receiver: Option<(&Value, &'a Expr)>,
        site: &Site<'a>,
    ) -> Value {
        if model.ignore {
            return Value::unknown();
        }
        let mut inputs = Inputs { receiver: receiver.map(|(value, _)| value), made: None, site };
        let target = self.target(library, model, &mut inputs);
        for id in &target {
            self.apply_settings(*id, model, &inputs);
        }
        for port in &model.escapes {
            let value = inputs.get(port);
            self.escape(&value, site.span);
        }
        let mut result = self.result(model, &inputs);
        if let Some(port) = &model.send {
            result = self.send(library, &inputs.get(port), site);
            if let Some(Return::Type(ty)) = &model.returns {
                result = result.with_type(Type::Named(Symbol::new(ty), Vec::new()));
            }
        }
        if model.takes_body {
            self.body_taken(&inputs.get(&Port::Receiver), site.name_span);
        }
        if let Some(decode) = &model.decode {
            result = self.decode(decode, &inputs);
        }
        if let Some(retry) = &model.retry {
            result = self.retried(library, retry, |port| inputs.get(port), site);
        }
        if let (Some(port), Some((list, place))) = (&model.adds, receiver) {
            let longer = list_of(vec![list.element(), inputs.get(port)]);
            self.store(place, Value { ty: list.ty.clone(), ..longer }.or_type(&Type::Unknown));
        }
        for callback in &model.calls {
            if let Some(given) = self.call_back(callback, model.limits_time, &inputs) {
                result = given;
            }
        }
        result
    }

    /// The objects that a model's settings apply to.
    fn target(&mut self, library: &'a Library, model: &'a FunctionModel, inputs: &mut Inputs<'_, 'a>) -> Vec<ObjectId> {
        let targets: Vec<ObjectId> = match model.make {
            Some(kind) => {
                let id = self.make_object(library, kind, inputs.site.span);
                inputs.made = Some(id);
                vec![id]
            }
            None => inputs.get(model.on.as_ref().unwrap_or(&Port::Receiver)).objects().collect(),
        };
        if let Some(of) = &model.of {
            for parent in inputs.get(of).objects() {
                targets.iter().for_each(|id| self.objects.add_parent(*id, parent));
            }
        }
        targets
    }

    fn apply_settings(&mut self, id: ObjectId, model: &'a FunctionModel, inputs: &Inputs<'_, 'a>) {
        let span = inputs.site.span;
        for (setting, source) in &model.set {
            let value = Self::source(source, inputs);
            self.set_object(id, *setting, value, span);
        }
        if let Some(header) = &model.header {
            let name = Self::source(&header.name, inputs);
            let value = Self::source(&header.value, inputs);
            self.set_header(id, &name, &value, span);
        }
        if let Some(query) = &model.query {
            let name = Self::source(&query.name, inputs).as_fixed_text().map(str::to_owned);
            for text in Self::source(&query.value, inputs).texts() {
                self.objects.add_query(id, name.clone(), text.template);
            }
        }
        if let Some(arg) = model.result.and_then(|at| inputs.site.places.get(at)) {
            self.results.insert(id, (&arg.value, self.frame().symbol.clone()));
        }
        if let Some(from) = model.options {
            for option in inputs.site.args.iter().skip(from) {
                self.take_option(id, option);
            }
        }
    }

    /// Takes over the settings of an option, or of each of a list of options.
    pub(super) fn take_option(&mut self, id: ObjectId, option: &Value) {
        for what in option.alternatives() {
            match what {
                What::Object(parent) => self.objects.add_parent(id, *parent),
                What::List(element) => self.take_option(id, element),
                // An option of code that is not known may do anything.
                What::Opaque | What::Function(_) => {
                    self.objects.set(id, Setting::Opaque, Value::of(What::Bool(true)), &self.branches);
                }
                _ => {}
            }
        }
    }

    fn set_header(&mut self, id: ObjectId, name: &Value, value: &Value, span: Span) {
        let name = match Self::constant_header(name) {
            Some(name) => Some(name),
            None => name.as_fixed_text().map(str::to_ascii_lowercase),
        };
        for text in value.texts() {
            self.objects.add_header(id, name.clone(), text.template, span, &self.branches);
        }
    }

    /// Header names are often constants of a library: `reqwest::header::USER_AGENT`.
    fn constant_header(name: &Value) -> Option<String> {
        let What::Function(callable) = &name.what else { return None };
        let Callable::Foreign(symbol) = &**callable else { return None };
        let name = symbol.name();
        // Constants in capitals that a descriptor does not list are spelled like the header.
        let spelled =
            name.chars().all(|letter| letter.is_ascii_uppercase() || letter.is_ascii_digit() || letter == '_');
        spelled.then(|| name.to_ascii_lowercase().replace('_', "-"))
    }

    /// Sets a setting of an object; some of them are headers.
    pub(super) fn set_object(&mut self, id: ObjectId, setting: Setting, value: Value, span: Span) {
        let header = match setting {
            Setting::UserAgent => Some("user-agent"),
            Setting::Authorization => Some("authorization"),
            _ => None,
        };
        if let Some(header) = header {
            for text in value.texts() {
                self.objects.add_header(id, Some(header.to_owned()), text.template, span, &self.branches);
            }
            return;
        }
        if matches!(setting, Setting::Headers | Setting::Policy | Setting::Context) {
            if value.objects().next().is_some() {
                let parents: Vec<ObjectId> = value.objects().collect();
                parents.into_iter().for_each(|parent| self.objects.add_parent(id, parent));
                return;
            }
            if setting == Setting::Headers {
                self.headers_of(id, &value, span);
                return;
            }
        }
        self.objects.set(id, setting, value, &self.branches);
    }

    /// Headers that are given as a map.
    fn headers_of(&mut self, id: ObjectId, value: &Value, span: Span) {
        match &value.what {
            What::Record(fields) => {
                for (name, (place, value)) in fields.iter() {
                    for text in value.texts() {
                        self.objects.add_header(
                            id,
                            Some(name.to_ascii_lowercase()),
                            text.template,
                            *place,
                            &self.branches,
                        );
                    }
                }
            }
            What::Null => {}
            _ => self.objects.add_header(id, None, Template::hole(), span, &self.branches),
        }
    }

    /// Sets a field of an object in its literal or afterwards.
    pub(super) fn set_object_field(&mut self, id: ObjectId, model: &TypeModel, name: &str, value: Value, span: Span) {
        match model.fields.get(name) {
            Some(FieldModel::Set(setting)) => self.set_object(id, *setting, value, span),
            Some(FieldModel::View(_)) => self.set_object(id, Setting::Headers, value, span),
            Some(FieldModel::Body | FieldModel::Decoded) | None => {}
        }
    }

    pub(super) fn make_object(&mut self, library: &Library, kind: Kind, span: Span) -> ObjectId {
        let context = self.frames.iter().skip(1).map(|frame| frame.site).collect();
        let object = Object {
            kind,
            library: library.to_owned(),
            location: self.location(span),
            parents: Vec::new(),
            settings: std::collections::BTreeMap::new(),
            headers: Vec::new(),
            query: Vec::new(),
            stub: None,
            branches: self.branches.clone(),
        };
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

    fn source(source: &Source, inputs: &Inputs<'_, 'a>) -> Value {
        match source {
            Source::Port(port) => inputs.get(port),
            fixed => Self::fixed(fixed, inputs.site.span),
        }
    }

    fn result(&mut self, model: &'a FunctionModel, inputs: &Inputs<'_, 'a>) -> Value {
        if let Some(text) = &model.text {
            return self.make_text(text, inputs);
        }
        if let Some(list) = &model.list {
            let mut parts: Vec<Value> = list.of.iter().map(|port| inputs.get(port)).collect();
            if list.rest {
                parts.extend(inputs.site.args.iter().skip(list.of.len()).cloned());
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
                value.with_type(Type::Named(Symbol::new(ty), Vec::new()))
            }
            None => inputs.made.map(|id| Value::of(What::Object(id))).unwrap_or_default(),
        }
    }

    fn make_text(&mut self, model: &'a TextModel, inputs: &Inputs<'_, 'a>) -> Value {
        match model {
            TextModel::Env(port) => match inputs.get(port).as_fixed_text() {
                Some(name) => Value::text(Text::env(name)),
                None => Value::typed(Type::Str),
            },
            TextModel::Format(port) => {
                let Port::Argument(at) = port else { return Value::typed(Type::Str) };
                let format = inputs.get(port);
                let args = inputs.site.args.get(at + 1..).unwrap_or(&[]);
                for (value, place) in args.iter().zip(inputs.site.places.iter().skip(at + 1)) {
                    self.escape(value, place.value.span);
                }
                super::printf::format(&format, args)
            }
            TextModel::Join { of, with, rest } => {
                let mut parts: Vec<Value> = of.iter().map(|port| inputs.get(port)).collect();
                if *rest {
                    parts.extend(inputs.site.args.iter().skip(of.len()).cloned());
                }
                super::printf::join(&parts, with)
            }
            TextModel::Resolve { base, reference } => super::printf::resolve(&inputs.get(base), &inputs.get(reference)),
        }
    }

    fn take_key(&mut self, key: &KeyModel, inputs: &Inputs<'_, 'a>) -> Value {
        let receiver = inputs.get(&Port::Receiver);
        let place = |at: usize| inputs.site.places.get(at).map_or(inputs.site.span, |arg| arg.value.span);
        match key {
            KeyModel::Element => receiver.element(),
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
        let from = inputs.get(&model.from);
        let mut origins = from.origins.clone();
        for what in from.alternatives() {
            if let What::Response(call) = what {
                origins.push(Origin::Response(*call, Vec::new()));
            }
        }
        origins.sort();
        origins.dedup();
        let Some(into) = &model.into else {
            let ty = match inputs.site.type_args.first() {
                Some(ty) if !matches!(ty, Type::Unknown) => ty,
                _ => &inputs.site.expected,
            };
            let ty = self.program.expand(ty);
            self.note_decoded(&ty, &origins, DECODED_DEPTH);
            if ty.symbol().is_none() {
                self.body_taken(&from, inputs.site.name_span);
            }
            return Value { ty, what: What::Opaque, origins };
        };
        let Port::Argument(at) = *into else { return Value::unknown() };
        let target = inputs.get(into);
        self.note_decoded(&target.ty, &origins, DECODED_DEPTH);
        if let Some(place) = inputs.site.places.get(at) {
            self.store(&place.value, Value { ty: target.ty, what: What::Opaque, origins });
        }
        Value::unknown()
    }

    /// Runs a function argument; gives what the call gives, if that is the callback's.
    fn call_back(&mut self, model: &'a CallbackModel, limits_time: bool, inputs: &Inputs<'_, 'a>) -> Option<Value> {
        let function = inputs.get(&model.function);
        if limits_time
            && let Port::Argument(at) = model.function
            && let Some(arg) = inputs.site.places.get(at)
        {
            self.limited.insert(arg.value.span);
        }
        let mut given: Vec<Value> = model.with.iter().map(|source| Self::source(source, inputs)).collect();
        let mapped = model.gives == Some(Gives::Mapped) && given.first().is_some_and(is_list);
        if model.each || mapped {
            given = given.iter().map(Value::element).collect();
        }
        let callables: Vec<Callable> = function
            .alternatives()
            .iter()
            .filter_map(|what| match what {
                What::Function(callable) => Some((**callable).clone()),
                _ => None,
            })
            .collect();
        // Not a function after all: a future, or a default value.
        if callables.is_empty() {
            return matches!(model.gives, Some(Gives::Result | Gives::Mapped)).then_some(function);
        }
        let mut result = Value::unknown();
        for callable in callables {
            let expected = inputs.site.expected.clone();
            let value = self.branch(|interp| match &callable {
                Callable::Foreign(symbol) => {
                    let site = Site { args: given.clone(), places: &[], expected, ..inputs.site.copied() };
                    interp.foreign_call(symbol, &site)
                }
                own => interp.call_value(own, given.clone(), &[], &expected, inputs.site.span),
            });
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
        let constant = self.libraries.constant(symbol.as_str())?;
        Some(match constant {
            Constant::Text(text) => Value::text(Text { written: None, ..Text::new(text, span) }),
            Constant::Duration(millis) => Value::of(What::Millis(*millis)),
            Constant::Int(number) => Value::of(What::Int(*number)),
            Constant::Object(ty) => {
                let (library, model) = self.libraries.type_model(ty)?;
                let id = self.make_object(library, model.kind?, span);
                Value::of(What::Object(id)).with_type(Type::Named(Symbol::new(ty), Vec::new()))
            }
        })
    }
}

fn is_list(value: &Value) -> bool {
    matches!(value.what, What::List(_)) || matches!(value.ty, Type::List(_))
}

/// The elements of a list, or the one thing that is no list.
fn element_or_self(value: &Value) -> Value {
    if is_list(value) { value.element() } else { value.clone() }
}

/// A number of units as a duration.
fn scaled(value: &Value, unit: Unit) -> Value {
    let What::Int(count) = value.what else { return Value::unknown() };
    let millis = match unit {
        Unit::Nanoseconds => count / 1_000_000,
        Unit::Microseconds => count / 1_000,
        Unit::Milliseconds => count,
        Unit::Seconds => count.saturating_mul(1_000),
        Unit::Minutes => count.saturating_mul(60_000),
        Unit::Hours => count.saturating_mul(3_600_000),
    };
    Value::of(What::Millis(u64::try_from(millis).unwrap_or(0)))
}
