//! An operation is gone: `rules/breaking/operation-removed.md`.

use crate::check::rule::{Context, Sink, deprecation, report, rule, way_out};
use crate::model::change::{Change, ChangeKind};

rule!("breaking", "operation-removed", Error, Change(check));

fn check(context: &Context<'_>, change: &Change, sink: &mut Sink) {
    if change.kind == ChangeKind::OperationRemoved {
        report(context, change, sink, &|breaking, kind| way_out(breaking, deprecation(kind, change.element.what)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::fixture::*;
    use crate::model::finding::{Level, Verdict};

    #[test]
    fn callers_break_wherever_the_contract_is() {
        for (is_contract_left, place) in [(true, site(API, 0)), (false, site(API, 20))] {
            let mut analysis = compared();
            analysis.changes.push(get_removed(is_contract_left));
            analysis.base_map.as_mut().unwrap().edges = vec![call(CORE, 20), call(CORE, 30), call(MARKETING, 40)];
            let [finding] = checked(&analysis, &[&RULE], &settings()).findings.try_into().unwrap();
            assert_eq!(finding.message, "operation `GET /profiles/{id}` was removed; 2 consumers still call it");
            assert_eq!((finding.level, finding.site), (Level::Error, place));
            assert!(finding.consumers.iter().all(|consumer| consumer.verdict == Verdict::Breaks));
            let (places, help) =
                (3, "keep it with `deprecated: true` and a sunset date, move the 2 consumers, then remove it");
            assert_eq!(finding.related.len(), places + usize::from(is_contract_left));
            assert_eq!(finding.help, help);
        }
    }
}
