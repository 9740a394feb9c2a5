//! Differences between the Base and the Head of a contract.
//!
//! A [`Change`] is one edit, wherever it is seen: it names the element, both places, what it breaks,
//! and the operations that it reaches. It holds facts; sentences are made in `check`.

use serde_json::Value;

use super::contract::{Catalog, ContractId, FieldRef, MessageId, OperationId, ParameterPlace};
use super::finding::Level;
use super::source::Site;

/// Both sides of a comparison.
#[derive(Clone, Copy, Debug)]
pub struct Sides<'a> {
    /// What `--against` names.
    pub base: &'a Catalog,
    /// The tree as it would be merged.
    pub head: &'a Catalog,
}

/// One edit.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// What was done.
    pub kind: ChangeKind,
    /// What it was done to.
    pub element: Element,
    /// The keyword or option that changed, where the kind leaves it open: `maxLength`, `go_package`.
    pub facet: &'static str,
    /// In which direction the element travels.
    pub direction: Direction,
    /// Fields of Base whose value it is, or is a part of; a type that several fields have has them all.
    pub fields: Vec<FieldRef>,
    /// Operations that it reaches: those of Base, or of Head where the element is only there.
    pub operations: Vec<OperationId>,
    /// How it was.
    pub old: Option<Spot>,
    /// How it is; of what is gone the nearest place that is left, without a value.
    pub new: Option<Spot>,
    /// Forms of the data that it breaks; empty for a compatible change.
    pub breaks: Breaks,
    /// Whether it breaks at all.
    pub compatibility: Compatibility,
    /// The most that it deserves, where that is less than the level of its rule.
    pub level: Option<Level>,
    /// Ids under which other tools know it.
    pub aliases: Vec<String>,
}

/// A place on one side, and what stands there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spot {
    /// Where.
    pub site: Site,
    /// The value as the contract says it; none where there is none.
    pub value: Option<String>,
}

/// What a change was done to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Element {
    /// What it is.
    pub what: What,
    /// The name as people know it: `GET /profiles/{id}`, `Profile.birthdate`, `limit`, `tags[]`.
    pub name: String,
    /// Where it belongs in the Base catalog, if it was there; of what is new, what it was put into.
    pub base: Option<Ids>,
    /// Where it belongs in the Head catalog; of what is gone, what is left around it.
    pub head: Option<Ids>,
}

/// Ids of one catalog.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ids {
    /// The contract.
    pub contract: ContractId,
    /// The operation, of what belongs to one alone.
    pub operation: Option<OperationId>,
    /// The message, of a message and of what is in one.
    pub message: Option<MessageId>,
    /// The field, of a field and of what is inside its value.
    pub field: Option<FieldRef>,
}

/// Kinds of elements.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "the names are those of the two formats")]
pub enum What {
    Contract,
    File,
    Service,
    Operation,
    Parameter(ParameterPlace),
    RequestBody,
    ResponseBody,
    ResponseHeader,
    Message,
    Field,
    Oneof,
    Enum,
    EnumValue,
    Extension,
    SecurityScheme,
}

/// In which direction data flows through an element, as seen from the consumer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Direction {
    /// Consumers send it.
    pub request: bool,
    /// Consumers receive it.
    pub response: bool,
}

/// What a change breaks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(clippy::struct_excessive_bools, reason = "five answers to five questions")]
pub struct Breaks {
    /// Who speaks the binary form of protobuf.
    pub wire: bool,
    /// Who speaks JSON.
    pub json: bool,
    /// Who compiles against code that is generated from the contract.
    pub source: bool,
    /// What consumers send is refused, or taken for something else.
    pub request: bool,
    /// What consumers are sent is none of what they were promised.
    pub response: bool,
}

impl Breaks {
    /// The names in output, in a fixed order.
    pub fn names(self) -> impl Iterator<Item = &'static str> {
        let all = [
            (self.wire, "wire"),
            (self.json, "json"),
            (self.source, "source"),
            (self.request, "request"),
            (self.response, "response"),
        ];
        all.into_iter().filter(|(is, _)| *is).map(|(_, name)| name)
    }
}

/// Whether a change breaks anybody.
#[derive(Clone, Debug, PartialEq)]
pub enum Compatibility {
    /// It was proved, or agreed, that it does not.
    Compatible,
    /// It does.
    Breaking(Option<Witness>),
    /// It could not be told, and why.
    Unknown(&'static str),
}

/// A value that one side takes and the other refuses.
#[derive(Clone, Debug, PartialEq)]
pub struct Witness {
    /// The value, at the place of the element.
    pub value: Value,
    /// Head takes it and Base does not; else the other way round.
    pub head_takes_it: bool,
}

macro_rules! kinds {
    ($($(#[$doc:meta])* $kind:ident = $id:literal,)+) => {
        /// What was done. Each kind that may break somebody is a rule; the others are told by
        /// `diff --all` only, as `compatible/...`.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum ChangeKind {
            $($(#[$doc])* #[doc = concat!("`", $id, "`")] $kind,)+
        }

        impl ChangeKind {
            /// Every kind.
            pub const ALL: &'static [Self] = &[$(Self::$kind),+];

            /// The id of its rule.
            #[must_use]
            pub const fn id(self) -> &'static str {
                match self { $(Self::$kind => $id,)+ }
            }
        }
    };
}

kinds! {
    AccessModeChanged = "breaking/access-mode-changed",
    ConstraintLoosened = "breaking/constraint-loosened",
    ConstraintTightened = "breaking/constraint-tightened",
    DiscriminatorChanged = "breaking/discriminator-changed",
    EnumOpennessChanged = "breaking/enum-openness-changed",
    EnumValueAdded = "breaking/enum-value-added",
    EnumValueRemoved = "breaking/enum-value-removed",
    ExtensionRangeShrunk = "breaking/extension-range-shrunk",
    FieldCardinalityChanged = "breaking/field-cardinality-changed",
    FieldDefaultChanged = "breaking/field-default-changed",
    FieldOneofChanged = "breaking/field-oneof-changed",
    FieldOptional = "breaking/field-optional",
    FieldRemoved = "breaking/field-removed",
    FieldRenamed = "breaking/field-renamed",
    FieldRenumbered = "breaking/field-renumbered",
    FieldRequired = "breaking/field-required",
    FieldTypeChanged = "breaking/field-type-changed",
    GeneratedCodeChanged = "breaking/generated-code-changed",
    IdempotencyChanged = "breaking/idempotency-changed",
    JsonFormatChanged = "breaking/json-format-changed",
    JsonNameChanged = "breaking/json-name-changed",
    MediaTypeRemoved = "breaking/media-type-removed",
    NullableAdded = "breaking/nullable-added",
    NullableRemoved = "breaking/nullable-removed",
    NumberReused = "breaking/number-reused",
    OperationMoved = "breaking/operation-moved",
    OperationRemoved = "breaking/operation-removed",
    ParameterMoved = "breaking/parameter-moved",
    ParameterRemoved = "breaking/parameter-removed",
    ParameterRequired = "breaking/parameter-required",
    PresenceChanged = "breaking/presence-changed",
    PropertiesClosed = "breaking/properties-closed",
    RequestBodyRemoved = "breaking/request-body-removed",
    RequestBodyRequired = "breaking/request-body-required",
    ReservedRemoved = "breaking/reserved-removed",
    ResponseHeaderRemoved = "breaking/response-header-removed",
    SecurityTightened = "breaking/security-tightened",
    StatusAdded = "breaking/status-added",
    StatusRemoved = "breaking/status-removed",
    StreamingChanged = "breaking/streaming-changed",
    TypeRemoved = "breaking/type-removed",
    UnionMemberAdded = "breaking/union-member-added",
    UnionMemberRemoved = "breaking/union-member-removed",
    StabilityDecreased = "lifecycle/stability-decreased",
    SunsetMovedEarlier = "lifecycle/sunset-moved-earlier",
    SensitiveMarkRemoved = "sensitive/sensitive-mark-removed",
    Added = "compatible/added",
    Deprecated = "compatible/deprecated",
    Described = "compatible/described",
    Loosened = "compatible/loosened",
    Reactivated = "compatible/reactivated",
    Removed = "compatible/removed",
}

impl ChangeKind {
    /// Whether it is told by `diff --all` only.
    #[must_use]
    pub fn is_compatible(self) -> bool {
        self.id().starts_with("compatible/")
    }
}

impl Change {
    /// A change of which nothing else is known yet, taken for a compatible one.
    #[must_use]
    pub fn new(kind: ChangeKind, element: Element) -> Self {
        Self {
            kind,
            element,
            facet: "",
            direction: Direction::default(),
            fields: Vec::new(),
            operations: Vec::new(),
            old: None,
            new: None,
            breaks: Breaks::default(),
            compatibility: Compatibility::Compatible,
            level: None,
            aliases: Vec::new(),
        }
    }

    /// Adds ids under which other tools know it.
    pub fn add_aliases(&mut self, ids: impl IntoIterator<Item = String>) {
        self.aliases.extend(ids);
        self.aliases.sort();
        self.aliases.dedup();
    }

    /// Whether somebody breaks, for all that is known.
    #[must_use]
    pub const fn is_breaking(&self) -> bool {
        matches!(self.compatibility, Compatibility::Breaking(_))
    }

    /// Whether its element is gone from Head.
    #[must_use]
    pub const fn is_gone(&self) -> bool {
        use ChangeKind as Kind;
        matches!(
            self.kind,
            Kind::FieldRemoved
                | Kind::OperationRemoved
                | Kind::ParameterRemoved
                | Kind::RequestBodyRemoved
                | Kind::ResponseHeaderRemoved
                | Kind::TypeRemoved
                | Kind::Removed
        )
    }

    /// The field in Base.
    #[must_use]
    pub fn field(&self) -> Option<FieldRef> {
        self.element.base?.field
    }
}

impl Spot {
    /// A place with nothing to say of it.
    #[must_use]
    pub const fn at(site: Site) -> Self {
        Self { site, value: None }
    }

    /// A place and what stands there.
    #[must_use]
    pub fn with(site: Site, value: impl Into<String>) -> Self {
        Self { site, value: Some(value.into()) }
    }
}

impl Ids {
    /// A contract as a whole.
    #[must_use]
    pub const fn contract(contract: ContractId) -> Self {
        Self { contract, operation: None, message: None, field: None }
    }

    /// An operation of a contract.
    #[must_use]
    pub const fn operation(contract: ContractId, operation: OperationId) -> Self {
        Self { operation: Some(operation), ..Self::contract(contract) }
    }

    /// A message of a contract.
    #[must_use]
    pub const fn message(contract: ContractId, message: MessageId) -> Self {
        Self { message: Some(message), ..Self::contract(contract) }
    }

    /// A field of a contract.
    #[must_use]
    pub const fn field(contract: ContractId, field: FieldRef) -> Self {
        Self { field: Some(field), ..Self::message(contract, field.message) }
    }
}
