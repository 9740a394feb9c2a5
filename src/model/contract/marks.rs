//! What a contract says about an element beyond its shape: deprecated, sunset, sensitive, and so on.

use std::ops::{Deref, DerefMut};

use jiff::civil::Date;

use crate::model::source::Site;

/// The marks of an element. Most elements have none, so that none takes one word only.
///
/// Reads as a [`MarkSet`]: `field.marks.deprecated`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Marks(Option<Box<MarkSet>>);

/// Marks, each with its place.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MarkSet {
    /// Deprecated, by the element itself or by what it stands in.
    pub deprecated: Option<Mark>,
    /// The day from which it may be gone.
    pub sunset: Option<(Date, Mark)>,
    /// Sensitive: one entry per class that a mark stands for.
    pub sensitive: Vec<Sensitive>,
    /// It says who calls.
    pub identity: Option<Mark>,
    /// Calling it twice does what calling it once does.
    pub idempotent: Option<Mark>,
    /// Consumers exist that no workspace shows.
    pub public: Option<Mark>,
}

/// What an element without marks reads as.
static NONE: MarkSet =
    MarkSet { deprecated: None, sunset: None, sensitive: Vec::new(), identity: None, idempotent: None, public: None };

impl Marks {
    /// Whether there is none at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.as_deref().is_none_or(|set| *set == NONE)
    }

    /// The marks themselves.
    #[must_use]
    pub fn into_set(self) -> MarkSet {
        self.0.map_or_else(MarkSet::default, |set| *set)
    }
}

impl From<MarkSet> for Marks {
    fn from(set: MarkSet) -> Self {
        if set == NONE { Self(None) } else { Self(Some(Box::new(set))) }
    }
}

impl Deref for Marks {
    type Target = MarkSet;

    fn deref(&self) -> &MarkSet {
        self.0.as_deref().unwrap_or(&NONE)
    }
}

impl DerefMut for Marks {
    fn deref_mut(&mut self) -> &mut MarkSet {
        self.0.get_or_insert_default()
    }
}

/// A mark and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// The mark as written: `deprecated`, `x-pii: true`, `(acme.privacy) = PII`.
    pub text: String,
    /// Where.
    pub site: Site,
}

/// A sensitive mark, resolved to a class of the policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sensitive {
    /// Class of the policy: `pii`, `financial`, ... or `sensitive` where the mark names none.
    pub class: String,
    /// The mark.
    pub mark: Mark,
}
