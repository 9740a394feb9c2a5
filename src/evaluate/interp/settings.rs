//! What is set on clients and requests: one by one, by options, and by records.

use std::sync::Arc;

use super::Interp;
use super::expr::concat;
use crate::evaluate::library::format::{OptionsModel, Unit};
use crate::evaluate::library::{FieldModel, Kind, Library, Setting, TypeModel};
use crate::evaluate::value::{Callable, ObjectId, REST, Text, Value, What};
use crate::model::ir::Symbol;
use crate::model::source::Span;
use crate::model::usage::{Constant, Part, Template};

impl Interp<'_> {
    /// Takes over the settings of an option, or of each of a list of options.
    pub(super) fn take_option(&mut self, id: ObjectId, option: &Value) {
        for parent in option.objects() {
            self.objects.add_parent(id, parent);
        }
        for what in option.alternatives() {
            match what {
                What::List(element) => self.take_option(id, element),
                // An option of code that is not known may do anything.
                What::Opaque | What::Function(_) => self.set_opaque(id),
                _ => {}
            }
        }
    }

    /// Takes over what a plain record sets that a library reads as one of its types.
    pub(super) fn take_record(&mut self, id: ObjectId, ty: &str, given: &Value) {
        let libraries = self.libraries;
        let Some((library, model)) = libraries.type_model(ty) else { return };
        for parent in given.objects() {
            self.objects.add_parent(id, parent);
        }
        for what in given.alternatives() {
            match what {
                What::Record(fields) => {
                    for (name, (place, value)) in fields.iter() {
                        match &**name {
                            REST if value.is_informative() => self.take_record(id, ty, value),
                            REST => self.set_opaque(id),
                            name => self.set_object_field(id, library, model, name, value.clone(), *place),
                        }
                    }
                }
                What::Opaque => self.set_opaque(id),
                _ => {}
            }
        }
    }

    pub(super) fn set_opaque(&mut self, id: ObjectId) {
        self.objects.set(id, Setting::Opaque, Value::of(What::Bool(true)), &self.branches);
    }

    pub(super) fn set_header(&mut self, id: ObjectId, name: &Value, value: &Value, span: Span) {
        let name = match constant_header(name) {
            Some(name) => Some(name),
            None => name.as_fixed_text().map(str::to_ascii_lowercase),
        };
        for text in value.texts() {
            self.objects.add_header(id, name.clone(), text.template, span, &self.branches);
        }
    }

    /// Sets a setting of an object; some of them are headers.
    pub(super) fn set_object(&mut self, id: ObjectId, library: &Library, setting: Setting, value: Value, span: Span) {
        let (setting, value) =
            if setting == Setting::Host { (Setting::Base, at_host(value)) } else { (setting, value) };
        // `url { parameters.append("a", "b") }`: a block that builds is no address.
        if matches!(setting, Setting::Url | Setting::Base) && matches!(value.what, What::Function(_)) {
            return;
        }
        // What a library brings along itself adds nothing: `&http.Client{Transport: &http.Transport{..}}`.
        let is_known = |symbol: &Symbol| self.libraries.type_model(symbol.as_str()).is_some();
        if setting == Setting::Opaque && value.ty.peeled().symbol().is_some_and(is_known) {
            return;
        }
        // Overloads: `exchange(request, Page.class)` beside `exchange(url, method, ..)`.
        let is_other = |name: &Symbol| !is_method_name(name.name()) && !name.name().ends_with("Method");
        let named = value.as_name().or_else(|| value.ty.symbol().filter(|_| value.what == What::Opaque));
        if setting == Setting::Method && named.is_some_and(is_other) {
            return;
        }
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
        let shared = matches!(
            setting,
            // What stands in the place of a URL may be a whole request, and options in that of an address.
            Setting::Headers
                | Setting::Policy
                | Setting::Context
                | Setting::Timeout
                | Setting::Attempts
                | Setting::Repetitions
                | Setting::Url
                | Setting::Base
        );
        // Headers in the place of a body: `new HttpEntity<>(headers)` beside `new HttpEntity<>(body, headers)`.
        let is_headers = |id: ObjectId| self.objects.get(id).kind == Kind::Headers;
        let no_body = setting == Setting::Body && value.objects().any(is_headers);
        if (shared && value.objects().next().is_some()) || no_body {
            let parents: Vec<ObjectId> = value.objects().collect();
            parents.into_iter().for_each(|parent| self.objects.add_parent(id, parent));
            return;
        }
        let value = match setting {
            Setting::Headers => return self.headers_of(id, &value, span),
            Setting::Query => {
                self.query_of(id, &value);
                value
            }
            Setting::Timeout | Setting::Elapsed => in_unit(value, self.libraries.time_unit(library)),
            _ => value,
        };
        self.objects.set(id, setting, value, &self.branches);
    }

    /// Headers that are given as a record, a map, or a list of pairs.
    fn headers_of(&mut self, id: ObjectId, value: &Value, span: Span) {
        for (name, value, place) in entries(value, span) {
            let name = name.map(|name| name.to_ascii_lowercase());
            for text in one_of(&value).texts() {
                self.objects.add_header(id, name.clone(), text.template, place, &self.branches);
            }
        }
    }

    /// Query parameters that are given in the same way.
    fn query_of(&mut self, id: ObjectId, value: &Value) {
        let wire = |name: &str| {
            let declared = value.ty.symbol().and_then(|owner| self.program.field(owner, name))?;
            declared.wire.first().map(|wire| wire.name.to_string())
        };
        let named: Vec<(Option<String>, Value)> = entries(value, super::argument::nowhere())
            .into_iter()
            .map(|(name, value, _)| (name.map(|name| wire(&name).unwrap_or_else(|| name.to_string())), value))
            .collect();
        for (name, value) in named {
            self.query_asked(id, name.as_deref(), &value);
            for value in parameter_values(&value) {
                self.objects.add_query(id, name.clone(), value);
            }
        }
    }

    /// Sets a field of an object in its literal or afterwards.
    pub(super) fn set_object_field(
        &mut self,
        id: ObjectId,
        library: &Library,
        model: &TypeModel,
        name: &str,
        value: Value,
        span: Span,
    ) {
        match model.fields.get(name) {
            Some(FieldModel::Set(setting)) => self.set_object(id, library, *setting, value, span),
            Some(FieldModel::View(_)) => self.set_object(id, library, Setting::Headers, value, span),
            Some(FieldModel::Options(OptionsModel { plain: Some(setting), .. }))
                if matches!(value.what, What::Int(_)) =>
            {
                self.set_object(id, library, *setting, value, span);
            }
            Some(FieldModel::Options(options)) => self.take_record(id, &options.ty, &value),
            Some(_) | None => {}
        }
    }
}

/// Names and values of a record, or of a list of pairs; a name that is not known is none.
fn entries(value: &Value, span: Span) -> Vec<(Option<Arc<str>>, Value, Span)> {
    let pair = |value: &Value| match &value.what {
        What::Tuple(items) => match items.as_slice() {
            [name, value] => Some((name.as_fixed_text().map(Arc::from), value.clone(), span)),
            _ => None,
        },
        _ => None,
    };
    let mut all = Vec::new();
    for what in value.alternatives() {
        match what {
            What::Record(fields) => all.extend(fields.iter().map(|(name, (place, value))| match &**name {
                name if name == REST || name.starts_with('[') => (None, Value::unknown(), *place),
                _ => (Some(Arc::clone(name)), value.clone(), *place),
            })),
            // Pairs, or one of them alone.
            What::Tuple(items) if items.first().is_some_and(|first| first.as_fixed_text().is_some()) => {
                all.extend(pair(value));
            }
            What::Tuple(items) => all.extend(items.iter().filter_map(pair)),
            What::List(element) => all.push(pair(element).unwrap_or((None, Value::unknown(), span))),
            What::Null | What::Function(_) => {}
            _ => all.push((None, Value::unknown(), span)),
        }
    }
    all
}

/// What a parameter may be set to, as it is written in a URL; nothing for what is left out.
pub(super) fn parameter_values(value: &Value) -> Vec<Template> {
    let value = one_of(value);
    let constants = super::written::constants(&value);
    if value.what == What::Null {
        return Vec::new();
    }
    let written = constants.iter().map(|constant| match constant {
        Constant::Text(text) => Template::text(text),
        other => Template::text(&other.to_string()),
    });
    if constants.is_empty() { value.texts().into_iter().map(|text| text.template).collect() } else { written.collect() }
}

/// The entries of an object as the query of a URL.
pub(super) fn as_query(value: &Value) -> Value {
    let mut query = Template::default();
    for (name, value, _) in entries(value, super::argument::nowhere()) {
        let first = parameter_values(&value).into_iter().next().unwrap_or_else(Template::hole);
        if !query.0.is_empty() {
            query.append(&Template::text("&"));
        }
        match name {
            Some(name) => query.append(&Template::text(&format!("{name}="))),
            None => query = Template::hole(),
        }
        query.append(&first);
    }
    let template = if query.0.is_empty() { Template::hole() } else { query };
    Value::text(Text { template, written: None })
}

/// A header or parameter may have several values.
fn one_of(value: &Value) -> Value {
    if matches!(value.what, What::List(_)) { value.element() } else { value.clone() }
}

/// A plain number as the duration that a library takes it for.
fn in_unit(value: Value, unit: Option<Unit>) -> Value {
    match (unit, &value.what) {
        (Some(_), What::Int(0)) | (None, _) => value,
        (Some(unit), What::Int(_) | What::Thousandths(_)) => super::model::scaled(&value, unit),
        _ => value,
    }
}

/// Header names are often constants of a library: `reqwest::header::USER_AGENT`.
fn constant_header(name: &Value) -> Option<String> {
    let What::Function(callable) = &name.what else { return None };
    let Callable::Foreign(symbol) = &**callable else { return None };
    let name = symbol.name();
    // Constants in capitals that a descriptor does not list are spelled like the header.
    let spelled = name.chars().all(|letter| letter.is_ascii_uppercase() || letter.is_ascii_digit() || letter == '_');
    spelled.then(|| name.to_ascii_lowercase().replace('_', "-"))
}

/// Whether a name is one of a method of HTTP (RFC 9110, RFC 5789).
fn is_method_name(name: &str) -> bool {
    const METHODS: [&str; 9] = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE", "CONNECT"];
    METHODS.iter().any(|method| method.eq_ignore_ascii_case(name))
}

/// The base URL of a host.
fn at_host(host: Value) -> Value {
    let has_scheme = |text: &Text| matches!(text.template.0.first(), Some(Part::Text(text)) if text.contains("://"));
    let texts = host.texts();
    if texts.is_empty() || texts.iter().any(has_scheme) {
        return host;
    }
    let scheme = Value::text(Text { template: Template::text("http://"), written: None });
    concat(&[scheme, host])
}
