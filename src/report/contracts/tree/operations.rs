//! Operations: what is sent, what is answered, who may call.

use std::collections::BTreeMap;
use std::io::{self, Write};

use super::View;
use crate::model::contract::{
    BindingBody, Body, HttpBinding, Operation, OperationId, Parameter, Protocol, Requirement, Shape,
};
use crate::report::contracts::block::{Block, Note, Row, Tone, heading};
use crate::report::contracts::words::marks;

/// HTTP operations by the rpc they stand for.
type Bindings<'a> = BTreeMap<OperationId, Vec<&'a Operation>>;

impl View<'_> {
    pub(super) fn operations(&self, out: &mut dyn Write) -> io::Result<()> {
        let all = &self.part.operations;
        let mut bindings = Bindings::new();
        for (_, operation) in all {
            if let Some(binding) = &operation.binding {
                bindings.entry(binding.rpc).or_default().push(operation);
            }
        }
        // A binding whose rpc is not listed stands by itself.
        let has_rpc = |binding: &HttpBinding| all.binary_search_by_key(&binding.rpc, |(id, _)| *id).is_ok();
        let listed: Vec<_> = all.iter().filter(|(_, it)| !it.binding.as_deref().is_some_and(has_rpc)).collect();
        if listed.is_empty() {
            return Ok(());
        }
        self.title("operations", listed.len(), out)?;
        let mut service = "";
        for (id, operation) in listed.iter().take(self.shown(listed.len())) {
            match &operation.protocol {
                Protocol::Http { .. } => self.http(operation, out)?,
                Protocol::Rpc { service: of, .. } => {
                    if of != service {
                        self.service(of, out)?;
                        service = of;
                    }
                    self.rpc(operation, bindings.get(id).map(Vec::as_slice).unwrap_or_default(), out)?;
                }
            }
        }
        self.more(listed.len(), 4, out)
    }

    fn http(&self, operation: &Operation, out: &mut dyn Write) -> io::Result<()> {
        heading(&operation.key, &self.about(operation), self.place(&operation.site).as_deref(), 4, out)?;
        let mut block = Block::default();
        for parameter in &operation.parameters {
            block.push(self.parameter(parameter.place.name(), parameter));
        }
        for body in &operation.request {
            let required = body.required.then(|| Note::plain("required"));
            block.push(self.body("request", body, required.into_iter().collect()));
        }
        for response in &operation.responses {
            if response.bodies.is_empty() {
                block.push(Row::new([&response.status, "no body", ""], Vec::new()).at(self.place(&response.site)));
            }
            for body in &response.bodies {
                block.push(self.body(&response.status, body, Vec::new()));
            }
            for header in &response.headers {
                block.push(self.parameter(&format!("{} header", response.status), header));
            }
        }
        if let Some(security) = &operation.security {
            block.push(Row::new(["security", "", ""], vec![Note::plain(security_words(security))]));
        }
        block.write(6, out)
    }

    /// What is said of an operation as a whole.
    fn about(&self, operation: &Operation) -> Vec<Note> {
        let mut notes: Vec<Note> = operation.operation_id.iter().map(|id| Note::new(Tone::Faint, id)).collect();
        notes.extend(marks(&operation.marks));
        if !operation.tags.is_empty() {
            let tags = self.words.joined(operation.tags.iter().cloned(), operation.tags.len());
            notes.push(Note::new(Tone::Faint, format!("tags: {tags}")));
        }
        if !operation.servers.is_empty() {
            let servers = self.words.joined(operation.servers.iter().cloned(), operation.servers.len());
            notes.push(Note::new(Tone::Faint, format!("servers: {servers}")));
        }
        notes
    }

    fn parameter(&self, place: &str, parameter: &Parameter) -> Row {
        let mut notes: Vec<Note> = parameter.required.then(|| Note::plain("required")).into_iter().collect();
        notes.extend(marks(&parameter.marks));
        let is_marked = parameter.marks.identity.is_some();
        notes.extend((parameter.identity && !is_marked).then(|| Note::new(Tone::Mark, "identity")));
        let usual = Parameter::new(parameter.place, "", Shape::Any, parameter.site.clone());
        notes.extend((parameter.style != usual.style).then(|| Note::plain(format!("style {}", parameter.style))));
        notes.extend(
            (parameter.explode != usual.explode)
                .then(|| Note::plain(if parameter.explode { "explode" } else { "no explode" })),
        );
        notes.extend(self.words.values(&parameter.shape));
        notes.extend(self.words.constraints(parameter.schema));
        Row::new([place, &parameter.name, &self.words.shape(&parameter.shape)], notes).at(self.place(&parameter.site))
    }

    fn body(&self, label: &str, body: &Body, mut notes: Vec<Note>) -> Row {
        notes.extend(self.words.values(&body.shape));
        // What is asked of a message is said where the message is listed.
        if !matches!(body.shape, Shape::Message(_)) {
            notes.extend(self.words.constraints(body.schema));
        }
        Row::new([label, &body.media_type, &self.words.shape(&body.shape)], notes).at(self.place(&body.site))
    }

    fn service(&self, name: &str, out: &mut dyn Write) -> io::Result<()> {
        let mut services = self.part.contract.proto_files.iter().flat_map(|file| &file.services);
        let declared = services.find(|service| service.name == name);
        let mut notes = declared.map(|it| marks(&it.marks)).unwrap_or_default();
        notes.extend(declared.map(|it| self.words.options(&it.options)).unwrap_or_default());
        let place = declared.and_then(|service| self.place(&service.site));
        heading(&format!("service {}", self.words.short(name)), &notes, place.as_deref(), 4, out)
    }

    fn rpc(&self, operation: &Operation, bindings: &[&Operation], out: &mut dyn Write) -> io::Result<()> {
        let Protocol::Rpc { method, client_streaming, server_streaming, .. } = &operation.protocol else {
            return Ok(());
        };
        let types = operation.proto.as_ref().map(|proto| &proto.types);
        let side = |stream: &bool, body: Option<&Body>, name: Option<&String>| {
            let name = match (body, name) {
                (Some(body), _) => self.words.shape(&body.shape),
                (None, Some(name)) => self.words.short(name).to_owned(),
                (None, None) => String::new(),
            };
            format!("({}{name})", if *stream { "stream " } else { "" })
        };
        let takes = side(client_streaming, operation.request.first(), types.map(|types| &types.0));
        let answer = operation.responses.first().and_then(|response| response.bodies.first());
        let gives = side(server_streaming, answer, types.map(|types| &types.1));
        let mut notes = self.about(operation);
        notes.extend(operation.proto.iter().flat_map(|proto| self.words.options(&proto.options)));
        let place = self.place(&operation.site);
        heading(&format!("{method}{takes} returns {gives}"), &notes, place.as_deref(), 6, out)?;
        let mut block = Block::default();
        bindings.iter().for_each(|operation| block.push(self.binding(operation)));
        block.write(8, out)
    }

    /// An HTTP operation below its rpc.
    fn binding(&self, operation: &Operation) -> Row {
        let (method, path) = match &operation.protocol {
            Protocol::Http { method, path } => (method.as_str(), path.as_str()),
            Protocol::Rpc { .. } => ("", operation.key.as_str()),
        };
        let mut notes = Vec::new();
        if let Some(binding) = &operation.binding {
            let written = binding.variables.iter().filter(|(_, segments)| segments != "*");
            notes.extend(written.map(|(field, segments)| Note::plain(format!("{field} = {segments}"))));
            notes.extend(match &binding.body {
                BindingBody::Nothing => None,
                BindingBody::Rest => Some(Note::plain("body *")),
                BindingBody::Field(field) => Some(Note::plain(format!("body {field}"))),
            });
            notes.extend(binding.response_body.as_ref().map(|field| Note::plain(format!("response body {field}"))));
        }
        Row::new([method, path, ""], notes).at(self.place(&operation.site))
    }
}

/// `key, or login (read write) and key`
fn security_words(alternatives: &[Requirement]) -> String {
    let scheme = |(name, scopes): &(String, Vec<String>)| match scopes.as_slice() {
        [] => name.clone(),
        scopes => format!("{name} ({})", scopes.join(" ")),
    };
    let alternative = |all: &Requirement| match all.as_slice() {
        [] => "anybody".to_owned(),
        all => all.iter().map(scheme).collect::<Vec<_>>().join(" and "),
    };
    match alternatives {
        [] => "anybody".to_owned(),
        alternatives => alternatives.iter().map(alternative).collect::<Vec<_>>().join(", or "),
    }
}
