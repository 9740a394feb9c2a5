//! The ids of oasdiff for differences of schemas: one for each position, keyword and direction of change.
//!
//! Source of the names: oasdiff's list of checks, v1.26 (2026-08).

use std::sync::LazyLock;

use rustc_hash::FxHashSet;

use super::arrivals::{Arrival, Position};
use super::graph::{Aspect, Difference, Relation, Said, Way};
use crate::model::contract::ParameterPlace;

/// Every id that oasdiff has: the first column of the table.
static KNOWN: LazyLock<FxHashSet<&str>> = LazyLock::new(|| {
    let table = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/oasdiff-ids.tsv"));
    table.lines().filter_map(|line| line.split('\t').next()).collect()
});

/// The ids of a difference, one for each position that it is seen at.
pub(super) fn of(difference: &Difference, way: Way, arrival: &Arrival) -> Vec<String> {
    let mut ids: Vec<String> =
        arrival.positions.iter().flat_map(|position| at(difference, way, *position, arrival)).collect();
    // Not every keyword has an id at every position.
    ids.retain(|id| KNOWN.contains(id.as_str()));
    ids.sort();
    ids.dedup();
    ids
}

fn at(difference: &Difference, way: Way, position: Position, arrival: &Arrival) -> Vec<String> {
    let stem = match position {
        Position::Parameter(_) => "request-parameter",
        Position::ParameterProperty(_) => "request-parameter-property",
        Position::RequestBody => "request-body",
        Position::RequestProperty => "request-property",
        Position::ResponseBody => "response-body",
        Position::ResponseProperty => "response-property",
        Position::ResponseHeader => "response-header",
    };
    let is_wider = difference.relation == Relation::Wider;
    let (old, new) = (text(difference.old.as_ref()), text(difference.new.as_ref()));
    let one = |suffix: &str| vec![format!("{stem}-{suffix}")];
    let is_value = matches!(difference.aspect, Aspect::Value { .. });
    let facet = if let Aspect::Bound(keyword) = difference.aspect { keyword } else { "" };
    let is_text = super::verdict::is_text(difference, arrival);
    let is_property = matches!(position, Position::ParameterProperty(_));
    match &difference.aspect {
        Aspect::Type | Aspect::Format => match (difference.relation, way) {
            (Relation::Narrower, Way::Response) => one("type-specialized"),
            (Relation::Wider, Way::Request) => one("type-generalized"),
            (Relation::Wider, Way::Response) if difference.aspect == Aspect::Type && new != Some("anything") => {
                one("type-generalized")
            }
            _ if is_text && is_property => one("type-changed"),
            _ if is_text => one("type-generalized"),
            _ if is_property => one("type-specialized"),
            _ => one("type-changed"),
        },
        Aspect::Null if is_wider => one("became-nullable"),
        Aspect::Null => one("became-not-nullable"),
        Aspect::Value { open: true } if !is_wider => one("x-extensible-enum-value-removed"),
        Aspect::Value { .. } | Aspect::Enum("enum") if is_wider && is_value => one("enum-value-added"),
        Aspect::Value { .. } | Aspect::Enum("enum") if is_value || is_wider => match position {
            Position::ResponseBody => vec!["response-mediatype-enum-value-removed".to_owned()],
            _ => one("enum-value-removed"),
        },
        Aspect::Value { .. } | Aspect::Enum("enum") => match position {
            Position::Parameter(ParameterPlace::Header) => {
                vec!["request-header-property-became-enum".to_owned(), format!("{stem}-became-enum")]
            }
            _ => one("became-enum"),
        },
        Aspect::Enum(keyword) => one(&format!("{keyword}-{}", if is_wider { "removed" } else { "added" })),
        Aspect::Bound("const" | "contentEncoding" | "contentMediaType") => one(&format!("{}-changed", kebab(facet))),
        Aspect::Bound(keyword) => bound(stem, keyword, old.is_some(), new.is_some(), is_wider, way),
        Aspect::Property { closed, .. } => property(difference, way, *closed, (old.is_some(), new.is_some())),
        Aspect::Required { fresh, filled, .. } => required(position, way, *fresh, *filled, is_wider),
        Aspect::Access { keyword, needed, .. } => {
            let mode = if *keyword == "readOnly" { "read-only" } else { "write-only" };
            let not = if new.is_some() { "" } else { "not-" };
            let needed = if *needed { "required" } else { "optional" };
            let side = if way == Way::Request { "request" } else { "response" };
            vec![format!("{side}-{needed}-property-became-{not}{mode}")]
        }
        Aspect::Rest => Vec::new(),
        Aspect::Member { typed: true, .. } => {
            one(if is_wider { "list-of-types-widened" } else { "list-of-types-narrowed" })
        }
        Aspect::Member { keyword, .. } => {
            one(&format!("{}-{}", kebab(keyword), if is_wider { "added" } else { "removed" }))
        }
        Aspect::Discriminator("propertyName") => one("discriminator-property-name-changed"),
        Aspect::Discriminator("mapping") => one(match (old, new) {
            (None, _) => "discriminator-mapping-added",
            (_, None) => "discriminator-mapping-deleted",
            _ => "discriminator-mapping-changed",
        }),
        Aspect::Discriminator(_) if old.is_none() => one("discriminator-added"),
        Aspect::Discriminator(_) => one("discriminator-removed"),
        Aspect::Default => one(match (old, new) {
            (None, _) => "default-value-added",
            (_, None) => "default-value-removed",
            _ => "default-value-changed",
        }),
    }
}

fn text(said: Option<&Said>) -> Option<&str> {
    said?.text.as_deref()
}

fn bound(stem: &str, keyword: &str, was: bool, is: bool, is_wider: bool, way: Way) -> Vec<String> {
    let known = match keyword {
        "minimum" => "min",
        "maximum" => "max",
        "exclusiveMinimum" => "exclusive-min",
        "exclusiveMaximum" => "exclusive-max",
        "minLength" => "min-length",
        "maxLength" => "max-length",
        "minItems" => "min-items",
        "maxItems" => "max-items",
        "minProperties" => "min-properties",
        "maxProperties" => "max-properties",
        "minContains" => "min-contains",
        "maxContains" => "max-contains",
        "multipleOf" => "multiple-of",
        "uniqueItems" => "unique-items",
        "pattern" => {
            let action = match (was, is) {
                (false, true) => "added",
                (true, false) => "removed",
                _ if is_wider && way == Way::Request => "generalized",
                _ => "changed",
            };
            return vec![format!("{stem}-pattern-{action}")];
        }
        "dependentRequired" if was && is => return vec![format!("{stem}-dependent-required-changed")],
        other => {
            let action = if is_wider { "removed" } else { "added" };
            let of_each = match other {
                "patternProperties" => "pattern-property",
                "dependentSchemas" => "dependent-schema",
                _ => return vec![format!("{stem}-{}-{action}", kebab(other))],
            };
            return vec![format!("{stem}-{of_each}-{action}")];
        }
    };
    let is_min = known.contains("min");
    let action = match (was, is) {
        // Where none is said it is 0.
        (false, true) if matches!(keyword, "minLength" | "minItems") => "increased",
        (true, false) if matches!(keyword, "minLength" | "minItems") => "decreased",
        (false, true) => "set",
        (true, false) => "unset",
        _ if is_min == is_wider => "decreased",
        _ => "increased",
    };
    vec![format!("{stem}-{known}-{action}")]
}

fn property(difference: &Difference, way: Way, closed: bool, (was_required, is_required): (bool, bool)) -> Vec<String> {
    let is_added = difference.relation == Relation::Same || (difference.relation == Relation::Wider && closed);
    let id = match (way, is_added) {
        (Way::Request, true) => "new-optional-request-property",
        (Way::Request, false) => "request-property-removed",
        (Way::Response, true) if is_required => "response-required-property-added",
        (Way::Response, true) => "response-optional-property-added",
        (Way::Response, false) if was_required => "response-required-property-removed",
        (Way::Response, false) => "response-optional-property-removed",
    };
    vec![id.to_owned()]
}

fn required(position: Position, way: Way, fresh: bool, filled: bool, is_wider: bool) -> Vec<String> {
    let with_default = if filled { "-with-default" } else { "" };
    let stem = if way == Way::Request { "request-property" } else { "response-property" };
    match (way, fresh, is_wider) {
        (Way::Request, true, _) if position == Position::ParameterProperty(ParameterPlace::Header) => {
            vec!["new-required-request-header-property".to_owned()]
        }
        (Way::Request, false, false) if position == Position::ParameterProperty(ParameterPlace::Header) => {
            vec!["request-header-property-became-required".to_owned()]
        }
        (Way::Request, true, _) => vec![format!("new-required-request-property{with_default}")],
        (Way::Request, false, false) => vec![format!("{stem}-became-required{with_default}")],
        (Way::Response, _, false) => vec![format!("{stem}-became-required")],
        (_, _, true) => vec![format!("{stem}-became-optional")],
    }
}

/// `patternProperties` as `pattern-properties`.
fn kebab(keyword: &str) -> String {
    let mut text = String::new();
    for letter in keyword.chars() {
        if letter.is_ascii_uppercase() {
            text.push('-');
        }
        text.push(letter.to_ascii_lowercase());
    }
    text
}
