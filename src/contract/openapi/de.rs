//! Values of a document for serde: how `openapiv3` reads them, without a copy in between.

use serde::de::value::{MapDeserializer, SeqDeserializer};
use serde::de::{Deserializer, Error as _, IntoDeserializer, Visitor};
use serde::forward_to_deserialize_any;
use serde_json::{Error, Number, Value};

use super::node::Node;
use crate::document::Kind;

/// Lists and mappings inside each other that one typed piece may have: its types recurse.
const MAX_DEPTH: u8 = 100;

/// What a member of a piece is given: a value of the document, or one that stands in for it.
#[derive(Clone, Copy, Debug)]
pub(super) enum Given<'a> {
    /// From the document.
    Node(&'a Node<'a>),
    /// Not from the document.
    Filler(&'a Value),
}

/// A value on its way into a type.
#[derive(Clone, Debug)]
pub(super) struct Typed<'a> {
    node: Node<'a>,
    depth: u8,
}

/// Either of the two, for serde.
#[derive(Debug)]
pub(super) enum Source<'a> {
    Node(Typed<'a>),
    Filler(&'a Value),
}

impl<'a> IntoDeserializer<'a, Error> for Given<'a> {
    type Deserializer = Source<'a>;

    fn into_deserializer(self) -> Source<'a> {
        match self {
            Self::Node(node) => Source::Node(Typed { node: node.clone(), depth: MAX_DEPTH }),
            Self::Filler(value) => Source::Filler(value),
        }
    }
}

impl<'a> IntoDeserializer<'a, Error> for Typed<'a> {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

/// Hands every way of reading on to the one that a source has.
macro_rules! delegate {
    ($($method:ident($($argument:ident: $kind:ty),*);)*) => {
        $(fn $method<V: Visitor<'de>>(self, $($argument: $kind,)* visitor: V) -> Result<V::Value, Error> {
            match self {
                Self::Node(node) => node.$method($($argument,)* visitor),
                Self::Filler(value) => value.$method($($argument,)* visitor),
            }
        })*
    };
}

impl<'de> Deserializer<'de> for Source<'de> {
    type Error = Error;

    delegate! {
        deserialize_any();
        deserialize_option();
        deserialize_newtype_struct(name: &'static str);
        deserialize_enum(name: &'static str, variants: &'static [&'static str]);
        deserialize_ignored_any();
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit
        unit_struct seq tuple tuple_struct map struct identifier
    }
}

impl Typed<'_> {
    fn inner(&self) -> Result<u8, Error> {
        self.depth.checked_sub(1).ok_or_else(|| Error::custom("it nests too deeply"))
    }
}

impl<'de> Deserializer<'de> for Typed<'de> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        let node = &self.node;
        match node.kind() {
            Kind::Null | Kind::Alias => visitor.visit_unit(),
            Kind::True => visitor.visit_bool(true),
            Kind::False => visitor.visit_bool(false),
            Kind::Text => visitor.visit_borrowed_str(node.written().unwrap_or_default()),
            Kind::Number => number(node.as_number(), visitor),
            Kind::List => {
                let depth = self.inner()?;
                let items = node.items().map(|node| Typed { node, depth });
                visitor.visit_seq(SeqDeserializer::new(items))
            }
            Kind::Map => {
                let depth = self.inner()?;
                let members = node.members().map(|(key, node)| (key, Typed { node, depth }));
                visitor.visit_map(MapDeserializer::new(members))
            }
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        if self.node.is_null() { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        match self.node.as_str() {
            Some(text) => text.into_deserializer().deserialize_enum(name, variants, visitor),
            None => Err(Error::custom("a text is expected here")),
        }
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_unit()
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit
        unit_struct seq tuple tuple_struct map struct identifier
    }
}

fn number<'de, V: Visitor<'de>>(number: Option<Number>, visitor: V) -> Result<V::Value, Error> {
    let Some(number) = number else { return visitor.visit_unit() };
    if let Some(number) = number.as_u64() {
        return visitor.visit_u64(number);
    }
    if let Some(number) = number.as_i64() {
        return visitor.visit_i64(number);
    }
    visitor.visit_f64(number.as_f64().unwrap_or_default())
}
