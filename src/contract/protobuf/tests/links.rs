//! Imports, roots, copies.

use super::*;
use crate::model::problem::ProblemKind;

const MONEY: &str = "syntax = \"proto3\"; package acme.type; message Money { int64 units = 1; }";

fn shop(import: &str) -> String {
    format!(
        "syntax = \"proto3\"; package acme.shop;\nimport \"{import}\";\nmessage Cart {{ acme.type.Money total = 1; }}\n"
    )
}

#[test]
fn a_root_is_any_folder_below_which_the_import_exists() {
    for (file, import, money) in [
        ("proto/acme/shop/shop.proto", "acme/type/money.proto", "proto/acme/type/money.proto"),
        ("acme/shop/shop.proto", "acme/type/money.proto", "acme/type/money.proto"),
        ("svc/api/shop.proto", "money.proto", "svc/api/money.proto"),
        ("svc/api/shop.proto", "type/money.proto", "third_party/type/money.proto"),
    ] {
        let read = read(&[(file, &shop(import)), (money, MONEY)]);
        assert_eq!(read.messages(), Vec::<&str>::new(), "{file}");
        assert_eq!(read.ids(), ["acme.shop", "acme.type"]);
        assert_eq!(read.name_of(&read.field("acme.shop.Cart", "total").shape), "acme.type.Money");
        read.assert_consistent();
    }
}

#[test]
fn a_root_may_lie_above_the_repository() {
    let read = read(&[
        ("api/shop/shop.proto", &shop("github.com/acme/store/api/type/money.proto")),
        ("api/type/money.proto", MONEY),
    ]);
    assert_eq!(read.messages(), Vec::<&str>::new());
    assert_eq!(read.name_of(&read.field("acme.shop.Cart", "total").shape), "acme.type.Money");
}

#[test]
fn a_path_that_only_looks_like_the_import_is_not_meant() {
    let read = read(&[("a/shop.proto", &shop("acme/type/money.proto")), ("b/type/money.proto", MONEY)]);
    assert_eq!(read.field("acme.shop.Cart", "total").shape, Shape::Unresolved("acme.type.Money".into()));
}

#[test]
fn the_closest_file_is_meant() {
    let other = MONEY.replace("units", "cents");
    let read = read(&[
        ("a/shop.proto", &shop("money.proto")),
        ("a/money.proto", MONEY),
        ("b/shop.proto", &shop("money.proto").replace("Cart", "Basket")),
        ("b/money.proto", &other),
    ]);
    for (message, field) in [("acme.shop.Cart", "units"), ("acme.shop.Basket", "cents")] {
        let Shape::Message(money) = read.field(message, "total").shape else { panic!() };
        assert_eq!(read.catalog.message(money).fields[0].name, field);
    }
    assert_eq!(read.ids(), ["acme.shop", "acme.type@a", "acme.type@b"]);
}

#[test]
fn a_missing_import_costs_only_the_types_it_declares() {
    let text = r#"
syntax = "proto3";
package p;
import "gogoproto/gogo.proto";
import "acme/type/money.proto";
service S {
  rpc Get(A) returns (acme.type.Money);
}
message A {
  string id = 1 [(gogoproto.nullable) = false, deprecated = true];
  acme.type.Money price = 2;
  repeated acme.type.Money prices = 3;
  map<string, acme.type.Money> by = 4;
}
"#;
    let read = read(&[("a.proto", text)]);
    assert_eq!(read.field("p.A", "id").shape.to_string(), "string");
    assert!(read.field("p.A", "id").marks.deprecated.is_some());
    assert_eq!(read.field("p.A", "price").shape.to_string(), "acme.type.Money (not found)");
    assert_eq!(read.field("p.A", "prices").shape.to_string(), "list of acme.type.Money (not found)");
    assert_eq!(read.field("p.A", "by").shape.to_string(), "map of acme.type.Money (not found)");
    let get = read.operation("p.S/Get");
    assert_eq!(read.name_of(&get.request[0].shape), "p.A");
    assert_eq!(get.responses[0].bodies[0].shape, Shape::Unresolved("acme.type.Money".into()));
    assert_eq!(
        read.reports(),
        [
            "a.proto:4:1 the import `gogoproto/gogo.proto` is not here",
            "a.proto:5:1 the import `acme/type/money.proto` is not here, so nothing is known of what `acme.type.Money` holds",
        ]
    );
    let kinds: Vec<ProblemKind> = read.problems.iter().map(|problem| problem.kind).collect();
    assert_eq!(kinds, [ProblemKind::Note, ProblemKind::ContractUnreadable]);
    let option = &read.field("p.A", "id").proto.as_ref().unwrap().options[0];
    assert_eq!((option.name.as_str(), &option.value, option.known), ("(gogoproto.nullable)", &false.into(), false));
}

#[test]
fn well_known_files_need_not_be_there() {
    let text = r#"
syntax = "proto3";
package p;
import "google/api/annotations.proto";
import "google/api/field_behavior.proto";
import "google/type/money.proto";
service S {
  rpc Get(A) returns (A) { option (google.api.http) = { get: "/v1/{id}" }; }
}
message A {
  string id = 1 [(google.api.field_behavior) = REQUIRED, (google.api.field_behavior) = IMMUTABLE];
  google.type.Money price = 2;
}
"#;
    let read = read(&[("a.proto", text)]);
    assert_eq!(read.messages(), Vec::<&str>::new());
    assert_eq!(read.field("p.A", "price").shape.to_string(), "google.type.Money");
    let option = &read.field("p.A", "id").proto.as_ref().unwrap().options[0];
    assert_eq!((option.name.as_str(), option.known), ("(google.api.field_behavior)", true));
    assert_eq!(option.value, serde_json::json!(["REQUIRED", "IMMUTABLE"]));
}

#[test]
fn a_type_that_is_not_imported_is_not_there() {
    let read = read(&[
        ("p/a.proto", "syntax = \"proto3\"; package p; message A { B b = 1; string s = 2; }"),
        ("p/b.proto", "syntax = \"proto3\"; package p; message B {}"),
    ]);
    assert_eq!(read.field("p.A", "b").shape, Shape::Unresolved("B".into()));
    assert_eq!(read.field("p.A", "s").shape.to_string(), "string");
    assert_eq!(read.ids(), ["p"]);
}

#[test]
fn public_imports_are_seen_through() {
    let read = read(&[
        ("a.proto", "syntax = \"proto3\"; package p; import \"b.proto\"; message A { C c = 1; }"),
        ("b.proto", "syntax = \"proto3\"; package p; import \"missing.proto\"; import public \"c.proto\";"),
        ("c.proto", "syntax = \"proto3\"; package p; message C {}"),
    ]);
    assert_eq!(read.name_of(&read.field("p.A", "c").shape), "p.C");
}

#[test]
fn identical_copies_are_folded() {
    let copy = MONEY.replace("; ", ";\r\n  // a copy\r\n");
    let read = read(&[
        ("src/api/money.proto", &copy),
        ("api/money.proto", MONEY),
        ("api/shop.proto", &shop("money.proto")),
        ("src/api/shop.proto", &shop("money.proto")),
    ]);
    assert_eq!(read.ids(), ["acme.shop", "acme.type"]);
    let contract = read.contract("acme.type");
    let paths = |files: &[crate::model::source::FileId]| -> Vec<String> {
        files.iter().map(|file| read.sources.get(*file).path.clone()).collect()
    };
    assert_eq!(paths(&contract.files), ["api/money.proto"]);
    assert_eq!(paths(&contract.copies), ["src/api/money.proto"]);
    assert_eq!(paths(&read.contract("acme.shop").copies), ["src/api/shop.proto"]);
    assert_eq!(read.problems.len(), 2);
    assert!(read.problems.iter().all(|problem| problem.kind == ProblemKind::Note));
    assert_eq!(read.catalog.messages.len(), 2);
}

#[test]
fn copies_that_import_different_things_are_not_copies() {
    let other = MONEY.replace("units", "cents");
    let read = read(&[
        ("a/money.proto", MONEY),
        ("a/shop.proto", &shop("money.proto")),
        ("b/money.proto", &other),
        ("b/shop.proto", &shop("money.proto")),
    ]);
    assert_eq!(read.ids(), ["acme.shop@a", "acme.shop@b", "acme.type@a", "acme.type@b"]);
    assert_eq!(read.messages(), Vec::<&str>::new());
}

#[test]
fn drifted_copies_live_side_by_side() {
    let files: Vec<(String, String)> =
        (0..20).map(|n| (format!("s{n:02}/demo.proto"), shop("money.proto") + &format!("message M{n} {{}}"))).collect();
    let mut all: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    all.push(("lib/money.proto", MONEY));
    let read = read(&all);
    assert_eq!(read.messages(), Vec::<&str>::new());
    assert_eq!(read.ids().len(), 21);
    assert_eq!(read.ids()[0], "acme.shop@s00");
    for message in read.catalog.messages.iter().filter(|message| message.name == "acme.shop.Cart") {
        assert_eq!(read.name_of(&message.fields[0].shape), "acme.type.Money");
    }
    read.assert_consistent();
}

#[test]
fn copies_of_the_bundled_files_are_no_contract() {
    let timestamp = "syntax = \"proto3\"; package google.protobuf; message Timestamp { int64 seconds = 1; }";
    let read = read(&[
        ("third_party/google/protobuf/timestamp.proto", timestamp),
        (
            "a.proto",
            "syntax = \"proto3\"; package p; import \"google/protobuf/timestamp.proto\"; message A { google.protobuf.Timestamp at = 1; }",
        ),
    ]);
    assert_eq!(read.ids(), ["p"]);
    assert_eq!(read.field("p.A", "at").shape.to_string(), "google.protobuf.Timestamp");
}

#[test]
fn only_the_revision_that_is_asked_for_is_read() {
    let mut sources = Sources::default();
    sources.push(SourceFile::new("a.proto", Revision::Base, FileKind::Proto, MONEY));
    let marks = MarkTable::default();
    let (catalog, _) = load(&sources, Revision::Head, &Workspace::default(), &marks);
    assert!(catalog.contracts.is_empty());
    let (catalog, _) = load(&sources, Revision::Base, &Workspace::default(), &marks);
    assert_eq!(catalog.contracts.len(), 1);
}
