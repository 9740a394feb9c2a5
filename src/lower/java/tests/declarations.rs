//! Types, their members, and what annotations add to them.

use super::rendered;

/// Asserts lines of what a file declares, in any order among others.
#[track_caller]
fn declares(text: &str, lines: &[&str]) {
    let all = rendered(text);
    for line in lines {
        assert!(all.lines().any(|found| found == *line), "no line `{line}` in\n{all}");
    }
}

#[track_caller]
fn declares_no(text: &str, part: &str) {
    let all = rendered(text);
    assert!(!all.contains(part), "`{part}` in\n{all}");
}

#[test]
fn names_on_the_wire_come_from_annotations() {
    declares(
        "import com.fasterxml.jackson.annotation.JsonProperty;\n@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)\n\
         class P { String birthDate; @JsonProperty(\"n\") String name; @SerializedName(\"q\") int count; @JsonIgnore int off; }",
        &[
            "  birthDate: Str = Json:birth_date",
            "  name: Str = Json:n #com::fasterxml::jackson::annotation::JsonProperty(\"n\")",
            "  count: Number = Json:q #shop::SerializedName(\"q\")",
            "  off: Number = Json:off skipped #shop::JsonIgnore()",
        ],
    );
    declares(
        "class P { private String born; @JsonProperty(\"dob\") public String getBorn() { return born; } }",
        &["  born: Str = Json:dob"],
    );
}

#[test]
fn plain_accessors_are_left_to_their_calls() {
    let text = "class P { String name; int n; String getName() { return name; } void setName(String name) { this.name = name; }\n\
                int getN() { return n + 1; } public String toString() { return name; } }";
    declares_no(text, "getName");
    declares_no(text, "setName");
    declares_no(text, "toString");
    declares(text, &["fn shop::P::getN(this; ) Number {(return (+ this.n 1));}"]);
}

#[test]
fn lombok_makes_builders_and_constructors() {
    // Calls of the builder's methods, and of a constructor of all fields, say themselves what they set.
    let built = "import lombok.Builder; @Builder class R { String id; }";
    declares(built, &["fn shop::R::builder() :shop::R {(new :shop::R )}"]);
    declares_no(built, "constructor");
    declares(
        "import lombok.RequiredArgsConstructor; @RequiredArgsConstructor class S { private final Foo foo; int n; final int m = 1; }",
        &["fn shop::S::constructor(this; foo: :shop::Foo) () {this.m = 1; this.foo = foo;}"],
    );
}

#[test]
fn components_of_a_record_are_its_fields() {
    declares(
        "record Point(@JsonProperty(\"px\") int x, String y) { Point { g(x); } static Point of(int a) { return new Point(a, null); } }",
        &[
            "Struct shop::Point",
            "  x: Number = Json:px #shop::JsonProperty(\"px\")",
            "fn shop::Point::of(a: Number) :shop::Point {(return @shop::Point(a, null));}",
        ],
    );
}

#[test]
fn constants_of_an_enum_are_made_by_its_constructor() {
    declares(
        "enum Kind { A(\"a\"); private final String path; Kind(String path) { this.path = path; } }",
        &[
            "  path: Str",
            "Global shop::Kind::A: :shop::Kind = @shop::Kind(\"a\")",
            "fn shop::Kind::constructor(this; path: Str) () {this.path = path;}",
        ],
    );
}

#[test]
fn initial_values_are_set_by_every_constructor_after_the_parents() {
    declares(
        "class S extends Base { private final Foo foo = new Foo(); String url; S(String url) { super(url); this.url = url; } S() { this(\"x\"); } }",
        &[
            "Struct shop::S < :shop::Base",
            "fn shop::S::constructor(this; url: Str) () {(as :shop::Base this).constructor(url); this.foo = @shop::Foo(); this.url = url;}",
            "fn shop::S::constructor(this; ) () {this.constructor(\"x\");}",
        ],
    );
}

#[test]
fn members_of_a_class_around_are_of_its_object() {
    declares(
        "class S { Foo foo; void go() {} class Inner { void x() { foo.a(); go(); } } }",
        &["fn shop::S::Inner::x(this; ) () {(as :shop::S this).foo.a(); (as :shop::S this).go();}"],
    );
}

#[test]
fn annotations_keep_their_arguments_and_interfaces_their_constants() {
    declares(
        "interface C extends Base<Foo> { String PATH = \"/x\"; @Get(value = \"/a/{id}\", params = {\"x\", \"y\"}) Foo get(@Path(\"id\") String id); }",
        &[
            "Interface shop::C < :shop::Base<:shop::Foo>",
            "Global shop::C::PATH: Str = \"/x\"",
            "#shop::Get(value=\"/a/{id}\", params=[\"x\" \"y\"]) fn shop::C::get(this; #shop::Path(\"id\") id: Str) :shop::Foo",
        ],
    );
}

#[test]
fn packages_that_are_opened_are_globs_and_known_types_are_found_in_them() {
    declares(
        "import java.util.*; import com.acme.api.*; class A { List<String> a; Optional<Map<String, Object>> b; Order c; byte[] d; }",
        &[
            "Alias shop::* = :java::util::*",
            "Alias shop::* = :com::acme::api::*",
            "  a: List<Str>",
            "  b: Optional<Dynamic>",
            "  c: :shop::Order",
            "  d: Bytes",
        ],
    );
}
