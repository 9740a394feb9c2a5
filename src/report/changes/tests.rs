//! What the formats make of hand-made changes.

use std::collections::BTreeSet;
use std::io::{self, Write};
use std::time::Duration;

use serde_json::{Value, json};

use super::*;
use crate::model::change::{Breaks, ChangeKind, Direction, Element, Spot, What, Witness};
use crate::model::contract::{ContractId, FieldRef, MessageId, OperationId};
use crate::model::source::{Revision, Span};
use crate::report::contracts::conforms;
use crate::report::sample::{Sample, plain, spans};
use crate::report::{Hidden, Places};

/// A place in the one contract of a side.
fn site(sample: &Sample, revision: Revision, text: &str) -> Site {
    let mut files = sample.analysis.sources.iter();
    let (id, file) = files.find(|(_, it)| it.path == "api/openapi.yaml" && it.revision == revision).unwrap();
    let at = u32::try_from(file.text.find(text).unwrap()).unwrap();
    Site::Span(Span::new(id, at, at + u32::try_from(text.len()).unwrap()))
}

/// A field that is gone, a bound of which nobody knows what it means, and a new operation.
fn changes(sample: &Sample) -> Vec<Change> {
    let field = FieldRef { message: MessageId(0), index: 1 };
    let ids = Ids::field(ContractId(0), field);
    let element = |what, name: &str, base| Element { what, name: name.to_owned(), base, head: None };
    let base = |text| site(sample, Revision::Base, text);
    let head = |text| site(sample, Revision::Head, text);
    let gone = Change {
        direction: Direction { request: false, response: true },
        operations: vec![OperationId(0)],
        old: Some(Spot::at(base("birthdate"))),
        new: Some(Spot::at(head("properties"))),
        breaks: Breaks { json: true, response: true, ..Breaks::default() },
        compatibility: Compatibility::Breaking(Some(Witness { value: json!({"id": "x"}), head_takes_it: true })),
        aliases: vec!["response-property-removed".to_owned(), "FIELD_NO_DELETE".to_owned()],
        ..Change::new(ChangeKind::FieldRemoved, element(What::Field, "Profile.birthdate", Some(ids)))
    };
    let vague = Change {
        facet: "pattern",
        old: Some(Spot::with(base("id"), "a".repeat(100))),
        new: Some(Spot::with(head("id"), "b\u{1b}[31m")),
        compatibility: Compatibility::Unknown("nobody knows"),
        ..Change::new(ChangeKind::ConstraintTightened, element(What::Field, "Profile.id", Some(ids)))
    };
    let new =
        Element { base: None, head: Some(Ids::contract(ContractId(0))), ..element(What::Operation, "GET /x", None) };
    vec![gone, vague, Change { new: Some(Spot::at(head("schemas"))), ..Change::new(ChangeKind::Added, new) }]
}

fn printed(write: impl FnOnce(&Listing<'_>, &mut dyn Write) -> io::Result<()>) -> String {
    let sample = Sample::broken();
    let changes = changes(&sample);
    let notes = ["a note".to_owned()];
    let rows: Vec<Row<'_>> = changes
        .iter()
        .zip([Level::Error, Level::Warning, Level::Info])
        .map(|(change, level)| Row {
            change,
            rule: change.kind.id(),
            level,
            message: "it @changed",
            notes: &notes,
            aliases: &change.aliases,
            fingerprint: Some("CL-7f3a91c2"),
        })
        .collect();
    let places = Places::resolve(&sample.analysis.sources, changes.iter().flat_map(sites), spans);
    let hidden = [Hidden { count: 2, what: "compatible".to_owned(), show: "--all".to_owned() }];
    let listing = Listing {
        analysis: &sample.analysis,
        rows: &rows,
        places: &places,
        counts: Counts::of(&changes),
        hidden: &hidden,
        missing: &["a side".to_owned()],
        exit: 3,
        elapsed: Duration::from_millis(280),
    };
    plain(|out| write(&listing, out))
}

#[test]
fn the_document_is_as_its_schema_says() {
    let schema: Value = serde_json::from_str(include_str!("../../../schemas/diff.schema.json")).unwrap();
    let document: Value = serde_json::from_str(&printed(write_json)).unwrap();
    conforms::check(&schema, &schema, &document, "");
    let mut unused = conforms::keys(&schema);
    conforms::used(&document, &mut unused);
    assert_eq!(unused, BTreeSet::new(), "the sample fills every key that the schema knows");
}

#[test]
fn a_change_has_the_keys_that_others_rely_on() {
    let document: Value = serde_json::from_str(&printed(write_json)).unwrap();
    let expected = json!({
        "rule": "breaking/field-removed", "level": "error", "breaking": true, "breaks": ["json", "response"],
        "element": {"kind": "field", "name": "Profile.birthdate"},
        "operation": "GET /profiles/{id}", "operations": ["GET /profiles/{id}"], "field": "Profile.birthdate",
        "old": {"file": "api/openapi.yaml", "line": 5, "column": 7, "value": null},
        "new": {"file": "api/openapi.yaml", "line": 3, "column": 5, "value": null},
        "witness": {"value": {"id": "x"}, "takenBy": "head"},
        "aliases": ["response-property-removed", "FIELD_NO_DELETE"], "fingerprint": "CL-7f3a91c2",
        "message": "it @changed", "notes": ["a note"],
    });
    similar_asserts::assert_eq!(document["changes"][0], expected);
    assert_eq!(document["changes"][1]["unknown"], "nobody knows");
    assert_eq!(document["summary"], json!({"breaking": 1, "unknown": 1, "compatible": 1}));
}

#[test]
fn people_see_groups_with_both_places_and_what_is_not_shown() {
    let text = printed(|listing, out| write_text(listing, out).and_then(|()| footer(listing, out)));
    let a = "a".repeat(80);
    let expected = format!(
        "\
Breaking (1)
  error[breaking/field-removed]: it @changed
    - api/openapi.yaml:5:7
    @ api/openapi.yaml:3:5
    = affects: GET /profiles/{{id}}
    = a note
    = fingerprint: CL-7f3a91c2

Unknown (1)
  warning[breaking/constraint-tightened]: it @changed
    - api/openapi.yaml:4:7  {a}…
    + api/openapi.yaml:4:7  b\\u{{1b}}[31m
    = a note
    = fingerprint: CL-7f3a91c2

Compatible (1)
  info[compatible/added]: it @changed
    + api/openapi.yaml:1:1
    = a note
    = fingerprint: CL-7f3a91c2

2 hidden: compatible, show with --all
1 breaking change, 1 unknown, 1 compatible between 1 contract and 1 contract in 0.28 s
"
    );
    similar_asserts::assert_eq!(text, expected);
}

#[test]
fn a_line_is_one_change() {
    let text = printed(write_lines);
    assert_eq!(text.lines().next(), Some("api/openapi.yaml:3:5: error[breaking/field-removed] it @changed"));
    assert_eq!(text.lines().count(), 3);
}

#[test]
fn an_annotation_stands_on_the_new_place_and_names_the_old_one() {
    let text = printed(write_github);
    let first = "::error file=api/openapi.yaml,line=3,endLine=3,col=5,endColumn=15,title=breaking/field-removed::it \
                 @changed%0Ait was here: api/openapi.yaml:5:7%0Aaffects: GET /profiles/{id}%0Aa note";
    assert_eq!(text.lines().next(), Some(first));
}

#[test]
fn markdown_holds_no_markup_of_others() {
    let text = printed(write_markdown);
    assert!(
        text.starts_with("## API changes\n\n1 breaking change, 1 unknown, 1 compatible\n\n**incomplete**: a side\n")
    );
    let item =
        "- **error** `breaking/field-removed` it &#64;changed\n  - api/openapi.yaml:5:7 → api/openapi.yaml:3:5\n";
    assert!(text.contains(item), "{text}");
}
