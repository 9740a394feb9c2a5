//! Calls of generated clients whose runtime does what cannot be followed, such as reflection: what an operation
//! takes and gives is declared.

use std::rc::Rc;

use super::{Interp, Outcome};
use crate::evaluate::origins::Origins;
use crate::evaluate::program::FuncId;
use crate::evaluate::value::{Value, What};
use crate::model::ir::{Type, TypeKind};
use crate::model::usage::{CallId, Origin, Target};

/// Calls that one function of a client may make in the place of one: with each of its servers.
const MAX_WAYS: usize = 16;

/// What a function of a generated client is given.
#[derive(Default)]
pub(super) struct Given {
    /// What it is a method of: a client, or a request under construction, be it named like the message it holds.
    pub(super) on: Option<Value>,
    /// Its arguments.
    pub(super) args: Vec<Value>,
}

impl Interp<'_> {
    /// Code by hand has called a function of a generated client that sends one request: where nothing else is
    /// known, it gives the body of the response, and sends the message that it was given.
    pub(super) fn client_called(&mut self, id: FuncId, given: &Given, outcome: &mut Outcome) {
        if !self.program.module_of(id).generated_client || !self.frame().module.is_by_hand() {
            return;
        }
        let Some(calls) = self.one_operation(outcome) else { return };
        let ret = self.program.expand(&self.program.func(id).ret);
        // Go: `*Animal, *http.Response, error`.
        let message = match ret.peeled() {
            Type::Tuple(types) => types.first().cloned().unwrap_or_default(),
            single => single.clone(),
        };
        if self.is_client_message(&message) {
            let origins: Origins = calls.iter().map(|call| Origin::Response(*call, Vec::new())).collect();
            let body = Value { ty: message.peeled().clone(), what: What::Opaque, origins };
            let is_new = says_nothing(&outcome.value);
            match &mut outcome.value.what {
                What::Tuple(items) => {
                    if let Some(first) = Rc::make_mut(items).first_mut().filter(|first| says_nothing(first)) {
                        *first = body;
                    }
                }
                _ if is_new => outcome.value = Value { ty: ret.peeled().clone(), ..body },
                _ => {}
            }
        }
        let held = given.on.iter().flat_map(|builder| self.messages_held(builder));
        let messages: Vec<Value> = held.chain(given.args.iter().flat_map(|value| self.messages_in(value))).collect();
        for message in messages {
            for call in &calls {
                self.body_written(&message, &Origin::Request(*call, Vec::new()));
                self.keep_body(*call, &message);
            }
        }
    }

    /// Arguments of a function of a generated client: a parameter that has a default and is given nothing is
    /// nothing, so that its message is not taken for one with that field.
    pub(super) fn left_out(&self, id: FuncId, args: &mut [Value], sources: &[Option<usize>]) {
        if !self.program.module_of(id).generated_client || !self.frame().module.is_by_hand() {
            return;
        }
        for ((param, arg), source) in self.program.func(id).params.iter().zip(args).zip(sources) {
            if source.is_none() && param.default.is_some() && !arg.is_informative() {
                arg.what = What::Null;
            }
        }
    }

    /// The messages that an argument is, or that a request under construction holds.
    fn messages_in(&self, value: &Value) -> Vec<Value> {
        if self.is_sent_message(value) { vec![value.clone()] } else { self.messages_held(value) }
    }

    /// The messages that are fields of a value.
    fn messages_held(&self, value: &Value) -> Vec<Value> {
        match &value.what {
            What::Record(fields) => {
                let held = fields.values().map(|(_, held)| held);
                held.filter(|held| self.is_sent_message(held)).cloned().collect()
            }
            _ => Vec::new(),
        }
    }

    /// Whether a value is a message that was made here, as a contract names it.
    fn is_sent_message(&self, value: &Value) -> bool {
        matches!(value.what, What::Record(_))
            && value.ty.symbol().is_some_and(|symbol| self.reach.is_message(symbol.name()))
            && self.is_client_message(&value.ty)
    }

    /// The calls of a function that sends one request, in all ways that it may be sent.
    fn one_operation(&self, outcome: &Outcome) -> Option<Vec<CallId>> {
        let method = |call: &CallId| match self.requests.get(call.0 as usize).map(|sent| &sent.target) {
            Some(Target::Http { method, .. }) => method.clone(),
            _ => None,
        };
        let first = method(outcome.calls.first()?)?;
        let is_one =
            outcome.calls.len() <= MAX_WAYS && outcome.calls.iter().all(|call| method(call).as_ref() == Some(&first));
        is_one.then(|| outcome.calls.iter().copied().collect())
    }

    /// Whether a type is a message that a client declares, or a list of them.
    fn is_client_message(&self, ty: &Type) -> bool {
        match ty.peeled() {
            Type::List(inner) => self.is_client_message(inner),
            Type::Named(symbol, args) if args.is_empty() => {
                let declared = self.program.type_def(&self.program.canonical(symbol));
                declared.is_some_and(|(module, ty)| {
                    module.generated_client && ty.kind == TypeKind::Struct && !ty.fields.is_empty()
                })
            }
            _ => false,
        }
    }
}

/// Whether nothing is known of a value but its type.
fn says_nothing(value: &Value) -> bool {
    match &value.what {
        What::List(element) => value.origins.is_empty() && says_nothing(element),
        _ => !value.is_informative(),
    }
}
