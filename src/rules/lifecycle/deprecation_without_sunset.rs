//! Something is deprecated, and nobody says until when: `rules/lifecycle/deprecation-without-sunset.md`.

use std::collections::BTreeMap;

use crate::check::rule::{Context, Sink, count, rule};
use crate::model::contract::{Catalog, ContractId, Mark};
use crate::model::map::Confidence;

rule!("lifecycle", "deprecation-without-sunset", Warning, Contracts(check));

/// Places that one finding shows.
const SHOWN: usize = 5;

/// A deprecated operation.
struct Open<'a> {
    name: &'a str,
    subject: String,
    mark: &'a Mark,
}

fn check(context: &Context<'_>, head: &Catalog, sink: &mut Sink) {
    let mut open: BTreeMap<ContractId, Vec<Open<'_>>> = BTreeMap::new();
    // Code has no place for a date: only who writes a contract can be asked for one.
    for (_, operation) in head.operations().filter(|(id, _)| head.is_promised(*id)) {
        let (Some(mark), None) = (&operation.marks.deprecated, &operation.marks.sunset) else { continue };
        // An HTTP binding is deprecated with its rpc.
        if context.is_aside(mark.site.file()) || operation.binding.is_some() {
            continue;
        }
        let subject = context.operation_subject(head, operation);
        open.entry(operation.contract).or_default().push(Open { name: &operation.key, subject, mark });
    }
    for all in open.into_values() {
        report(&all, sink);
    }
}

/// One finding for a contract: who forgets the date forgets it everywhere.
fn report(all: &[Open<'_>], sink: &mut Sink) {
    let [first, others @ ..] = all else { return };
    let more = match others.len() {
        0 => String::new(),
        number => format!(", and so {} more", count(number, "operation", "operations")),
    };
    let message = format!("`{}` is deprecated without a date from which it may be gone{more}", first.name);
    let mut finding = sink
        .finding(Confidence::Certain, first.mark.site.clone(), message)
        .with_label(format!("marked `{}`, with no sunset", first.mark.text))
        .with_help("say until when it stays (`x-sunset: YYYY-MM-DD`): without a day nobody plans to move")
        .with_identity(first.subject.clone(), "");
    for other in others.iter().take(SHOWN) {
        finding = finding.with_related(other.mark.site.clone(), format!("`{}` as well", other.name));
    }
    sink.add(finding);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::fixture::*;

    #[test]
    fn operations_of_one_contract_are_one_finding() {
        let mut analysis = workspace();
        for operation in &mut analysis.head.operations {
            operation.marks.deprecated = Some(mark("deprecated"));
        }
        let findings = checked(&analysis, &[&RULE], &settings()).findings;
        assert_eq!(findings.len(), 1, "{findings:?}");
        assert!(findings[0].message.contains("is deprecated without a date"));
    }

    #[test]
    fn a_day_is_all_that_is_asked_for() {
        let mut analysis = workspace();
        for operation in &mut analysis.head.operations {
            operation.marks.deprecated = Some(mark("deprecated"));
            operation.marks.sunset = Some(("2026-12-01".parse().unwrap(), mark("x-sunset: 2026-12-01")));
        }
        assert_eq!(checked(&analysis, &[&RULE], &settings()).findings, []);
    }
}
