//! What a rule is: an id, a level, a document, and one function over one shape.
//!
//! The driver (`check`) walks, pairs and sorts; a rule looks at one thing of its shape and says
//! what is wrong with it. Rules import this module and `model`, nothing else.

use crate::model::change::Change;
use crate::model::contract::Catalog;
use crate::model::deployment::Workload;
use crate::model::finding::{Finding, Level};
use crate::model::map::{Confidence, Edge, Flow, Kept, LinkedCall, LinkedIteration, LinkedRetry, Outgoing, Unresolved};
use crate::model::source::Site;
use crate::model::usage::Client;

pub use super::amounts::{bound_of, is_amount, is_open_number, schema_parts};
pub use super::callers::is_for_callers;
pub use super::carried::Carried;
pub use super::chain::{Chain, Layer, Link};
pub use super::changed::{deprecation, report};
pub use super::context::Context;
pub use super::fits::{Misfit, is_required, nearest, of_field, of_parameter};
pub use super::impact::{Impact, Use, Verb, affects, way_out};
pub use super::kept::Held;
pub use super::leave::Leave;
pub use super::policy::Forbidden;
pub use super::promise::{broken_leave, broken_promise};
pub use super::repeated::repeated;
pub use super::secret::{is_credential_name, is_secret, secret_in};
pub use super::sent::{Sends, sends_parameter};
pub use super::used::Used;
pub use super::words::{and, count, shortened};

/// Something to be flagged.
#[derive(Debug)]
pub struct Rule {
    /// `family/name`, named after the bad thing. Also the path of the document and of the module.
    pub id: &'static str,
    /// The level that is documented; a finding may have a lower one where the facts are milder.
    pub level: Level,
    /// The text of `rules/<family>/<name>.md`.
    pub doc: &'static str,
    /// The shape it looks at, and how.
    pub check: Check,
}

/// The shapes that the driver hands to rules.
#[derive(Clone, Copy, Debug)]
pub enum Check {
    /// Every dependency of a consumer on its contract: calls, reads, writes.
    Edge(fn(&Context<'_>, &Edge, &mut Sink)),
    /// Every difference between Base and Head.
    Change(fn(&Context<'_>, &Change, &mut Sink)),
    /// Every call of a consumer that is tied to an operation.
    Call(fn(&Context<'_>, &LinkedCall, &mut Sink)),
    /// Every client with the calls that go through it.
    Caller(fn(&Context<'_>, &Caller<'_>, &mut Sink)),
    /// The same, and then every client with its calls that are tied to no operation.
    Names(fn(&Context<'_>, &Caller<'_>, &mut Sink), fn(&Context<'_>, &Sender<'_>, &mut Sink)),
    /// The contracts of Head, all at once.
    Contracts(fn(&Context<'_>, &Catalog, &mut Sink)),
    /// Every client with all calls through it, tied to an operation or not.
    Sender(fn(&Context<'_>, &Sender<'_>, &mut Sink)),
    /// Every call of a consumer that is tied to no operation.
    Unresolved(fn(&Context<'_>, &Unresolved, &mut Sink)),
    /// All places at which one service passes one field on as one other; never empty.
    Flow(fn(&Context<'_>, &[&Flow], &mut Sink)),
    /// All workloads that one deployment file declares; never empty.
    Workloads(fn(&Context<'_>, &[&Workload], &mut Sink)),
    /// The worst way of every request that is repeated, through all services that repeat it.
    Chain(fn(&Context<'_>, &Chain<'_>, &mut Sink)),
    /// All places at which one service logs, caches or stores one field or message; never empty.
    Kept(fn(&Context<'_>, &[&Kept], &mut Sink)),
    /// Every dependency, and everything that is logged, cached, stored and sent.
    Data(fn(&Context<'_>, &Edge, &mut Sink), fn(&Context<'_>, &[&Kept], &mut Sink)),
    /// Everything at once, for what only shows when calls of several services are compared.
    Workspace(fn(&Context<'_>, &mut Sink)),
    /// Every operation that is called for each element of a list.
    Iteration(fn(&Context<'_>, &LinkedIteration, &mut Sink)),
    /// Every retry of remote calls.
    Retry(fn(&Context<'_>, &LinkedRetry, &mut Sink)),
}

/// A client and the calls through it; or a single call whose client could not be followed.
#[derive(Clone, Debug)]
pub struct Caller<'a> {
    /// Where it is made; none if it was not followed, or is made in code that is somebody else's.
    pub client: Option<&'a Client>,
    /// Calls that are tied to an operation, by place; never empty.
    pub calls: Vec<&'a LinkedCall>,
}

/// A client and all that goes out through it; or all calls of a service through one library that go through no
/// client which could be followed.
#[derive(Clone, Debug)]
pub struct Sender<'a> {
    /// Where it is made; none if it was not followed, or is made in code that is somebody else's.
    pub client: Option<&'a Client>,
    /// Calls by place; never empty.
    pub calls: Vec<&'a Outgoing>,
}

/// Where a rule leaves its findings.
#[derive(Debug)]
pub struct Sink {
    rule: &'static str,
    level: Level,
    findings: Vec<Finding>,
}

impl Sink {
    /// An empty one for the findings of `rule`.
    #[must_use]
    pub fn new(rule: &Rule) -> Self {
        Self { rule: rule.id, level: rule.level, findings: Vec::new() }
    }

    /// The rule's own level.
    #[must_use]
    pub const fn level(&self) -> Level {
        self.level
    }

    /// A finding of this rule at the rule's own level, still to be added.
    #[must_use]
    pub fn finding(&self, confidence: Confidence, site: Site, message: impl Into<String>) -> Finding {
        Finding::new(self.rule, self.level, confidence, site, message)
    }

    /// Adds a finding.
    pub fn add(&mut self, finding: Finding) {
        self.findings.push(finding);
    }

    /// What was found.
    #[must_use]
    pub fn into_findings(self) -> Vec<Finding> {
        self.findings
    }
}

/// Declares the rule of a module: family and name (which are also the path of its document),
/// level, shape and function.
///
/// ```text
/// rule!("lifecycle", "deprecated-field-read", Warning, Edge(check));
/// ```
macro_rules! rule {
    ($family:literal, $name:literal, $level:ident, $shape:ident($($check:expr),+)) => {
        /// The rule.
        pub static RULE: crate::check::rule::Rule = crate::check::rule::Rule {
            id: concat!($family, "/", $name),
            level: crate::model::finding::Level::$level,
            doc: include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/rules/", $family, "/", $name, ".md")),
            check: crate::check::rule::Check::$shape($($check),+),
        };
    };
}

pub(crate) use rule;
