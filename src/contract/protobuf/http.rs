//! HTTP bindings of rpcs: `google.api.http`, and the rules of service configurations.
//!
//! Source: the mapping rules that `google/api/http.proto` describes.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use super::names::{FieldIn, Names};
use super::options;
use super::symbols::Symbol;
use crate::model::contract::{
    BindingBody, Body, ContractId, HttpBinding, Marks, Operation, OperationId, OptionSetting, Parameter,
    ParameterPlace, Protocol, Response, Shape,
};
use crate::model::source::Site;

/// Rules of service configurations by the full name of the rpc: method, path and bodies.
pub(super) type HttpRules = BTreeMap<String, Vec<HttpRule>>;

/// One way to call an rpc by HTTP.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct HttpRule {
    method: String,
    path: String,
    body: Option<String>,
    response_body: Option<String>,
    site: Site,
}

/// The methods that a rule has fields for.
const METHODS: [&str; 5] = ["get", "put", "post", "delete", "patch"];

/// The rules that a value of type `google.api.HttpRule` holds, additional ones included.
pub(super) fn rules(value: &Json, site: &Site) -> Vec<HttpRule> {
    // Additional bindings hold none themselves.
    let additional = value.get("additional_bindings").or_else(|| value.get("additionalBindings"));
    let additional: &[Json] = match additional {
        Some(Json::Array(items)) => items,
        Some(one) => std::slice::from_ref(one),
        None => &[],
    };
    std::iter::once(value).chain(additional).filter_map(|value| rule(value, site)).collect()
}

fn rule(value: &Json, site: &Site) -> Option<HttpRule> {
    let text = |name: &str| value.get(name).and_then(Json::as_str).filter(|text| !text.is_empty()).map(str::to_owned);
    let plain = METHODS.iter().find_map(|method| Some((method.to_uppercase(), text(method)?)));
    let custom = || {
        let custom = value.get("custom")?;
        let part = |name: &str| custom.get(name).and_then(Json::as_str);
        // The kind `*` stands for every method.
        Some((part("kind")?.to_uppercase(), part("path")?.to_owned()))
    };
    let (method, path) = plain.or_else(custom)?;
    let response_body = text("response_body").or_else(|| text("responseBody"));
    Some(HttpRule { method, path, body: text("body"), response_body, site: site.clone() })
}

/// The rules of an rpc: those of a service configuration come in the place of its own.
pub(super) fn rules_of(rpc: &str, settings: &[OptionSetting], configured: &HttpRules, site: &Site) -> Vec<HttpRule> {
    if let Some(rules) = configured.get(rpc) {
        return rules.clone();
    }
    let value = options::value(settings, "(google.api.http)");
    let place =
        settings.iter().find(|setting| setting.name == "(google.api.http)").map_or(site, |setting| &setting.site);
    value.map(|value| rules(value, place)).unwrap_or_default()
}

/// What an rpc takes and gives.
pub(super) struct Ends {
    /// The request.
    pub(super) request: Body,
    /// The response.
    pub(super) response: Body,
    /// The message of the request.
    pub(super) input: Option<Symbol>,
    /// The message of the response.
    pub(super) output: Option<Symbol>,
}

/// Makes HTTP operations of one rpc.
pub(super) struct Binder<'b, 'n> {
    /// All declarations.
    pub(super) names: &'b Names<'n>,
    /// The contract.
    pub(super) contract: ContractId,
    /// The rpc, counted from the first operation of its file.
    pub(super) rpc: usize,
    /// What it takes and gives.
    pub(super) ends: &'b Ends,
    /// Its marks.
    pub(super) marks: &'b Marks,
    /// The shape of a field.
    pub(super) shape_of: &'b dyn Fn(FieldIn<'_>) -> Shape,
}

impl Binder<'_, '_> {
    /// The operation of a rule.
    pub(super) fn operation(&self, rule: &HttpRule) -> Option<Operation> {
        if rule.path.is_empty() {
            return None;
        }
        let variables = variables(&rule.path);
        let parameters = variables.iter().map(|(name, _)| Parameter {
            required: true,
            ..Parameter::new(ParameterPlace::Path, name, self.variable(name), rule.site.clone())
        });
        let parameters = parameters.collect();
        let (body, request) = self.request(rule);
        let binding =
            HttpBinding { rpc: OperationId::at(self.rpc), variables, body, response_body: rule.response_body.clone() };
        let protocol = Protocol::Http { method: rule.method.clone(), path: rule.path.clone() };
        let key = format!("{} {}", rule.method, rule.path);
        Some(Operation {
            parameters,
            request,
            responses: vec![self.response(rule)],
            binding: Some(Box::new(binding)),
            marks: self.marks.clone(),
            ..Operation::new(self.contract, key, protocol, rule.site.clone())
        })
    }

    fn request(&self, rule: &HttpRule) -> (BindingBody, Vec<Body>) {
        let body = |shape| vec![Body { required: true, ..Body::new("application/json", shape, rule.site.clone()) }];
        match rule.body.as_deref() {
            None => (BindingBody::Nothing, Vec::new()),
            Some("*") => (BindingBody::Rest, body(self.ends.request.shape.clone())),
            Some(field) => {
                (BindingBody::Field(field.to_owned()), body(self.at(self.ends.input, field).unwrap_or(Shape::Any)))
            }
        }
    }

    fn response(&self, rule: &HttpRule) -> Response {
        let field = rule.response_body.as_deref().map(|field| self.at(self.ends.output, field).unwrap_or(Shape::Any));
        let shape = field.unwrap_or_else(|| self.ends.response.shape.clone());
        let body = Body { required: true, ..Body::new("application/json", shape, rule.site.clone()) };
        Response { status: "200".to_owned(), bodies: vec![body], headers: Vec::new(), site: rule.site.clone() }
    }

    /// The type of a variable; of one whose field is not known, text.
    fn variable(&self, path: &str) -> Shape {
        self.at(self.ends.input, path).unwrap_or(Shape::Scalar { kind: "string".into(), format: None })
    }

    /// The shape of the field at a dotted path of a message.
    fn at(&self, message: Option<Symbol>, path: &str) -> Option<Shape> {
        let mut message = message;
        let mut found = None;
        for part in path.split('.') {
            let field = self.names.field(message?, part)?;
            message = self.names.message_of(field);
            found = Some(field);
        }
        found.map(|field| (self.shape_of)(field))
    }
}

/// The variables of a path template: the field path of each, and its segments.
fn variables(path: &str) -> Vec<(String, String)> {
    let mut variables = Vec::new();
    let mut rest = path;
    while let Some((_, behind)) = rest.split_once('{') {
        let Some((variable, after)) = behind.split_once('}') else { break };
        let (name, segments) = variable.split_once('=').unwrap_or((variable, "*"));
        variables.push((name.trim().to_owned(), segments.trim().to_owned()));
        rest = after;
    }
    variables
}

#[cfg(test)]
mod tests {
    use super::variables;

    #[test]
    fn a_variable_is_one_segment_unless_it_says_more() {
        let found = variables("/v1/{name=shelves/*/books/**}/x/{book.id}:move");
        let pair = |name: &str, segments: &str| (name.to_owned(), segments.to_owned());
        assert_eq!(found, [pair("name", "shelves/*/books/**"), pair("book.id", "*")]);
        assert_eq!(variables("/v1/{open"), []);
    }
}
