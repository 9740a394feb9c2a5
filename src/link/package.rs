//! Which protobuf package a generated symbol was generated from.

use std::collections::{BTreeMap, BTreeSet};

use super::endpoint::distance;
use super::generator;
use super::name::normalised;
use crate::model::contract::{Catalog, Contract, ContractId, ContractKind};
use crate::model::ir::Symbol;
use crate::model::source::{ServiceId, Workspace};
use crate::model::usage::Facts;

/// How a module is tied to a package.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Tie {
    /// Its path has the single word of the package in it, as hand-written modules may have, too.
    Word,
    /// A stub of it is the only one of its name.
    Learned,
    /// The generated code, the package's options, or two or more segments of its path say so.
    Said,
}

/// Where a symbol stands: the package, and the names inside it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Place<'s> {
    /// Packages that share the module; mostly one.
    pub packages: BTreeSet<String>,
    /// Modules and names behind the module of the package, joined by `::`.
    pub rest: &'s str,
    /// How it is known.
    pub tie: Tie,
}

/// Every package, and every module that is known to be generated from one.
pub(super) struct Packages<'a> {
    workspace: &'a Workspace,
    catalog: &'a Catalog,
    contracts: BTreeMap<&'a str, Vec<ContractId>>,
    /// Full module names, as generated code tells.
    bound: BTreeMap<String, BTreeSet<String>>,
    /// Full import paths, as `go_package` tells.
    optioned: BTreeMap<String, BTreeSet<String>>,
    learned: BTreeMap<String, BTreeSet<String>>,
    /// Ends of module paths by their last segment: segments of packages, and of import paths
    /// relative to a module that the option does not name.
    ends: BTreeMap<String, Vec<End>>,
    /// Namespaces whose names a module may use without saying which: `using Shop.V1;`.
    opened: BTreeMap<&'a str, &'a [Symbol]>,
}

struct End {
    segments: Vec<String>,
    package: String,
    /// The name alone is that of a generated module.
    is_generated: bool,
    /// The folders of the file that it is generated from, where these are the segments of the package.
    folders: Vec<String>,
}

impl End {
    /// Whether the path of a module stands in the folders of another package, which begin like those of this one:
    /// `shop/billing/v1/order_pb` was not generated from `shop/orders/v1/order.proto`.
    fn is_of_another(&self, path: &[String]) -> bool {
        let Some(root) = self.folders.first() else { return false };
        let before = path.len().checked_sub(self.folders.len() + 1);
        let Some(stands) = before.and_then(|from| path.get(from..path.len() - 1)) else { return false };
        stands.first() == Some(root) && stands != self.folders
    }
}

impl<'a> Packages<'a> {
    /// Reads the packages of all contracts and the bindings of generated code.
    pub(super) fn new(catalog: &'a Catalog, facts: &'a Facts, workspace: &'a Workspace) -> Self {
        let mut packages = Self {
            workspace,
            catalog,
            contracts: BTreeMap::new(),
            bound: BTreeMap::new(),
            optioned: BTreeMap::new(),
            learned: BTreeMap::new(),
            ends: BTreeMap::new(),
            opened: facts.opened.iter().map(|opened| (opened.module.as_str(), &*opened.namespaces)).collect(),
        };
        for binding in &facts.bindings {
            let known = packages.bound.entry(binding.module.as_str().to_owned()).or_default();
            known.insert(binding.package.clone());
        }
        for (at, contract) in catalog.contracts.iter().enumerate() {
            if contract.kind == ContractKind::Protobuf {
                packages.add(ContractId::at(at), contract);
            }
        }
        packages
    }

    fn add(&mut self, id: ContractId, contract: &'a Contract) {
        let package = contract.title.as_str();
        let copies = self.contracts.entry(package).or_default();
        copies.push(id);
        if copies.len() == 1 {
            self.add_end(package.split('.'), package, None);
        }
        for namespace in generator::namespaces(contract) {
            self.optioned.entry(namespace).or_default().insert(package.to_owned());
        }
        for (module, file) in generator::modules(contract) {
            self.add_end(module.iter().map(String::as_str), package, Some(file));
        }
        for (_, value) in contract.options.iter().filter(|(name, _)| name == "go_package") {
            let path = value.split(';').next().unwrap_or_default().trim_matches(['.', '/']);
            if path.is_empty() {
                continue;
            }
            self.optioned.entry(path.to_owned()).or_default().insert(package.to_owned());
            // Without a host, the path is relative to a folder that the option does not name.
            if !path.split('/').next().unwrap_or_default().contains('.') {
                self.add_end(path.split('/'), package, None);
            }
        }
    }

    /// Adds the end of a path; that of a generated module with the path of its file.
    fn add_end<'p>(&mut self, segments: impl Iterator<Item = &'p str>, package: &str, file: Option<&str>) {
        let segments: Vec<String> = segments.map(normalised).filter(|segment| !segment.is_empty()).collect();
        if let Some(last) = segments.last() {
            let ends = self.ends.entry(last.clone()).or_default();
            let folders = file.and_then(|file| file.rsplit_once('/')).map_or("", |(folders, _)| folders);
            let is_of_package = folders.contains('/') && folders.replace('/', ".") == package;
            let folders = folders.split('/').filter(|_| is_of_package).map(normalised).collect();
            ends.push(End { segments, package: package.to_owned(), is_generated: file.is_some(), folders });
        }
    }

    /// Remembers that the module of a stub was generated from a package.
    pub(super) fn learn(&mut self, stub: &Symbol, package: &str) {
        let module = Symbol::new(stub.parent());
        // tonic puts each client and server into a module of its own beside the messages.
        let (own, name) = (normalised(module.name()), normalised(stub.name()));
        let beside = own.strip_prefix(&name).is_some_and(|rest| matches!(rest, "" | "client" | "server"))
            && !module.parent().is_empty();
        let module = if beside { module.parent() } else { module.as_str() };
        self.learned.entry(module.to_owned()).or_default().insert(package.to_owned());
    }

    /// How far a contract is from a service, least first: drifted copies of one package are all
    /// candidates, and the nearest is meant.
    pub(super) fn distance(&self, contract: ContractId, caller: Option<ServiceId>) -> (u8, &'a str) {
        let name = &self.catalog.contract(contract).id;
        let root = name.split_once('@').map(|(_, root)| root);
        (root.map_or(2, |root| distance(root, caller, self.workspace)), name)
    }

    /// The contracts that declare a package: copies of it, or parts below several roots.
    pub(super) fn contracts(&self, package: &str) -> &[ContractId] {
        self.contracts.get(package).map_or(&[], Vec::as_slice)
    }

    /// The package of the module that a symbol stands in.
    pub(super) fn place<'s>(&self, symbol: &'s Symbol) -> Option<Place<'s>> {
        self.said(symbol)
            .or_else(|| self.place_opened(symbol))
            .or_else(|| place_in(&self.learned, symbol, Tie::Learned))
            .or_else(|| self.place_of_whole(symbol))
            .or_else(|| self.place_by_path(symbol))
    }

    fn said<'s>(&self, symbol: &'s Symbol) -> Option<Place<'s>> {
        (place_in(&self.bound, symbol, Tie::Said))
            .or_else(|| place_in(&self.optioned, symbol, Tie::Said))
            .or_else(|| self.place_by_path(symbol).filter(|place| place.tie == Tie::Said))
    }

    /// The package of a name that stands under the user's own module, since the file does not say which of
    /// the namespaces it opens has it.
    fn place_opened<'s>(&self, symbol: &'s Symbol) -> Option<Place<'s>> {
        let text = symbol.as_str();
        text.rmatch_indices("::").find_map(|(at, _)| {
            let namespaces = self.opened.get(text.get(..at)?)?;
            let rest = text.get(at + 2..)?;
            let places = namespaces.iter().filter_map(|namespace| {
                let found = namespace.join(rest);
                let place = self.said(&found).or_else(|| self.place_of_whole(&found))?;
                let rest = text.get(text.len().checked_sub(place.rest.len())?..)?;
                Some(Place { packages: place.packages, rest, tie: place.tie })
            });
            // Any of those that lead as far may have it.
            places.reduce(|mut first, other| {
                if first.rest == other.rest {
                    first.packages.extend(other.packages);
                    first.tie = first.tie.min(other.tie);
                }
                first
            })
        })
    }

    /// The package whose segments are all those of the module that a symbol stands in.
    fn place_of_whole<'s>(&self, symbol: &'s Symbol) -> Option<Place<'s>> {
        let place = self.place_by_path(symbol)?;
        let is_whole = |package: &String| {
            let module = symbol.as_str().strip_suffix(place.rest).unwrap_or_default();
            normalised(&module.replace("::", "")) == normalised(&package.replace('.', ""))
        };
        place.packages.iter().any(is_whole).then_some(Place { tie: Tie::Learned, ..place })
    }

    /// The longest package, or relative import path, whose segments stand in the path in a row;
    /// of equally long ones the innermost.
    fn place_by_path<'s>(&self, symbol: &'s Symbol) -> Option<Place<'s>> {
        let (names, ends) = path_segments(symbol.parent());
        let candidates = || {
            names.iter().zip(&ends).enumerate().flat_map(|(at, (last, end))| {
                let path = names.get(..=at).unwrap_or_default();
                let known = self.ends.get(last).into_iter().flatten();
                let fits = known.filter(move |it| path.ends_with(&it.segments) && !it.is_of_another(path));
                fits.map(|known| ((known.segments.len() + usize::from(known.is_generated), *end), &known.package))
            })
        };
        let (length, end) = candidates().map(|(rank, _)| rank).max()?;
        let packages = candidates().filter(|(rank, _)| *rank == (length, end)).map(|(_, package)| package.clone());
        let (_, rest) = symbol.as_str().get(end..)?.split_once("::")?;
        let tie = if length >= 2 { Tie::Said } else { Tie::Word };
        Some(Place { packages: packages.collect(), rest, tie })
    }
}

/// The segments of a module's path, normalised, and where each ends in it.
fn path_segments(module: &str) -> (Vec<String>, Vec<usize>) {
    let mut from = 0;
    let segments = module.split([':', '/']).map(|segment| {
        let end = from + segment.len();
        from = end + 1;
        (normalised(segment), end)
    });
    segments.filter(|(segment, _)| !segment.is_empty()).unzip()
}

/// The longest module that a symbol stands in.
fn place_in<'s>(known: &BTreeMap<String, BTreeSet<String>>, symbol: &'s Symbol, tie: Tie) -> Option<Place<'s>> {
    let text = symbol.as_str();
    text.rmatch_indices("::").find_map(|(at, _)| {
        let packages = known.get(text.get(..at)?)?.clone();
        Some(Place { packages, rest: text.get(at + 2..)?, tie })
    })
}
