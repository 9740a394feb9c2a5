//! What a field says of its values by options: `google.api.field_behavior`, and the constraints of
//! protovalidate and of its forerunner protoc-gen-validate.
//!
//! A constraint is a leaf of the option's value, by its path: `string.min_len`. Only the provider
//! checks them, so that they count for what consumers send.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::field::FieldPair;
use super::make::{Draft, Sender, breaks};
use crate::model::change::{ChangeKind, Compatibility, Element};
use crate::model::contract::{Field, OptionSetting};

const BEHAVIOR: &str = "(google.api.field_behavior)";
const VALIDATORS: [&str; 2] = ["(buf.validate.field)", "(validate.rules)"];

/// What a larger value of a constraint does.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Grows {
    /// It allows less: a lower bound.
    Tighter,
    /// It allows more: an upper bound.
    Looser,
    /// That cannot be said.
    Otherwise,
}

/// Constraints by the last word of their path that is one.
const CONSTRAINTS: [(&str, Grows); 20] = [
    ("required", Grows::Tighter),
    ("min_len", Grows::Tighter),
    ("min_bytes", Grows::Tighter),
    ("min_items", Grows::Tighter),
    ("min_pairs", Grows::Tighter),
    ("gte", Grows::Tighter),
    ("gt", Grows::Tighter),
    ("not_in", Grows::Tighter),
    ("unique", Grows::Tighter),
    ("max_len", Grows::Looser),
    ("max_bytes", Grows::Looser),
    ("max_items", Grows::Looser),
    ("max_pairs", Grows::Looser),
    ("lte", Grows::Looser),
    ("lt", Grows::Looser),
    ("in", Grows::Looser),
    ("len", Grows::Otherwise),
    ("pattern", Grows::Otherwise),
    ("const", Grows::Otherwise),
    ("cel", Grows::Otherwise),
];

/// Every constraint that is new, gone or another one.
pub(super) fn changes(pair: FieldPair<'_>, element: &Element) -> Vec<Draft> {
    let mut drafts = behaviors(pair, element);
    let (old, new) = (constraints(pair.old), constraints(pair.new));
    let paths: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    drafts.extend(paths.into_iter().filter_map(|path| constraint(pair, element, path, (old.get(path), new.get(path)))));
    drafts
}

/// A field must be sent, by either kind of option.
pub(super) fn is_required(field: &Field) -> bool {
    let has = |(path, value): (&String, &Value)| path == "required" && *value == Value::Bool(true);
    behaviors_of(field).contains("REQUIRED") || constraints(field).iter().any(has)
}

fn behaviors(pair: FieldPair<'_>, element: &Element) -> Vec<Draft> {
    let (old, new) = (behaviors_of(pair.old), behaviors_of(pair.new));
    let said = |behavior: &str| match behavior {
        "REQUIRED" => Some((ChangeKind::FieldRequired, Sender::Consumer)),
        "OUTPUT_ONLY" => Some((ChangeKind::AccessModeChanged, Sender::Consumer)),
        "INPUT_ONLY" => Some((ChangeKind::AccessModeChanged, Sender::Provider)),
        _ => None,
    };
    let added = new.difference(&old).filter_map(|behavior| {
        let (kind, sender) = said(behavior)?;
        let draft = Draft::new(kind, element.clone()).facet("field_behavior").breaking(breaks(true, true, false));
        let mut draft = draft.sent_by(sender).at(Some(pair.old.site.clone()), Some(pair.new.site.clone()));
        if let Some((_, value)) = draft.new.as_mut() {
            *value = Some((*behavior).to_owned());
        }
        // What was there already is shown to have been.
        Some(draft.was(if kind == ChangeKind::FieldRequired { "OPTIONAL" } else { "read and written" }))
    });
    let mut drafts: Vec<Draft> = added.collect();
    if old.contains("REQUIRED") && !new.contains("REQUIRED") {
        let draft = Draft::new(ChangeKind::Loosened, element.clone()).facet("field_behavior");
        drafts.push(draft.at(Some(pair.old.site.clone()), Some(pair.new.site.clone())).was("REQUIRED"));
    }
    drafts
}

fn behaviors_of(field: &Field) -> BTreeSet<&str> {
    let options = field.proto.as_ref().map(|proto| proto.options.as_slice()).unwrap_or_default();
    let settings = options.iter().filter(|option| option.name == BEHAVIOR);
    let words = settings.flat_map(|option| match &option.value {
        Value::Array(values) => values.iter().filter_map(Value::as_str).collect(),
        value => value.as_str().into_iter().collect::<Vec<_>>(),
    });
    words.collect()
}

/// The leaves of the options that constrain values, by path.
fn constraints(field: &Field) -> BTreeMap<String, Value> {
    let options = field.proto.as_ref().map(|proto| proto.options.as_slice()).unwrap_or_default();
    let mut found = BTreeMap::new();
    for option in options {
        if let Some(path) = below(option) {
            leaves(path.to_owned(), &option.value, &mut found);
        }
    }
    found
}

/// The path of an option below that of its validator.
fn below(option: &OptionSetting) -> Option<&str> {
    let rest = VALIDATORS.iter().find_map(|validator| option.name.strip_prefix(validator))?;
    Some(rest.trim_start_matches('.'))
}

fn leaves(path: String, value: &Value, found: &mut BTreeMap<String, Value>) {
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                leaves(path, value, found);
            }
        }
        // A mark that is not set is none.
        Value::Bool(false) => {}
        value => {
            found.insert(path, value.clone());
        }
    }
}

fn constraint(
    pair: FieldPair<'_>,
    element: &Element,
    path: &str,
    (old, new): (Option<&Value>, Option<&Value>),
) -> Option<Draft> {
    if old == new {
        return None;
    }
    let known = CONSTRAINTS.iter().find(|(name, _)| path.rsplit('.').any(|word| word == *name));
    let (facet, grows) = known.copied().unwrap_or(("constraint", Grows::Otherwise));
    let (kind, compatibility) = match (old, new) {
        (_, None) => (ChangeKind::Loosened, Compatibility::Compatible),
        (None, Some(_)) if facet == "required" => (ChangeKind::FieldRequired, Compatibility::Breaking(None)),
        (None, Some(_)) => (ChangeKind::ConstraintTightened, Compatibility::Breaking(None)),
        (Some(old), Some(new)) => match grown(old, new) {
            Some(is_more) if grows != Grows::Otherwise && is_more == (grows == Grows::Looser) => {
                (ChangeKind::Loosened, Compatibility::Compatible)
            }
            Some(_) if grows != Grows::Otherwise => (ChangeKind::ConstraintTightened, Compatibility::Breaking(None)),
            _ => (
                ChangeKind::ConstraintTightened,
                Compatibility::Unknown("it cannot be told whether the new constraint allows what the old one did"),
            ),
        },
    };
    let mut draft = Draft::new(kind, element.clone()).facet(facet).sent_by(Sender::Consumer);
    let said =
        |value: Option<&Value>| value.map(|value| value.as_str().map_or_else(|| value.to_string(), str::to_owned));
    draft.old = Some((pair.old.site.clone(), said(old)));
    draft.new = Some((pair.new.site.clone(), said(new)));
    if compatibility != Compatibility::Compatible {
        draft.breaks = breaks(true, true, false);
    }
    draft.compatibility = compatibility;
    Some(draft)
}

/// Whether a number is larger, or a list holds more; none if neither holds all of the other.
fn grown(old: &Value, new: &Value) -> Option<bool> {
    match (old, new) {
        (Value::Array(old), Value::Array(new)) => {
            let holds = |outer: &[Value], inner: &[Value]| inner.iter().all(|value| outer.contains(value));
            match (holds(new, old), holds(old, new)) {
                (true, _) => Some(true),
                (false, true) => Some(false),
                (false, false) => None,
            }
        }
        (old, new) => Some(number(new)? > number(old)?),
    }
}

/// A number, or a duration as JSON has it: `1.5s`.
fn number(value: &Value) -> Option<f64> {
    value.as_f64().or_else(|| value.as_str()?.strip_suffix('s')?.parse().ok())
}
