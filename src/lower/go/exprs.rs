//! Expressions.

use std::sync::Arc;

use tree_sitter::Node;

use super::names::Meaning;
use super::{Lowerer, MAX_DEPTH, literals, named_children};
use crate::model::ir::{Arg, Expr, ExprKind, FieldInit, Literal, Op, Symbol, Type};

/// An operator by its sign.
pub(super) fn op(sign: &str) -> Op {
    match sign {
        "+" => Op::Add,
        "-" => Op::Sub,
        "*" => Op::Mul,
        "/" => Op::Div,
        "==" => Op::Eq,
        "!=" => Op::Ne,
        "<" => Op::Lt,
        "<=" => Op::Le,
        ">" => Op::Gt,
        ">=" => Op::Ge,
        "&&" => Op::And,
        "||" => Op::Or,
        "!" => Op::Not,
        "<-" => Op::Receive,
        _ => Op::Other,
    }
}

impl Lowerer<'_> {
    /// Goes one level deeper; false where that is too deep. The caller goes back up.
    pub(super) fn deeper(&mut self) -> bool {
        if self.depth >= MAX_DEPTH {
            return false;
        }
        self.depth += 1;
        true
    }

    /// An expression.
    pub(super) fn expr(&mut self, node: Node<'_>) -> Expr {
        if !self.deeper() {
            self.fixme(node);
            return self.expr_at(node, ExprKind::Fixme(Vec::new()));
        }
        let kind = self.expr_kind(node);
        self.depth -= 1;
        self.expr_at(node, kind)
    }

    fn child(&mut self, node: Node<'_>, field: &str) -> Expr {
        match node.child_by_field_name(field) {
            Some(child) => self.expr(child),
            None => self.expr_at(node, ExprKind::Fixme(Vec::new())),
        }
    }

    fn boxed(&mut self, node: Node<'_>, field: &str) -> Box<Expr> {
        Box::new(self.child(node, field))
    }

    fn expr_kind(&mut self, node: Node<'_>) -> ExprKind {
        match node.kind() {
            "identifier" | "type_identifier" | "field_identifier" => self.identifier(node),
            "interpreted_string_literal" | "raw_string_literal" => {
                ExprKind::Literal(Literal::Str(Arc::from(literals::string(self.text(node)))))
            }
            "int_literal" => ExprKind::Literal(Literal::Int(literals::int(self.text(node)))),
            "float_literal" => {
                ExprKind::Literal(Literal::Float(self.text(node).replace('_', "").parse().unwrap_or_default()))
            }
            "rune_literal" => ExprKind::Literal(Literal::Str(Arc::from(self.text(node).trim_matches('\'')))),
            "imaginary_literal" | "iota" => ExprKind::Literal(Literal::Int(0)),
            "true" => ExprKind::Literal(Literal::Bool(true)),
            "false" => ExprKind::Literal(Literal::Bool(false)),
            "nil" => ExprKind::Literal(Literal::Null),
            "parenthesized_expression" | "literal_element" | "expression_list" | "variadic_argument" => {
                match named_children(node).as_slice() {
                    [single] => self.expr(*single).kind,
                    several => ExprKind::Tuple(several.iter().map(|item| self.expr(*item)).collect()),
                }
            }
            "selector_expression" => self.selector(node),
            "call_expression" => self.call(node),
            "index_expression" => {
                ExprKind::Index { base: self.boxed(node, "operand"), index: self.boxed(node, "index") }
            }
            "slice_expression" => self.child(node, "operand").kind,
            "type_assertion_expression" => {
                let ty = node.child_by_field_name("type").map(|ty| self.ty(ty)).unwrap_or_default();
                ExprKind::Cast(ty, self.boxed(node, "operand"))
            }
            "type_conversion_expression" => {
                let ty = node.child_by_field_name("type").map(|ty| self.ty(ty)).unwrap_or_default();
                ExprKind::Cast(ty, self.boxed(node, "operand"))
            }
            "type_instantiation_expression" => self.child(node, "type").kind,
            "composite_literal" => self.composite(node),
            "func_literal" => ExprKind::Lambda(Box::new(self.lambda(node))),
            "unary_expression" => self.unary(node),
            "binary_expression" => {
                let sign = node.child_by_field_name("operator").map_or("", |sign| self.text(sign));
                ExprKind::Binary(op(sign), self.boxed(node, "left"), self.boxed(node, "right"))
            }
            // Types stand where values do in `make`, `new` and conversions.
            "slice_type" | "map_type" | "array_type" | "pointer_type" | "qualified_type" | "generic_type"
            | "channel_type" | "function_type" | "interface_type" | "struct_type" => ExprKind::Fixme(Vec::new()),
            "literal_value" => ExprKind::List(named_children(node).into_iter().map(|item| self.expr(item)).collect()),
            _ => {
                self.fixme(node);
                ExprKind::Fixme(named_children(node).into_iter().map(|child| self.expr(child)).collect())
            }
        }
    }

    fn identifier(&mut self, node: Node<'_>) -> ExprKind {
        match self.names.resolve(self.text(node)) {
            Meaning::Local(name) => ExprKind::Local(name),
            Meaning::Global(symbol) => ExprKind::Global(symbol),
        }
    }

    /// `package.Name`, or a field or method of a value.
    fn selector(&mut self, node: Node<'_>) -> ExprKind {
        let (Some(operand), Some(field)) = (node.child_by_field_name("operand"), node.child_by_field_name("field"))
        else {
            return ExprKind::Fixme(Vec::new());
        };
        if operand.kind() == "identifier"
            && let Some(path) = self.names.imported(self.text(operand))
        {
            return ExprKind::Global(Symbol::new(format!("{path}::{}", self.text(field))));
        }
        let name = Arc::from(self.text(field));
        ExprKind::Member { base: Box::new(self.expr(operand)), name, name_span: self.span(field) }
    }

    fn call(&mut self, node: Node<'_>) -> ExprKind {
        let Some(function) = node.child_by_field_name("function") else { return ExprKind::Fixme(Vec::new()) };
        let args = node.child_by_field_name("arguments").map(named_children).unwrap_or_default();
        if let Some(kind) = self.builtin(function, &args) {
            return kind;
        }
        let mut type_args: Vec<Type> = node
            .child_by_field_name("type_arguments")
            .map(named_children)
            .unwrap_or_default()
            .into_iter()
            .map(|arg| self.ty(arg))
            .collect();
        let callee = match function.kind() {
            // `f[T](x)` reads like an index.
            "index_expression" if self.is_type_like(function) => {
                type_args.extend(function.child_by_field_name("index").map(|index| self.ty(index)));
                self.child(function, "operand")
            }
            "type_instantiation_expression" => {
                let parts = named_children(function);
                type_args.extend(parts.iter().skip(1).map(|arg| self.ty(*arg)));
                match parts.first() {
                    Some(base) => self.expr(*base),
                    None => self.expr(function),
                }
            }
            _ => self.expr(function),
        };
        let args = args.into_iter().map(|arg| Arg { name: None, value: self.expr(arg) }).collect();
        ExprKind::Call { callee: Box::new(callee), type_args, args }
    }

    /// Whether the index of a called expression is a type: the call of a generic function.
    fn is_type_like(&self, node: Node<'_>) -> bool {
        let (Some(operand), Some(index)) = (node.child_by_field_name("operand"), node.child_by_field_name("index"))
        else {
            return false;
        };
        let name = self.text(index);
        let base_is_function = match operand.kind() {
            "identifier" => !self.names.is_local(self.text(operand)),
            "selector_expression" => operand
                .child_by_field_name("operand")
                .is_some_and(|package| self.names.imported(self.text(package)).is_some()),
            _ => false,
        };
        base_is_function
            && !self.names.is_local(name)
            && !name.starts_with(|letter: char| letter.is_ascii_digit() || letter == '"')
    }

    /// Functions of the language, and conversions to its own types.
    fn builtin(&mut self, function: Node<'_>, args: &[Node<'_>]) -> Option<ExprKind> {
        if function.kind() != "identifier" {
            let converts = matches!(function.kind(), "slice_type" | "map_type" | "array_type" | "parenthesized_type");
            return converts.then(|| self.conversion(function, args));
        }
        let name = self.text(function);
        if self.names.is_local(name) {
            return None;
        }
        Some(match name {
            "new" => {
                let ty = args.first().map(|arg| self.ty(*arg));
                let made = Expr {
                    kind: ExprKind::Construct { ty, fields: Vec::new(), spread: None },
                    span: self.span(function),
                };
                ExprKind::Ref(Box::new(made))
            }
            "make" => match args.first().map(|arg| self.ty(*arg)) {
                Some(ty @ (Type::Map(_) | Type::Named(..))) => {
                    ExprKind::Construct { ty: Some(ty), fields: Vec::new(), spread: None }
                }
                Some(ty) => {
                    let empty = Expr { kind: ExprKind::List(Vec::new()), span: self.span(function) };
                    ExprKind::Cast(ty, Box::new(empty))
                }
                None => return None,
            },
            "panic" => ExprKind::Throw(args.iter().map(|arg| self.expr(*arg)).collect()),
            "string" | "bool" | "byte" | "rune" | "int" | "int8" | "int16" | "int32" | "int64" | "uint" | "uint8"
            | "uint16" | "uint32" | "uint64" | "float32" | "float64" | "any" => self.conversion(function, args),
            _ => return None,
        })
    }

    fn conversion(&mut self, ty: Node<'_>, args: &[Node<'_>]) -> ExprKind {
        let ty = self.ty(ty);
        match args.first() {
            // What is known of a text or number stays known.
            Some(arg) => ExprKind::Cast(ty, Box::new(self.expr(*arg))),
            None => ExprKind::Fixme(Vec::new()),
        }
    }

    fn unary(&mut self, node: Node<'_>) -> ExprKind {
        let sign = node.child_by_field_name("operator").map_or("", |sign| self.text(sign));
        let inner = self.boxed(node, "operand");
        match sign {
            "&" => ExprKind::Ref(inner),
            "*" => ExprKind::Deref(inner),
            "-" => ExprKind::Unary(Op::Neg, inner),
            sign => ExprKind::Unary(op(sign), inner),
        }
    }

    /// `T{..}`: a struct, list or map by its type.
    fn composite(&mut self, node: Node<'_>) -> ExprKind {
        let ty = node.child_by_field_name("type").map(|ty| self.ty(ty)).unwrap_or_default();
        match node.child_by_field_name("body") {
            Some(body) => self.literal_value(body, ty),
            None => ExprKind::Construct { ty: Some(ty), fields: Vec::new(), spread: None },
        }
    }

    fn literal_value(&mut self, body: Node<'_>, ty: Type) -> ExprKind {
        let elements = named_children(body);
        match &ty {
            Type::List(inner) => {
                let inner = (**inner).clone();
                let items = elements.into_iter().filter_map(|element| last_part(element));
                ExprKind::List(items.map(|item| self.element(item, &inner)).collect())
            }
            Type::Bytes => ExprKind::List(Vec::new()),
            _ => {
                let fields =
                    elements.into_iter().enumerate().map(|(at, element)| self.field(element, at, &ty)).collect();
                ExprKind::Construct { ty: Some(ty), fields, spread: None }
            }
        }
    }

    /// An element whose type may be left out: `[]T{{A: 1}, {A: 2}}`.
    fn element(&mut self, node: Node<'_>, ty: &Type) -> Expr {
        let inner =
            if node.kind() == "literal_element" { named_children(node).first().copied().unwrap_or(node) } else { node };
        if inner.kind() == "literal_value" && self.deeper() {
            let kind = self.literal_value(inner, ty.clone());
            self.depth -= 1;
            return self.expr_at(inner, kind);
        }
        self.expr(inner)
    }

    /// A field of a struct literal, or an entry of a map literal.
    fn field(&mut self, element: Node<'_>, at: usize, ty: &Type) -> FieldInit {
        let inner = match ty {
            Type::Map(inner) => (**inner).clone(),
            _ => Type::Unknown,
        };
        if element.kind() != "keyed_element" {
            let name = self.field_at(ty, at);
            let value = self.element(element, &Type::Unknown);
            return FieldInit { name, name_span: value.span, value };
        }
        let key = element.child_by_field_name("key").or_else(|| named_children(element).first().copied());
        let value = match last_part(element) {
            Some(value) => self.element(value, &inner),
            None => self.expr_at(element, ExprKind::Fixme(Vec::new())),
        };
        let key = key.map(|key| {
            if key.kind() == "literal_element" { named_children(key).first().copied().unwrap_or(key) } else { key }
        });
        let name = key.and_then(|key| self.key_name(key, ty));
        FieldInit { name, name_span: key.map_or(value.span, |key| self.span(key)), value }
    }

    /// The name that a key stands for: a field's name, or constant text.
    fn key_name(&self, key: Node<'_>, ty: &Type) -> Option<Arc<str>> {
        match key.kind() {
            "interpreted_string_literal" | "raw_string_literal" => Some(Arc::from(literals::string(self.text(key)))),
            "identifier" | "field_identifier" if !matches!(ty, Type::Map(_)) => Some(Arc::from(self.text(key))),
            _ => None,
        }
    }

    /// The field at a position of a struct that this file declares.
    fn field_at(&self, ty: &Type, at: usize) -> Option<Arc<str>> {
        let symbol = ty.symbol()?;
        let declared = self.module.types.iter().find(|declared| declared.symbol == *symbol)?;
        declared.fields.get(at).map(|field| Arc::clone(&field.name))
    }
}

/// The value of a keyed element, or the element itself.
fn last_part(element: Node<'_>) -> Option<Node<'_>> {
    if element.kind() != "keyed_element" {
        return Some(element);
    }
    element.child_by_field_name("value").or_else(|| named_children(element).last().copied())
}
