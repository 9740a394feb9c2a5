//! Follows values through client code: the abstract interpreter and what is made of it.
//!
//! [`evaluate`] splits the modules into units of code that may know each other (one language, one
//! set of packages that import each other), follows each unit with [`interp::Interp`], and gathers
//! [`Facts`]. Knowledge of libraries comes from `rules/clients` alone, see [`library`].

mod gather;
mod interp;
mod library;
mod object;
mod order;
mod origins;
mod program;
mod reach;
mod relevant;
mod repeating;
mod retry;
mod routes;
#[cfg(test)]
mod tests;
mod types;
mod units;
mod value;

use std::collections::{BTreeMap, BTreeSet};
use std::hash::{Hash, Hasher};

use indexmap::{Equivalent, IndexMap, IndexSet};
use rayon::prelude::*;
use rustc_hash::FxBuildHasher;

use crate::model::contract::{Catalog, Protocol};
use crate::model::ir::{Module, Symbol, walk};
use crate::model::library::DescriptorText;
use crate::model::problem::{Problem, ProblemKind};
use crate::model::source::{FileId, Language, Workspace};
use crate::model::usage::Facts;
use library::Libraries;

pub use library::{built_in as libraries, check as check_library};

/// What is looked up by long names that begin alike, which are slow to compare; its order is that in which
/// they came.
type Table<K, V> = IndexMap<K, V, FxBuildHasher>;

/// What is kept once, in the order in which it came.
type Set<T> = IndexSet<T, FxBuildHasher>;

/// A name as text, as it is looked up in a table of symbols.
struct Name<'t>(&'t str);

impl Hash for Name<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_u32(Symbol::hash_of(self.0));
    }
}

impl Equivalent<Symbol> for Name<'_> {
    fn equivalent(&self, symbol: &Symbol) -> bool {
        symbol.as_str() == self.0
    }
}

/// What constructors are called, in every language.
const CONSTRUCTOR: &str = "constructor";

/// What code is followed for.
#[derive(Clone, Debug)]
pub enum Scope {
    /// Everything: no contract is known, or none is to decide.
    All,
    /// What contracts speak of.
    Known(Known),
}

/// What contracts speak of; of remote calls, all count. See [`Scope::known`].
#[derive(Clone, Debug)]
pub struct Known {
    /// Simple names of messages and of the fields of these.
    messages: Table<String, Set<String>>,
    /// Names of fields of any message.
    fields: Set<String>,
    /// Simple names of services.
    services: Set<String>,
    routes: bool,
}

impl Scope {
    /// What these contracts speak of.
    #[must_use]
    pub fn of<'c>(catalogs: impl IntoIterator<Item = &'c Catalog>) -> Self {
        let mut messages: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        let mut services = Set::default();
        let mut routes = false;
        for catalog in catalogs {
            for operation in &catalog.operations {
                match &operation.protocol {
                    Protocol::Http { .. } => routes = true,
                    Protocol::Rpc { service, .. } => {
                        services.insert(reach::plain(service.rsplit('.').next().unwrap_or(service)));
                    }
                }
            }
            for message in catalog.messages.iter().filter(|message| message.named) {
                let fields: BTreeSet<String> = message.fields.iter().map(|field| reach::plain(&field.name)).collect();
                let mut rest = message.name.as_str();
                // Generators name a nested message by its outer ones too: `Order_Item`.
                while let Some((_, inner)) = rest.split_once('.') {
                    messages.entry(reach::plain(rest)).or_default().extend(fields.iter().cloned());
                    rest = inner;
                }
                messages.entry(reach::plain(rest)).or_default().extend(fields);
            }
        }
        let Self::Known(known) = Self::known(messages, routes) else { return Self::All };
        Self::Known(Known { services, ..known })
    }

    /// Simple names of messages and of the fields of these, both in plain form (lower case, letters and digits
    /// only), and whether contracts describe HTTP operations, whose data may be anywhere.
    #[must_use]
    pub fn known(messages: BTreeMap<String, BTreeSet<String>>, routes: bool) -> Self {
        let fields = messages.values().flatten().cloned().collect();
        let messages = messages.into_iter().map(|(name, fields)| (name, fields.into_iter().collect())).collect();
        Self::Known(Known { messages, fields, services: Set::default(), routes })
    }

    /// Whether a message is known to have this simple name, in plain form.
    fn has_message(&self, name: &str) -> bool {
        matches!(self, Self::Known(known) if known.messages.contains_key(name))
    }

    /// Whether a service is known to have this simple name, in plain form.
    fn has_service(&self, name: &str) -> bool {
        matches!(self, Self::Known(known) if known.services.contains(name))
    }

    /// Whether a message, or any where none is named, has a field of this name; both in plain form.
    fn has_field(&self, message: Option<&str>, field: &str) -> bool {
        let Self::Known(known) = self else { return true };
        let fields = message.and_then(|message| known.messages.get(message));
        fields.unwrap_or(&known.fields).contains(field)
    }

    /// Whether there is a contract at all.
    fn is_known(&self) -> bool {
        !matches!(self, Self::Known(known) if known.messages.is_empty() && !known.routes)
    }
}

/// What a workspace says of the code that it calls, beside what is built in.
#[derive(Clone, Copy, Debug, Default)]
pub struct Own<'a> {
    /// Descriptors of libraries.
    pub libraries: &'a [DescriptorText],
    /// Functions that take sensitive data out of what they are given, by simple name.
    pub sanitizers: &'a [String],
}

/// Follows values through the code of the workspace.
#[must_use]
pub fn evaluate(modules: &[Module], workspace: &Workspace, scope: &Scope, own: Own<'_>) -> (Facts, Vec<Problem>) {
    let families: Vec<Family<'_>> = Language::ALL
        .into_par_iter()
        .filter(|language| language.family() == *language)
        // What the workspace says of libraries is read even where no code calls them, for what is wrong with it.
        .filter(|family| !own.libraries.is_empty() || modules.iter().any(|module| module.language.family() == *family))
        .map(|language| Family::new(language, modules, workspace, own))
        .collect();
    let all: Vec<(&Family<'_>, &units::Unit<'_>)> =
        families.iter().flat_map(|family| family.units.iter().map(move |unit| (family, unit))).collect();
    // The largest first, one at a time: nobody waits for a large one that was begun last.
    let mut order: Vec<usize> = (0..all.len()).collect();
    order.sort_by_key(|at| std::cmp::Reverse(all[*at].1.modules.len()));
    let mut followed: Vec<(usize, (Facts, Vec<Problem>))> = order
        .into_iter()
        .par_bridge()
        .map(|at| (at, follow(all[at].1, all[at].0.language, &all[at].0.libraries, scope)))
        .collect();
    followed.sort_by_key(|(at, _)| *at);
    let mut problems = Vec::new();
    let mut facts = Facts::default();
    for (_, (unit, limits)) in followed {
        problems.extend(limits);
        gather::absorb(&mut facts, unit);
    }
    let calls: Vec<_> = facts.calls.iter().map(|call| call.location.span).collect();
    let libraries = |language: Language| families.iter().find(|family| family.language == language.family());
    let seeming = modules.par_iter().filter_map(|module| Some((module, libraries(module.language)?)));
    let seeming = seeming.flat_map_iter(|(module, family)| retry::seeming::find(module, &family.libraries, &calls));
    // Of what is known to be repeated nothing has to seem so.
    let repeated: BTreeSet<_> = facts.retries.iter().map(|retry| retry.location.span).collect();
    facts.retries.extend(seeming.filter(|retry| !repeated.contains(&retry.location.span)).collect::<Vec<_>>());
    problems.extend(families.into_iter().flat_map(|family| family.unread));
    (facts, problems)
}

/// The code of languages that know each other's names, and what is known of their libraries.
struct Family<'a> {
    language: Language,
    libraries: Libraries,
    unread: Vec<Problem>,
    units: Vec<units::Unit<'a>>,
}

impl<'a> Family<'a> {
    fn new(language: Language, modules: &'a [Module], workspace: &'a Workspace, own: Own<'_>) -> Self {
        let (mut libraries, unread) = Libraries::of(language, own.libraries);
        libraries.add_sanitizers(own.sanitizers);
        let relevant = relevant::Relevant::new(&libraries);
        let units = units::units(modules, language, workspace, |module| relevant.module(module));
        Self { language, libraries, unread, units }
    }
}

/// Follows one unit; beside what is found, where that ended early.
fn follow(unit: &units::Unit<'_>, language: Language, libraries: &Libraries, scope: &Scope) -> (Facts, Vec<Problem>) {
    let program = program::Program::new(unit.modules.clone(), libraries);
    let reach = reach::Reach::new(&program, libraries, scope);
    let bundled = reach.bundled().iter().map(|id| program.module_of(*id).file);
    let mut limits: Vec<Problem> = bundled.filter(|file| unit.followed.contains(file)).map(bundled_code).collect();
    let mut interp = interp::Interp::new(&program, libraries, reach);
    interp.run(&unit.followed);
    if interp.exhausted {
        limits.push(Problem::path(
            ProblemKind::Note,
            format!("{language} code"),
            "values were followed up to the limit of effort; some calls may be missing from the map",
        ));
    }
    (gather::facts(&interp, &program, libraries), limits)
}

fn bundled_code(file: FileId) -> Problem {
    let message = "a function here is as long as a whole program, as bundlers make them; it is not looked at";
    Problem::file(ProblemKind::Note, file, message)
}
