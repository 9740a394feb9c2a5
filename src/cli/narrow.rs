//! Which part of the map is asked for: patterns of names become ids, and one that fits nothing is refused.

use std::collections::BTreeSet;

use super::args::{Common, Part};
use super::failure::Failure;
use super::selector::wildcard;
use super::session::Session;
use super::suggest::did_you_mean;
use crate::model::analysis::Analysis;
use crate::model::contract::{ContractId, OperationId};
use crate::model::map::Confidence;
use crate::model::source::ServiceId;
use crate::report::view::{Filter, View};

/// What the arguments ask for.
pub(super) fn narrow(session: &Session, common: &Common, part: &Part) -> Result<Filter, Failure> {
    let analysis = &session.analysis;
    let consumers = part.consumer.as_deref().map(|pattern| services(analysis, "consumer", pattern)).transpose()?;
    let named = part.contract.as_deref().map(|pattern| contracts(analysis, pattern)).transpose()?;
    let provided = part.provider.as_deref().map(|pattern| provided(analysis, pattern)).transpose()?;
    let contracts = match (named, provided) {
        (Some(named), Some(provided)) => Some(&named & &provided),
        (named, provided) => named.or(provided),
    };
    Ok(Filter {
        consumers,
        contracts,
        operations: part.operation.as_deref().map(|pattern| operations(analysis, pattern)).transpose()?,
        min_confidence: common.min_confidence.map(Confidence::from),
        tests: session.settings.include_tests,
    })
}

/// Services by name.
pub(super) fn services(analysis: &Analysis, what: &str, pattern: &str) -> Result<BTreeSet<ServiceId>, Failure> {
    let all = || (0..).map(ServiceId).zip(&analysis.workspace.services);
    let found = all().filter(|(_, service)| wildcard(pattern, &service.name)).map(|(id, _)| id);
    let known = all().map(|(_, service)| service.name.as_str());
    some(found.collect(), what, pattern, known)
}

fn contracts(analysis: &Analysis, pattern: &str) -> Result<BTreeSet<ContractId>, Failure> {
    let contracts = &analysis.head.contracts;
    let path = |file| analysis.sources.get(file).path.as_str();
    let found = contracts.iter().enumerate().filter(|(_, contract)| {
        let files = contract.files.iter().map(|file| path(*file));
        [contract.id.as_str(), &contract.title].into_iter().chain(files).any(|name| wildcard(pattern, name))
    });
    let known = contracts.iter().map(|contract| contract.id.as_str());
    some(found.map(|(at, _)| ContractId::at(at)).collect(), "contract", pattern, known)
}

/// The contracts that services provide, by configuration, place or code.
fn provided(analysis: &Analysis, pattern: &str) -> Result<BTreeSet<ContractId>, Failure> {
    let services = services(analysis, "service", pattern)?;
    let view = View::whole(analysis);
    let all = view.contracts.iter().copied();
    let found: BTreeSet<ContractId> = all.filter(|id| !view.providers(*id).is_disjoint(&services)).collect();
    if found.is_empty() {
        return Err(Failure::usage(format!("`{pattern}` provides no contract here")));
    }
    Ok(found)
}

fn operations(analysis: &Analysis, pattern: &str) -> Result<BTreeSet<OperationId>, Failure> {
    let fits = |name: &str| wildcard(pattern, name) || name.ends_with(&format!(".{pattern}"));
    let found = analysis.head.operations().filter(|(_, operation)| {
        fits(&operation.key) || operation.operation_id.as_deref().is_some_and(|id| wildcard(pattern, id))
    });
    let keys = analysis.head.operations.iter().map(|operation| operation.key.as_str());
    let ids = analysis.head.operations.iter().filter_map(|operation| operation.operation_id.as_deref());
    some(found.map(|(id, _)| id).collect(), "operation", pattern, keys.chain(ids))
}

/// What was found; nothing is a mistake, with what was probably meant.
fn some<'a, T: Ord>(
    found: BTreeSet<T>,
    what: &str,
    pattern: &str,
    known: impl Iterator<Item = &'a str>,
) -> Result<BTreeSet<T>, Failure> {
    if !found.is_empty() {
        return Ok(found);
    }
    Err(Failure::with_help(format!("there is no {what} `{pattern}` here"), did_you_mean(pattern, known)))
}
