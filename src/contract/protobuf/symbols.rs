//! The names that files declare, and what a name written in one of them refers to.

use std::collections::BTreeSet;
#[expect(clippy::disallowed_types, reason = "looked up half a million times on a large tree, never walked over")]
use std::collections::HashMap;
use std::sync::Arc;

use super::files::Parsed;
use super::text::ast::{EnumNode, ExtendNode, FieldNode, MessageNode, Name, ServiceNode};

/// What one file declares, without what it declares a second time.
#[derive(Debug, Default)]
pub(super) struct Declared<'a> {
    /// Messages, each before those nested in it.
    pub(super) messages: Vec<DeclaredMessage<'a>>,
    /// Enumerations.
    pub(super) enums: Vec<DeclaredEnum<'a>>,
    /// `extend` fields.
    pub(super) extensions: Vec<DeclaredExtension<'a>>,
    /// Services.
    pub(super) services: Vec<(Arc<str>, &'a ServiceNode<'a>)>,
    /// Names that were declared before in the same file.
    pub(super) repeated: Vec<(Arc<str>, &'a Name<'a>)>,
}

/// A message.
#[derive(Debug)]
pub(super) struct DeclaredMessage<'a> {
    /// Full name.
    pub(super) name: Arc<str>,
    /// Its declaration.
    pub(super) node: &'a MessageNode<'a>,
    /// The message around it, by index.
    pub(super) parent: Option<u32>,
}

/// An enumeration.
#[derive(Debug)]
pub(super) struct DeclaredEnum<'a> {
    /// Full name.
    pub(super) name: Arc<str>,
    /// Its declaration.
    pub(super) node: &'a EnumNode<'a>,
    /// The message around it, by index.
    pub(super) parent: Option<u32>,
    /// Names of its values.
    pub(super) values: Arc<[String]>,
}

/// A field that is added to a message elsewhere.
#[derive(Debug)]
pub(super) struct DeclaredExtension<'a> {
    /// Full name.
    pub(super) name: Arc<str>,
    /// The scope it is declared in: a package or a message.
    pub(super) scope: Arc<str>,
    /// The message around it, by index.
    pub(super) parent: Option<u32>,
    /// What it extends, as written.
    pub(super) extendee: &'a Name<'a>,
    /// The field.
    pub(super) node: &'a FieldNode<'a>,
}

impl<'a> Declared<'a> {
    /// Collects the declarations of a file.
    pub(super) fn of(file: &'a Parsed<'_>) -> Self {
        let mut collector = Collector { declared: Self::default(), seen: BTreeSet::new() };
        let package: Arc<str> = file.package().into();
        let tree = &file.tree;
        tree.messages.iter().for_each(|message| collector.message(message, &package, None));
        tree.enums.iter().for_each(|declared| collector.enumeration(declared, &package, None));
        tree.extends.iter().for_each(|extend| collector.extend(extend, &package, None));
        for service in &tree.services {
            if let Some(name) = collector.claim(&package, &service.name) {
                collector.declared.services.push((name, service));
            }
        }
        collector.declared
    }

    /// Full names of what stands at the top of the file: what no other file of the package may declare.
    pub(super) fn top_names(&self) -> impl Iterator<Item = &str> {
        let messages = self.messages.iter().filter(|message| message.parent.is_none()).map(|message| &message.name);
        let enums = self.enums.iter().filter(|declared| declared.parent.is_none()).map(|declared| &declared.name);
        let extensions = self.extensions.iter().filter(|field| field.parent.is_none()).map(|field| &field.name);
        let services = self.services.iter().map(|(name, _)| name);
        messages.chain(enums).chain(extensions).chain(services).map(|name| &**name)
    }
}

struct Collector<'a> {
    declared: Declared<'a>,
    seen: BTreeSet<Arc<str>>,
}

impl<'a> Collector<'a> {
    /// The full name of a declaration, unless the file has one of that name already.
    fn claim(&mut self, scope: &str, name: &'a Name<'a>) -> Option<Arc<str>> {
        let full: Arc<str> = join(scope, &name.text).into();
        if !self.seen.insert(Arc::clone(&full)) {
            self.declared.repeated.push((full, name));
            return None;
        }
        Some(full)
    }

    /// A message and what is nested in it, as deep as the parser allows.
    fn message(&mut self, node: &'a MessageNode<'a>, scope: &str, parent: Option<u32>) {
        let Some(name) = self.claim(scope, &node.name) else { return };
        let at = u32::try_from(self.declared.messages.len()).unwrap_or(u32::MAX);
        self.declared.messages.push(DeclaredMessage { name: Arc::clone(&name), node, parent });
        node.messages.iter().for_each(|nested| self.message(nested, &name, Some(at)));
        node.enums.iter().for_each(|nested| self.enumeration(nested, &name, Some(at)));
        node.extends.iter().for_each(|extend| self.extend(extend, &name, Some(at)));
    }

    fn enumeration(&mut self, node: &'a EnumNode<'a>, scope: &str, parent: Option<u32>) {
        let Some(name) = self.claim(scope, &node.name) else { return };
        let values = node.values.iter().map(|value| value.name.text.clone().into_owned()).collect::<Vec<_>>();
        self.declared.enums.push(DeclaredEnum { name, node, parent, values: values.into() });
    }

    fn extend(&mut self, extend: &'a ExtendNode<'a>, scope: &Arc<str>, parent: Option<u32>) {
        extend.messages.iter().for_each(|group| self.message(group, scope, parent));
        for field in &extend.fields {
            if let Some(name) = self.claim(scope, &field.name) {
                let (scope, extendee) = (Arc::clone(scope), &extend.extendee);
                self.declared.extensions.push(DeclaredExtension { name, scope, parent, extendee, node: field });
            }
        }
    }
}

/// `scope.name`, or the name alone at the top.
pub(super) fn join(scope: &str, name: &str) -> String {
    if scope.is_empty() { name.to_owned() } else { format!("{scope}.{name}") }
}

/// A declaration: its file, and what it is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Symbol {
    /// Index of the file.
    pub(super) file: u32,
    /// Which of its declarations.
    pub(super) kind: SymbolKind,
}

/// A declaration by its index in [`Declared`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SymbolKind {
    /// A message.
    Message(u32),
    /// An enumeration.
    Enum(u32),
    /// An extension.
    Extension(u32),
}

/// What is looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wanted {
    /// A message or an enumeration.
    Type,
    /// An extension.
    Extension,
}

impl Wanted {
    const fn is(self, kind: SymbolKind) -> bool {
        matches!(self, Self::Extension) == matches!(kind, SymbolKind::Extension(_))
    }
}

/// All declarations by their full name.
#[expect(clippy::disallowed_types, reason = "looked up half a million times on a large tree, never walked over")]
#[derive(Debug, Default)]
pub(super) struct Symbols<'a> {
    /// The first declaration of a name, in `all`.
    first: HashMap<&'a str, u32>,
    /// Declarations, each with the next one of the same name.
    all: Vec<(Symbol, Option<u32>)>,
}

impl<'a> Symbols<'a> {
    /// The declarations of these files.
    pub(super) fn new(files: impl Iterator<Item = (usize, &'a Declared<'a>)>) -> Self {
        let mut symbols = Self::default();
        for (file, declared) in files {
            let file = u32::try_from(file).unwrap_or(u32::MAX);
            for (at, message) in (0..).zip(&declared.messages) {
                symbols.add(&message.name, Symbol { file, kind: SymbolKind::Message(at) });
            }
            for (at, of) in (0..).zip(&declared.enums) {
                symbols.add(&of.name, Symbol { file, kind: SymbolKind::Enum(at) });
            }
            for (at, field) in (0..).zip(&declared.extensions) {
                symbols.add(&field.name, Symbol { file, kind: SymbolKind::Extension(at) });
            }
        }
        symbols
    }

    fn add(&mut self, name: &'a str, symbol: Symbol) {
        let at = u32::try_from(self.all.len()).unwrap_or(u32::MAX);
        let next = self.first.insert(name, at);
        self.all.push((symbol, next));
    }

    /// Every declaration of a full name.
    pub(super) fn named(&self, full: &str) -> impl Iterator<Item = Symbol> {
        let mut next = self.first.get(full).copied();
        std::iter::from_fn(move || {
            let (symbol, following) = *self.all.get(next? as usize)?;
            next = following;
            Some(symbol)
        })
    }
}

/// The files whose declarations one file sees, each with its rank: the file itself, its imports in
/// their order, and what those import publicly.
#[derive(Debug, Default)]
pub(super) struct Visible {
    ranks: Vec<(u32, u32)>,
}

impl Visible {
    /// From files in the order in which they are seen; a file may come again.
    pub(super) fn new(files: impl Iterator<Item = usize>) -> Self {
        let mut ranks: Vec<(u32, u32)> =
            (0..).zip(files).map(|(rank, file)| (u32::try_from(file).unwrap_or(u32::MAX), rank)).collect();
        ranks.sort_unstable();
        ranks.dedup_by_key(|(file, _)| *file);
        Self { ranks }
    }

    /// The files, in no order that means anything.
    pub(super) fn files(&self) -> impl Iterator<Item = usize> {
        self.ranks.iter().map(|(file, _)| *file as usize)
    }

    /// How early a file is seen.
    pub(super) fn rank(&self, file: u32) -> Option<u32> {
        let at = self.ranks.binary_search_by_key(&file, |(file, _)| *file).ok()?;
        self.ranks.get(at).map(|(_, rank)| *rank)
    }
}

/// The declaration that a name means that is written in a scope: innermost scope first, and of equal
/// names the file that is seen first.
pub(super) fn find(
    symbols: &Symbols<'_>,
    visible: &Visible,
    scope: &str,
    name: &str,
    wanted: Wanted,
) -> Option<Symbol> {
    let seen = |full: &str| {
        let declared = symbols.named(full).filter(|symbol| wanted.is(symbol.kind));
        let ranked = declared.filter_map(|symbol| Some((visible.rank(symbol.file)?, symbol)));
        ranked.min_by_key(|(rank, _)| *rank).map(|(_, symbol)| symbol)
    };
    if let Some(full) = name.strip_prefix('.') {
        return seen(full);
    }
    let mut full = String::with_capacity(scope.len() + 1 + name.len());
    let mut scope = scope;
    while !scope.is_empty() {
        full.clear();
        full.push_str(scope);
        full.push('.');
        full.push_str(name);
        if let Some(symbol) = seen(&full) {
            return Some(symbol);
        }
        scope = scope.rsplit_once('.').map_or("", |(outer, _)| outer);
    }
    seen(name)
}

/// The full names that a written name may stand for where it is declared nowhere, innermost scope
/// first.
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
