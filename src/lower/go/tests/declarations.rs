//! Functions, constants and variables of a package.

use super::{func, lower, render};
use crate::model::ir::{Module, Type};

fn globals(module: &Module) -> Vec<String> {
    let shown = |global: &crate::model::ir::Global| {
        let value = global.value.as_ref().map(render::expr).unwrap_or_default();
        format!("{}: {} = {value}", global.symbol.name(), render::ty(&global.ty)).replace("acme.io/shop", "@")
    };
    module.globals.iter().map(shown).collect()
}

#[test]
fn functions_and_methods_have_canonical_names() {
    let module = lower(
        "func New() *Server { return nil }\nfunc (s *Server) Handle(w W, _ *R) {}\nfunc (Server) Name() string { return \"\" }",
    );
    let names: Vec<&str> = module.funcs.iter().map(|func| func.symbol.as_str()).collect();
    assert_eq!(names, ["acme.io/shop::New", "acme.io/shop::Server::Handle", "acme.io/shop::Server::Name"]);
    let handle = func(&module, "Handle");
    assert_eq!(handle.owner, Some(Type::Named("acme.io/shop::Server".into(), Vec::new())));
    assert_eq!(handle.receiver.as_deref(), Some("s"));
    assert_eq!(render::params(&handle.params), "w: acme.io/shop::W, _: acme.io/shop::R");
}

#[test]
fn receivers_and_parameters_are_local() {
    let module = lower("func (s *S) M(a int, rest ...string) { s.g(a, rest) }");
    assert_eq!(render::block(func(&module, "M").body.as_ref().unwrap()), "{s.g(a, rest)}");
    assert!(func(&module, "M").params[1].variadic);
}

#[test]
fn constants_count_and_repeat() {
    let module =
        lower("const (\n A = iota + 1\n B\n _\n C Kind = 1 << iota\n D\n)\nconst E, F = \"e\", 2 * time.Second");
    assert_eq!(
        globals(&module),
        [
            "A: Unknown = 1",
            "B: Unknown = 2",
            "_: Unknown = 3",
            "C: @::Kind = 8",
            "D: @::Kind = 16",
            "E: Unknown = \"e\"",
            "F: Unknown = (2 * @::time.Second)",
        ]
    );
}

#[test]
fn variables_keep_type_and_value() {
    let module = lower("var (\n a int\n b, c = 1, f()\n)\nvar d, err = g()");
    assert_eq!(
        globals(&module),
        ["a: Number = ", "b: Unknown = 1", "c: Unknown = @::f()", "d: Unknown = @::g()", "err: Unknown = "]
    );
}
