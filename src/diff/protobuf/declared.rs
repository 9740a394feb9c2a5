//! What became of everything that has a name of its own: messages, enumerations, services,
//! extensions, and the files and packages they are in.
//!
//! What goes with the message, file or package around it is told of that: one edit, one change.

use std::collections::BTreeMap;

use super::listing::{Body, join};
use super::make::{Draft, breaks};
use super::pairing::Pairing;
use crate::model::change::{ChangeKind, Element, Ids, What};
use crate::model::contract::ContractId;
use crate::model::source::Site;

/// Changes of declarations, and which of them tells of what.
#[derive(Default)]
pub(super) struct Declarations<'a> {
    pub(super) drafts: Vec<(Draft, Subject<'a>)>,
    told: BTreeMap<Subject<'a>, usize>,
    /// By item of Base: the subject of which its change is told.
    subjects: BTreeMap<usize, Subject<'a>>,
}

/// What a change of declarations is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Subject<'a> {
    /// A package of Base.
    Package(&'a str),
    /// A file of Base.
    File(usize),
    /// An item of Base.
    Item(usize),
    /// An item of Head.
    Added(usize),
}

/// What became of an item.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fate {
    Kept,
    /// It went with what is around it.
    Package,
    File,
    /// It went alone.
    Moved,
    Renamed,
    Removed,
}

impl<'a> Declarations<'a> {
    pub(super) fn new(pairing: &Pairing<'a>) -> Self {
        let mut declarations = Self::default();
        declarations.packages(pairing);
        declarations.files(pairing);
        declarations.items(pairing);
        declarations.added(pairing);
        declarations
    }

    /// The change that tells what became of an item of Base.
    pub(super) fn of_item(&mut self, item: usize) -> Option<&mut Draft> {
        let at = *self.told.get(self.subjects.get(&item)?)?;
        self.drafts.get_mut(at).map(|(draft, _)| draft)
    }

    fn tell(&mut self, subject: Subject<'a>, draft: Draft) {
        self.told.insert(subject, self.drafts.len());
        self.drafts.push((draft, subject));
    }

    fn packages(&mut self, pairing: &Pairing<'a>) {
        for (package, contracts) in pairing.base.packages.iter().filter(|(package, _)| is_dead(pairing, package)) {
            let Some(first) = contracts.first().copied() else { continue };
            let files: Vec<usize> =
                (0..pairing.base.files.len()).filter(|at| pairing.base.files[*at].package == *package).collect();
            let new = files.iter().find_map(|file| pairing.moved.get(file)).copied();
            let head = new.and_then(|new| pairing.head.packages.get(new)?.first().copied());
            let mut aliases = vec!["PACKAGE_NO_DELETE"];
            let is_kept = |file: &usize| pairing.files[*file].is_some();
            if files.iter().any(is_kept) {
                aliases.push("FILE_SAME_PACKAGE");
            }
            if !files.iter().all(is_kept) {
                aliases.push("FILE_NO_DELETE");
            }
            let old_site = pairing.base.catalog.contract(first).site.clone();
            let draft = match (new, head) {
                (Some(new), Some(head)) => {
                    let new_site = pairing.head.catalog.contract(head).site.clone();
                    repackaged(pairing, contracts, element(What::Contract, package, first, Some(head))).turned(
                        (old_site, new_site),
                        *package,
                        new,
                    )
                }
                _ => {
                    let element = element(What::Contract, package, first, None);
                    let draft = Draft::new(ChangeKind::TypeRemoved, element);
                    draft.at(Some(old_site), None).breaking(breaks(true, true, true))
                }
            };
            self.tell(Subject::Package(package), draft.aliases(aliases));
        }
    }

    fn files(&mut self, pairing: &Pairing<'a>) {
        for (at, file) in pairing.base.files.iter().enumerate() {
            if is_dead(pairing, file.package) {
                continue;
            }
            let path = &file.proto.path;
            let old_site = pairing.base.file_site(at);
            match (pairing.files[at], pairing.moved.get(&at)) {
                (Some(new), Some(package)) => {
                    let element = element(What::File, path, file.contract, Some(pairing.head.files[new].contract));
                    let draft = repackaged(pairing, &[file.contract], element).aliases(vec!["FILE_SAME_PACKAGE"]);
                    let sites = (old_site, pairing.head.file_site(new));
                    self.tell(Subject::File(at), draft.turned(sites, file.package, *package));
                }
                (Some(_), None) => {}
                (None, _) => self.tell(Subject::File(at), gone_file(pairing, at)),
            }
        }
    }

    fn items(&mut self, pairing: &Pairing<'a>) {
        let fates: Vec<Fate> = (0..pairing.base.items.len()).map(|at| fate(pairing, at)).collect();
        for (at, item) in pairing.base.items.iter().enumerate() {
            let subject = match (fates[at], item.file) {
                (Fate::Kept, _) => continue,
                (Fate::Package, _) | (Fate::File, None) => Subject::Package(pairing.base.package(item.contract)),
                (Fate::File, Some(file)) => Subject::File(file),
                (Fate::Moved | Fate::Renamed | Fate::Removed, _) => Subject::Item(outermost(pairing, &fates, at)),
            };
            self.subjects.insert(at, subject);
            if subject == Subject::Item(at) && !is_told_by_rpcs(pairing, at, fates[at]) {
                self.tell(subject, own_change(pairing, at, fates[at]));
            }
            // A package of which nothing is left has lost no single part of it.
            if !matches!(fates[at], Fate::Package) || pairing.items[at].is_some() {
                let ids = removal_ids(pairing, at);
                if let Some(draft) = self.of_item(at) {
                    draft.aliases.extend(ids);
                }
            }
        }
    }

    fn added(&mut self, pairing: &Pairing<'a>) {
        let is_new = |at: usize| !pairing.is_taken(at);
        for (at, item) in pairing.head.items.iter().enumerate().filter(|(at, _)| is_new(*at)) {
            if item.parent.is_some_and(is_new) {
                continue;
            }
            let base = pairing.base.packages.get(pairing.head.package(item.contract));
            let element = Element {
                what: item.what,
                name: item.name.to_owned(),
                base: base.and_then(|contracts| contracts.first()).map(|contract| Ids::contract(*contract)),
                head: Some(pairing.head.ids(at)),
            };
            let draft = Draft::new(ChangeKind::Added, element).at(None, Some(item.site.clone()));
            self.tell(Subject::Added(at), draft);
        }
    }
}

fn is_dead(pairing: &Pairing<'_>, package: &str) -> bool {
    !pairing.head.packages.contains_key(package)
}

fn element(what: What, name: &str, base: ContractId, head: Option<ContractId>) -> Element {
    Element { what, name: name.to_owned(), base: Some(Ids::contract(base)), head: head.map(Ids::contract) }
}

/// Another package: rpcs have other paths, messages other names.
fn repackaged(pairing: &Pairing<'_>, contracts: &[ContractId], element: Element) -> Draft {
    let has_rpcs = contracts.iter().any(|id| !pairing.base.catalog.contract(*id).operations.is_empty());
    if has_rpcs {
        Draft::new(ChangeKind::OperationMoved, element).breaking(breaks(true, true, true))
    } else {
        Draft::new(ChangeKind::GeneratedCodeChanged, element).facet("package").breaking(breaks(false, false, true))
    }
}

/// A file whose path is gone: what it declared is elsewhere, or gone too.
fn gone_file(pairing: &Pairing<'_>, at: usize) -> Draft {
    let file = &pairing.base.files[at];
    let survivor = file.items.iter().find_map(|item| pairing.items[*item]);
    let new_file = survivor.and_then(|partner| pairing.head.items[partner.item].file);
    let head = pairing.contract(file.contract);
    let path = &file.proto.path;
    let element = element(What::File, path, file.contract, head);
    let old_site = pairing.base.file_site(at);
    let draft = match new_file {
        Some(new) => {
            let sites = (old_site, pairing.head.file_site(new));
            let draft = Draft::new(ChangeKind::GeneratedCodeChanged, element).facet("path");
            draft.turned(sites, &**path, &*pairing.head.files[new].proto.path).breaking(breaks(false, false, true))
        }
        None => {
            let site = head.map(|contract| pairing.head.catalog.contract(contract).site.clone());
            let declares = !file.items.is_empty();
            let draft = Draft::new(ChangeKind::TypeRemoved, element).at(Some(old_site), site);
            draft.breaking(breaks(declares, declares, true))
        }
    };
    draft.aliases(vec!["FILE_NO_DELETE"])
}

fn fate(pairing: &Pairing<'_>, at: usize) -> Fate {
    let item = &pairing.base.items[at];
    let package = pairing.base.package(item.contract);
    let whole = || if is_dead(pairing, package) { Fate::Package } else { Fate::File };
    let Some(partner) = pairing.items[at] else {
        let is_moved = item.file.is_some_and(|file| pairing.moved.contains_key(&file));
        let has_survivors = |file: usize| pairing.base.files[file].items.iter().any(|at| pairing.items[*at].is_some());
        return match item.file {
            _ if is_dead(pairing, package) && !is_moved => Fate::Package,
            Some(file) if pairing.files[file].is_none() && !has_survivors(file) => Fate::File,
            _ => Fate::Removed,
        };
    };
    let head = &pairing.head.items[partner.item];
    if pairing.head.package(head.contract) != package {
        let is_called_alike = pairing.base.relative(at) == pairing.head.relative(partner.item);
        let is_with_others = is_dead(pairing, package) || item.file.is_some_and(|at| pairing.moved.contains_key(&at));
        return if is_called_alike && is_with_others { whole() } else { Fate::Renamed };
    }
    match item.file.map(|file| pairing.files[file]) {
        _ if partner.renamed => Fate::Renamed,
        Some(None) => Fate::File,
        Some(Some(file)) if head.file != Some(file) => Fate::Moved,
        _ => Fate::Kept,
    }
}

/// The outermost message around an item that shares its fate.
fn outermost(pairing: &Pairing<'_>, fates: &[Fate], at: usize) -> usize {
    let mut root = at;
    while let Some(parent) = pairing.base.items[root].parent.filter(|parent| fates[*parent] == fates[at]) {
        root = parent;
    }
    root
}

/// Callers of a service that is gone are told of each rpc.
fn is_told_by_rpcs(pairing: &Pairing<'_>, at: usize, fate: Fate) -> bool {
    let mut rpcs = pairing.base.rpcs.range((at, "")..(at + 1, ""));
    fate == Fate::Removed && pairing.base.items[at].what == What::Service && rpcs.next().is_some()
}

fn own_change(pairing: &Pairing<'_>, at: usize, fate: Fate) -> Draft {
    let item = &pairing.base.items[at];
    let partner = pairing.items[at].map(|partner| partner.item);
    let element = Element {
        what: item.what,
        name: item.name.to_owned(),
        base: Some(pairing.base.ids(at)),
        head: partner.map(|head| pairing.head.ids(head)).or_else(|| pairing.contract(item.contract).map(Ids::contract)),
    };
    let old_site = item.site.clone();
    let Some(head) = partner else {
        let (wire, json) = match item.what {
            What::Enum | What::Service => (false, false),
            _ => (true, true),
        };
        let draft = Draft::new(ChangeKind::TypeRemoved, element);
        return draft.at(Some(old_site), nearest(pairing, at)).breaking(breaks(wire, json, true));
    };
    let new = &pairing.head.items[head];
    let sites = (old_site, new.site.clone());
    if fate == Fate::Moved {
        let path =
            |file: Option<&super::listing::File<'_>>| file.map(|file| file.proto.path.clone()).unwrap_or_default();
        let old_path = path(item.file.and_then(|file| pairing.base.files.get(file)));
        let new_path = path(new.file.and_then(|file| pairing.head.files.get(file)));
        let draft = Draft::new(ChangeKind::GeneratedCodeChanged, element).facet("file");
        return draft.turned(sites, old_path, new_path).breaking(breaks(false, false, true));
    }
    let draft = match item.body {
        // The path of an rpc has the name of its service in it.
        Body::Service => Draft::new(ChangeKind::OperationMoved, element).breaking(breaks(true, true, true)),
        _ => Draft::new(ChangeKind::GeneratedCodeChanged, element).facet("name").breaking(breaks(false, false, true)),
    };
    draft.turned(sites, item.name, new.name)
}

/// The nearest place that is left around what is gone.
fn nearest(pairing: &Pairing<'_>, at: usize) -> Option<Site> {
    let item = &pairing.base.items[at];
    let parent = item.parent.and_then(|parent| pairing.items[parent]);
    if let Some(partner) = parent {
        return Some(pairing.head.items[partner.item].site.clone());
    }
    let file = item.file.and_then(|file| pairing.files[file]);
    let contract = || pairing.contract(item.contract).map(|id| pairing.head.catalog.contract(id).site.clone());
    file.map(|file| pairing.head.file_site(file)).or_else(contract)
}

/// How buf knows that an item is gone from its file, and from its package.
pub(super) fn removal_ids(pairing: &Pairing<'_>, at: usize) -> Vec<&'static str> {
    let item = &pairing.base.items[at];
    let (of_file, of_package) = match item.what {
        What::Message => ("MESSAGE_NO_DELETE", "PACKAGE_MESSAGE_NO_DELETE"),
        What::Enum => ("ENUM_NO_DELETE", "PACKAGE_ENUM_NO_DELETE"),
        What::Service => ("SERVICE_NO_DELETE", "PACKAGE_SERVICE_NO_DELETE"),
        _ => ("EXTENSION_NO_DELETE", "PACKAGE_EXTENSION_NO_DELETE"),
    };
    let relative = pairing.base.relative(at);
    let mut ids = Vec::new();
    if let Some(file) = item.file.and_then(|file| pairing.files[file]) {
        let name = join(pairing.head.files[file].package, relative);
        let is_there = pairing.head.named(item.what, &name).iter().any(|at| pairing.head.items[*at].file == Some(file));
        if !is_there {
            ids.push(of_file);
        }
    }
    let package = pairing.base.package(item.contract);
    // Of the last one of its kind, but for services, buf does not say that the package lost it.
    let is_last = item.what != What::Service && !pairing.head.holds(package, item.what);
    if !is_last && !is_dead(pairing, package) && pairing.head.named(item.what, item.name).is_empty() {
        ids.push(of_package);
    }
    ids
}
