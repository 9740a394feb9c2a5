//! Everything that is declared, and the types that names written in a file mean.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::files::{Origin, Parsed};
use super::imports::{Imports, Target};
use super::symbols::{
    self, Declared, DeclaredEnum, DeclaredExtension, DeclaredMessage, Symbol, SymbolKind, Symbols, Visible, Wanted,
};
use super::text::ast::FieldNode;
use crate::model::contract::{MapKey, MessageId};

/// The declarations of all files.
pub(super) struct Names<'a> {
    /// The files.
    pub(super) files: &'a [Parsed<'a>],
    /// What they declare.
    pub(super) declared: &'a [Declared<'a>],
    /// Per file: the number of its first message in the catalog; `None` if it is in no contract.
    pub(super) first_message: Vec<Option<usize>>,
    symbols: Symbols<'a>,
    visible: Vec<Visible>,
    /// Files that declare a name which another one declares too.
    shared: BTreeSet<usize>,
}

/// What the name of a type means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Type {
    /// A scalar of the language.
    Scalar,
    /// A message or enumeration.
    Declared(Symbol),
    /// Nothing that can be seen.
    Unknown,
}

/// A field, with the scope in which the names in it count.
#[derive(Clone, Copy, Debug)]
pub(super) struct FieldIn<'a> {
    /// The field.
    pub(super) node: &'a FieldNode<'a>,
    /// Index of its file.
    pub(super) file: usize,
    /// Full name of its message, or the scope of its `extend` block.
    pub(super) scope: &'a str,
}

impl<'a> Names<'a> {
    /// Collects the names of all files that are read, `canonical` ones.
    pub(super) fn new(
        files: &'a [Parsed<'a>],
        declared: &'a [Declared<'a>],
        imports: &Imports,
        canonical: &[usize],
    ) -> Self {
        let read = declared.iter().enumerate().filter(|(at, _)| canonical[*at] == *at);
        let symbols = Symbols::new(read);
        let visible = (0..files.len()).map(|file| visible(file, files, imports, canonical)).collect();
        let is_shared = |file: &usize| declared[*file].top_names().any(|name| symbols.named(name).nth(1).is_some());
        let shared = (0..files.len()).filter(|file| canonical[*file] == *file).filter(is_shared).collect();
        Self { files, declared, first_message: vec![None; files.len()], symbols, visible, shared }
    }

    /// The type that a name means which is written in a scope of a file.
    pub(super) fn type_of(&self, file: usize, scope: &str, name: &str) -> Type {
        if is_scalar(name) {
            return Type::Scalar;
        }
        self.find(file, scope, name, Wanted::Type).map_or(Type::Unknown, Type::Declared)
    }

    /// The declaration that a name means.
    pub(super) fn find(&self, file: usize, scope: &str, name: &str, wanted: Wanted) -> Option<Symbol> {
        symbols::find(&self.symbols, &self.visible[file], scope, name, wanted)
    }

    /// A name that a file sees declared twice, and the files that declare it, as they are seen.
    pub(super) fn ambiguous(&self, file: usize) -> Option<(&'a str, usize, usize)> {
        let visible = &self.visible[file];
        let shared = visible.files().filter(|seen| self.shared.contains(seen));
        shared.flat_map(|seen| self.declared[seen].top_names()).find_map(|name| {
            let mut ranked: Vec<(u32, usize)> = self
                .symbols
                .named(name)
                .filter_map(|symbol| Some((visible.rank(symbol.file)?, symbol.file as usize)))
                .collect();
            ranked.sort_unstable();
            match ranked.as_slice() {
                [(_, first), (_, second), ..] if first != second => Some((name, *first, *second)),
                _ => None,
            }
        })
    }

    /// The extension that a name means; built-in ones are seen from everywhere.
    pub(super) fn extension(&self, file: usize, scope: &str, name: &str) -> Option<Symbol> {
        self.find(file, scope, name, Wanted::Extension).or_else(|| {
            self.built_in(name.trim_start_matches('.')).filter(|symbol| matches!(symbol.kind, SymbolKind::Extension(_)))
        })
    }

    /// The built-in declaration of a full name.
    pub(super) fn built_in(&self, full: &str) -> Option<Symbol> {
        self.symbols.named(full).find(|symbol| self.is_built_in(*symbol))
    }

    /// Whether a declaration is built in.
    pub(super) fn is_built_in(&self, symbol: Symbol) -> bool {
        self.files[symbol.file as usize].origin == Origin::BuiltIn
    }

    /// The message of a symbol that is one.
    pub(super) fn message(&self, symbol: Symbol) -> Option<&'a DeclaredMessage<'a>> {
        match symbol.kind {
            SymbolKind::Message(at) => self.declared[symbol.file as usize].messages.get(at as usize),
            _ => None,
        }
    }

    /// The enumeration of a symbol that is one.
    pub(super) fn enumeration(&self, symbol: Symbol) -> Option<&'a DeclaredEnum<'a>> {
        match symbol.kind {
            SymbolKind::Enum(at) => self.declared[symbol.file as usize].enums.get(at as usize),
            _ => None,
        }
    }

    /// The extension of a symbol that is one.
    pub(super) fn extension_at(&self, symbol: Symbol) -> Option<&'a DeclaredExtension<'a>> {
        match symbol.kind {
            SymbolKind::Extension(at) => self.declared[symbol.file as usize].extensions.get(at as usize),
            _ => None,
        }
    }

    /// Full name of a declaration.
    pub(super) fn full_name(&self, symbol: Symbol) -> Arc<str> {
        let message = self.message(symbol).map(|message| &message.name);
        let declared = message.or_else(|| self.enumeration(symbol).map(|declared| &declared.name));
        declared.or_else(|| self.extension_at(symbol).map(|field| &field.name)).map_or_else(|| "".into(), Arc::clone)
    }

    /// The number of a message in the catalog.
    pub(super) fn number(&self, symbol: Symbol) -> Option<MessageId> {
        let SymbolKind::Message(at) = symbol.kind else { return None };
        let first = self.first_message[symbol.file as usize]?;
        Some(MessageId::at(first + at as usize))
    }

    /// A field of a message by its name.
    pub(super) fn field(&self, message: Symbol, name: &str) -> Option<FieldIn<'a>> {
        let declared = self.message(message)?;
        let node = declared.node.fields.iter().find(|field| field.name.text == name)?;
        Some(FieldIn { node, file: message.file as usize, scope: &declared.name })
    }

    /// The message that a field is of.
    pub(super) fn message_of(&self, field: FieldIn<'_>) -> Option<Symbol> {
        use super::text::ast::TypeNode;
        let (TypeNode::Named(name) | TypeNode::Group(name)) = &field.node.kind else { return None };
        match self.type_of(field.file, field.scope, &name.text) {
            Type::Declared(symbol) if matches!(symbol.kind, SymbolKind::Message(_)) => Some(symbol),
            _ => None,
        }
    }
}

/// What a file sees: itself, its imports, and what those import publicly.
fn visible(file: usize, files: &[Parsed<'_>], imports: &Imports, canonical: &[usize]) -> Visible {
    let targets = |file: usize| {
        imports.targets[file].iter().zip(&files[file].tree.imports).filter_map(|(target, statement)| match target {
            Target::File(found) => Some((canonical[*found], statement.modifier == Some("public"))),
            Target::Missing => None,
        })
    };
    let mut seen = vec![file];
    let mut open: Vec<usize> = targets(file).map(|(found, _)| found).collect();
    open.reverse();
    let mut known = BTreeSet::from([file]);
    while let Some(next) = open.pop() {
        if !known.insert(next) {
            continue;
        }
        seen.push(next);
        let public: Vec<usize> = targets(next).filter(|(_, public)| *public).map(|(found, _)| found).collect();
        open.extend(public.into_iter().rev());
    }
    Visible::new(seen.into_iter())
}

/// Whether a word is a scalar type.
pub(super) fn is_scalar(name: &str) -> bool {
    scalar(name).is_some()
}

/// The scalar types by their names, shared by all fields that have them.
pub(super) fn scalar(name: &str) -> Option<&'static Arc<str>> {
    use std::sync::LazyLock;
    const NAMES: [&str; 15] = [
        "bool", "bytes", "double", "fixed32", "fixed64", "float", "int32", "int64", "sfixed32", "sfixed64", "sint32",
        "sint64", "string", "uint32", "uint64",
    ];
    static SHARED: LazyLock<[Arc<str>; 15]> = LazyLock::new(|| NAMES.map(Arc::from));
    let at = NAMES.binary_search(&name).ok()?;
    SHARED.get(at)
}

/// The key of a map by the name of its type.
pub(super) fn map_key(name: &str) -> Option<MapKey> {
    Some(match name {
        "int32" => MapKey::Int32,
        "int64" => MapKey::Int64,
        "uint32" => MapKey::Uint32,
        "uint64" => MapKey::Uint64,
        "sint32" => MapKey::Sint32,
        "sint64" => MapKey::Sint64,
        "fixed32" => MapKey::Fixed32,
        "fixed64" => MapKey::Fixed64,
        "sfixed32" => MapKey::Sfixed32,
        "sfixed64" => MapKey::Sfixed64,
        "bool" => MapKey::Bool,
        "string" => MapKey::String,
        _ => return None,
    })
}
