//! What marks of a contract mean: deprecated, sunset, sensitive and of which class, identity,
//! idempotent, public.
//!
//! One table serves both formats. Which mark means what is data: `rules/marks.yaml` and the
//! configuration; how a value is understood is decided here, because contracts write it in many
//! ways: `true`, the name of a class, a level such as `public`, an object with a category, a day.
//!
//! A reader asks [`MarkTable::apply`] for every key of an `OpenAPI` object and for every option of a
//! protobuf element, [`MarkTable::header`] for a header parameter, [`MarkTable::comment`] or
//! [`MarkTable::description`] for text, and [`inherit`] for what stands in something marked.

mod coded;
mod combine;
mod comment;
mod date;
mod names;
mod value;

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde_json::Value;

use self::names::Names;
use self::value::{class_words, is_yes, says, says_deprecated};
use crate::model::contract::{Mark, Marks, Sensitive};
use crate::model::settings::{Settings, ShippedMarks};

pub use coded::mark_code;
pub use combine::{add_sensitive, inherit, merge};
pub use date::sunset_day;
pub use value::written;

/// Values nested deeper than this are not looked into for further marks.
const MAX_DEPTH: usize = 16;

/// Which marks mean what, built once from the settings.
#[derive(Clone, Debug, Default)]
pub struct MarkTable {
    /// By full name, with the path inside the value.
    names: Names,
    /// By last name: `*.pii`.
    last_names: Names,
    /// By field selector, as written.
    selectors: BTreeMap<String, BTreeSet<Meaning>>,
    /// Names of the configured classes, by their lower case.
    classes: BTreeMap<String, String>,
}

/// One entry of the table: with this value, or with any that says "yes", this is meant.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Entry {
    /// In lower case.
    value: Option<String>,
    meaning: Meaning,
    /// No class of the policy claims it, so that a value may name a class of its own.
    is_open: bool,
}

/// What a mark means.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Meaning {
    Deprecated,
    Sunset,
    Sensitive(String),
    Identity,
    Idempotent,
    Public,
}

/// A sunset whose value is no day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoDay {
    /// The mark as written.
    pub mark: Mark,
}

impl fmt::Display for NoDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` is no date such as 2026-12-01", self.mark.text)
    }
}

impl MarkTable {
    /// The table for these settings. Shipped marks of sensitive data that no class claims keep their
    /// own class.
    #[must_use]
    pub fn new(settings: &Settings) -> Self {
        let mut table = Self::default();
        for (class, rules) in &settings.policy.classes {
            table.classes.insert(class.to_lowercase(), class.clone());
            for pattern in &rules.marks {
                table.enter(pattern, &Meaning::Sensitive(class.clone()), false);
            }
        }
        for (class, patterns) in &ShippedMarks::get().sensitive {
            let class = table.classes.get(class).unwrap_or(class).clone();
            for pattern in patterns {
                table.enter(pattern, &Meaning::Sensitive(class.clone()), true);
            }
        }
        let patterns = &settings.marks;
        let groups = [
            (&patterns.deprecated, Meaning::Deprecated),
            (&patterns.sunset, Meaning::Sunset),
            (&patterns.identity, Meaning::Identity),
            (&patterns.idempotent, Meaning::Idempotent),
            (&patterns.public, Meaning::Public),
        ];
        for (patterns, meaning) in groups {
            patterns.iter().for_each(|pattern| table.enter(pattern, &meaning, false));
        }
        for header in &settings.identity.headers {
            table.enter(&format!("header={header}"), &Meaning::Identity, false);
        }
        table
    }

    /// Enters one pattern: `name`, `name=value`, or the selector of a field. A dotted word may be an
    /// option or a field, so it is looked for as both. An open entry gives way to a claimed one.
    fn enter(&mut self, pattern: &str, meaning: &Meaning, is_open: bool) {
        let (name, value) = match pattern.split_once('=') {
            Some((name, value)) => (name.trim(), Some(value.trim().trim_matches('"').to_lowercase())),
            None => (pattern.trim(), None),
        };
        let last = name.strip_prefix("*.");
        if value.is_none() && last.is_none() && (name.contains('.') || name.contains('#')) {
            self.selectors.entry(name.to_owned()).or_default().insert(meaning.clone());
        }
        let entries = match last {
            Some(last) => self.last_names.entry(last),
            None => self.names.entry(name),
        };
        let is_claimed = |known: &Entry| known.value == value && matches!(known.meaning, Meaning::Sensitive(_));
        let entry = Entry { value: value.clone(), meaning: meaning.clone(), is_open };
        if !(entries.contains(&entry) || is_open && entries.iter().any(is_claimed)) {
            entries.push(entry);
        }
    }

    /// Whether a key may be a mark at all: whether [`MarkTable::apply`] is worth its value.
    #[must_use]
    pub fn knows(&self, key: &str) -> bool {
        !self.names.get(key).is_empty() || self.names.go_on(&[key])
    }

    /// Adds what one key of an `OpenAPI` object, or one option of a protobuf element, says.
    ///
    /// `key` is a keyword, an extension, or the full name of an option with or without its
    /// parentheses; an enum value of an option is given as its name. `mark` makes text and place, and
    /// is called only where something is marked; nothing is allocated before that. A sunset that is
    /// no day is given back, for the caller to report.
    ///
    /// ```ignore
    /// let mark = || Mark { text: marks::written(key, value), site: node.site_of(key) };
    /// if let Err(no_day) = table.apply(key, value, mark, &mut found) { /* a problem at its place */ }
    /// ```
    ///
    /// Where an option's enum value is marked `debug_redact` itself (`OptionSetting::redacts`), apply
    /// `"debug_redact"` with `true` behind the option; the class that came first stays.
    pub fn apply(&self, key: &str, value: &Value, mark: impl Fn() -> Mark, marks: &mut Marks) -> Result<(), NoDay> {
        let is_option = key.contains('.') || key.starts_with('(');
        let mut result = self.add_all(self.names.get(key), key, value, &mark, marks);
        let last = key.rsplit_once('.').map_or(key, |(_, last)| last);
        result = result.and(self.add_all(self.last_names.get(last), key, value, &mark, marks));
        let has_members = matches!(value, Value::Object(_) | Value::Array(_));
        if has_members && (is_option || self.names.go_on(&[key])) {
            result = result.and(self.apply_members(&mut vec![key], is_option, value, &mark, marks));
        }
        result
    }

    /// The same for what the value holds: `(acme.policy) = { pii: true }` is `acme.policy.pii` too.
    fn apply_members<'v>(
        &self,
        path: &mut Vec<&'v str>,
        is_option: bool,
        value: &'v Value,
        mark: &impl Fn() -> Mark,
        marks: &mut Marks,
    ) -> Result<(), NoDay> {
        let mut result = Ok(());
        match value {
            _ if path.len() > MAX_DEPTH => {}
            Value::Array(items) => {
                for item in items.iter().filter(|item| item.is_object()) {
                    result = result.and(self.apply_members(path, is_option, item, mark, marks));
                }
            }
            Value::Object(members) => {
                for (member, value) in members {
                    path.push(member);
                    result = result.and(self.add_all(self.names.at(path), member, value, mark, marks));
                    if is_option {
                        let entries = self.last_names.get(member);
                        result = result.and(self.add_all(entries, member, value, mark, marks));
                    }
                    if is_option || self.names.go_on(path) {
                        result = result.and(self.apply_members(path, is_option, value, mark, marks));
                    }
                    path.pop();
                }
            }
            _ => {}
        }
        result
    }

    /// What the name of a header parameter says: it names the caller, or makes calls idempotent. The
    /// second is to be merged into the marks of the operation too.
    pub fn header(&self, name: &str, mark: impl Fn() -> Mark, marks: &mut Marks) {
        for entry in self.names.get("header") {
            if entry.value.as_deref().is_some_and(|value| value.eq_ignore_ascii_case(name)) {
                set(&entry.meaning, &mark, marks);
            }
        }
    }

    /// What selectors say of a field, as [`MarkTable::selected`] names it.
    pub fn select(&self, message: &str, field: &str, mark: impl Fn() -> Mark, marks: &mut Marks) {
        for meaning in self.selecting(message, field) {
            set(meaning, &mark, marks);
        }
    }

    fn add_all(
        &self,
        entries: &[Entry],
        key: &str,
        value: &Value,
        mark: &impl Fn() -> Mark,
        marks: &mut Marks,
    ) -> Result<(), NoDay> {
        if entries.is_empty() {
            return Ok(());
        }
        for class in self.classes_of(entries, key, value) {
            combine::add_class(marks, Sensitive { class, mark: mark() });
        }
        let mut result = Ok(());
        for Entry { value: wanted, meaning, .. } in entries {
            let holds = match (wanted, meaning) {
                (_, Meaning::Sensitive(_)) => false,
                (Some(wanted), _) => says(value, wanted),
                (None, Meaning::Sunset) => {
                    result = result.and(set_sunset(value, mark, marks));
                    false
                }
                (None, Meaning::Deprecated) => says_deprecated(value),
                (None, _) => is_yes(value),
            };
            if holds {
                set(meaning, mark, marks);
            }
        }
        result
    }

    /// The classes that a mark with this name and value stands for; none if it is no mark, or if
    /// its value says that the element is not sensitive (`false`, `public`, `internal`).
    ///
    /// `key` is as in [`MarkTable::apply`], which says more and is to be preferred.
    #[must_use]
    pub fn sensitive(&self, key: &str, value: &Value) -> Vec<String> {
        let of_full_name = self.classes_of(self.names.get(key), key, value);
        if !of_full_name.is_empty() {
            return of_full_name;
        }
        let last = key.rsplit_once('.').map_or(key, |(_, last)| last);
        self.classes_of(self.last_names.get(last), key, value)
    }

    fn classes_of(&self, entries: &[Entry], key: &str, value: &Value) -> Vec<String> {
        let sensitive = entries.iter().filter_map(|entry| match &entry.meaning {
            Meaning::Sensitive(class) => Some((entry, class)),
            _ => None,
        });
        let exact = sensitive.clone().filter(|(entry, _)| entry.value.as_deref().is_some_and(|it| says(value, it)));
        let mut classes: Vec<String> = exact.map(|(_, class)| class.clone()).collect();
        let mut general = sensitive.filter(|(entry, _)| entry.value.is_none()).peekable();
        if classes.is_empty() && general.peek().is_some() && is_yes(value) {
            let is_open = general.clone().all(|(entry, _)| entry.is_open);
            classes = match self.named_class(key, value, is_open) {
                Some(class) => vec![class],
                None => general.map(|(_, class)| class.clone()).collect(),
            };
        }
        classes.sort();
        classes.dedup();
        classes
    }

    /// The class that a value names: a configured one; or, where the mark is not claimed by any class
    /// of the policy, a category in its own words; or what `@sensitive(...)` says in parentheses.
    fn named_class(&self, key: &str, value: &Value, is_open: bool) -> Option<String> {
        let words = class_words(value);
        if let Some(class) = words.iter().find_map(|word| self.classes.get(&word.to_lowercase())) {
            return Some(class.clone());
        }
        let category = match value {
            Value::String(word) if key.eq_ignore_ascii_case("@sensitive") => Some(word.as_str()),
            _ => value.get("category").and_then(Value::as_str).filter(|_| is_open),
        };
        Some(category?.to_lowercase())
    }

    /// The classes that selectors put a field into: `Profile.birthdate`, or with the package, or
    /// with the place of an inline object (`GET /profiles/{id}#200.birthdate`).
    #[must_use]
    pub fn selected(&self, message: &str, field: &str) -> Vec<String> {
        let mut classes: Vec<String> = self
            .selecting(message, field)
            .into_iter()
            .filter_map(|meaning| match meaning {
                Meaning::Sensitive(class) => Some(class.clone()),
                _ => None,
            })
            .collect();
        classes.sort();
        classes.dedup();
        classes
    }

    fn selecting(&self, message: &str, field: &str) -> Vec<&Meaning> {
        if self.selectors.is_empty() {
            return Vec::new();
        }
        let full = format!("{message}.{field}");
        let tails =
            full.char_indices().filter(|(_, c)| *c == '.').map(|(at, _)| full.get(at + 1..).unwrap_or_default());
        let names = std::iter::once(full.as_str()).chain(tails).filter(|name| name.contains('.'));
        names.filter_map(|name| self.selectors.get(name)).flatten().collect()
    }
}

fn set(meaning: &Meaning, mark: &impl Fn() -> Mark, marks: &mut Marks) {
    let place = match meaning {
        Meaning::Deprecated => &mut marks.deprecated,
        Meaning::Identity => &mut marks.identity,
        Meaning::Idempotent => &mut marks.idempotent,
        Meaning::Public => &mut marks.public,
        Meaning::Sensitive(class) => {
            return combine::add_class(marks, Sensitive { class: class.clone(), mark: mark() });
        }
        // Only a value has a day.
        Meaning::Sunset => return,
    };
    place.get_or_insert_with(mark);
}

/// `x-end-of-life: true` says nothing about a day and is let pass; a word in its stead is not.
fn set_sunset(value: &Value, mark: &impl Fn() -> Mark, marks: &mut Marks) -> Result<(), NoDay> {
    match date::day_in(value) {
        Some(day) => {
            marks.sunset.get_or_insert_with(|| (day, mark()));
            Ok(())
        }
        None if matches!(value, Value::String(_) | Value::Number(_)) => Err(NoDay { mark: mark() }),
        None => Ok(()),
    }
}
