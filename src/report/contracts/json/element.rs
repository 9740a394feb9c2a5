//! Operations, messages, fields, types and marks.

use serde::{Serialize, Serializer};

use super::object::{Object, each};
use super::{Context, With};
use crate::model::contract::{
    BindingBody, Body, Cardinality, Field, HttpBinding, Mark, Marks, Message, MessageId, Operation, OperationId,
    OperationKind, Parameter, Protocol, Requirement, Response, Shape,
};

/// Types within types that are written; a reader that allows more has a defect.
const DEPTH: usize = 256;

impl Serialize for With<'_, (OperationId, &Operation)> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self(context, (_, operation)) = self;
        let mut object = Object::open(serializer)?;
        object.set("id", &operation.key)?;
        object.set("kind", kind_name(operation.kind))?;
        match &operation.protocol {
            Protocol::Http { method, path } => {
                object.set("protocol", "http")?;
                object.set("method", method)?;
                object.set("path", path)?;
            }
            Protocol::Rpc { service, method, client_streaming, server_streaming } => {
                object.set("protocol", "rpc")?;
                object.set("service", service)?;
                object.set("method", method)?;
                object.flag("clientStreaming", *client_streaming)?;
                object.flag("serverStreaming", *server_streaming)?;
            }
        }
        object.maybe("operationId", operation.operation_id.as_ref())?;
        object.maybe("tags", Some(&operation.tags).filter(|tags| !tags.is_empty()))?;
        object.maybe("servers", Some(&operation.servers).filter(|servers| !servers.is_empty()))?;
        object.set("parameters", &each(context, &operation.parameters))?;
        object.set("request", &each(context, &operation.request))?;
        object.set("responses", &each(context, &operation.responses))?;
        let security = operation.security.as_ref().map(|all| all.iter().map(requirement).collect::<Vec<_>>());
        object.maybe("security", security.as_ref())?;
        object.maybe("binding", operation.binding.as_deref().map(|it| With(context, it)).as_ref())?;
        object.maybe("proto", operation.proto.as_deref().map(|it| With(context, it)).as_ref())?;
        object.maybe("marks", marks(context, &operation.marks).as_ref())?;
        object.set("at", &With(context, &operation.site))?;
        object.close()
    }
}

#[derive(Serialize)]
struct Need<'a> {
    scheme: &'a str,
    scopes: &'a [String],
}

fn requirement(requirement: &Requirement) -> Vec<Need<'_>> {
    requirement.iter().map(|(scheme, scopes)| Need { scheme, scopes }).collect()
}

const fn kind_name(kind: OperationKind) -> &'static str {
    match kind {
        OperationKind::Served => "served",
        OperationKind::Callback => "callback",
        OperationKind::Webhook => "webhook",
    }
}

impl Serialize for With<'_, Parameter> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self(context, parameter) = self;
        let mut object = Object::open(serializer)?;
        object.set("name", &parameter.name)?;
        object.set("in", parameter.place.name())?;
        object.flag("required", parameter.required)?;
        object.set("style", &parameter.style)?;
        object.set("explode", &parameter.explode)?;
        object.flag("identity", parameter.identity)?;
        object.set("type", &Typed::new(context, &parameter.shape))?;
        object.maybe("schema", parameter.schema.map(|id| id.0).as_ref())?;
        object.maybe("marks", marks(context, &parameter.marks).as_ref())?;
        object.set("at", &With(context, &parameter.site))?;
        object.close()
    }
}

impl Serialize for With<'_, Body> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self(context, body) = self;
        let mut object = Object::open(serializer)?;
        object.set("mediaType", &body.media_type)?;
        object.flag("required", body.required)?;
        object.set("type", &Typed::new(context, &body.shape))?;
        object.maybe("schema", body.schema.map(|id| id.0).as_ref())?;
        object.set("at", &With(context, &body.site))?;
        object.close()
    }
}

impl Serialize for With<'_, Response> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self(context, response) = self;
        let mut object = Object::open(serializer)?;
        object.set("status", &response.status)?;
        object.set("bodies", &each(context, &response.bodies))?;
        object.list("headers", context, &response.headers)?;
        object.set("at", &With(context, &response.site))?;
        object.close()
    }
}

impl Serialize for With<'_, HttpBinding> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Variable<'a> {
            field: &'a str,
            segments: &'a str,
        }
        let Self(context, binding) = self;
        let rpc = context.catalog().operations.get(binding.rpc.index());
        let variables = binding.variables.iter().map(|(field, segments)| Variable { field, segments });
        let body = match &binding.body {
            BindingBody::Nothing => None,
            BindingBody::Rest => Some("*"),
            BindingBody::Field(field) => Some(field.as_str()),
        };
        let mut object = Object::open(serializer)?;
        object.set("rpc", rpc.map_or("", |rpc| &rpc.key))?;
        object.set("variables", &variables.collect::<Vec<_>>())?;
        object.maybe("body", body)?;
        object.maybe("responseBody", binding.response_body.as_ref())?;
        object.close()
    }
}

impl Serialize for With<'_, (MessageId, &Message)> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self(context, (id, message)) = self;
        let mut object = Object::open(serializer)?;
        object.set("id", &id.0)?;
        object.set("name", &message.name)?;
        object.flag("inline", !message.named)?;
        object.maybe("schema", message.schema.map(|id| id.0).as_ref())?;
        object.maybe("proto", message.proto.as_deref().map(|it| With(context, it)).as_ref())?;
        object.maybe("marks", marks(context, &message.marks).as_ref())?;
        object.set("at", &With(context, &message.site))?;
        object.set("fields", &each(context, &message.fields))?;
        object.close()
    }
}

impl Serialize for With<'_, Field> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self(context, field) = self;
        let mut object = Object::open(serializer)?;
        object.set("name", &field.name)?;
        object.maybe("number", field.number.as_ref())?;
        object.maybe("jsonName", field.json_name.as_ref())?;
        object.set("cardinality", cardinality_name(field.cardinality))?;
        object.set("type", &Typed::new(context, &field.shape))?;
        object.maybe("oneof", field.oneof.as_ref())?;
        object.maybe("schema", field.schema.map(|id| id.0).as_ref())?;
        object.maybe("proto", field.proto.as_deref().map(|it| With(context, it)).as_ref())?;
        object.maybe("marks", marks(context, &field.marks).as_ref())?;
        object.set("at", &With(context, &field.site))?;
        object.close()
    }
}

const fn cardinality_name(cardinality: Cardinality) -> &'static str {
    match cardinality {
        Cardinality::Required => "required",
        Cardinality::Optional => "optional",
        Cardinality::Repeated => "repeated",
    }
}

/// A type within so many others.
struct Typed<'c> {
    context: &'c Context<'c>,
    shape: &'c Shape,
    depth: usize,
}

impl<'c> Typed<'c> {
    const fn new(context: &'c Context<'c>, shape: &'c Shape) -> Self {
        Self { context, shape, depth: 0 }
    }

    const fn inner(&self, shape: &'c Shape) -> Self {
        Self { context: self.context, shape, depth: self.depth + 1 }
    }
}

impl Serialize for Typed<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut object = Object::open(serializer)?;
        if self.depth > DEPTH {
            object.set("kind", "cut")?;
            return object.close();
        }
        match self.shape {
            Shape::Any => object.set("kind", "any")?,
            Shape::Scalar { kind, format } => {
                object.set("kind", "scalar")?;
                object.set("name", &**kind)?;
                object.maybe("format", format.as_deref())?;
            }
            Shape::Enum { name, values } => {
                object.set("kind", "enum")?;
                object.maybe("name", Some(&**name).filter(|name| !name.is_empty()))?;
                object.set("values", &**values)?;
            }
            Shape::Message(id) => {
                object.set("kind", "message")?;
                let message = self.context.catalog().messages.get(id.index());
                object.set("name", message.map_or("", |message| &message.name))?;
                object.set("id", &id.0)?;
            }
            Shape::List(inner) => {
                object.set("kind", "list")?;
                object.set("of", &self.inner(inner))?;
            }
            Shape::Map(inner) => {
                object.set("kind", "map")?;
                object.set("of", &self.inner(inner))?;
            }
            Shape::Union(members) => {
                object.set("kind", "union")?;
                object.set("anyOf", &members.iter().map(|member| self.inner(member)).collect::<Vec<_>>())?;
            }
            Shape::Unresolved(name) => {
                object.set("kind", "unresolved")?;
                object.set("name", &**name)?;
            }
        }
        object.close()
    }
}

/// Marks, if there are any.
pub(super) fn marks<'c>(context: &'c Context<'c>, marks: &'c Marks) -> Option<With<'c, Marks>> {
    (!marks.is_empty()).then_some(With(context, marks))
}

impl Serialize for With<'_, Marks> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self(context, marks) = self;
        let mark = |mark| Marked { context, class: None, day: None, mark };
        let mut object = Object::open_small(serializer, context)?;
        object.maybe("deprecated", marks.deprecated.as_ref().map(mark).as_ref())?;
        let sunset = marks.sunset.as_ref().map(|(day, at)| Marked { day: Some(day.to_string()), ..mark(at) });
        object.maybe("sunset", sunset.as_ref())?;
        let sensitive = marks.sensitive.iter().map(|it| Marked { class: Some(&it.class), ..mark(&it.mark) });
        object.maybe("sensitive", Some(&sensitive.collect::<Vec<_>>()).filter(|classes| !classes.is_empty()))?;
        object.maybe("identity", marks.identity.as_ref().map(mark).as_ref())?;
        object.maybe("idempotent", marks.idempotent.as_ref().map(mark).as_ref())?;
        object.maybe("public", marks.public.as_ref().map(mark).as_ref())?;
        object.close()
    }
}

/// One mark, with the class or the day that it stands for.
struct Marked<'c> {
    context: &'c Context<'c>,
    class: Option<&'c str>,
    day: Option<String>,
    mark: &'c Mark,
}

impl Serialize for Marked<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut object = Object::open(serializer)?;
        object.maybe("class", self.class)?;
        object.maybe("date", self.day.as_ref())?;
        object.set("text", &self.mark.text)?;
        object.set("at", &With(self.context, &self.mark.site))?;
        object.close()
    }
}
