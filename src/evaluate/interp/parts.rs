//! Objects that libraries give, part by part: what a query hook gives of the function it runs.

use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

use super::Interp;
use super::argument::Site;
use super::expr::list_of;
use super::model::Inputs;
use crate::evaluate::library::format::PartModel;
use crate::evaluate::origins::Origins;
use crate::evaluate::value::{Callable, Fields, Value, What};
use crate::model::ir::Type;
use crate::model::source::Span;

impl<'a> Interp<'a> {
    /// The object that a function gives.
    pub(super) fn parts(&mut self, models: &'a BTreeMap<String, PartModel>, inputs: &Inputs<'_, 'a>) -> Value {
        let mut fields = Fields::new();
        for (name, model) in models {
            let part = self.part(model, inputs).bounded();
            fields.insert(Arc::from(name.as_str()), (inputs.site.name_span, part));
        }
        self.run_others(models, inputs);
        Value { ty: Type::Unknown, what: What::Record(Rc::new(fields)), origins: Origins::default() }
    }

    /// Functions among the settings that no part mentions may run, too: `onError`, `refetchInterval`.
    fn run_others(&mut self, models: &BTreeMap<String, PartModel>, inputs: &Inputs<'_, 'a>) {
        let named = |model: &PartModel, name: &str| {
            let keys = model.key.iter().chain(&model.then).chain(&model.told).chain(model.shown.keys());
            keys.into_iter().any(|key| key == name)
        };
        for arg in &inputs.site.args {
            let What::Record(fields) = &arg.value.what else { continue };
            for (name, (span, value)) in fields.iter() {
                if !models.values().any(|model| named(model, name)) {
                    self.invoke_unknown(value, *span);
                }
            }
        }
    }

    fn part(&mut self, model: &'a PartModel, inputs: &Inputs<'_, 'a>) -> Value {
        let found = model.of.iter().map(|port| self.function_at(&inputs.get(port), model.key.as_deref(), inputs));
        let found: Vec<Value> = found.collect();
        let function = found.iter().find(|value| value.functions().next().is_some()).or(found.first());
        let function = function.cloned().unwrap_or_default();
        if !model.call {
            return if model.later.is_empty() { function } else { told(&function, &model.later) };
        }
        let given: Vec<Value> = model.with.iter().map(|source| inputs.source(source).unwrap_or_default()).collect();
        let mut value = self.run_part(&function, &given, inputs);
        let holders = if model.settings.is_empty() { &model.of } else { &model.settings };
        let arguments: Vec<Value> = holders.iter().map(|port| inputs.get(port)).collect();
        // Of a list each page is told, and the whole selected from.
        if let Some(name) = &model.list {
            let page = value.or_type(&inputs.site.type_args.first().cloned().unwrap_or_default());
            self.tell(&model.told, &arguments, &page, inputs);
            let whole = within(name, list_of(vec![page]), inputs.site.name_span);
            self.show(&model.shown, &arguments, &whole, inputs);
            return self.selected(model.then.as_deref(), &arguments, whole, inputs);
        }
        self.show(&model.shown, &arguments, &value, inputs);
        value = self.selected(model.then.as_deref(), &arguments, value, inputs);
        self.tell(&model.told, &arguments, &value, inputs);
        value.or_type(&inputs.site.type_args.first().cloned().unwrap_or_default())
    }

    /// Calls a function, and tells functions among the arguments what it gives.
    pub(super) fn told_call(&mut self, function: &Callable, names: &[Arc<str>], site: &Site<'a>) -> Value {
        let value = self.call_value(function, site);
        for arg in &site.args {
            let What::Record(fields) = &arg.value.what else { continue };
            for (_, listener) in names.iter().filter_map(|name| fields.get(name)) {
                let site = site.with_values(std::slice::from_ref(&value));
                for callable in listener.functions() {
                    self.branch(|interp| interp.call_value(callable, &site));
                }
            }
        }
        value
    }

    /// What a function among the settings makes of a value, if there is one.
    fn selected(&mut self, key: Option<&str>, arguments: &[Value], value: Value, inputs: &Inputs<'_, 'a>) -> Value {
        let mut value = value;
        for argument in arguments.iter().filter(|_| key.is_some()) {
            let select = self.function_at(argument, key, inputs);
            if select.functions().next().is_some() {
                value = self.run_part(&select, std::slice::from_ref(&value), inputs);
            }
        }
        value
    }

    fn tell(&mut self, keys: &[String], arguments: &[Value], value: &Value, inputs: &Inputs<'_, 'a>) {
        for argument in arguments {
            for key in keys {
                let told = self.function_at(argument, Some(key), inputs);
                self.run_part(&told, std::slice::from_ref(value), inputs);
            }
        }
    }

    /// Tells functions an object in which a value stands.
    fn show(
        &mut self,
        shown: &BTreeMap<String, Vec<String>>,
        arguments: &[Value],
        value: &Value,
        inputs: &Inputs<'_, 'a>,
    ) {
        for (key, path) in shown {
            let span = inputs.site.name_span;
            let whole = path.iter().rev().fold(value.clone(), |inner, name| within(name, inner, span));
            self.tell(std::slice::from_ref(key), arguments, &whole, inputs);
        }
    }

    /// The function in a field of an argument, or the argument itself.
    fn function_at(&mut self, argument: &Value, key: Option<&str>, inputs: &Inputs<'_, 'a>) -> Value {
        match key {
            Some(key) if argument.functions().next().is_none() => {
                self.quietly(|interp| interp.member(argument, &Arc::from(key), inputs.site.name_span))
            }
            Some(_) | None => argument.clone(),
        }
    }

    fn run_part(&mut self, function: &Value, given: &[Value], inputs: &Inputs<'_, 'a>) -> Value {
        let callables: Vec<Callable> = function.functions().cloned().collect();
        let site = inputs.site.with_values(given);
        let site = Site { expected: Type::Unknown, type_args: Vec::new(), ..site };
        let run = callables.iter().map(|callable| self.branch(|interp| interp.call_value(callable, &site)));
        run.reduce(Value::join).unwrap_or_default()
    }
}

/// An object with one field.
fn within(name: &str, value: Value, span: Span) -> Value {
    let fields = Fields::from_iter([(Arc::from(name), (span, value.bounded()))]);
    Value { ty: Type::Unknown, what: What::Record(Rc::new(fields)), origins: Origins::default() }
}

/// A function that tells others what it gives.
fn told(function: &Value, names: &[Arc<str>]) -> Value {
    let told = |callable: &Callable| {
        Value::of(What::Function(Rc::new(Callable::Told(Rc::new(callable.clone()), Arc::from(names)))))
    };
    function.functions().map(told).reduce(Value::join).unwrap_or_else(|| function.clone())
}
