//! What a contract itself says is not to be told of its elements.

use crate::model::source::{FileId, Site};

/// One entry of `x-contract-lint-ignore`: a rule, and why it is silent here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Silence {
    /// The document.
    pub file: FileId,
    /// The element that holds the entry: what is in it is silent too.
    pub element: String,
    /// The rule, as written.
    pub rule: String,
    /// Why; empty where nothing is said.
    pub reason: String,
    /// The entry itself.
    pub site: Site,
}

impl Silence {
    /// Whether a place is the element, or in it.
    #[must_use]
    pub fn covers(&self, site: &Site) -> bool {
        let Site::Pointer { file, pointer } = site else { return false };
        let rest = pointer.strip_prefix(self.element.as_str()).filter(|_| *file == self.file);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_element_covers_itself_and_what_is_in_it() {
        let site = |pointer: &str| Site::Pointer { file: FileId(1), pointer: pointer.into() };
        let silence = Silence {
            file: FileId(1),
            element: "/a/b".into(),
            rule: String::new(),
            reason: String::new(),
            site: site("/a/b/x"),
        };
        let covered = ["/a/b", "/a/b/c/d", "/a/bc", "/a", ""].map(|pointer| silence.covers(&site(pointer)));
        assert_eq!(covered, [true, true, false, false, false]);
        assert!(!silence.covers(&Site::Pointer { file: FileId(2), pointer: "/a/b".into() }));
    }
}
