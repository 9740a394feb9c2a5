//! Types, members, annotations.

use super::has;

#[test]
fn properties_of_data_classes_are_fields_with_names_on_the_wire() {
    has(
        "package p\nimport kotlinx.serialization.SerialName\ndata class A(@SerialName(\"user_id\") val userId: String, @field:JsonProperty(\"n\") var n: Int? = null, @Json(name = \"m\") val m: List<B>, @Transient val t: Int)\n",
        &[
            "Struct p::A",
            "userId: Str = Json:user_id #kotlinx::serialization::SerialName(\"user_id\")",
            "n: Optional<Number> = Json:n #p::JsonProperty(\"n\")",
            "m: List<:p::B> = Json:m #p::Json(name=\"m\")",
            "t: Number skipped #p::Transient()",
        ],
    );
}

#[test]
fn constructors_are_written_where_they_do_something() {
    has(
        "package p\nclass A(url: String) : B(url) {\n val c = C(url)\n init { c.d() }\n}\n",
        &[
            "Struct p::A < :p::B",
            "fn p::A::constructor(this@A; url: Str) () {(as :p::B this@A).constructor(url); this@A.c = @p::C(url); {this@A.c.d();};}",
        ],
    );
    has(
        "package p\nclass A(val c: C) {\n constructor(u: String) : this(C(u)) { d = 1 }\n var d = 0\n}\n",
        &["fn p::A::constructor(this@A; u: Str) () {this@A.constructor(@p::C(u)); this@A.d = 1;}"],
    );
}

#[test]
fn properties_with_getters_are_read_like_fields_and_lazy_ones_are_their_value() {
    has(
        "package p\nclass A {\n val x: Int get() = 1\n val y by lazy { C() }\n}\nval z: Int get() = 2\n",
        &[
            "property fn p::A::x(this@A; ) Number {1}",
            "fn p::A::constructor(this@A; ) () {this@A.y = {@p::C()};}",
            "property fn p::z() Number {2}",
        ],
    );
}

#[test]
fn extensions_are_methods_of_what_they_extend() {
    has(
        "package p\nfun Cart.count(n: Int = 1): Int = items.size + n\nfun String.len() = 1\n",
        &["fn p::Cart::count(this; n: Number) Number {(+ this.items.size n)}", "fn p::len(this; ) ? {1}"],
    );
}

#[test]
fn objects_are_types_without_receiver() {
    has(
        "package p\nobject Repo : I {\n private val c = C()\n fun a() = c\n}\n",
        &["Struct p::Repo < :p::I", "Global p::Repo::c: ? = @p::C()", "fn p::Repo::a() ? {@p::Repo::c}"],
    );
}

#[test]
fn interfaces_enumerations_and_sealed_classes_are_types() {
    has(
        "package p\ninterface I {\n fun get(id: Int): A\n}\nenum class E(val n: Int) { X(1), Y(2) }\nsealed class R<out T> {\n data class Ok<T>(val v: T) : R<T>()\n}\n",
        &[
            "Interface p::I",
            "fn p::I::get(this@I; id: Number) :p::A",
            "Enum p::E",
            "Struct p::R T",
            "Struct p::R::Ok T < :p::R<'T>",
            "v: 'T",
        ],
    );
}

#[test]
fn flows_futures_and_collections_are_what_they_hold() {
    has(
        "package p\nclass A {\n lateinit var a: Flow<B>\n lateinit var b: Deferred<B>\n lateinit var c: Map<String, B>\n lateinit var d: Map<String, Any>\n lateinit var e: (Int) -> B\n lateinit var f: Pair<Int, B>\n lateinit var g: ByteArray\n}\n",
        &[
            "a: List<:p::B>",
            "b: :p::B",
            "c: Map<:p::B>",
            "d: Dynamic",
            "e: fn(Number) :p::B",
            "f: (Number, :p::B)",
            "g: Bytes",
        ],
    );
}

#[test]
fn annotations_stand_on_functions_and_parameters() {
    has(
        "package p\n@RestController\nclass A {\n @GetMapping(\"/x/{id}\")\n suspend fun f(@PathVariable id: Int, vararg n: String): B? = null\n}\n",
        &[
            "#p::RestController()",
            "#p::GetMapping(\"/x/{id}\") fn p::A::f(this@A; #p::PathVariable() id: Number, *n: List<Str>) Optional<:p::B> {null}",
        ],
    );
}
