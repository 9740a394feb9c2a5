//! Which code can matter at all: most code of most repositories calls nobody.

use super::library::{Kind, Libraries};
use super::walk;
use crate::model::ir::{Annotation, Expr, ExprKind, Func, Module, Type};

/// Tells code that can matter by the names that it mentions.
#[derive(Clone, Copy)]
pub(super) struct Relevant<'l, F> {
    libraries: &'l Libraries,
    /// Whether a type or function is written by hand in the code that is looked at: it is no stub then,
    /// whatever it is called.
    is_own: F,
}

impl<'l> Relevant<'l, fn(&str) -> bool> {
    /// For code of which nothing else is known.
    pub(super) fn new(libraries: &'l Libraries) -> Self {
        Self { libraries, is_own: |_| false }
    }
}

impl<'l, F: Fn(&str) -> bool> Relevant<'l, F> {
    /// For a program whose own names `is_own` knows.
    pub(super) const fn within(libraries: &'l Libraries, is_own: F) -> Self {
        Self { libraries, is_own }
    }

    /// Whether a module mentions a library that sends or answers requests, a stub, a server, or
    /// generated code.
    pub(super) fn module(&self, module: &Module) -> bool {
        let brings = |name: &str| self.libraries.include(name).is_some() || self.libraries.document(name).is_some();
        let included = module.includes.iter().any(|include| brings(include.name.as_str()));
        included
            || module.aliases.iter().any(|alias| self.opens(&alias.target))
            || module.types.iter().any(|def| {
                def.fields.iter().any(|field| self.ty(&field.ty) || self.is_given_stub(&field.annotations))
                    || def.supertypes.iter().any(|parent| self.ty(parent))
            })
            || module
                .globals
                .iter()
                .any(|global| self.ty(&global.ty) || global.value.as_ref().is_some_and(|value| self.expr(value)))
            || module.funcs.iter().any(|each| self.func(each))
    }

    /// Whether a function mentions any of it.
    fn func(&self, func: &Func) -> bool {
        self.declared(func)
            || func.params.iter().filter_map(|param| param.default.as_deref()).any(|value| self.expr(value))
            || func.body.as_ref().is_some_and(|body| self.found(|see| walk::block(body, see)))
    }

    /// Whether what a function declares of itself mentions any of it.
    pub(super) fn declared(&self, func: &Func) -> bool {
        func.implements.as_ref().is_some_and(|name| self.libraries.server(name.as_str()).is_some())
            || func.annotations.iter().any(|note| self.annotation(note.name.as_str()))
            || func.params.iter().any(|param| self.ty(&param.ty) || self.is_given_stub(&param.annotations))
            || self.ty(&func.ret)
    }

    /// Whether a framework puts a stub where these annotations stand.
    fn is_given_stub(&self, annotations: &[Annotation]) -> bool {
        annotations.iter().any(|note| self.libraries.annotated_stub(note.name.as_str()).is_some())
    }

    /// Whether a namespace is opened in which there is any of it.
    fn opens(&self, target: &Type) -> bool {
        let namespace = target.symbol().and_then(|target| target.as_str().strip_suffix("::*"));
        namespace.is_some_and(|namespace| self.libraries.has_namespace(namespace))
    }

    /// Whether an annotation says which requests a function answers or sends.
    pub(super) fn annotation(&self, name: &str) -> bool {
        self.libraries.route_annotation(name).is_some() || !self.libraries.request_annotations(name).is_empty()
    }

    /// Whether a name is one of a function that sends requests, makes what they are sent with, or
    /// registers who answers them.
    pub(super) fn name(&self, name: &str) -> bool {
        let parent = name.rsplit_once("::").map_or("", |(parent, _)| parent);
        self.libraries.function(name).is_some_and(|(_, model)| model.matters())
            || self.libraries.registration(name).is_some()
            || (self.libraries.stub_function(name).is_some() && !(self.is_own)(name))
            || (self.libraries.is_named_like_stub(parent) && !(self.is_own)(parent))
            || self.symbol(name)
    }

    /// Whether a member of any value is one of it: what is set up here is used elsewhere, or any text may be
    /// sent to.
    pub(super) fn member(&self, name: &str) -> bool {
        let method = self.libraries.any_method(name).map(|(_, model)| model);
        method.is_some_and(|model| model.injected.is_some() || model.instance.is_some() || model.send.is_some())
    }

    /// Whether an expression mentions any of it.
    pub(super) fn expr(&self, expr: &Expr) -> bool {
        self.found(|see| walk::expr(expr, see))
    }

    fn found<'a>(&self, walk: impl FnOnce(&mut dyn FnMut(&'a Expr))) -> bool {
        let mut any = false;
        walk(&mut |expr| {
            any = any
                || match &expr.kind {
                    ExprKind::Global(symbol) => self.name(symbol.as_str()),
                    ExprKind::Construct { ty: Some(made), .. } | ExprKind::Cast(made, _) => self.ty(made),
                    ExprKind::Member { name, .. } => self.member(name),
                    _ => false,
                };
        });
        any
    }

    /// Whether a type's name is one of a client, a stub or a server.
    fn symbol(&self, name: &str) -> bool {
        self.client(name) || self.libraries.server(name).is_some()
    }

    /// Whether a type's name is one of what requests are sent with, or of what handlers are given.
    pub(super) fn client(&self, name: &str) -> bool {
        self.libraries.type_model(name).is_some_and(|(_, model)| model.kind.is_some_and(Kind::sends))
            || (self.libraries.is_named_like_stub(name) && !(self.is_own)(name))
            || self.libraries.given(name).is_some()
            || self.libraries.declared_stub(name).is_some()
            || self.libraries.is_factory(name)
    }

    pub(super) fn ty(&self, ty: &Type) -> bool {
        match ty {
            Type::Named(name, args) => self.symbol(name.as_str()) || args.iter().any(|arg| self.ty(arg)),
            Type::List(inner) | Type::Map(inner) | Type::Optional(inner) | Type::Result(inner) => self.ty(inner),
            Type::Tuple(all) => all.iter().any(|each| self.ty(each)),
            _ => false,
        }
    }
}
