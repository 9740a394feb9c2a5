//! Runs the examples of every library descriptor: what a descriptor claims is found in real code.
#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

mod code;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use code::{follow, shown_bound};
use contract_lint::model::source::Language;
use contract_lint::model::usage::{AccessKind, Call, Facts, Header, Origin, Route, SinkKind, Step, Target, Timeout};
use libtest_mimic::{Arguments, Failed, Trial};
use serde::Deserialize;

#[derive(Deserialize)]
struct Descriptor {
    library: String,
    language: String,
    #[serde(default)]
    examples: Vec<Example>,
}

#[derive(Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Example {
    code: String,
    /// Calls as `METHOD url` or `Service/Method`, in the order of their places.
    #[serde(default)]
    calls: Vec<String>,
    /// Handlers as `METHOD /path` or `Service/Method`, sorted; `*` for any method.
    #[serde(default)]
    provides: Vec<String>,
    /// Fields that handlers read of their requests and write into their answers, as `read name`.
    #[serde(default)]
    own_fields: Vec<String>,
    /// Ports at which it waits for requests, sorted; left out, they are not looked at.
    #[serde(default)]
    listens: Option<Vec<u16>>,
    /// Headers of the calls as `name: value`, those of their clients included.
    #[serde(default)]
    headers: Vec<String>,
    /// Fields as `read birthdate`.
    #[serde(default)]
    fields: Vec<String>,
    /// What is logged, cached and stored: `log email`, `cache email`, `expiring cache email`.
    #[serde(default)]
    kept: Option<Vec<String>>,
    /// `unbounded`, `attempts 3`, `attempts`, `elapsed`, `cancellation`, `unknown`.
    #[serde(default)]
    retries: Vec<String>,
    /// Milliseconds, 0 for none, of each client.
    #[serde(default)]
    timeouts: Option<Vec<u64>>,
}

fn main() {
    let arguments = Arguments::from_args();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("rules/clients");
    let mut trials = Vec::new();
    for entry in walkdir::WalkDir::new(root).sort_by_file_name() {
        let entry = entry.unwrap();
        if entry.path().extension().is_none_or(|extension| extension != "yaml") {
            continue;
        }
        let descriptor: Descriptor = serde_yaml::from_str(&fs::read_to_string(entry.path()).unwrap()).unwrap();
        let folder = entry.path().parent().unwrap().file_name().unwrap().to_str().unwrap().to_owned();
        let name = entry.path().file_stem().unwrap().to_str().unwrap().to_owned();
        trials.push(Trial::test(format!("{folder}/{name}: is named like its file"), {
            let (library, language) = (descriptor.library.clone(), descriptor.language.clone());
            let folder = folder.clone();
            move || same("name", &(library, language), &(name, folder))
        }));
        trials.push(Trial::test(format!("{folder}/{}: has an example", descriptor.library), {
            let count = descriptor.examples.len();
            move || if count == 0 { Err("nothing shows that it works".into()) } else { Ok(()) }
        }));
        for (at, example) in descriptor.examples.into_iter().enumerate() {
            let language = language_named(&descriptor.language);
            let name = format!("{}/{}: example {}", descriptor.language, descriptor.library, at + 1);
            trials.push(Trial::test(name, move || run(language, &example)));
        }
    }
    libtest_mimic::run(&arguments, trials).exit();
}

/// A language by the name of its folder.
fn language_named(name: &str) -> Language {
    Language::ALL.into_iter().find(|language| language.name() == name).unwrap()
}

fn run(language: Language, example: &Example) -> Result<(), Failed> {
    let facts = follow(language, &example.code)?;
    let mut calls: Vec<&Call> = facts.calls.iter().collect();
    calls.sort_by_key(|call| call.location.span);
    same("calls", &calls.iter().map(|call| shown(&call.target)).collect::<Vec<_>>(), &example.calls)?;

    let mut headers: Vec<String> = calls.iter().flat_map(|call| headers_of(call, &facts)).map(shown_header).collect();
    headers.sort();
    headers.dedup();
    same("headers", &headers, &example.headers)?;

    let mut provides: Vec<String> = facts.handlers.iter().map(|handler| shown_route(&handler.route)).collect();
    provides.sort();
    provides.dedup();
    same("provides", &provides, &example.provides)?;
    if let Some(expected) = &example.listens {
        let listens: Vec<String> = facts.listening.iter().map(|(_, port)| port.to_string()).collect();
        same("listens", &listens, &expected.iter().map(u16::to_string).collect::<Vec<_>>())?;
    }
    same("fields", &fields(&facts, false), &example.fields)?;
    same("own fields", &fields(&facts, true), &example.own_fields)?;
    same(
        "retries",
        &facts.retries.iter().map(|retry| shown_bound(&retry.bound)).collect::<Vec<_>>(),
        &example.retries,
    )?;
    if let Some(kept) = &example.kept {
        same("kept", &shown_kept(&facts), kept)?;
    }
    if let Some(timeouts) = &example.timeouts {
        let found: Vec<u64> = facts
            .clients
            .iter()
            .map(|client| match client.timeout {
                Timeout::Millis(millis) => millis,
                Timeout::None => 0,
                Timeout::Unknown => u64::MAX,
            })
            .collect();
        same("timeouts", &found, timeouts)?;
    }
    Ok(())
}

/// Fields that are accessed, those of the service's own contract or those of others.
fn fields(facts: &Facts, own: bool) -> Vec<String> {
    let is_own = |origin: &Origin| matches!(origin, Origin::Handler(..));
    let mut fields: Vec<String> = facts
        .accesses
        .iter()
        .filter(|access| access.kind != AccessKind::Whole && access.origins.iter().any(is_own) == own)
        .filter_map(|access| {
            let field = access.field.as_ref()?;
            let name = field.wire.first().map_or(&field.source, |wire| &wire.name);
            Some(format!("{} {name}", if access.kind == AccessKind::Read { "read" } else { "write" }))
        })
        .collect();
    fields.sort();
    fields.dedup();
    fields
}

/// What is logged, cached and stored of fields, each once for a place.
fn shown_kept(facts: &Facts) -> Vec<String> {
    let mut kept = Vec::new();
    for sunk in &facts.sunk {
        let kind = match (sunk.kind, sunk.expires) {
            (SinkKind::Log, _) => "log",
            (SinkKind::Print, _) => "print",
            (SinkKind::Cache, Some(true)) => "expiring cache",
            (SinkKind::Cache, _) => "cache",
            (SinkKind::Store, _) => "store",
            (SinkKind::Send, _) => continue,
        };
        let origins: BTreeSet<&Origin> = sunk.origins.iter().chain(&sunk.derived).collect();
        kept.extend(origins.into_iter().map(|origin| format!("{kind} {}", last_field(origin))));
    }
    kept.sort();
    kept
}

/// The field that a value was last taken from.
fn last_field(origin: &Origin) -> &str {
    let steps = match origin {
        Origin::Response(_, steps) | Origin::Request(_, steps) | Origin::Handler(_, steps) => steps,
        Origin::Typed(_, steps) => steps,
        Origin::Asked(_, name) => return name,
    };
    let mut fields = steps.iter().rev().filter_map(|step| match step {
        Step::Field(field) => Some(field.wire.first().map_or(&*field.source, |wire| &*wire.name)),
        Step::Element => None,
    });
    fields.next().unwrap_or("all")
}

fn shown_route(route: &Route) -> String {
    match route {
        Route::Http { method, path } => format!("{} {path}", method.as_deref().unwrap_or("*")),
        Route::Rpc { service, method, .. } => format!("{service}/{method}"),
    }
}

fn headers_of(call: &Call, facts: &Facts) -> Vec<Header> {
    let client = call.client.and_then(|client| facts.clients.get(client.0 as usize));
    call.headers.iter().chain(client.iter().flat_map(|client| &client.headers)).cloned().collect()
}

fn shown_header(header: Header) -> String {
    format!("{}: {}", header.name.unwrap_or_else(|| "?".to_owned()), header.value)
}

fn shown(target: &Target) -> String {
    match target {
        Target::Http { method, url } => format!("{} {url}", method.as_deref().unwrap_or("?")),
        Target::Stub { service, method, .. } => format!("{service}/{method}"),
        Target::Operation { document, id, .. } => format!("{}#{id}", document.as_deref().unwrap_or_default()),
    }
}

fn same<T: PartialEq + std::fmt::Debug>(what: &str, found: &T, expected: &T) -> Result<(), Failed> {
    if found == expected {
        return Ok(());
    }
    Err(format!("{what}\n  found:    {found:?}\n  expected: {expected:?}").into())
}
