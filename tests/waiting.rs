//! Retries that wait for whatever comes first.
#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

mod code;

use code::{follow, shown_bound};
use contract_lint::model::source::Language;

/// The bounds of the retries in a Go function with this body.
fn go(body: &str) -> Vec<String> {
    let code = format!(
        "package a\n\nimport (\n\t\"context\"\n\t\"net/http\"\n\t\"time\"\n)\n\nfunc call() error {{\n\t_, err := http.Get(\"http://core/x\")\n\treturn err\n}}\n\nfunc run(ctx context.Context) error {{\n{body}\n}}\n"
    );
    let facts = follow(Language::Go, &code).unwrap();
    assert!(!facts.calls.is_empty(), "the call itself must be found");
    facts.retries.iter().map(|retry| shown_bound(&retry.bound)).collect()
}

#[test]
fn whatever_comes_first_of_a_select_bounds() {
    // Two arms come back, one leaves: each time it could have been that one, wherever it is written.
    let arms = ["case <-time.After(time.Second):", "case <-changed:", "case <-ctx.Done(): return ctx.Err()"];
    for order in [[0, 1, 2], [2, 0, 1], [1, 2, 0]] {
        let arms = order.map(|at| arms[at]).join("\n");
        let body = format!(
            "changed := make(chan bool)\nfor {{ if err := call(); err == nil {{ return nil }}\nselect {{\n{arms}\n}} }}"
        );
        assert_eq!(go(&body), ["cancellation"], "{arms}");
    }
    let body = "changed := make(chan bool)\nfor { if err := call(); err == nil { return nil }\nselect {\ncase <-time.After(time.Second):\ncase <-changed:\n} }";
    assert_eq!(go(body), ["unbounded"]);
    // Who does not wait leaves nothing to what it asks for.
    let body = "for { if err := call(); err == nil { return nil }\nselect {\ncase <-ctx.Done(): return ctx.Err()\ndefault:\n} }";
    assert_eq!(go(body), ["cancellation"]);
}
