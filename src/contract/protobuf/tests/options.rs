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
    let told = |name| format!("the option `{name}` is declared nowhere, so its value is read as it is written");
    assert_eq!(read.messages(), [told("(buf.x)"), told("(other)"), told("nonsense")]);
}

#[test]
fn an_option_that_a_missing_import_may_declare_is_not_told_twice() {
    let read = read(&[(
        "m.proto",
        "syntax = \"proto3\"; import \"gone.proto\"; message M { string a = 1 [(x.y) = 1]; string b = 2 [(x.y) = 2]; }",
    )]);
    assert_eq!(read.messages(), ["the import `gone.proto` is not here"]);
}

#[test]
fn rules_of_protovalidate_are_known_without_its_files() {
    let read = read(&[(
        "a/a.proto",
        r#"
syntax = "proto3";
package a;
import "buf/validate/validate.proto";
message M {
  option (buf.validate.message).cel = { id: "m.1" expression: "this.a != this.b" };
  string a = 1 [(buf.validate.field).string = { min_len: 1 max_len: 64 in: "x" in: "y" }, (buf.validate.field).required = true];
  string b = 2 [(buf.validate.field).string.email = true, (buf.validate.field).ignore = IGNORE_ALWAYS];
  repeated double c = 3 [(buf.validate.field).repeated = { max_items: 9 items { double { gte: 0 lt: 1 } } }];
  map<string, int32> d = 4 [(buf.validate.field).map.max_pairs = 5];
}
"#,
    )]);
    assert_eq!(read.messages(), Vec::<&str>::new());
    let field = |name| {
        let options = &read.field("a.M", name).proto.as_ref().unwrap().options;
        assert!(options.len() == 1 && options[0].known && options[0].name == "(buf.validate.field)", "{options:?}");
        options[0].value.clone()
    };
    assert_eq!(field("a"), json!({"string": {"min_len": 1, "max_len": 64, "in": ["x", "y"]}, "required": true}));
    assert_eq!(field("b"), json!({"string": {"email": true}, "ignore": "IGNORE_ALWAYS"}));
    assert_eq!(field("c"), json!({"repeated": {"max_items": 9, "items": {"double": {"gte": 0.0, "lt": 1.0}}}}));
    assert_eq!(field("d"), json!({"map": {"max_pairs": 5}}));
    let message = &read.message("a.M").proto.as_ref().unwrap().options[0];
    assert_eq!(message.value, json!({"cel": [{"id": "m.1", "expression": "this.a != this.b"}]}));
    assert_eq!(read.ids(), ["a"]);
}

#[test]
fn rules_of_the_older_validator_are_known_without_its_files() {
    let read = read(&[(
        "a/a.proto",
        r#"
syntax = "proto3";
package a;
import "validate/validate.proto";
message M {
  string a = 1 [(validate.rules).string = { pattern: "^a+$" len: 3 }];
  oneof pick { option (validate.required) = true; uint64 b = 2 [(validate.rules).uint64.gt = 18446744073709551614]; }
}
"#,
    )]);
    assert_eq!(read.messages(), Vec::<&str>::new());
    let value = |name| read.field("a.M", name).proto.as_ref().unwrap().options[0].value.clone();
    assert_eq!(value("a"), json!({"string": {"pattern": "^a+$", "len": 3}}));
    assert_eq!(value("b"), json!({"uint64": {"gt": 18_446_744_073_709_551_614_u64}}));
    assert_eq!(read.message("a.M").proto.as_ref().unwrap().oneofs[0].options[0].name, "(validate.required)");
}
