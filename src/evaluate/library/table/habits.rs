//! What calls of a library do where nobody says otherwise.

use std::collections::BTreeMap;

use super::{Libraries, Library};
use crate::model::ir::Type;

impl Libraries {
    /// Whether a library raises an error for an answer whose status means failure.
    pub(crate) fn fails_on_status(&self, library: &Library) -> bool {
        self.fails_on_status.contains(library)
    }

    /// Whether calls of a library wait for ever by default.
    pub(crate) fn is_unlimited(&self, library: &Library) -> bool {
        self.unlimited.contains(library)
    }

    /// Types that stand for their type argument, and that as a type parameter.
    pub(crate) const fn stand_ins(&self) -> &BTreeMap<String, Type> {
        &self.stand_ins
    }
}
