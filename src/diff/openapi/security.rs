//! Who has to prove what.
//!
//! An operation lets a request in that satisfies one of its alternatives; an alternative asks for all of its
//! schemes, each with all of its scopes. A change breaks if somebody who was let in is not any more: if some
//! old alternative includes no new one. What a scheme is called does not matter, what it asks for does.

use super::envelope::{Around, Both, Walk};
use crate::model::change::{ChangeKind, Spot, What};
use crate::model::contract::{Contract, Requirement, SchemeKind, SecurityScheme};

impl Walk<'_> {
    pub(super) fn security(&mut self, both: Both<'_>) {
        let old = alternatives(self.sides.base.contract(both.old.contract), both.old.security.as_deref());
        let new = alternatives(self.sides.head.contract(both.new.contract), both.new.security.as_deref());
        let is_within = |inner: &[Proof], outer: &[Proof]| inner.iter().all(|proof| outer.contains(proof));
        let narrows = |from: &[Vec<Proof>], to: &[Vec<Proof>]| {
            from.iter().any(|had| !to.iter().any(|asked| is_within(asked, had)))
        };
        let (tighter, looser) = (narrows(&old, &new), narrows(&new, &old));
        if !tighter && !looser {
            return;
        }
        // Where the names stay, what they stand for tells the difference.
        let are_described = both.old.security == both.new.security;
        let said = |contract: &Contract, requirements: Option<&[Requirement]>| {
            let schemes = if are_described { contract.security_schemes.as_slice() } else { &[] };
            requirements.map_or_else(|| "nothing".to_owned(), |requirements| written(requirements, schemes))
        };
        let [old, new] = [(self.sides.base, both.old), (self.sides.head, both.new)].map(|(catalog, operation)| {
            let said = said(catalog.contract(operation.contract), operation.security.as_deref());
            Some(Spot::with(operation.site.clone(), said))
        });
        let kind = if tighter { ChangeKind::SecurityTightened } else { ChangeKind::Loosened };
        let alias = alias(both.old.security.as_deref(), both.new.security.as_deref(), tighter);
        self.add(
            both,
            Around {
                facet: "security",
                old,
                new,
                breaks: tighter,
                alias,
                ..Around::new(kind, What::Operation, &both.old.key, both.request())
            },
        );
    }
}

/// The id of oasdiff, which goes by the names of the schemes.
fn alias(old: Option<&[Requirement]>, new: Option<&[Requirement]>, tighter: bool) -> &'static str {
    if old == new {
        return "api-security-component-type-changed";
    }
    let names = |requirements: Option<&[Requirement]>| -> Vec<Vec<String>> {
        let of_each = |it: &Requirement| it.iter().map(|(name, _)| name.clone()).collect();
        requirements.unwrap_or_default().iter().map(of_each).collect()
    };
    let (old, new) = (names(old), names(new));
    let is_added = new.iter().any(|one| !old.contains(one));
    let is_removed = old.iter().any(|one| !new.contains(one));
    match (is_added, is_removed) {
        (true, true) if tighter => "api-security-added",
        (true, false) => "api-security-added",
        (_, true) => "api-security-removed",
        (false, false) if tighter => "api-security-scope-added",
        (false, false) => "api-security-scope-removed",
    }
}

/// One thing that an alternative asks for: a scheme by what it is, or one of its scopes.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Proof {
    Scheme(SchemeKind),
    /// A scheme that the contract does not declare, by its name.
    Named(String),
    Scope(String),
}

fn alternatives(contract: &Contract, requirements: Option<&[Requirement]>) -> Vec<Vec<Proof>> {
    let Some(requirements) = requirements.filter(|all| !all.is_empty()) else { return vec![Vec::new()] };
    let proofs = |requirement: &Requirement| {
        let of_scheme = |(name, scopes): &(String, Vec<String>)| {
            let scheme = contract.security_schemes.iter().find(|scheme| scheme.name == *name);
            let kind =
                scheme.map_or_else(|| Proof::Named(name.clone()), |scheme| Proof::Scheme(identity(&scheme.kind)));
            std::iter::once(kind).chain(scopes.iter().cloned().map(Proof::Scope)).collect::<Vec<_>>()
        };
        requirement.iter().flat_map(of_scheme).collect()
    };
    requirements.iter().map(proofs).collect()
}

/// What a client has to know of a scheme: where tokens of OAuth are fetched, and which scopes there are,
/// is another matter.
fn identity(kind: &SchemeKind) -> SchemeKind {
    match kind {
        SchemeKind::OAuth2 { .. } => SchemeKind::OAuth2 { flows: Vec::new() },
        SchemeKind::ApiKey { place, name } => SchemeKind::ApiKey { place: *place, name: name.to_ascii_lowercase() },
        other => other.clone(),
    }
}

/// `bearer (read, write) or key and session`, each with what it is if that is among the `schemes`.
fn written(requirements: &[Requirement], schemes: &[SecurityScheme]) -> String {
    let scheme = |(name, scopes): &(String, Vec<String>)| {
        let kind = schemes.iter().find(|scheme| scheme.name == *name).map(|scheme| scheme.kind.to_string());
        let known = kind.into_iter().chain(scopes.iter().cloned()).collect::<Vec<_>>();
        if known.is_empty() { name.clone() } else { format!("{name} ({})", known.join(", ")) }
    };
    let alternative = |requirement: &Requirement| {
        if requirement.is_empty() {
            return "nothing".to_owned();
        }
        requirement.iter().map(scheme).collect::<Vec<_>>().join(" and ")
    };
    if requirements.is_empty() {
        return "nothing".to_owned();
    }
    requirements.iter().map(alternative).collect::<Vec<_>>().join(" or ")
}
