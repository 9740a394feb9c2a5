//! A consumer sends sensitive data: `rules/sensitive/sensitive-field-written.md`.

use crate::check::rule::{Context, Sink, rule};
use crate::model::map::{Edge, EdgeKind};
use crate::model::usage::AccessKind;

rule!("sensitive", "sensitive-field-written", Info, Edge(check));

fn check(context: &Context<'_>, edge: &Edge, sink: &mut Sink) {
    let (EdgeKind::Access(AccessKind::Write), Some(id)) = (edge.kind, edge.field) else { return };
    let classes = context.classes(id);
    let [first, ..] = classes.as_slice() else { return };

    let head = context.head();
    let consumer = context.consumer(edge.location.service);
    let (class, mark) = (&first.class, &first.mark);
    let message =
        format!("`{consumer}` sends `{}`, which is `{class}` by its mark `{}`", head.field_name(id), mark.text);
    let mut finding = sink
        .finding(edge.confidence, context.site(&edge.location), message)
        .with_label("written here")
        .with_help("make sure that it is meant to leave the service, and that the value is no more than is needed")
        .with_related(mark.site.clone(), format!("marked `{}` here", mark.text))
        .with_identity(context.field_subject(head, id), context.actor(&edge.location));
    finding.operation = edge.operation;
    finding.field = Some(id);
    sink.add(finding);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::fixture::*;
    use crate::model::contract::Sensitive;
    use crate::model::finding::{Finding, Level};

    fn found(kind: AccessKind) -> Vec<Finding> {
        let mut analysis = workspace();
        let pii = Sensitive { class: "pii".into(), mark: mark("x-pii: true") };
        analysis.head.messages[0].fields[1].marks.sensitive.push(pii);
        analysis.map.edges = vec![Edge { kind: EdgeKind::Access(kind), ..read(CORE, BIRTHDATE, 20) }];
        let mut settings = settings();
        settings.min_level = Level::Info;
        checked(&analysis, &[&RULE], &settings).findings
    }

    #[test]
    fn what_is_sent_is_listed_and_what_is_read_is_the_concern_of_another_rule() {
        assert_eq!(
            found(AccessKind::Write)[0].message,
            "`core` sends `Profile.birthdate`, which is `pii` by its mark `x-pii: true`"
        );
        assert_eq!(found(AccessKind::Read), []);
    }
}
