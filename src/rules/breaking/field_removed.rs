//! A field is gone: `rules/breaking/field-removed.md`.

use crate::check::rule::{Context, Sink, deprecation, report, rule, way_out};
use crate::model::change::{Change, ChangeKind};

rule!("breaking", "field-removed", Error, Change(check));

fn check(context: &Context<'_>, change: &Change, sink: &mut Sink) {
    if change.kind == ChangeKind::FieldRemoved {
        report(context, change, sink, &|breaking, kind| way_out(breaking, deprecation(kind, change.element.what)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::fixture::*;
    use crate::model::analysis::Analysis;
    use crate::model::change::{Compatibility, Direction, Element, Ids, Spot, What};
    use crate::model::contract::{ContractId, MessageId};
    use crate::model::finding::{Finding, Level, Verdict};
    use crate::model::map::{Confidence, Edge};

    /// `field` of the first message is gone, and this is what consumers do with Base.
    fn removed(edges: Vec<Edge>) -> Analysis {
        let mut analysis = compared();
        let api = ContractId(0);
        let element = Element {
            what: What::Field,
            name: "Profile.birthdate".into(),
            base: Some(Ids::field(api, BIRTHDATE)),
            head: Some(Ids::message(api, MessageId(0))),
        };
        analysis.changes.push(Change {
            direction: Direction { request: false, response: true },
            operations: vec![GET],
            old: Some(Spot::at(site(API, 12))),
            new: Some(Spot::at(site(API, 10))),
            compatibility: Compatibility::Breaking(None),
            ..Change::new(ChangeKind::FieldRemoved, element)
        });
        analysis.base_map.as_mut().unwrap().edges = edges;
        analysis
    }

    fn found(analysis: &Analysis) -> Finding {
        let [finding] = checked(analysis, &[&RULE], &settings()).findings.try_into().unwrap();
        finding
    }

    fn verdicts(finding: &Finding) -> Vec<(u32, Verdict)> {
        finding.consumers.iter().map(|consumer| (consumer.service.0, consumer.verdict)).collect()
    }

    #[test]
    fn a_reader_breaks_and_a_caller_does_not() {
        let finding = found(&removed(vec![read(CORE, BIRTHDATE, 20), call(MARKETING, 30), read(MARKETING, CITY, 40)]));
        assert_eq!(finding.message, "response field `Profile.birthdate` was removed; `core` still reads it");
        assert_eq!(finding.level, Level::Error);
        assert_eq!(verdicts(&finding), [(1, Verdict::Breaks), (2, Verdict::Unaffected)]);
        assert_eq!(
            finding.notes,
            ["consumers: 1 breaks, 1 does not read it", "it was not deprecated before", "affects: GET /profiles/{id}"]
        );
        assert_eq!(finding.related.len(), 2);
    }

    #[test]
    fn who_passes_the_whole_body_on_is_unknown() {
        let finding = found(&removed(vec![call(CORE, 20), whole(CORE, 30)]));
        assert_eq!(verdicts(&finding), [(1, Verdict::Unknown)]);
        assert_eq!(finding.level, Level::Warning);
        assert_eq!(finding.notes[0], "consumers: 1 unknown (core passes the whole body on)");
        assert!(finding.message.ends_with("; no known consumer reads it"), "{}", finding.message);
    }

    #[test]
    fn a_part_that_does_not_hold_the_field_may_be_passed_on() {
        let part = Edge { field: Some(ADDRESS), ..whole(CORE, 30) };
        assert_eq!(verdicts(&found(&removed(vec![part]))), [(1, Verdict::Unaffected)]);
    }

    #[test]
    fn a_guess_proves_nothing() {
        let guess = Edge { confidence: Confidence::Possible, ..read(CORE, BIRTHDATE, 20) };
        let finding = found(&removed(vec![guess]));
        assert_eq!(verdicts(&finding), [(1, Verdict::Unknown)]);
        assert_eq!(finding.notes[0], "consumers: 1 unknown (core may read it)");
    }

    #[test]
    fn tests_generated_code_and_the_provider_are_no_consumers() {
        let mut test = read(CORE, BIRTHDATE, 20);
        test.location.test = true;
        let foreign = Edge { foreign: true, ..read(MARKETING, BIRTHDATE, 30) };
        let finding = found(&removed(vec![test, foreign, read(PROFILE, BIRTHDATE, 40)]));
        assert_eq!((finding.level, finding.consumers), (Level::Warning, Vec::new()));
    }

    #[test]
    fn a_public_provider_makes_every_removal_an_error() {
        let mut analysis = removed(Vec::new());
        analysis.workspace.services[0].public = true;
        let finding = found(&analysis);
        assert_eq!(finding.level, Level::Error);
        assert!(
            finding.message.ends_with("no known consumer reads it, but `profile` is public"),
            "{}",
            finding.message
        );
    }
}
