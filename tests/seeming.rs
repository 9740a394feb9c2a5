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

/// The same of a whole file of another language.
fn other(language: Language, code: &str) -> Vec<String> {
    let facts = follow(language, code).unwrap();
    let shown = |retry: &contract_lint::model::usage::Retry| {
        format!("{} {}", retry.seems.as_deref().unwrap_or_default(), shown_bound(&retry.bound))
    };
    facts.retries.iter().map(shown).collect()
}

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

#[test]
fn handlers_that_wait_or_say_so_tell_of_remote_calls() {
    assert_eq!(
        java(
            "void run() { while (true) { try { registry.drop(\"a\"); break; } catch (Exception e) { Thread.sleep(1000); } } }"
        ),
        ["drop unbounded"]
    );
    assert_eq!(
        java(
            "void run() { while (true) { try { registry.drop(\"a\"); break; } catch (Exception e) { System.out.println(\"will retry\"); } } }"
        ),
        ["drop unbounded"]
    );
    // Nobody waits because of an interruption.
    assert_eq!(
        java(
            "void run() { while (true) { try { registry.drop(\"a\"); break; } catch (InterruptedException e) { Thread.sleep(1000); } } }"
        ),
        NONE
    );
}

#[test]
fn loops_that_pause_tell_of_remote_calls() {
    // The pause stands behind what is tried, or before it.
    assert_eq!(
        java(
            "void run() { while (true) { try { registry.drop(\"a\"); break; } catch (Exception e) { System.out.println(e); } Thread.sleep(1000); } }"
        ),
        ["drop unbounded"]
    );
    // What is tried is no retry where success comes back too.
    assert_eq!(
        java(
            "void run() { while (true) { try { registry.drop(\"a\"); } catch (Exception e) { System.out.println(e); } Thread.sleep(1000); } }"
        ),
        NONE
    );
    let go = |body: &str| {
        format!(
            "package main\n\nimport \"time\"\n\nfunc copyAll(store Store, limit int) error {{\n{body}\treturn nil\n}}\n"
        )
    };
    assert_eq!(
        other(
            Language::Go,
            &go(
                "\terr := store.Put(\"a\")\n\tfor err != nil {\n\t\ttime.Sleep(time.Second)\n\t\terr = store.Put(\"a\")\n\t}\n"
            )
        ),
        ["Put unbounded"]
    );
    assert_eq!(
        other(
            Language::Go,
            &go(
                "\terr := store.Put(\"a\")\n\tfor err != nil {\n\t\tif again := policy.ShouldRetry(); !again {\n\t\t\treturn err\n\t\t}\n\t\ttime.Sleep(time.Second)\n\t\terr = store.Put(\"a\")\n\t}\n"
            )
        ),
        ["Put unknown"]
    );
    assert_eq!(
        other(
            Language::Rust,
            "pub async fn join(store: &Store) {\n    loop {\n        match timeout(LIMIT, store.join()).await {\n            Ok(Ok(_)) => return,\n            Ok(Err(error)) => println!(\"{error}\"),\n            Err(_) => println!(\"late\"),\n        }\n        sleep(PAUSE).await;\n    }\n}\n"
        ),
        ["join unbounded"]
    );
    // Reading a file is no call of somebody else.
    assert_eq!(
        other(
            Language::Python,
            "import json\nimport time\n\n\ndef load(path):\n    while True:\n        try:\n            return json.load(path)\n        except ValueError:\n            time.sleep(1)\n"
        ),
        NONE
    );
    assert_eq!(
        other(
            Language::TypeScript,
            "export function load(db: Store) {\n  return db.fetchAll().then(use).catch((error) => {\n    return setTimeout(load, 5000);\n  });\n}\n"
        ),
        ["fetchAll unbounded"]
    );
}

#[test]
fn statuses_of_http_tell_of_remote_calls() {
    let python = |ends: &str| {
        format!(
            "class Api:\n    def call(self, url, fatal=True):\n        while True:\n            response = self.extractor.ask(url)\n            if response.status_code < 400:\n                return response\n{ends}            if response.status_code == 429:\n                continue\n            raise Failed(url)\n"
        )
    };
    assert_eq!(other(Language::Python, &python("")), ["ask unbounded"]);
    // A parameter is in each round what it was in the first.
    assert_eq!(
        other(Language::Python, &python("            if not fatal:\n                return None\n")),
        ["ask unbounded"]
    );
    assert_eq!(
        other(
            Language::Python,
            &python("            self.tries += 1\n            if self.tries > 5:\n                return None\n")
        ),
        ["ask attempts 5"]
    );
    // A status of something else.
    assert_eq!(
        other(
            Language::Python,
            "class Job:\n    def wait(self):\n        while True:\n            job = self.jobs.find(1)\n            if job.status == 7:\n                return job\n"
        ),
        NONE
    );
    let typescript = |again: &str| {
        format!(
            "import {{ ask }} from './ask.js';\n\nexport class Handler {{\n  async run(url: string, retries = 0): Promise<Answer> {{\n    const answer = await ask(url);\n    const status = answer.status;\n    if (status >= 200 && status < 300) {{\n      return answer;\n    }}\n    if (status === 429{again}) {{\n      return this.run(url, retries + 1);\n    }}\n    throw new Error(url);\n  }}\n}}\n"
        )
    };
    assert_eq!(other(Language::TypeScript, &typescript("")), ["ask unbounded"]);
    assert_eq!(other(Language::TypeScript, &typescript(" && retries < 3")), ["ask attempts 3"]);
}

#[test]
fn who_is_connected_has_connected() {
    assert_eq!(
        other(
            Language::CSharp,
            "using System.Threading.Tasks;\n\npublic class Node\n{\n    public async Task Join(PeerConnection connection)\n    {\n        while (connection.State != State.Connected)\n        {\n            try\n            {\n                await Task.Delay(1000);\n                await connection.StartAsync();\n            }\n            catch\n            {\n            }\n        }\n    }\n}\n"
        ),
        ["StartAsync unbounded"]
    );
    assert_eq!(
        java(
            "void run() { while (!peer.isConnected()) { try { peer.join(\"a\"); } catch (Exception e) { Thread.sleep(1000); } } }"
        ),
        ["join unbounded"]
    );
}

#[test]
fn settings_and_constants_end_nothing() {
    let typescript = |flag: &str| {
        format!(
            "export async function ask(peer: PeerConnection, options: Options, state: State) {{\n  for (;;) {{\n    try {{\n      return await peer.ask(options.name);\n    }} catch (error) {{\n      if ({flag}) {{\n        throw error;\n      }}\n      await sleep(1000);\n    }}\n  }}\n}}\n"
        )
    };
    assert_eq!(other(Language::TypeScript, &typescript("options.strict")), ["ask unbounded"]);
    assert_eq!(other(Language::TypeScript, &typescript("Flags.STRICT")), ["ask unbounded"]);
    assert_eq!(other(Language::TypeScript, &typescript("state.closed")), ["ask unknown"]);
}

#[test]
fn a_context_that_is_only_left_ends_nothing() {
    let go = |other: &str| {
        format!(
            "package main\n\nimport (\n\t\"context\"\n\t\"time\"\n)\n\nfunc join(peer *PeerConn) {{\n\tctx, cancel := context.WithCancel(context.Background())\n\tdefer cancel()\n{other}\tfor {{\n\t\tselect {{\n\t\tcase <-ctx.Done():\n\t\t\treturn\n\t\tdefault:\n\t\t}}\n\t\tif err := peer.Join(ctx); err == nil {{\n\t\t\treturn\n\t\t}}\n\t\ttime.Sleep(time.Second)\n\t}}\n}}\n"
        )
    };
    assert_eq!(other(Language::Go, &go("")), ["Join unbounded"]);
    assert_eq!(other(Language::Go, &go("\tonStop(cancel)\n")), ["Join cancellation"]);
}

#[test]
fn what_an_object_keeps_may_count() {
    assert_eq!(
        java(
            "void failed(Exception cause) { int at = names.size(); if ((at + 1) < 5) { registry.setAt(at + 1); join(); } }\nvoid join() { try { peer.join(\"a\"); } catch (Exception e) { failed(e); } }"
        ),
        ["join attempts 5"]
    );
}

#[test]
fn who_asks_further_asks_for_something_else() {
    let go = |next: &str| {
        format!(
            "package main\n\nfunc find(peer *PeerConn, path string) string {{\n\tfor {{\n\t\tif err := peer.Open(path); err == nil {{\n\t\t\treturn path\n\t\t}}\n\t\t{next}\n\t}}\n}}\n"
        )
    };
    assert_eq!(other(Language::Go, &go("path = parent(path)")), NONE);
    assert_eq!(other(Language::Go, &go("log(path)")), ["Open unbounded"]);
}

#[test]
fn an_answer_may_name_a_failure() {
    let rust = |failed: &str| {
        format!(
            "pub async fn upload(client: &UploadClient) {{\n    loop {{\n        match client.upload().await {{\n            Ok(answer) => match answer.status {{\n                Status::Imported => return,\n                Status::{failed} => println!(\"again\"),\n            }},\n            Err(error) => println!(\"{{error}}\"),\n        }}\n    }}\n}}\n"
        )
    };
    assert_eq!(other(Language::Rust, &rust("Failed")), ["upload unbounded"]);
    // Not yet there is no failure: a poll.
    assert_eq!(other(Language::Rust, &rust("Waiting")), NONE);
}

#[test]
fn what_is_told_of_a_failure_does_not_make_up_for_it() {
    assert_eq!(
        other(
            Language::Go,
            "package main\n\ntype Node struct{ peer *PeerConn }\n\nfunc (n *Node) join() {\n\tfor {\n\t\tif _, err := n.peer.Join(\"a\"); err == nil {\n\t\t\treturn\n\t\t}\n\t\tn.peer.Report(\"failed\")\n\t}\n}\n"
        ),
        ["Join unbounded"]
    );
}

#[test]
fn what_answers_say_counts_where_it_is_asked() {
    assert_eq!(
        java("void run() { while (!peer.push(\"a\").isSuccess()) { pause(); } }\nvoid pause() {}"),
        ["push unbounded"]
    );
    assert_eq!(
        java(
            "boolean push() { if (peer.push(\"a\").getCode() == Codes.OK) { return true; } return false; }\nvoid run() { while (!push()) { pause(); } }\nvoid pause() {}"
        ),
        ["push unbounded"]
    );
}

#[test]
fn tasks_listeners_and_queues_lead_back() {
    let task = |failed: &str| {
        format!(
            "static class Task implements Runnable {{ private PeerClient peer = null; private ScheduledExecutorService scheduler = null; private int tries = 0; public void run() {{ try {{ peer.join(\"a\"); }} catch (Exception e) {{ {failed} }} }} }}"
        )
    };
    assert_eq!(java(&task("scheduler.schedule(this, 1, TimeUnit.SECONDS);")), ["join unbounded"]);
    assert_eq!(java(&task("scheduler.execute(new Task());")), ["join unbounded"]);
    assert_eq!(java(&task("if (tries++ < 3) { scheduler.schedule(this, 1, TimeUnit.SECONDS); }")), ["join attempts 3"]);
    assert_eq!(
        java(
            "void start() { scheduler.execute(new Runnable() { public void run() { try { peer.join(\"a\"); } catch (Exception e) { scheduler.schedule(this, 1, TimeUnit.SECONDS); } } }); }"
        ),
        ["join unbounded"]
    );
    assert_eq!(
        java(
            "void push(String it) { peer.push(it, new Listener() { public void onSuccess(Object found) { } public void onFailure(Throwable cause) { push(it); } }); }"
        ),
        ["push unbounded"]
    );
    assert_eq!(
        java("void push(String it) { peer.push(it, (found, error) -> { if (error != null) { push(it); } }); }"),
        ["push unbounded"]
    );
    let worker = |failed: &str| {
        format!(
            "private java.util.concurrent.BlockingQueue<Job> queue = null;\nvoid work() throws Exception {{ while (true) {{ Job job = queue.take(); try {{ peer.push(job); }} catch (Exception e) {{ {failed} }} }} }}"
        )
    };
    assert_eq!(java(&worker("queue.put(job);")), ["push unbounded"]);
    assert_eq!(java(&worker("job.tries++; if (job.tries < 5) { queue.put(job); }")), ["push attempts 5"]);
    assert_eq!(java(&worker("dead.put(job);")), NONE);
}

#[test]
fn policies_say_that_they_never_give_up() {
    assert_eq!(
        java("void run() { Retry.indefinitely(100).run(() -> { peer.join(\"a\"); }); }"),
        ["indefinitely unbounded"]
    );
    assert_eq!(java("Object policy() { return new RetryForever(100); }"), ["RetryForever unbounded"]);
    assert_eq!(java("void run() { Retry.upTo(3).run(() -> { peer.join(\"a\"); }); }"), NONE);
    assert_eq!(java("Object retryForever() { return new RetryForever(100); }"), NONE);
}

#[test]
fn a_count_has_to_count() {
    let counted = |before: &str, failed: &str| {
        java(&format!(
            "void run() throws Exception {{ int n = 0; while (n < 3) {{ {before} try {{ peer.join(\"a\"); return; }} {failed} }} }}"
        ))
    };
    assert_eq!(counted("", "catch (Exception e) { n++; }"), ["join attempts 3"]);
    assert_eq!(counted("", "catch (IllegalStateException e) { n++; } catch (Exception e) { }"), ["join unbounded"]);
    assert_eq!(counted("n++;", "catch (IllegalStateException e) { } catch (Exception e) { n--; }"), ["join unbounded"]);
    assert_eq!(
        java(
            "void run() throws Exception { while (true) { int n = 0; try { peer.join(\"a\"); return; } catch (Exception e) { if (++n > 3) { throw e; } } } }"
        ),
        ["join attempts 3"]
    );
    assert_eq!(
        java(
            "void run() throws Exception { while (true) { int n = 0; try { peer.join(\"a\"); return; } catch (Exception e) { n++; if (n > 3) { throw e; } } } }"
        ),
        ["join unbounded"]
    );
}

#[test]
fn who_is_given_the_error_may_give_up() {
    assert_eq!(
        java(
            "void run() { while (true) { try { peer.join(\"a\"); return; } catch (Exception e) { policy.goOn(e); } } }"
        ),
        ["join unknown"]
    );
    assert_eq!(
        java("void run() { while (true) { try { peer.join(\"a\"); return; } catch (Exception e) { names.add(e); } } }"),
        ["join unbounded"]
    );
    // Also after what the handler itself calls has gone well.
    assert_eq!(
        java(
            "void run() throws Exception { while (true) { try { peer.join(\"a\"); return; } catch (Exception e) { peer.connect(\"a\"); handle(e); } } }\nvoid handle(Exception e) throws Exception { if (registry.allows()) { return; } throw e; }"
        ),
        ["join unknown"]
    );
}

#[test]
fn what_is_removed_and_made_again_is_contended_for() {
    assert_eq!(
        java(
            "void make() { try { peer.create(\"a\"); } catch (NodeExistsException e) { peer.delete(\"a\"); make(); } }"
        ),
        ["create unbounded"]
    );
    assert_eq!(
        java(
            "void make() { try { peer.create(\"a\"); } catch (NoNodeException e) { peer.createParents(\"a\"); make(); } }"
        ),
        NONE
    );
}

#[test]
fn other_languages_are_read_alike() {
    assert_eq!(
        other(
            Language::Go,
            "package main\n\ntype Node struct{ peer *PeerConn }\n\nfunc (n *Node) join() {\n\tfor {\n\t\tif _, err := n.peer.Join(\"a\"); err == nil {\n\t\t\treturn\n\t\t}\n\t\tpause()\n\t}\n}\n"
        ),
        ["Join unbounded"]
    );
    assert_eq!(
        other(
            Language::Go,
            "package main\n\ntype Node struct{ peer *PeerConn }\n\nfunc (n *Node) join(ctx context.Context) error {\n\tfor i := 0; i < 3; i++ {\n\t\tif _, err := n.peer.Join(\"a\"); err == nil {\n\t\t\treturn nil\n\t\t}\n\t}\n\treturn nil\n}\n"
        ),
        ["Join attempts 3"]
    );
    assert_eq!(
        other(
            Language::Python,
            "class Node:\n    def join(self):\n        while True:\n            try:\n                self.peer_client.join('a')\n                return\n            except Exception as error:\n                print(error)\n"
        ),
        ["join unbounded"]
    );
    assert_eq!(
        other(
            Language::TypeScript,
            "export class Node {\n  private peer: PeerConnection;\n  async join() {\n    for (;;) {\n      try {\n        await this.peer.join('a');\n        return;\n      } catch (error) {\n        console.log(error);\n      }\n    }\n  }\n}\n"
        ),
        ["join unbounded"]
    );
    assert_eq!(
        other(
            Language::Rust,
            "pub struct Node { peer: PeerClient }\n\nimpl Node {\n    pub async fn join(&self) {\n        loop {\n            match self.peer.join(\"a\").await {\n                Ok(_) => return,\n                Err(error) => println!(\"{error}\"),\n            }\n        }\n    }\n}\n"
        ),
        ["join unbounded"]
    );
}
