//! What a descriptor tells of servers: its section `routes`.
//!
//! Whatever a framework calls them (router, group, scope, blueprint, mux, resource), the interpreter
//! knows one thing only: an object of kind `router`, which has a path, perhaps methods, and stands
//! below others. A route is such an object with a handler. Its whole path is put together when all
//! code has been followed, since routers are often mounted after their routes are added.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::{Port, Return, Source};

/// How servers of a library are told which code answers which requests.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct RoutesModel {
    /// Functions and methods that register handlers or put routers together; written like the keys of
    /// `functions`.
    #[serde(default)]
    pub(crate) functions: BTreeMap<String, RouteModel>,
    /// Annotations, decorators and attributes that make what they stand on a handler, or a class of
    /// handlers. A decorator that is a method of a router is `Router::get`.
    #[serde(default)]
    pub(crate) annotations: BTreeMap<String, RouteAnnotation>,
    /// Types of what handlers are given.
    #[serde(default)]
    pub(crate) given: BTreeMap<String, GivenModel>,
    /// Variables of the library that hold the request while a handler runs, and their types.
    #[serde(default)]
    pub(crate) globals: BTreeMap<String, String>,
    /// Annotations of parameters, and the part of the request that such a parameter holds.
    #[serde(default)]
    pub(crate) parameters: BTreeMap<String, GivenPart>,
}

/// What a function does to routers and routes.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct RouteModel {
    /// What path, methods and handler are set of.
    #[serde(default)]
    pub(crate) on: RoutePlace,
    /// Without a router as receiver the one is meant whose block is running.
    #[serde(default)]
    pub(crate) implicit: bool,
    /// HTTP methods: fixed, an argument, or several of these. Left out: all methods, or those of the
    /// router above.
    pub(crate) method: Option<Methods>,
    /// What holds where `method` is an argument that is not given.
    pub(crate) default_method: Option<Methods>,
    /// The argument with the path. One that is no text (a handler in its place) counts as left out.
    pub(crate) path: Option<Port>,
    /// Where that path counts.
    #[serde(default)]
    pub(crate) path_counts: PathCounts,
    /// Where that argument is an object, its field with the path: `{prefix: "/v1"}`.
    pub(crate) path_key: Option<String>,
    /// The path where it is fixed.
    pub(crate) fixed_path: Option<String>,
    /// The argument with method and path in one text: `GET /users/{id}`.
    pub(crate) pattern: Option<Port>,
    /// The path is a regular expression.
    #[serde(default)]
    pub(crate) regex: bool,
    /// The argument with the handler. Without it in a call nothing is registered. A router in its place
    /// stands below.
    pub(crate) handler: Option<HandlerPort>,
    /// A router in the handler's place brings its own whole paths, or what cuts the start of them off.
    #[serde(default)]
    pub(crate) subtree: bool,
    /// The method that answers where the handler is an object: `ServeHTTP`.
    pub(crate) handler_method: Option<String>,
    /// Where the handler is a class: its methods by name, and what each answers: a method, perhaps with
    /// a path behind that of the route: `get: GET`, `retrieve: "GET {id}"`.
    #[serde(default)]
    pub(crate) views: BTreeMap<String, String>,
    /// Base classes of a handler that is a class, and those of `views` that they bring.
    #[serde(default)]
    pub(crate) view_bases: BTreeMap<String, Vec<String>>,
    /// Arguments from this one on stand below, as far as they are routers, or lists of them.
    pub(crate) mount: Option<usize>,
    /// The named argument that stands below.
    pub(crate) mount_named: Option<Port>,
    /// What is put below may be the name of a module, whose variable of this name is meant:
    /// `include("shop.urls")`.
    pub(crate) mount_module: Option<String>,
    /// A function that is run with the router.
    pub(crate) configure: Option<Port>,
    /// Types of what the handler is given, by position, where it declares none.
    #[serde(default)]
    pub(crate) given: Vec<String>,
    /// What the function gives: left out, the router that is set.
    pub(crate) returns: Option<Return>,
}

/// Where the path of a router counts.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum PathCounts {
    /// Wherever the router stands.
    #[default]
    Always,
    /// Where it stands below no other: what a proxy puts in front of a whole application.
    Outermost,
}

/// What a function sets path, methods and handler of.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum RoutePlace {
    /// Of a new router or route below the receiver.
    #[default]
    Below,
    /// Of a new one that stands nowhere yet.
    New,
    /// Of the receiver.
    #[serde(rename = "self")]
    Receiver,
}

/// HTTP methods.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub(crate) enum Methods {
    /// Fixed text, or an argument with one or a list of them.
    One(Source),
    /// Several.
    All(Vec<Source>),
}

impl Methods {
    /// All of them.
    pub(crate) fn sources(&self) -> &[Source] {
        match self {
            Self::One(source) => std::slice::from_ref(source),
            Self::All(sources) => sources,
        }
    }
}

/// Which argument is the handler.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub(crate) enum HandlerPort {
    /// This one.
    At(Port),
    /// `{last: 1}`: the last one, from this one on; those before it run in front of it.
    Last {
        /// The first that may be it.
        last: usize,
    },
}

/// What an annotation says of the function or class that it stands on.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct RouteAnnotation {
    /// HTTP methods that the function answers. An annotation with it makes a function a handler.
    pub(crate) method: Option<Methods>,
    /// What holds where `method` is an argument that is not given.
    pub(crate) default_method: Option<Methods>,
    /// Arguments with the path; the first that is given counts. Of a class: what stands in front of the
    /// paths of its handlers.
    #[serde(default)]
    pub(crate) path: Vec<Port>,
    /// Where that argument is an object, its field with the path.
    pub(crate) path_key: Option<String>,
    /// What in the path stands for the class, and the end of the class's name that is left out there:
    /// `{"[controller]": Controller}`.
    #[serde(default)]
    pub(crate) class_tokens: BTreeMap<String, String>,
    /// Types of what the handler is given, by position, where it declares none.
    #[serde(default)]
    pub(crate) given: Vec<String>,
    /// Starts of a path that is not put below that of its class.
    #[serde(default)]
    pub(crate) absolute: Vec<String>,
}

/// What a value of a type holds that a handler is given.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct GivenModel {
    /// What it holds.
    pub(crate) is: GivenPart,
    /// The type argument that says what is inside, where the value is a wrapper: `Json<T>`. The
    /// wrapper is taken off.
    pub(crate) wraps: Option<usize>,
    /// Fields that answer when they are set: `ctx.body = user`.
    #[serde(default)]
    pub(crate) answers: Vec<String>,
    /// Fields that give parts of the request.
    #[serde(default)]
    pub(crate) fields: BTreeMap<String, GivenPart>,
}

/// A part of what a handler is given.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum GivenPart {
    /// The request as a whole, or the context that request and response are reached through.
    Request,
    /// What the answer is written to.
    Response,
    /// The body.
    Body,
    /// A parameter in the path, or all of them.
    Path,
    /// A query parameter, or all of them.
    Query,
    /// A header, or all of them.
    Header,
    /// Nothing of the request: state, services.
    Nothing,
}
