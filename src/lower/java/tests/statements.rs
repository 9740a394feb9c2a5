//! Statements.

use super::{body, lowers};

#[test]
fn variables_are_declared_one_by_one_and_a_sum_with_text_is_text() {
    lowers(
        "int a = 1, b[] = {1, 2}; a += 2; b[0]++; var s = \"x\" + p + \"/\" + a;",
        "{let a Number = 1; let b List<Number> = [1 2]; a += 2; b[0] += 1; let s = `x${p}/${a}`;}",
    );
}

#[test]
fn loops_keep_their_kind_and_label() {
    lowers(
        "for (int i = 0; i < 3; i++) { if (p == null) continue; else break; } for (;;) { } for (String x : p.list()) g(x);",
        "{(for let i Number = 0; (< i 3); i += 1 {(if (== p null) {(continue);} else {(break);});}); (loop {}); \
         (each x in p.list() {this.g(x);});}",
    );
    lowers(
        "while (true) { } do { p.run(); } while (p.more()); outer: while (p.a) { break outer; }",
        "{(loop {}); (loop {p.run(); (if (! p.more()) {(break);});}); ('outer while p.a {(break 'outer);});}",
    );
}

#[test]
fn continue_in_a_do_loop_goes_to_its_condition() {
    lowers(
        "do { if (p.a) continue; } while (p.more());",
        "{(for ; ; (if (! p.more()) {(break);}) {(if p.a {(continue);});});}",
    );
}

#[test]
fn resources_are_variables_of_what_is_tried() {
    lowers(
        "try (var r = p.open(); p) { r.read(); } catch (IOException | RuntimeException e) { throw e; } finally { p.close(); }",
        "{(try {let r = p.open(); r.read();} catch {(throw e);} finally {p.close();});}",
    );
    lowers("try (var r = p.open()) { r.read(); }", "{{let r = p.open(); r.read();};}");
}

#[test]
fn a_switch_gives_what_its_rules_give_or_yield() {
    lowers(
        "int x = switch (p.kind()) { case A, B -> 1; case C -> { g(); yield 2; } default -> throw new X(\"no\"); };",
        "{let x Number = (match p.kind() (@A|@B => {1}) (@C => {this.g(); 2}) (_ => {(throw @shop::X(\"no\"));}));}",
    );
}

#[test]
fn cases_of_an_old_switch_run_into_the_next_one() {
    assert_eq!(
        body("void g() {} void h() {}", "switch (p.k()) { case \"a\": g(); case \"b\": h(); break; default: return; }"),
        "{(match p.k() (\"a\" => {this.g(); this.h();}) (\"b\" => {this.h();}) (_ => {(return);}));}"
    );
}

#[test]
fn patterns_bind_what_they_find() {
    lowers(
        "if (p instanceof Foo foo && foo.ok()) { foo.go(); } else if (p.a) { }",
        "{(if (&& (let foo:shop::Foo = p) foo.ok()) {foo.go();} else {(if p.a {});});}",
    );
    lowers(
        "switch (p) { case Foo f when f.ok() -> f.go(); case Bar(int a, var b) -> g(a); case null, default -> { } }",
        "{(match p (f:shop::Foo if f.ok() => {f.go()}) (shop::Bar(aNumber, b?) => {this.g(a)}) (_ => {}));}",
    );
}

#[test]
fn text_blocks_lose_the_indentation_that_all_lines_share() {
    lowers(
        "String t = \"\"\"\n    {\n      \"a\": 1\n    }\n    \"\"\"; char c = '\\n'; long n = 0xFFL; double d = 1.5f;",
        "{let t Str = \"{\\n  \\\"a\\\": 1\\n}\\n\"; let c Str = \"\\n\"; let n Number = 255; let d Number = 1.5;}",
    );
}

#[test]
fn an_assignment_in_an_expression_is_made_and_gives_its_target() {
    assert_eq!(
        body("String line;", "while ((line = p.next()) != null) { }"),
        "{(while (!= {this.line = p.next(); this.line} null) {});}"
    );
}
