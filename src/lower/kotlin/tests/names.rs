//! Which name means what.

use super::{body, has, module, value};
use crate::lower::testing;

#[test]
fn members_carry_the_object_they_belong_to() {
    has(
        "package p\nclass A(val x: Int) {\n fun f() { g(x) }\n fun g(y: Int) { }\n}\n",
        &["fn p::A::f(this@A; ) () {this@A.g(this@A.x);}"],
    );
}

#[test]
fn a_block_with_a_receiver_calls_its_members() {
    assert_eq!(
        value("a.get(\"u\") { header(\"k\", b); url { parameters.append(\"p\", \"q\") }; method = b }"),
        "a.get(\"u\", (fn (this) {this.header(\"k\", b); this.url((fn (this) {this.parameters.append(\"p\", \"q\")})); this.method = b;}))"
    );
}

#[test]
fn members_of_the_class_are_seen_from_a_block() {
    has(
        "package p\nclass A(val token: String) {\n fun f(c: C) = c.get { header(token); name = this@A.token }\n}\n",
        &["fn p::A::f(this@A; c: :p::C) ? {c.get((fn (this) {this.header(this@A.token); this.name = this@A.token;}))}"],
    );
}

#[test]
fn blocks_of_coroutines_call_what_is_around_them() {
    assert_eq!(value("runBlocking { load(a) }"), "@p::runBlocking((fn () {@p::load(a)}))");
}

#[test]
fn imported_functions_of_the_own_code_are_no_members() {
    let text = "package com.acme.web\nimport com.acme.api.load\nimport io.ktor.client.request.header\nfun f(c: C) = c.get { header(load()) }\n";
    has(
        text,
        &["fn com::acme::web::f(c: :com::acme::web::C) ? {c.get((fn (this) {this.header(@com::acme::api::load())}))}"],
    );
}

#[test]
fn opened_packages_are_aliases() {
    let module = module("package p.q\nimport io.ktor.client.*\nimport x.Y as Z\nval z = Z(1)\n");
    let aliases: Vec<String> =
        module.aliases.iter().map(|alias| format!("{}={}", alias.name, testing::ty(&alias.target))).collect();
    for expected in ["p::q::*=:io::ktor::client::*", "p::q::*=:kotlin::collections::*"] {
        assert!(aliases.iter().any(|alias| alias == expected), "{expected} in {aliases:?}");
    }
    assert_eq!(testing::expr(module.globals[0].value.as_ref().unwrap()), "@x::Y(1)");
    assert_eq!(module.name.as_str(), "p::q");
}

#[test]
fn types_objects_and_packages_are_paths() {
    assert_eq!(value("Outer.Inner(a)"), "@p::Outer::Inner(a)");
    assert_eq!(value("com.acme.Tool.run(a)"), "@com::acme::Tool::run(a)");
    assert_eq!(value("HttpMethod.GET.name"), "@p::HttpMethod::GET.name");
    assert_eq!(value("Cart.Companion.make()"), "@p::Cart::make()");
    assert_eq!(value("Foo::class.java"), "@p::Foo");
}

#[test]
fn members_of_companions_belong_to_the_class() {
    has(
        "package p\nclass A {\n companion object {\n const val K = \"k\"\n fun make() = A()\n }\n fun f() = make()\n}\n",
        &["Global p::A::K: ? = \"k\"", "fn p::A::make() ? {@p::A()}", "fn p::A::f(this@A; ) ? {@p::A::make()}"],
    );
}

#[test]
fn functions_of_the_standard_library_are_no_members() {
    assert_eq!(body("a.b { header(listOf(1)) }"), "{a.b((fn (this) {this.header(@p::listOf(1))}));}");
}
