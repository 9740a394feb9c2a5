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
fn what_was_chosen_once_stays_so() {
    assert_eq!(
        go("n := 0\nfor { if call() == nil { return nil }; n++; if n != 3 { continue }; if n == 3 { return nil } }"),
        ["attempts 3"]
    );
    assert_eq!(
        go(
            "n := 0\nfor { if call() == nil { return nil }; if n != 3 { n = 0; continue }; n--; if n == 3 { return nil } }"
        ),
        ["unbounded"]
    );
}

#[test]
fn timers_and_channels_bound() {
    assert_eq!(
        go(
            "late := time.NewTimer(time.Minute)\nfor { select { case <-late.C: return nil; default: if call() == nil { return nil }; time.Sleep(time.Second) } }"
        ),
        ["elapsed"]
    );
    assert_eq!(
        go(
            "late := time.After(time.Minute)\nfor { if call() == nil { return nil }; select { case <-late: return nil; case <-time.After(time.Second): } }"
        ),
        ["elapsed"]
    );
    assert_eq!(
        go(
            "stop := make(chan bool)\nfor { if call() == nil { return nil }; select { case <-stop: return nil; case <-time.After(time.Second): } }"
        ),
        ["cancellation"]
    );
}

#[test]
fn an_answer_that_cannot_be_understood_is_a_failure() {
    assert_eq!(
        go(
            "var found []int\nfor { resp, err := http.Get(\"http://core/x\"); if err != nil { continue }; if err := json.NewDecoder(resp.Body).Decode(&found); err != nil { continue }; return nil }"
        ),
        ["unbounded"]
    );
    assert_eq!(
        rust(
            "loop { let Ok(found) = reqwest::get(\"http://core/x\").await else { continue }; match serde_json::from_str::<String>(&found.text().await.unwrap_or_default()) { Ok(text) => return Some(text), Err(_) => continue } }"
        ),
        ["unbounded"]
    );
    // A worker that looks into what came goes on all the same.
    assert_eq!(
        go(
            "for { resp, err := http.Get(\"http://core/x\"); if err != nil { continue }; body, err := io.ReadAll(resp.Body); if err != nil { continue }; log.Print(body) }"
        ),
        NONE
    );
}

#[test]
fn a_status_that_is_expected_means_success() {
    assert_eq!(
        go(
            "expected := max\nfor { resp, err := http.Get(\"http://core/x\"); if err != nil { continue }; if resp.StatusCode != expected { continue }; return nil }"
        ),
        ["unbounded"]
    );
}

#[test]
fn attempts_are_known_by_constants_and_by_what_counters_begin_as() {
    assert_eq!(
        go("const most = 4\nfor i := 0; i < most; i++ { if err := call(); err == nil { return nil } }\nreturn nil"),
        ["attempts 4"]
    );
    assert_eq!(
        rust(
            "let mut left = 3; loop { if let Ok(x) = call().await { return Some(x); } if left == 0 { return None; } left -= 1; }"
        ),
        ["attempts 3"]
    );
    let code = "package a\n\nimport \"net/http\"\n\nconst most = 6\n\nfunc run() error {\n\tvar last error\n\tfor i := 0; i < most; i++ {\n\t\t_, err := http.Get(\"http://core/x\")\n\t\tif err == nil {\n\t\t\treturn nil\n\t\t}\n\t\tlast = err\n\t}\n\treturn last\n}\n";
    assert_eq!(verdicts(Language::Go, code), ["attempts 6"]);
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

/// The bounds of the retries in a Python function with this body.
fn python(body: &str) -> Vec<String> {
    let body = body.lines().map(|line| format!("    {line}\n")).collect::<String>();
    verdicts(
        Language::Python,
        &format!(
            "import itertools\nimport time\nimport requests\n\ndef run(limit, stop):\n{body}\n\nrun(None, None)\n"
        ),
    )
}

/// The bounds of the retries in a TypeScript function with this body.
fn typescript(body: &str) -> Vec<String> {
    verdicts(
        Language::TypeScript,
        &format!(
            "import axios from \"axios\";\n\nconst url = \"http://core/x\";\nconst sleep = (ms: number) => new Promise((r) => setTimeout(r, ms));\n\nexport async function run(max: number, signal: AbortSignal) {{\n{body}\n}}\n"
        ),
    )
}

/// The bounds of the retries in the methods of a Java class.
fn java(methods: &str) -> Vec<String> {
    verdicts(
        Language::Java,
        &format!(
            "package example;\n\nimport org.springframework.web.client.RestTemplate;\nimport org.springframework.http.ResponseEntity;\nimport org.springframework.http.HttpStatus;\nimport java.util.concurrent.atomic.AtomicInteger;\nimport java.util.concurrent.ScheduledExecutorService;\nimport java.util.concurrent.TimeUnit;\n\npublic class Client {{\n    private final RestTemplate rest = new RestTemplate();\n    private final ScheduledExecutorService scheduler = null;\n    private int failures = 0;\n\n    String call() {{ return rest.getForObject(\"http://core/x\", String.class); }}\n\n{methods}\n}}\n"
        ),
    )
}

#[test]
fn what_is_raised_comes_back_from_its_handler() {
    assert_eq!(
        python(
            "while True:\n    try:\n        return requests.get('http://core/x').json()\n    except requests.RequestException:\n        time.sleep(1)"
        ),
        ["unbounded"]
    );
    assert_eq!(
        python(
            "while True:\n    try:\n        r = requests.get('http://core/x')\n        r.raise_for_status()\n        break\n    except Exception as e:\n        print(e)\n        continue\n    finally:\n        time.sleep(1)"
        ),
        ["unbounded"]
    );
    assert_eq!(
        python(
            "ok = False\nwhile not ok:\n    try:\n        requests.get('http://core/x')\n        ok = True\n    except IOError:\n        time.sleep(1)"
        ),
        ["unbounded"]
    );
    assert_eq!(
        typescript("for (;;) { try { return (await axios.get(url)).data } catch (e) { await sleep(10) } }"),
        ["unbounded"]
    );
    assert_eq!(
        typescript(
            "let done = false; do { try { await axios.get(url); done = true } catch { await sleep(10) } } while (!done)"
        ),
        ["unbounded"]
    );
    assert_eq!(
        java(
            "String run() { while (true) { try { return call(); } catch (RuntimeException e) { System.out.println(e); } } }"
        ),
        ["unbounded"]
    );
}

#[test]
fn a_handler_that_leaves_or_a_success_that_comes_back_is_no_retry() {
    assert_eq!(
        python(
            "while True:\n    try:\n        requests.get('http://core/x')\n    except IOError:\n        return None"
        ),
        NONE
    );
    assert_eq!(
        python(
            "while True:\n    try:\n        requests.get('http://core/x')\n    except IOError:\n        pass\n    time.sleep(60)"
        ),
        NONE
    );
    assert_eq!(
        python(
            "while True:\n    try:\n        r = requests.get('http://core/x')\n    except IOError:\n        raise\n    if r.json()['state'] == 'done':\n        return r\n    time.sleep(1)"
        ),
        NONE,
        "a poll"
    );
    assert_eq!(
        typescript(
            "let next: string | null = url; while (next) { const page = (await axios.get(next)).data; next = page.next }"
        ),
        NONE,
        "pages"
    );
    assert_eq!(
        typescript("while (true) { try { await axios.get(url) } catch (e) { console.error(e) } await sleep(10) }"),
        NONE
    );
    assert_eq!(java("void run() { while (true) { try { call(); } catch (RuntimeException e) { throw e; } } }"), NONE);
    assert_eq!(
        java(
            "void run() throws Exception { while (true) { try { call(); Thread.sleep(1000); } catch (InterruptedException e) { return; } } }"
        ),
        NONE,
        "nobody calls the handler of an interruption because a call failed"
    );
}

#[test]
fn counters_of_all_kinds_bound() {
    assert_eq!(
        python(
            "for attempt in range(4):\n    try:\n        return requests.get('http://core/x')\n    except IOError:\n        time.sleep(attempt)"
        ),
        ["attempts 4"]
    );
    assert_eq!(
        python(
            "n = 0\nwhile True:\n    try:\n        return requests.get('http://core/x')\n    except IOError:\n        n += 1\n        if n >= limit:\n            raise"
        ),
        ["attempts"]
    );
    assert_eq!(
        python(
            "for n in itertools.count():\n    try:\n        return requests.get('http://core/x')\n    except IOError:\n        time.sleep(n)"
        ),
        ["unbounded"]
    );
    assert_eq!(
        typescript(
            "let n = 0; while (true) { try { return await axios.get(url) } catch (e) { if (++n > 5) throw e } }"
        ),
        ["attempts 5"]
    );
    assert_eq!(
        typescript(
            "let left = max; while (left--) { try { return await axios.get(url) } catch (e) { await sleep(1) } }"
        ),
        ["attempts"]
    );
    assert_eq!(
        typescript(
            "let n = 0; while (true) { try { return await axios.get(url) } catch (e) { n++; const last = n === max; if (last) throw e } }"
        ),
        ["attempts"]
    );
    assert_eq!(
        java(
            "String run() { int n = 0; do { try { return call(); } catch (RuntimeException e) { n++; } } while (n < 3); return null; }"
        ),
        ["attempts 3"]
    );
    assert_eq!(
        java(
            "String run() { while (true) { try { return call(); } catch (RuntimeException e) { if (this.failures++ > 3) throw e; } } }"
        ),
        ["attempts 3"]
    );
    assert_eq!(
        java(
            "String run() { AtomicInteger n = new AtomicInteger(); while (true) { try { return call(); } catch (RuntimeException e) { if (n.incrementAndGet() > 3) throw e; } } }"
        ),
        ["attempts 3"]
    );
}

#[test]
fn clocks_and_cancellation_bound_where_calls_raise() {
    assert_eq!(
        python(
            "end = time.time() + 60\nwhile time.time() < end:\n    try:\n        return requests.get('http://core/x')\n    except IOError:\n        time.sleep(1)"
        ),
        ["elapsed"]
    );
    assert_eq!(
        python(
            "start = time.monotonic()\nwhile True:\n    try:\n        return requests.get('http://core/x')\n    except IOError:\n        waited = time.monotonic() - start\n        if waited > limit:\n            raise"
        ),
        ["elapsed"]
    );
    assert_eq!(
        python(
            "while not stop.is_set():\n    try:\n        return requests.get('http://core/x')\n    except IOError:\n        time.sleep(1)"
        ),
        ["cancellation"]
    );
    assert_eq!(
        typescript(
            "const start = Date.now(); while (Date.now() - start < max) { try { return await axios.get(url) } catch (e) { await sleep(1) } }"
        ),
        ["elapsed"]
    );
    assert_eq!(
        typescript(
            "const start = new Date(); while (true) { try { return await axios.get(url) } catch (e) { if (new Date().getTime() - start.getTime() > max) throw e } }"
        ),
        ["elapsed"]
    );
    assert_eq!(
        typescript("while (!signal.aborted) { try { return await axios.get(url) } catch (e) { await sleep(1) } }"),
        ["cancellation"]
    );
    assert_eq!(
        java(
            "String run(long end) { while (System.currentTimeMillis() < end) { try { return call(); } catch (RuntimeException e) { } } return null; }"
        ),
        ["elapsed"]
    );
}

#[test]
fn a_status_that_is_looked_at_is_a_failure_like_an_exception() {
    assert_eq!(
        python(
            "while True:\n    r = requests.get('http://core/x')\n    if r.status_code == 200:\n        return r\n    time.sleep(1)"
        ),
        ["unbounded"]
    );
    assert_eq!(
        python(
            "r = requests.get('http://core/x')\nwhile r.status_code != requests.codes.ok:\n    r = requests.get('http://core/x')\nreturn r"
        ),
        ["unbounded"]
    );
    assert_eq!(
        typescript("while (true) { const res = await fetch(url); if (res.ok) return res; await sleep(10) }"),
        ["unbounded"]
    );
    assert_eq!(
        typescript(
            "while (true) { try { const res = await fetch(url); if (!res.ok) throw new Error(\"x\"); return res } catch { await sleep(10) } }"
        ),
        ["unbounded"]
    );
    assert_eq!(
        java(
            "void run() { ResponseEntity<String> r; do { r = rest.getForEntity(\"http://core/x\", String.class); } while (r.getStatusCode() != HttpStatus.OK); }"
        ),
        ["unbounded"]
    );
}

#[test]
fn an_answer_that_says_that_there_is_nothing_yet_makes_it_a_poll() {
    let waits = |status: u32| {
        format!(
            "while True:\n    r = requests.get('http://core/x')\n    if r.status_code == 200:\n        return r\n    if r.status_code != {status}:\n        print(r)\n    time.sleep(1)"
        )
    };
    assert_eq!(python(&waits(204)), NONE);
    assert_eq!(python(&waits(404)), ["unbounded"]);
}

#[test]
fn either_of_two_conditions_decides() {
    assert_eq!(
        python(
            "r = None\nwhile not r or r.status_code != 200:\n    try:\n        r = requests.get('http://core/x')\n    except IOError:\n        time.sleep(1)"
        ),
        ["unbounded"]
    );
    assert_eq!(
        rust(
            "loop { match reqwest::get(\"http://core/x\").await { Ok(r) if r.status().is_success() => return None, Ok(r) => drop(r), Err(_) => {} } }"
        ),
        ["unbounded"],
        "an arm whose guard holds is the last"
    );
}

#[test]
fn functions_of_ones_own_say_how_they_end() {
    assert_eq!(
        java(
            "boolean ping() { try { call(); return true; } catch (RuntimeException e) { return false; } }\n    void run() { while (!ping()) { sleep(); } }\n    void sleep() { }"
        ),
        ["unbounded"]
    );
    assert_eq!(
        typescript(
            "const load = async () => { try { return (await axios.get(url)).data } catch { return null } }; for (;;) { const x = await load(); if (x) return x; await sleep(1) }"
        ),
        ["unbounded"]
    );
    assert_eq!(
        java(
            "String safe() { try { return call(); } catch (RuntimeException e) { return null; } }\n    String run() { while (true) { String x = safe(); if (x != null) return x; } }"
        ),
        ["unbounded"]
    );
}

#[test]
fn what_is_called_again_later_is_a_retry() {
    assert_eq!(
        typescript(
            "const again = async () => { try { await axios.get(url) } catch { setTimeout(again, 1000) } }; await again()"
        ),
        ["unbounded"]
    );
    assert_eq!(
        typescript(
            "const again = (n: number): any => axios.get(url).catch((e) => { if (n > 3) throw e; return again(n + 1) }); return again(0)"
        ),
        ["attempts 3"]
    );
    assert_eq!(
        typescript(
            "const poll = async () => { try { await axios.get(url) } catch { } setTimeout(poll, 1000) }; await poll()"
        ),
        NONE
    );
    assert_eq!(
        java(
            "void connect() { try { call(); } catch (RuntimeException e) { later(); } }\n    void later() { scheduler.schedule(this::connect, 1, TimeUnit.SECONDS); }"
        ),
        ["unbounded"]
    );
    assert_eq!(
        java(
            "void connect() { try { call(); } catch (RuntimeException e) { if (failures++ < 5) { later(); } } }\n    void later() { scheduler.schedule(() -> connect(), 1, TimeUnit.SECONDS); }"
        ),
        ["attempts 5"]
    );
}

#[test]
fn whoever_asks_one_after_the_other_asks_nobody_again() {
    let table = "const all = [1, 2].map((n) => ({ handle: async () => (await axios.get(url)).status === n }))\n";
    let asks = format!("{table}for (const it of all) {{ if (await it.handle()) return true }}\nreturn false");
    assert_eq!(typescript(&asks), NONE);
    let again = format!("{table}for (const n of [1, 2]) {{ if (await all[0].handle()) return true }}\nreturn false");
    assert_eq!(typescript(&again).len(), 1);
}
