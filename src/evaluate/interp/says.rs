//! What the names of types say of the fields of their values.

use super::Interp;
use crate::model::ir::Symbol;

/// What the name of a type says of its fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Says {
    /// They are the affair of a library that is known.
    Library,
    /// They are declared by hand in this unit.
    Own,
    /// They may be those of a message of a contract.
    Message,
    /// No contract has a message of that name.
    Nothing,
}

impl Interp<'_> {
    /// What the name of a type says of its fields.
    pub(super) fn type_says(&mut self, owner: &Symbol) -> Says {
        if let Some(known) = self.types_say.get(owner) {
            return *known;
        }
        let says = if self.libraries.type_model(owner.as_str()).is_some() {
            Says::Library
        } else if self.program.is_own_type(owner) {
            Says::Own
        } else if self.reach.may_be_message(owner) {
            Says::Message
        } else {
            Says::Nothing
        };
        self.types_say.insert(owner.clone(), says);
        says
    }
}
