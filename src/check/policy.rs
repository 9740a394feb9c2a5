//! Who may read which class of data.

use std::collections::BTreeSet;

use super::context::Context;
use super::words::and;
use crate::model::contract::{FieldRef, Sensitive};
use crate::model::settings::DataClass;
use crate::model::source::{Service, ServiceId};

/// A class of data that a reader may not read.
#[derive(Clone, Copy, Debug)]
pub struct Forbidden<'a> {
    /// The class, and the mark that says so.
    pub sensitive: &'a Sensitive,
    /// None if the policy does not know the class: then it allows nobody.
    pub class: Option<&'a DataClass>,
}

impl<'a> Context<'a> {
    /// The classes of a field, each once: by a mark on the field itself, or on the message it belongs to.
    #[must_use]
    pub fn classes(&self, field: FieldRef) -> Vec<&'a Sensitive> {
        let head = self.head();
        let marks = head.field(field).marks.sensitive.iter().chain(&head.message(field.message).marks.sensitive);
        let mut seen = BTreeSet::new();
        marks.filter(|sensitive| seen.insert(&sensitive.class)).collect()
    }

    /// The classes that keep a reader from a field.
    #[must_use]
    pub fn forbidden(&self, field: FieldRef, reader: Option<ServiceId>) -> Vec<Forbidden<'a>> {
        let reader = reader.and_then(|id| self.analysis.workspace.service(id));
        let known = |sensitive: &'a Sensitive| self.settings.policy.classes.get(&sensitive.class);
        let classes = self.classes(field).into_iter();
        classes
            .map(|sensitive| Forbidden { sensitive, class: known(sensitive) })
            .filter(|found| !found.class.is_some_and(|class| reader.is_some_and(|reader| allows(class, reader))))
            .collect()
    }
}

fn allows(class: &DataClass, reader: &Service) -> bool {
    class.services.contains(&reader.name)
        || reader.purposes.iter().any(|purpose| class.purposes.contains(purpose))
        || reader.team.as_ref().is_some_and(|team| class.teams.contains(team))
}

impl Forbidden<'_> {
    /// Whether the policy holds already.
    #[must_use]
    pub fn in_force(&self, context: &Context<'_>) -> bool {
        self.class.and_then(|class| class.from).is_none_or(|from| from <= context.settings.today)
    }

    /// `` `pii` by its mark `x-pii: true` ``.
    #[must_use]
    pub fn describe(&self) -> String {
        format!("`{}` by its mark `{}`", self.sensitive.class, self.sensitive.mark.text)
    }

    /// `` policy: `pii` may be read by service finance and purpose billing, from 2026-12-01 on ``.
    #[must_use]
    pub fn allowance(&self) -> String {
        let empty = DataClass::default();
        let class = self.class.unwrap_or(&empty);
        let kinds = [("service", &class.services), ("purpose", &class.purposes), ("team", &class.teams)];
        let allowed: Vec<String> =
            kinds.iter().flat_map(|(kind, names)| names.iter().map(move |name| format!("{kind} {name}"))).collect();
        let who = if allowed.is_empty() { "nobody".to_owned() } else { and(&allowed) };
        let from = class.from.map(|from| format!("; in force from {from} on")).unwrap_or_default();
        format!("policy: `{}` may be read by {who}{from}", self.sensitive.class)
    }
}
