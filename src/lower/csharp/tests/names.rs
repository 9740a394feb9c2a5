//! Which name means what.

use super::{module, plain, shown, value};
use crate::lower::testing;

/// The body of the last function of a file.
fn last(text: &str) -> String {
    let module = module(text);
    plain(&testing::block(module.funcs.last().unwrap().body.as_ref().unwrap()))
}

#[test]
fn members_carry_the_object_they_belong_to() {
    let text = "class A { string x; static int N; int P { get; } void F() { G(x, N, P); } void G(string a, int b, int c) { } static void H() { } void I() { F(); H(); } }";
    let module = module(text);
    let body = |at: usize| testing::block(module.funcs[at].body.as_ref().unwrap());
    assert_eq!(body(0), "{this.G(this.x, @global::A::N, this.P);}");
    assert_eq!(body(3), "{this.F(); @global::A::H();}");
}

#[test]
fn a_base_or_another_part_may_bring_what_the_file_does_not_show() {
    assert_eq!(
        last("class A : B { void F() { Load(1); var t = token; Env.Get(); } }"),
        "{this.Load(1); let t = this.token; @global::Env::Get();}"
    );
    assert_eq!(last("partial class A { void F() { Load(1); } }"), "{this.Load(1);}");
    // An interface has no members to call.
    assert_eq!(last("class A : IB { void F() { Load(1); } }"), "{@global::Load(1);}");
}

#[test]
fn types_are_named_after_the_namespace_that_is_open() {
    assert_eq!(last("namespace A.B; class C { D F(E e) { return new D(e); } }"), "{(return @A::B::D(e));}");
    let nested = shown("namespace A { class Outer { class Inner { Inner next; Other o; } } class Other { } }");
    assert!(nested.contains("next: :A::Outer::Inner skipped"), "{nested}");
    assert!(nested.contains("o: :A::Other skipped"), "{nested}");
}

#[test]
fn opened_namespaces_are_aliases_of_what_the_file_sees_in_each_namespace() {
    let module = module("using X.Y;\nusing static Z.Util;\nnamespace A.B { using Q; class C { } }");
    let aliases: Vec<String> =
        module.aliases.iter().map(|alias| format!("{}={}", alias.name, testing::ty(&alias.target))).collect();
    for expected in [
        "A::B::<Client.cs>::*=:A::B::*",
        "A::B::<Client.cs>::*=:A::*",
        "A::B::<Client.cs>::*=:global::*",
        "A::B::<Client.cs>::*=:X::Y::*",
        "A::B::<Client.cs>::*=:Z::Util::*",
        "A::B::<Client.cs>::*=:Q::*",
        "A::B::<Client.cs>::*=:System::Net::Http::*",
    ] {
        assert!(aliases.iter().any(|alias| alias == expected), "{expected} in {aliases:?}");
    }
    assert_eq!(module.name.as_str(), "A::B");
}

#[test]
fn aliases_and_long_names_are_resolved() {
    assert_eq!(
        last("using Json = Newtonsoft.Json.JsonConvert; class C { void F() { Json.Do(1); } }"),
        "{@Newtonsoft::Json::JsonConvert::Do(1);}"
    );
    assert_eq!(value("System.Text.Encoding.UTF8.GetBytes(a)"), "@System::Text::Encoding.UTF8.GetBytes(a)");
    assert_eq!(value("global::Shop.V1.Cart.Parse(a)"), "@Shop::V1::Cart::Parse(a)");
    assert_eq!(last("using Shop.V1; class C { void F() { Shop.V1.Cart.Parse(1); } }"), "{@Shop::V1::Cart::Parse(1);}");
}

#[test]
fn generated_names_are_nested_types_or_whole_paths() {
    assert_eq!(value("new CartService.CartServiceClient(a)"), "@global::CartService::CartServiceClient(a)");
    assert_eq!(value("new Hip.Shop.Cart(a)"), "@Hip::Shop::Cart(a)");
}

#[test]
fn static_members_of_types_are_global_and_values_are_not() {
    assert_eq!(
        value("Environment.GetEnvironmentVariable(\"X\")"),
        "@global::Environment::GetEnvironmentVariable(\"X\")"
    );
    assert_eq!(value("DateTime.UtcNow.AddSeconds(5)"), "@global::DateTime::UtcNow.AddSeconds(5)");
    assert_eq!(value("string.IsNullOrEmpty(a)"), "@System::String::IsNullOrEmpty(a)");
}

#[test]
fn variables_hide_members() {
    assert_eq!(value("field"), "this.field");
    assert_eq!(super::body("var field = 1; a.B(field);"), "{let field = 1; a.B(field);}");
}

#[test]
fn generated_types_are_inside_of_what_is_opened() {
    let text = "using static Shop.CartService; class C { void F() { new CartServiceClient(1); } }";
    assert_eq!(last(text), "{@Shop::CartService::CartServiceClient(1);}");
}
