//! One OpenAPI document at a time, beside the bare parsers on the same bytes.

use std::fmt;
use std::path::PathBuf;

use contract_lint::contract::{marks::MarkTable, openapi};
use contract_lint::model::source::{FileKind, Revision, Sources, Workspace};
use divan::Bencher;
use divan::counter::BytesCount;

use crate::generate::{Side, document_json, document_yaml};
use crate::input::{Case, alone, bytes_of};

/// Names a real OpenAPI document in JSON.
const REAL: &str = "CONTRACT_LINT_BENCH_OPENAPI";

/// A document to measure on.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Document {
    /// One with so many operations.
    Generated(usize),
    /// The one that the environment names.
    Real(PathBuf),
}

impl fmt::Display for Document {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Generated(operations) => write!(f, "{operations} operations"),
            Self::Real(_) => f.write_str("real"),
        }
    }
}

impl Document {
    fn json(&self) -> String {
        match self {
            Self::Generated(operations) => document_json(0, *operations, Side::Base),
            Self::Real(path) => std::fs::read_to_string(path).expect("the real document can be read"),
        }
    }

    fn yaml(&self) -> String {
        match self {
            Self::Generated(operations) => document_yaml(0, *operations, Side::Base),
            Self::Real(_) => {
                let value: serde_json::Value = serde_json::from_str(&self.json()).expect("the real document is JSON");
                serde_yaml::to_string(&value).expect("a JSON value can be written as YAML")
            }
        }
    }
}

/// Three sizes, each twice the one before, to see how time grows; and the real one.
fn documents(smallest: usize) -> Vec<Document> {
    let generated = [1, 2, 4].map(|times| Document::Generated(times * smallest));
    generated.into_iter().chain(std::env::var_os(REAL).map(|path| Document::Real(path.into()))).collect()
}

/// The largest of them has about 20 MB.
fn json_documents() -> Vec<Document> {
    documents(2_500)
}

/// YAML takes longer.
fn yaml_documents() -> Vec<Document> {
    documents(1_000)
}

#[divan::bench(args = json_documents(), sample_count = 7)]
fn json(bencher: Bencher<'_, '_>, document: &Document) {
    load(bencher, &alone("api.json", FileKind::Json, document.json()), document);
}

#[divan::bench(args = json_documents(), sample_count = 7)]
fn json_bare_serde_json(bencher: Bencher<'_, '_>, document: &Document) {
    let text = document.json();
    bencher.counter(BytesCount::of_str(&text)).bench_local(|| serde_json::from_str::<serde_json::Value>(&text));
}

#[divan::bench(args = yaml_documents(), sample_count = 7)]
fn yaml(bencher: Bencher<'_, '_>, document: &Document) {
    load(bencher, &alone("api.yaml", FileKind::Yaml, document.yaml()), document);
}

#[divan::bench(args = yaml_documents(), sample_count = 7)]
fn yaml_bare_serde_yaml(bencher: Bencher<'_, '_>, document: &Document) {
    let text = document.yaml();
    bencher.counter(BytesCount::of_str(&text)).bench_local(|| serde_yaml::from_str::<serde_yaml::Value>(&text));
}

/// Several documents at once, to see that all cores are used: as many bytes as the largest one alone.
#[divan::bench(args = [1, 2, 4], sample_count = 7)]
fn json_side_by_side(bencher: Bencher<'_, '_>, files: usize) {
    let mut sources = Sources::default();
    for file in 0..files {
        let text = document_json(file, 10_000 / files, Side::Base);
        sources.push(contract_lint::model::source::SourceFile::new(
            format!("{file}.json"),
            Revision::Head,
            FileKind::Json,
            text,
        ));
    }
    load(bencher, &sources, &Document::Generated(10_000));
}

fn load(bencher: Bencher<'_, '_>, sources: &Sources, document: &Document) {
    let (workspace, settings) = (Workspace::default(), &Case::Small.prepared().settings);
    let marks = MarkTable::new(settings);
    let load = || openapi::load(sources, Revision::Head, &workspace, settings, &marks);
    let read = load().0.operations.len();
    match document {
        Document::Generated(operations) => assert_eq!(read, *operations, "every operation is read"),
        Document::Real(_) => assert!(read > 0, "the real document has operations"),
    }
    bencher.counter(BytesCount::new(bytes_of(sources))).bench_local(load);
}
