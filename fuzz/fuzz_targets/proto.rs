//! Any text as a `.proto` file: reading gives facts and problems, and every place lies in the text.

#![no_main]

use std::sync::LazyLock;

use contract_lint::contract;
use contract_lint::model::settings::Settings;
use contract_lint::model::source::{FileKind, Revision, Site, SourceFile, Sources, Workspace};
use contract_lint::settings::{Arguments, load};
use libfuzzer_sys::fuzz_target;

static SETTINGS: LazyLock<Settings> =
    LazyLock::new(|| load(&Arguments::default(), &[]).expect("the defaults are valid"));

fuzz_target!(|text: &str| {
    let mut sources = Sources::default();
    sources.push(SourceFile::new("fuzz.proto", Revision::Head, FileKind::Proto, text));
    let (_, problems) = contract::load(&sources, Revision::Head, &Workspace::default(), &SETTINGS);
    for problem in &problems {
        if let Some(Site::Span(span)) = &problem.site {
            assert!(text.get(span.start as usize..span.end as usize).is_some(), "{problem:?}");
        }
    }
});
