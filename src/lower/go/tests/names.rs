//! Which name means what.

use super::{body_with, func, lower, lower_at, lowers};
use crate::model::ir::Type;

#[test]
fn a_file_is_named_by_its_module_and_folder() {
    for (path, text, name) in [
        ("shop/main.go", "package main", "acme.io/shop"),
        ("shop/internal/cart/cart.go", "package cart", "acme.io/shop/internal/cart"),
        ("shop/internal/cart/cart_test.go", "package cart_test", "acme.io/shop/internal/cart_test"),
        ("shop/internal/cart/cart_test.go", "// Tests.\npackage /* x */ cart", "acme.io/shop/internal/cart"),
        ("tools/gen/main.go", "package main", "tools/gen"),
        ("main.go", "package main", "main"),
    ] {
        assert_eq!(lower_at(path, text).0.name.as_str(), name, "{path}");
    }
}

#[test]
fn test_files_are_test_code() {
    assert!(lower_at("shop/a_test.go", "package a").0.test);
    assert!(!lower_at("shop/a.go", "package a").0.test);
}

#[test]
fn imports_are_named_by_path_and_hidden_by_variables() {
    let imports = "import (\n \"net/http\"\n retry \"github.com/avast/retry-go/v4\"\n . \"github.com/onsi/gomega\"\n _ \"embed\"\n)";
    let found = body_with(imports, "http.Get(u)\nretry.Do(g)\nExpect(1)\nlog.Print(1)\nhttp := p.C\nhttp.Get(u)");
    assert_eq!(
        found.replace("acme.io/shop", "@"),
        "{net/http::Get(@::u); github.com/avast/retry-go/v4::Do(@::g); github.com/onsi/gomega::Expect(1); \
         @::log.Print(1); let http = p.C; http.Get(@::u)}"
    );
}

#[test]
fn a_name_of_the_package_is_no_import() {
    let found = body_with("import \"x.io/mongo/db\"\nvar client int\nvar db int", "client.Get()\ndb.Query()");
    assert_eq!(found.replace("acme.io/shop", "@"), "{@::client.Get(); @::db.Query()}");
}

#[test]
fn scopes_end_with_their_blocks() {
    lowers("{ x := 1; g(x) }\ng(x)", "{{let x = 1; @::g(x)}; @::g(@::x)}");
    lowers("for x := range p.A { g(x) }\ng(x)", "{each-keyed (x, _) in p.A {@::g(x)}; @::g(@::x)}");
    lowers("switch x := g(); { case x: }\ng(x)", "{{let x = @::g(); match {_ if x => {}, _ => {}}}; @::g(@::x)}");
}

#[test]
fn types_of_functions_are_named_after_them() {
    let module = lower(
        "func a() { type reply struct { X int }\n var r reply\n use(r) }\nfunc (s *S) b() { type reply struct { Y int } }",
    );
    let names: Vec<&str> = module.types.iter().map(|ty| ty.symbol.as_str()).collect();
    assert_eq!(names, ["acme.io/shop::a::reply", "acme.io/shop::S::b::reply"]);
    let body = super::render::block(func(&module, "a").body.as_ref().unwrap());
    assert_eq!(body, "{let r: acme.io/shop::a::reply; acme.io/shop::use(r)}");
}

#[test]
fn structs_without_a_name_are_named_after_their_place() {
    let module = lower(
        "type Order struct { Items []struct { ID string } }\n\
         var limits struct { Max int }\n\
         func f() { var a struct { X int }; var b struct { Y int }; use(a, b) }",
    );
    let names: Vec<String> = module.types.iter().map(|ty| ty.symbol.as_str().replace("acme.io/shop", "@")).collect();
    assert_eq!(names, ["@::Order::Items::struct", "@::Order", "@::limits::struct", "@::f::struct", "@::f::struct#2"]);
    let items = Type::Named("acme.io/shop::Order::Items::struct".into(), Vec::new());
    assert_eq!(module.types[1].fields[0].ty, Type::List(Box::new(items)));
}
