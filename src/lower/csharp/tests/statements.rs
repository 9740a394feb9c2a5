//! Statements.

use super::body;

#[test]
fn variables_are_bound_with_their_types() {
    assert_eq!(
        body("int x = 1, y; var z = a; Foo f = new() { A = 1 };"),
        "{let x Number = 1; let y Number; let z = a; let f :global::Foo = (new :global::Foo A: 1);}"
    );
    assert_eq!(
        body("var (x, y) = a; (int p, var q) = b; (a, b) = (b, a);"),
        "{let (x, y) = a; let (p, q) = b; (tuple a b) = (tuple b a);}"
    );
}

#[test]
fn resources_are_variables_of_a_block() {
    assert_eq!(
        body("using var x = a; using (var y = b) { y.C(); } await using (a) x.D();"),
        "{let x = a; {let y = b; y.C();}; {a; x.D();};}"
    );
    assert_eq!(body("lock (a) { a.B(); }"), "{{a; a.B();};}");
}

#[test]
fn loops_keep_their_kind() {
    assert_eq!(
        body("for (int i = 0; i < 3; i++) { continue; }"),
        "{(for let i Number = 0; (< i 3); i += 1 {(continue);});}"
    );
    assert_eq!(
        body("for (;;) { break; } while (true) { } while (a.B) ;"),
        "{(loop {(break);}); (loop {}); (while a.B {});}"
    );
    assert_eq!(body("do { a.B(); } while (a.C);"), "{(loop {a.B(); (if a.C {} else {(break);});});}");
    assert_eq!(
        body("foreach (var x in a) { } foreach (var (k, v) in b) { } await foreach (Foo f in a) { }"),
        "{(each x in a {}); (each keyed (k, v) in b {}); (each f:global::Foo in a {});}"
    );
}

#[test]
fn sections_of_a_switch_are_arms() {
    assert_eq!(
        body("switch (a) { case 1: case 2: b.C(); break; case Foo f when f.X: return; default: break; }"),
        "{(match a (1|2 => {b.C();}) (f:global::Foo if f.X => {(return);}) (_ => {}));}"
    );
    assert_eq!(body("switch (a) { case 1: break; }"), "{(match a (1 => {}) (_ => {}));}");
}

#[test]
fn a_filter_passes_on_what_it_does_not_take() {
    assert_eq!(
        body("try { a.B(); } catch (E e) when (e.C) { throw; } catch { } finally { a.D(); }"),
        "{(try {a.B();} catch {(if e.C {(throw );} else {(throw )});} catch {} finally {a.D();});}"
    );
}

#[test]
fn variables_of_out_arguments_are_declared_before() {
    assert_eq!(body("if (a.TryGet(b, out var x)) { x.C(); }"), "{let x; (if a.TryGet(b, &x) {x.C();});}");
}

#[test]
fn inner_functions_stand_before_their_first_use() {
    assert_eq!(body("var x = a; x.B(F(1)); int F(int n) => n; "), "{let x = a; let F = (fn (n) {n}); x.B(F(1));}");
}

#[test]
fn generators_yield() {
    assert_eq!(body("yield return a; yield break;"), "{(yield a); (return);}");
}

#[test]
fn places_are_set_with_operators() {
    assert_eq!(
        body("a.B = 1; a.C += 2; a.D ??= b; a[\"k\"] = 3; field++; --field;"),
        "{a.B = 1; a.C += 2; a.D ??= b; a[\"k\"] = 3; this.field += 1; this.field -= 1;}"
    );
}
