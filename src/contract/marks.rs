//! Which marks of a contract make an element sensitive, and of which class.
//!
//! One table serves both formats: OpenAPI extensions and formats, protobuf options. What a value
//! means is decided here and nowhere else, because contracts write it in many ways: `true`, the
//! name of a class, a level such as `public`, an object with a category, a list of tags.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde_json::Value;

use crate::model::contract::{Mark, Marks, Sensitive};
use crate::model::settings::Settings;
use crate::model::source::Site;

/// Marks that are known without any configuration, and the class each one names.
/// `debug_redact` is protobuf's own option, `password` a format of OpenAPI, the others are the
/// extensions that are in common use.
const BUILT_IN: &[(&str, Option<&str>, &str)] = &[
    ("x-pii", None, "pii"),
    ("x-sensitive", None, UNNAMED),
    ("x-data-classification", None, UNNAMED),
    ("x-privacy", None, UNNAMED),
    ("format", Some("password"), UNNAMED),
    ("debug_redact", None, UNNAMED),
];

/// The class of a mark that names none.
const UNNAMED: &str = "sensitive";

/// Keys under which the object form of a mark says how sensitive the element is.
const LEVEL_KEYS: &[&str] = &["sensitivity", "classification", "level", "sensitive", "enabled", "value"];

/// Keys under which the object form of a mark names its class.
const CLASS_KEYS: &[&str] = &["category", "class", "type", "kind", "sensitivity", "classification", "level", "value"];

/// Which marks stand for which class, built once from the settings.
#[derive(Clone, Debug, Default)]
pub struct MarkTable {
    /// By mark name, in lower case: the classes it puts an element into.
    names: BTreeMap<String, Vec<Rule>>,
    /// By field selector, as written.
    selectors: BTreeMap<String, BTreeSet<String>>,
    /// Names of the configured classes, by their lower case.
    classes: BTreeMap<String, String>,
}

/// One entry of the table: with this value, or with any that says "yes", this class.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Rule {
    value: Option<String>,
    class: String,
}

impl MarkTable {
    /// The table for these settings. Built-in marks that no class claims keep their own class.
    #[must_use]
    pub fn new(settings: &Settings) -> Self {
        let mut table = Self::default();
        for (class, rules) in &settings.policy.classes {
            table.classes.insert(class.to_lowercase(), class.clone());
            for mark in &rules.marks {
                table.claim(class, mark);
            }
        }
        for (name, value, class) in BUILT_IN {
            let rules = table.names.entry((*name).to_owned()).or_default();
            let value = value.map(str::to_owned);
            if !rules.iter().any(|rule| rule.value == value) {
                let class = table.classes.get(*class).map_or_else(|| (*class).to_owned(), Clone::clone);
                rules.push(Rule { value, class });
            }
        }
        table
    }

    /// Enters one configured mark: `name`, `name=value`, or the selector of a field. A dotted word
    /// may be an option or a field, so it is looked for as both.
    fn claim(&mut self, class: &str, mark: &str) {
        let (name, value) = match mark.split_once('=') {
            Some((name, value)) => (name.trim(), Some(value.trim().trim_matches('"').to_lowercase())),
            None => (mark.trim(), None),
        };
        if value.is_none() && (name.contains('.') || name.contains('#')) {
            self.selectors.entry(name.to_owned()).or_default().insert(class.to_owned());
        }
        let rule = Rule { value, class: class.to_owned() };
        let rules = self.names.entry(normal(name)).or_default();
        if !rules.contains(&rule) {
            rules.push(rule);
        }
    }

    /// The classes that a mark with this name and value stands for; none if it is no mark, or if
    /// its value says that the element is not sensitive (`false`, `public`, `internal`).
    ///
    /// `key` is an extension, `format`, or the full name of a protobuf option, with or without its
    /// parentheses; an enum value of an option is given as its name.
    #[must_use]
    pub fn sensitive(&self, key: &str, value: &Value) -> Vec<String> {
        let Some(rules) = self.names.get(&normal(key)) else { return Vec::new() };
        let exact = rules.iter().filter(|rule| rule.value.as_deref().is_some_and(|wanted| says(value, wanted)));
        let mut classes: Vec<String> = exact.map(|rule| rule.class.clone()).collect();
        let mut general = rules.iter().filter(|rule| rule.value.is_none()).peekable();
        if classes.is_empty() && general.peek().is_some() && is_yes(value) {
            classes = match self.named_class(value, general.clone().all(|rule| is_built_in(key, rule))) {
                Some(class) => vec![class],
                None => general.map(|rule| rule.class.clone()).collect(),
            };
        }
        classes.sort();
        classes.dedup();
        classes
    }

    /// The classes that selectors put a field into: `Profile.birthdate`, or with the package, or
    /// with the place of an inline object (`GET /profiles/{id}#200.birthdate`).
    #[must_use]
    pub fn selected(&self, message: &str, field: &str) -> Vec<String> {
        if self.selectors.is_empty() {
            return Vec::new();
        }
        let full = format!("{message}.{field}");
        let tails =
            full.char_indices().filter(|(_, c)| *c == '.').map(|(at, _)| full.get(at + 1..).unwrap_or_default());
        let names = std::iter::once(full.as_str()).chain(tails).filter(|name| name.contains('.'));
        let mut classes: Vec<String> = names.filter_map(|name| self.selectors.get(name)).flatten().cloned().collect();
        classes.sort();
        classes.dedup();
        classes
    }

    /// The class that a value names: a configured one, or, where the mark is not claimed by any
    /// class of the policy, a category in its own words.
    fn named_class(&self, value: &Value, unclaimed: bool) -> Option<String> {
        let words = class_words(value);
        if let Some(class) = words.iter().find_map(|word| self.classes.get(&word.to_lowercase())) {
            return Some(class.clone());
        }
        let category = value.get("category").and_then(Value::as_str).filter(|_| unclaimed)?;
        Some(category.to_lowercase())
    }
}

/// Whether a rule is the built-in one of its mark, so that no class of the policy claims it.
fn is_built_in(key: &str, rule: &Rule) -> bool {
    let key = normal(key);
    BUILT_IN.iter().any(|(name, value, class)| *name == key && value.is_none() && *class == rule.class)
}

/// A name as the table keeps it: lower case, without the parentheses and the leading dot of
/// protobuf options.
fn normal(name: &str) -> String {
    name.trim().replace(['(', ')'], "").trim_start_matches('.').to_lowercase()
}

/// Whether a value, a member of it, or an item of it is this text.
fn says(value: &Value, wanted: &str) -> bool {
    match value {
        Value::Array(items) => items.iter().any(|item| scalar_is(item, wanted)),
        Value::Object(members) => members.values().any(|member| scalar_is(member, wanted)),
        scalar => scalar_is(scalar, wanted),
    }
}

fn scalar_is(value: &Value, wanted: &str) -> bool {
    match value {
        Value::String(text) => text.to_lowercase() == wanted,
        Value::Bool(yes) => (if *yes { "true" } else { "false" }) == wanted,
        Value::Number(number) => number.to_string() == wanted,
        _ => false,
    }
}

/// Whether the value of a mark says "this is sensitive".
fn is_yes(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => false,
        Value::Bool(true) => true,
        Value::Number(number) => number.as_f64() != Some(0.0),
        Value::String(text) => !is_harmless(text),
        Value::Array(items) => items.iter().any(is_yes),
        Value::Object(members) => LEVEL_KEYS.iter().filter_map(|key| members.get(*key)).all(is_yes),
    }
}

/// Whether a word names a level that needs no protection: `public`, `Internal`, `none`,
/// `SENSITIVITY_UNSPECIFIED`, `not_sensitive`. A `not` before it turns that round.
fn is_harmless(text: &str) -> bool {
    let words: Vec<String> =
        text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_lowercase).collect();
    let Some((last, before)) = words.split_last() else { return true };
    let harmless = matches!(
        last.as_str(),
        "public" | "internal" | "false" | "no" | "none" | "off" | "0" | "unspecified" | "unknown" | "unclassified"
    );
    let denied = before.last().is_some_and(|word| word == "non" || word == "not");
    harmless != denied
}

/// The words of a value that may name a class.
fn class_words(value: &Value) -> Vec<&str> {
    match value {
        Value::String(text) => vec![text],
        Value::Array(items) => items.iter().filter_map(Value::as_str).collect(),
        Value::Object(members) => CLASS_KEYS.iter().filter_map(|key| members.get(*key)?.as_str()).collect(),
        _ => Vec::new(),
    }
}

/// A mark as it is shown: `x-pii: true`, `x-data-classification: {"category":"PII"}`.
#[must_use]
pub fn written(key: &str, value: &Value) -> String {
    match value {
        Value::String(text) => format!("{key}: {text}"),
        other => format!("{key}: {other}"),
    }
}

/// The day of a sunset: an ISO date, or the UTC day of an RFC 3339 date and time.
#[must_use]
pub fn sunset_day(text: &str) -> Option<Date> {
    let text = text.trim();
    if text.len() == "2026-12-01".len() {
        return text.parse().ok();
    }
    text.parse::<Timestamp>().ok().map(|at| at.to_zoned(TimeZone::UTC).date())
}

/// Adds what `other` says, where nothing is said yet; of two marks for one class the first stays.
pub fn merge(marks: &mut Marks, other: Marks) {
    if other.is_empty() {
        return;
    }
    let other = other.into_set();
    let set = &mut **marks;
    set.deprecated = set.deprecated.take().or(other.deprecated);
    set.sunset = set.sunset.take().or(other.sunset);
    set.identity = set.identity.take().or(other.identity);
    set.idempotent = set.idempotent.take().or(other.idempotent);
    set.public = set.public.take().or(other.public);
    for sensitive in other.sensitive {
        add_class(marks, sensitive);
    }
}

/// Puts an element into each of these classes, by one mark.
pub fn add_sensitive(marks: &mut Marks, classes: Vec<String>, text: &str, site: &Site) {
    for class in classes {
        let mark = Mark { text: text.to_owned(), site: site.clone() };
        add_class(marks, Sensitive { class, mark });
    }
}

fn add_class(marks: &mut Marks, sensitive: Sensitive) {
    if !marks.sensitive.iter().any(|known| known.class == sensitive.class) {
        marks.sensitive.push(sensitive);
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use serde_json::json;

    use super::*;
    use crate::model::settings::DataClass;

    /// A table for classes with their marks.
    pub(crate) fn table(classes: &[(&str, &[&str])]) -> MarkTable {
        let classes = classes.iter().map(|(name, marks)| {
            let marks = marks.iter().map(|mark| (*mark).to_owned()).collect();
            ((*name).to_owned(), DataClass { marks, ..DataClass::default() })
        });
        MarkTable::new(&crate::contract::tests::settings(classes.collect()))
    }

    #[test]
    fn built_in_marks_need_no_policy() {
        let table = table(&[]);
        assert_eq!(table.sensitive("x-pii", &json!(true)), ["pii"]);
        assert_eq!(table.sensitive("x-pii", &json!("email")), ["pii"]);
        assert_eq!(table.sensitive("x-sensitive", &json!(true)), ["sensitive"]);
        assert_eq!(table.sensitive("x-privacy", &json!({"purpose": "ads"})), ["sensitive"]);
        assert_eq!(table.sensitive("format", &json!("password")), ["sensitive"]);
        assert_eq!(table.sensitive("debug_redact", &json!(true)), ["sensitive"]);
        assert_eq!(table.sensitive("format", &json!("date")), Vec::<String>::new());
        assert_eq!(table.sensitive("x-unknown", &json!(true)), Vec::<String>::new());
    }

    #[test]
    fn a_value_that_says_no_is_no_mark() {
        let table = table(&[("pii", &["x-sensitive", "x-data-classification", "acme.level"])]);
        for value in [json!(false), json!(null), json!("false"), json!("none"), json!(""), json!({"sensitive": false})]
        {
            assert!(table.sensitive("x-sensitive", &value).is_empty(), "{value}");
        }
        for value in [json!("public"), json!("Internal"), json!({"category": "other", "sensitivity": "public"})] {
            assert!(table.sensitive("x-data-classification", &value).is_empty(), "{value}");
        }
        for value in ["LEVEL_UNSPECIFIED", "LEVEL_PUBLIC"] {
            assert!(table.sensitive("acme.level", &json!(value)).is_empty(), "{value}");
        }
        for value in ["LEVEL_SECRET", "NON_PUBLIC", "not-public"] {
            assert_eq!(table.sensitive("acme.level", &json!(value)), ["pii"], "{value}");
        }
        assert!(table.sensitive("acme.level", &json!(["PUBLIC"])).is_empty());
        assert_eq!(table.sensitive("acme.level", &json!(["PUBLIC", "SECRET"])), ["pii"]);
    }

    #[test]
    fn a_value_that_names_a_class_selects_it() {
        let table = table(&[("pii", &["x-data-classification"]), ("Financial", &[])]);
        assert_eq!(table.sensitive("x-data-classification", &json!("financial")), ["Financial"]);
        assert_eq!(table.sensitive("x-data-classification", &json!("confidential")), ["pii"]);
        let object = json!({"category": "financial", "sensitivity": "restricted"});
        assert_eq!(table.sensitive("x-data-classification", &object), ["Financial"]);
    }

    #[test]
    fn an_unclaimed_category_is_its_own_class() {
        let object = json!({"category": "PII", "sensitivity": "restricted"});
        assert_eq!(table(&[]).sensitive("x-data-classification", &object), ["pii"]);
    }

    #[test]
    fn a_configured_value_wins_over_what_the_value_means() {
        let table =
            table(&[("staff", &["x-data-classification=internal", "format=iban"]), ("pii", &["(acme.opts).pii"])]);
        assert_eq!(table.sensitive("x-data-classification", &json!("Internal")), ["staff"]);
        assert_eq!(table.sensitive("x-data-classification", &json!({"sensitivity": "internal"})), ["staff"]);
        assert_eq!(table.sensitive("x-data-classification", &json!("secret")), ["sensitive"]);
        assert_eq!(table.sensitive("format", &json!("iban")), ["staff"]);
        assert_eq!(table.sensitive("format", &json!("password")), ["sensitive"]);
        assert_eq!(table.sensitive("acme.opts.pii", &json!(true)), ["pii"]);
    }

    #[test]
    fn a_mark_of_two_classes_stands_for_both() {
        let table = table(&[("gdpr", &["x-pii"]), ("pii", &["x-pii"])]);
        assert_eq!(table.sensitive("X-PII", &json!(true)), ["gdpr", "pii"]);
    }

    #[test]
    fn selectors_name_fields_with_or_without_the_package() {
        let table = table(&[("pii", &["Profile.birthdate", "profile.v1.Name.first", "GET /a/{id}#200.iban"])]);
        assert_eq!(table.selected("profile.v1.Profile", "birthdate"), ["pii"]);
        assert_eq!(table.selected("Profile", "birthdate"), ["pii"]);
        assert_eq!(table.selected("profile.v1.Name", "first"), ["pii"]);
        assert_eq!(table.selected("GET /a/{id}#200", "iban"), ["pii"]);
        assert!(table.selected("Name", "first").is_empty());
        assert!(table.selected("MyProfile", "birthdate").is_empty());
    }

    #[test]
    fn a_sunset_is_a_date_or_the_utc_day_of_a_time() {
        assert_eq!(sunset_day("2026-12-01"), Some(date(2026, 12, 1)));
        assert_eq!(sunset_day("2026-12-01T23:30:00-02:00"), Some(date(2026, 12, 2)));
        assert_eq!(sunset_day("2026-13-01"), None);
        assert_eq!(sunset_day("soon"), None);
    }
}
