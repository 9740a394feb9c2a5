//! What ends retries of calls by protocols of one's own, and what only looks like such a call.
#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

mod code;

use code::{follow, shown_bound};
use contract_lint::model::source::Language;
use contract_lint::model::usage::Retry;

const NONE: [&str; 0] = [];

/// What seems to be called, and the bound of its retry, in a whole file.
fn other(language: Language, code: &str) -> Vec<String> {
    let shown = |retry: &Retry| format!("{} {}", retry.seems.as_deref().unwrap_or_default(), shown_bound(&retry.bound));
    follow(language, code).unwrap().retries.iter().map(shown).collect()
}

/// The same in the methods of a Java class.
fn java(methods: &str) -> Vec<String> {
    let fields = "    private final PeerClient peer = null;\n    private final Registry registry = null;\n    private final BlockingQueue<Job> jobs = null;\n";
    let imports = "import com.example.peer.Job;\nimport com.example.peer.PeerClient;\nimport com.example.peer.Registry;\nimport java.util.concurrent.BlockingQueue;\n";
    other(Language::Java, &format!("package example;\n\n{imports}\npublic class Node {{\n{fields}\n{methods}\n}}\n"))
}

#[test]
fn constructors_connect_where_their_failure_is_waited_for() {
    let python = |made: &str| {
        format!(
            "import time\nfrom peers import {made}\n\n\ndef join():\n    while True:\n        try:\n            return {made}(\"a\")\n        except Exception as error:\n            print(error)\n            time.sleep(5)\n"
        )
    };
    assert_eq!(other(Language::Python, &python("PeerProducer")), ["PeerProducer unbounded"]);
    // What is made may be of any kind.
    assert_eq!(other(Language::Python, &python("PeerTable")), NONE);
}

#[test]
fn locks_waits_and_servers_are_of_the_process() {
    let retried = |call: &str| {
        format!(
            "void run() {{ while (true) {{ try {{ {call} return; }} catch (IOException e) {{ try {{ Thread.sleep(5); }} catch (InterruptedException i) {{ }} }} }} }}"
        )
    };
    assert_eq!(java(&retried("registry.unlock(\"a\");")), ["unlock unbounded"]);
    assert_eq!(java(&retried("registry.lock();")), NONE);
    assert_eq!(java(&retried("registry.throttle();")), NONE);
    assert_eq!(java(&retried("registry.startServer(80);")), NONE);
}

#[test]
fn what_a_call_says_of_no_error_is_no_failure() {
    let go = |condition: &str| {
        format!(
            "package main\n\nimport (\n\t\"time\"\n\n\t\"example.com/codes\"\n\t\"example.com/status\"\n)\n\ntype Node struct{{ peer *PeerConn }}\n\nfunc (n *Node) join() error {{\n\t_, err := n.peer.Join(\"a\")\n\tfor {condition} {{\n\t\ttime.Sleep(time.Second)\n\t\t_, err = n.peer.Join(\"a\")\n\t}}\n\treturn err\n}}\n"
        )
    };
    assert_eq!(other(Language::Go, &go("status.Code(err) == codes.Unavailable")), ["Join unbounded"]);
    // Another code may be that of success.
    assert_eq!(other(Language::Go, &go("status.Code(err) == codes.Pending")), NONE);
}

#[test]
fn an_answer_that_holds_nothing_says_neither() {
    let rust = |failed: &str| {
        format!(
            "pub async fn join(client: &PeerClient) -> Result<Peer, Error> {{\n    loop {{\n        match client.join().await {{\n            Ok(Some(peer)) => return Ok(peer),\n            Ok(None) => println!(\"not yet\"),\n            Err(error) => {failed},\n        }}\n    }}\n}}\n"
        )
    };
    assert_eq!(other(Language::Rust, &rust("println!(\"{error}\")")), ["join unbounded"]);
    assert_eq!(other(Language::Rust, &rust("return Err(error)")), NONE);
}

#[test]
fn conflicts_that_a_function_tells_are_no_failures() {
    let go = |test: &str| {
        format!(
            "package main\n\ntype Node struct{{ peer *PeerConn }}\n\nfunc (n *Node) put() error {{\n\tfor {{\n\t\terr := n.peer.Put(\"a\")\n\t\tif err == nil {{\n\t\t\treturn nil\n\t\t}}\n\t\tif {test}(err) {{\n\t\t\tcontinue\n\t\t}}\n\t\treturn err\n\t}}\n}}\n"
        )
    };
    assert_eq!(other(Language::Go, &go("isConditionNotMet")), NONE);
    assert_eq!(other(Language::Go, &go("isTransient")), ["Put unbounded"]);
}

#[test]
fn the_next_of_a_stream_is_another_one() {
    let go = |method: &str| {
        format!(
            "package main\n\ntype Node struct{{ peer *PeerClient }}\n\nfunc (n *Node) next() (*Peer, error) {{\n\tfor {{\n\t\tgot, err := n.peer.{method}()\n\t\tif err != nil {{\n\t\t\treturn nil, err\n\t\t}}\n\t\tpeer, err := parse(got)\n\t\tif err != nil {{\n\t\t\tcontinue\n\t\t}}\n\t\treturn peer, nil\n\t}}\n}}\n"
        )
    };
    assert_eq!(other(Language::Go, &go("Recv")), NONE);
    assert_eq!(other(Language::Go, &go("Join")), ["Join unbounded"]);
}

#[test]
fn candidates_run_out_and_sessions_are_made_anew_once() {
    let python = |more: &str| {
        format!(
            "import time\n\n\nclass Node:\n    def join(self, client, servers):\n        tried = []\n        while len(tried) < len(servers):\n            try:\n                return client.join(\"a\")\n            except ConnectionError as error:\n                time.sleep(5)\n                {more}\n"
        )
    };
    assert_eq!(other(Language::Python, &python("tried.append(client)")), ["join attempts"]);
    assert_eq!(other(Language::Python, &python("print(error)")), ["join unknown"]);
    let session = |failed: &str| {
        format!(
            "private Object session = null;\nvoid run() {{ while (true) {{ boolean fresh = (session == null); open(); try {{ peer.join(\"a\"); return; }} catch (RemotingException e) {{ if (fresh) {{ throw new IllegalStateException(e); }} {failed} }} }} }}\nvoid open() {{ }}"
        )
    };
    assert_eq!(java(&session("session = null;")), ["join attempts 2"]);
    assert_eq!(java(&session("System.out.println(e);")), ["join unbounded"]);
    let login = |failed: &str| {
        format!(
            "void run() {{ boolean again = false; while (true) {{ try {{ peer.join(\"a\"); return; }} catch (RemotingException e) {{ if (again == false) {{ {failed} }} else {{ throw new IllegalStateException(e); }} }} }} }}"
        )
    };
    assert_eq!(java(&login("again = true;")), ["join attempts 2"]);
    assert_eq!(java(&login("System.out.println(e);")), ["join unbounded"]);
}

#[test]
fn errors_of_a_pause_may_come_from_a_context() {
    let go = |given: &str| {
        format!(
            "package main\n\ntype Node struct{{ peer *PeerConn }}\n\nfunc (n *Node) join(ctx Context, delay int) error {{\n\tfor {{\n\t\tif _, err := n.peer.Join(\"a\"); err == nil {{\n\t\t\treturn nil\n\t\t}}\n\t\tif stop := rest({given}); stop != nil {{\n\t\t\treturn stop\n\t\t}}\n\t}}\n}}\n"
        )
    };
    assert_eq!(other(Language::Go, &go("ctx, delay")), ["Join cancellation"]);
    assert_eq!(other(Language::Go, &go("delay")), ["Join unbounded"]);
}

#[test]
fn whatever_was_taken_from_is_a_queue() {
    let worker = |failed: &str| {
        format!(
            "void work() throws Exception {{ while (true) {{ Job job = jobs.take(); try {{ registry.submit(job); }} catch (Exception e) {{ {failed} }} }} }}"
        )
    };
    assert_eq!(java(&worker("jobs.add(job);")), ["submit unbounded"]);
    assert_eq!(java(&worker("System.out.println(e);")), NONE);
}

#[test]
fn what_is_counted_among_arguments_counts() {
    assert_eq!(
        java(
            "private int at = 0;\nvoid run() { int end = at + 3; while (at < end) { String name = names.get((int) (at++ % 3)); try { peer.join(name); return; } catch (Exception e) { System.out.println(e); } } }"
        ),
        ["join attempts"]
    );
}

#[test]
fn a_status_that_is_waited_for_may_be_that_of_a_function() {
    let python = |status: u16| {
        format!(
            "import time\n\nimport requests\n\n\ndef send():\n    return requests.post(\"http://core/a\", json={{}})\n\n\ndef run():\n    response = send()\n    while response.status_code != {status}:\n        time.sleep(2)\n        response = send()\n"
        )
    };
    assert_eq!(other(Language::Python, &python(202)), [" unbounded"]);
    assert_eq!(other(Language::Python, &python(200)), [" unbounded"]);
}
