//! Statements.

use super::{body_with, lower, lowers};

#[test]
fn short_declarations_bind_names_and_leave_out_blanks() {
    lowers("a, _, err := g()", "{let (a, _, err) = @::g()}");
    lowers("a, b := 1, 2", "{let (a, b) = (1, 2)}");
}

#[test]
fn values_are_read_before_their_names_are_bound() {
    lowers("x := x", "{let x = @::x}");
    lowers("var x = x", "{let x = @::x}");
}

#[test]
fn variables_and_constants_of_functions_are_lets() {
    lowers("var a, b int", "{let a: Number; let b: Number}");
    lowers("var a, err = g()", "{let (a, err) = @::g()}");
    lowers("const (\n a = iota\n b\n c = \"x\"\n)", r#"{let a = 0; let b = 1; let c = "x"}"#);
}

#[test]
fn assignments_keep_their_operator() {
    lowers("p.A, p.B = g()", "{(p.A, p.B) = @::g()}");
    lowers("_, p.E = g()", "{(_, p.E) = @::g()}");
    lowers("p.N += 2\np.N++\np.N--\np.N <<= 1", "{p.N += 2; p.N += 1; p.N -= 1; p.N ?= 1}");
}

#[test]
fn an_if_with_a_statement_stands_in_a_block() {
    lowers("if err := g(); err != nil { return }", "{{let err = @::g(); if (err != nil) {return}}}");
    lowers("if p.A {} else if p.B { g() } else { h() }", "{if p.A {} else {if p.B {@::g()} else {@::h()}}}");
}

#[test]
fn names_of_an_if_end_with_it() {
    lowers("if x := g(); x {}\nx()", "{{let x = @::g(); if x {}}; @::x()}");
}

#[test]
fn loops_keep_their_kind() {
    lowers("for { break }", "{loop {break}}");
    lowers("for true {}", "{loop {}}");
    lowers("for ;; {}", "{loop {}}");
    lowers("for p.More() { continue }", "{while p.More() {continue}}");
    lowers("for i := 0; i < 3; i++ { g(i) }", "{for [let i = 0; (i < 3); i += 1] {@::g(i)}}");
    lowers("for ; p.N < 3; {}", "{for [; (p.N < 3); ] {}}");
}

#[test]
fn ranges_bind_keys_and_elements() {
    lowers("for i, v := range p.Items { g(i, v) }", "{each-keyed (i, v) in p.Items {@::g(i, v)}}");
    lowers("for i := range 3 { g(i) }", "{each-keyed (i, _) in 3 {@::g(i)}}");
    lowers("for range p.Items {}", "{each-keyed (_, _) in p.Items {}}");
    lowers("for v := range p.All() { g(v) }", "{each-keyed (v, _) in p.All() {@::g(v)}}");
}

#[test]
fn a_range_over_a_channel_binds_the_element() {
    lowers("c := make(chan int)\nfor v := range c { g(v) }", "{let c = ([] as [Number]); each v in c {@::g(v)}}");
    lowers("var c <-chan int\nfor v := range c { g(v) }", "{let c: [Number]; each v in c {@::g(v)}}");
    let field = body_with("type P struct { jobs chan int }", "for v := range p.jobs { g(v) }");
    assert_eq!(field, "{each v in p.jobs {acme.io/shop::g(v)}}");
}

#[test]
fn labels_stay_with_their_loops() {
    lowers("outer: for { for { continue outer } }", "{outer: loop {loop {continue outer}}}");
    lowers("outer: for { select { case <-p.C: break outer } }", "{outer: loop {match {_ if <-p.C => {break outer}}}}");
}

#[test]
fn a_jump_back_is_a_loop() {
    lowers(
        "again:\n x := g()\n if x { goto again }\n h()",
        "{again: loop {let x = @::g(); if x {continue again}; break again}; @::h()}",
    );
    lowers("again:\n if g() { goto again }", "{again: loop {if @::g() {continue again}; break again}}");
}

#[test]
fn a_switch_matches_values_and_may_take_no_case() {
    lowers(
        "switch x := g(); x { case 1, 2: h()\ncase K: }",
        "{{let x = @::g(); match x {1 | 2 => {@::h()}, @::K => {}, _ => {}}}}",
    );
}

#[test]
fn a_switch_without_subject_has_guards() {
    lowers("switch { case p.A, p.B: g()\ndefault: h() }", "{match {_ if (p.A || p.B) => {@::g()}, _ => {@::h()}}}");
}

#[test]
fn cases_fall_through_to_the_next_one() {
    lowers(
        "switch p.N { case 1: g(); fallthrough\ncase 2: h() }",
        "{match p.N {1 => {@::g(); @::h()}, 2 => {@::h()}, _ => {}}}",
    );
}

#[test]
fn a_break_in_a_case_leaves_the_case_and_not_the_loop() {
    lowers("for { switch p.N { case 1: g(); break } }", "{loop {match p.N {1 => {@::g()}, _ => {}}}}");
    lowers(
        "for { select { case <-p.C: if p.A { g(); break }; h() } }",
        "{loop {match {_ if <-p.C => {if p.A {@::g()} else {@::h()}}}}}",
    );
    lowers("s: switch { case p.A: break s }", "{match {_ if p.A => {}, _ => {}}}");
    lowers("switch { case p.A: for { break } }", "{match {_ if p.A => {loop {break}}, _ => {}}}");
}

#[test]
fn a_type_switch_binds_the_type_of_its_case() {
    lowers(
        "switch v := p.X.(type) { case nil: \ncase *T: g(v)\ncase int, string: h(v)\ndefault: v() }",
        "{match p.X {v = nil => {}, v: @::T => {@::g(v)}, v = _: Number | _: Str => {@::h(v)}, v => {v()}}}",
    );
    lowers("switch p.X.(type) { case T: g() }", "{match p.X {_: @::T => {@::g()}, _ => {}}}");
}

#[test]
fn a_select_waits_for_guards() {
    lowers(
        "select { case v, ok := <-p.C: g(v, ok)\ncase <-ctx.Done(): return\ndefault: h() }",
        "{match {_ if <-p.C => {let (v, ok) = <-p.C; @::g(v, ok)}, _ if <-@::ctx.Done() => {return}, _ => {@::h()}}}",
    );
    lowers("select { case p.X = <-p.C: }", "{match {_ if <-p.C => {p.X = <-p.C}}}");
}

#[test]
fn what_is_sent_is_appended_to_the_channel() {
    lowers("p.C <- 1", "{p.C = builtin::append(p.C, 1)}");
    lowers("select { case p.C <- 1: g() }", "{match {_ if {p.C = builtin::append(p.C, 1)} => {@::g()}}}");
}

#[test]
fn goroutines_are_spawned_and_defers_deferred() {
    lowers("go g(1)\ndefer p.Close()", "{spawn @::g(1); defer p.Close()}");
    lowers("go func() { h() }()", "{spawn || -> Unit {@::h()}()}");
}

#[test]
fn a_bare_return_gives_the_named_results() {
    let module = lower("func f() (n int, _ string, err error) { return }");
    let body = module.funcs[0].body.as_ref().map(super::render::block).unwrap();
    assert_eq!(body, "{let n: Number; let _: Str; let err: builtin::error; return (n, nil, err)}");
    lowers("g := func() int { return 1 }\nreturn", "{let g = || -> Number {return 1}; return}");
}

#[test]
fn several_values_are_returned_as_a_tuple() {
    lowers("return p.A, nil", "{return (p.A, nil)}");
}
