//! Types: those that are written, and those that are declared.

use std::sync::Arc;

use tree_sitter::Node;

use super::names::Meaning;
use super::{Lowerer, field_children, literals, named_children};
use crate::model::ir::{Alias, FieldDef, Func, Symbol, Type, TypeDef, TypeKind};

impl Lowerer<'_> {
    /// A type as it is written. Pointers are left out.
    pub(super) fn ty(&mut self, node: Node<'_>) -> Type {
        if !self.deeper() {
            return Type::Unknown;
        }
        let ty = self.ty_inner(node);
        self.depth -= 1;
        ty
    }

    fn ty_inner(&mut self, node: Node<'_>) -> Type {
        let child = |name: &str| node.child_by_field_name(name);
        match node.kind() {
            "type_identifier" | "identifier" => self.type_name(node),
            "qualified_type" => self.qualified_type(node),
            "generic_type" => {
                let args = child("type_arguments").map(named_children).unwrap_or_default();
                let args = args.into_iter().map(|arg| self.ty(arg)).collect();
                match child("type").map(|base| self.ty(base)) {
                    Some(Type::Named(symbol, _)) => Type::Named(symbol, args),
                    other => other.unwrap_or_default(),
                }
            }
            "type_elem" | "pointer_type" | "parenthesized_type" => match named_children(node).as_slice() {
                [single] => self.ty(*single),
                _ => Type::Unknown,
            },
            "slice_type" | "array_type" | "implicit_length_array_type" => match child("element") {
                Some(element) if self.text(element) == "byte" => Type::Bytes,
                Some(element) => Type::List(Box::new(self.ty(element))),
                None => Type::Unknown,
            },
            "map_type" => Type::Map(Box::new(child("value").map(|value| self.ty(value)).unwrap_or_default())),
            "channel_type" => Type::List(Box::new(child("value").map(|value| self.ty(value)).unwrap_or_default())),
            "function_type" => {
                let params = child("parameters").map(|params| self.param_types(params)).unwrap_or_default();
                Type::Function(params, Box::new(self.result(node)))
            }
            "interface_type" if named_children(node).is_empty() => Type::Dynamic,
            "struct_type" => self.anonymous_struct(node),
            _ => Type::Unknown,
        }
    }

    fn type_name(&self, node: Node<'_>) -> Type {
        let name = self.text(node);
        if self.names.is_type_param(name) {
            return Type::Parameter(Arc::from(name));
        }
        match name {
            "string" | "rune" => Type::Str,
            "bool" => Type::Bool,
            "error" => Type::Named(Symbol::new("builtin::error"), Vec::new()),
            "any" => Type::Dynamic,
            "byte" | "int" | "int8" | "int16" | "int32" | "int64" | "uint" | "uint8" | "uint16" | "uint32"
            | "uint64" | "uintptr" | "float32" | "float64" | "complex64" | "complex128" => Type::Number,
            _ => match self.names.resolve(name) {
                Meaning::Local(_) => self.named(name),
                Meaning::Global(symbol) => Type::Named(symbol, Vec::new()),
            },
        }
    }

    fn qualified_type(&self, node: Node<'_>) -> Type {
        let (Some(package), Some(name)) = (node.child_by_field_name("package"), node.child_by_field_name("name"))
        else {
            return Type::Unknown;
        };
        match self.names.imported(self.text(package)) {
            Some(path) => Type::Named(Symbol::new(format!("{path}::{}", self.text(name))), Vec::new()),
            None => Type::Unknown,
        }
    }

    /// Types of a parameter list, one for each name.
    fn param_types(&mut self, list: Node<'_>) -> Vec<Type> {
        let mut types = Vec::new();
        for param in named_children(list) {
            let Some(ty) = param.child_by_field_name("type").map(|ty| self.ty(ty)) else { continue };
            let names = field_children(param, "name").len().max(1);
            types.extend(std::iter::repeat_n(ty, names));
        }
        types
    }

    /// What a function gives. A last result of type `error` makes it a result; errors themselves are
    /// left out.
    pub(super) fn result(&mut self, function: Node<'_>) -> Type {
        let Some(node) = function.child_by_field_name("result") else { return Type::Unit };
        let mut types = if node.kind() == "parameter_list" { self.param_types(node) } else { vec![self.ty(node)] };
        let fails = types.last().and_then(Type::symbol).is_some_and(|symbol| symbol.as_str() == "builtin::error");
        if fails {
            types.pop();
        }
        let value = match types.len() {
            0 => Type::Unit,
            1 => types.swap_remove(0),
            _ => Type::Tuple(types),
        };
        if fails { Type::Result(Box::new(value)) } else { value }
    }

    /// A struct without a name gets one from its place.
    fn anonymous_struct(&mut self, node: Node<'_>) -> Type {
        let symbol = self.names.package().join(&format!(
            "struct@{}:{}",
            node.start_position().row + 1,
            node.start_position().column + 1
        ));
        let fields = self.fields(node);
        if fields.is_empty() {
            return Type::Unknown;
        }
        let span = self.span(node);
        self.module.types.push(TypeDef {
            symbol: symbol.clone(),
            kind: TypeKind::Struct,
            params: Vec::new(),
            supertypes: embedded(&fields),
            fields,
            span,
        });
        Type::Named(symbol, Vec::new())
    }

    /// `type Name struct { .. }`, `type Name interface { .. }`, `type Name = Other`, `type Name Other`.
    pub(super) fn type_declaration(&mut self, node: Node<'_>) {
        for spec in named_children(node) {
            let (Some(name), Some(ty)) = (spec.child_by_field_name("name"), spec.child_by_field_name("type")) else {
                continue;
            };
            let symbol = self.names.package().join(self.text(name));
            let params = self.type_params(spec);
            self.names.push_type_params(&params);
            match ty.kind() {
                "struct_type" => {
                    let fields = self.fields(ty);
                    let span = self.span(name);
                    self.module.types.push(TypeDef {
                        symbol,
                        kind: TypeKind::Struct,
                        params,
                        supertypes: embedded(&fields),
                        fields,
                        span,
                    });
                }
                "interface_type" => self.interface(symbol, params, name, ty),
                _ if spec.kind() == "type_alias" => {
                    let target = self.ty(ty);
                    self.module.aliases.push(Alias { name: symbol, target });
                }
                // A defined type has methods of its own, and the fields of what it is defined by.
                _ => {
                    let target = self.ty(ty);
                    let span = self.span(name);
                    let supertypes = if target.symbol().is_some() { vec![target] } else { Vec::new() };
                    self.module.types.push(TypeDef {
                        symbol,
                        kind: TypeKind::Struct,
                        params,
                        fields: Vec::new(),
                        supertypes,
                        span,
                    });
                }
            }
            self.names.pop_type_params();
        }
    }

    /// Names of the type parameters of a declaration.
    pub(super) fn type_params(&self, node: Node<'_>) -> Vec<Arc<str>> {
        let Some(list) = node.child_by_field_name("type_parameters") else { return Vec::new() };
        let names = named_children(list).into_iter().flat_map(|param| field_children(param, "name"));
        names.map(|name| Arc::from(self.text(name))).collect()
    }

    fn fields(&mut self, node: Node<'_>) -> Vec<FieldDef> {
        let mut fields = Vec::new();
        let lists = named_children(node).into_iter().filter(|child| child.kind() == "field_declaration_list");
        for declaration in lists.flat_map(named_children) {
            let Some(ty_node) = declaration.child_by_field_name("type") else { continue };
            let ty = self.ty(ty_node);
            let tag = declaration.child_by_field_name("tag").map(|tag| literals::tag(self.text(tag)));
            let names = field_children(declaration, "name");
            let embedded = names.is_empty();
            let tag = tag.unwrap_or(literals::Tag { unnamed: true, ..literals::Tag::default() });
            let mut add = |name: &str, node: Node<'_>, span| {
                let _ = node;
                fields.push(FieldDef {
                    name: Arc::from(name),
                    wire: tag.wire.clone(),
                    ty: ty.clone(),
                    flatten: embedded && tag.unnamed,
                    skipped: tag.skipped,
                    span,
                });
            };
            if embedded {
                let name = ty.symbol().map(|symbol| symbol.name().to_owned()).unwrap_or_default();
                add(&name, ty_node, self.span(ty_node));
            }
            for name in names {
                add(self.text(name), name, self.span(name));
            }
        }
        fields
    }

    fn interface(&mut self, symbol: Symbol, params: Vec<Arc<str>>, name: Node<'_>, node: Node<'_>) {
        let mut supertypes = Vec::new();
        let owner = Type::Named(symbol.clone(), Vec::new());
        for element in named_children(node) {
            match element.kind() {
                "method_elem" | "method_spec" => {
                    let Some(method) = element.child_by_field_name("name") else { continue };
                    let params =
                        element.child_by_field_name("parameters").map(|list| self.params(list)).unwrap_or_default();
                    let ret = self.result(element);
                    let (span, name_span) = (self.span(element), self.span(method));
                    self.module.funcs.push(Func {
                        symbol: symbol.join(self.text(method)),
                        owner: Some(owner.clone()),
                        implements: None,
                        receiver: Some(Arc::from("_")),
                        type_params: Vec::new(),
                        params,
                        ret,
                        annotations: Vec::new(),
                        body: None,
                        span,
                        name_span,
                        test: self.module.test,
                    });
                }
                "type_elem" | "type_identifier" | "qualified_type" => supertypes.push(self.ty(element)),
                _ => {}
            }
        }
        supertypes.retain(|ty| ty.symbol().is_some());
        let span = self.span(name);
        self.module.types.push(TypeDef {
            symbol,
            kind: TypeKind::Interface,
            params,
            fields: Vec::new(),
            supertypes,
            span,
        });
    }
}

/// Types that a struct embeds: their methods are its own.
fn embedded(fields: &[FieldDef]) -> Vec<Type> {
    let is_embedded = |field: &&FieldDef| field.ty.symbol().is_some_and(|symbol| symbol.name() == &*field.name);
    fields.iter().filter(is_embedded).map(|field| field.ty.clone()).collect()
}
