//! Statements.

use super::{body, shown};

#[test]
fn loops_keep_their_kind() {
    assert_eq!(body("while True:\n    break"), "{(loop {(break);});}");
    assert_eq!(body("while p < 3:\n    p += 1"), "{(while (< p 3) {p += 1;});}");
    assert_eq!(body("for x in p:\n    continue"), "{(each x in p {(continue);});}");
    assert_eq!(body("for i in range(3):\n    p()"), "{(for let i = 0; (< i 3); i += 1 {p();});}");
    assert_eq!(body("for i, x in enumerate(p, 1):\n    x()"), "{(each keyed (i, x) in p {x();});}");
    assert_eq!(body("for a, b in zip(p, q):\n    a(b)"), "{(each a in p {let b = q[0]; a(b);});}");
}

#[test]
fn what_stands_in_else_of_a_loop_may_run_behind_it() {
    assert_eq!(body("for x in p:\n    pass\nelse:\n    q()"), "{(each x in p {}); (if (fixme ) {q();});}");
}

#[test]
fn what_stands_in_else_of_try_is_its_end() {
    assert_eq!(
        body(
            "try:\n    p()\nexcept ValueError as e:\n    raise KeyError(e) from e\nelse:\n    return 1\nfinally:\n    q()"
        ),
        "{(try {p(); (return 1);} catch {(throw @builtins::KeyError(e) e);} finally {q();});}"
    );
}

#[test]
fn with_is_a_block_and_suppression_a_catch() {
    assert_eq!(body("with p() as x, q:\n    x.y()"), "{let x; {x = p(); q; x.y();};}");
    assert_eq!(
        body("import contextlib\nwith contextlib.suppress(OSError):\n    p()"),
        "{(try {@contextlib::suppress(@builtins::OSError); p();} catch {});}"
    );
}

#[test]
fn several_targets_are_set_together() {
    assert_eq!(body("a, (b, *c) = p"), "{let (a, [b, c]) = p;}");
    assert_eq!(body("a = 1\na, b = p"), "{let a = 1; let b; (tuple a b) = p;}");
    assert_eq!(body("a = b = p()"), "{let a = p(); let b = a;}");
    assert_eq!(body("p.x, q[0] = 1, 2"), "{(tuple p.x q[0]) = (tuple 1 2);}");
}

#[test]
fn names_are_bound_in_expressions() {
    assert_eq!(body("if (r := p()):\n    return r"), "{let r; (if {r = p(); r} {(return r);});}");
}

#[test]
fn patterns_bind_by_key_and_by_field() {
    assert_eq!(
        body(
            "match p:\n    case {'a': x}:\n        return x\n    case [y, *_] if y:\n        return y\n    case int(z) | None:\n        return 1\n    case _:\n        pass"
        ),
        "{(match p (-{a: x} => {(return x);}) ([y, _] if y => {(return y);}) (builtins::int(z)|null => {(return 1);}) (_ => {}));}"
    );
}

#[test]
fn functions_in_functions_are_variables() {
    assert_eq!(
        body("def g(a, *b, **c):\n    nonlocal p\n    p = a\nreturn g"),
        "{let g = (fn (a b c) {p = a;}); (return g);}"
    );
}

#[test]
fn defaults_of_parameters_are_what_is_not_given() {
    assert_eq!(
        shown("def f(a, b='x', *, c=None):\n    return b\n"),
        "fn m::f(a: ?, b: ?, c: ?) ? {{let b = (?? b \"x\"); (return b);};}\n"
    );
}

#[test]
fn generators_yield_and_context_managers_give() {
    assert_eq!(
        shown("def f(a):\n    yield a\n    yield from a\n"),
        "fn m::f(a: ?) ? {(yield a); (each <element> in a {(yield <element>);});}\n"
    );
    assert_eq!(
        shown("from contextlib import contextmanager\n@contextmanager\ndef f(a):\n    yield a\n"),
        "Alias m::contextmanager = :contextlib::contextmanager\n#contextlib::contextmanager() fn m::f(a: ?) ? {(if (fixme ) {(return a);});}\n"
    );
}

#[test]
fn asynchronous_code_reads_like_other_code() {
    assert_eq!(
        shown("async def f(s):\n    async with s.get('/a') as r:\n        return await r.json()\n"),
        "fn m::f(s: ?) ? {let r; {r = s.get(\"/a\").await; (return r.json().await);};}\n"
    );
    assert_eq!(body("import asyncio\na, b = asyncio.gather(p(), q())"), "{let (a, b) = (tuple p() q());}");
}

#[test]
fn what_is_put_into_a_field_is_written_to_it() {
    assert_eq!(
        body("p.items.append(q)\np.items.extend(q)\np.item.CopyFrom(q)\nq.append(p)"),
        "{p.items = [q]; p.items = q; p.item = q; q.append(p);}"
    );
}

#[test]
fn functions_in_functions_are_given_to_their_decorators() {
    assert_eq!(
        body("import functools\n@p.route('/a')\n@functools.wraps(q)\ndef g():\n    return 1"),
        "{let g = (fn () {(return 1);}); p.route(\"/a\")(g);}"
    );
}
