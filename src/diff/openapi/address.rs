//! Where an operation is reached: its method, its path, and the base path of its servers.
//!
//! Hosts are no part of it. A contract is often served at others than it lists, and which one a consumer calls is
//! a matter of its deployment; the path behind the host is in its code.

use std::borrow::Cow;

use rustc_hash::FxHashSet;

use super::envelope::{Around, Both, Walk};
use crate::diff::pair::nameless;
use crate::model::change::{ChangeKind, Spot, What};
use crate::model::contract::{Catalog, Contract, Operation, Protocol};
use crate::model::finding::Level;

impl Walk<'_> {
    /// Callers break if they asked for a method and path that are not there any more.
    pub(super) fn address(&mut self, both: Both<'_>) {
        let [old, new] = [self.bases[0].paths(both.old).to_vec(), self.bases[1].paths(both.new).to_vec()];
        if nameless(both.old) == nameless(both.new) {
            if old.iter().any(|path| !new.contains(path)) {
                self.based(both, &old, &new);
            }
        } else if !is_same_address((&old, both.old), (&new, both.new)) {
            self.moved(both);
        }
    }

    fn moved(&mut self, both: Both<'_>) {
        let (Protocol::Http { method, path }, Protocol::Http { method: its, path: other }) =
            (&both.old.protocol, &both.new.protocol)
        else {
            return;
        };
        let (facet, old, new) = match (method == its, path == other) {
            (true, _) => ("path", path, other),
            (false, true) => ("method", method, its),
            (false, false) => ("method and path", &both.old.key, &both.new.key),
        };
        self.add(
            both,
            Around {
                facet,
                old: Some(Spot::with(both.old.site.clone(), old)),
                new: Some(Spot::with(both.new.site.clone(), new)),
                alias: self.paths.removal(both.old, Some(both.new.contract)).unwrap_or_default(),
                ..Around::new(ChangeKind::OperationMoved, What::Operation, &both.old.key, both.request())
            },
        );
    }

    /// Another base path. Servers are often written without care, so this is a warning.
    fn based(&mut self, both: Both<'_>, old: &[String], new: &[String]) {
        let shown = |paths: &[String]| {
            let shown: Vec<&str> = paths.iter().map(|path| if path.is_empty() { "/" } else { path }).collect();
            shown.join(", ")
        };
        let (base, head) = (self.sides.base.contract(both.old.contract), self.sides.head.contract(both.new.contract));
        let is_of_contract = both.old.servers.is_empty() && both.new.servers.is_empty();
        let (what, name, sites) = if is_of_contract {
            (What::Contract, &base.title, (&base.site, &head.site))
        } else {
            (What::Operation, &both.old.key, (&both.old.site, &both.new.site))
        };
        self.add(
            both,
            Around {
                facet: "base path",
                old: Some(Spot::with(sites.0.clone(), shown(old))),
                new: Some(Spot::with(sites.1.clone(), shown(new))),
                level: Some(Level::Warning),
                ..Around::new(ChangeKind::OperationMoved, what, name, both.request())
            },
        );
    }
}

/// Whether path and base path changed so that both together are what they were.
fn is_same_address(old: (&[String], &Operation), new: (&[String], &Operation)) -> bool {
    let whole = |(bases, operation): (&[String], &Operation)| -> Vec<String> {
        let key = nameless(operation).unwrap_or_default();
        let (method, path) = key.split_once(' ').unwrap_or_default();
        bases.iter().map(|base| format!("{method} {base}{path}")).collect()
    };
    let after = whole(new);
    whole(old).iter().all(|address| after.contains(address))
}

/// Where the paths of one contract begin.
pub(super) struct Bases {
    /// Of operations that list no servers of their own.
    of_contract: Vec<String>,
}

impl Bases {
    pub(super) fn of(catalog: &Catalog, contract: &Contract) -> Self {
        let operations = catalog.operations_of(contract);
        // The contract lists those of its operations as well.
        let of_some: FxHashSet<&String> = operations.iter().flat_map(|it| &it.servers).collect();
        Self { of_contract: base_paths(contract.servers.iter().filter(|url| !of_some.contains(url))) }
    }

    /// The paths at which that of an operation begins, sorted; one without a `/` at its end for each server.
    pub(super) fn paths(&self, operation: &Operation) -> Cow<'_, [String]> {
        if operation.servers.is_empty() {
            Cow::Borrowed(&self.of_contract)
        } else {
            Cow::Owned(base_paths(operation.servers.iter()))
        }
    }
}

fn base_paths<'s>(servers: impl Iterator<Item = &'s String>) -> Vec<String> {
    let paths: Vec<&str> = servers.map(|url| path_of(url)).collect();
    // Of a template with variables what they may be is listed as well.
    let are_filled = paths.iter().any(|path| !path.contains('{'));
    let mut paths: Vec<String> =
        paths.into_iter().filter(|path| !are_filled || !path.contains('{')).map(str::to_owned).collect();
    if paths.is_empty() {
        paths.push(String::new());
    }
    paths.sort();
    paths.dedup();
    paths
}

/// `/v1` of `https://example.com/v1/`, and of `/v1`.
fn path_of(url: &str) -> &str {
    let behind = url.split_once("://").map_or(url, |(_, rest)| rest.find('/').map_or("", |at| &rest[at..]));
    behind.split(['?', '#']).next().unwrap_or_default().trim_end_matches('/')
}
