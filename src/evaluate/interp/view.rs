//! Handlers that are classes: each method answers requests of its own.

use std::collections::BTreeMap;

use super::Interp;
use super::route::new_node;
use crate::evaluate::library::format::RouteModel;
use crate::evaluate::program::FuncId;
use crate::evaluate::routes::{self, NodeId};
use crate::evaluate::value::{Callable, ObjectId, Value};
use crate::model::ir::{Symbol, Type};
use crate::model::usage::{Location, Template};

impl<'a> Interp<'a> {
    /// Registers the methods of a class, if that is what the handler is.
    pub(super) fn register_views(&mut self, targets: &[ObjectId], model: &'a RouteModel, value: &Value) -> bool {
        let Some(class) = self.view_class(model, value) else { return false };
        let mut answered: BTreeMap<&'a str, Option<FuncId>> = BTreeMap::new();
        for ancestor in self.program.ancestors(&class).iter() {
            for brought in model.view_bases.get(ancestor.as_str()).into_iter().flatten() {
                answered.entry(brought).or_default();
            }
        }
        for name in model.views.keys() {
            let own = self.program.method(&class, name).filter(|id| self.program.func(*id).body.is_some());
            if let Some(id) = own {
                answered.insert(name, Some(id));
            }
        }
        for (name, method) in answered {
            if let Some(answers) = model.views.get(name) {
                self.register_view(targets, &class, (name, answers), method);
            }
        }
        true
    }

    /// The class whose methods are handlers: its name, or an object of it.
    fn view_class(&self, model: &RouteModel, value: &Value) -> Option<Symbol> {
        if model.views.is_empty() {
            return None;
        }
        let class = value.as_name().or_else(|| value.ty.symbol())?;
        let class = self.program.canonical(class);
        self.program.is_own_type(&class).then_some(class)
    }

    fn register_view(
        &mut self,
        targets: &[ObjectId],
        class: &Symbol,
        (name, answers): (&str, &str),
        own: Option<FuncId>,
    ) {
        let (Some(target), Some((module, declared))) = (targets.first(), self.program.type_def(class)) else { return };
        let library = self.objects.get(*target).library.clone();
        // A method that the class only inherits is told at the class.
        let (symbol, place) = match own.map(|id| self.program.func(id)) {
            Some(func) => (func.symbol.clone(), func.name_span),
            None => (class.join(name), declared.span),
        };
        let location = Location { service: module.service, span: place, function: symbol.clone(), test: module.test };
        let (method, path) = answers.split_once(' ').unwrap_or((answers, ""));
        let node = self.routes.node(NodeId::View(class.clone(), name.into()), || new_node(&library, location));
        node.above.extend(targets.iter().copied());
        node.methods.insert(Some(method.to_owned()));
        if !path.is_empty() {
            node.paths.insert(routes::template(&Template::text(path)));
        }
        node.handlers.insert(symbol.clone());
        if let Some(id) = own {
            let receiver = Value::typed(Type::Named(class.clone(), Vec::new()));
            self.run_handler(&Callable::Func(id, Some(receiver)), &symbol, &[], place);
        }
    }
}
