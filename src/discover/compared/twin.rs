//! How the paths of one side become those of the other, where two files of different names are one contract.

use crate::discover::layout::{join, parent};

/// A renaming: one file, and the folder it lies in. Without names it changes nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Twin {
    /// The file here, and the path that it is given.
    names: Option<(String, String)>,
}

impl Twin {
    /// The names of one contract in Base and in Head.
    pub(super) fn of(base: Option<&str>, head: Option<&str>) -> Self {
        let names = base.zip(head).filter(|(base, head)| base != head);
        Self { names: names.map(|(base, head)| (base.to_owned(), head.to_owned())) }
    }

    /// The path in reports of a file here.
    pub(super) fn path_of(&self, path: &str) -> String {
        let Some((from, to)) = &self.names else { return path.to_owned() };
        moved(path, from, to).unwrap_or_else(|| path.to_owned())
    }

    /// The file here that has this path in reports; none if the two could be confused.
    pub(super) fn place_of(&self, path: &str) -> Option<String> {
        let Some((from, to)) = &self.names else { return Some(path.to_owned()) };
        match moved(path, to, from) {
            Some(path) => Some(path),
            // Above the folder both sides are taken to look alike; in it, this name is the other's.
            None => moved(path, from, to).is_none().then(|| path.to_owned()),
        }
    }
}

/// The path at `to` that a path at `from` means; none if it lies elsewhere. Folders of equal names above both
/// files go with them.
fn moved(path: &str, from: &str, to: &str) -> Option<String> {
    if path == from {
        return Some(to.to_owned());
    }
    let (mut old, mut new) = (parent(from), parent(to));
    let name = |folder: &str| folder.rsplit('/').next().filter(|name| !name.is_empty()).map(str::to_owned);
    while name(old).is_some() && name(old) == name(new) {
        (old, new) = (parent(old), parent(new));
    }
    let rest = if old.is_empty() { path } else { path.strip_prefix(old)?.strip_prefix('/')? };
    Some(join(new, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_lies_beside_a_file_goes_with_it() {
        let twin = Twin::of(Some("v1/api.yaml"), Some("v2/openapi.yaml"));
        for (here, path) in [
            ("v1/api.yaml", "v2/openapi.yaml"),
            ("v1/parts/a.yaml", "v2/parts/a.yaml"),
            ("common/b.yaml", "common/b.yaml"),
        ] {
            assert_eq!(twin.path_of(here), path);
            assert_eq!(twin.place_of(path).as_deref(), Some(here));
        }
    }

    #[test]
    fn one_side_may_be_seen_from_further_above() {
        let twin = Twin::of(Some("v1/api.yaml"), Some("api/v1/api.yaml"));
        assert_eq!(twin.path_of("parts/a.yaml"), "api/parts/a.yaml");
        assert_eq!(twin.place_of("api/parts/a.yaml").as_deref(), Some("parts/a.yaml"));
        assert_eq!(twin.place_of("common/a.yaml"), None);
    }

    #[test]
    fn equal_names_change_nothing() {
        assert_eq!(Twin::of(Some("a.yaml"), Some("a.yaml")), Twin::default());
        assert_eq!(Twin::default().place_of("x/y").as_deref(), Some("x/y"));
    }
}
