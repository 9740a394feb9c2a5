//! Which name stands for what.

use super::{body, lowered, shown};
use crate::lower::testing;

#[test]
fn imports_are_resolved() {
    let text = "import os, urllib.request\nimport a.b as c\nfrom x.y import z, w as v\nfrom .near import n\nfrom . import sib\nfrom ..up import u\nprint(os.path, urllib.request.urlopen, c.d, z, v.q, n, sib.x, u)\n";
    let (module, _) = lowered("pkg/sub/m.py", text);
    let func = testing::func(module.funcs.last().unwrap());
    assert_eq!(
        func,
        "fn pkg::sub::m::<module>() ? {@builtins::print(@os::path, @urllib::request::urlopen, @a::b::d, @x::y::z, @x::y::w::q, @pkg::sub::near::n, @pkg::sub::sib::x, @pkg::up::u);}"
    );
}

#[test]
fn what_a_package_imports_can_be_imported_from_it() {
    let (module, _) =
        lowered("pkg/__init__.py", "import os\nfrom .client import Client as Shop\nfrom .models import *\n");
    assert_eq!(testing::module(&module), "Alias pkg::Shop = :pkg::client::Client\nAlias pkg::* = :pkg::models::*\n");
}

#[test]
fn the_first_of_two_imports_of_a_name_counts() {
    let text = "try:\n    import ujson as json\nexcept ImportError:\n    import json\njson.loads(x)\n";
    assert!(shown(text).contains("@ujson::loads(@m::x)"));
}

#[test]
fn variables_of_functions_hide_names_of_the_module() {
    let text = "import a\nx = 1\ndef f(a):\n    x = 2\n    return a.b + x\ndef g():\n    global x\n    x = a.b\n";
    assert_eq!(
        shown(text),
        "Global m::x: ? = 1\nfn m::f(a: ?) ? {let x = 2; (return (+ a.b x));}\nfn m::g() ? {@m::x = @a::b;}\n"
    );
}

#[test]
fn variables_that_blocks_set_are_seen_behind_them() {
    assert_eq!(
        body("if p:\n    r = 1\nelse:\n    r = 2\nreturn r"),
        "{let r; (if p {r = 1;} else {r = 2;}); (return r);}"
    );
    assert_eq!(body("r = 1\nif p:\n    r = 2\nreturn r"), "{let r = 1; (if p {r = 2;}); (return r);}");
}

#[test]
fn members_of_classes_and_constants_end_a_path() {
    let text = "from a import Status, settings, Client\nx = Status.ACTIVE.value\ny = settings.BASE_URL.strip()\nz = Client.create().go()\n";
    assert_eq!(
        shown(text),
        "Global m::x: ? = @a::Status::ACTIVE\nGlobal m::y: ? = @a::settings::BASE_URL.strip()\nGlobal m::z: ? = @a::Client::create().go()\nAlias m::Status = :a::Status\nAlias m::settings = :a::settings\nAlias m::Client = :a::Client\n"
    );
}

#[test]
fn variables_of_the_module_have_their_first_value() {
    let text = "import os\nsession = make()\nsession.headers['a'] = 'b'\nif os.name:\n    url = 'x'\nelse:\n    url = 'y'\ndef f():\n    return url\n";
    assert_eq!(
        shown(text),
        "Global m::url: ? = -\nGlobal m::session: ? = @m::make()\nfn m::f() ? {(return @m::url);}\nfn m::<module>() ? {@m::session.headers[\"a\"] = \"b\"; (if @os::name {@m::url = \"x\";} else {@m::url = \"y\";});}\n"
    );
}

#[test]
fn variables_that_only_the_main_block_uses_are_its_own() {
    let text = "if __name__ == '__main__':\n    with open('x') as f:\n        data = f.read()\n    print(data)\n";
    assert_eq!(
        shown(text),
        "fn m::<module>() ? {let f; let data; (if (== @m::__name__ \"__main__\") {{f = @builtins::open(\"x\"); data = f.read();}; @builtins::print(data);});}\n"
    );
}

#[test]
fn a_generated_module_names_its_package() {
    let text = "DESCRIPTOR = _descriptor_pool.Default().AddSerializedFile(b'\\n\\ndemo.proto\\x12\\x04shop\"\\x1a')\n";
    let (module, _) = lowered("gen/demo_pb2.py", text);
    assert!(module.generated);
    assert_eq!(
        testing::module(&module),
        "Include google::protobuf::descriptor_pool::AddSerializedFile in gen::demo_pb2 of [\"shop\"]\n"
    );
}
