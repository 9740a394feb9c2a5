//! Generated client stubs and server sides.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Deserialize;

use super::FunctionModel;

/// Generated client stubs of a library.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct StubModel {
    /// The stub's type: `**::{Service}Client`.
    #[serde(rename = "type")]
    pub(crate) type_pattern: String,
    /// Segments of paths that such code is generated into: `*pb`, `gen`. Where they are given, the name of the type alone
    /// may be that of any client: it counts in such a module, of a service that a contract declares, or if it is
    /// made with a channel. Left out: the name is enough.
    #[serde(default)]
    pub(crate) modules: Vec<String>,
    /// What the place of the service holds in the type of a stream that a method gives, which is no stub: `_` of
    /// `Orders_WatchClient`.
    pub(crate) streams: Option<String>,
    /// Functions that make one, by pattern or by name of an associated function; `constructor` is calling
    /// the type itself.
    #[serde(default)]
    pub(crate) constructors: BTreeMap<String, StubConstructor>,
    /// Methods that are no remote calls and give the stub itself.
    #[serde(default)]
    pub(crate) settings: BTreeMap<String, FunctionModel>,
    /// Names of methods that are remote calls: `{Method}Async`, the first that fits counts. Left out:
    /// every method, by its own name.
    #[serde(default)]
    pub(crate) methods: Vec<String>,
    /// Methods of such a method that call it, too: `stub.GetCart.future(request)`.
    #[serde(default)]
    pub(crate) variants: Vec<String>,
    /// Its methods are operations of an OpenAPI document, named after their ids. What is sent as the body is the argument
    /// of a type that stands beside the client's own.
    pub(crate) operations: Option<OperationsOf>,
    /// The argument with the request.
    #[serde(default)]
    pub(crate) request: usize,
    /// The argument with the context, if there is one.
    pub(crate) context: Option<usize>,
    /// What further arguments set on a call: metadata, deadlines.
    #[serde(default)]
    pub(crate) call: Option<FunctionModel>,
    /// Types that wrap a response or the messages of a stream, to be taken off: their last type argument is it.
    #[serde(default)]
    pub(crate) response: Vec<String>,
    /// The parameter of a function given as the last argument that is the response.
    pub(crate) callback: Option<usize>,
    /// The argument that is a function which is given the response, or each message of it.
    pub(crate) handler: Option<usize>,
    /// Methods of an object given as an argument that take the response, or each message of it: `onNext`.
    #[serde(default)]
    pub(crate) observer: Vec<Arc<str>>,
    /// Members of what a method gives that stand for the response: `ResponseAsync`.
    #[serde(default)]
    pub(crate) members: Vec<String>,
    /// Types of the library whose first argument is the generated service: `Client<typeof CartService>`.
    #[serde(default)]
    pub(crate) declared: Vec<String>,
    /// Annotations of parameters and fields that are given a stub. Their type may be called as the service itself.
    #[serde(default)]
    pub(crate) annotations: Vec<String>,
    /// Members of a generated service's description that hold those of its methods, which can be called
    /// through a library: `useQuery(CartService.method.getCart, request)`.
    #[serde(default)]
    pub(crate) described: Vec<String>,
    /// Ends of the names of generated services that are no part of the service's own: `Definition`.
    #[serde(default)]
    pub(crate) suffixes: Vec<String>,
}

/// Which document the methods of a client are operations of.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum OperationsOf {
    /// The one that the client's type is named after: that of a macro, see `documents`.
    Document,
    /// Any that has an operation of that id.
    Any,
}

/// A macro that writes a client for the document which it is given: the first of its texts that names a file of JSON
/// or YAML.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct DocumentModel {
    /// Under which name what it writes is known, with the document's path below it: `progenitor::client`.
    pub(crate) root: String,
    /// What it writes into the module in which it stands.
    pub(crate) names: Vec<String>,
}

impl StubModel {
    /// The service in the name of what is generated for it.
    pub(crate) fn service_in<'n>(&self, name: &'n str) -> &'n str {
        let bare = self.suffixes.iter().find_map(|suffix| name.strip_suffix(suffix.as_str()));
        bare.filter(|bare| !bare.is_empty()).unwrap_or(name)
    }
}

/// How a stub is made.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct StubConstructor {
    /// The argument with the channel.
    pub(crate) channel: Option<usize>,
    /// The argument with the address.
    pub(crate) base: Option<usize>,
    /// An argument that can change every call: an interceptor.
    pub(crate) opaque: Option<usize>,
    /// Arguments from this one on are options, whose settings are taken over.
    pub(crate) options: Option<usize>,
    /// The argument that is the generated service, where no name tells it: `createClient(CartService, transport)`.
    pub(crate) service: Option<usize>,
    /// The argument that must be there, and be no literal of settings: what tells a stub from the client of
    /// some library that is named like one.
    pub(crate) given: Option<usize>,
}

/// An implementation is given to a server together with the service: `server.addService(service, {..})`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct ServesModel {
    /// The generated service.
    pub(crate) service: usize,
    /// The implementation: an object with a function for each method, or of a class.
    pub(crate) handlers: usize,
    /// Types of what its functions are given, by position, where they declare none.
    #[serde(default)]
    pub(crate) given: Vec<String>,
}

/// Generated server sides of a library.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct ServerModel {
    /// A type that an implementation embeds or extends, or a trait that it implements:
    /// `**::Unimplemented{Service}Server`.
    pub(crate) implements: Option<String>,
    /// Functions that an implementation is given to, and the argument that it is:
    /// `"**::Register{Service}Server": 1`.
    #[serde(default)]
    pub(crate) registers: BTreeMap<String, usize>,
    /// Methods of what a handler is given that send a message of the answer: `Send`.
    #[serde(default)]
    pub(crate) sends: Vec<String>,
}
