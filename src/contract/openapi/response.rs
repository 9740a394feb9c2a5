//! Bodies and responses.

use openapiv3::StatusCode;
use serde::Deserialize;
use serde::de::value::{Error, StrDeserializer};

use super::library::Node;
use super::piece::{self, Keywords};
use super::reader::Reader;
use super::version::Version;
use crate::model::contract::{Body, Parameter, Response, Shape};

const BODY: Keywords = Keywords { required: &[], optional: &["required"] };

impl<'a> Reader<'a> {
    /// The bodies that an operation takes.
    pub(super) fn request(&mut self, operation: &Node<'a>, key: &str) -> Vec<Body> {
        let Some(place) = operation.get("requestBody").filter(|body| !body.is_null()) else { return Vec::new() };
        let Some(node) = self.follow(&place) else { return Vec::new() };
        if !self.is_mapping(&node, "a request body") {
            return Vec::new();
        }
        let piece = piece::read::<openapiv3::RequestBody>(&node, BODY, &[], &mut self.problems);
        let name = self.name_at(&place, &node, || format!("{key}#request"));
        let required = piece.is_some_and(|piece| piece.required);
        self.bodies(&node, &name).into_iter().map(|body| Body { required, ..body }).collect()
    }

    /// What an operation answers.
    pub(super) fn responses(&mut self, operation: &Node<'a>, key: &str) -> Vec<Response> {
        let Some(list) = self.mapping(operation, "responses") else { return Vec::new() };
        let produces = self.media_types(operation, "produces");
        let mut responses = Vec::new();
        for (status, place) in list.members().filter(|(status, _)| !status.starts_with("x-")) {
            let Some(status) = self.status(status, &place) else { continue };
            let Some(node) = self.follow(&place) else { continue };
            // In 2.0 what a response says depends on the operation: its media types stand there.
            let is_shared = place.reference().is_some() && self.version != Version::V2;
            if is_shared && let Some(known) = self.known_responses.get(&node.id()) {
                responses.push(Response { status, ..known.clone() });
                continue;
            }
            if !self.is_mapping(&node, "a response") {
                continue;
            }
            let response = self.response(status, &place, &node, key, produces.as_deref());
            if is_shared {
                self.known_responses.insert(node.id(), response.clone());
            }
            responses.push(response);
        }
        responses
    }

    fn response(
        &mut self,
        status: String,
        place: &Node<'a>,
        node: &Node<'a>,
        key: &str,
        produces: Option<&[String]>,
    ) -> Response {
        let name = self.name_at(place, node, || format!("{key}#{status}"));
        let bodies = match self.version {
            Version::V2 => self.produced(node, &name, produces),
            _ => self.bodies(node, &name),
        };
        Response { status, bodies, headers: self.headers(node, &name), site: node.site() }
    }

    /// `default`, or a status as openapiv3 writes it: `200`, `2XX`.
    fn status(&mut self, written: &str, place: &Node<'_>) -> Option<String> {
        if written == "default" {
            return Some(written.to_owned());
        }
        let Ok(status) = StatusCode::deserialize(StrDeserializer::<Error>::new(written)) else {
            self.lost(place, format!("`{written}` is no status: expected one such as `200`, `2XX` or `default`"));
            return None;
        };
        Some(status.to_string())
    }

    /// The bodies of `content`. The first one's messages have the plain name, those of further media
    /// types say which.
    fn bodies(&mut self, owner: &Node<'a>, name: &str) -> Vec<Body> {
        let Some(content) = self.mapping(owner, "content") else { return Vec::new() };
        let mut bodies = Vec::new();
        for (at, (media_type, node)) in content.members().enumerate() {
            let Some(node) = self.follow(&node) else { continue };
            let name = || if at == 0 { name.to_owned() } else { format!("{name}({media_type})") };
            let schema = node.get("schema").map(|schema| self.root_schema(&schema, name));
            bodies.push(Body { schema, ..Body::new(media_type, Shape::Any, node.site()) });
        }
        bodies
    }

    fn headers(&mut self, response: &Node<'a>, name: &str) -> Vec<Parameter> {
        let Some(list) = self.mapping(response, "headers") else { return Vec::new() };
        let mut headers = Vec::new();
        for (header, place) in list.members() {
            headers.extend(self.header(&place, name, header));
        }
        headers
    }
}
