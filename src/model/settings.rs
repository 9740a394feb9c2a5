//! What is configured, checked and complete. `settings` makes it from file and arguments.

mod marks;

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::finding::Level;
use super::library::DescriptorText;
use super::map::Confidence;

pub use marks::{MarkPatterns, ShippedMarks};

/// Everything a run can be told.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Services as configured, by name; empty: found from the tree.
    pub services: Vec<ServiceSettings>,
    /// Headers and metadata keys that name a caller.
    pub identity: IdentitySettings,
    /// Which marks mean which class, and who may read it.
    pub policy: Policy,
    /// Which marks mean deprecated, sunset and so on: all that hold, the shipped ones included.
    pub marks: MarkPatterns,
    /// Which changes of protobuf count.
    pub protobuf: ProtobufSettings,
    /// Levels by rule id; `None` switches a rule off.
    pub levels: BTreeMap<String, Option<Level>>,
    /// Attempts for one request, over all services on its way, that are not yet too many.
    pub retry_amplification: u64,
    /// Days before a sunset from which it is near.
    pub sunset_notice_days: u32,
    /// Descriptors of in-house libraries, in the order in which they count: a later one wins.
    pub libraries: Vec<DescriptorText>,
    /// Findings that somebody has decided to live with.
    pub accepted: Vec<Accepted>,
    /// Globs of paths to leave out.
    pub ignore: Vec<String>,
    /// Findings below this confidence are hidden and counted.
    pub min_confidence: Confidence,
    /// Findings below this level are hidden and counted.
    pub min_level: Level,
    /// Also make findings in test code.
    pub include_tests: bool,
    /// The day rules go by (`--today`, else the day of the run, UTC).
    pub today: Date,
}

/// A configured service.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ServiceSettings {
    /// Name.
    pub name: String,
    /// Folder, relative to the configuration file's folder.
    pub path: String,
    /// Files and folders of contracts it provides, relative to `path`.
    pub contracts: Vec<String>,
    /// Environment variables, hosts or base URLs by which clients reach it.
    pub base_urls: Vec<String>,
    /// Owning team.
    pub team: Option<String>,
    /// What it processes data for.
    pub purposes: Vec<String>,
    /// Consumers exist that this workspace does not show.
    pub public: bool,
}

/// A finding that somebody has decided to live with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accepted {
    /// Its name.
    pub fingerprint: String,
    /// Why it may be so.
    pub reason: String,
    /// The last day on which that holds.
    pub until: Option<Date>,
    /// Who has decided it.
    pub who: Option<String>,
    /// Where that is written: `path:line`.
    pub place: String,
}

/// What names a caller.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdentitySettings {
    /// HTTP headers, lower case. One of them is enough.
    pub headers: Vec<String>,
    /// gRPC metadata keys, lower case. One of them is enough.
    pub metadata: Vec<String>,
    /// Given in configuration: asked of every call, not only where the contract asks.
    pub required: bool,
}

/// Which changes of protobuf count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ProtobufSettings {
    /// How compatible revisions must be; none: every change counts, graded by whom it hits.
    pub compatibility: Option<ProtobufLevel>,
    /// Packages that may still change (`v1beta1`) are left out.
    pub ignore_unstable_packages: bool,
}

/// How compatible two revisions of protobuf files must be, strictest first: the categories of buf.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProtobufLevel {
    /// Generated code, file by file.
    File,
    /// Generated code, package by package.
    Package,
    /// The binary form and JSON.
    WireJson,
    /// The binary form.
    Wire,
}

/// Rules about sensitive data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    /// Classes by name.
    pub classes: BTreeMap<String, DataClass>,
    /// Functions that take sensitive data out of what they are given, by name: beside those whose names say so.
    pub sanitizers: Vec<String>,
}

/// A class of sensitive data.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DataClass {
    /// Extensions, options (`name` or `name=value`), or field selectors that put a field into it.
    pub marks: Vec<String>,
    /// Services that may read it.
    pub services: Vec<String>,
    /// Purposes that may read it.
    pub purposes: Vec<String>,
    /// Teams that may read it.
    pub teams: Vec<String>,
    /// Before this day findings are warnings.
    pub from: Option<Date>,
}
