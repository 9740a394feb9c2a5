//! Which files make up one contract: those of one package, unless they contradict each other.

use std::collections::{BTreeMap, BTreeSet};

use super::files::Parsed;
use super::symbols::Declared;
use crate::contract::copies::provider;
use crate::model::source::{ServiceId, Sources, Workspace};

/// A contract to be: its id and its files, by path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Package {
    /// The package; with its root behind `@` where the package occurs more than once; the path of
    /// a file that has no package.
    pub(super) id: String,
    /// Files by index.
    pub(super) files: Vec<usize>,
    /// The service that provides it.
    pub(super) provider: Option<ServiceId>,
}

/// Groups files into contracts.
pub(super) fn group(
    chosen: &[usize],
    files: &[Parsed<'_>],
    declared: &[Declared<'_>],
    roots: &[String],
    sources: &Sources,
    workspace: &Workspace,
) -> Vec<Package> {
    let mut packages: BTreeMap<&str, BTreeMap<&str, Vec<usize>>> = BTreeMap::new();
    let mut groups = Vec::new();
    for file in chosen.iter().copied() {
        let parsed = &files[file];
        if parsed.package().is_empty() {
            let provider = provider(parsed.file, sources, workspace);
            groups.push(Package { id: parsed.path.clone().into_owned(), files: vec![file], provider });
        } else {
            packages.entry(parsed.package()).or_default().entry(&roots[file]).or_default().push(file);
        }
    }
    for (package, by_root) in packages {
        let mut parts: Vec<Part<'_>> = Vec::new();
        for (root, mut members) in by_root {
            members.sort_by_key(|file| &*files[*file].path);
            let wholes = consistent(members, declared);
            for members in wholes {
                let first = members.first().and_then(|file| provider(files[*file].file, sources, workspace));
                add(&mut parts, Part::new(root, members, first, declared));
            }
        }
        groups.extend(named(package, parts, files));
    }
    // The file with the services is the main one.
    groups.iter_mut().for_each(|group| group.files.sort_by_key(|file| files[*file].tree.services.is_empty()));
    groups.sort_by(|a, b| a.id.cmp(&b.id));
    groups
}

/// Files of one package that go together.
struct Part<'a> {
    root: &'a str,
    files: Vec<usize>,
    provider: Option<ServiceId>,
    names: BTreeSet<&'a str>,
}

impl<'a> Part<'a> {
    fn new(root: &'a str, files: Vec<usize>, provider: Option<ServiceId>, declared: &'a [Declared<'_>]) -> Self {
        let names = files.iter().flat_map(|file| declared[*file].top_names()).collect();
        Self { root, files, provider, names }
    }
}

/// Splits files of one root so that no two of one part declare the same name.
fn consistent(files: Vec<usize>, declared: &[Declared<'_>]) -> Vec<Vec<usize>> {
    let mut parts: Vec<(BTreeSet<&str>, Vec<usize>)> = Vec::new();
    for file in files {
        let names = || declared[file].top_names();
        match parts.iter_mut().find(|(known, _)| names().all(|name| !known.contains(name))) {
            Some((known, members)) => {
                known.extend(names());
                members.push(file);
            }
            None => parts.push((names().collect(), vec![file])),
        }
    }
    parts.into_iter().map(|(_, files)| files).collect()
}

/// Adds a part to one that it completes, of the same provider; else beside the others.
fn add<'a>(parts: &mut Vec<Part<'a>>, part: Part<'a>) {
    let fits = |known: &&mut Part<'_>| known.provider == part.provider && known.names.is_disjoint(&part.names);
    match parts.iter_mut().find(fits) {
        Some(known) => {
            known.files.extend(part.files);
            known.names.extend(part.names);
        }
        None => parts.push(part),
    }
}

/// Names the parts of one package.
fn named(package: &str, parts: Vec<Part<'_>>, files: &[Parsed<'_>]) -> Vec<Package> {
    let alone = parts.len() == 1;
    let mut roots: BTreeMap<&str, usize> = BTreeMap::new();
    for part in &parts {
        *roots.entry(part.root).or_default() += 1;
    }
    let id = |part: &Part<'_>| match roots.get(part.root) {
        _ if alone => package.to_owned(),
        Some(1) if part.root.is_empty() => format!("{package}@."),
        Some(1) => format!("{package}@{}", part.root),
        _ => format!("{package}@{}", part.files.first().map_or("", |file| &*files[*file].path)),
    };
    let ids: Vec<String> = parts.iter().map(id).collect();
    ids.into_iter().zip(parts).map(|(id, part)| Package { id, files: part.files, provider: part.provider }).collect()
}
