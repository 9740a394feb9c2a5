//! OpenAPI documents into the model.
//!
//! ```text
//! sniff ─> parse ─> library ──┬─> operation, parameter, response, swagger, security, server
//! bytes    values   `$ref`    │         │ each through piece (openapiv3)
//!                             └─> graph ┴─> keywords ──> view ──> shape, fields, inherited
//!                                 schemas as written     messages, what consumers see
//! ```
//!
//! Each document is read on its own and in parallel; a schema file that two documents refer to is
//! parsed once and belongs to both. A corner that cannot be read costs that corner.

mod anchors;
mod annotations;
mod de;
mod discriminator;
mod fields;
mod fold;
mod graph;
mod inherited;
mod keywords;
mod library;
mod names;
mod node;
mod operation;
mod parameter;
mod parse;
mod piece;
mod reader;
mod response;
mod security;
mod server;
mod shape;
mod sniff;
mod swagger;
#[cfg(test)]
mod tests;
mod version;
mod view;

use std::panic::{AssertUnwindSafe, catch_unwind};

use rayon::prelude::*;
use serde_json::json;

use self::library::{Library, Node};
use self::piece::Keywords;
use self::reader::{Context, Reader};
use self::version::Version;
use self::view::View;
use super::copies::{self, Copies};
use super::marks::MarkTable;
use crate::model::contract::{Catalog, Contract, ContractKind, Operation, OperationId, SchemaId};
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
    /// A contract for each document in it; none if the file could not be read or holds no document
    /// after all.
    catalog: Option<Catalog>,
    problems: Vec<Problem>,
}

/// Reads one of several files with the same text. The others are copies of it, unless they refer to
/// other files and find something else there.
fn documents(context: Context<'_>, group: Copies) -> Vec<Document> {
    let mut first = guarded(context, group.primary);
    let Some(contracts) = first.catalog.as_mut().map(|catalog| &mut catalog.contracts) else {
        return std::iter::once(first).chain(group.copies.into_iter().map(|file| guarded(context, file))).collect();
    };
    let sources = context.library.sources();
    let files: Vec<FileId> = contracts.iter().flat_map(|contract| contract.files.iter().copied()).collect();
    let refers = contracts.iter().any(|contract| contract.files.len() > 1);
    let path = &sources.get(group.primary).path;
    let mut different = Vec::new();
    for copy in group.copies {
        let second = if refers { Some(guarded(context, copy)) } else { None };
        match second {
            Some(second) if !same_texts(sources, &files, &second) => different.push(second),
            _ => {
                contracts.iter_mut().for_each(|contract| contract.copies.push(copy));
                let message = format!("this file has the same text as `{path}` and is read once");
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

/// Reads every document of a file: YAML may hold several.
fn document(context: Context<'_>, file: FileId) -> Document {
    let library = context.library;
    let mut read = Document { file, catalog: None, problems: Vec::new() };
    for (number, root) in library.roots(file).iter().enumerate() {
        let Some(claimed) = version::claimed(root) else { continue };
        let Some(version) = Version::named(&claimed) else {
            let message = format!("`{claimed}` is no version of OpenAPI that can be read");
            read.problems.push(Problem::at(ProblemKind::ContractUnreadable, root.site(), message));
            continue;
        };
        let path = &library.sources().get(file).path;
        let id = if number == 0 { path.clone() } else { format!("{path}#{}", number + 1) };
        let (part, mut problems) = contract(context, root, version, claimed, id);
        read.problems.append(&mut problems);
        read.catalog.get_or_insert_default().absorb(part);
    }
    if read.catalog.is_none() && read.problems.is_empty() {
        read.problems = library.problems(file).to_vec();
    }
    read
}

/// Reads one document.
fn contract(
    context: Context<'_>,
    root: &Node<'_>,
    version: Version,
    claimed: String,
    id: String,
) -> (Catalog, Vec<Problem>) {
    let (library, file) = (context.library, root.file);
    let mut reader = Reader::new(context, file, version);
    let declared = reader.declared_schemas(root);
    let mut operations = reader.everything(root);
    let mut view = View::new(context, &reader.graph);
    view.show(&declared, &mut operations);
    let (messages, unfit) = (view.messages, view.problems);
    let contract = Contract {
        title: reader.title(root),
        version: claimed,
        servers: std::mem::take(&mut reader.servers),
        security_schemes: std::mem::take(&mut reader.schemes),
        operations: OperationId(0)..OperationId::at(operations.len()),
        files: reader.files_behind(file),
        schemas: reader.graph.schemas,
        ..Contract::new(ContractKind::OpenApi, id, root.site())
    };
    let mut problems = reader.problems;
    problems.extend(unfit);
    problems.extend(contract.files.iter().flat_map(|file| library.problems(*file)).cloned());
    let catalog = Catalog { contracts: vec![contract], operations, messages, ..Catalog::default() };
    (catalog, fold::fold(problems))
}

impl<'a> Reader<'a> {
    /// Every schema that the document declares under a name, used or not.
    fn declared_schemas(&mut self, root: &Node<'a>) -> Vec<SchemaId> {
        let schemas = match self.version {
            Version::V2 => self.mapping(root, "definitions"),
            _ => self.mapping(root, "components").and_then(|components| self.mapping(&components, "schemas")),
        };
        let members = schemas.into_iter().flat_map(|schemas| schemas.members());
        let declared = members.map(|(name, schema)| self.declared_schema(&schema, name)).collect();
        self.finish_schemas();
        declared
    }

    /// Servers, security and operations, and the schemas in them.
    fn everything(&mut self, root: &Node<'a>) -> Vec<Operation> {
        let servers = match self.version {
            Version::V2 => self.swagger_servers(root),
            _ => self.servers_of(root),
        };
        self.add_servers(&servers);
        self.read_security(root);
        if self.version == Version::V2 {
            self.consumes = self.media_types(root, "consumes").unwrap_or_default();
            self.produces = self.media_types(root, "produces").unwrap_or_default();
        }
        let operations = self.operations(root);
        self.shared_schemas(root);
        self.finish_schemas();
        operations
    }

    /// The schemas of parameters, headers, bodies and responses that are declared for sharing, as far as
    /// no operation has led to them.
    fn shared_schemas(&mut self, root: &Node<'a>) {
        let owner = match self.version {
            Version::V2 => Some(root.clone()),
            _ => self.mapping(root, "components"),
        };
        let Some(owner) = owner else { return };
        for kind in ["parameters", "headers", "requestBodies", "responses"] {
            let shared = owner.get(kind).filter(Node::is_object);
            for (_, place) in shared.into_iter().flat_map(|shared| shared.members()) {
                if place.reference().is_some() {
                    continue;
                }
                let contents = place.get("content").into_iter().flat_map(|content| content.members());
                let holders = std::iter::once(place.clone()).chain(contents.map(|(_, media_type)| media_type));
                for schema in holders.filter_map(|holder| holder.get("schema")) {
                    self.schema_at(&schema);
                }
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
        info.map(|info| info.title).filter(|title| !title.trim().is_empty()).unwrap_or_else(name)
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
