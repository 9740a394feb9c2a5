//! Types that code is used as, where it does not say so itself: literals and closures among arguments.

use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

use super::Interp;
use super::argument::{Hint, Site, nowhere, param_name};
use super::dispatch::field_function;
use crate::evaluate::CONSTRUCTOR;
use crate::evaluate::library::FunctionModel;
use crate::evaluate::library::format::{DescribedModel, Port};
use crate::evaluate::program::FuncId;
use crate::evaluate::types::substitute;
use crate::evaluate::value::{Callable, Value, What};
use crate::model::ir::{Arg, Param, Symbol, Type};
use crate::model::source::Span;
use crate::model::usage::AccessKind;

/// Levels of records that become messages.
const MAX_ADOPTED: usize = 4;

impl<'a> Interp<'a> {
    /// Declared parameters of a function: what untyped literals among the arguments become.
    pub(super) fn function_hints(&mut self, symbol: &Symbol, args: &'a [Arg], site: &Site<'a>) -> Vec<Hint> {
        if matches!(symbol.as_str(), "Ok" | "Some") {
            return vec![Hint { name: None, ty: site.expected.peeled().clone() }];
        }
        if let Some(id) = self.program.function(symbol) {
            return self.hints_of(id, &site.type_args);
        }
        if self.program.type_def(symbol).is_none() {
            let model = self.library_function(symbol).map(|(_, model)| model);
            return match model {
                Some(model) => self.library_hints(model, None, args, &site.type_args),
                None => self.global_hints(symbol),
            };
        }
        match self.program.method(symbol, CONSTRUCTOR) {
            Some(id) => self.hints_of(id, &site.type_args),
            None => {
                let fields = self.program.fields(symbol).into_iter();
                let hint = |name: &Arc<str>, ty| Hint { name: Some(Arc::clone(name)), ty: self.program.expand(ty) };
                fields.map(|field| hint(&field.name, &field.ty)).collect()
            }
        }
    }

    /// The same of a method.
    pub(super) fn method_hints(
        &mut self,
        receiver: &Value,
        name: &str,
        args: &'a [Arg],
        type_args: &[Type],
    ) -> Vec<Hint> {
        let Some(owner) = receiver.ty.symbol().or_else(|| receiver.as_name()) else {
            // An object that is put together: `saving.mutate({ .. })`.
            return field_function(receiver, name).map(|function| self.value_hints(&function)).unwrap_or_default();
        };
        if let Some(id) = self.program.method(owner, name).or_else(|| self.program.function(&owner.join(name))) {
            return self.hints_of(id, type_args);
        }
        let model = self.library_function(&owner.join(name)).map(|(_, model)| model);
        if let Some(model) = model {
            return self.library_hints(model, Some(receiver), args, type_args);
        }
        if let Some(id) = self.declared_stub_method(receiver, owner, name) {
            return self.hints_of(id, &[]);
        }
        // A field that holds a function: `props.onSave({ .. })`.
        match self.field_type(&receiver.ty, name) {
            Type::Function(params, _) => params.into_iter().map(|ty| self.unnamed(&ty)).collect(),
            _ => Vec::new(),
        }
    }

    /// The same of a function as a value.
    pub(super) fn value_hints(&self, function: &Value) -> Vec<Hint> {
        if let Type::Function(params, _) = self.program.expand(&function.ty) {
            return params.iter().map(|ty| self.unnamed(ty)).collect();
        }
        let Some(callable) = function.functions().next() else { return Vec::new() };
        match callable {
            Callable::Func(id, _) => self.hints_of(*id, &[]),
            Callable::Closure { span, .. } => {
                let mut hints = self.lambdas.get(span).map(|(it, _)| self.hints_for(&it.params)).unwrap_or_default();
                // What it is used as may say more than it does itself.
                hints.iter_mut().enumerate().for_each(|(at, hint)| hint.ty = self.lambda_param(*span, at, &hint.ty));
                hints
            }
            Callable::Setter(cell, None) => vec![self.unnamed(&self.cell_type(*cell))],
            Callable::Method(..) => self.described_hints(function),
            Callable::Told(inner, _) => self.value_hints(&Value::of(What::Function(Rc::clone(inner)))),
            _ => Vec::new(),
        }
    }

    fn global_hints(&mut self, symbol: &Symbol) -> Vec<Hint> {
        match self.program.global(symbol) {
            Some((_, global)) => {
                let function = self.global(&global.symbol);
                self.value_hints(&function)
            }
            None => Vec::new(),
        }
    }

    pub(super) fn hints_of(&self, id: FuncId, type_args: &[Type]) -> Vec<Hint> {
        let func = self.program.func(id);
        let mut hints = self.hints_for(&func.params);
        if !type_args.is_empty() {
            let types: BTreeMap<_, _> = func.type_params.iter().cloned().zip(type_args.iter().cloned()).collect();
            hints.iter_mut().for_each(|hint| hint.ty = substitute(&hint.ty, &types));
        }
        hints
    }

    fn hints_for(&self, params: &[Param]) -> Vec<Hint> {
        let hint = |param: &Param| Hint { name: param_name(param).cloned(), ty: self.program.expand(&param.ty) };
        params.iter().map(hint).collect()
    }

    fn unnamed(&self, ty: &Type) -> Hint {
        Hint { name: None, ty: self.program.expand(ty) }
    }

    /// A record whose type another argument describes, or the state that is declared to be of a type.
    fn library_hints(
        &mut self,
        model: &'a FunctionModel,
        receiver: Option<&Value>,
        args: &'a [Arg],
        type_args: &[Type],
    ) -> Vec<Hint> {
        let mut hints = Vec::new();
        let mut hint = |at: usize, ty: Type| {
            while hints.len() <= at {
                hints.push(Hint { name: None, ty: Type::Unknown });
            }
            hints[at].ty = ty;
        };
        for (at, ty) in self.shaped_arguments(model, receiver, args, type_args) {
            hint(at, ty);
        }
        if let Some(described) = &model.described
            && let (Some(record), Some(arg)) = (described.record, args.get(described.by))
        {
            let description = self.quietly(|interp| interp.eval(&arg.value, &Type::Unknown));
            hint(record, self.described_by(described, &description));
        }
        if let Some((request, ty)) = self.request_hint(model, args) {
            hint(request, ty);
        }
        if let (Some(cell), Some(declared)) = (&model.cell, type_args.first())
            && let Some(Port::Argument(initial)) = cell.initial
        {
            hint(initial, declared.clone());
        }
        hints
    }

    /// What a description of a type describes: its first type argument, or what its name says of a
    /// description that is declared nowhere in sight.
    pub(super) fn described_by(&self, model: &DescribedModel, description: &Value) -> Type {
        if let Type::Named(_, args) = &description.ty {
            return args.first().map(|ty| self.program.expand(ty)).unwrap_or_default();
        }
        let suffix = model.suffix.as_deref().filter(|_| description.ty == Type::Unknown);
        let named = suffix.and_then(|suffix| description.as_name()?.as_str().strip_suffix(suffix));
        named.map_or(Type::Unknown, |name| Type::Named(Symbol::new(name), Vec::new()))
    }

    /// A record without a type, where a generated message is declared: it is one, and its fields are set
    /// where they are written.
    pub(super) fn adopted(&mut self, value: Value, declared: &Type) -> Value {
        self.adopt(&value, declared, MAX_ADOPTED);
        value
    }

    fn adopt(&mut self, value: &Value, declared: &Type, depth: usize) {
        let Some(depth) = depth.checked_sub(1) else { return };
        let is_untyped = match &value.ty {
            Type::Unknown | Type::Dynamic => true,
            Type::Map(inner) => matches!(**inner, Type::Unknown | Type::Dynamic),
            _ => false,
        };
        match (&value.what, self.program.expand(declared)) {
            (What::List(element), Type::List(inner)) => self.adopt(&element.as_ref().clone(), &inner, depth),
            (What::Record(fields), ty) if is_untyped && ty.symbol().is_some_and(|ty| self.is_generated_message(ty)) => {
                let owner = Value::typed(ty.clone());
                for (name, (span, inner)) in fields.iter().filter(|(_, (span, _))| *span != nowhere()) {
                    let field = self.field_type(&ty, name);
                    self.touch(&owner, name, *span, AccessKind::Write);
                    self.adopt(inner, &field, depth);
                }
            }
            _ => {}
        }
    }

    /// Notes what a closure is used as.
    pub(super) fn note_lambda_type(&mut self, place: Span, expected: &Type) {
        let expected = self.program.expand(expected);
        if matches!(expected, Type::Function(..)) {
            self.lambda_types.insert(place, expected);
        }
    }

    /// The type of a closure's parameter: as it says itself, or as what it is used as does.
    pub(super) fn lambda_param(&self, place: Span, at: usize, declared: &Type) -> Type {
        let used = || match self.lambda_types.get(&place) {
            Some(Type::Function(params, _)) => params.get(at).cloned(),
            _ => None,
        };
        let ty = if *declared == Type::Unknown { used().unwrap_or_default() } else { declared.clone() };
        self.program.expand(&self.concrete(&ty))
    }

    /// What a closure gives, as what it is used as says.
    pub(super) fn lambda_result(&self, place: Span) -> Type {
        match self.lambda_types.get(&place) {
            Some(Type::Function(_, gives)) => (**gives).clone(),
            _ => Type::Unknown,
        }
    }
}
