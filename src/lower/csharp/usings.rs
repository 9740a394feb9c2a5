//! What a file opens: `using`, and what every project opens by itself.

use tree_sitter::Node;

use super::Lowerer;
use super::names::GLOBAL;
use crate::lower::tree::Field as _;
use crate::model::ir::{Alias, Symbol, Type};

/// Namespaces that the SDK opens in every file of a project with implicit usings (.NET SDK
/// documentation, "Implicit using directives"). One that is opened but not used names nothing.
const IMPLICIT: [&str; 16] = [
    "System",
    "System::Collections::Generic",
    "System::IO",
    "System::Linq",
    "System::Net::Http",
    "System::Threading",
    "System::Threading::Tasks",
    "System::Net::Http::Json",
    "Microsoft::AspNetCore::Builder",
    "Microsoft::AspNetCore::Hosting",
    "Microsoft::AspNetCore::Http",
    "Microsoft::AspNetCore::Routing",
    "Microsoft::Extensions::Configuration",
    "Microsoft::Extensions::DependencyInjection",
    "Microsoft::Extensions::Hosting",
    "Microsoft::Extensions::Logging",
];

/// Names in a dotted name; longer ones are not written by people.
const MAX_SEGMENTS: usize = 32;

impl<'t> Lowerer<'t> {
    /// `using A.B;`, `using static A.B;`, `using X = A.B;`, each perhaps `global`. Gives what is opened.
    pub(super) fn using(&mut self, node: Node<'t>) -> Option<Symbol> {
        let name = node.field("name");
        let target = self.children(node).into_iter().find(|child| Some(*child) != name)?;
        let target = self.path(target)?;
        if let Some(name) = name {
            let name = self.text(name);
            if self.has_token(node, "global") {
                self.alias(Symbol::new(format!("{GLOBAL}::{name}")), target.clone());
            }
            self.names.alias(name, target);
            return None;
        }
        if self.has_token(node, "static") {
            self.names.open_static(target.clone());
        } else {
            self.names.know(&target);
        }
        if self.has_token(node, "global") {
            self.open(&Symbol::new(GLOBAL), &target);
        }
        Some(target)
    }

    /// A dotted name as it is written: `A.B<T>`, `global::A.B`.
    pub(super) fn path(&mut self, node: Node<'t>) -> Option<Symbol> {
        let mut segments: Vec<&str> = Vec::new();
        let mut rest = node;
        loop {
            let (before, name) = match rest.kind() {
                "identifier" => (None, rest),
                "generic_name" => (None, self.first_child(rest)?),
                "qualified_name" => (rest.field("qualifier"), rest.field("name")?),
                "member_access_expression" => (rest.field("expression"), rest.field("name")?),
                // The alias is `global`, or one of another assembly.
                "alias_qualified_name" => (None, rest.field("name")?),
                _ => return None,
            };
            let name = if name.kind() == "generic_name" { self.first_child(name)? } else { name };
            segments.push(self.text(name));
            match before {
                Some(before) => rest = before,
                None => break,
            }
        }
        segments.reverse();
        if segments.len() > MAX_SEGMENTS {
            return None;
        }
        Some(Symbol::new(segments.join("::")))
    }

    /// What can be seen in a namespace: the outer ones, what the file opens, what every project opens.
    pub(super) fn open_all(&mut self, namespace: &Symbol, opened: &[Symbol]) {
        let seen = self.names.seen_in(namespace);
        let mut outer = namespace.as_str();
        while !outer.is_empty() {
            self.open(&seen, &Symbol::new(outer));
            outer = outer.rsplit_once("::").map_or("", |(parent, _)| parent);
        }
        if namespace.as_str() != GLOBAL {
            self.open(&seen, &Symbol::new(GLOBAL));
        }
        for target in opened {
            self.open(&seen, target);
        }
        for target in IMPLICIT {
            self.open(&seen, &Symbol::new(target));
        }
    }

    fn open(&mut self, namespace: &Symbol, target: &Symbol) {
        if namespace != target {
            self.alias(namespace.join("*"), target.join("*"));
        }
    }

    fn alias(&mut self, name: Symbol, target: Symbol) {
        let alias = Alias { name, target: Type::Named(target, Vec::new()) };
        if !self.module.aliases.contains(&alias) {
            self.module.aliases.push(alias);
        }
    }
}
