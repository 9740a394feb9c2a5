//! Client code: the front ends beside the bare parsers that they stand on, and the evaluator.

use contract_lint::model::source::{FileId, FileKind, Language, SourceFile};
use contract_lint::{evaluate, lower};
use divan::Bencher;
use divan::counter::{BytesCount, ItemsCount};
use tree_sitter::{Parser, Tree};

use crate::input::{Case, bytes, cases, cases_with};

/// The Rust front end, file by file.
#[divan::bench(args = cases_with(RUST), sample_count = 10)]
fn lower_rust(bencher: Bencher<'_, '_>, case: Case) {
    let workspace = &case.prepared().analysis.workspace;
    each(bencher, case, Language::Rust, |file| lower::rust::lower(file, FileId(0), workspace));
}

/// `syn::parse_file` on the same files.
#[divan::bench(args = cases_with(RUST), sample_count = 10)]
fn lower_rust_bare_syn(bencher: Bencher<'_, '_>, case: Case) {
    each(bencher, case, Language::Rust, |file| {
        let parsed = syn::parse_file(&file.text);
        // As the front end does: else the text of every file ever parsed is kept.
        drop(parsed);
        proc_macro2::extra::invalidate_current_thread_spans();
    });
}

/// The Go front end, file by file.
#[divan::bench(args = cases_with(GO), sample_count = 10)]
fn lower_go(bencher: Bencher<'_, '_>, case: Case) {
    let workspace = &case.prepared().analysis.workspace;
    each(bencher, case, Language::Go, |file| lower::go::lower(file, FileId(0), workspace));
}

/// tree-sitter with the Go grammar on the same files.
#[divan::bench(args = cases_with(GO), sample_count = 10)]
fn lower_go_bare_tree_sitter(bencher: Bencher<'_, '_>, case: Case) {
    each(bencher, case, Language::Go, |file| -> Option<Tree> {
        let mut parser = Parser::new();
        parser.set_language(&tree_sitter_go::LANGUAGE.into()).ok()?;
        parser.parse(&*file.text, None)
    });
}

/// Both languages, from IR to facts.
#[divan::bench(args = cases(), sample_count = 10)]
fn evaluate(bencher: Bencher<'_, '_>, case: Case) {
    let prepared = case.prepared();
    let calls = ItemsCount::new(prepared.analysis.coverage.calls);
    bencher.counter(calls).bench_local(|| {
        evaluate::evaluate(
            &prepared.modules,
            &prepared.analysis.workspace,
            &evaluate::Scope::of([&prepared.analysis.head]),
            evaluate::Own::default(),
        )
    });
}

const RUST: FileKind = FileKind::Code(Language::Rust);
const GO: FileKind = FileKind::Code(Language::Go);

/// Does the same with every file of a language, on one thread.
fn each<T>(bencher: Bencher<'_, '_>, case: Case, language: Language, mut work: impl FnMut(&SourceFile) -> T) {
    let files = case.prepared().code(language);
    bencher.counter(BytesCount::new(bytes(&files))).bench_local(|| {
        for file in &files {
            divan::black_box(work(file));
        }
    });
}
