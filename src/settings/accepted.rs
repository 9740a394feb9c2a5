//! `.contract-lint/accepted.yaml`: findings that somebody has decided to live with, for a while.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;

use super::error::Error;
use super::file::Day;
use super::paths::relative_to;
use super::places::Places;
use crate::model::settings::Accepted;

/// Where it is, from the folder of the configuration on.
const FILE: &str = ".contract-lint/accepted.yaml";

/// One entry of the file, which is a list of them.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, expecting = "a mapping with `fingerprint`, `reason`, `until` and `who`")]
pub(super) struct Entry {
    /// As a finding names it.
    fingerprint: String,
    reason: String,
    /// The last day on which it holds.
    until: Option<Day>,
    who: Option<String>,
}

/// Reads the file below `folder`, if there is one. Its path comes back relative to `root`.
pub(super) fn read(folder: &Path, root: &Path) -> Result<Vec<Accepted>, Error> {
    let file = folder.join(FILE);
    if !file.is_file() {
        return Ok(Vec::new());
    }
    let path = relative_to(&file, root);
    read_file(&file, path)
}

/// Reads a file, which is shown as `path`.
pub(super) fn read_file(file: &Path, path: String) -> Result<Vec<Accepted>, Error> {
    let text = super::read(file)?;
    let entries = parse(&text).map_err(|error| error.in_file(file))?;
    let accepted = entries.into_iter().map(|(entry, line)| Accepted {
        fingerprint: entry.fingerprint,
        reason: entry.reason,
        until: entry.until.map(|day| day.0),
        who: entry.who,
        place: format!("{path}:{line}"),
    });
    Ok(accepted.collect())
}

/// The entries, each with its line.
pub(super) fn parse(text: &str) -> Result<Vec<(Entry, u32)>, Error> {
    let places = Places::read(text)?;
    if places.is_empty() {
        return Ok(Vec::new());
    }
    let entries = serde_yaml::from_str::<Vec<Entry>>(text).map_err(|error| without_index(error.into()))?;
    let mut seen = BTreeMap::new();
    for (at, entry) in entries.iter().enumerate() {
        let place = |key: &str| places.of(&[&at.to_string(), key]);
        if !is_fingerprint(&entry.fingerprint) {
            let message = format!("`{}` is no fingerprint: they look like CL-7f3a91c2", entry.fingerprint);
            return Err(Error::new(message).at(place("fingerprint")));
        }
        if !entry.reason.chars().any(char::is_alphanumeric) {
            return Err(Error::new("a reason is mandatory").at(place("reason")));
        }
        if let Some(first) = seen.insert(entry.fingerprint.clone(), at) {
            let line = places.of(&[&first.to_string()]).map_or(0, |place| place.line);
            let message = format!("`{}` is accepted twice, first in line {line}", entry.fingerprint);
            return Err(Error::new(message).at(place("fingerprint")));
        }
    }
    let line = |at: usize| places.of(&[&at.to_string()]).map_or(1, |place| place.line);
    Ok(entries.into_iter().enumerate().map(|(at, entry)| (entry, line(at))).collect())
}

/// A message begins with `.[3]: ` where it is about an item; the line says which.
fn without_index(mut error: Error) -> Error {
    if let Some((_, message)) = error.message.split_once("]: ").filter(|(index, _)| index.starts_with(".[")) {
        error.message = message.to_owned();
    }
    error
}

fn is_fingerprint(text: &str) -> bool {
    let is_hex = |digit: u8| digit.is_ascii_digit() || matches!(digit, b'a'..=b'f');
    text.strip_prefix("CL-").is_some_and(|digits| digits.len() == 8 && digits.bytes().all(is_hex))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(text: &str) -> String {
        parse(text).unwrap_err().in_file(Path::new("f")).to_string()
    }

    #[test]
    fn an_entry_has_a_fingerprint_a_reason_and_perhaps_a_day_and_a_name() {
        let text = "# ours\n- {fingerprint: CL-7f3a91c2, reason: moved, until: 2027-01-31, who: jane}\n\
                    - fingerprint: CL-00000000\n  reason: x\n";
        let entries = parse(text).unwrap();
        assert_eq!(entries.iter().map(|(_, line)| *line).collect::<Vec<_>>(), [2, 3]);
        assert_eq!(entries[0].0.until.map(|day| day.0.to_string()).as_deref(), Some("2027-01-31"));
        assert!(parse("# nothing yet\n").unwrap().is_empty());
    }

    #[test]
    fn what_is_wrong_is_told_with_its_place() {
        let good = "- fingerprint: CL-7f3a91c2\n";
        assert_eq!(refused(good), "f:1:3: missing field `reason`");
        assert_eq!(refused(&format!("{good}  reason: ' '\n")), "f:2:3: a reason is mandatory");
        assert_eq!(
            refused("- fingerprint: CL-7F3A91C2\n  reason: x\n"),
            "f:1:3: `CL-7F3A91C2` is no fingerprint: they look like CL-7f3a91c2"
        );
        assert!(refused(&format!("{good}  reason: x\n  until: soon\n")).contains("`soon` is not a day"));
        assert!(refused(&format!("{good}  reason: x\n  because: y\n")).contains("unknown key `because`"));
        let twice = format!("{good}  reason: x\n{good}  reason: y\n");
        assert_eq!(refused(&twice), "f:3:3: `CL-7f3a91c2` is accepted twice, first in line 1");
        assert!(refused("fingerprint: CL-7f3a91c2\n").contains("sequence"));
    }

    #[test]
    fn the_schema_and_the_parser_know_the_same_keys() {
        let schema: serde_json::Value =
            serde_json::from_str(include_str!("../../schemas/accepted.schema.json")).unwrap();
        let keys = |pointer| schema.pointer(pointer).unwrap().as_object().unwrap().keys().cloned().collect::<Vec<_>>();
        assert_eq!(keys("/items/properties"), ["fingerprint", "reason", "until", "who"]);
        let message = refused("- {unknown: 1}\n");
        assert!(message.contains("unknown key `unknown`"), "{message}");
    }
}
