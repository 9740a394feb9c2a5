//! OpenAPI documents into the model.
//!
//! ```text
//! sniff ─> parse ─> library ──┬─> operation ─┬─> piece (openapiv3)
//! bytes    values   `$ref`    └─> schema ────┴─> keywords, names, annotations
//!                                 fields
//! ```
//!
//! Each document is read on its own and in parallel; a schema file that two documents refer to is
//! parsed once and belongs to both. A corner that cannot be read costs that corner.

mod anchors;
mod annotations;
mod de;
mod fields;
mod keywords;
mod library;
mod names;
mod node;
mod operation;
mod parse;
mod piece;
mod reader;
mod schema;
mod security;
mod sniff;
#[cfg(test)]
mod tests;

use std::panic::{AssertUnwindSafe, catch_unwind};

use rayon::prelude::*;
use serde_json::json;

use self::library::{Library, Node};
use self::piece::Keywords;
use self::reader::{Context, Reader};
use self::schema::Naming;
use super::copies::{self, Copies};
use super::marks::MarkTable;
use crate::model::contract::{Catalog, Contract, ContractKind, OperationId};
use crate::model::problem::{Problem, ProblemKind};
use crate::model::settings::Settings;
use crate::model::source::{FileId, Revision, Sources, Workspace};

/// Reads every OpenAPI document of a revision.
#[must_use]
pub fn load(
    sources: &Sources,
    revision: Revision,
    workspace: &Workspace,
    settings: &Settings,
    marks: &MarkTable,
) -> (Catalog, Vec<Problem>) {
    let library = Library::new(sources, revision);
    let context = Context { library: &library, marks, identity: &settings.identity.headers };
    let files = sources.iter().filter(|(_, file)| file.revision == revision && sniff::is_candidate(file));
    let groups = copies::group(files.map(|(id, _)| id), sources, workspace);

    let mut read: Vec<Document> = groups.into_par_iter().flat_map_iter(|group| documents(context, group)).collect();
    read.sort_by_key(|document| sources.get(document.file).path.as_str());

    let (mut catalog, mut problems) = (Catalog::default(), Vec::new());
    for mut document in read {
        problems.append(&mut document.problems);
        if let Some(part) = document.catalog {
            catalog.absorb(part);
        }
    }
    for contract in &mut catalog.contracts {
        contract.provider = contract.files.first().and_then(|file| copies::provider(*file, sources, workspace));
    }
    problems.sort();
    problems.dedup();
    (catalog, problems)
}

/// What became of one file that claims to be an OpenAPI document.
#[derive(Debug)]
struct Document {
    file: FileId,
    /// One contract; none if the file could not be read or is no document after all.
    catalog: Option<Catalog>,
    problems: Vec<Problem>,
}

/// Reads one of several files with the same text. The others are copies of it, unless they refer to
/// other files and find something else there.
fn documents(context: Context<'_>, group: Copies) -> Vec<Document> {
    let mut first = guarded(context, group.primary);
    let Some(contract) = first.catalog.as_mut().and_then(|catalog| catalog.contracts.first_mut()) else {
        return std::iter::once(first).chain(group.copies.into_iter().map(|file| guarded(context, file))).collect();
    };
    let sources = context.library.sources();
    let mut different = Vec::new();
    for copy in group.copies {
        let second = if contract.files.len() > 1 { Some(guarded(context, copy)) } else { None };
        match second {
            Some(second) if !same_texts(sources, &contract.files, &second) => different.push(second),
            _ => {
                contract.copies.push(copy);
                let message = format!("this file has the same text as `{}` and is read once", contract.id);
                first.problems.push(Problem::file(ProblemKind::Note, copy, message));
            }
        }
    }
    std::iter::once(first).chain(different).collect()
}

/// Whether a document was read from the same texts as these files have, in the same order.
fn same_texts(sources: &Sources, files: &[FileId], other: &Document) -> bool {
    let others = other.catalog.iter().flat_map(|catalog| &catalog.contracts).flat_map(|contract| &contract.files);
    let text = |file: &FileId| &sources.get(*file).text;
    files.iter().map(text).eq(others.map(text))
}

/// Reads one file; a panic on it is a problem of that file.
fn guarded(context: Context<'_>, file: FileId) -> Document {
    catch_unwind(AssertUnwindSafe(|| document(context, file))).unwrap_or_else(|_| {
        let message = "reading this document failed inside contract-lint; please report it";
        let internal = Problem::file(ProblemKind::Internal, file, message);
        let lost = Problem::file(ProblemKind::ContractUnreadable, file, "this document could not be read");
        Document { file, catalog: None, problems: vec![internal, lost] }
    })
}

fn document(context: Context<'_>, file: FileId) -> Document {
    let library = context.library;
    let root = library.root(file);
    let is_broken = !library.problems(file).is_empty();
    let version = match version(&root) {
        Some(version) if version.starts_with("3.") => version,
        Some(version) => {
            let problem = Problem::at(ProblemKind::ContractUnreadable, root.site(), unsupported(&version));
            return Document { file, catalog: None, problems: vec![problem] };
        }
        None => {
            let problems = if is_broken { library.problems(file).to_vec() } else { Vec::new() };
            return Document { file, catalog: None, problems };
        }
    };
    let mut reader = Reader::new(context, !version.starts_with("3.0"));
    reader.add_servers(&root);
    reader.identity_schemes = reader.identity_schemes(&root);
    reader.default_security = root
        .get("security")
        .into_iter()
        .flat_map(|list| list.items().collect::<Vec<_>>())
        .map(|item| item.to_value())
        .collect();
    reader.note_unread(&root, "webhooks");
    reader.schemas(&root);
    let operations = reader.paths(&root);
    reader.finish_messages();
    reader.make_names_unique();
    let contract = Contract {
        title: reader.title(&root),
        servers: std::mem::take(&mut reader.servers),
        operations: OperationId(0)..OperationId::at(operations.len()),
        files: reader.files_behind(file),
        ..Contract::new(ContractKind::OpenApi, library.sources().get(file).path.clone(), root.site())
    };
    let mut problems = reader.problems;
    problems.extend(contract.files.iter().flat_map(|file| library.problems(*file)).cloned());
    let catalog = Catalog { contracts: vec![contract], operations, messages: reader.messages, enums: Vec::new() };
    Document { file, catalog: Some(catalog), problems }
}

/// The version that a document claims.
fn version(root: &Node<'_>) -> Option<String> {
    let version = root.get("openapi").or_else(|| root.get("swagger"))?;
    let text = version.written().filter(|text| text.starts_with(|c: char| c.is_ascii_digit()))?;
    Some(if text.contains('.') { text.to_owned() } else { format!("{text}.0") })
}

fn unsupported(version: &str) -> String {
    let short: String = version.chars().take("2.0".len()).collect();
    format!("OpenAPI {short} is not read yet")
}

impl<'a> Reader<'a> {
    /// Every component schema, used or not.
    fn schemas(&mut self, root: &Node<'a>) {
        let Some(components) = self.part(root, "components") else { return };
        let Some(schemas) = self.part(&components, "schemas") else { return };
        self.name_components(root, &schemas);
        for (name, schema) in schemas.members() {
            let shape = self.shape_of(&schema, Naming { name, named: true });
            if schema.reference().is_none() {
                self.shapes.insert(schema.id(), shape);
            }
        }
        self.finish_messages();
    }

    /// Gives schemas that are written in other files the names that the document's components have
    /// for them: those are the names that generated clients know.
    fn name_components(&mut self, root: &Node<'a>, schemas: &Node<'a>) {
        for (name, schema) in schemas.members().filter(|(_, schema)| schema.reference().is_some()) {
            let target = self.follow_schema(&schema).filter(|target| target.file != root.file);
            if let Some(target) = target {
                self.components.entry(target.id()).or_insert_with(|| name.to_owned());
            }
        }
    }

    /// `info.title`; the file's name if there is none.
    fn title(&mut self, root: &Node<'a>) -> String {
        let path = &self.context.library.sources().get(root.file).path;
        let name = || path.rsplit('/').next().unwrap_or(path).to_owned();
        let info = self.part(root, "info").filter(|info| info.has("title"));
        let Some(info) = info else { return name() };
        let version = json!("");
        let keywords = Keywords { required: &["title"], optional: &[] };
        let info = piece::read::<openapiv3::Info>(&info, keywords, &[("version", &version)], &mut self.problems);
        info.map_or_else(name, |info| info.title)
    }

    /// The document, then the files that its references led to, by path.
    fn files_behind(&self, document: FileId) -> Vec<FileId> {
        let sources = self.context.library.sources();
        let mut others: Vec<FileId> = self.files.iter().copied().filter(|file| *file != document).collect();
        others.sort_by_key(|file| sources.get(*file).path.as_str());
        others.insert(0, document);
        others
    }
}
