//! A service keeps sensitive data without an expiry: `rules/sensitive/sensitive-field-cached.md`.

use crate::check::rule::{Context, Sink, rule};
use crate::model::map::{Confidence, Kept};
use crate::model::usage::SinkKind;

rule!("sensitive", "sensitive-field-cached", Error, Kept(check));

fn check(context: &Context<'_>, kept: &[&Kept], sink: &mut Sink) {
    let [first, ..] = kept else { return };
    if first.kind != SinkKind::Cache || first.expires == Some(true) {
        return;
    }
    // Of a whole message, one field says enough.
    let Some(held) = context.sensitive_in(first.what).into_iter().next() else { return };
    let does = if first.derived { "keeps what it computes from" } else { "keeps" };
    let said = format!("{does} {{}} in `{}` without an expiry", first.into);
    let mut finding = context.found_kept(kept, &held, &said, sink);
    if first.expires.is_none() {
        finding.confidence = finding.confidence.min(Confidence::Possible);
    }
    let help = "let each entry expire after a fixed time, whatever its timestamps say: what is erased, corrected or \
                forbidden at the source stays here otherwise";
    sink.add(finding.with_label("kept here").with_help(help));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::fixture::*;
    use crate::model::analysis::Analysis;
    use crate::model::contract::{MessageId, Sensitive};
    use crate::model::finding::Finding;
    use crate::model::map::Content;

    fn found(what: Content, expires: Option<bool>) -> Vec<Finding> {
        let mut analysis: Analysis = workspace();
        let pii = Sensitive { class: "pii".into(), mark: mark("x-pii: true") };
        analysis.head.messages[0].fields[1].marks.sensitive.push(pii);
        analysis.map.kept = vec![Kept {
            location: location(CORE, CODE, 20),
            kind: SinkKind::Cache,
            into: "Cache.entries".into(),
            to: None,
            operation: Some(GET),
            what,
            derived: false,
            expires,
            confidence: Confidence::Likely,
        }];
        checked(&analysis, &[&RULE], &settings()).findings
    }

    #[test]
    fn a_field_and_a_message_that_has_it_are_kept_alike() {
        for what in [Content::Field(BIRTHDATE), Content::Message(MessageId(0))] {
            assert_eq!(
                found(what, Some(false))[0].message,
                "`core` keeps `Profile.birthdate`, which is `pii` by its mark `x-pii: true`, in `Cache.entries` without \
                 an expiry"
            );
        }
    }

    #[test]
    fn what_expires_is_fine_and_what_cannot_be_seen_is_no_finding_to_show() {
        assert_eq!(found(Content::Field(BIRTHDATE), Some(true)), []);
        assert_eq!(found(Content::Field(BIRTHDATE), None), []);
    }
}
