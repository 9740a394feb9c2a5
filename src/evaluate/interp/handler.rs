//! Runs the functions that answer requests, as their servers would.

use std::sync::Arc;

use super::Interp;
use super::argument::Site;
use super::scope::{Env, Frame};
use crate::evaluate::library::format::GivenPart;
use crate::evaluate::origins::Origins;
use crate::evaluate::program::FuncId;
use crate::evaluate::value::{Callable, Value, What};
use crate::model::ir::{Codec, Param, Pattern, Symbol, Type, WireName};
use crate::model::source::{Language, Span};
use crate::model::usage::{Answer, Data, FieldName, Given, Origin, RequestPart, Step};

/// Levels of an answer that are looked at.
const MAX_ANSWER_DEPTH: usize = 6;

impl<'a> Interp<'a> {
    /// Runs a handler: what it is given holds the data of its own request, what it gives is answered.
    pub(super) fn run_handler(&mut self, callable: &Callable, name: &Symbol, types: &[String], site: Span) {
        let params: &'a [Param] = match callable {
            Callable::Func(id, _) => &self.program.func(*id).params,
            Callable::Closure { span, .. } => match self.lambdas.get(span) {
                Some((lambda, _)) => &lambda.params,
                None => return,
            },
            Callable::Foreign(_) | Callable::Method(..) | Callable::Setter(..) | Callable::Told(..) => return,
        };
        // What a handler in Python is given besides is a part of the path.
        let language = match callable {
            Callable::Func(id, _) => Some(self.program.module_of(*id).language),
            _ => self.frames.last().map(|frame| frame.module.language),
        };
        let untyped = language == Some(Language::Python);
        let given: Vec<Value> =
            params.iter().enumerate().map(|(at, param)| self.given(param, types.get(at), name, untyped)).collect();
        self.handling.push(name.clone());
        let (value, calls) = self.collecting(|interp| {
            interp.branch(|interp| interp.call_value(callable, &Site::bare(site).with_values(&given)))
        });
        self.routes.calls(name, calls);
        self.handling.pop();
        let handlers = std::slice::from_ref(name);
        match callable {
            Callable::Func(id, _) => {
                let id = *id;
                let (declared, says) = self.data_declared(&self.program.func(id).ret);
                if declared.has_fields() {
                    self.routes.declares(name, declared, says);
                }
                self.inside(id, |interp| interp.answered(handlers, &value, interp.program.func(id).name_span));
            }
            _ => self.answered(handlers, &value, site),
        }
    }

    /// Runs `act` as code of a function.
    pub(super) fn inside<T>(&mut self, id: FuncId, act: impl FnOnce(&mut Self) -> T) -> T {
        let (module, func) = (self.program.module_of(id), self.program.func(id));
        self.frames.push(Frame {
            func: Some(id),
            module,
            symbol: func.symbol.clone(),
            test: module.test || func.test,
            span: func.span,
            site: func.name_span,
            env: Env::new(),
            types: std::collections::BTreeMap::new(),
            expected: Type::Unknown,
            returns: None,
            yields: None,
            loops: Vec::new(),
            bound: 0,
            dead: false,
        });
        let result = act(self);
        self.frames.pop();
        result
    }

    /// What a handler is given for a parameter.
    fn given(&mut self, param: &Param, fallback: Option<&String>, handler: &Symbol, untyped: bool) -> Value {
        let declared = self.program.expand(&param.ty);
        let ty = match (&declared, fallback) {
            (Type::Unknown | Type::Dynamic, Some(name)) => Type::Named(Symbol::new(name), Vec::new()),
            _ => declared,
        };
        let annotated = param.annotations.iter().find_map(|annotation| {
            let name = self.program.annotation(annotation);
            Some((self.libraries.given_parameter(name.as_str())?, annotation.args.first()))
        });
        let model = ty.symbol().and_then(|symbol| self.libraries.given(symbol.as_str()));
        let inner = self.unwrapped(&ty);
        let part = match (annotated, model) {
            (Some((part, _)), _) => part,
            (None, Some(model)) => model.is,
            (None, None) if self.is_plain_data(&inner) => GivenPart::Body,
            (None, None) => GivenPart::Nothing,
        };
        let named = annotated.and_then(|(_, arg)| arg).and_then(|arg| match &arg.value.kind {
            crate::model::ir::ExprKind::Literal(crate::model::ir::Literal::Str(text)) => Some(text.to_string()),
            _ => None,
        });
        if let Some(part) = request_part(part) {
            let name = named.clone().or_else(|| match &param.pattern {
                Pattern::Bind(name, ..) if part != RequestPart::Body => Some(name.to_string()),
                _ => None,
            });
            self.routes.wants(handler, Given { part, name, ty: inner.clone() });
        }
        let is_plain = annotated.is_none() && model.is_none() && param.annotations.is_empty() && fallback.is_none();
        let asked = match part {
            GivenPart::Path | GivenPart::Query => self.asked_parameter(param, &inner, named.as_deref(), handler),
            GivenPart::Nothing if is_plain => self.asked_plain(param, &inner, untyped, handler),
            _ => None,
        };
        if let Some(asked) = asked {
            return asked;
        }
        let mut value = Value::typed(inner);
        if matches!(part, GivenPart::Body | GivenPart::Request | GivenPart::Response) {
            value.origins = Origins::one(Origin::Handler(handler.clone(), Vec::new()));
        }
        if part == GivenPart::Body {
            self.note_decoded(&value.ty.clone(), &value.origins.clone());
        }
        value
    }

    /// Whether a type only holds data: it has fields, and no methods of its own that do anything.
    fn is_plain_data(&self, ty: &Type) -> bool {
        let item = match ty.peeled() {
            Type::List(item) => item.peeled(),
            other => other,
        };
        let Some(symbol) = item.symbol() else { return false };
        let Some((_, declared)) = self.program.type_def(symbol) else { return false };
        !declared.fields.is_empty() && !self.program.has_behaviour(&declared.symbol)
    }

    /// A field of what a handler is given: its body, or something else of the request.
    pub(super) fn given_member(&self, base: &Value, name: &str) -> Option<Value> {
        let model = self.libraries.given(base.ty.symbol()?.as_str())?;
        if !base.origins.iter().any(|origin| matches!(origin, Origin::Handler(..))) {
            return None;
        }
        Some(match model.fields.get(name) {
            Some(GivenPart::Body) => Value { ty: Type::Dynamic, what: What::Opaque, origins: base.origins.clone() },
            Some(GivenPart::Request | GivenPart::Response) => base.clone(),
            Some(GivenPart::Path | GivenPart::Query) => {
                Self::asked(Self::handlers_of([base]).first()?, "", Type::Dynamic)
            }
            _ => Value::unknown(),
        })
    }

    /// A field of what a handler is given is set: false if that is no concern of the library's.
    pub(super) fn given_set(&mut self, owner: &Value, name: &str, value: &Value, span: Span) -> bool {
        let model = owner.ty.symbol().and_then(|symbol| self.libraries.given(symbol.as_str()));
        let Some(model) = model else { return false };
        if model.answers.iter().any(|field| field == name) {
            self.answered(&Self::handlers_of([owner]), value, span);
        }
        true
    }

    /// A variable of the library that holds the request while a handler runs.
    pub(super) fn given_global(&self, symbol: &Symbol) -> Option<Value> {
        let Some(ty) = self.libraries.given_global(symbol.as_str()) else {
            let request = Symbol::new(symbol.parent());
            self.libraries.given_global(request.as_str())?;
            return self.given_member(&self.given_global(&request)?, symbol.name());
        };
        let origins = self.handling.last().map(|handler| Origin::Handler(handler.clone(), Vec::new()));
        let ty = Type::Named(Symbol::new(ty), Vec::new());
        Some(Value { ty, what: What::Opaque, origins: origins.into_iter().collect() })
    }

    /// The body of the request that the running handler answers, as the type that is asked for.
    pub(super) fn received(&mut self, site: &Site<'a>) -> Value {
        let ty = site.type_args.first().unwrap_or(&site.expected).clone();
        let ty = if matches!(ty, Type::Unknown) { Type::Dynamic } else { self.program.expand(&ty) };
        let origins = self.handling.last().map(|handler| Origin::Handler(handler.clone(), Vec::new()));
        let origins: Origins = origins.into_iter().collect();
        self.note_decoded(&ty, &origins);
        Value { ty, what: What::Opaque, origins }
    }

    /// Notes of handlers whose bodies are taken apart into a type what these look like.
    pub(super) fn note_taken(&mut self, ty: &Type, origins: &[Origin]) {
        let handlers = origins.iter().filter_map(|origin| match origin {
            Origin::Handler(handler, steps) if steps.is_empty() => Some(handler),
            _ => None,
        });
        for handler in handlers {
            let data = self.data_of_type(ty);
            if data.has_fields() {
                self.routes.takes(handler, data);
            }
        }
    }

    /// What a body that a handler answers looks like, where that says anything.
    fn gives(&mut self, handler: &Symbol, data: Data) {
        if data.has_fields() {
            self.routes.gives(handler, data);
        }
    }

    /// Handlers that a value was given to.
    pub(super) fn handlers_of<'v>(values: impl IntoIterator<Item = &'v Value>) -> Vec<Symbol> {
        let origins = values.into_iter().flat_map(|value| &value.origins);
        let mut handlers: Vec<Symbol> = origins
            .filter_map(|origin| match origin {
                Origin::Handler(handler, steps) if steps.is_empty() => Some(handler.clone()),
                _ => None,
            })
            .collect();
        handlers.sort();
        handlers.dedup();
        handlers
    }

    /// Handlers answer a value: what it is made of is written, what it was is passed on.
    pub(super) fn answered(&mut self, handlers: &[Symbol], value: &Value, span: Span) {
        if self.quiet > 0 || handlers.is_empty() || self.frame().module.generated {
            return;
        }
        let bodies: Vec<Value> = match &value.what {
            // Status, headers and body.
            What::Tuple(parts) => parts.to_vec(),
            _ => vec![value.clone()],
        };
        for body in bodies {
            let data = self.data_of(&body);
            for handler in handlers {
                self.gives(handler, data.clone());
                self.body_written(&body, &Origin::Handler(handler.clone(), Vec::new()));
                let mut answers = Vec::new();
                self.parts_answered(&body, &[], span, MAX_ANSWER_DEPTH, &mut answers);
                answers.into_iter().for_each(|answer| self.routes.answers(handler, answer));
            }
            if !matches!(body.what, What::Function(_) | What::Object(_)) {
                self.escape(&body, span);
            }
        }
    }

    /// Where the parts of an answer came from.
    fn parts_answered(&self, value: &Value, steps: &[Step], span: Span, depth: usize, answers: &mut Vec<Answer>) {
        let Some(depth) = depth.checked_sub(1) else { return };
        let origins = value.origins.with(value.responses());
        if !origins.are_unknown() {
            let held = if origins.are_clean() { Vec::new() } else { origins.to_vec() };
            answers.push(Answer { steps: steps.to_vec(), origins: held, derived: origins.derived().to_vec(), span });
        }
        let with = |step: Step| steps.iter().cloned().chain([step]).collect::<Vec<Step>>();
        match &value.what {
            What::Record(fields) => {
                for (name, (place, inner)) in fields.iter() {
                    let step = Step::Field(self.wire_field(&value.ty, name));
                    self.parts_answered(inner, &with(step), *place, depth, answers);
                }
            }
            What::List(element) => self.parts_answered(element, &with(Step::Element), span, depth, answers),
            _ => {}
        }
    }

    /// A field of something that is sent, with its names on the wire.
    pub(super) fn wire_field(&self, ty: &Type, name: &Arc<str>) -> FieldName {
        match ty {
            Type::Named(..) => self.field_name(ty, name),
            _ => FieldName {
                source: Arc::clone(name),
                wire: vec![WireName { codec: Codec::Json, name: Arc::clone(name) }],
            },
        }
    }
}

/// The part of the request that has data of its own.
const fn request_part(part: GivenPart) -> Option<RequestPart> {
    match part {
        GivenPart::Body => Some(RequestPart::Body),
        GivenPart::Path => Some(RequestPart::Path),
        GivenPart::Query => Some(RequestPart::Query),
        GivenPart::Header => Some(RequestPart::Header),
        GivenPart::Request | GivenPart::Response | GivenPart::Nothing => None,
    }
}
