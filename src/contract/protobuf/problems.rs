//! What is said about files that are read only in part.

use std::collections::{BTreeMap, BTreeSet};

use super::build::Built;
use super::cycles::Cycle;
use super::files::Parsed;
use super::imports::{Imports, Target};
use super::names::Names;
use super::symbols::Declared;
use crate::contract::marks::NoDay;
use crate::model::contract::{Contract, Field, OptionSetting};
use crate::model::problem::{Problem, ProblemKind};
use crate::model::source::Site;

/// Types that a file names and that are not there: where, and the name.
pub(super) type Lost = BTreeMap<usize, Vec<(Site, String)>>;

/// A sunset that is no day.
pub(super) fn of_no_day(no_day: &NoDay) -> Problem {
    Problem::at(ProblemKind::ContractUnreadable, no_day.mark.site.clone(), no_day.to_string())
}

/// One problem per import that is not there, at the first file that has it: unreadable if types are
/// lost by it, else a note. Then one per type that no missing import can have declared.
pub(super) fn of_lost(files: &[Parsed<'_>], imports: &Imports, lost: &Lost, read: &BTreeSet<usize>) -> Vec<Problem> {
    let mut missing: BTreeMap<&str, Missing<'_>> = BTreeMap::new();
    let mut stray: BTreeMap<&str, &Site> = BTreeMap::new();
    for file in read {
        let of_file: Vec<(&str, Site)> = missing_of(&files[*file], &imports.targets[*file]).collect();
        for (path, site) in &of_file {
            let known =
                missing.entry(path).or_insert_with(|| Missing { site: site.clone(), files: 0, types: BTreeMap::new() });
            known.files += 1;
        }
        for (site, name) in lost.get(file).into_iter().flatten() {
            let import = of_file.iter().map(|(path, _)| *path).max_by_key(|path| likeness(path, name));
            let types = match import.and_then(|path| missing.get_mut(path)) {
                Some(known) => &mut known.types,
                None => &mut stray,
            };
            types.entry(name).and_modify(|first| *first = (*first).min(site)).or_insert(site);
        }
    }
    let of_types = stray.into_iter().map(|(name, site)| {
        let message = format!(
            "the type `{name}` is in none of the files that are imported, so nothing is known of what it holds"
        );
        Problem::at(ProblemKind::ContractUnreadable, site.clone(), message)
    });
    missing.iter().map(|(path, missing)| missing.problem(path)).chain(of_types).collect()
}

/// An import that is not there.
struct Missing<'a> {
    site: Site,
    files: usize,
    types: BTreeMap<&'a str, &'a Site>,
}

impl Missing<'_> {
    fn problem(&self, path: &str) -> Problem {
        let others = match self.files {
            1 => String::new(),
            count => format!(" ({count} files import it)"),
        };
        if self.types.is_empty() {
            return Problem::at(
                ProblemKind::Note,
                self.site.clone(),
                format!("the import `{path}` is not here{others}"),
            );
        }
        let shown: Vec<String> = self.types.keys().take(SHOWN).map(|name| format!("`{name}`")).collect();
        let more = match self.types.len().saturating_sub(SHOWN) {
            0 => String::new(),
            count => format!(" and {count} more"),
        };
        let message = format!(
            "the import `{path}` is not here{others}, so nothing is known of what {}{more} hold",
            shown.join(", ")
        );
        let message =
            if self.types.len() == 1 { message.trim_end_matches(" hold").to_owned() + " holds" } else { message };
        Problem::at(ProblemKind::ContractUnreadable, self.site.clone(), message)
    }
}

/// So many lost types are named.
const SHOWN: usize = 5;

fn missing_of<'f>(file: &'f Parsed<'_>, targets: &'f [Target]) -> impl Iterator<Item = (&'f str, Site)> {
    let statements = file.tree.imports.iter().zip(targets);
    statements
        .filter(|(_, target)| **target == Target::Missing)
        .map(|(statement, _)| (&*statement.path, file.site(statement.range)))
}

/// How many words of a type's name are folders or the file of an import: `google/type/money.proto`
/// and `google.type.Money` share three.
fn likeness(path: &str, name: &str) -> usize {
    let path = path.trim_end_matches(".proto").to_lowercase();
    let words: BTreeSet<&str> = path.split('/').collect();
    name.to_lowercase().split('.').filter(|word| words.contains(word)).count()
}

/// One note per cycle of imports.
pub(super) fn of_cycles(files: &[Parsed<'_>], cycles: &[Cycle]) -> Vec<Problem> {
    let problem = |cycle: &Cycle| {
        let last = cycle.files.iter().rev().nth(1)?;
        let file = &files[*last];
        let statement = file.tree.imports.get(cycle.statement)?;
        let names: Vec<&str> = cycle.files.iter().map(|file| &*files[*file].path).collect();
        let message = format!("these files import each other: {}", names.join(" -> "));
        Some(Problem::at(ProblemKind::Note, file.site(statement.range), message))
    };
    cycles.iter().filter_map(problem).collect()
}

/// One problem per number and per name that a message has twice.
pub(super) fn of_twins(file: &Parsed<'_>, declared: &Declared<'_>) -> Vec<Problem> {
    let mut problems = Vec::new();
    for message in &declared.messages {
        let (mut names, mut numbers) = (BTreeSet::new(), BTreeMap::new());
        for field in &message.node.fields {
            let told = if !names.insert(&*field.name.text) {
                format!("`{}` has a field `{}` already", message.name, field.name.text)
            } else if let Some(number) = field.number
                && let Some(other) = numbers.insert(number, &*field.name.text)
            {
                format!("`{}` has a field with the number {number} already: `{other}`", message.name)
            } else {
                continue;
            };
            problems.push(Problem::at(ProblemKind::ContractUnreadable, file.site(field.name.range), told));
        }
    }
    problems
}

/// One note per file that sees two declarations of one name: which it sees, nobody can say for sure.
pub(super) fn of_ambiguous(files: &[Parsed<'_>], names: &Names<'_>, read: &BTreeSet<usize>) -> Vec<Problem> {
    let problem = |file: &usize| {
        let (name, first, second) = names.ambiguous(*file)?;
        let (first, second) = (&files[first].path, &files[second].path);
        let message = format!("`{name}` is declared in `{first}` and in `{second}`, of which this file sees the first");
        Some(Problem::file(ProblemKind::Note, files[*file].file, message))
    };
    read.iter().filter_map(problem).collect()
}

/// One problem per name that a file declares a second time.
pub(super) fn of_repeated(file: &Parsed<'_>, declared: &Declared<'_>) -> Vec<Problem> {
    let problem = |(full, name): &(std::sync::Arc<str>, &super::text::ast::Name<'_>)| {
        let message = format!("`{full}` is declared before in this file, so this declaration is left out");
        Problem::at(ProblemKind::ContractUnreadable, file.site(name.range), message)
    };
    declared.repeated.iter().map(problem).collect()
}

/// One note per option that a file sets and nobody declares, at its first use.
pub(super) fn of_unknown_options(built: &Built) -> Vec<Problem> {
    let mut unknown: BTreeMap<&str, (&Site, usize)> = BTreeMap::new();
    for option in options_of(built).filter(|option| !option.known) {
        // `(a.b).c` is the option `(a.b)`.
        let name = option.name.split_inclusive(')').next().unwrap_or_default();
        let seen = unknown.entry(name).or_insert((&option.site, 0));
        *seen = (seen.0.min(&option.site), seen.1 + 1);
    }
    let problem = |(name, (site, count)): (&str, (&Site, usize))| {
        let times = if count == 1 { String::new() } else { format!(" ({count} uses)") };
        let message = format!("the option `{name}` is declared nowhere{times}, so its value is read as it is written");
        Problem::at(ProblemKind::Note, site.clone(), message)
    };
    unknown.into_iter().map(problem).collect()
}

/// The options of everything in a file.
fn options_of(built: &Built) -> impl Iterator<Item = &OptionSetting> {
    let messages = built.messages.iter().filter_map(|message| message.proto.as_ref());
    let of_messages =
        messages.flat_map(|it| it.options.iter().chain(it.oneofs.iter().flat_map(|oneof| &oneof.options)));
    let extensions = built.file.extensions.iter().map(|extension| &extension.field);
    let fields = built.messages.iter().flat_map(|message| &message.fields).chain(extensions);
    let of_enums =
        built.enums.iter().flat_map(|it| it.options.iter().chain(it.values.iter().flat_map(|value| &value.options)));
    let methods = built.operations.iter().filter_map(|operation| operation.proto.as_ref());
    let of_services = built.file.services.iter().flat_map(|service| &service.options);
    let of_file = built.file.options.iter().chain(of_messages).chain(fields.flat_map(of_field)).chain(of_enums);
    of_file.chain(of_services).chain(methods.flat_map(|method| &method.options))
}

fn of_field(field: &Field) -> &[OptionSetting] {
    field.proto.as_ref().map(|proto| proto.options.as_slice()).unwrap_or_default()
}

/// One note per copy that was folded.
pub(super) fn of_copies(contract: &Contract) -> Vec<Problem> {
    let message = format!("this file declares the same as a file of `{}` and is read once", contract.id);
    contract.copies.iter().map(|copy| Problem::file(ProblemKind::Note, *copy, message.clone())).collect()
}
