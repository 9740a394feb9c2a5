//! What calls of a library do where nobody says otherwise.

use super::{Libraries, Library};

impl Libraries {
    /// Whether a library raises an error for an answer whose status means failure.
    pub(crate) fn fails_on_status(&self, library: &Library) -> bool {
        self.fails_on_status.contains(library)
    }

    /// Whether calls of a library wait for ever by default.
    pub(crate) fn is_unlimited(&self, library: &Library) -> bool {
        self.unlimited.contains(library)
    }
}
