//! Type parameters: what they stand for, and types with them put in.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::model::ir::Type;

/// A type with its parameters replaced.
pub(super) fn substitute(ty: &Type, types: &BTreeMap<Arc<str>, Type>) -> Type {
    if types.is_empty() {
        return ty.clone();
    }
    let each = |all: &[Type]| all.iter().map(|ty| substitute(ty, types)).collect();
    let inner = |ty: &Type| Box::new(substitute(ty, types));
    match ty {
        Type::Parameter(name) => types.get(name).cloned().unwrap_or_else(|| ty.clone()),
        Type::Named(symbol, args) => Type::Named(symbol.clone(), each(args)),
        Type::List(item) => Type::List(inner(item)),
        Type::Map(item) => Type::Map(inner(item)),
        Type::Optional(item) => Type::Optional(inner(item)),
        Type::Result(item) => Type::Result(inner(item)),
        Type::Tuple(items) => Type::Tuple(each(items)),
        Type::Function(params, ret) => Type::Function(each(params), inner(ret)),
        _ => ty.clone(),
    }
}

/// What an alias with one type parameter stands for: `type Init<T> = T | Partial<T>` of one argument.
pub(super) fn of_one(target: &Type, args: &[Type]) -> Type {
    let [arg] = args else { return target.clone() };
    let mut names = BTreeSet::new();
    parameters(target, &mut names);
    match names.first() {
        Some(name) if names.len() == 1 => substitute(target, &BTreeMap::from([(Arc::clone(name), arg.clone())])),
        _ => target.clone(),
    }
}

/// The type parameters that a type mentions.
fn parameters(ty: &Type, names: &mut BTreeSet<Arc<str>>) {
    match ty {
        Type::Parameter(name) => {
            names.insert(Arc::clone(name));
        }
        Type::Named(_, args) | Type::Tuple(args) => args.iter().for_each(|ty| parameters(ty, names)),
        Type::List(item) | Type::Map(item) | Type::Optional(item) | Type::Result(item) => parameters(item, names),
        Type::Function(params, ret) => {
            params.iter().for_each(|ty| parameters(ty, names));
            parameters(ret, names);
        }
        _ => {}
    }
}

/// What type parameters must stand for, so that `declared` becomes `actual`.
pub(super) fn unify(declared: &Type, actual: &Type, types: &mut BTreeMap<Arc<str>, Type>) {
    match (declared.peeled(), actual.peeled()) {
        (_, Type::Unknown | Type::Parameter(_)) => {}
        (Type::Parameter(name), actual) => {
            types.entry(Arc::clone(name)).or_insert_with(|| actual.clone());
        }
        (Type::Named(left, declared), Type::Named(right, actual)) if left == right => {
            declared.iter().zip(actual).for_each(|(declared, actual)| unify(declared, actual, types));
        }
        (Type::List(declared), Type::List(actual)) | (Type::Map(declared), Type::Map(actual)) => {
            unify(declared, actual, types);
        }
        (Type::Tuple(declared), Type::Tuple(actual)) => {
            declared.iter().zip(actual).for_each(|(declared, actual)| unify(declared, actual, types));
        }
        _ => {}
    }
}
