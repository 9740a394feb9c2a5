//! The format of a library descriptor.

mod cells;
mod elements;
mod interfaces;
mod made;
mod messages;
mod parts;
mod retries;
mod routes;
mod sinks;
mod stubs;
mod types;

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Deserialize;
use serde::de::IgnoredAny;

use super::listed::LanguageName;
pub(crate) use cells::{CellModel, CellView};
pub(crate) use elements::{DescribedModel, EntriesModel, PropertyOf};
pub(crate) use interfaces::{ClientAnnotation, InterfacesModel, RequestAnnotation, SentPart, WrapperModel};
pub(crate) use made::{InjectedModel, KeyModel, ListModel, RequestsModel, TextModel};
pub(crate) use messages::MessageModel;
pub(crate) use parts::{PartModel, Without};
pub(crate) use retries::{DefaultBound, RepeatedModel, RetryModel};
pub(crate) use routes::{
    GivenModel, GivenPart, HandlerPort, Methods, PathCounts, RouteAnnotation, RouteModel, RoutePlace, RoutesModel,
};
pub(crate) use sinks::{ExpiryModel, SinkList, SinkModel, SinkName};
pub(crate) use stubs::{DocumentModel, OperationsOf, ServerModel, ServesModel, StubConstructor, StubModel};
pub(crate) use types::{FieldModel, OptionsModel, ToldModel, TypeModel, UrlPart};

/// One descriptor file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Descriptor {
    /// Its id, the file's name.
    pub(crate) library: String,
    /// The language that it is used in.
    pub(crate) language: LanguageName,
    /// For people: what the library is, and where the facts come from.
    #[serde(default)]
    pub(crate) about: String,
    #[serde(default)]
    pub(crate) source: String,
    /// Other names of a type or module: `reqwest::blocking` stands for `reqwest`.
    #[serde(default)]
    pub(crate) aliases: BTreeMap<String, String>,
    /// Types that carry something the interpreter follows.
    #[serde(default)]
    pub(crate) types: BTreeMap<String, TypeModel>,
    /// Types that stand for their type argument, with all its fields: `PartialMessage<Order>`.
    #[serde(default)]
    pub(crate) stand_ins: Vec<String>,
    /// Functions and methods. The name of a type is its constructor; `Type::()` is what calling a value
    /// of the type does; `*::name` is a method of any type that nothing else is known of.
    #[serde(default)]
    pub(crate) functions: BTreeMap<String, FunctionModel>,
    /// Constants.
    #[serde(default)]
    pub(crate) constants: BTreeMap<String, Constant>,
    /// Generated client stubs.
    #[serde(default)]
    pub(crate) stubs: Vec<StubModel>,
    /// Generated server sides.
    #[serde(default)]
    pub(crate) servers: Vec<ServerModel>,
    /// Servers of HTTP: routers, handlers, and what these are given.
    #[serde(default)]
    pub(crate) routes: RoutesModel,
    /// Declared clients: interfaces whose annotations say which requests their methods send.
    #[serde(default)]
    pub(crate) interfaces: InterfacesModel,
    /// Annotations and decorators that repeat the function that they stand on, and attempts that a loop goes through.
    #[serde(default)]
    pub(crate) repeated: BTreeMap<String, RepeatedModel>,
    /// Operators that repeat the pipeline in front of them: methods (`*::retry`), and functions whose result is
    /// given to a method of the pipeline (`pipe(retry(3))`).
    #[serde(default)]
    pub(crate) pipelines: BTreeMap<String, RepeatedModel>,
    /// Macros that include generated code; the argument that names the protobuf package.
    #[serde(default)]
    pub(crate) includes: BTreeMap<String, usize>,
    /// Macros that write a client for an OpenAPI document: what they write is known as
    /// `<root>::<path of the document>::<name>`.
    #[serde(default)]
    pub(crate) documents: BTreeMap<String, DocumentModel>,
    /// Accessor methods of generated messages: `Get{Field}`, `get{Field}List`. The first that fits counts.
    #[serde(default)]
    pub(crate) getters: Vec<String>,
    /// Builders of generated messages.
    #[serde(default)]
    pub(crate) messages: Option<MessageModel>,
    /// Setter methods of generated messages: `set_{field}`. The first that fits counts.
    #[serde(default)]
    pub(crate) setters: Vec<String>,
    /// What a plain number is where a duration is wanted; left out: the language counts nanoseconds.
    #[serde(default)]
    pub(crate) time_unit: Option<Unit>,
    /// Calls wait for ever unless the client or the call is told otherwise.
    #[serde(default)]
    pub(crate) unlimited: bool,
    /// An answer whose status means failure is raised as an error.
    #[serde(default)]
    pub(crate) fails_on_status: bool,
    /// A request is sent once, by the first method that asks for its answer; the others wait for the same answer.
    #[serde(default)]
    pub(crate) sends_once: bool,
    /// Annotations that fill a field or parameter with a configuration value, and the argument that
    /// names its key: `@Value("${profile.url}")`.
    #[serde(default)]
    pub(crate) configured: BTreeMap<String, Port>,
    /// Annotations of a type whose fields are filled with configuration values, and the arguments of which one names what
    /// stands in front of their names: `@ConfigurationProperties("profile")`.
    #[serde(default)]
    pub(crate) configured_types: BTreeMap<String, Vec<Port>>,
    /// Functions that keep what they are given, or show it to somebody: logs, caches, stores. They may stand
    /// among `functions`, too.
    #[serde(default)]
    pub(crate) sinks: Vec<SinkList>,
    /// Code, and what must be found in it: `tests/clients.rs` runs them.
    #[serde(rename = "examples", default)]
    _examples: IgnoredAny,
}

/// What a value of a type stands for.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Kind {
    /// Sends requests; carries defaults.
    Client,
    /// A connection that stubs are made of.
    Channel,
    /// A request under construction.
    Request,
    /// A set of headers or metadata.
    Headers,
    /// A change to a client or policy, given to its constructor.
    Option,
    /// How often to retry.
    Policy,
    /// A context with a deadline.
    Context,
    /// A generated stub.
    Stub,
    /// Part of a server: a router, group or route. See [`RoutesModel`].
    Router,
    /// A buffer that bodies are written to and read from.
    Body,
}

impl Kind {
    /// Whether requests are sent or answered with it.
    pub(crate) const fn sends(self) -> bool {
        matches!(self, Self::Client | Self::Channel | Self::Request | Self::Stub | Self::Router)
    }
}

impl FunctionModel {
    /// Whether code that calls it can send or answer requests.
    pub(crate) fn matters(&self) -> bool {
        self.send.is_some()
            || self.sends_described
            || self.requests.is_some()
            || self.make.is_some_and(Kind::sends)
            || self.retry.is_some()
            || self.route.is_some()
            || self.listens.is_some()
    }
}

/// What the interpreter keeps of an object.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Setting {
    /// Base URL or address.
    Base,
    /// A host, perhaps with its port, where others have a base URL.
    Host,
    /// HTTP method.
    Method,
    /// URL or path.
    Url,
    /// The `user-agent` header.
    UserAgent,
    /// Further headers: a value of kind headers.
    Headers,
    /// The value of an `authorization` header.
    Authorization,
    /// Total time limit.
    Timeout,
    /// Body.
    Body,
    /// Query parameters.
    Query,
    /// Context.
    Context,
    /// Greatest number of attempts.
    Attempts,
    /// Greatest number of repetitions: the first attempt does not count.
    Repetitions,
    /// Time limit of all attempts.
    Elapsed,
    /// Code of the caller that can change anything: middleware, interceptors.
    Opaque,
    /// A retry policy.
    Policy,
    /// Somebody in the code may end it.
    Cancel,
}

/// A function or method of a library.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[expect(clippy::struct_excessive_bools, reason = "keys of a file that are there or not")]
pub(crate) struct FunctionModel {
    /// What it gives.
    pub(crate) returns: Option<Return>,
    /// The argument that describes the type of what it gives, and of the record at another one:
    /// `create(ProfileSchema, { name })`, where `ProfileSchema: GenMessage<Profile>`.
    pub(crate) described: Option<DescribedModel>,
    /// The argument that names a type which the given type is of: `TypeAdapter(Profile)`.
    pub(crate) of_type: Option<Port>,
    /// Names of its parameters by position, in languages with named arguments.
    #[serde(default)]
    pub(crate) params: Vec<Arc<str>>,
    /// Arguments that are objects of a library's type though they are written as plain ones
    /// (`axios.get(url, {headers})`): position or `$name`, and the type whose fields say what they set.
    /// Their settings count for the target.
    #[serde(default)]
    pub(crate) objects: BTreeMap<Port, String>,
    /// Arguments whose type follows from the type arguments of the call, of its receiver, or from what is sent by
    /// the method that the first argument describes and what that gives: `useMutation<User, Error, Name>({..})`.
    #[serde(default)]
    pub(crate) arguments: BTreeMap<usize, FieldModel>,
    /// It makes an object.
    pub(crate) make: Option<Kind>,
    /// The object that the made one, or the one that is set, takes settings from.
    pub(crate) of: Option<Port>,
    /// Settings of the made object, else of `on`, else of the receiver.
    #[serde(default)]
    pub(crate) set: BTreeMap<Setting, Sources>,
    /// The same, for settings that neither `set` nor what the object is made of gives.
    #[serde(default)]
    pub(crate) unset: BTreeMap<Setting, Source>,
    /// Sets a header there.
    pub(crate) header: Option<HeaderModel>,
    /// Sets a query parameter there.
    pub(crate) query: Option<HeaderModel>,
    /// Whose settings are changed, if not the receiver's.
    pub(crate) on: Option<Port>,
    /// Arguments from this one on are options, whose settings are taken over.
    pub(crate) options: Option<usize>,
    /// Sends a request: the port that holds it. A made request is sent with `made`.
    pub(crate) send: Option<Port>,
    /// Each entry of the object at a port is a request that is sent.
    pub(crate) requests: Option<RequestsModel>,
    /// Sends a request by the description of a service's method that it is given, see
    /// [`StubModel::described`].
    #[serde(default)]
    pub(crate) sends_described: bool,
    /// The argument that the response's body will be taken apart into when the request is sent.
    pub(crate) result: Option<usize>,
    /// Takes the body of the receiver, a response, as it is: text or bytes.
    #[serde(default)]
    pub(crate) takes_body: bool,
    /// Takes a body apart.
    pub(crate) decode: Option<DecodeModel>,
    /// Makes text.
    pub(crate) text: Option<TextModel>,
    /// The text that it makes is what its receiver holds from now on: `builder.append("/items")`.
    #[serde(default)]
    pub(crate) grows: bool,
    /// Gives one object with the fields of all arguments, a later one before an earlier, and makes the first
    /// argument that object.
    #[serde(default)]
    pub(crate) merges: bool,
    /// Makes a duration of the first argument in this unit.
    pub(crate) duration: Option<Unit>,
    /// Functions it calls, each with what it gives them.
    #[serde(default)]
    pub(crate) calls: Vec<CallbackModel>,
    /// Repeats a function.
    pub(crate) retry: Option<RetryModel>,
    /// Takes an element by a constant key or JSON pointer.
    pub(crate) key: Option<KeyModel>,
    /// Makes a list of what these inputs hold: their elements, where they are lists themselves.
    pub(crate) list: Option<ListModel>,
    /// Adds an element to the list that the receiver is.
    pub(crate) adds: Option<Port>,
    /// Makes an object or map of its arguments.
    pub(crate) entries: Option<EntriesModel>,
    /// Sets an entry of the object or map that the receiver is, and gives that.
    pub(crate) entry: Option<HeaderModel>,
    /// It is read like a field, of values of these types: `element.jsonObject`.
    pub(crate) property: Option<PropertyOf>,
    /// Adds all elements of a list to the list that the receiver is.
    pub(crate) adds_all: Option<Port>,
    /// The whole of this argument leaves: it is printed, serialised, stored.
    #[serde(default)]
    pub(crate) escapes: Vec<Port>,
    /// All of this argument is what a handler answers: the one that the receiver or another argument was given to.
    pub(crate) answers: Option<Port>,
    /// It answers for the handler that runs, whoever has the request: `Response.ok(user)`.
    #[serde(default)]
    pub(crate) answers_here: bool,
    /// It gives a parameter of the request that is answered: the argument with its name, else all of them.
    pub(crate) asks: Option<Port>,
    /// It gives the body of the request that the running handler answers: `call.receive<User>()`.
    #[serde(default)]
    pub(crate) receives: bool,
    /// The argument that names an interface, else the type argument: the function gives a declared client
    /// of it, made of what it would give otherwise.
    pub(crate) instance: Option<Port>,
    /// What it gives is passed to others that ask for it: typed and named clients.
    pub(crate) injected: Option<InjectedModel>,
    /// What it gives takes settings from what was [injected](FunctionModel::injected) under the name in this
    /// argument.
    pub(crate) obtained: Option<Port>,
    /// The place that is given what the function finds: C# `out`.
    pub(crate) puts: Option<Port>,
    /// What it gives is computed from its inputs.
    #[serde(default)]
    pub(crate) derives: bool,
    /// What it keeps; written in `sinks`.
    #[serde(skip)]
    pub(crate) sink: Option<Box<SinkModel>>,
    /// What it does to routers; written in `routes.functions`.
    #[serde(skip)]
    pub(crate) route: Option<Box<RouteModel>>,
    /// It is given the implementation of a generated service.
    pub(crate) serves: Option<ServesModel>,
    /// It makes, fills or reads a place that code fills later.
    pub(crate) cell: Option<CellModel>,
    /// It gives an object with these parts.
    #[serde(default)]
    pub(crate) parts: BTreeMap<String, PartModel>,
    /// What it does instead where no function is given.
    pub(crate) without: Option<Box<Without>>,
    /// Runs its function arguments under a time limit.
    #[serde(default)]
    pub(crate) limits_time: bool,
    /// It waits for requests at this port, or address: `app.listen(3000)`.
    pub(crate) listens: Option<Port>,
    /// What it means where it decides whether a loop goes on.
    pub(crate) role: Option<Role>,
    /// Nothing of it matters.
    #[serde(default)]
    pub(crate) ignore: bool,
}

/// A header or query parameter that is set.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct HeaderModel {
    /// Name.
    pub(crate) name: Source,
    /// Value.
    pub(crate) value: Source,
}

/// How a body is taken apart.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct DecodeModel {
    /// The response or bytes.
    pub(crate) from: Port,
    /// The place that is filled; left out: what the function gives.
    pub(crate) into: Option<Port>,
    /// The argument that names the type (`readValue(text, Profile.class)`), or has it as its type
    /// argument (`new TypeReference<List<Profile>>() {}`, `self` of a `TypeAdapter`).
    #[serde(rename = "type")]
    pub(crate) ty: Option<Port>,
}

/// A unit of time.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Unit {
    /// Billionths of a second.
    Nanoseconds,
    /// Millionths of a second.
    Microseconds,
    /// Thousandths of a second.
    Milliseconds,
    /// Seconds.
    Seconds,
    /// Minutes.
    Minutes,
    /// Hours.
    Hours,
}

/// What a function means where it decides whether a loop goes on.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Role {
    /// It tells the time, or how much has passed.
    Clock,
    /// It tells whether somebody outside wants the work to end.
    Cancels,
    /// It counts, and gives the number.
    Counts,
    /// It gives elements for ever, or a context that never ends.
    Endless,
}

/// A function argument that is called.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct CallbackModel {
    /// The port that holds the function.
    pub(crate) function: Port,
    /// The field of such an argument that is the function, if it is an object: `{success: (data) => ..}`.
    pub(crate) key: Option<String>,
    /// What holds it may be an object, one of whose methods is meant; the first that it has counts:
    /// `call.enqueue(new Callback<>() { public void onResponse(..) {..} })`.
    #[serde(default)]
    pub(crate) method: Vec<Arc<str>>,
    /// What it is given: `self` elements, or ports.
    #[serde(default)]
    pub(crate) with: Vec<Source>,
    /// It is given elements of the first source.
    #[serde(default)]
    pub(crate) each: bool,
    /// It is given what stands in the tuples or lists of its sources, one after the other: `Thread(target=send, args=(a, b))`.
    #[serde(default)]
    pub(crate) spread: bool,
    /// It is given elements of the source at this position alone: what `reduce` collects in is passed on.
    pub(crate) each_of: Option<usize>,
    /// It builds up what it is given, which is of this type: it runs once, and before anything is sent
    /// (`client.get(url) { header("a", "b") }`).
    pub(crate) builds: Option<String>,
    /// What it gives is what the function gives (as `list`: a list of it).
    #[serde(default)]
    pub(crate) gives: Option<Gives>,
    /// The setting of the target that the result of the function is: `uri(b -> b.path("/items").build())`.
    pub(crate) sets: Option<Setting>,
}

/// What becomes of a callback's result.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Gives {
    /// It is the result.
    Result,
    /// The result is a list of it.
    List,
    /// The function is given elements and the result is a list, if the first input is a list;
    /// else it is given the input itself, an option or result, and gives the result.
    Mapped,
}

/// What a function gives.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(from = "RawPort")]
pub(crate) enum Return {
    /// One of its inputs, unchanged.
    Port(Port),
    /// A value of this type (of the made object).
    Type(String),
}

/// A constant.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) enum Constant {
    /// Text.
    Text(String),
    /// Milliseconds.
    Duration(u64),
    /// A number.
    Int(i64),
    /// An object that the library makes itself: its type.
    Object(String),
}

impl Constant {
    /// The number, if it is one.
    pub(crate) const fn whole(&self) -> Option<i64> {
        match self {
            Self::Int(number) => Some(*number),
            _ => None,
        }
    }
}

/// An input of a function.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Port {
    /// The receiver.
    Receiver,
    /// An argument, from 0; in languages with named arguments also by its name in [`FunctionModel::params`].
    Argument(usize),
    /// An argument that is given by name only: `$headers`.
    Named(Arc<str>),
    /// The object that the function makes.
    Made,
    /// What the call gives so far: the response of a request that it sends.
    Result,
    /// The body of that response, taken apart.
    Decoded,
}

/// Where a setting's value comes from.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(from = "RawPort")]
pub(crate) enum Source {
    /// An input.
    Port(Port),
    /// Fixed text.
    Text(String),
    /// A fixed number.
    Int(i64),
}

/// Where a setting's value may come from: `data` or `json`.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub(crate) enum Sources {
    /// From one place.
    One(Source),
    /// From the first of these that is given.
    First(Vec<Source>),
}

impl Sources {
    /// All of them, the first one first.
    pub(crate) fn all(&self) -> &[Source] {
        match self {
            Self::One(source) => std::slice::from_ref(source),
            Self::First(sources) => sources,
        }
    }
}

/// `self`, `made`, `result`, `decoded`, an argument's index or `$name`, `=number`, or text.
#[derive(Deserialize)]
#[serde(untagged)]
enum RawPort {
    Index(usize),
    Negative(i64),
    Text(String),
}

impl From<RawPort> for Source {
    fn from(raw: RawPort) -> Self {
        match raw {
            RawPort::Index(index) => Self::Port(Port::Argument(index)),
            RawPort::Negative(value) => Self::Int(value),
            RawPort::Text(text) => match text.as_str() {
                "self" => Self::Port(Port::Receiver),
                "made" => Self::Port(Port::Made),
                "result" => Self::Port(Port::Result),
                "decoded" => Self::Port(Port::Decoded),
                other => {
                    if let Some(name) = other.strip_prefix('$') {
                        return Self::Port(Port::Named(Arc::from(name)));
                    }
                    match other.strip_prefix('=').and_then(|number| number.parse().ok()) {
                        Some(number) => Self::Int(number),
                        None => Self::Text(text),
                    }
                }
            },
        }
    }
}

impl From<RawPort> for Return {
    fn from(raw: RawPort) -> Self {
        match Source::from(raw) {
            Source::Port(port) => Self::Port(port),
            Source::Text(text) => Self::Type(text),
            Source::Int(number) => Self::Type(number.to_string()),
        }
    }
}

impl<'de> Deserialize<'de> for Port {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match Source::from(RawPort::deserialize(deserializer)?) {
            Source::Port(port) => Ok(port),
            Source::Text(text) => Err(serde::de::Error::custom(format!(
                "`{text}` is no port: self, made, result, decoded, an index or $name"
            ))),
            Source::Int(number) => Err(serde::de::Error::custom(format!("{number} is no port"))),
        }
    }
}
