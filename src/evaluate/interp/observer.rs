//! Objects that are told of results: callbacks, observers and subscribers with a method for each outcome.

use std::sync::Arc;

use super::Interp;
use super::argument::Site;
use crate::evaluate::value::{Value, What};
use crate::model::ir::Type;

impl<'a> Interp<'a> {
    /// Calls the first of these methods that an object has, with what it is told; none if it has none.
    pub(super) fn tell_observer(
        &mut self,
        observer: &Value,
        methods: &[Arc<str>],
        told: &[Value],
        site: &Site<'a>,
    ) -> Option<Value> {
        let method = methods.iter().find(|method| self.has_method(observer, method))?;
        let told: Vec<Value> = told.iter().map(|value| self.handed_on(value)).collect();
        Some(self.branch(|interp| interp.method_call(observer, None, method, &site.with_values(&told))))
    }

    fn has_method(&self, value: &Value, name: &str) -> bool {
        let in_field = matches!(&value.what, What::Record(fields)
            if fields.get(name).is_some_and(|(_, field)| field.functions().next().is_some()));
        in_field
            || value.ty.symbol().is_some_and(|owner| {
                self.program.method(owner, name).is_some_and(|id| self.program.func(id).body.is_some())
            })
    }

    /// A wrapper around a result is handed on as another one (`Call<T>` as `Response<T>`): its type is what
    /// the method that takes it declares.
    fn handed_on(&self, value: &Value) -> Value {
        let is_wrapper = value.ty.symbol().is_some_and(|symbol| self.libraries.wrapper(symbol.as_str()).is_some());
        if is_wrapper { Value { ty: Type::Unknown, ..value.clone() } } else { value.clone() }
    }
}
