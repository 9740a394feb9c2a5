//! What is done with a workspace as a whole, and the run from start to end.

use std::collections::BTreeMap;
use std::process::{Command, Stdio};
use std::time::Duration;

use contract_lint::model::change::Sides;
use contract_lint::model::finding::Finding;
use contract_lint::model::source::Site;
use contract_lint::report::{Places, Report, pretty};
use contract_lint::{contract, diff, discover, link};
use divan::Bencher;
use divan::counter::ItemsCount;

use crate::input::{Case, Prepared, TODAY, cases, cases_where};

/// Files of Head, without those of Base.
#[divan::bench(args = cases(), sample_count = 10)]
fn discover(bencher: Bencher<'_, '_>, case: Case) {
    let prepared = case.prepared();
    let files = ItemsCount::new(prepared.analysis.coverage.files);
    bencher.counter(files).bench_local(|| discover::discover(&prepared.input.roots, &prepared.settings));
}

/// Facts to the map of Head.
#[divan::bench(args = cases(), sample_count = 10)]
fn link(bencher: Bencher<'_, '_>, case: Case) {
    let Prepared { analysis, facts, settings, .. } = case.prepared();
    let edges = ItemsCount::new(analysis.map.edges.len());
    bencher.counter(edges).bench_local(|| link::link(facts, &analysis.head, &analysis.workspace, settings));
}

/// Base against Head; real input, which has no Base, against itself.
#[divan::bench(args = cases(), sample_count = 10)]
fn diff(bencher: Bencher<'_, '_>, case: Case) {
    let analysis = &case.prepared().analysis;
    let sides = Sides { base: analysis.base.as_ref().unwrap_or(&analysis.head), head: &analysis.head };
    bencher.counter(ItemsCount::new(sides.base.operations.len())).bench_local(|| diff::diff(sides));
}

/// Every rule.
#[divan::bench(args = cases(), sample_count = 10)]
fn check(bencher: Bencher<'_, '_>, case: Case) {
    let prepared = case.prepared();
    bencher.counter(ItemsCount::new(prepared.checked.findings.len())).bench_local(|| prepared.check());
}

/// Every finding as text, its places found beforehand.
#[divan::bench(args = cases_where(|prepared| !prepared.checked.findings.is_empty()), sample_count = 10)]
fn report_pretty(bencher: Bencher<'_, '_>, case: Case) {
    let Prepared { analysis, checked, .. } = case.prepared();
    let findings = &checked.findings;
    let places = Places::resolve(&analysis.sources, sites(findings), contract::locate_all);
    let report = Report {
        analysis,
        findings,
        places: &places,
        aliases: &BTreeMap::new(),
        hidden: &[],
        missing: &[],
        exit: 1,
        elapsed: Duration::ZERO,
    };
    bencher.counter(ItemsCount::new(findings.len())).bench_local(|| {
        let mut text = Vec::new();
        pretty::write(&report, &mut text).map(|()| text)
    });
}

/// The program, from its start to its end, as people run it.
#[divan::bench(args = cases(), sample_count = 5, sample_size = 1)]
fn whole_run(bencher: Bencher<'_, '_>, case: Case) {
    let Prepared { input, analysis, .. } = case.prepared();
    bencher.counter(ItemsCount::new(analysis.coverage.files)).bench_local(|| {
        let mut run = Command::new(env!("CARGO_BIN_EXE_contract-lint"));
        run.args(["check", "--format", "pretty", "--today", TODAY]).args(&input.roots);
        if let Some(against) = &input.against {
            run.args(["--against", against]);
        }
        let status = run.stdout(Stdio::null()).stderr(Stdio::null()).status();
        status.expect("the program that was built for this can be started")
    });
}

fn sites(findings: &[Finding]) -> impl Iterator<Item = &Site> {
    findings.iter().flat_map(|finding| {
        let related = finding.related.iter().map(|related| &related.site);
        let consumers = finding.consumers.iter().filter_map(|consumer| consumer.site.as_ref());
        std::iter::once(&finding.site).chain(related).chain(consumers)
    })
}
