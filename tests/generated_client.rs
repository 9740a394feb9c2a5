//! Clients that are generated from OpenAPI: who calls one of their functions calls its operation, and the
//! fields are those that its users name. The code below `tests/code/generated` is written in the style of each
//! generator.

use std::path::Path;

use contract_lint::evaluate::{Own, Scope, evaluate};
use contract_lint::lower::{Tests, lower};
use contract_lint::model::source::{
    FileId, FileKind, Language, Package, Provenance, Revision, SourceFile, Sources, Workspace,
};
use contract_lint::model::usage::{Facts, Target};

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

/// What was found of code by hand, each with its line in it, sorted.
#[derive(Debug, Default, PartialEq, Eq)]
struct Found {
    /// `line METHOD url`.
    calls: Vec<String>,
    /// `line name`.
    fields: Vec<String>,
}

/// Follows a generated client and code by hand, each with its path.
fn follow(language: Language, package: &str, client: (&str, &str), user: (&str, &str)) -> Found {
    let mut workspace = Workspace::default();
    workspace.packages.push(Package { language, path: String::new(), name: package.to_owned() });
    let mut sources = Sources::default();
    let kind = FileKind::Code(language);
    let mut generated = SourceFile::new(client.0, Revision::Head, kind, client.1);
    generated.provenance = Provenance { generated: true, ..Provenance::default() };
    sources.push(generated);
    let code = sources.push(SourceFile::new(user.0, Revision::Head, kind, user.1));
    let (modules, problems) = lower(&sources, &workspace, Tests::Kept);
    assert!(problems.is_empty(), "{problems:?}");
    let (facts, _) = evaluate(&modules, &workspace, &scope(), Own::default());
    found(&facts, code, user.1)
}

/// What the contract of the clients speaks of.
fn scope() -> Scope {
    let fields = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    let messages = [("book", fields(&["isbn", "title", "firstprinted"])), ("loan", fields(&["isbn", "reader"]))];
    Scope::known(messages.map(|(name, fields)| (name.to_owned(), fields)).into(), true)
}

fn found(facts: &Facts, code: FileId, text: &str) -> Found {
    let line = |start: u32| {
        let start = usize::try_from(start).unwrap_or_default();
        text.get(..start).map_or(0, |before| before.split('\n').count())
    };
    let mut found = Found::default();
    for call in &facts.calls {
        let Target::Http { method, url } = &call.target else { continue };
        assert_eq!(call.location.span.file, code, "a call that nobody makes by hand: {url}");
        found.calls.push(format!("{} {} {url}", line(call.location.span.start), method.as_deref().unwrap_or("?")));
    }
    for access in facts.accesses.iter().filter(|access| access.location.span.file == code) {
        let Some(field) = &access.field else { continue };
        let name = field.wire.first().map_or(&field.source, |wire| &wire.name);
        found.fields.push(format!("{} {name}", line(access.location.span.start)));
    }
    for all in [&mut found.calls, &mut found.fields] {
        all.sort();
        all.dedup();
    }
    found
}

/// The same of files below `tests/code/generated`.
fn follow_files(language: Language, client: (&str, &str), user: (&str, &str)) -> Found {
    let read = |name: &str| {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/code/generated").join(name);
        std::fs::read_to_string(path).unwrap_or_default()
    };
    let (client_text, user_text) = (read(client.0), read(user.0));
    follow(language, "example.com/app", (client.1, &client_text), (user.1, &user_text))
}

#[track_caller]
fn assert_found(found: &Found, calls: &[&str], fields: &[&str]) {
    assert_eq!((&*found.calls, &*found.fields), (&*strings(calls), &*strings(fields)));
}

fn strings(all: &[&str]) -> Vec<String> {
    all.iter().map(|one| (*one).to_owned()).collect()
}

#[test]
fn calls_stand_where_code_by_hand_calls_a_generated_client_each_of_them() {
    let found = follow(Language::TypeScript, "web", ("library.ts", GENERATED), ("main.ts", CODE));
    assert_found(
        &found,
        &[
            "4 GET http://library.internal/books/{}",
            "7 POST http://library.internal/loans",
            "8 GET http://library.internal/books/{}",
        ],
        &["4 title", "7 reader", "8 author"],
    );
}

#[test]
fn a_client_that_puts_its_requests_together_in_closures_is_followed() {
    let (client, user) = (("axios_api.ts", "axios_api.ts"), ("axios_use.ts", "axios_use.ts"));
    let found = follow_files(Language::TypeScript, client, user);
    assert_found(
        &found,
        &["4 GET http://library/books/{}", "8 POST http://library/loans"],
        &["5 title", "8 isbn", "8 reader"],
    );
}

#[test]
fn a_client_that_renames_fields_and_runs_middleware_is_followed() {
    let (client, user) = (("fetch_api.ts", "fetch_api.ts"), ("fetch_use.ts", "fetch_use.ts"));
    let found = follow_files(Language::TypeScript, client, user);
    assert_found(
        &found,
        &["4 GET http://library/books/{}", "8 POST http://library/books"],
        &["5 firstPrinted", "8 isbn"],
    );
}

#[test]
fn a_client_whose_operations_are_functions_in_a_field_is_followed() {
    let (client, user) = (("swagger_api.ts", "swagger_api.ts"), ("swagger_use.ts", "swagger_use.ts"));
    let found = follow_files(Language::TypeScript, client, user);
    assert_found(&found, &["4 GET http://library/books/{}", "8 POST http://library/books"], &["5 title", "8 isbn"]);
}

#[test]
fn a_client_that_passes_its_requests_on_as_tuples_is_followed() {
    let (client, user) = (("library_client.py", "library_client.py"), ("library_use.py", "library_use.py"));
    let found = follow_files(Language::Python, client, user);
    assert_found(
        &found,
        &["11 POST http://library/books", "7 GET http://library/books/{}"],
        &["11 isbn", "7 firstPrinted"],
    );
}

#[test]
fn a_client_that_embeds_an_interface_is_followed() {
    let (client, user) = (("library.gen.go", "library/library.gen.go"), ("library_use.go", "main.go"));
    let found = follow_files(Language::Go, client, user);
    assert_found(
        &found,
        &["14 GET http://library/books/{}", "22 POST http://library/books"],
        &["18 first_printed", "22 isbn"],
    );
}

#[test]
fn what_setters_of_a_generated_class_set_is_written_where_they_are_called() {
    let (client, user) = (
        ("Library.java", "src/main/java/example/client/Library.java"),
        ("Use.java", "src/main/java/example/app/Use.java"),
    );
    let found = follow_files(Language::Java, client, user);
    assert_found(
        &found,
        &["10 GET http://library/books/{}", "16 POST http://library/books"],
        &["10 first_printed", "14 isbn"],
    );
}

#[test]
fn what_an_operation_takes_and_gives_is_declared_where_its_runtime_cannot_be_followed() {
    let (client, user) = (("Library.cs", "Client/Library.cs"), ("Use.cs", "App/Use.cs"));
    let found = follow_files(Language::CSharp, client, user);
    assert_found(&found, &["11 POST http://library/books"], &["11 isbn", "12 first_printed"]);
}

#[test]
fn a_field_that_an_accessor_of_a_generated_message_gives_is_read_where_that_is_called() {
    let (client, user) = (("library_api.go", "library/library_api.go"), ("library_api_use.go", "main.go"));
    let found = follow_files(Language::Go, client, user);
    assert_found(&found, &["12 POST http://library/books"], &["11 isbn", "16 first_printed"]);
}

#[test]
fn a_client_goes_on_behind_a_value_that_could_be_missing() {
    let (client, user) =
        (("Library.kt", "src/main/kotlin/example/client/Library.kt"), ("Use.kt", "src/main/kotlin/example/app/Use.kt"));
    let found = follow_files(Language::Kotlin, client, user);
    assert_found(&found, &["8 GET http://library/books/{}"], &["8 first_printed"]);
}

#[test]
fn a_client_that_sends_by_a_method_of_a_librarys_trait_is_followed() {
    let (client, user) = (("library_sdk.rs", "src/sdk.rs"), ("library_sdk_use.rs", "src/main.rs"));
    let found = follow_files(Language::Rust, client, user);
    assert_found(
        &found,
        &["14 POST {}/loans", "8 GET {}/books/{}", "9 POST {}/loans"],
        &["10 title", "16 isbn", "16 reader", "19 reader", "9 isbn", "9 reader"],
    );
}

#[test]
fn every_operation_of_a_large_client_is_told_apart() {
    let names: Vec<String> = (0..40).map(|at| format!("thing{at}")).collect();
    let each = |line: &dyn Fn(&str) -> String| names.iter().map(|name| line(name)).collect::<String>();
    let client = "/* generated by orval */\nimport axios from \"axios\";\n\
         const asked = (args: any, base: string) => () => axios.request({ ...args, url: base + args.url });\n\
         const params = (url: string, options: any = {}) => ({ url, method: \"GET\", ...options });\n"
        .to_owned()
        + &each(&|name| format!("export const {name} = () => asked(params(\"/{name}\"), \"http://library\")();\n"));
    let user = format!(
        "import * as client from \"./client\";\n{}",
        each(&|name| { format!("export const use_{name} = () => client.{name}();\n") })
    );
    let found = follow(Language::TypeScript, "web", ("client.ts", &client), ("main.ts", &user));
    let mut expected: Vec<String> =
        names.iter().enumerate().map(|(at, name)| format!("{} GET http://library/{name}", at + 2)).collect();
    expected.sort();
    assert_eq!(found.calls, expected);
}
