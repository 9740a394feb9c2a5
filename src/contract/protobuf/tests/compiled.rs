//! Compiled descriptor sets.

use super::*;

const TEXT: &str = r#"
syntax = "proto3";
package acme.c;
import "google/protobuf/descriptor.proto";
enum Level { LOW = 0; HIGH = 7 [debug_redact = true]; }
message Rule { Level level = 1; repeated string words = 2; map<string, int32> counts = 3; }
extend google.protobuf.FieldOptions { Rule rule = 50001; }
message A {
  string user_id = 1 [(rule) = { level: HIGH words: "x" words: "y" counts { key: "k" value: 2 } }, deprecated = true];
  optional int32 age = 2;
  oneof pick { A self = 3; Level level = 4; }
  map<int32, A> by = 5;
  repeated int64 many = 6 [json_name = "lots"];
  reserved 10 to 12, 20;
  reserved "gone";
}
service S { rpc Do(stream A) returns (A); }
"#;

fn compile(text: &str) -> Vec<u8> {
    use prost::Message as _;
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("c.proto"), text).unwrap();
    let mut compiler = protox::Compiler::new([folder.path()]).unwrap();
    compiler.include_imports(true).open_file("c.proto").unwrap();
    let set = compiler.encode_file_descriptor_set();
    assert!(prost_reflect::prost_types::FileDescriptorSet::decode(set.as_slice()).is_ok());
    set
}

pub(super) fn read_set(bytes: &[u8], beside: &[(&str, &str)]) -> Read {
    let mut sources = Sources::default();
    for (path, text) in beside {
        sources.push(SourceFile::new(*path, Revision::Head, FileKind::Proto, *text));
    }
    let mut set = SourceFile::new("build/c.binpb", Revision::Head, FileKind::DescriptorSet, "");
    set.bytes = Some(bytes.into());
    sources.push(set);
    let (catalog, problems) = load(&sources, Revision::Head, &Workspace::default(), &MarkTable::default());
    Read { sources, catalog, problems }
}

/// Everything of a field but its places.
fn facts(read: &Read, name: &str) -> String {
    let field = read.field("acme.c.A", name);
    let proto = field.proto.as_ref().unwrap();
    let options: Vec<_> =
        proto.options.iter().map(|option| (&option.name, &option.value, option.known, option.redacts)).collect();
    format!(
        "{} {:?} {:?} {} {:?} {:?} {:?} {:?} {:?} {options:?} {}",
        field.name,
        field.json_name,
        field.number,
        field.shape,
        field.cardinality,
        field.oneof,
        proto.type_name,
        proto.kind,
        proto.features,
        proto.proto3_optional
    )
}

#[test]
fn a_set_says_the_same_as_the_text_it_is_made_of() {
    let text = read(&[("c.proto", TEXT)]);
    let set = read_set(&compile(TEXT), &[]);
    assert_eq!((text.messages(), set.messages()), (Vec::new(), Vec::new()));
    assert_eq!(set.ids(), ["acme.c"]);
    for field in &text.message("acme.c.A").fields {
        let (mut a, mut b) = (facts(&text, &field.name), facts(&set, &field.name));
        // The order of options is that of their numbers in a set.
        if field.name == "user_id" {
            (a, b) = (
                a.chars().filter(|c| c.is_alphanumeric()).collect(),
                b.chars().filter(|c| c.is_alphanumeric()).collect(),
            );
            assert_eq!(a.len(), b.len(), "{a}\n{b}");
            continue;
        }
        assert_eq!(a, b);
    }
    let reserved = |read: &Read| -> Vec<_> {
        read.message("acme.c.A").proto.as_ref().unwrap().reserved.iter().map(|range| range.numbers.clone()).collect()
    };
    assert_eq!(reserved(&text), reserved(&set));
    assert_eq!(text.operation("acme.c.S/Do").protocol, set.operation("acme.c.S/Do").protocol);
    set.assert_consistent();
}

#[test]
fn a_set_beside_its_text_is_a_copy_and_a_drifted_one_a_contract() {
    let bytes = compile(TEXT);
    let same = read_set(&bytes, &[("proto/c.proto", TEXT)]);
    assert_eq!(same.ids(), ["acme.c"]);
    assert_eq!(same.sources.get(same.contract("acme.c").copies[0]).path, "build/c.binpb");
    let drifted = read_set(&bytes, &[("proto/c.proto", &TEXT.replace("int32 age", "int64 age"))]);
    assert_eq!(drifted.ids(), ["acme.c@build/c.binpb", "acme.c@proto"]);
    drifted.assert_consistent();
}

#[test]
fn no_bytes_bring_the_run_down() {
    let whole = compile(TEXT);
    for cut in (0..whole.len()).step_by(7) {
        read_set(&whole[..cut], &[]).assert_consistent();
    }
    let mut noise = whole.clone();
    for at in (0..noise.len()).step_by(13) {
        noise[at] ^= 0x55;
        read_set(&noise, &[]).assert_consistent();
    }
}
