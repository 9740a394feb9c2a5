//! Imports, exports, and what the module itself does.

use super::{lower_at, render, shown};

#[test]
fn imports_are_named_by_where_they_come_from() {
    let text = "import axios, { get as fetchIt } from 'axios';\nimport * as grpc from '@grpc/grpc-js';\n\
                import { api } from './lib/api';\nimport def from '../shared/src/x';\nimport { err } from '@acme/shared';\n\
                function f() { axios.post(); fetchIt(); grpc.credentials.createInsecure(); api.get(); def(); err(); }";
    assert_eq!(
        shown(text),
        "fn f() ? {@axios::post(); @axios::get(); @@grpc/grpc-js::credentials::createInsecure(); \
         @@acme/web::lib::api::api.get(); @@acme/shared::src::x::default(); @@acme/shared::err();}"
    );
}

#[test]
fn require_and_import_expressions_are_imports() {
    let text = "const axios = require('axios');\nconst { get: load } = require('./load');\n\
                const util_1 = __importDefault(require('got'));\n\
                async function f() { const fs = require('node:fs'); const m = await import('ky'); axios.get(); load(); \
                (0, util_1.default)(1); fs.read(); m.default(2); }";
    assert_eq!(shown(text), "fn f() ? {@axios::get(); @@acme/web::load::get(); @got(1); @fs::read(); @ky(2);}");
}

#[test]
fn names_that_are_given_to_others_are_aliases() {
    let text = "function a() {}\nexport { a as b };\nexport { c } from './c';\nexport * from './d';\nexport default a;";
    assert_eq!(
        shown(text),
        "Alias b = :a\nAlias c = :@acme/web::c::c\nAlias default = :a\nAlias * = :a::*\nAlias * = :@acme/web::d::*\nfn a() ? {}"
    );
}

#[test]
fn what_common_js_modules_give_is_one_object() {
    let text = "function a() {}\nmodule.exports = { a, b: () => 1 };";
    assert_eq!(shown(text), "Global default: ? = (new - a: @a, b: @b)\nfn a() ? {}\nfn b() ? {1}");
}

#[test]
fn a_module_that_is_wrapped_into_a_function_gives_the_same() {
    let module = "'use strict'; function a() {}\nmodule.exports = { a, b: () => 1 };";
    for (before, after) in [("(function () {", "}());"), ("(() => {", "})();"), ("(function () {", "}).call(this);")] {
        assert_eq!(shown(&format!("{before}{module}{after}")), shown(module));
    }
    assert!(!shown("(function () { function a() {} })();").contains("fn a"), "what gives nothing is no module");
}

#[test]
fn the_entry_of_a_package_passes_its_names_on() {
    let (module, _) = lower_at("shared/src/index.ts", "export * from './errors';\nexport const a = 1;");
    assert_eq!(
        render::module(&module).trim_end(),
        "Global @acme/shared::src::a: ? = 1\nAlias @acme/shared::a = :@acme/shared::src::a\n\
         Alias @acme/shared::src::* = :@acme/shared::src::errors::*\nAlias @acme/shared::* = :@acme/shared::src::errors::*\n\
         Alias @acme/shared::* = :@acme/shared::src::*"
    );
}

#[test]
fn statements_of_the_module_are_one_function() {
    assert_eq!(shown("const a = 1;\nif (a) { run(a) }"), "Global a: ? = 1\nfn <module>() ? {(if @a {@run(@a);});}");
}

#[test]
fn parts_of_a_value_are_globals() {
    let text = shown("const { a, b: [c] } = load();");
    assert!(
        text.starts_with("Global <value 22>: ? = @load()\nGlobal a: ? = {let -{a: a, b: [c]} = @<value 22>; a}"),
        "{text}"
    );
}
