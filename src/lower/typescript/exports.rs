//! What a module gives to others: `export`, `module.exports`, and what a package's entry passes on.

use std::collections::BTreeMap;
use std::sync::Arc;

use oxc_ast::ast as js;
use oxc_span::GetSpan;

use super::Lowerer;
use super::imports::export_name;
use super::names::Meaning;
use super::paths::SHORTHAND;
use crate::model::ir::{Alias, Expr, ExprKind, FieldInit, Global, Symbol, Type};
use crate::model::source::Span;

/// What a module gives.
#[derive(Default)]
pub(super) struct Exports {
    /// By the name that others use.
    named: BTreeMap<Arc<str>, Symbol>,
    /// Modules that all is passed on of.
    stars: Vec<Symbol>,
    /// What is put into `exports`, in order.
    common: Vec<(Arc<str>, Span)>,
}

/// How a statement sets what a module gives, in the manner of `CommonJS`.
enum Slot {
    /// `module.exports = ...`.
    All,
    /// `exports.name = ...`.
    Name(Arc<str>, Span),
}

impl Lowerer<'_> {
    /// `export { a as b }`, `export { a } from "x"`.
    pub(super) fn export_names(&mut self, node: &js::ExportNamedDeclaration<'_>) {
        let source = node.source.as_ref().map(|source| self.paths.resolve(source.value.as_str()));
        for specifier in &node.specifiers {
            let local = export_name(&specifier.local);
            let symbol = match &source {
                Some(target) => self.exported_by(&target.symbol, target.is_own, local),
                None => self.type_symbol(local),
            };
            self.export(export_name(&specifier.exported), symbol);
        }
    }

    /// `export * from "x"`, `export * as a from "x"`.
    pub(super) fn export_all(&mut self, node: &js::ExportAllDeclaration<'_>) {
        let target = self.paths.resolve(node.source.value.as_str());
        match &node.exported {
            Some(name) => self.export(export_name(name), target.symbol),
            None => self.exports.stars.push(target.symbol),
        }
    }

    /// Gives something under a name.
    pub(super) fn export(&mut self, name: &str, symbol: Symbol) {
        self.exports.named.insert(Arc::from(name), symbol);
    }

    /// `export default ...`.
    pub(super) fn export_default(&mut self, node: &js::ExportDefaultDeclaration<'_>) {
        let default = self.module.name.join("default");
        match &node.declaration {
            js::ExportDefaultDeclarationKind::FunctionDeclaration(function) => {
                let symbol =
                    function.id.as_ref().map_or_else(|| default.clone(), |id| self.inside.join(id.name.as_str()));
                self.export("default", symbol.clone());
                self.function_item(symbol, function);
            }
            js::ExportDefaultDeclarationKind::ClassDeclaration(class) => {
                let symbol = class.id.as_ref().map_or_else(|| default.clone(), |id| self.inside.join(id.name.as_str()));
                self.export("default", symbol.clone());
                self.class(symbol, class);
            }
            js::ExportDefaultDeclarationKind::TSInterfaceDeclaration(interface) => {
                self.export("default", self.inside.join(interface.id.name.as_str()));
                self.interface(interface);
            }
            other => {
                if let Some(value) = other.as_expression() {
                    self.give_default(value);
                }
            }
        }
    }

    /// What a module gives as a whole.
    pub(super) fn give_default(&mut self, value: &js::Expression<'_>) {
        let default = self.module.name.join("default");
        if let Some((symbol, _)) = self.required(value) {
            if let Some(module) = symbol.as_str().strip_suffix("::default") {
                self.exports.stars.push(Symbol::new(module));
            }
            self.export("default", symbol);
            return;
        }
        match value {
            js::Expression::Identifier(name) => {
                if let Meaning::Global(symbol, _) = self.names.value(name.name.as_str()) {
                    self.export("default", symbol);
                }
            }
            js::Expression::ClassExpression(class) => {
                let symbol = class.id.as_ref().map_or(default, |id| self.inside.join(id.name.as_str()));
                self.export("default", symbol.clone());
                self.class(symbol, class);
            }
            _ => {
                self.export("default", default.clone());
                self.global_value(default, None, value, value.span());
            }
        }
    }

    /// `module.exports = ...`, `exports.a = ...`: whether a statement is that.
    pub(super) fn common_export(&mut self, node: &js::Expression<'_>) -> bool {
        let js::Expression::AssignmentExpression(assignment) = node else { return false };
        let Some(slot) = self.slot(&assignment.left) else { return false };
        // `exports = module.exports = ...`, `exports.a = exports.b = ...`.
        let mut value = &assignment.right;
        while let js::Expression::AssignmentExpression(inner) = value {
            let Some(other) = self.slot(&inner.left) else { break };
            value = &inner.right;
            let mut last = value;
            while let js::Expression::AssignmentExpression(inner) = last {
                last = &inner.right;
            }
            self.give(other, last);
        }
        self.give(slot, value);
        true
    }

    fn give(&mut self, slot: Slot, value: &js::Expression<'_>) {
        match (slot, value) {
            (Slot::All, js::Expression::ObjectExpression(object)) => self.give_object(object),
            (Slot::All, value) => self.give_default(value),
            // Compilers announce what they give before they do.
            (Slot::Name(..), js::Expression::UnaryExpression(_)) => {}
            (Slot::Name(name, span), value) => self.give_named(&name, span, value),
        }
    }

    fn give_object(&mut self, object: &js::ObjectExpression<'_>) {
        for property in &object.properties {
            match property {
                js::ObjectPropertyKind::ObjectProperty(property) => {
                    if let Some(name) = property.key.static_name() {
                        self.give_named(&name, self.span(&property.key), &property.value);
                    }
                }
                js::ObjectPropertyKind::SpreadProperty(spread) => {
                    if let Some((symbol, _)) = self.required(&spread.argument) {
                        let module = symbol.as_str().strip_suffix("::default").unwrap_or(symbol.as_str());
                        self.exports.stars.push(Symbol::new(module));
                    }
                }
            }
        }
    }

    fn give_named(&mut self, name: &str, span: Span, value: &js::Expression<'_>) {
        let symbol = self.module.name.join(name);
        let known = self.required(value).map(|(symbol, _)| symbol).or_else(|| match value {
            js::Expression::Identifier(value) => match self.names.value(value.name.as_str()) {
                Meaning::Global(symbol, _) => Some(symbol),
                Meaning::Local(_) => None,
            },
            _ => None,
        });
        match known {
            Some(known) => self.export(name, known),
            None => {
                self.export(name, symbol.clone());
                self.global_value(symbol, None, value, value.span());
            }
        }
        self.exports.common.push((Arc::from(name), span));
    }

    /// What an assignment sets of what the module gives.
    fn slot(&self, target: &js::AssignmentTarget<'_>) -> Option<Slot> {
        let js::AssignmentTarget::StaticMemberExpression(member) = target else {
            let js::AssignmentTarget::AssignmentTargetIdentifier(name) = target else { return None };
            return (name.name == "exports" && !self.names.is_declared("exports")).then_some(Slot::All);
        };
        if is_exports(&member.object) {
            let name = member.property.name.as_str();
            let span = self.span(&member.property);
            return Some(if name == "default" { Slot::All } else { Slot::Name(Arc::from(name), span) });
        }
        is_module_exports(&member.object, member.property.name.as_str()).then_some(Slot::All)
    }

    /// Says by which names others reach what the module gives.
    pub(super) fn finish_exports(&mut self) {
        let exports = std::mem::take(&mut self.exports);
        let module = self.module.name.clone();
        let entry = self.paths.entry().filter(|entry| *entry != module);
        let mut alias = |name: Symbol, target: Symbol| {
            if name != target {
                self.module.aliases.push(Alias { name, target: Type::Named(target, Vec::new()) });
            }
        };
        for (name, symbol) in &exports.named {
            alias(module.join(name), symbol.clone());
            if let Some(entry) = &entry {
                alias(entry.join(name), module.join(name));
            }
        }
        if let Some(default) = exports.named.get("default") {
            // `require("./client").create` where the module is a class with that name.
            alias(module.join("*"), default.join("*"));
        }
        for star in &exports.stars {
            alias(module.join("*"), star.join("*"));
            if let Some(entry) = &entry {
                alias(entry.join("*"), star.join("*"));
            }
        }
        if let Some(entry) = entry {
            alias(entry.join("*"), module.join("*"));
        }
        if let Some(package) =
            self.paths.package().map(|package| Symbol::new(&package.name)).filter(|_| self.uses_shorthand())
        {
            let shorthand = if package.as_str().is_empty() { Symbol::new(SHORTHAND) } else { package.join(SHORTHAND) };
            for folder in ["src", "app"] {
                self.module.aliases.push(Alias {
                    name: shorthand.join("*"),
                    target: Type::Named(package.join(folder).join("*"), Vec::new()),
                });
            }
            self.module
                .aliases
                .push(Alias { name: shorthand.join("*"), target: Type::Named(package.join("*"), Vec::new()) });
        }
        if !exports.named.contains_key("default") && !exports.common.is_empty() {
            self.give_together(&exports);
        }
    }

    /// Whether some import is written by the shorthand for the package's sources.
    fn uses_shorthand(&self) -> bool {
        ["\"@/", "'@/", "\"~/", "'~/"].iter().any(|mark| self.source.contains(mark))
    }

    /// What `require` gives of a module that puts names into `exports`: an object of them.
    fn give_together(&mut self, exports: &Exports) {
        let fields = exports.common.iter().filter_map(|(name, span)| {
            let symbol = exports.named.get(name)?.clone();
            let value = Expr { kind: ExprKind::Global(symbol), span: *span };
            Some(FieldInit { name: Some(Arc::clone(name)), name_span: *span, value })
        });
        let fields: Vec<FieldInit> = fields.collect();
        let Some(span) = fields.first().map(|field| field.name_span) else { return };
        let value = Expr { kind: ExprKind::Construct { ty: None, fields, spread: None }, span };
        let symbol = self.module.name.join("default");
        self.module.globals.push(Global { symbol, ty: Type::Unknown, value: Some(value), span });
    }
}

/// Whether an expression puts something into what the module gives.
pub(super) fn gives(node: &js::Expression<'_>) -> bool {
    let js::Expression::AssignmentExpression(assignment) = node else { return false };
    let js::AssignmentTarget::StaticMemberExpression(member) = &assignment.left else { return false };
    is_exports(&member.object) || is_module_exports(&member.object, member.property.name.as_str())
}

/// `exports`, or `module.exports`.
fn is_exports(node: &js::Expression<'_>) -> bool {
    match node {
        js::Expression::Identifier(name) => name.name == "exports",
        js::Expression::StaticMemberExpression(member) => {
            is_module_exports(&member.object, member.property.name.as_str())
        }
        _ => false,
    }
}

fn is_module_exports(object: &js::Expression<'_>, property: &str) -> bool {
    property == "exports" && matches!(object, js::Expression::Identifier(name) if name.name == "module")
}
