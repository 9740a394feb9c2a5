//! The days that contracts write, in all their forms.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::fmt::rfc2822::DateTimeParser;
use jiff::tz::TimeZone;
use serde_json::Value;

/// Keys under which the object form of a sunset holds its day, without case, `-` and `_`.
const DAY_KEYS: &[&str] =
    &["date", "at", "on", "day", "sunset", "sunsetdate", "sunsetat", "removaldate", "eol", "value"];

/// Numbers from here on are milliseconds, not seconds: as seconds they lie after the year 5000.
const FIRST_MILLISECONDS: i64 = 100_000_000_000;

/// Reads the HTTP dates of RFC 9110. What matters is the day: a wrong day of the week is let pass.
static HTTP_DATE: DateTimeParser = DateTimeParser::new().relaxed_weekday(true);

/// The day of a sunset: an ISO date, or the UTC day of an RFC 3339 date and time, of an HTTP date
/// (RFC 8594) or of seconds since 1970 (`@1688169599`, RFC 9745).
#[must_use]
pub fn sunset_day(text: &str) -> Option<Date> {
    let text = text.trim();
    if text.len() == "2026-12-01".len() {
        return text.replace('/', "-").parse().ok();
    }
    if let Some(seconds) = text.strip_prefix('@') {
        return epoch_day(seconds.parse().ok()?);
    }
    let utc = |at: Timestamp| at.to_zoned(TimeZone::UTC).date();
    let local = || text.parse::<DateTime>().ok().filter(|_| text.contains(':')).map(DateTime::date);
    text.parse::<Timestamp>().map(utc).ok().or_else(local).or_else(|| HTTP_DATE.parse_timestamp(text).map(utc).ok())
}

/// The day that the value of a mark holds.
pub(super) fn day_in(value: &Value) -> Option<Date> {
    match value {
        Value::String(text) => sunset_day(text),
        Value::Number(number) => number.as_i64().and_then(numbered_day),
        Value::Object(members) => members.iter().find_map(|(key, value)| {
            let key: String = key.chars().filter(char::is_ascii_alphanumeric).collect();
            let is_day = DAY_KEYS.contains(&key.to_ascii_lowercase().as_str());
            is_day.then(|| value.as_str().and_then(sunset_day)).flatten()
        }),
        Value::Null | Value::Bool(_) | Value::Array(_) => None,
    }
}

/// `20261201` is written as a day; other numbers are times since 1970.
fn numbered_day(number: i64) -> Option<Date> {
    let (year, month, day) = (number / 10_000, number / 100 % 100, number % 100);
    if (1970..=9999).contains(&year)
        && let (Ok(year), Ok(month), Ok(day)) = (i16::try_from(year), i8::try_from(month), i8::try_from(day))
        && let Ok(day) = Date::new(year, month, day)
    {
        return Some(day);
    }
    epoch_day(number)
}

fn epoch_day(number: i64) -> Option<Date> {
    let at =
        if number >= FIRST_MILLISECONDS { Timestamp::from_millisecond(number) } else { Timestamp::from_second(number) };
    at.ok().map(|at| at.to_zoned(TimeZone::UTC).date())
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use serde_json::json;

    use super::*;

    #[test]
    fn a_sunset_is_a_date_or_the_utc_day_of_a_time() {
        assert_eq!(sunset_day("2026-12-01"), Some(date(2026, 12, 1)));
        assert_eq!(sunset_day("2026/12/01"), Some(date(2026, 12, 1)));
        assert_eq!(sunset_day("2026-12-01T23:30:00-02:00"), Some(date(2026, 12, 2)));
        assert_eq!(sunset_day("2026-12-01 23:30:00"), Some(date(2026, 12, 1)));
        assert_eq!(sunset_day("Tue, 01 Dec 2026 23:59:59 GMT"), Some(date(2026, 12, 1)));
        assert_eq!(sunset_day("Mon, 01 Dec 2026 23:59:59 GMT"), Some(date(2026, 12, 1)));
        assert_eq!(sunset_day("@1688169599"), Some(date(2023, 6, 30)));
        for wrong in ["2026-13-01", "soon", "", "@", "@x", "é026-12-01", "v2", "2026-12", "99999999-01"] {
            assert_eq!(sunset_day(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn values_of_other_types_hold_days_too() {
        assert_eq!(day_in(&json!(20_261_201)), Some(date(2026, 12, 1)));
        assert_eq!(day_in(&json!(1_688_169_599)), Some(date(2023, 6, 30)));
        assert_eq!(day_in(&json!(1_688_169_599_000_i64)), Some(date(2023, 6, 30)));
        assert_eq!(day_in(&json!({"why": "old", "removalDate": "2026-12-01"})), Some(date(2026, 12, 1)));
        for none in [json!(true), json!(null), json!([]), json!({}), json!({"date": 3}), json!(i64::MAX), json!(1.5)] {
            assert_eq!(day_in(&none), None, "{none}");
        }
    }
}
