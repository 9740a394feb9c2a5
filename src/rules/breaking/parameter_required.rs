//! A parameter must be sent that could be left out: `rules/breaking/parameter-required.md`.

use crate::check::rule::{Context, Sink, report, rule};
use crate::model::change::{Change, ChangeKind};

rule!("breaking", "parameter-required", Error, Change(check));

const HELP: &str = "let it be left out, with a default, until every caller sends it";

fn check(context: &Context<'_>, change: &Change, sink: &mut Sink) {
    if change.kind == ChangeKind::ParameterRequired {
        report(context, change, sink, &|_, _| HELP.to_owned());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::fixture::*;
    use crate::model::change::{Compatibility, Direction, Element, Ids, Spot, What};
    use crate::model::contract::*;
    use crate::model::finding::{Level, Verdict};
    use crate::model::map::{Edge, SentParameter};
    use crate::model::source::ServiceId;
    use crate::model::usage::CallId;

    /// Callers with all of their query known, and what is in it, or without.
    fn callers(callers: &[(ServiceId, Option<&str>)]) -> Vec<(Level, String, Vec<Verdict>)> {
        let mut analysis = compared();
        let element = Element {
            what: What::Parameter(ParameterPlace::Query),
            name: "tenant".into(),
            base: Some(Ids::operation(ContractId(0), GET)),
            head: Some(Ids::operation(ContractId(0), GET)),
        };
        analysis.changes.push(Change {
            direction: Direction { request: true, response: false },
            operations: vec![GET],
            new: Some(Spot::at(site(API, 10))),
            compatibility: Compatibility::Breaking(None),
            ..Change::new(ChangeKind::ParameterRequired, element)
        });
        let tenant = Parameter::new(ParameterPlace::Query, "tenant", Shape::Any, site(API, 5));
        analysis.head.operations[0].parameters.push(tenant);
        for (at, (service, sent)) in (0..).zip(callers) {
            let edge = Edge { call: Some(CallId(at)), ..call(*service, at * 10) };
            analysis.base_map.as_mut().unwrap().edges.push(edge.clone());
            let linked = add_call(&mut analysis.map, edge, &[]);
            let linked = &mut analysis.map.calls[linked];
            linked.query_whole = sent.is_some();
            let parameter = |name: &str| SentParameter {
                place: ParameterPlace::Query,
                name: Some(name.into()),
                parameter: None,
                value: None,
            };
            linked.parameters.extend(sent.filter(|name| !name.is_empty()).map(parameter));
        }
        let findings = checked(&analysis, &[&RULE], &settings()).findings;
        let verdicts =
            |finding: &crate::model::finding::Finding| finding.consumers.iter().map(|it| it.verdict).collect();
        findings.iter().map(|finding| (finding.level, finding.message.clone(), verdicts(finding))).collect()
    }

    #[test]
    fn who_sends_it_already_does_not_break() {
        let said = |end: &str| format!("query parameter `tenant` is new and must be sent; {end}");
        assert_eq!(
            callers(&[(CORE, Some("tenant")), (MARKETING, Some("view"))]),
            [(Level::Error, said("`marketing` omits it"), vec![Verdict::Unaffected, Verdict::Breaks])]
        );
        assert_eq!(
            callers(&[(CORE, Some("tenant"))]),
            [(Level::Warning, said("no known consumer omits it"), vec![Verdict::Unaffected])]
        );
        assert_eq!(
            callers(&[(CORE, None)]),
            [(Level::Warning, said("no known consumer omits it"), vec![Verdict::Unknown])]
        );
        assert_eq!(callers(&[(CORE, Some("tenant")), (CORE, Some(""))])[0].0, Level::Error, "one of two calls does");
    }
}
