//! Random edits of `.proto` files, as people make them: each takes a random place that it fits.

use std::ops::Range;

use super::source::{Files, Kind, Member, Node, nodes};

/// Numbers that look random and are the same in every run (`SplitMix64`).
pub(super) struct Random(pub(super) u64);

impl Random {
    pub(super) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    pub(super) fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(end.max(1)).unwrap()).unwrap()
    }

    pub(super) fn of<'a, T>(&mut self, all: &'a [T]) -> Option<&'a T> {
        all.get(self.below(all.len()))
    }
}

/// One way to edit: its name, and what it does; none if there is no place for it.
pub(super) struct Edit {
    pub(super) name: &'static str,
    apply: fn(&mut Files, &mut Random) -> Option<()>,
}

impl Edit {
    /// Whether something was edited.
    pub(super) fn apply(&self, files: &mut Files, random: &mut Random) -> bool {
        let before = files.clone();
        let is_done = (self.apply)(files, random).is_some() && *files != before;
        if !is_done {
            *files = before;
        }
        is_done
    }
}

macro_rules! edits {
    ($($name:literal => $apply:expr,)*) => { [$(Edit { name: $name, apply: $apply }),*] };
}

/// Every kind of edit.
pub(super) const ALL: [Edit; 63] = edits![
    "field deleted" => |f, r| member(f, r, Kind::Field, |_, _| Some(String::new())),
    "field deleted, number reserved" => |f, r| member(f, r, Kind::Field, |m, _| Some(format!("reserved {};", m.number))),
    "field deleted, name reserved" => |f, r| member(f, r, Kind::Field, |m, _| Some(format!("reserved \"{}\";", m.name))),
    "field deleted, all reserved" => |f, r| member(f, r, Kind::Field, |m, _| Some(format!("reserved {}; reserved \"{}\";", m.number, m.name))),
    "field renamed" => |f, r| field(f, r, |m, _| m.name.push_str("_too")),
    "field renamed, JSON kept" => |f, r| field(f, r, |m, _| { let old = format!("\"{}\"", m.name); m.name.push_str("_too"); *m = m.clone().with("json_name", &old); }),
    "field renumbered" => |f, r| field(f, r, |m, r| m.number += 40 + number(r, 50)),
    "field renamed and renumbered" => |f, r| field(f, r, |m, r| { m.name.push_str("_too"); m.number += 40 + number(r, 50); }),
    "field of another scalar" => |f, r| field(f, r, |m, r| m.type_name = pick(r, &SCALARS)),
    "field of another type of the file" => |f, r| { let types = types(f); field_with(f, r, &types) },
    "field became a map" => |f, r| field(f, r, |m, _| { m.label.clear(); m.type_name = format!("map<string, {}>", m.type_name); }),
    "field became repeated" => |f, r| field(f, r, |m, _| "repeated".clone_into(&mut m.label)),
    "field became optional" => |f, r| field(f, r, |m, _| "optional".clone_into(&mut m.label)),
    "field became required" => |f, r| field(f, r, |m, _| "required".clone_into(&mut m.label)),
    "field without label" => |f, r| field(f, r, |m, _| m.label.clear()),
    "JSON name" => |f, r| field(f, r, |m, _| *m = m.clone().with("json_name", "\"another\"")),
    "jstype" => |f, r| field(f, r, |m, r| *m = m.clone().with("jstype", &pick(r, &["JS_STRING", "JS_NUMBER", "JS_NORMAL"]))),
    "ctype" => |f, r| field(f, r, |m, r| *m = m.clone().with("ctype", &pick(r, &["CORD", "STRING_PIECE", "STRING"]))),
    "packed" => |f, r| field(f, r, |m, r| *m = m.clone().with("packed", &pick(r, &["true", "false"]))),
    "deprecated" => |f, r| field(f, r, |m, _| *m = m.clone().with("deprecated", "true")),
    "default" => |f, r| field(f, r, |m, r| *m = m.clone().with("default", &pick(r, &["7", "-1", "true", "\"x\"", "1.5", "inf"]))),
    "options gone" => |f, r| field(f, r, |m, _| m.options.clear()),
    "presence of a field" => |f, r| field(f, r, |m, r| *m = m.clone().with("features.field_presence", &pick(r, &["EXPLICIT", "IMPLICIT", "LEGACY_REQUIRED"]))),
    "UTF-8 of a field" => |f, r| field(f, r, |m, r| *m = m.clone().with("features.utf8_validation", &pick(r, &["VERIFY", "NONE"]))),
    "encoding of a message" => |f, r| field(f, r, |m, r| *m = m.clone().with("features.message_encoding", &pick(r, &["DELIMITED", "LENGTH_PREFIXED"]))),
    "field into a new oneof" => |f, r| member(f, r, Kind::Field, |m, _| Some(format!("oneof group_{} {{ {} }}", m.name, Member { label: String::new(), ..m.clone() }.text()))),
    "field out of its oneof" => |f, r| out_of_oneof(f, r),
    "field into a oneof that is there" => |f, r| into_oneof(f, r),
    "field added" => |f, r| insert(f, r, Kind::Message, |r| format!(" {} added_{} = {};", pick(r, &SCALARS), r.below(99), 200 + r.below(99))),
    "required field added" => |f, r| insert(f, r, Kind::Message, |r| format!(" required {} added_{} = {};", pick(r, &SCALARS), r.below(99), 200 + r.below(99))),
    "oneof renamed" => |f, r| renamed(f, r, Kind::Oneof),
    "oneof unwrapped" => |f, r| unwrapped(f, r),
    "value deleted" => |f, r| member(f, r, Kind::Value, |_, _| Some(String::new())),
    "value deleted, number reserved" => |f, r| member(f, r, Kind::Value, |m, _| Some(format!("reserved {};", m.number))),
    "value deleted, name reserved" => |f, r| member(f, r, Kind::Value, |m, _| Some(format!("reserved \"{}\";", m.name))),
    "value renamed" => |f, r| member(f, r, Kind::Value, |m, _| Some(Member { name: format!("{}_TOO", m.name), ..m.clone() }.text())),
    "value renumbered" => |f, r| member(f, r, Kind::Value, |m, r| Some(Member { number: m.number + 40 + number(r, 50), ..m.clone() }.text())),
    "value with a second name" => |f, r| member(f, r, Kind::Value, |m, _| Some(format!("option allow_alias = true; {} {}", m.text(), Member { name: format!("{}_TOO", m.name), ..m.clone() }.text()))),
    "value added" => |f, r| insert_last(f, r, Kind::Enum, |r| format!(" ADDED_{} = {};", r.below(999), 200 + r.below(99))),
    "enumeration opened or closed" => |f, r| insert(f, r, Kind::Enum, |r| format!(" option features.enum_type = {};", pick(r, &["OPEN", "CLOSED"]))),
    "JSON form of an enumeration" => |f, r| insert(f, r, Kind::Enum, |r| format!(" option features.json_format = {};", pick(r, &["ALLOW", "LEGACY_BEST_EFFORT"]))),
    "JSON form of a message" => |f, r| insert(f, r, Kind::Message, |r| format!(" option features.json_format = {};", pick(r, &["ALLOW", "LEGACY_BEST_EFFORT"]))),
    "message deleted" => |f, r| replaced(f, r, &[Kind::Message], |_, _| Some(String::new())),
    "enumeration deleted" => |f, r| replaced(f, r, &[Kind::Enum], |_, _| Some(String::new())),
    "message or enumeration renamed" => |f, r| type_renamed(f, r),
    "message or enumeration into another file" => |f, r| moved(f, r, &[Kind::Message, Kind::Enum]),
    "accessor of the descriptor" => |f, r| insert(f, r, Kind::Message, |r| format!(" option no_standard_descriptor_accessor = {};", pick(r, &["true", "false"]))),
    "reserved" => |f, r| insert(f, r, Kind::Message, |r| format!(" reserved {} to {}; reserved \"old_{}\";", 400 + r.below(9), 410 + r.below(9), r.below(9))),
    "reserved gone" => |f, r| replaced(f, r, &[Kind::Reserved], |_, _| Some(String::new())),
    "extension range smaller or gone" => |f, r| replaced(f, r, &[Kind::Extensions], |_, r| Some(pick(r, &["", "extensions 110 to 150;", "extensions 100 to max;"]))),
    "extensions gone" => |f, r| replaced(f, r, &[Kind::Extend], |_, _| Some(String::new())),
    "service deleted" => |f, r| replaced(f, r, &[Kind::Service], |_, _| Some(String::new())),
    "service renamed" => |f, r| renamed(f, r, Kind::Service),
    "service into another file" => |f, r| moved(f, r, &[Kind::Service]),
    "declaration into another package" => |f, r| repackaged(f, r),
    "rpc deleted" => |f, r| replaced(f, r, &[Kind::Rpc], |_, _| Some(String::new())),
    "rpc renamed" => |f, r| renamed(f, r, Kind::Rpc),
    "rpc with a stream" => |f, r| rpc(f, r, |side, _| Some(side.strip_prefix("stream ").map_or_else(|| format!("stream {side}"), str::to_owned))),
    "rpc of another message" => |f, r| rpc(f, r, |_, r| Some(pick(r, &["Tag", "google.protobuf.Empty", "google.protobuf.Any"]))),
    "rpc idempotent" => |f, r| insert(f, r, Kind::Rpc, |r| format!(" option idempotency_level = {};", pick(r, &["IDEMPOTENT", "NO_SIDE_EFFECTS", "IDEMPOTENCY_UNKNOWN"]))),
    "option of a file" => |f, r| file_option(f, r),
    "package, syntax or path of a file" => |f, r| file(f, r),
    "file deleted" => |f, r| { let path = path(f, r)?; f.remove(&path).map(|_| ()) },
];

const SCALARS: [&str; 15] = [
    "int32", "int64", "uint32", "uint64", "sint32", "sint64", "fixed32", "fixed64", "sfixed32", "sfixed64", "bool",
    "string", "bytes", "float", "double",
];

const OPTIONS: [(&str, &[&str]); 22] = [
    ("go_package", &["\"a.test/x;x\"", "\"b.test/y;y\""]),
    ("java_package", &["\"test.a\"", "\"test.b\""]),
    ("java_multiple_files", &["true", "false"]),
    ("java_outer_classname", &["\"OneProto\"", "\"TwoProto\""]),
    ("java_generic_services", &["true", "false"]),
    ("java_string_check_utf8", &["true", "false"]),
    ("cc_enable_arenas", &["true", "false"]),
    ("cc_generic_services", &["true", "false"]),
    ("py_generic_services", &["true", "false"]),
    ("csharp_namespace", &["\"One\"", "\"Two\""]),
    ("objc_class_prefix", &["\"ONE\"", "\"TWO\""]),
    ("swift_prefix", &["\"One\"", "\"Two\""]),
    ("php_class_prefix", &["\"One\"", "\"Two\""]),
    ("php_namespace", &["\"One\"", "\"Two\""]),
    ("php_metadata_namespace", &["\"One\"", "\"Two\""]),
    ("ruby_package", &["\"One\"", "\"Two\""]),
    ("optimize_for", &["SPEED", "CODE_SIZE", "LITE_RUNTIME"]),
    ("features.field_presence", &["EXPLICIT", "IMPLICIT"]),
    ("features.utf8_validation", &["VERIFY", "NONE"]),
    ("features.enum_type", &["OPEN", "CLOSED"]),
    ("features.json_format", &["ALLOW", "LEGACY_BEST_EFFORT"]),
    ("features.repeated_field_encoding", &["PACKED", "EXPANDED"]),
];

fn number(random: &mut Random, end: usize) -> i64 {
    i64::try_from(random.below(end)).unwrap()
}

fn pick(random: &mut Random, all: &[&str]) -> String {
    random.of(all).map(|one| (*one).to_owned()).unwrap_or_default()
}

fn path(files: &Files, random: &mut Random) -> Option<String> {
    let paths: Vec<&String> = files.keys().collect();
    random.of(&paths).map(|path| (*path).clone())
}

/// A random statement of these kinds, with its file.
fn any(files: &Files, random: &mut Random, kinds: &[Kind]) -> Option<(String, Node)> {
    let all: Vec<(&String, Node)> = files
        .iter()
        .flat_map(|(path, text)| nodes(text).into_iter().map(move |node| (path, node)))
        .filter(|(_, node)| kinds.contains(&node.kind))
        .collect();
    random.of(&all).map(|(path, node)| ((*path).clone(), node.clone()))
}

fn replace(files: &mut Files, path: &str, range: Range<usize>, text: &str) -> Option<()> {
    files.get_mut(path)?.replace_range(range, text);
    Some(())
}

fn replaced(
    files: &mut Files,
    random: &mut Random,
    kinds: &[Kind],
    with: fn(&Node, &mut Random) -> Option<String>,
) -> Option<()> {
    let (path, node) = any(files, random, kinds)?;
    let text = with(&node, random)?;
    replace(files, &path, node.span, &text)
}

fn member(
    files: &mut Files,
    random: &mut Random,
    kind: Kind,
    with: fn(&Member, &mut Random) -> Option<String>,
) -> Option<()> {
    let (path, node) = any(files, random, &[kind])?;
    let text = with(&Member::of(&node)?, random)?;
    replace(files, &path, node.span, &text)
}

fn field(files: &mut Files, random: &mut Random, change: fn(&mut Member, &mut Random)) -> Option<()> {
    let (path, node) = any(files, random, &[Kind::Field])?;
    let mut field = Member::of(&node)?;
    change(&mut field, random);
    replace(files, &path, node.span, &field.text())
}

/// Names of the messages and enumerations that stand in files themselves.
fn types(files: &Files) -> Vec<String> {
    let all = files.values().flat_map(|text| nodes(text));
    let types = all.filter(|node| node.depth == 0 && matches!(node.kind, Kind::Message | Kind::Enum));
    types.filter_map(|node| node.name().map(str::to_owned)).collect()
}

fn field_with(files: &mut Files, random: &mut Random, types: &[String]) -> Option<()> {
    let (path, node) = any(files, random, &[Kind::Field])?;
    let field = Member { type_name: random.of(types)?.clone(), ..Member::of(&node)? };
    replace(files, &path, node.span, &field.text())
}

/// Puts something at the start of a block; an rpc without one gets it.
fn insert(files: &mut Files, random: &mut Random, kind: Kind, text: fn(&mut Random) -> String) -> Option<()> {
    let (path, node) = any(files, random, &[kind])?;
    let text = text(random);
    match node.body {
        Some(body) => replace(files, &path, body.start..body.start, &text),
        None => replace(files, &path, node.span, &format!("{} {{{text} }}", node.header)),
    }
}

fn insert_last(files: &mut Files, random: &mut Random, kind: Kind, text: fn(&mut Random) -> String) -> Option<()> {
    let (path, node) = any(files, random, &[kind])?;
    let (end, text) = (node.body?.end, text(random));
    replace(files, &path, end..end, &format!("\n{text}\n"))
}

fn out_of_oneof(files: &mut Files, random: &mut Random) -> Option<()> {
    let (path, oneof) = any(files, random, &[Kind::Oneof])?;
    let body = oneof.body?;
    let text = files.get(&path)?.clone();
    let inside: Vec<Node> =
        nodes(&text).into_iter().filter(|node| node.kind == Kind::Field && body.contains(&node.span.start)).collect();
    let field = random.of(&inside)?.clone();
    let statement = text[field.span.clone()].to_owned();
    replace(files, &path, oneof.span.end..oneof.span.end, &format!(" {statement}"))?;
    replace(files, &path, field.span, "")
}

/// A field into a oneof of the same message.
fn into_oneof(files: &mut Files, random: &mut Random) -> Option<()> {
    let (path, field) = any(files, random, &[Kind::Field])?;
    let all = nodes(files.get(&path)?);
    let is_around =
        |node: &&Node| node.kind == Kind::Message && node.body.as_ref().is_some_and(|b| b.contains(&field.span.start));
    let message = all.iter().filter(is_around).max_by_key(|node| node.depth)?.clone();
    let inside = |node: &Node| message.span.contains(&node.span.start) && node.depth == message.depth + 1;
    let oneofs: Vec<Node> = all.into_iter().filter(|node| node.kind == Kind::Oneof && inside(node)).collect();
    let end = random.of(&oneofs)?.body.clone()?.end;
    let text = Member { label: String::new(), ..Member::of(&field)? }.text();
    // The later place first, so that the other one still holds.
    if end > field.span.start {
        replace(files, &path, end..end, &format!(" {text} "))?;
        replace(files, &path, field.span, "")
    } else {
        replace(files, &path, field.span, "")?;
        replace(files, &path, end..end, &format!(" {text} "))
    }
}

fn unwrapped(files: &mut Files, random: &mut Random) -> Option<()> {
    let (path, oneof) = any(files, random, &[Kind::Oneof])?;
    let inside = files.get(&path)?[oneof.body?].to_owned();
    replace(files, &path, oneof.span, &inside)
}

/// Another name for what nothing refers to.
fn renamed(files: &mut Files, random: &mut Random, kind: Kind) -> Option<()> {
    let (path, node) = any(files, random, &[kind])?;
    let name = node.name()?.to_owned();
    let text = files.get(&path)?[node.span.clone()].replacen(&name, &format!("{name}Too"), 1);
    replace(files, &path, node.span, &text)
}

/// Another name for a type, and for it wherever it is named.
fn type_renamed(files: &mut Files, random: &mut Random) -> Option<()> {
    let (_, node) = any(files, random, &[Kind::Message, Kind::Enum])?;
    let name = node.name()?.to_owned();
    let new = format!("{name}Too");
    for text in files.values_mut() {
        *text = with_word(text, &name, &new);
    }
    Some(())
}

fn with_word(text: &str, word: &str, new: &str) -> String {
    let is_part = |letter: char| letter.is_alphanumeric() || letter == '_';
    let mut result = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(word) {
        let (before, after) = (&rest[..at], &rest[at + word.len()..]);
        let is_whole = !before.ends_with(is_part) && !after.starts_with(is_part);
        result.push_str(before);
        result.push_str(if is_whole { new } else { word });
        rest = after;
    }
    result + rest
}

/// A declaration into a file that is there and of the same package, or into a new one.
fn moved(files: &mut Files, random: &mut Random, kinds: &[Kind]) -> Option<()> {
    let (path, node) = any(files, random, kinds)?;
    let all = nodes(files.get(&path)?);
    let head = |kind: Kind| all.iter().find(|node| node.kind == kind).map(|node| format!("{};\n", node.header));
    let (syntax, package) = (head(Kind::Syntax)?, head(Kind::Package)?);
    if node.depth > 0 {
        return None;
    }
    let statement = files.get(&path)?[node.span.clone()].to_owned();
    replace(files, &path, node.span, "")?;
    let others: Vec<String> = files
        .iter()
        .filter(|(other, text)| **other != path && text.contains(&syntax) && text.contains(&package))
        .map(|(other, _)| other.clone())
        .collect();
    let target = match random.of(&others) {
        Some(other) if random.below(2) == 0 => other.clone(),
        _ => {
            let folder = path.rsplit_once('/').map(|(folder, _)| format!("{folder}/")).unwrap_or_default();
            let target = format!("{folder}split_{}.proto", random.below(99));
            files.insert(target.clone(), format!("{syntax}{package}"));
            target
        }
    };
    // Who names the other file: whoever is left behind names what moved, or the other way round.
    let (from, to) = if kinds == [Kind::Service] { (&target, &path) } else { (&path, &target) };
    let import = format!("\nimport \"{to}\";\n");
    let importer = files.get_mut(from)?;
    if !importer.contains(import.trim()) {
        importer.push_str(&import);
    }
    files.get_mut(&target)?.extend(["\n", &statement, "\n"]);
    Some(())
}

/// A declaration into a new file of a package inside its own, where it finds all that it names.
fn repackaged(files: &mut Files, random: &mut Random) -> Option<()> {
    let (path, node) = any(files, random, &[Kind::Message, Kind::Enum, Kind::Service])?;
    let all = nodes(files.get(&path)?);
    let head = |kind: Kind| all.iter().find(|node| node.kind == kind).map(|node| node.header.clone());
    let (syntax, package) = (head(Kind::Syntax)?, head(Kind::Package)?);
    if node.depth > 0 {
        return None;
    }
    let statement = files.get(&path)?[node.span.clone()].to_owned();
    replace(files, &path, node.span, "")?;
    let target = format!("{}_apart.proto", path.trim_end_matches(".proto"));
    files.insert(target, format!("{syntax};\n{package}.apart;\nimport \"{path}\";\n{statement}\n"));
    Some(())
}

/// The request or the answer of an rpc.
fn rpc(files: &mut Files, random: &mut Random, with: fn(&str, &mut Random) -> Option<String>) -> Option<()> {
    let (path, node) = any(files, random, &[Kind::Rpc])?;
    let text = files.get(&path)?[node.span.clone()].to_owned();
    let open = text.match_indices('(').nth(random.below(2))?.0 + 1;
    let close = open + text[open..].find(')')?;
    let new = with(text[open..close].trim(), random)?;
    if new.starts_with("google.protobuf.") {
        let name = new.rsplit('.').next()?.to_lowercase();
        let import = format!("import \"google/protobuf/{name}.proto\";");
        if !files.get(&path)?.contains(&import) {
            let end = files.get(&path)?.len();
            replace(files, &path, end..end, &format!("\n{import}\n"))?;
        }
    }
    let start = node.span.start;
    replace(files, &path, start + open..start + close, &new)
}

fn file_option(files: &mut Files, random: &mut Random) -> Option<()> {
    let path = path(files, random)?;
    let (name, values) = *random.of(&OPTIONS)?;
    let statement = format!("option {name} = {};", pick(random, values));
    let all = nodes(files.get(&path)?);
    let is_it = |node: &&Node| node.depth == 0 && node.header.starts_with(&format!("option {name} "));
    match all.iter().find(is_it) {
        Some(node) if random.below(3) == 0 => replace(files, &path, node.span.clone(), ""),
        Some(node) => replace(files, &path, node.span.clone(), &statement),
        None => {
            let end = files.get(&path)?.len();
            replace(files, &path, end..end, &format!("\n{statement}\n"))
        }
    }
}

fn file(files: &mut Files, random: &mut Random) -> Option<()> {
    let path = path(files, random)?;
    match random.below(4) {
        0 => {
            let package = nodes(files.get(&path)?).into_iter().find(|node| node.kind == Kind::Package)?;
            let old = package.header.strip_prefix("package ")?.to_owned();
            // The whole package, or this file alone.
            for (other, text) in files.iter_mut() {
                if *other == path || random.below(2) == 0 {
                    *text = text.replace(&format!("package {old};"), &format!("package {old}.next;"));
                }
            }
            Some(())
        }
        1 => {
            let new = format!("{}_moved.proto", path.trim_end_matches(".proto"));
            let text = files.remove(&path)?;
            files.insert(new.clone(), text);
            for text in files.values_mut() {
                *text = text.replace(&format!("\"{path}\""), &format!("\"{new}\""));
            }
            Some(())
        }
        _ => {
            let syntax = nodes(files.get(&path)?).into_iter().find(|node| node.kind == Kind::Syntax)?;
            let new = pick(random, &["syntax = \"proto3\";", "syntax = \"proto2\";", "edition = \"2023\";"]);
            replace(files, &path, syntax.span, &new)
        }
    }
}
