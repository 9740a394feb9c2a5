//! What can be called: operations, their parameters, bodies and responses.

use std::fmt;
use std::sync::Arc;

use super::protobuf::{HttpBinding, ProtoMethod};
use super::{ContractId, Marks, SchemaId, Shape, Stability};
use crate::model::source::Site;

/// The method of an operation that is called by any. No contract that somebody wrote has one.
pub const ANY_METHOD: &str = "ANY";

/// How an operation is called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Protocol {
    /// An HTTP method on a path template.
    Http {
        /// Upper case; [`ANY_METHOD`] where code answers all of them, or it is not known which.
        method: String,
        /// Path template as written, with `{name}` segments, without the servers' base path.
        path: String,
    },
    /// A remote procedure of a protobuf service.
    Rpc {
        /// Full name of the service, with its package.
        service: String,
        /// Name of the method.
        method: String,
        /// The request is a stream.
        client_streaming: bool,
        /// The response is a stream.
        server_streaming: bool,
    },
}

/// Who calls whom.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum OperationKind {
    /// Consumers call the provider.
    #[default]
    Served,
    /// The provider calls an address that a request gave it (OpenAPI `callbacks`).
    Callback,
    /// The provider calls an address that was agreed on otherwise (OpenAPI `webhooks`).
    Webhook,
}

/// What one alternative asks of a request: every scheme in it, with its scopes.
pub type Requirement = Vec<(String, Vec<String>)>;

/// A way to prove who calls.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SecurityScheme {
    /// The name by which requirements refer to it.
    pub name: String,
    /// What it is.
    pub kind: SchemeKind,
    /// Where it is declared.
    pub site: Site,
}

/// Kinds of security schemes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SchemeKind {
    /// A key in a header, query parameter or cookie.
    ApiKey {
        /// Where.
        place: ParameterPlace,
        /// Name of the header, parameter or cookie.
        name: String,
    },
    /// The `Authorization` header with this scheme, in lower case: `basic`, `bearer`.
    Http {
        /// The scheme.
        scheme: String,
    },
    /// OAuth 2; the flows by their names, each with authorization and token URL and scopes.
    OAuth2 {
        /// The flows.
        flows: Vec<(String, Vec<String>)>,
    },
    /// `OpenID` Connect, by the URL of its discovery document.
    OpenIdConnect {
        /// The URL.
        url: String,
    },
    /// A certificate of the client.
    MutualTls,
}

impl fmt::Display for SchemeKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ApiKey { place, name } => write!(f, "API key in {} {name}", place.name()),
            Self::Http { scheme } => write!(f, "HTTP {scheme}"),
            Self::OAuth2 { flows } => {
                f.write_str("OAuth 2")?;
                for (at, (name, details)) in flows.iter().enumerate() {
                    write!(
                        f,
                        "{}{}",
                        if at == 0 { ": " } else { "; " },
                        format!("{name} {}", details.join(" ")).trim()
                    )?;
                }
                Ok(())
            }
            Self::OpenIdConnect { url } => write!(f, "OpenID Connect {url}"),
            Self::MutualTls => f.write_str("certificate of the client"),
        }
    }
}

/// Something that can be called.
#[derive(Clone, Debug)]
pub struct Operation {
    /// Its contract.
    pub contract: ContractId,
    /// Unique in its contract: `GET /profiles/{id}` or `profile.v1.ProfileService/GetProfile`.
    pub key: String,
    /// OpenAPI `operationId`.
    pub operation_id: Option<String>,
    /// Who calls whom.
    pub kind: OperationKind,
    /// How it is called.
    pub protocol: Protocol,
    /// Tags, in order.
    pub tags: Vec<String>,
    /// Servers of its own or of its path, as written; empty: those of the contract.
    pub servers: Vec<String>,
    /// Parameters outside the body, those of the path item included.
    pub parameters: Vec<Parameter>,
    /// Bodies it takes, by media type; a protobuf request has the media type `""`.
    pub request: Vec<Body>,
    /// What it answers.
    pub responses: Vec<Response>,
    /// The alternatives of which a request must satisfy one; an empty alternative lets anybody in.
    /// `None` where the contract says nothing about security at all.
    pub security: Option<Vec<Requirement>>,
    /// The rpc behind an HTTP operation of a protobuf contract.
    pub binding: Option<Box<HttpBinding>>,
    /// What only an rpc has.
    pub proto: Option<Box<ProtoMethod>>,
    /// How settled it is.
    pub stability: Stability,
    /// Deprecated, sunset, sensitive.
    pub marks: Marks,
    /// Where it is declared.
    pub site: Site,
}

impl Operation {
    /// An operation that takes and gives nothing yet.
    #[must_use]
    pub fn new(contract: ContractId, key: impl Into<String>, protocol: Protocol, site: Site) -> Self {
        Self {
            contract,
            key: key.into(),
            operation_id: None,
            kind: OperationKind::Served,
            protocol,
            tags: Vec::new(),
            servers: Vec::new(),
            parameters: Vec::new(),
            request: Vec::new(),
            responses: Vec::new(),
            security: None,
            binding: None,
            proto: None,
            stability: Stability::Stable,
            marks: Marks::default(),
            site,
        }
    }

    /// Shapes of everything it takes and gives.
    pub fn shapes_mut(&mut self) -> impl Iterator<Item = &mut Shape> {
        self.parameters
            .iter_mut()
            .map(|parameter| &mut parameter.shape)
            .chain(self.request.iter_mut().map(|body| &mut body.shape))
            .chain(self.responses.iter_mut().flat_map(|response| {
                let headers = response.headers.iter_mut().map(|header| &mut header.shape);
                response.bodies.iter_mut().map(|body| &mut body.shape).chain(headers)
            }))
    }
}

/// Where a parameter stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ParameterPlace {
    /// `{name}` in the path.
    Path,
    /// URL query.
    Query,
    /// HTTP header.
    Header,
    /// Cookie.
    Cookie,
}

impl ParameterPlace {
    /// As `OpenAPI` says it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Path => "path",
            Self::Query => "query",
            Self::Header => "header",
            Self::Cookie => "cookie",
        }
    }
}

/// A parameter outside the body.
#[derive(Clone, Debug)]
pub struct Parameter {
    /// Its name; header names keep their case here.
    pub name: String,
    /// Where it stands.
    pub place: ParameterPlace,
    /// It must be sent.
    pub required: bool,
    /// How lists and objects are written (`style`), the default of the place where nothing is said.
    pub style: String,
    /// Each item or member is written as a parameter of its own (`explode`).
    pub explode: bool,
    /// It says who calls: its header name, or an `x-` mark, is one of the configured identities.
    pub identity: bool,
    /// Type.
    pub shape: Shape,
    /// The schema behind the type, in [`Contract::schemas`](super::Contract::schemas).
    pub schema: Option<SchemaId>,
    /// What is said of its values in words: its description, and that of its schema where it stands here.
    pub words: Option<Arc<str>>,
    /// Deprecated, sensitive.
    pub marks: Marks,
    /// Where it is declared.
    pub site: Site,
}

/// A body in one media type.
#[derive(Clone, Debug)]
pub struct Body {
    /// `application/json`, or `""` for protobuf.
    pub media_type: String,
    /// It must be sent.
    pub required: bool,
    /// Type.
    pub shape: Shape,
    /// The schema behind the type, in [`Contract::schemas`](super::Contract::schemas).
    pub schema: Option<SchemaId>,
    /// Where it is declared.
    pub site: Site,
}

/// An answer.
#[derive(Clone, Debug)]
pub struct Response {
    /// `200`, `2XX`, `default`, or `""` for an rpc.
    pub status: String,
    /// Bodies by media type.
    pub bodies: Vec<Body>,
    /// Headers, as parameters with [`ParameterPlace::Header`].
    pub headers: Vec<Parameter>,
    /// Where it is declared.
    pub site: Site,
}

impl Response {
    /// An answer for a call that went well.
    #[must_use]
    pub fn is_success(&self) -> bool {
        self.status.is_empty() || self.status.starts_with('2')
    }
}

impl Parameter {
    /// A parameter that may be left out.
    #[must_use]
    pub fn new(place: ParameterPlace, name: impl Into<String>, shape: Shape, site: Site) -> Self {
        let is_form = matches!(place, ParameterPlace::Query | ParameterPlace::Cookie);
        Self {
            name: name.into(),
            place,
            required: false,
            // OpenAPI 3.1, 4.8.12.2: `form` for query and cookie, `simple` for path and header;
            // `explode` is true where the style is `form`.
            style: if is_form { "form" } else { "simple" }.to_owned(),
            explode: is_form,
            identity: false,
            shape,
            schema: None,
            words: None,
            marks: Marks::default(),
            site,
        }
    }
}

impl Body {
    /// A body that may be left out.
    #[must_use]
    pub fn new(media_type: impl Into<String>, shape: Shape, site: Site) -> Self {
        Self { media_type: media_type.into(), required: false, shape, schema: None, site }
    }
}
