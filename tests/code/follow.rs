//! Follows one file of code as a workspace of its own.

use contract_lint::evaluate::{Own, Scope};
use contract_lint::lower::Tests;
use contract_lint::model::ir::Module;
use contract_lint::model::source::{
    FileKind, Language, Package, Revision, Service, ServiceId, SourceFile, Sources, Workspace,
};
use contract_lint::model::usage::Facts;

/// The facts of one file of a service called `example`; an error if it is not understood in full.
pub(crate) fn follow(language: Language, code: &str) -> Result<Facts, String> {
    let mut workspace = Workspace::default();
    workspace.services.push(Service { name: "example".to_owned(), ..Service::default() });
    workspace.packages.push(Package { language, path: String::new(), name: "example".to_owned() });
    let path = match language {
        Language::Rust => "src/lib.rs",
        Language::Go => "main.go",
        Language::Python => "client.py",
        Language::TypeScript if code.contains("</") => "src/client.tsx",
        Language::TypeScript => "src/client.ts",
        Language::Java => "src/main/java/example/Client.java",
        Language::Kotlin => "src/main/kotlin/example/Client.kt",
        Language::CSharp => "Client.cs",
    };
    let mut sources = Sources::default();
    let mut file = SourceFile::new(path, Revision::Head, FileKind::Code(language), code);
    file.service = Some(ServiceId(0));
    sources.push(file);
    let (modules, problems) = contract_lint::lower::lower(&sources, &workspace, Tests::Kept);
    if let Some(problem) = problems.first() {
        return Err(format!("the code cannot be read: {problem:?}"));
    }
    let fixmes: Vec<_> = modules.iter().flat_map(|module: &Module| &module.fixmes).collect();
    if !fixmes.is_empty() {
        return Err(format!("the code is not understood in full: {fixmes:?}"));
    }
    let (facts, problems) = contract_lint::evaluate::evaluate(&modules, &workspace, &Scope::All, Own::default());
    match problems.first() {
        Some(problem) => Err(format!("{problem:?}")),
        None => Ok(facts),
    }
}
