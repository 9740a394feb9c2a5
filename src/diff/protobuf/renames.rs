//! What got another name and stayed what it is: packages, messages, enumerations, services.
//!
//! A rename is told by structure: what vanished and what is new must be made of the same parts, and
//! nothing else may be.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::listing::{Body, Item, Listing};
use super::pairing::Pairing;
use crate::model::change::What;
use crate::model::contract::{Field, Protocol};

/// By file of Base: the package that its declarations are in now.
///
/// A file that stayed where it is says so itself. A package of which nothing is left went to a new
/// one that declares at least half of what it did.
pub(super) fn packages<'a>(pairing: &Pairing<'a>) -> BTreeMap<usize, &'a str> {
    let (base, head) = (&pairing.base, &pairing.head);
    let mut moved = BTreeMap::new();
    for (at, file) in base.files.iter().enumerate() {
        let partner = pairing.files[at].map(|new| head.files[new].package);
        if let Some(package) = partner.filter(|package| *package != file.package) {
            moved.insert(at, package);
        }
    }
    let mut newcomers: BTreeMap<(What, &str), Vec<&'a str>> = BTreeMap::new();
    for (at, item) in head.items.iter().enumerate().filter(|(_, item)| item.parent.is_none()) {
        let package = head.package(item.contract);
        if !base.packages.contains_key(package) {
            newcomers.entry((item.what, head.relative(at))).or_default().push(package);
        }
    }
    for package in base.packages.keys().filter(|package| !head.packages.contains_key(*package)) {
        let files: Vec<usize> = (0..base.files.len()).filter(|at| base.files[*at].package == *package).collect();
        let Some(new) = likeliest(base, &files, &newcomers) else { continue };
        files.into_iter().filter(|file| pairing.files[*file].is_none()).for_each(|file| {
            moved.insert(file, new);
        });
    }
    moved
}

fn likeliest<'a>(
    base: &Listing<'a>,
    files: &[usize],
    newcomers: &BTreeMap<(What, &str), Vec<&'a str>>,
) -> Option<&'a str> {
    let items = files.iter().flat_map(|file| &base.files[*file].items).filter(|at| base.items[**at].parent.is_none());
    let mut votes: BTreeMap<&'a str, usize> = BTreeMap::new();
    let mut count = 0_usize;
    for at in items {
        count += 1;
        for package in newcomers.get(&(base.items[*at].what, base.relative(*at))).into_iter().flatten() {
            *votes.entry(package).or_default() += 1;
        }
    }
    let best = votes.into_iter().max_by_key(|(package, votes)| (*votes, std::cmp::Reverse(*package)));
    best.filter(|(_, votes)| votes * 2 >= count).map(|(package, _)| package)
}

/// Items of Base that are called something else in Head, within their package or where that went.
pub(super) fn types(pairing: &Pairing<'_>) -> Vec<(usize, usize)> {
    let (base, head) = (&pairing.base, &pairing.head);
    let moved = |at: usize| base.items[at].file.and_then(|file| pairing.moved.get(&file)).copied();
    let package = |at: usize| moved(at).unwrap_or_else(|| base.package(base.items[at].contract));
    let gone = unique(base, &|at| pairing.items[at].is_none(), &package);
    if gone.is_empty() {
        return Vec::new();
    }
    let new = unique(head, &|at| !pairing.is_taken(at), &|at| head.package(head.items[at].contract));
    paired(pairing, gone, &new)
}

/// Items that left a package that is still there, and went alone into another one: called and made as before.
///
/// What is made of nothing is known by nothing but its name, which is not enough from one package to the next. What
/// goes with its file is told of the file.
pub(super) fn elsewhere(pairing: &Pairing<'_>) -> Vec<(usize, usize)> {
    let (base, head) = (&pairing.base, &pairing.head);
    let stays = |at: usize| {
        let item = &base.items[at];
        let is_moved = |file: usize| pairing.files[file].is_none() || pairing.moved.contains_key(&file);
        head.packages.contains_key(base.package(item.contract)) && item.file.is_some_and(|file| !is_moved(file))
    };
    let has_parts = |listing: &Listing<'_>, at: usize| match listing.items[at].body {
        Body::Message(id) => !listing.catalog.message(id).fields.is_empty(),
        _ => true,
    };
    let is_gone = |at: usize| pairing.items[at].is_none();
    let is_new = |at: usize| !pairing.is_taken(at);
    let alone = |item: &Item<'_>| item.parent.is_none();
    let gone = unique(base, &|at| is_gone(at) && alone(&base.items[at]) && stays(at) && has_parts(base, at), &|at| {
        base.relative(at)
    });
    if gone.is_empty() {
        return Vec::new();
    }
    let new = unique(head, &|at| is_new(at) && alone(&head.items[at]) && has_parts(head, at), &|at| head.relative(at));
    paired(pairing, gone, &new)
}

/// What is gone with what is new of the same parts, and what is nested in them.
fn paired(pairing: &Pairing<'_>, gone: Open<'_>, new: &Open<'_>) -> Vec<(usize, usize)> {
    let mut pairs = Vec::new();
    for (parts, old) in gone {
        if let (Some(old), Some(Some(new))) = (old, new.get(&parts)) {
            pairs.push((old, *new));
            pairs.extend(inside(pairing, old, *new));
        }
    }
    pairs
}

/// Items by where they stand and what they are made of; none where several are alike.
type Open<'a> = BTreeMap<(&'a str, String), Option<usize>>;

/// Items by their package, or name, and what they are made of; `None` where several are made of the same.
fn unique<'a>(listing: &Listing<'a>, is_open: &dyn Fn(usize) -> bool, place: &dyn Fn(usize) -> &'a str) -> Open<'a> {
    let mut found = BTreeMap::new();
    for (at, item) in listing.items.iter().enumerate() {
        if !is_open(at) || item.parent.is_some_and(is_open) {
            continue;
        }
        let Some(parts) = parts(listing, at) else { continue };
        let known = found.entry((place(at), parts));
        known.and_modify(|known| *known = None).or_insert(Some(at));
    }
    found
}

/// What is nested in one and called the same in the other.
fn inside(pairing: &Pairing<'_>, old: usize, new: usize) -> Vec<(usize, usize)> {
    let (base, head) = (&pairing.base, &pairing.head);
    let prefix = format!("{}.", base.items[old].name);
    let siblings = base.items[old].file.map(|file| base.files[file].items.as_slice()).unwrap_or_default();
    let nested = siblings.iter().filter_map(|at| {
        let item = &base.items[*at];
        let name = format!("{}.{}", head.items[new].name, item.name.strip_prefix(&prefix)?);
        Some((*at, head.find(item.what, &name, Some(head.items[new].contract))?))
    });
    nested.collect()
}

/// What an item is made of, its own name and that of its package left out; none for what has no parts to be known by.
fn parts(listing: &Listing<'_>, at: usize) -> Option<String> {
    let item = &listing.items[at];
    let package = listing.package(item.contract);
    let mut text = String::new();
    match item.body {
        Body::Message(id) => {
            let message = listing.catalog.message(id);
            message.fields.iter().for_each(|field| part(&mut text, field, item.name, package));
        }
        Body::Enum(declared) => {
            for value in &declared.values {
                let _ = write!(text, "{}={};", value.name, value.number);
            }
        }
        Body::Service => {
            let rpcs = listing.rpcs.range((at, "")..(at + 1, ""));
            for operation in rpcs.map(|(_, id)| listing.catalog.operation(*id)) {
                let (Protocol::Rpc { method, .. }, Some(proto)) = (&operation.protocol, &operation.proto) else {
                    return None;
                };
                let (request, answer) = (inside_of(&proto.types.0, package), inside_of(&proto.types.1, package));
                let _ = write!(text, "{method}({request})({answer});");
            }
        }
        Body::Extension(_) => return None,
    }
    // A message may be empty and known by that; nothing is lost by taking one such for another.
    (!text.is_empty() || item.what == What::Message).then(|| format!("{:?} {text}", item.what))
}

/// A name as its package sees it, with a dot in front; the whole of another's.
fn inside_of<'n>(name: &'n str, package: &str) -> &'n str {
    name.strip_prefix(package).filter(|rest| rest.starts_with('.')).unwrap_or(name)
}

fn part(text: &mut String, field: &Field, own: &str, package: &str) {
    let Some(proto) = &field.proto else { return };
    // A message that refers to itself, or to what is nested in it, does so by its name.
    let kind = proto.type_name.strip_prefix(own).filter(|rest| rest.is_empty() || rest.starts_with('.'));
    let kind = kind.map_or_else(|| inside_of(&proto.type_name, package).to_owned(), |rest| format!("self{rest}"));
    let number = field.number.unwrap_or_default();
    let _ = write!(text, "{}={number}:{kind}/{:?}/{:?};", field.name, proto.kind, field.cardinality);
}
