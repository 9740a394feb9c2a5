//! What the protobuf contracts of one revision declare, in one list.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::change::{Ids, What};
use crate::model::contract::{Catalog, Contract, ContractId, ContractKind, Enum, Extension, MessageId, OperationId};
use crate::model::contract::{ProtoFile, Protocol};
use crate::model::source::{Site, Span};

/// One revision.
pub(super) struct Listing<'a> {
    pub(super) catalog: &'a Catalog,
    /// Messages, enumerations, services and extensions, each before those nested in it.
    pub(super) items: Vec<Item<'a>>,
    pub(super) files: Vec<File<'a>>,
    /// Packages with their contracts.
    pub(super) packages: BTreeMap<&'a str, Vec<ContractId>>,
    /// The rpcs of services by index of the service and name.
    pub(super) rpcs: BTreeMap<(usize, &'a str), OperationId>,
    /// HTTP bindings by rpc.
    pub(super) bindings: BTreeMap<OperationId, Vec<OperationId>>,
    names: BTreeMap<What, BTreeMap<&'a str, Vec<usize>>>,
    /// What kinds of items there are in each package.
    kinds: BTreeSet<(&'a str, What)>,
}

/// Something with a full name.
pub(super) struct Item<'a> {
    pub(super) what: What,
    pub(super) name: &'a str,
    pub(super) contract: ContractId,
    /// Index in [`Listing::files`].
    pub(super) file: Option<usize>,
    /// The message it is declared in.
    pub(super) parent: Option<usize>,
    pub(super) site: &'a Site,
    pub(super) body: Body<'a>,
}

/// Where the rest of an item is to be found.
#[derive(Clone, Copy)]
pub(super) enum Body<'a> {
    Message(MessageId),
    Enum(&'a Enum),
    Service,
    Extension(&'a Extension),
}

/// A file, and the contract it belongs to.
pub(super) struct File<'a> {
    pub(super) contract: ContractId,
    pub(super) package: &'a str,
    pub(super) proto: &'a ProtoFile,
    /// Everything that it declares, by index in [`Listing::items`].
    pub(super) items: Vec<usize>,
}

impl<'a> Listing<'a> {
    pub(super) fn new(catalog: &'a Catalog) -> Self {
        let mut listing = Self {
            catalog,
            items: Vec::new(),
            files: Vec::new(),
            packages: BTreeMap::new(),
            rpcs: BTreeMap::new(),
            bindings: BTreeMap::new(),
            names: BTreeMap::new(),
            kinds: BTreeSet::new(),
        };
        let first_files = listing.add_files();
        let file_of = |contract: ContractId, place: u32| {
            let first = first_files.get(&contract)?;
            let count = catalog.contract(contract).proto_files.len();
            (usize::try_from(place).ok()? < count).then_some(first + place as usize)
        };
        listing.add_types(&file_of);
        listing.add_services();
        listing.nest();
        listing
    }

    /// The index of the first file of each contract.
    fn add_files(&mut self) -> BTreeMap<ContractId, usize> {
        let mut first = BTreeMap::new();
        for (at, contract) in self.catalog.contracts.iter().enumerate() {
            if contract.kind != ContractKind::Protobuf {
                continue;
            }
            let id = ContractId::at(at);
            let package = package_of(contract);
            self.packages.entry(package).or_default().push(id);
            first.insert(id, self.files.len());
            self.files.extend(contract.proto_files.iter().map(|file| File {
                contract: id,
                package,
                proto: file,
                items: Vec::new(),
            }));
        }
        first
    }

    fn add_types(&mut self, file_of: &dyn Fn(ContractId, u32) -> Option<usize>) {
        let catalog = self.catalog;
        let is_protobuf = |contract: ContractId| catalog.contract(contract).kind == ContractKind::Protobuf;
        for (id, message) in catalog.messages().filter(|(_, message)| is_protobuf(message.contract)) {
            let file = message.proto.as_ref().and_then(|proto| file_of(message.contract, proto.file));
            self.add(What::Message, &message.name, message.contract, file, &message.site, Body::Message(id));
        }
        for declared in &catalog.enums {
            let file = file_of(declared.contract, declared.file);
            self.add(What::Enum, &declared.name, declared.contract, file, &declared.site, Body::Enum(declared));
        }
        for at in 0..self.files.len() {
            let (contract, file) = (self.files[at].contract, self.files[at].proto);
            for extension in &file.extensions {
                let body = Body::Extension(extension);
                self.add(What::Extension, &extension.name, contract, Some(at), &extension.field.site, body);
            }
            for service in &file.services {
                self.add(What::Service, &service.name, contract, Some(at), &service.site, Body::Service);
            }
        }
    }

    fn add_services(&mut self) {
        let catalog = self.catalog;
        let mut known: BTreeMap<(ContractId, &str), usize> = BTreeMap::new();
        for (at, item) in self.items.iter().enumerate().filter(|(_, item)| item.what == What::Service) {
            known.entry((item.contract, item.name)).or_insert(at);
        }
        for (id, operation) in catalog.operations() {
            if let Some(binding) = &operation.binding {
                self.bindings.entry(binding.rpc).or_default().push(id);
            }
            let Protocol::Rpc { service, method, .. } = &operation.protocol else { continue };
            let at = *known.entry((operation.contract, service)).or_insert_with(|| {
                self.add(What::Service, service, operation.contract, None, &operation.site, Body::Service)
            });
            self.rpcs.entry((at, method)).or_insert(id);
        }
    }

    fn add(
        &mut self,
        what: What,
        name: &'a str,
        contract: ContractId,
        file: Option<usize>,
        site: &'a Site,
        body: Body<'a>,
    ) -> usize {
        let at = self.items.len();
        self.items.push(Item { what, name, contract, file, parent: None, site, body });
        self.kinds.insert((self.package(contract), what));
        self.names.entry(what).or_default().entry(name).or_default().push(at);
        if let Some(file) = file.and_then(|file| self.files.get_mut(file)) {
            file.items.push(at);
        }
        at
    }

    /// Finds the message that each item stands in.
    fn nest(&mut self) {
        for at in 0..self.items.len() {
            let Item { name, contract, what, .. } = self.items[at];
            let outer = name.rsplit_once('.').filter(|_| what != What::Service);
            self.items[at].parent = outer.and_then(|(outer, _)| self.find_in(What::Message, outer, contract));
        }
    }

    /// Every item of this kind and name.
    pub(super) fn named(&self, what: What, name: &str) -> &[usize] {
        self.names.get(&what).and_then(|names| names.get(name)).map(Vec::as_slice).unwrap_or_default()
    }

    fn find_in(&self, what: What, name: &str, contract: ContractId) -> Option<usize> {
        self.named(what, name).iter().copied().find(|at| self.items[*at].contract == contract)
    }

    /// The item of this kind and name, that of the contract first.
    pub(super) fn find(&self, what: What, name: &str, contract: Option<ContractId>) -> Option<usize> {
        let own = contract.and_then(|contract| self.find_in(what, name, contract));
        own.or_else(|| self.named(what, name).first().copied())
    }

    /// The package of a contract.
    pub(super) fn package(&self, contract: ContractId) -> &'a str {
        package_of(self.catalog.contract(contract))
    }

    /// Whether a package has anything of this kind.
    pub(super) fn holds(&self, package: &str, what: What) -> bool {
        self.kinds.contains(&(package, what))
    }

    /// The name of an item below its package.
    pub(super) fn relative(&self, at: usize) -> &'a str {
        let Item { name, contract, .. } = self.items[at];
        let inside = name.strip_prefix(self.package(contract)).and_then(|rest| rest.strip_prefix('.'));
        inside.unwrap_or(name)
    }

    /// Ids of an item.
    pub(super) fn ids(&self, at: usize) -> Ids {
        let item = &self.items[at];
        match item.body {
            Body::Message(id) => Ids::message(item.contract, id),
            Body::Enum(_) | Body::Service | Body::Extension(_) => Ids::contract(item.contract),
        }
    }

    /// Where a file says what it is.
    pub(super) fn file_site(&self, at: usize) -> Site {
        let file = self.files[at].proto;
        let stated = file.package_site.as_ref().or(file.syntax_site.as_ref()).cloned();
        stated.unwrap_or(Site::Span(Span::new(file.file, 0, 0)))
    }
}

/// The package of a contract; empty if its file names none.
fn package_of(contract: &Contract) -> &str {
    let is_named =
        contract.proto_files.is_empty() || contract.proto_files.iter().any(|file| file.package_site.is_some());
    if is_named { &contract.title } else { "" }
}

/// A name in a package.
pub(super) fn join(package: &str, name: &str) -> String {
    if package.is_empty() { name.to_owned() } else { format!("{package}.{name}") }
}
