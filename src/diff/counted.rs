//! Which changes of protobuf count, where the configuration says so.
//!
//! The levels are those of buf: what buf reports in a category counts, by the ids of the change. What
//! buf overlooks in any category counts where it breaks the form of data that the level is about.

use crate::model::change::{Change, ChangeKind, Compatibility, Sides};
use crate::model::contract::{Catalog, ContractId, ContractKind};
use crate::model::settings::{ProtobufLevel, ProtobufSettings};

/// Leaves out what does not count.
#[must_use]
pub fn counted(mut changes: Vec<Change>, sides: Sides<'_>, settings: &ProtobufSettings) -> Vec<Change> {
    if *settings != ProtobufSettings::default() {
        changes.retain(|change| {
            let package = package(sides, change);
            package.is_none_or(|package| {
                let is_left_out = settings.ignore_unstable_packages && is_unstable(package);
                !is_left_out && settings.compatibility.is_none_or(|level| counts(change, level))
            })
        });
    }
    changes
}

/// The package that a change is in; none for OpenAPI.
fn package<'a>(sides: Sides<'a>, change: &Change) -> Option<&'a str> {
    let of = |catalog: &'a Catalog, contract: ContractId| {
        let contract = catalog.contract(contract);
        (contract.kind == ContractKind::Protobuf).then_some(contract.title.as_str())
    };
    match (change.element.base, change.element.head) {
        (Some(ids), _) => of(sides.base, ids.contract),
        (None, Some(ids)) => of(sides.head, ids.contract),
        (None, None) => None,
    }
}

fn counts(change: &Change, level: ProtobufLevel) -> bool {
    let breaks = match level {
        ProtobufLevel::File | ProtobufLevel::Package => true,
        ProtobufLevel::WireJson => change.breaks.wire || change.breaks.json,
        ProtobufLevel::Wire => change.breaks.wire,
    };
    let is_overlooked = change.aliases.is_empty()
        || matches!(change.kind, ChangeKind::OperationRemoved | ChangeKind::OperationMoved | ChangeKind::TypeRemoved);
    change.compatibility == Compatibility::Compatible
        || change.aliases.iter().any(|id| is_in(id, level))
        || (is_overlooked && breaks)
}

/// Whether an id belongs to a category of buf.
fn is_in(id: &str, level: ProtobufLevel) -> bool {
    let is_of_wire = id.contains("_UNLESS_") || id.starts_with("FIELD_WIRE_");
    match level {
        ProtobufLevel::File => !is_of_wire && !id.starts_with("PACKAGE_"),
        ProtobufLevel::Package => !is_of_wire && !OF_FILE.contains(&id),
        ProtobufLevel::WireJson => {
            IN_WIRE_JSON.contains(&id) || (IN_WIRE.contains(&id) && !IN_WIRE_ALONE.contains(&id))
        }
        ProtobufLevel::Wire => IN_WIRE.contains(&id),
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

/// `acme.users.v1beta1`: a package of several parts whose last is a version that may still change.
fn is_unstable(package: &str) -> bool {
    let Some((_, version)) = package.rsplit_once('.') else { return false };
    let Some(rest) = version.strip_prefix('v') else { return false };
    let Some(rest) = after_digits(rest) else { return false };
    if rest.starts_with("test") {
        return true;
    }
    // `v1p1beta1` is a point release on its way.
    let rest = rest.strip_prefix('p').and_then(after_digits).unwrap_or(rest);
    let stage = ["alpha", "beta"].iter().find_map(|stage| rest.strip_prefix(stage));
    stage.is_some_and(|number| number.chars().all(|digit| digit.is_ascii_digit()))
}

/// What follows a number; none if there is no number.
fn after_digits(text: &str) -> Option<&str> {
    let rest = text.trim_start_matches(|digit: char| digit.is_ascii_digit());
    (rest.len() < text.len()).then_some(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unstable_packages_are_told_by_their_version() {
        for package in ["a.v1alpha", "a.v1beta1", "a.b.v2alpha3", "a.v1p1beta1", "a.v1test", "a.v1testing"] {
            assert!(is_unstable(package), "{package}");
        }
        for package in ["a.v1", "v1beta1", "a.beta", "a.vbeta1", "a.v1betas", "a.v1p1", "a.v1beta1.b"] {
            assert!(!is_unstable(package), "{package}");
        }
    }

    #[test]
    fn every_category_has_as_many_ids_as_in_buf() {
        let count = |level| IN_WIRE.iter().chain(&IN_WIRE_JSON).filter(|id| is_in(id, level)).count();
        assert_eq!((count(ProtobufLevel::Wire), count(ProtobufLevel::WireJson)), (15, 22));
    }
}
