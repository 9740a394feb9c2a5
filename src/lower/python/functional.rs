//! Types that are made by calls: `TypedDict("X", {..})`, `namedtuple("X", ..)`, `NewType("X", T)`.

use std::sync::Arc;

use ruff_python_ast as ast;
use ruff_text_size::Ranged;

use super::Lowerer;
use super::names::Known;
use crate::model::ir::{Codec, FieldDef, Type, TypeDef, TypeKind, WireName};

impl Lowerer<'_> {
    /// Whether an assignment declares a type, which is then declared.
    pub(super) fn declares_type(&mut self, assign: &ast::StmtAssign) -> bool {
        let [ast::Expr::Name(name)] = assign.targets.as_slice() else { return false };
        let declared = match &*assign.value {
            ast::Expr::Call(call) => self.made_type(name, call),
            ast::Expr::Subscript(_) | ast::Expr::BinOp(_) => self.alias_of_types(name, &assign.value),
            _ => None,
        };
        declared.is_some()
    }

    fn made_type(&mut self, name: &ast::ExprName, call: &ast::ExprCall) -> Option<()> {
        let maker = self.path(&call.func)?;
        let args = &call.arguments.args[..];
        let symbol = self.inside.join(name.id.as_str());
        let fields = match (maker.name(), args) {
            ("TypedDict", [_, ast::Expr::Dict(entries), ..]) => {
                let entries = entries.items.iter().filter_map(|item| Some((item.key.as_ref()?, Some(&item.value))));
                self.made_fields(entries, true)
            }
            ("NamedTuple", [_, ast::Expr::List(entries), ..]) => {
                let entries = entries.elts.iter().filter_map(|entry| match entry {
                    ast::Expr::Tuple(pair) => Some((pair.elts.first()?, pair.elts.get(1))),
                    _ => None,
                });
                self.made_fields(entries, false)
            }
            ("namedtuple", [_, ast::Expr::List(names), ..]) => {
                self.made_fields(names.elts.iter().map(|name| (name, None)), false)
            }
            ("namedtuple", [_, text @ ast::Expr::StringLiteral(names), ..]) => {
                let names = names.value.to_str().split([',', ' ']).filter(|name| !name.is_empty());
                names.map(|name| self.made_field(name, text, Type::Unknown, false)).collect()
            }
            ("NewType", [_, target]) => {
                let target = self.ty(target);
                self.named_type(symbol, target);
                return Some(());
            }
            _ => return None,
        };
        let span = self.span(name);
        self.names.declare(name.id.as_str(), Known::Class(symbol.clone()));
        self.module.types.push(TypeDef {
            symbol,
            kind: TypeKind::Struct,
            params: Vec::new(),
            fields,
            supertypes: Vec::new(),
            annotations: Vec::new(),
            span,
        });
        Some(())
    }

    fn made_fields<'t>(
        &mut self,
        entries: impl Iterator<Item = (&'t ast::Expr, Option<&'t ast::Expr>)>,
        on_wire: bool,
    ) -> Vec<FieldDef> {
        let mut fields = Vec::new();
        for (key, annotation) in entries {
            if let ast::Expr::StringLiteral(name) = key {
                let ty = self.ty_or_unknown(annotation);
                fields.push(self.made_field(name.value.to_str(), key, ty, on_wire));
            }
        }
        fields
    }

    fn made_field(&self, name: &str, at: &impl Ranged, ty: Type, on_wire: bool) -> FieldDef {
        let name: Arc<str> = Arc::from(name);
        let wire = on_wire.then(|| WireName { codec: Codec::Json, name: Arc::clone(&name) });
        let wire = wire.into_iter().collect();
        FieldDef { name, wire, ty, flatten: false, skipped: false, annotations: Vec::new(), span: self.span(at) }
    }

    /// `Items = list[Item]`, `Answer = Ok | Failed`: only what can be nothing but a type.
    fn alias_of_types(&mut self, name: &ast::ExprName, value: &ast::Expr) -> Option<()> {
        let at_module = self.at_module() && super::exprs::is_class_name(name.id.as_str());
        let ty = if at_module { self.ty(value) } else { Type::Unknown };
        let symbol = self.inside.join(name.id.as_str());
        match ty {
            Type::List(_) | Type::Map(_) | Type::Optional(_) | Type::Tuple(_) | Type::Function(..) => {
                self.named_type(symbol, ty);
                Some(())
            }
            _ => None,
        }
    }
}
