//! Symbol of a generated type <-> protobuf message.

use std::collections::BTreeMap;

use super::name::normalised;
use super::package::{Packages, Tie};
use crate::model::contract::{Catalog, ContractId, ContractKind, FieldRef, MessageId, Shape};
use crate::model::ir::Symbol;
use crate::model::map::Confidence;
use crate::model::source::ServiceId;

/// A generated type, tied to its message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct TypeLink {
    /// The message whose fields the type has.
    pub message: MessageId,
    /// The type has only the members of this oneof: one of its fields.
    pub oneof: Option<FieldRef>,
    /// How sure.
    pub confidence: Confidence,
}

/// Every protobuf message by the name that generators may give it.
pub(super) struct Types<'a> {
    packages: &'a Packages<'a>,
    /// By contract and normalised path in the package.
    names: BTreeMap<(ContractId, String), Vec<Named<'a>>>,
    known: BTreeMap<(Option<ServiceId>, Symbol), Option<TypeLink>>,
}

#[derive(Clone, Copy)]
struct Named<'a> {
    message: MessageId,
    oneof: Option<FieldRef>,
    /// Path of the message in its package, with the name of the oneof or its member behind.
    path: &'a str,
    last: Option<&'a str>,
    /// Of what a oneof's member holds, the member: `shape::Form::Polygon`.
    member: Option<&'a str>,
}

impl<'a> Types<'a> {
    /// Reads every message.
    pub(super) fn new(catalog: &'a Catalog, packages: &'a Packages<'a>) -> Self {
        let mut types = Self { packages, names: BTreeMap::new(), known: BTreeMap::new() };
        for (id, message) in catalog.messages() {
            let contract = catalog.contract(message.contract);
            if contract.kind != ContractKind::Protobuf {
                continue;
            }
            let name = message.name.as_str();
            let path = name.strip_prefix(&contract.title).and_then(|rest| rest.strip_prefix('.')).unwrap_or(name);
            types.add(message.contract, Named { message: id, oneof: None, path, last: None, member: None });
            for (at, field) in (0..).zip(&message.fields) {
                let Some(oneof) = &field.oneof else { continue };
                let member = Some(FieldRef { message: id, index: at });
                // Rust has an enum per oneof, Go a type per member.
                for last in [oneof, &field.name] {
                    let named = Named { message: id, oneof: member, path, last: Some(last), member: None };
                    types.add(message.contract, named);
                }
                if let Shape::Message(held) = field.shape {
                    let named =
                        Named { message: held, oneof: None, path, last: Some(oneof), member: Some(&field.name) };
                    types.add(message.contract, named);
                }
            }
        }
        types
    }

    fn add(&mut self, contract: ContractId, named: Named<'a>) {
        let mut key = normalised(&named.path.replace('.', ""));
        named.last.iter().chain(&named.member).for_each(|name| key.push_str(&normalised(name)));
        self.names.entry((contract, key)).or_default().push(named);
    }

    /// The message that a type was generated from.
    pub(super) fn link(&mut self, owner: &Symbol, user: Option<ServiceId>) -> Option<TypeLink> {
        let key = (user, owner.clone());
        if let Some(known) = self.known.get(&key) {
            return *known;
        }
        let found = self.find(owner, user);
        self.known.insert(key, found);
        found
    }

    fn find(&self, owner: &Symbol, user: Option<ServiceId>) -> Option<TypeLink> {
        let place = self.packages.place(owner)?;
        let confidence = match place.tie {
            Tie::Said => Confidence::Certain,
            Tie::Learned => Confidence::Likely,
            // `shop::profile::Profile` is more often written by hand than generated from `profile`.
            Tie::Word => return None,
        };
        let mut found = None;
        for package in &place.packages {
            let Some(named) = self.in_package(package, place.rest, user) else { continue };
            if found.is_some() {
                return None; // two packages in one module have it
            }
            found = Some(TypeLink { message: named.message, oneof: named.oneof, confidence });
        }
        found
    }

    fn in_package(&self, package: &str, rest: &str, user: Option<ServiceId>) -> Option<Named<'a>> {
        // C# puts nested messages into a class `Types`.
        let rest = &rest.replace("::Types::", "::");
        let name = normalised(&rest.replace("::", ""));
        let mut contracts = self.packages.contracts(package).to_vec();
        contracts.sort_by_key(|id| self.packages.distance(*id, user));
        contracts.into_iter().find_map(|id| {
            let named = self.names.get(&(id, name.clone()))?;
            pick(named, rest)
        })
    }
}

/// Of several that read alike without their separators (`A.BC`, `AB.C`, a member `C` of `AB`) the
/// one whose parts are those of the symbol; messages before members of oneofs.
fn pick<'a>(named: &[Named<'a>], rest: &str) -> Option<Named<'a>> {
    let parts = |text: &str, separator| text.split(separator).map(normalised).collect::<Vec<_>>();
    let path = |named: &Named<'_>| {
        let mut path = parts(named.path, ".");
        path.extend(named.last.iter().chain(&named.member).map(|name| normalised(name)));
        path
    };
    // Go joins the names of nested types by `_`, TypeScript too, though a oneof is nested; all others nest.
    let spellings = [parts(rest, "_"), parts(rest, "::"), parts(&rest.replace("::", "_"), "_")];
    let exact = |is_message: bool| {
        let of_sort = move |named: &&Named<'_>| named.oneof.is_none() == is_message;
        let matching = |spelling: &Vec<String>| named.iter().filter(of_sort).find(|named| path(named) == *spelling);
        spellings.iter().find_map(matching)
    };
    exact(true)
        .or_else(|| exact(false))
        .or_else(|| named.iter().find(|named| named.oneof.is_none() && named.member.is_none()))
        .or_else(|| named.iter().find(|named| named.member.is_none()))
        .copied()
}
