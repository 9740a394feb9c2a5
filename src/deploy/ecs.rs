//! Services of Amazon ECS.
//!
//! A rolling update starts tasks until as many are well as are wanted. What ends one that never gets there is
//! the deployment circuit breaker, or an alarm of the deployment; neither is on by itself. Other controllers
//! (`CODE_DEPLOY`, `EXTERNAL`) end their deployments themselves.
//!
//! Source: the developer guide of Amazon ECS, `AWS::ECS::Service`, and `aws_ecs_service` of Terraform.

use super::setting::Switch;
use crate::model::deployment::{Platform, Restarts, Software, Workload};
use crate::model::source::Span;

/// What the declaration of a service says, in whatever format.
#[derive(Clone, Copy, Debug)]
pub(super) struct Declared<'t> {
    pub(super) name: &'t str,
    pub(super) place: Span,
    /// The type of the deployment controller, if one is given.
    pub(super) controller: Option<&'t str>,
    /// How many tasks are wanted, if that is a number.
    pub(super) wanted: Option<i64>,
    pub(super) circuit_breaker: Switch,
    pub(super) alarms: Switch,
}

impl Declared<'_> {
    pub(super) fn workload(&self) -> Workload {
        let restarts = match (self.controller, self.circuit_breaker.or(self.alarms)) {
            (None | Some("ECS"), Switch::Off) if self.wanted != Some(0) => Restarts::Never,
            (None | Some("ECS"), Switch::Unknown) => Restarts::Unknown,
            _ => Restarts::Bounded,
        };
        Workload {
            platform: Platform::Ecs,
            name: self.name.to_owned(),
            place: self.place,
            restarts,
            watched: false,
            role: Software::Own,
        }
    }
}
