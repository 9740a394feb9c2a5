//! The files of all packages put together: contracts, and the numbers of what is in them.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use super::build::{Builder, Built, import_kind};
use super::files::{Origin, Parsed};
use super::http::HttpRules;
use super::imports::{Imports, Target};
use super::names::Names;
use super::packages::Package;
use super::problems::{self, Lost};
use crate::contract::marks::MarkTable;
use crate::model::contract::{Catalog, Contract, ContractId, ContractKind, Import, MessageId, Operation, OperationId};
use crate::model::problem::Problem;
use crate::model::source::{FileId, Site, Sources, Span};

/// Everything that is known before the catalog is put together.
pub(super) struct Loaded<'n, 'a> {
    /// All declarations.
    pub(super) names: Names<'a>,
    /// What imports mean.
    pub(super) imports: &'n Imports,
    /// Per file, the copy that is read.
    pub(super) canonical: &'n [usize],
    /// The text of the files.
    pub(super) sources: &'a Sources,
    /// What is sensitive.
    pub(super) marks: &'n MarkTable,
    /// HTTP rules of service configurations.
    pub(super) rules: &'n HttpRules,
}

impl Loaded<'_, '_> {
    /// Reads every file of the packages, side by side.
    pub(super) fn catalog(mut self, packages: Vec<Package>) -> (Catalog, Vec<Problem>) {
        let order: Vec<(ContractId, u32, usize)> = (0..)
            .zip(&packages)
            .flat_map(|(at, package)| {
                (0..).zip(&package.files).map(move |(place, file)| (ContractId::at(at), place, *file))
            })
            .collect();
        let mut next = 0;
        for (_, _, file) in &order {
            self.names.first_message[*file] = Some(next);
            next += self.names.declared[*file].messages.len();
        }
        let built: Vec<Built> =
            order.par_iter().map(|(contract, place, file)| self.build(*contract, *place, *file)).collect();
        self.assemble(packages, built)
    }

    fn build(&self, contract: ContractId, place: u32, file: usize) -> Built {
        let builder = Builder {
            names: &self.names,
            sources: self.sources,
            marks: self.marks,
            has_tags: self.has_tags(file),
            rules: self.rules,
            file,
            place,
            path: self.import_path(file),
            root: self.imports.roots[file].clone(),
            imports: self.imports_of(file),
            contract,
        };
        builder.build()
    }

    /// Whether comments of a file are worth a look.
    fn has_tags(&self, file: usize) -> bool {
        let parsed = &self.names.files[file];
        parsed.origin == Origin::Text && self.marks.may_hold_tags(&self.sources.get(parsed.file).text)
    }

    /// The path by which others import a file.
    fn import_path(&self, file: usize) -> String {
        let parsed = &self.names.files[file];
        let inside =
            parsed.path.strip_prefix(self.imports.roots[file].as_str()).filter(|_| parsed.origin == Origin::Text);
        inside.map_or(&*parsed.path, |path| path.trim_start_matches('/')).to_owned()
    }

    fn imports_of(&self, file: usize) -> Vec<Import> {
        let parsed = &self.names.files[file];
        let import = |(statement, target): (&super::text::ast::ImportStatement<'_>, &Target)| {
            let found = match target {
                Target::File(found) => Some(&self.names.files[*found]),
                Target::Missing => None,
            };
            Import {
                path: statement.path.clone().into_owned(),
                kind: import_kind(statement.modifier),
                file: found.filter(|found| found.origin != Origin::BuiltIn).map(|found| found.file),
                missing: found.is_none(),
                site: parsed.site(statement.path_range),
            }
        };
        parsed.tree.imports.iter().zip(&self.imports.targets[file]).map(import).collect()
    }

    fn assemble(&self, packages: Vec<Package>, built: Vec<Built>) -> (Catalog, Vec<Problem>) {
        let mut catalog = Catalog::default();
        let (mut problems, mut lost, mut read) = (Vec::new(), Lost::new(), BTreeSet::new());
        let mut built = built.into_iter();
        let copies = self.copies();
        for package in packages {
            let first = catalog.operations.len();
            let mut proto_files = Vec::with_capacity(package.files.len());
            for (file, of_file) in package.files.iter().zip(built.by_ref()) {
                read.insert(*file);
                problems.extend(problems::of_repeated(&self.names.files[*file], &self.names.declared[*file]));
                problems.extend(problems::of_twins(&self.names.files[*file], &self.names.declared[*file]));
                if self.is_whole(*file) {
                    problems.extend(problems::of_unknown_options(&of_file));
                }
                lost.insert(*file, of_file.lost);
                problems.extend(of_file.no_days.iter().map(problems::of_no_day));
                catalog.messages.extend(of_file.messages);
                catalog.enums.extend(of_file.enums);
                let before = catalog.operations.len();
                catalog.operations.extend(of_file.operations.into_iter().map(|operation| shifted(operation, before)));
                proto_files.push(of_file.file);
            }
            tell_apart(catalog.operations.get_mut(first..).unwrap_or_default());
            let operations = OperationId::at(first)..OperationId::at(catalog.operations.len());
            let mut contract = self.contract(package, operations, &copies);
            contract.version = proto_files.first().map(|file| file.syntax.name()).unwrap_or_default();
            contract.proto_files = proto_files;
            problems.extend(problems::of_copies(&contract));
            catalog.contracts.push(contract);
        }
        problems.extend(problems::of_lost(self.names.files, self.imports, &lost, &read));
        problems.extend(problems::of_ambiguous(self.names.files, &self.names, &read));
        debug_assert!(catalog.messages.len() <= MessageId(u32::MAX).index(), "more messages than numbers");
        (catalog, problems)
    }

    /// Whether it is text of which all imports are here: else an option may be declared in what is not.
    fn is_whole(&self, file: usize) -> bool {
        self.names.files[file].origin == Origin::Text && !self.imports.targets[file].contains(&Target::Missing)
    }

    /// By file that counts: its copies, by path.
    fn copies(&self) -> BTreeMap<usize, Vec<FileId>> {
        let mut copies: BTreeMap<usize, Vec<FileId>> = BTreeMap::new();
        for (file, canonical) in self.canonical.iter().enumerate().filter(|(file, of)| file != *of) {
            copies.entry(*canonical).or_default().push(self.names.files[file].file);
        }
        copies
    }

    fn contract(
        &self,
        package: Package,
        operations: std::ops::Range<OperationId>,
        copies: &BTreeMap<usize, Vec<FileId>>,
    ) -> Contract {
        let files = self.names.files;
        let main = package.files.first().map(|file| &files[*file]);
        let site = main.map(|main| main.site(main.tree.package.as_ref().map(|name| name.range).unwrap_or_default()));
        let title = main.map(Parsed::package).filter(|name| !name.is_empty()).unwrap_or(&package.id).to_owned();
        let mut folded: Vec<FileId> =
            package.files.iter().filter_map(|file| copies.get(file)).flatten().copied().collect();
        folded.dedup();
        let mut members: Vec<FileId> = Vec::with_capacity(package.files.len());
        for id in package.files.iter().map(|file| files[*file].file) {
            // Many files of a package may stand in one compiled set.
            if members.last() != Some(&id) {
                members.push(id);
            }
        }
        Contract {
            title,
            files: members,
            copies: folded,
            provider: package.provider,
            options: self.generator_options(&package.files),
            operations,
            ..Contract::new(ContractKind::Protobuf, package.id, site.unwrap_or(Site::Span(Span::new(FileId(0), 0, 0))))
        }
    }

    /// Plain options of the files (`go_package`), each with every value it has.
    fn generator_options(&self, members: &[usize]) -> Vec<(String, String)> {
        let mut found = Vec::new();
        for option in members.iter().flat_map(|file| &self.names.files[*file].tree.options) {
            let ([name], super::text::ast::Value::String(value)) = (option.name.as_slice(), &option.value) else {
                continue;
            };
            let entry = (name.name.text.clone().into_owned(), String::from_utf8_lossy(value).into_owned());
            if !name.is_extension && !found.contains(&entry) {
                found.push(entry);
            }
        }
        found.sort();
        found
    }
}

/// An operation of a file whose operations start at `by`.
fn shifted(mut operation: Operation, by: usize) -> Operation {
    if let Some(binding) = &mut operation.binding {
        binding.rpc = OperationId::at(binding.rpc.index() + by);
    }
    operation
}

/// Keys are unique in a contract. Two rpcs may claim one method and path, and two drifted
/// declarations of a service one name: the later ones say which they are.
fn tell_apart(operations: &mut [Operation]) {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    for operation in operations {
        let count = seen.entry(operation.key.clone()).or_default();
        *count += 1;
        if *count > 1 {
            operation.key = format!("{}#{count}", operation.key);
        }
    }
}
