//! Messages, fields, operations, and where they stand.

use super::*;
use crate::model::contract::{Cardinality, ContractKind, Protocol};

const PROFILE: &str = r#"
syntax = "proto3";
package acme.v1;
import "google/protobuf/timestamp.proto";
import "google/protobuf/struct.proto";
import "google/protobuf/empty.proto";
option go_package = "acme/v1;acmev1";
option java_package = "com.acme";

service Profiles {
  rpc Get(GetRequest) returns (Profile);
  rpc Watch(stream GetRequest) returns (stream .acme.v1.Profile);
  rpc Ping(google.protobuf.Empty) returns (google.protobuf.Empty);
}
message GetRequest { string id = 1; }
message Profile {
  message Address { string zip_code = 1; Profile owner = 2; }
  enum Level { LEVEL_UNSPECIFIED = 0; GOLD = 2; }
  string user_id = 1;
  repeated Address addresses = 2;
  map<string, Address> by_name = 3;
  map<int32, Level> levels = 4;
  optional int64 age = 5;
  oneof contact { string mail = 6; Address home = 7; }
  google.protobuf.Timestamp created = 8;
  google.protobuf.Struct extra = 9;
  string renamed = 10 [json_name = "other"];
  Level level = 11;
  repeated fixed32 nums = 12;
}
"#;

#[test]
fn operations_are_rpcs() {
    let read = read(&[("proto/acme/v1/profile.proto", PROFILE)]);
    assert_eq!(read.messages(), Vec::<&str>::new());
    let contract = read.contract("acme.v1");
    assert_eq!((contract.kind, contract.title.as_str()), (ContractKind::Protobuf, "acme.v1"));
    let options = [("go_package", "acme/v1;acmev1"), ("java_package", "com.acme")];
    assert_eq!(contract.options, options.map(|(name, value)| (name.to_owned(), value.to_owned())));
    assert_eq!(read.text(&contract.site), "acme.v1");
    let get = read.operation("acme.v1.Profiles/Get");
    assert_eq!(read.text(&get.site), "Get");
    assert_eq!(read.name_of(&get.request[0].shape), "acme.v1.GetRequest");
    assert_eq!(read.text(&get.request[0].site), "GetRequest");
    assert_eq!((get.request[0].media_type.as_str(), get.responses[0].status.as_str()), ("", ""));
    let watch = read.operation("acme.v1.Profiles/Watch");
    assert_eq!(read.name_of(&watch.responses[0].bodies[0].shape), "acme.v1.Profile");
    assert_eq!(read.text(&watch.responses[0].bodies[0].site), ".acme.v1.Profile");
    let rpc = Protocol::Rpc {
        service: "acme.v1.Profiles".to_owned(),
        method: "Watch".to_owned(),
        client_streaming: true,
        server_streaming: true,
    };
    assert_eq!(watch.protocol, rpc);
    assert_eq!(read.operation("acme.v1.Profiles/Ping").request[0].shape.to_string(), "google.protobuf.Empty");
    read.assert_consistent();
}

#[test]
fn fields_have_shape_number_and_cardinality() {
    let read = read(&[("p.proto", PROFILE)]);
    let field = |name| read.field("acme.v1.Profile", name);
    let Shape::List(item) = &field("addresses").shape else { panic!() };
    assert_eq!(read.name_of(item), "acme.v1.Profile.Address");
    assert_eq!(field("addresses").cardinality, Cardinality::Repeated);
    let Shape::Map(value) = &field("by_name").shape else { panic!() };
    assert_eq!(read.name_of(value), "acme.v1.Profile.Address");
    assert_eq!(field("levels").shape.to_string(), "map of enum acme.v1.Profile.Level");
    assert_eq!(field("nums").shape.to_string(), "list of fixed32");
    assert_eq!((field("age").shape.to_string(), field("age").number), ("int64".to_owned(), Some(5)));
    assert_eq!(field("age").cardinality, Cardinality::Optional);
    let Shape::Enum { name, values } = &field("level").shape else { panic!() };
    assert_eq!(
        (&**name, &**values),
        ("acme.v1.Profile.Level", &["LEVEL_UNSPECIFIED".to_owned(), "GOLD".to_owned()][..])
    );
    assert!(!read.catalog.messages.iter().any(|message| message.name.ends_with("Entry")));
}

#[test]
fn types_of_protobuf_itself_are_scalars_or_anything() {
    let read = read(&[("p.proto", PROFILE)]);
    assert_eq!(read.field("acme.v1.Profile", "created").shape.to_string(), "google.protobuf.Timestamp");
    assert_eq!(read.field("acme.v1.Profile", "extra").shape, Shape::Any);
}

#[test]
fn a_synthetic_oneof_is_none() {
    let read = read(&[("p.proto", PROFILE)]);
    assert_eq!(read.field("acme.v1.Profile", "age").oneof, None);
    assert_eq!(read.field("acme.v1.Profile", "mail").oneof.as_deref(), Some("contact"));
    assert_eq!(read.field("acme.v1.Profile", "home").oneof.as_deref(), Some("contact"));
}

#[test]
fn json_names_are_kept_where_they_differ() {
    let read = read(&[("p.proto", PROFILE)]);
    assert_eq!(read.field("acme.v1.Profile", "user_id").json_name.as_deref(), Some("userId"));
    assert_eq!(read.field("acme.v1.Profile", "renamed").json_name.as_deref(), Some("other"));
    assert_eq!(read.field("acme.v1.Profile", "mail").json_name, None);
}

#[test]
fn every_place_is_the_name_whatever_stands_before_it() {
    let text = "// über ☃\r\nsyntax = \"proto3\"; /* é */ package p;\r\n\r\n/* 東京 */\tmessage /* ☃☃ */ A { /* é */ string\u{20}/*ü*/ na_me = 1; }\r\nservice S { rpc /* ☃ */ Do(A) returns (A); }";
    let read = read(&[("a.proto", text)]);
    assert_eq!(read.messages(), Vec::<&str>::new());
    assert_eq!(read.text(&read.message("p.A").site), "A");
    assert_eq!(read.text(&read.field("p.A", "na_me").site), "na_me");
    assert_eq!(read.text(&read.operation("p.S/Do").site), "Do");
    assert_eq!(read.text(&read.contract("p").site), "p");
}

#[test]
fn all_names_of_nested_messages_are_located() {
    let read = read(&[("p.proto", PROFILE)]);
    for message in &read.catalog.messages {
        assert_eq!(Some(read.text(&message.site)), message.name.rsplit('.').next());
        for field in &message.fields {
            assert_eq!(read.text(&field.site), field.name);
        }
    }
}

#[test]
fn proto2_has_required_fields_groups_and_extensions() {
    let text = r#"
        syntax = "proto2";
        package old;
        message A {
          required string id = 1;
          optional int32 n = 2 [default = 7];
          repeated group Item = 3 { optional string sku = 1; }
          extensions 100 to 200;
          enum E { ONE = 1; }
          optional E e = 4 [default = ONE];
        }
        extend A { optional string extra = 100; }
    "#;
    let read = read(&[("a.proto", text)]);
    assert_eq!(read.messages(), Vec::<&str>::new());
    assert_eq!(read.field("old.A", "id").cardinality, Cardinality::Required);
    assert_eq!(read.field("old.A", "n").cardinality, Cardinality::Optional);
    let Shape::List(item) = &read.field("old.A", "item").shape else { panic!() };
    assert_eq!(read.name_of(item), "old.A.Item");
    assert_eq!(read.text(&read.field("old.A.Item", "sku").site), "sku");
    assert_eq!(read.field("old.A", "e").shape.to_string(), "enum old.A.E");
    assert_eq!(read.message("old.A").fields.len(), 4);
}

#[test]
fn a_file_without_package_is_a_contract_of_its_own() {
    let read = read(&[
        ("x/a.proto", "syntax = \"proto3\"; message A {} service S { rpc Do(A) returns (A); }"),
        ("y/b.proto", "syntax = \"proto3\"; message A { string b = 1; }"),
    ]);
    assert_eq!(read.ids(), ["x/a.proto", "y/b.proto"]);
    assert_eq!(read.operation("S/Do").key, "S/Do");
}
