//! Protobuf files, read without any configuration.
//!
//! `syntax` parses each file on its own; `imports` finds out what its imports mean and from which
//! folder they count; `graph` folds copies and cuts cycles; `link` looks names up, each connected
//! part in a pool of its own, after `prune` took out what is not there; `build` and `annotate` read
//! messages, operations and marks; `packages` says which files are one contract.
//!
//! A message field of a type that comes with protobuf (`google.protobuf.Timestamp`) is a scalar of
//! that name; `Any`, `Struct`, `Value` and `ListValue` are [`Shape::Any`]. An import that is not
//! there costs the types it declares and nothing else: they are [`Shape::Unresolved`].
//!
//! [`Shape::Any`]: crate::model::contract::Shape::Any
//! [`Shape::Unresolved`]: crate::model::contract::Shape::Unresolved

mod annotate;
mod build;
mod bundled;
mod graph;
mod imports;
mod link;
mod options;
mod packages;
mod plain;
mod problems;
mod prune;
mod symbols;
mod syntax;
#[cfg(test)]
mod tests;
#[expect(dead_code, reason = "the reader that stands on it follows")]
mod text;
mod text_format;

use std::collections::BTreeMap;

use rayon::prelude::*;

use self::build::{Builder, Declared, Numbers, message_names};
use self::graph::Graph;
use self::imports::Imports;
use self::link::Linked;
use self::packages::Package;
use self::prune::tag;
use self::symbols::Symbols;
use self::syntax::Parsed;
use super::marks::MarkTable;
use crate::model::contract::{Catalog, Contract, ContractId, ContractKind, MessageId, OperationId};
use crate::model::problem::Problem;
use crate::model::source::{FileId, FileKind, Revision, Site, Sources, Span, Workspace};

/// Reads every protobuf package of one revision.
#[must_use]
pub fn load(
    sources: &Sources,
    revision: Revision,
    workspace: &Workspace,
    marks: &MarkTable,
) -> (Catalog, Vec<Problem>) {
    let (files, mut problems) = parse(sources, revision);
    let imports = Imports::resolve(&files, workspace);
    let graph = Graph::build(&files, &imports, sources, workspace);
    problems.extend(problems::of_imports(&files, &imports, sources));
    problems.extend(problems::of_cycles(&files, &graph, sources));
    let (pools, unlinked) = link::link(&files, &graph, sources);
    problems.extend(unlinked);
    let loaded = Loaded { files: &files, imports: &imports, graph: &graph, pools: &pools };
    let (catalog, found) = loaded.catalog(sources, workspace, marks);
    problems.extend(found);
    problems.sort();
    problems.dedup();
    (catalog, problems)
}

/// Parses every file of one revision, in the order of their paths.
fn parse(sources: &Sources, revision: Revision) -> (Vec<Parsed>, Vec<Problem>) {
    let of_revision = sources.iter().filter(|(_, file)| file.revision == revision && file.kind == FileKind::Proto);
    let mut chosen: Vec<FileId> =
        of_revision.filter(|(_, file)| !bundled::is_copy(&file.path)).map(|(id, _)| id).collect();
    chosen.sort_by(|a, b| sources.get(*a).path.cmp(&sources.get(*b).path));
    let parsed: Vec<_> = chosen.par_iter().map(|id| Parsed::read(*id, sources.get(*id))).collect();
    let (mut files, mut problems) = (Vec::new(), Vec::new());
    for result in parsed {
        match result {
            Ok(file) => files.push(file),
            Err(problem) => problems.push(problem),
        }
    }
    (files, problems)
}

/// Everything that is known before the catalog is put together.
struct Loaded<'a> {
    files: &'a [Parsed],
    imports: &'a Imports,
    graph: &'a Graph,
    pools: &'a [Linked],
}

impl Loaded<'_> {
    fn catalog(&self, sources: &Sources, workspace: &Workspace, marks: &MarkTable) -> (Catalog, Vec<Problem>) {
        let pool_of: BTreeMap<usize, &Linked> =
            self.pools.iter().flat_map(|pool| pool.files.iter().map(move |file| (*file, pool))).collect();
        let chosen: Vec<usize> = pool_of.keys().copied().collect();
        let symbols: BTreeMap<usize, Symbols> =
            chosen.iter().map(|file| (*file, symbols::declared(&self.files[*file].descriptor))).collect();
        let packages = packages::group(&chosen, self.files, &symbols, &self.imports.roots, sources, workspace);
        let order: Vec<(ContractId, usize)> = (0..)
            .zip(&packages)
            .flat_map(|(at, package)| package.files.iter().map(move |file| (ContractId::at(at), *file)))
            .collect();
        let numbers = self.numbers(&order);
        let by_name: BTreeMap<&str, usize> = (0..).zip(self.files).map(|(at, file)| (file.name.as_str(), at)).collect();
        let build = |(contract, file): &(ContractId, usize)| {
            let linked = pool_of.get(file)?;
            let builder = Builder {
                files: self.files,
                by_name: &by_name,
                sources,
                numbers: &numbers,
                marks,
                linked,
                file: *file,
                contract: *contract,
            };
            Some(builder.build())
        };
        let declared: Vec<Declared> = order.par_iter().map(|entry| build(entry).unwrap_or_default()).collect();
        self.assemble(packages, declared, sources)
    }

    /// Numbers the messages as they will stand in the catalog.
    fn numbers(&self, order: &[(ContractId, usize)]) -> Numbers {
        let names = order
            .iter()
            .flat_map(|(_, file)| message_names(&self.files[*file]).into_iter().map(move |name| (*file, name)));
        names.zip((0..).map(MessageId::at)).collect()
    }

    fn assemble(&self, packages: Vec<Package>, declared: Vec<Declared>, sources: &Sources) -> (Catalog, Vec<Problem>) {
        let mut catalog = Catalog::default();
        let mut problems = Vec::new();
        let mut declared = declared.into_iter();
        let copies = self.copies();
        for package in packages {
            let first = catalog.operations.len();
            for mut of_file in declared.by_ref().take(package.files.len()) {
                catalog.messages.append(&mut of_file.messages);
                catalog.operations.append(&mut of_file.operations);
                problems.extend(problems::of_lost_types(&of_file.lost));
            }
            let operations = OperationId::at(first)..OperationId::at(catalog.operations.len());
            let contract = self.contract(package, operations, &copies, sources);
            problems.extend(problems::of_copies(&contract));
            catalog.contracts.push(contract);
        }
        (catalog, problems)
    }

    /// By file that counts: its copies, by path.
    fn copies(&self) -> BTreeMap<usize, Vec<FileId>> {
        let mut copies: BTreeMap<usize, Vec<FileId>> = BTreeMap::new();
        for (file, canonical) in self.graph.canonical.iter().enumerate().filter(|(file, of)| file != *of) {
            copies.entry(*canonical).or_default().push(self.files[file].file);
        }
        copies
    }

    fn contract(
        &self,
        package: Package,
        operations: std::ops::Range<OperationId>,
        copies: &BTreeMap<usize, Vec<FileId>>,
        sources: &Sources,
    ) -> Contract {
        // The file with the services is the main one.
        let mut members = package.files;
        members.sort_by_key(|file| self.files[*file].descriptor.service.is_empty());
        let main = members.first().map(|file| &self.files[*file]);
        let site = main.map(|main| main.site(&[tag::FILE_PACKAGE], sources.get(main.file)));
        Contract {
            title: main.map(Parsed::package).filter(|name| !name.is_empty()).unwrap_or(&package.id).to_owned(),
            files: members.iter().map(|file| self.files[*file].file).collect(),
            copies: members.iter().filter_map(|file| copies.get(file)).flatten().copied().collect(),
            provider: package.provider,
            options: self.generator_options(&members),
            operations,
            ..Contract::new(ContractKind::Protobuf, package.id, site.unwrap_or(Site::Span(Span::new(FileId(0), 0, 0))))
        }
    }

    /// Plain options of the files (`go_package`), each with every value it has.
    fn generator_options(&self, members: &[usize]) -> Vec<(String, String)> {
        let mut found = Vec::new();
        for file in members {
            for option in self.files[*file].descriptor.options.iter().flat_map(|options| &options.uninterpreted_option)
            {
                let ([name], Some(value)) = (option.name.as_slice(), &option.string_value) else { continue };
                let entry = (name.name_part.clone(), String::from_utf8_lossy(value).into_owned());
                if !name.is_extension && !found.contains(&entry) {
                    found.push(entry);
                }
            }
        }
        found.sort();
        found
    }
}
