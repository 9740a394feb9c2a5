//! Findings about what a contract had announced and does not keep.

use crate::model::change::{Change, ChangeKind};
use crate::model::contract::{Catalog, OperationId};
use crate::model::map::Confidence;

use super::changed::{hit, sentence, subject, verb};
use super::context::Context;
use super::impact::affects;
use super::rule::Sink;

/// A change for which the announcement was wrong, whoever is hit. `how` ends the sentence about it.
pub fn broken_promise(context: &Context<'_>, change: &Change, sink: &mut Sink, how: &str, help: &str) {
    let (Some(base), Some(ids)) = (&context.analysis.base, change.element.base) else { return };
    let Some(spot) = change.new.as_ref().or(change.old.as_ref()) else { return };
    let impact = hit(context, change, true);
    let text = format!(
        "{}{how}; {}",
        sentence(change),
        context.summary(&impact, "", verb(change), base.contract(ids.contract))
    );
    let mut finding = sink
        .finding(Confidence::Certain, spot.site.clone(), text)
        .with_help(help)
        .with_identity(subject(base, change, ids), change.facet);
    if let Some(old) = change.old.as_ref().filter(|old| old.site != spot.site) {
        finding = finding.with_related(old.site.clone(), "it was announced here");
    }
    (finding.operation, finding.field, finding.in_base) = (ids.operation, ids.field, true);
    finding = impact.tell(context, verb(change), finding);
    if !change.operations.is_empty() {
        finding = finding.with_note(affects(&context.keys(base, &change.operations)));
    }
    sink.add(finding);
}

/// The same of what is gone: where a known consumer is hit, or others must be expected, the breaking change itself is
/// the finding, and tells it.
pub fn broken_leave(context: &Context<'_>, change: &Change, sink: &mut Sink, how: &str, help: &str) {
    let (Some(base), Some(ids)) = (&context.analysis.base, change.element.base) else { return };
    if hit(context, change, true).hits.is_empty() && !context.is_public(base.contract(ids.contract)) {
        broken_promise(context, change, sink, how, help);
    }
}

/// What is said of a change where it is [not promised](is_open) that nothing breaks.
pub(super) const OPEN: &str = "all operations that it reaches are `draft` or `alpha`";

/// Whether all operations that a change reaches were of a level at which nobody may rely on them.
pub(super) fn is_open(change: &Change, base: &Catalog) -> bool {
    let is_open = |id: &OperationId| base.operations.get(id.index()).is_some_and(|it| it.stability.is_open());
    let is_of_base = change.element.base.is_some() && change.kind != ChangeKind::StabilityDecreased;
    is_of_base && !change.operations.is_empty() && change.operations.iter().all(is_open)
}
