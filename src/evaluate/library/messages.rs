//! How generated messages are told, built and seen.

use std::collections::{BTreeMap, BTreeSet};

use super::format::MessageModel;
use super::pattern::Pattern;
use super::table::Libraries;
use crate::model::ir::Symbol;

/// What descriptors say of generated messages.
#[derive(Debug, Default)]
pub(super) struct Messages {
    pub(super) types: Vec<Pattern>,
    builder_types: BTreeSet<String>,
    views: Vec<Pattern>,
    plain_types: BTreeMap<String, Vec<Pattern>>,
    plain_methods: BTreeMap<String, String>,
    builder: BTreeSet<String>,
    finish: BTreeSet<String>,
    opens: Vec<Pattern>,
}

impl Messages {
    pub(super) fn add(&mut self, messages: MessageModel) {
        self.types.extend(messages.types.iter().map(|ty| Pattern::parse(ty)));
        let (views, nested): (Vec<String>, Vec<String>) =
            messages.builder_types.into_iter().partition(|name| name.contains('{'));
        self.views.extend(views.iter().map(|view| Pattern::parse(view)));
        self.builder_types.extend(nested);
        for (name, fields) in messages.plain_types {
            self.plain_types.insert(name, fields.iter().map(|field| Pattern::parse(field)).collect());
        }
        self.plain_methods.extend(messages.plain_methods);
        self.builder.extend(messages.builder);
        self.finish.extend(messages.finish);
        self.opens.extend(messages.opens.iter().map(|method| Pattern::parse(method)));
    }
}

impl Libraries {
    /// Whether a type that is declared nowhere is a generated message's.
    pub(crate) fn is_message(&self, symbol: &str) -> bool {
        self.messages.types.iter().any(|pattern| pattern.matches(symbol).is_some())
    }

    /// The type, nested in a message's own, of what a method of the message gives: its data as a plain object.
    pub(crate) fn plain_type(&self, method: &str) -> Option<&str> {
        self.messages.plain_methods.get(method).map(String::as_str)
    }

    /// Whether a method of a message, or of its type, gives a builder.
    pub(crate) fn gives_builder(&self, method: &str) -> bool {
        self.messages.builder.contains(method)
    }

    /// Whether a method of a builder gives the message.
    pub(crate) fn finishes(&self, method: &str) -> bool {
        self.messages.finish.contains(method)
    }

    /// Every field that an accessor method of a generated message may open to be filled in place.
    pub(crate) fn openers<'a>(&'a self, method: &'a str) -> impl Iterator<Item = &'a str> {
        self.messages.opens.iter().filter_map(|pattern| pattern.matches(method))
    }

    /// The message that a type stands for which is nested in its type, or named after it.
    pub(crate) fn built_message(&self, symbol: &Symbol) -> Option<Symbol> {
        let (parent, name) = symbol.as_str().rsplit_once("::")?;
        if self.messages.builder_types.contains(name) || self.messages.plain_types.contains_key(name) {
            return Some(Symbol::new(parent));
        }
        let message = self.messages.views.iter().find_map(|view| view.matches(name))?;
        Some(Symbol::new(parent).join(message))
    }

    /// The message whose data a type holds as a plain object, with every field that one of the object may be.
    pub(crate) fn plain_message<'l, 'n>(
        &'l self,
        symbol: &Symbol,
        field: &'n str,
    ) -> Option<(Symbol, impl Iterator<Item = &'n str> + use<'l, 'n>)> {
        let readings = self.messages.plain_types.get(symbol.name())?;
        let parent = Some(symbol.parent()).filter(|parent| !parent.is_empty())?;
        Some((Symbol::new(parent), readings.iter().filter_map(move |reading| reading.matches(field))))
    }
}
