//! Classes, interfaces, types, schemas.

use super::{lower, shown};

#[test]
fn interfaces_are_types_with_fields() {
    assert_eq!(
        shown(
            "export interface A<T> extends B { id: string; tags?: string[]; of: T; in: { x: number | null }; 'a-b': Record<string, C> }"
        ),
        "Struct A::in\n  x: Optional<Number>\nStruct A T < :B\n  id: Str\n  tags: Optional<List<Str>>\n  of: 'T\n  in: :A::in\n  \
         a-b: Map<:C>"
    );
}

#[test]
fn aliases_of_objects_are_types() {
    assert_eq!(shown("type A = { a: Promise<B> } & Omit<C, 'x'>"), "Struct A < :C\n  a: :B");
    assert_eq!(shown("type A = B | C"), "Struct A < :B < :C");
    assert_eq!(
        shown("type A = 'x' | 'y'; type D = E[] | null; type F = any"),
        "Alias A = Str\nAlias D = Optional<List<:E>>\nAlias F = Dynamic"
    );
    assert_eq!(
        shown("interface components { schemas: { User: { id: string } } }\ntype U = components['schemas']['User']"),
        "Struct components::schemas::User\n  id: Str\nStruct components::schemas\n  User: :components::schemas::User\n\
         Struct components\n  schemas: :components::schemas\nAlias U = :components::schemas::User"
    );
}

#[test]
fn schemas_are_types() {
    let text = shown(
        "import { z } from 'zod';\nconst S = z.object({ id: z.string(), n: z.array(z.object({ p: z.number() })).optional() });\ntype T = z.infer<typeof S>;",
    );
    assert!(
        text.starts_with("Struct S::n\n  p: Number\nStruct S\n  id: Str\n  n: Optional<List<:S::n>>\nGlobal S"),
        "{text}"
    );
    assert!(text.ends_with("Alias T = :S"), "{text}");
}

#[test]
fn enums_are_constants() {
    assert_eq!(shown("enum A { B = 'b', C }"), "Enum A\nGlobal A::B: ? = \"b\"\nGlobal A::C: ? = 1");
}

#[test]
fn classes_have_fields_methods_and_a_constructor() {
    let text = shown(
        "@Injectable()\nclass A implements I { #n = 1; static of() { return 1 } get x(): string { return 'x' } \
         constructor(private readonly http: HttpClient) {} load = async (id: string) => this.http.get(id); }",
    );
    assert_eq!(
        text,
        "#Injectable()\nStruct A < :I\n  #n: ?\n  http: :HttpClient\n\
         fn A::of() ? {(return 1);}\nproperty fn A::x(this; ) Str for I {(return \"x\");}\n\
         fn A::load(this; id: Str) ? for I {this.http.get(id)}\n\
         fn A::constructor(this; http: :HttpClient) ? {this.#n = 1; this.http = http;}"
    );
}

#[test]
fn functions_with_methods_are_classes() {
    let text =
        shown("function A(base) { this.base = base }\nA.prototype.get = function (id) { return this.base + id };");
    assert_eq!(
        text,
        "Struct A\n  base: ?\nfn A::constructor(this; base: ?) ? {this.base = base;}\nfn A::get(this; id: ?) ? {(return (+ this.base id));}"
    );
}

#[test]
fn a_function_that_a_script_puts_into_a_name_it_never_declares_is_one() {
    let module = lower("load = function (id) { return id }\nlet known\nknown = () => 1\nload(7)");
    let names: Vec<&str> = module.funcs.iter().map(|func| func.symbol.name()).collect();
    assert!(names.contains(&"load") && !names.contains(&"known"), "{names:?}");
}
