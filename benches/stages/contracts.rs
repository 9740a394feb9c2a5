//! Contracts: loading them, and finding places in them.

use contract_lint::contract::{self, marks::MarkTable, openapi, protobuf};
use contract_lint::model::source::{FileKind, Revision, Sources, Workspace};
use divan::Bencher;
use divan::counter::{BytesCount, ItemsCount};

use crate::generate::{Side, document_json, document_yaml, package};
use crate::input::{Case, alone, cases, cases_where};

/// Operations of one generated contract.
const OPERATIONS: [usize; 2] = [200, 800];

/// One OpenAPI document in YAML, by its number of operations.
#[divan::bench(args = OPERATIONS, sample_count = 10)]
fn openapi_yaml(bencher: Bencher<'_, '_>, operations: usize) {
    load_openapi(bencher, &alone("api.yaml", FileKind::Yaml, document_yaml(0, operations, Side::Base)), operations);
}

/// The bare parser on the same document.
#[divan::bench(args = OPERATIONS, sample_count = 10)]
fn openapi_yaml_bare_serde_yaml(bencher: Bencher<'_, '_>, operations: usize) {
    let text = document_yaml(0, operations, Side::Base);
    bencher.counter(BytesCount::of_str(&text)).bench_local(|| serde_yaml::from_str::<serde_yaml::Value>(&text));
}

/// One OpenAPI document in JSON, by its number of operations.
#[divan::bench(args = OPERATIONS, sample_count = 10)]
fn openapi_json(bencher: Bencher<'_, '_>, operations: usize) {
    load_openapi(bencher, &alone("api.json", FileKind::Json, document_json(0, operations, Side::Base)), operations);
}

/// The bare parser on the same document.
#[divan::bench(args = OPERATIONS, sample_count = 10)]
fn openapi_json_bare_serde_json(bencher: Bencher<'_, '_>, operations: usize) {
    let text = document_json(0, operations, Side::Base);
    bencher.counter(BytesCount::of_str(&text)).bench_local(|| serde_json::from_str::<serde_json::Value>(&text));
}

/// One protobuf package, by its number of operations.
#[divan::bench(args = OPERATIONS, sample_count = 10)]
fn protobuf_package(bencher: Bencher<'_, '_>, operations: usize) {
    let sources = alone("svc0/v1/svc0.proto", FileKind::Proto, package(0, operations, Side::Base));
    let (workspace, marks) = (Workspace::default(), marks());
    let load = || protobuf::load(&sources, Revision::Head, &workspace, &marks);
    assert_eq!(load().0.operations.len(), operations, "every operation is read");
    bencher.counter(BytesCount::new(sizes(&sources))).bench_local(load);
}

/// Every contract of a workspace, of both formats.
#[divan::bench(args = cases(), sample_count = 10)]
fn of_workspace(bencher: Bencher<'_, '_>, case: Case) {
    let prepared = case.prepared();
    let (analysis, settings) = (&prepared.analysis, &prepared.settings);
    let load = || contract::load(&analysis.sources, Revision::Head, &analysis.workspace, settings);
    bencher.counter(ItemsCount::new(analysis.head.operations.len())).bench_local(load);
}

/// Every place of every OpenAPI document of a workspace, which no report ever shows: the most that a
/// run can ask for.
#[divan::bench(args = located(), sample_count = 10)]
fn locate_all(bencher: Bencher<'_, '_>, case: Case) {
    let prepared = case.prepared();
    let locate = || contract::locate_all(&prepared.analysis.sources, &prepared.pointers);
    bencher.counter(ItemsCount::new(prepared.pointers.len())).bench_local(locate);
}

fn located() -> Vec<Case> {
    cases_where(|prepared| !prepared.pointers.is_empty())
}

fn load_openapi(bencher: Bencher<'_, '_>, sources: &Sources, operations: usize) {
    let (workspace, settings, marks) = (Workspace::default(), &Case::Small.prepared().settings, marks());
    let load = || openapi::load(sources, Revision::Head, &workspace, settings, &marks);
    assert_eq!(load().0.operations.len(), operations, "every operation is read");
    bencher.counter(BytesCount::new(sizes(sources))).bench_local(load);
}

fn marks() -> MarkTable {
    MarkTable::new(&Case::Small.prepared().settings)
}

fn sizes(sources: &Sources) -> usize {
    sources.iter().map(|(_, file)| file.text.len()).sum()
}
