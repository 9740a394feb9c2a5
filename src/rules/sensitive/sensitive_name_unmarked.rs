//! A field is named like data about people and has no mark: `rules/sensitive/sensitive-name-unmarked.md`.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

use crate::check::rule::{Context, Sink, rule};
use crate::model::contract::{Catalog, ContractKind, Field, FieldRef, Message, MessageId, Shape};
use crate::model::map::Confidence;
use crate::model::words::words;

rule!("sensitive", "sensitive-name-unmarked", Info, Contracts(check));

/// The list of names.
const NAMES: &str = include_str!("../../../rules/sensitive-names.yaml");

/// What `rules/sensitive-names.yaml` holds; a test holds that it can be read.
static LIST: LazyLock<List> = LazyLock::new(|| serde_yaml::from_str(NAMES).unwrap_or_default());

/// The list as it is written.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct List {
    /// Names by the class of what they hold, each as words.
    classes: BTreeMap<String, Vec<String>>,
    /// A name that begins so holds something else.
    first: Vec<String>,
    /// A name that ends so holds something else.
    last: Vec<String>,
}

impl List {
    /// The class and the words that a name has in common with the list.
    fn find(&self, name: &str) -> Option<(&str, &str)> {
        let words = words(name);
        let is_about_it = |list: &[String], word: Option<&String>| word.is_some_and(|word| list.contains(word));
        if is_about_it(&self.first, words.first()) || is_about_it(&self.last, words.last()) {
            return None;
        }
        let names = self.classes.iter().flat_map(|(class, names)| names.iter().map(move |name| (class, name)));
        let mut found = names.filter(|(_, name)| {
            let wanted: Vec<&str> = name.split(' ').collect();
            words.windows(wanted.len()).any(|part| part.iter().eq(wanted.iter()))
        });
        found.next().map(|(class, name)| (class.as_str(), name.as_str()))
    }
}

fn check(context: &Context<'_>, head: &Catalog, sink: &mut Sink) {
    for (id, message) in head.messages() {
        let is_written = head.contract(message.contract).kind != ContractKind::Code;
        if !is_written || context.is_aside(message.site.file()) || !message.marks.sensitive.is_empty() {
            continue;
        }
        for (index, field) in (0..).zip(&message.fields) {
            check_field(context, head, FieldRef { message: id, index }, field, sink);
        }
    }
}

fn check_field(context: &Context<'_>, head: &Catalog, id: FieldRef, field: &Field, sink: &mut Sink) {
    if !field.marks.sensitive.is_empty() || !holds_a_value(head, &field.shape) {
        return;
    }
    let Some((class, words)) = LIST.find(&field.name) else { return };
    let message = format!("`{}` is named like sensitive data (`{words}`) and has no mark", head.field_name(id));
    let mut finding = sink
        .finding(Confidence::Likely, field.site.clone(), message)
        .with_label("no mark says who may read it")
        .with_help(format!("mark it as `{class}`, so that the policy holds for its readers"))
        .with_identity(context.field_subject(head, id), "");
    finding.field = Some(id);
    sink.add(finding);
}

/// Whether a field can hold the data itself: not a flag, not a choice of words, not a message whose
/// own fields are looked at.
fn holds_a_value(head: &Catalog, shape: &Shape) -> bool {
    match shape {
        Shape::Scalar { kind, .. } => !matches!(kind.as_ref(), "bool" | "boolean"),
        Shape::List(inner) => holds_a_value(head, inner),
        Shape::Message(id) => is_empty(head, *id),
        Shape::Any | Shape::Unresolved(_) => true,
        Shape::Enum { .. } | Shape::Map(_) | Shape::Union(_) => false,
    }
}

fn is_empty(head: &Catalog, id: MessageId) -> bool {
    let Message { fields, .. } = head.message(id);
    fields.is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::fixture::*;
    use crate::model::contract::Sensitive;
    use crate::model::finding::Level;

    #[test]
    fn the_list_can_be_read() {
        let list: List = serde_yaml::from_str(NAMES).unwrap();
        assert!(list.classes.contains_key("pii") && !list.first.is_empty() && !list.last.is_empty());
    }

    #[test]
    fn names_are_compared_word_by_word() {
        for name in ["birthdate", "dateOfBirth", "user_ssn", "IBAN", "customerSSN", "SSNNumber", "date-of-birth"] {
            assert!(LIST.find(name).is_some(), "{name}");
        }
        let others = [
            "hasPassword",
            "password_policy",
            "password_reset_url",
            "assassin",
            "ibanType",
            "date_of_birth_match",
            "dobby",
            "",
            "é",
        ];
        for name in others {
            assert_eq!(LIST.find(name), None, "{name}");
        }
    }

    #[test]
    fn a_mark_a_flag_and_a_choice_are_silent() {
        let mut settings = settings();
        settings.min_level = Level::Info;
        let birthdate = |change: fn(&mut Field)| {
            let mut analysis = workspace();
            change(&mut analysis.head.messages[0].fields[1]);
            checked(&analysis, &[&RULE], &settings).findings.len()
        };
        assert_eq!(birthdate(|_| {}), 1);
        let marked = |field: &mut Field| {
            field.marks.sensitive.push(Sensitive { class: "pii".into(), mark: mark("x-pii: true") });
        };
        assert_eq!(birthdate(marked), 0);
        assert_eq!(birthdate(|field| field.shape = Shape::Scalar { kind: "boolean".into(), format: None }), 0);
        let choice = |field: &mut Field| field.shape = Shape::Enum { name: "".into(), values: [].into() };
        assert_eq!(birthdate(choice), 0);
    }
}
