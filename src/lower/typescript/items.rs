//! Statements of a module or namespace: what it declares, and what runs when it is loaded.

use std::sync::Arc;

use oxc_ast::ast as js;
use oxc_span::GetSpan;

use super::Lowerer;
use super::exports::gives;
use super::names::Meaning;
use crate::model::ir::{Block, Expr, ExprKind, Func, Global, Pattern, StmtKind, Symbol, Type};

impl Lowerer<'_> {
    /// A whole file.
    pub(super) fn file(&mut self, program: &js::Program<'_>) {
        self.generated_from();
        let body = wrapped(&program.body).unwrap_or(&program.body);
        self.declare_items(body);
        self.items(body);
        self.finish_exports();
        self.module_function();
    }

    /// Names what the statements of a module or namespace declare, before anything is lowered.
    fn declare_items(&mut self, body: &[js::Statement<'_>]) {
        for statement in body {
            match statement {
                js::Statement::ImportDeclaration(import) => self.import(import),
                js::Statement::ExportNamedDeclaration(export) => {
                    if let Some(declaration) = &export.declaration {
                        self.declare_item(declaration);
                    }
                }
                js::Statement::ExportDefaultDeclaration(export) => match &export.declaration {
                    js::ExportDefaultDeclarationKind::FunctionDeclaration(function) => {
                        self.declare_named(function.id.as_ref(), false);
                    }
                    js::ExportDefaultDeclarationKind::ClassDeclaration(class) => {
                        self.declare_named(class.id.as_ref(), true);
                    }
                    js::ExportDefaultDeclarationKind::TSInterfaceDeclaration(interface) => {
                        self.declare_named(Some(&interface.id), true);
                    }
                    _ => {}
                },
                other => {
                    if let Some(declaration) = other.as_declaration() {
                        self.declare_item(declaration);
                    }
                }
            }
        }
    }

    fn declare_named(&mut self, id: Option<&js::BindingIdentifier<'_>>, has_names: bool) {
        if let Some(id) = id {
            let symbol = self.inside.join(id.name.as_str());
            self.names.name(id.name.as_str(), symbol, has_names);
        }
    }

    fn declare_item(&mut self, declaration: &js::Declaration<'_>) {
        match declaration {
            js::Declaration::FunctionDeclaration(function) => self.declare_named(function.id.as_ref(), false),
            js::Declaration::ClassDeclaration(class) => self.declare_named(class.id.as_ref(), true),
            js::Declaration::TSTypeAliasDeclaration(alias) => self.declare_named(Some(&alias.id), true),
            js::Declaration::TSInterfaceDeclaration(interface) => self.declare_named(Some(&interface.id), true),
            js::Declaration::TSEnumDeclaration(declared) => self.declare_named(Some(&declared.id), true),
            js::Declaration::TSModuleDeclaration(module) => {
                if let js::TSModuleDeclarationName::Identifier(id) = &module.id {
                    self.declare_named(Some(id), true);
                }
            }
            js::Declaration::TSImportEqualsDeclaration(import) => self.import_equals(import),
            js::Declaration::VariableDeclaration(variables) => {
                for variable in &variables.declarations {
                    let required = variable.init.as_ref().and_then(|init| self.required(init));
                    if let Some((symbol, has_names)) = required
                        && self.name_required(&variable.id, &symbol, has_names)
                    {
                        continue;
                    }
                    let is_class = matches!(variable.init, Some(js::Expression::ClassExpression(_)));
                    for name in variable.id.get_binding_identifiers() {
                        self.declare_named(Some(name), is_class);
                    }
                }
            }
            js::Declaration::TSGlobalDeclaration(_) => {}
        }
    }

    fn items(&mut self, body: &[js::Statement<'_>]) {
        for statement in body {
            match statement {
                js::Statement::ImportDeclaration(_) => {}
                js::Statement::ExportNamedDeclaration(export) => {
                    if let Some(declaration) = &export.declaration {
                        self.export_declared(declaration);
                        self.item(declaration);
                    }
                    self.export_names(export);
                }
                js::Statement::ExportAllDeclaration(export) => self.export_all(export),
                js::Statement::ExportDefaultDeclaration(export) => self.export_default(export),
                js::Statement::TSExportAssignment(export) => self.give_default(&export.expression),
                js::Statement::TSNamespaceExportDeclaration(_) => {}
                js::Statement::ExpressionStatement(statement) if self.common_export(&statement.expression) => {}
                js::Statement::ExpressionStatement(statement) if self.prototype_method(&statement.expression) => {}
                js::Statement::ExpressionStatement(statement) if self.undeclared_function(&statement.expression) => {}
                other => match other.as_declaration() {
                    Some(declaration) => self.item(declaration),
                    None => {
                        let mut stmts = std::mem::take(&mut self.statements);
                        // Blocks of the module have variables of their own.
                        self.scoped(|lowerer| lowerer.stmt(other, &mut stmts));
                        self.statements = stmts;
                    }
                },
            }
        }
    }

    /// `load = function () {..}` of a script that declares no `load`: whether a statement is that.
    fn undeclared_function(&mut self, node: &js::Expression<'_>) -> bool {
        let Some((name, value)) = undeclared(node).filter(|(name, _)| !self.names.is_declared(name)) else {
            return false;
        };
        let symbol = self.module.name.join(name);
        self.names.name(name, symbol.clone(), false);
        self.global_value(symbol, None, value, node.span());
        true
    }

    /// Remembers the names that an `export` gives, for those who import the package.
    fn export_declared(&mut self, declaration: &js::Declaration<'_>) {
        let names: Vec<Arc<str>> = match declaration {
            js::Declaration::VariableDeclaration(variables) => {
                let names = variables.declarations.iter().flat_map(|variable| variable.id.get_binding_identifiers());
                names.map(|name| Arc::from(name.name.as_str())).collect()
            }
            other => other.id().map(|id| Arc::from(id.name.as_str())).into_iter().collect(),
        };
        for name in names {
            let symbol = self.inside.join(&name);
            if self.inside == self.module.name {
                self.export(&name, symbol);
            }
        }
    }

    fn item(&mut self, declaration: &js::Declaration<'_>) {
        match declaration {
            js::Declaration::FunctionDeclaration(function) => {
                if let Some(id) = &function.id {
                    self.function_item(self.inside.join(id.name.as_str()), function);
                }
            }
            js::Declaration::ClassDeclaration(class) => {
                if let Some(id) = &class.id {
                    self.class(self.inside.join(id.name.as_str()), class);
                }
            }
            js::Declaration::TSTypeAliasDeclaration(alias) => self.type_alias(alias),
            js::Declaration::TSInterfaceDeclaration(interface) => self.interface(interface),
            js::Declaration::TSEnumDeclaration(declared) => self.enumeration(declared),
            js::Declaration::TSModuleDeclaration(module) => self.namespace(module),
            js::Declaration::VariableDeclaration(variables) => {
                variables.declarations.iter().for_each(|variable| self.global_variable(variable));
            }
            js::Declaration::TSGlobalDeclaration(_) | js::Declaration::TSImportEqualsDeclaration(_) => {}
        }
    }

    /// `namespace A { .. }`.
    fn namespace(&mut self, node: &js::TSModuleDeclaration<'_>) {
        let name = match &node.id {
            js::TSModuleDeclarationName::Identifier(id) => id.name.as_str(),
            // What is said of a module of others.
            js::TSModuleDeclarationName::StringLiteral(_) => return,
        };
        let symbol = self.inside.join(name);
        self.deeper(|lowerer| {
            lowerer.inside(symbol, |lowerer| match &node.body {
                Some(js::TSModuleDeclarationBody::TSModuleBlock(block)) => lowerer.scoped(|lowerer| {
                    lowerer.declare_items(&block.body);
                    lowerer.items(&block.body);
                }),
                Some(js::TSModuleDeclarationBody::TSModuleDeclaration(inner)) => lowerer.namespace(inner),
                None => {}
            });
        });
    }

    /// `const a = ..` of a module.
    fn global_variable(&mut self, node: &js::VariableDeclarator<'_>) {
        self.described_service(node);
        if let Some(init) = &node.init
            && let Some((symbol, _)) = self.required(init)
            && !matches!(node.id, js::BindingPattern::ArrayPattern(_))
        {
            // It is named; what it is loaded for alone needs no variable.
            if !matches!(&node.id, js::BindingPattern::ObjectPattern(object) if object.rest.is_some()) {
                return;
            }
            let _ = symbol;
        }
        let ty = node.type_annotation.as_ref().map(|annotation| self.ty(&annotation.type_annotation));
        match (&node.id, &node.init) {
            (js::BindingPattern::BindingIdentifier(id), Some(init)) => {
                self.global_value(self.inside.join(id.name.as_str()), ty, init, id.span);
            }
            (js::BindingPattern::BindingIdentifier(id), None) => {
                let symbol = self.inside.join(id.name.as_str());
                let span = self.place(id.span);
                self.module.globals.push(Global { symbol, ty: ty.unwrap_or_default(), value: None, span });
            }
            (pattern, Some(init)) => self.global_parts(pattern, ty.unwrap_or_default(), init),
            (_, None) => {}
        }
    }

    /// A name of the module with its value: a function, class or schema is declared as what it is.
    pub(super) fn global_value(
        &mut self,
        symbol: Symbol,
        ty: Option<Type>,
        init: &js::Expression<'_>,
        name: oxc_span::Span,
    ) {
        let name_span = self.place(name);
        match init {
            js::Expression::ArrowFunctionExpression(arrow) => {
                let func = self.arrow_func(symbol, arrow, name_span, ty);
                self.module.funcs.push(func);
            }
            js::Expression::FunctionExpression(function) => {
                let func = self.func(symbol, None, function, name_span);
                self.module.funcs.push(func);
            }
            js::Expression::ClassExpression(class) => self.class(symbol, class),
            _ => {
                self.schema(&symbol, init);
                let value = self.scoped(|lowerer| lowerer.inside(symbol.clone(), |lowerer| lowerer.expr(init)));
                let ty = ty.or_else(|| cast_type(&value)).unwrap_or_default();
                self.module.globals.push(Global { symbol, ty, value: Some(value), span: name_span });
            }
        }
    }

    /// `const { a, b: [c] } = ..` of a module: each name is a part of one value.
    fn global_parts(&mut self, pattern: &js::BindingPattern<'_>, ty: Type, init: &js::Expression<'_>) {
        let value = self.scoped(|lowerer| lowerer.expr(init));
        let span = value.span;
        let whole = self.inside.join(&format!("<value {}>", span.start));
        self.module.globals.push(Global { symbol: whole.clone(), ty, value: Some(value), span });
        let names: Vec<(Arc<str>, oxc_span::Span)> = (pattern.get_binding_identifiers().into_iter())
            .map(|name| (Arc::from(name.name.as_str()), name.span))
            .collect();
        for (name, name_span) in names {
            let name_span = self.place(name_span);
            let lowered: Pattern = self.scoped(|lowerer| lowerer.pattern(pattern));
            let stmt = |kind| crate::model::ir::Stmt { kind, span };
            let part = Block {
                stmts: vec![stmt(StmtKind::Let {
                    pattern: lowered,
                    ty: None,
                    value: Some(Expr { kind: ExprKind::Global(whole.clone()), span }),
                    otherwise: None,
                })],
                tail: Some(Box::new(Expr { kind: ExprKind::Local(Arc::clone(&name)), span: name_span })),
            };
            let value = Expr { kind: ExprKind::Block(part), span };
            let symbol = self.inside.join(&name);
            self.module.globals.push(Global { symbol, ty: Type::Unknown, value: Some(value), span: name_span });
        }
    }

    /// `Client.prototype.get = function () { .. }`, `Client.create = () => ..`: whether a statement is that.
    fn prototype_method(&mut self, node: &js::Expression<'_>) -> bool {
        let js::Expression::AssignmentExpression(assignment) = node else { return false };
        let js::AssignmentTarget::StaticMemberExpression(member) = &assignment.left else { return false };
        let (holder, is_method) = match &member.object {
            js::Expression::StaticMemberExpression(inner) if inner.property.name == "prototype" => {
                (&inner.object, true)
            }
            other => (other, false),
        };
        let js::Expression::Identifier(holder) = holder else { return false };
        let Meaning::Global(owner, _) = self.names.value(holder.name.as_str()) else { return false };
        if owner.parent() != self.module.name.as_str() || !(is_method || self.is_type(&owner)) {
            return false;
        }
        let symbol = owner.join(member.property.name.as_str());
        let name_span = self.span(&member.property);
        let mut func = match &assignment.right {
            js::Expression::FunctionExpression(function) => self.func(symbol, None, function, name_span),
            js::Expression::ArrowFunctionExpression(arrow) => self.arrow_func(symbol, arrow, name_span, None),
            _ => return false,
        };
        self.make_class(&owner);
        func.owner = Some(Type::Named(owner, Vec::new()));
        func.receiver = is_method.then(|| Arc::from(super::THIS));
        self.module.funcs.push(func);
        true
    }

    fn is_type(&self, symbol: &Symbol) -> bool {
        self.module.types.iter().any(|ty| ty.symbol == *symbol)
    }

    /// The function that runs when the module is loaded.
    fn module_function(&mut self) {
        let stmts = std::mem::take(&mut self.statements);
        let (Some(first), Some(last)) = (stmts.first(), stmts.last()) else { return };
        let span = first.span.to(last.span);
        self.module.funcs.push(Func {
            symbol: self.module.name.join("<module>"),
            owner: None,
            implements: None,
            receiver: None,
            type_params: Vec::new(),
            params: Vec::new(),
            ret: Type::Unknown,
            annotations: Vec::new(),
            property: false,
            body: Some(Block { stmts, tail: None }),
            span,
            name_span: span,
            test: self.module.test,
        });
    }
}

/// The type that a value is said to be of: `{} as T`.
fn cast_type(value: &Expr) -> Option<Type> {
    match &value.kind {
        ExprKind::Cast(ty, _) => Some(ty.clone()),
        _ => None,
    }
}

/// The name and the function in `name = function () {..}`.
fn undeclared<'n, 'p>(node: &'n js::Expression<'p>) -> Option<(&'n str, &'n js::Expression<'p>)> {
    let js::Expression::AssignmentExpression(assignment) = node else { return None };
    let js::AssignmentTarget::AssignmentTargetIdentifier(name) = &assignment.left else { return None };
    let is_function =
        matches!(assignment.right, js::Expression::FunctionExpression(_) | js::Expression::ArrowFunctionExpression(_));
    is_function.then(|| (name.name.as_str(), &assignment.right))
}

/// The statements of a module that are wrapped into a function to have a scope of their own, as was usual before modules had
/// one: `(function () { ... module.exports = app; })();`
fn wrapped<'b, 'a>(body: &'b [js::Statement<'a>]) -> Option<&'b [js::Statement<'a>]> {
    let [js::Statement::ExpressionStatement(only)] = body else { return None };
    // Called outside of the parentheses or inside, or by `.call(this)`.
    let js::Expression::CallExpression(call) = only.expression.get_inner_expression() else { return None };
    let callee = match call.callee.get_inner_expression() {
        js::Expression::StaticMemberExpression(member) if member.property.name == "call" => {
            member.object.get_inner_expression()
        }
        callee => callee,
    };
    let inner: &[js::Statement<'_>] = match callee {
        js::Expression::FunctionExpression(function) if function.params.items.is_empty() => {
            &function.body.as_ref()?.statements
        }
        js::Expression::ArrowFunctionExpression(function)
            if function.params.items.is_empty() && !function.expression =>
        {
            &function.body.statements
        }
        _ => return None,
    };
    let gives = |statement: &js::Statement<'_>| match statement {
        js::Statement::ExpressionStatement(statement) => gives(&statement.expression),
        _ => false,
    };
    inner.iter().any(gives).then_some(inner)
}
