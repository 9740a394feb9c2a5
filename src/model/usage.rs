//! What client code does, in no language: calls, field accesses, clients, retries.
//!
//! `evaluate` gives these facts without knowing any contract; `link` ties them to contracts. A fact
//! that concerns no contract (a call of a foreign host, a field of an unknown type) is dropped
//! there, or counted as unresolved.

mod asked;
mod data;
mod handler;
mod sent;
mod sunk;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

pub use asked::Asked;
pub use data::{Data, DataField, Note, Record, RecordId};
pub use handler::{Answer, Given, Handler, RequestPart, Route};
pub use sent::{BodyPart, Constant, PartValue, SentObject};
pub use sunk::{SinkKind, Sunk};

use super::ir::{Symbol, WireName};
use super::source::{ServiceId, Span};

/// Everything known about one workspace's client code.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// Clients that are constructed.
    pub clients: Vec<Client>,
    /// Calls that leave the process.
    pub calls: Vec<Call>,
    /// Fields that are read or written.
    pub accesses: Vec<Access>,
    /// Repetitions of calls after failure.
    pub retries: Vec<Retry>,
    /// Calls that are made for each element of a list.
    pub iterations: Vec<Iteration>,
    /// Generated symbols and what they were generated from, as evidence for `link`.
    pub bindings: Vec<Binding>,
    /// Server implementations that are registered: what a service provides.
    pub provided: Vec<Provided>,
    /// Modules that use names of other namespaces without saying which, sorted.
    pub opened: Vec<Opened>,
    /// Functions that answer requests, sorted.
    pub handlers: Vec<Handler>,
    /// TCP ports at which services wait for requests, as their code says.
    pub listening: BTreeSet<(Option<ServiceId>, u16)>,
    /// Declared types whose values handlers take and answer.
    pub records: Vec<Record>,
    /// Annotations on handlers, by the place that ties them to their paths, and on records and their fields.
    pub notes: BTreeMap<Span, Vec<Note>>,
    /// What calls send as their bodies, by call.
    pub body_parts: Vec<BodyPart>,
    /// What is logged, cached and stored, by place.
    pub sunk: Vec<Sunk>,
    /// What calls send that others asked for and nobody looked at, by call.
    pub asked: Vec<Asked>,
}

/// A call of [`Facts::calls`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CallId(pub u32);

/// A client of [`Facts::clients`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ClientId(pub u32);

/// Who runs a piece of code, and where.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Location {
    /// The consumer, if the file belongs to a service.
    pub service: Option<ServiceId>,
    /// The place.
    pub span: Span,
    /// The function it stands in; part of a finding's fingerprint.
    pub function: Symbol,
    /// In test code.
    pub test: bool,
}

/// Text that may have holes: a URL, a header value.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Template(pub Vec<Part>);

/// A part of a [`Template`].
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Part {
    /// Fixed text.
    Text(Arc<str>),
    /// The value of an environment variable or configuration key.
    Env(Arc<str>),
    /// A value that is not known.
    Hole,
}

impl Template {
    /// Fixed text.
    #[must_use]
    pub fn text(text: &str) -> Self {
        Self(if text.is_empty() { Vec::new() } else { vec![Part::Text(Arc::from(text))] })
    }

    /// A single hole.
    #[must_use]
    pub fn hole() -> Self {
        Self(vec![Part::Hole])
    }

    /// Adds `other` behind, joining texts.
    pub fn append(&mut self, other: &Self) {
        for part in &other.0 {
            match (self.0.last_mut(), part) {
                (Some(Part::Text(left)), Part::Text(right)) => *left = Arc::from(format!("{left}{right}")),
                (Some(Part::Hole), Part::Hole) => {}
                _ => self.0.push(part.clone()),
            }
        }
    }

    /// The text, if there is no hole.
    #[must_use]
    pub fn as_text(&self) -> Option<&str> {
        match self.0.as_slice() {
            [] => Some(""),
            [Part::Text(text)] => Some(text),
            _ => None,
        }
    }

    /// Whether any of it is known.
    #[must_use]
    pub fn is_known(&self) -> bool {
        self.0.iter().any(|part| !matches!(part, Part::Hole))
    }
}

/// `https://host/{}/x`, `${PROFILE_URL}/x`.
impl std::fmt::Display for Template {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.iter().try_for_each(|part| match part {
            Part::Text(text) => f.write_str(text),
            Part::Env(name) => write!(f, "${{{name}}}"),
            Part::Hole => f.write_str("{}"),
        })
    }
}

/// How sure it is that a setting is in force.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Presence {
    /// Set on every way to the call.
    Always,
    /// Set on some ways, or by code that could not be followed.
    Perhaps,
}

/// A header or metadata entry that is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    /// Name in lower case; none if it is computed: then anything may be set.
    pub name: Option<String>,
    /// Value.
    pub value: Template,
    /// On every way or only on some.
    pub presence: Presence,
    /// Where it is set.
    pub span: Span,
}

/// A time limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Timeout {
    /// None: the library's default is to wait for ever.
    None,
    /// In milliseconds.
    Millis(u64),
    /// Set, to a value that is not known.
    Unknown,
}

/// A client as it is constructed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Client {
    /// Where.
    pub location: Location,
    /// Library id: the name of its descriptor.
    pub library: String,
    /// Base URL, or address of a channel.
    pub base: Option<Template>,
    /// Default headers, user agent included (as `user-agent`).
    pub headers: Vec<Header>,
    /// Total time limit of a call.
    pub timeout: Timeout,
    /// What makes its settings unknowable (a parameter that nobody in sight passes, foreign middleware).
    pub opaque: Option<String>,
}

/// What a call is aimed at.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Target {
    /// An HTTP request.
    Http {
        /// Upper case; none if not known.
        method: Option<String>,
        /// Base URL and path as one template.
        url: Template,
    },
    /// A method of a generated stub.
    Stub {
        /// The stub's type: `.../genproto::CartServiceClient`, `crate::pb::cart_service_client::CartServiceClient`.
        stub: Symbol,
        /// The service's simple name, by the generator's naming rule.
        service: String,
        /// The method's name in the source.
        method: String,
    },
    /// An operation of an OpenAPI document, by its id: a generator made a method of it.
    Operation {
        /// The client's type.
        client: Symbol,
        /// The document, as the code names it; none if it names none.
        document: Option<String>,
        /// The method's name in the source: the id in the habits of the language.
        id: String,
    },
}

/// A call that leaves the process.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// Where: the innermost place at which its target is written. For a helper that takes the path
    /// as a parameter this is the helper's caller.
    pub location: Location,
    /// Where the request is really sent, if that is another place.
    pub sent: Option<Span>,
    /// Library id.
    pub library: String,
    /// What it is aimed at.
    pub target: Target,
    /// The client it goes through, if it could be followed.
    pub client: Option<ClientId>,
    /// Headers of this call alone.
    pub headers: Vec<Header>,
    /// Query parameters that are set, by name; none as name: computed.
    pub query: Vec<(Option<String>, Template)>,
    /// It has no other query parameters than these and those in its URL.
    pub query_whole: bool,
    /// Time limit of this call alone.
    pub timeout: Option<Timeout>,
    /// Surely nothing ends it if it is never answered: not the call, not the client, not what the library
    /// does by default.
    pub unlimited: bool,
    /// Something about the request could not be followed: absence of a header proves nothing.
    pub opaque: Option<String>,
    /// Its client is made by code that was not seen, and may send anything with each call.
    pub outside: bool,
    /// What its code runs in.
    pub runtime: Runtime,
}

/// What code runs in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Runtime {
    /// A page, it may be: a URL without a host goes to whoever served it.
    Page,
    /// A process of its own.
    Process,
}

/// What happens to a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AccessKind {
    /// Its value is used.
    Read,
    /// Its value is set.
    Write,
    /// The message it names is passed on, printed or stored as a whole.
    Whole,
}

/// Where a message came from.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Origin {
    /// The response of a call, and the way from its body.
    Response(CallId, Vec<Step>),
    /// The request of a call, and the way from its body.
    Request(CallId, Vec<Step>),
    /// The body that a handler of this service is given, or the one that it answers: its own
    /// contract. Named as in [`Handler::function`].
    Handler(Symbol, Vec<Step>),
    /// A value of a generated type that the code at hand does not show, and the way from it: what it
    /// is gets known with the contract.
    Typed(Symbol, Vec<Step>),
    /// A parameter in the path or the query of a request that a handler answers, by its name; without a name
    /// all of them. It is no message, so values are only ever computed from it.
    Asked(Symbol, Arc<str>),
}

/// One step from a message to a value inside it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Step {
    /// A field.
    Field(FieldName),
    /// An element of a list, a value of a map.
    Element,
}

/// A field as client code names it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FieldName {
    /// The name in the source, accessor affixes taken off: `ProductId` for `GetProductId()`.
    pub source: Arc<str>,
    /// Names on the wire, where the declaration of the type says so.
    pub wire: Vec<WireName>,
}

impl FieldName {
    /// The name that it is sent by.
    #[must_use]
    pub fn on_wire(&self) -> Arc<str> {
        self.wire.first().map_or_else(|| Arc::clone(&self.source), |wire| Arc::clone(&wire.name))
    }
}

/// A field that is read or written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Access {
    /// Where: the segment that names the field.
    pub location: Location,
    /// What happens.
    pub kind: AccessKind,
    /// The field; none for [`AccessKind::Whole`].
    pub field: Option<FieldName>,
    /// The declared type of the message the field belongs to.
    pub owner: Option<Symbol>,
    /// Where the message came from, every way that was found; without the field itself.
    pub origins: Vec<Origin>,
    /// The message was reached by its type alone: no flow from a call was followed.
    pub by_type: bool,
}

/// A module whose names may be those of other namespaces: `using Shop.V1;`, `import shop.v1.*`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Opened {
    /// The module, under whose name the names stand in facts.
    pub module: Symbol,
    /// The namespaces, in order.
    pub namespaces: Vec<Symbol>,
}

/// Generated code and what it was generated from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Binding {
    /// The module that holds the generated types.
    pub module: Symbol,
    /// The protobuf package.
    pub package: String,
    /// How it is known.
    pub span: Span,
}

/// A server implementation that is registered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Provided {
    /// Where.
    pub location: Location,
    /// The generated registration or server symbol.
    pub symbol: Symbol,
    /// The service's simple name, by the generator's naming rule.
    pub service: String,
}

/// What repeats a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RetryKind {
    /// A loop of the code.
    Loop,
    /// A retry library.
    Library,
    /// A function that calls itself after a failure.
    Recursion,
    /// A worker that puts back into its queue what failed.
    Queue,
}

/// What ends a retry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Bound {
    /// At most so many attempts; none if the number is not known.
    Attempts(Option<u64>),
    /// A time limit.
    Elapsed,
    /// A cancellation or deadline that somebody outside sets.
    Cancellation,
    /// Nothing ends it.
    Unbounded,
    /// Not decided, and why.
    Unknown(String),
}

impl Bound {
    /// So many attempts that nobody waits for the last of them: `u32::MAX`, `Integer.MAX_VALUE`.
    const FOR_EVER: u64 = 1_000_000;

    /// What a number of attempts bounds; none if it is not known.
    #[must_use]
    pub fn of_attempts(number: Option<u64>) -> Self {
        match number {
            Some(Self::FOR_EVER..) => Self::Unbounded,
            number => Self::Attempts(number),
        }
    }

    /// The same of a number of repetitions: the first attempt does not count.
    #[must_use]
    pub fn of_repetitions(number: Option<u64>) -> Self {
        Self::of_attempts(number.map(|number| number.saturating_add(1)))
    }
}

/// A repetition of calls whose success leaves and whose failure repeats.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Retry {
    /// Where: the loop's head, or the call of the library.
    pub location: Location,
    /// What repeats.
    pub kind: RetryKind,
    /// The library of [`RetryKind::Library`], or the syntax of a loop.
    pub carrier: String,
    /// Calls inside.
    pub calls: Vec<CallId>,
    /// What ends it.
    pub bound: Bound,
    /// How long it waits before it repeats; [`Pause::Varies`] where that is not known.
    pub pause: Pause,
    /// An answer that says that the request is wrong, not allowed or gone surely leads to another attempt.
    pub repeats_refusals: bool,
    /// The function that seems to make a remote call, where none is known inside: its own protocol, or that of a
    /// library that no descriptor tells of.
    pub seems: Option<String>,
}

impl Retry {
    /// A retry that a library makes. How long it waits is not known, nor what it does about refusals.
    #[must_use]
    pub const fn of_library(location: Location, carrier: String, calls: Vec<CallId>, bound: Bound) -> Self {
        let (kind, pause) = (RetryKind::Library, Pause::Varies);
        Self { location, kind, carrier, calls, bound, pause, repeats_refusals: false, seems: None }
    }
}

/// Calls that are made once for each element of a list, which they are given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Iteration {
    /// Where: the loop's head, or the method that runs a function for each element.
    pub location: Location,
    /// The calls.
    pub calls: Vec<CallId>,
}

/// How long a retry waits between two attempts, from the shortest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Pause {
    /// Not at all.
    None,
    /// Always for the same time.
    Fixed,
    /// For a time that changes, or that is not known.
    Varies,
}
