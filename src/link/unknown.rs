//! Fields that are read of an answer whose contract does not have them.

use std::collections::BTreeSet;

use super::CallLinks;
use super::argument::on_wire;
use super::field::{Fields, Side};
use crate::model::contract::{Catalog, Shape};
use crate::model::map::{Confidence, UnknownField};
use crate::model::usage::{Access, AccessKind, CallId, Origin, Step};

/// Members that objects and lists have in some language, whatever they hold.
const OF_EVERYTHING: &[&str] = &[
    "length",
    "size",
    "count",
    "constructor",
    "prototype",
    "then",
    "catch",
    "finally",
    "toString",
    "valueOf",
    "toJSON",
    "hasOwnProperty",
    "keys",
    "values",
    "items",
    "entries",
    "get",
    "set",
    "has",
    "map",
    "flatMap",
    "forEach",
    "filter",
    "find",
    "reduce",
    "some",
    "every",
    "includes",
    "join",
    "slice",
    "concat",
    "push",
    "pop",
    "copy",
    "update",
    "getClass",
    "hashCode",
    "equals",
    "let",
    "also",
    "apply",
    "run",
    "takeIf",
];

/// Where a value stands in an answer.
type Held = (CallId, Vec<Step>);

/// What was found so far.
#[derive(Default)]
pub(super) struct Unknown {
    found: Vec<(Held, UnknownField)>,
    met: BTreeSet<Held>,
}

impl Unknown {
    /// Notes that an access has found its field: it is this message.
    pub(super) fn met(&mut self, access: &Access) {
        for origin in access.origins.iter().filter(|_| access.kind == AccessKind::Read && access.field.is_some()) {
            if let Origin::Response(call, steps) = origin {
                self.met.insert((*call, steps.clone()));
            }
        }
    }

    /// Notes an access that has found none, if the message is known that should have it: wherever the value came
    /// from, it is one of a contract.
    pub(super) fn add(&mut self, access: &Access, catalog: &Catalog, calls: &CallLinks, fields: &Fields<'_>) {
        let Some(name) = access.field.as_ref().filter(|_| access.kind == AccessKind::Read && !access.by_type) else {
            return;
        };
        let name = on_wire(name);
        if OF_EVERYTHING.contains(&name.as_str()) {
            return;
        }
        let mut found = Vec::new();
        for origin in &access.origins {
            let Origin::Response(call, steps) = origin else { return };
            let Some(link) = calls.get(*call).filter(|link| link.confidence >= Confidence::Likely) else { return };
            // What code answers may have more than it declares.
            if !catalog.is_promised(link.operation) {
                return;
            }
            let places = fields.places(catalog.operation(link.operation), Side::Response, steps);
            if places.is_empty() {
                return;
            }
            for place in places {
                let Shape::Message(message) = place.shape else { return };
                if place.failure {
                    return;
                }
                let field = UnknownField {
                    location: access.location.clone(),
                    operation: link.operation,
                    message: *message,
                    path: place.path,
                    name: name.clone(),
                    confidence: link.confidence,
                    beside: false,
                };
                found.push(((*call, steps.clone()), field));
            }
        }
        self.found.extend(found.into_iter().take(1));
    }

    /// All of them, by place.
    pub(super) fn fields(self) -> Vec<UnknownField> {
        let Self { found, met } = self;
        let mut fields: Vec<UnknownField> =
            found.into_iter().map(|(held, field)| UnknownField { beside: met.contains(&held), ..field }).collect();
        fields.sort_by(|a, b| (&a.location, &a.path, &a.name).cmp(&(&b.location, &b.path, &b.name)));
        fields
    }
}
