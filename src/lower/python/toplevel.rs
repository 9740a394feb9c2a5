//! The module itself: its names, its variables, and the statements that run when it is loaded.

use std::sync::Arc;

use ruff_python_ast as ast;
use ruff_text_size::TextRange;

use super::assigned::{Assigned, Mentioned};
use super::names::{Known, Names};
use super::{Constant, Function, Lowerer, span_of};
use crate::model::ir::{Block, Expr, Func, Global, Stmt, Symbol, Type};

impl Lowerer<'_> {
    /// A whole file.
    pub(super) fn file(&mut self, body: &[ast::Stmt]) {
        self.names_of_module(body);
        let stmts = self.in_function(Function::default(), |lowerer| {
            let mut stmts = lowerer.locals_of_module(body);
            lowerer.statements(body, &mut stmts);
            stmts
        });
        self.module_function(stmts);
    }

    /// Names that functions may use before the statement that declares them.
    fn names_of_module(&mut self, body: &[ast::Stmt]) {
        self.declarations(body);
        for name in Assigned::of(body).names() {
            let symbol = self.module.name.join(name);
            self.names.declare_global(name, Known::Global(symbol));
        }
    }

    /// Imports, functions and classes, also those that are declared on a condition only.
    fn declarations(&mut self, body: &[ast::Stmt]) {
        let declared = self.deeper(|lowerer| {
            for stmt in body {
                lowerer.declaration(stmt);
            }
        });
        debug_assert!(declared.is_some() || self.depth > 0, "the first level is always read");
    }

    fn declaration(&mut self, stmt: &ast::Stmt) {
        match stmt {
            ast::Stmt::Import(import) => self.import(import),
            ast::Stmt::ImportFrom(import) => self.import_from(import),
            ast::Stmt::FunctionDef(def) => {
                let symbol = self.module.name.join(def.name.as_str());
                self.names.declare_global(def.name.as_str(), Known::Function(symbol));
            }
            ast::Stmt::ClassDef(def) => {
                let symbol = self.module.name.join(def.name.as_str());
                self.names.declare_global(def.name.as_str(), Known::Class(symbol));
            }
            ast::Stmt::Assign(assign) => self.constant(assign),
            ast::Stmt::If(choice) => {
                self.declarations(&choice.body);
                choice.elif_else_clauses.iter().for_each(|clause| self.declarations(&clause.body));
            }
            ast::Stmt::Try(attempt) => {
                self.declarations(&attempt.body);
                for ast::ExceptHandler::ExceptHandler(handler) in &attempt.handlers {
                    self.declarations(&handler.body);
                }
                self.declarations(&attempt.orelse);
            }
            ast::Stmt::With(with) => self.declarations(&with.body),
            _ => {}
        }
    }

    /// `NAME = "text"`; `T = TypeVar("T")` declares a type parameter.
    fn constant(&mut self, assign: &ast::StmtAssign) {
        let [ast::Expr::Name(name)] = assign.targets.as_slice() else { return };
        match &*assign.value {
            ast::Expr::StringLiteral(text) => {
                let symbol = self.module.name.join(name.id.as_str());
                let constant = Constant { text: Arc::from(text.value.to_str()) };
                self.constants.entry(symbol).or_insert(constant);
            }
            ast::Expr::Call(call) => {
                let made = self.path(&call.func);
                if made.is_some_and(|symbol| matches!(symbol.name(), "TypeVar" | "ParamSpec" | "TypeVarTuple")) {
                    self.names.declare_global(name.id.as_str(), Known::Parameter);
                }
            }
            _ => {}
        }
    }

    /// Variables that only the statements of the module itself use, inside an `if` or loop: they are
    /// the locals of its function. All others are globals.
    fn locals_of_module(&mut self, body: &[ast::Stmt]) -> Vec<Stmt> {
        let assigned = Assigned::of(body);
        let nested = assigned.nested();
        if nested.is_empty() {
            return Vec::new();
        }
        let mentioned = Mentioned::by_functions(body);
        let is_variable = |names: &Names, name: &str| matches!(names.global(name), Some(Known::Global(_)));
        let variables = nested.into_iter().filter(|name| is_variable(&self.names, name));
        let (shared, own): (Vec<&str>, Vec<&str>) = variables.partition(|name| mentioned.contains(name));
        for name in shared {
            self.global(name, TextRange::default(), Type::Unknown, None);
        }
        own.into_iter().map(|name| self.hoisted(name)).collect()
    }

    /// A variable of the module, or a constant of the class that is open.
    pub(super) fn global(&mut self, name: &str, at: TextRange, ty: Type, value: Option<Expr>) {
        let symbol = self.inside.join(name);
        self.module.globals.push(Global { symbol, ty, value, span: span_of(self.file, at) });
    }

    /// The function that runs when the module is loaded.
    fn module_function(&mut self, stmts: Vec<Stmt>) {
        let span = match (stmts.first(), stmts.last()) {
            (Some(first), Some(last)) => first.span.to(last.span),
            _ => return,
        };
        let symbol: Symbol = self.module.name.join("<module>");
        self.module.funcs.push(Func {
            symbol,
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
