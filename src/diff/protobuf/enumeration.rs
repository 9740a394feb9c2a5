//! What became of one enumeration: its values, by number, and what holds for all of them.

use std::collections::{BTreeMap, BTreeSet};

use super::make::{Draft, breaks};
use super::message::deprecation;
use super::reserved::{self, SetAside};
use crate::diff::numbered::{self, Named};
use crate::model::change::{ChangeKind, Element, Ids, What};
use crate::model::contract::{Enum, EnumValue, Marks};

/// Values by number; several names of one number are aliases.
type Values<'a> = BTreeMap<i32, Vec<&'a EnumValue>>;

/// Every difference between the two.
pub(super) fn compare(old: &Enum, new: &Enum) -> Vec<Draft> {
    // A value has nothing but name and number, and is known by the name.
    let partners = numbered::partners(&named(old), &named(new), &|a, b| old.values[a].name == new.values[b].name);
    let pair = EnumPair { old, new, before: by_number(old), after: by_number(new) };
    let mut drafts = pair.whole();
    for (value, partner) in old.values.iter().zip(&partners) {
        drafts.extend(match partner {
            Some(now) => pair.kept(value, &new.values[*now]),
            None => pair.removed(value),
        });
    }
    let kept: BTreeSet<usize> = partners.iter().flatten().copied().collect();
    let added = new.values.iter().enumerate().filter(|(at, _)| !kept.contains(at));
    drafts.extend(added.filter_map(|(_, value)| pair.added(value)));
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

    /// How buf, which goes by numbers, knows what became of one.
    fn number_ids(&self, number: i32) -> Vec<&'static str> {
        if self.after.contains_key(&number) {
            return vec!["ENUM_VALUE_SAME_NAME"];
        }
        let set_aside = set_aside(self.new);
        let mut ids = vec!["ENUM_VALUE_NO_DELETE"];
        if !self.names(&self.before, number).all(|name| set_aside.has_name(name)) {
            ids.push("ENUM_VALUE_NO_DELETE_UNLESS_NAME_RESERVED");
        }
        if !set_aside.has_number(i64::from(number)) {
            ids.push("ENUM_VALUE_NO_DELETE_UNLESS_NUMBER_RESERVED");
        }
        ids
    }

    fn names<'v>(&self, values: &'v Values<'_>, number: i32) -> impl Iterator<Item = &'v str> {
        values.get(&number).into_iter().flatten().map(|value| value.name.as_str())
    }

    /// Whether some name of a number has it still: then it means what it did.
    fn keeps_meaning(&self, number: i32) -> bool {
        self.names(&self.before, number).any(|name| self.names(&self.after, number).any(|other| other == name))
    }

    fn kept(&self, old: &EnumValue, new: &EnumValue) -> Vec<Draft> {
        let element = self.element(What::EnumValue, Some(&old.name));
        let sites = (old.site.clone(), new.site.clone());
        if old.number != new.number {
            let mut ids = self.number_ids(old.number);
            if set_aside(self.old).has_number(i64::from(new.number)) {
                ids.push("RESERVED_ENUM_NO_DELETE");
            }
            let draft = Draft::new(ChangeKind::FieldRenumbered, element).aliases(ids);
            let draft = draft.turned(sites, old.number.to_string(), new.number.to_string());
            return vec![draft.breaking(breaks(true, false, false))];
        }
        if old.name != new.name {
            let draft = Draft::new(ChangeKind::FieldRenamed, element).aliases(self.number_ids(old.number));
            return vec![draft.turned(sites, &*old.name, &*new.name).breaking(breaks(false, true, true))];
        }
        deprecation(&element, (&old.marks, &new.marks), (&self.old.marks, &self.new.marks))
    }

    /// A name that is gone. The second name of a number that is gone is told with the first.
    fn removed(&self, old: &EnumValue) -> Vec<Draft> {
        let is_number_gone = !self.after.contains_key(&old.number);
        if is_number_gone && self.names(&self.before, old.number).next() != Some(&*old.name) {
            return Vec::new();
        }
        let element = self.element(What::EnumValue, Some(&old.name));
        let draft = Draft::new(ChangeKind::EnumValueRemoved, element).aliases(self.number_ids(old.number));
        let draft = draft.at(Some(old.site.clone()), Some(self.new.site.clone()));
        vec![draft.breaking(breaks(!self.keeps_meaning(old.number), true, true))]
    }

    /// A value that consumers do not know yet; none for another name of one that they do.
    fn added(&self, value: &EnumValue) -> Option<Draft> {
        if self.keeps_meaning(value.number) {
            return None;
        }
        let element = self.element(What::EnumValue, Some(&value.name));
        let mut draft = if set_aside(self.old).has_number(i64::from(value.number)) {
            let draft = Draft::new(ChangeKind::NumberReused, element).aliases(vec!["RESERVED_ENUM_NO_DELETE"]);
            draft.breaking(breaks(true, false, false))
        } else {
            // Who does not know a closed enumeration's value loses it; who reads JSON may refuse its name.
            let is_closed = !self.old.features.open_enum;
            Draft::new(ChangeKind::EnumValueAdded, element).breaking(breaks(is_closed, true, true))
        };
        draft.new = Some((value.site.clone(), Some(value.number.to_string())));
        Some(draft)
    }
}

fn named(declared: &Enum) -> Vec<Named<'_>> {
    declared.values.iter().map(|value| (Some(value.number.into()), value.name.as_str())).collect()
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
