//! Expressions.

use super::{body, value};

#[test]
fn texts_with_holes_are_templates() {
    assert_eq!(value("\"$a/items/${b.c}?q=\\$x\""), "`${a}/items/${b.c}?q=$x`");
    assert_eq!(value("\"\"\"$a-1$\"\"\""), "`${a}-1$`");
    assert_eq!(value("\"a\\n\""), "\"a\\n\"");
    assert_eq!(value("'x'"), "\"x\"");
}

#[test]
fn null_operators_are_left_out_or_choose() {
    assert_eq!(value("a?.b()?.c!!.d ?: return"), "(?? a.b().c.d (return))");
}

#[test]
fn a_sign_stands_before_the_whole_chain() {
    assert_eq!(value("!a.b().c"), "(! a.b().c)");
    assert_eq!(value("(!a).b"), "(! a).b");
    assert_eq!(value("-1"), "-1");
}

#[test]
fn scope_functions_are_blocks() {
    assert_eq!(value("a.let { it.b }"), "{let it = a; it.b}");
    assert_eq!(value("a?.let { x -> x.b }"), "{(if (let x = a) {x.b})}");
    assert_eq!(value("a.apply { name = b; go() }"), "{let this = a; this.name = b; this.go(); this}");
    assert_eq!(value("a.also { b.c(it) }"), "{let it = a; b.c(it); it}");
    assert_eq!(value("with(a) { go() }"), "{let this = a; this.go()}");
    assert_eq!(value("a.use { it.b() }"), "{let it = a; it.b()}");
    assert_eq!(value("run { b }"), "{b}");
}

#[test]
fn lambdas_have_parameters_or_it() {
    assert_eq!(value("a.map { it.b }"), "a.map((fn (it) {it.b}))");
    assert_eq!(value("a.map { x, y -> x.b }"), "a.map((fn (x y) {x.b}))");
    assert_eq!(value("a.map { \"$it\" }"), "a.map((fn (it) {`${it}`}))");
    assert_eq!(value("a.get { b.map { it.c } }"), "a.get((fn (this) {b.map((fn (it) {it.c}))}))");
    assert_eq!(value("a.f(1) { b }"), "a.f(1, (fn (this) {b}))");
    assert_eq!(value("fun(x: Int): Int { return x }"), "(fn (x) {(return x);})");
}

#[test]
fn calls_have_names_types_and_lists() {
    assert_eq!(value("a.get<Foo>(\"u\", n = 1, *b.c)"), "a.get<:p::Foo>(\"u\", n=1, (spread b.c))");
    assert_eq!(value("Foo(a, n = 1)"), "@p::Foo(a, n=1)");
    assert_eq!(value("a.get<Foo>(\"u\")"), "a.get<:p::Foo>(\"u\")");
    assert_eq!(value("a to b"), "(tuple a b)");
    assert_eq!(value("a shl 3"), "a.shl(3)");
}

#[test]
fn references_are_functions() {
    assert_eq!(value("a.map(Item::name)"), "a.map((fn (it) {it.name}))");
    assert_eq!(value("a::go"), "a.go");
}

#[test]
fn objects_of_no_class_have_a_lambda_for_each_method() {
    assert_eq!(
        value("object : Callback<Foo> { override fun on(x: Foo) { x.a } }"),
        "(new :p::Callback<:p::Foo> on: (fn (x) {x.a;}))"
    );
}

#[test]
fn choices_casts_and_tests_are_values() {
    assert_eq!(value("if (a.b) 1 else { 2 }"), "(if a.b {1} else {2})");
    assert_eq!(value("a as Foo"), "(as :p::Foo a)");
    assert_eq!(value("a as? Foo"), "(as :p::Foo a)");
    assert_eq!(value("a !is Foo"), "(! (let _:p::Foo = a))");
    assert_eq!(body("a in b"), "{(op a b);}");
}

#[test]
fn generated_functions_with_a_block_make_messages() {
    super::has(
        "package p\nimport shop.v1.helloRequest\nimport shop.v1.item\nfun f(s: S) = s.hello(helloRequest { name = \"x\"; item = item { n = 1 } })\n",
        &["fn p::f(s: :p::S) ? {s.hello((new :shop::v1::HelloRequest name: \"x\", item: (new :shop::v1::Item n: 1)))}"],
    );
}
