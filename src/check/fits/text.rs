//! Text against lengths, regular expressions and formats.

use std::net::{Ipv4Addr, Ipv6Addr};

use jiff::civil::{Date, DateTime};
use regex_automata::meta::Regex;

/// Whether text is too short or too long.
pub(super) fn wrong_length(length: u64, (least, most): (Option<u64>, Option<u64>)) -> Option<String> {
    let unit = |number: u64| if number == 1 { "character" } else { "characters" };
    if let Some(least) = least.filter(|least| length < *least) {
        return Some(format!("is shorter than {least} {}", unit(least)));
    }
    let most = most.filter(|most| length > *most)?;
    Some(format!("is longer than {most} {}", unit(most)))
}

/// Whether text does not match a pattern. Patterns of ECMA-262 that mean something else here (look-around,
/// references to groups) are no patterns to this engine, and allow everything.
pub(super) fn wrong_pattern(text: &str, pattern: &str) -> Option<String> {
    // `\d` and `\w` are ASCII there.
    let regex = Regex::new(&pattern.replace(r"\d", "[0-9]").replace(r"\w", "[A-Za-z0-9_]")).ok()?;
    (!regex.is_match(text)).then(|| format!("does not match `{pattern}`"))
}

/// Whether text is not written in a format whose form is beyond doubt.
pub(super) fn wrong_format(text: &str, format: &str) -> Option<String> {
    let fits = match format {
        "date" => text.len() == 10 && text.parse::<Date>().is_ok(),
        "date-time" => is_date_time(text),
        "uuid" => is_uuid(text),
        "ipv4" => text.parse::<Ipv4Addr>().is_ok(),
        "ipv6" => text.parse::<Ipv6Addr>().is_ok(),
        "email" => text.split_once('@').is_some_and(|(user, host)| !user.is_empty() && !host.is_empty()),
        _ => true,
    };
    let article = if format.starts_with(['e', 'i']) { "an" } else { "a" };
    (!fits).then(|| format!("is not written like {article} `{format}`"))
}

/// RFC 3339: date, `T`, time, and an offset. Servers take it without the offset more often than not.
fn is_date_time(text: &str) -> bool {
    let is_day = text.get(..10).is_some_and(|day| day.parse::<Date>().is_ok());
    let local = text.trim_end_matches(['Z', 'z']);
    let offset = local.rfind(['+', '-']).filter(|at| *at > 10).and_then(|at| local.get(..at));
    is_day && text.len() > 10 && offset.unwrap_or(local).replace(['t', ' '], "T").parse::<DateTime>().is_ok()
}

fn is_uuid(text: &str) -> bool {
    let lengths = [8, 4, 4, 4, 12];
    let parts: Vec<&str> = text.split('-').collect();
    let is_part = |(part, length): (&&str, usize)| part.len() == length && part.chars().all(|c| c.is_ascii_hexdigit());
    parts.len() == lengths.len() && parts.iter().zip(lengths).all(is_part)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_counted_in_characters() {
        assert_eq!(wrong_length(3, (Some(2), Some(3))), None);
        assert_eq!(wrong_length(1, (Some(2), None)).unwrap(), "is shorter than 2 characters");
        assert_eq!(wrong_length(2, (None, Some(1))).unwrap(), "is longer than 1 character");
    }

    #[test]
    fn a_pattern_is_not_anchored_and_a_strange_one_allows_everything() {
        assert_eq!(wrong_pattern("ab1", r"\d"), None);
        assert_eq!(wrong_pattern("ab", r"^\d+$").unwrap(), r"does not match `^\d+$`");
        assert_eq!(wrong_pattern("ab", r"^(?=x)"), None);
        assert_eq!(wrong_pattern("a/b", r"^a\/b$"), None);
    }

    #[test]
    fn formats_are_told_by_their_form() {
        for (format, good, bad) in [
            ("date", "2026-02-28", "28.02.2026"),
            ("date", "2024-02-29", "2026-02-29"),
            ("date-time", "2026-02-28T10:00:00.5+02:00", "2026-02-28"),
            ("date-time", "2026-02-28t10:00:00Z", "yesterday"),
            ("uuid", "123e4567-e89b-12d3-a456-426614174000", "123e4567"),
            ("ipv4", "10.0.0.1", "10.0.0.256"),
            ("email", "a@b", "a.b"),
        ] {
            assert_eq!(wrong_format(good, format), None, "{good}");
            assert!(wrong_format(bad, format).is_some(), "{bad}");
        }
        assert_eq!(wrong_format("anything", "colour"), None);
    }
}
