//! What is written into the body of one request is not written into that of another.
#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

#[expect(dead_code, reason = "there are no retries here")]
mod code;

use std::collections::BTreeSet;

use code::follow;
use contract_lint::model::source::Language;
use contract_lint::model::usage::{AccessKind, CallId, Facts, Origin, Target};

/// A client as generators write it: all requests go through one function, which is given what to send.
const SHARED: &str = r#"
interface Params { path: string; method: string; body?: unknown }

class Http {
  request(params: Params) {
    const { path, method, body } = params;
    return fetch("http://core" + path, { method, body: JSON.stringify(body) });
  }
}

export class Api extends Http {
"#;

/// Fields that are written into the request to this path.
fn written(facts: &Facts, path: &str) -> BTreeSet<String> {
    let is_it = |id: &CallId| {
        let target = &facts.calls[id.0 as usize].target;
        matches!(target, Target::Http { url, .. } if url.to_string().ends_with(path))
    };
    let writes = facts.accesses.iter().filter(|access| access.kind == AccessKind::Write);
    let into = writes
        .filter(|access| access.origins.iter().any(|origin| matches!(origin, Origin::Request(call, _) if is_it(call))));
    into.filter_map(|access| Some(access.field.as_ref()?.source.to_string())).collect()
}

fn facts(methods: &str) -> Facts {
    let facts = follow(Language::TypeScript, &format!("{SHARED}{methods}}}\n")).unwrap();
    assert_eq!(facts.calls.len(), 2, "both requests must be found");
    facts
}

#[test]
fn a_body_that_is_not_known_is_not_that_of_another_request() {
    let facts = facts(
        r#"
  order(total: number) { return this.request({ path: "/orders", method: "POST", body: { total } }); }
  note(data: unknown) { return this.request({ path: "/notes", method: "POST", body: data }); }
"#,
    );
    assert_eq!(written(&facts, "/orders"), BTreeSet::from(["total".to_owned()]));
    assert_eq!(written(&facts, "/notes"), BTreeSet::new());
}

#[test]
fn each_request_has_the_body_that_it_is_given() {
    let facts = facts(
        r#"
  order(total: number) { return this.request({ path: "/orders", method: "POST", body: { total } }); }
  note(text: string) { return this.request({ path: "/notes", method: "POST", body: { text } }); }
"#,
    );
    assert_eq!(written(&facts, "/orders"), BTreeSet::from(["total".to_owned()]));
    assert_eq!(written(&facts, "/notes"), BTreeSet::from(["text".to_owned()]));
}
