//! What handlers take that say so by no type: the fields that they read of their requests.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::model::contract::ANY_METHOD;
use crate::model::ir::Symbol;
use crate::model::source::{ServiceId, Span};
use crate::model::usage::{AccessKind, Data, DataField, Facts, FieldName, Handler, Origin, Step};

/// Methods whose requests have a body.
const WITH_BODY: [&str; 4] = ["POST", "PUT", "PATCH", ANY_METHOD];

/// Fields of their requests that handlers read, with the way to each and where.
pub(super) type Received<'f> = BTreeMap<(Option<ServiceId>, &'f Symbol), Vec<(&'f [Step], &'f FieldName, Span)>>;

/// What all handlers read.
pub(super) fn received(facts: &Facts) -> Received<'_> {
    let mut received = Received::new();
    for access in facts.accesses.iter().filter(|access| access.kind == AccessKind::Read && !access.location.test) {
        let Some(name) = &access.field else { continue };
        for origin in &access.origins {
            if let Origin::Handler(handler, steps) = origin {
                let known = received.entry((access.location.service, handler)).or_default();
                known.push((steps, name, access.location.span));
            }
        }
    }
    received
}

/// The bodies that handlers of one operation take.
pub(super) fn taken(method: &str, handlers: &[&Handler], (service, received): (ServiceId, &Received<'_>)) -> Vec<Data> {
    let mut all = Vec::new();
    for handler in handlers {
        all.extend_from_slice(&handler.takes);
        if handler.takes.is_empty() && WITH_BODY.contains(&method) {
            let mut body = Body::default();
            let read = received.get(&(Some(service), &handler.function)).into_iter().flatten();
            read.for_each(|(steps, name, span)| body.grow(steps, (name, *span)));
            all.extend(Some(body.data()).filter(Data::has_fields));
        }
    }
    all
}

/// A body, or a part of one, by what is read of it.
#[derive(Default)]
struct Body<'f> {
    fields: BTreeMap<Arc<str>, (&'f FieldName, Span, Self)>,
    item: Option<Box<Self>>,
}

impl<'f> Body<'f> {
    /// Adds the field that is read where the steps lead to.
    fn grow(&mut self, steps: &'f [Step], (name, span): (&'f FieldName, Span)) {
        let at = steps.iter().fold(self, |at, step| match step {
            Step::Field(name) => at.field(name, span),
            Step::Element => at.item.get_or_insert_default(),
        });
        at.field(name, span);
    }

    /// A field, and the first place that reads it.
    fn field(&mut self, name: &'f FieldName, span: Span) -> &mut Self {
        let (_, first, field) = self.fields.entry(name.on_wire()).or_insert_with(|| (name, span, Self::default()));
        *first = span.min(*first);
        field
    }

    fn data(self) -> Data {
        if self.fields.is_empty() {
            return self.item.map_or(Data::Unknown, |item| Data::List(Box::new(item.data())));
        }
        let fields = self.fields.into_values();
        let fields = fields.map(|(name, span, field)| DataField { name: name.clone(), data: field.data(), span });
        Data::Made(fields.collect())
    }
}
