//! Calls, text, and other expressions.

use super::{body, shown};

#[test]
fn calls_keep_names_and_spreads_of_arguments() {
    assert_eq!(body("return p.get(q, *p, timeout=5, **q)"), "{(return p.get(q, (spread p), timeout=5, (spread q)));}");
}

#[test]
fn text_with_holes_is_a_template() {
    assert_eq!(body("return f'/a/{p.id}/{q!r:>10}' '/b'"), "{(return `/a/${p.id}/${q}/b`);}");
    assert_eq!(body("return '/a/{}/{x.id}/{0}'.format(p, x=q)"), "{(return `/a/${p}/${q.id}/${p}`);}");
    assert_eq!(body("return '/a/%s?n=%d' % (p, 3)"), "{(return `/a/${p}?n=${3}`);}");
    assert_eq!(body("return '/a/%(id)s' % {'id': p}"), "{(return `/a/${p}`);}");
    assert_eq!(body("return '/'.join([p, 'b', q])"), "{(return `${p}/b/${q}`);}");
}

#[test]
fn a_constant_is_a_format_too() {
    let text = "URL = 'http://x/{}'\nclass C:\n    PATH = '/a/%s'\n    def f(self, i):\n        return URL.format(self.PATH % i)\n";
    assert!(shown(text).contains("{(return `http://x/${`/a/${i}`}`);}"), "{}", shown(text));
}

#[test]
fn operators_of_values_and_of_conditions_differ() {
    assert_eq!(body("x = p or q\nif p or q:\n    pass"), "{let x = (?? p q); (if (|| p q) {});}");
    assert_eq!(body("return p and p.x"), "{(return (if p {p.x}));}");
    assert_eq!(body("return not p is None"), "{(return (! (== p null)));}");
    assert_eq!(body("return 1 < p <= q"), "{(return (&& (< 1 p) (<= p q)));}");
    assert_eq!(body("return p if q else -1"), "{(return (if q {p} else {-1}));}");
}

#[test]
fn objects_have_their_constant_keys() {
    assert_eq!(
        body("return {'a': 1, **p, q: 2, 'b': [p, *q]}"),
        "{(return (new - a: 1, ?: q, ?: 2, b: [p (spread q)], ..p));}"
    );
    assert_eq!(body("return dict(a=1, **p)"), "{(return (new - a: 1, ..p));}");
    assert_eq!(body("return p | {'a': 1}"), "{(return (new - a: 1, ..p));}");
}

#[test]
fn slices_are_the_list_and_subscripts_are_elements() {
    assert_eq!(body("return p[1:], p['a'][0]"), "{(return (tuple p p[\"a\"][0]));}");
}

#[test]
fn comprehensions_are_functions_that_yield() {
    assert_eq!(
        body("return [x.id for x in p if x]"),
        "{(return (fn () {(each x in p {(if x {(yield x.id);});});})());}"
    );
    assert_eq!(
        body("return {k: v.a for k, v in p.items()}"),
        "{(return (fn () {(each keyed (k, v) in p {k; (yield v.a);});})());}"
    );
}

#[test]
fn defaults_of_lookups_are_the_other_value() {
    assert_eq!(body("return p.get('a', 1)"), "{(return (?? p.get(\"a\") 1));}");
    assert_eq!(body("return p.get('/a', q)"), "{(return p.get(\"/a\", q));}");
    assert_eq!(body("import os\nreturn os.getenv('A', 'b')"), "{(return (?? @os::getenv(\"A\") \"b\"));}");
    assert_eq!(body("return getattr(p, 'a', None)"), "{(return p.a);}");
}

#[test]
fn types_that_are_given_as_values_are_their_classes() {
    let text = "from pydantic import TypeAdapter\nfrom a import Item, Page\nx = TypeAdapter(list[Item])\ny = Page[Item](a=1)\n";
    let shown = shown(text);
    assert!(shown.contains("Global m::x: ? = @pydantic::TypeAdapter([@a::Item])"), "{shown}");
    assert!(shown.contains("Global m::y: ? = @a::Page<:a::Item>(a=1)"), "{shown}");
}

#[test]
fn parts_of_functions_are_functions() {
    assert_eq!(
        body("from functools import partial\nreturn partial(p, 1, a=2)"),
        "{(return (fn (<rest>) {p(1, (spread <rest>), a=2)}));}"
    );
}
