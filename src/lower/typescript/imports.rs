//! What a module imports, in all ways of doing so.

use oxc_ast::ast as js;

use super::Lowerer;
use crate::model::ir::Symbol;

/// Functions that compilers put around `require` so that a module has a default.
const INTEROP: [&str; 6] = [
    "__importDefault",
    "__importStar",
    "_interopRequireDefault",
    "_interopRequireWildcard",
    "__toESM",
    "_interopDefault",
];

impl Lowerer<'_> {
    /// `import a, { b as c } from "x"`, `import * as d from "x"`.
    pub(super) fn import(&mut self, node: &js::ImportDeclaration<'_>) {
        let target = self.paths.resolve(node.source.value.as_str());
        for specifier in node.specifiers.iter().flatten() {
            let (local, symbol, has_names) = match specifier {
                js::ImportDeclarationSpecifier::ImportSpecifier(named) => {
                    let name = export_name(&named.imported);
                    let symbol = self.exported_by(&target.symbol, target.is_own, name);
                    (&named.local, symbol, !target.is_own)
                }
                js::ImportDeclarationSpecifier::ImportDefaultSpecifier(default) => {
                    let symbol = self.exported_by(&target.symbol, target.is_own, "default");
                    (&default.local, symbol, !target.is_own)
                }
                js::ImportDeclarationSpecifier::ImportNamespaceSpecifier(all) => {
                    (&all.local, target.symbol.clone(), true)
                }
            };
            self.names.name(local.name.as_str(), symbol, has_names);
        }
    }

    /// `import a = require("x")`, `import a = b.c`.
    pub(super) fn import_equals(&mut self, node: &js::TSImportEqualsDeclaration<'_>) {
        let symbol = match &node.module_reference {
            js::TSModuleReference::ExternalModuleReference(reference) => {
                let target = self.paths.resolve(reference.expression.value.as_str());
                self.exported_by(&target.symbol, target.is_own, "default")
            }
            js::TSModuleReference::IdentifierReference(name) => self.type_symbol(name.name.as_str()),
            js::TSModuleReference::QualifiedName(name) => self.qualified(name),
            js::TSModuleReference::ThisExpression(_) => return,
        };
        self.names.name(node.id.name.as_str(), symbol, true);
    }

    /// What a module gives under a name. What a package of others gives by default is the package.
    pub(super) fn exported_by(&self, module: &Symbol, is_own: bool, name: &str) -> Symbol {
        if name == "default" && !is_own { module.clone() } else { module.join(name) }
    }

    /// What an expression that loads a module stands for, and whether its members are names:
    /// `require("x")`, `await import("x")`, `require("x").y`, and what compilers make of them.
    pub(super) fn required(&self, node: &js::Expression<'_>) -> Option<(Symbol, bool)> {
        match node {
            js::Expression::CallExpression(call) => self.required_by(call),
            js::Expression::ImportExpression(import) => {
                let target = self.paths.resolve(fixed_text(&import.source)?);
                Some((target.symbol, true))
            }
            js::Expression::AwaitExpression(inner) => self.required(&inner.argument),
            js::Expression::StaticMemberExpression(member) => {
                let (symbol, _) = self.required(&member.object)?;
                let symbol = as_namespace(symbol);
                let is_own = self.is_own_module(&symbol);
                Some((self.exported_by(&symbol, is_own, member.property.name.as_str()), !is_own))
            }
            _ => None,
        }
    }

    /// What a call loads: `require("x")`, and what compilers put around it.
    pub(super) fn required_by(&self, call: &js::CallExpression<'_>) -> Option<(Symbol, bool)> {
        let name = match &call.callee {
            js::Expression::Identifier(callee) => callee.name.as_str(),
            js::Expression::StaticMemberExpression(member) => member.property.name.as_str(),
            _ => return None,
        };
        if INTEROP.contains(&name) {
            let inner = call.arguments.first()?.as_expression()?;
            return self.required(inner).map(|(symbol, _)| (as_namespace(symbol), true));
        }
        let is_require = matches!(call.callee, js::Expression::Identifier(_)) && name == "require";
        if !is_require || self.names.is_declared("require") {
            return None;
        }
        let target = self.paths.resolve(fixed_text(call.arguments.first()?.as_expression()?)?);
        Some((self.exported_by(&target.symbol, target.is_own, "default"), !target.is_own))
    }

    /// Whether a name stands for a module of this workspace.
    pub(super) fn is_own_module(&self, symbol: &Symbol) -> bool {
        symbol.as_str().contains("::") || self.paths.resolve(symbol.as_str()).is_own
    }

    /// Names the parts of what is loaded: `const { a, b: c } = require("x")`. Whether that is all that
    /// the pattern does.
    pub(super) fn name_required(&mut self, pattern: &js::BindingPattern<'_>, symbol: &Symbol, has_names: bool) -> bool {
        match pattern {
            js::BindingPattern::BindingIdentifier(name) => {
                self.names.name(name.name.as_str(), symbol.clone(), has_names);
                true
            }
            js::BindingPattern::ObjectPattern(object) => {
                let module = as_namespace(symbol.clone());
                let is_own = self.is_own_module(&module);
                object.properties.iter().fold(object.rest.is_none(), |all, property| {
                    let name = property.key.static_name().map(|name| self.exported_by(&module, is_own, &name));
                    let named = name.is_some_and(|symbol| self.name_required(&property.value, &symbol, !is_own));
                    all && named
                })
            }
            js::BindingPattern::AssignmentPattern(pattern) => self.name_required(&pattern.left, symbol, has_names),
            js::BindingPattern::ArrayPattern(_) => false,
        }
    }
}

/// The module itself, of what it gives by default: `CommonJS` makes no difference.
fn as_namespace(symbol: Symbol) -> Symbol {
    if symbol.name() == "default" && !symbol.parent().is_empty() { Symbol::new(symbol.parent()) } else { symbol }
}

/// A name in an import or export.
pub(super) fn export_name<'n>(name: &'n js::ModuleExportName<'_>) -> &'n str {
    match name {
        js::ModuleExportName::IdentifierName(name) => name.name.as_str(),
        js::ModuleExportName::IdentifierReference(name) => name.name.as_str(),
        js::ModuleExportName::StringLiteral(name) => name.value.as_str(),
    }
}

/// Text without holes.
pub(super) fn fixed_text<'n>(node: &'n js::Expression<'_>) -> Option<&'n str> {
    match node {
        js::Expression::StringLiteral(text) => Some(text.value.as_str()),
        js::Expression::TemplateLiteral(template) if template.expressions.is_empty() => {
            template.quasis.first()?.value.cooked.as_ref().map(oxc_span::Atom::as_str)
        }
        _ => None,
    }
}
