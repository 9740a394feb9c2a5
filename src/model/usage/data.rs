//! What handlers take and answer, as far as code tells: the shapes of contracts that nobody wrote.

use std::sync::Arc;

use super::FieldName;
use crate::model::source::Span;

/// What a value looks like on the wire.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Data {
    /// Not known.
    #[default]
    Unknown,
    /// Text.
    Text,
    /// A number.
    Number,
    /// A truth value.
    Bool,
    /// Items of one sort.
    List(Box<Self>),
    /// Values of one sort under keys that code does not name.
    Map(Box<Self>),
    /// A declared type.
    Declared(RecordId),
    /// An object that is put together on the spot.
    Made(Vec<DataField>),
}

/// A record of [`Facts::records`](super::Facts::records).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RecordId(pub u32);

/// A declared type whose values travel.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Record {
    /// Its simple name.
    pub name: Arc<str>,
    /// What travels of it, what it extends first.
    pub fields: Vec<DataField>,
    /// The name in its declaration.
    pub span: Span,
}

/// A field of what travels.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DataField {
    /// Its name, in the source and on the wire.
    pub name: FieldName,
    /// What it holds.
    pub data: Data,
    /// Where it is declared or set.
    pub span: Span,
}

impl Data {
    /// Whether anything in it has fields.
    #[must_use]
    pub fn has_fields(&self) -> bool {
        match self {
            Self::Declared(_) => true,
            Self::Made(fields) => !fields.is_empty(),
            Self::List(inner) | Self::Map(inner) => inner.has_fields(),
            Self::Unknown | Self::Text | Self::Number | Self::Bool => false,
        }
    }

    /// Calls `act` with every id of a record in it.
    pub fn each_record(&mut self, act: &mut impl FnMut(&mut RecordId)) {
        match self {
            Self::Declared(id) => act(id),
            Self::List(inner) | Self::Map(inner) => inner.each_record(act),
            Self::Made(fields) => fields.iter_mut().for_each(|field| field.data.each_record(act)),
            Self::Unknown | Self::Text | Self::Number | Self::Bool => {}
        }
    }
}

/// An annotation on a handler, or on a type or field of what it takes and answers, as marks are told by.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Note {
    /// `@Deprecated` for an annotation, in every language; `deprecated` for an argument of one that says so.
    pub key: Arc<str>,
    /// The text that it is given.
    pub value: Option<Arc<str>>,
    /// Where it stands.
    pub span: Span,
}
