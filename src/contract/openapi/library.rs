//! The YAML and JSON files of one revision, each parsed at most once, and only when asked for; and
//! references from one place in them to another.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::OnceLock;

use percent_encoding::percent_decode_str;
use serde_json::Value;

use super::parse::{self, Parsed};
use crate::contract::pointer;
use crate::model::problem::Problem;
use crate::model::source::{FileId, FileKind, Revision, Site, Sources};

/// References in a row before a chain of them is given up.
const MAX_HOPS: usize = 64;

/// The files that references may lead to.
#[derive(Debug)]
pub(super) struct Library<'a> {
    sources: &'a Sources,
    by_path: BTreeMap<&'a str, FileId>,
    parsed: BTreeMap<FileId, OnceLock<Parsed>>,
}

/// A value and the place where it is written.
#[derive(Clone, Debug)]
pub(super) struct Node<'a> {
    /// The value.
    pub(super) value: &'a Value,
    /// Its file.
    pub(super) file: FileId,
    /// JSON pointer to it.
    pub(super) pointer: String,
}

#[expect(dead_code, reason = "the readers of the next commits use all of them")]
impl<'a> Node<'a> {
    /// The member of this mapping with this key.
    pub(super) fn get(&self, key: &str) -> Option<Node<'a>> {
        Some(self.child(key, self.value.get(key)?))
    }

    /// What stands under a key, or an index written as text, of this value.
    pub(super) fn child(&self, token: &str, value: &'a Value) -> Node<'a> {
        Node { value, file: self.file, pointer: pointer::child(&self.pointer, token) }
    }

    /// The members of this mapping, in order; none if it is no mapping.
    pub(super) fn members(&self) -> impl Iterator<Item = (&'a str, Node<'a>)> + use<'a, '_> {
        let members = self.value.as_object().into_iter().flatten();
        members.map(|(key, value)| (key.as_str(), self.child(key, value)))
    }

    /// The items of this list, in order; none if it is no list.
    pub(super) fn items(&self) -> impl Iterator<Item = Node<'a>> + use<'a, '_> {
        let items = self.value.as_array().into_iter().flatten().enumerate();
        items.map(|(at, value)| self.child(&at.to_string(), value))
    }

    /// Its text, if it is a string.
    pub(super) fn as_str(&self) -> Option<&'a str> {
        self.value.as_str()
    }

    /// Whether it is true or false, if it is one of them.
    pub(super) fn as_bool(&self) -> Option<bool> {
        self.value.as_bool()
    }

    /// Its number, if it is one.
    pub(super) fn as_number(&self) -> Option<serde_json::Number> {
        self.value.as_number().cloned()
    }

    /// Whether it is a mapping.
    pub(super) fn is_object(&self) -> bool {
        self.value.is_object()
    }

    /// Whether it is a list.
    pub(super) fn is_array(&self) -> bool {
        self.value.is_array()
    }

    /// Whether it is null.
    pub(super) fn is_null(&self) -> bool {
        self.value.is_null()
    }

    /// Whether it is a mapping that has this key.
    pub(super) fn has(&self, key: &str) -> bool {
        self.value.get(key).is_some()
    }

    /// A copy of everything in it.
    pub(super) fn to_value(&self) -> Value {
        self.value.clone()
    }

    /// The target of this node if it is a reference, as written.
    pub(super) fn reference(&self) -> Option<&'a str> {
        self.value.get("$ref")?.as_str()
    }

    /// Its place.
    pub(super) fn site(&self) -> Site {
        Site::Pointer { file: self.file, pointer: self.pointer.as_str().into() }
    }

    /// The place of one of its keys.
    pub(super) fn site_of(&self, key: &str) -> Site {
        Site::Pointer { file: self.file, pointer: pointer::child(&self.pointer, key).into() }
    }

    /// Which node it is, among all of a library.
    pub(super) fn id(&self) -> NodeId {
        (self.file, self.pointer.clone())
    }
}

/// What identifies a node.
pub(super) type NodeId = (FileId, String);

impl<'a> Library<'a> {
    /// The files of a revision, unparsed.
    pub(super) fn new(sources: &'a Sources, revision: Revision) -> Self {
        let files = sources
            .iter()
            .filter(|(_, file)| file.revision == revision && matches!(file.kind, FileKind::Yaml | FileKind::Json));
        let by_path: BTreeMap<_, _> = files.map(|(id, file)| (file.path.as_str(), id)).collect();
        let parsed = by_path.values().map(|id| (*id, OnceLock::new())).collect();
        Self { sources, by_path, parsed }
    }

    /// The sources it was made from.
    pub(super) const fn sources(&self) -> &'a Sources {
        self.sources
    }

    /// The whole document of a file; null if it is broken or no file of this library.
    pub(super) fn root(&self, file: FileId) -> Node<'_> {
        let value = self.parsed(file).map_or(&Value::Null, |parsed| &parsed.value);
        Node { value, file, pointer: String::new() }
    }

    /// What is wrong with the text of a file.
    pub(super) fn problems(&self, file: FileId) -> &[Problem] {
        self.parsed(file).map_or(&[], |parsed| &parsed.problems)
    }

    fn parsed(&self, file: FileId) -> Option<&Parsed> {
        let cell = self.parsed.get(&file)?;
        Some(cell.get_or_init(|| parse::parse(file, self.sources.get(file))))
    }

    /// What a reference written in `from` leads to: one step, the target may be a reference again.
    pub(super) fn resolve(&self, from: FileId, reference: &str) -> Result<Node<'_>, String> {
        self.resolve_within(from, reference, MAX_HOPS)
    }

    fn resolve_within(&self, from: FileId, reference: &str, hops: usize) -> Result<Node<'_>, String> {
        let (path, fragment) = reference.split_once('#').unwrap_or((reference, ""));
        let file = if path.is_empty() { from } else { self.file(from, path)? };
        let Ok(fragment) = percent_decode_str(fragment).decode_utf8() else {
            return Err("its fragment is not UTF-8".to_owned());
        };
        if !fragment.is_empty() && !fragment.starts_with('/') {
            return Err(format!("`#{fragment}` is no JSON pointer, and anchors are not followed"));
        }
        self.walk(self.root(file), &fragment, hops)
    }

    /// Goes down a pointer; a reference on the way is followed where its siblings do not help.
    fn walk<'l>(&'l self, root: Node<'l>, fragment: &str, mut hops: usize) -> Result<Node<'l>, String> {
        let mut node = root;
        for token in pointer::tokens(fragment) {
            while member(node.value, &token).is_none()
                && let Some(reference) = node.reference()
            {
                hops = hops.checked_sub(1).ok_or("it goes through a cycle of references")?;
                node = self.resolve_within(node.file, reference, hops)?;
            }
            let Some(value) = member(node.value, &token) else {
                return Err(self.missing(&node, &token));
            };
            node = node.child(&token, value);
        }
        Ok(node)
    }

    fn missing(&self, node: &Node<'_>, token: &str) -> String {
        let path = &self.sources.get(node.file).path;
        match (node.value, node.pointer.as_str()) {
            (Value::Null, "") => format!("`{path}` could not be read"),
            (_, "") => format!("`{path}` has no `{token}`"),
            (_, pointer) => format!("`{path}` has no `{token}` in `{pointer}`"),
        }
    }

    /// The file that a path written in `from` means.
    fn file(&self, from: FileId, path: &str) -> Result<FileId, String> {
        if path.contains("://") || path.starts_with("//") {
            return Err("references to the network are not followed".to_owned());
        }
        let own = self.sources.get(from).path.as_str();
        let decoded = percent_decode_str(path).decode_utf8().unwrap_or(Cow::Borrowed(path));
        let candidates = [path, &*decoded].map(|path| join(own, path));
        let found = candidates.iter().flatten().find_map(|path| self.by_path.get(path.as_str()));
        found.copied().ok_or_else(|| match &candidates[1] {
            Some(path) => format!("there is no file `{path}`"),
            None => "it leads out of the workspace".to_owned(),
        })
    }
}

/// A member by key, or an item by index.
fn member<'v>(value: &'v Value, token: &str) -> Option<&'v Value> {
    match value {
        Value::Object(members) => members.get(token),
        Value::Array(items) => items.get(pointer::index(token)?),
        _ => None,
    }
}

/// `path` as seen from the folder of `own`; `None` if it leads above the root. A leading `/` means
/// a path of the machine or of a server, which is neither.
fn join(own: &str, path: &str) -> Option<String> {
    if path.starts_with('/') {
        return None;
    }
    let mut parts: Vec<&str> = own.split('/').collect();
    parts.pop();
    for part in path.split(['/', '\\']) {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            name => parts.push(name),
        }
    }
    Some(parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::source::SourceFile;

    fn sources(files: &[(&str, &str)]) -> Sources {
        let mut sources = Sources::default();
        for (path, text) in files {
            let kind = if path.ends_with("json") { FileKind::Json } else { FileKind::Yaml };
            sources.push(SourceFile::new(*path, Revision::Head, kind, *text));
        }
        sources
    }

    fn resolve(sources: &Sources, reference: &str) -> Result<(String, String), String> {
        let library = Library::new(sources, Revision::Head);
        let node = library.resolve(FileId(0), reference)?;
        Ok((sources.get(node.file).path.clone() + "#" + &node.pointer, node.value.to_string()))
    }

    #[test]
    fn references_lead_to_places() {
        let sources = sources(&[
            ("api/a.yaml", "x: {a/b: {m~n: 1}, \"c d\": 2}\ny: [{z: 3}]\n"),
            ("common/my file.json", r#"{"p": 4}"#),
        ]);
        for (reference, place, value) in [
            ("#/x/a~1b/m~0n", "api/a.yaml#/x/a~1b/m~0n", "1"),
            ("#/x/c%20d", "api/a.yaml#/x/c d", "2"),
            ("./a.yaml#/y/0/z", "api/a.yaml#/y/0/z", "3"),
            ("../common/my%20file.json#/p", "common/my file.json#/p", "4"),
            ("../common/my file.json", "common/my file.json#", "{\"p\":4}"),
        ] {
            assert_eq!(resolve(&sources, reference), Ok((place.to_owned(), value.to_owned())), "{reference}");
        }
    }

    #[test]
    fn references_never_leave_the_workspace() {
        let sources = sources(&[("a.yaml", "x: 1\n"), ("etc/passwd.yaml", "y: 1\n")]);
        assert!(resolve(&sources, "../etc/passwd.yaml").unwrap_err().contains("out of the workspace"));
        assert!(resolve(&sources, "/etc/passwd.yaml").unwrap_err().contains("out of the workspace"));
        assert!(resolve(&sources, "https://example.com/a.yaml#/x").unwrap_err().contains("network"));
        assert!(resolve(&sources, "b.yaml").unwrap_err().contains("no file `b.yaml`"));
        assert!(resolve(&sources, "#/y").unwrap_err().contains("has no `y`"));
        assert!(resolve(&sources, "#anchor").unwrap_err().contains("anchors"));
        assert!(resolve(&sources, "#/%ff").unwrap_err().contains("UTF-8"));
    }

    #[test]
    fn a_pointer_may_go_through_a_reference() {
        let sources =
            sources(&[("a.yaml", "x: {$ref: 'b.yaml#/y'}\nloop: {$ref: '#/loop/z'}\n"), ("b.yaml", "y: {z: 1}\n")]);
        assert_eq!(resolve(&sources, "#/x/z"), Ok(("b.yaml#/y/z".to_owned(), "1".to_owned())));
        assert!(resolve(&sources, "#/loop/q").unwrap_err().contains("cycle"));
    }
}
