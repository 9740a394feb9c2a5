//! A consumer reads sensitive data at second hand: `rules/sensitive/sensitive-field-inherited.md`.

use std::collections::BTreeSet;

use crate::check::rule::{Carried, Context, Forbidden, Sink, rule};
use crate::model::finding::Level;
use crate::model::map::{Edge, EdgeKind};
use crate::model::usage::AccessKind;

rule!("sensitive", "sensitive-field-inherited", Error, Edge(check));

fn check(context: &Context<'_>, edge: &Edge, sink: &mut Sink) {
    let (EdgeKind::Access(AccessKind::Read), Some(id)) = (edge.kind, edge.field) else { return };
    // What its own marks forbid is said of the field itself.
    let own: BTreeSet<&str> = context.classes(id).iter().map(|sensitive| sensitive.class.as_str()).collect();
    let first = |carried: &Carried<'_>| {
        let forbidden = context.forbidden(carried.source, edge.location.service).into_iter();
        forbidden.into_iter().find(|it| !own.contains(it.sensitive.class.as_str()))
    };
    let is_its_own = |carried: &Carried<'_>| {
        let contract = context.head().message(carried.source.message).contract;
        let provider = context.head().contract(contract).provider;
        provider.is_some() && provider == edge.location.service
    };
    let mut carried = context.carried(id).into_iter().filter(|carried| !is_its_own(carried));
    let Some((carried, forbidden)) = carried.find_map(|carried| first(&carried).map(|found| (carried, found))) else {
        return;
    };
    add(context, edge, (&carried, &forbidden), sink);
}

fn add(context: &Context<'_>, edge: &Edge, (carried, forbidden): (&Carried<'_>, &Forbidden<'_>), sink: &mut Sink) {
    let (Some(id), head) = (edge.field, context.head()) else { return };
    let consumer = context.consumer(edge.location.service);
    let (read, source) = (head.field_name(id), head.field_name(carried.source));
    let mark = &forbidden.sensitive.mark;
    let message = format!("`{consumer}` reads `{read}`, which carries `{source}`, {}", forbidden.describe());
    let mut finding = sink
        .finding(edge.confidence.min(carried.confidence()), context.site(&edge.location), message)
        .with_label("read here")
        .with_help(format!(
            "stop reading it, or allow `{consumer}` in `policy.classes.{}.allow` if it may",
            forbidden.sensitive.class
        ))
        .with_related(mark.site.clone(), format!("marked `{}` here", mark.text))
        .with_identity(
            format!("{} {}", context.field_subject(head, carried.source), context.field_subject(head, id)),
            context.actor(&edge.location),
        )
        .with_note(forbidden.allowance());
    for hop in &carried.chain {
        finding = finding.with_related(context.site(&hop.location), context.hop(hop));
    }
    if !forbidden.in_force(context) {
        finding.level = Level::Warning;
    }
    finding.operation = edge.operation;
    finding.field = Some(id);
    sink.add(finding);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::fixture::*;
    use crate::model::analysis::Analysis;
    use crate::model::contract::Sensitive;
    use crate::model::finding::Finding;
    use crate::model::map::{Carrier, Confidence, Flow};
    use crate::model::settings::{DataClass, Settings};

    fn pii() -> Sensitive {
        Sensitive { class: "pii".into(), mark: mark("x-pii: true") }
    }

    /// `core` serves the marked birthdate on as the city, and `marketing` reads that.
    fn analysis() -> Analysis {
        let mut analysis = workspace();
        analysis.head.messages[0].fields[1].marks.sensitive.push(pii());
        let carrier = |field| Carrier { operation: GET, field, path: String::new() };
        analysis.map.flows = vec![Flow {
            location: location(CORE, CODE, 20),
            from: carrier(BIRTHDATE),
            to: carrier(CITY),
            derived: false,
            confidence: Confidence::Likely,
        }];
        analysis.map.edges = vec![read(MARKETING, CITY, 60)];
        analysis
    }

    fn found(analysis: &Analysis, settings: &Settings) -> Vec<Finding> {
        checked(analysis, &[&RULE], settings).findings
    }

    #[test]
    fn it_names_both_fields_and_shows_the_way() {
        let findings = found(&analysis(), &settings());
        assert_eq!(
            findings[0].message,
            "`marketing` reads `Address.city`, which carries `Profile.birthdate`, `pii` by its mark `x-pii: true`"
        );
        assert!(findings[0].related.iter().any(|related| related.message.contains("`core` serves")));
        assert_eq!(findings[0].confidence, Confidence::Likely);
    }

    #[test]
    fn whoever_may_read_the_source_may_read_it_at_second_hand() {
        let mut settings = settings();
        let class = DataClass { services: vec!["marketing".into()], ..DataClass::default() };
        settings.policy.classes.insert("pii".into(), class);
        assert_eq!(found(&analysis(), &settings), []);
    }

    #[test]
    fn a_field_that_is_marked_itself_is_the_concern_of_another_rule() {
        let mut analysis = analysis();
        analysis.head.messages[1].fields[0].marks.sensitive.push(pii());
        assert_eq!(found(&analysis, &settings()), []);
    }

    #[test]
    fn the_provider_of_the_source_gets_its_own_data_back() {
        let mut analysis = analysis();
        analysis.map.edges = vec![read(PROFILE, CITY, 60)];
        assert_eq!(found(&analysis, &settings()), []);
    }
}
