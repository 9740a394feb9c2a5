//! On which side of a contract a service is, told by the messages it can meet there.

use std::collections::{BTreeMap, BTreeSet};

use super::field::Side;
use crate::model::contract::{Body, Catalog, MessageId, Operation, OperationId};
use crate::model::map::Role;
use crate::model::source::ServiceId;
use crate::model::usage::AccessKind;

/// The messages that one side of some operations can hold.
#[derive(Debug, Default)]
struct Reach {
    messages: BTreeMap<MessageId, Source>,
}

/// The operations whose data can hold a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Source {
    One(OperationId),
    Several,
}

/// What a service calls and provides.
#[derive(Debug, Default)]
struct Part {
    called: Sides,
    provided: Sides,
}

#[derive(Debug, Default)]
struct Sides {
    request: Reach,
    response: Reach,
}

/// What an access means that was found by its type alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Standing {
    /// The side.
    pub role: Role,
    /// The operation, if only one comes into question.
    pub operation: Option<OperationId>,
    /// An operation that the service calls or provides has the message at all.
    pub met: bool,
}

/// The part that every service plays.
#[derive(Debug, Default)]
pub(super) struct Roles {
    parts: BTreeMap<Option<ServiceId>, Part>,
}

/// Operations by service.
pub(super) type ByService = BTreeMap<Option<ServiceId>, BTreeSet<OperationId>>;

impl Roles {
    /// Follows the messages of all operations that services call and provide.
    pub(super) fn new(catalog: &Catalog, called: &ByService, provided: &ByService) -> Self {
        let mut roles = Self::default();
        for (service, operations) in called {
            roles.parts.entry(*service).or_default().called = Sides::new(catalog, operations);
        }
        for (service, operations) in provided {
            roles.parts.entry(*service).or_default().provided = Sides::new(catalog, operations);
        }
        roles
    }

    /// The role of code that reads or writes a message it is not seen to get from anywhere.
    pub(super) fn standing(&self, service: Option<ServiceId>, message: MessageId, kind: AccessKind) -> Standing {
        let unmet = Standing { role: Role::Consumer, operation: None, met: false };
        let Some(part) = self.parts.get(&service) else { return unmet };
        let find = |sides: &Sides, side, role| {
            let source = sides.side(side).messages.get(&message)?;
            let operation = match source {
                Source::One(operation) => Some(*operation),
                Source::Several => None,
            };
            Some(Standing { role, operation, met: true })
        };
        let (natural, other) = match kind {
            AccessKind::Read | AccessKind::Whole => (Side::Response, Side::Request),
            AccessKind::Write => (Side::Request, Side::Response),
        };
        find(&part.called, natural, Role::Consumer)
            // A handler reads requests and writes responses.
            .or_else(|| find(&part.provided, other, Role::Provider))
            .or_else(|| find(&part.provided, natural, Role::Provider))
            .or_else(|| find(&part.called, other, Role::Consumer))
            .unwrap_or(unmet)
    }
}

impl Sides {
    fn new(catalog: &Catalog, operations: &BTreeSet<OperationId>) -> Self {
        Self {
            request: Reach::new(catalog, operations, Side::Request),
            response: Reach::new(catalog, operations, Side::Response),
        }
    }

    const fn side(&self, side: Side) -> &Reach {
        match side {
            Side::Request => &self.request,
            Side::Response => &self.response,
        }
    }
}

impl Reach {
    /// Follows the fields of all messages at once. A message is looked at when it is first met and
    /// once more when a second operation turns out to have it: linear in the size of the catalog.
    fn new(catalog: &Catalog, operations: &BTreeSet<OperationId>, side: Side) -> Self {
        let mut reach = Self::default();
        let mut open: Vec<(MessageId, Source)> = Vec::new();
        for id in operations {
            let Some(operation) = catalog.operations.get(id.index()) else { continue };
            let messages = bodies(operation, side).flat_map(|body| body.shape.messages());
            open.extend(messages.map(|message| (message, Source::One(*id))));
        }
        while let Some((message, source)) = open.pop() {
            let merged = match reach.messages.get(&message) {
                None => source,
                Some(known) if *known == source || *known == Source::Several => continue,
                Some(_) => Source::Several,
            };
            reach.messages.insert(message, merged);
            let Some(message) = catalog.messages.get(message.index()) else { continue };
            let inner = message.fields.iter().flat_map(|field| field.shape.messages());
            open.extend(inner.map(|inner| (inner, merged)));
        }
        reach
    }
}

fn bodies(operation: &Operation, side: Side) -> impl Iterator<Item = &Body> {
    let (request, responses) = match side {
        Side::Request => (operation.request.as_slice(), [].as_slice()),
        Side::Response => ([].as_slice(), operation.responses.as_slice()),
    };
    request.iter().chain(responses.iter().flat_map(|response| &response.bodies))
}
