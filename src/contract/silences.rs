//! `x-contract-lint-ignore: {rule: reason}` of OpenAPI documents, on whatever element.
//!
//! JSON has no comments, and a document that is generated from code keeps extensions and drops comments. The
//! value is a mapping from rules to reasons; anything else names no rule, and is told.

use crate::document::{self, Index, Kind, Tree};
use crate::model::contract::Silence;
use crate::model::source::{FileId, FileKind, Revision, Site, SourceFile, Sources};

/// The extension.
const KEY: &str = "x-contract-lint-ignore";

/// Every entry in the documents of Head that somebody here writes, by file and place.
#[must_use]
pub(super) fn read(sources: &Sources) -> Vec<Silence> {
    let mut silences = Vec::new();
    for (id, file) in sources.iter().filter(|(_, file)| may_hold_one(file)) {
        let (tree, _) = document::read(&file.text, file.kind);
        for at in tree.all().filter(|at| tree.key(*at) == KEY) {
            silences.append(&mut entries(&tree, at, id));
        }
    }
    silences
}

fn may_hold_one(file: &SourceFile) -> bool {
    let is_document = matches!(file.kind, FileKind::Yaml | FileKind::Json);
    let foreign = file.provenance.generated || file.provenance.vendored;
    is_document && file.revision == Revision::Head && !foreign && file.text.contains(KEY)
}

fn entries(tree: &Tree, at: Index, file: FileId) -> Vec<Silence> {
    let element = tree.parent(at).map(|parent| tree.pointer(parent)).unwrap_or_default();
    let entry = |at: Index, rule: &str, reason: &str| Silence {
        file,
        element: element.clone(),
        rule: rule.to_owned(),
        reason: reason.trim().to_owned(),
        site: Site::Pointer { file, pointer: tree.pointer(at).into() },
    };
    let reason = |at| tree.written(at).filter(|_| tree.kind(at) == Kind::Text).unwrap_or_default();
    let entries: Vec<Silence> =
        tree.members(at).map(|member| entry(member, tree.key(member), reason(member))).collect();
    if entries.is_empty() { vec![entry(at, "", "")] } else { entries }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn silences(text: &str) -> Vec<(String, String, String)> {
        let mut sources = Sources::default();
        sources.push(SourceFile::new("api.yaml", Revision::Head, FileKind::Yaml, text));
        read(&sources).into_iter().map(|it| (it.element, it.rule, it.reason)).collect()
    }

    #[test]
    fn an_entry_is_a_rule_and_a_reason() {
        let text =
            "a:\n  b:\n    x-contract-lint-ignore:\n      breaking/field-removed: nobody reads it\n      other: 1\n";
        let expected = [("breaking/field-removed", "nobody reads it"), ("other", "")];
        assert_eq!(silences(text), expected.map(|(rule, why)| ("/a/b".to_owned(), rule.to_owned(), why.to_owned())));
    }

    #[test]
    fn what_names_no_rule_is_kept_to_be_told() {
        for value in ["true", "breaking/field-removed", "[breaking/field-removed]", "{}"] {
            let text = format!("a: {{x-contract-lint-ignore: {value}}}\n");
            assert_eq!(silences(&text), [("/a".to_owned(), String::new(), String::new())], "{value}");
        }
    }
}
