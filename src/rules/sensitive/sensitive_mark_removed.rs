//! A field loses its mark: `rules/sensitive/sensitive-mark-removed.md`.

use crate::check::rule::{Context, Sink, rule};
use crate::model::change::{Change, ChangeKind};
use crate::model::finding::Level;
use crate::model::map::Confidence;

rule!("sensitive", "sensitive-mark-removed", Error, Change(check));

fn check(context: &Context<'_>, change: &Change, sink: &mut Sink) {
    if change.kind != ChangeKind::SensitiveMarkRemoved {
        return;
    }
    let in_head = change.element.head.and_then(|ids| ids.field);
    let class = change.old.as_ref().and_then(|old| old.value.as_ref());
    let (Some(base), Some(field), Some(field_in_head), Some(class)) =
        (&context.analysis.base, change.field(), in_head, class)
    else {
        return;
    };
    let head = context.head();
    let marks = base.field(field).marks.sensitive.iter().chain(&base.message(field.message).marks.sensitive);
    let Some(lost) = marks.into_iter().find(|sensitive| sensitive.class == *class) else { return };

    let name = head.field_name(field_in_head);
    let message = format!("`{name}` is no longer marked as `{class}` (it was, by `{}`)", lost.mark.text);
    let mut finding = sink
        .finding(Confidence::Certain, head.field(field_in_head).site.clone(), message)
        .with_label("the mark is gone")
        .with_help("put it back, unless the field holds other data now: without it, nobody is asked who reads it")
        .with_related(lost.mark.site.clone(), "it stood here")
        .with_identity(context.field_subject(head, field_in_head), class);
    // One class for another is a decision of somebody.
    if !context.classes(field_in_head).is_empty() {
        finding.level = Level::Warning;
    }
    finding.field = Some(field_in_head);
    sink.add(finding);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::fixture::*;
    use crate::model::analysis::Analysis;
    use crate::model::change::{Element, Ids, Spot, What};
    use crate::model::contract::{ContractId, Sensitive};

    fn pii() -> Sensitive {
        Sensitive { class: "pii".into(), mark: mark("x-pii: true") }
    }

    fn analysis() -> Analysis {
        let mut analysis = compared();
        analysis.base.as_mut().unwrap().messages[0].fields[1].marks.sensitive.push(pii());
        let birthdate = Some(Ids::field(ContractId(0), BIRTHDATE));
        let element = Element { what: What::Field, name: "Profile.birthdate".into(), base: birthdate, head: birthdate };
        let old = Some(Spot::with(site(API, 12), "pii"));
        analysis.changes.push(Change { old, ..Change::new(ChangeKind::SensitiveMarkRemoved, element) });
        analysis
    }

    #[test]
    fn it_says_which_mark_is_gone() {
        let findings = checked(&analysis(), &[&RULE], &settings()).findings;
        assert_eq!(findings[0].message, "`Profile.birthdate` is no longer marked as `pii` (it was, by `x-pii: true`)");
        assert_eq!(findings[0].level, Level::Error);
    }

    #[test]
    fn another_class_is_a_warning() {
        let mut analysis = analysis();
        let other = Sensitive { class: "financial".into(), ..pii() };
        analysis.head.messages[0].fields[1].marks.sensitive.push(other);
        assert_eq!(checked(&analysis, &[&RULE], &settings()).findings[0].level, Level::Warning);
    }
}
