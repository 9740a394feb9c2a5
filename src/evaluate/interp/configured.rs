//! Values that a framework puts where an annotation asks for them: out of the configuration (`@Value("${profile.url}")`),
//! or a stub (`@GrpcClient("profiles") Profiles profiles`).

use std::sync::Arc;

use super::Interp;
use crate::evaluate::library::Kind;
use crate::evaluate::library::format::Port;
use crate::evaluate::value::{Text, Value, What};
use crate::model::ir::{Annotation, ExprKind, FieldDef, Literal, Type};
use crate::model::usage::{Part, Template};

impl Interp<'_> {
    /// A value, or what its annotations say that the framework puts there.
    pub(super) fn or_configured(&mut self, value: Value, annotations: &[Annotation]) -> Value {
        if annotations.is_empty() || value.is_informative() {
            return value;
        }
        let given = |annotation| self.configured(annotation).or_else(|| self.annotated_stub(annotation, &value.ty));
        annotations.iter().find_map(given).unwrap_or(value)
    }

    /// A stub of the service that a type is generated for.
    fn annotated_stub(&mut self, annotation: &Annotation, ty: &Type) -> Option<Value> {
        let canonical = self.program.annotation(annotation);
        let found = self.libraries.annotated_stub(canonical.as_str())?;
        let service = self.program.canonical(ty.peeled().symbol()?);
        if self.libraries.stub_type(service.as_str()).is_some() || self.program.is_own_type(&service) {
            return None;
        }
        let id = self.make_object(found.library, Kind::Stub, annotation.span);
        let name = service.name().to_owned();
        let object = self.objects.get_mut(id);
        object.stub = Some((service, name));
        // Its channel is the framework's.
        object.outside = true;
        Some(Value::of(What::Object(id)).with_type(ty.clone()))
    }

    fn configured(&self, annotation: &Annotation) -> Option<Value> {
        let canonical = self.program.annotation(annotation);
        let port = self.libraries.configured(canonical.as_str())?;
        Some(Value::text(with_keys(text_at(annotation, port)?)))
    }

    /// What code puts into a configuration under a key, or else what its user does.
    pub(super) fn entry_of_configuration(&self, ty: &Type, key: &Arc<str>) -> Value {
        let put = ty.symbol().and_then(|symbol| self.fields.get(&self.program.home_of_field(symbol, key), key));
        put.cloned().unwrap_or_else(|| Value::text(Text::env(key)))
    }

    /// The value of a field, or what its annotations, or those of its type, say that the framework puts there.
    pub(super) fn or_configured_field(&mut self, value: Value, field: &FieldDef, owner: &Type) -> Value {
        let value = self.or_configured(value, &field.annotations);
        self.or_of_configured_type(value, owner, &field.name)
    }

    /// A value, or what the framework puts into a field of this type, all of whose fields it fills.
    fn or_of_configured_type(&self, value: Value, owner: &Type, field: &str) -> Value {
        let is_filled = matches!(value.ty.peeled(), Type::Str | Type::Unknown) && !value.is_informative();
        let Some(symbol) = owner.symbol().filter(|_| is_filled) else { return value };
        let Some((_, declared)) = self.program.type_def(symbol) else { return value };
        let prefix = declared.annotations.iter().find_map(|annotation| {
            let canonical = self.program.annotation(annotation);
            let ports = self.libraries.configured_type(canonical.as_str())?;
            ports.iter().find_map(|port| text_at(annotation, port))
        });
        prefix.map_or(value, |prefix| Value::text(Text::env(&format!("{prefix}.{field}"))))
    }
}

/// The text that an annotation is given.
fn text_at<'n>(annotation: &'n Annotation, port: &Port) -> Option<&'n str> {
    let arg = match port {
        Port::Argument(at) => annotation.args.iter().filter(|arg| arg.name.is_none()).nth(*at),
        Port::Named(name) => annotation.args.iter().find(|arg| arg.name.as_ref() == Some(name)),
        Port::Receiver | Port::Made | Port::Result | Port::Decoded => None,
    };
    match &arg?.value.kind {
        ExprKind::Literal(Literal::Str(text)) => Some(text),
        _ => None,
    }
}

/// Text with placeholders `${key}` or `${key:default}`; without one, it is the key itself.
fn with_keys(text: &str) -> Text {
    let mut template = Template::default();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("${") {
        let Some((placeholder, after)) = after.split_once('}') else { break };
        let key = placeholder.split_once(':').map_or(placeholder, |(key, _)| key);
        template.append(&Template::text(before));
        template.append(&Template(vec![Part::Env(key.trim().into())]));
        rest = after;
    }
    if template.0.is_empty() {
        return Text::env(text);
    }
    template.append(&Template::text(rest));
    Text { template, written: None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_keys_of_the_configuration() {
        let shown = |text: &str| with_keys(text).template.to_string();
        assert_eq!(shown("${profile.url}"), "${profile.url}");
        assert_eq!(shown("http://${profile.host:localhost}:80/api"), "http://${profile.host}:80/api");
        assert_eq!(shown("profile.url"), "${profile.url}");
        assert_eq!(shown("${open"), "${${open}");
    }
}
