//! Our findings about protobuf beside those of `buf breaking`, on cases that somebody else generates.
//!
//! `BUF_CASES=DIR cargo test --test buf -- --ignored`: each folder of DIR has a `base`, a `head` and a
//! file `buf.txt` with the ids that buf gave over its categories. Every difference is printed. See
//! `benches/README.md` for how cases are made.
#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use contract_lint::settings::{self, Arguments};
use contract_lint::{Input, analyse};

type Ids = BTreeSet<String>;

fn ours(case: &Path) -> Ids {
    let roots = vec![case.join("head")];
    let arguments = Arguments { roots: roots.clone(), ..Arguments::default() };
    let settings = settings::load(&arguments, &[]).unwrap();
    let input = Input { roots, against: Some(case.join("base").to_string_lossy().into_owned()) };
    let analysis = analyse(&input, &settings);
    analysis.changes.iter().flat_map(|change| change.aliases.iter().cloned()).collect()
}

#[test]
#[ignore = "needs cases and their verdicts by buf: see benches/README.md"]
fn every_verdict_of_buf_is_ours() {
    let folder = std::env::var("BUF_CASES").unwrap();
    let mut kinds: BTreeMap<String, (usize, String)> = BTreeMap::new();
    let mut cases: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    cases.retain(|case| case.join("buf.txt").exists());
    cases.sort();
    for case in &cases {
        let theirs: Ids = std::fs::read_to_string(case.join("buf.txt")).unwrap().lines().map(str::to_owned).collect();
        let ours = ours(case);
        let missing: Vec<&str> = theirs.difference(&ours).map(String::as_str).collect();
        let surplus: Vec<&str> = ours.difference(&theirs).map(String::as_str).collect();
        // Deleting the last message of a package is a deletion too, which buf overlooks.
        let is_last = surplus.iter().all(|id| id.starts_with("PACKAGE_") && id.ends_with("_NO_DELETE"));
        if !(missing.is_empty() && (surplus.is_empty() || is_last)) {
            let name = case.file_name().unwrap().to_string_lossy().into_owned();
            let kind =
                kinds.entry(format!("missing [{}] surplus [{}]", missing.join(" "), surplus.join(" "))).or_default();
            kind.0 += 1;
            kind.1.push(' ');
            kind.1.push_str(&name);
        }
    }
    let differences: usize = kinds.values().map(|(count, _)| count).sum();
    println!("{} cases, {differences} with a difference", cases.len());
    for (kind, (count, names)) in &kinds {
        println!("{count:5} {kind}:{}", names.chars().take(120).collect::<String>());
    }
    assert!(kinds.is_empty());
}
