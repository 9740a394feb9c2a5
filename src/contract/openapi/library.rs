//! The YAML and JSON files of one revision, each parsed at most once, and only when asked for; and
//! references from one place in them to another.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::OnceLock;

use percent_encoding::percent_decode_str;

use super::anchors::Anchors;
pub(super) use super::node::{Node, NodeId};
use super::parse::{self, Parsed};
use crate::document::pointer;
use crate::document::{self, Index, Tree};
use crate::model::problem::Problem;
use crate::model::source::{FileId, FileKind, Revision, Sources};

/// References in a row before a chain of them is given up.
const MAX_HOPS: usize = 64;

/// The files that references may lead to.
#[derive(Debug)]
pub(super) struct Library<'a> {
    sources: &'a Sources,
    revision: Revision,
    by_path: BTreeMap<&'a str, FileId>,
    files: BTreeMap<FileId, File>,
    /// The tree of what is no file of this library.
    nothing: Tree,
}

/// A file, read when somebody asks for it.
#[derive(Debug, Default)]
struct File {
    parsed: OnceLock<Parsed>,
    anchors: OnceLock<Anchors>,
}

impl<'a> Library<'a> {
    /// The files of a revision, unparsed.
    pub(super) fn new(sources: &'a Sources, revision: Revision) -> Self {
        let files = sources
            .iter()
            .filter(|(_, file)| file.revision == revision && matches!(file.kind, FileKind::Yaml | FileKind::Json));
        let by_path: BTreeMap<_, _> = files.map(|(id, file)| (file.path.as_str(), id)).collect();
        let files = by_path.values().map(|id| (*id, File::default())).collect();
        let (nothing, _) = document::read(&"".into(), FileKind::Json);
        Self { sources, revision, by_path, files, nothing }
    }

    /// The sources it was made from.
    pub(super) const fn sources(&self) -> &'a Sources {
        self.sources
    }

    /// The first document of a file; null if it is broken or no file of this library.
    pub(super) fn root(&self, file: FileId) -> Node<'_> {
        self.node(file, self.tree(file).first())
    }

    /// Every document of a file: YAML may hold several. At least one.
    pub(super) fn roots(&self, file: FileId) -> Vec<Node<'_>> {
        self.tree(file).roots().iter().map(|root| self.node(file, *root)).collect()
    }

    /// What is wrong with the text of a file.
    pub(super) fn problems(&self, file: FileId) -> &[Problem] {
        self.parsed(file).map_or(&[], |parsed| &parsed.problems)
    }

    fn parsed(&self, file: FileId) -> Option<&Parsed> {
        let parsed = &self.files.get(&file)?.parsed;
        Some(parsed.get_or_init(|| parse::parse(file, self.sources.get(file))))
    }

    fn tree(&self, file: FileId) -> &Tree {
        self.parsed(file).map_or(&self.nothing, |parsed| &parsed.tree)
    }

    fn node(&self, file: FileId, at: Index) -> Node<'_> {
        Node::new(file, self.tree(file), at)
    }

    /// What a reference written in the first document of `from` leads to.
    #[cfg(test)]
    fn resolve(&self, from: FileId, reference: &str) -> Result<Node<'_>, String> {
        self.resolve_from(&self.root(from), reference)
    }

    /// What a reference written at a node leads to: one step, the target may be a reference again.
    pub(super) fn resolve_from<'l>(&'l self, from: &Node<'l>, reference: &str) -> Result<Node<'l>, String> {
        self.resolve_within(from, reference, MAX_HOPS)
    }

    fn resolve_within<'l>(&'l self, from: &Node<'l>, reference: &str, hops: usize) -> Result<Node<'l>, String> {
        let (path, fragment) = reference.split_once('#').unwrap_or((reference, ""));
        let root = self.document(from, path)?;
        let Ok(fragment) = percent_decode_str(fragment).decode_utf8() else {
            return Err("its fragment is not UTF-8".to_owned());
        };
        if fragment.is_empty() || fragment.starts_with('/') {
            return self.walk(root, &fragment, hops);
        }
        let anchor = self.anchors(root.file).and_then(|anchors| anchors.named(&fragment));
        let found = anchor.map(|at| self.node(root.file, at));
        found.ok_or_else(|| format!("`{}` has no anchor `{fragment}`", self.path(root.file)))
    }

    /// The document, or the schema with an `$id`, that the part of a reference before `#` means.
    fn document<'l>(&'l self, from: &Node<'l>, path: &str) -> Result<Node<'l>, String> {
        if path.is_empty() {
            return Ok(from.document());
        }
        self.file(from.file, path).map(|file| self.root(file)).or_else(|why| {
            let schema = self.anchors(from.file).and_then(|anchors| anchors.with_id(path));
            schema.map(|at| self.node(from.file, at)).ok_or(why)
        })
    }

    fn anchors(&self, file: FileId) -> Option<&Anchors> {
        let anchors = &self.files.get(&file)?.anchors;
        Some(anchors.get_or_init(|| Anchors::of(self.tree(file))))
    }

    /// Goes down a pointer; a reference on the way is followed where its siblings do not help.
    fn walk<'l>(&'l self, root: Node<'l>, fragment: &str, mut hops: usize) -> Result<Node<'l>, String> {
        let mut node = root;
        for token in pointer::tokens(fragment) {
            node = loop {
                if let Some(next) = node.child(&token) {
                    break next;
                }
                let Some(reference) = node.reference() else { return Err(self.missing(&node, &token)) };
                hops = hops.checked_sub(1).ok_or("it goes through a cycle of references")?;
                node = self.resolve_within(&node, reference, hops)?;
            };
        }
        Ok(node)
    }

    fn missing(&self, node: &Node<'_>, token: &str) -> String {
        let path = self.path(node.file);
        match node.pointer().as_str() {
            "" if node.is_null() => format!("`{path}` could not be read"),
            "" => format!("`{path}` has no `{token}`"),
            pointer => format!("`{path}` has no `{token}` in `{pointer}`"),
        }
    }

    fn path(&self, file: FileId) -> &'a str {
        &self.sources.get(file).path
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
            Some(path) => self.absent(path),
            None => "it leads out of the workspace".to_owned(),
        })
    }

    /// Why a path of the workspace is no file of this library.
    fn absent(&self, path: &str) -> String {
        let mut others = self.sources.iter().map(|(_, file)| file);
        if others.any(|file| file.revision == self.revision && file.path == path) {
            return format!("`{path}` is neither YAML nor JSON");
        }
        format!("there is no file `{path}` among those that were read; it is missing, ignored or could not be read")
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
        Ok((sources.get(node.file).path.clone() + "#" + &node.pointer(), node.to_value().to_string()))
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
        assert!(resolve(&sources, "#anchor").unwrap_err().contains("no anchor `anchor`"));
        assert!(resolve(&sources, "#/%ff").unwrap_err().contains("UTF-8"));
    }

    #[test]
    fn a_pointer_may_go_through_a_reference() {
        let sources =
            sources(&[("a.yaml", "x: {$ref: 'b.yaml#/y'}\nloop: {$ref: '#/loop/z'}\n"), ("b.yaml", "y: {z: 1}\n")]);
        assert_eq!(resolve(&sources, "#/x/z"), Ok(("b.yaml#/y/z".to_owned(), "1".to_owned())));
        assert!(resolve(&sources, "#/loop/q").unwrap_err().contains("cycle"));
    }

    #[test]
    fn anchors_and_ids_name_schemas() {
        let sources = sources(&[
            (
                "a.yaml",
                "$id: https://x.org/api/root.json\n$defs:\n  N: {$anchor: node, v: 1}\n  D: {$dynamicAnchor: dyn, v: 2}\n  I: {$id: other.json, w: {v: 3}}\n",
            ),
            ("b.json", r#"{"x": {"$anchor": "far", "v": 4}}"#),
        ]);
        for (reference, place) in [
            ("#node", "a.yaml#/$defs/N"),
            ("#dyn", "a.yaml#/$defs/D"),
            ("b.json#far", "b.json#/x"),
            ("other.json#/w", "a.yaml#/$defs/I/w"),
            ("https://x.org/api/other.json", "a.yaml#/$defs/I"),
            ("https://x.org/api/root.json#/$defs/N", "a.yaml#/$defs/N"),
        ] {
            assert_eq!(resolve(&sources, reference).map(|found| found.0), Ok(place.to_owned()), "{reference}");
        }
        assert!(resolve(&sources, "https://x.org/api/unknown.json").unwrap_err().contains("network"));
    }

    #[test]
    fn a_reference_stays_in_its_document() {
        let sources = sources(&[("a.yaml", "x: 1\ny: {$ref: '#/x'}\n---\nx: 2\ny: {$ref: '#/x'}\n")]);
        let library = Library::new(&sources, Revision::Head);
        let [first, second] = library.roots(FileId(0)).try_into().unwrap();
        for (root, place) in [(first, "/x"), (second, "#2/x")] {
            let from = root.get("y").unwrap();
            let target = library.resolve_from(&from, from.reference().unwrap()).unwrap();
            assert_eq!(target.pointer(), place);
        }
    }

    #[test]
    fn what_is_there_but_no_document_is_told_from_what_is_missing() {
        let mut sources = sources(&[("a.yaml", "x: 1\n")]);
        sources.push(SourceFile::new("b.proto", Revision::Head, FileKind::Proto, ""));
        assert!(resolve(&sources, "b.proto").unwrap_err().contains("neither YAML nor JSON"));
        assert!(resolve(&sources, "c.yaml").unwrap_err().contains("missing, ignored"));
    }

    #[test]
    fn aliases_share_what_they_mean() {
        let sources = sources(&[("a.yaml", "x: &x {y: {z: 1}}\nw: *x\nv: {<<: *x}\n")]);
        assert_eq!(resolve(&sources, "#/w/y/z").unwrap().0, "a.yaml#/x/y/z");
        assert_eq!(resolve(&sources, "#/v/y/z").unwrap().0, "a.yaml#/x/y/z");
        assert_eq!(resolve(&sources, "#/w").unwrap().1, r#"{"y":{"z":1}}"#);
    }
}
