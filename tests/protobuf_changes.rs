//! What becomes of an edit of a `.proto` file: one change, with what it breaks and its ids of buf.
#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

use std::path::Path;

use contract_lint::model::change::{Change, ChangeKind, Spot};
use contract_lint::settings::{self, Arguments};
use contract_lint::{Input, analyse};
use proptest::prelude::*;

/// Changes between two sets of files, each a path and a text.
fn changes(base: &[(&str, &str)], head: &[(&str, &str)]) -> Vec<Change> {
    let folder = tempfile::tempdir().unwrap();
    for (side, files) in [("base", base), ("head", head)] {
        for (path, text) in files {
            let path = folder.path().join(side).join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
    }
    compared(&folder.path().join("base"), &folder.path().join("head"))
}

fn compared(base: &Path, head: &Path) -> Vec<Change> {
    let roots = vec![head.to_owned()];
    let settings = settings::load(&Arguments { roots: roots.clone(), ..Arguments::default() }, &[]).unwrap();
    analyse(&Input { roots, against: Some(base.to_string_lossy().into_owned()) }, &settings).changes
}

/// `field-renamed shop.v1.Cart.total: total -> sum (json, source) FIELD_SAME_NAME`
fn shown(change: &Change) -> String {
    let value = |spot: &Option<Spot>| spot.as_ref().and_then(|spot| spot.value.clone());
    let (old, new) = (value(&change.old).unwrap_or_default(), value(&change.new).unwrap_or_default());
    let forms: Vec<_> = change.breaks.names().filter(|name| !matches!(*name, "request" | "response")).collect();
    let kind = change.kind.id().rsplit('/').next().unwrap();
    let facet = if change.facet.is_empty() { String::new() } else { format!(" {}", change.facet) };
    let Change { element, aliases, .. } = change;
    format!("{kind}{facet} {}: {old} -> {new} ({}) {}", element.name, forms.join(", "), aliases.join(" "))
        .trim_end()
        .to_owned()
}

/// The changes of one file below this header, without those that harm nobody.
fn edit(header: &str, base: &str, head: &str) -> Vec<String> {
    let text = |body: &str| format!("{header}\npackage a.v1;\n{body}");
    let all = changes(&[("a.proto", &text(base))], &[("a.proto", &text(head))]);
    all.iter().filter(|change| change.kind != ChangeKind::Added).map(shown).collect()
}

fn proto3(base: &str, head: &str) -> Vec<String> {
    edit("syntax = \"proto3\";", base, head)
}

#[test]
fn a_rename_breaks_json_and_source_and_not_the_wire() {
    assert_eq!(
        proto3("message A { string zip_code = 1; }", "message A { string zip = 1; }"),
        ["field-renamed a.v1.A.zip_code: zip_code -> zip (json, source) FIELD_SAME_JSON_NAME FIELD_SAME_NAME"]
    );
    assert_eq!(
        proto3("message A { string zip = 1; }", "message A { string code = 1 [json_name = \"zip\"]; }"),
        ["field-renamed a.v1.A.zip: zip -> code (source) FIELD_SAME_NAME"]
    );
}

#[test]
fn what_is_compatible_on_the_wire_is_known_as_such() {
    let retyped = |old: &str, new: &str| {
        let message = |kind: &str| {
            format!("message A {{ {kind} x = 1; }} message B {{ int32 n = 1; }} message C {{ int32 n = 1; }}")
        };
        proto3(&message(old), &message(new)).concat()
    };
    let all = "FIELD_SAME_TYPE FIELD_WIRE_COMPATIBLE_TYPE FIELD_WIRE_JSON_COMPATIBLE_TYPE";
    let is = |old: &str, new: &str, forms: &str, ids: &str| {
        assert_eq!(retyped(old, new), format!("field-type-changed a.v1.A.x: {old} -> {new} ({forms}) {ids}"));
    };
    is("int32", "uint32", "source", "FIELD_SAME_TYPE");
    is("int32", "int64", "json, source", "FIELD_SAME_TYPE FIELD_WIRE_JSON_COMPATIBLE_TYPE");
    is("int32", "sint32", "wire, source", all);
    is("string", "bytes", "json, source", "FIELD_SAME_TYPE FIELD_WIRE_JSON_COMPATIBLE_TYPE");
    is("bytes", "string", "wire, json, source", all);
    let swapped = retyped("B", "C");
    assert_eq!(swapped, format!("field-type-changed a.v1.A.x: a.v1.B -> a.v1.C (source) {all}"));
}

#[test]
fn a_single_field_may_move_into_a_new_oneof() {
    let plain = "message A { string a = 1; string b = 2; }";
    let ids = "FIELD_SAME_CARDINALITY FIELD_SAME_ONEOF";
    assert_eq!(
        proto3(plain, "message A { oneof c { string a = 1; } string b = 2; }"),
        [format!("field-oneof-changed a.v1.A.a:  -> c (source) {ids}")]
    );
    assert_eq!(
        proto3(plain, "message A { oneof c { string a = 1; string b = 2; } }"),
        ["a", "b"].map(|name| format!("field-oneof-changed a.v1.A.{name}:  -> c (wire, json, source) {ids}"))
    );
    assert_eq!(
        proto3("message A { oneof c { string a = 1; } }", "message A { oneof d { string a = 1; } }"),
        ["field-oneof-changed a.v1.A.c: c -> d (source) FIELD_SAME_ONEOF ONEOF_NO_DELETE"]
    );
}

#[test]
fn a_number_that_is_used_again_is_no_rename() {
    assert_eq!(
        proto3("message A { string mail = 1; }", "message A { fixed64 balance = 1; }"),
        ["number-reused a.v1.A.mail: mail -> balance (wire, json, source) FIELD_SAME_JSON_NAME FIELD_SAME_NAME \
          FIELD_SAME_TYPE FIELD_WIRE_COMPATIBLE_TYPE FIELD_WIRE_JSON_COMPATIBLE_TYPE"]
    );
    assert_eq!(
        proto3("message A { reserved 1 to 3; }", "message A { reserved 1, 3; string x = 2; }"),
        ["number-reused a.v1.A.x:  -> 2 (wire) RESERVED_MESSAGE_NO_DELETE"]
    );
    assert_eq!(proto3("message A { reserved 1, 2; }", "message A { reserved 1 to 9; }"), Vec::<String>::new());
}

#[test]
fn names_that_survive_have_other_numbers() {
    let renumbered = |message: &str, old: &str, new: &str, ids: &str| {
        format!("field-renumbered a.v1.{message}: {old} -> {new} (wire) {ids}")
    };
    let names = "FIELD_SAME_JSON_NAME FIELD_SAME_NAME";
    assert_eq!(
        proto3("message A { string a = 1; string b = 2; }", "message A { string a = 2; string b = 1; }"),
        [renumbered("A.a", "1", "2", names), renumbered("A.b", "2", "1", names)]
    );
    // One was taken out, and the others moved up.
    assert_eq!(
        proto3("message A { int32 x = 1; string a = 2; }", "message A { string a = 1; }"),
        [
            format!(
                "field-removed a.v1.A.x:  ->  (wire, json, source) {names} FIELD_SAME_TYPE FIELD_WIRE_COMPATIBLE_TYPE \
                 FIELD_WIRE_JSON_COMPATIBLE_TYPE"
            ),
            renumbered(
                "A.a",
                "2",
                "1",
                "FIELD_NO_DELETE FIELD_NO_DELETE_UNLESS_NAME_RESERVED FIELD_NO_DELETE_UNLESS_NUMBER_RESERVED"
            )
        ]
    );
    // The old field was given another name, and its name to a new one.
    assert_eq!(
        proto3("message A { string a = 1; }", "message A { string old_a = 1; bytes a = 2; }"),
        [format!("field-renamed a.v1.A.a: a -> old_a (json, source) {names}")]
    );
    let values = |body: &str| format!("enum E {{ ZERO = 0; {body} }}");
    assert_eq!(
        proto3(&values("A = 1; B = 2;"), &values("NEW = 1; A = 2; B = 3;")),
        [
            "enum-value-added a.v1.E.NEW:  -> 1 (json, source)".to_owned(),
            renumbered("E.A", "1", "2", "ENUM_VALUE_SAME_NAME"),
            renumbered("E.B", "2", "3", "ENUM_VALUE_SAME_NAME"),
        ]
    );
}

#[test]
fn a_field_that_was_renamed_and_renumbered_is_one_change() {
    let ids = "FIELD_NO_DELETE FIELD_NO_DELETE_UNLESS_NAME_RESERVED FIELD_NO_DELETE_UNLESS_NUMBER_RESERVED";
    let around = |field: &str| format!("message A {{ int32 x = 1; {field} int32 y = 3; }}");
    let became = |old: &str, new: &str| proto3(&around(old), &around(new));
    assert_eq!(
        became("string birth_date = 2;", "string date_of_birth = 7;"),
        [format!(
            "field-renumbered name a.v1.A.birth_date: birth_date = 2 -> date_of_birth = 7 (wire, json, source) {ids}"
        )]
    );
    let removed = [format!("field-removed a.v1.A.birth_date:  ->  (wire, json, source) {ids}")];
    // Another type, no word in common, and a field that was on its way out: one was removed, and one was added.
    assert_eq!(became("string birth_date = 2;", "int64 date_of_birth = 7;"), removed);
    assert_eq!(became("string birth_date = 2;", "string mail = 7;"), removed);
    assert_eq!(became("string birth_date = 2 [deprecated = true];", "string date_of_birth = 7;"), removed);
    // Two that may be meant, and one that stands elsewhere.
    assert_eq!(became("string birth_date = 2;", "string birth_day = 7; string date_of_birth = 8;"), removed);
    assert_eq!(
        proto3(
            "message A { string birth_date = 2; int32 y = 3; }",
            "message A { int32 y = 3; string date_of_birth = 7; }"
        ),
        removed
    );
}

#[test]
fn a_service_that_was_renamed_with_its_package_takes_its_rpcs_along() {
    let file = |name: &str| {
        format!("syntax = \"proto3\"; package {name}; message A {{}} service S{name} {{ rpc Do(A) returns (A); }}")
    };
    let all = changes(&[("a.proto", &file("a"))], &[("a.proto", &file("b"))]);
    assert_eq!(
        all.iter().map(shown).collect::<Vec<_>>(),
        [
            "operation-moved a: a -> b (wire, json, source) FILE_SAME_PACKAGE PACKAGE_NO_DELETE",
            "operation-moved a.Sa: a.Sa -> b.Sb (wire, json, source) SERVICE_NO_DELETE"
        ]
    );
}

#[test]
fn a_field_that_is_replaced_is_one_change() {
    let ids = "FIELD_SAME_CARDINALITY FIELD_SAME_TYPE FIELD_WIRE_COMPATIBLE_TYPE FIELD_WIRE_JSON_COMPATIBLE_TYPE";
    assert_eq!(
        proto3("message A { bytes id = 1; } message B {}", "message A { B id = 1; } message B {}"),
        [format!("field-type-changed a.v1.A.id: bytes -> a.v1.B (wire, json, source) {ids}")]
    );
    let replaced = proto3(
        "message A { string mail = 1; } message B {}",
        "message A { oneof way { B post = 1; int32 phone = 2; } } message B {}",
    );
    assert_eq!(replaced.len(), 1, "{replaced:?}");
    assert!(replaced[0].starts_with("number-reused a.v1.A.mail: mail -> post (wire, json, source)"), "{replaced:?}");
}

#[test]
fn rpcs_that_were_renamed_take_their_messages_along() {
    let service = |verb: &str, kept: &str| {
        format!(
            "message {verb}Request {{ string id = 1; }} message {verb}Response {{}} message Keep {{ int32 n = 1; }} \
             service S {{ rpc {verb}({verb}Request) returns ({verb}Response); rpc {kept}(Keep) returns (Keep); }}"
        )
    };
    assert_eq!(
        proto3(&service("Add", "Old"), &service("Put", "New")),
        [
            "operation-moved a.v1.S/Add: a.v1.S/Add -> a.v1.S/Put (wire, json, source) RPC_NO_DELETE",
            "operation-moved a.v1.S/Old: a.v1.S/Old -> a.v1.S/New (wire, json, source) RPC_NO_DELETE",
            "generated-code-changed name a.v1.AddRequest: a.v1.AddRequest -> a.v1.PutRequest (source) MESSAGE_NO_DELETE \
             PACKAGE_MESSAGE_NO_DELETE",
            "generated-code-changed name a.v1.AddResponse: a.v1.AddResponse -> a.v1.PutResponse (source) MESSAGE_NO_DELETE \
             PACKAGE_MESSAGE_NO_DELETE",
        ]
    );
}

#[test]
fn a_package_that_was_renamed_is_one_change_and_hides_none() {
    let file = |package: &str, kind: &str| {
        format!(
            "syntax = \"proto3\"; package {package}; message A {{ {kind} x = 1; B b = 2; }} message B {{}} \
             service S {{ rpc Do(A) returns (B); }}"
        )
    };
    let shown_of = |base: &[(&str, &str)], head: &[(&str, &str)]| -> Vec<String> {
        changes(base, head).iter().map(shown).collect()
    };
    let (old, new) = (file("a.v1", "int32"), file("a.v2", "string"));
    let retyped = "field-type-changed a.v1.A.x: int32 -> string (wire, json, source)";
    assert_eq!(
        shown_of(&[("a.proto", &old)], &[("a.proto", &new)]),
        ["operation-moved a.v1: a.v1 -> a.v2 (wire, json, source) FILE_SAME_PACKAGE PACKAGE_NO_DELETE", retyped]
    );
    assert_eq!(
        shown_of(&[("a/v1/a.proto", &old)], &[("a/v2/a.proto", &new)]),
        ["operation-moved a.v1: a.v1 -> a.v2 (wire, json, source) FILE_NO_DELETE PACKAGE_NO_DELETE", retyped]
    );
}

#[test]
fn a_message_that_was_renamed_takes_its_uses_along() {
    assert_eq!(
        proto3(
            "message A { B b = 1; } message B { int32 n = 1; string s = 2; }",
            "message A { C b = 1; } message C { int32 n = 1; string s = 2; }"
        ),
        ["generated-code-changed name a.v1.B: a.v1.B -> a.v1.C (source) FIELD_SAME_TYPE FIELD_WIRE_COMPATIBLE_TYPE \
          FIELD_WIRE_JSON_COMPATIBLE_TYPE MESSAGE_NO_DELETE PACKAGE_MESSAGE_NO_DELETE"]
    );
}

#[test]
fn what_is_in_a_message_goes_with_it() {
    assert_eq!(
        proto3(
            "message A { int32 a = 1; message B {} enum E { X = 0; } } message K { enum E { Y = 0; } }",
            "message K { enum E { Y = 0; } }"
        ),
        ["type-removed a.v1.A:  ->  (wire, json, source) ENUM_NO_DELETE MESSAGE_NO_DELETE PACKAGE_ENUM_NO_DELETE \
          PACKAGE_MESSAGE_NO_DELETE"]
    );
}

#[test]
fn another_binding_hits_who_calls_it_and_not_the_rpc() {
    let service = |path: &str| {
        format!(
            "import \"google/api/annotations.proto\"; message A {{ string id = 1; }} \
             service S {{ rpc Do(A) returns (A) {{ option (google.api.http) = {{get: \"{path}\"}}; }} }}"
        )
    };
    assert_eq!(
        proto3(&service("/v1/{id}"), &service("/v2/{id}")),
        ["operation-moved GET /v1/{id}: GET /v1/{id} -> GET /v2/{id} (json)"]
    );
}

#[test]
fn a_move_to_editions_is_one_change() {
    let file = |header: &str| format!("{header} package a.v1; message A {{ string a = 1; int32 b = 2; }}");
    let all = changes(&[("a.proto", &file("syntax = \"proto3\";"))], &[("a.proto", &file("edition = \"2023\";"))]);
    assert_eq!(
        all.iter().map(shown).collect::<Vec<_>>(),
        [
            "generated-code-changed syntax a.proto: proto3 -> edition 2023 (source) FIELD_SAME_CARDINALITY FILE_SAME_SYNTAX"
        ]
    );
}

/// A request with a field of these options, and whoever answers with it.
fn sent(options: &str, is_sent: bool) -> String {
    let (request, response) = if is_sent { ("A", "B") } else { ("B", "A") };
    format!(
        "import \"google/api/field_behavior.proto\"; message A {{ string id = 1 {options}; }} message B {{}} \
         service S {{ rpc Do({request}) returns ({response}); }}"
    )
}

#[test]
fn a_field_that_an_option_asks_for_breaks_who_sends_it() {
    let required = "[(google.api.field_behavior) = REQUIRED]";
    assert_eq!(
        proto3(&sent("", true), &sent(required, true)),
        ["field-required field_behavior a.v1.A.id: OPTIONAL -> REQUIRED (wire, json)"]
    );
    // In an answer it is a promise.
    let promised = "field-required field_behavior a.v1.A.id: OPTIONAL -> REQUIRED ()";
    assert_eq!(proto3(&sent("", false), &sent(required, false)), [promised]);
    assert_eq!(proto3(&sent(required, true), &sent("", true)), ["loosened field_behavior a.v1.A.id: REQUIRED ->  ()"]);
}

#[test]
fn constraints_are_compared_by_what_they_allow() {
    let changed = |old: &str, new: &str| proto3(&sent(old, true), &sent(new, true)).concat();
    let (short, long) = ("[(buf.validate.field).string.max_len = 10]", "[(buf.validate.field).string = {max_len: 20}]");
    assert_eq!(changed(short, long), "loosened max_len a.v1.A.id: 10 -> 20 ()");
    assert_eq!(changed(long, short), "constraint-tightened max_len a.v1.A.id: 20 -> 10 (wire, json)");
    assert_eq!(changed("", short), "constraint-tightened max_len a.v1.A.id:  -> 10 (wire, json)");
    assert_eq!(changed(short, ""), "loosened max_len a.v1.A.id: 10 ->  ()");
    let required = "[(buf.validate.field).required = true]";
    assert_eq!(changed("", required), "field-required required a.v1.A.id:  -> true (wire, json)");
    let pattern = |pattern: &str| format!("[(validate.rules).string.pattern = \"{pattern}\"]");
    let unsure = changed(&pattern("a"), &pattern("b"));
    assert_eq!(unsure, "constraint-tightened pattern a.v1.A.id: a -> b (wire, json)");
}

#[test]
fn levels_leave_out_what_does_not_count() {
    let counted = |configuration: &str, package: &str| {
        let folder = tempfile::tempdir().unwrap();
        let file = |body: &str| format!("syntax = \"proto3\"; package {package}; {body}");
        let service = "service S { rpc Do(A) returns (A); }";
        let head = file("option go_package = \"x/y\"; message A { string zip = 1; sint32 n = 2; string s = 3; }");
        let base = file(&format!("{service} message A {{ string code = 1; int32 n = 2; string s = 3; }}"));
        for (path, text) in [("base/a.proto", &base), ("head/a.proto", &head)] {
            std::fs::create_dir_all(folder.path().join(path).parent().unwrap()).unwrap();
            std::fs::write(folder.path().join(path), text).unwrap();
        }
        std::fs::write(folder.path().join("head/contract-lint.yaml"), configuration).unwrap();
        let changes = compared(&folder.path().join("base"), &folder.path().join("head"));
        let kind = |change: &Change| change.kind.id().rsplit('/').next().unwrap();
        changes.iter().map(kind).collect::<Vec<_>>().join(" ")
    };
    let level = |level: &str| counted(&format!("protobuf: {{compatibility: {level}}}"), "a.v1");
    let all = "operation-removed generated-code-changed field-renamed field-type-changed";
    assert_eq!(counted("", "a.v1"), all);
    assert_eq!((level("file").as_str(), level("package").as_str()), (all, all));
    assert_eq!(level("wire-json"), "operation-removed field-renamed field-type-changed");
    assert_eq!(level("wire"), "operation-removed field-type-changed");
    let unstable = "protobuf: {ignore_unstable_packages: true}";
    assert_eq!((counted(unstable, "a.v1beta1").as_str(), counted(unstable, "a.v1").as_str()), ("", all));
}

/// A message: numbers of its fields, each with a type by index, and whether a oneof is around the first two.
type Sketch = Vec<(u8, bool)>;

/// The text of a file, its declarations and fields in the order of these keys.
fn drawn(sketches: &[Sketch], keys: &[u64]) -> String {
    let types = ["int32", "string", "repeated bytes", "map<string, int64>", "M0", "E", "optional bool"];
    let order = |at: usize| keys.get(at % keys.len().max(1)).copied().unwrap_or_default();
    let mut declarations: Vec<(u64, String)> = Vec::new();
    for (at, sketch) in sketches.iter().enumerate() {
        let mut fields: Vec<(u64, String)> = Vec::new();
        for (number, (kind, in_oneof)) in (1..).zip(sketch) {
            let kind = types[usize::from(*kind) % types.len()];
            let field = format!("{kind} f{number} = {number};");
            let is_single = !kind.contains(' ') || kind == "M0";
            let text = if *in_oneof && is_single { format!("oneof o{number} {{ {field} }}") } else { field };
            fields.push((order(at + number), text));
        }
        fields.push((order(at), "reserved 90 to 95, 97;".to_owned()));
        fields.sort();
        let body: String = fields.into_iter().map(|(_, text)| text + " ").collect();
        declarations.push((order(at + 7), format!("message M{at} {{ {body}}}\n")));
    }
    declarations.push((order(3), "enum E { ZERO = 0; ONE = 1; }\n".to_owned()));
    declarations.push((order(5), "service S { rpc Do(M0) returns (stream M0); }\n".to_owned()));
    declarations.sort();
    let body: String = declarations.into_iter().map(|(_, text)| text).collect();
    format!("syntax = \"proto3\";\npackage p.v1;\n{body}")
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_file_does_not_differ_from_itself_in_another_order(
        sketches in prop::collection::vec(prop::collection::vec((any::<u8>(), any::<bool>()), 0..5), 1..4),
        keys in prop::collection::vec(any::<u64>(), 1..12),
    ) {
        let (base, head) = (drawn(&sketches, &[0]), drawn(&sketches, &keys));
        let found: Vec<String> = changes(&[("p.proto", &base)], &[("p.proto", &head)]).iter().map(shown).collect();
        prop_assert_eq!(found, Vec::<String>::new());
    }
}

#[test]
fn what_goes_alone_into_another_package_is_one_move() {
    let header = |package: &str| format!("syntax = \"proto3\";\npackage {package};\n");
    let (a, b) = (header("a.v1"), header("b.v1"));
    let between = |base: [&str; 2], head: [&str; 2]| -> Vec<String> {
        let (base_a, base_b) = (format!("{a}{}", base[0]), format!("{b}{}", base[1]));
        let (head_a, head_b) = (format!("{a}{}", head[0]), format!("{b}{}", head[1]));
        let all = changes(&[("a.proto", &base_a), ("b.proto", &base_b)], &[("a.proto", &head_a), ("b.proto", &head_b)]);
        all.iter().map(shown).collect()
    };
    let (kept, point) =
        ("message Kept { int32 n = 1; }", "message Point { int32 x = 1; Inner in = 2; message Inner {} }");
    assert_eq!(
        between([&format!("{kept}{point}"), kept], [kept, &format!("{kept}{point}")]),
        ["generated-code-changed name a.v1.Point: a.v1.Point -> b.v1.Point (source) \
          MESSAGE_NO_DELETE PACKAGE_MESSAGE_NO_DELETE"]
    );
    let service = "service Lines { rpc Draw(Line) returns (Line); } message Line { int32 x = 1; }";
    let said = between([&format!("{kept}{service}"), kept], [kept, &format!("{kept}{service}")]);
    assert_eq!(said.len(), 2, "{said:#?}");
    assert!(
        said.iter().any(|one| one.starts_with("operation-moved a.v1.Lines: a.v1.Lines -> b.v1.Lines")),
        "{said:#?}"
    );
    // Another type is no move, and what is made of nothing is known by nothing.
    let other = "message Point { string x = 1; }";
    for (gone, new) in [(point, other), ("message Nothing {}", "message Nothing {}")] {
        let said = between([&format!("{kept}{gone}"), kept], [kept, &format!("{kept}{new}")]);
        assert!(said.iter().any(|one| one.starts_with("type-removed")), "{said:#?}");
    }
}
