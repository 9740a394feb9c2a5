//! Text that functions of libraries put together: formats, paths, queries.

use super::Interp;
use super::model::Inputs;
use crate::evaluate::library::format::{Port, TextModel};
use crate::evaluate::value::{Text, Value};
use crate::model::ir::Type;

impl<'a> Interp<'a> {
    pub(super) fn make_text(&mut self, model: &'a TextModel, inputs: &Inputs<'_, 'a>) -> Value {
        match model {
            TextModel::Env(port) => match inputs.get(port).as_fixed_text() {
                Some(name) => Value::text(Text::env(name)),
                None => Value::typed(Type::Str),
            },
            TextModel::EnvBelow { prefix, name } => match inputs.get(name).as_fixed_text() {
                Some(name) => Value::text(Text::env(&format!("{prefix}{name}"))),
                None => Value::typed(Type::Str),
            },
            TextModel::Format(port) => {
                let Port::Argument(at) = port else { return Value::typed(Type::Str) };
                let format = inputs.get(port);
                let args: Vec<Value> = inputs.site.from(at + 1).map(|arg| arg.value.clone()).collect();
                for arg in inputs.site.from(at + 1) {
                    self.escape(&arg.value, arg.span(inputs.site.span));
                }
                super::printf::format(&format, &args)
            }
            TextModel::Braces(port) => {
                let from = if let Port::Argument(at) = port { at + 1 } else { 0 };
                super::printf::braces(&inputs.get(port), |name| {
                    let given = match name.parse::<usize>() {
                        Ok(at) => inputs.site.positional(from + at),
                        Err(_) => inputs.site.named(name),
                    };
                    given.filter(|given| !given.spread).map(|given| given.value.clone())
                })
            }
            TextModel::Join { of, with, rest } => {
                let mut parts: Vec<Value> = of.iter().map(|port| inputs.get(port)).collect();
                if *rest {
                    parts.extend(inputs.site.from(of.len()).map(|arg| arg.value.clone()));
                }
                super::printf::join(&parts, with)
            }
            TextModel::Query(port) => super::settings::as_query(&inputs.get(port)),
            TextModel::Path(port) => super::printf::path_of(&inputs.get(port)),
            TextModel::From { of, mark } => super::printf::from_mark(&inputs.get(of), mark),
            // `new URL(address)`
            TextModel::Resolve { base: base @ Port::Argument(_), reference } if inputs.given(base).is_none() => {
                inputs.get(reference)
            }
            TextModel::Resolve { base, reference } => super::printf::resolve(&inputs.get(base), &inputs.get(reference)),
        }
    }
}
