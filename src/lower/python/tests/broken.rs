//! Code that is not finished, or was not written by people.

use super::lowered;
use crate::lower::testing;

#[test]
fn half_written_code_keeps_the_rest_of_the_file() {
    let text = "import requests\n\ndef a():\n    return requests.get('/a'\n\ndef b():\n    x = \n    return requests.get('/b')\n\nclass C:\n    def m(self) -> int:\n        return self.\n\ndef d():\n    return 1\n";
    let (module, problems) = lowered("m.py", text);
    let names: Vec<&str> = module.funcs.iter().map(|func| func.symbol.name()).collect();
    assert_eq!(names, ["a", "b", "m", "d"]);
    assert_eq!(problems.len(), 1);
    assert!(problems[0].starts_with("syntax error in Python code: "), "{}", problems[0]);
    let b = testing::func(&module.funcs[1]);
    assert!(b.contains("@requests::get(\"/b\")"), "{b}");
    assert!(!module.fixmes.is_empty());
}

#[test]
fn deep_code_is_counted_where_it_is_cut_off() {
    let text = format!("x = y{}\n", ".z()".repeat(400));
    let (module, problems) = lowered("m.py", &text);
    assert_eq!(problems, [""; 0]);
    assert_eq!(module.fixmes.len(), 1);
    assert_eq!(&*module.fixmes[0].what, "nesting");
}

#[test]
fn long_chains_of_choices_are_no_nesting() {
    let text = format!("if a:\n    x()\n{}", "elif b:\n    y()\n".repeat(100));
    let (module, _) = lowered("m.py", &text);
    assert_eq!(module.fixmes, []);
}
