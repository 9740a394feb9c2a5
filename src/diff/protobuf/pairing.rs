//! What of Base is what of Head: files by path, everything else by its full name.
//!
//! A package that was renamed takes along all that is in it, so that what changed beside the name
//! still shows.

use std::collections::{BTreeMap, BTreeSet};

use super::listing::{Body, File, Item, Listing, join};
use super::renames;
use crate::diff::pair::Pairs;
use crate::model::change::{Sides, What};
use crate::model::contract::{ContractId, Enum, Message, MessageId, OperationId};

/// Both revisions, paired.
pub(super) struct Pairing<'a> {
    pub(super) base: Listing<'a>,
    pub(super) head: Listing<'a>,
    /// By file of Base: the file of the same path.
    pub(super) files: Vec<Option<usize>>,
    /// By item of Base.
    pub(super) items: Vec<Option<Partner>>,
    /// By file of Base: the package that its declarations went to.
    pub(super) moved: BTreeMap<usize, &'a str>,
    /// By contract of Base: contracts of Head that may be it, likeliest first.
    partners: Vec<Vec<ContractId>>,
    /// Full names in Base of what is called something else in Head.
    renamed: BTreeMap<(What, &'a str), &'a str>,
    /// Items of Head that continue one of Base.
    taken: BTreeSet<usize>,
}

/// What an item of Base is in Head.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Partner {
    /// Index of the item.
    pub(super) item: usize,
    /// It has another full name, and was found by what it is made of.
    pub(super) renamed: bool,
}

impl<'a> Pairing<'a> {
    pub(super) fn new(sides: Sides<'a>, pairs: &Pairs) -> Self {
        let (base, head) = rayon::join(|| Listing::new(sides.base), || Listing::new(sides.head));
        let partners: Vec<Vec<ContractId>> =
            (0..sides.base.contracts.len()).map(|at| pairs.contracts(ContractId::at(at)).to_vec()).collect();
        let mut pairing = Self {
            files: Vec::new(),
            items: vec![None; base.items.len()],
            moved: BTreeMap::new(),
            partners,
            renamed: BTreeMap::new(),
            taken: BTreeSet::new(),
            base,
            head,
        };
        pairing.pair_files();
        pairing.pair_namesakes();
        pairing.moved = renames::packages(&pairing);
        pairing.pair_renamed();
        for (old, new) in renames::types(&pairing) {
            pairing.tie(old, new, true);
        }
        for (old, new) in renames::elsewhere(&pairing) {
            pairing.tie(old, new, true);
        }
        pairing
    }

    /// By path: of several the one below the same root, then the one in a contract that is the same. Modules of one
    /// repository may have files of one path, even in one package.
    fn pair_files(&mut self) {
        let mut by_path: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (at, file) in self.head.files.iter().enumerate() {
            by_path.entry(&file.proto.path).or_default().push(at);
        }
        self.files = vec![None; self.base.files.len()];
        let mut claimed = BTreeSet::new();
        let distance = |old: &File<'_>, new: &File<'_>| match () {
            () if old.proto.root == new.proto.root => 0,
            () if self.partners[old.contract.index()].contains(&new.contract) => 1,
            () => 2,
        };
        for near in 0..=2 {
            for (old, partner) in self.base.files.iter().zip(&mut self.files).filter(|(_, partner)| partner.is_none()) {
                let candidates = by_path.get(old.proto.path.as_str()).into_iter().flatten().copied();
                let mut free = candidates.filter(|at| !claimed.contains(at));
                *partner = free.find(|at| distance(old, &self.head.files[*at]) == near);
                claimed.extend(*partner);
            }
        }
        self.pair_files_of_other_roots();
    }

    /// Paths count from a root that is guessed from packages and imports, and so may do from another one.
    fn pair_files_of_other_roots(&mut self) {
        let taken: BTreeSet<usize> = self.files.iter().flatten().copied().collect();
        let free: Vec<usize> = (0..self.head.files.len()).filter(|at| !taken.contains(at)).collect();
        let is_end = |long: &str, short: &str| long.strip_suffix(short).is_some_and(|rest| rest.ends_with('/'));
        for old in 0..self.files.len() {
            if self.files[old].is_some() {
                continue;
            }
            let path = &self.base.files[old].proto.path;
            let is_alike = |new: &&usize| {
                let other = &self.head.files[**new].proto.path;
                is_end(path, other) || is_end(other, path)
            };
            let mut alike = free.iter().filter(is_alike);
            if let (Some(only), None) = (alike.next(), alike.next()) {
                self.files[old] = Some(*only);
            }
        }
    }

    /// By full name: in the same file, or in a contract that is the same; else one of that name which nothing else
    /// continues.
    fn pair_namesakes(&mut self) {
        let exact = |item: &Item<'_>| {
            let found = self.head.named(item.what, item.name);
            if let [_, _, ..] = found
                && let Some(file) = item.file.and_then(|file| self.files[file])
                && let Some(same) = found.iter().copied().find(|at| self.head.items[*at].file == Some(file))
            {
                return Some(same);
            }
            let partners = &self.partners[item.contract.index()];
            partners
                .iter()
                .find_map(|partner| found.iter().copied().find(|at| self.head.items[*at].contract == *partner))
        };
        let found: Vec<Option<usize>> = self.base.items.iter().map(exact).collect();
        for (old, new) in found.into_iter().enumerate() {
            if let Some(new) = new {
                self.tie(old, new, false);
            }
        }
        for old in 0..self.base.items.len() {
            let Item { what, name, .. } = self.base.items[old];
            let free =
                |pairing: &Self| pairing.head.named(what, name).iter().copied().find(|at| !pairing.taken.contains(at));
            if let Some(new) = free(self).filter(|_| self.items[old].is_none()) {
                self.tie(old, new, false);
            }
        }
    }

    /// What is below its package called as before.
    fn pair_renamed(&mut self) {
        for old in 0..self.base.items.len() {
            let item = &self.base.items[old];
            let package = item.file.and_then(|file| self.moved.get(&file));
            let Some(package) = package.filter(|_| self.items[old].is_none()) else { continue };
            let name = join(package, self.base.relative(old));
            let new = self.head.named(item.what, &name).iter().copied().find(|at| !self.taken.contains(at));
            if let Some(new) = new {
                self.tie(old, new, true);
            }
        }
    }

    fn tie(&mut self, old: usize, new: usize, renamed: bool) {
        self.items[old] = Some(Partner { item: new, renamed });
        self.taken.insert(new);
        if renamed {
            let item = &self.base.items[old];
            self.renamed.insert((item.what, item.name), self.head.items[new].name);
        }
    }

    /// Whether an item of Head continues one of Base.
    pub(super) fn is_taken(&self, head: usize) -> bool {
        self.taken.contains(&head)
    }

    /// Whether a type of Head is the one of Base, under whatever name.
    pub(super) fn is_same_type(&self, what: What, old: &str, new: &str) -> bool {
        old == new || self.renamed.get(&(what, old)).is_some_and(|renamed| *renamed == new)
    }

    /// The contract that continues one of Base.
    pub(super) fn contract(&self, base: ContractId) -> Option<ContractId> {
        self.partners.get(base.index())?.first().copied()
    }

    /// The rpc of this name in what continues a service of Base: there, or in a copy below another root.
    pub(super) fn rpc(&self, service: usize, method: &str) -> Option<OperationId> {
        let partner = self.items[service]?.item;
        let in_service = |service: usize| self.head.rpcs.get(&(service, method)).copied();
        let partners = &self.partners[self.base.items[service].contract.index()];
        let copies = self.head.named(What::Service, self.head.items[partner].name).iter().copied();
        let mut copies = copies.filter(|copy| partners.contains(&self.head.items[*copy].contract));
        in_service(partner).or_else(|| copies.find_map(in_service))
    }
}

impl<'a> Listing<'a> {
    /// The enumeration of this name, that of the contract first.
    pub(super) fn enumeration(&self, name: &str, contract: ContractId) -> Option<&'a Enum> {
        match self.items[self.find(What::Enum, name, Some(contract))?].body {
            Body::Enum(declared) => Some(declared),
            _ => None,
        }
    }

    /// The message of this name, that of the contract first.
    pub(super) fn message(&self, name: &str, contract: ContractId) -> Option<(MessageId, &'a Message)> {
        match self.items[self.find(What::Message, name, Some(contract))?].body {
            Body::Message(id) => Some((id, self.catalog.message(id))),
            _ => None,
        }
    }
}
