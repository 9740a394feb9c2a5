//! Reading whole documents.

mod documents;
mod graph;
mod references;
mod robustness;
mod schemas;
mod sent;
mod swagger;
mod unions;

use serde_json::Value;

use super::*;
use crate::contract::tests::settings;
use crate::model::contract::{Cardinality, Field, Message, Operation, ParameterPlace, Shape};
use crate::model::settings::DataClass;
use crate::model::source::{FileKind, Site, SourceFile};

struct Loaded {
    sources: Sources,
    catalog: Catalog,
    problems: Vec<Problem>,
}

impl Loaded {
    fn operation(&self, key: &str) -> &Operation {
        self.catalog.operations.iter().find(|operation| operation.key == key).unwrap_or_else(|| panic!("no {key}"))
    }

    fn message(&self, name: &str) -> &Message {
        self.catalog.messages.iter().find(|message| message.name == name).unwrap_or_else(|| {
            let names: Vec<_> = self.catalog.messages.iter().map(|message| &message.name).collect();
            panic!("no {name} in {names:?}")
        })
    }

    fn field(&self, message: &str, field: &str) -> &Field {
        self.message(message).fields.iter().find(|known| known.name == field).unwrap_or_else(|| panic!("no {field}"))
    }

    /// A shape as text, messages by name.
    fn text(&self, shape: &Shape) -> String {
        match shape {
            Shape::Message(id) => self.catalog.message(*id).name.clone(),
            Shape::List(inner) => format!("[{}]", self.text(inner)),
            Shape::Map(inner) => format!("{{{}}}", self.text(inner)),
            Shape::Union(members) => members.iter().map(|member| self.text(member)).collect::<Vec<_>>().join("|"),
            Shape::Enum { name, values } => format!("{name}<{}>", values.join(",")),
            other => other.to_string(),
        }
    }

    fn field_texts(&self, message: &str) -> Vec<String> {
        let text = |field: &Field| {
            let mark = if field.cardinality == Cardinality::Required { "!" } else { "" };
            format!("{}{mark}: {}", field.name, self.text(&field.shape))
        };
        self.message(message).fields.iter().map(text).collect()
    }

    fn body(&self, key: &str, status: &str) -> String {
        let operation = self.operation(key);
        let response = operation.responses.iter().find(|response| response.status == status).unwrap();
        self.text(&response.bodies[0].shape)
    }

    /// Problems as `kind path#pointer: message`.
    fn problem_texts(&self) -> Vec<String> {
        let text = |problem: &Problem| {
            let place = match problem.site.as_ref().unwrap() {
                Site::Pointer { file, pointer } => format!("{}#{pointer}", self.sources.get(*file).path),
                Site::Span(span) => {
                    let at = self.sources.start(*span);
                    format!("{}:{}:{}", self.sources.get(span.file).path, at.line, at.column)
                }
            };
            format!("{} {place}: {}", problem.kind.name(), problem.message)
        };
        self.problems.iter().map(text).collect()
    }
}

fn load_with(files: &[(&str, &str)], classes: &[(&str, &[&str])]) -> Loaded {
    let mut sources = Sources::default();
    for (path, text) in files {
        let kind = if path.ends_with("json") { FileKind::Json } else { FileKind::Yaml };
        sources.push(SourceFile::new(*path, Revision::Head, kind, *text));
    }
    let classes = classes.iter().map(|(name, marks)| {
        let marks = marks.iter().map(|mark| (*mark).to_owned()).collect();
        ((*name).to_owned(), DataClass { marks, ..DataClass::default() })
    });
    let settings = settings(classes.collect());
    let marks = MarkTable::new(&settings);
    let (catalog, problems) = super::load(&sources, Revision::Head, &Workspace::default(), &settings, &marks);
    Loaded { sources, catalog, problems }
}

fn load(text: &str) -> Loaded {
    load_with(&[("api/openapi.yaml", text)], &[])
}

/// A document of one version with these schemas.
fn schemas(version: &str, schemas: &str) -> Loaded {
    load(&format!(
        "openapi: {version}\ninfo: {{title: T, version: '1'}}\npaths: {{}}\ncomponents:\n  schemas:\n{schemas}"
    ))
}

fn pointer(site: &Site) -> &str {
    let Site::Pointer { pointer, .. } = site else { panic!("{site:?}") };
    pointer
}

const PROFILES: &str = r#"
openapi: 3.0.3
info: {title: Profiles, version: 1.0.0}
servers: [{url: "https://{region}.example.com/v1"}]
paths:
  x-note: none
  /profiles/{id}:
    parameters:
      - {name: id, in: path, required: true, schema: {type: string, format: uuid}}
      - {name: verbose, in: query, schema: {type: boolean}}
    servers: [{url: "https://{region}.example.com/v1"}, {url: https://old.example.com}]
    get:
      operationId: getProfile
      deprecated: true
      x-sunset: 2026-12-01
      parameters:
        - {name: verbose, in: query, required: true, deprecated: true, schema: {type: integer}}
        - $ref: '#/components/parameters/Client'
      responses:
        200:
          description: found
          headers:
            X-Rate: {schema: {type: integer}}
          content:
            application/json: {schema: {$ref: '#/components/schemas/Profile'}}
            application/xml: {schema: {type: object, properties: {raw: {type: string}}}}
        4xx: {$ref: '#/components/responses/Problem'}
        default: {description: other}
    put:
      requestBody:
        required: true
        content:
          application/json:
            schema:
              type: object
              required: [name]
              properties:
                name: {type: string}
                address: {type: object, properties: {city: {type: string}}}
                tags: {type: array, items: {type: object, properties: {key: {type: string}}}}
      responses: {'204': {description: done}}
components:
  parameters:
    Client: {name: X-Client-Id, in: header, required: true, schema: {type: string}}
  responses:
    Problem:
      description: wrong
      content: {application/problem+json: {schema: {type: object, properties: {title: {type: string}}}}}
  schemas:
    Profile:
      type: object
      required: [id]
      properties:
        id: {type: string}
        birthdate: {type: string, format: date, x-pii: true, deprecated: true}
        friends: {type: array, items: {$ref: '#/components/schemas/Profile'}}
        address: {type: object, properties: {city: {type: string}}}
    Unused: {type: object, properties: {a: {type: integer, format: int32}}}
    Colour: {type: string, enum: [red, green]}
"#;
