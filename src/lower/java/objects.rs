//! Objects that are made: `new`, with or without a body.

use std::sync::Arc;

use tree_sitter::Node;

use super::Lowerer;
use super::names::Local;
use crate::lower::tree::Field as _;
use crate::model::ir::{Block, Expr, ExprKind, FieldInit, Lambda, Stmt, StmtKind, Type};

impl<'t> Lowerer<'t> {
    /// `new T(args)`, `new T(args) { members }`.
    pub(super) fn creation(&mut self, node: Node<'t>) -> Expr {
        let Some(ty_node) = node.field("type") else { return self.fixme(node, Vec::new()) };
        if let Some(body) = self.child_of_kind(node, "class_body") {
            let ty = self.ty(ty_node);
            return self.anonymous(node, body, ty);
        }
        let symbol = self.type_name(ty_node);
        let type_args = match self.child_of_kind(ty_node, "type_arguments") {
            Some(list) => self.type_arguments(list),
            None => Vec::new(),
        };
        let args = node.field("arguments").map(|list| self.arguments(list)).unwrap_or_default();
        if let Some(made) = self.made_of_library(&symbol, &args) {
            return self.expr_at(node, made);
        }
        let callee = Box::new(self.expr_at(ty_node, ExprKind::Global(symbol)));
        self.expr_at(node, ExprKind::Call { callee, type_args, args })
    }

    /// What the IR has itself: empty lists and maps, copies of them, references.
    fn made_of_library(&self, symbol: &crate::model::ir::Symbol, args: &[crate::model::ir::Arg]) -> Option<ExprKind> {
        use super::known::{Meaning, meaning};
        let given = args.first().map(|arg| arg.value.clone());
        match (meaning(symbol.as_str())?, given) {
            // A capacity is no element.
            (Meaning::List, Some(Expr { kind: ExprKind::Literal(_), .. }) | None) => Some(ExprKind::List(Vec::new())),
            (Meaning::Map, Some(Expr { kind: ExprKind::Literal(_), .. }) | None) => {
                Some(ExprKind::Construct { ty: None, fields: Vec::new(), spread: None })
            }
            (Meaning::List | Meaning::Map | Meaning::Wrapper | Meaning::Str, Some(given)) => Some(given.kind),
            _ => None,
        }
    }

    /// An object of a class without a name: a function for each method. Its fields are variables around
    /// it, and `this` is that of the method it stands in, which is whose members it mostly uses.
    fn anonymous(&mut self, node: Node<'t>, body: Node<'t>, ty: Type) -> Expr {
        self.scoped(|lowerer| {
            let members = lowerer.children(body);
            let mut stmts = Vec::new();
            for member in &members {
                lowerer.anonymous_field(*member, &mut stmts);
            }
            let mut fields = Vec::new();
            for member in members {
                match member.kind() {
                    "method_declaration" => fields.extend(lowerer.anonymous_method(member)),
                    "field_declaration" => {}
                    "block" => {
                        // `new HashMap<>() {{ put(..); }}`
                        let block = lowerer.block(member);
                        let block = lowerer.expr_at(member, ExprKind::Block(block));
                        stmts.push(lowerer.stmt_at(member, StmtKind::Expr(block)));
                    }
                    _ if super::declared::is_type(member) => lowerer.local_type(member),
                    _ => {
                        lowerer.fixme(member, Vec::new());
                    }
                }
            }
            let made = ExprKind::Construct { ty: Some(ty), fields, spread: None };
            let made = lowerer.expr_at(node, made);
            if stmts.is_empty() {
                return made;
            }
            lowerer.expr_at(node, ExprKind::Block(Block { stmts, tail: Some(Box::new(made)) }))
        })
    }

    fn anonymous_field(&mut self, member: Node<'t>, stmts: &mut Vec<Stmt>) {
        if member.kind() != "field_declaration" {
            return;
        }
        for declarator in self.fields_of(member, "declarator") {
            let Some(name) = declarator.field("name") else { continue };
            let ty = self.declared_ty(member, declarator);
            let value = declarator.field("value").map(|value| self.expr(value));
            let pattern = self.bind(name);
            let kind = StmtKind::Let { pattern, ty: Some(ty), value, otherwise: None };
            stmts.push(self.stmt_at(declarator, kind));
        }
    }

    fn anonymous_method(&mut self, member: Node<'t>) -> Option<FieldInit> {
        let name_node = member.field("name")?;
        let name: Arc<str> = self.name(name_node);
        let lambda = self.scoped(|lowerer| {
            for parameter in lowerer.type_parameters(member) {
                lowerer.names.declare(&parameter, Local::Parameter);
            }
            let params = lowerer.parameters(member);
            let ret = lowerer.declared_ty(member, member);
            let body = member.field("body").map(|body| lowerer.function_body(body));
            Lambda { params, ret, body: body.unwrap_or_default() }
        });
        let value = self.expr_at(member, ExprKind::Lambda(Box::new(lambda)));
        Some(FieldInit { name: Some(name), name_span: self.span(name_node), value })
    }
}
