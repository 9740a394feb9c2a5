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

impl ProtobufLevel {
    /// Whether an id of buf belongs to the category.
    #[must_use]
    pub fn has(self, id: &str) -> bool {
        let is_of_wire = id.contains("_UNLESS_") || id.starts_with("FIELD_WIRE_");
        match self {
            Self::File => !is_of_wire && !id.starts_with("PACKAGE_"),
            Self::Package => !is_of_wire && !OF_FILE.contains(&id),
            Self::WireJson => IN_WIRE_JSON.contains(&id) || (IN_WIRE.contains(&id) && !IN_WIRE_ALONE.contains(&id)),
            Self::Wire => IN_WIRE.contains(&id),
        }
    }
}

/// Ids about files, which say nothing where packages are what counts.
const OF_FILE: [&str; 5] =
    ["FILE_NO_DELETE", "MESSAGE_NO_DELETE", "ENUM_NO_DELETE", "SERVICE_NO_DELETE", "EXTENSION_NO_DELETE"];

const IN_WIRE: [&str; 15] = [
    "ENUM_VALUE_NO_DELETE_UNLESS_NUMBER_RESERVED",
    "FIELD_NO_DELETE_UNLESS_NUMBER_RESERVED",
    "FIELD_SAME_DEFAULT",
    "FIELD_SAME_ONEOF",
    "FIELD_WIRE_COMPATIBLE_CARDINALITY",
    "FIELD_WIRE_COMPATIBLE_TYPE",
    "FILE_SAME_PACKAGE",
    "MESSAGE_SAME_REQUIRED_FIELDS",
    "RESERVED_ENUM_NO_DELETE",
    "RESERVED_MESSAGE_NO_DELETE",
    "RPC_SAME_CLIENT_STREAMING",
    "RPC_SAME_IDEMPOTENCY_LEVEL",
    "RPC_SAME_REQUEST_TYPE",
    "RPC_SAME_RESPONSE_TYPE",
    "RPC_SAME_SERVER_STREAMING",
];

/// Of these JSON has a stricter one.
const IN_WIRE_ALONE: [&str; 2] = ["FIELD_WIRE_COMPATIBLE_CARDINALITY", "FIELD_WIRE_COMPATIBLE_TYPE"];

const IN_WIRE_JSON: [&str; 9] = [
    "ENUM_SAME_JSON_FORMAT",
    "ENUM_VALUE_NO_DELETE_UNLESS_NAME_RESERVED",
    "ENUM_VALUE_SAME_NAME",
    "FIELD_NO_DELETE_UNLESS_NAME_RESERVED",
    "FIELD_SAME_JSON_NAME",
    "FIELD_SAME_NAME",
    "FIELD_WIRE_JSON_COMPATIBLE_CARDINALITY",
    "FIELD_WIRE_JSON_COMPATIBLE_TYPE",
    "MESSAGE_SAME_JSON_FORMAT",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_category_has_as_many_ids_as_in_buf() {
        let count = |level: ProtobufLevel| IN_WIRE.iter().chain(&IN_WIRE_JSON).filter(|id| level.has(id)).count();
        assert_eq!((count(ProtobufLevel::Wire), count(ProtobufLevel::WireJson)), (15, 22));
    }
}
