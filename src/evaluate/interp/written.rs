//! What calls send as their bodies, as far as it stands in the code.

use std::collections::BTreeSet;
use std::rc::Rc;
use std::sync::Arc;

use super::Interp;
use super::argument::{Site, nowhere};
use crate::evaluate::CONSTRUCTOR;
use crate::evaluate::library::Setting;
use crate::evaluate::origins::Origins;
use crate::evaluate::value::{Fields, ObjectId, Value, What, is_named};
use crate::model::ir::{Expr, ExprKind, Symbol, Type};
use crate::model::source::{Language, Span};
use crate::model::usage::{BodyPart, CallId, Constant, FieldName, PartValue, SentObject, Step};

/// Steps into a body.
const MAX_DEPTH: usize = 8;

/// A value on its way out.
struct Part<'v> {
    call: CallId,
    value: &'v Value,
    steps: Vec<Step>,
    span: Option<Span>,
}

impl<'a> Interp<'a> {
    /// Keeps what a call sends.
    pub(super) fn keep_body(&mut self, call: CallId, value: &Value) {
        if self.quiet == 0 {
            let mut parts = Vec::new();
            self.body_parts(&Part { call, value, steps: Vec::new(), span: None }, &mut parts);
            self.bodies_sent.extend(parts);
        }
    }

    fn body_parts(&self, part: &Part<'_>, parts: &mut Vec<BodyPart>) {
        let Part { call, value, steps, span } = part;
        let mut add = |what| parts.push(BodyPart { call: *call, steps: steps.clone(), span: *span, what });
        match &value.what {
            What::Record(fields) => {
                let mut object = SentObject { set: Vec::new(), declared: Vec::new(), whole: value.origins.is_empty() };
                let mut inner = Vec::new();
                self.object_parts(&value.ty, fields, &mut object, &mut inner);
                object.declared.extend(self.defaulted(&value.ty));
                object.whole &= !self.embeds_more(&value.ty, fields);
                add(PartValue::Object(object));
                for (name, span, value) in inner.into_iter().filter(|_| steps.len() < MAX_DEPTH) {
                    let steps = steps.iter().cloned().chain([Step::Field(name)]).collect();
                    self.body_parts(&Part { call: *call, value: &value, steps, span: Some(span) }, parts);
                }
            }
            What::List(element) if steps.len() < MAX_DEPTH => {
                let steps = steps.iter().cloned().chain([Step::Element]).collect();
                self.body_parts(&Part { call: *call, value: element, steps, span: *span }, parts);
            }
            What::Object(id) => {
                let wrapped = self.objects.setting(*id, Setting::Body).map(|set| set.value.clone());
                if let Some(wrapped) = wrapped.filter(|wrapped| wrapped.objects().next().is_none()) {
                    self.body_parts(&Part { call: *call, value: &wrapped, steps: steps.clone(), span: *span }, parts);
                }
            }
            _ => {
                let constants = constants(value);
                if !constants.is_empty() && span.is_some() {
                    add(PartValue::Scalar(constants));
                }
            }
        }
    }

    /// The fields of an object that code begins to fill: one that came from elsewhere may have more of them.
    pub(super) fn begun(&self, owner: &Value) -> Fields {
        let is_open = owner.what == What::Opaque && self.defaulted(&owner.ty).is_empty();
        is_open.then(more).into_iter().flatten().collect()
    }

    /// Code that is not known is given an object that it may change: it may have more fields from now on.
    pub(super) fn loosen(&mut self, value: &Value, place: Option<&'a Expr>) {
        let (What::Record(fields), Some(place)) = (&value.what, place) else { return };
        if is_variable(place) && self.defaulted(&value.ty).is_empty() {
            let mut fields = (**fields).clone();
            fields.extend(more());
            self.store(place, Value { what: What::Record(Rc::new(fields)), ..value.clone() });
        }
    }

    /// Code reaches into a text that may be an object of its library: a URL whose query it adds to.
    pub(super) fn reach_into(&mut self, value: &Value) {
        for what in value.alternatives() {
            if let What::Text(text) = what
                && !text.template.0.is_empty()
                && !self.reached_into.contains(&text.template)
            {
                self.reached_into.insert(text.template.clone());
            }
        }
    }

    /// Whether the URL of a request is plain text, and nothing that could hold a query.
    pub(super) fn has_plain_url(&self, request: ObjectId) -> bool {
        let url = self.objects.setting(request, Setting::Url);
        url.is_none_or(|set| {
            let is_text = matches!(set.value.ty, Type::Str | Type::Unknown);
            is_text && set.value.texts().iter().all(|text| !self.reached_into.contains(&text.template))
        })
    }

    /// What two or more objects make together: `Object.assign({}, defaults, order)`.
    pub(super) fn merged(&mut self, site: &Site<'a>) -> Value {
        let all = Value::of(What::Tuple(Rc::new(site.args.iter().map(|arg| arg.value.clone()).collect())));
        let mut fields = self.spread_fields(Some((site.span, all)));
        if site.args.iter().any(|arg| arg.spread) {
            fields.extend(more());
        }
        let ty = site.args.first().map(|arg| arg.value.ty.clone()).unwrap_or_default();
        let made = Value { ty, what: What::Record(Rc::new(fields)), origins: Origins::default() };
        if let Some(place) = site.args.first().and_then(|arg| arg.place).filter(|place| is_variable(place)) {
            self.store(place, made.clone());
        }
        made
    }

    /// The fields of a record, and what is in them.
    fn object_parts(
        &self,
        ty: &Type,
        fields: &Fields,
        object: &mut SentObject,
        inner: &mut Vec<(FieldName, Span, Value)>,
    ) {
        for (name, (span, value)) in fields.iter() {
            // What came from elsewhere, names that are computed, and positions of arguments whose names are
            // not known.
            if !is_named(name) || name.starts_with(|c: char| c == '[' || c.is_ascii_digit()) {
                object.whole = false;
                continue;
            }
            match self.declared_field(ty, name) {
                Some(field) if field.skipped => {}
                Some(field) if field.flatten => match &value.what {
                    What::Record(fields) => self.object_parts(&value.ty, fields, object, inner),
                    _ => object.whole = false,
                },
                _ => {
                    let field = self.wire_field(ty, name);
                    if *span == nowhere() {
                        object.declared.push(field);
                    } else {
                        object.set.push((field.clone(), *span));
                        inner.push((field, *span, value.clone()));
                    }
                }
            }
        }
    }

    /// Fields that a value of a type may have although nobody sets them.
    fn defaulted(&self, ty: &Type) -> Vec<FieldName> {
        let Some(symbol) = ty.symbol() else { return Vec::new() };
        let Some((module, _)) = self.program.type_def(symbol) else { return Vec::new() };
        // A literal of an interface has what stands in it.
        let is_literal = module.language.family() == Language::TypeScript && !self.has_constructor(symbol);
        if module.generated || is_literal {
            return Vec::new();
        }
        let declared = self.program.fields(symbol).into_iter().filter(|field| !field.skipped);
        let names: BTreeSet<FieldName> = declared.map(|field| self.wire_field(ty, &field.name)).collect();
        names.into_iter().collect()
    }

    /// Whether fields of another type stand in values of this one, and were not set here.
    fn embeds_more(&self, ty: &Type, fields: &Fields) -> bool {
        let declared = ty.symbol().map(|symbol| self.program.fields(symbol)).unwrap_or_default();
        declared.iter().any(|field| field.flatten && !fields.contains_key(&field.name))
    }

    fn has_constructor(&self, symbol: &Symbol) -> bool {
        self.program.method(symbol, CONSTRUCTOR).is_some()
    }
}

const fn is_variable(place: &Expr) -> bool {
    matches!(place.kind, ExprKind::Local(_))
}

/// The part of a record that stands for entries of which not even the names are known.
pub(super) fn more() -> [(Arc<str>, (Span, Value)); 1] {
    [(Arc::from("[...]"), (nowhere(), Value::unknown()))]
}

/// The values that one may be, if each of them stands in the code.
pub(super) fn constants(value: &Value) -> Vec<Constant> {
    if !value.origins.is_empty() {
        return Vec::new();
    }
    let constant = |what: &What| match what {
        What::Bool(value) => Some(Constant::Bool(*value)),
        What::Int(number) => Some(Constant::Int(*number)),
        What::Thousandths(number) => Some(Constant::Thousandths(*number)),
        What::Text(text) => text.template.as_text().map(|text| Constant::Text(text.into())),
        _ => None,
    };
    value.alternatives().iter().map(constant).collect::<Option<Vec<Constant>>>().unwrap_or_default()
}
