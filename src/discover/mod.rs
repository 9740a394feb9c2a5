//! Finds files, the services they belong to, and the Base side to compare with.
//!
//! ```text
//! roots ─ layout ─ walk ─ read (sniff) ─ references ─┬─ services ─ provenance ─> Discovered
//! against ─ base ─ folder, file or git ──────────────┘
//! ```
//!
//! `compared` reads two sides that are contracts alone, without a workspace around them.
//!
//! Nothing fails here: what is not read is a problem, and the order of files is that of their
//! paths, whatever order threads and file systems give.

mod base;
mod compared;
mod configuration;
mod deployed;
mod environment;
mod git;
mod ignored;
mod imports;
mod kinds;
mod layout;
mod manifest;
mod provenance;
mod python;
mod read;
mod references;
mod services;
mod sniff;
mod tree;
mod walk;

#[cfg(test)]
mod tests;

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rayon::prelude::*;

use crate::model::imports::Imports;
use crate::model::problem::{Problem, ProblemKind};
use crate::model::settings::{ServiceSettings, Settings};
use crate::model::source::{FileKind, Language, Package, Revision, Service, SourceFile, Sources, Workspace};

pub use compared::compare;

use ignored::Ignored;
use layout::{Layout, first_folder, parent};
use provenance::Judge;
use read::{Claim, Reading};
use services::{Evidence, Found};
use walk::{Candidate, Walk};

/// What was found.
#[derive(Debug, Default)]
pub struct Discovered {
    /// Files.
    pub sources: Sources,
    /// Services and packages.
    pub workspace: Workspace,
    /// What could not be read.
    pub problems: Vec<Problem>,
}

/// Reads the workspace below `roots` (none: the current folder), and services that the
/// configuration places outside of them.
#[must_use]
pub fn discover(roots: &[PathBuf], settings: &Settings) -> Discovered {
    let mut problems = Vec::new();
    let layout = Layout::new(roots, settings, &mut problems);
    let configured = services::configured(settings, first_folder(roots), &layout);
    let named = named(roots, &layout, settings, &configured, &mut problems);

    let Walk { files, repositories, problems: mut unseen } =
        walk::walk(&layout, Ignored::new(&settings.ignore, &layout), &named.wanted());
    problems.append(&mut unseen);
    let (mut texts, sets) = read_all(&files, &named, &mut problems);
    follow_references(&layout, &mut texts, &mut problems);

    let manifests = manifests(&files, &texts);
    let projects: Vec<String> = manifests.iter().map(|manifest| manifest.folder.clone()).collect();
    let judge = Judge::new(&layout, projects, &repositories);
    let code: Vec<&str> = texts
        .iter()
        .filter(|(_, (kind, _))| matches!(kind, FileKind::Code(_)))
        .map(|(path, _)| path.as_str())
        .collect();
    let services = services::services(&Evidence {
        layout: &layout,
        configured,
        projects: projects_of(&manifests, &judge),
        repositories: &repositories,
        code: &code,
    });
    let mut packages = packages_of(&manifests);
    packages.extend(python::roots(python_code(&texts), &manifests.iter().map(|it| it.folder.clone()).collect()));
    packages.sort_by(innermost_first);
    let imports = imports_of(&texts);
    let mut configuration = configuration::read(configuration_files(&texts), &services);
    environment::read(environment_files(&texts), &services, &mut configuration);
    let mut sources = sources(texts, &services, &judge);
    add_sets(&mut sources, Revision::Head, sets, &services, &judge);
    problems.sort();
    problems.dedup();
    Discovered { sources, workspace: Workspace { services, packages, imports, configuration }, problems }
}

/// Adds the contract files of the Base side: those of a folder or a file, if `against` is one, else
/// those of a git revision, read from the object store of every repository of the workspace. Paths
/// are those that the same files have on the Head side.
pub fn add_base(found: &mut Discovered, against: &str, roots: &[PathBuf], settings: &Settings) {
    let layout = Layout::new(roots, settings, &mut Vec::new());
    let side = base::read(against, found, &base::Scope { layout: &layout, roots, settings });
    let workspace = &found.workspace;
    let projects = workspace.services.iter().map(|service| service.path.clone());
    let projects = projects.chain(workspace.packages.iter().map(|package| package.path.clone()));
    let judge = Judge::new(&layout, projects, &BTreeSet::new());
    for (path, (kind, text)) in side.texts {
        let mut file = SourceFile::new(path, Revision::Base, kind, text);
        file.provenance = judge.of(&file.path, kind, &file.text);
        file.service = services::owner(&file.path, &workspace.services);
        found.sources.push(file);
    }
    add_sets(&mut found.sources, Revision::Base, side.sets, &workspace.services, &judge);
    found.problems.extend(side.problems);
    found.problems.sort();
    found.problems.dedup();
}

/// Compiled descriptor sets, by path.
type Sets = BTreeMap<String, Arc<[u8]>>;

/// Files that were read, by path.
type Texts = BTreeMap<String, (FileKind, Arc<str>)>;

/// What the configuration names: read whatever it looks like and whatever ignores it.
#[derive(Debug, Default)]
struct Named {
    /// Canonical paths of contract files and folders.
    contracts: Vec<PathBuf>,
    /// Canonical folders of services, and roots that are single files.
    others: Vec<PathBuf>,
}

impl Named {
    fn wanted(&self) -> Vec<PathBuf> {
        self.others.iter().chain(&self.contracts).cloned().collect()
    }

    /// A contract file that is named itself needs no proof that it is one; in a named folder the
    /// content of each file tells.
    fn claim(&self, absolute: &Path) -> Claim {
        if self.contracts.iter().any(|path| path == absolute) { Claim::Named } else { Claim::Found }
    }
}

fn named(
    roots: &[PathBuf],
    layout: &Layout,
    settings: &Settings,
    configured: &[(String, &ServiceSettings)],
    problems: &mut Vec<Problem>,
) -> Named {
    let mut named = Named::default();
    for root in layout.roots.iter().filter(|root| root.is_file) {
        named.contracts.push(root.absolute.clone());
    }
    for (path, service) in configured {
        named.others.push(layout.absolute(path));
        for contract in &service.contracts {
            match layout.absolute(path).join(contract).canonicalize() {
                Ok(found) => named.contracts.push(found),
                Err(error) => problems.push(Problem::path(
                    ProblemKind::ContractUnreadable,
                    services::lexical_join(path, contract),
                    format!("contract of the configured service `{}` cannot be read: {error}", service.name),
                )),
            }
        }
    }
    for service in &settings.services {
        if !configured.iter().any(|(_, found)| found.name == service.name) {
            let lost =
                if service.contracts.is_empty() { ProblemKind::FileSkipped } else { ProblemKind::ContractUnreadable };
            let path = first_folder(roots).join(&service.path).to_string_lossy().replace('\\', "/");
            let message = format!("the folder of the configured service `{}` does not exist", service.name);
            problems.push(Problem::path(lost, path, message));
        }
    }
    named
}

/// Reads all candidates side by side.
fn read_all(files: &BTreeMap<String, Candidate>, named: &Named, problems: &mut Vec<Problem>) -> (Texts, Sets) {
    let files: Vec<(&String, &Candidate)> = files.iter().collect();
    let readings: Vec<Reading> =
        files.par_iter().map(|(_, file)| read::file(&file.absolute, file.kind, named.claim(&file.absolute))).collect();
    let (mut texts, mut sets) = (Texts::new(), Sets::new());
    for ((path, file), reading) in files.into_iter().zip(readings) {
        match reading {
            Reading::Text(text) => {
                texts.insert(path.clone(), (file.kind, text));
            }
            Reading::Set(bytes) => {
                sets.insert(path.clone(), bytes);
            }
            Reading::Deployment(text) => {
                texts.insert(path.clone(), (FileKind::Deployment, text));
            }
            // Read once, and not kept.
            Reading::Environment(text) => {
                texts.insert(path.clone(), (FileKind::Manifest, text));
            }
            Reading::NotOurs => {}
            Reading::Lost(kind, message) => problems.push(Problem::path(kind, path, message)),
        }
    }
    (texts, sets)
}

/// Adds compiled descriptor sets to the files of a side.
fn add_sets(sources: &mut Sources, revision: Revision, sets: Sets, services: &[Service], judge: &Judge<'_>) {
    for (path, bytes) in sets {
        let mut file = SourceFile::new(path, revision, FileKind::DescriptorSet, "");
        file.bytes = Some(bytes);
        file.provenance = judge.of(&file.path, file.kind, "");
        file.service = services::owner(&file.path, services);
        sources.push(file);
    }
}

/// Adds the files that contracts refer to.
fn follow_references(layout: &Layout, texts: &mut Texts, problems: &mut Vec<Problem>) {
    let mut added = Texts::new();
    references::follow(documents(texts), |from, path| {
        let canonical = layout.absolute(path).canonicalize().ok().filter(|target| target.is_file())?;
        if !layout.may_refer_to(path) || !layout.may_refer_to_file(&canonical) {
            let message = format!("refers to `{path}` outside of the given folders, which is not read");
            problems.push(Problem::path(ProblemKind::Note, from, message));
            return None;
        }
        let kind = kinds::document_kind(path);
        match read::file(&canonical, kind, Claim::Named) {
            Reading::Text(text) => {
                added.insert(path.to_owned(), (kind, Arc::clone(&text)));
                Some(text)
            }
            Reading::Set(_) | Reading::Deployment(_) | Reading::Environment(_) | Reading::NotOurs => None,
            Reading::Lost(kind, message) => {
                problems.push(Problem::path(kind, path, message));
                None
            }
        }
    });
    texts.append(&mut added);
}

/// The OpenAPI documents among the files.
fn documents(texts: &Texts) -> impl Iterator<Item = (&str, &Arc<str>)> {
    texts
        .iter()
        .filter(|(_, (kind, _))| matches!(kind, FileKind::Yaml | FileKind::Json))
        .map(|(path, (_, text))| (path.as_str(), text))
}

/// A build file, read.
struct Manifest {
    folder: String,
    kind: manifest::Kind,
    project: manifest::Project,
}

/// Build files in the order of their folders; of one folder the one that names it best comes first.
fn manifests(files: &BTreeMap<String, Candidate>, texts: &Texts) -> Vec<Manifest> {
    let mut manifests: Vec<Manifest> = files
        .iter()
        .filter(|(_, file)| file.kind == FileKind::Manifest)
        .filter_map(|(path, _)| {
            let name = path.rsplit('/').next()?;
            let kind = manifest::Kind::of(name)?;
            // A build file that cannot be read still marks its folder.
            let text = texts.get(path).map_or("", |(_, text)| text);
            Some(Manifest { folder: parent(path).to_owned(), kind, project: manifest::read(kind, name, text) })
        })
        .collect();
    manifests.sort_by(|a, b| (&a.folder, a.kind).cmp(&(&b.folder, b.kind)));
    manifests
}

/// Projects of our own: a build file in a vendored folder or among test data makes no service.
fn projects_of(manifests: &[Manifest], judge: &Judge<'_>) -> Vec<Found> {
    manifests
        .iter()
        .filter(|manifest| manifest.project.stands_alone)
        .filter(|manifest| {
            let place = judge.of_path(&layout::join(&manifest.folder, "manifest"));
            !place.vendored && !place.test
        })
        .map(|manifest| Found { path: manifest.folder.clone(), name: manifest.project.name.clone() })
        .collect()
}

fn packages_of(manifests: &[Manifest]) -> Vec<Package> {
    let named = manifests.iter().filter_map(|manifest| {
        let (language, name) = manifest.project.package.clone()?;
        Some(Package { language, path: manifest.folder.clone(), name })
    });
    named.collect()
}

/// How imports of scripts may be written.
fn imports_of(texts: &Texts) -> Imports {
    let says = |path: &str| {
        let name = path.rsplit('/').next().unwrap_or(path);
        imports::is_config(name) || manifest::Kind::of(name) == Some(manifest::Kind::PackageJson)
    };
    let files = texts.iter().filter(|(path, _)| says(path)).map(|(path, (_, text))| (path.as_str(), &**text));
    let is_script = |kind: FileKind| kind == FileKind::Code(Language::TypeScript);
    let code = texts.iter().filter(|(_, (kind, _))| is_script(*kind)).map(|(path, _)| path.as_str());
    imports::imports(files, code)
}

/// Packages in the order in which they are looked up.
fn innermost_first(a: &Package, b: &Package) -> Ordering {
    b.path.len().cmp(&a.path.len()).then_with(|| (&a.path, &a.name).cmp(&(&b.path, &b.name)))
}

/// The configuration files of frameworks among the files.
fn configuration_files(texts: &Texts) -> impl Iterator<Item = (&str, &str)> {
    let named = |path: &str| path.rsplit('/').next().is_some_and(configuration::is_one);
    let of_services = move |path: &str, kind: FileKind| kind == FileKind::Manifest && named(path);
    texts
        .iter()
        .filter(move |(path, (kind, _))| of_services(path, *kind))
        .map(|(path, (_, text))| (path.as_str(), &**text))
}

/// The files that set environment variables.
fn environment_files(texts: &Texts) -> impl Iterator<Item = (&str, &str)> {
    let may_set = |path: &str, text: &str| {
        let name = path.rsplit('/').next().unwrap_or(path);
        environment::is_dotenv(name)
            || ([".yaml", ".yml"].iter().any(|end| name.ends_with(end)) && environment::may_set(text.as_bytes()))
    };
    let files = texts.iter().map(|(path, (kind, text))| (path.as_str(), *kind, &**text));
    let files = files.filter(|(_, kind, _)| matches!(kind, FileKind::Manifest | FileKind::Deployment));
    files.filter(move |(path, _, text)| may_set(path, text)).map(|(path, _, text)| (path, text))
}

/// The Python code among the files.
fn python_code(texts: &Texts) -> impl Iterator<Item = (&str, &str)> {
    let is_python = |kind: FileKind| kind == FileKind::Code(Language::Python);
    texts.iter().filter(move |(_, (kind, _))| is_python(*kind)).map(|(path, (_, text))| (path.as_str(), &**text))
}

fn sources(texts: Texts, services: &[Service], judge: &Judge<'_>) -> Sources {
    let kept = |path: &str, kind| {
        kind != FileKind::Manifest
            || path.rsplit('/').next().and_then(manifest::Kind::of).is_some_and(manifest::Kind::is_kept)
    };
    let texts: Vec<_> = texts.into_iter().filter(|(path, (kind, _))| kept(path, *kind)).collect();
    let files: Vec<SourceFile> = texts
        .into_par_iter()
        .map(|(path, (kind, text))| {
            let mut file = SourceFile::new(path, Revision::Head, kind, text);
            file.provenance = judge.of(&file.path, kind, &file.text);
            file.service = services::owner(&file.path, services);
            file
        })
        .collect();
    let mut sources = Sources::default();
    for file in files {
        sources.push(file);
    }
    sources
}
