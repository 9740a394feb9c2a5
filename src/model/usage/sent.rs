//! What client code sends in bodies, value by value.

use std::sync::Arc;

use super::{CallId, FieldName, Step};
use crate::model::source::Span;

/// A value that stands in the code.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Constant {
    /// A truth value.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A number with a fraction, in thousandths.
    Thousandths(i64),
    /// Text.
    Text(Arc<str>),
}

/// As people write it in code.
impl std::fmt::Display for Constant {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Bool(value) => write!(f, "{value}"),
            Self::Int(number) => write!(f, "{number}"),
            Self::Thousandths(number) => {
                let (whole, rest) = (number.unsigned_abs() / 1_000, number.unsigned_abs() % 1_000);
                let sign = if *number < 0 { "-" } else { "" };
                let rest = format!("{rest:03}");
                let rest = rest.trim_end_matches('0');
                write!(f, "{sign}{whole}.{}", if rest.is_empty() { "0" } else { rest })
            }
            Self::Text(text) => write!(f, "\"{text}\""),
        }
    }
}

/// A part of what a call sends as its body. One call may send several bodies: a helper that is given them
/// by its callers.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct BodyPart {
    /// The call.
    pub call: CallId,
    /// The way to it from the body.
    pub steps: Vec<Step>,
    /// Where it is set; none for a whole body.
    pub span: Option<Span>,
    /// What is sent there.
    pub what: PartValue,
}

/// What is known of a part of a body.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PartValue {
    /// One of these; never empty.
    Scalar(Vec<Constant>),
    /// An object.
    Object(SentObject),
}

/// An object that is put together by the code.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct SentObject {
    /// Fields that are set, and where.
    pub set: Vec<(FieldName, Span)>,
    /// Further fields that its type has, which may be sent with a default.
    pub declared: Vec<FieldName>,
    /// Nothing else is sent: no part of it came from elsewhere.
    pub whole: bool,
}
