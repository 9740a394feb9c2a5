//! Annotations as types.

use super::module;
use crate::lower::testing;

fn ty(annotation: &str) -> String {
    let imports =
        "from typing import *\nimport typing as t\nimport collections.abc\nfrom a import B\nT = TypeVar('T')\n";
    let imports = imports.replace("import *", "import Any, Optional, Union, List, Dict, Tuple, Literal, Annotated, Awaitable, Callable, Iterator, Coroutine, TypeVar");
    let module = module(&format!("{imports}def f(x: {annotation}): return x\n"));
    testing::ty(&module.funcs[0].params[0].ty)
}

#[test]
fn plain_types_are_known() {
    let types = ["str", "int", "float", "bool", "bytes", "object", "dict", "list", "Any", "B", "a.b", "T"];
    assert_eq!(
        types.map(ty),
        ["Str", "Number", "Number", "Bool", "Bytes", "Dynamic", "Dynamic", "List<?>", "Dynamic", ":a::B", "?", "'T"]
    );
}

#[test]
fn generic_types_are_known() {
    for (written, shown) in [
        ("list[B]", "List<:a::B>"),
        ("List['B']", "List<:a::B>"),
        ("t.Sequence[str]", "List<Str>"),
        ("collections.abc.AsyncIterator[B]", "List<:a::B>"),
        ("dict[str, B]", "Map<:a::B>"),
        ("Dict[str, Any]", "Dynamic"),
        ("Optional[B]", "Optional<:a::B>"),
        ("B | None", "Optional<:a::B>"),
        ("Union[B, None]", "Optional<:a::B>"),
        ("B | str", "?"),
        ("'list[B] | None'", "Optional<List<:a::B>>"),
        ("Awaitable[B]", ":a::B"),
        ("Coroutine[Any, Any, B]", ":a::B"),
        ("Annotated[B, 1]", ":a::B"),
        ("Literal['x', 'y']", "Str"),
        ("tuple[int, B]", "(Number, :a::B)"),
        ("Tuple[B, ...]", "List<:a::B>"),
        ("Callable[[B], str]", "fn(:a::B) Str"),
        ("B[str]", ":a::B<Str>"),
        ("type[B]", "?"),
    ] {
        assert_eq!(ty(written), shown, "{written}");
    }
}
