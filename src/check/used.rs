//! What an edge uses, and who uses it.

use crate::model::contract::Marks;
use crate::model::map::{Edge, EdgeKind};
use crate::model::usage::AccessKind;

use super::context::Context;

/// The element of a contract that a consumer calls, reads or writes.
#[derive(Clone, Debug)]
pub struct Used<'a> {
    /// What the consumer does with it: `calls`, `reads`, `writes`.
    pub verb: &'static str,
    /// The same of something that is done to it: `called`, `read`, `written`.
    pub done: &'static str,
    /// Its name for people.
    pub name: String,
    /// Its name in fingerprints.
    pub subject: String,
    /// What the contract says of it.
    pub marks: &'a Marks,
}

impl<'a> Context<'a> {
    /// What an edge uses; none for a message that is passed on as a whole, which names no element.
    #[must_use]
    pub fn used(&self, edge: &Edge) -> Option<Used<'a>> {
        let head = self.head();
        let (verb, done) = match edge.kind {
            EdgeKind::Call => ("calls", "called"),
            EdgeKind::Access(AccessKind::Read) => ("reads", "read"),
            EdgeKind::Access(AccessKind::Write) => ("writes", "written"),
            EdgeKind::Access(AccessKind::Whole) => return None,
        };
        if edge.kind == EdgeKind::Call {
            let operation = head.operation(edge.operation?);
            let subject = self.operation_subject(head, operation);
            return Some(Used { verb, done, name: operation.key.clone(), subject, marks: &operation.marks });
        }
        let field = edge.field?;
        let (name, subject) = (head.field_name(field), self.field_subject(head, field));
        Some(Used { verb, done, name, subject, marks: &head.field(field).marks })
    }

    /// Whether an edge is the dependency of a consumer, in code of its own.
    #[must_use]
    pub fn is_own(&self, edge: &Edge) -> bool {
        !edge.foreign && !self.is_foreign(edge.location.span.file) && self.is_consumer(self.head(), edge)
    }

    /// Dependencies of consumers in code of their own, without test code that is not looked at.
    pub fn uses(&self) -> impl Iterator<Item = &'a Edge> {
        self.map().edges.iter().filter(|edge| self.is_own(edge) && !self.is_hidden_test(&edge.location))
    }
}
