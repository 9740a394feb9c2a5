//! What OpenAPI 2.0 writes in its own way: media types beside bodies, bodies and forms as parameters,
//! definitions, one server in three parts.

use std::sync::Arc;

use super::library::Node;
use super::parameter::is_of_body;
use super::reader::Reader;
use crate::model::contract::{Body, JsonType, ObjectKeywords, Place, Schema, Shape};
use crate::model::source::Site;

/// The media type of a body for which the document names none.
const JSON: &str = "application/json";
const FORM: &str = "application/x-www-form-urlencoded";
const MULTIPART: &str = "multipart/form-data";

impl<'a> Reader<'a> {
    /// `consumes` or `produces` of a document or an operation; `None` if it does not say.
    pub(super) fn media_types(&mut self, owner: &Node<'a>, key: &str) -> Option<Vec<String>> {
        let list = self.part(owner, key)?;
        if !list.is_array() {
            self.lost(&list, format!("`{key}` must be a list of media types"));
            return None;
        }
        let mut types = Vec::new();
        for item in list.items() {
            match item.as_str() {
                Some(name) => types.push(name.to_owned()),
                None => self.lost(&item, "a media type must be a text"),
            }
        }
        Some(types)
    }

    /// The bodies of a response, one for each media type that its operation produces.
    pub(super) fn produced(&mut self, node: &Node<'a>, name: &str, produces: Option<&[String]>) -> Vec<Body> {
        let Some(written) = node.get("schema") else { return Vec::new() };
        let schema = self.root_schema(&written, || name.to_owned());
        let types = or_json(produces.unwrap_or(&self.produces));
        let body = |kind: &String| Body { schema: Some(schema), ..Body::new(kind, Shape::Any, node.site()) };
        types.iter().map(body).collect()
    }

    /// The request body that parameters in `body` and `formData` make. Those of the path item count where
    /// the operation has none of their kind.
    pub(super) fn body_parameters(&mut self, operation: &Node<'a>, item: &Node<'a>, key: &str) -> Vec<Body> {
        let consumes = self.media_types(operation, "consumes").unwrap_or_else(|| self.consumes.clone());
        let mut listed: Vec<(Node<'a>, Node<'a>)> = Vec::new();
        for (place, node) in self.listed(operation).into_iter().chain(self.listed(item)) {
            let is_new = |(_, known): &(Node<'a>, Node<'a>)| {
                text(known, "in") != text(&node, "in")
                    || (text(&node, "in") == Some("formData") && text(known, "name") != text(&node, "name"))
            };
            if is_of_body(&node) && listed.iter().all(is_new) {
                listed.push((place, node));
            }
        }
        let whole = listed.iter().find(|(_, node)| text(node, "in") == Some("body"));
        match whole {
            Some((place, node)) => self.whole_body(place, node, &consumes, key),
            None if listed.is_empty() => Vec::new(),
            None => self.form(operation, &listed, &consumes, key),
        }
    }

    fn whole_body(&mut self, place: &Node<'a>, node: &Node<'a>, consumes: &[String], key: &str) -> Vec<Body> {
        let name = self.name_at(place, node, || format!("{key}#request"));
        let schema = node.get("schema").map(|schema| self.root_schema(&schema, || name));
        if schema.is_none() {
            self.lost(node, "a parameter in `body` must have a `schema`");
        }
        let required = is_required(node);
        let body = |kind: &String| Body { required, schema, ..Body::new(kind, Shape::Any, node.site()) };
        or_json(consumes).iter().map(body).collect()
    }

    /// An object that has every field of the form as a property.
    fn form(
        &mut self,
        operation: &Node<'a>,
        fields: &[(Node<'a>, Node<'a>)],
        consumes: &[String],
        key: &str,
    ) -> Vec<Body> {
        let (mut object, mut has_file, mut places) = (ObjectKeywords::default(), false, Vec::new());
        for (_, node) in fields {
            let Some(name) = text(node, "name") else {
                self.lost(node, "a parameter must have a `name`");
                continue;
            };
            let name: Arc<str> = name.into();
            has_file |= text(node, "type") == Some("file");
            if is_required(node) {
                object.required.push(Arc::clone(&name));
            }
            let schema = self.parameter_schema(node, || format!("{key}#request.{name}"));
            places.push((Arc::clone(&name), node.site()));
            object.properties.push((name, schema));
        }
        object.required.sort();
        let site = operation.site_of("parameters");
        let mut schema = Schema::anything(place_of(&site));
        schema.types.insert(JsonType::Object);
        let required = !object.required.is_empty();
        schema.object = Some(Box::new(object));
        let id = self.made_schema(schema, format!("{key}#request"));
        self.graph.moved.extend(places.into_iter().map(|(name, site)| ((id, name), site)));
        let default = if has_file { MULTIPART } else { FORM };
        let mut types: Vec<String> = consumes.iter().filter(|kind| is_form(kind)).cloned().collect();
        if types.is_empty() {
            types.push(default.to_owned());
        }
        let body = |kind: &String| Body { required, schema: Some(id), ..Body::new(kind, Shape::Any, site.clone()) };
        types.iter().map(body).collect()
    }

    /// The server of a document or operation: `schemes`, `host` and `basePath` put together.
    pub(super) fn swagger_servers(&mut self, root: &Node<'a>) -> Vec<String> {
        let path = text(root, "basePath").unwrap_or_default().trim_end_matches('/');
        let Some(host) = text(root, "host") else {
            return if path.is_empty() { Vec::new() } else { vec![path.to_owned()] };
        };
        let schemes = self.media_types(root, "schemes").unwrap_or_default();
        let schemes = if schemes.is_empty() { vec!["https".to_owned()] } else { schemes };
        schemes.iter().map(|scheme| format!("{scheme}://{host}{path}")).collect()
    }
}

fn text<'a>(node: &Node<'a>, key: &str) -> Option<&'a str> {
    node.get(key)?.as_str()
}

fn is_required(node: &Node<'_>) -> bool {
    node.get("required").and_then(|required| required.as_bool()) == Some(true)
}

fn is_form(kind: &str) -> bool {
    let essence = kind.split(';').next().unwrap_or(kind).trim();
    essence.eq_ignore_ascii_case(FORM) || essence.eq_ignore_ascii_case(MULTIPART)
}

fn or_json(types: &[String]) -> Vec<String> {
    if types.is_empty() { vec![JSON.to_owned()] } else { types.to_vec() }
}

fn place_of(site: &Site) -> Place {
    match site {
        Site::Pointer { file, pointer } => Place::Root { file: *file, pointer: Arc::clone(pointer) },
        Site::Span(span) => Place::Root { file: span.file, pointer: "".into() },
    }
}
