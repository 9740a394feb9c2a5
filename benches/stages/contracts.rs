//! Contracts: loading them, and finding places in them.

use contract_lint::contract::{self, marks::MarkTable, protobuf};
use contract_lint::model::source::{FileKind, Revision, Workspace};
use divan::Bencher;
use divan::counter::{BytesCount, ItemsCount};

use crate::generate::{Side, package};
use crate::input::{Case, alone, bytes_of, cases, cases_where};

/// Operations of one generated contract.
const OPERATIONS: [usize; 2] = [200, 800];

/// One protobuf package, by its number of operations.
#[divan::bench(args = OPERATIONS, sample_count = 10)]
fn protobuf_package(bencher: Bencher<'_, '_>, operations: usize) {
    let sources = alone("svc0/v1/svc0.proto", FileKind::Proto, package(0, operations, Side::Base));
    let (workspace, marks) = (Workspace::default(), marks());
    let load = || protobuf::load(&sources, Revision::Head, &workspace, &marks);
    assert_eq!(load().0.operations.len(), operations, "every operation is read");
    bencher.counter(BytesCount::new(bytes_of(&sources))).bench_local(load);
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

fn marks() -> MarkTable {
    MarkTable::new(&Case::Small.prepared().settings)
}
