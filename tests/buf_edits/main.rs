//! Random edits of `.proto` files, judged by us and by `buf breaking` in each of its four categories.
//!
//! `BUF=PROGRAM cargo test --test buf_edits -- --ignored --nocapture` makes 2,000 cases, or as many as `BUF_EDITS`
//! says, out of the files in `seeds.rs`, or of those below `BUF_PROTOS`, an import root. `BUF_SEED` draws others, and
//! cases in which verdicts differ are kept in the folder `BUF_KEEP`.
//! A case that buf does not compile is left out and counted.
#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

mod edits;
mod seeds;
mod source;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

use contract_lint::model::problem::ProblemKind;
use contract_lint::settings::{self, Arguments};
use contract_lint::{compare, read_contracts};
use edits::Random;
use serde_json::Value;
use source::Files;

type Ids = BTreeSet<String>;

/// The categories, as buf calls them and as our configuration does.
const CATEGORIES: [(&str, &str); 4] =
    [("FILE", "file"), ("PACKAGE", "package"), ("WIRE_JSON", "wire-json"), ("WIRE", "wire")];

/// Ids of buf for what we know, and take for harmless; why. `diff --all` tells it by the same id.
const HARMLESS: [(&str, &str); 1] =
    [("RPC_SAME_IDEMPOTENCY_LEVEL", "an rpc that became idempotent, or free of effects, may be called as before")];

/// What buf alone says, of a package of others: a module that no longer imports a file of protobuf itself takes nothing
/// from those who do.
const BUF_ALONE: [&str; 3] = ["PACKAGE_NO_DELETE", "PACKAGE_MESSAGE_NO_DELETE", "PACKAGE_ENUM_NO_DELETE"];

/// One case: files before and after, and what was done to them.
struct Case {
    base: Files,
    head: Files,
    edits: Vec<&'static str>,
}

fn case(sets: &[Files], random: &mut Random) -> Case {
    let base = random.of(sets).unwrap().clone();
    let (mut head, mut edits) = (base.clone(), Vec::new());
    let wanted = 1 + random.below(3);
    // Whoever deleted the only file has no place left for anything else.
    while edits.len() < wanted && !head.is_empty() {
        let edit = random.of(&edits::ALL).unwrap();
        if edit.apply(&mut head, random) {
            edits.push(edit.name);
        }
    }
    Case { base, head, edits }
}

fn write(files: &Files, folder: &Path) {
    fs::create_dir_all(folder).unwrap();
    for (path, text) in files {
        let path = folder.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
}

/// Each file below a folder with all that it imports, if that is there.
fn sets_below(folder: &str) -> Vec<Files> {
    let root = Path::new(folder);
    let protos = walkdir::WalkDir::new(root).sort_by_file_name().into_iter().map(Result::unwrap);
    let protos = protos.filter(|entry| entry.path().extension().is_some_and(|extension| extension == "proto"));
    let read = |entry: walkdir::DirEntry| {
        let path = entry.path().strip_prefix(root).unwrap().to_str().unwrap().replace('\\', "/");
        Some((path, fs::read_to_string(entry.path()).ok()?))
    };
    let all: Files = protos.filter_map(read).filter(|(path, _)| !path.starts_with("google/protobuf/")).collect();
    all.keys().filter_map(|path| closure(&all, path)).collect()
}

fn closure(all: &Files, path: &str) -> Option<Files> {
    let (mut files, mut open) = (Files::new(), vec![path.to_owned()]);
    while let Some(path) = open.pop() {
        if files.contains_key(&path) || path.starts_with("google/protobuf/") {
            continue;
        }
        let text = all.get(&path)?;
        let imports = source::nodes(text).into_iter().filter(|node| node.header.starts_with("import "));
        open.extend(imports.filter_map(|node| node.header.split('"').nth(1).map(str::to_owned)));
        files.insert(path, text.clone());
    }
    Some(files)
}

#[test]
fn every_edit_finds_a_place_and_what_it_makes_is_read() {
    let (sets, mut random) = (seeds::all(), Random(1));
    let settings = settings::load(&Arguments::default(), &[]).unwrap();
    for edit in &edits::ALL {
        let is_readable = |files: &Files| {
            let folder = tempfile::tempdir().unwrap();
            write(files, folder.path());
            let analysis = read_contracts(&[folder.path().to_owned()], &settings);
            analysis.problems.iter().all(|problem| problem.kind == ProblemKind::Note)
        };
        // A deleted file that was alone leaves nothing to read.
        let is_applied = (0..100).any(|_| {
            let mut files = random.of(&sets).unwrap().clone();
            edit.apply(&mut files, &mut random) && !files.is_empty() && is_readable(&files)
        });
        assert!(is_applied, "`{}` never makes what can be read", edit.name);
    }
}

#[test]
fn a_seed_does_not_differ_from_itself() {
    let settings = settings::load(&Arguments::default(), &[]).unwrap();
    for files in seeds::all() {
        let folder = tempfile::tempdir().unwrap();
        let sides = ["base", "head"].map(|side| folder.path().join(side));
        sides.iter().for_each(|side| write(&files, side));
        let analysis = compare(sides[0].to_str().unwrap(), sides[1].to_str().unwrap(), &settings);
        assert_eq!(analysis.problems, []);
        assert_eq!(analysis.changes, []);
    }
}

/// Ids of buf by its category.
fn members(buf: &str) -> BTreeMap<&'static str, Ids> {
    let output =
        Command::new(buf).args(["config", "ls-breaking-rules", "--version", "v2", "--format", "json"]).output();
    let text = String::from_utf8(output.unwrap().stdout).unwrap();
    let rules: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let of = |category: &str| {
        let is_in = |rule: &&Value| rule["categories"].as_array().unwrap().iter().any(|one| one == category);
        rules.iter().filter(is_in).map(|rule| rule["id"].as_str().unwrap().to_owned()).collect()
    };
    CATEGORIES.map(|(category, _)| (category, of(category))).into_iter().collect()
}

/// What buf says in all its categories; none if it does not compile one side.
fn theirs(buf: &str, base: &Path, head: &Path) -> Option<Ids> {
    let config = r#"{"version": "v2", "breaking": {"use": ["FILE", "PACKAGE", "WIRE_JSON", "WIRE"]}}"#;
    let arguments = ["--config", config, "--error-format", "json"];
    let output = Command::new(buf).arg("breaking").arg(head).arg("--against").arg(base).args(arguments).output();
    let output = output.unwrap();
    if !matches!(output.status.code(), Some(0 | 100)) {
        return None;
    }
    let text = String::from_utf8(output.stdout).unwrap();
    let findings = text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let word = |finding: &Value, key: &str| finding[key].as_str().unwrap().to_owned();
    let is_told = |finding: &Value| {
        let (id, message) = (word(finding, "type"), word(finding, "message"));
        !(BUF_ALONE.contains(&id.as_str()) && message.contains("package \"google.protobuf\""))
    };
    let ids: Ids = findings.filter(is_told).map(|finding| word(&finding, "type")).collect();
    // What cannot be compiled is a finding of this name.
    (!ids.contains("COMPILE")).then_some(ids)
}

/// The ids of what breaks, and of what does not.
#[derive(Default)]
struct Said {
    breaking: Ids,
    harmless: Ids,
}

/// What the program says in a category.
fn ours(base: &Path, head: &Path, level: &str) -> Result<Said, String> {
    let config = base.parent().unwrap().join(format!("{level}.yaml"));
    fs::write(&config, format!("protobuf: {{compatibility: {level}}}\n")).unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_contract-lint"))
        .arg("diff")
        .args([base, head])
        .args(["--as", "buf", "--all", "--format", "json", "--config"])
        .arg(&config)
        .output()
        .unwrap();
    if !matches!(output.status.code(), Some(0 | 1)) {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned());
    }
    let all: Value = serde_json::from_slice(&output.stdout).unwrap();
    let mut said = Said::default();
    for change in all["changes"].as_array().unwrap() {
        let is_harmless = change["breaking"] == false && change["unknown"].is_null();
        let ids = if is_harmless { &mut said.harmless } else { &mut said.breaking };
        ids.insert(change["rule"].as_str().unwrap().to_owned());
    }
    Ok(said)
}

/// What was compared, and where verdicts differ.
#[derive(Default)]
struct Tally {
    compared: usize,
    /// Cases that buf does not compile.
    left_out: usize,
    silent: BTreeMap<&'static str, usize>,
    agreed: Ids,
    edits: BTreeMap<&'static str, usize>,
    excused: usize,
    differences: BTreeMap<String, Vec<String>>,
}

impl Tally {
    fn note(&mut self, case: &Case, seed: u64, category: &'static str, ours: &Result<Said, String>, theirs: &Ids) {
        let ours = match ours {
            Ok(ours) => ours,
            Err(why) => {
                let place = format!("{seed} {:?}", case.edits);
                self.differences.entry(format!("{category}: no verdict: {why}")).or_default().push(place);
                return;
            }
        };
        *self.silent.entry(category).or_default() += usize::from(theirs.is_empty());
        self.agreed.extend(ours.breaking.intersection(theirs).cloned());
        let differing = ours.breaking.symmetric_difference(theirs).map(|id| (id, theirs.contains(id)));
        let differing: Vec<(&String, bool)> = differing.collect();
        let is_excused = |(id, by_buf): &(&String, bool)| {
            *by_buf && ours.harmless.contains(*id) && HARMLESS.iter().any(|(excused, _)| excused == id)
        };
        self.excused += differing.iter().filter(|one| is_excused(one)).count();
        let open: Vec<String> = differing
            .iter()
            .filter(|one| !is_excused(one))
            .map(|(id, by_buf)| format!("{id} ({})", if *by_buf { "buf alone" } else { "ours alone" }))
            .collect();
        if !open.is_empty() {
            let place = format!("{seed} {:?}", case.edits);
            self.differences.entry(format!("{category}: {}", open.join(", "))).or_default().push(place);
        }
    }

    #[expect(clippy::print_stdout, reason = "whoever runs it wants to see how much was compared")]
    fn tell(&self) {
        let Self { compared, left_out, silent, agreed, edits, excused, differences } = self;
        println!("{compared} cases compared in four categories, {left_out} left out that buf does not compile");
        println!("{} kinds of edits, {} ids in both, {excused} differences on purpose", edits.len(), agreed.len());
        println!("cases without a finding of buf: {silent:?}");
        for (what, places) in differences {
            println!("{:5} {what}: {}", places.len(), places[..places.len().min(3)].join("; "));
        }
        assert!(differences.is_empty(), "{} kinds of differences", differences.len());
    }
}

#[test]
#[ignore = "runs buf: see the top of the file"]
fn verdicts_are_those_of_buf_in_every_category() {
    let number = |name: &str, otherwise| std::env::var(name).map_or(otherwise, |text| text.parse().unwrap());
    let buf = std::env::var("BUF").unwrap();
    let (wanted, first) = (number("BUF_EDITS", 2000), number("BUF_SEED", 1) << 32);
    let sets = std::env::var("BUF_PROTOS").map_or_else(|_| seeds::all(), |folder| sets_below(&folder));
    assert!(!sets.is_empty(), "no files to edit");
    let keep = std::env::var("BUF_KEEP");
    let members = members(&buf);
    assert!(members.values().all(|ids| !ids.is_empty()), "buf named no rules");
    let (tally, next) = (Mutex::new(Tally::default()), AtomicU64::new(first));
    let is_done = || tally.lock().unwrap().compared >= usize::try_from(wanted).unwrap();
    let work = || {
        while !is_done() {
            let seed = next.fetch_add(1, Ordering::Relaxed);
            assert!(seed - first < 20 * wanted, "buf compiles hardly anything of this");
            let case = case(&sets, &mut Random(seed));
            let folder = tempfile::tempdir().unwrap();
            let (base, head) = (folder.path().join("base"), folder.path().join("head"));
            write(&case.base, &base);
            write(&case.head, &head);
            let Some(theirs) = theirs(&buf, &base, &head) else {
                tally.lock().unwrap().left_out += 1;
                continue;
            };
            let verdicts = CATEGORIES.map(|(category, level)| (category, ours(&base, &head, level)));
            let mut tally = tally.lock().unwrap();
            tally.compared += 1;
            case.edits.iter().for_each(|edit| *tally.edits.entry(edit).or_default() += 1);
            let found = tally.differences.values().map(Vec::len).sum::<usize>();
            for (category, ours) in &verdicts {
                let theirs = theirs.intersection(&members[category]).cloned().collect();
                tally.note(&case, seed, category, ours, &theirs);
            }
            if let (Ok(keep), true) = (&keep, tally.differences.values().map(Vec::len).sum::<usize>() > found) {
                let folder = Path::new(keep).join(seed.to_string());
                write(&case.base, &folder.join("base"));
                write(&case.head, &folder.join("head"));
            }
        }
    };
    thread::scope(|scope| {
        scope.spawn(work);
        scope.spawn(work);
    });
    tally.into_inner().unwrap().tell();
}
