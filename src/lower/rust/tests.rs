//! What each construct of Rust becomes.

use super::lower;
use crate::lower::testing;
use crate::model::ir::{Expr, ExprKind, Module, Piece, StmtKind, Type};
use crate::model::source::{FileId, FileKind, Language, Package, Revision, SourceFile, Sources, Span, Workspace};

fn lowered_at(path: &str, text: &str) -> (Module, Sources) {
    let package = Package { language: Language::Rust, path: String::new(), name: "app".into() };
    let workspace = Workspace { packages: vec![package], ..Workspace::default() };
    let mut sources = Sources::default();
    let id = sources.push(SourceFile::new(path, Revision::Head, FileKind::Code(Language::Rust), text));
    let (module, problems) = lower(sources.get(id), id, &workspace);
    assert!(problems.is_empty(), "{problems:?}");
    (module.unwrap(), sources)
}

/// Everything that a file at `src/api.rs` declares.
fn module(text: &str) -> String {
    testing::module(&lowered_at("src/api.rs", text).0)
}

/// The statements of a function body with `a`, `b`, `c` and `self`-less locals in scope.
fn body(text: &str) -> String {
    let (module, _) = lowered_at("src/api.rs", &format!("fn f(a: A, b: B, c: C) {{ {text} }}"));
    assert!(module.fixmes.is_empty(), "{:?}", module.fixmes);
    let func = module.funcs.iter().find(|func| func.symbol.as_str() == "app::api::f").unwrap();
    testing::block(func.body.as_ref().unwrap())
}

#[track_caller]
fn check(cases: &[(&str, &str)]) {
    for (rust, ir) in cases {
        assert_eq!(body(rust), format!("{{{ir}}}"), "{rust}");
    }
}

#[test]
fn literals() {
    check(&[
        (r#""a\nb""#, r#""a\nb""#),
        ("r#\"a\"b\"#", r#""a\"b""#),
        ("1_000u64", "1000"),
        ("0xff", "255"),
        ("99999999999999999999", "9223372036854775807"),
        ("1.5", "1.5"),
        ("1f64", "1.0"),
        ("true", "true"),
        ("'x'", "\"x\""),
        ("b\"x\"", "\"x\""),
        ("b'x'", "120"),
    ]);
}

#[test]
fn access_and_calls() {
    check(&[
        ("a.b.c", "a.b.c"),
        ("a.0.1", "a.0.1"),
        ("a[b]", "a[b]"),
        ("a[1..]", "a"),
        ("a.get(b).send()", "a.get(b).send()"),
        ("a.json::<Vec<User>>()", "a.json<List<:app::api::User>>()"),
        ("f::<u8>(a)", "@app::api::f<Number>(a)"),
        ("reqwest::Client::new()", "@reqwest::Client::new()"),
        ("Vec::<String>::new()", "@std::vec::Vec::new<Str>()"),
        ("<User as Default>::default()", "@app::api::User::default()"),
        ("<User>::new()", "@app::api::User::new()"),
        ("a()", "a()"),
        ("Some(a)", "@Some(a)"),
        ("None::<u8>", "@None"),
        ("Option::Some(a)", "@Some(a)"),
        ("anyhow::Ok(a)", "@Ok(a)"),
        ("(a.b)(c)", "a.b(c)"),
        ("a.r#type", "a.type"),
    ]);
}

#[test]
fn operators_and_places() {
    check(&[
        ("a + b * -c", "(+ a (* b (neg c)))"),
        ("a == b && !c || a != b", "(|| (&& (== a b) (! c)) (!= a b))"),
        ("a % b", "(op a b)"),
        ("&mut a", "&a"),
        ("*a", "*a"),
        ("a as u64", "(as Number a)"),
        ("a?.b.await?", "a?.b.await?"),
        ("a = b;", "a = b;"),
        ("a.x += b;", "a.x += b;"),
        ("a = b;; c", "a = b; c"),
        ("(a, _) = b;", "(tuple a _) = b;"),
        ("a..b", "@std::ops::Range(a, b)"),
        ("a..=b", "@std::ops::RangeInclusive(a, b)"),
        ("a..", "@std::ops::Range(a)"),
        ("..b", "@std::ops::RangeTo(b)"),
        ("(a, b, [c, c], [0; 4])", "(tuple a b [c c] [0])"),
    ]);
}

#[test]
fn struct_literals() {
    check(&[
        ("User { name: a, b }", "(new :app::api::User name: a, b: b)"),
        ("pb::User { id: 1, ..Default::default() }", "(new :pb::User id: 1, ..@std::default::Default::default())"),
        ("Kind::Named { id: a }", "(new :app::api::Kind::Named id: a)"),
    ]);
}

#[test]
fn choices() {
    check(&[
        ("if a { b } else if c { 1 } else { 2 }", "(if a {b} else {(if c {1} else {2})})"),
        ("if let Some(x) = a { x } else { b }", "(if (let Some(x) = a) {x} else {b})"),
        ("if let Some(x) = a && x.ok { x }", "(if (&& (let Some(x) = a) x.ok) {x})"),
        ("let Ok(x) = a else { return; }; x", "let Ok(x) = a else {(return);}; x"),
        (
            "match a { Ok(x) if x > 1 => x, Err(e) | Other(e) => { e } _ => 0 }",
            "(match a (Ok(x) if (> x 1) => {x}) (Err(e)|app::api::Other(e) => {e}) (_ => {0}))",
        ),
        ("matches!(a, Some(x) if x > 1)", "(&& (let Some(x) = a) (> x 1))"),
        ("match a { x => b = x }", "(match a (x => {b = x;}))"),
    ]);
}

#[test]
fn patterns() {
    check(&[
        ("let User { name, age: years, .. } = a; years", "let app::api::User{name: name, age: years} = a; years"),
        ("let (x, .., y) = a; y", "let (x) = a; y"),
        ("let [x, rest @ ..] = a; rest", "let [x, rest] = a; rest"),
        ("let ref mut x = a;", "let x = a;"),
        ("let x @ Some(_) = a;", "let x@Some(_) = a;"),
        ("let &(x, y) = a;", "let (x, y) = a;"),
        ("let x: Vec<u8> = a;", "let x Bytes = a;"),
        (
            "match a { None => 1, Kind::Red => 2, LIMIT => 3, \"x\" => 4, 1..=5 => 5, -1 => 6 }",
            "(match a (None() => {1}) (@app::api::Kind::Red => {2}) (@app::api::LIMIT => {3}) (\"x\" => {4}) \
             (@std::ops::Range(1, 5) => {5}) (-1 => {6}))",
        ),
    ]);
}

#[test]
fn loops_stay_loops() {
    check(&[
        ("loop { break a; }", "(loop {(break a);})"),
        ("'o: loop { break 'o; }", "('o loop {(break 'o);})"),
        ("while a < b { continue; }", "(while (< a b) {(continue);})"),
        ("while true { a() }", "(loop {a()})"),
        ("while let Some(x) = a.next() { x; }", "(while (let Some(x) = a.next()) {x;})"),
        ("for (k, v) in &a { k(v); }", "(each (k, v) in &a {k(v);})"),
        ("for i in 0..3 { i; }", "(each i in @std::ops::Range(0, 3) {i;})"),
    ]);
}

#[test]
fn closures_and_async_blocks() {
    check(&[
        ("|x, (y, _)| x + y + a", "(fn (x (y, _)) {(+ (+ x y) a)})"),
        ("async move |x| { x.await }", "(fn (x) {x.await})"),
        ("async move { a.await }", "{a.await}"),
        // What leaves an async block early does not leave the function.
        ("async { a?; Ok(b) }", "(fn () {a?; @Ok(b)})()"),
        ("async { || a?; b }", "{(fn () {a?}); b}"),
        ("unsafe { a }", "{a}"),
    ]);
}

#[test]
fn names_shadow_each_other() {
    check(&[
        ("{ let d = a; d } d", "{let d = a; d}; @app::api::d"),
        ("let d = d; d", "let d = @app::api::d; d"),
        ("use std::time::Duration; Duration::from_secs(1)", "@std::time::Duration::from_secs(1)"),
        ("const N: u32 = 3; N", "@app::api::f::N"),
        ("fn g() {} g()", "@app::api::f::g()"),
    ]);
}

#[test]
fn format_strings_are_templates() {
    check(&[
        (r#"format!("{}/u/{b}/{x:?}", a, x = c.d)"#, "`${a}/u/${b}/${c.d}`"),
        (r#"format!("{1}{0}", a, b)"#, "`${b}${a}`"),
        (r#"format!("{BASE}/x")"#, "`${@app::api::BASE}/x`"),
        (r#"format!("{{}}")"#, r#""{}""#),
        (r#"println!("{a} {}", b)"#, "@std::println(`${a} ${b}`)"),
        (r#"write!(a, "{}", b)?"#, "@std::write(a, `${b}`)?"),
        (
            r#"tracing::info!(target: "x", user.id = %a, ?b, "got {}", c)"#,
            r#"@tracing::info(target="x", user.id=a, b, `got ${c}`)"#,
        ),
        (r#"assert_eq!(a, "{\"x\": 1}")"#, r#"@std::assert_eq(a, "{\"x\": 1}")"#),
        (r#"concat!("a", "/b")"#, r#""a/b""#),
        (r#"concat!(env!("X"), "/b")"#, r#"`${@std::env("X")}/b`"#),
    ]);
}

#[test]
fn macros_that_leave() {
    check(&[
        (r#"panic!("no {a}")"#, "(throw `no ${a}`)"),
        ("unreachable!()", "(throw )"),
        (r#"anyhow::bail!("no {}", a)"#, "(return @Err(`no ${a}`))"),
        (r#"ensure!(a > b, "no {c}")"#, "(if (! (> a b)) {(return @Err(`no ${c}`));})"),
        (r#"anyhow!("no {a}")"#, "@anyhow(`no ${a}`)"),
    ]);
}

#[test]
fn macros_that_are_values() {
    check(&[
        ("vec![a, b]", "[a b]"),
        ("vec![a; 3]", "[a]"),
        (
            r#"serde_json::json!({"id": a, "tags": [1, b.c], "n": null, (c): {"x": a + 1}})"#,
            "(new - id: a, tags: [1 b.c], n: null, ?: (new - x: (+ a 1)))",
        ),
        ("json!(a)", "a"),
        (r#"hashmap!{"x" => a, b => c}"#, "(new - x: a, ?: c)"),
        ("tokio::join!(a, b)", "(tuple a.await b.await)"),
        ("tokio::try_join!(a, b)?", "(fn () {@Ok((tuple a.await? b.await?))})()?"),
        (
            "tokio::select! { biased; Some(x) = a.recv(), if b => x, _ = c => { return; } else => {} }",
            "(match - (_ if b => {let Some(x) = a.recv().await; x}) (_ => {let _ = c.await; (return);}) (_ => {}))",
        ),
        ("my::thing!(a, b + 1)", "@my::thing(a, (+ b 1))"),
        ("insta::assert_snapshot!(a.b, @\"x\")", "@insta::assert_snapshot(a.b, \"x\")"),
        ("stream! { let x = a; x.b(); }", "@stream({let x = a; x.b();})"),
    ]);
}

#[test]
fn what_is_understood_inside_an_unknown_macro_is_kept() {
    let text = "fn f(a: A) { odd! { if #[cfg(x)] { a.b(); } else { let c = a.d; } } }";
    let (module, _) = lowered_at("src/api.rs", text);
    assert_eq!(&*module.fixmes[0].what, "Expr::Macro");
    let body = testing::block(module.funcs[0].body.as_ref().unwrap());
    assert_eq!(body, "{(fixme @app::api::cfg(@app::api::x) {a.b();} {let c = a.d;})}");
}

#[test]
fn structs_and_their_names_on_the_wire() {
    let text = r#"
        #[derive(Deserialize)] #[serde(rename_all = "camelCase")]
        pub struct User<T> {
            first_name: String, #[serde(rename = "ID", alias = "id")] id: u64, r#type: Option<Kind>,
            #[serde(flatten)] extra: HashMap<String, Value>, #[serde(skip)] cache: Arc<Mutex<Vec<T>>>,
        }
        struct Id(pub String);
        struct Pair(u8, &'static str);
        use std::{collections::HashMap, sync::{Arc, Mutex}}; use serde_json::Value;
    "#;
    let expected = "\
Struct app::api::User T
  first_name: Str = Json:firstName
  id: Number = Json:ID,Json:id
  type: Optional<:app::api::Kind>
  extra: Map<Dynamic> flatten
  cache: List<'T> skipped
Struct app::api::Id
  0: Str flatten
Struct app::api::Pair
  0: Number
  1: Str
";
    assert!(module(text).starts_with(expected), "{}", module(text));
}

#[test]
fn enums_with_and_without_payload() {
    let text = r#"
        #[serde(tag = "kind", rename_all = "snake_case", rename_all_fields = "camelCase")]
        enum Event { Created(User), Gone, Moved { from_here: u8 }, #[serde(rename = "x")] Two(u8, bool) }"#;
    let expected = "\
Struct app::api::Event::Moved
  from_here: Number = Json:fromHere
Enum app::api::Event
  Created: :app::api::User = Json:created flatten
  Gone: () = Json:gone
  Moved: :app::api::Event::Moved = Json:moved flatten
  Two: (Number, Bool) = Json:x flatten
";
    assert_eq!(module(text), expected);
}

#[test]
fn functions_and_methods() {
    let text = r#"
        use std::future::Future;
        impl<T: Send> Client<T> {
            pub async fn get(&self, id: impl Into<String>, f: &dyn Fn(u8) -> bool) -> anyhow::Result<Self> { Self::new(self.base) }
        }
        impl pb::Users for Client<()> { type Out = Vec<u8>; fn list(self) -> Result<Self::Out, E> { Self::N } }
        trait Fetch: Send + Base { const N: u8 = 1; fn fetch(&self) -> BoxFuture<'_, T> { self.x() } fn other(); }
        async fn retry<F, Fut, T>(f: F) -> T where F: Fn() -> Fut, Fut: Future<Output = Result<T, E>> { f() }
        #[get("/users/{id}")] async fn handler(Path(id): Path<u32>) -> impl Responder { id }
    "#;
    let expected = "\
Interface app::api::Fetch < :std::marker::Send < :app::api::Base
Global app::api::Fetch::N: Number = 1
Alias app::api::Future = :std::future::Future
fn app::api::Client::get(self; id: Str, f: fn(Number) Bool) Result<:app::api::Client<'T>> \
{@app::api::Client::new(self.base)}
fn app::api::Client::list(self; ) Result<Bytes> for pb::Users {@app::api::Client::N}
fn app::api::Fetch::fetch(self; ) :app::api::BoxFuture<:app::api::T> {self.x()}
fn app::api::Fetch::other() ()
fn app::api::retry<F, Fut, T>(f: fn() Result<'T>) 'T {f()}
#get(\"/users/{id}\") fn app::api::handler(app::api::Path(id): :app::api::Path<Number>) :app::api::Responder {id}
";
    assert_eq!(module(text), expected);
}

#[test]
fn types_are_what_they_hold() {
    for (rust, ir) in [
        ("Box<dyn Future<Output = Result<u8, E>> + Send>", "Result<Number>"),
        ("std::pin::Pin<Box<dyn futures::Stream<Item = Vec<String>>>>", "List<List<Str>>"),
        ("std::sync::Arc<tokio::sync::RwLock<Option<User>>>", "Optional<:app::api::User>"),
        ("std::io::Result<()>", "Result<()>"),
        ("std::fmt::Result", "Result<()>"),
        ("impl Iterator<Item = u8>", "List<Number>"),
        ("std::borrow::Cow<'static, str>", "Str"),
        ("[u8; 32]", "Bytes"),
        ("&[User]", "List<:app::api::User>"),
        ("(u8, ())", "(Number, ())"),
        ("fn(u8) -> bool", "fn(Number) Bool"),
        ("tonic::Response<pb::User>", ":tonic::Response<:pb::User>"),
        ("serde_json::Map<String, serde_json::Value>", "Map<Dynamic>"),
        ("dyn Repo + Send", ":app::api::Repo"),
        ("MyMap<u8>", "Map<List<Number>>"),
        ("Loop", ":app::api::Loop"),
    ] {
        let text = format!(
            "type MyMap<T> = std::collections::HashMap<String, Vec<T>>; type Loop = Loop; fn f(x: {rust}) {{}}"
        );
        let (module, _) = lowered_at("src/api.rs", &text);
        assert_eq!(testing::ty(&module.funcs[0].params[0].ty), ir, "{rust}");
    }
}

#[test]
fn statics_constants_and_aliases() {
    let text = r#"
        use once_cell::sync::Lazy; pub use crate::pb::*; pub use other::Thing as That; pub type Reply = tonic::Response<User>;
        static CLIENT: Lazy<reqwest::Client> = Lazy::new(|| reqwest::Client::new());
        const URL: &str = "http://x";
        lazy_static! { static ref RE: Regex = Regex::new("x"); }
        fn f() { CLIENT.get(URL); RE; }
    "#;
    let found = module(text);
    for line in [
        "Global app::api::CLIENT: :reqwest::Client = (fn () {@reqwest::Client::new()})()",
        "Global app::api::URL: Str = \"http://x\"",
        "Global app::api::RE: :app::pb::Regex = @app::pb::Regex::new(\"x\")",
        "Alias app::api::* = :app::pb::*",
        "Alias app::api::That = :other::Thing",
        "Alias app::api::Reply = :tonic::Response<:app::pb::User>",
        "fn app::api::f() () {@app::api::CLIENT.get(@app::api::URL); @app::api::RE;}",
    ] {
        assert!(found.lines().any(|known| known == line), "{line}\n{found}");
    }
}

#[test]
fn generated_code_is_included_where_it_stands() {
    let text = r#"pub mod pb { pub mod v1 { tonic::include_proto!("profile.v1"); } }
        include!(concat!(env!("OUT_DIR"), "/x.rs"));"#;
    let expected = "\
Include tonic::include_proto in app::api::pb::v1 of [\"profile.v1\"]
Include std::include in app::api of [\"OUT_DIR\", \"/x.rs\"]
";
    assert_eq!(module(text), expected);
}

#[test]
fn test_code_is_marked() {
    let text = "fn a() {} #[test] fn b() {} #[cfg(test)] mod tests { use super::*; fn c() { a() } #[tokio::test] async fn d() {} }";
    let (found, _) = lowered_at("src/api.rs", text);
    let tests: Vec<_> = found.funcs.iter().map(|func| (func.symbol.name().to_owned(), func.test)).collect();
    assert_eq!(tests, [("a".into(), false), ("b".into(), true), ("c".into(), true), ("d".into(), true)]);
    assert_eq!(testing::func(&found.funcs[2]), "test fn app::api::tests::c() () {@app::api::a()}");
}

#[test]
fn macros_around_items_are_looked_into() {
    let text = "cfg_if! { if #[cfg(unix)] { struct A; } else { struct B; } } pin_project! { struct C { #[pin] x: A } }
        fn f(a: A, c: C) {}";
    let found = module(text);
    assert!(
        found.contains("Struct app::api::A\nStruct app::api::B\nStruct app::api::C\n  x: :app::api::A #pin()\n"),
        "{found}"
    );
}

/// Every expression of a module, with its children.
fn walk<'e>(expr: &'e Expr, found: &mut Vec<&'e Expr>) {
    found.push(expr);
    match &expr.kind {
        ExprKind::Member { base, .. } => walk(base, found),
        ExprKind::Call { callee, args, .. } => {
            walk(callee, found);
            for arg in args {
                walk(&arg.value, found);
            }
        }
        ExprKind::Template(pieces) => pieces.iter().for_each(|piece| {
            if let Piece::Hole(hole) = piece {
                walk(hole, found);
            }
        }),
        ExprKind::Binary(_, left, right) => {
            walk(left, found);
            walk(right, found);
        }
        ExprKind::Try(inner) | ExprKind::Await(inner) | ExprKind::Ref(inner) => walk(inner, found),
        ExprKind::Construct { fields, .. } => fields.iter().for_each(|field| walk(&field.value, found)),
        _ => {}
    }
}

#[test]
fn spans_are_exact_to_the_byte() {
    let text = "#!/bin/rust\n// é ü\nfn f(a: A) { a.b(\"é\").c?.0.1.await; json!({\"käse\": a.d + 1}); format!(\"é{a}/{}\", a.e) }";
    let (module, sources) = lowered_at("src/api.rs", text);
    let body = module.funcs[0].body.as_ref().unwrap();
    assert_eq!(sources.text(module.funcs[0].name_span), "f");
    let mut found = Vec::new();
    for stmt in &body.stmts {
        let StmtKind::Expr(expr) = &stmt.kind else { panic!() };
        walk(expr, &mut found);
    }
    walk(body.tail.as_ref().unwrap(), &mut found);
    let texts: Vec<&str> = found.iter().map(|expr| sources.text(expr.span)).collect();
    let whole = "a.b(\"é\").c?.0.1.await";
    assert_eq!(
        texts,
        [
            whole,
            "a.b(\"é\").c?.0.1",
            "a.b(\"é\").c?.0",
            "a.b(\"é\").c?",
            "a.b(\"é\").c",
            "a.b(\"é\")",
            "a.b",
            "a",
            "\"é\"",
            "json!({\"käse\": a.d + 1})",
            "a.d + 1",
            "a.d",
            "a",
            "1",
            "format!(\"é{a}/{}\", a.e)",
            "a",
            "a.e",
            "a",
        ]
    );
    let names: Vec<(&str, &str)> = found
        .iter()
        .filter_map(|expr| match &expr.kind {
            ExprKind::Member { name, name_span, .. } => Some((&**name, sources.text(*name_span))),
            _ => None,
        })
        .collect();
    assert_eq!(names, [("1", "1"), ("0", "0"), ("c", "c"), ("b", "b"), ("d", "d"), ("e", "e")]);
    let key: Vec<Span> = found
        .iter()
        .filter_map(|expr| match &expr.kind {
            ExprKind::Construct { fields, .. } => Some(fields[0].name_span),
            _ => None,
        })
        .collect();
    assert_eq!(sources.text(key[0]), "käse");
    let pieces: Vec<&str> = found
        .iter()
        .filter_map(|expr| match &expr.kind {
            ExprKind::Template(pieces) => Some(pieces),
            _ => None,
        })
        .flatten()
        .map(|piece| match piece {
            Piece::Text(_, span) => sources.text(*span),
            Piece::Hole(hole) => sources.text(hole.span),
        })
        .collect();
    assert_eq!(pieces, ["é", "a", "/", "a.e"]);
}

#[test]
fn a_broken_item_leaves_the_others_with_exact_spans() {
    let text = "// é\nfn a( {}\nfn b(x: X) { x.birth_date; }\n";
    let mut sources = Sources::default();
    let id = sources.push(SourceFile::new("src/a.rs", Revision::Head, FileKind::Code(Language::Rust), text));
    let (module, problems) = lower(sources.get(id), FileId(0), &Workspace::default());
    let module = module.unwrap();
    assert_eq!(problems.len(), 1);
    let Some(crate::model::source::Site::Span(site)) = problems[0].site else { panic!() };
    assert_eq!(sources.start(site).line, 2);
    let StmtKind::Expr(Expr { kind: ExprKind::Member { name_span, .. }, .. }) =
        &module.funcs.last().unwrap().body.as_ref().unwrap().stmts[0].kind
    else {
        panic!()
    };
    assert_eq!(sources.text(*name_span), "birth_date");
    assert_eq!(module.funcs.last().unwrap().params[0].ty, Type::Named("crate::a::X".into(), vec![]));
}

#[test]
fn the_span_of_a_function_is_all_of_it() {
    let (module, sources) =
        lowered_at("src/api.rs", "#[x] pub async fn f() -> u8 { 1 }\ntrait T { fn g(&self) -> u8; }");
    let spans: Vec<&str> = module.funcs.iter().map(|func| sources.text(func.span)).collect();
    assert_eq!(spans, ["async fn f() -> u8 { 1 }", "fn g(&self) -> u8"]);
}
