//! The names a file declares, and what a name written in it refers to.

use std::collections::{BTreeMap, BTreeSet};

use prost_reflect::prost_types::{DescriptorProto, EnumDescriptorProto, FileDescriptorProto};

use super::bundled;

/// What a name stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A message or an enumeration.
    Type,
    /// An extension.
    Extension,
    /// A service or the value of an enumeration.
    Other,
}

/// Full names that a file declares, fields left out.
pub(super) type Symbols = BTreeMap<String, Kind>;

/// Full names that a file declares.
pub(super) fn declared(file: &FileDescriptorProto) -> Symbols {
    let mut symbols = Symbols::new();
    let package = file.package();
    let mut open: Vec<(String, &DescriptorProto)> =
        file.message_type.iter().map(|message| (package.to_owned(), message)).collect();
    add_enums(&mut symbols, package, &file.enum_type);
    file.extension.iter().for_each(|field| add(&mut symbols, package, field.name(), Kind::Extension));
    file.service.iter().for_each(|service| add(&mut symbols, package, service.name(), Kind::Other));
    while let Some((scope, message)) = open.pop() {
        let name = join(&scope, message.name());
        add_enums(&mut symbols, &name, &message.enum_type);
        message.extension.iter().for_each(|field| add(&mut symbols, &name, field.name(), Kind::Extension));
        open.extend(message.nested_type.iter().map(|nested| (name.clone(), nested)));
        symbols.insert(name, Kind::Type);
    }
    symbols
}

fn add(symbols: &mut Symbols, scope: &str, name: &str, kind: Kind) {
    symbols.insert(join(scope, name), kind);
}

/// Enumerations and, beside them and not inside, their values.
fn add_enums(symbols: &mut Symbols, scope: &str, enums: &[EnumDescriptorProto]) {
    for declared in enums {
        add(symbols, scope, declared.name(), Kind::Type);
        declared.value.iter().for_each(|value| add(symbols, scope, value.name(), Kind::Other));
    }
}

/// `scope.name`, or the name alone at the top.
pub(super) fn join(scope: &str, name: &str) -> String {
    if scope.is_empty() { name.to_owned() } else { format!("{scope}.{name}") }
}

/// The full names that a written name may stand for, innermost scope first.
pub(super) fn candidates(scope: &str, name: &str) -> Vec<String> {
    if let Some(full) = name.strip_prefix('.') {
        return vec![full.to_owned()];
    }
    let mut all = Vec::new();
    let mut scope = scope;
    while !scope.is_empty() {
        all.push(join(scope, name));
        scope = scope.rsplit_once('.').map_or("", |(outer, _)| outer);
    }
    all.push(name.to_owned());
    all
}

/// What can be seen from one file: its own names and those of its imports.
#[derive(Debug)]
pub(super) struct Visible<'a> {
    /// All names of the run with the files that declare them.
    pub(super) names: &'a BTreeMap<&'a str, Vec<(usize, Kind)>>,
    /// The file, its imports, and what those import publicly.
    pub(super) files: BTreeSet<usize>,
}

impl Visible<'_> {
    /// Whether a written name refers to something of this kind. Names of the bundled package are
    /// taken as known.
    pub(super) fn knows(&self, scope: &str, name: &str, kind: Kind) -> bool {
        let declared = |full: &String| {
            let found = self.names.get(full.as_str()).into_iter().flatten();
            found.into_iter().any(|(file, found)| *found == kind && self.files.contains(file))
        };
        let is_bundled = |full: &String| full.strip_prefix(bundled::PACKAGE).is_some_and(|rest| rest.starts_with('.'));
        candidates(scope, name).iter().any(|full| is_bundled(full) || declared(full))
    }
}
