//! Identical copies of one contract, and the service that provides it. The rules for both are here,
//! for every format.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use crate::model::source::{FileId, ServiceId, Sources, Workspace, is_inside};

/// Files with one text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Copies {
    /// The one that counts.
    pub primary: FileId,
    /// The others, by path.
    pub copies: Vec<FileId>,
}

/// Groups files by their text, each group under its [primary](primary_first).
#[must_use]
pub fn group(files: impl Iterator<Item = FileId>, sources: &Sources, workspace: &Workspace) -> Vec<Copies> {
    let mut by_text: BTreeMap<&str, Vec<FileId>> = BTreeMap::new();
    for file in files {
        by_text.entry(&sources.get(file).text).or_default().push(file);
    }
    let grouped = by_text.into_values().filter_map(|mut files| {
        primary_first(&mut files, sources, workspace);
        let primary = *files.first()?;
        let mut copies = files.split_off(1);
        copies.sort_by_key(|file| &sources.get(*file).path);
        Some(Copies { primary, copies })
    });
    grouped.collect()
}

/// Sorts copies so that the one that counts comes first: one that a service is configured to
/// provide, then one that is not somebody else's code, then the shortest path, then the first.
pub fn primary_first(files: &mut [FileId], sources: &Sources, workspace: &Workspace) {
    files.sort_by_key(|id| {
        let file = sources.get(*id);
        let path = file.path.as_str();
        (configured_provider(path, workspace).is_none(), file.provenance.vendored, path.chars().count(), path)
    });
}

/// The service that provides the contract in a file: the one whose configuration names it, else the
/// one in whose folder it lies.
#[must_use]
pub fn provider(file: FileId, sources: &Sources, workspace: &Workspace) -> Option<ServiceId> {
    let file = sources.get(file);
    configured_provider(&file.path, workspace).or(file.service)
}

/// The service whose `contracts` name this path or a folder above it; of several the closest.
fn configured_provider(path: &str, workspace: &Workspace) -> Option<ServiceId> {
    let services = (0..).map(ServiceId).zip(&workspace.services);
    let named = services.flat_map(|(id, service)| service.contracts.iter().map(move |contract| (contract, id)));
    let holding = named.filter(|(contract, _)| is_inside(path, contract.trim_end_matches('/')));
    holding.max_by_key(|(contract, id)| (contract.len(), Reverse(*id))).map(|(_, id)| id)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::source::{FileKind, Revision, Service, SourceFile};

    fn workspace(contracts: &[&[&str]]) -> Workspace {
        let service = |contracts: &&[&str]| Service {
            contracts: contracts.iter().map(|path| (*path).to_owned()).collect(),
            ..Service::default()
        };
        Workspace { services: contracts.iter().map(service).collect(), ..Workspace::default() }
    }

    fn sources(files: &[(&str, &str)]) -> Sources {
        let mut sources = Sources::default();
        for (path, text) in files {
            sources.push(SourceFile::new(*path, Revision::Head, FileKind::Yaml, *text));
        }
        sources
    }

    fn ids(sources: &Sources) -> impl Iterator<Item = FileId> {
        sources.iter().map(|(id, _)| id)
    }

    #[test]
    fn the_shortest_path_then_the_first_is_primary() {
        let sources = sources(&[("web/api/a.yaml", "1"), ("b/a.yaml", "1"), ("a/a.yaml", "1"), ("c.yaml", "2")]);
        let groups = group(ids(&sources), &sources, &Workspace::default());
        let first = Copies { primary: FileId(2), copies: vec![FileId(1), FileId(0)] };
        assert_eq!(groups, [first, Copies { primary: FileId(3), copies: Vec::new() }]);
    }

    #[test]
    fn a_configured_contract_is_primary() {
        let sources = sources(&[("a.yaml", "1"), ("svc/api/a.yaml", "1")]);
        let groups = group(ids(&sources), &sources, &workspace(&[&["svc/api"]]));
        assert_eq!(groups, [Copies { primary: FileId(1), copies: vec![FileId(0)] }]);
    }

    #[test]
    fn the_provider_is_configured_or_the_service_around_it() {
        let mut sources = sources(&[("x/api/a.yaml", "1"), ("x/b.yaml", "1")]);
        for file in [FileId(0), FileId(1)] {
            sources.get_mut(file).unwrap().service = Some(ServiceId(7));
        }
        let workspace = workspace(&[&["x/api/"], &["x/api/a.yaml"], &["y"]]);
        assert_eq!(provider(FileId(0), &sources, &workspace), Some(ServiceId(1)));
        assert_eq!(provider(FileId(1), &sources, &workspace), Some(ServiceId(7)));
    }
}
