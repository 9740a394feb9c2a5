//! A whole message with sensitive data leaves: `rules/sensitive/sensitive-body-forwarded.md`.

use crate::check::rule::{Context, Sink, rule};
use crate::model::map::{Content, Kept};
use crate::model::usage::SinkKind;

rule!("sensitive", "sensitive-body-forwarded", Warning, Kept(check));

fn check(context: &Context<'_>, kept: &[&Kept], sink: &mut Sink) {
    let [first, ..] = kept else { return };
    let Content::Message(message) = first.what else { return };
    let (does, label) = match first.kind {
        SinkKind::Log | SinkKind::Print => ("logs", "logged here"),
        SinkKind::Store => ("stores", "stored here"),
        SinkKind::Send => ("sends another service", "sent here"),
        SinkKind::Cache => return,
    };
    if first.kind == SinkKind::Send && context.may_receive(first) {
        return;
    }
    let held = context.sensitive_in(first.what);
    let Some(one) = held.first() else { return };
    let all = context.head().message(message);
    let others = if held.len() > 1 { format!(" and {} more", held.len() - 1) } else { String::new() };
    let said = format!("{does} all of `{}`, with {{}}{others}", all.name);
    let help = "name the fields that are needed, one by one: a whole message shows what its provider adds to it, too";
    sink.add(context.found_kept(kept, one, &said, sink).with_label(label).with_help(help));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::fixture::*;
    use crate::model::contract::{MessageId, Sensitive};
    use crate::model::finding::Finding;
    use crate::model::map::Confidence;

    fn found(message: u32, kind: SinkKind) -> Vec<Finding> {
        let mut analysis = workspace();
        let pii = Sensitive { class: "pii".into(), mark: mark("x-pii: true") };
        analysis.head.messages[0].fields[1].marks.sensitive.push(pii);
        analysis.map.kept = vec![Kept {
            location: location(CORE, CODE, 20),
            kind,
            into: "log".into(),
            to: None,
            operation: Some(GET),
            what: Content::Message(MessageId(message)),
            derived: false,
            expires: None,
            confidence: Confidence::Likely,
        }];
        checked(&analysis, &[&RULE], &settings()).findings
    }

    #[test]
    fn it_names_the_message_and_what_is_in_it() {
        assert_eq!(
            found(0, SinkKind::Log)[0].message,
            "`core` logs all of `Profile`, with `Profile.birthdate`, which is `pii` by its mark `x-pii: true`,"
                .trim_end_matches(',')
        );
        assert!(found(0, SinkKind::Store)[0].message.contains("stores all of"));
    }

    #[test]
    fn a_message_without_such_a_field_may_be_logged() {
        assert_eq!(found(1, SinkKind::Log), []);
    }
}
