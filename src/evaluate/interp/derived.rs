//! Values that are computed from others: text put together, numbers calculated, messages written as JSON.
//!
//! The data of what went in is in what comes out, though it is no message of a contract any more. What a
//! function that nobody describes does is told by the words of its name, see `rules/flows.yaml`.

use std::collections::BTreeSet;
use std::rc::Rc;
use std::sync::LazyLock;

use serde::Deserialize;

use super::Interp;
use super::argument::Site;
use crate::evaluate::origins::Origins;
use crate::evaluate::value::{Fields, REST, Value, What};
use crate::model::ir::{Symbol, Type};
use crate::model::usage::{Origin, Step};
use crate::model::words::words;

/// Levels of lists and structs whose parts are looked at.
const MAX_DEPTH: usize = 3;
/// Fields of an own type that are told apart.
const MAX_FIELDS: usize = 40;

/// What `rules/flows.yaml` holds; a test holds that it can be read.
pub(super) static LIST: LazyLock<List> =
    LazyLock::new(|| serde_yaml::from_str(include_str!("../../../rules/flows.yaml")).unwrap_or_default());

/// The list as it is written.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct List {
    /// The data is gone from what comes out.
    sanitizers: BTreeSet<String>,
    /// What comes out is not made of what goes in.
    tells: BTreeSet<String>,
    /// What comes out is what goes in, in another form.
    conversions: BTreeSet<String>,
    /// How maps are told that live as long as the service.
    pub(super) kept: KeptWords,
    /// How it is told that code looks at what it was asked for.
    pub(super) asked: AskedWords,
}

/// Words by which it is told that a value is looked at.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AskedWords {
    /// Words of functions that check, or bring into bounds.
    pub(super) checks: BTreeSet<String>,
    /// Words of functions that read text as something of a type.
    pub(super) reads: BTreeSet<String>,
    /// Words of those that only ask whether there is a value.
    pub(super) presence: BTreeSet<String>,
    /// Words of those that read numbers.
    pub(super) numbers: BTreeSet<String>,
    /// Words of annotations that say what may be asked for.
    pub(super) annotations: BTreeSet<String>,
    /// Named arguments that say so.
    pub(super) bounds: BTreeSet<String>,
    /// Namespaces of what checks requests before handlers run.
    pub(super) guards: BTreeSet<String>,
}

/// Words and names by which maps are told that live as long as the service.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct KeptWords {
    /// Words of what is meant to be kept.
    pub(super) names: BTreeSet<String>,
    /// Words of types that several threads use at once.
    pub(super) shared: BTreeSet<String>,
    /// Methods that take a guard of such a type.
    pub(super) guards: BTreeSet<String>,
    /// Words of fields that say until when an entry holds, or since when it is there.
    pub(super) ages: BTreeSet<String>,
    /// Functions that take something out of a map.
    pub(super) removes: BTreeSet<String>,
    /// Words of the types of maps.
    pub(super) maps: BTreeSet<String>,
}

/// What the name of a function says of what it gives.
#[derive(Clone, Copy, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each says a thing of its own")]
pub(super) struct NameSays {
    /// The data is gone from it.
    pub(super) sanitized: bool,
    /// It is what goes in, in another form.
    converted: bool,
    /// It is not made of what goes in.
    told: bool,
    /// It is a part of something, if nothing goes in.
    got: bool,
}

impl NameSays {
    fn of(name: &str, is_sanitizer: impl Fn(&str) -> bool) -> Self {
        let last = name.rsplit("::").next().unwrap_or(name);
        let words = words(last);
        let is_first_of = |list: &BTreeSet<String>| words.first().is_some_and(|first| list.contains(first));
        Self {
            sanitized: sanitizes(name) || is_sanitizer(last),
            converted: words.iter().any(|word| LIST.conversions.contains(word)),
            told: is_first_of(&LIST.tells),
            got: words.len() > 1 && words.first().is_some_and(|first| first == "get"),
        }
    }
}

/// Whether a function takes the data out of what it is given, by its name or that of what it belongs to.
fn sanitizes(symbol: &str) -> bool {
    let segments = symbol.rsplit("::").take(2).flat_map(|segment| segment.rsplit('/').take(1));
    segments.into_iter().any(|segment| words(segment).iter().any(|word| LIST.sanitizers.contains(word)))
}

/// The body of a response as text or bytes: no message, but the data of one.
pub(super) fn taken_from(body: Value, response: &Value) -> Value {
    let whole = response.origins.iter().cloned().chain(response.responses());
    Value { origins: body.origins.clone().deriving(whole), ..body }
}

/// What is in a value.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// What it holds, itself or in its parts.
    pub(super) held: Vec<Origin>,
    /// What it was computed from.
    pub(super) derived: Vec<Origin>,
}

impl Value {
    /// The value with the data taken out.
    pub(super) fn cleaned(self) -> Self {
        self.cleaned_within(MAX_DEPTH)
    }

    fn cleaned_within(self, depth: usize) -> Self {
        let origins = if self.origins.are_unknown() { Origins::default() } else { self.origins.cleaned() };
        let Some(below) = depth.checked_sub(1) else { return Self { origins, ..self } };
        let what = match self.what {
            What::Record(fields) => {
                let part = |(name, (span, part)): (&std::sync::Arc<str>, &(_, Self))| {
                    (std::sync::Arc::clone(name), (*span, part.clone().cleaned_within(below)))
                };
                What::Record(Rc::new(fields.iter().map(part).collect::<Fields>()))
            }
            What::List(element) => What::List(Rc::new((*element).clone().cleaned_within(below))),
            What::Response(_) => What::Opaque,
            other => other,
        };
        Self { what, origins, ..self }
    }
}

impl<'a> Interp<'a> {
    /// All that a value holds or was computed from, itself and in its parts.
    pub(super) fn found_in(&self, value: &Value) -> Found {
        let mut found = Found::default();
        self.collect(value, MAX_DEPTH, &mut found);
        found
    }

    fn collect(&self, value: &Value, depth: usize, found: &mut Found) {
        let set = match &value.what {
            What::Record(fields) => Some(&**fields),
            _ => None,
        };
        if !value.origins.are_unknown() {
            found.derived.extend(value.origins.derived().iter().cloned());
            self.collect_held(value, set, depth, found);
        }
        // The text of a response is its body.
        if matches!(value.ty, Type::Str | Type::Bytes) {
            found.held.extend(value.responses());
        }
        let Some(below) = depth.checked_sub(1) else { return };
        match &value.what {
            What::Record(fields) => {
                for (name, (_, part)) in fields.iter() {
                    // What the rest has is hidden by what is set beside it.
                    match &part.what {
                        What::Opaque if &**name == REST => {
                            found.derived.extend(part.origins.derived().iter().cloned());
                            self.collect_held(part, Some(fields), below, found);
                        }
                        _ => self.collect(part, below, found),
                    }
                }
            }
            What::List(element) => self.collect(element, below, found),
            What::Tuple(items) => items.iter().for_each(|item| self.collect(item, below, found)),
            _ => {}
        }
    }

    /// A body that was taken apart into an own type is no more than what that has; fields that are set anew are
    /// no longer what came.
    fn collect_held(&self, value: &Value, set: Option<&Fields>, depth: usize, found: &mut Found) {
        if value.origins.are_clean() || value.origins.is_empty() {
            return;
        }
        let is_set = |name: &str| set.is_some_and(|set| set.contains_key(name));
        let fields = value.ty.symbol().filter(|ty| depth > 0 && self.program.is_own_type(ty));
        let fields = fields.map(|ty| self.program.fields(ty)).unwrap_or_default();
        if fields.is_empty() || fields.len() > MAX_FIELDS {
            // Of which fields it still holds nothing is known.
            if set.is_some_and(|set| set.keys().any(|name| &**name != REST)) {
                return;
            }
            let held = value.origins.iter().filter(|origin| !matches!(origin, Origin::Request(..)));
            found.held.extend(held.cloned());
            return;
        }
        let opaque = Value { ty: value.ty.clone(), what: What::Opaque, origins: value.origins.clone() };
        for field in fields.into_iter().filter(|field| !field.skipped && !is_set(&field.name)) {
            let ty = self.field_type(&value.ty, &field.name);
            let part = if field.flatten {
                Value { ty, ..opaque.clone() }
            } else {
                opaque.stepped(&Step::Field(self.field_name(&value.ty, &field.name)), ty)
            };
            self.collect_held(&part, None, depth.saturating_sub(1), found);
        }
    }

    /// A value, as one that was computed from others.
    pub(super) fn derive<'v>(&self, value: Value, from: impl IntoIterator<Item = &'v Value>) -> Value {
        let mut found = Found::default();
        from.into_iter().for_each(|value| self.collect(value, MAX_DEPTH, &mut found));
        if found.held.is_empty() && found.derived.is_empty() {
            return value;
        }
        Value { origins: value.origins.deriving(found.held.into_iter().chain(found.derived)), ..value }
    }

    /// The same of what a function gives that computes it from all its inputs.
    pub(super) fn derived_of(&self, value: Value, receiver: Option<&Value>, site: &Site<'a>) -> Value {
        self.derive(value, receiver.into_iter().chain(site.args.iter().map(|arg| &arg.value)))
    }

    /// What a function gives that is not known: something computed from its inputs, where its name says
    /// nothing else.
    pub(super) fn computed(&self, name: &str, receiver: Option<&Value>, site: &Site<'a>) -> Value {
        let is_data = |value: &Value| !value.origins.are_unknown() || value.what.has_parts();
        let given = || site.args.iter().map(|arg| &arg.value);
        if !receiver.into_iter().chain(given()).any(is_data) {
            return Value::unknown();
        }
        let says = self.name_says(name);
        let is_conversion = says.converted;
        // `period.getYears()` gives a part of it.
        let is_getter = site.args.is_empty() && says.got;
        if (says.told && !is_getter && !is_conversion) || says.sanitized {
            return Value::unknown();
        }
        let by_itself = receiver.is_none_or(|receiver| receiver.as_name().is_some());
        let from = given().filter(|value| (by_itself || is_conversion) && self.is_whole_only_if(value, is_conversion));
        let receiver = receiver.filter(|value| self.is_whole_only_if(value, is_conversion));
        self.derive(Value::unknown(), receiver.into_iter().chain(from))
    }

    /// What the name of a function says, which may be the whole of it.
    pub(super) fn name_says(&self, name: &str) -> NameSays {
        if let Some(known) = self.asked.names.borrow().get(name) {
            return *known;
        }
        let said = NameSays::of(name, |last| self.libraries.is_sanitizer(last));
        self.asked.names.borrow_mut().insert(name.into(), said);
        said
    }

    /// Whether a value is data by itself, or a message whose whole content is wanted. Frameworks' objects and
    /// whole answers are handed around for many reasons.
    fn is_whole_only_if(&self, value: &Value, wanted: bool) -> bool {
        let is_request = |origin: &Origin| matches!(origin, Origin::Handler(_, steps) if steps.is_empty());
        let is_message = |origin: &Origin| matches!(origin, Origin::Response(_, steps) if steps.is_empty());
        if value.origins.iter().any(is_request) && value.ty.symbol().is_some_and(|ty| self.is_librarys(ty)) {
            return false;
        }
        let is_own = value.ty.symbol().is_some_and(|ty| self.program.type_def(ty).is_some());
        wanted || !(is_own || value.origins.iter().any(|origin| is_message(origin) || is_request(origin)))
    }

    pub(super) fn is_librarys(&self, ty: &Symbol) -> bool {
        self.libraries.given(ty.as_str()).is_some() || self.libraries.type_model(ty.as_str()).is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_can_be_read() {
        let list: List = serde_yaml::from_str(include_str!("../../../rules/flows.yaml")).unwrap();
        assert!(list.sanitizers.is_disjoint(&list.conversions) && !list.tells.is_empty());
    }

    #[test]
    fn names_say_that_data_is_taken_out() {
        for name in
            ["maskEmail", "hash_password", "crypto/sha256::Sum256", "shop::Redactor::apply", "DigestUtils::sha1Hex"]
        {
            assert!(sanitizes(name), "{name}");
        }
        for name in ["strings::ToUpper", "toString", "shop::cache::put", "bitmask_count_of"] {
            assert!(!sanitizes(name), "{name}");
        }
    }
}
