//! Options by their full name, with values of their declared type.

use serde_json::json;

use super::*;

const DEFINITIONS: &str = r#"
syntax = "proto2";
package acme.o;
import "google/protobuf/descriptor.proto";
enum Level { LOW = 0; HIGH = 7 [debug_redact = true]; }
message Inner { optional int32 n = 1; repeated string words = 2; extensions 100 to 200; }
message Rule {
  optional Level level = 1;
  optional Inner inner = 2;
  map<string, int32> counts = 3;
  optional bytes raw = 4;
  optional float ratio = 5;
  repeated Inner many = 6;
  optional uint64 big = 7;
}
extend Inner { optional bool extra = 100; }
extend google.protobuf.FieldOptions {
  optional Rule rule = 50001;
  repeated Level levels = 50002;
  optional string note = 50003 [debug_redact = true];
}
extend google.protobuf.MessageOptions { optional Rule of_message = 50001; }
"#;

fn fields(text: &str) -> Read {
    let text = format!("syntax = \"proto3\"; package acme.user; import \"o.proto\"; message M {{ {text} }}");
    read(&[("o.proto", DEFINITIONS), ("m.proto", &text)])
}

#[test]
fn statements_about_one_option_are_one_value() {
    let read = fields(
        "string a = 1 [(o.rule).inner.n = 0x10, (acme.o.rule).level = HIGH, (.acme.o.rule).inner.words = \"x\", (o.rule).inner.words = \"y\", (o.rule).inner.(o.extra) = true];",
    );
    assert_eq!(read.messages(), Vec::<&str>::new());
    let options = &read.field("acme.user.M", "a").proto.as_ref().unwrap().options;
    assert_eq!(options.len(), 1, "{options:?}");
    assert_eq!(options[0].name, "(acme.o.rule)");
    let value = json!({"inner": {"n": 16, "words": ["x", "y"], "[acme.o.extra]": true}, "level": "HIGH"});
    assert_eq!(options[0].value, value);
    assert!(options[0].known && options[0].redacts);
    assert_eq!(read.text(&options[0].site), "(o.rule).inner.n = 0x10");
}

#[test]
fn values_are_of_their_declared_type() {
    let read = fields(
        "string a = 1 [(o.rule) = { level: 7 ratio: 1 raw: \"\\xff\\x00\" big: 18446744073709551615 counts { key: \"k\" value: 2 } many { n: 1 } many { n: -2 } inner { [acme.o.extra]: true } }, (o.levels) = LOW, (o.levels) = HIGH];",
    );
    let options = &read.field("acme.user.M", "a").proto.as_ref().unwrap().options;
    let value = json!({
        "level": "HIGH", "ratio": 1.0, "raw": "/wA=", "big": 18_446_744_073_709_551_615_u64, "counts": {"k": 2},
        "many": [{"n": 1}, {"n": -2}], "inner": {"[acme.o.extra]": true},
    });
    assert_eq!(options[0].value, value);
    assert_eq!((&options[1].value, options[1].redacts), (&json!(["LOW", "HIGH"]), true));
}

#[test]
fn an_option_that_redacts_itself_redacts() {
    let read = fields("string a = 1 [(o.note) = \"x\"]; string b = 2 [(o.levels) = LOW];");
    let redacts = |name| read.field("acme.user.M", name).proto.as_ref().unwrap().options[0].redacts;
    assert!(redacts("a"));
    assert!(!redacts("b"));
}

#[test]
fn what_is_not_declared_is_kept_as_text() {
    let read = fields(
        "string a = 1 [(buf.x).string = { len: 3 pattern: \"a\" in: \"x\" in: \"y\" }, (other) = WORD, nonsense = 1.5];",
    );
    let options = &read.field("acme.user.M", "a").proto.as_ref().unwrap().options;
    let seen: Vec<_> =
        options.iter().map(|option| (option.name.as_str(), option.value.clone(), option.known)).collect();
    assert_eq!(
        seen,
        [
            ("(buf.x).string", json!({"len": 3, "pattern": "a", "in": ["x", "y"]}), false),
            ("(other)", json!("WORD"), false),
            ("nonsense", json!(1.5), false),
        ]
    );
    assert_eq!(read.messages(), Vec::<&str>::new());
}
