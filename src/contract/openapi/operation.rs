//! Paths, operations, parameters, bodies and responses.

use openapiv3::StatusCode;
use serde::Deserialize;
use serde::de::value::{Error, StrDeserializer};
use serde_json::json;

use super::annotations;
use super::library::Node;
use super::names;
use super::piece::{self, Keywords};
use super::reader::Reader;
use super::schema::Naming;
use crate::contract::marks;
use crate::model::contract::{
    Body, ContractId, Operation, OperationKind, Parameter, ParameterPlace, Protocol, Response, Shape,
};

/// Methods of a path item, as it writes them.
const METHODS: &[&str] = &["get", "put", "post", "delete", "options", "head", "patch", "trace", "query"];

const OPERATION: Keywords = Keywords { required: &[], optional: &["operationId"] };
const PARAMETER: Keywords = Keywords { required: &["name", "in"], optional: &["required", "deprecated"] };
const HEADER: Keywords = Keywords { required: &[], optional: &["required", "deprecated"] };
const SERVER: Keywords = Keywords { required: &["url"], optional: &[] };
const BODY: Keywords = Keywords { required: &[], optional: &["required"] };

impl<'a> Reader<'a> {
    /// Every operation of `paths`, in order.
    pub(super) fn paths(&mut self, root: &Node<'a>) -> Vec<Operation> {
        let Some(paths) = self.part(root, "paths") else { return Vec::new() };
        if !self.is_mapping(&paths, "`paths`") {
            return Vec::new();
        }
        let items = paths.members().filter(|(path, _)| !path.starts_with("x-"));
        items.flat_map(|(path, item)| self.path_item(path, &item)).collect()
    }

    /// The operations of a path, those of a referenced path item first.
    fn path_item(&mut self, path: &str, item: &Node<'a>) -> Vec<Operation> {
        if item.is_null() || !self.is_mapping(item, "a path") {
            return Vec::new();
        }
        let mut places = vec![item.clone()];
        if item.reference().is_some() {
            places = self.follow(item).into_iter().chain(places).collect();
        }
        let mut operations: Vec<Operation> = Vec::new();
        for place in places {
            self.add_servers(&place);
            let shared = self.parameters(&place, path);
            for (method, node) in place.members() {
                if !METHODS.contains(&method) {
                    continue;
                }
                let Some(body) = self.follow(&node) else { continue };
                if self.is_mapping(&body, "an operation") {
                    let operation = Operation { site: node.site(), ..self.operation(path, method, &body, &shared) };
                    operations.retain(|known| known.key != operation.key);
                    operations.push(operation);
                }
            }
        }
        operations
    }

    fn operation(&mut self, path: &str, method: &str, node: &Node<'a>, shared: &[Parameter]) -> Operation {
        self.add_servers(node);
        self.note_unread(node, "callbacks");
        let responses = json!({});
        let piece =
            piece::read::<openapiv3::Operation>(node, OPERATION, &[("responses", &responses)], &mut self.problems);
        let method = method.to_ascii_uppercase();
        let key = format!("{method} {path}");
        let mut parameters = self.parameters(node, &key);
        let is_own =
            |other: &&Parameter| parameters.iter().any(|own| own.name == other.name && own.place == other.place);
        let inherited: Vec<Parameter> = shared.iter().filter(|other| !is_own(other)).cloned().collect();
        parameters.splice(0..0, inherited);
        for asked in self.asked_identity(node) {
            let is_asked = |own: &&mut Parameter| own.identity && own.name.eq_ignore_ascii_case(&asked.name);
            match parameters.iter_mut().find(is_asked) {
                Some(own) => own.required |= asked.required,
                None => parameters.push(asked),
            }
        }
        Operation {
            contract: ContractId(0),
            kind: OperationKind::Served,
            tags: Vec::new(),
            servers: Vec::new(),
            security: None,
            binding: None,
            proto: None,
            operation_id: piece.and_then(|piece| piece.operation_id),
            protocol: Protocol::Http { method, path: path.to_owned() },
            parameters,
            request: self.request(node, &key),
            responses: self.responses(node, &key),
            marks: annotations::read(node, self.context.marks, &mut self.problems),
            site: node.site(),
            key,
        }
    }

    /// Says, once in a document, that a part of it is left out: requests that the provider sends.
    pub(super) fn note_unread(&mut self, owner: &Node<'a>, key: &'static str) {
        let Some(node) = owner.get(key) else { return };
        if self.unread.insert(key) {
            self.note(&node, format!("`{key}` are not read: they are sent by the provider, not to it"));
        }
    }

    /// Adds the servers of the document, of a path, or of an operation. The model has one list for all:
    /// it serves to tell which hosts a contract is reached at.
    pub(super) fn add_servers(&mut self, owner: &Node<'a>) {
        for server in owner.get("servers").iter().flat_map(Node::items) {
            let piece = piece::read::<openapiv3::Server>(&server, SERVER, &[], &mut self.problems);
            let Some(url) = piece.map(|piece| piece.url) else { continue };
            if !self.servers.contains(&url) {
                self.servers.push(url);
            }
        }
    }

    fn parameters(&mut self, owner: &Node<'a>, key: &str) -> Vec<Parameter> {
        let Some(list) = self.part(owner, "parameters") else { return Vec::new() };
        if !list.is_array() {
            self.lost(&list, "`parameters` must be a list");
            return Vec::new();
        }
        let mut parameters: Vec<Parameter> = Vec::new();
        for item in list.items() {
            let Some(node) = self.follow(&item) else { continue };
            if !self.is_mapping(&node, "a parameter") {
                continue;
            }
            parameters.extend(self.parameter(&item, &node, key));
        }
        parameters
    }

    /// One parameter; `item` is the place where the operation lists it, maybe by reference.
    fn parameter(&mut self, item: &Node<'a>, node: &Node<'a>, owner: &str) -> Option<Parameter> {
        let schema = json!({});
        let filler = [("schema", &schema)];
        let piece = piece::read::<openapiv3::Parameter>(node, PARAMETER, &filler, &mut self.problems)?;
        let place = match &piece {
            openapiv3::Parameter::Path { .. } => ParameterPlace::Path,
            openapiv3::Parameter::Query { .. } => ParameterPlace::Query,
            openapiv3::Parameter::Header { .. } => ParameterPlace::Header,
            openapiv3::Parameter::Cookie { .. } => ParameterPlace::Cookie,
        };
        let data = piece.parameter_data();
        let identity = place == ParameterPlace::Header && self.names_caller(node, &data.name);
        let name = self.name_at(item, node, &names::parameter(owner, &data.name)).name;
        Some(Parameter { identity, required: data.required, place, name: data.name, ..self.value_of(node, &name) })
    }

    /// What a parameter and a header have in common: a schema, or one content, and marks.
    fn value_of(&mut self, node: &Node<'a>, name: &str) -> Parameter {
        let content = self.part(node, "content").and_then(|content| Some(content.members().next()?.1));
        let content = content.and_then(|content| self.follow(&content));
        let schema = node.get("schema").or_else(|| content?.get("schema"));
        let mut found = annotations::read(node, self.context.marks, &mut self.problems);
        if let Some(schema) = &schema {
            marks::merge(&mut found, self.marks_of(schema));
        }
        Parameter {
            marks: found,
            ..Parameter::new(
                ParameterPlace::Header,
                String::new(),
                schema.map_or(Shape::Any, |schema| self.shape_of(&schema, Naming::inline(name))),
                node.site(),
            )
        }
    }

    /// Whether a header says who calls: by its name, or by an extension of that name.
    fn names_caller(&self, node: &Node<'_>, name: &str) -> bool {
        let mut extensions = node.members();
        self.is_identity(name)
            || extensions
                .any(|(key, value)| key.starts_with("x-") && value.as_bool() == Some(true) && self.is_identity(key))
    }

    fn request(&mut self, operation: &Node<'a>, key: &str) -> Vec<Body> {
        let Some(place) = operation.get("requestBody").filter(|body| !body.is_null()) else { return Vec::new() };
        let Some(node) = self.follow(&place) else { return Vec::new() };
        if !self.is_mapping(&node, "a request body") {
            return Vec::new();
        }
        let piece = piece::read::<openapiv3::RequestBody>(&node, BODY, &[], &mut self.problems);
        let name = self.name_at(&place, &node, &format!("{key}#request")).name;
        let required = piece.is_some_and(|piece| piece.required);
        self.bodies(&node, &name).into_iter().map(|body| Body { required, ..body }).collect()
    }

    fn responses(&mut self, operation: &Node<'a>, key: &str) -> Vec<Response> {
        let Some(list) = self.part(operation, "responses") else { return Vec::new() };
        if !self.is_mapping(&list, "`responses`") {
            return Vec::new();
        }
        let mut responses = Vec::new();
        for (status, place) in list.members().filter(|(status, _)| !status.starts_with("x-")) {
            let Some(status) = self.status(status, &place) else { continue };
            let Some(node) = self.follow(&place) else { continue };
            if !self.is_mapping(&node, "a response") {
                continue;
            }
            let name = self.name_at(&place, &node, &format!("{key}#{status}")).name;
            let bodies = self.bodies(&node, &name);
            responses.push(Response { status, bodies, headers: self.headers(&node, &name), site: node.site() });
        }
        responses
    }

    /// `default`, or a status as openapiv3 writes it: `200`, `2XX`.
    fn status(&mut self, written: &str, place: &Node<'_>) -> Option<String> {
        if written == "default" {
            return Some(written.to_owned());
        }
        match StatusCode::deserialize(StrDeserializer::<Error>::new(written)) {
            Ok(status) => Some(status.to_string()),
            Err(error) => {
                self.lost(place, format!("`{written}` is no status: {error}"));
                None
            }
        }
    }

    /// The bodies of `content`. The first one's messages have the plain name, those of further media
    /// types say which.
    fn bodies(&mut self, owner: &Node<'a>, name: &str) -> Vec<Body> {
        let Some(content) = self.part(owner, "content") else { return Vec::new() };
        if !self.is_mapping(&content, "`content`") {
            return Vec::new();
        }
        let mut bodies = Vec::new();
        for (at, (media_type, node)) in content.members().enumerate() {
            let name = if at == 0 { name.to_owned() } else { format!("{name}({media_type})") };
            let Some(node) = self.follow(&node) else { continue };
            let shape = node.get("schema").map(|schema| self.shape_of(&schema, Naming::inline(&name)));
            bodies.push(Body::new(media_type, shape.unwrap_or(Shape::Any), node.site()));
        }
        bodies
    }

    fn headers(&mut self, response: &Node<'a>, name: &str) -> Vec<Parameter> {
        let Some(list) = self.part(response, "headers") else { return Vec::new() };
        if !self.is_mapping(&list, "`headers`") {
            return Vec::new();
        }
        let mut headers = Vec::new();
        for (header, place) in list.members() {
            let Some(node) = self.follow(&place) else { continue };
            let schema = json!({});
            let filler = [("schema", &schema)];
            let piece = piece::read::<openapiv3::Header>(&node, HEADER, &filler, &mut self.problems);
            let name = self.name_at(&place, &node, &names::header(name, header)).name;
            headers.push(Parameter {
                name: header.to_owned(),
                required: piece.is_some_and(|piece| piece.required),
                ..self.value_of(&node, &name)
            });
        }
        headers
    }

    /// Whether a node is a mapping; a problem if it is not.
    fn is_mapping(&mut self, node: &Node<'_>, what: &str) -> bool {
        let is_mapping = node.is_object();
        if !is_mapping {
            self.lost(node, format!("{what} must be a mapping"));
        }
        is_mapping
    }
}
