//! Statements and expressions.

use super::{body, func, lower, render, shown};

#[test]
fn places_and_operators() {
    assert_eq!(body("p.a!.b![0] = p?.c ?? 'x'"), "{p.a.b[0] = (?? p.c \"x\");}");
    assert_eq!(body("const a = p || q; return a && a.b"), "{let a = (?? p q); (return (if a {a.b}));}");
    assert_eq!(body("if (p || !q) p += 1; else p++"), "{(if (|| p (! q)) {p += 1;} else {p += 1;});}");
    assert_eq!(body("return `/a/${p.id}?x=${q}`"), "{(return `/a/${p.id}?x=${q}`);}");
    assert_eq!(
        body("return p ? { a: 1, q, ...p, [q]: 2 } : [1, ...q]"),
        "{(return (if p {(new - a: 1, q: q, ?: q, ?: 2, ..p)} else {[1 (spread q)]}));}"
    );
}

#[test]
fn destructuring_takes_fields_and_elements() {
    assert_eq!(body("const { data: { id, n = 1 }, ...rest } = p;"), "{let rest@-{data: -{id: id, n: n}} = p;}");
    assert_eq!(body("const [a, , b] = p;"), "{let [a, _, b] = p;}");
    assert_eq!(body("const [a, b] = await Promise.all([p(), q()]);"), "{let (a, b) = (tuple p() q()).await;}");
    assert_eq!(body("({ a: p.x, q } = p)"), "{p.x = p.a; q = p.q;}");
}

#[test]
fn loops_keep_their_kind() {
    assert_eq!(
        body("for (let i = 0; i < 3; i++) { if (p) continue; break }"),
        "{(for let i = 0; (< i 3); i += 1 {(if p {(continue);}); (break);});}"
    );
    assert_eq!(body("for (const { a } of p) q(a)"), "{(each -{a: a} in p {q(a);});}");
    assert_eq!(body("for (const k in p) q(k)"), "{(each keyed (k, _) in p {q(k);});}");
    assert_eq!(body("for (const [k, v] of Object.entries(p)) q(v)"), "{(each keyed (k, v) in p {q(v);});}");
    assert_eq!(body("out: while (true) { do { break out } while (p) }"), "{('out loop {(while p {(break 'out);});});}");
}

#[test]
fn a_break_of_a_switch_leaves_no_loop() {
    assert_eq!(
        body("while (p) { switch (q) { case 1: case 2: p(); break; case 3: q(); default: return } }"),
        "{(while p {(match q (1|2 => {p();}) (3 => {q(); (return);}) (_ => {(return);}));});}"
    );
}

#[test]
fn errors_are_caught_and_raised() {
    assert_eq!(
        body("try { p() } catch (e) { throw e } finally { q() }"),
        "{(try {p();} catch {(throw e);} finally {q();});}"
    );
}

#[test]
fn functions_stand_before_what_mentions_them() {
    assert_eq!(
        body("const a = 1; return g(a); function g(x) { return x }"),
        "{let a = 1; let g = (fn (x) {(return x);}); (return g(a));}"
    );
}

#[test]
fn a_promise_is_what_it_is_resolved_with() {
    let text = body("return new Promise((done, fail) => p.get(q, (err, v) => err ? fail(err) : done(v)))");
    assert!(text.contains("let done = (fn (value) {@<promise"), "{text}");
    assert!(text.contains("p.get(q, (fn (err v) {(if err {fail(err)} else {done(v)})}))"), "{text}");
}

#[test]
fn pages_show_what_they_are_given_and_call_their_components() {
    let module = lower(
        "function Card(p) { return 1 }\nfunction f(u) { return <div title={u.a}>{u.b && <Card user={u}>x</Card>}</div> }",
    );
    let text = render::block(func(&module, "f").body.as_ref().unwrap());
    assert_eq!(text, "{(return (fixme (if u.b {@@acme/web::a::Card((new - user: u))}) u.a));}");
}

#[test]
fn members_of_the_environment_are_values() {
    assert_eq!(
        body("return process.env.URL ?? import.meta.env.URL"),
        "{(return (?? @process::env.URL @import::meta::env.URL));}"
    );
    assert_eq!(body("return window.fetch(p)"), "{(return @fetch(p));}");
}

#[test]
fn methods_call_those_of_what_their_class_extends() {
    let text = shown("class A extends B { constructor(x) { super(x); this.y = x } get() { return super.get() } }");
    assert!(text.contains("fn A::constructor(this; x: ?) ? {(as :B this).constructor(x); this.y = x;}"), "{text}");
    assert!(text.contains("fn A::get(this; ) ? {(return (as :B this).get());}"), "{text}");
}
