//! Names that Python declares itself.

/// Functions and types of the module `builtins`, sorted.
const NAMES: [&str; 70] = [
    "Exception",
    "__import__",
    "abs",
    "aiter",
    "all",
    "anext",
    "any",
    "ascii",
    "bin",
    "bool",
    "breakpoint",
    "bytearray",
    "bytes",
    "callable",
    "chr",
    "classmethod",
    "compile",
    "complex",
    "delattr",
    "dict",
    "dir",
    "divmod",
    "enumerate",
    "eval",
    "exec",
    "exit",
    "filter",
    "float",
    "format",
    "frozenset",
    "getattr",
    "globals",
    "hasattr",
    "hash",
    "help",
    "hex",
    "id",
    "input",
    "int",
    "isinstance",
    "issubclass",
    "iter",
    "len",
    "list",
    "locals",
    "map",
    "max",
    "memoryview",
    "min",
    "next",
    "object",
    "oct",
    "open",
    "ord",
    "pow",
    "print",
    "property",
    "quit",
    "range",
    "repr",
    "reversed",
    "round",
    "set",
    "setattr",
    "slice",
    "sorted",
    "staticmethod",
    "str",
    "sum",
    "super",
];

/// Further ones, sorted.
const MORE: [&str; 4] = ["tuple", "type", "vars", "zip"];

/// Whether a name that nothing else declares is the language's own.
pub(super) fn is_builtin(name: &str) -> bool {
    let is_exception = || name.ends_with("Error") || name.ends_with("Warning") || name.ends_with("ExceptionGroup");
    NAMES.binary_search(&name).is_ok()
        || MORE.contains(&name)
        || (name.starts_with(char::is_uppercase) && is_exception())
        || matches!(name, "BaseException" | "KeyboardInterrupt" | "SystemExit" | "StopIteration" | "StopAsyncIteration")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_sorted() {
        assert!(NAMES.is_sorted());
    }

    #[test]
    fn names_of_the_language_are_known() {
        for name in ["len", "super", "zip", "abs", "Exception", "ValueError", "str"] {
            assert!(is_builtin(name), "{name}");
        }
        assert!(!is_builtin("requests"));
        assert!(!is_builtin("logError"));
    }
}
