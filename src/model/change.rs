//! Differences between the Base and the Head of a contract.

use super::contract::{Catalog, FieldRef, OperationId};

/// In which direction data flows through an element, as seen from the consumer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Direction {
    /// Consumers send it.
    pub request: bool,
    /// Consumers receive it.
    pub response: bool,
}

/// One difference. Ids of removed things are ids of the Base catalog.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// An operation is gone.
    OperationRemoved {
        /// In Base.
        operation: OperationId,
        /// Its contract still exists in Head, under this index.
        contract_in_head: Option<super::contract::ContractId>,
    },
    /// A field is gone from a message that still exists.
    FieldRemoved {
        /// In Base.
        field: FieldRef,
        /// The message in Head that no longer has it.
        parent_in_head: super::contract::MessageId,
        /// Where it travels.
        direction: Direction,
        /// Operations of Base whose data contains it.
        operations: Vec<OperationId>,
    },
    /// A field no longer is of a class of sensitive data.
    SensitiveMarkRemoved {
        /// In Base.
        field: FieldRef,
        /// In Head.
        field_in_head: FieldRef,
        /// The class.
        class: String,
    },
}

/// Both sides of a comparison.
#[derive(Clone, Copy, Debug)]
pub struct Sides<'a> {
    /// What `--against` names.
    pub base: &'a Catalog,
    /// The tree as it would be merged.
    pub head: &'a Catalog,
}
