//! The provider's list of who still has to move: `rules/lifecycle/deprecated-with-consumers.md`.

use std::collections::{BTreeMap, BTreeSet};

use crate::check::rule::{Context, Sink, Used, and, count, rule};
use crate::model::contract::Catalog;
use crate::model::finding::Related;
use crate::model::map::{Confidence, Edge};

rule!("lifecycle", "deprecated-with-consumers", Info, Contracts(check));

/// Places that one finding shows for each consumer.
const SHOWN: usize = 3;

fn check(context: &Context<'_>, _: &Catalog, sink: &mut Sink) {
    let mut uses: BTreeMap<String, (Used<'_>, Vec<&Edge>)> = BTreeMap::new();
    for edge in context.uses().filter(|edge| edge.confidence >= Confidence::Likely) {
        if let Some(used) = context.used(edge).filter(|used| used.marks.deprecated.is_some()) {
            uses.entry(used.subject.clone()).or_insert_with(|| (used, Vec::new())).1.push(edge);
        }
    }
    for (used, edges) in uses.into_values() {
        list(context, &used, &edges, sink);
    }
}

fn list(context: &Context<'_>, used: &Used<'_>, edges: &[&Edge], sink: &mut Sink) {
    let Some(mark) = &used.marks.deprecated else { return };
    if context.is_aside(mark.site.file()) {
        return;
    }
    let mut by_consumer: BTreeMap<&str, Vec<&Edge>> = BTreeMap::new();
    for edge in edges {
        by_consumer.entry(context.consumer(edge.location.service)).or_default().push(edge);
    }
    let names: BTreeSet<String> = by_consumer.keys().map(|name| format!("`{name}`")).collect();
    let names: Vec<String> = names.into_iter().collect();
    let message = format!(
        "`{}` is deprecated, and {} still to move: {}",
        used.name,
        count(names.len(), "consumer has", "consumers have"),
        and(&names)
    );
    let confidence = edges.iter().map(|edge| edge.confidence).max().unwrap_or(Confidence::Likely);
    let mut finding = sink
        .finding(confidence, mark.site.clone(), message)
        .with_label(format!("marked `{}`", mark.text))
        .with_help(format!("tell their teams what to use instead{}", context.before_sunset(used.marks)))
        .with_identity(used.subject.clone(), "");
    for (name, edges) in &by_consumer {
        for edge in edges.iter().take(SHOWN) {
            finding.related.push(Related {
                site: context.site(&edge.location),
                message: format!("`{name}` {} it here", context.used(edge).map_or("uses", |used| used.verb)),
                confidence: Some(edge.confidence),
            });
        }
    }
    if let [first, ..] = edges {
        (finding.operation, finding.field) = (first.operation, first.field);
    }
    sink.add(finding);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::fixture::*;
    use crate::model::finding::Level;

    #[test]
    fn consumers_are_named_once_and_guesses_are_not() {
        let mut analysis = workspace();
        analysis.head.messages[0].fields[1].marks.deprecated = Some(mark("deprecated: true"));
        let guess = Edge { confidence: Confidence::Possible, ..read(MARKETING, BIRTHDATE, 40) };
        analysis.map.edges = vec![read(CORE, BIRTHDATE, 10), read(CORE, BIRTHDATE, 20), guess];
        let mut settings = settings();
        settings.min_level = Level::Info;
        let [finding] = checked(&analysis, &[&RULE], &settings).findings.try_into().unwrap();
        assert_eq!(finding.message, "`Profile.birthdate` is deprecated, and 1 consumer has still to move: `core`");
        assert_eq!(finding.related.len(), 2);
    }
}
