//! What every rule may ask, whatever its shape.

use std::sync::OnceLock;

use crate::model::analysis::Analysis;
use crate::model::change::{Breaks, Change};
use crate::model::contract::{Catalog, Contract, FieldRef, Marks, Operation, OperationId};
use crate::model::map::{DependencyMap, Edge, Outgoing, Role};
use crate::model::settings::Settings;
use crate::model::source::{FileId, ServiceId, Site};
use crate::model::usage::Location;

use super::carried::Flows;
use super::impact::{Impact, Use, Users, Verb};
use super::leave::Leave;
use super::sides::Sides;

/// The facts of the run and the settings in force.
#[derive(Debug)]
pub struct Context<'a> {
    /// The facts.
    pub analysis: &'a Analysis,
    /// The settings.
    pub settings: &'a Settings,
    users: Option<Users<'a>>,
    sides: OnceLock<Sides>,
    pub(super) flows: Flows<'a>,
}

impl<'a> Context<'a> {
    /// Prepares what rules ask often.
    #[must_use]
    pub fn new(analysis: &'a Analysis, settings: &'a Settings) -> Self {
        let mut context =
            Self { analysis, settings, users: None, sides: OnceLock::new(), flows: Flows::new(&analysis.map) };
        if let (Some(base), Some(map)) = (&analysis.base, &analysis.base_map) {
            context.users = Some(Users::new(&context, base, map));
        }
        context
    }

    /// Contracts of Head.
    #[must_use]
    pub const fn head(&self) -> &'a Catalog {
        &self.analysis.head
    }

    /// The dependency map of Head.
    #[must_use]
    pub const fn map(&self) -> &'a DependencyMap {
        &self.analysis.map
    }

    fn sides(&self) -> &Sides {
        self.sides.get_or_init(|| Sides::of(self.head()))
    }

    /// Who reads this field is its provider: consumers only send it.
    #[must_use]
    pub fn is_only_sent(&self, field: FieldRef) -> bool {
        self.sides().is_only_sent(field.message)
    }

    /// Who writes this field is its provider: consumers are only given it.
    #[must_use]
    pub fn is_only_given(&self, field: FieldRef) -> bool {
        self.sides().is_only_given(field.message)
    }

    /// The name of a consumer, for people.
    #[must_use]
    pub fn consumer(&self, service: Option<ServiceId>) -> &'a str {
        service.map_or("code of no service", |service| self.analysis.workspace.name(service))
    }

    /// Whose code a place is in, and in which function: the actor of a finding's fingerprint.
    #[must_use]
    pub fn actor(&self, location: &Location) -> String {
        format!("{} {}", self.consumer(location.service), location.function.as_str())
    }

    /// An operation, named stably over revisions: the subject of a finding's fingerprint.
    #[must_use]
    pub fn operation_subject(&self, catalog: &Catalog, operation: &Operation) -> String {
        format!("{} {}", catalog.contract(operation.contract).id, operation.key)
    }

    /// A field, named stably over revisions.
    #[must_use]
    pub fn field_subject(&self, catalog: &Catalog, field: FieldRef) -> String {
        let contract = catalog.message(field.message).contract;
        format!("{} {}", catalog.contract(contract).id, catalog.field_name(field))
    }

    /// Whether an edge is a use by somebody else than the provider. The provider's own code reads
    /// its messages too, and is no consumer of them.
    #[must_use]
    pub fn is_consumer(&self, catalog: &Catalog, edge: &Edge) -> bool {
        let contract = match (edge.field, edge.operation) {
            (Some(field), _) => catalog.message(field.message).contract,
            (None, Some(operation)) => catalog.operation(operation).contract,
            (None, None) => return false,
        };
        let provider = catalog.contract(contract).provider;
        edge.role == Role::Consumer && (provider.is_none() || provider != edge.location.service)
    }

    /// Whether a call goes out through generated code, which puts what it is given into the form of the contract
    /// that it was generated from.
    #[must_use]
    pub fn is_sent_by_generated(&self, call: &Outgoing) -> bool {
        call.call.sent.is_some_and(|sent| self.is_foreign(sent.file))
    }

    /// Whether code is generated or somebody else's: such code never carries a finding.
    #[must_use]
    pub fn is_foreign(&self, file: FileId) -> bool {
        let provenance = self.analysis.sources.get(file).provenance;
        provenance.generated || provenance.vendored
    }

    /// Whether a contract's file carries no finding: somebody else's, generated, or data for tests that
    /// nobody asked to see.
    #[must_use]
    pub fn is_aside(&self, file: FileId) -> bool {
        let is_test = self.analysis.sources.get(file).provenance.test;
        self.is_foreign(file) || (is_test && !self.settings.include_tests)
    }

    /// Whether a place is out of the run because it is test code.
    #[must_use]
    pub fn is_hidden_test(&self, location: &Location) -> bool {
        location.test && !self.settings.include_tests
    }

    /// Whether consumers exist that this workspace does not show.
    #[must_use]
    pub fn is_public(&self, contract: &Contract) -> bool {
        contract.provider.and_then(|id| self.analysis.workspace.service(id)).is_some_and(|service| service.public)
    }

    /// ` and may be gone from 2026-12-01 on`, ` and may be gone since 2026-01-01`, or nothing.
    #[must_use]
    pub fn sunset(&self, marks: &Marks) -> String {
        match &marks.sunset {
            Some((day, _)) if *day <= self.settings.today => format!(" and may be gone since {day}"),
            Some((day, _)) => format!(" and may be gone from {day} on"),
            None => String::new(),
        }
    }

    /// ` before 2026-12-01`, while there is time.
    #[must_use]
    pub fn before_sunset(&self, marks: &Marks) -> String {
        let ahead = marks.sunset.as_ref().filter(|(day, _)| *day > self.settings.today);
        ahead.map(|(day, _)| format!(" before {day}")).unwrap_or_default()
    }

    /// Who still uses what is gone, as the end of a sentence.
    #[must_use]
    pub fn summary(&self, impact: &Impact<'_>, still: &str, verb: Verb, contract: &Contract) -> String {
        let known = impact.summary(self, still, verb);
        match contract.provider.filter(|_| impact.hits.is_empty() && self.is_public(contract)) {
            Some(provider) => format!("{known}, but `{}` is public", self.consumer(Some(provider))),
            None => known,
        }
    }

    /// How what a change takes away took its leave.
    #[must_use]
    pub fn leave(&self, change: &Change) -> Option<Leave> {
        Leave::of(change, self.analysis.base.as_ref()?, self.settings.today)
    }

    /// Who is hit if `what` of the Base contracts is gone, or changed so that these forms of data break.
    #[must_use]
    pub fn impact(&self, what: &Use<'_>, breaks: Breaks) -> Impact<'a> {
        self.users.as_ref().map(|users| users.impact(self, what, breaks)).unwrap_or_default()
    }

    /// Keys of operations, for a list in a note.
    #[must_use]
    pub fn keys(&self, catalog: &Catalog, operations: &[OperationId]) -> Vec<String> {
        operations.iter().map(|operation| catalog.operation(*operation).key.clone()).collect()
    }

    /// The place of some code.
    #[must_use]
    pub fn site(&self, location: &Location) -> Site {
        Site::Span(location.span)
    }
}
