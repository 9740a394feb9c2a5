//! Proto2, proto3 and editions mean the same things by other words.

use super::*;
use crate::model::contract::{Cardinality, Presence, ProtoField, ProtoKind};

fn proto<'r>(read: &'r Read, message: &str, name: &str) -> &'r ProtoField {
    read.field(message, name).proto.as_ref().unwrap()
}

const EDITION: &str = r#"
edition = "2023";
package e;
option features.repeated_field_encoding = EXPANDED;
message A {
  option features = { field_presence: IMPLICIT };
  int32 implicit = 1;
  int32 explicit = 2 [features.field_presence = EXPLICIT];
  string must = 3 [features.field_presence = LEGACY_REQUIRED];
  repeated int32 expanded = 4;
  repeated int32 packed = 5 [features.repeated_field_encoding = PACKED];
  B plain = 6;
  B delimited = 7 [features.message_encoding = DELIMITED];
  oneof choice { int32 one = 8; }
  map<string, B> by = 9 [features.message_encoding = DELIMITED];
}
message B {}
enum Closed { option features.enum_type = CLOSED; X = 1; }
enum Open { Y = 0; }
"#;

#[test]
fn features_of_an_edition_go_from_file_to_field() {
    let read = read(&[("e.proto", EDITION)]);
    assert_eq!(read.messages(), Vec::<&str>::new());
    let of = |name| proto(&read, "e.A", name);
    assert_eq!(of("implicit").features.presence, Presence::Implicit);
    assert_eq!(of("explicit").features.presence, Presence::Explicit);
    assert_eq!(of("must").features.presence, Presence::Required);
    assert_eq!(read.field("e.A", "must").cardinality, Cardinality::Required);
    assert_eq!((of("expanded").features.packed, of("packed").features.packed), (false, true));
    assert_eq!((of("plain").kind, of("delimited").kind), (ProtoKind::Message, ProtoKind::Group));
    assert_eq!((of("plain").features.presence, of("one").features.presence), (Presence::Explicit, Presence::Explicit));
    assert!(matches!(of("by").kind, ProtoKind::Map(_)));
    let open: Vec<bool> = read.catalog.enums.iter().map(|declared| declared.features.open_enum).collect();
    assert_eq!(open, [false, true]);
    assert_eq!(of("explicit").options[0].name, "features.field_presence");
    assert_eq!(read.contract("e").version, "edition 2023");
}

#[test]
fn the_older_languages_have_their_own_defaults() {
    let read = read(&[
        (
            "two.proto",
            "syntax = \"proto2\"; package two; message A { optional int32 a = 1 [default = -7]; repeated int32 b = 2; repeated int32 c = 3 [packed = true]; optional group G = 4 { optional int32 x = 1; } }",
        ),
        (
            "three.proto",
            "syntax = \"proto3\"; package three; message A { int32 a = 1; optional int32 b = 2; repeated int32 c = 3 [packed = false]; repeated int32 d = 4; }",
        ),
    ]);
    let presence = |message, name| proto(&read, message, name).features.presence;
    let packed = |message, name| proto(&read, message, name).features.packed;
    assert_eq!(presence("two.A", "a"), Presence::Explicit);
    assert_eq!(proto(&read, "two.A", "a").default, Some((-7).into()));
    assert_eq!((packed("two.A", "b"), packed("two.A", "c")), (false, true));
    assert_eq!(proto(&read, "two.A", "g").kind, ProtoKind::Group);
    assert!(read.message("two.A.G").proto.as_ref().unwrap().is_group);
    assert_eq!((presence("three.A", "a"), presence("three.A", "b")), (Presence::Implicit, Presence::Explicit));
    assert!(proto(&read, "three.A", "b").proto3_optional);
    assert_eq!((packed("three.A", "c"), packed("three.A", "d")), (false, true));
}
