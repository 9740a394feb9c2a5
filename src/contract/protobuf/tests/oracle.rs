//! What protox and prost-reflect read, we read too.

use prost_reflect::prost_types::field_descriptor_proto::Label;
use prost_reflect::{Cardinality as Often, FieldDescriptor, Kind};

use super::*;
use crate::model::contract::{Cardinality, ProtoKind};

const FILES: &[(&str, &str)] = &[
    (
        "base/types.proto",
        r#"
syntax = "proto2";
package base.v1;
message Outer {
  message Inner { optional Outer.Inner inner = 1; extensions 100 to max; }
  required string id = 1;
  optional Inner _odd__name_ = 2;
  repeated group Row = 3 { optional Outer parent = 1; repeated sint64 packed = 2 [packed = true]; }
  enum Kind { A = 0; B = -1; C = 0x10; }
  optional Kind kind = 4 [default = B];
  oneof pick { fixed32 x1y = 5; Row row_2 = 6; }
  extend Inner { optional Kind extra = 101; }
}
extend Outer.Inner { repeated base.v1.Outer.Kind more = 102; }
"#,
    ),
    (
        "shop/cart.proto",
        r#"
syntax = "proto3";
package shop.v1;
import public "base/types.proto";
message base { message v1 {} }
message Cart {
  .base.v1.Outer outer = 1;
  optional uint64 count = 2;
  map<string, .base.v1.Outer.Inner> by_name = 3;
  repeated double prices = 4;
  Nested.Deep deep = 5;
  message Nested { message Deep { Cart cart = 1; Nested up = 2; } }
  string oneofName = 6 [json_name = "custom"];
  .base.v1.Outer.Kind kind_of = 7;
}
service Shop { rpc Buy(stream Cart) returns (Cart.Nested.Deep); }
"#,
    ),
];

fn type_name(field: &FieldDescriptor) -> String {
    match field.kind() {
        Kind::Message(message) if field.is_map() => match message.map_entry_value_field().kind() {
            Kind::Message(value) => value.full_name().to_owned(),
            Kind::Enum(value) => value.full_name().to_owned(),
            other => format!("{other:?}"),
        },
        Kind::Message(message) => message.full_name().to_owned(),
        Kind::Enum(declared) => declared.full_name().to_owned(),
        other => format!("{other:?}").to_lowercase(),
    }
}

#[test]
fn every_field_is_as_the_compiler_reads_it() {
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in FILES {
        let path = folder.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    let mut compiler = protox::Compiler::new([folder.path()]).unwrap();
    compiler.open_files(FILES.iter().map(|(path, _)| path)).unwrap();
    let pool = compiler.descriptor_pool();
    let read = read(FILES);
    assert_eq!(read.messages(), Vec::<&str>::new());
    let mut compared = 0;
    for message in pool.all_messages().filter(|message| !message.is_map_entry()) {
        if message.full_name().starts_with("google.") {
            continue;
        }
        for theirs in message.fields() {
            let ours = read.field(message.full_name(), theirs.name());
            let proto = ours.proto.as_ref().unwrap();
            let name = format!("{}.{}", message.full_name(), theirs.name());
            assert_eq!(ours.number, Some(theirs.number()), "{name}");
            assert_eq!(ours.json_name.as_deref().unwrap_or(&ours.name), theirs.json_name(), "{name}");
            assert_eq!(&*proto.type_name, type_name(&theirs), "{name}");
            assert_eq!(proto.kind == ProtoKind::Group, theirs.is_group(), "{name}");
            let often = match theirs.cardinality() {
                Often::Required => Cardinality::Required,
                Often::Repeated if !theirs.is_map() => Cardinality::Repeated,
                _ => Cardinality::Optional,
            };
            assert_eq!(ours.cardinality, often, "{name}");
            let presence = proto.features.presence != crate::model::contract::Presence::Implicit;
            assert_eq!(presence, theirs.supports_presence(), "{name}");
            assert_eq!(theirs.field_descriptor_proto().label() == Label::Repeated, theirs.is_list() || theirs.is_map());
            compared += 1;
        }
    }
    assert_eq!(compared, 18);
}
