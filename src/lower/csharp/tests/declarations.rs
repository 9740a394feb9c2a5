//! Types, members, attributes.

use super::shown;

fn has(text: &str, lines: &[&str]) {
    let shown = shown(text);
    for line in lines {
        assert!(shown.lines().any(|found| found.trim() == *line), "`{line}` in\n{shown}");
    }
}

#[test]
fn properties_without_bodies_are_fields() {
    has(
        "class A { public string? Name { get; set; } public required int Age { get; init; } public List<B> Items { get; } = new(); }",
        &["Struct global::A", "Name: Optional<Str>", "Age: Number", "Items: List<:global::B>"],
    );
}

#[test]
fn properties_with_bodies_are_read_like_fields() {
    has(
        "class A { int X => 1; string Y { get { return \"y\"; } } }",
        &["property fn global::A::X(this; ) Number {1}", "property fn global::A::Y(this; ) Str {(return \"y\");}"],
    );
}

#[test]
fn attributes_give_names_on_the_wire() {
    has(
        "class A { [JsonPropertyName(\"user_id\")] public string UserId { get; set; } [JsonProperty(PropertyName = \"n\")] public int N { get; set; } [JsonIgnore] public int Secret { get; set; } [JsonIgnore(Condition = C.Never)] public int Shown { get; set; } }",
        &[
            "UserId: Str = Json:user_id #global::JsonPropertyName(\"user_id\")",
            "N: Number = Json:n #global::JsonProperty(PropertyName=\"n\")",
            "Secret: Number skipped #global::JsonIgnore()",
            "Shown: Number #global::JsonIgnore(Condition=@global::C::Never)",
        ],
    );
}

#[test]
fn parameters_of_records_are_fields() {
    has(
        "record P(string Name, [property: JsonPropertyName(\"y\")] int Year) { public int Z { get; init; } }",
        &["Struct global::P", "Name: Str", "Year: Number = Json:y #global::JsonPropertyName(\"y\")", "Z: Number"],
    );
    assert!(!shown("record P(string Name);").contains("constructor"));
}

#[test]
fn constructors_begin_with_initial_values_and_the_base() {
    has(
        "class A : B { C c = new C(1); A(int x) : base(x) { y = x; } int y; A() : this(2) { } }",
        &[
            "fn global::A::constructor(this; x: Number) () {this.c = @global::C(1); (as :global::B this).constructor(x); this.y = x;}",
            "fn global::A::constructor(this; ) () {this.constructor(2);}",
        ],
    );
    has("class A { C c = new C(1); }", &["fn global::A::constructor(this; ) () {this.c = @global::C(1);}"]);
    assert!(!shown("class A { string s = \"\"; List<B> l = new(); }").contains("constructor"));
}

#[test]
fn a_primary_constructor_keeps_its_parameters() {
    has(
        "class A(HttpClient http) : B(http) { void F() { http.Get(); } }",
        &[
            "http: :global::HttpClient skipped",
            "fn global::A::F(this; ) () {this.http.Get();}",
            "fn global::A::constructor(this; http: :global::HttpClient) () {this.http = http; (as :global::B this).constructor(http);}",
        ],
    );
}

#[test]
fn static_members_belong_to_the_type() {
    has(
        "class A { const string Path = \"/x\"; static readonly C Client = new C(); static int N { get; set; } }",
        &[
            "Global global::A::Path: Str = \"/x\"",
            "Global global::A::Client: :global::C = @global::C()",
            "Global global::A::N: Number = -",
        ],
    );
}

#[test]
fn methods_have_annotations_on_them_and_on_parameters() {
    has(
        "[ApiController, Route(\"api/carts\")] class A { [HttpGet(\"{id}\")] public async Task<List<B>> Get([FromRoute] int id, [FromQuery(Name = \"q\")] string query) { return null; } }",
        &[
            "#global::ApiController()",
            "#global::Route(\"api/carts\")",
            "#global::HttpGet(\"{id}\") fn global::A::Get(this; #global::FromRoute() id: Number, #global::FromQuery(Name=\"q\") query: Str) List<:global::B> {(return null);}",
        ],
    );
}

#[test]
fn extension_methods_are_methods_of_what_they_extend() {
    has(
        "static class E { public static int Count(this Cart cart, int x) => cart.N + x; static int Len(this string s) => 1; }",
        &["fn global::Cart::Count(cart; x: Number) Number {(+ cart.N x)}", "fn global::E::Len(s: Str) Number {1}"],
    );
}

#[test]
fn interfaces_enumerations_and_delegates_are_types() {
    has(
        "interface I : IDisposable { Task<Foo> Get(int id); string N { get; } } enum E { A, B } delegate int D(string s);",
        &[
            "Interface global::I < :global::IDisposable",
            "N: Str",
            "fn global::I::Get(this; id: Number) :global::Foo",
            "Enum global::E",
        ],
    );
    let module = super::module("delegate int D(string s);");
    assert!(module.aliases.iter().any(|alias| alias.name.as_str() == "global::D"));
}

#[test]
fn tasks_and_collections_are_what_they_hold() {
    has(
        "class A { Task<int> a; IAsyncEnumerable<string> b; Dictionary<string, B> c; byte[] d; B[] e; int? f; (int, string) g; Func<int, B> h; object i; ValueTask j; RepeatedField<B> k; }",
        &[
            "a: Number skipped",
            "b: List<Str> skipped",
            "c: Map<:global::B> skipped",
            "d: Bytes skipped",
            "e: List<:global::B> skipped",
            "f: Optional<Number> skipped",
            "g: (Number, Str) skipped",
            "h: fn(Number) :global::B skipped",
            "i: Dynamic skipped",
            "j: () skipped",
            "k: List<:global::B> skipped",
        ],
    );
}

#[test]
fn type_parameters_are_no_types() {
    has(
        "class A<T> { T value; U F<U>(T t) { return default; } }",
        &["Struct global::A T", "value: 'T skipped", "fn global::A::F<U>(this; t: 'T) 'U {(return null);}"],
    );
}

#[test]
fn statements_outside_of_types_are_one_function() {
    has(
        "var a = Load();\nConsole.WriteLine(a);\nstring Load() => \"x\";",
        &[
            "fn global::Program::<module>() () {let Load = (fn () {\"x\"}); let a = Load(); @global::Console::WriteLine(a);}",
        ],
    );
}
