//! Which names a function, or the module, gives values to: they are its own throughout.

use std::collections::{BTreeMap, BTreeSet};

use ruff_python_ast as ast;
use ruff_python_ast::visitor::{Visitor, walk_expr, walk_stmt};

/// Names by the order in which they are first given a value.
#[derive(Default)]
pub(super) struct Assigned<'t> {
    names: BTreeMap<&'t str, Place>,
    /// Names that are said to be those of the module or of an outer function.
    foreign: BTreeSet<&'t str>,
    depth: usize,
    count: usize,
}

/// Where a name is first given a value.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Place {
    at: usize,
    /// Inside an `if`, a loop or the like, so that it must exist before.
    nested: bool,
}

impl<'t> Assigned<'t> {
    /// What the statements of one function give values to.
    pub(super) fn of(body: &'t [ast::Stmt]) -> Self {
        let mut assigned = Self::default();
        assigned.body(body);
        assigned
    }

    /// All names, in the order of the text.
    pub(super) fn names(&self) -> Vec<&'t str> {
        self.in_order(|_| true)
    }

    /// Those that are first given a value inside a block.
    pub(super) fn nested(&self) -> Vec<&'t str> {
        self.in_order(|place| place.nested)
    }

    fn in_order(&self, keep: impl Fn(&Place) -> bool) -> Vec<&'t str> {
        let own = self.names.iter().filter(|(name, place)| keep(place) && !self.foreign.contains(*name));
        let mut own: Vec<_> = own.map(|(name, place)| (place.at, *name)).collect();
        own.sort_unstable();
        own.into_iter().map(|(_, name)| name).collect()
    }

    fn add(&mut self, name: &'t str) {
        let place = Place { at: self.count, nested: self.depth > 0 };
        self.count += 1;
        self.names.entry(name).or_insert(place);
    }

    fn body(&mut self, body: &'t [ast::Stmt]) {
        body.iter().for_each(|stmt| self.visit_stmt(stmt));
    }

    fn block(&mut self, body: &'t [ast::Stmt]) {
        self.depth += 1;
        self.body(body);
        self.depth -= 1;
    }

    fn target(&mut self, target: &'t ast::Expr) {
        match target {
            ast::Expr::Name(name) => self.add(name.id.as_str()),
            ast::Expr::Tuple(items) => items.elts.iter().for_each(|item| self.target(item)),
            ast::Expr::List(items) => items.elts.iter().for_each(|item| self.target(item)),
            ast::Expr::Starred(inner) => self.target(&inner.value),
            _ => {}
        }
    }
}

impl<'t> Visitor<'t> for Assigned<'t> {
    fn visit_stmt(&mut self, stmt: &'t ast::Stmt) {
        match stmt {
            // They have names of their own.
            ast::Stmt::FunctionDef(_) | ast::Stmt::ClassDef(_) => {}
            ast::Stmt::Assign(assign) => {
                self.visit_expr(&assign.value);
                assign.targets.iter().for_each(|target| self.target(target));
            }
            ast::Stmt::AugAssign(assign) => self.target(&assign.target),
            ast::Stmt::AnnAssign(assign) => {
                assign.value.iter().for_each(|value| self.visit_expr(value));
                self.target(&assign.target);
            }
            ast::Stmt::Global(names) => self.foreign.extend(names.names.iter().map(ast::Identifier::as_str)),
            ast::Stmt::Nonlocal(names) => self.foreign.extend(names.names.iter().map(ast::Identifier::as_str)),
            ast::Stmt::If(_) | ast::Stmt::Try(_) | ast::Stmt::Match(_) | ast::Stmt::While(_) => {
                self.depth += 1;
                walk_stmt(self, stmt);
                self.depth -= 1;
            }
            ast::Stmt::For(each) => {
                self.visit_expr(&each.iter);
                self.block(&each.body);
                self.block(&each.orelse);
            }
            ast::Stmt::With(with) => {
                self.depth += 1;
                for item in &with.items {
                    self.visit_expr(&item.context_expr);
                    item.optional_vars.iter().for_each(|target| self.target(target));
                }
                self.body(&with.body);
                self.depth -= 1;
            }
            _ => walk_stmt(self, stmt),
        }
    }

    fn visit_expr(&mut self, expr: &'t ast::Expr) {
        match expr {
            ast::Expr::Named(named) => {
                self.depth += 1;
                self.target(&named.target);
                self.depth -= 1;
                self.visit_expr(&named.value);
            }
            ast::Expr::Lambda(_) => {}
            _ => walk_expr(self, expr),
        }
    }
}

/// Names that functions and methods mention.
#[derive(Default)]
pub(super) struct Mentioned<'t> {
    names: BTreeSet<&'t str>,
    functions: usize,
}

impl<'t> Mentioned<'t> {
    /// Names that the functions below some statements mention.
    pub(super) fn by_functions(body: &'t [ast::Stmt]) -> BTreeSet<&'t str> {
        let mut mentioned = Self::default();
        body.iter().for_each(|stmt| mentioned.visit_stmt(stmt));
        mentioned.names
    }
}

impl<'t> Visitor<'t> for Mentioned<'t> {
    fn visit_stmt(&mut self, stmt: &'t ast::Stmt) {
        let is_function = matches!(stmt, ast::Stmt::FunctionDef(_) | ast::Stmt::ClassDef(_));
        self.functions += usize::from(is_function);
        if let ast::Stmt::Global(names) = stmt {
            self.names.extend(names.names.iter().map(ast::Identifier::as_str));
        }
        walk_stmt(self, stmt);
        self.functions -= usize::from(is_function);
    }

    fn visit_expr(&mut self, expr: &'t ast::Expr) {
        match expr {
            ast::Expr::Name(name) if self.functions > 0 => {
                self.names.insert(name.id.as_str());
            }
            _ => walk_expr(self, expr),
        }
    }
}
