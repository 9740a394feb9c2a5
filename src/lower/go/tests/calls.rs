//! Expressions and calls.

use super::{body_with, func, lower, lowers};
use crate::model::ir::{Expr, ExprKind, Module, StmtKind};
use crate::model::source::Span;

fn text(module: &Module, span: Span, source: &str) -> String {
    assert_eq!(span.file, module.file);
    source["package shop\n".len()..].get(..).unwrap();
    source[span.start as usize..span.end as usize].to_owned()
}

#[test]
fn literals_are_read() {
    lowers("g(\"a\\n\", `b`, 'c', 0x10, 1.5, true, nil, -3)", r#"{@::g("a\n", "b", "c", 16, 1.5, true, nil, -3)}"#);
}

#[test]
fn operators_keep_their_order_and_lose_their_parentheses() {
    lowers(
        "g((p.A + p.B) * 2, !p.C && p.D || *p.E == 1, a % 2)",
        "{@::g(((p.A + p.B) * 2), ((!p.C && p.D) || (*p.E == 1)), (@::a ? 2))}",
    );
}

#[test]
fn chains_over_several_lines_are_members_and_calls() {
    lowers("p.R().\n  SetHeader(\"a\", \"b\").\n  Get(u)", r#"{p.R().SetHeader("a", "b").Get(@::u)}"#);
}

#[test]
fn a_member_has_the_place_of_its_name_alone() {
    let source = "package shop\nfunc f(p P) { use(p.Birth.Date) }";
    let module = lower(&source["package shop\n".len()..]);
    let StmtKind::Expr(Expr { kind: ExprKind::Call { args, .. }, .. }) =
        &func(&module, "f").body.as_ref().unwrap().stmts[0].kind
    else {
        panic!("a call");
    };
    let ExprKind::Member { base, name_span, .. } = &args[0].value.kind else { panic!("a member") };
    assert_eq!(text(&module, *name_span, source), "Date");
    assert_eq!(text(&module, args[0].value.span, source), "p.Birth.Date");
    assert_eq!(text(&module, base.span, source), "p.Birth");
}

#[test]
fn slices_are_their_base_and_assertions_are_casts() {
    lowers("g(p.A[1:], p.M[\"k\"], p.X.(T))", r#"{@::g(p.A, p.M["k"], (p.X as @::T))}"#);
    lowers("v, ok := p.X.(*T)", "{let (v, ok) = (p.X as @::T)}");
}

#[test]
fn conversions_are_casts() {
    lowers("g([]byte(p.A), string(p.B), int64(p.C))", "{@::g((p.A as Bytes), (p.B as Str), (p.C as Number))}");
    lowers("g((*T)(p.A), any(p.B), map[string]int(p.C))", "{@::g(*@::T(p.A), (p.B as Dynamic), (p.C as Map<Number>))}");
    let own = body_with("type ID string\ntype T struct{}", "g(ID(p.A), (*T)(p.B), Other(p.C))");
    assert_eq!(own.replace("acme.io/shop", "@"), "{@::g((p.A as @::ID), (p.B as @::T), @::Other(p.C))}");
}

#[test]
fn what_hides_a_type_is_called() {
    lowers("string := p.F\nstring(1)", "{let string = p.F; string(1)}");
}

#[test]
fn functions_of_the_language_are_known() {
    lowers("g(len(p.A), append(p.A, p.B...))", "{@::g(builtin::len(p.A), builtin::append(p.A, p.B))}");
    lowers("panic(p.E)", "{throw(p.E)}");
    lowers("g(new(T), make([]int, 3), make(map[string]T))", "{@::g(&@::T{}, ([] as [Number]), Map<@::T>{})}");
    let own = body_with("func panic(x int) {}", "panic(1)");
    assert_eq!(own, "{acme.io/shop::panic(1)}");
    lowers("len := p.F\nlen(1)", "{let len = p.F; len(1)}");
}

#[test]
fn type_arguments_are_kept() {
    let found = body_with(
        "import \"x.io/opt\"\nfunc get[T any](a any) T { panic(1) }\nvar table []func(int)",
        "get[int](p)\nget[Order](p)\nopt.Some[Order](p)\nopt.Two[string, Order](p, p)\nget[[]int]()\ntable[p.N](1)\ntable[p](1)\np.list[p](1)",
    );
    assert_eq!(
        found.replace("acme.io/shop", "@"),
        "{@::get<Number>(p); @::get<@::Order>(p); x.io/opt::Some<@::Order>(p); x.io/opt::Two<Str, @::Order>(p, p); \
         @::get<[Number]>(); @::table[p.N](1); @::table[p](1); p.list[p](1)}"
    );
    lowers(
        "i := 1\nhandlers := p.H\nhandlers[i](p)\nhandlers[i](p, p)",
        "{let i = 1; let handlers = p.H; handlers[i](p); handlers[i](p, p)}",
    );
}

#[test]
fn struct_literals_name_their_fields() {
    lowers("g(&T{A: 1, B: U{C: p}})", "{@::g(&@::T{A: 1, B: @::U{C: p}})}");
    let positional = body_with("func early() T { return T{1, 2} }\ntype T struct { A, B int }", "g(T{1, 2}, V{3})");
    assert_eq!(positional.replace("acme.io/shop", "@"), "{@::g(@::T{A: 1, B: 2}, @::V{_: 3})}");
}

#[test]
fn elided_types_are_filled_in() {
    lowers("g([]*T{{A: 1}, {A: 2}})", "{@::g([@::T{A: 1}, @::T{A: 2}])}");
    lowers("g(map[string]T{\"a\": {A: 1}})", "{@::g(Map<@::T>{a: @::T{A: 1}})}");
    lowers("g([][]int{{1}, {2}}, [...]string{3: \"c\"})", r#"{@::g([[1], [2]], ["c"])}"#);
    let named = body_with("type Orders []Order", "g(Orders{{ID: 1}})");
    assert_eq!(named.replace("acme.io/shop", "@"), "{@::g([@::Order{ID: 1}])}");
}

#[test]
fn constant_keys_of_maps_are_names() {
    let found = body_with(
        "import \"net/http\"\nconst key = \"X-Id\"",
        "g(map[string]any{\"a\": 1, key: 2, p.K: 3}, http.Header{\"B\": {\"c\"}})",
    );
    assert_eq!(
        found.replace("acme.io/shop", "@"),
        r#"{@::g(Map<Dynamic>{a: 1, X-Id: 2, _: 3}, net/http::Header{B: ["c"]})}"#
    );
}

#[test]
fn function_literals_are_lambdas_with_their_own_names() {
    lowers(
        "h := func(x int, rest ...string) error { return x }\nx()",
        "{let h = |x: Number, rest: ...[Str]| -> Result<Unit> {return x}; @::x()}",
    );
}

#[test]
fn channels_are_received_from() {
    lowers("v := <-p.C\n<-p.D", "{let v = <-p.C; <-p.D}");
}
