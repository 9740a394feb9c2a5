//! Rust, through syn.
//!
//! [`parse`] gives syntax trees, [`scope`] says what names mean, and [`lowerer`] holds the state of
//! one file. All other modules are steps of it, one kind of syntax each.

mod attributes;
mod blocks;
mod control;
mod definitions;
mod exprs;
mod format;
mod item_macros;
mod items;
mod json;
mod lowerer;
mod macros;
mod parse;
mod patterns;
mod place;
mod scan;
mod scope;
mod select;
mod serde;
mod std_names;
#[cfg(test)]
mod tests;
mod types;

use lowerer::Lowerer;
use parse::{Parsed, SyntaxError};
use scope::Scopes;

use crate::model::ir::Module;
use crate::model::problem::{Problem, ProblemKind};
use crate::model::source::{FileId, Language, Site, SourceFile, Span, Workspace};

/// Lowers one file. What does not parse is left out and named; the rest is used.
///
/// Parsing and lowering recurse as deep as the code nests, within limits: give it a stack of some
/// hundred megabytes, as [`super::lower`] does.
#[must_use]
pub fn lower(file: &SourceFile, id: FileId, workspace: &Workspace) -> (Option<Module>, Vec<Problem>) {
    if let Some(at) = scan::too_deep(&file.text) {
        let error = SyntaxError { range: at..at + 1, message: "nested too deep".to_owned() };
        return (None, vec![unreadable(id, &error)]);
    }
    let parsed = parse::parse(&file.text);
    let problems = parsed.error.iter().map(|error| unreadable(id, error)).collect();
    let module = lower_parsed(file, id, workspace, parsed);
    // The text of every file that was parsed is kept for its spans, until this.
    proc_macro2::extra::invalidate_current_thread_spans();
    (Some(module), problems)
}

fn lower_parsed(file: &SourceFile, id: FileId, workspace: &Workspace, parsed: Parsed) -> Module {
    let place = place::place(&file.path, workspace);
    let mut scopes = Scopes::new(place.root.clone(), &place.module);
    let parts: Vec<_> =
        parsed.parts.into_iter().map(|part| (part.base, item_macros::unwrap_items(part.items))).collect();
    for (_, items) in &parts {
        scopes.declare(0, items.iter());
    }
    let out = Module {
        file: id,
        language: Language::Rust,
        service: file.service,
        name: place.module.clone(),
        types: Vec::new(),
        funcs: Vec::new(),
        globals: Vec::new(),
        aliases: Vec::new(),
        implementations: Vec::new(),
        generated_client: false,
        includes: Vec::new(),
        generated: file.provenance.generated,
        test: file.provenance.test || attributes::is_test_only(&parsed.attrs),
        fixmes: Vec::new(),
    };
    let mut lowerer = Lowerer::new(place, scopes, out, workspace);
    for (base, items) in &parts {
        lowerer.base = *base;
        lowerer.items(items);
    }
    lowerer.out
}

fn unreadable(file: FileId, error: &SyntaxError) -> Problem {
    let offset = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    let span = Span::new(file, offset(error.range.start), offset(error.range.end));
    let message = format!("cannot parse this file in full: {}", error.message);
    Problem::at(ProblemKind::CodeUnreadable, Site::Span(span), message)
}
