//! Deprecated and sensitive.

use super::*;
use crate::model::contract::Marks;

fn classes(marks: &Marks) -> Vec<&str> {
    marks.sensitive.iter().map(|sensitive| sensitive.class.as_str()).collect()
}

const PRIVACY: &str = r#"
syntax = "proto3";
package acme.privacy;
import "google/protobuf/descriptor.proto";
enum Class { NONE = 0; PII = 1; SECRET = 2 [debug_redact = true]; }
message Policy { Class class = 1; bool secret = 2; repeated string tags = 3; }
extend google.protobuf.FieldOptions {
  Class class = 50001;
  Policy policy = 50002;
  bool hidden = 50003;
}
"#;

const USER: &str = r#"
syntax = "proto3";
package acme.user;
import "acme/privacy.proto";
message User {
  string mail = 1 [(acme.privacy.class) = PII];
  string phone = 2 [(privacy.policy) = { class: PII, tags: ["x"] }];
  string pin = 3 [(.acme.privacy.policy).secret = true];
  string hash = 4 [(acme.privacy.class) = SECRET];
  string nick = 5 [(acme.privacy.class) = NONE, (acme.privacy.hidden) = false];
  string é_comment = 6;
}
"#;

fn user(policy: &[(&str, &[&str])], with_declarations: bool) -> Read {
    let user = USER.replace("  string é_comment = 6;\n", "  /* é */ string key = 6 [debug_redact = true];\n");
    let mut files = vec![("proto/acme/user.proto", user.as_str())];
    if with_declarations {
        files.push(("proto/acme/privacy.proto", PRIVACY));
    }
    read_with(&files, policy)
}

const POLICY: &[(&str, &[&str])] = &[
    ("pii", &["acme.privacy.class=PII", "acme.privacy.policy=PII"]),
    ("secret", &["acme.privacy.policy.secret", "acme.privacy.hidden"]),
];

#[test]
fn custom_options_are_read_by_their_full_name() {
    for with_declarations in [true, false] {
        let read = user(POLICY, with_declarations);
        let of = |field| classes(&read.field("acme.user.User", field).marks);
        assert_eq!(of("mail"), ["pii"], "{with_declarations}");
        assert_eq!(of("phone"), ["pii"], "{with_declarations}");
        assert_eq!(of("pin"), ["secret"], "{with_declarations}");
        assert_eq!(of("nick"), Vec::<&str>::new(), "{with_declarations}");
        assert_eq!(of("key"), ["sensitive"], "{with_declarations}");
    }
}

#[test]
fn the_place_of_a_mark_is_the_option() {
    let read = user(POLICY, false);
    let mark = |field| &read.field("acme.user.User", field).marks.sensitive[0].mark;
    assert_eq!(read.text(&mark("mail").site), "(acme.privacy.class) = PII");
    assert_eq!(mark("mail").text, "(acme.privacy.class) = PII");
    assert_eq!(read.text(&mark("key").site), "debug_redact = true");
    assert_eq!(read.text(&mark("pin").site), "(.acme.privacy.policy).secret = true");
}

#[test]
fn an_enum_value_that_redacts_redacts_the_field() {
    let read = user(&[], true);
    assert_eq!(classes(&read.field("acme.user.User", "hash").marks), ["sensitive"]);
    assert_eq!(classes(&read.field("acme.user.User", "mail").marks), Vec::<&str>::new());
}

#[test]
fn fields_can_be_selected_by_name() {
    let read = user(&[("name", &["User.nick"])], true);
    assert_eq!(classes(&read.field("acme.user.User", "nick").marks), ["name"]);
}

#[test]
fn messages_and_methods_carry_marks_too() {
    let text = r#"
        syntax = "proto3"; package p;
        message A { option (acme.pii) = true; string s = 1; }
        service S { rpc Do(A) returns (A) { option (acme.pii) = true; } }
    "#;
    let read = read_with(&[("a.proto", text)], &[("pii", &["acme.pii"])]);
    assert_eq!(classes(&read.message("p.A").marks), ["pii"]);
    assert_eq!(read.text(&read.message("p.A").marks.sensitive[0].mark.site), "(acme.pii) = true");
    assert_eq!(classes(&read.operation("p.S/Do").marks), ["pii"]);
}

#[test]
fn deprecation_comes_from_the_element_or_what_it_stands_in() {
    let text = r#"
        syntax = "proto3"; package p;
        message Live { string a = 1; string b = 2 [deprecated = true]; Old old = 3; E e = 4; string c = 5 [deprecated = false]; }
        message Old { option deprecated = true; string a = 1; message In { string x = 1; } }
        enum E { option deprecated = true; Z = 0; }
        service S {
          rpc Fine(Live) returns (Live);
          rpc Bad(Live) returns (Live) { option deprecated = true; }
        }
        service T { option deprecated = true; rpc Do(Live) returns (Live); }
    "#;
    let read = read(&[("a.proto", text)]);
    let field = |message, name| read.field(message, name).marks.deprecated.as_ref().map(|mark| read.text(&mark.site));
    assert_eq!(field("p.Live", "a"), None);
    assert_eq!(field("p.Live", "b"), Some("deprecated = true"));
    assert_eq!(field("p.Live", "c"), None);
    assert_eq!(field("p.Live", "e"), Some("E"));
    assert_eq!(field("p.Old", "a"), Some("deprecated = true"));
    assert_eq!(field("p.Old.In", "x"), Some("deprecated = true"));
    assert!(read.message("p.Old").marks.deprecated.is_some());
    assert!(read.operation("p.S/Fine").marks.deprecated.is_none());
    assert!(read.operation("p.S/Bad").marks.deprecated.is_some());
    assert!(read.operation("p.T/Do").marks.deprecated.is_some());
}

#[test]
fn a_deprecated_file_deprecates_what_is_in_it() {
    let text = "syntax = \"proto3\"; package p; option deprecated = true; message A { string a = 1; } service S { rpc Do(A) returns (A); }";
    let read = read(&[("a.proto", text)]);
    assert!(read.message("p.A").marks.deprecated.is_some());
    assert!(read.field("p.A", "a").marks.deprecated.is_some());
    assert!(read.operation("p.S/Do").marks.deprecated.is_some());
}
