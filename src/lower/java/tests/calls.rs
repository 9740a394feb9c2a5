//! Calls, functions as values, and objects that are made.

use super::{body, lowers};

#[test]
fn methods_are_of_this_of_an_object_or_of_a_class() {
    assert_eq!(
        body("void g() {} static void h() {}", "g(); h(); this.g(); super.g(); Foo.go(p); java.util.Objects.hash(p);"),
        "{this.g(); @shop::A::h(); this.g(); this.g(); @shop::Foo::go(p); @java::util::Objects::hash(p);}"
    );
}

#[test]
fn method_references_are_functions_of_this_of_a_class_or_of_what_they_are_given() {
    lowers(
        "p.map(Foo::getName).map(String::valueOf).map(Foo::new).each(this::g);",
        "{p.map((fn (it) {it.getName()})).map(@java::lang::String::valueOf).map(@shop::Foo).each(this.g);}",
    );
}

#[test]
fn an_object_of_a_class_without_a_name_has_a_function_for_each_method() {
    lowers(
        "p.on(new Handler() { int n = 0; @Override public void on(Event e) { n++; g(e); } });",
        "{p.on({let n Number = 0; (new :shop::Handler on: (fn (e) {n += 1; this.g(e);}))});}",
    );
}

#[test]
fn classes_are_their_types_and_what_has_no_name_is_said() {
    lowers(
        "p.read(Foo.class, Foo[].class, String.class, Map.class);",
        "{p.read(@shop::Foo, [@shop::Foo], (new :java::lang::Class<Str> ), @shop::Map);}",
    );
}

#[test]
fn a_number_before_its_unit_is_a_duration() {
    let text = "import java.util.concurrent.TimeUnit; class A { void f(P p) { p.wait(5, TimeUnit.SECONDS); } }";
    let module = super::lower(text);
    let block = super::func(&module, "f").body.as_ref().map(crate::lower::testing::block);
    let unit = "@java::util::concurrent::TimeUnit::SECONDS";
    assert_eq!(block, Some(format!("{{p.wait((* 5 {unit}), {unit});}}")));
}

#[test]
fn formats_are_written_in_one_way() {
    lowers("String s = \"%s/x\".formatted(p);", "{let s Str = @java::lang::String::format(\"%s/x\", p);}");
}
