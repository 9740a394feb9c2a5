//! What protox and prost-reflect read, we read too: every name, number, type and option.
//!
//! Files of a folder of your own, and what the same files say when they are compiled into a set:
//! `CONTRACT_LINT_PROTOS=folder CONTRACT_LINT_SET=set.binpb cargo test --lib protobuf::tests::oracle --
//! --ignored --nocapture`.

mod facts;
mod ours;
mod theirs;

use std::path::Path;
use std::time::Instant;

use prost_reflect::DescriptorPool;

use self::facts::{Compared, Facts, compare};
use super::*;
use crate::contract::protobuf::bundled;

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

/// Custom options in every form that they can be written in.
const OPTIONS: &[(&str, &str)] = &[
    (
        "acme/options.proto",
        r#"
syntax = "proto2";
package acme.options;
import "google/protobuf/descriptor.proto";
import "google/protobuf/any.proto";
import "google/protobuf/duration.proto";
enum Level { LOW = 0; HIGH = 7; BELOW = -3; }
message Deep { optional int32 n = 1; optional Deep deeper = 2; repeated Level levels = 3; extensions 100 to max; }
message Rule {
  extend Deep { optional Rule of_rule = 101; }
  optional Level level = 1;
  optional Deep deep = 2;
  map<string, Deep> by_name = 3;
  map<int32, Level> by_number = 4;
  optional bytes raw = 5;
  optional float narrow = 6;
  optional double wide = 7;
  repeated Deep many = 8;
  optional uint64 big = 9;
  optional sint64 small = 10;
  optional google.protobuf.Any any = 11;
  optional google.protobuf.Duration wait = 12;
  repeated group Part = 13 { optional string text = 1; }
  oneof choice { string word = 14; bool flag = 15; }
  repeated string words = 16;
}
extend Deep { optional bool extra = 100; repeated string notes = 102; }
extend google.protobuf.FileOptions { optional Rule file = 50001; repeated Level file_levels = 50002; }
extend google.protobuf.MessageOptions { optional Rule message = 50001; optional float ratio = 50002; }
extend google.protobuf.FieldOptions {
  optional Rule rule = 50001;
  repeated Rule rules = 50002;
  repeated int32 numbers = 50003;
  optional Level level = 50004;
  optional bytes raw = 50005;
  optional double number = 50006;
  optional bool flag = 50007;
}
extend google.protobuf.OneofOptions { optional string oneof = 50001; }
extend google.protobuf.EnumOptions { optional fixed64 enum = 50001; }
extend google.protobuf.EnumValueOptions { optional string label = 50001; repeated Deep deeps = 50002; }
extend google.protobuf.ServiceOptions { optional string host = 50001; }
extend google.protobuf.MethodOptions { optional Rule method = 50001; optional google.protobuf.Any payload = 50002; }
"#,
    ),
    (
        "acme/uses.proto",
        r#"
syntax = "proto3";
package acme.options.uses;
import "acme/options.proto";
import "google/protobuf/descriptor.proto";
option java_package = "com.acme" ".uses";
option optimize_for = CODE_SIZE;
option (acme.options.file) = { level: HIGH, deep < n: -0x1F deeper { n: 017 } >; words: ["a", "b" 'c'] words: "d" };
option (file_levels) = HIGH;
option (.acme.options.file_levels) = BELOW;
extend google.protobuf.FieldOptions { string own = 60001; repeated Local locals = 60002; }
message Local { string name = 1; Local inner = 2; optional bool set = 3; }
message M {
  option (message).deep.deeper.(acme.options.extra) = true;
  option (message).deep.(extra) = false;
  option (message).deep.(Rule.of_rule).level = LOW;
  option (message).narrow = 1e-3;
  option (acme.options.ratio) = 0.7;
  option deprecated = true;
  string a = 1 [
    (rule) = {
      level: 7
      raw: "\000\xff\u00e9" 'tail'
      narrow: -inf
      wide: 1e300
      big: 18446744073709551615
      small: -9223372036854775808
      by_name { key: "x" value { n: 1 } }
      by_name: [{ key: "y", value: { deeper {} } }, { key: "z" }]
      by_number { key: -1 value: HIGH }
      by_number { key: 5 }
      by_number { value: BELOW }
      many: [{ n: 1 }, { levels: [LOW, HIGH] }]
      many { levels: BELOW levels: LOW [acme.options.notes]: ["n", "m"] }
      deep { [acme.options.extra]: true [acme.options.Rule.of_rule] { flag: true } }
      Part { text: "p" }
      Part: { text: "q" }
      word: "w"
      wait { seconds: 3 nanos: 5 }
      any { [type.googleapis.com/acme.options.Deep] { n: 4 [acme.options.extra]: true } }
    },
    (numbers) = 1, (numbers) = -2, (numbers) = 0x10,
    (level) = HIGH,
    json_name = "A"
  ];
  string b = 2 [(rules) = { flag: t }, (rules) = { flag: False }, (raw) = "\a\b\t\101", (number) = 3, (flag) = false];
  string c = 3 [(own) = "mine", (locals) = { name: "l" inner { set: false } }, (locals) = {}, deprecated = false];
  string d = 4 [(number) = 12345678901234, (uses.own) = "x"];
  string e = 5 [(number) = -0.5];
  oneof pick { option (oneof) = "o"; int32 f = 6; M g = 7; }
  enum E {
    option (enum) = 9223372036854775808;
    option allow_alias = true;
    E0 = 0 [(label) = "zero", (deeps) = { n: 1 }, (deeps) = { n: 2 }];
    E1 = 1; E_ONE = 1 [deprecated = true];
    reserved 5, 7 to 9, 100 to max; reserved "OLD", "OLDER";
  }
  reserved 20, 30 to 40, 536870000 to max;
  reserved "old", "older";
  repeated int32 h = 8 [packed = false];
  repeated E i = 9;
  optional E j = 10;
  map<bool, E> k = 11;
}
service S {
  option (host) = "example.com";
  rpc One(M) returns (stream M) {
    option (method) = { deep { n: 1 } };
    option (method).level = HIGH;
    option (method).words = "one";
    option (method).words = "two";
    option idempotency_level = IDEMPOTENT;
    option (payload) = { [type.googleapis.com/acme.options.uses.Local]: { name: "any" } };
  }
  rpc Two(stream .acme.options.uses.M) returns (uses.Local);
}
"#,
    ),
];

fn is_chosen(path: &str) -> bool {
    !bundled::is_bundled(path)
}

/// The pool of files that stand below a folder.
fn compile(folder: &Path, files: impl IntoIterator<Item = String>) -> DescriptorPool {
    let mut compiler = protox::Compiler::new([folder]).unwrap();
    compiler.include_imports(true).open_files(files).unwrap();
    // Linked anew: the pool of the compiler is made before options are read, so that `packed` is lost.
    DescriptorPool::decode(compiler.encode_file_descriptor_set().as_slice()).unwrap()
}

/// Compares with what protox makes of the files.
fn against_protox(read: &Read, folder: &Path, files: impl IntoIterator<Item = String>) -> Compared {
    let theirs = theirs::facts(&compile(folder, files), is_chosen);
    compare(&ours::facts(&read.catalog).without(theirs::UNTOLD), &theirs)
}

fn written(files: &[(&str, &str)]) -> Compared {
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in files {
        let path = folder.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    let read = read(files);
    assert_eq!(read.messages(), Vec::<&str>::new());
    against_protox(&read, folder.path(), files.iter().map(|(path, _)| (*path).to_owned()))
}

/// Facts in which two models differ.
pub(super) fn differences(a: &Read, b: &Read) -> Vec<String> {
    let compared = compare(&ours::facts(&a.catalog), &ours::facts(&b.catalog));
    compared.different.into_iter().map(|((kind, name), a, b)| format!("{kind} of {name}: {a:?}, {b:?}")).collect()
}

/// A set of one file in edition 2023, `message D { D a = 1; }` with everything delimited, the field
/// written as this number of `FieldDescriptorProto.Type`.
pub(super) fn packed(kind: i32) -> Vec<u8> {
    use prost::Message as _;
    use prost_reflect::prost_types::{DescriptorProto, FieldDescriptorProto};
    let field = FieldDescriptorProto {
        name: Some("a".to_owned()),
        number: Some(1),
        label: Some(1),
        r#type: Some(kind),
        type_name: Some(".d.D".to_owned()),
        ..FieldDescriptorProto::default()
    };
    let message = DescriptorProto { name: Some("D".to_owned()), field: vec![field], ..DescriptorProto::default() };
    let mut file = vec![0x0a, 7];
    file.extend(b"d.proto");
    file.extend([0x12, 1, b'd']);
    let message = message.encode_to_vec();
    file.extend([0x22, u8::try_from(message.len()).unwrap()]);
    file.extend(message);
    // `features { message_encoding: DELIMITED }`, `syntax`, `edition`.
    file.extend([0x42, 5, 0x92, 0x03, 2, 0x28, 2]);
    file.extend([0x62, 8]);
    file.extend(b"editions");
    file.extend([0x70, 0xe8, 0x07]);
    let mut set = vec![0x0a, u8::try_from(file.len()).unwrap()];
    set.extend(file);
    set
}

/// Paths of the `.proto` files below a folder.
fn protos(folder: &Path) -> Vec<String> {
    let files = walkdir::WalkDir::new(folder).sort_by_file_name().into_iter().flatten();
    let protos = files.filter(|entry| entry.path().extension().is_some_and(|extension| extension == "proto"));
    protos.map(|entry| entry.path().strip_prefix(folder).unwrap().to_str().unwrap().to_owned()).collect()
}

fn read_folder(folder: &Path, paths: &[String]) -> Read {
    let texts: Vec<String> = paths.iter().map(|path| std::fs::read_to_string(folder.join(path)).unwrap()).collect();
    let files: Vec<(&str, &str)> = paths.iter().map(String::as_str).zip(texts.iter().map(String::as_str)).collect();
    read(&files)
}

fn assert_equal(compared: &Compared, at_least: usize) {
    assert!(compared.different.is_empty(), "{compared}");
    assert!(compared.total() >= at_least, "{compared}");
}

#[test]
fn declarations_are_as_the_compiler_reads_them() {
    assert_equal(&written(FILES), 200);
}

#[test]
fn options_of_all_forms_have_the_values_that_the_compiler_gives_them() {
    assert_equal(&written(OPTIONS), 400);
}

#[test]
fn a_wrong_reader_would_be_found_out() {
    let (mut ours, mut theirs) = (Facts::default(), Facts::default());
    ours.add("field number", "a.B.c", 1);
    theirs.add("field number", "a.B.c", 2);
    theirs.add("field type", "a.B.c", "string");
    assert_eq!(compare(&ours, &theirs).different.len(), 2);
}

#[test]
fn our_own_files_say_the_same_to_both() {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let mut compared = 0;
    for path in protos(&fixtures) {
        let path = fixtures.join(path);
        let (folder, name) = (path.parent().unwrap(), path.file_name().unwrap().to_str().unwrap().to_owned());
        let read = read_folder(folder, std::slice::from_ref(&name));
        let result = against_protox(&read, folder, [name]);
        assert_equal(&result, 1);
        compared += result.total();
    }
    assert!(compared > 50, "{compared}");
}

#[test]
#[ignore = "reads the folder that CONTRACT_LINT_PROTOS names"]
fn a_folder_says_the_same_to_both() {
    let folder = std::env::var("CONTRACT_LINT_PROTOS").unwrap();
    let folder = Path::new(&folder);
    let paths = protos(folder);
    let start = Instant::now();
    let read = read_folder(folder, &paths);
    println!("{} files read in {:?}, {} problems", paths.len(), start.elapsed(), read.problems.len());
    read.reports().iter().take(20).for_each(|report| println!("{report}"));
    let compared = against_protox(&read, folder, paths.into_iter().filter(|path| is_chosen(path)));
    println!("{compared}");
    assert!(compared.different.is_empty());
}

/// Compares the model of text with that of the set it was compiled to, places apart.
#[test]
#[ignore = "reads the folder that CONTRACT_LINT_PROTOS names and the set that CONTRACT_LINT_SET names"]
fn a_set_says_the_same_as_its_text() {
    let folder = std::env::var("CONTRACT_LINT_PROTOS").unwrap();
    let bytes = std::fs::read(std::env::var("CONTRACT_LINT_SET").unwrap()).unwrap();
    let folder = Path::new(&folder);
    let text = read_folder(folder, &protos(folder));
    let start = Instant::now();
    let set = compiled::read_set(&bytes, &[]);
    println!("{} bytes read in {:?}, {} problems", bytes.len(), start.elapsed(), set.problems.len());
    set.messages().iter().take(20).for_each(|message| println!("{message}"));
    let compared = compare(&ours::facts(&set.catalog), &ours::facts(&text.catalog));
    println!("{compared}");
    assert!(compared.different.is_empty());
}
