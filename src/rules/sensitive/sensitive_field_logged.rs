//! A service writes sensitive data to its log: `rules/sensitive/sensitive-field-logged.md`.

use crate::check::rule::{Context, Sink, rule};
use crate::model::map::{Content, Kept};
use crate::model::usage::SinkKind;

rule!("sensitive", "sensitive-field-logged", Error, Kept(check));

fn check(context: &Context<'_>, kept: &[&Kept], sink: &mut Sink) {
    let [first, ..] = kept else { return };
    let Content::Field(_) = first.what else { return };
    let to = match first.kind {
        SinkKind::Log => "its log",
        SinkKind::Print => "its standard output, which is its log",
        SinkKind::Cache | SinkKind::Store | SinkKind::Send => return,
    };
    for held in context.sensitive_in(first.what) {
        let does = if first.derived { "writes what it computes from" } else { "writes" };
        let finding = context.found_kept(kept, &held, &format!("{does} {{}} to {to}"), sink);
        let help =
            "leave it out, or mask or hash it before it is logged (`policy.sanitizers` names functions of your own)";
        sink.add(finding.with_label("logged here").with_help(help));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::fixture::*;
    use crate::model::analysis::Analysis;
    use crate::model::contract::{FieldRef, Sensitive};
    use crate::model::map::Confidence;

    fn logs(field: FieldRef, at: u32) -> Kept {
        Kept {
            location: location(CORE, CODE, at),
            kind: SinkKind::Log,
            into: "log".into(),
            to: None,
            operation: Some(GET),
            what: Content::Field(field),
            derived: false,
            expires: None,
            confidence: Confidence::Likely,
        }
    }

    fn analysis(kept: Vec<Kept>) -> Analysis {
        let mut analysis = workspace();
        let pii = Sensitive { class: "pii".into(), mark: mark("x-pii: true") };
        analysis.head.messages[0].fields[1].marks.sensitive.push(pii);
        analysis.map.kept = kept;
        analysis
    }

    #[test]
    fn it_names_the_field_and_places_of_one_service_are_one_finding() {
        let findings =
            checked(&analysis(vec![logs(BIRTHDATE, 20), logs(BIRTHDATE, 40)]), &[&RULE], &settings()).findings;
        assert_eq!(findings.len(), 1);
        assert_eq!(
            findings[0].message,
            "`core` writes `Profile.birthdate`, which is `pii` by its mark `x-pii: true`, to its log"
        );
        assert!(findings[0].related.iter().any(|related| related.message == "here as well"));
    }

    #[test]
    fn what_is_not_marked_and_what_is_not_logged_is_fine() {
        let cached = Kept { kind: SinkKind::Cache, ..logs(BIRTHDATE, 20) };
        assert_eq!(checked(&analysis(vec![logs(CITY, 20), cached]), &[&RULE], &settings()).findings, []);
    }

    #[test]
    fn what_is_computed_from_it_is_said_to_be() {
        let kept = Kept { derived: true, ..logs(BIRTHDATE, 20) };
        let findings = checked(&analysis(vec![kept]), &[&RULE], &settings()).findings;
        assert!(findings[0].message.contains("writes what it computes from `Profile.birthdate`"));
    }
}
