//! Fields that are read and written, and whole messages that leave.

use std::collections::BTreeSet;
use std::rc::Rc;
use std::sync::Arc;

use super::Interp;
use super::argument::{Site, nowhere};
use super::says::Says;
use super::several::{holds_all, of_several};
use crate::evaluate::CONSTRUCTOR;
use crate::evaluate::library::{FieldModel, Kind, Setting};
use crate::evaluate::origins::Origins;
use crate::evaluate::types::substitute;
use crate::evaluate::value::{Callable, MAX_KEPT, ObjectId, REST, Text, Value, What, is_named};
use crate::model::ir::{Codec, FieldDef, Symbol, Type, WireName};
use crate::model::source::Span;
use crate::model::usage::{AccessKind, FieldName, Location, Origin, Step};

/// An access as it was seen; what it belongs to is decided when all code has been followed.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(in crate::evaluate) struct Seen {
    pub(in crate::evaluate) location: Location,
    pub(in crate::evaluate) kind: AccessKind,
    pub(in crate::evaluate) field: Option<FieldName>,
    pub(in crate::evaluate) owner: Option<Symbol>,
    pub(in crate::evaluate) origins: Origins,
}

/// Steps into a body that is written.
const MAX_WRITTEN_STEPS: usize = 8;
/// Levels of lists and structs in which a message may leave.
const MAX_PARTS_DEPTH: usize = 4;

impl<'a> Interp<'a> {
    /// `base.name`, read.
    pub(super) fn member(&mut self, base: &Value, name: &Arc<str>, span: Span) -> Value {
        self.reach_into(base);
        if let Some(value) = self
            .given_member(base, name)
            .or_else(|| self.wrapper_member(base, name))
            .or_else(|| self.library_member(base, name, span))
        {
            return value;
        }
        match &base.what {
            What::Record(fields) => {
                if let Some((_, value)) = fields.get(name) {
                    let value = value.clone();
                    if !base.origins.is_empty() && holds_all(&value, base) {
                        return self.with_kept_of_made(&base.ty, name, value);
                    }
                    self.touch(base, name, span, AccessKind::Read);
                    let value = self.with_kept_of_made(&base.ty, name, value);
                    if base.origins.is_empty() {
                        return value;
                    }
                    // At first an object that is made here, later one that came from somewhere.
                    let step = Step::Field(self.field_name(&base.ty, name));
                    return value.join(base.stepped(&step, self.field_type(&base.ty, name)));
                }
                if let Some((_, rest)) = fields.get(REST) {
                    return self.member(&rest.clone(), name, span);
                }
            }
            What::OneOf(all) => {
                if let Some(value) = of_several(base, all, name) {
                    return self.with_kept_of_made(&base.ty, name, value);
                }
            }
            What::Tuple(items) => {
                if let Some(item) = name.parse().ok().and_then(|at: usize| items.get(at)) {
                    return item.clone();
                }
            }
            What::Function(_) => {
                if let Some(value) = self.name_member(base, name, span) {
                    return value;
                }
            }
            _ => {}
        }
        let declared = self.declared_field(&base.ty, name);
        if let Some(field) = declared.filter(|field| field.flatten) {
            // Its fields stand in the outer object: going into it is no step on the wire.
            return Value { ty: self.program.expand(&field.ty), what: What::Opaque, origins: base.origins.clone() };
        }
        if declared.is_none()
            && let Some(value) = self.listed_property(base, name, span).or_else(|| self.method_value(base, name, span))
        {
            return value;
        }
        self.touch(base, name, span, AccessKind::Read);
        let step = Step::Field(self.field_name(&base.ty, name));
        let ty = self.field_type(&base.ty, name);
        let ty = if matches!((&ty, &base.ty), (Type::Unknown, Type::Dynamic)) { Type::Dynamic } else { ty };
        let value = self.stepped_by_type(base, &step, ty);
        let mut value = self.with_kept(&base.ty, name, value);
        if !value.is_informative() && base.origins.is_empty() {
            value = self.of_class(&base.ty, name).unwrap_or_default().or_type(&value.ty);
        }
        match declared {
            Some(field) => self.or_configured_field(value, field, &base.ty),
            None => value,
        }
    }

    /// What the class of an object says that a field holds, where nobody saw how the object was made.
    fn of_class(&mut self, ty: &Type, name: &str) -> Option<Value> {
        let (_, global) = self.program.global(&self.program.home_of_field(ty.symbol()?, name).join(name))?;
        let symbol = global.symbol.clone();
        Some(self.global(&symbol))
    }

    /// A member of a class or module that is a value of its own.
    fn name_member(&mut self, base: &Value, name: &str, span: Span) -> Option<Value> {
        if let Some(described) = self.description_member(base, name) {
            return Some(described);
        }
        let member = base.as_name()?.join(name);
        let known = self.program.global(&member).is_some()
            || self.program.function(&member).is_some()
            || self.program.type_def(&member).is_some()
            || self.libraries.knows(member.as_str());
        known.then(|| self.global_name(&member, span))
    }

    /// Whether a value is what calls through these libraries gave, as a whole.
    fn is_response(&self, value: &Value, libraries: &BTreeSet<String>) -> bool {
        let is_whole = |origin: &Origin| match origin {
            Origin::Response(call, steps) if steps.is_empty() => {
                self.requests.get(call.0 as usize).is_some_and(|sent| libraries.contains(&sent.library))
            }
            // The wrapper was taken off what the handler is given.
            Origin::Handler(handler, steps) if steps.is_empty() => {
                let wraps = |ty: &Type| ty.peeled().symbol().and_then(|ty| self.libraries.given(ty.as_str())?.wraps);
                let handler = self.program.function(handler).map(|id| self.program.func(id));
                handler.is_some_and(|func| func.params.iter().any(|param| wraps(&param.ty).is_some()))
            }
            _ => false,
        };
        !value.origins.is_empty() && value.origins.iter().all(is_whole)
    }

    /// A property, which runs when it is read, or a method as a value.
    fn method_value(&mut self, base: &Value, name: &Arc<str>, span: Span) -> Option<Value> {
        if self.libraries.response_member(name).is_some_and(|of| self.is_response(base, of)) {
            return Some(base.clone());
        }
        if let Some(method) = self.stub_method(base, name) {
            return Some(method);
        }
        let owner = base.ty.symbol()?;
        if let Some(id) = self.program.method(owner, name) {
            let func = self.program.func(id);
            if func.property {
                return Some(self.own_call(id, Some(base.clone()), None, &Site::bare(span)));
            }
            if func.body.is_none() || self.program.module_of(id).generated {
                return None;
            }
            let receiver = func.receiver.as_ref().map(|_| base.clone().light(MAX_KEPT));
            return Some(Value::of(What::Function(Rc::new(Callable::Func(id, receiver)))));
        }
        let ancestors = self.program.ancestors(owner);
        let is_method = ancestors.iter().any(|above| self.library_function(&above.join(name)).is_some());
        is_method.then(|| {
            let base = self.with_base(base);
            Value::of(What::Function(Rc::new(Callable::Method(base, Arc::clone(name)))))
        })
    }

    /// A field of a library's type that stands for something that is built up.
    fn library_member(&mut self, base: &Value, name: &Arc<str>, span: Span) -> Option<Value> {
        let (_, model) = self.library_type(&base.ty)?;
        if model.packages.is_some() {
            return self.package_member(base, name);
        }
        let Some(field) = model.fields.get(&**name) else {
            let objects: Vec<ObjectId> = base.objects().collect();
            objects.into_iter().for_each(|id| self.objects.get_mut(id).touched = true);
            return model.configuration.then(|| self.entry_of_configuration(&base.ty, name));
        };
        // What is put into an object that is written out is known.
        if Self::is_shape(field) && matches!(&base.what, What::Record(fields) if fields.contains_key(name)) {
            return None;
        }
        Some(match field {
            FieldModel::View(ty) => base.clone().with_type(Type::Named(Symbol::new(ty), Vec::new())),
            FieldModel::Body => {
                self.body_taken(base, span);
                Value { ty: Type::Bytes, ..base.clone() }
            }
            FieldModel::Decoded => self.decoded_member(base, span),
            FieldModel::Held => self.held(base),
            FieldModel::Part(_) => return self.url_member(base, name),
            FieldModel::Set(setting) => {
                let first = self.with_base(base).objects().next()?;
                self.objects.setting(first, *setting).map(|set| set.value.clone()).unwrap_or_default()
            }
            _ => Value { ty: self.field_type(&base.ty, name), what: What::Opaque, origins: base.origins.clone() },
        })
    }

    /// The body of a response, taken apart into what the response's type says.
    fn decoded_member(&mut self, base: &Value, span: Span) -> Value {
        let origins = base.origins.with(base.responses());
        let ty = match &base.ty {
            Type::Named(_, args) => args.first().map(|ty| self.program.expand(ty)),
            _ => None,
        };
        let ty = ty.filter(|ty| !matches!(ty, Type::Unknown)).unwrap_or(Type::Dynamic);
        self.note_decoded(&ty, &origins);
        if ty.symbol().is_none() {
            self.body_taken(base, span);
        }
        Value { ty, what: What::Opaque, origins }
    }

    /// `base[key]`, read.
    pub(super) fn index(&mut self, base: &Value, key: &Value, span: Span) -> Value {
        let Some(key) = key.as_fixed_text().map(Arc::<str>::from) else {
            // An object that is gone through by names that are not known: any of it may be used.
            if base.ty == Type::Dynamic && key.ty == Type::Str {
                self.escape(base, span);
            }
            return base.element();
        };
        if let Some(value) = self.library_member(base, &key, span) {
            return value;
        }
        if matches!((&base.what, &base.ty), (What::List(_), Type::Map(_))) {
            return base.element();
        }
        if let What::Record(fields) = &base.what {
            if let Some((_, value)) = fields.get(&key) {
                let value = value.clone();
                // It may as well be what came from elsewhere.
                return if base.origins.is_empty() { value } else { value.join(self.keyed(base, &key, span)) };
            }
            if let Some((_, rest)) = fields.get(REST) {
                return self.index(&rest.clone(), &Value::text(Text::new(&key, span)), span);
            }
            if base.origins.is_empty() {
                // Entries under keys that are not known.
                let computed = fields.iter().filter(|(name, _)| name.starts_with('['));
                return computed.map(|(_, (_, value))| value.clone()).reduce(Value::join).unwrap_or_default();
            }
        }
        self.keyed(base, &key, span)
    }

    /// An entry of an untyped object: its key is its name on the wire.
    pub(super) fn keyed(&mut self, base: &Value, key: &Arc<str>, span: Span) -> Value {
        let field =
            FieldName { source: Arc::clone(key), wire: vec![WireName { codec: Codec::Json, name: Arc::clone(key) }] };
        if !base.origins.is_empty() {
            self.record(AccessKind::Read, Some(field.clone()), None, base.origins.clone(), span);
        }
        let ty = match &base.ty {
            Type::Map(inner) => (**inner).clone(),
            Type::Dynamic => Type::Dynamic,
            _ => Type::Unknown,
        };
        base.stepped(&Step::Field(field), ty)
    }

    /// `owner[key] = value` of an untyped object.
    pub(super) fn set_keyed(&mut self, owner: &Value, key: &Value, value: &Value, span: Span) {
        let ids: Vec<_> = owner.objects().collect();
        for id in ids {
            // Metadata and headers as maps.
            let name = key.as_fixed_text().map(str::to_ascii_lowercase);
            for text in value.texts() {
                self.objects.add_header(id, name.clone(), text.template, span, &self.branches);
            }
        }
    }

    /// Records that a field of a message is read or written.
    pub(super) fn touch(&mut self, base: &Value, name: &Arc<str>, span: Span, kind: AccessKind) {
        let owner = base.ty.symbol().map(|symbol| self.owner_of_field(symbol, name));
        if owner.is_none() && base.origins.is_empty() {
            return;
        }
        if !is_named(name) {
            return;
        }
        // What is made here and has come from nowhere tells nothing about any contract, unless its
        // type is generated from one, or is that of a body which is sent.
        let said = owner.as_ref().map_or(Says::Nothing, |owner| self.type_says(owner));
        if said == Says::Library || (said == Says::Nothing && base.origins.is_empty()) {
            return;
        }
        let own = said == Says::Own;
        if own && base.origins.is_empty() && kind == AccessKind::Read && matches!(base.what, What::Record(_)) {
            return;
        }
        if kind == AccessKind::Write
            && base.origins.is_empty()
            && owner.as_ref().is_some_and(|owner| own && !self.is_written_by_type(owner))
        {
            return;
        }
        let field = self.field_name(&base.ty, name);
        let owner = owner.map(|owner| self.message_of(owner));
        self.record(kind, Some(field), owner, base.origins.clone(), span);
    }

    /// Whether a field of an own type that is set somewhere is likely one of a body that is sent. Values of a
    /// type that bodies are taken apart into as well are changed for many reasons, and a constructor sets
    /// fields for whoever calls it.
    fn is_written_by_type(&self, owner: &Symbol) -> bool {
        let function = &self.frame().symbol;
        let in_constructor = function.name() == CONSTRUCTOR && function.parent() == owner.as_str();
        self.encoded.contains_key(owner) && !self.decoded.contains_key(owner) && !in_constructor
    }

    /// Whether values of a type are bodies that are sent, somewhere.
    pub(super) fn is_sent(&self, ty: &Type) -> bool {
        !self.encoded.is_empty()
            && ty.symbol().is_some_and(|symbol| self.encoded.contains_key(&self.program.canonical(symbol)))
    }

    /// The type whose field is meant. A generated message that a type embeds or is defined as
    /// (`type Reply pb.Reply`) is what it was generated as.
    fn owner_of_field(&self, symbol: &Symbol, name: &str) -> Symbol {
        let symbol = self.program.canonical(symbol);
        if !self.program.is_own_type(&symbol) {
            return symbol;
        }
        let is_foreign = |inner: &Symbol| *inner != symbol && !self.program.is_own_type(inner);
        let inherited = || Some(self.program.declaring_class(&symbol, name)).filter(is_foreign);
        let declaring = self.program.declaring(&symbol, name).filter(is_foreign).or_else(inherited);
        declaring.map_or_else(|| symbol.clone(), |inner| self.program.canonical(&inner))
    }

    /// Records that a message leaves as a whole: printed, serialised, passed to code that is not known.
    pub(super) fn escape(&mut self, value: &Value, span: Span) {
        if matches!(value.what, What::Function(_)) {
            self.invoke_unknown(value, span);
            return;
        }
        self.escape_parts(value, span, MAX_PARTS_DEPTH);
        // Code that is not known may set headers of what it is given.
        let objects: Vec<ObjectId> = value.objects().collect();
        for id in objects {
            if matches!(self.objects.get(id).kind, Kind::Request | Kind::Headers | Kind::Client) {
                self.objects.set(id, Setting::Opaque, Value::of(What::Bool(true)), &self.branches);
            }
        }
        if matches!(value.ty, Type::Str | Type::Number | Type::Bool) {
            return;
        }
        let owner = value.ty.symbol().cloned();
        let whole: Origins = value
            .origins
            .iter()
            .filter(|origin| match origin {
                Origin::Response(_, steps) => owner.is_some() || steps.iter().all(|step| matches!(step, Step::Element)),
                Origin::Request(..) | Origin::Handler(..) | Origin::Typed(..) | Origin::Asked(..) => false,
            })
            .cloned()
            .collect();
        if !whole.is_empty() {
            self.record(AccessKind::Whole, None, owner, whole, span);
        }
    }

    /// What is put into a list, map or struct leaves with it.
    fn escape_parts(&mut self, value: &Value, span: Span, depth: usize) {
        let Some(depth) = depth.checked_sub(1) else { return };
        let parts: Vec<&Value> = match &value.what {
            What::List(element) => vec![element],
            What::Tuple(items) => items.iter().collect(),
            What::Record(fields) => fields.values().map(|(_, value)| value).collect(),
            _ => return,
        };
        for part in parts.into_iter().filter(|part| part.is_informative()) {
            if matches!(part.what, What::Function(_)) {
                self.invoke_unknown(part, span);
            } else if part.origins.is_empty() {
                self.escape_parts(part, span, depth);
            } else {
                self.escape(part, span);
            }
        }
    }

    /// Notes that the body of a response is taken. If no field of it is seen to be used, it is passed on
    /// as it is, and nobody can say what of it is used.
    pub(super) fn body_taken(&mut self, response: &Value, span: Span) {
        if self.quiet > 0 || self.frames.is_empty() || self.frame().module.generated {
            return;
        }
        let Some(location) = self.used_at(span, None) else { return };
        for what in response.alternatives() {
            if let What::Response(call) = what {
                self.bodies.insert((*call, location.clone()));
            }
        }
    }

    fn record(
        &mut self,
        kind: AccessKind,
        field: Option<FieldName>,
        owner: Option<Symbol>,
        origins: Origins,
        span: Span,
    ) {
        if self.quiet > 0 || self.frames.is_empty() || self.frame().module.generated {
            return;
        }
        // What a generated client reads and writes itself is no use that somebody makes of it.
        let Some(location) = self.used_at(span, field.as_ref()) else { return };
        self.accesses.insert(Seen { location, kind, field, owner, origins });
    }

    /// A field of a type, with its names on the wire.
    pub(super) fn field_name(&self, ty: &Type, name: &Arc<str>) -> FieldName {
        let declared = self.declared_field(ty, name);
        let wire = declared.map(|field| field.wire.clone()).unwrap_or_default();
        FieldName { source: self.plain_field(ty, name).unwrap_or_else(|| Arc::clone(name)), wire }
    }

    pub(super) fn declared_field(&self, ty: &Type, name: &str) -> Option<&'a FieldDef> {
        self.program.field(ty.symbol()?, name)
    }

    /// Whether a type is an own one that has fields that its library does not know.
    pub(super) fn declares_field(&self, ty: &Type, name: &str) -> bool {
        self.declared_field(ty, name).is_some() || ty.symbol().is_some_and(|symbol| self.program.is_own_type(symbol))
    }

    /// The declared type of a field, with the type's arguments put in.
    pub(super) fn field_type(&self, ty: &Type, name: &str) -> Type {
        if let Type::Map(inner) = ty {
            return (**inner).clone();
        }
        let declared = self.declared_field(ty, name).filter(|field| field.ty != Type::Unknown);
        let (Some(field), Type::Named(symbol, args)) = (declared, ty) else {
            return self.library_field_type(ty, name).unwrap_or_default();
        };
        if args.is_empty() && !self.program.extends_any(symbol) {
            return self.program.expand(&field.ty);
        }
        // Its type may name parameters of the class that declares it.
        let home = self.program.declaring_class(symbol, name);
        let params = self.program.type_params(&home);
        let of_params = Type::Named(home, params.iter().cloned().map(Type::Parameter).collect());
        let seen = self.program.seen_as(ty, &of_params);
        let args = if let Type::Named(_, args) = &*seen { args.as_slice() } else { &[] };
        let types = params.iter().cloned().zip(args.iter().cloned()).collect();
        self.program.expand(&substitute(&field.ty, &types))
    }

    /// Keeps what flows into a field of an own type, for all values of that type.
    pub(super) fn keep(&mut self, ty: &Type, name: &Arc<str>, value: &Value) {
        let Some(symbol) = ty.symbol().filter(|_| self.quiet == 0) else { return };
        if !value.is_informative() {
            if value.what == What::Opaque && !self.is_guess && self.fields.may_be_plain(name) {
                let home = self.program.home_of_field(symbol, name);
                self.fields.blur(home, name);
            }
            return;
        }
        let home = self.program.home_of_field(symbol, name);
        self.learnt += usize::from(self.fields.add(home, name, value));
    }

    /// A field's value, with what is kept of that field where nothing is known of this value.
    pub(super) fn with_kept(&self, ty: &Type, name: &Arc<str>, value: Value) -> Value {
        let declared = self.field_type(ty, name);
        if value.is_informative() {
            return self.as_declared(value, &declared);
        }
        let Some(symbol) = ty.symbol() else { return value };
        match self.fields.get(&self.program.home_of_field(symbol, name), name) {
            Some(kept) => self.as_declared(kept.clone().or_type(&value.ty), &declared),
            None => value.or_type(&declared),
        }
    }

    /// Records what is written into the body of a request, or of an answer.
    pub(super) fn body_written(&mut self, value: &Value, origin: &Origin) {
        self.note_encoded(&value.ty, origin);
        match &value.what {
            What::Record(fields) => {
                let owner = value.ty.symbol().map(|symbol| self.program.canonical(symbol));
                for (name, (span, inner)) in fields.iter().filter(|(name, _)| is_named(name)) {
                    if self.declared_field(&value.ty, name).is_some_and(|field| field.flatten) {
                        self.body_written(inner, origin);
                        continue;
                    }
                    let field = self.wire_field(&value.ty, name);
                    if *span != nowhere() {
                        let origins = Origins::one(origin.clone());
                        self.record(AccessKind::Write, Some(field.clone()), owner.clone(), origins, *span);
                    }
                    if let Some(inside) = inside(origin, Step::Field(field)) {
                        self.body_written(inner, &inside);
                    }
                }
            }
            What::List(element) => {
                if let Some(inside) = inside(origin, Step::Element) {
                    self.body_written(&element.as_ref().clone(), &inside);
                }
            }
            // What wraps a body with its headers: `new HttpEntity<>(body, headers)`.
            What::Object(id) => {
                let wrapped = self.objects.setting(*id, Setting::Body).map(|set| set.value.clone());
                if let Some(wrapped) = wrapped.filter(|wrapped| wrapped.objects().next().is_none()) {
                    self.body_written(&wrapped, origin);
                }
            }
            _ => {}
        }
    }

    /// Runs a function that is given to code that is not known.
    pub(super) fn invoke_unknown(&mut self, value: &Value, span: Span) {
        let own = |callable: &&Callable| match callable {
            Callable::Foreign(_) => false,
            // What is registered as a handler runs with a request (`routes!(find_parcel)`).
            Callable::Func(id, _) => self.routes.given_to(*id).is_none(),
            _ => true,
        };
        let functions: Vec<Callable> = value.functions().filter(own).cloned().collect();
        let site = Site::bare(span);
        for function in functions {
            self.branch(|interp| interp.call_value(&function, &site));
        }
    }
}

/// One step further into a body that is written.
fn inside(origin: &Origin, step: Step) -> Option<Origin> {
    let mut longer = origin.clone();
    match &mut longer {
        Origin::Request(_, steps) | Origin::Handler(_, steps) if steps.len() < MAX_WRITTEN_STEPS => steps.push(step),
        _ => return None,
    }
    Some(longer)
}
