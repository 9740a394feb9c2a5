//! A field is gone: `rules/breaking/field-removed.md`.

use crate::check::rule::{Context, Sink, Use, Verb, affects, rule, way_out};
use crate::model::change::{Change, Direction};
use crate::model::contract::ContractKind;

rule!("breaking", "field-removed", Error, Change(check));

fn check(context: &Context<'_>, change: &Change, sink: &mut Sink) {
    let Change::FieldRemoved { field: id, parent_in_head, direction, operations } = change else { return };
    let Some(base) = &context.analysis.base else { return };
    let (field, message) = (base.field(*id), base.message(id.message));
    let contract = base.contract(message.contract);
    let public = context.is_public(contract);
    let impact = context.impact(&Use::Field { field: *id, operations });

    let (kind, verb) = words(*direction);
    let name = base.field_name(*id);
    let text = format!("{kind} `{name}` was removed; {}", context.summary(&impact, verb, contract));
    let mut finding = sink
        .finding(impact.confidence(), context.head().message(*parent_in_head).site.clone(), text)
        .with_label(format!("no longer has `{}`", field.name))
        .with_help(way_out(impact.breaking(), deprecate(contract.kind)))
        .with_identity(context.field_subject(base, *id), "")
        .with_related(field.site.clone(), "it was declared here");
    finding.level = impact.level(public);
    finding.field = Some(*id);
    finding.in_base = true;
    finding = impact.tell(context, verb, finding);
    if !operations.is_empty() {
        finding = finding.with_note(affects(&context.keys(base, operations)));
    }
    sink.add(finding);
}

/// What a field is called by the way it travels, and what consumers do with it.
const fn words(direction: Direction) -> (&'static str, Verb) {
    match direction {
        Direction { request: false, response: true } => ("response field", Verb { one: "reads", many: "read" }),
        Direction { request: true, response: false } => ("request field", Verb { one: "sends", many: "send" }),
        _ => ("field", Verb { one: "uses", many: "use" }),
    }
}

const fn deprecate(kind: ContractKind) -> &'static str {
    match kind {
        ContractKind::OpenApi => "`deprecated: true` and a sunset date",
        ContractKind::Protobuf => "`[deprecated = true]`",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::fixture::*;
    use crate::model::analysis::Analysis;
    use crate::model::contract::MessageId;
    use crate::model::finding::{Finding, Level, Verdict};
    use crate::model::map::{Confidence, Edge};

    /// `field` of the first message is gone, and this is what consumers do with Base.
    fn removed(edges: Vec<Edge>) -> Analysis {
        let mut analysis = compared();
        analysis.changes.push(Change::FieldRemoved {
            field: BIRTHDATE,
            parent_in_head: MessageId(0),
            direction: Direction { request: false, response: true },
            operations: vec![GET],
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
        assert_eq!(finding.notes, ["consumers: 1 breaks, 1 does not read it", "affects: GET /profiles/{id}"]);
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
