//! Broken input loses only itself: a clear problem with its place, exit 3 where a contract is lost,
//! everything else as if nothing had happened.

#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::Command;

const API: &str = "openapi: 3.0.3
info: {title: Orders, version: '1'}
paths:
  /orders/{id}:
    get:
      parameters: [{name: id, in: path, required: true, schema: {type: string}}]
      responses:
        '200':
          description: an order
          content: {application/json: {schema: {$ref: '#/components/schemas/Order'}}}
components:
  schemas:
    Order:
      type: object
      properties:
        id: {type: string}
        owner: {type: string, x-pii: true}
";

const CLIENT: &str = "use serde::Deserialize;

#[derive(Deserialize)]
pub struct Order {
    pub id: String,
    pub owner: String,
}

pub fn owner(id: &str) -> Result<String, ureq::Error> {
    let order: Order = ureq::get(&format!(\"http://orders/orders/{id}\")).call()?.body_mut().read_json()?;
    Ok(order.owner)
}
";

struct Ran {
    code: i32,
    stdout: String,
    stderr: String,
}

/// A healthy workspace with something else beside it.
fn beside(files: &[(&str, &[u8])]) -> Ran {
    let folder = tempfile::tempdir().unwrap();
    let healthy: [(&str, &[u8]); 3] = [
        ("orders/openapi.yaml", API.as_bytes()),
        ("shop/Cargo.toml", b"[package]\nname = \"shop\"\nversion = \"0.1.0\"\n"),
        ("shop/src/lib.rs", CLIENT.as_bytes()),
    ];
    for (path, bytes) in healthy.iter().chain(files) {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
    run(folder.path())
}

fn run(folder: &Path) -> Ran {
    let output = Command::new(env!("CARGO_BIN_EXE_contract-lint"))
        .args(["check", "--format", "concise"])
        .arg(folder)
        .env_remove("GITHUB_ACTIONS")
        .output()
        .unwrap();
    Ran {
        code: output.status.code().unwrap(),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

impl Ran {
    /// The healthy part was read and checked as always.
    fn has_lost_nothing(&self) -> &Self {
        assert!(
            self.stdout.contains("shop/src/lib.rs:11:14: error[sensitive/sensitive-field-read]"),
            "{}\n{}",
            self.stdout,
            self.stderr
        );
        assert!(!self.stderr.contains("panicked"), "{}", self.stderr);
        self
    }

    fn says(&self, what: &str) -> &Self {
        assert!(self.stderr.contains(what), "`{what}` is not said:\n{}", self.stderr);
        self
    }
}

#[test]
fn a_healthy_workspace_is_complete() {
    let ran = beside(&[]);
    ran.has_lost_nothing();
    assert_eq!(ran.code, 1, "{}", ran.stderr);
}

#[test]
fn broken_files_lose_only_themselves() {
    let contracts: [(&str, &[u8], &str); 7] = [
        ("a/openapi.yaml", b"openapi: 3.0.3\npaths:\n  /a: {get: [\n", "a/openapi.yaml:"),
        ("a/openapi.json", b"{\"openapi\": \"3.0.3\",\n \"paths\": {,}}", "a/openapi.json:2:"),
        ("a/openapi.yaml", b"openapi: 3.0.3\ninfo: {title: \"\xff\xfe\"}\n", "a/openapi.yaml"),
        ("a/a.proto", b"syntax = \"proto3\";\nmessage A { string = 1; }\n", "a/a.proto:2:"),
        ("a/a.proto", b"syntax = \"proto3\";\n// \xff\n", "a/a.proto"),
        ("a/openapi.yaml", b"swagger: '1.2'\npaths: {}\n", "1.2"),
        ("a/openapi.yaml", b"openapi: 3.0.3\npaths:\n  /a:\n    get:\n      responses: {'200': {$ref: '#/components/responses/Gone'}}\n", "Gone"),
    ];
    for (path, bytes, said) in contracts {
        let ran = beside(&[(path, bytes)]);
        ran.has_lost_nothing().says(said);
        assert_eq!(ran.code, 3, "{said}: a lost contract makes the run incomplete\n{}", ran.stderr);
    }
}

#[test]
fn broken_code_is_said_and_the_rest_of_it_used() {
    let rust = b"pub fn a( {\n}\n\npub fn b() -> String { String::new() }\n";
    let ran = beside(&[("b/Cargo.toml", b"[package]\nname = \"b\"\n"), ("b/src/lib.rs", rust)]);
    ran.has_lost_nothing().says("b/src/lib.rs:1:");
    assert_eq!(ran.code, 1);
    let ran = beside(&[("c/go.mod", b"module c\n"), ("c/c.go", b"package c\n\nfunc a( {\n}\n")]);
    ran.has_lost_nothing().says("c/c.go:3:");
    assert_eq!(ran.code, 1);
}

#[test]
fn a_missing_import_and_a_cycle_cost_what_is_missing() {
    let missing =
        b"syntax = \"proto3\";\npackage m;\nimport \"gone.proto\";\nmessage M { gone.G g = 1; string id = 2; }\n";
    beside(&[("m/m.proto", missing)]).has_lost_nothing().says("gone.proto");
    let cycle = b"openapi: 3.0.3\npaths: {}\ncomponents:\n  schemas:\n    A: {$ref: '#/components/schemas/B'}\n    B: {$ref: '#/components/schemas/A'}\n    Tree: {type: object, properties: {left: {$ref: '#/components/schemas/Tree'}}}\n";
    let ran = beside(&[("c/openapi.yaml", cycle)]);
    ran.has_lost_nothing();
    assert_eq!(ran.code, 3, "a pure cycle has no meaning\n{}", ran.stderr);
}

#[test]
fn nesting_and_bombs_end() {
    let deep = format!("openapi: 3.0.3\npaths: {}{}\n", "{a: ".repeat(10_000), "}".repeat(10_000));
    beside(&[("d/openapi.yaml", deep.as_bytes())]).has_lost_nothing();
    let json = format!("{{\"openapi\": \"3.0.3\", \"x\": {}{}}}", "[".repeat(10_000), "]".repeat(10_000));
    beside(&[("d/openapi.json", json.as_bytes())]).has_lost_nothing();
    let mut bomb = String::from("openapi: 3.0.3\na0: &a0 [x, x, x, x, x, x, x, x, x]\n");
    for level in 1..12 {
        let inner = vec![format!("*a{}", level - 1); 9].join(", ");
        writeln!(bomb, "a{level}: &a{level} [{inner}]").unwrap();
    }
    beside(&[("d/openapi.yaml", bomb.as_bytes())]).has_lost_nothing();
    let rust = format!("pub fn a() -> u32 {{ {}1{} }}\n", "(".repeat(5_000), ")".repeat(5_000));
    beside(&[("d/Cargo.toml", b"[package]\nname = \"d\"\n"), ("d/src/lib.rs", rust.as_bytes())]).has_lost_nothing();
    let go = format!("package d\n\nvar a = {}1{}\n", "(".repeat(5_000), ")".repeat(5_000));
    beside(&[("d/go.mod", b"module d\n"), ("d/d.go", go.as_bytes())]).has_lost_nothing();
}

#[test]
fn functions_that_keep_functions_end() {
    // Each closure keeps the two before it: written out, the last one holds 2^40 of them.
    let mut go =
        String::from("package c\n\nimport \"net/http\"\n\nfunc run(f func()) { f() }\n\nfunc Start(url string) {\n");
    go.push_str("\ta0 := func() { http.Get(url) }\n\tb0 := func() { http.Get(url) }\n");
    for at in 1..=40 {
        let before = at - 1;
        writeln!(
            go,
            "\ta{at} := func() {{ a{before}(); b{before}() }}\n\tb{at} := func() {{ b{before}(); a{before}() }}"
        )
        .unwrap();
    }
    go.push_str("\trun(a40)\n\trun(b40)\n}\n");
    beside(&[("c/go.mod", b"module c\n"), ("c/c.go", go.as_bytes())]).has_lost_nothing();
}

#[test]
fn objects_that_embed_their_like_end() {
    // A struct that wraps the interface which it implements itself, wrapped once more.
    let code = "package shop

import \"net/http\"

type Store interface{ Get(id string) error }

type Logged struct {
	Store
	prefix string
}

func Run() {
	var inner Logged
	outer := Logged{Store: inner, prefix: \"outer\"}
	outer = Logged{Store: outer, prefix: \"outer\"}
	outer.Get(\"1\")
	http.Get(\"http://orders/orders/1\")
}
";
    let module = "module example.com/shop\n\ngo 1.22\n";
    beside(&[("wrapped/go.mod", module.as_bytes()), ("wrapped/shop.go", code.as_bytes())]).has_lost_nothing();
    // Methods that objects took of each other.
    let code = "import requests

class Side:
    pass

def run():
    left, right = Side(), Side()
    left.fetch = right.fetch
    right.fetch = left.fetch
    left.fetch('1')
    requests.get('http://orders/orders/1')
";
    beside(&[("sides/run.py", code.as_bytes())]).has_lost_nothing();
}

#[test]
fn code_of_a_bundler_is_left_out_and_that_is_said() {
    let bundle = format!(
        "import requests\ndef main():\n    table = [{}]\n    requests.get('http://x/a')\n",
        "0,".repeat(100_000)
    );
    let ran = beside(&[("web/bundle.py", bundle.as_bytes())]);
    assert!(ran.stderr.contains("web/bundle.py"), "{}", ran.stderr);
    assert!(ran.stderr.contains("as bundlers make them"), "{}", ran.stderr);
}

/// What is said of one more contract beside the healthy ones, which lose nothing.
fn said_of(path: &str, text: &[u8]) -> Ran {
    let ran = beside(&[(path, text)]);
    ran.has_lost_nothing();
    ran
}

#[test]
fn anchors_and_merge_keys_mean_what_they_mean_in_yaml() {
    let text = "openapi: 3.0.3
info: {title: Anchors, version: '1'}
x-common: &common
  parameters: [{name: id, in: path, required: true, schema: {type: string}}]
paths:
  /a/{id}:
    get:
      <<: *common
      responses: &ok {'200': {description: fine}}
  /b/{id}:
    get: {<<: [*common], responses: *ok}
";
    assert_eq!(said_of("a/openapi.yaml", text.as_bytes()).code, 1, "nothing is wrong with it");
    let ran = said_of("a/openapi.yaml", text.replace("*ok", "*gone").as_bytes());
    assert_eq!(ran.says("a/openapi.yaml:11:").code, 3);
}

#[test]
fn a_byte_order_mark_and_carriage_returns_are_no_mistakes() {
    let marked = |text: &str| [b"\xef\xbb\xbf".as_slice(), text.replace('\n', "\r\n").as_bytes()].concat();
    let yaml = "openapi: 3.0.3\ninfo: {title: B, version: '1'}\npaths:\n  /b: {get: {responses: {}}}\n";
    let json =
        "{\"openapi\": \"3.0.3\",\n\"info\": {\"title\": \"B\", \"version\": \"1\"},\n\"paths\": {\"/b\": {}}}\n";
    let proto = "syntax = \"proto3\";\npackage b;\nmessage B {\n  string id = 1;\n}\n";
    for (path, text) in [("b/openapi.yaml", yaml), ("b/openapi.json", json), ("b/b.proto", proto)] {
        let ran = said_of(path, &marked(text));
        assert_eq!(ran.code, 1, "{path}: {}", ran.stderr);
    }
    let ran = said_of("b/b.proto", &marked("syntax = \"proto3\";\npackage b;\nmessage B {\n  string = 1;\n}\n"));
    assert_eq!(ran.says("b/b.proto:4:").code, 3, "lines are counted as editors count them");
}

#[test]
fn tabs_and_duplicate_keys_are_said_with_their_place() {
    let tab = "openapi: 3.0.3\ninfo: {title: T, version: '1'}\npaths:\n  /t:\n\tget: {}\n";
    assert_eq!(said_of("t/openapi.yaml", tab.as_bytes()).says("t/openapi.yaml:").code, 3);
    let yaml = "openapi: 3.0.3\ninfo: {title: D, version: '1'}\npaths:\n  /d: {}\n  /d: {}\n";
    said_of("d/openapi.yaml", yaml.as_bytes()).says("d/openapi.yaml:5:3: ");
    let json = "{\"openapi\": \"3.0.3\",\n\"info\": {\"title\": \"D\", \"version\": \"1\"},\n\"paths\": {\"/d\": {},\n\"/d\": {}}}";
    said_of("d/openapi.json", json.as_bytes()).says("d/openapi.json:4:1: ");
    let proto = "syntax = \"proto3\";\npackage d;\nmessage D {\n  string a = 1;\n  string a = 1;\n}\n";
    said_of("d/d.proto", proto.as_bytes()).says("d/d.proto:5:");
}

#[test]
fn keys_that_are_no_texts_and_numbers_without_end_cost_nothing_else() {
    let keys = "openapi: 3.0.3
info: {title: K, version: 1}
paths:
  /k:
    get:
      responses:
        200: {description: a number as key}
        ? [a, list]
        : {description: a list as key}
        ? null
        : {description: nothing as key}
";
    said_of("k/openapi.yaml", keys.as_bytes());
    let huge = "99999999999999999999999999999999999999999999";
    let yaml = format!(
        "openapi: 3.0.3
info: {{title: N, version: '1'}}
paths: {{}}
components:
  schemas:
    N: {{type: array, maxItems: {huge}, items: {{type: integer, maximum: {huge}, minimum: -1e999999}}}}
"
    );
    said_of("n/openapi.yaml", yaml.as_bytes());
    let proto = format!("syntax = \"proto3\";\npackage n;\nmessage N {{\n  string id = {huge};\n  string a = 1;\n}}\n");
    assert_eq!(said_of("n/n.proto", proto.as_bytes()).says("n/n.proto:4:").code, 3);
}

#[test]
fn ten_thousand_levels_end_in_every_format() {
    const LEVELS: usize = 10_000;
    let flow = format!("openapi: 3.0.3\npaths: {{}}\nx: {}{}\n", "[".repeat(LEVELS), "]".repeat(LEVELS));
    said_of("d/openapi.yaml", flow.as_bytes());
    let mut block = "openapi: 3.0.3\npaths: {}\nx:\n".to_owned();
    (1..2_000).for_each(|level| writeln!(block, "{}a:", " ".repeat(level)).unwrap());
    said_of("d/openapi.yaml", block.as_bytes());
    let not: String = "{\"not\": ".repeat(LEVELS);
    let schema = format!(
        "{{\"openapi\": \"3.1.0\", \"paths\": {{}}, \"components\": {{\"schemas\": {{\"A\": {not}{{}}{}}}}}}}",
        "}".repeat(LEVELS)
    );
    said_of("d/openapi.json", schema.as_bytes());
    let messages =
        format!("syntax = \"proto3\";\npackage d;\n{}{}\n", "message M { ".repeat(LEVELS), "}".repeat(LEVELS));
    said_of("d/d.proto", messages.as_bytes());
    let option = format!(
        "syntax = \"proto3\";\npackage d;\noption (a) = {}{};\nmessage M {{ string id = 1; }}\n",
        "{ a: ".repeat(LEVELS),
        "}".repeat(LEVELS)
    );
    said_of("d/d.proto", option.as_bytes());
}

#[cfg(unix)]
#[test]
fn a_symlink_loop_ends() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir_all(folder.path().join("orders/inner")).unwrap();
    fs::write(folder.path().join("orders/openapi.yaml"), API).unwrap();
    fs::create_dir_all(folder.path().join("shop/src")).unwrap();
    fs::write(folder.path().join("shop/Cargo.toml"), "[package]\nname = \"shop\"\n").unwrap();
    fs::write(folder.path().join("shop/src/lib.rs"), CLIENT).unwrap();
    std::os::unix::fs::symlink(folder.path(), folder.path().join("orders/inner/loop")).unwrap();
    let ran = run(folder.path());
    ran.has_lost_nothing();
    assert_eq!(ran.code, 1);
}

#[test]
fn nothing_to_check_is_not_green() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(run(folder.path()).code, 3);
    assert_eq!(run(&folder.path().join("gone")).code, 2, "a folder that is not there is a mistake of the caller");
}

#[test]
fn a_misspelt_method_or_path_is_said() {
    let text = "openapi: 3.0.3\ninfo: {title: M, version: '1'}\npaths:\n  /m:\n    gett: {}\n  things: {}\n";
    said_of("m/openapi.yaml", text.as_bytes())
        .says("m/openapi.yaml:5:5: `gett` is no method")
        .says("m/openapi.yaml:6:3: the path `things` does not begin with `/`");
}
