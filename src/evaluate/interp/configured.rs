//! Values that a framework takes from the configuration: `@Value("${profile.url}")`.

use super::Interp;
use crate::evaluate::library::format::Port;
use crate::evaluate::value::{Text, Value};
use crate::model::ir::{Annotation, ExprKind, Literal};
use crate::model::usage::{Part, Template};

impl Interp<'_> {
    /// A value, or what its annotations say that the configuration puts there.
    pub(super) fn or_configured(&self, value: Value, annotations: &[Annotation]) -> Value {
        if annotations.is_empty() || value.is_informative() {
            return value;
        }
        annotations.iter().find_map(|annotation| self.configured(annotation)).unwrap_or(value)
    }

    fn configured(&self, annotation: &Annotation) -> Option<Value> {
        let canonical = self.program.canonical(&annotation.name);
        let arg = match self.libraries.configured(canonical.as_str())? {
            Port::Argument(at) => annotation.args.iter().filter(|arg| arg.name.is_none()).nth(*at),
            Port::Named(name) => annotation.args.iter().find(|arg| arg.name.as_ref() == Some(name)),
            Port::Receiver | Port::Made | Port::Result | Port::Decoded => None,
        };
        match &arg?.value.kind {
            ExprKind::Literal(Literal::Str(text)) => Some(Value::text(with_keys(text))),
            _ => None,
        }
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
