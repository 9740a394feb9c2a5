//! `discriminator`: the property that tells members of a union apart, and what its values stand for.

use super::library::Node;
use super::reader::Reader;
use crate::model::contract::{Discriminator, SchemaId};

impl<'a> Reader<'a> {
    /// A text in 2.0, a mapping since 3.0.
    pub(super) fn discriminator(&mut self, value: &Node<'a>) -> Option<Discriminator> {
        if let Some(property) = value.as_str() {
            return Some(Discriminator { property: property.to_owned(), ..Discriminator::default() });
        }
        let Some(property) = value.get("propertyName").and_then(|name| name.as_str()) else {
            self.lost(value, "a discriminator must have the name of a property as its `propertyName`");
            return None;
        };
        let mut read = Discriminator { property: property.to_owned(), ..Discriminator::default() };
        for (name, target) in value.get("mapping").iter().flat_map(Node::members) {
            let Some(written) = target.as_str() else {
                self.lost(&target, "the mapping of a discriminator must name a schema");
                continue;
            };
            read.mapping.push((name.to_owned(), written.to_owned()));
            if let Some(id) = self.mapped(&target, written) {
                read.targets.push((name.to_owned(), id));
            }
        }
        Some(read)
    }

    /// The schema that a mapping names: by the name of a component, or else by a reference (OpenAPI
    /// 3.0, "Discriminator Object").
    fn mapped(&mut self, node: &Node<'a>, written: &str) -> Option<SchemaId> {
        let library = self.context.library;
        let is_name = !written.contains(['/', '#']);
        let component = format!("#/components/schemas/{written}");
        let own = if node.file == self.file { node.document() } else { library.root(self.file) };
        if is_name && let Ok(target) = library.resolve_from(&own, &component) {
            return Some(self.schema_at(&target));
        }
        match library.resolve_from(node, written) {
            Ok(target) => {
                self.files.insert(target.file);
                Some(self.schema_at(&target))
            }
            Err(why) => {
                self.lost(node, format!("`{written}` cannot be resolved: {why}"));
                None
            }
        }
    }
}
