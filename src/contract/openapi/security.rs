//! Security schemes, what operations ask of them, and the headers among them that name the caller.
//!
//! A contract may ask a caller for its name with a parameter or with an `apiKey` scheme. Only the
//! schemes whose header is a configured identity become parameters; others say who may call, not who
//! calls.

use super::library::Node;
use super::reader::Reader;
use super::version::Version;
use crate::model::contract::{Parameter, ParameterPlace, Requirement, SchemeKind, SecurityScheme, Shape};

/// An identity header that a security scheme stands for.
#[derive(Clone, Debug)]
pub(super) struct IdentityScheme {
    /// Name of the scheme.
    scheme: String,
    /// The header, as the parameter of an operation that asks for it.
    parameter: Parameter,
}

impl<'a> Reader<'a> {
    /// Reads the security of a document: its schemes, and what it asks for by default.
    pub(super) fn read_security(&mut self, root: &Node<'a>) {
        let schemes = match self.version {
            Version::V2 => self.mapping(root, "securityDefinitions"),
            _ => self.mapping(root, "components").and_then(|components| self.mapping(&components, "securitySchemes")),
        };
        for (name, place) in schemes.into_iter().flat_map(|schemes| schemes.members()) {
            let Some(node) = self.follow(&place) else { continue };
            let Some(kind) = self.scheme(&node) else { continue };
            self.add_identity(name, &kind, &node);
            self.schemes.push(SecurityScheme { name: name.to_owned(), kind, site: place.site() });
        }
        self.default_security = self.security_of(root);
    }

    fn scheme(&mut self, node: &Node<'a>) -> Option<SchemeKind> {
        match self.word(node, "type")? {
            "apiKey" => {
                let name = self.word(node, "name")?.to_owned();
                let place = match self.word(node, "in")? {
                    "header" => ParameterPlace::Header,
                    "query" => ParameterPlace::Query,
                    "cookie" => ParameterPlace::Cookie,
                    other => {
                        self.lost(node, format!("a key is in `header`, `query` or `cookie`, not in `{other}`"));
                        return None;
                    }
                };
                Some(SchemeKind::ApiKey { place, name })
            }
            "http" => Some(SchemeKind::Http { scheme: self.word(node, "scheme")?.to_ascii_lowercase() }),
            "basic" if self.version == Version::V2 => Some(SchemeKind::Http { scheme: "basic".to_owned() }),
            "oauth2" => Some(SchemeKind::OAuth2 { flows: self.flows(node) }),
            "openIdConnect" => Some(SchemeKind::OpenIdConnect { url: self.word(node, "openIdConnectUrl")?.to_owned() }),
            "mutualTLS" => Some(SchemeKind::MutualTls),
            other => {
                self.lost(node, format!("`{other}` is no type of a security scheme"));
                None
            }
        }
    }

    /// A text that an object must have.
    fn word(&mut self, node: &Node<'a>, key: &str) -> Option<&'a str> {
        let word = node.get(key).and_then(|word| word.as_str());
        if word.is_none() {
            self.lost(node, format!("a security scheme of this kind must have a text as its `{key}`"));
        }
        word
    }

    /// The flows of OAuth 2. 2.0 has one, written beside its name, and older names for two of them.
    fn flows(&mut self, node: &Node<'a>) -> Vec<(String, Vec<String>)> {
        if self.version != Version::V2 {
            let flows = self.mapping(node, "flows").into_iter().flat_map(|flows| flows.members());
            return flows
                .filter(|(name, _)| !name.starts_with("x-"))
                .map(|(name, flow)| (name.to_owned(), terms(&flow)))
                .collect();
        }
        let name = match self.word(node, "flow") {
            Some("application") => "clientCredentials",
            Some("accessCode") => "authorizationCode",
            Some(name) => name,
            None => return Vec::new(),
        };
        vec![(name.to_owned(), terms(node))]
    }

    /// The alternatives that an object asks for; `None` if it says nothing.
    pub(super) fn security_of(&mut self, owner: &Node<'a>) -> Option<Vec<Requirement>> {
        let list = owner.get("security").filter(|list| !list.is_null())?;
        if !list.is_array() {
            self.lost(&list, "`security` must be a list");
            return None;
        }
        let mut alternatives = Vec::new();
        for item in list.items() {
            if !self.is_mapping(&item, "a security requirement") {
                continue;
            }
            let scopes =
                |scopes: Node<'a>| scopes.items().filter_map(|scope| scope.as_str()).map(str::to_owned).collect();
            alternatives.push(item.members().map(|(name, list)| (name.to_owned(), scopes(list))).collect());
        }
        Some(alternatives)
    }

    fn add_identity(&mut self, scheme: &str, kind: &SchemeKind, node: &Node<'a>) {
        let SchemeKind::ApiKey { place: ParameterPlace::Header, name } = kind else { return };
        if !self.is_identity(name) {
            return;
        }
        let shape = Shape::Scalar { kind: "string".into(), format: None };
        let parameter =
            Parameter { identity: true, ..Parameter::new(ParameterPlace::Header, name.clone(), shape, node.site()) };
        self.identity_schemes.push(IdentityScheme { scheme: scheme.to_owned(), parameter });
    }

    /// The identity headers that these alternatives ask for. One is required if no alternative does
    /// without it.
    pub(super) fn asked_identity(&self, security: Option<&[Requirement]>) -> Vec<Parameter> {
        let alternatives = security.unwrap_or_default();
        let asks = |alternative: &Requirement, scheme: &str| alternative.iter().any(|(name, _)| name == scheme);
        let asked = self.identity_schemes.iter().filter_map(|known| {
            let count = alternatives.iter().filter(|alternative| asks(alternative, &known.scheme)).count();
            let required = count == alternatives.len();
            (count > 0).then(|| Parameter { required, ..known.parameter.clone() })
        });
        asked.collect()
    }

    /// Whether a header or an extension names the caller.
    pub(super) fn is_identity(&self, name: &str) -> bool {
        self.context.identity.iter().any(|known| known.eq_ignore_ascii_case(name))
    }
}

/// What a flow consists of: its URLs, then its scopes.
fn terms(flow: &Node<'_>) -> Vec<String> {
    let urls = ["authorizationUrl", "tokenUrl"].into_iter().filter_map(|key| flow.get(key)?.as_str());
    let scopes = flow.get("scopes").into_iter().flat_map(|scopes| scopes.members()).map(|(name, _)| name);
    urls.chain(scopes.filter(|name| !name.starts_with("x-"))).map(str::to_owned).collect()
}
