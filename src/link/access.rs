//! Reads and writes of client code <-> fields, operations and roles.

use std::collections::{BTreeMap, BTreeSet};

use super::field::{Fields, FoundField, Side};
use super::handler::Handlers;
use super::name::normalised;
use super::roles::{ByService, Roles, Standing};
use super::types::{TypeLink, Types};
use super::unknown::Unknown;
use super::{CallLinks, lower};
use crate::model::contract::{Catalog, FieldRef, MessageId, OperationId, Protocol};
use crate::model::ir::Symbol;
use crate::model::map::{Confidence, Edge, EdgeKind, Role, UnknownField};
use crate::model::usage::{Access, AccessKind, CallId, Facts, FieldName, Origin, Step};

/// All that accesses are tied by.
pub(super) struct Accesses<'a> {
    catalog: &'a Catalog,
    calls: &'a CallLinks,
    provided: &'a ByService,
    handlers: &'a Handlers,
    roles: Roles,
    types: Types<'a>,
    fields: Fields<'a>,
    /// Types that a followed flow has shown to hold a message.
    seen: BTreeMap<Symbol, BTreeSet<Sighting>>,
}

/// What became of all accesses.
pub(super) struct Accessed {
    pub(super) edges: Vec<Edge>,
    pub(super) unknown: Vec<UnknownField>,
}

/// A type that was seen to hold a message of a body.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Sighting {
    message: MessageId,
    operation: OperationId,
    side: Side,
    /// The way to the message.
    path: String,
}

/// What an edge is tied to.
struct Tied {
    role: Role,
    operation: Option<OperationId>,
    field: Option<(FieldRef, String)>,
    confidence: Confidence,
    evidence: String,
    call: Option<CallId>,
}

/// Whom an origin leads to.
struct End {
    role: Role,
    operation: Option<OperationId>,
    call: Option<CallId>,
}

impl<'a> Accesses<'a> {
    /// Ready to tie accesses, once all calls are tied.
    pub(super) fn new(
        catalog: &'a Catalog,
        calls: &'a CallLinks,
        (provided, handlers): (&'a ByService, &'a Handlers),
        roles: Roles,
        types: Types<'a>,
    ) -> Self {
        Self { catalog, calls, provided, handlers, roles, types, fields: Fields::new(catalog), seen: BTreeMap::new() }
    }

    /// Ties every access. Types whose flow was followed somewhere explain the places where it was
    /// not, so those come last.
    pub(super) fn link(mut self, facts: &Facts) -> Accessed {
        let mut edges = Vec::new();
        let mut unexplained = Vec::new();
        let mut unknown = Unknown::default();
        for access in &facts.accesses {
            let tied = self.tie(access);
            if tied.is_empty() {
                unexplained.push(access);
                let is_typed =
                    access.owner.as_ref().is_some_and(|it| self.types.link(it, access.location.service).is_some());
                if !is_typed {
                    unknown.add(access, self.catalog, self.calls, &self.fields);
                }
            } else {
                unknown.met(access);
            }
            edges.extend(tied.into_iter().map(|tied| edge(access, tied)));
        }
        for access in unexplained {
            edges.extend(self.tie_by_sighting(access).into_iter().map(|tied| edge(access, tied)));
        }
        Accessed { edges, unknown: unknown.fields() }
    }

    fn tie(&mut self, access: &Access) -> Vec<Tied> {
        let (Some(name), false) = (&access.field, access.kind == AccessKind::Whole) else {
            return self.tie_whole(access);
        };
        let owner = access.owner.as_ref().and_then(|owner| self.types.link(owner, access.location.service));
        match owner {
            Some(owner) => self.tie_by_type(access, name, owner),
            None => self.tie_by_origin(access, name),
        }
    }

    /// The whole message is passed on: which fields are used cannot be said.
    fn tie_whole(&mut self, access: &Access) -> Vec<Tied> {
        let ends = access.origins.iter().flat_map(|origin| {
            let ends = self.ends(access, origin).into_iter();
            ends.filter_map(move |end| Some((origin, end.role, end.operation?, end.call)))
        });
        let tied = ends.map(|(origin, role, operation, call)| Tied {
            role,
            operation: Some(operation),
            field: None,
            confidence: Confidence::Unknown,
            evidence: self.of(origin, operation),
            call,
        });
        let tied: Vec<Tied> = tied.collect();
        if tied.is_empty() { self.tie_whole_by_type(access).into_iter().collect() } else { tied }
    }

    /// The message is known, but perhaps not the operation: said all the same, never "not used".
    fn tie_whole_by_type(&mut self, access: &Access) -> Option<Tied> {
        let owner = self.types.link(access.owner.as_ref()?, access.location.service)?;
        let standing = self.roles.standing(access.location.service, owner.message, access.kind);
        Some(Tied {
            role: standing.role,
            operation: standing.operation,
            field: None,
            confidence: Confidence::Unknown,
            evidence: format!("generated type of {}", self.catalog.message(owner.message).name),
            call: None,
        })
    }

    /// A generated type says which field it is; origins add the operation.
    fn tie_by_type(&self, access: &Access, name: &FieldName, owner: TypeLink) -> Vec<Tied> {
        let Some(field) = self.fields.find(owner.message, name).filter(|field| self.in_oneof(*field, owner)) else {
            return Vec::new(); // a method, or a field the contract has not
        };
        let named = Some((field, self.catalog.field_name(field)));
        let flows = access.origins.iter().filter(|origin| !matches!(origin, Origin::Typed(..)));
        let flows: Vec<&Origin> = flows.collect();
        if flows.is_empty() {
            let standing = self.roles.standing(access.location.service, field.message, access.kind);
            let confidence = if standing.met { owner.confidence } else { owner.confidence.min(Confidence::Likely) };
            let evidence = "generated type".to_owned();
            let Standing { role, operation, .. } = standing;
            return vec![Tied { role, operation, field: named, confidence, evidence, call: None }];
        }
        let ends =
            flows.into_iter().flat_map(|origin| self.ends(access, origin).into_iter().map(move |end| (origin, end)));
        let tied = ends.map(|(origin, End { role, operation, call })| {
            let operation = operation.filter(|id| self.agrees(*id, origin, name, field));
            let evidence = operation.map_or_else(
                || "generated type".to_owned(),
                |operation| format!("generated type, {}", self.of(origin, operation)),
            );
            Tied { role, operation, field: named.clone(), confidence: owner.confidence, evidence, call }
        });
        keep_known(tied.collect())
    }

    /// The flow from a call says which message it is.
    fn tie_by_origin(&mut self, access: &Access, name: &FieldName) -> Vec<Tied> {
        let mut tied = Vec::new();
        for origin in &access.origins {
            let (call, side, steps) = match origin {
                Origin::Response(call, steps) => (*call, Side::Response, steps),
                Origin::Request(call, steps) => (*call, Side::Request, steps),
                Origin::Typed(symbol, steps) => {
                    tied.extend(self.tie_by_way(access, name, (symbol, steps)));
                    continue;
                }
                Origin::Handler(handler, steps) => {
                    tied.extend(self.tie_by_handler(access, name, (handler, steps)));
                    continue;
                }
                Origin::Asked(..) => continue,
            };
            let Some(link) = self.calls.get(call) else { continue };
            let operation = self.catalog.operation(link.operation);
            for found in self.fields.walk(operation, side, steps, name) {
                self.sight(access, link.operation, side, &found);
                let confidence = if found.failure { lower(link.confidence) } else { link.confidence };
                tied.push(Tied {
                    role: Role::Consumer,
                    operation: Some(link.operation),
                    field: Some((found.field, found.path)),
                    confidence: if access.by_type { confidence.min(Confidence::Likely) } else { confidence },
                    evidence: self.of(origin, link.operation),
                    call: Some(call),
                });
            }
        }
        if access.by_type {
            doubt_if_several(&mut tied);
        }
        tied
    }

    /// The way from a value of a generated type says which message it is.
    fn tie_by_way(&mut self, access: &Access, name: &FieldName, (symbol, steps): (&Symbol, &[Step])) -> Vec<Tied> {
        let service = access.location.service;
        let Some(owner) = self.types.link(symbol, service) else { return Vec::new() };
        let found = self.fields.walk_from(owner.message, steps, name).into_iter();
        let tied = found.map(|found| {
            let Standing { role, operation, .. } = self.roles.standing(service, found.field.message, access.kind);
            let confidence = owner.confidence.min(Confidence::Likely);
            let evidence = format!("field of generated type {}", self.catalog.message(owner.message).name);
            Tied { role, operation, field: Some((found.field, found.path)), confidence, evidence, call: None }
        });
        tied.collect()
    }

    /// A handler reads its request and writes its answer.
    fn tie_by_handler(&self, access: &Access, name: &FieldName, (handler, steps): (&Symbol, &[Step])) -> Vec<Tied> {
        let side = if access.kind == AccessKind::Write { Side::Response } else { Side::Request };
        let mut tied = Vec::new();
        for id in self.handled(access, handler) {
            // What code alone tells of has the types of all of its code: it says nothing that one is met somewhere.
            if access.by_type && !self.catalog.is_promised(id) {
                continue;
            }
            let operation = self.catalog.operation(id);
            for found in self.fields.walk(operation, side, steps, name) {
                tied.push(Tied {
                    role: Role::Provider,
                    operation: Some(id),
                    field: Some((found.field, found.path)),
                    confidence: Confidence::Likely,
                    evidence: format!("handler of {}", operation.key),
                    call: None,
                });
            }
        }
        tied
    }

    /// Remembers what message the type of an access holds.
    fn sight(&mut self, access: &Access, operation: OperationId, side: Side, found: &FoundField) {
        let Some(owner) = access.owner.as_ref().filter(|_| !found.failure) else { return };
        let name = format!(".{}", self.catalog.field(found.field).name);
        let path = found.path.strip_suffix(&name).unwrap_or(&found.path).to_owned();
        let sighting = Sighting { message: found.field.message, operation, side, path };
        if let Some(seen) = self.seen.get_mut(owner) {
            seen.insert(sighting);
        } else {
            self.seen.insert(owner.clone(), BTreeSet::from([sighting]));
        }
    }

    /// The same type, in a place that no flow leads to.
    fn tie_by_sighting(&self, access: &Access) -> Vec<Tied> {
        let Some(seen) = access.owner.as_ref().and_then(|owner| self.seen.get(owner)) else { return Vec::new() };
        if !access.origins.is_empty() {
            return Vec::new(); // it came from elsewhere
        }
        let side = match access.kind {
            AccessKind::Read | AccessKind::Whole => Side::Response,
            AccessKind::Write => Side::Request,
        };
        let tied = seen.iter().filter(|sighting| sighting.side == side).filter_map(|sighting| {
            let field = match &access.field {
                Some(name) if access.kind != AccessKind::Whole => {
                    let field = self.fields.find(sighting.message, name)?;
                    Some((field, format!("{}.{}", sighting.path, self.catalog.field(field).name)))
                }
                _ => None,
            };
            Some(Tied {
                role: Role::Consumer,
                operation: Some(sighting.operation),
                confidence: if field.is_some() { Confidence::Likely } else { Confidence::Unknown },
                field,
                evidence: format!("type of {}", self.catalog.operation(sighting.operation).key),
                call: None,
            })
        });
        let mut tied: Vec<Tied> = tied.collect();
        doubt_if_several(&mut tied);
        tied
    }

    /// Whether the flow leads to the same field, or nowhere that is known.
    fn agrees(&self, operation: OperationId, origin: &Origin, name: &FieldName, field: FieldRef) -> bool {
        let (side, steps) = match origin {
            Origin::Response(_, steps) => (Side::Response, steps),
            Origin::Request(_, steps) => (Side::Request, steps),
            Origin::Handler(..) | Origin::Typed(..) | Origin::Asked(..) => return true,
        };
        let found = self.fields.walk(self.catalog.operation(operation), side, steps, name);
        found.is_empty() || found.iter().any(|found| found.field == field)
    }

    /// The other ends that an origin can mean.
    fn ends(&self, access: &Access, origin: &Origin) -> Vec<End> {
        match origin {
            Origin::Response(call, _) | Origin::Request(call, _) => {
                vec![End { role: Role::Consumer, operation: self.calls.operation(*call), call: Some(*call) }]
            }
            Origin::Typed(..) | Origin::Asked(..) => Vec::new(),
            Origin::Handler(handler, _) => {
                let end = |operation| End { role: Role::Provider, operation, call: None };
                let handled = self.handled(access, handler);
                if handled.is_empty() { vec![end(None)] } else { handled.into_iter().map(Some).map(end).collect() }
            }
        }
    }

    /// The operations of this service that a handler answers: those it is tied to, or the one rpc of
    /// its name.
    fn handled(&self, access: &Access, handler: &Symbol) -> Vec<OperationId> {
        let service = access.location.service;
        if let Some(known) = self.handlers.operations(service, handler) {
            return known.iter().copied().collect();
        }
        let name = normalised(handler.name());
        let provided = self.provided.get(&service).into_iter().flatten().filter(|id| {
            let operation = self.catalog.operation(**id);
            matches!(&operation.protocol, Protocol::Rpc { method, .. } if normalised(method) == name)
        });
        let provided: Vec<OperationId> = provided.copied().collect();
        if provided.len() == 1 { provided } else { Vec::new() }
    }

    fn in_oneof(&self, field: FieldRef, owner: TypeLink) -> bool {
        let oneof = |field: FieldRef| self.catalog.field(field).oneof.as_deref();
        owner.oneof.is_none_or(|member| oneof(member) == oneof(field))
    }

    /// `response of GET /profiles/{id}`.
    fn of(&self, origin: &Origin, operation: OperationId) -> String {
        let what = match origin {
            Origin::Response(..) => "response",
            Origin::Request(..) => "request",
            Origin::Handler(..) | Origin::Asked(..) => "handler",
            Origin::Typed(..) => "field",
        };
        format!("{what} of {}", self.catalog.operation(operation).key)
    }
}

/// Leaves out what knows no operation where something in the same role does.
fn keep_known(tied: Vec<Tied>) -> Vec<Tied> {
    let known: Vec<Role> = tied.iter().filter(|tied| tied.operation.is_some()).map(|tied| tied.role).collect();
    tied.into_iter().filter(|tied| tied.operation.is_some() || !known.contains(&tied.role)).collect()
}

/// A type that several operations share does not say which of them a value came from.
fn doubt_if_several(tied: &mut [Tied]) {
    let operations: BTreeSet<Option<OperationId>> = tied.iter().map(|tied| tied.operation).collect();
    if operations.len() > 1 {
        for tied in tied {
            tied.confidence = tied.confidence.min(Confidence::Possible);
        }
    }
}

fn edge(access: &Access, tied: Tied) -> Edge {
    let (field, field_path) = tied.field.unzip();
    Edge {
        location: access.location.clone(),
        role: tied.role,
        kind: EdgeKind::Access(access.kind),
        operation: tied.operation,
        field,
        field_path,
        confidence: tied.confidence,
        evidence: tied.evidence,
        call: tied.call,
        foreign: false,
    }
}
