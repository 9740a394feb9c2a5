//! One YAML or JSON text into one tree of values, whatever the text does to us.
//!
//! Both formats go through the same visitor, so that both see duplicate keys, both keep the order of
//! keys, and a bomb of YAML aliases runs into a budget before it runs into memory. Depth is limited
//! by the two parsers themselves (128 levels), which every later recursion over a tree relies on.

use std::cell::{Cell, RefCell};
use std::fmt;

use serde::de::{DeserializeSeed, EnumAccess, Error, MapAccess, SeqAccess, VariantAccess, Visitor};
use serde_json::{Map, Number, Value};

use crate::contract::pointer;
use crate::model::problem::{Problem, ProblemKind};
use crate::model::source::{FileId, FileKind, Site, SourceFile, Span};

/// Nodes and bytes that aliases and merge keys may add to what the text itself holds.
const EXPANSION: usize = 2 << 20;

/// A parsed file. The value is null if the syntax is broken.
#[derive(Debug)]
pub(super) struct Parsed {
    /// The first document of the file.
    pub(super) value: Value,
    /// What is wrong with the text.
    pub(super) problems: Vec<Problem>,
}

/// Parses a file. Of two equal keys in one mapping the later one counts, as in most parsers.
pub(super) fn parse(id: FileId, file: &SourceFile) -> Parsed {
    let builder = Builder {
        budget: Cell::new(file.text.len().saturating_add(EXPANSION)),
        duplicates: RefCell::default(),
        yaml: file.kind != FileKind::Json,
    };
    let result = if builder.yaml { parse_yaml(&builder, file) } else { parse_json(&builder, file) };
    match result {
        Ok(value) => Parsed { value, problems: builder.problems(id) },
        Err(broken) => Parsed { value: Value::Null, problems: vec![broken.into_problem(id, file)] },
    }
}

fn parse_json(builder: &Builder, file: &SourceFile) -> Result<Value, Broken> {
    let mut deserializer = serde_json::Deserializer::from_str(&file.text);
    let value = Node(builder).deserialize(&mut deserializer).and_then(|value| deserializer.end().map(|()| value));
    value.map_err(|error| {
        let (line, column) = (error.line(), error.column());
        let start = file.line_starts().get(line.saturating_sub(1)).copied().unwrap_or(0) as usize;
        Broken { at: start + column.saturating_sub(1), message: without_place(&error.to_string(), line, column) }
    })
}

fn parse_yaml(builder: &Builder, file: &SourceFile) -> Result<Value, Broken> {
    let Some(document) = serde_yaml::Deserializer::from_str(&file.text).next() else { return Ok(Value::Null) };
    Node(builder).deserialize(document).map_err(|error| {
        let (line, column) = error.location().map_or((0, 0), |at| (at.line(), at.column()));
        let at = byte_of(file, line, column);
        Broken { at, message: without_place(&error.to_string(), line, column) }
    })
}

/// The byte offset of a 1-based line and a 1-based column in characters.
fn byte_of(file: &SourceFile, line: usize, column: usize) -> usize {
    let start = file.line_starts().get(line.saturating_sub(1)).copied().unwrap_or(0) as usize;
    let rest = file.text.get(start..).unwrap_or_default();
    rest.char_indices().nth(column.saturating_sub(1)).map_or(file.text.len(), |(at, _)| start + at)
}

/// A parser's message without the place, which the problem's site says better.
fn without_place(message: &str, line: usize, column: usize) -> String {
    message.replacen(&format!(" at line {line} column {column}"), "", 1)
}

/// Broken syntax at a byte of the text.
struct Broken {
    at: usize,
    message: String,
}

impl Broken {
    fn into_problem(self, id: FileId, file: &SourceFile) -> Problem {
        let at = u32::try_from(self.at.min(file.text.len())).unwrap_or(u32::MAX);
        let format = if file.kind == FileKind::Json { "JSON" } else { "YAML" };
        let message = format!("the {format} of this file cannot be read: {}", self.message);
        Problem::at(ProblemKind::ContractUnreadable, Site::Span(Span::new(id, at, at)), message)
    }
}

/// What is shared while one text is read.
struct Builder {
    /// Nodes and bytes of text that may still be made.
    budget: Cell<usize>,
    /// Pointers of duplicate keys; each one is completed, innermost token first, on the way out.
    duplicates: RefCell<Vec<Vec<String>>>,
    yaml: bool,
}

impl Builder {
    fn spend<E: Error>(&self, amount: usize) -> Result<(), E> {
        let left = self.budget.get().checked_sub(amount);
        self.budget.set(left.unwrap_or(0));
        left.map(|_| ()).ok_or_else(|| E::custom("aliases make this document too large"))
    }

    /// Adds `token` to the duplicates found since there were `from` of them.
    fn inside(&self, from: usize, token: impl FnOnce() -> String) {
        let mut duplicates = self.duplicates.borrow_mut();
        if duplicates.len() > from {
            let token = token();
            duplicates.iter_mut().skip(from).for_each(|path| path.push(token.clone()));
        }
    }

    fn problems(self, id: FileId) -> Vec<Problem> {
        let problem = |path: Vec<String>| {
            let mut pointer = String::new();
            path.iter().rev().for_each(|token| pointer::push(&mut pointer, token));
            let key = path.first().map_or("", String::as_str);
            let site = Site::Pointer { file: id, pointer: pointer.into() };
            let message = format!("the key `{key}` occurs more than once, only the last one is used");
            Problem::at(ProblemKind::ContractUnreadable, site, message)
        };
        self.duplicates.into_inner().into_iter().map(problem).collect()
    }
}

/// Reads one node.
#[derive(Clone, Copy)]
struct Node<'b>(&'b Builder);

impl<'de> DeserializeSeed<'de> for Node<'_> {
    type Value = Value;

    fn deserialize<D: serde::Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Node<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Value, E> {
        self.0.spend(1)?;
        Ok(Value::Bool(value))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Value, E> {
        self.0.spend(1)?;
        Ok(Value::Number(value.into()))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Value, E> {
        self.0.spend(1)?;
        Ok(Value::Number(value.into()))
    }

    /// Integers that need more than 64 bits are read as floats, as JSON does.
    #[expect(clippy::cast_precision_loss, reason = "such numbers are bounds and examples, not amounts")]
    fn visit_i128<E: Error>(self, value: i128) -> Result<Value, E> {
        self.visit_f64(value as f64)
    }

    #[expect(clippy::cast_precision_loss, reason = "such numbers are bounds and examples, not amounts")]
    fn visit_u128<E: Error>(self, value: u128) -> Result<Value, E> {
        self.visit_f64(value as f64)
    }

    /// `.nan` and `.inf` have no counterpart in JSON.
    fn visit_f64<E: Error>(self, value: f64) -> Result<Value, E> {
        self.0.spend(1)?;
        Ok(Number::from_f64(value).map_or(Value::Null, Value::Number))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Value, E> {
        self.0.spend(value.len().max(1))?;
        Ok(Value::String(value.to_owned()))
    }

    fn visit_string<E: Error>(self, value: String) -> Result<Value, E> {
        self.0.spend(value.len().max(1))?;
        Ok(Value::String(value))
    }

    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        self.0.spend(1)?;
        Ok(Value::Null)
    }

    fn visit_none<E: Error>(self) -> Result<Value, E> {
        self.visit_unit()
    }

    fn visit_some<D: serde::Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        self.deserialize(deserializer)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<Value, A::Error> {
        self.0.spend(1)?;
        let mut items = Vec::new();
        loop {
            let before = self.0.duplicates.borrow().len();
            let Some(item) = sequence.next_element_seed(self)? else { return Ok(Value::Array(items)) };
            self.0.inside(before, || items.len().to_string());
            items.push(item);
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut mapping: A) -> Result<Value, A::Error> {
        self.0.spend(1)?;
        let (mut members, mut merged) = (Map::new(), Vec::new());
        while let Some(key) = mapping.next_key::<String>()? {
            self.0.spend(key.len())?;
            let before = self.0.duplicates.borrow().len();
            let value = mapping.next_value_seed(self)?;
            self.0.inside(before, || key.clone());
            if self.0.yaml && key == "<<" {
                merged.push(value);
            } else if members.contains_key(&key) {
                self.0.duplicates.borrow_mut().push(vec![key.clone()]);
                members.insert(key, value);
            } else {
                members.insert(key, value);
            }
        }
        for value in merged {
            merge(&mut members, value);
        }
        Ok(Value::Object(members))
    }

    /// A value with a tag of its own (`!include x`) is read as if the tag were not there.
    fn visit_enum<A: EnumAccess<'de>>(self, tagged: A) -> Result<Value, A::Error> {
        let (_tag, content): (String, _) = tagged.variant()?;
        content.newtype_variant_seed(self)
    }
}

/// Applies a YAML merge key: keys that are there already win, of several mappings the first.
fn merge(members: &mut Map<String, Value>, from: Value) {
    match from {
        Value::Object(base) => {
            for (key, value) in base {
                members.entry(key).or_insert(value);
            }
        }
        Value::Array(bases) => {
            for base in bases {
                merge(members, base);
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use serde_json::json;

    use super::*;
    use crate::model::source::{Revision, Sources};

    fn parsed(kind: FileKind, text: &str) -> (Parsed, Sources) {
        let mut sources = Sources::default();
        let id = sources.push(SourceFile::new("a", Revision::Head, kind, text));
        (parse(id, sources.get(id)), sources)
    }

    fn broken_at(kind: FileKind, text: &str) -> (u32, u32, String) {
        let (parsed, sources) = parsed(kind, text);
        assert_eq!(parsed.value, Value::Null);
        let [problem] = parsed.problems.as_slice() else { panic!("{:?}", parsed.problems) };
        let Some(Site::Span(span)) = problem.site else { panic!("{problem:?}") };
        let at = sources.start(span);
        (at.line, at.column, problem.message.clone())
    }

    #[test]
    fn yaml_and_json_give_the_same_tree() {
        let yaml = "a: {b: [1, 2.5, true, null, x]}\n200: y\n1.10: z\n";
        let json = r#"{"a": {"b": [1, 2.5, true, null, "x"]}, "200": "y", "1.10": "z"}"#;
        assert_eq!(parsed(FileKind::Yaml, yaml).0.value, parsed(FileKind::Json, json).0.value);
    }

    #[test]
    fn anchors_and_merge_keys_are_applied() {
        let text = "x: &x {a: 1, b: 1}\ny: &y {b: 2, c: 2}\nz: {<<: [*x, *y], a: 3}\nw: *x\n";
        let value = parsed(FileKind::Yaml, text).0.value;
        assert_eq!(value["z"], json!({"a": 3, "b": 1, "c": 2}));
        assert_eq!(value["w"], json!({"a": 1, "b": 1}));
    }

    #[test]
    fn a_tag_of_its_own_does_not_lose_the_document() {
        let value = parsed(FileKind::Yaml, "a: !include x.yaml\nb: !t {c: 1}\nd: !!str 5\n").0.value;
        assert_eq!(value, json!({"a": "x.yaml", "b": {"c": 1}, "d": "5"}));
    }

    #[test]
    fn a_duplicate_key_is_a_problem_and_the_last_one_counts() {
        for (kind, text) in [(FileKind::Json, r#"{"a":[0,{"b":1,"b":2}]}"#), (FileKind::Yaml, "a: [0, {b: 1, b: 2}]")] {
            let (parsed, _) = parsed(kind, text);
            assert_eq!(parsed.value, json!({"a": [0, {"b": 2}]}));
            let [problem] = parsed.problems.as_slice() else { panic!("{:?}", parsed.problems) };
            let Some(Site::Pointer { pointer, .. }) = &problem.site else { panic!("{problem:?}") };
            assert_eq!(&**pointer, "/a/1/b");
        }
    }

    #[test]
    fn broken_syntax_is_told_with_line_and_column() {
        let (line, column, message) = broken_at(FileKind::Json, "{\n  \"ä\": 1,\n  \"b\" 2\n}");
        assert_eq!((line, column), (3, 7), "{message}");
        let (line, column, message) = broken_at(FileKind::Yaml, "a: 1\nü: [1\nb: 2\n");
        assert_eq!((line, column), (3, 2), "{message}");
        assert!(!message.contains("line 3"), "{message}");
    }

    #[test]
    fn ten_thousand_levels_do_not_overflow_the_stack() {
        let deep = 10_000;
        let (_, _, message) = broken_at(FileKind::Json, &("[".repeat(deep) + &"]".repeat(deep)));
        assert!(message.contains("recursion limit"), "{message}");
        let (_, _, message) = broken_at(FileKind::Yaml, &("[".repeat(deep) + &"]".repeat(deep)));
        assert!(message.contains("recursion limit"), "{message}");
        let block = (0..deep).fold(String::new(), |text, level| text + &" ".repeat(level) + "a:\n");
        assert!(broken_at(FileKind::Yaml, &block).2.contains("recursion limit"));
    }

    #[test]
    fn alias_bombs_end_in_a_problem() {
        let mut laughs = "a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol]\n".to_owned();
        for level in 1..10 {
            let refs = vec![format!("*a{}", level - 1); 9].join(", ");
            writeln!(laughs, "a{level}: &a{level} [{refs}]").unwrap();
        }
        broken_at(FileKind::Yaml, &laughs);
        let wide = format!("a: &a [{}]\nb: [{}]\n", vec!["1"; 20_000].join(","), vec!["*a"; 20_000].join(","));
        assert!(broken_at(FileKind::Yaml, &wide).2.contains("too large"));
        let long = format!("a: &a {}\nb: [{}]\n", "x".repeat(100_000), vec!["*a"; 20_000].join(","));
        assert!(broken_at(FileKind::Yaml, &long).2.contains("too large"));
    }

    #[test]
    fn of_several_documents_the_first_is_read() {
        assert_eq!(parsed(FileKind::Yaml, "a: 1\n---\nb: [\n").0.value, json!({"a": 1}));
        assert_eq!(parsed(FileKind::Yaml, "").0.value, Value::Null);
    }
}
