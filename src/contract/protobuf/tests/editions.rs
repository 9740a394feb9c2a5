//! Editions beside the output of a compiler: `editions/set.binpb` is what buf 1.75 makes of the files
//! in that folder, `editions/features.txt` what its descriptors mean: the overrides they carry over
//! the defaults of the edition, down from file to field. A field that is repeated has no presence; one
//! that is a message, of a oneof or an extension has.

use super::oracle::{differences, packed};
use super::*;
use crate::model::contract::{Features, ImportKind, Presence, ProtoKind};

const FILES: &[(&str, &str)] = &[
    ("e/e2023.proto", include_str!("editions/y2023.proto")),
    ("e/e2024.proto", include_str!("editions/y2024.proto")),
    ("e/delim/delim.proto", include_str!("editions/delimited.proto")),
];

/// Features in the words of the language.
fn words(features: Features) -> String {
    let presence = match features.presence {
        Presence::Explicit => "EXPLICIT",
        Presence::Implicit => "IMPLICIT",
        Presence::Required => "LEGACY_REQUIRED",
    };
    let word = |is: bool, yes: &'static str, no: &'static str| if is { yes } else { no };
    [
        presence,
        word(features.open_enum, "OPEN", "CLOSED"),
        word(features.packed, "PACKED", "EXPANDED"),
        word(features.utf8, "VERIFY", "NONE"),
        word(features.delimited, "DELIMITED", "LENGTH_PREFIXED"),
        word(features.json, "ALLOW", "LEGACY_BEST_EFFORT"),
    ]
    .join(" ")
}

/// One line per message, enumeration, field and extension.
fn resolved(read: &Read) -> Vec<String> {
    let mut lines = Vec::new();
    let of = |field: &Field| words(field.proto.as_ref().unwrap().features);
    for message in &read.catalog.messages {
        let name = &message.name;
        lines.push(format!("message {name} {}", words(message.proto.as_ref().unwrap().features)));
        lines.extend(message.fields.iter().map(|field| format!("field {name}.{} {}", field.name, of(field))));
    }
    let enums = &read.catalog.enums;
    lines.extend(enums.iter().map(|declared| format!("enum {} {}", declared.name, words(declared.features))));
    let files = read.catalog.contracts.iter().flat_map(|contract| &contract.proto_files);
    let extensions = files.flat_map(|file| &file.extensions);
    lines.extend(extensions.map(|extension| format!("field {} {}", extension.name, of(&extension.field))));
    lines.sort();
    lines
}

#[test]
fn features_are_as_the_compiler_resolves_them() {
    let expected: Vec<&str> = include_str!("editions/features.txt").lines().collect();
    let read = read(FILES);
    assert_eq!(read.messages(), Vec::<&str>::new());
    similar_asserts::assert_eq!(resolved(&read), expected);
}

#[test]
fn a_set_of_editions_says_the_same_as_its_text() {
    let set = compiled::read_set(include_bytes!("editions/set.binpb"), &[]);
    assert_eq!(set.messages(), Vec::<&str>::new());
    // A set without `descriptor.proto` is decoded with a definition that is older than edition 2024:
    // two features that only linters ask for are not in it.
    let style = "option of file e/e2024.proto features";
    let found = differences(&read(FILES), &set).into_iter().filter(|line| !line.starts_with(style));
    assert_eq!(found.collect::<Vec<_>>(), Vec::<String>::new());
    set.assert_consistent();
}

/// A compiler may write such a field as a group.
#[test]
fn a_delimited_field_is_a_group_whatever_the_set_calls_it() {
    for kind in [10, 11] {
        let set = compiled::read_set(&packed(kind), &[]);
        assert_eq!(set.field("d.D", "a").proto.as_ref().unwrap().kind, ProtoKind::Group, "{kind}");
        assert!(!set.message("d.D").proto.as_ref().unwrap().is_group, "{kind}");
    }
}

#[test]
fn imports_for_options_and_visibility_are_read() {
    let options = r#"
edition = "2024";
package e.opts;
import "google/protobuf/descriptor.proto";
extend google.protobuf.FieldOptions { string note = 50002; Rule rule = 50003; }
export message Rule { string text = 1; repeated int32 n = 2; }
"#;
    let uses = r#"
edition = "2024";
package e.uses;
import option "e/opts.proto";
local message A { string a = 1 [(e.opts.note) = "n", (opts.rule) = { text: "t" n: [1, 2] }]; }
"#;
    let read = read(&[("e/opts.proto", options), ("e/uses.proto", uses)]);
    assert_eq!(read.messages(), Vec::<&str>::new());
    assert_eq!(read.contract("e.uses").proto_files[0].imports[0].kind, Some(ImportKind::Option));
    let options = &read.field("e.uses.A", "a").proto.as_ref().unwrap().options;
    let seen: Vec<_> = options.iter().map(|option| (option.name.as_str(), option.value.to_string())).collect();
    assert_eq!(
        seen,
        [("(e.opts.note)", r#""n""#.to_owned()), ("(e.opts.rule)", r#"{"text":"t","n":[1,2]}"#.to_owned())]
    );
}
