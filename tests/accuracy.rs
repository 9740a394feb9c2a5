//! The map of a small tree is what the judges of `benches/accuracy` say of it.
#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

#[path = "../benches/accuracy/compare.rs"]
mod compare;
#[path = "../benches/accuracy/sites.rs"]
mod sites;

use std::fs;
use std::path::Path;
use std::process::Command;

use compare::{Truth, Verdict, compare};
use serde_json::{Value, json};

const TINY: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/accuracy/tiny");

fn judged(map: &Value, table: &str) -> Verdict {
    let mut truth = Truth::default();
    truth.read(table).unwrap();
    compare(map, &truth)
}

/// What differs between the map of a tiny tree and its truth: nothing.
fn is_mapped_without_fault(name: &str) {
    let tree = format!("{TINY}/{name}");
    let mut program = Command::new(env!("CARGO_BIN_EXE_contract-lint"));
    let output = program.args(["map", "--format", "json", &tree]).output().unwrap();
    let map = serde_json::from_slice(&output.stdout).unwrap();
    let verdict = judged(&map, &fs::read_to_string(format!("{TINY}/{name}.tsv")).unwrap());
    similar_asserts::assert_eq!(verdict.differences, Vec::<String>::new());
    assert_eq!(verdict.scores.len(), 3, "calls, reads and writes were judged");
}

#[test]
fn a_small_go_service_is_mapped_without_fault() {
    // What the Go type checker says: `go run . ../tiny/shop` in `benches/accuracy/go`.
    is_mapped_without_fault("shop");
}

#[test]
fn a_small_java_client_is_mapped_without_its_generated_code() {
    // What javac says, with the generated code on its class path: `java/truth.sh tiny/desk CLASSPATH`.
    is_mapped_without_fault("desk");
}

fn read_edge(line: u64, field: &str, confidence: &str) -> Value {
    json!({
        "file": "a.go", "line": line, "role": "consumer", "access": "read", "operation": null,
        "declaredField": field, "confidence": confidence, "foreign": false,
    })
}

#[test]
fn what_the_judge_cannot_name_counts_neither_way() {
    let edges = [read_edge(3, "v1.Cart.items", "certain"), read_edge(4, "v1.Cart.total", "likely")];
    let verdict = judged(&json!({ "edges": edges }), "read\t?\t?\ta.go\t3\t3\nfile\t\t\ta.go\t0\n");
    assert_eq!(verdict.differences, ["a.go:4: wrong reads: v1.Cart total"]);
}

#[test]
fn what_is_missed_and_what_is_wrong_are_told_apart() {
    let edges = [read_edge(3, "v1.Cart.items", "certain"), read_edge(4, "v1.Cart.total", "likely")];
    let verdict = judged(
        &json!({ "edges": edges }),
        "read\tCart\titems\ta.go\t3\nread\tItem\tproduct_id\ta.go\t5\t5\nfile\t\t\tb.go\t0\n",
    );
    assert_eq!(verdict.differences, ["a.go:4: wrong reads: v1.Cart total", "a.go:5: missed reads: Item product_id"]);
    let score = verdict.scores.values().next().unwrap();
    assert!((score.precision() - 0.5).abs() < f64::EPSILON && (score.recall() - 0.5).abs() < f64::EPSILON);
    assert!(verdict.to_string().contains("0.500 (1/2)"));
}

#[test]
fn guesses_unjudged_files_and_kinds_count_for_nothing() {
    let edges = [read_edge(3, "v1.Cart.items", "possible"), read_edge(4, "v1.Cart.total", "certain")];
    let verdict = judged(&json!({ "edges": edges }), "file\twrite\t\ta.go\t0\nfile\t\t\tb.go\t0\n");
    assert!(verdict.scores.is_empty() && verdict.differences.is_empty());
}

#[test]
fn what_is_known_from_code_alone_is_not_judged() {
    let edges = [read_edge(3, "Answer.text", "certain"), read_edge(4, "v1.Cart.total", "certain")];
    let fields = |kind: &str, id: &str| json!({ "kind": kind, "operations": [], "fields": [{ "id": id }] });
    let contracts =
        [fields("code", "Answer.text"), fields("code", "v1.Cart.total"), fields("protobuf", "v1.Cart.total")];
    let verdict = judged(&json!({ "contracts": contracts, "edges": edges }), "file\t\t\ta.go\t0\n");
    assert_eq!(verdict.differences, ["a.go:4: wrong reads: v1.Cart total"]);
}

#[test]
fn labels_of_single_files_are_counted() {
    let table = "# a remark\na/b\tc0ffee\tsrc/x.py\t10\tyes\tnothing ends it\na/b\tc0ffee\tsrc/x.py\t30\tyes\tthe same\na/b\tc0ffee\tsrc/x.py\t50\tno\ta poll\n";
    let files = sites::read(table).unwrap();
    let mut tally = sites::Tally::default();
    let finding = |rule: &str, line: u64| json!({ "rule": rule, "line": line });
    let findings = json!({ "findings": [finding("r", 11), finding("r", 51), finding("other", 30)] });
    for (file, labels) in &files {
        assert_eq!((file.place().as_str(), file.name()), ("a/b/c0ffee/src/x.py", "x.py"));
        tally.add(file, labels, &findings, "r");
    }
    assert_eq!(tally.scores["py"], sites::Score { right: 1, wrong: 1, missed: 1, silent: 1 });
    assert_eq!(tally.differences, ["a/b/c0ffee/src/x.py:30: missed: the same", "a/b/c0ffee/src/x.py:51: wrong"]);
    assert!(tally.to_string().ends_with("precision 0.500, recall 0.500\n"));
    assert!(sites::read("a/b\tc0ffee\tx.py\t1\tmaybe\t?\n").is_err());
    // The labels that are kept can be read.
    for folder in ["retries", "callers"] {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/accuracy").join(folder);
        for entry in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            if entry.extension().is_some_and(|it| it == "tsv") {
                assert!(!sites::read(&fs::read_to_string(entry).unwrap()).unwrap().is_empty());
            }
        }
    }
}
