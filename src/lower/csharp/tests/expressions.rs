//! Expressions.

use super::{body, value};

#[test]
fn texts_are_read_in_all_spellings() {
    assert_eq!(value("\"a\\n\""), "\"a\\n\"");
    assert_eq!(value("@\"c:\\x\"\"y\""), "\"c:\\\\x\\\"y\"");
    assert_eq!(value("\"\"\"\n  a \"b\"\n  \"\"\""), "\"a \\\"b\\\"\"");
    assert_eq!(value("'x'"), "\"x\"");
}

#[test]
fn texts_with_holes_are_templates() {
    assert_eq!(value("$\"{a}/items/{b.C:F2}?q={{x}}\""), "`${a}/items/${b.C}?q={x}`");
    assert_eq!(value("$@\"{a}\\\"\"\""), "`${a}\\\"`");
    assert_eq!(value("$$\"\"\"{b}{{a}}\"\"\""), "`{b}${a}`");
    assert_eq!(value("string.Format(\"{0}/x/{1:D}\", a, b)"), "`${a}/x/${b}`");
    assert_eq!(value("string.Format(a, b)"), "@System::String::Format(a, b)");
}

#[test]
fn null_operators_are_left_out_or_choose() {
    assert_eq!(value("a?.B?.C(1)[0]!.D"), "a.B.C(1)[0].D");
    assert_eq!(value("a?[\"k\"] ?? b"), "(?? a[\"k\"] b)");
}

#[test]
fn braces_set_fields() {
    assert_eq!(value("new Foo { A = 1, B = { a, b } }"), "(new :global::Foo A: 1, B: [a b])");
    assert_eq!(value("new { Name = a, b, a.C }"), "(new - Name: a, b: b, C: a.C)");
    assert_eq!(value("a with { B = 1 }"), "(new - B: 1, ..a)");
    assert_eq!(value("new Dictionary<string, object> { [\"a\"] = 1, { \"b\", 2 } }"), "(new Map<Dynamic> a: 1, b: 2)");
    assert_eq!(value("new List<int> { 1, 2 }"), "(as List<Number> [1 2])");
    assert_eq!(value("new[] { a, b }"), "[a b]");
    assert_eq!(value("new string[] { a }"), "(as List<Str> [a])");
}

#[test]
fn what_is_made_by_a_call_is_filled_afterwards() {
    assert_eq!(value("new Foo(a) { B = 1 }"), "{let new = @global::Foo(a); new.B = 1; new}");
    assert_eq!(value("new Metadata { { \"k\", a } }"), "{let new = @global::Metadata(); new.Add(\"k\", a); new}");
    assert_eq!(
        value("new Foo { H = { { \"k\", a } }, B = 1 }"),
        "{let new = @global::Foo(); new.H.Add(\"k\", a); new.B = 1; new}"
    );
}

#[test]
fn calls_have_type_arguments_and_names() {
    assert_eq!(value("a.Get<Foo>(\"u\", ct: b)"), "a.Get<:global::Foo>(\"u\", ct=b)");
    assert_eq!(value("new Foo<Bar>(a)"), "@global::Foo<:global::Bar>(a)");
    assert_eq!(value("nameof(a.B.C)"), "\"C\"");
    assert_eq!(value("typeof(Foo)"), "@global::Foo");
}

#[test]
fn tasks_are_waited_for() {
    assert_eq!(value("await a.B()"), "a.B().await");
    assert_eq!(value("a.GetAsync(1).Result"), "a.GetAsync(1).await");
    assert_eq!(value("a.Result"), "a.Result");
}

#[test]
fn lambdas_see_the_object() {
    assert_eq!(value("(x, y) => x.A + field"), "(fn (x y) {(+ x.A this.field)})");
    assert_eq!(value("async x => { await x.B(); }"), "(fn (x) {x.B().await;})");
    assert_eq!(value("delegate (int x) { return x; }"), "(fn (x) {(return x);})");
}

#[test]
fn queries_are_loops() {
    assert_eq!(
        value("from x in a where x.B from y in x.C let z = y.D orderby z select z.E"),
        "(fn () {(each x in a {(if x.B {(each y in x.C {let z = y.D; z; (yield z.E);});});});})()"
    );
    assert_eq!(
        value("from x in a join y in b on x.I equals y.I select y"),
        "(fn () {(each x in a {(each y in b {(if (== x.I y.I) {(yield y);});});});})()"
    );
    assert_eq!(
        value("from x in a group x by x.K into g select g"),
        "(fn () {(each x in a {x.K; let g = [x]; (yield g);});})()"
    );
}

#[test]
fn patterns_take_values_apart() {
    assert_eq!(value("a is Foo f"), "(let f:global::Foo = a)");
    assert_eq!(value("a is { X: 1, Y.Z: var z }"), "(let -{X: 1, Y: -{Z: z}} = a)");
    assert_eq!(value("a is Foo { X: > 3 } g"), "(let g@global::Foo{X: _} = a)");
    assert_eq!(value("a is null or 1"), "(let null|1 = a)");
    assert_eq!(value("a is [1, .., var z]"), "(let [1, _, z] = a)");
    assert_eq!(
        value("a switch { null => 1, Foo { X: 1 } x when x.Y => 2, (1, _) => 3, _ => 4 }"),
        "(match a (null => {1}) (x@global::Foo{X: 1} if x.Y => {2}) ((1, _) => {3}) (_ => {4}))"
    );
}

#[test]
fn choices_and_casts_are_values() {
    assert_eq!(value("a.B ? 1 : 2"), "(if a.B {1} else {2})");
    assert_eq!(value("(Foo)a"), "(as :global::Foo a)");
    assert_eq!(value("a as Foo"), "(as :global::Foo a)");
    assert_eq!(value("a ?? throw new E()"), "(?? a (throw @global::E()))");
}

#[test]
fn lists_are_spread_and_cut() {
    assert_eq!(value("a[1..]"), "a");
    assert_eq!(body("int[] x = [1, ..a];"), "{let x List<Number> = [1 (spread a)];}");
}

#[test]
fn a_place_that_is_set_is_a_value_too() {
    assert_eq!(value("field = a.B"), "{this.field = a.B; this.field}");
    assert_eq!(value("field ??= a"), "{this.field ??= a; this.field}");
}
