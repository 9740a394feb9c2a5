//! Laws of the parser, by example.

use proptest::prelude::*;

use super::ast::*;
use super::parse;

/// Everything a file declares, one word each: `M.f=1` a field, `M{}` a message, `E.A=0` a value.
fn shown(file: &File<'_>) -> Vec<String> {
    fn add(message: &MessageNode<'_>, scope: &str, found: &mut Vec<String>) {
        let name = format!("{scope}{}", message.name.text);
        found.push(format!("{name}{{}}"));
        for field in &message.fields {
            found.push(format!("{name}.{}={}", field.name.text, field.number.map_or("?".into(), |it| it.to_string())));
        }
        message.messages.iter().for_each(|nested| add(nested, &format!("{name}."), found));
        message.enums.iter().for_each(|nested| enumeration(nested, &format!("{name}."), found));
    }
    fn enumeration(declared: &EnumNode<'_>, scope: &str, found: &mut Vec<String>) {
        for value in &declared.values {
            let number = value.number.map_or("?".into(), |it| it.to_string());
            found.push(format!("{scope}{}.{}={number}", declared.name.text, value.name.text));
        }
    }
    let mut found = Vec::new();
    file.messages.iter().for_each(|it| add(it, "", &mut found));
    file.enums.iter().for_each(|it| enumeration(it, "", &mut found));
    for service in &file.services {
        found.extend(service.methods.iter().map(|method| format!("{}/{}", service.name.text, method.name.text)));
    }
    found
}

fn faults(text: &str) -> Vec<(u32, String)> {
    let line = |fault: &Fault| 1 + text[..fault.range.start as usize].matches('\n').count();
    parse(text).faults.iter().map(|fault| (u32::try_from(line(fault)).unwrap(), fault.message.clone())).collect()
}

fn declared(text: &str) -> Vec<String> {
    shown(&parse(text))
}

#[test]
fn keywords_are_names_where_the_language_allows_it() {
    let text = "syntax = \"proto3\";\nmessage message {\n  string message = 1;\n  optional bool optional = 2;\n  \
                stream stream = 3;\n  .group.map map = 4;\n  map<string, option.rpc> syntax = 5;\n  reserved 6, 8 to max;\n}\n\
                message stream {}\nservice rpc { rpc service(stream) returns (stream stream.x); }\n\
                enum E { option = 0; reserved = 1; }\n";
    assert_eq!(faults(text), []);
    let expected = [
        "message{}",
        "message.message=1",
        "message.optional=2",
        "message.stream=3",
        "message.map=4",
        "message.syntax=5",
        "stream{}",
        "E.option=0",
        "E.reserved=1",
        "rpc/service",
    ];
    assert_eq!(declared(text), expected);
    let file = parse(text);
    let method = &file.services[0].methods[0];
    assert_eq!((method.client_streaming, method.server_streaming), (false, true));
    assert_eq!((&*method.input.text, &*method.output.text), ("stream", "stream.x"));
}

#[test]
fn editions_are_read() {
    let text = "edition = \"2024\";\nimport option \"a.proto\";\noption features.field_presence = IMPLICIT;\n\
                export message A { reserved foo, bar; local enum E { X = 0; }\n\
                string s = 1 [features = { utf8_validation: NONE }]; export export = 2; local local = 3; }\n";
    assert_eq!(faults(text), []);
    let file = parse(text);
    assert_eq!(file.imports[0].modifier, Some("option"));
    assert!(file.syntax.as_ref().is_some_and(|syntax| syntax.is_edition && syntax.value == "2024"));
    let message = &file.messages[0];
    assert_eq!(message.visibility, Some(Visibility::Export));
    assert_eq!(message.enums[0].visibility, Some(Visibility::Local));
    assert_eq!(message.reserved_names.len(), 2);
    assert_eq!(message.fields.len(), 3);
}

#[test]
fn groups_are_fields_and_messages() {
    let text = "message A { optional group Result = 1 { required int32 x = 2; } oneof o { group In = 3 { } } }\n\
                extend A { repeated group Ext = 4 { optional string y = 1; } }\n";
    assert_eq!(faults(text), []);
    assert_eq!(declared(text), ["A{}", "A.result=1", "A.in=3", "A.Result{}", "A.Result.x=2", "A.In{}"]);
    let file = parse(text);
    assert_eq!(file.messages[0].fields[1].oneof, Some(0));
    assert!(file.messages[0].messages.iter().all(|group| group.is_group));
    assert_eq!(file.extends[0].messages[0].fields.len(), 1);
}

#[test]
fn values_of_options_have_every_form() {
    let text = "option (a.b).c.(d) = { x: 1, y < z: -inf; > [e.f]: [1, 2] [t.co/p.M] { s: 'a' \"b\" } w: -0x10 };\n\
                option o = -1.5e3; option p = 99999999999999999999; option q = nan;";
    assert_eq!(faults(text), []);
    let file = parse(text);
    let names: Vec<_> = file.options[0].name.iter().map(|part| (&*part.name.text, part.is_extension)).collect();
    assert_eq!(names, [("a.b", true), ("c", false), ("d", true)]);
    let Value::Message(entries) = &file.options[0].value else { panic!("no message") };
    let entry = |at: usize| (&*entries[at].name.text, entries[at].is_extension, &entries[at].value);
    assert_eq!(entry(0), ("x", false, &Value::Integer { negative: false, magnitude: Some(1) }));
    let Value::Message(inner) = &entries[1].value else { panic!("no message") };
    assert_eq!(inner[0].value, Value::Word("-inf".into()));
    assert!(matches!(entry(2), ("e.f", true, Value::List(items)) if items.len() == 2));
    assert!(matches!(entry(3), ("t.co/p.M", true, Value::Message(_))));
    assert_eq!(entry(4).2, &Value::Integer { negative: true, magnitude: Some(16) });
    assert_eq!(file.options[1].value, Value::Float(-1500.0));
    assert_eq!(file.options[2].value, Value::Integer { negative: false, magnitude: None });
    assert_eq!(file.options[3].value, Value::Word("nan".into()));
}

#[test]
fn ranges_cover_what_is_written() {
    let text = "message A {\n  // above\n  repeated .b . C name = 0x7 [deprecated = true]; // behind\n}\n";
    let file = parse(text);
    let field = &file.messages[0].fields[0];
    let at = |range: Range| &text[range.start as usize..range.end as usize];
    assert_eq!(at(field.range), "repeated .b . C name = 0x7 [deprecated = true];");
    assert_eq!(field.label.map(|(_, range)| at(range)), Some("repeated"));
    assert_eq!((at(field.kind_range), at(field.name.range), at(field.number_range)), (".b . C", "name", "0x7"));
    assert_eq!(field.kind, TypeNode::Named(Name { text: ".b.C".into(), range: field.kind_range }));
    assert_eq!(at(field.options[0].range), "deprecated = true");
    assert_eq!(field.comments.leading.map(at), Some("// above"));
    assert_eq!(field.comments.trailing.map(at), Some("// behind"));
    assert_eq!(at(file.messages[0].range), text.trim_end());
}

#[test]
fn a_fault_costs_its_statement() {
    let text = "message A {\n  string a = 1;\n  string = 2;\n  string b = 3;\n  int32 c = x [y = {a}];\n  string d = 5;\n}\n\
                service S {\n  rpc Bad(A) (A);\n  rpc Good(A) returns (A);\n  nonsense { rpc No(A) returns (A); }\n}\nmessage B {}\n";
    assert_eq!(declared(text), ["A{}", "A.a=1", "A.b=3", "A.d=5", "B{}", "S/Good"]);
    assert_eq!(
        faults(text),
        [
            (3, "expected the name of a field, found `=`".to_owned()),
            (5, "expected the number of the field, found `x`".to_owned()),
            (9, "expected `returns`, found `(`".to_owned()),
            (11, "expected `rpc` or `option`, found `nonsense`".to_owned()),
        ]
    );
}

#[test]
fn a_broken_option_costs_itself() {
    let text = "message A {\n  string a = 1 [(x) = , deprecated = true];\n  string b = 2 [(y) = {a: @}, json_name = \"c\"];\n}\n";
    let file = parse(text);
    let names =
        |field: &FieldNode<'_>| field.options.iter().map(|it| it.name[0].name.text.to_string()).collect::<Vec<_>>();
    assert_eq!(names(&file.messages[0].fields[0]), ["deprecated"]);
    assert_eq!(file.messages[0].fields.len(), 2);
    assert_eq!(file.faults.len(), 2);
}

#[test]
fn a_missing_semicolon_costs_nothing() {
    let text = "syntax = \"proto3\"\npackage p\nimport \"a\"\nmessage A {\n  string a = 1\n  string b = 2 [deprecated = true]\n}\nenum E {\n  X = 0\n  Y = 1\n}\n";
    assert_eq!(declared(text), ["A{}", "A.a=1", "A.b=2", "E.X=0", "E.Y=1"]);
    assert!(faults(text).iter().all(|(_, message)| message == "expected `;` behind this statement"));
    assert_eq!(faults(text).len(), 7);
}

#[test]
fn half_a_statement_loses_only_itself() {
    let text = "message A {\n  string a\n  string b = 2;\n  int32\n}\nservice S {\n  rpc\n  rpc G(A) returns (A);\n  rpc H(\n}\nmessage B {}\n";
    assert_eq!(declared(text), ["A{}", "A.b=2", "B{}", "S/G"]);
}

#[test]
fn a_missing_brace_ends_where_the_columns_say() {
    let text = "message A {\n  string a = 1;\n  enum E {\n    X = 0;\n\nmessage B {\n  string b = 1;\n}\n\nservice S {\n  rpc G(A) returns (B);\n}\n";
    assert_eq!(declared(text), ["A{}", "A.a=1", "A.E.X=0", "B{}", "B.b=1", "S/G"]);
    assert_eq!(faults(text), [(3, "this `{` is never closed".to_owned()), (1, "this `{` is never closed".to_owned())]);
    assert_eq!(declared("message A {\nstring a = 1;\nmessage B {\n}\n}\n"), ["A{}", "A.a=1", "A.B{}"]);
    assert_eq!(declared("}\nmessage A { string a = 1;"), ["A{}", "A.a=1"]);
}

#[test]
fn unclosed_strings_and_comments_keep_what_was_before() {
    assert_eq!(declared("message A {}\nimport \"a\nmessage B {}\n"), ["A{}", "B{}"]);
    assert_eq!(declared("message A {}\n/* message B {}\n"), ["A{}"]);
    assert_eq!(faults("message A {}\n/* message B {}\n"), [(2, "this comment is never closed".to_owned())]);
}

#[test]
fn marks_of_byte_order_and_line_ends_do_not_matter() {
    let text = "\u{feff}syntax = \"proto3\";\r\nmessage A {\r\n  string ä = 1;\r\n  string b = 2; // ü\r\n}\r\n";
    assert_eq!(declared(text), ["A{}", "A.b=2"]);
    assert_eq!(faults(text).len(), 1);
}

#[test]
fn depth_is_a_fault() {
    let deep = "message A {".repeat(10_000);
    assert!(parse(&deep).faults.iter().any(|fault| fault.message.contains("deeper")));
    let value = format!("option (x) = {};\nmessage A {{}}", "{a ".repeat(10_000));
    assert!(parse(&value).faults.iter().any(|fault| fault.message.contains("deeper")));
    let list = format!("option (x) = {{ a: {} }};\nmessage A {{}}", "[".repeat(10_000));
    assert!(!parse(&list).faults.is_empty());
}

/// Were any of these quadratic, this would not end in a debug build.
#[test]
fn a_long_run_of_anything_is_read_in_one_go() {
    #[rustfmt::skip]
    let pieces = [
        "{", "}", "[", "(", "<", ";", ".", "a", "a ", "a\n", "\"", "\"\n", "/*", "/", "//", "*/", "\u{fc}", "=",
        "1", "1 ", "message A {", "message A {\n", "\nmessage A", "message", "message\n", "option", "option a=",
        "option a={", "option (a)={b<", "option a=[", "a = 1 [", "oneof a {", "enum A {", "A = 1", "A = 1\n",
        "service A {", "rpc a\n", "rpc a(", "extend a {", "a.", "a .", "stream ", "'a'", "'a' ", "'\\",
        "reserved 1,", "group A = 1 {", "map<", "export ", "export message A {\n", "  message A {\n", "import ",
        "/**/", "/* */\n", "// \n", "// \na", "\u{feff}", "\n", " ",
    ];
    let prefixes =
        ["", "message A {\n", "enum A {\n", "service A {\n", "option (a) = {\n", "message A { a b = 1 [a = {\n"];
    for piece in pieces {
        for prefix in prefixes {
            let text = format!("{prefix}{}", piece.repeat((1 << 18) / piece.len()));
            let faults = parse(&text).faults.len();
            assert!(faults <= 200, "{faults} faults of {prefix:?} and {piece:?}");
        }
    }
}

fn check(text: &str) -> Result<(), TestCaseError> {
    let file = parse(text);
    let mut ranges: Vec<Range> = file.faults.iter().map(|fault| fault.range).collect();
    ranges.extend(
        file.messages.iter().flat_map(|it| it.fields.iter().flat_map(|it| [it.range, it.name.range, it.number_range])),
    );
    ranges.extend(file.options.iter().flat_map(|it| [it.range, it.value_range, it.name_range]));
    for range in ranges {
        prop_assert!(text.get(range.start as usize..range.end as usize).is_some(), "{range:?} of {text:?}");
    }
    Ok(())
}

const SAMPLE: &str = "syntax = \"proto3\";\npackage a.b;\nimport public \"c.proto\";\noption (x).y = { a: 1 b < > };\n\
    message M {\n  // c\n  repeated .a.T f = 1 [(o) = -1, json_name = \"g\"];\n  map<string, T> m = 2;\n  oneof o { T t = 3; }\n\
    reserved 4 to max, \"n\";\n  enum E { A = 0; }\n}\nservice S { rpc R(stream M) returns (M) { option (h) = { get: '/v1' }; } }\n";

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_read(text in "\\PC{0,60}") {
        check(&text)?;
    }

    #[test]
    fn any_soup_of_tokens_is_read(tokens in prop::collection::vec(prop::sample::select(vec![
        "message", "enum", "{", "}", "[", "]", "(", ")", "<", ">", "=", ";", ",", ".", "1", "-", "\"", "'a'", "a", "option",
        "oneof", "reserved", "to", "max", "rpc", "service", "extend", "group", "map", "//", "/*", "*/", "\n", "stream", "returns", "ü",
    ]), 0..60)) {
        check(&tokens.join(" "))?;
    }

    #[test]
    fn a_damaged_file_is_read(at in 0..SAMPLE.len(), length in 0..9_usize, insert in "[{}();=\"a\\[\\]<>/*. \n]{0,4}") {
        let end = (at + length).min(SAMPLE.len());
        check(&format!("{}{insert}{}", &SAMPLE[..at], &SAMPLE[end..]))?;
    }
}
