//! What became of one enumeration: its values, by number, and what holds for all of them.

use std::collections::{BTreeMap, BTreeSet};

use super::make::{Draft, breaks};
use super::message::deprecation;
use super::reserved::{self, SetAside};
use crate::model::change::{ChangeKind, Element, Ids, What};
use crate::model::contract::{Enum, EnumValue, Marks};

/// Values by number; several names of one number are aliases.
type Values<'a> = BTreeMap<i32, Vec<&'a EnumValue>>;

/// Every difference between the two.
pub(super) fn compare(old: &Enum, new: &Enum) -> Vec<Draft> {
    let pair = EnumPair { old, new, before: by_number(old), after: by_number(new) };
    let mut drafts = pair.whole();
    for (number, names) in &pair.before {
        match pair.after.get(number) {
            Some(now) => drafts.extend(pair.names(names, now)),
            None => drafts.push(pair.gone(*number, names)),
        }
    }
    let added = pair.after.iter().filter(|(number, _)| !pair.before.contains_key(number));
    drafts.extend(added.filter_map(|(number, values)| pair.added(*number, values)));
    let used = pair.after.keys().map(|number| i64::from(*number)).collect();
    let element = pair.element(What::Enum, None);
    drafts.extend(reserved::removed(
        set_aside(old),
        set_aside(new),
        &used,
        (&element, &new.site, "RESERVED_ENUM_NO_DELETE"),
    ));
    drafts
}

struct EnumPair<'a> {
    old: &'a Enum,
    new: &'a Enum,
    before: Values<'a>,
    after: Values<'a>,
}

impl EnumPair<'_> {
    fn element(&self, what: What, value: Option<&str>) -> Element {
        let name = &self.old.name;
        Element {
            what,
            name: value.map_or_else(|| name.clone(), |value| format!("{name}.{value}")),
            base: Some(Ids::contract(self.old.contract)),
            head: Some(Ids::contract(self.new.contract)),
        }
    }

    fn whole(&self) -> Vec<Draft> {
        let (old, new) = (self.old, self.new);
        let element = self.element(What::Enum, None);
        let sites = || (old.site.clone(), new.site.clone());
        let mut drafts = deprecation(&element, (&old.marks, &new.marks), (&Marks::default(), &Marks::default()));
        if old.features.open_enum != new.features.open_enum {
            let name = |one: &Enum| if one.features.open_enum { "open" } else { "closed" };
            let draft = Draft::new(ChangeKind::EnumOpennessChanged, element.clone()).aliases(vec!["ENUM_SAME_TYPE"]);
            drafts.push(draft.turned(sites(), name(old), name(new)).breaking(breaks(true, false, true)));
        }
        if old.features.json && !new.features.json {
            let draft = Draft::new(ChangeKind::JsonFormatChanged, element).aliases(vec!["ENUM_SAME_JSON_FORMAT"]);
            let draft = draft.turned(sites(), "ALLOW", "LEGACY_BEST_EFFORT");
            drafts.push(draft.breaking(breaks(false, true, false)));
        }
        drafts
    }

    /// A number that has no name left: it was removed, or its name has another number.
    fn gone(&self, number: i32, names: &[&EnumValue]) -> Draft {
        let set_aside = set_aside(self.new);
        let mut aliases = vec!["ENUM_VALUE_NO_DELETE"];
        if !names.iter().all(|value| set_aside.has_name(&value.name)) {
            aliases.push("ENUM_VALUE_NO_DELETE_UNLESS_NAME_RESERVED");
        }
        if !set_aside.has_number(i64::from(number)) {
            aliases.push("ENUM_VALUE_NO_DELETE_UNLESS_NUMBER_RESERVED");
        }
        let Some(value) = names.first() else {
            return Draft::new(ChangeKind::EnumValueRemoved, self.element(What::Enum, None)).aliases(aliases);
        };
        let element = self.element(What::EnumValue, Some(&value.name));
        match self.new.values.iter().find(|other| other.name == value.name) {
            Some(now) => {
                let draft = Draft::new(ChangeKind::FieldRenumbered, element).aliases(aliases);
                let sites = (value.site.clone(), now.site.clone());
                draft.turned(sites, number.to_string(), now.number.to_string()).breaking(breaks(true, false, false))
            }
            None => {
                let draft = Draft::new(ChangeKind::EnumValueRemoved, element).aliases(aliases);
                draft.at(Some(value.site.clone()), Some(self.new.site.clone())).breaking(breaks(true, true, true))
            }
        }
    }

    /// Names of one number: all of them must still be there.
    fn names(&self, before: &[&EnumValue], after: &[&EnumValue]) -> Vec<Draft> {
        let is_in = |values: &[&EnumValue], name: &str| values.iter().any(|value| value.name == name);
        let mut drafts = Vec::new();
        let mut fresh = after.iter().filter(|value| !is_in(before, &value.name));
        for value in before {
            let element = self.element(What::EnumValue, Some(&value.name));
            if let Some(same) = after.iter().find(|other| other.name == value.name) {
                let outer = (&self.old.marks, &self.new.marks);
                drafts.extend(deprecation(&element, (&value.marks, &same.marks), outer));
                continue;
            }
            let broken = breaks(false, true, true);
            drafts.push(match fresh.next() {
                Some(now) => {
                    let sites = (value.site.clone(), now.site.clone());
                    let draft = Draft::new(ChangeKind::FieldRenamed, element).aliases(vec!["ENUM_VALUE_SAME_NAME"]);
                    draft.turned(sites, &*value.name, &*now.name).breaking(broken)
                }
                None => {
                    let draft = Draft::new(ChangeKind::EnumValueRemoved, element).aliases(vec!["ENUM_VALUE_SAME_NAME"]);
                    draft.at(Some(value.site.clone()), Some(self.new.site.clone())).breaking(broken)
                }
            });
        }
        drafts
    }

    /// A value that consumers do not know yet.
    fn added(&self, number: i32, values: &[&EnumValue]) -> Option<Draft> {
        let value = values.first()?;
        let known: BTreeSet<&str> = self.old.values.iter().map(|value| value.name.as_str()).collect();
        let was_reserved = set_aside(self.old).has_number(i64::from(number));
        if known.contains(value.name.as_str()) && !was_reserved {
            return None;
        }
        let element = self.element(What::EnumValue, Some(&value.name));
        let mut draft = if was_reserved {
            let draft = Draft::new(ChangeKind::NumberReused, element).aliases(vec!["RESERVED_ENUM_NO_DELETE"]);
            draft.breaking(breaks(true, false, false))
        } else {
            // Who does not know a closed enumeration's value loses it; who reads JSON may refuse its name.
            let is_closed = !self.old.features.open_enum;
            Draft::new(ChangeKind::EnumValueAdded, element).breaking(breaks(is_closed, true, true))
        };
        draft.new = Some((value.site.clone(), Some(number.to_string())));
        Some(draft)
    }
}

fn by_number(declared: &Enum) -> Values<'_> {
    let mut values = Values::new();
    for value in &declared.values {
        values.entry(value.number).or_default().push(value);
    }
    values
}

fn set_aside(declared: &Enum) -> SetAside<'_> {
    SetAside { numbers: &declared.reserved, names: &declared.reserved_names }
}
