//! Names that JSON Schema 2020-12 gives to schemas: `$anchor`, `$dynamicAnchor` and `$id` (core
//! specification, section 8.2).

use std::collections::BTreeMap;

use crate::document::{Index, Tree};

/// The schemas of one file that have a name of their own. Of equal names the first one counts.
#[derive(Debug, Default)]
pub(super) struct Anchors {
    anchors: BTreeMap<String, Index>,
    ids: BTreeMap<String, Index>,
}

impl Anchors {
    /// Looks through a file.
    pub(super) fn of(tree: &Tree) -> Self {
        let mut found = Self::default();
        for at in tree.all() {
            let names = match tree.key(at) {
                "$anchor" | "$dynamicAnchor" => &mut found.anchors,
                "$id" | "$self" => &mut found.ids,
                _ => continue,
            };
            let name = tree.written(at).map(|name| name.trim_end_matches('#'));
            if let (Some(name), Some(schema)) = (name, tree.parent(at)) {
                names.entry(name.to_owned()).or_insert(schema);
            }
        }
        found.resolve_ids(tree);
        found
    }

    /// Makes relative ids known by their full names too, and full ones by what they are relative to
    /// that of the document.
    fn resolve_ids(&mut self, tree: &Tree) {
        let root = self.ids.iter().find(|(_, schema)| **schema == tree.first());
        let Some(folder) = root.and_then(|(id, _)| Some(id.rsplit_once('/')?.0.to_owned() + "/")) else { return };
        let known: Vec<_> = self.ids.iter().map(|(id, schema)| (id.clone(), *schema)).collect();
        for (id, schema) in known {
            let other = match id.strip_prefix(&folder) {
                Some(relative) => relative.to_owned(),
                None => folder.clone() + &id,
            };
            self.ids.entry(other).or_insert(schema);
        }
    }

    /// The schema with an anchor.
    pub(super) fn named(&self, anchor: &str) -> Option<Index> {
        self.anchors.get(anchor).copied()
    }

    /// The schema with an id.
    pub(super) fn with_id(&self, id: &str) -> Option<Index> {
        self.ids.get(id).or_else(|| self.ids.get(id.strip_prefix("./")?)).copied()
    }
}
