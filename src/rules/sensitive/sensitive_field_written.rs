//! A consumer sends sensitive data: `rules/sensitive/sensitive-field-written.md`.

use crate::check::rule::{Context, Sink, rule};
use crate::model::finding::Level;
use crate::model::map::{Content, Edge, EdgeKind, Kept};
use crate::model::usage::{AccessKind, SinkKind};

rule!("sensitive", "sensitive-field-written", Warning, Data(check, stored));

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
    finding.level = Level::Info;
    sink.add(finding);
}

/// What came from elsewhere is written to a database, or sent to a service that may not have it.
fn stored(context: &Context<'_>, kept: &[&Kept], sink: &mut Sink) {
    let [first, ..] = kept else { return };
    let Content::Field(_) = first.what else { return };
    let Some(held) = context.sensitive_in(first.what).into_iter().next() else { return };
    let computed = if first.derived { " what it computes from" } else { "" };
    match (first.kind, first.to) {
        (SinkKind::Store, _) => {
            let said = format!("stores{computed} {{}} by `{}`", first.into);
            let help = "make sure that it is meant to be kept here too, and that it is deleted when its source is";
            let mut finding = context.found_kept(kept, &held, &said, sink).with_label("stored here").with_help(help);
            finding.level = Level::Info;
            sink.add(finding);
        }
        (SinkKind::Send, Some(to)) if !context.may_receive(first) => {
            let operation = context.head().operation(to);
            let said = format!("sends{computed} {{}} to `{}`", operation.key);
            let help = "leave it out, or let the policy say that this service may have it";
            sink.add(context.found_kept(kept, &held, &said, sink).with_label("sent here").with_help(help));
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::fixture::*;
    use crate::model::contract::Sensitive;
    use crate::model::finding::Finding;

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
