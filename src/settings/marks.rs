//! The section `marks:`: which marks of a contract mean what, beside the shipped ones.

use serde::{Deserialize, Serialize};

use super::error::Error;
use super::file::File;
use super::places::Places;
use crate::model::settings::{MarkPatterns, ShippedMarks};

/// The section as it is written.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default, expecting = "a mapping with `deprecated`, `sunset`, `public`, ...")]
pub(super) struct Marks {
    /// `false`: only the marks given here hold.
    #[serde(skip_serializing_if = "Option::is_none")]
    defaults: Option<bool>,
    deprecated: Option<Vec<String>>,
    sunset: Option<Vec<String>>,
    identity: Option<Vec<String>>,
    idempotent: Option<Vec<String>>,
    public: Option<Vec<String>>,
}

impl Marks {
    /// The section that gives exactly these marks.
    pub(super) fn in_force(marks: &MarkPatterns) -> Self {
        let MarkPatterns { deprecated, sunset, identity, idempotent, public } = marks.clone();
        Self {
            defaults: Some(false),
            deprecated: Some(deprecated),
            sunset: Some(sunset),
            identity: Some(identity),
            idempotent: Some(idempotent),
            public: Some(public),
        }
    }

    /// The given marks behind the shipped ones.
    pub(super) fn complete(self) -> MarkPatterns {
        let given = MarkPatterns {
            deprecated: self.deprecated.unwrap_or_default(),
            sunset: self.sunset.unwrap_or_default(),
            identity: self.identity.unwrap_or_default(),
            idempotent: self.idempotent.unwrap_or_default(),
            public: self.public.unwrap_or_default(),
        };
        let keeps_shipped = self.defaults.unwrap_or(true);
        let mut marks = if keeps_shipped { ShippedMarks::get().patterns.clone() } else { MarkPatterns::default() };
        marks.extend(given);
        marks
    }
}

/// Refuses a pattern that could never match.
pub(super) fn check(file: &File, places: &Places) -> Result<(), Error> {
    let Some(marks) = &file.marks else { return Ok(()) };
    let sections = [
        ("deprecated", &marks.deprecated),
        ("sunset", &marks.sunset),
        ("identity", &marks.identity),
        ("idempotent", &marks.idempotent),
        ("public", &marks.public),
    ];
    for (section, patterns) in sections {
        for (index, pattern) in patterns.iter().flatten().enumerate() {
            let place = || places.of(&["marks", section, &index.to_string()]);
            check_pattern(section, pattern).map_err(|error| error.at(place()))?;
        }
    }
    Ok(())
}

fn check_pattern(section: &str, pattern: &str) -> Result<(), Error> {
    let (name, value) = pattern.split_once('=').map_or((pattern, None), |(name, value)| (name, Some(value)));
    let name = name.trim();
    if !is_name(name) && !keywords().any(|known| known == name) {
        let message = format!(
            "`{pattern}` is no mark: an extension begins with `x-`, an option has a `.` or stands in parentheses, \
             a tag begins with `@`, a comment line ends with `:`"
        );
        return Err(Error::new(message).with_nearest(name, keywords()));
    }
    match value.map(str::trim) {
        Some("") => Err(Error::new(format!("`{pattern}` has an empty value"))),
        Some(_) if section == "sunset" => Err(Error::new(format!("`{pattern}`: the value of a sunset is its day"))),
        None if name == "header" => Err(Error::new("`header` needs a name: `header=Idempotency-Key`")),
        _ => Ok(()),
    }
}

/// Whether a name has the form of an extension, an option, a tag, a comment line or a field.
fn is_name(name: &str) -> bool {
    let is_word = |word: &str| !word.is_empty() && !word.contains(char::is_whitespace);
    match name.as_bytes() {
        [b'@', ..] => is_word(name.trim_start_matches('@')),
        [b'(', .., b')'] | [.., b':'] => is_word(name.trim_matches(['(', ')', ':'])),
        _ if name.contains('#') => true,
        _ => is_word(name) && (name.len() > 2 && name.starts_with("x-") || name.contains('.')),
    }
}

/// Bare words that the formats themselves have, as the shipped marks use them.
fn keywords() -> impl Iterator<Item = &'static str> {
    let shipped = ShippedMarks::get();
    let patterns = shipped.patterns.by_name().into_iter().flat_map(|(_, patterns)| patterns);
    let names = patterns.chain(shipped.sensitive.values().flatten()).map(|pattern| pattern.split('=').next());
    names.flatten().filter(|name| name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_'))
}
