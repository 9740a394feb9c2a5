//! Clients that are generated from OpenAPI: who calls one of their functions calls its operation.

use contract_lint::evaluate::{Scope, evaluate};
use contract_lint::lower::{Tests, lower};
use contract_lint::model::source::{FileKind, Language, Package, Provenance, Revision, SourceFile, Sources, Workspace};
use contract_lint::model::usage::Target;

const GENERATED: &str = r#"
import axios from "axios";
const send = (config) => axios({ baseURL: "http://library.internal", ...config });
export const getBook = (id: string) => send({ url: `/books/${id}`, method: "GET" });
export const addLoan = (loan: NewLoan) => axios.post("http://library.internal/loans", loan);
"#;

const CODE: &str = r#"
import { addLoan, getBook } from "./library";
export async function first(id: string) {
  return (await getBook(id)).data.title;
}
export async function second(id: string) {
  await addLoan({ reader: id });
  return (await getBook(id)).data.author;
}
"#;

/// Calls as `METHOD url` with their lines in the code that is written by hand, and fields, sorted.
fn found() -> (Vec<String>, Vec<String>) {
    let mut workspace = Workspace::default();
    workspace.packages.push(Package { language: Language::TypeScript, path: String::new(), name: "web".to_owned() });
    let mut sources = Sources::default();
    let kind = FileKind::Code(Language::TypeScript);
    let mut generated = SourceFile::new("library.ts", Revision::Head, kind, GENERATED);
    generated.provenance = Provenance { generated: true, ..Provenance::default() };
    sources.push(generated);
    let code = sources.push(SourceFile::new("main.ts", Revision::Head, kind, CODE));
    let (modules, problems) = lower(&sources, &workspace, Tests::Kept);
    assert!(problems.is_empty(), "{problems:?}");
    let (facts, _) = evaluate(&modules, &workspace, &Scope::All, &[]);
    let mut calls = Vec::new();
    for call in facts.calls.iter().filter(|call| call.location.span.file == code) {
        let Target::Http { method, url } = &call.target else { continue };
        let start = usize::try_from(call.location.span.start).unwrap_or_default();
        let line = CODE.get(..start).map_or(0, |before| before.lines().count());
        calls.push(format!("{line} {} {url}", method.as_deref().unwrap_or("?")));
    }
    calls.sort();
    let mut fields: Vec<String> =
        facts.accesses.iter().filter_map(|access| Some(access.field.as_ref()?.source.to_string())).collect();
    fields.sort();
    fields.dedup();
    (calls, fields)
}

#[test]
fn calls_stand_where_code_by_hand_calls_a_generated_client_each_of_them() {
    let (calls, _) = found();
    assert_eq!(
        calls,
        [
            "4 GET http://library.internal/books/{}",
            "7 POST http://library.internal/loans",
            "8 GET http://library.internal/books/{}"
        ]
    );
}

#[test]
fn fields_of_its_requests_and_responses_are_those_that_its_users_name() {
    assert_eq!(found().1, ["author", "reader", "title"]);
}
