//! Routers and routes: what code tells the library of its server.

use std::rc::Rc;

use super::Interp;
use super::argument::Site;
use super::http::method_names;
use super::model::Inputs;
use crate::evaluate::library::format::{HandlerPort, Methods, PathCounts, RouteModel, RoutePlace};
use crate::evaluate::library::{Kind, Library, Return, Source};
use crate::evaluate::routes::{self, Node, NodeId};
use crate::evaluate::value::{Callable, ObjectId, Value, What};
use crate::model::ir::{Expr, ExprKind, Symbol, Type};
use crate::model::source::Span;
use crate::model::usage::{Location, Template};

/// Functions that one route is given, where code chooses between them.
const MAX_HANDLERS: usize = 8;
/// Calls around a handler that are looked through: `logged(limited(handler))`.
const MAX_WRAPPERS: usize = 4;

impl<'a> Interp<'a> {
    /// A function that registers a handler or puts routers together.
    pub(super) fn route(&mut self, library: &'a Library, model: &'a RouteModel, inputs: &mut Inputs<'_, 'a>) -> Value {
        let site = inputs.site;
        let handler = model.handler.as_ref().map(|port| handler_argument(port, inputs));
        // `app.get("title")` reads a setting.
        if let Some(None) = handler {
            return self.unknown_call(site);
        }
        let targets = self.route_targets(library, model, inputs);
        inputs.made = targets.first().copied().filter(|_| model.on != RoutePlace::Receiver);
        if self.quiet == 0 && self.frame().module.is_by_hand() {
            for id in &targets {
                self.describe(*id, library, model, inputs);
            }
            self.mount(&targets, model, inputs);
            if let Some(Some((value, place))) = handler {
                self.register(&targets, model, &value, place, site);
            }
        }
        if let Some(port) = &model.configure {
            let function = inputs.get(port);
            let router = self.given_back(model, &targets, inputs);
            self.routing.extend(targets.first());
            self.run_with(&function, &router, site.span);
            self.routing.truncate(self.routing.len().saturating_sub(targets.len().min(1)));
        }
        self.given_back(model, &targets, inputs)
    }

    /// The router or route whose path, methods and handler are set.
    fn route_targets(&mut self, library: &'a Library, model: &RouteModel, inputs: &Inputs<'_, 'a>) -> Vec<ObjectId> {
        let mut receiver = inputs.receiver.map(|receiver| self.routers(receiver)).unwrap_or_default();
        if receiver.is_empty() && model.implicit {
            receiver.extend(self.routing.last());
        }
        if model.on == RoutePlace::Receiver {
            return receiver;
        }
        let id = self.make_object(library, Kind::Router, inputs.site.span);
        if model.on == RoutePlace::Below && self.quiet == 0 {
            let location = self.location(inputs.site.name_span);
            let node = self.routes.node(NodeId::Object(id), || new_node(library, location));
            node.above.extend(receiver.into_iter().filter(|above| *above != id));
        }
        vec![id]
    }

    /// Sets path and methods.
    fn describe(&mut self, id: ObjectId, library: &Library, model: &RouteModel, inputs: &Inputs<'_, 'a>) {
        let mut paths: Vec<Template> = Vec::new();
        let mut methods = self.methods_of(model.method.as_ref(), inputs);
        if methods.is_empty() {
            methods = self.methods_of(model.default_method.as_ref(), inputs);
        }
        if let Some(path) = &model.fixed_path {
            paths.push(routes::template(&Template::text(path)));
        }
        let port = model.path.as_ref().or(model.pattern.as_ref());
        let given = port.filter(|port| inputs.given(port).is_some());
        for path in
            given.map(|port| path_texts(&keyed(inputs.get(port), model.path_key.as_deref()))).unwrap_or_default()
        {
            if model.pattern.is_some() {
                let (method, path) = routes::pattern(&path);
                methods.extend(method.map(Some));
                paths.push(path);
            } else {
                paths.push(if model.regex { routes::of_regex(&path) } else { routes::template(&path) });
            }
        }
        let place = port.and_then(|port| inputs.place(port)).map_or(inputs.site.name_span, |place| place.span);
        let location = self.location(place);
        // What a test sets up is no part of the service.
        let location = Location { test: location.test || self.is_tested(), ..location };
        let node = self.routes.node(NodeId::Object(id), || new_node(library, location.clone()));
        if !paths.is_empty() {
            node.location = location;
        }
        node.paths.extend(paths);
        node.outermost |= model.path_counts == PathCounts::Outermost;
        node.methods.extend(methods);
    }

    fn methods_of(&self, methods: Option<&Methods>, inputs: &Inputs<'_, 'a>) -> Vec<Option<String>> {
        let sources = methods.map(Methods::sources).unwrap_or_default();
        let named = sources.iter().flat_map(|source| match source {
            Source::Text(text) => vec![Some(text.to_ascii_uppercase())],
            Source::Port(port) if inputs.given(port).is_some() => method_values(&inputs.get(port)),
            Source::Port(_) | Source::Int(_) => Vec::new(),
        });
        named.collect()
    }

    /// Puts routers, and functions that are routes by their annotations, below.
    fn mount(&mut self, targets: &[ObjectId], model: &RouteModel, inputs: &Inputs<'_, 'a>) {
        let from = model.mount.unwrap_or(usize::MAX);
        let mut mounted: Vec<Value> = inputs.site.args.iter().skip(from).map(|arg| arg.value.clone()).collect();
        mounted.extend(model.mount_named.as_ref().map(|port| inputs.get(port)));
        for value in &mounted {
            self.mount_value(targets, value);
            let module = model.mount_module.as_ref().zip(value.as_fixed_text());
            if let Some((variable, module)) = module {
                let variable = Symbol::new(format!("{}::{variable}", module.replace('.', "::")));
                let named = self.global(&variable);
                self.mount_value(targets, &named);
            }
        }
    }

    fn mount_value(&mut self, targets: &[ObjectId], value: &Value) {
        let listed = match &value.what {
            What::List(element) => (**element).clone(),
            What::Tuple(parts) => {
                parts.iter().for_each(|part| self.mount_value(targets, part));
                return;
            }
            _ => value.clone(),
        };
        for router in self.routers(&listed) {
            let location = self.objects.get(router).location.clone();
            let library = self.objects.get(router).library.clone();
            let node = self.routes.node(NodeId::Object(router), || new_node(&library, location));
            node.above.extend(targets.iter().copied().filter(|above| *above != router));
        }
        for what in listed.alternatives() {
            if let What::Function(callable) = what
                && let Callable::Func(id, _) = &**callable
            {
                let symbol = self.program.func(*id).symbol.clone();
                targets.iter().for_each(|router| self.routes.mount_function(&symbol, *router));
            }
        }
    }

    /// A handler is registered: it is run as the server would run it.
    fn register(
        &mut self,
        targets: &[ObjectId],
        model: &'a RouteModel,
        value: &Value,
        place: &'a Expr,
        site: &Site<'a>,
    ) {
        if !self.routers(value).is_empty() {
            self.mount_value(targets, value);
            for id in targets.iter().filter(|_| model.subtree) {
                self.routes.get_mut(*id).into_iter().for_each(|node| node.paths.clear());
            }
            return;
        }
        if self.register_views(targets, model, value) {
            return;
        }
        let mut handlers = self.handlers_in(value, model);
        if handlers.is_empty() {
            handlers = self.handlers_within(place, model, MAX_WRAPPERS);
        }
        if model.pattern.is_some() && model.subtree {
            self.open_subtrees(targets);
        }
        if handlers.is_empty() {
            let unknown = self.place_name(site.span);
            self.tie(targets, &unknown);
        }
        for callable in handlers.iter().take(MAX_HANDLERS) {
            let name = self.handler_name(callable, site.span);
            self.tie(targets, &name);
            self.run_handler(callable, &name, &model.given, site.span);
        }
    }

    /// A handler at `/users/` answers all that is below; mostly it takes one segment. Source: package
    /// `net/http`, "Patterns".
    fn open_subtrees(&mut self, targets: &[ObjectId]) {
        for id in targets {
            let Some(node) = self.routes.get_mut(*id) else { continue };
            let paths = std::mem::take(&mut node.paths);
            node.paths = paths.into_iter().map(routes::subtree).collect();
        }
    }

    /// Whether a test has led here.
    fn is_tested(&self) -> bool {
        self.frames.first().is_some_and(|frame| frame.test)
    }

    fn tie(&mut self, targets: &[ObjectId], handler: &Symbol) {
        for id in targets {
            if let Some(node) = self.routes.get_mut(*id) {
                node.handlers.insert(handler.clone());
            }
        }
    }

    /// Functions that a value is, or the method that answers where it is an object.
    fn handlers_in(&self, value: &Value, model: &RouteModel) -> Vec<Callable> {
        let functions = value.alternatives().iter().filter_map(|what| match what {
            What::Function(callable) if !matches!(**callable, Callable::Foreign(_)) => Some((**callable).clone()),
            _ => None,
        });
        let functions: Vec<Callable> = functions.collect();
        if !functions.is_empty() {
            return functions;
        }
        // Of several handlers in an array the last one answers.
        if let What::List(element) = &value.what {
            return self.handlers_in(element, model);
        }
        let method = model.handler_method.as_ref().zip(value.ty.symbol());
        let method = method.and_then(|(method, owner)| self.program.method(owner, method));
        let method = method.filter(|id| self.program.func(*id).body.is_some());
        method.map(|id| Callable::Func(id, Some(value.clone()))).into_iter().collect()
    }

    /// Functions inside a call that is not known: what wraps a handler mostly calls it.
    fn handlers_within(&mut self, place: &'a Expr, model: &RouteModel, depth: usize) -> Vec<Callable> {
        let (Some(depth), ExprKind::Call { args, .. }) = (depth.checked_sub(1), &place.kind) else { return Vec::new() };
        for arg in args.iter().rev() {
            let value = self.quietly(|interp| interp.eval(&arg.value, &Type::Unknown));
            let mut found = self.handlers_in(&value, model);
            if found.is_empty() {
                found = self.handlers_within(&arg.value, model, depth);
            }
            if !found.is_empty() {
                return found;
            }
        }
        Vec::new()
    }

    /// What the values of a handler are called.
    fn handler_name(&self, callable: &Callable, site: Span) -> Symbol {
        match callable {
            Callable::Func(id, _) => self.program.func(*id).symbol.clone(),
            // One closure may be made for many routes: what wraps a handler.
            _ => self.place_name(site),
        }
    }

    fn place_name(&self, site: Span) -> Symbol {
        self.frame().symbol.join(&format!("<{}..{}>", site.start, site.end))
    }

    /// What the function gives: the router in most cases.
    fn given_back(&self, model: &RouteModel, targets: &[ObjectId], inputs: &Inputs<'_, 'a>) -> Value {
        let target = || {
            let objects: Vec<What> = targets.iter().map(|id| What::Object(*id)).collect();
            match objects.as_slice() {
                [] => inputs.receiver.cloned().unwrap_or_default(),
                [one] => Value::of(one.clone()),
                _ => Value::of(What::OneOf(Rc::new(objects))),
            }
        };
        match &model.returns {
            Some(Return::Port(port)) => inputs.get(port),
            Some(Return::Type(ty)) => target().with_type(Type::Named(Symbol::new(ty), Vec::new())),
            None if model.on == RoutePlace::Receiver => inputs.receiver.cloned().unwrap_or_default(),
            None => target(),
        }
    }

    /// Runs a function with one value, as a library would.
    fn run_with(&mut self, function: &Value, given: &Value, span: Span) {
        let callables: Vec<Callable> = function
            .alternatives()
            .iter()
            .filter_map(|what| match what {
                What::Function(callable) => Some((**callable).clone()),
                _ => None,
            })
            .collect();
        for callable in callables {
            self.call_value(&callable, &Site::bare(span).with_values(std::slice::from_ref(given)));
        }
    }

    /// Routers among the objects that a value may be.
    fn routers(&self, value: &Value) -> Vec<ObjectId> {
        value.objects().filter(|id| self.objects.get(*id).kind == Kind::Router).collect()
    }
}

/// A router or route that nothing is known of yet.
pub(super) fn new_node(library: &Library, location: Location) -> Node {
    Node {
        library: library.to_owned(),
        location,
        above: std::collections::BTreeSet::new(),
        paths: std::collections::BTreeSet::new(),
        outermost: false,
        methods: std::collections::BTreeSet::new(),
        handlers: std::collections::BTreeSet::new(),
    }
}

/// The argument that is the handler, if there is one.
fn handler_argument<'a>(port: &HandlerPort, inputs: &Inputs<'_, 'a>) -> Option<(Value, &'a Expr)> {
    let given = match port {
        HandlerPort::At(port) => inputs.given(port)?,
        HandlerPort::Last { last } => inputs.site.args.get(*last..)?.last()?,
    };
    Some((given.value.clone(), given.place?))
}

/// The field with the path, where a value is an object that may have one.
pub(super) fn keyed(value: Value, key: Option<&str>) -> Value {
    match (&value.what, key) {
        (What::Record(fields), Some(key)) => fields.get(key).map_or(Value::of(What::Null), |(_, path)| path.clone()),
        _ => value,
    }
}

/// Paths that a value may be; none if it is no text at all.
pub(super) fn path_texts(value: &Value) -> Vec<Template> {
    if let What::List(element) = &value.what {
        return path_texts(element);
    }
    let is_other = |what: &What| matches!(what, What::Function(_) | What::Object(_) | What::Record(_) | What::Null);
    if value.alternatives().iter().all(is_other) {
        return Vec::new();
    }
    value.texts().into_iter().map(|text| text.template).collect()
}

/// Methods that a value may be, or that are in it.
pub(super) fn method_values(value: &Value) -> Vec<Option<String>> {
    match &value.what {
        What::List(element) => method_values(element),
        What::Opaque | What::Null => Vec::new(),
        _ => method_names(value),
    }
}
