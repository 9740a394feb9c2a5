//! Which folders are services, what they are called, and which file belongs to which.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use crate::model::settings::{ServiceSettings, Settings};
use crate::model::source::{Service, ServiceId, is_inside};

use super::layout::{Layout, ancestors, join, parent};

/// A project found in the tree: its folder, and its own name if it has one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) path: String,
    pub(super) name: Option<String>,
}

/// Where services can come from.
pub(super) struct Evidence<'a> {
    pub(super) layout: &'a Layout,
    /// Configured services, with the folders they turned out to have.
    pub(super) configured: Vec<(String, &'a ServiceSettings)>,
    /// Folders with a build file.
    pub(super) projects: Vec<Found>,
    /// Roots of git repositories.
    pub(super) repositories: &'a BTreeSet<String>,
    /// Paths of files with code.
    pub(super) code: &'a [&'a str],
}

/// The folder of every configured service that exists; a service that does not is a problem told
/// elsewhere.
pub(super) fn configured<'a>(
    settings: &'a Settings,
    first: &Path,
    layout: &Layout,
) -> Vec<(String, &'a ServiceSettings)> {
    let folder = |service: &ServiceSettings| layout.path_of(&first.join(&service.path).canonicalize().ok()?);
    settings.services.iter().filter_map(|service| Some((folder(service)?, service))).collect()
}

/// All services, sorted by path.
///
/// Configured ones own all that is in their folder. In the rest of the tree each project is one, a
/// repository without any project is one, and so is a repository or root with code outside of all
/// its projects.
pub(super) fn services(evidence: &Evidence<'_>) -> Vec<Service> {
    let mut services: BTreeMap<String, Service> = BTreeMap::new();
    for (path, settings) in &evidence.configured {
        services.insert(path.clone(), from_settings(path, settings));
    }
    let is_free = |path: &str| !evidence.configured.iter().any(|(folder, _)| is_inside(path, folder));
    for project in evidence.projects.iter().filter(|project| is_free(&project.path)) {
        services
            .entry(project.path.clone())
            .or_insert_with(|| found(evidence.layout, &project.path, project.name.as_deref()));
    }
    for path in evidence.repositories.iter().filter(|path| is_free(path)) {
        if !services.keys().any(|service| is_inside(service, path)) {
            services.insert(path.clone(), found(evidence.layout, path, None));
        }
    }
    for file in evidence.code {
        if !ancestors(file).any(|folder| services.contains_key(folder)) {
            let path = repository_of(file, evidence);
            services.insert(path.clone(), found(evidence.layout, &path, None));
        }
    }
    let mut services: Vec<Service> = services.into_values().collect();
    for service in &mut services {
        service.repository = repository_of(&service.path, evidence);
    }
    make_unique(&mut services, &evidence.configured.iter().map(|(path, _)| path.as_str()).collect());
    services
}

/// The service that a path lies in, the innermost one.
pub(super) fn owner(path: &str, services: &[Service]) -> Option<ServiceId> {
    ancestors(path).find_map(|folder| {
        let index = services.binary_search_by(|service| service.path.as_str().cmp(folder)).ok()?;
        u32::try_from(index).ok().map(ServiceId)
    })
}

fn from_settings(path: &str, settings: &ServiceSettings) -> Service {
    Service {
        name: settings.name.clone(),
        path: path.to_owned(),
        repository: String::new(),
        contracts: settings.contracts.iter().map(|contract| lexical_join(path, contract)).collect(),
        base_urls: settings.base_urls.clone(),
        team: settings.team.clone(),
        purposes: settings.purposes.clone(),
        public: settings.public,
    }
}

/// `path` seen from `folder`, `..` resolved as far as it goes.
pub(super) fn lexical_join(folder: &str, path: &str) -> String {
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.pop().is_some() => {}
            part => parts.push(part),
        }
    }
    parts.join("/")
}

fn found(layout: &Layout, path: &str, name: Option<&str>) -> Service {
    let name = name.map_or_else(|| folder_name(layout, path), str::to_owned);
    Service { name, path: path.to_owned(), ..Service::default() }
}

fn folder_name(layout: &Layout, path: &str) -> String {
    let absolute = layout.absolute(path);
    absolute.file_name().map_or_else(|| "root".to_owned(), |name| name.to_string_lossy().into_owned())
}

/// The innermost git repository around a path, else its root.
fn repository_of(path: &str, evidence: &Evidence<'_>) -> String {
    let repository = ancestors(path).find(|folder| evidence.repositories.contains(*folder));
    let root = || evidence.layout.root_of(path).map(super::layout::Root::folder);
    repository.or_else(root).unwrap_or_default().to_owned()
}

/// Puts the names of the folders above in front of names that several services have: `a/api` and
/// `b/api`. Names from the configuration stay as they are.
fn make_unique(services: &mut [Service], configured: &BTreeSet<&str>) {
    let most_parents = services.iter().map(|service| ancestors(&service.path).count()).max().unwrap_or_default();
    for _ in 0..=most_parents {
        let mut uses: BTreeMap<&str, usize> = BTreeMap::new();
        for service in &*services {
            *uses.entry(&service.name).or_default() += 1;
        }
        let clashing: Vec<usize> = (0..services.len())
            .filter(|at| uses.get(services[*at].name.as_str()).is_some_and(|count| *count > 1))
            .filter(|at| !configured.contains(services[*at].path.as_str()))
            .collect();
        let mut changed = false;
        for at in clashing {
            let longer = with_one_more_parent(&services[at]);
            changed |= longer != services[at].name;
            services[at].name = longer;
        }
        if !changed {
            break;
        }
    }
    number_what_is_left(services, configured);
}

/// The name of the next folder above that the name does not have yet, in front of it.
fn with_one_more_parent(service: &Service) -> String {
    let taken = service.name.matches('/').count();
    let above = ancestors(parent(&service.path)).filter(|folder| !folder.is_empty()).nth(taken);
    match above.and_then(|folder| folder.rsplit('/').next()) {
        Some(folder) => join(folder, &service.name),
        None => service.name.clone(),
    }
}

/// No folder tells them apart: a found service beside a configured one of its name, at the top.
fn number_what_is_left(services: &mut [Service], configured: &BTreeSet<&str>) {
    let mut taken: BTreeSet<String> = services
        .iter()
        .filter(|service| configured.contains(service.path.as_str()))
        .map(|service| service.name.clone())
        .collect();
    for service in services.iter_mut().filter(|service| !configured.contains(service.path.as_str())) {
        let name = service.name.clone();
        let mut number = 2usize;
        while !taken.insert(service.name.clone()) {
            service.name = format!("{name}-{number}");
            number += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn project(path: &str, name: Option<&str>) -> Found {
        Found { path: path.into(), name: name.map(str::to_owned) }
    }

    fn names(projects: Vec<Found>, repositories: &[&str], code: &[&str]) -> Vec<(String, String)> {
        let layout = Layout::single("/w/shop".into());
        let repositories = repositories.iter().map(ToString::to_string).collect();
        let evidence =
            Evidence { layout: &layout, configured: Vec::new(), projects, repositories: &repositories, code };
        services(&evidence).into_iter().map(|service| (service.path, service.name)).collect()
    }

    fn pairs(expected: &[(&str, &str)]) -> Vec<(String, String)> {
        expected.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect()
    }

    #[test]
    fn names_that_clash_get_the_folder_above() {
        let projects = vec![project("a/api", Some("api")), project("b/api", None), project("c", Some("c"))];
        assert_eq!(names(projects, &[], &[]), pairs(&[("a/api", "a/api"), ("b/api", "b/api"), ("c", "c")]));
    }

    #[test]
    fn names_that_still_clash_get_more_folders_and_at_last_a_number() {
        let projects =
            vec![project("x/a/api", None), project("y/a/api", None), project("", Some("q")), project("z", Some("q"))];
        assert_eq!(
            names(projects, &[], &[]),
            pairs(&[("", "q"), ("x/a/api", "x/a/api"), ("y/a/api", "y/a/api"), ("z", "q-2")])
        );
    }

    #[test]
    fn a_repository_without_a_project_is_a_service() {
        assert_eq!(
            names(vec![project("one/svc", None)], &["one", "two"], &[]),
            pairs(&[("one/svc", "svc"), ("two", "two")])
        );
    }

    #[test]
    fn code_outside_of_every_project_belongs_to_its_repository_or_root() {
        let found = names(vec![project("one/svc", None)], &["one"], &["one/tools/gen.go", "one/svc/main.go"]);
        assert_eq!(found, pairs(&[("one", "one"), ("one/svc", "svc")]));
        assert_eq!(names(vec![], &[], &["main.go"]), pairs(&[("", "shop")]));
    }

    #[test]
    fn the_innermost_service_owns_a_file() {
        let service = |path: &str| Service { path: path.into(), ..Service::default() };
        let services = [service(""), service("a"), service("a/b"), service("a-b")];
        let mut sorted = services.to_vec();
        sorted.sort_by(|x, y| x.path.cmp(&y.path));
        let path_of = |file: &str| owner(file, &sorted).map(|id| sorted[id.0 as usize].path.clone());
        assert_eq!(path_of("a/b/c.go").as_deref(), Some("a/b"));
        assert_eq!(path_of("a/x.go").as_deref(), Some("a"));
        assert_eq!(path_of("z.go").as_deref(), Some(""));
    }
}
