//! Values against the options of protobuf fields: protovalidate (`buf/validate/validate.proto`), its
//! forerunner protoc-gen-validate (`validate/validate.proto`), and numbers of enumerations.

use serde_json::Value;

use super::{Misfit, nearest, number, text};
use crate::check::words::shortened;
use crate::model::contract::{Catalog, Field, OptionSetting};
use crate::model::source::Site;
use crate::model::usage::Constant;

/// The extensions that hold rules for a field.
const EXTENSIONS: [&str; 3] = ["buf.validate.field", "validate.rules", "buf.validate.priv.field"];

/// Values of an enumeration in a message.
const SHOWN: usize = 6;

/// A rule: its way (`int32.lte`), its value, and where it is set.
struct Rule<'o> {
    way: Vec<String>,
    value: &'o Value,
    site: &'o Site,
}

/// Why an enumeration does not have a value. The names of its values stand for them in JSON.
pub(super) fn enum_misfit(catalog: &Catalog, name: &str, value: &Constant) -> Option<Misfit> {
    let known = catalog.enums.iter().find(|known| known.name == name)?;
    let is_known = match value {
        Constant::Int(number) => known.values.iter().any(|known| i64::from(known.number) == *number),
        Constant::Text(text) => known.values.iter().any(|known| *known.name == **text),
        Constant::Bool(_) | Constant::Thousandths(_) => return None,
    };
    if is_known {
        return None;
    }
    let near = match value {
        Constant::Text(text) => nearest(text, known.values.iter().map(|known| known.name.as_str())),
        _ => None,
    };
    Some(Misfit { why: format!("is no value of `{name}`"), site: known.site.clone(), near })
}

/// Why the rules of a field do not allow a value.
pub(super) fn misfit(field: &Field, entered: usize, value: &Constant) -> Option<Misfit> {
    let options = field.proto.iter().flat_map(|proto| &proto.options);
    let rules: Vec<Rule<'_>> = options.flat_map(rules).collect();
    // What is empty may be what is not set, and rules can be told to leave that alone.
    let ignores = rules.iter().any(|rule| rule.way.last().is_some_and(|last| last.starts_with("ignore")));
    if ignores && matches!(value, Constant::Int(0) | Constant::Thousandths(0)) {
        return None;
    }
    let of_items = |rule: &Rule<'_>| rule.way.starts_with(&["repeated".to_owned(), "items".to_owned()]);
    let wanted = rules.iter().filter(|rule| of_items(rule) == (entered > 0));
    let applied: Vec<&Rule<'_>> = wanted.collect();
    // `gt` above `lt` is what lies outside of both.
    let bound = |names: [&str; 2]| applied.iter().find(|rule| rule.is_any(&names)).and_then(|rule| rule.value.as_f64());
    let is_outside = bound(["lt", "lte"]).zip(bound(["gt", "gte"])).is_some_and(|(upper, lower)| lower >= upper);
    applied.into_iter().find_map(|rule| {
        let why = if is_outside && rule.is_any(&["lt", "lte", "gt", "gte"]) { None } else { rule.broken(value) }?;
        Some(Misfit { why, site: rule.site.clone(), near: None })
    })
}

/// Whether the rules of a field ask for it to be set.
#[must_use]
pub fn is_required(field: &Field) -> bool {
    let options = field.proto.iter().flat_map(|proto| &proto.options);
    options.flat_map(rules).any(|rule| rule.way == ["required"] && rule.value == &Value::Bool(true))
}

/// The rules in an option, be they written one by one or as one message.
fn rules(option: &OptionSetting) -> Vec<Rule<'_>> {
    let plain = option.name.trim_start_matches(['(', '.']);
    let Some(rest) = EXTENSIONS.iter().find_map(|extension| plain.strip_prefix(extension)) else { return Vec::new() };
    let way = rest.trim_start_matches(')').split('.').filter(|word| !word.is_empty()).map(str::to_owned).collect();
    let mut found = Vec::new();
    let mut open: Vec<(Vec<String>, &Value)> = vec![(way, &option.value)];
    while let Some((way, value)) = open.pop() {
        match value {
            Value::Object(inner) => open.extend(inner.iter().rev().map(|(name, value)| {
                let longer = way.iter().cloned().chain([name.clone()]).collect();
                (longer, value)
            })),
            _ => found.push(Rule { way, value, site: &option.site }),
        }
    }
    found
}

impl Rule<'_> {
    fn is_any(&self, names: &[&str]) -> bool {
        self.way.last().is_some_and(|last| names.contains(&last.as_str()))
    }

    /// Why a value breaks the rule.
    fn broken(&self, value: &Constant) -> Option<String> {
        let name = self.way.last()?.as_str();
        match value {
            Constant::Text(text) => self.broken_by_text(name, text),
            Constant::Bool(value) => {
                (name == "const" && self.value.as_bool() != Some(*value)).then(|| format!("is not {}", self.value))
            }
            Constant::Int(_) | Constant::Thousandths(_) => self.broken_by_number(name, number(value)?),
        }
    }

    fn broken_by_number(&self, name: &str, value: f64) -> Option<String> {
        let is_same = |known: &Value| known.as_f64().is_some_and(|known| (known - value).abs() < f64::EPSILON);
        if let Value::Array(known) = self.value {
            return self.broken_list(name, known, is_same);
        }
        let (bound, shown) = (self.value.as_f64()?, self.value);
        match name {
            "lte" if value > bound => Some(format!("is above the maximum of {shown}")),
            "lt" if value >= bound => Some(format!("is not below {shown}")),
            "gte" if value < bound => Some(format!("is below the minimum of {shown}")),
            "gt" if value <= bound => Some(format!("is not above {shown}")),
            "const" if !is_same(self.value) => Some(format!("is not {shown}")),
            _ => None,
        }
    }

    fn broken_by_text(&self, name: &str, value: &str) -> Option<String> {
        let is_same = |known: &Value| known.as_str() == Some(value);
        if let Value::Array(known) = self.value {
            return self.broken_list(name, known, is_same);
        }
        let length = value.chars().count() as u64;
        let format = |format: &str| text::wrong_format(value, format).filter(|_| self.value == &Value::Bool(true));
        match name {
            "len" => text::wrong_length(length, (self.value.as_u64(), self.value.as_u64())),
            "min_len" => text::wrong_length(length, (self.value.as_u64(), None)),
            "max_len" => text::wrong_length(length, (None, self.value.as_u64())),
            "pattern" => text::wrong_pattern(value, self.value.as_str()?),
            "const" => (!is_same(self.value)).then(|| format!("is not {}", self.value)),
            "prefix" => {
                let prefix = self.value.as_str().filter(|prefix| !value.starts_with(prefix))?;
                Some(format!("does not begin with `{prefix}`"))
            }
            "suffix" => {
                let suffix = self.value.as_str().filter(|suffix| !value.ends_with(suffix))?;
                Some(format!("does not end with `{suffix}`"))
            }
            "uuid" | "email" | "ipv4" | "ipv6" => format(name),
            _ => None,
        }
    }

    fn broken_list(&self, name: &str, known: &[Value], is_same: impl Fn(&Value) -> bool) -> Option<String> {
        let is_in = known.iter().any(is_same);
        let shown: Vec<String> =
            known.iter().map(|value| format!("`{}`", value.to_string().trim_matches('"'))).collect();
        match name {
            "in" if !is_in => Some(format!("is none of {}", shortened(&shown, SHOWN))),
            "not_in" if is_in => Some(format!("is one of {}, which are not allowed", shortened(&shown, SHOWN))),
            _ => None,
        }
    }
}
