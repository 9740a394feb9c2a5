//! A field must now be sent: `rules/breaking/field-required.md`.

use crate::check::rule::{Context, Sink, report, rule};
use crate::model::change::{Change, ChangeKind};

rule!("breaking", "field-required", Error, Change(check));

fn check(context: &Context<'_>, change: &Change, sink: &mut Sink) {
    if change.kind == ChangeKind::FieldRequired {
        report(context, change, sink, &|_, _| {
            "leave it optional with a meaning of its own for its absence, until all who send have moved".to_owned()
        });
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::check::fixture::*;
    use crate::model::change::{Compatibility, Direction, Element, Ids, Spot, What};
    use crate::model::contract::{ContractId, MessageId};
    use crate::model::finding::Verdict;
    use crate::model::map::SentMessage;

    /// What becomes of a caller that sends an object with these fields.
    fn verdict(objects: &[(&[u32], bool)]) -> Verdict {
        let mut analysis = compared();
        let element = Element {
            what: What::Field,
            name: "Profile.birthdate".into(),
            base: Some(Ids::message(ContractId(0), MessageId(0))),
            head: Some(Ids::field(ContractId(0), BIRTHDATE)),
        };
        analysis.changes.push(Change {
            direction: Direction { request: true, response: false },
            operations: vec![GET],
            new: Some(Spot::at(site(API, 10))),
            compatibility: Compatibility::Breaking(None),
            ..Change::new(ChangeKind::FieldRequired, element)
        });
        analysis.base_map.as_mut().unwrap().edges.push(call(CORE, 20));
        let linked = add_call(&mut analysis.map, call(CORE, 20), &[]);
        for (has, whole) in objects {
            let has: BTreeSet<u32> = has.iter().copied().collect();
            let path = String::new();
            let sent = SentMessage { message: MessageId(0), path, span: None, has, unknown: Vec::new(), whole: *whole };
            analysis.map.calls[linked].body.messages.push(sent);
        }
        checked(&analysis, &[&RULE], &settings()).findings[0].consumers[0].verdict
    }

    #[test]
    fn who_sends_it_already_does_not_break() {
        assert_eq!(verdict(&[(&[0, 1], false)]), Verdict::Unaffected);
        assert_eq!(verdict(&[(&[0], true)]), Verdict::Breaks);
        assert_eq!(verdict(&[(&[1], true), (&[0], true)]), Verdict::Breaks, "one of two objects lacks it");
        assert_eq!(verdict(&[(&[0], false)]), Verdict::Unknown, "the rest of the object is not known");
        assert_eq!(verdict(&[]), Verdict::Unknown);
    }
}
