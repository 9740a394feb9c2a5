//! What a descriptor tells of declared clients: its section `interfaces`.
//!
//! A declared client is an interface without code: annotations say which request each method sends,
//! and the library makes an object of it.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::{Methods, Port};

/// Declared clients of a library.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct InterfacesModel {
    /// Annotations of the interface itself.
    #[serde(default)]
    pub(crate) clients: BTreeMap<String, ClientAnnotation>,
    /// Only interfaces with such an annotation are clients: their methods have annotations that servers
    /// use, too.
    #[serde(default)]
    pub(crate) marked: bool,
    /// Annotations of methods.
    #[serde(default)]
    pub(crate) methods: BTreeMap<String, RequestAnnotation>,
    /// Annotations of parameters.
    #[serde(default)]
    pub(crate) parameters: BTreeMap<String, SentPart>,
    /// What a parameter without an annotation holds: left out, nothing that matters.
    pub(crate) plain_parameter: Option<SentPart>,
    /// Types that results are wrapped in.
    #[serde(default)]
    pub(crate) wrappers: BTreeMap<String, WrapperModel>,
}

/// What an annotation says of an interface that is a client.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct ClientAnnotation {
    /// It does not make an interface a client, and only adds to what does.
    #[serde(default)]
    pub(crate) adds: bool,
    /// Arguments with the base URL; the first that is given counts.
    #[serde(default)]
    pub(crate) base: Vec<Port>,
    /// Arguments with the name of a service, whose host that is if no base URL is given.
    #[serde(default)]
    pub(crate) name: Vec<Port>,
    /// Arguments with a path in front of those of the methods.
    #[serde(default)]
    pub(crate) path: Vec<Port>,
    /// Arguments with headers: `Accept: text/plain`.
    #[serde(default)]
    pub(crate) headers: Vec<Port>,
}

/// What an annotation says of a method that sends a request.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct RequestAnnotation {
    /// HTTP method; an annotation with it, or with `line`, makes a method send a request.
    pub(crate) method: Option<Methods>,
    /// The HTTP method where the annotation says none.
    pub(crate) default_method: Option<String>,
    /// Arguments with the path.
    #[serde(default)]
    pub(crate) path: Vec<Port>,
    /// Arguments with method and path in one text: `GET /users/{id}`.
    #[serde(default)]
    pub(crate) line: Vec<Port>,
    /// Arguments with headers: `Accept: text/plain`.
    #[serde(default)]
    pub(crate) headers: Vec<Port>,
}

/// A part of the request that a parameter is sent as.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum SentPart {
    /// The body.
    Body,
    /// A part of the path.
    Path,
    /// A query parameter.
    Query,
    /// A header.
    Header,
    /// Headers by name.
    Headers,
    /// The whole URL, or a path in the place of the declared one.
    Url,
    /// Nothing of it matters.
    Nothing,
}

/// A type that results are wrapped in.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct WrapperModel {
    /// The type argument that says what is inside.
    #[serde(default)]
    pub(crate) of: usize,
    /// Fields and methods that give what is inside.
    #[serde(default)]
    pub(crate) inside: Vec<String>,
    /// Methods that give the wrapper again, or another one around the same.
    #[serde(default)]
    pub(crate) same: Vec<String>,
}
