//! Which loops are retries, and what ends them.
#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

mod code;

use code::{follow, shown_bound};
use contract_lint::model::source::Language;

/// The bounds of the retries in a Go function with this body.
fn go(body: &str) -> Vec<String> {
    let code = format!(
        "package a\n\nimport (\n\t\"context\"\n\t\"net/http\"\n\t\"time\"\n\t\"log\"\n)\n\nfunc call() error {{\n\t_, err := http.Get(\"http://core/x\")\n\treturn err\n}}\n\nfunc run(ctx context.Context, max int) error {{\n{body}\n}}\n"
    );
    verdicts(Language::Go, &code)
}

/// The bounds of the retries in a Rust function with this body.
fn rust(body: &str) -> Vec<String> {
    let code = format!(
        "async fn call() -> reqwest::Result<String> {{\n    reqwest::get(\"http://core/x\").await?.text().await\n}}\n\nasync fn run(max: u32) -> Option<String> {{\n{body}\n}}\n"
    );
    verdicts(Language::Rust, &code)
}

fn verdicts(language: Language, code: &str) -> Vec<String> {
    let facts = follow(language, code).unwrap();
    assert!(!facts.calls.is_empty(), "the call itself must be found");
    facts.retries.iter().map(|retry| shown_bound(&retry.bound)).collect()
}

const NONE: [&str; 0] = [];

#[test]
fn endless_loops_that_end_on_success_are_unbounded() {
    assert_eq!(
        go("for { if err := call(); err == nil { break }; time.Sleep(time.Second) }\nreturn nil"),
        ["unbounded"]
    );
    assert_eq!(go("for { err := call(); if err != nil { log.Print(err); continue }; return nil }"), ["unbounded"]);
    assert_eq!(
        go("err := call()\nfor err != nil { time.Sleep(time.Second); err = call() }\nreturn nil"),
        ["unbounded"]
    );
    assert_eq!(
        go(
            "for { resp, err := http.Get(\"http://core/x\"); if err == nil && resp.StatusCode == 200 { return nil }; time.Sleep(1) }"
        ),
        ["unbounded"]
    );
    assert_eq!(go("ok := false\nfor !ok { if err := call(); err == nil { ok = true } }\nreturn nil"), ["unbounded"]);
    assert_eq!(rust("loop { if let Ok(x) = call().await { return Some(x); } }"), ["unbounded"]);
    assert_eq!(
        rust("loop { match call().await { Ok(x) => break Some(x), Err(e) => { tracing::warn!(\"{e}\"); continue } } }"),
        ["unbounded"]
    );
    assert_eq!(
        rust("while call().await.is_err() { tokio::time::sleep(std::time::Duration::from_secs(1)).await; } None"),
        ["unbounded"]
    );
    assert_eq!(rust("let mut r = call().await; while let Err(_) = r { r = call().await; } r.ok()"), ["unbounded"]);
    assert_eq!(
        rust(
            "loop { let resp = reqwest::get(\"http://core/x\").await.ok()?; if resp.status().is_success() { return None; } }"
        ),
        ["unbounded"]
    );
}

#[test]
fn attempts_bound() {
    assert_eq!(
        go("for i := 0; i < 5; i++ { if err := call(); err == nil { return nil } }\nreturn nil"),
        ["attempts 5"]
    );
    assert_eq!(
        go("for i := 0; i < max; i++ { if err := call(); err == nil { return nil } }\nreturn nil"),
        ["attempts"]
    );
    assert_eq!(
        go("n := 0\nfor { err := call(); if err == nil { return nil }; n++; if n > 3 { return err } }"),
        ["attempts 3"]
    );
    assert_eq!(rust("for _ in 0..3 { if let Ok(x) = call().await { return Some(x); } } None"), ["attempts 3"]);
    assert_eq!(
        rust(
            "let mut n = 0; loop { match call().await { Ok(x) => return Some(x), Err(_) if n >= 4 => return None, Err(_) => n += 1 } }"
        ),
        ["attempts 4"]
    );
    assert_eq!(
        rust(
            "let mut left = max; loop { if let Ok(x) = call().await { return Some(x); } if left == 0 { return None; } left -= 1; }"
        ),
        ["attempts"]
    );
}

#[test]
fn time_bounds() {
    assert_eq!(
        go(
            "start := time.Now()\nfor { if err := call(); err == nil { return nil }; if time.Since(start) > time.Minute { return nil } }"
        ),
        ["elapsed"]
    );
    assert_eq!(
        rust(
            "let start = std::time::Instant::now(); while start.elapsed().as_secs() < 60 { if let Ok(x) = call().await { return Some(x); } } None"
        ),
        ["elapsed"]
    );
    assert_eq!(
        rust(
            "tokio::time::timeout(std::time::Duration::from_secs(9), async { loop { if let Ok(x) = call().await { return Some(x); } } }).await.ok()?"
        ),
        ["elapsed"]
    );
}

#[test]
fn cancellation_bounds_where_somebody_can_cancel() {
    let waiting = "for { if err := call(); err == nil { return nil }; select { case <-ctx.Done(): return ctx.Err(); case <-time.After(time.Second): } }";
    assert_eq!(go(waiting), ["cancellation"]);
    assert_eq!(
        go(&format!("ctx = context.Background()\n{waiting}")),
        ["cancellation"],
        "an assignment hides nothing that was given"
    );
    assert_eq!(
        go("for ctx.Err() == nil { if err := call(); err == nil { return nil } }\nreturn nil"),
        ["cancellation"]
    );
}

#[test]
fn what_repeats_on_success_is_no_retry() {
    assert_eq!(go("for { if err := call(); err != nil { log.Print(err) }; time.Sleep(time.Second) }"), NONE);
    assert_eq!(go("for { err := call(); if err != nil { return err } }"), NONE);
    assert_eq!(
        go(
            "for _, x := range []int{1, 2} { _ = x; if err := call(); err != nil { log.Print(err); continue } }\nreturn nil"
        ),
        NONE
    );
    assert_eq!(rust("loop { if let Err(e) = call().await { tracing::warn!(\"{e}\"); } }"), NONE);
    assert_eq!(rust("loop { let page = call().await.ok()?; if page.is_empty() { return None; } }"), NONE);
}

#[test]
fn a_check_that_does_not_leave_bounds_nothing() {
    assert_eq!(
        go(
            "n := 0\nfor { if err := call(); err == nil { return nil }; n++; if n > 3 { log.Print(\"still trying\") } }"
        ),
        ["unbounded"]
    );
    assert_eq!(
        rust(
            "loop { match call().await { Ok(x) => return Some(x), Err(e) if e.is_builder() => return None, Err(_) => {} } }"
        ),
        ["unbounded"],
        "telling errors apart ends nothing while the same error comes"
    );
}

#[test]
fn recursion_after_failure_is_a_retry() {
    let code = "package a\n\nimport \"net/http\"\n\nfunc fetch(url string) error {\n\t_, err := http.Get(url)\n\tif err != nil {\n\t\treturn fetch(url)\n\t}\n\treturn nil\n}\n\nfunc main() { fetch(\"http://core/x\") }\n";
    assert_eq!(verdicts(Language::Go, code), ["unbounded"]);
    let code = "package a\n\nimport \"net/http\"\n\nfunc fetch(url string, left int) error {\n\t_, err := http.Get(url)\n\tif err != nil {\n\t\tif left == 0 {\n\t\t\treturn err\n\t\t}\n\t\treturn fetch(url, left-1)\n\t}\n\treturn nil\n}\n\nfunc main() { fetch(\"http://core/x\", 3) }\n";
    assert_eq!(verdicts(Language::Go, code), ["attempts"]);
}
