//! Which values mean what.

use jiff::civil::date;
use serde_json::json;

use super::*;
use crate::model::settings::{DataClass, MarkPatterns};
use crate::model::source::{FileId, Site, Span};

/// A table for classes with their marks.
fn table(classes: &[(&str, &[&str])]) -> MarkTable {
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
    assert_eq!(table.sensitive("x-privacy", &json!({"purpose": "ads"})), ["pii"]);
    assert_eq!(table.sensitive("format", &json!("password")), ["sensitive"]);
    assert_eq!(table.sensitive("debug_redact", &json!(true)), ["sensitive"]);
    assert_eq!(table.sensitive("format", &json!("date")), Vec::<String>::new());
    assert_eq!(table.sensitive("x-unknown", &json!(true)), Vec::<String>::new());
}

#[test]
fn a_value_that_says_no_is_no_mark() {
    let table = table(&[("pii", &["x-sensitive", "x-data-classification", "acme.level"])]);
    for value in [json!(false), json!(null), json!("false"), json!("none"), json!(""), json!({"sensitive": false})] {
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
    let table = table(&[("staff", &["x-data-classification=internal", "format=iban"]), ("pii", &["(acme.opts).pii"])]);
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

fn mark() -> Mark {
    Mark { text: "as written".to_owned(), site: site(0..0) }
}

fn site(range: std::ops::Range<usize>) -> Site {
    let bound = |at| u32::try_from(at).unwrap();
    Site::Span(Span::new(FileId(0), bound(range.start), bound(range.end)))
}

fn applied(table: &MarkTable, key: &str, value: &Value) -> Marks {
    let mut marks = Marks::default();
    let _ = table.apply(key, value, mark, &mut marks);
    marks
}

fn classes(marks: &Marks) -> Vec<&str> {
    marks.sensitive.iter().map(|sensitive| sensitive.class.as_str()).collect()
}

#[test]
fn extensions_in_real_use_are_known() {
    let table = table(&[]);
    for (key, value) in [
        ("deprecated", json!(true)),
        ("x-deprecated", json!({"reason": "old"})),
        ("x-deprecated-at", json!("2025-01-01")),
        ("x-deprecatedInVersion", json!("68")),
        ("x-stability-level", json!("Deprecated")),
    ] {
        assert!(applied(&table, key, &value).deprecated.is_some(), "{key}");
    }
    for (key, value) in [
        ("x-sunset", json!("2026-12-01")),
        ("x-sunsetDate", json!("2026-12-01T00:00:00Z")),
        ("x-eol", json!({"date": "2026-12-01"})),
        ("x-ms-deprecation", json!({"removalDate": "2026-12-01", "description": "gone"})),
        ("x-github", json!({"category": "git", "removalDate": "2026-12-01"})),
    ] {
        assert_eq!(applied(&table, key, &value).sunset.clone().unwrap().0, date(2026, 12, 1), "{key}");
    }
    for (key, value) in [("x-public", json!(true)), ("x-visibility", json!("PUBLIC")), ("x-internal", json!(false))] {
        assert!(applied(&table, key, &value).public.is_some(), "{key}");
    }
    for (key, value) in [("idempotency_level", json!("NO_SIDE_EFFECTS")), ("x-idempotent", json!(true))] {
        assert!(applied(&table, key, &value).idempotent.is_some(), "{key}");
    }
}

#[test]
fn what_is_no_mark_marks_nothing() {
    let table = table(&[]);
    for (key, value) in [
        ("deprecated", json!(false)),
        ("x-deprecated", json!("false")),
        ("x-deprecated", json!({"deprecated": false})),
        ("x-eol", json!(true)),
        ("x-visibility", json!("internal")),
        ("idempotency_level", json!("IDEMPOTENCY_UNKNOWN")),
        ("description", json!("x-pii")),
        ("properties", json!({"sensitive": {"type": "string"}, "removalDate": {"type": "string"}})),
        ("x-github", json!({"category": "git"})),
        ("", json!(true)),
        ("é", json!(true)),
    ] {
        assert!(applied(&table, key, &value).is_empty(), "{key}: {value}");
    }
}

#[test]
fn a_sunset_that_is_no_day_is_told() {
    let no_day = table(&[]).apply("x-sunset", &json!("soon"), mark, &mut Marks::default()).unwrap_err();
    assert_eq!(no_day.to_string(), "`as written` is no date such as 2026-12-01");
}

#[test]
fn options_are_known_by_their_last_name_at_any_depth() {
    let table = table(&[("secret", &["acme.policy.rules.secret"])]);
    assert_eq!(classes(&applied(&table, "(acme.v1.pii)", &json!(true))), ["pii"]);
    assert_eq!(classes(&applied(&table, "acme.opts", &json!({"a": [{"sensitive": true}]}))), ["sensitive"]);
    assert_eq!(classes(&applied(&table, "acme.policy", &json!({"rules": [{"secret": true}]}))), ["secret"]);
    assert!(applied(&table, "acme.case_sensitive", &json!(true)).is_empty());
    let mut deep = json!({"pii": true});
    (0..1_000).for_each(|_| deep = json!({ "a": deep.take() }));
    assert!(applied(&table, "acme.opts", &deep).is_empty());
}

#[test]
fn configured_patterns_add_to_the_shipped_ones() {
    let mut settings = crate::contract::tests::settings(BTreeMap::new());
    settings.marks.extend(MarkPatterns {
        deprecated: vec!["x-acme-state=retired".to_owned(), "Profile.nick".to_owned(), "@old".to_owned()],
        ..MarkPatterns::default()
    });
    let table = MarkTable::new(&settings);
    assert!(applied(&table, "x-acme-state", &json!("RETIRED")).deprecated.is_some());
    assert!(applied(&table, "x-acme-state", &json!("live")).is_empty());
    assert!(applied(&table, "deprecated", &json!(true)).deprecated.is_some());
    let mut marks = Marks::default();
    table.select("acme.Profile", "nick", mark, &mut marks);
    assert!(marks.deprecated.is_some());
    assert!(table.may_hold_tags("// @old"));
}

#[test]
fn headers_name_the_caller_or_make_calls_idempotent() {
    let mut marks = Marks::default();
    let table = table(&[]);
    table.header("idempotency-key", mark, &mut marks);
    table.header("X-Client-ID", mark, &mut marks);
    assert!(marks.idempotent.is_some() && marks.identity.is_some());
    let mut none = Marks::default();
    table.header("x-page", mark, &mut none);
    assert!(none.is_empty());
}

#[test]
fn what_stands_in_a_deprecated_thing_is_deprecated_but_not_sensitive() {
    let table = table(&[]);
    let mut outer = applied(&table, "deprecated", &json!(true));
    merge(&mut outer, applied(&table, "x-pii", &json!(true)));
    let mut inner = Marks::default();
    inherit(&mut inner, &outer);
    assert!(inner.deprecated.is_some() && inner.sensitive.is_empty());
    let mut untouched = Marks::default();
    inherit(&mut untouched, &Marks::default());
    assert_eq!(untouched, Marks::default());
}

/// The marks of a comment, and the text that each stands at.
fn commented(text: &str) -> (Marks, bool) {
    let table = table(&[("Financial", &[])]);
    let mut marks = Marks::default();
    let _ = table.comment(text, site, &mut marks);
    (marks, table.may_hold_tags(text))
}

fn cut<'t>(text: &'t str, mark: &Mark) -> &'t str {
    let Site::Span(span) = &mark.site else { panic!("a span") };
    &text[span.start as usize..span.end as usize]
}

#[test]
fn tags_of_comments_are_marks_at_their_place() {
    let text = "// é The day of birth. @pii\n// @sensitive(financial) @deprecated\n// @sunset 2026-12-01.";
    let (marks, may) = commented(text);
    assert!(may);
    assert_eq!(classes(&marks), ["pii", "Financial"]);
    assert_eq!(cut(text, &marks.sensitive[0].mark), "@pii");
    assert_eq!(cut(text, &marks.sensitive[1].mark), "@sensitive(financial)");
    assert_eq!(cut(text, marks.deprecated.as_ref().unwrap()), "@deprecated");
    let (day, mark) = marks.sunset.clone().unwrap();
    assert_eq!((day, cut(text, &mark)), (date(2026, 12, 1), "@sunset 2026-12-01"));
    assert_eq!(classes(&commented("//@sensitive(Health)").0), ["health"]);
}

#[test]
fn a_line_that_begins_with_deprecated_deprecates() {
    for text in ["// Deprecated: use Get.\n", "/* One.\n * DEPRECATED: x */", "  deprecated: é"] {
        let (marks, may) = commented(text);
        assert!(may && marks.deprecated.is_some(), "{text}");
    }
    let text = "/* One.\n * Deprecated: use `a`. */";
    assert_eq!(cut(text, commented(text).0.deprecated.as_ref().unwrap()), "Deprecated: use `a`.");
}

#[test]
fn prose_and_addresses_are_no_tags() {
    for text in [
        "mail me@pii.com or a@sensitive",
        "write `@deprecated` above it",
        "@deprecated.org",
        "@sensitive(false)",
        "not deprecated: never",
        "@deprecatedness",
        "@",
        "x:",
        "@sensitive-ish",
        "@sunset(",
    ] {
        assert!(commented(text).0.is_empty(), "{text}");
    }
    let mut marks = Marks::default();
    table(&[]).description("Deprecated: the value `a`", site, &mut marks).unwrap();
    assert!(marks.is_empty());
}
