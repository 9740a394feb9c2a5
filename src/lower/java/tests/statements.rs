//! Statements.

use super::{body, lowers};

#[test]
fn t() {
    for s in [
        "int a = 1, b[] = {1, 2}; a += 2; b[0]++; var s = \"x\" + p + \"/\" + a;",
        "for (int i = 0; i < 3; i++) { if (p == null) continue; else break; } for (;;) { } for (String x : p.list()) g(x);",
        "while (true) { } do { p.run(); } while (p.more()); outer: while (p.a) { break outer; }",
        "try (var r = p.open(); p) { r.read(); } catch (IOException | RuntimeException e) { throw e; } catch (Exception e) { } finally { p.close(); }",
        "int x = switch (p.kind()) { case A, B -> 1; case C -> { g(); yield 2; } default -> throw new X(\"no\"); };",
        "switch (p.kind()) { case \"a\": g(); case \"b\": h(); break; case \"c\": if (p.x()) { break; } h(); break; default: return; }",
        "if (p instanceof Foo foo && foo.ok()) { foo.go(); } else if (p.a) { } else { g(); }",
        "Object o = p; switch (o) { case Foo f when f.ok() -> f.go(); case Bar(int a, var b) -> g(a); case null, default -> { } }",
        "String t = \"\"\"\n    {\n      \"a\": 1\n    }\n    \"\"\"; char c = '\\n'; long n = 0xFFL; double d = 1.5f;",
        "Runnable r = () -> p.go(); p.each(x -> { return x; }); p.map(Foo::getName).map(String::valueOf).map(Foo::new).each(this::g);",
        "new Handler() { int n = 0; @Override public void on(Event e) { n++; g(e); } };",
        "List<String> l = new ArrayList<>(); Map<String, Foo> m = new HashMap<>(); Foo foo = new Foo<Bar>(1); int[] z = new int[3]; ",
        "synchronized (this) { g(); } assert p != null; this.g(); super.g(); String q = p.a ? \"x\" : (String) p.b; ",
        "line = null; while ((line = p.next()) != null) { }",
    ] {
        println!("{s}\n   => {}", body("String line; void g() {} static void h() {}", s));
    }
}
