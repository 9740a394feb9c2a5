//! The dependency map for people: for each service the operations it calls and serves, and the fields it uses.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};

use super::excerpt::clean;
use super::style::{FAINT, STRONG};
use super::view::View;
use super::{counted, uses};
use crate::model::analysis::Analysis;
use crate::model::contract::{ContractId, ContractKind, OperationId};
use crate::model::map::{Edge, EdgeKind, Role};

/// Places of one field that are named.
const PLACES: usize = 3;

/// What is done to one field: its name and access, and the edges that do it.
type Fields<'a> = BTreeMap<(String, &'static str), Vec<&'a Edge>>;

/// What one service does to one operation.
#[derive(Default)]
struct Uses<'a> {
    calls: Vec<&'a Edge>,
    serves: Vec<&'a Edge>,
    fields: Fields<'a>,
}

/// The map, service by service.
pub fn write(view: &View<'_>, out: &mut dyn Write) -> io::Result<()> {
    let analysis = view.analysis;
    let names = Names::of(view);
    let mut services: BTreeMap<&str, BTreeMap<String, Uses<'_>>> = BTreeMap::new();
    for edge in view.own_edges() {
        // What a provider does to its own messages is no dependency.
        if edge.role == Role::Provider && edge.kind != EdgeKind::Call {
            continue;
        }
        let operations = services.entry(uses::consumer(analysis, edge)).or_default();
        let uses = operations.entry(names.operation(edge)).or_default();
        match (edge.kind, edge.role) {
            (EdgeKind::Call, Role::Consumer) => uses.calls.push(edge),
            (EdgeKind::Call, Role::Provider) => uses.serves.push(edge),
            (kind, _) => uses.fields.entry((uses::element(analysis, edge), kind.name())).or_default().push(edge),
        }
    }
    for (service, operations) in &services {
        let (shown, uncalled): (Vec<_>, Vec<_>) = operations.iter().partition(|(_, uses)| !names.is_uncalled(uses));
        writeln!(out, "{STRONG}{}{STRONG:#}", clean(service))?;
        for (operation, uses) in shown {
            let name = clean(operation);
            if !uses.serves.is_empty() {
                writeln!(out, "  serves {name}{}", places(analysis, &uses.serves))?;
            }
            if uses.serves.is_empty() || !uses.calls.is_empty() || !uses.fields.is_empty() {
                writeln!(out, "  {name}{}", places(analysis, &uses.calls))?;
            }
            for ((field, access), edges) in &uses.fields {
                writeln!(out, "    {access:5} {}{}", clean(field), places(analysis, edges))?;
            }
        }
        if !uncalled.is_empty() {
            let count = counted(uncalled.len(), "operation");
            writeln!(out, "  {FAINT}serves {count} that no contract has and nobody here calls{FAINT:#}")?;
        }
    }
    footer(view, out)
}

/// What tells operations of one name from each other, and those that matter to somebody.
struct Names<'a> {
    analysis: &'a Analysis,
    /// Contracts that have an operation of this name.
    contracts: BTreeMap<&'a str, BTreeSet<ContractId>>,
    called: BTreeSet<OperationId>,
}

impl<'a> Names<'a> {
    fn of(view: &View<'a>) -> Self {
        let analysis = view.analysis;
        let mut contracts: BTreeMap<&str, BTreeSet<ContractId>> = BTreeMap::new();
        for operation in &analysis.head.operations {
            contracts.entry(&operation.key).or_default().insert(operation.contract);
        }
        let uses = view.own_edges().filter(|edge| edge.role == Role::Consumer);
        Self { analysis, contracts, called: uses.filter_map(|edge| edge.operation).collect() }
    }

    /// `GET /orders`, and whose it is where others have one too or no contract could be asked.
    fn operation(&self, edge: &Edge) -> String {
        let operation = edge.operation.and_then(|id| self.analysis.head.operations.get(id.index()));
        let Some(operation) = operation else { return "(operation not known)".to_owned() };
        let contract = self.analysis.head.contract(operation.contract);
        let is_shared = || self.contracts.get(operation.key.as_str()).is_some_and(|all| all.len() > 1);
        let is_told = edge.role == Role::Consumer && (contract.kind == ContractKind::Code || is_shared());
        match contract.provider.filter(|provider| is_told && edge.location.service != Some(*provider)) {
            Some(provider) => format!("{} of {}", operation.key, self.analysis.workspace.name(provider)),
            None => operation.key.clone(),
        }
    }

    /// What a service answers by its code alone is of interest if somebody asks for it.
    fn is_uncalled(&self, uses: &Uses<'_>) -> bool {
        let is_of_code = |id: OperationId| {
            let operation = self.analysis.head.operations.get(id.index());
            operation.is_some_and(|it| self.analysis.head.contract(it.contract).kind == ContractKind::Code)
        };
        let is_idle = |edge: &&Edge| edge.operation.is_some_and(|id| is_of_code(id) && !self.called.contains(&id));
        uses.calls.is_empty() && uses.fields.is_empty() && uses.serves.iter().all(is_idle)
    }
}

/// `  age/src/lib.rs:3 (certain), ... and 4 more`.
fn places(analysis: &Analysis, edges: &[&Edge]) -> String {
    if edges.is_empty() {
        return String::new();
    }
    // Several accesses of one line read as one.
    let mut all: Vec<String> =
        edges.iter().map(|edge| format!("{} ({})", uses::place(analysis, edge), edge.confidence.name())).collect();
    all.dedup();
    let mut named: Vec<String> = all.iter().take(PLACES).cloned().collect();
    if let more @ 1.. = all.len().saturating_sub(PLACES) {
        named.push(format!("... and {more} more"));
    }
    format!("  {FAINT}{}{FAINT:#}", clean(&named.join(", ")))
}

fn footer(view: &View<'_>, out: &mut dyn Write) -> io::Result<()> {
    let uses: Vec<&Edge> = view.own_edges().filter(|edge| edge.role == Role::Consumer).collect();
    let consumers: BTreeSet<&str> = uses.iter().map(|edge| uses::consumer(view.analysis, edge)).collect();
    let calls = uses.iter().filter(|edge| edge.kind == EdgeKind::Call).count();
    writeln!(
        out,
        "{}, {}, {}, {} (contract-lint unresolved)",
        counted(consumers.len(), "consumer"),
        counted(calls, "call"),
        counted(uses.len().saturating_sub(calls), "field access"),
        counted(view.unresolved.len(), "unresolved call"),
    )?;
    match view.analysis.coverage.tests {
        0 => Ok(()),
        files => writeln!(out, "{FAINT}{} left out, show with --include-tests{FAINT:#}", counted(files, "test file")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample::{Sample, plain};

    #[test]
    fn the_table_goes_from_consumer_to_operation_to_field() {
        let text = plain(|out| write(&View::whole(&Sample::broken().analysis), out));
        let expected = "\
age
  GET /profiles/{id}  age/src/lib.rs:3 (likely)
    read  GET /profiles/{id}#200.id  age/src/lib.rs:2 (certain)
1 consumer, 1 call, 1 field access, 1 unresolved call (contract-lint unresolved)
";
        similar_asserts::assert_eq!(text, expected);
    }
}
