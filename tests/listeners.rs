//! Retries of what only seems to be remote: what connects, and what is told later how a call went.
#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

mod code;

use code::{follow, shown_bound};
use contract_lint::model::source::Language;

/// What seems to be called, and the bound of its retry.
fn retries(language: Language, code: &str) -> Vec<String> {
    let facts = follow(language, code).unwrap();
    let shown = |retry: &contract_lint::model::usage::Retry| {
        format!("{} {}", retry.seems.as_deref().unwrap_or_default(), shown_bound(&retry.bound))
    };
    facts.retries.iter().map(shown).collect()
}

/// The same of the methods of a Java class.
fn java(methods: &str) -> Vec<String> {
    let imports = "import io.netty.bootstrap.Bootstrap;\nimport com.example.peer.Registry;\n";
    let fields = "private final Registry registry = null;\nprivate java.net.Socket socket;\n";
    retries(Language::Java, &format!("package example;\n\n{imports}\npublic class Node {{\n{fields}{methods}\n}}\n"))
}

const NONE: [&str; 0] = [];

#[test]
fn functions_of_packages_connect() {
    assert_eq!(
        retries(
            Language::Go,
            "package main\n\nimport \"github.com/rabbitmq/amqp091-go\"\n\nfunc connect(url string) *amqp091.Connection {\n\tfor {\n\t\tconnection, err := amqp091.Dial(url)\n\t\tif err == nil {\n\t\t\treturn connection\n\t\t}\n\t}\n}\n"
        ),
        ["Dial unbounded"]
    );
    assert_eq!(
        retries(
            Language::Rust,
            "use std::net::TcpStream;\n\npub fn connect() -> TcpStream {\n    loop {\n        if let Ok(stream) = TcpStream::connect(\"core:80\") {\n            return stream;\n        }\n    }\n}\n"
        ),
        ["connect unbounded"]
    );
    let python = |module: &str| {
        format!(
            "import {module}\n\n\ndef connect(url):\n    while True:\n        try:\n            return {module}.connect(url)\n        except Exception as error:\n            print(error)\n"
        )
    };
    assert_eq!(retries(Language::Python, &python("psycopg2")), ["connect unbounded"]);
    // A file of this machine.
    assert_eq!(retries(Language::Python, &python("sqlite3")), NONE);
}

#[test]
fn what_a_field_holds_is_known() {
    assert_eq!(
        java(
            "void join() { while (true) { try { this.socket = new java.net.Socket(\"a\", 80); if (this.socket != null) { break; } } catch (Exception e) { System.out.println(e); } } }"
        ),
        ["Socket unbounded"]
    );
}

#[test]
fn a_status_without_content_may_be_what_is_wanted() {
    let python = |wanted: &str| {
        format!(
            "import requests\nimport time\n\n\ndef register():\n    while True:\n        try:\n            answer = requests.post(\"http://registry/apps\")\n            if answer.status_code {wanted}:\n                break\n        except Exception:\n            pass\n        time.sleep(30)\n"
        )
    };
    assert_eq!(retries(Language::Python, &python("== 204")), [" unbounded"]);
    // Nothing yet: a poll.
    assert_eq!(retries(Language::Python, &python("!= 204")), NONE);
}

#[test]
fn listeners_ask_how_it_went() {
    let netty = |failed: &str| {
        java(&format!(
            "void connect(Bootstrap bootstrap, int tries) {{ bootstrap.connect(\"a\", 80).addListener(future -> {{ if (!future.isSuccess()) {{ {failed} }} }}); }}"
        ))
    };
    assert_eq!(netty("loop.schedule(() -> connect(bootstrap, tries), 1, SECONDS);"), ["connect unbounded"]);
    assert_eq!(netty("if (tries < 3) { connect(bootstrap, tries + 1); }"), ["connect attempts 3"]);
    assert_eq!(
        java(
            "void connect(Bootstrap bootstrap) { bootstrap.connect(\"a\", 80).addListener(new ChannelFutureListener() { public void operationComplete(ChannelFuture future) { if (!future.isSuccess()) { connect(bootstrap); } } }); }"
        ),
        ["connect unbounded"]
    );
    // Whenever the connection ends, however that came.
    assert_eq!(
        java(
            "void connect(Bootstrap bootstrap) { bootstrap.connect(\"a\", 80).addListener(future -> { connect(bootstrap); }); }"
        ),
        NONE
    );
}

#[test]
fn what_a_variable_holds_is_told_later() {
    let acknowledge = |code: &str| {
        java(&format!(
            "void ack(String id) {{ final Found future = registry.ack(id); Futures.addCallback(future, new FutureCallback<Answer>() {{ public void onSuccess(Answer answer) {{ final Code code = answer.getStatus().getCode(); {code} done(); }} public void onFailure(Throwable t) {{ later(id); }} }}, executor); }}\nvoid later(String id) {{ executor.schedule(() -> ack(id), 1, SECONDS); }}\nvoid done() {{ }}"
        ))
    };
    assert_eq!(acknowledge("if (!Code.OK.equals(code)) { later(id); return; }"), ["ack unbounded"]);
    // What went well comes again as well: a poll.
    assert_eq!(acknowledge("if (Code.OK.equals(code)) { later(id); return; }"), NONE);
}

#[test]
fn a_time_limit_that_is_set_before_is_no_attempt() {
    assert_eq!(
        java(
            "void leave() { timer = context.schedule(2, () -> { leave(); }); registry.leave(\"a\").whenComplete((answer, error) -> { timer.cancel(); if (error != null) { timer = context.schedule(2, () -> { leave(); }); } }); }"
        ),
        ["leave unbounded"]
    );
}

#[test]
fn events_of_a_connection_come_later() {
    let node = |event: &str| {
        retries(
            Language::TypeScript,
            &format!(
                "import amqp from 'amqplib/callback_api';\n\nfunction start() {{\n  amqp.connect('amqp://queue', function (err, connection) {{\n    if (err) {{\n      return setTimeout(start, 1000);\n    }}\n    connection.on('{event}', () => setTimeout(start, 1000));\n    ready(connection);\n  }});\n}}\n"
            ),
        )
    };
    assert_eq!(node("close"), ["connect unbounded"]);
}

#[test]
fn functions_in_between_lead_back() {
    let go_on = |limit: &str| {
        retries(
            Language::Python,
            &format!(
                "class Sender:\n    def retry(self):\n        try:\n            self.peer_client.push('a')\n        except Exception as error:\n            self.back_off()\n\n    def back_off(self):\n{limit}        self.recover()\n\n    def recover(self):\n        self.clock.call_later(5, self.retry)\n"
            ),
        )
    };
    assert_eq!(go_on(""), ["push unbounded"]);
    assert_eq!(go_on("        self.count += 1\n        if self.count > 5:\n            return\n"), ["push attempts 5"]);
}

#[test]
fn a_function_of_its_own_puts_back() {
    let worker = |body: &str| {
        java(&format!(
            "void work() {{ while (true) {{ Job job = next(); try {{ registry.push(job); }} catch (RemoteException e) {{ putBack(job); }} }} }}\nvoid putBack(Job job) {{ {body} }}\nJob next() {{ return null; }}"
        ))
    };
    assert_eq!(worker("jobs.push(job);"), ["push unbounded"]);
    assert_eq!(worker("if (job.tries < 5) { jobs.push(job); }"), ["push unknown"]);
}

#[test]
fn counts_where_they_are_given_end_it() {
    assert_eq!(
        java(
            "void join(int most) { int tries = 0; while (tries < most) { try { registry.join(\"a\"); return; } catch (ConnectException e) { pause(e, tries++); } } }\nvoid pause(Exception e, int tries) throws Exception { if (e == null) { throw new RuntimeException(); } }"
        ),
        ["join attempts"]
    );
}

#[test]
fn who_ends_the_process_leaves() {
    assert_eq!(
        java(
            "void join() { int count = 0; while (true) { try { registry.join(\"a\"); break; } catch (RemoteException e) { count++; } if (count > 5) { System.exit(1); } } }"
        ),
        ["join attempts 5"]
    );
}

#[test]
fn a_decorator_repeats_what_connects() {
    assert_eq!(
        retries(
            Language::Python,
            "import aioredis\nimport backoff\n\n\n@backoff.on_exception(backoff.expo, OSError)\nasync def ready():\n    return await aioredis.create_connection('redis')\n"
        ),
        ["create_connection unbounded"]
    );
}
