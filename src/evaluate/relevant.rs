//! Which code can matter at all: most code of most repositories calls nobody.

use super::library::{Kind, Libraries};
use super::walk;
use crate::model::ir::{Expr, ExprKind, Func, Module, Type};

/// Whether a module mentions a library that sends or answers requests, a stub, a server, or generated
/// code.
pub(super) fn module(module: &Module, libraries: &Libraries) -> bool {
    let included = module.includes.iter().any(|include| libraries.include(include.name.as_str()).is_some());
    included
        || module.aliases.iter().any(|alias| opens(&alias.target, libraries))
        || module.types.iter().any(|def| {
            def.fields.iter().any(|field| ty(&field.ty, libraries))
                || def.supertypes.iter().any(|parent| ty(parent, libraries))
        })
        || module.globals.iter().any(|global| {
            ty(&global.ty, libraries) || global.value.as_ref().is_some_and(|value| expr(value, libraries))
        })
        || module.funcs.iter().any(|each| func(each, libraries))
}

/// Whether a function mentions any of it.
pub(super) fn func(func: &Func, libraries: &Libraries) -> bool {
    func.implements.as_ref().is_some_and(|name| libraries.server(name.as_str()).is_some())
        || func.annotations.iter().any(|note| annotation(note.name.as_str(), libraries))
        || func.params.iter().any(|param| ty(&param.ty, libraries))
        || ty(&func.ret, libraries)
        || func.body.as_ref().is_some_and(|body| found(|see| walk::block(body, see), libraries))
}

/// Whether a namespace is opened in which there is any of it.
fn opens(target: &Type, libraries: &Libraries) -> bool {
    let namespace = target.symbol().and_then(|target| target.as_str().strip_suffix("::*"));
    namespace.is_some_and(|namespace| libraries.has_namespace(namespace))
}

/// Whether an annotation says which requests a function answers or sends.
pub(super) fn annotation(name: &str, libraries: &Libraries) -> bool {
    libraries.route_annotation(name).is_some() || !libraries.request_annotations(name).is_empty()
}

/// Whether a name is one of a function that sends requests, makes what they are sent with, or
/// registers who answers them.
pub(super) fn name(name: &str, libraries: &Libraries) -> bool {
    libraries.function(name).is_some_and(|(_, model)| model.matters())
        || libraries.registration(name).is_some()
        || libraries.stub_function(name).is_some()
        || libraries.stub_type(name.rsplit_once("::").map_or("", |(parent, _)| parent)).is_some()
        || symbol(name, libraries)
}

/// Whether an expression mentions any of it.
pub(super) fn expr(expr: &Expr, libraries: &Libraries) -> bool {
    found(|see| walk::expr(expr, see), libraries)
}

fn found<'a>(walk: impl FnOnce(&mut dyn FnMut(&'a Expr)), libraries: &Libraries) -> bool {
    let mut any = false;
    walk(&mut |expr| {
        any = any
            || match &expr.kind {
                ExprKind::Global(symbol) => name(symbol.as_str(), libraries),
                ExprKind::Construct { ty: Some(made), .. } | ExprKind::Cast(made, _) => ty(made, libraries),
                // What is set up here is used elsewhere; or any text may be sent to.
                ExprKind::Member { name, .. } => {
                    let method = libraries.any_method(name).map(|(_, model)| model);
                    method.is_some_and(|model| {
                        model.injected.is_some() || model.instance.is_some() || model.send.is_some()
                    })
                }
                _ => false,
            };
    });
    any
}

/// Whether a type's name is one of a client, a stub or a server.
pub(super) fn symbol(name: &str, libraries: &Libraries) -> bool {
    libraries.type_model(name).is_some_and(|(_, model)| model.kind.is_some_and(Kind::sends))
        || libraries.stub_type(name).is_some()
        || libraries.server(name).is_some()
        || libraries.given(name).is_some()
        || libraries.is_factory(name)
}

fn ty(ty: &Type, libraries: &Libraries) -> bool {
    match ty {
        Type::Named(name, args) => symbol(name.as_str(), libraries) || args.iter().any(|arg| self::ty(arg, libraries)),
        Type::List(inner) | Type::Map(inner) | Type::Optional(inner) | Type::Result(inner) => {
            self::ty(inner, libraries)
        }
        Type::Tuple(all) => all.iter().any(|each| self::ty(each, libraries)),
        _ => false,
    }
}
