//! Retries of calls by protocols of one's own, which no descriptor tells of.
#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

mod code;

use code::{follow, shown_bound};
use contract_lint::model::source::Language;

/// What seems to be called, and the bound of its retry, in the methods of a Java class.
fn java(methods: &str) -> Vec<String> {
    let code = format!(
        "package example;\n\nimport com.example.peer.PeerClient;\nimport com.example.peer.Registry;\nimport com.example.peer.RetryPolicy;\nimport java.net.Socket;\nimport java.util.List;\nimport java.util.concurrent.ScheduledExecutorService;\nimport java.util.concurrent.TimeUnit;\n\npublic class Node {{\n    private final PeerClient peer = null;\n    private final Registry registry = null;\n    private final List<String> names = null;\n    private final ScheduledExecutorService scheduler = null;\n    private RetryPolicy policy = null;\n    private int failures = 0;\n\n{methods}\n}}\n"
    );
    let facts = follow(Language::Java, &code).unwrap();
    assert!(facts.calls.is_empty(), "nothing is known to be remote");
    let shown = |retry: &contract_lint::model::usage::Retry| {
        format!("{} {}", retry.seems.as_deref().unwrap_or_default(), shown_bound(&retry.bound))
    };
    facts.retries.iter().map(shown).collect()
}

const NONE: [&str; 0] = [];

#[test]
fn clients_are_told_by_their_types_and_by_what_is_caught() {
    assert_eq!(
        java(
            "void run() { while (true) { try { peer.join(\"a\"); return; } catch (Exception e) { System.out.println(e); } } }"
        ),
        ["join unbounded"]
    );
    assert_eq!(
        java(
            "void run() { while (true) { try { registry.join(\"a\"); return; } catch (RemotingException e) { System.out.println(e); } } }"
        ),
        ["join unbounded"]
    );
    assert_eq!(
        java(
            "void run() { while (true) { try (Socket s = new Socket(\"a\", 80)) { break; } catch (Exception e) { System.out.println(e); } } }"
        ),
        ["Socket unbounded"]
    );
    // A registry may be a table of this process, and a list always is.
    assert_eq!(
        java(
            "void run() { while (true) { try { registry.join(\"a\"); return; } catch (Exception e) { System.out.println(e); } } }"
        ),
        NONE
    );
    assert_eq!(
        java(
            "void run() { while (true) { try { names.get(0); return; } catch (RemotingException e) { System.out.println(e); } } }"
        ),
        NONE
    );
}

#[test]
fn own_methods_and_callbacks_lead_to_them() {
    assert_eq!(
        java(
            "void join() throws Exception { peer.join(\"a\"); }\nvoid run() { boolean done = false; while (!done) { try { join(); done = true; } catch (Exception e) { System.out.println(e); } } }"
        ),
        ["join unbounded"]
    );
    assert_eq!(
        java(
            "void fetch() { peer.fetchAll(\"a\").whenCompleteAsync((found, cause) -> { if (cause != null) { failed(cause); return; } use(found); }, scheduler); }\nvoid failed(Throwable cause) { scheduler.schedule(() -> { fetch(); }, 1, TimeUnit.SECONDS); }\nvoid use(Object found) {}"
        ),
        ["fetchAll unbounded"]
    );
    assert_eq!(
        java(
            "void fetch() { peer.fetchAll(\"a\").whenComplete(new Listener<Object>() { public void onSuccess(Object found) { } public void onFailure(Throwable cause) { fetch(); } }); }"
        ),
        ["fetchAll unbounded"]
    );
}

#[test]
fn bounds_count_here_too() {
    assert_eq!(
        java(
            "void run() { int n = 0; while (n++ < 3) { try { peer.join(\"a\"); return; } catch (Exception e) { System.out.println(e); } } }"
        ),
        ["join attempts 3"]
    );
    assert_eq!(
        java(
            "void run() throws Exception { while (true) { try { peer.join(\"a\"); return; } catch (Exception e) { if (!policy.shouldRetry(++failures)) { throw e; } } } }"
        ),
        ["join attempts"]
    );
    // Who handles the failure gives up.
    assert_eq!(
        java(
            "void run() throws Exception { while (true) { try { peer.join(\"a\"); return; } catch (Exception e) { handle(e); } } }\nvoid handle(Exception e) throws Exception { if (policy.allows(failures)) { return; } throw e; }"
        ),
        ["join unknown"]
    );
    assert_eq!(
        java(
            "void create(String path, boolean again) { try { peer.create(path); } catch (RemotingException e) { if (again) { create(path, true); } else { throw new IllegalStateException(e); } } }"
        ),
        ["create unbounded"]
    );
    assert_eq!(
        java(
            "void create(String path, boolean again) { try { peer.create(path); } catch (RemotingException e) { if (again) { create(path, false); } else { throw new IllegalStateException(e); } } }"
        ),
        ["create attempts 2"]
    );
}

#[test]
fn polls_repairs_and_interruptions_are_none() {
    assert_eq!(java("void run() { while (!peer.exists(\"a\")) { pause(); } }\nvoid pause() {}"), NONE);
    assert_eq!(
        java(
            "void run() { while (true) { try { peer.heartbeat(\"a\"); } catch (Exception e) { System.out.println(e); } } }"
        ),
        NONE
    );
    // The other version is read again, the missing parent is made.
    assert_eq!(
        java(
            "void run() { boolean again; do { again = false; try { peer.write(\"a\"); } catch (BadVersionException e) { again = true; } } while (again); }"
        ),
        NONE
    );
    assert_eq!(
        java(
            "void run() throws Exception { while (true) { try { peer.write(\"a\"); return; } catch (NoNodeException e) { peer.create(\"parent\"); } } }"
        ),
        NONE
    );
    assert_eq!(
        java(
            "String check() { try { return peer.read(\"a\"); } catch (PeerInterruptedException e) { return check(); } }"
        ),
        NONE
    );
}
