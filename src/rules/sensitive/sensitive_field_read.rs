//! A consumer reads what the policy does not let it read: `rules/sensitive/sensitive-field-read.md`.

use crate::check::rule::{Context, Forbidden, Sink, and, rule};
use crate::model::finding::Level;
use crate::model::map::{Edge, EdgeKind};
use crate::model::usage::AccessKind;

rule!("sensitive", "sensitive-field-read", Error, Edge(check));

fn check(context: &Context<'_>, edge: &Edge, sink: &mut Sink) {
    let (EdgeKind::Access(AccessKind::Read), Some(id)) = (edge.kind, edge.field) else { return };
    let forbidden = context.forbidden(id, edge.location.service);
    let [first, ..] = forbidden.as_slice() else { return };

    let head = context.head();
    let consumer = context.consumer(edge.location.service);
    let classes = and(&forbidden.iter().map(Forbidden::describe).collect::<Vec<_>>());
    let message = format!("`{consumer}` reads `{}`, which is {classes}", head.field_name(id));
    let mut finding = sink
        .finding(edge.confidence, context.site(&edge.location), message)
        .with_label("read here")
        .with_help(help(context, consumer, first))
        .with_related(first.sensitive.mark.site.clone(), format!("marked `{}` here", first.sensitive.mark.text))
        .with_identity(context.field_subject(head, id), context.actor(&edge.location));
    for found in &forbidden {
        finding = finding.with_note(found.allowance());
    }
    if !forbidden.iter().any(|found| found.in_force(context)) {
        finding.level = Level::Warning;
    }
    finding.operation = edge.operation;
    finding.field = Some(id);
    sink.add(finding);
}

fn help(context: &Context<'_>, consumer: &str, first: &Forbidden<'_>) -> String {
    let class = &first.sensitive.class;
    let until = first.class.and_then(|class| class.from).filter(|from| *from > context.settings.today);
    let until = until.map(|from| format!(" before {from}")).unwrap_or_default();
    format!("stop reading it{until}, or allow `{consumer}` in `policy.classes.{class}.allow` if it may")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::fixture::*;
    use crate::model::analysis::Analysis;
    use crate::model::contract::Sensitive;
    use crate::model::finding::Finding;
    use crate::model::settings::{DataClass, Settings};

    fn pii() -> Sensitive {
        Sensitive { class: "pii".into(), mark: mark("x-pii: true") }
    }

    /// `core` reads the birthdate of `workspace()`, which is marked.
    fn marked() -> Analysis {
        let mut analysis = workspace();
        analysis.head.messages[0].fields[1].marks.sensitive.push(pii());
        analysis.map.edges = vec![read(CORE, BIRTHDATE, 20)];
        analysis
    }

    fn settings_with(class: DataClass) -> Settings {
        let mut settings = settings();
        settings.policy.classes.insert("pii".into(), class);
        settings
    }

    fn found(analysis: &Analysis, settings: &Settings) -> Vec<Finding> {
        checked(analysis, &[&RULE], settings).findings
    }

    #[test]
    fn the_finding_names_consumer_field_class_and_mark() {
        let findings = found(&marked(), &settings_with(DataClass::default()));
        assert_eq!(findings[0].message, "`core` reads `Profile.birthdate`, which is `pii` by its mark `x-pii: true`");
        assert_eq!(findings[0].notes, ["policy: `pii` may be read by nobody"]);
        assert_eq!(findings[0].level, Level::Error);
    }

    #[test]
    fn services_purposes_and_teams_may_be_allowed() {
        let mut analysis = marked();
        analysis.workspace.services[1].purposes = vec!["billing".into()];
        analysis.workspace.services[1].team = Some("money".into());
        let names = |name: &str| vec![name.to_owned()];
        for class in [
            DataClass { services: names("core"), ..DataClass::default() },
            DataClass { purposes: names("billing"), ..DataClass::default() },
            DataClass { teams: names("money"), ..DataClass::default() },
        ] {
            assert_eq!(found(&analysis, &settings_with(class)), []);
        }
        let others = DataClass { services: names("marketing"), teams: names("ads"), ..DataClass::default() };
        assert_eq!(found(&analysis, &settings_with(others)).len(), 1);
    }

    #[test]
    fn before_the_policy_is_in_force_it_is_a_warning() {
        let from = |date| settings_with(DataClass { from: Some(day(date)), ..DataClass::default() });
        assert_eq!(found(&marked(), &from("2026-06-02"))[0].level, Level::Warning);
        assert_eq!(found(&marked(), &from("2026-06-01"))[0].level, Level::Error);
    }

    #[test]
    fn a_mark_on_the_message_is_a_mark_on_its_fields() {
        let mut analysis = workspace();
        analysis.head.messages[1].marks.sensitive.push(pii());
        analysis.map.edges = vec![read(CORE, CITY, 20), read(CORE, BIRTHDATE, 30)];
        let findings = found(&analysis, &settings());
        assert_eq!(findings.len(), 1);
        assert!(findings[0].message.contains("Address.city"), "{}", findings[0].message);
    }

    #[test]
    fn writing_and_passing_on_are_not_reading() {
        let mut analysis = marked();
        analysis.map.edges[0].kind = EdgeKind::Access(AccessKind::Write);
        analysis.map.edges.push(whole(CORE, 40));
        assert_eq!(found(&analysis, &settings()), []);
    }
}
