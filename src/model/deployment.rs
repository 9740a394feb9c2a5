//! What the files beside the code say of how it is run: what starts it again, and what would end that.

use super::source::{ServiceId, Span};

/// Everything that deployment files say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Deployments {
    /// What is started again when it ends or fails, by place.
    pub workloads: Vec<Workload>,
    /// What repeats calls without any code of the caller's, by place.
    pub policies: Vec<Policy>,
}

/// A rule by which something between caller and callee, or the caller's library, repeats calls that fail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    /// Who repeats them.
    pub repeater: Repeater,
    /// Where it is written.
    pub place: Span,
    /// The service in whose folder that is: only its calls are meant, where the repeater is the caller's own.
    pub home: Option<ServiceId>,
    /// Whose answers are asked for again.
    pub callee: Callee,
    /// Attempts at most, the first one included.
    pub attempts: u64,
}

/// Who repeats calls by a [`Policy`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Repeater {
    /// A service config of gRPC: the caller's own channel.
    ServiceConfig,
    /// A route of Envoy.
    Envoy,
    /// A virtual service of Istio: the sidecar of every caller.
    VirtualService,
    /// A route of the Gateway API.
    Gateway,
}

impl Repeater {
    /// Whether the caller itself repeats: the policy stands with its code.
    #[must_use]
    pub const fn is_caller(self) -> bool {
        matches!(self, Self::ServiceConfig)
    }
}

/// Whom a [`Policy`] is about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Callee {
    /// Every rpc.
    AnyRpc,
    /// A service of rpcs by its full name, or one method of it.
    Rpc(String, Option<String>),
    /// What answers to a host name, or is called so.
    Host(String),
}

/// Who starts things again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Platform {
    /// A Compose file: `restart`.
    Compose,
    /// A Compose file that a swarm runs: `deploy.restart_policy`.
    Swarm,
    /// A service of Amazon ECS, whatever declares it.
    Ecs,
    /// A Job of Kubernetes, or what makes such jobs.
    Job,
    /// A Deployment of Kubernetes.
    Deployment,
    /// A step of an Argo workflow.
    Workflow,
    /// A unit of systemd.
    Systemd,
}

/// Something that a platform starts again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Workload {
    /// Who starts it again.
    pub platform: Platform,
    /// Its name as the file writes it; empty if it has none.
    pub name: String,
    /// The setting that starts it again, or where it is declared if no setting does.
    pub place: Span,
    /// What ends the restarts.
    pub restarts: Restarts,
    /// It can be seen to fail: a health check, an alarm, a progress deadline.
    pub watched: bool,
    /// Whose software it is.
    pub role: Software,
}

/// What ends restarts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Restarts {
    /// The file says when.
    Bounded,
    /// The file says nothing, and the platform gives up by itself after so many restarts.
    ByDefault(u32),
    /// The file sets a limit that is never reached, because so many seconds pass between restarts.
    Unreachable(u32),
    /// That what it depends on is up: a failure on the way there is nothing out of the ordinary.
    Waiting,
    /// Nothing.
    Never,
    /// Not decided: a variable, a condition, a template.
    Unknown,
}

/// Whose software a workload is, and what it is run for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Software {
    /// Built in this workspace, or of a name that it has.
    Own,
    /// Somebody else's: a database, a proxy.
    Foreign,
    /// Run at a developer's desk only.
    Development,
}
