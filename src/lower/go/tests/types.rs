//! Types.

use super::{lower, render};
use crate::model::ir::{Codec, Module, TypeDef, TypeKind};

fn declared<'m>(module: &'m Module, name: &str) -> &'m TypeDef {
    module.types.iter().find(|ty| ty.symbol.name() == name).unwrap()
}

fn fields(ty: &TypeDef) -> Vec<String> {
    ty.fields
        .iter()
        .map(|field| format!("{}: {}", field.name, render::ty(&field.ty)).replace("acme.io/shop", "@"))
        .collect()
}

fn results(declarations: &str) -> Vec<String> {
    lower(declarations).funcs.iter().map(|func| render::ty(&func.ret).replace("acme.io/shop", "@")).collect()
}

#[test]
fn fields_have_the_types_that_are_written() {
    let module = lower(
        "import \"time\"\n\
         type T struct { A, B *string; C []byte; D map[string][]U; E chan<- int; F func(int, ...string) (bool, error); G time.Time; H any; I interface{}; J [4]U; K interface{ M() } }",
    );
    assert_eq!(
        fields(declared(&module, "T")),
        [
            "A: Str",
            "B: Str",
            "C: Bytes",
            "D: Map<[@::U]>",
            "E: [Number]",
            "F: fn(Number, [Str]) -> Result<Bool>",
            "G: time::Time",
            "H: Dynamic",
            "I: Dynamic",
            "J: [@::U]",
            "K: Unknown",
        ]
    );
}

#[test]
fn embedded_types_are_flattened_unless_they_are_named() {
    let module = lower("import \"x.io/base\"\ntype T struct { *A; base.B; C[int] `json:\"c\"`; D D }");
    let ty = declared(&module, "T");
    assert_eq!(fields(ty), ["A: @::A", "B: x.io/base::B", "C: @::C<Number>", "D: @::D"]);
    assert_eq!(ty.fields.iter().map(|field| field.flatten).collect::<Vec<_>>(), [true, true, false, false]);
    let supertypes: Vec<String> = ty.supertypes.iter().map(render::ty).collect();
    assert_eq!(supertypes, ["acme.io/shop::A", "x.io/base::B", "acme.io/shop::C<Number>"]);
}

#[test]
fn tags_give_names_on_the_wire() {
    let module = lower("type T struct { A string `json:\"a_b,omitempty\"`; B string `json:\"-\"`; C string }");
    let fields = &declared(&module, "T").fields;
    assert_eq!((fields[0].wire[0].codec, &*fields[0].wire[0].name), (Codec::Json, "a_b"));
    assert!(fields[1].skipped && fields[2].wire.is_empty());
}

#[test]
fn interfaces_have_methods_without_bodies() {
    let module = lower("import \"io\"\ntype I interface { io.Closer; Get(id string) (*Order, error) }");
    let ty = declared(&module, "I");
    assert_eq!(ty.kind, TypeKind::Interface);
    assert_eq!(ty.supertypes.iter().map(render::ty).collect::<Vec<_>>(), ["io::Closer"]);
    let get = &module.funcs[0];
    assert_eq!(get.symbol.as_str(), "acme.io/shop::I::Get");
    assert_eq!(get.owner.as_ref().map(render::ty).as_deref(), Some("acme.io/shop::I"));
    assert_eq!(render::params(&get.params), "id: Str");
    assert!(get.body.is_none());
}

#[test]
fn a_last_error_makes_a_result() {
    assert_eq!(
        results(
            "func a() error\nfunc b() (T, error)\nfunc c() (a, b T, err error)\nfunc d() (T, int)\nfunc e()\nfunc g() *T\nfunc h() (error, T)"
        ),
        [
            "Result<Unit>",
            "Result<@::T>",
            "Result<(@::T, @::T)>",
            "(@::T, Number)",
            "Unit",
            "@::T",
            "(builtin::error, @::T)"
        ]
    );
}

#[test]
fn type_parameters_are_no_types_of_the_package() {
    let module = lower(
        "type Page[T any] struct { Items []T }\nfunc (p *Page[U]) All() []U { return p.Items }\nfunc Map[A, B any](a A, f func(A) B) Page[B]\nfunc after() T",
    );
    assert_eq!(fields(declared(&module, "Page")), ["Items: ['T]"]);
    assert_eq!(declared(&module, "Page").params, ["T".into()]);
    let rets: Vec<String> = module.funcs.iter().map(|func| render::ty(&func.ret)).collect();
    assert_eq!(rets, ["['U]", "acme.io/shop::Page<'B>", "acme.io/shop::T"]);
    assert_eq!(module.funcs[1].type_params, ["A".into(), "B".into()]);
}

#[test]
fn aliases_and_types_over_plain_types_are_aliases() {
    let module = lower("type A = B\ntype ID string\ntype Orders []Order\ntype Handler func(int) error");
    let aliases: Vec<String> = module
        .aliases
        .iter()
        .map(|alias| format!("{} = {}", alias.name, render::ty(&alias.target)).replace("acme.io/shop", "@"))
        .collect();
    assert_eq!(
        aliases,
        ["@::A = @::B", "@::ID = Str", "@::Orders = [@::Order]", "@::Handler = fn(Number) -> Result<Unit>"]
    );
    assert!(module.types.is_empty());
}

#[test]
fn types_over_named_types_embed_them() {
    let module = lower("import \"x.io/base\"\ntype T base.Profile");
    let ty = declared(&module, "T");
    assert_eq!(fields(ty), ["Profile: x.io/base::Profile"]);
    assert!(ty.fields[0].flatten);
}
