//! The table of rules, their documents and their modules agree.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::ALL;
use crate::check::document::Document;

/// Paths below `folder` that end in `.extension`, without it and with `-` for `_`.
fn names(folder: &str, extension: &str) -> BTreeSet<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let files = walkdir::WalkDir::new(&root).into_iter().map(|entry| entry.unwrap().into_path());
    let named = files.filter(|path| path.extension().is_some_and(|found| found == extension));
    let relative = named.map(|path| path.strip_prefix(&root).unwrap().with_extension(""));
    // What stands beside the families (`mod.rs`, `tests.rs`) is no rule.
    let in_family = relative.filter(|path: &PathBuf| path.components().count() == 2);
    in_family.map(|path| path.to_str().unwrap().replace('_', "-")).collect()
}

#[test]
fn rules_documents_and_modules_agree() {
    let registered: BTreeSet<String> = ALL.iter().map(|rule| rule.id.to_owned()).collect();
    let sides = [
        ("document `rules/{}.md`", names("rules", "md")),
        ("module `src/rules/{}.rs`, with `_` for `-`", names("src/rules", "rs")),
        ("line of `{}` in `ALL` of `src/rules/mod.rs`", registered),
    ];
    let every: BTreeSet<&String> = sides.iter().flat_map(|(_, names)| names).collect();
    let missing: Vec<String> = sides
        .iter()
        .flat_map(|(what, names)| {
            every.iter().filter(|name| !names.contains(**name)).map(move |name| what.replace("{}", name))
        })
        .collect();
    assert!(missing.is_empty(), "to add:\n  {}", missing.join("\n  "));
}

#[test]
fn rules_are_sorted_and_unique() {
    assert!(ALL.is_sorted_by(|a, b| a.id < b.id), "`ALL` is sorted by id, each rule once");
}

#[test]
fn a_document_says_everything_and_agrees_with_its_rule() {
    for rule in ALL {
        let document = Document::parse(rule.doc).unwrap_or_else(|error| panic!("{}.md: {error}", rule.id));
        assert_eq!(Some(document.name.as_str()), rule.id.split('/').nth(1), "heading of {}.md", rule.id);
        assert_eq!(document.level, rule.level, "level of {}", rule.id);
        for heading in ["What", "Why", "Limits", "Configuration"] {
            let text = document.section(heading).unwrap_or_default();
            assert!(!text.is_empty(), "{}.md: section `{heading}` is missing", rule.id);
        }
        for good in [false, true] {
            let number = document.examples.iter().filter(|example| example.good == good).count();
            assert!(number >= 2, "{}.md: two examples or more, good: {good}", rule.id);
        }
        let summary = &document.summary;
        assert!(!summary.ends_with('.') && !summary.contains('\n'), "{}: one sentence, no full stop", rule.id);
    }
}

#[test]
fn no_alias_is_the_id_of_a_rule() {
    let ids: BTreeSet<&str> = ALL.iter().map(|rule| rule.id).collect();
    for rule in ALL {
        let document = Document::parse(rule.doc).unwrap();
        assert!(document.aliases.iter().all(|alias| !ids.contains(alias.as_str())), "{}", rule.id);
    }
}
