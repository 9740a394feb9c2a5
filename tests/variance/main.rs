//! What a change of an OpenAPI description means, for who sends and who receives.
//!
//! Each line of a table is a schema before and after, and what is said of it as a request body and as a
//! response: `!` breaks, `?` unknown, nothing before what is compatible.
#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

mod edits;
mod envelope;
mod moved;
mod oracle;
mod refactorings;
mod schemas;

use std::fs;

use contract_lint::check::changed::sentence;
use contract_lint::diff::diff;
use contract_lint::model::change::{Change, Compatibility, Sides};
use contract_lint::model::problem::ProblemKind;
use contract_lint::model::settings::Settings;
use contract_lint::read_contracts;
use contract_lint::settings::{self, Arguments};

fn settings() -> Settings {
    settings::load(&Arguments::default(), &[]).unwrap()
}

/// The changes between two documents.
fn changes(base: &str, head: &str) -> Vec<Change> {
    let read = |text: &str| {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("api.yaml"), text).unwrap();
        let analysis = read_contracts(&[folder.path().to_owned()], &settings());
        let unread = analysis.problems.iter().find(|problem| problem.kind != ProblemKind::Note);
        assert!(unread.is_none(), "{unread:?}\n{text}");
        assert_eq!(analysis.head.contracts.len(), 1, "{text}");
        analysis.head
    };
    let (base, head) = (read(base), read(head));
    for side in [&base, &head] {
        assert_eq!(diff(Sides { base: side, head: side }), [], "a contract does not differ from itself");
    }
    diff(Sides { base: &base, head: &head })
}

/// What is said, with a sign for what it means.
fn said(base: &str, head: &str) -> Vec<String> {
    let shown = |change: &Change| {
        let sign = match change.compatibility {
            Compatibility::Compatible => "",
            Compatibility::Breaking(_) => "! ",
            Compatibility::Unknown(_) => "? ",
        };
        format!("{sign}{}", sentence(change))
    };
    changes(base, head).iter().map(shown).collect()
}

/// A document whose one operation takes and gives what the schema says.
fn document(request: &str, response: &str, components: &str) -> String {
    format!(
        "openapi: 3.1.0\ninfo: {{title: Api, version: '1'}}\npaths:\n  /things:\n    post:\n      requestBody:\n        required: true\n        content:\n          application/json:\n            schema: {request}\n      responses:\n        '200':\n          description: ok\n          content:\n            application/json:\n              schema: {response}\ncomponents:\n  schemas:\n    Kept: {{type: string}}\n{components}"
    )
}

/// Verdicts on a schema that is sent, and on the same that is received. A schema stands in a property,
/// so that it has a name.
fn verdicts(old: &str, new: &str) -> (Vec<String>, Vec<String>) {
    let wrapped = |schema: &str| format!("{{type: object, properties: {{x: {schema}}}}}");
    let sent = |schema: &str| document(&wrapped(schema), "{type: string}", "");
    let received = |schema: &str| document("{type: string}", &wrapped(schema), "");
    let strip = |all: Vec<String>| -> Vec<String> {
        let names = [" request field `POST /things#request.x`", " response field `POST /things#200.x`"];
        all.into_iter()
            .map(|it| names.iter().fold(format!(" {it}"), |text, name| text.replace(name, "")).trim().to_owned())
            .collect()
    };
    (strip(said(&sent(old), &sent(new))), strip(said(&received(old), &received(new))))
}
