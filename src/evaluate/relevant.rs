//! Which code can matter at all: most code of most repositories calls nobody.

use super::library::{Kind, Libraries};
use super::walk;
use crate::model::ir::{ExprKind, Module, Type};

/// Whether a module mentions a library that sends or answers requests, a stub, a server, or generated
/// code.
pub(super) fn module(module: &Module, libraries: &Libraries) -> bool {
    let included = module.includes.iter().any(|include| libraries.include(include.name.as_str()).is_some());
    included
        || module.types.iter().any(|ty| {
            ty.fields.iter().any(|field| ty_matters(&field.ty, libraries))
                || ty.supertypes.iter().any(|ty| ty_matters(ty, libraries))
        })
        || module.globals.iter().any(|global| {
            ty_matters(&global.ty, libraries)
                || global.value.as_ref().is_some_and(|value| found(|see| walk::expr(value, see), libraries))
        })
        || module.funcs.iter().any(|func| {
            func.implements.as_ref().is_some_and(|name| libraries.server(name.as_str()).is_some())
                || func.annotations.iter().any(|note| libraries.route_annotation(note.name.as_str()).is_some())
                || func.params.iter().any(|param| ty_matters(&param.ty, libraries))
                || ty_matters(&func.ret, libraries)
                || func.body.as_ref().is_some_and(|body| found(|see| walk::block(body, see), libraries))
        })
}

fn found<'a>(walk: impl FnOnce(&mut dyn FnMut(&'a crate::model::ir::Expr)), libraries: &Libraries) -> bool {
    let mut any = false;
    walk(&mut |expr| {
        any |= match &expr.kind {
            ExprKind::Global(symbol) => {
                let name = symbol.as_str();
                libraries.function(name).is_some_and(|(_, model)| {
                    model.send.is_some()
                        || model.make.is_some_and(sends)
                        || model.retry.is_some()
                        || model.route.is_some()
                }) || libraries.registration(name).is_some()
                    || libraries.stub_function(name).is_some()
                    || libraries.stub_type(symbol.parent()).is_some()
            }
            ExprKind::Construct { ty: Some(ty), .. } | ExprKind::Cast(ty, _) => ty_matters(ty, libraries),
            _ => false,
        };
    });
    any
}

/// Kinds of objects that requests are sent or answered with.
const fn sends(kind: Kind) -> bool {
    matches!(kind, Kind::Client | Kind::Channel | Kind::Request | Kind::Stub | Kind::Router)
}

fn ty_matters(ty: &Type, libraries: &Libraries) -> bool {
    match ty {
        Type::Named(symbol, args) => {
            let name = symbol.as_str();
            libraries.type_model(name).is_some_and(|(_, model)| model.kind.is_some_and(sends))
                || libraries.stub_type(name).is_some()
                || libraries.server(name).is_some()
                || libraries.given(name).is_some()
                || args.iter().any(|arg| ty_matters(arg, libraries))
        }
        Type::List(inner) | Type::Map(inner) | Type::Optional(inner) | Type::Result(inner) => {
            ty_matters(inner, libraries)
        }
        Type::Tuple(all) => all.iter().any(|ty| ty_matters(ty, libraries)),
        _ => false,
    }
}
