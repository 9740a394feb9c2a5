//! Statements.

use super::body;

#[test]
fn variables_are_bound() {
    assert_eq!(body("val x: Int = 1\nvar y = a\nval (p, _) = b"), "{let x Number = 1; let y = a; let (p, _) = b;}");
}

#[test]
fn loops_over_ranges_count() {
    assert_eq!(body("for (i in 1..3) { }"), "{(for let i Number = 1; (<= i 3); i += 1 {});}");
    assert_eq!(body("for (i in 0 until b step 2) { }"), "{(for let i Number = 0; (< i b); i += 2 {});}");
    assert_eq!(body("for (i in 3 downTo 1) { }"), "{(for let i Number = 3; (>= i 1); i -= 1 {});}");
    assert_eq!(body("repeat(3) { a.b(it) }"), "{('repeat for let it Number = 0; (< it 3); it += 1 {a.b(it)});}");
}

#[test]
fn other_loops_keep_their_kind() {
    assert_eq!(body("for (x in a) { }\nfor ((k, v) in b) { }"), "{(each x in a {}); (each keyed (k, v) in b {});}");
    assert_eq!(
        body("while (true) { break }\nwhile (a.b) { continue }"),
        "{(loop {(break);}); (while a.b {(continue);});}"
    );
    assert_eq!(body("do { a.b() } while (a.c)"), "{(loop {a.b(); (if a.c {} else {(break)});});}");
    assert_eq!(body("outer@ for (x in a) { break@outer }"), "{('outer each x in a {(break 'outer);});}");
}

#[test]
fn each_element_of_a_list_or_flow_is_a_round() {
    assert_eq!(
        body("a.forEach { x -> if (x.b) return@forEach; x.c() }"),
        "{('forEach each x in a {(if x.b {(continue 'forEach)}); x.c()});}"
    );
    assert_eq!(body("a.forEach { (k, v) -> b.c(k, v) }"), "{('forEach each keyed (k, v) in a {b.c(k, v)});}");
    assert_eq!(body("a.collect { b.c(it) }"), "{('collect each it in a {b.c(it)});}");
}

#[test]
fn entries_of_when_are_arms() {
    assert_eq!(
        body("when (a) { is Foo -> 1; in 1..2 -> 2; \"x\", \"y\" -> 3; else -> { b.c() } }"),
        "{(match a (_:p::Foo => {1}) (_ if (tuple 1 2) => {2}) (\"x\"|\"y\" => {3}) (_ => {b.c()}));}"
    );
    assert_eq!(body("when { a.b -> 1; else -> 2 }"), "{(match - (_ if a.b => {1}) (_ => {2}));}");
}

#[test]
fn errors_are_caught() {
    assert_eq!(
        body("try { a.b() } catch (e: E) { throw e } finally { a.c() }"),
        "{(try {a.b()} catch {(throw e)} finally {a.c();});}"
    );
    assert_eq!(body("runCatching { a.b() }.getOrNull()"), "{(try {a.b()} catch {}).getOrNull();}");
}

#[test]
fn places_are_set_with_operators() {
    assert_eq!(body("a.b = 1\na.c += 2\na[\"k\"] = 3\na.d++"), "{a.b = 1; a.c += 2; a[\"k\"] = 3; a.d += 1;}");
}

#[test]
fn generators_yield() {
    assert_eq!(body("flow { emit(a) }"), "{(fn () {(yield a);})();}");
}
