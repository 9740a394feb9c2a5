//! What a difference means: for who sends, a set of values that became narrower breaks; for who receives,
//! one that became wider. The conventions where sets alone do not decide are here, each with its reason.

use super::arrivals::{Arrival, Position};
use super::conj::Side;
use super::graph::{Aspect, Difference, Relation, Said, Way};
use crate::model::change::{Breaks, Change, ChangeKind, Compatibility, Direction, Spot, Witness};
use crate::model::finding::Level;
use crate::model::source::Site;

/// What is to be said of a difference.
pub(super) struct Verdict {
    pub(super) kind: ChangeKind,
    pub(super) facet: &'static str,
    pub(super) breaks: bool,
    pub(super) level: Option<Level>,
    pub(super) unknown: Option<&'static str>,
}

/// The change that a difference is.
pub(super) fn change(difference: &Difference, way: Way, arrival: &Arrival, old: Side<'_>, new: Side<'_>) -> Change {
    let Verdict { kind, facet, breaks, level, unknown } = judge(difference, way, arrival);
    let direction = Direction { request: way == Way::Request, response: way == Way::Response };
    let witness = match way {
        Way::Request => difference.lost.clone().map(|value| Witness { value, head_takes_it: false }),
        Way::Response => difference.gained.clone().map(|value| Witness { value, head_takes_it: true }),
    };
    let compatibility = match (breaks, unknown) {
        (_, Some(why)) => Compatibility::Unknown(why),
        (true, None) => Compatibility::Breaking(witness),
        (false, None) => Compatibility::Compatible,
    };
    let breaks = Breaks {
        json: breaks,
        source: breaks && is_seen_by_compilers(kind),
        request: breaks && direction.request,
        response: breaks && direction.response,
        wire: false,
    };
    Change {
        facet,
        direction,
        fields: arrival.fields.iter().copied().collect(),
        operations: arrival.operations.iter().copied().collect(),
        old: difference.old.as_ref().map(|said| spot(old, said)),
        new: difference.new.as_ref().map(|said| spot(new, said)),
        breaks,
        compatibility,
        level,
        aliases: super::aliases::of(difference, way, arrival),
        ..Change::new(kind, arrival.element.clone())
    }
}

const fn is_seen_by_compilers(kind: ChangeKind) -> bool {
    use ChangeKind as Kind;
    matches!(
        kind,
        Kind::FieldRemoved
            | Kind::FieldRequired
            | Kind::FieldOptional
            | Kind::FieldTypeChanged
            | Kind::NullableAdded
            | Kind::EnumValueRemoved
            | Kind::EnumValueAdded
            | Kind::UnionMemberAdded
            | Kind::UnionMemberRemoved
            | Kind::DiscriminatorChanged
    )
}

fn spot(side: Side<'_>, said: &Said) -> Spot {
    let site = match side.schemas.site(said.id) {
        Site::Pointer { file, pointer } if !said.pointer.is_empty() => {
            Site::Pointer { file, pointer: format!("{pointer}{}", said.pointer).into() }
        }
        site => site,
    };
    Spot { site, value: said.text.clone() }
}

fn judge(difference: &Difference, way: Way, arrival: &Arrival) -> Verdict {
    use ChangeKind as Kind;
    let relation = difference.relation;
    let by_sets = match way {
        Way::Request => matches!(relation, Relation::Narrower | Relation::Other),
        Way::Response => matches!(relation, Relation::Wider | Relation::Other),
    };
    let unknown = match relation {
        Relation::Unknown(why) => Some(why),
        _ => None,
    };
    let plain = |kind| Verdict { kind, facet: "", breaks: by_sets, level: None, unknown };
    let is_wider = relation == Relation::Wider;
    let either = |wider, narrower| plain(if is_wider { wider } else { narrower });
    match &difference.aspect {
        Aspect::Type => Verdict { breaks: by_sets && !is_text(difference, arrival), ..plain(Kind::FieldTypeChanged) },
        Aspect::Format => Verdict { facet: "format", ..plain(Kind::FieldTypeChanged) },
        Aspect::Null => either(Kind::NullableAdded, Kind::NullableRemoved),
        // Consumers that look at each value are few, and those that do are told by the map.
        Aspect::Value { open } => Verdict {
            breaks: by_sets && !(way == Way::Response && *open),
            level: (way == Way::Response).then_some(Level::Warning),
            ..either(Kind::EnumValueAdded, Kind::EnumValueRemoved)
        },
        Aspect::Enum(facet) => Verdict { facet, ..either(Kind::ConstraintLoosened, Kind::ConstraintTightened) },
        Aspect::Bound(facet) => Verdict { facet, ..either(Kind::ConstraintLoosened, Kind::ConstraintTightened) },
        Aspect::Property { .. } => property(difference, plain(Kind::FieldRemoved)),
        // A default changes nothing: to validators it is a remark, and what is required is missed all the same.
        Aspect::Required { .. } => either(Kind::FieldOptional, Kind::FieldRequired),
        Aspect::Access { needed, .. } => access(difference, way, *needed, plain(Kind::AccessModeChanged)),
        // A new name in an answer is nothing that consumers are kept from ignoring.
        Aspect::Rest => Verdict { breaks: by_sets && way == Way::Request, ..plain(Kind::PropertiesClosed) },
        Aspect::Member { .. } => either(Kind::UnionMemberAdded, Kind::UnionMemberRemoved),
        Aspect::Discriminator(facet) => discriminator(difference, facet, plain(Kind::DiscriminatorChanged)),
        // What a server takes for granted is its own affair, but for parameters, which are left out all the time.
        Aspect::Default => Verdict {
            breaks: way == Way::Request && arrival.positions.iter().any(|it| matches!(it, Position::Parameter(_))),
            level: Some(Level::Warning),
            ..plain(Kind::FieldDefaultChanged)
        },
    }
}

/// In a URL or a header, whatever is no list or object is text anyway.
pub(super) fn is_text(difference: &Difference, arrival: &Arrival) -> bool {
    let types = |said: &Option<Said>| said.as_ref().and_then(|said| said.text.clone()).unwrap_or_default();
    let (old, new) = (types(&difference.old), types(&difference.new));
    let is_scalar =
        |types: &str| types.split(" or ").all(|kind| matches!(kind, "string" | "number" | "integer" | "boolean"));
    // Who says nothing of a parameter means no list: that would have to be said.
    let is_scalar = |types: &str| types == "anything" || is_scalar(types);
    let is_plain = |it: &Position| matches!(it, Position::Parameter(_) | Position::ParameterProperty(_));
    arrival.positions.iter().all(is_plain) && is_scalar(&old) && new.split(" or ").any(|kind| kind == "string")
}

/// Declared names are the contract. A property that nobody names any more is gone, even where the object
/// would still take it; one that is new and not asked for is none of anybody's business.
fn property(difference: &Difference, removed: Verdict) -> Verdict {
    let Aspect::Property { closed, .. } = &difference.aspect else { return removed };
    let is_added = match difference.relation {
        Relation::Same => true,
        Relation::Wider => *closed,
        _ => false,
    };
    let kind = if is_added { ChangeKind::Added } else { ChangeKind::FieldRemoved };
    Verdict { kind, breaks: !is_added, ..removed }
}

/// Like a property that is removed or added on one side.
fn access(difference: &Difference, way: Way, needed: bool, verdict: Verdict) -> Verdict {
    let is_hidden = difference.new.as_ref().is_some_and(|said| said.text.is_some());
    match (is_hidden, way) {
        // What is sent all the same is ignored by most servers.
        (true, Way::Request) => Verdict { breaks: true, level: Some(Level::Warning), ..verdict },
        (true, Way::Response) => Verdict { breaks: true, ..verdict },
        (false, Way::Request) => Verdict { breaks: needed, ..verdict },
        (false, Way::Response) => Verdict { breaks: false, ..verdict },
    }
}

/// The same values are allowed as before; who reads the property to tell members apart is misled where it is
/// another one, or means another member.
fn discriminator(difference: &Difference, facet: &'static str, verdict: Verdict) -> Verdict {
    let is_text = |said: &Option<Said>| said.as_ref().is_some_and(|said| said.text.is_some());
    let is_changed = is_text(&difference.old) && is_text(&difference.new);
    Verdict { facet, breaks: is_changed, level: Some(Level::Warning), ..verdict }
}
