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
        || change.aliases.iter().any(|id| level.has(id))
        || (is_overlooked && breaks)
}

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
}
