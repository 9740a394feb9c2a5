//! What of the differences between schemas is told: each edit once, at the place where it was made.

use super::arrivals::{Arrival, Names};
use super::conj::Conj;
use super::graph::{Aspect, Difference, Graph, NodeId, Said, Step, Way};
use super::merge::{Told, merged};
use super::verdict;
use crate::model::change::{Change, ChangeKind};
use crate::model::contract::SchemaId;

/// Places inside a member that are asked for an edit which explains what became of the union.
const MAX_INSIDE: usize = 2_000;

/// The changes of all places that differ and can be reached.
pub(super) fn changes(graph: &mut Graph<'_>, arrivals: &[Option<Arrival>], names: &Names<'_>) -> Vec<Change> {
    let mut all = Vec::new();
    for (id, arrival) in arrivals.iter().enumerate() {
        let Some(arrival) = arrival else { continue };
        if graph.get(id).differences.is_empty() {
            continue;
        }
        let differences = graph.proved(id);
        let renamed = renamed(graph, &differences, graph.get(id).way);
        for (at, difference) in differences.iter().enumerate() {
            let is_explained = difference.aspect == Aspect::Bound("oneOf") && breaks_inside(graph, id);
            if is_explained || renamed.is_some_and(|(_, new)| new == at) {
                continue;
            }
            let mut change = change(graph, id, arrival, names, difference);
            if let Some((_, new)) = renamed.filter(|(old, _)| *old == at) {
                rename(&mut change, self::change(graph, id, arrival, names, &differences[new]), &differences[new]);
            }
            let part = difference.aspect.key().map(str::to_owned);
            all.push(Told { change, part: Some(part.unwrap_or_default()), home: home(graph, id, difference) });
        }
    }
    without_arrivals(merged(all))
}

/// A new property that must be sent is new in answers as well, which is told with it.
fn without_arrivals(changes: Vec<Change>) -> Vec<Change> {
    let site = |change: &Change| change.new.as_ref().map(|spot| spot.site.clone());
    let (mut added, mut others): (Vec<Change>, Vec<Change>) =
        changes.into_iter().partition(|it| it.kind == ChangeKind::Added);
    for needed in others.iter_mut().filter(|it| it.kind == ChangeKind::FieldRequired && it.new.is_some()) {
        let place = site(needed);
        for arrival in added.extract_if(.., |it| site(it) == place) {
            needed.add_aliases(arrival.aliases);
        }
    }
    others.append(&mut added);
    others
}

fn change(graph: &Graph<'_>, id: NodeId, arrival: &Arrival, names: &Names<'_>, difference: &Difference) -> Change {
    let node = graph.get(id);
    let placed = match difference.aspect.key_of_place() {
        Some(key) => arrival.property(names, &node.old, &node.new, key),
        None => arrival.clone(),
    };
    verdict::change(difference, node.way, &placed, graph.old, graph.new)
}

/// What the place of an edit is called in the document, from wherever it is reached: the name of the schema, with
/// the property that the edit is about.
fn home(graph: &Graph<'_>, id: NodeId, difference: &Difference) -> Option<String> {
    let node = graph.get(id);
    let name =
        |side: super::conj::Side<'_>, id: Option<SchemaId>| Some(side.schemas.get(id?).name.as_ref()?.to_string());
    match difference.aspect.key() {
        Some(key) => {
            let owner = |side: super::conj::Side<'_>, conj: &Conj| name(side, side.object_in(conj));
            let owner = owner(graph.old, &node.old).or_else(|| owner(graph.new, &node.new))?;
            Some(format!("{owner}.{key}"))
        }
        None => {
            let of = |said: &Option<Said>| said.as_ref().map(|said| said.id);
            name(graph.old, of(&difference.old)).or_else(|| name(graph.new, of(&difference.new)))
        }
    }
}

/// Members that no longer exclude each other, where something in one of them breaks who goes this way: that was edited.
fn breaks_inside(graph: &Graph<'_>, id: NodeId) -> bool {
    let way = graph.get(id).way;
    let members = graph.get(id).inside.iter().filter(|(step, _)| *step == Step::Member);
    let mut open: Vec<NodeId> = members.map(|(_, inner)| *inner).collect();
    let mut seen = std::collections::BTreeSet::new();
    while let Some(inner) = open.pop() {
        if seen.len() == MAX_INSIDE || !seen.insert(inner) {
            continue;
        }
        let node = graph.get(inner);
        if node.differences.iter().any(|it| it.aspect != Aspect::Bound("oneOf") && it.breaks(way)) {
            return true;
        }
        open.extend(node.inside.iter().map(|(_, inner)| *inner));
    }
    false
}

/// A property that had to be there and is gone, and the only one that is new and has to be there, where both say the
/// same: one edit gave it another name.
fn renamed(graph: &Graph<'_>, differences: &[Difference], way: Way) -> Option<(usize, usize)> {
    let is_needed =
        |said: &Option<Said>| said.as_ref().is_some_and(|said| said.text.is_some() && said.pointer.is_empty());
    let only = |wanted: &dyn Fn(&Difference) -> bool| {
        let mut found = differences.iter().enumerate().filter(|(_, it)| wanted(it)).map(|(at, _)| at);
        found.next().filter(|_| found.next().is_none())
    };
    let is_name = |it: &Difference| matches!(it.aspect, Aspect::Property { .. });
    let gone = only(&|it| is_name(it) && is_needed(&it.old))?;
    let is_fresh = |it: &Difference| match way {
        Way::Request => matches!(it.aspect, Aspect::Required { fresh: true, .. }),
        Way::Response => is_name(it) && is_needed(&it.new),
    };
    let new = only(&|it| is_fresh(it))?;
    let class = |said: &Option<Said>, side: super::conj::Side<'_>| said.as_ref().map(|said| side.classes.get(said.id));
    let is_same = class(&differences[gone].old, graph.old) == class(&differences[new].new, graph.new);
    (is_same && gone != new).then_some((gone, new))
}

/// Makes a change of one name for another of what is gone and what is new.
fn rename(gone: &mut Change, new: Change, difference: &Difference) {
    gone.kind = ChangeKind::FieldRenamed;
    gone.new = new.new;
    if let (Some(spot), Some(key)) = (&mut gone.new, difference.aspect.key()) {
        spot.value = Some(key.to_owned());
    }
    if let Some(spot) = &mut gone.old {
        spot.value = None;
    }
    gone.add_aliases(new.aliases);
}

impl Aspect {
    /// The property that it is about.
    fn key(&self) -> Option<&str> {
        self.key_of_place().map(|key| &**key)
    }

    fn key_of_place(&self) -> Option<&std::sync::Arc<str>> {
        match self {
            Self::Property { key, .. } | Self::Required { key, .. } | Self::Access { key, .. } => Some(key),
            _ => None,
        }
    }
}
