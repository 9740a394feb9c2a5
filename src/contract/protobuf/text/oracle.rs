//! The parser beside protox: the same declarations at the same places.
//!
//! Files of a folder of your own: `CONTRACT_LINT_PROTOS=folder cargo test --lib oracle -- --ignored
//! --nocapture`.

use std::fmt::Write as _;
use std::path::Path;

use prost_reflect::prost_types::field_descriptor_proto::{Label as RawLabel, Type};
use prost_reflect::prost_types::{
    DescriptorProto, EnumDescriptorProto, FieldDescriptorProto, FileDescriptorProto, UninterpretedOption,
};

use super::ast::*;
use super::parse;

/// One line for each thing that is declared, with the place of each of its parts.
#[derive(Default)]
struct Lines(Vec<String>);

/// What protox found.
struct Theirs<'a> {
    file: &'a FileDescriptorProto,
    lines: Lines,
    text: &'a str,
    starts: Vec<usize>,
    places: std::collections::BTreeMap<Vec<i32>, (usize, usize)>,
}

impl Theirs<'_> {
    fn place(&self, path: &[i32]) -> String {
        self.places.get(path).map_or_else(String::new, |(start, end)| format!("{start}..{end}"))
    }

    fn read(mut self) -> Vec<String> {
        let file = self.file;
        self.lines.0.push(format!("package {}", file.package()));
        for (import, at) in file.dependency.iter().zip(0..) {
            let kind = if file.public_dependency.contains(&at) { "public" } else { "" };
            self.lines.0.push(format!("import {import} {kind}"));
        }
        self.options(file.options.as_ref().map(|options| options.uninterpreted_option.as_slice()), "file");
        for (message, at) in file.message_type.iter().zip(0..) {
            self.message(message, "", &[4, at]);
        }
        for (declared, at) in file.enum_type.iter().zip(0..) {
            self.enumeration(declared, "", &[5, at]);
        }
        for (service, at) in file.service.iter().zip(0..) {
            self.options(service.options.as_ref().map(|it| it.uninterpreted_option.as_slice()), service.name());
            for (method, method_at) in service.method.iter().zip(0..) {
                let path = |tag: i32| [6, at, 2, method_at, tag];
                self.lines.0.push(format!(
                    "rpc {}/{} {} {} {} {} {} {} {}",
                    service.name(),
                    method.name(),
                    self.place(&path(1)),
                    method.client_streaming(),
                    method.input_type(),
                    self.place(&path(2)),
                    method.server_streaming(),
                    method.output_type(),
                    self.place(&path(3)),
                ));
                self.options(method.options.as_ref().map(|it| it.uninterpreted_option.as_slice()), method.name());
            }
        }
        for (field, at) in file.extension.iter().zip(0..) {
            self.field(field, "extend", &[7, at], &[]);
        }
        self.lines.0
    }

    fn message(&mut self, message: &DescriptorProto, scope: &str, path: &[i32]) {
        let name = format!("{scope}{}", message.name());
        self.lines.0.push(format!("message {name} {}", self.place(&child(path, &[1]))));
        self.options(message.options.as_ref().map(|it| it.uninterpreted_option.as_slice()), &name);
        for (field, at) in message.field.iter().zip(0..) {
            self.field(field, &name, &child(path, &[2, at]), &message.nested_type);
        }
        for (oneof, at) in message.oneof_decl.iter().zip(0..) {
            let place = self.place(&child(path, &[8, at, 1]));
            // The oneof that stands for proto3 `optional` is written nowhere.
            if !place.is_empty() {
                self.lines.0.push(format!("oneof {name}.{} {place}", oneof.name()));
            }
        }
        for range in &message.reserved_range {
            self.lines.0.push(format!("reserved {name} {}..{}", range.start(), range.end()));
        }
        for reserved in &message.reserved_name {
            self.lines.0.push(format!("reserved {name} {reserved}"));
        }
        for range in &message.extension_range {
            self.lines.0.push(format!("extensions {name} {}..{}", range.start(), range.end()));
        }
        for (nested, at) in message.nested_type.iter().zip(0..) {
            if !is_entry(nested) {
                self.message(nested, &format!("{name}."), &child(path, &[3, at]));
            }
        }
        for (declared, at) in message.enum_type.iter().zip(0..) {
            self.enumeration(declared, &format!("{name}."), &child(path, &[4, at]));
        }
        for (field, at) in message.extension.iter().zip(0..) {
            self.field(field, &format!("{name} extend"), &child(path, &[6, at]), &[]);
        }
    }

    fn field(&mut self, field: &FieldDescriptorProto, scope: &str, path: &[i32], nested: &[DescriptorProto]) {
        let entry = nested.iter().filter(|it| is_entry(it)).find(|it| field.type_name() == it.name());
        let kind = match (entry, field.r#type) {
            (Some(entry), _) => format!("map<{}, {}>", scalar(&entry.field[0]), scalar(&entry.field[1])),
            (None, Some(kind)) if kind == Type::Group as i32 => format!("group {}", field.type_name()),
            _ => scalar(field),
        };
        let label = match field.label.and_then(|label| RawLabel::try_from(label).ok()) {
            _ if entry.is_some() => "",
            Some(RawLabel::Required) => "required",
            Some(RawLabel::Repeated) => "repeated",
            _ => "",
        };
        let name_place = self.place(&child(path, &[1]));
        let number_place = self.place(&child(path, &[3]));
        let written = self.places.get(&child(path, &[1])).and_then(|(start, end)| self.text.get(*start..*end));
        self.lines.0.push(format!(
            "field {scope}.{} {} {} = {} {} {label} {kind} {} {}",
            field.name(),
            written.unwrap_or_default(),
            name_place,
            field.number(),
            number_place,
            self.place(&child(path, &[4])),
            field.default_value.as_deref().map_or("", |_| "default"),
        ));
        self.options(field.options.as_ref().map(|it| it.uninterpreted_option.as_slice()), field.name());
    }

    fn enumeration(&mut self, declared: &EnumDescriptorProto, scope: &str, path: &[i32]) {
        let name = format!("{scope}{}", declared.name());
        self.lines.0.push(format!("enum {name} {}", self.place(&child(path, &[1]))));
        self.options(declared.options.as_ref().map(|it| it.uninterpreted_option.as_slice()), &name);
        for (value, at) in declared.value.iter().zip(0..) {
            let place = |tag: i32| self.place(&child(path, &[2, at, tag]));
            self.lines.0.push(format!("value {name}.{} {} = {} {}", value.name(), place(1), value.number(), place(2)));
            self.options(value.options.as_ref().map(|it| it.uninterpreted_option.as_slice()), value.name());
        }
    }

    fn options(&mut self, options: Option<&[UninterpretedOption]>, of: &str) {
        for option in options.unwrap_or_default() {
            let parts = option.name.iter().map(|part| part_name(&part.name_part, part.is_extension));
            let name = parts.collect::<Vec<_>>().join(".");
            let mut value = String::new();
            let _ = match option {
                UninterpretedOption { identifier_value: Some(word), .. } => write!(value, "{word}"),
                UninterpretedOption { positive_int_value: Some(number), .. } => write!(value, "{number}"),
                UninterpretedOption { negative_int_value: Some(number), .. } => write!(value, "{number}"),
                UninterpretedOption { double_value: Some(number), .. } => write!(value, "float {number}"),
                UninterpretedOption { string_value: Some(text), .. } => write!(value, "{text:?}"),
                UninterpretedOption { aggregate_value: Some(_), .. } => write!(value, "{{}}"),
                _ => Ok(()),
            };
            self.lines.0.push(format!("option {of} {name} = {value}"));
        }
    }
}

fn part_name(name: &str, is_extension: bool) -> String {
    if is_extension { format!("({name})") } else { name.to_owned() }
}

fn child(path: &[i32], more: &[i32]) -> Vec<i32> {
    [path, more].concat()
}

fn is_entry(message: &DescriptorProto) -> bool {
    message.options.as_ref().is_some_and(prost_reflect::prost_types::MessageOptions::map_entry)
}

fn scalar(field: &FieldDescriptorProto) -> String {
    match (&field.type_name, field.r#type.and_then(|kind| Type::try_from(kind).ok())) {
        (Some(name), _) => name.clone(),
        (None, Some(kind)) => kind.as_str_name().trim_start_matches("TYPE_").to_lowercase(),
        (None, None) => String::new(),
    }
}

/// What we found, in the words of [`Theirs`].
struct Ours {
    lines: Lines,
}

fn at(range: Range) -> String {
    format!("{}..{}", range.start, range.end)
}

impl Ours {
    fn read(file: &File<'_>) -> Vec<String> {
        let mut ours = Self { lines: Lines::default() };
        let package = file.package.as_ref().map(|name| name.text.as_ref());
        ours.lines.0.push(format!("package {}", package.unwrap_or_default()));
        for import in &file.imports {
            let kind = import.modifier.filter(|kind| *kind == "public").unwrap_or_default();
            ours.lines.0.push(format!("import {} {kind}", import.path));
        }
        ours.options(&file.options, "file");
        file.messages.iter().for_each(|it| ours.message(it, ""));
        file.enums.iter().for_each(|it| ours.enumeration(it, ""));
        for service in &file.services {
            ours.options(&service.options, &service.name.text);
            for method in &service.methods {
                ours.lines.0.push(format!(
                    "rpc {}/{} {} {} {} {} {} {} {}",
                    service.name.text,
                    method.name.text,
                    at(method.name.range),
                    method.client_streaming,
                    method.input.text,
                    at(method.input.range),
                    method.server_streaming,
                    method.output.text,
                    at(method.output.range),
                ));
                ours.options(&method.options, &method.name.text);
            }
        }
        ours.extends(&file.extends, "extend");
        ours.lines.0
    }

    fn extends(&mut self, extends: &[ExtendNode<'_>], scope: &str) {
        extends.iter().flat_map(|it| &it.fields).for_each(|field| self.field(field, scope));
    }

    fn message(&mut self, message: &MessageNode<'_>, scope: &str) {
        let name = format!("{scope}{}", message.name.text);
        self.lines.0.push(format!("message {name} {}", at(message.name.range)));
        self.options(&message.options, &name);
        message.fields.iter().for_each(|field| self.field(field, &name));
        for oneof in &message.oneofs {
            self.lines.0.push(format!("oneof {name}.{} {}", oneof.name.text, at(oneof.name.range)));
        }
        // Descriptors end a range behind its last number. Numbers of message sets have 31 bits.
        let is_set = message.options.iter().any(|it| it.name[0].name.text == "message_set_wire_format");
        let max = if is_set { i64::from(i32::MAX) } else { 536_870_912 };
        let last = |range: &RangeNode| range.last.map_or(max, |last| last + 1);
        for range in &message.reserved {
            self.lines.0.push(format!("reserved {name} {}..{}", range.first, last(range)));
        }
        for reserved in &message.reserved_names {
            self.lines.0.push(format!("reserved {name} {}", reserved.text));
        }
        for range in &message.extension_ranges {
            self.lines.0.push(format!("extensions {name} {}..{}", range.first, last(range)));
        }
        message.messages.iter().for_each(|it| self.message(it, &format!("{name}.")));
        message.enums.iter().for_each(|it| self.enumeration(it, &format!("{name}.")));
        self.extends(&message.extends, &format!("{name} extend"));
    }

    fn field(&mut self, field: &FieldNode<'_>, scope: &str) {
        let kind = match &field.kind {
            TypeNode::Named(name) => name.text.to_string(),
            TypeNode::Map { key, value } => format!("map<{}, {}>", key.text, value.text),
            TypeNode::Group(name) => format!("group {}", name.text),
        };
        let label = match field.label {
            Some((Label::Required, _)) => "required",
            Some((Label::Repeated, _)) => "repeated",
            _ => "",
        };
        let written = match &field.kind {
            TypeNode::Group(name) => &name.text,
            _ => &field.name.text,
        };
        let has_default = field.options.iter().any(|it| it.name.len() == 1 && it.name[0].name.text == "default");
        self.lines.0.push(format!(
            "field {scope}.{} {written} {} = {} {} {label} {kind} {} {}",
            field.name.text,
            at(field.name.range),
            field.number.unwrap_or_default(),
            at(field.number_range),
            field.label.map_or_else(String::new, |(_, range)| at(range)),
            if has_default { "default" } else { "" },
        ));
        let options = field.options.iter().filter(|it| {
            let is_own = ["default", "json_name"].contains(&&*it.name[0].name.text);
            !is_own || it.name.len() > 1 || it.name[0].is_extension
        });
        self.options(options, &field.name.text);
    }

    fn enumeration(&mut self, declared: &EnumNode<'_>, scope: &str) {
        let name = format!("{scope}{}", declared.name.text);
        self.lines.0.push(format!("enum {name} {}", at(declared.name.range)));
        self.options(&declared.options, &name);
        for value in &declared.values {
            self.lines.0.push(format!(
                "value {name}.{} {} = {} {}",
                value.name.text,
                at(value.name.range),
                value.number.unwrap_or_default(),
                at(value.number_range)
            ));
            self.options(&value.options, &value.name.text);
        }
    }

    fn options<'a>(&mut self, options: impl IntoIterator<Item = &'a OptionStatement<'a>>, of: &str) {
        for option in options {
            let parts = option.name.iter().map(|part| part_name(&part.name.text, part.is_extension));
            let name = parts.collect::<Vec<_>>().join(".");
            let value = match &option.value {
                Value::Word(word) => word.to_string(),
                Value::Integer { negative, magnitude } => {
                    format!("{}{}", if *negative { "-" } else { "" }, magnitude.unwrap_or_default())
                }
                Value::Float(number) => format!("float {number}"),
                Value::String(text) => format!("{:?}", text.to_vec()),
                Value::Message(_) => "{}".to_owned(),
                Value::List(_) => "[]".to_owned(),
            };
            self.lines.0.push(format!("option {of} {name} = {value}"));
        }
    }
}

/// The lines of both, if protox can read the text.
fn both(text: &str) -> Option<(Vec<String>, Vec<String>)> {
    let read = protox::file::File::from_source("a.proto", text).ok()?;
    let file = read.file_descriptor_proto();
    let mut starts = vec![0];
    starts.extend(text.match_indices('\n').map(|(at, _)| at + 1));
    let mut theirs = Theirs { file, lines: Lines::default(), text, starts, places: std::collections::BTreeMap::new() };
    for location in file.source_code_info.iter().flat_map(|info| &info.location) {
        let span: Vec<usize> = location.span.iter().map(|it| usize::try_from(*it).unwrap()).collect();
        let (line, column, end_line, end_column) = match span.as_slice() {
            [line, column, end] => (*line, *column, *line, *end),
            [line, column, end_line, end] => (*line, *column, *end_line, *end),
            _ => continue,
        };
        let place = (theirs.starts[line] + column, theirs.starts[end_line] + end_column);
        theirs.places.entry(location.path.clone()).or_insert(place);
    }
    let (mut theirs, mut ours) = (theirs.read(), Ours::read(&parse(text)));
    theirs.sort();
    ours.sort();
    Some((ours, theirs))
}

/// Lines that only one of the two has.
fn differences(ours: &[String], theirs: &[String]) -> Vec<String> {
    let only = |own: &[String], other: &[String], sign: &str| {
        own.iter()
            .filter(|line| other.binary_search(line).is_err())
            .map(|line| format!("{sign} {line}"))
            .collect::<Vec<_>>()
    };
    [only(ours, theirs, "+"), only(theirs, ours, "-")].concat()
}

fn proto_files(folder: &Path) -> Vec<std::path::PathBuf> {
    let files =
        walkdir::WalkDir::new(folder).sort_by_file_name().into_iter().flatten().map(walkdir::DirEntry::into_path);
    files.filter(|path| path.extension().is_some_and(|it| it == "proto")).collect()
}

#[test]
fn our_own_files_read_the_same() {
    let files = proto_files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures"));
    assert!(!files.is_empty());
    for path in files {
        let text = std::fs::read_to_string(&path).unwrap();
        let (ours, theirs) = both(&text).unwrap();
        assert_eq!(differences(&ours, &theirs), Vec::<String>::new(), "{}", path.display());
    }
}

#[test]
fn tricky_files_read_the_same() {
    for text in [
        "syntax = \"proto2\";\npackage a . b;\nimport public \"x.proto\";\noption (x.y).z.(w) = inf;\nmessage M {\n  optional group Result = 1 [deprecated = true] { required int32 x = 2 [default = 3]; }\n  extensions 100 to max, 7;\n  reserved 20 to 30, 9;\n  extend M { optional string e = 100; }\n  oneof o { string s = 3; group G = 4 {} }\n}\n",
        "syntax = 'proto3';\nmessage M { map < string , .a.B > m = 0x7; optional bytes b = 010; repeated a . b c = 3 [packed = false, (o) = { a: 1 }, (p) = 'x' \"\\x41\\n\"]; string rpc = 5; }\n",
        "syntax = \"proto3\";\nenum E { option allow_alias = true; A = 0; B = -1 [(v) = 1.5e3]; reserved 5 to max; }\nservice S { option deprecated = true; rpc R (stream .a.M) returns (b.N) { option (g) = { get: \"/v1\" body: \"*\" }; } ; }\n",
    ] {
        protox::file::File::from_source("a.proto", text).unwrap();
        let (ours, theirs) = both(text).unwrap();
        assert_eq!(differences(&ours, &theirs), Vec::<String>::new(), "{text}");
    }
}

#[test]
#[ignore = "reads the folder that CONTRACT_LINT_PROTOS names"]
fn a_folder_reads_the_same() {
    let folder = std::env::var("CONTRACT_LINT_PROTOS").unwrap();
    let (mut files, mut refused, mut lines, mut faults, mut found) = (0, 0, 0, 0, Vec::new());
    for path in proto_files(Path::new(&folder)) {
        let Ok(text) = std::fs::read_to_string(&path) else { continue };
        files += 1;
        faults += usize::from(!parse(&text).faults.is_empty());
        let Some((ours, theirs)) = both(&text) else {
            refused += 1;
            continue;
        };
        lines += theirs.len();
        found.extend(differences(&ours, &theirs).into_iter().map(|line| format!("{}: {line}", path.display())));
    }
    println!(
        "{files} files, {refused} refused by protox, {faults} with faults, {lines} lines, {} differences",
        found.len()
    );
    found.iter().take(60).for_each(|line| println!("{line}"));
    assert!(found.is_empty());
}
