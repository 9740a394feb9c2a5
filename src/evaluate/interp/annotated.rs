//! Handlers that are told by annotations, decorators and attributes.

use std::collections::{BTreeMap, BTreeSet};

use super::Interp;
use super::route::{keyed, method_values, new_node, path_texts};
use crate::evaluate::library::Source;
use crate::evaluate::library::format::{Methods, Port, RouteAnnotation};
use crate::evaluate::program::FuncId;
use crate::evaluate::routes::{self, NodeId};
use crate::evaluate::value::{Callable, ObjectId, Value};
use crate::model::ir::{Annotation, Func, Symbol, Type, TypeDef};
use crate::model::source::FileId;
use crate::model::usage::{Part, Template};

/// Base classes and interfaces that annotations are looked for in.
const MAX_PARENTS: usize = 4;

/// An annotation that a descriptor knows.
struct Known<'a> {
    annotation: &'a Annotation,
    library: &'a str,
    model: &'a RouteAnnotation,
    /// Routers that a decorator is a method of.
    routers: Vec<ObjectId>,
}

impl<'a> Interp<'a> {
    /// Notes every function whose annotations make it a handler.
    pub(super) fn annotated_routes(&mut self, followed: &BTreeSet<FileId>) {
        let candidates: Vec<FuncId> = self
            .program
            .funcs()
            .filter(|(_, module, func)| followed.contains(&module.file) && module.is_by_hand() && func.body.is_some())
            .filter(|(_, _, func)| !func.annotations.is_empty() || func.owner.is_some())
            .map(|(id, ..)| id)
            .collect();
        for id in candidates {
            self.inside(id, |interp| interp.annotated_route(id));
        }
    }

    /// Runs a function whose annotations make it a handler; false if it is none.
    pub(super) fn enter_annotated(&mut self, id: FuncId) -> bool {
        let Some(given) = self.routes.given_to(id).map(<[String]>::to_vec) else { return false };
        let func = self.program.func(id);
        let receiver = func.receiver.as_ref().map(|_| Value::typed(func.owner.clone().unwrap_or_default()));
        self.run_handler(&Callable::Func(id, receiver), &func.symbol, &given, func.name_span);
        true
    }

    fn annotated_route(&mut self, id: FuncId) {
        let func = self.program.func(id);
        let known = self.route_annotations(func);
        let Some(handles) = known.iter().find(|known| known.model.method.is_some()) else { return };
        let class = func.owner.as_ref().and_then(Type::symbol);
        let prefixes = class.map(|class| self.class_prefixes(class)).unwrap_or_default();
        let mut paths: BTreeSet<Template> = BTreeSet::new();
        let mut methods: BTreeSet<Option<String>> = BTreeSet::new();
        for known in &known {
            methods.extend(self.annotated_methods(known));
            for path in self.annotated_paths(known) {
                let path = with_tokens(&path, known.model, class, func.symbol.name());
                match without_mark(&path, &known.model.absolute) {
                    Some(path) => drop(paths.insert(routes::template(&path))),
                    None => paths.extend(beneath(&prefixes, &routes::template(&path), class, func.symbol.name())),
                }
            }
        }
        if paths.is_empty() {
            paths.extend(beneath(&prefixes, &Template::default(), class, func.symbol.name()));
        }
        let location = self.location(handles.annotation.span);
        let node =
            self.routes.node(NodeId::Annotation(handles.annotation.span), || new_node(handles.library, location));
        node.above.extend(known.iter().flat_map(|known| known.routers.iter().copied()));
        node.paths.extend(paths);
        node.methods.extend(methods);
        node.handlers.insert(func.symbol.clone());
        self.routes.annotated(id, &handles.model.given);
    }

    /// The annotations of a function, else those of what it overrides.
    fn route_annotations(&mut self, func: &'a Func) -> Vec<Known<'a>> {
        let own = self.known(&func.annotations);
        if !own.is_empty() {
            return own;
        }
        let Some(class) = func.owner.as_ref().and_then(Type::symbol) else { return own };
        for parent in self.parents(class) {
            let overridden =
                self.program.methods(&parent).find(|id| self.program.func(*id).symbol.name() == func.symbol.name());
            let Some(overridden) = overridden else { continue };
            let inherited = self.known(&self.program.func(overridden).annotations);
            if !inherited.is_empty() {
                return inherited;
            }
        }
        own
    }

    fn known(&mut self, annotations: &'a [Annotation]) -> Vec<Known<'a>> {
        annotations.iter().filter_map(|annotation| self.known_one(annotation)).collect()
    }

    fn known_one(&mut self, annotation: &'a Annotation) -> Option<Known<'a>> {
        let name = self.program.annotation(annotation);
        if let Some((library, model)) = self.libraries.route_annotation(name.as_str()) {
            return Some(Known { annotation, library, model, routers: Vec::new() });
        }
        // `@router.get("/x")`: the router is a global.
        let (_, router) = self.program.global(&Symbol::new(annotation.name.parent()))?;
        let router = self.global(&router.symbol);
        let method = router.ty.symbol()?.join(annotation.name.name());
        let (library, model) = self.libraries.route_annotation(method.as_str())?;
        Some(Known { annotation, library, model, routers: router.objects().collect() })
    }

    /// The paths in front of all handlers of a class, with the marks of what stands for its name.
    fn class_prefixes(&mut self, class: &Symbol) -> BTreeSet<(Template, BTreeMap<String, String>)> {
        for class in std::iter::once(class.clone()).chain(self.parents(class)) {
            let Some((_, declared)) = self.program.type_def(&class) else { continue };
            let declared: &'a TypeDef = declared;
            let mut found = BTreeSet::new();
            for known in self.known(&declared.annotations) {
                let tokens = known.model.class_tokens.clone();
                found.extend(self.annotated_paths(&known).into_iter().map(|path| (path, tokens.clone())));
            }
            if !found.is_empty() {
                return found;
            }
        }
        BTreeSet::new()
    }

    /// What a class extends and implements, nearest first.
    fn parents(&self, class: &Symbol) -> Vec<Symbol> {
        let mut all: Vec<Symbol> = Vec::new();
        let mut next = vec![class.clone()];
        for _ in 0..MAX_PARENTS {
            let above = next.iter().filter_map(|class| self.program.type_def(class));
            let above = above.flat_map(|(_, declared)| declared.supertypes.iter().filter_map(Type::symbol));
            let above: Vec<Symbol> = above.map(|parent| self.program.canonical(parent)).collect();
            next = above.into_iter().filter(|parent| !all.contains(parent)).collect();
            all.extend(next.iter().cloned());
        }
        all
    }

    fn annotated_paths(&mut self, known: &Known<'a>) -> Vec<Template> {
        let given = known.model.path.iter().find_map(|port| self.annotation_value(known.annotation, port));
        given.map(|value| path_texts(&keyed(value, known.model.path_key.as_deref()))).unwrap_or_default()
    }

    fn annotated_methods(&mut self, known: &Known<'a>) -> Vec<Option<String>> {
        let named = self.methods_named(known, known.model.method.as_ref());
        if named.is_empty() { self.methods_named(known, known.model.default_method.as_ref()) } else { named }
    }

    fn methods_named(&mut self, known: &Known<'a>, methods: Option<&'a Methods>) -> Vec<Option<String>> {
        methods.map(|methods| self.annotation_methods(known.annotation, methods)).unwrap_or_default()
    }

    /// Methods that an annotation names.
    pub(super) fn annotation_methods(&mut self, annotation: &'a Annotation, methods: &Methods) -> Vec<Option<String>> {
        let sources = methods.sources();
        let named = sources.iter().flat_map(|source| match source {
            Source::Text(text) => vec![Some(text.to_ascii_uppercase())],
            Source::Port(port) => {
                self.annotation_value(annotation, port).map(|value| method_values(&value)).unwrap_or_default()
            }
            Source::Int(_) => Vec::new(),
        });
        named.collect()
    }

    /// An argument of an annotation: by position among those without a name, or by name.
    pub(super) fn annotation_value(&mut self, annotation: &'a Annotation, port: &Port) -> Option<Value> {
        let arg = match port {
            Port::Argument(at) => annotation.args.iter().filter(|arg| arg.name.is_none()).nth(*at),
            Port::Named(name) => annotation.args.iter().find(|arg| arg.name.as_ref() == Some(name)),
            Port::Receiver | Port::Made | Port::Result | Port::Decoded => None,
        }?;
        Some(self.eval(&arg.value, &Type::Unknown))
    }
}

/// A path below those of its class.
fn beneath(
    prefixes: &BTreeSet<(Template, BTreeMap<String, String>)>,
    path: &Template,
    class: Option<&Symbol>,
    method: &str,
) -> Vec<Template> {
    if prefixes.is_empty() {
        return vec![path.clone()];
    }
    let each = prefixes.iter().map(|(prefix, tokens)| {
        let prefix = replaced(prefix, tokens, class, method);
        routes::below(&routes::template(&prefix), path)
    });
    each.collect()
}

fn with_tokens(path: &Template, model: &RouteAnnotation, class: Option<&Symbol>, method: &str) -> Template {
    replaced(path, &model.class_tokens, class, method)
}

/// The path with the name of its class, or of its method, put in for what stands for it.
fn replaced(path: &Template, tokens: &BTreeMap<String, String>, class: Option<&Symbol>, method: &str) -> Template {
    let mut parts = path.0.clone();
    for part in &mut parts {
        let Part::Text(text) = part else { continue };
        for (token, end) in tokens {
            let name = match (end.as_str(), class) {
                ("method", _) => method,
                (end, Some(class)) => class.name().strip_suffix(end).unwrap_or(class.name()),
                (_, None) => continue,
            };
            if text.contains(token.as_str()) {
                *text = text.replace(token.as_str(), name).into();
            }
        }
    }
    Template(parts)
}

/// The path without the mark that says that it is whole.
fn without_mark(path: &Template, marks: &[String]) -> Option<Template> {
    let Some((Part::Text(first), rest)) = path.0.split_first() else { return None };
    let behind = marks.iter().find_map(|mark| first.strip_prefix(mark.as_str()))?;
    let mut whole = Template::text(behind);
    whole.append(&Template(rest.to_vec()));
    Some(whole)
}
