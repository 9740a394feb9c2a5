//! Calls whose contract is known, and has no such operation.
//!
//! An error is only claimed where nothing else can be meant: the host (or the stub's package) names the
//! contract, and none of its paths can be the path of the call even if a prefix is left out on
//! either side (a gateway's, a base path) and each hole holds any number of segments.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use super::template;
use super::url::{Segment, Url, parse_text};
use crate::model::contract::{Catalog, ContractId, ContractKind, OperationId, OperationKind, Protocol};
use crate::model::map::{Confidence, Missing};
use crate::model::source::ServiceId;

/// Near misses that are kept.
const NEAR: usize = 3;

/// From this likeness on (0 to 1) a path or name is a near miss: one or two letters in a word of usual
/// length, or another word in a long path.
const ALIKE: f64 = 0.75;

/// First segments that say nothing of what is meant.
const COMMON: [&str; 3] = ["api", "rest", "services"];

/// What is missing, if one of `owners` must have it.
pub(super) fn in_contracts(
    catalog: &Catalog,
    owners: &BTreeSet<ContractId>,
    (method, url): (&str, &Url),
    caller: Option<ServiceId>,
) -> Option<Missing> {
    // What a service answers beside its document is no promise, and says nothing of what it does not answer.
    let is_document = |id: &&ContractId| catalog.contract(**id).kind == ContractKind::OpenApi;
    let documented: BTreeSet<_> = owners.iter().filter(is_document).map(|id| catalog.contract(*id).provider).collect();
    let is_beside = |id: &&ContractId| {
        let contract = catalog.contract(**id);
        contract.kind == ContractKind::Code && documented.contains(&contract.provider)
    };
    let owners: BTreeSet<ContractId> = owners.iter().filter(|id| !is_beside(id)).copied().collect();
    let is_other = |id: &ContractId| {
        let contract = catalog.contract(*id);
        contract.kind == ContractKind::OpenApi && (contract.provider.is_none() || contract.provider != caller)
    };
    // A server answers these two although no contract declares them.
    let is_implied = matches!(method, "HEAD" | "OPTIONS");
    if owners.is_empty() || is_implied || !owners.iter().all(is_other) || !is_whole(url) {
        return None;
    }
    let paths: Vec<Path> = owners.iter().flat_map(|id| paths(catalog, *id)).collect();
    let others: Vec<OperationId> =
        paths.iter().filter(|path| path.has(&url.segments)).map(|path| path.operation).collect();
    let is_there = |id: &OperationId| method_of(catalog, *id).is_some_and(|it| it.eq_ignore_ascii_case(method));
    if paths.is_empty() || others.iter().any(is_there) {
        return None;
    }
    let exact = paths.iter().filter(|path| meets(&url.segments, &path.segments)).map(|path| path.operation);
    let exact: BTreeSet<OperationId> = exact.collect();
    // A path that only fits in part tells neither that it is there nor that it is not.
    if exact.is_empty() && !others.is_empty() {
        return None;
    }
    let is_near = !exact.is_empty();
    let near = if is_near { exact.into_iter().take(NEAR).collect() } else { alike(catalog, &paths, method, url) };
    let is_akin = !near.is_empty() || paths.iter().any(|path| area(&path.segments) == area(&url.segments));
    Some(Missing {
        contracts: owners.into_iter().collect(),
        near,
        other_method: is_near,
        confidence: if is_akin { Confidence::Likely } else { Confidence::Possible },
    })
}

/// What is missing from a service whose rpcs are these.
pub(super) fn in_service(catalog: &Catalog, rpcs: &[OperationId], method: &str) -> Missing {
    let name = method.to_ascii_lowercase().replace('_', "");
    let mut near: Vec<(Reverse<u64>, OperationId)> = Vec::new();
    for id in rpcs {
        let Protocol::Rpc { method, .. } = &catalog.operation(*id).protocol else { continue };
        let score = strsim::normalized_levenshtein(&name, &method.to_ascii_lowercase());
        if score >= ALIKE {
            near.push((Reverse(thousandths(score)), *id));
        }
    }
    near.sort_unstable();
    let contracts: BTreeSet<ContractId> = rpcs.iter().map(|id| catalog.operation(*id).contract).collect();
    let confidence = if near.is_empty() { Confidence::Possible } else { Confidence::Likely };
    Missing {
        contracts: contracts.into_iter().collect(),
        near: near.into_iter().take(NEAR).map(|(_, id)| id).collect(),
        other_method: false,
        confidence,
    }
}

/// Whether it is known how many segments a path has: it starts at the root, and no hole stands for
/// more than a parameter could.
fn is_whole(url: &Url) -> bool {
    let [first, .., last] = url.segments.as_slice() else {
        return !url.base.open && url.segments.iter().all(|segment| segment.literal().is_some());
    };
    let is_mixed = |segment: &Segment| segment.literal().is_none() && !segment.is_hole();
    !url.base.open && first.literal().is_some() && !is_mixed(last)
}

/// The path of an operation below one of the bases of its contract.
struct Path {
    operation: OperationId,
    segments: Vec<Segment>,
}

fn paths(catalog: &Catalog, id: ContractId) -> Vec<Path> {
    let contract = catalog.contract(id);
    let mut bases: BTreeSet<Vec<Segment>> = contract.servers.iter().map(|server| parse_text(server).segments).collect();
    bases.insert(Vec::new());
    let mut all = Vec::new();
    for (at, operation) in catalog.operations() {
        if operation.contract != id || operation.kind != OperationKind::Served {
            continue;
        }
        for route in template::routes(operation) {
            for base in &bases {
                let route = route.iter().map(|step| step.segment.clone());
                all.push(Path { operation: at, segments: base.iter().cloned().chain(route).collect() });
            }
        }
    }
    all
}

impl Path {
    /// Whether a path of a call can be this one, with a prefix left out on either side.
    fn has(&self, path: &[Segment]) -> bool {
        let is_telling = |rest: &&[Segment]| rest.iter().any(|segment| segment.literal().is_some());
        let mut calls = (0..=path.len()).filter_map(|from| path.get(from..)).filter(is_telling);
        let mut own = (0..self.segments.len()).filter_map(|from| self.segments.get(from..)).filter(is_telling);
        calls.any(|rest| meets(rest, &self.segments)) || own.any(|rest| meets(path, rest))
    }
}

/// Whether the segments of a call can be those of a contract; a hole of the call holds any number.
fn meets(call: &[Segment], contract: &[Segment]) -> bool {
    match (call, contract) {
        ([], []) => true,
        ([first, rest @ ..], _) if first.is_hole() => {
            (0..=contract.len()).any(|held| contract.get(held..).is_some_and(|left| meets(rest, left)))
        }
        ([first, rest @ ..], [wanted, left @ ..]) => {
            let fits = match (first.literal(), wanted.literal()) {
                (Some(text), Some(wanted)) => text.eq_ignore_ascii_case(wanted),
                (Some(text), None) => wanted.can_be(text),
                (None, Some(wanted)) => first.can_be(wanted),
                (None, None) => true,
            };
            fits && meets(rest, left)
        }
        _ => false,
    }
}

/// Operations whose path is nearly that of the call, the most alike first, those of its method before
/// others.
fn alike(catalog: &Catalog, paths: &[Path], method: &str, url: &Url) -> Vec<OperationId> {
    let wanted = written(&url.segments);
    let mut near: Vec<(Reverse<u64>, bool, OperationId)> = Vec::new();
    for path in paths.iter().filter(|path| path.segments.len() == url.segments.len()) {
        let score = strsim::normalized_levenshtein(&wanted, &written(&path.segments));
        let is_other = method_of(catalog, path.operation) != Some(method);
        if score >= ALIKE {
            near.push((Reverse(thousandths(score)), is_other, path.operation));
        }
    }
    near.sort_unstable();
    near.dedup_by_key(|(_, _, operation)| *operation);
    near.into_iter().take(NEAR).map(|(.., operation)| operation).collect()
}

/// `/profiles/{}`
fn written(segments: &[Segment]) -> String {
    segments.iter().map(|segment| format!("/{segment}")).collect()
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a score is between 0 and 1")]
fn thousandths(score: f64) -> u64 {
    (score * 1000.0) as u64
}

/// The first segment that says what a path is about.
fn area(segments: &[Segment]) -> Option<&str> {
    let is_version =
        |text: &str| text.strip_prefix('v').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
    segments.iter().filter_map(Segment::literal).find(|text| !is_version(text) && !COMMON.contains(text))
}

fn method_of(catalog: &Catalog, id: OperationId) -> Option<&str> {
    match &catalog.operation(id).protocol {
        Protocol::Http { method, .. } => Some(method),
        Protocol::Rpc { .. } => None,
    }
}
