//! What all rules about changes say in the same way: what happened, to what, and who is hit.

use crate::model::change::{Change, ChangeKind, Compatibility, Direction, Ids, What, Witness};
use crate::model::contract::{Catalog, ContractKind, ParameterPlace};
use crate::model::finding::{Finding, Level};
use crate::model::map::Confidence;

use super::context::Context;
use super::impact::{Impact, Need, Use, Verb, affects};
use super::promise;
use super::rule::Sink;

/// ``response field `Profile.birthdate` was removed``
#[must_use]
pub fn sentence(change: &Change) -> String {
    let name = &change.element.name;
    let subject = match words(change.element.what, change.direction) {
        words if name.is_empty() => words.to_owned(),
        words => format!("{words} `{name}`"),
    };
    format!("{subject} {}", happened(change))
}

/// What happened, as the end of a sentence.
fn happened(change: &Change) -> String {
    use ChangeKind as Kind;
    let value = |spot: &Option<crate::model::change::Spot>| spot.as_ref().and_then(|spot| spot.value.clone());
    let (old, new) = (value(&change.old), value(&change.new));
    let facet = change.facet;
    // Most changes are from one value to another; what either side lacks is left out.
    let turned = |verb: &str| match (&old, &new) {
        (Some(old), Some(new)) => format!("{verb} from `{old}` to `{new}`"),
        (None, Some(new)) => format!("{verb} to `{new}`"),
        (Some(old), None) => format!("{verb}, from `{old}`"),
        (None, None) => verb.to_owned(),
    };
    let lists = |verb: &str| match new.as_ref().or(old.as_ref()) {
        Some(value) => format!("{verb} `{value}`"),
        None => verb.to_owned(),
    };
    match change.kind {
        Kind::ConstraintTightened | Kind::ConstraintLoosened => match (&old, &new) {
            (None, Some(new)) => format!("now has `{facet}: {new}`"),
            (Some(old), None) => format!("no longer has `{facet}: {old}`"),
            (Some(old), Some(new)) => format!("has `{facet}: {new}` instead of `{old}`"),
            (None, None) if change.old.is_none() => format!("now has `{facet}`"),
            (None, None) if change.new.is_none() => format!("no longer has `{facet}`"),
            (None, None) => format!("has another `{facet}`"),
        },
        Kind::AccessModeChanged => match (&old, &new) {
            (None, Some(new)) => format!("is now `{new}`"),
            (Some(old), None) => format!("is no longer `{old}`"),
            _ => turned("changed its access mode"),
        },
        Kind::DiscriminatorChanged => turned("changed its discriminator"),
        Kind::EnumOpennessChanged => turned("changed"),
        Kind::EnumValueAdded if change.element.what != What::EnumValue => lists("may now be"),
        Kind::EnumValueRemoved if change.element.what != What::EnumValue => lists("may no longer be"),
        Kind::ExtensionRangeShrunk => lists("no longer leaves numbers to extensions:"),
        Kind::FieldCardinalityChanged | Kind::PresenceChanged => turned("changed"),
        Kind::FieldDefaultChanged => match (&old, &new) {
            (None, Some(new)) => format!("has the default `{new}` now"),
            (Some(old), None) => format!("no longer has the default `{old}`"),
            _ => turned("changed its default"),
        },
        Kind::FieldOneofChanged if change.element.what == What::Oneof => match &new {
            Some(new) => format!("was renamed to `{new}`"),
            None => "was dissolved".to_owned(),
        },
        Kind::FieldOneofChanged => match (&old, &new) {
            (None, Some(new)) => format!("moved into the oneof `{new}`"),
            (Some(old), None) => format!("moved out of the oneof `{old}`"),
            _ => turned("moved"),
        },
        Kind::FieldOptional if change.element.what == What::ResponseHeader => "may now be left out".to_owned(),
        Kind::FieldOptional => "may now be left out".to_owned(),
        Kind::FieldRenamed => lists("was renamed to"),
        Kind::FieldRenumbered if facet == "name" => turned("was renamed and renumbered,"),
        Kind::FieldRenumbered => turned("was renumbered"),
        Kind::FieldRequired if change.direction.response && !change.direction.request => {
            "is always there now".to_owned()
        }
        Kind::FieldRequired if change.field().is_some() => "must now be sent".to_owned(),
        Kind::ParameterRequired | Kind::RequestBodyRequired if change.old.is_some() => "must now be sent".to_owned(),
        Kind::FieldRequired | Kind::ParameterRequired | Kind::RequestBodyRequired => {
            "is new and must be sent".to_owned()
        }
        Kind::FieldTypeChanged => turned(if facet.is_empty() { "changed its type" } else { "changed its format" }),
        Kind::GeneratedCodeChanged if !facet.is_empty() => match (&old, &new) {
            (None, Some(new)) => format!("has `{facet} = {new}` now"),
            (Some(old), None) => format!("no longer has `{facet} = {old}`"),
            (Some(old), Some(new)) => format!("has `{facet} = {new}` instead of `{old}`"),
            (None, None) => format!("changed its `{facet}`"),
        },
        Kind::GeneratedCodeChanged => turned("changed"),
        Kind::IdempotencyChanged => turned("changed its idempotency level"),
        Kind::JsonFormatChanged => "no longer keeps to the JSON form of protobuf".to_owned(),
        Kind::JsonNameChanged => turned("changed its name in JSON"),
        Kind::MediaTypeRemoved => lists("no longer comes as"),
        Kind::NullableAdded => "may now be `null`".to_owned(),
        Kind::NullableRemoved => "may no longer be `null`".to_owned(),
        Kind::NumberReused => match (&old, &new) {
            (None, Some(number)) => format!("has the number `{number}`, which was reserved"),
            (_, Some(new)) => format!("gave its number to `{new}`, which is something else"),
            (_, None) => "has the number of another".to_owned(),
        },
        Kind::OperationMoved if facet.is_empty() => lists("is called by another name now:"),
        Kind::OperationMoved => turned(&format!("changed its `{facet}`")),
        Kind::ParameterMoved => turned("moved"),
        Kind::PropertiesClosed => match (&old, &new) {
            (_, Some(_)) => "allows no other properties any more".to_owned(),
            _ => "allows other properties now".to_owned(),
        },
        Kind::ReservedRemoved => lists("no longer reserves"),
        Kind::SecurityTightened => turned("asks for more proof of who calls"),
        Kind::StatusAdded => lists("may now answer"),
        Kind::StatusRemoved => lists("no longer answers"),
        Kind::StreamingChanged => turned("changed its streaming"),
        Kind::UnionMemberAdded => lists("may now be"),
        Kind::UnionMemberRemoved => lists("may no longer be"),
        Kind::StabilityDecreased => turned("is less stable now,"),
        Kind::SunsetMovedEarlier => turned("moved its sunset"),
        Kind::SensitiveMarkRemoved => lists("is no longer marked as"),
        Kind::Deprecated => match &new {
            Some(day) => format!("is deprecated now and may be gone from {day} on"),
            None => "is deprecated now".to_owned(),
        },
        Kind::Reactivated => "is no longer deprecated".to_owned(),
        Kind::Described if !facet.is_empty() => turned(&format!("changed its `{facet}`")),
        Kind::Described => turned("changed"),
        Kind::Loosened if !facet.is_empty() => turned(&format!("loosened its `{facet}`")),
        Kind::Loosened => turned("asks for less"),
        Kind::Added | Kind::EnumValueAdded => "was added".to_owned(),
        Kind::FieldRemoved
        | Kind::OperationRemoved
        | Kind::ParameterRemoved
        | Kind::RequestBodyRemoved
        | Kind::ResponseHeaderRemoved
        | Kind::TypeRemoved
        | Kind::EnumValueRemoved
        | Kind::Removed => "was removed".to_owned(),
    }
}

/// What an element is called, by the way it travels.
const fn words(what: What, direction: Direction) -> &'static str {
    match what {
        What::Contract => "contract",
        What::File => "file",
        What::Service => "service",
        What::Operation => "operation",
        What::Parameter(ParameterPlace::Path) => "path parameter",
        What::Parameter(ParameterPlace::Query) => "query parameter",
        What::Parameter(ParameterPlace::Header) => "request header",
        What::Parameter(ParameterPlace::Cookie) => "cookie",
        What::RequestBody => "request body",
        What::ResponseBody => "response",
        What::ResponseHeader => "response header",
        What::Message => "type",
        What::Field => match direction {
            Direction { request: false, response: true } => "response field",
            Direction { request: true, response: false } => "request field",
            _ => "field",
        },
        What::Oneof => "oneof",
        What::Enum => "enum",
        What::EnumValue => "enum value",
        What::Extension => "extension",
        What::SecurityScheme => "security scheme",
    }
}

/// What consumers do with an element.
#[must_use]
pub const fn verb(change: &Change) -> Verb {
    match (change.element.what, change.direction) {
        _ if is_needed(change) => Verb { one: "omits", many: "omit" },
        (What::Field, Direction { request: false, response: true }) => Verb { one: "reads", many: "read" },
        (What::Field, Direction { request: true, response: false }) => Verb { one: "sends", many: "send" },
        (What::Operation, _) => Verb { one: "calls", many: "call" },
        _ => Verb { one: "uses", many: "use" },
    }
}

/// How to take something away in time, in the words of the format.
#[must_use]
pub const fn deprecation(kind: ContractKind, what: What) -> &'static str {
    match (kind, what) {
        (ContractKind::OpenApi | ContractKind::Code, _) => "`deprecated: true` and a sunset date",
        (ContractKind::Protobuf, What::Field | What::EnumValue) => "`[deprecated = true]`",
        (ContractKind::Protobuf, _) => "`option deprecated = true`",
    }
}

/// A finding about a change that may break somebody; about a compatible one only for rules that are there
/// to inform. `help` is told how many known consumers break.
///
/// The level follows the map: an error where a known consumer is hit or where the provider is public,
/// else a warning. What could not be told is a possibility, and hidden unless asked for.
pub fn report(context: &Context<'_>, change: &Change, sink: &mut Sink, help: &dyn Fn(usize, ContractKind) -> String) {
    if change.compatibility == Compatibility::Compatible && sink.level() != Level::Info {
        return;
    }
    let Some(base) = &context.analysis.base else { return };
    let head = context.head();
    let (catalog, ids) = match (change.element.base, change.element.head) {
        (Some(ids), _) => (base, ids),
        (None, Some(ids)) => (head, ids),
        (None, None) => return,
    };
    let Some(site) = change.new.as_ref().or(change.old.as_ref()).map(|spot| spot.site.clone()) else { return };
    let contract = catalog.contract(ids.contract);
    let in_base = change.element.base.is_some();
    let impact = hit(context, change, in_base);
    let (verb, public) = (verb(change), context.is_public(contract));

    let said = sentence(change);
    let (confidence, text) = match &change.compatibility {
        Compatibility::Unknown(why) => (Confidence::Possible, format!("{said}; {why}")),
        _ => {
            let still = if change.is_gone() { "still " } else { "" };
            (impact.confidence(), format!("{said}; {}", context.summary(&impact, still, verb, contract)))
        }
    };
    let mut finding = sink
        .finding(confidence, site.clone(), text)
        .with_help(help(impact.breaking(), contract.kind))
        .with_identity(subject(catalog, change, ids), change.facet);
    if let Some(old) = change.old.as_ref().filter(|old| old.site != site) {
        finding =
            finding.with_related(old.site.clone(), if change.is_gone() { "it was declared here" } else { "it was so" });
    }
    finding.level = impact.level(public).min(finding.level).min(change.level.unwrap_or(Level::Error));
    finding.operation = ids.operation;
    finding.field = ids.field;
    finding.in_base = in_base;
    finding = impact.tell(context, verb, finding);
    if !impact.hits.is_empty() && !impact.at_run_time {
        finding = finding.with_note("what runs today goes on; code that is generated anew has to be changed");
    }
    if promise::is_open(change, base) {
        finding.level = Level::Info;
        finding = finding.with_note(promise::OPEN);
    }
    if let Some(leave) = context.leave(change) {
        if impact.hits.is_empty() && !public {
            finding.level = leave.level(finding.level);
        }
        finding = finding.with_note(leave.to_string());
    }
    if let Compatibility::Breaking(Some(witness)) = &change.compatibility {
        finding = finding.with_note(shown(witness));
    }
    if !change.operations.is_empty() {
        finding = finding.with_note(affects(&context.keys(catalog, &change.operations)));
    }
    sink.add(labelled(finding, change));
}

fn labelled(finding: Finding, change: &Change) -> Finding {
    match (change.is_gone(), change.new.is_some(), change.element.what) {
        (true, true, What::Operation) => finding.with_label("the contract no longer has it"),
        (true, false, What::Operation) => finding.with_label("the whole contract is gone; it was declared here"),
        (true, true, What::Field) => {
            let name = change.element.name.rsplit('.').next().unwrap_or_default();
            finding.with_label(format!("no longer has `{name}`"))
        }
        (true, true, _) => finding.with_label(format!("no longer has `{}`", change.element.name)),
        (true, false, _) => finding.with_label("it was declared here"),
        (false, ..) => finding.with_label(happened(change)),
    }
}

/// Who is hit, as far as the map of Base shows it.
pub(super) fn hit<'a>(context: &Context<'a>, change: &Change, in_base: bool) -> Impact<'a> {
    let ids = change.element.base;
    let operations = &change.operations;
    let field = change.element.base.as_ref().and_then(|ids| ids.field.as_ref());
    let what = match (field, ids.and_then(|ids| ids.operation)) {
        _ if !in_base => return Impact::default(),
        _ if is_needed(change) && !operations.is_empty() => match needed(change) {
            Some(need) => Use::Needed { need, operations },
            None => Use::Within(operations),
        },
        (Some(field), _) if change.fields.is_empty() => Use::Fields { fields: std::slice::from_ref(field), operations },
        (Some(_), _) => Use::Fields { fields: &change.fields, operations },
        (None, Some(operation)) if operations.is_empty() => Use::Operation(operation),
        (None, Some(_)) => Use::Operations(operations),
        (None, None) if matches!(change.element.what, What::Contract | What::File | What::Service) => {
            Use::Operations(operations)
        }
        (None, None) => Use::Within(operations),
    };
    context.impact(&what, change.breaks)
}

/// Whether a request must now have what it need not have had: who sends it already goes on as before.
const fn is_needed(change: &Change) -> bool {
    use ChangeKind as Kind;
    matches!(change.kind, Kind::FieldRequired | Kind::ParameterRequired | Kind::RequestBodyRequired)
        && change.direction.request
}

fn needed(change: &Change) -> Option<Need<'_>> {
    match change.element.what {
        What::Parameter(place) => Some(Need::Parameter(place, &change.element.name)),
        What::RequestBody => Some(Need::Body),
        _ => change.element.head.and_then(|ids| ids.field).map(Need::Field),
    }
}

/// The element, named stably over revisions.
pub(super) fn subject(catalog: &Catalog, change: &Change, ids: Ids) -> String {
    let contract = &catalog.contract(ids.contract).id;
    match ids.operation {
        Some(operation) if change.element.what != What::Operation => {
            format!("{contract} {} {}", catalog.operation(operation).key, change.element.name)
        }
        _ => format!("{contract} {}", change.element.name),
    }
}

/// `` `101` was taken, and is refused now``
pub(super) fn shown(witness: &Witness) -> String {
    let value = witness.value.to_string();
    let value: String = value
        .chars()
        .take(MOST_OF_A_WITNESS)
        .chain((value.chars().count() > MOST_OF_A_WITNESS).then_some('…'))
        .collect();
    if witness.head_takes_it {
        format!("for example: `{value}` could not come before, and now may")
    } else {
        format!("for example: `{value}` was allowed, and no longer is")
    }
}

/// Characters of a witness that are shown.
const MOST_OF_A_WITNESS: usize = 80;
