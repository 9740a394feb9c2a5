//! A service gives sensitive data out again, unmarked: `rules/sensitive/sensitive-field-reexposed.md`.

use std::collections::BTreeSet;

use crate::check::rule::{Carried, Context, Sink, rule};
use crate::model::contract::{FieldRef, Sensitive};
use crate::model::finding::Finding;
use crate::model::map::Flow;

rule!("sensitive", "sensitive-field-reexposed", Error, Flow(check));

fn check(context: &Context<'_>, flows: &[&Flow], sink: &mut Sink) {
    let [flow, others @ ..] = flows else { return };
    let (from, to) = (flow.from.field, flow.to.field);
    let marked: BTreeSet<&str> = context.classes(to).iter().map(|sensitive| sensitive.class.as_str()).collect();
    let unmarked = |field: FieldRef| context.classes(field).into_iter().find(|it| !marked.contains(it.class.as_str()));
    let own = Carried { source: from, chain: Vec::new() };
    let sources = std::iter::once(own).chain(context.carried(from));
    let Some((sensitive, carried)) = sources.into_iter().find_map(|it| Some((unmarked(it.source)?, it))) else {
        return;
    };
    sink.add(finding(context, flow, others, (&carried, sensitive), sink));
}

fn finding(
    context: &Context<'_>,
    flow: &Flow,
    others: &[&Flow],
    (carried, sensitive): (&Carried<'_>, &Sensitive),
    sink: &Sink,
) -> Finding {
    let head = context.head();
    let service = context.consumer(flow.location.service);
    let (source, served) = (head.field_name(carried.source), head.field_name(flow.to.field));
    let (class, mark) = (&sensitive.class, &sensitive.mark);
    let computed = if flow.derived { "what it computes from " } else { "" };
    let message = format!(
        "`{service}` serves {computed}`{source}`, which is `{class}` by its mark `{}`, on as `{served}`, which is not marked",
        mark.text
    );
    let mut finding = sink
        .finding(flow.confidence.min(carried.confidence()), context.site(&flow.location), message)
        .with_label("served on here")
        .with_help(format!("leave it out, or mark `{served}` as `{class}` too, so that its readers are known"))
        .with_related(mark.site.clone(), format!("marked `{}` here", mark.text))
        .with_related(head.field(flow.to.field).site.clone(), "declared without a mark here")
        .with_identity(
            format!("{} {}", context.field_subject(head, carried.source), context.field_subject(head, flow.to.field)),
            service,
        );
    for hop in &carried.chain {
        finding = finding.with_related(context.site(&hop.location), context.hop(hop));
    }
    for other in others {
        finding = finding.with_related(context.site(&other.location), "served on here as well");
    }
    finding.operation = Some(flow.to.operation);
    finding.field = Some(flow.to.field);
    finding
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::fixture::*;
    use crate::model::analysis::Analysis;
    use crate::model::map::{Carrier, Confidence};

    fn passed(from: FieldRef, to: FieldRef) -> Flow {
        let carrier = |field| Carrier { operation: GET, field, path: String::new() };
        Flow {
            location: location(CORE, CODE, 20),
            from: carrier(from),
            to: carrier(to),
            derived: false,
            confidence: Confidence::Likely,
        }
    }

    fn pii() -> Sensitive {
        Sensitive { class: "pii".into(), mark: mark("x-pii: true") }
    }

    fn found(analysis: &Analysis) -> Vec<Finding> {
        checked(analysis, &[&RULE], &settings()).findings
    }

    /// `core` serves the marked birthdate on as the city.
    fn analysis() -> Analysis {
        let mut analysis = workspace();
        analysis.head.messages[0].fields[1].marks.sensitive.push(pii());
        analysis.map.flows = vec![passed(BIRTHDATE, CITY)];
        analysis
    }

    #[test]
    fn it_names_what_is_served_on_and_as_what() {
        let findings = found(&analysis());
        assert_eq!(
            findings[0].message,
            "`core` serves `Profile.birthdate`, which is `pii` by its mark `x-pii: true`, on as `Address.city`, which \
             is not marked"
        );
    }

    #[test]
    fn a_field_that_has_the_mark_too_is_fine_and_another_class_is_not() {
        let mut analysis = analysis();
        analysis.head.messages[1].fields[0].marks.sensitive.push(Sensitive { class: "financial".into(), ..pii() });
        assert_eq!(found(&analysis).len(), 1);
        analysis.head.messages[1].fields[0].marks.sensitive.push(pii());
        assert_eq!(found(&analysis), []);
    }

    #[test]
    fn places_of_one_service_are_one_finding() {
        let mut analysis = analysis();
        let mut again = passed(BIRTHDATE, CITY);
        again.location = location(CORE, CODE, 40);
        analysis.map.flows.push(again);
        let findings = found(&analysis);
        assert_eq!(findings.len(), 1);
        assert!(findings[0].related.iter().any(|related| related.message == "served on here as well"));
    }

    #[test]
    fn what_came_a_longer_way_is_served_on_as_well() {
        let mut analysis = analysis();
        analysis.map.flows = vec![passed(BIRTHDATE, ADDRESS), passed(ADDRESS, CITY)];
        assert_eq!(found(&analysis).len(), 2);
    }
}
