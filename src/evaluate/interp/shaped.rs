//! Types of libraries that hold what their type arguments say: `original` of a `Row<Order>`, and arguments
//! that are of such a type because of what their call says.

use super::Interp;
use crate::evaluate::library::FieldModel;
use crate::evaluate::library::FunctionModel;
use crate::evaluate::library::format::ToldModel;
use crate::evaluate::value::Value;
use crate::model::ir::{Arg, ExprKind, Symbol, Type};

impl<'a> Interp<'a> {
    /// The type of a field of a library's type, as far as its descriptor says.
    pub(super) fn library_field_type(&self, ty: &Type, name: &str) -> Option<Type> {
        let (_, model) = self.library_type(ty)?;
        // An own class that extends a library's says there what its arguments are.
        let is_known =
            |name: &str| self.libraries.type_model(name).is_some_and(|(_, found)| std::ptr::eq(found, model));
        let seen = self.program.nearest_supertype(ty.peeled(), &is_known);
        let Type::Named(_, args) = seen.as_ref().unwrap_or_else(|| ty.peeled()) else { return None };
        self.shaped(model.fields.get(name)?, args)
    }

    /// What something is that follows from type arguments.
    fn shaped(&self, model: &FieldModel, args: &[Type]) -> Option<Type> {
        let argument = |at: &usize| args.get(*at).map(|ty| self.program.expand(ty));
        let same = |name: &String| Type::Named(Symbol::new(name), args.to_vec());
        let told = |all: Vec<Type>| Type::Function(all, Box::new(Type::Unknown));
        let gives = |what: Type| Type::Function(Vec::new(), Box::new(what));
        let told_one = |model: &ToldModel| match model {
            ToldModel::Argument(at) => argument(at).unwrap_or_default(),
            ToldModel::Elements(of) => {
                of.first().and_then(argument).map(|ty| Type::List(Box::new(ty))).unwrap_or_default()
            }
        };
        Some(match model {
            FieldModel::Argument(at) => argument(at)?,
            FieldModel::Same(ty) => same(ty),
            FieldModel::Told(ty) => told(vec![same(ty)]),
            FieldModel::ToldArgument(at) => told(vec![argument(at)?]),
            FieldModel::ToldArguments(all) => told(all.iter().map(told_one).collect()),
            FieldModel::Elements(at) => Type::List(Box::new(argument(at)?)),
            FieldModel::List(ty) => Type::List(Box::new(same(ty))),
            FieldModel::Gives(ty) => gives(same(ty)),
            FieldModel::GivesArgument(at) => gives(argument(at)?),
            _ => return None,
        })
    }

    /// Whether a field says of what type it is, and nothing else.
    pub(super) const fn is_shape(model: &FieldModel) -> bool {
        matches!(
            model,
            FieldModel::Argument(_)
                | FieldModel::Same(_)
                | FieldModel::Told(_)
                | FieldModel::ToldArgument(_)
                | FieldModel::ToldArguments(_)
                | FieldModel::Elements(_)
                | FieldModel::List(_)
                | FieldModel::Gives(_)
                | FieldModel::GivesArgument(_)
        )
    }

    /// The types of arguments that follow from what their call says.
    pub(super) fn shaped_arguments(
        &mut self,
        model: &'a FunctionModel,
        receiver: Option<&Value>,
        args: &'a [Arg],
        type_args: &[Type],
    ) -> Vec<(usize, Type)> {
        if model.arguments.is_empty() {
            return Vec::new();
        }
        let of_receiver = || match receiver?.ty.peeled() {
            Type::Named(_, args) => Some(args.clone()),
            _ => None,
        };
        let said = if type_args.is_empty() { of_receiver() } else { Some(type_args.to_vec()) };
        let said = said.filter(|args| !args.is_empty()).or_else(|| self.described_types(model, args.first()?));
        let Some(said) = said else { return Vec::new() };
        let types = model.arguments.iter().filter_map(|(at, model)| Some((*at, self.shaped(model, &said)?)));
        types.collect()
    }

    /// What the method that an argument describes takes and gives.
    fn described_types(&mut self, model: &FunctionModel, arg: &'a Arg) -> Option<Vec<Type>> {
        if !model.sends_described || matches!(arg.value.kind, ExprKind::Lambda(_)) {
            return None;
        }
        let method = self.quietly(|interp| interp.eval(&arg.value, &Type::Unknown));
        let (request, response) = self.described_signature(&method)?;
        Some(vec![request, response])
    }
}
