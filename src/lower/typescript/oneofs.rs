//! Oneofs of generated messages: unions of objects that a text tells apart.
//!
//! They have no field of their own on the wire. The union becomes an enum with a field for each member, and
//! the field that holds it is flattened.

use std::sync::Arc;

use oxc_ast::ast as js;

use super::Lowerer;
use super::typedecls::plain_field;
use crate::model::ir::{FieldDef, Symbol, Type, TypeDef, TypeKind};

/// What the text is called: by protoc-gen-es, ts-proto and protobuf-ts.
const TAGS: [&str; 3] = ["case", "$case", "oneofKind"];
/// What holds the member where it does not go by its own name.
const PAYLOAD: &str = "value";

impl Lowerer<'_> {
    /// The type of a property of a generated message that is a oneof, declared by the name that is given.
    pub(super) fn oneof(&mut self, symbol: &Symbol, node: &js::TSType<'_>) -> Option<Type> {
        let js::TSType::TSUnionType(union) = node else { return None };
        if !self.module.generated {
            return None;
        }
        let mut fields = Vec::new();
        for member in &union.types {
            match member {
                js::TSType::TSTypeLiteral(literal) => fields.extend(self.oneof_member(symbol, &literal.members)?),
                js::TSType::TSUndefinedKeyword(_) | js::TSType::TSNullKeyword(_) => {}
                _ => return None,
            }
        }
        let span = self.place(union.span);
        if fields.is_empty() {
            return None;
        }
        self.module.types.push(TypeDef {
            symbol: symbol.clone(),
            kind: TypeKind::Enum,
            params: Vec::new(),
            fields,
            supertypes: Vec::new(),
            annotations: Vec::new(),
            span,
        });
        Some(Type::Named(symbol.clone(), Vec::new()))
    }

    /// The fields of `{ case: "email"; value: Email }`: one, or none where no member is set. Objects without
    /// a tag are no oneof.
    fn oneof_member(&mut self, symbol: &Symbol, nodes: &[js::TSSignature<'_>]) -> Option<Vec<FieldDef>> {
        let Tag::Member(name) = nodes.iter().find_map(tagged)? else { return Some(Vec::new()) };
        let (held, annotation) = nodes.iter().find_map(|node| {
            let js::TSSignature::TSPropertySignature(property) = node else { return None };
            let key = property.key.static_name()?;
            (key == PAYLOAD || key == name).then_some((property, property.type_annotation.as_ref()?))
        })?;
        let ty = self.ty_named(&annotation.type_annotation, Some(&symbol.join(name)));
        let span = self.span(&held.key);
        Some(vec![plain_field(Arc::from(name), ty, span)])
    }
}

/// What tells the members of a oneof apart.
enum Tag<'n> {
    /// This one is set.
    Member(&'n str),
    /// None is.
    Nothing,
}

/// What a property says of which member is set, if that is what it is for.
fn tagged<'n>(node: &'n js::TSSignature<'_>) -> Option<Tag<'n>> {
    let js::TSSignature::TSPropertySignature(property) = node else { return None };
    let key = property.key.static_name()?;
    if !TAGS.contains(&&*key) {
        return None;
    }
    match &property.type_annotation.as_ref()?.type_annotation {
        js::TSType::TSLiteralType(literal) => match &literal.literal {
            js::TSLiteral::StringLiteral(text) => Some(Tag::Member(text.value.as_str())),
            _ => None,
        },
        js::TSType::TSUndefinedKeyword(_) => Some(Tag::Nothing),
        _ => None,
    }
}
