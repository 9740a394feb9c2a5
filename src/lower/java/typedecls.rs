//! Classes, records, enums, interfaces and annotation types.

use std::sync::Arc;

use tree_sitter::Node;

use super::annotations::Modifiers;
use super::lombok::Wanted;
use super::members::Body;
use super::names::Local;
use super::{Lowerer, declared, wire};
use crate::lower::tree::Field as _;
use crate::model::ir::{Expr, ExprKind, FieldDef, Global, Param, Symbol, Type, TypeDef, TypeKind};
use crate::model::source::Span;

/// A type whose body is open.
pub(super) struct Class {
    pub(super) symbol: Symbol,
    pub(super) ty: Type,
    /// The class that it extends.
    pub(super) parent: Option<Type>,
    /// The name in its declaration.
    pub(super) span: Span,
    pub(super) modifiers: Modifiers,
    pub(super) naming: wire::Naming,
}

impl<'t> Lowerer<'t> {
    /// A type declaration outside of functions; whether the node is one.
    pub(super) fn type_declaration(&mut self, node: Node<'t>) -> bool {
        if !declared::is_type(node) {
            return false;
        }
        let Some(name) = node.field("name") else { return true };
        let name = self.name(name);
        let symbol = self.names.class().map_or_else(|| self.names.own(&name), |class| class.join(&name));
        if self.deeper(|lowerer| lowerer.declare_type(node, symbol)).is_none() {
            self.fixme(node, Vec::new());
        }
        true
    }

    /// A type declared among statements: it is named after the class that it stands in.
    pub(super) fn local_type(&mut self, node: Node<'t>) {
        let Some(name) = node.field("name") else { return };
        let name = self.name(name);
        let symbol = self.names.class().map_or_else(|| self.names.own(&name), |class| class.join(&name));
        self.find_members(node, symbol.clone());
        self.names.declare(&name, Local::Type(symbol.clone()));
        self.declare_type(node, symbol);
    }

    fn declare_type(&mut self, node: Node<'t>, symbol: Symbol) {
        self.names.push_scope();
        let params = self.type_parameters(node);
        self.names.open(symbol.clone());
        let modifiers = self.modifiers(node);
        if modifiers.find("Generated").is_some_and(|found| found.name.as_str().contains("annotation")) {
            self.module.generated = true;
        }
        let parent = node.field("superclass").map(|parent| self.last_of(parent));
        let mut supertypes: Vec<Type> = parent.iter().cloned().collect();
        supertypes.extend(self.interfaces(node));
        let args = params.iter().cloned().map(Type::Parameter).collect();
        let span = node.field("name").map_or_else(|| self.span(node), |name| self.span(name));
        let naming = wire::Naming::of(&modifiers);
        let class = Class { ty: Type::Named(symbol.clone(), args), symbol, parent, span, modifiers, naming };
        let mut body = Body::default();
        let at = self.module.types.len();
        self.module.types.push(TypeDef {
            symbol: class.symbol.clone(),
            kind: kind_of(node),
            params,
            fields: Vec::new(),
            supertypes,
            annotations: class.modifiers.annotations.clone(),
            span,
        });
        self.parents.push(class.parent.clone().or_else(|| self.module.types.get(at)?.supertypes.first().cloned()));
        let components = self.components(node, &class, &mut body);
        for member in self.members_of(node) {
            self.member(member, &class, &mut body);
        }
        self.finish_body(&class, body, components, at, node.kind() == "record_declaration");
        self.parents.pop();
        self.names.close();
        self.names.pop_scope();
    }

    /// Fields and constructors of a type whose members have been read.
    fn finish_body(&mut self, class: &Class, mut body: Body, components: Vec<Param>, at: usize, is_record: bool) {
        wire::add_accessor_names(&mut body);
        if is_record {
            self.record_constructor(class, &mut body, components);
        } else {
            let wanted = Wanted::of(&class.modifiers);
            self.lombok(class, &mut body, wanted);
            self.constructors(class, &mut body);
        }
        if let Some(ty) = self.module.types.get_mut(at) {
            // An enum whose constants hold something is a type with fields.
            if ty.kind == TypeKind::Enum && !body.fields.is_empty() {
                ty.kind = TypeKind::Struct;
            }
            ty.fields = body.fields.into_iter().map(|field| field.def).collect();
        }
    }

    /// Interfaces of a class, or those that an interface extends.
    fn interfaces(&mut self, node: Node<'t>) -> Vec<Type> {
        let clause = node.field("interfaces").or_else(|| self.child_of_kind(node, "extends_interfaces"));
        let Some(list) = clause.and_then(|clause| self.child_of_kind(clause, "type_list")) else { return Vec::new() };
        self.children(list).into_iter().map(|ty| self.ty(ty)).collect()
    }

    /// The type in a clause such as `extends T`.
    fn last_of(&mut self, clause: Node<'t>) -> Type {
        self.children(clause).last().map(|ty| self.ty(*ty)).unwrap_or_default()
    }

    /// Components of a record: its fields, and the parameters of its constructor.
    fn components(&mut self, node: Node<'t>, class: &Class, body: &mut Body) -> Vec<Param> {
        let Some(list) = node.field("parameters") else { return Vec::new() };
        let mut params = Vec::new();
        for component in self.children(list) {
            let modifiers = self.modifiers(component);
            let Some(param) = self.parameter(component) else { continue };
            let Some(name) = component.field("name") else { continue };
            let (name, span) = (self.name(name), self.span(name));
            self.add_field(class, body, name, param.ty.clone(), modifiers, span);
            params.push(param);
        }
        params
    }

    /// A field of an object.
    pub(super) fn add_field(
        &mut self,
        class: &Class,
        body: &mut Body,
        name: Arc<str>,
        ty: Type,
        modifiers: Modifiers,
        span: Span,
    ) {
        let def = FieldDef {
            wire: wire::names(&name, &modifiers, class.naming),
            flatten: modifiers.has(&["JsonUnwrapped"]),
            skipped: modifiers.is_transient || wire::is_ignored(&modifiers),
            annotations: modifiers.annotations.clone(),
            name,
            ty,
            span,
        };
        body.fields.push(super::members::Field { def, modifiers, has_value: false });
    }

    /// A constant of an enum: what its constructor makes.
    pub(super) fn enum_constant(&mut self, node: Node<'t>, class: &Class) {
        let Some(name) = node.field("name") else { return };
        let symbol = class.symbol.join(self.text(name));
        let value = node.field("arguments").map(|list| {
            let args = self.arguments(list);
            let callee = Box::new(self.expr_at(name, ExprKind::Global(class.symbol.clone())));
            Expr { kind: ExprKind::Call { callee, type_args: Vec::new(), args }, span: self.span(node) }
        });
        self.module.globals.push(Global { symbol, ty: class.ty.clone(), value, span: self.span(name) });
    }
}

fn kind_of(node: Node<'_>) -> TypeKind {
    match node.kind() {
        "interface_declaration" | "annotation_type_declaration" => TypeKind::Interface,
        "enum_declaration" => TypeKind::Enum,
        _ => TypeKind::Struct,
    }
}
