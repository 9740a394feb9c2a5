//! What calls send <-> parameters and fields of their operations.

use super::configured;
use super::field::{Fields, Place, Side};
use super::url::{Segment, Url};
use crate::model::contract::{Catalog, Operation, OperationId, ParameterPlace, Protocol, Shape};
use crate::model::map::{LinkedBody, SentField, SentMessage, SentParameter};
use crate::model::source::Workspace;
use crate::model::usage::{
    BodyPart, Call, CallId, Constant, Facts, FieldName, Part, PartValue, SentObject, Target, Template,
};

/// Ties what is sent to what is asked for.
pub(super) struct Arguments<'a> {
    catalog: &'a Catalog,
    workspace: &'a Workspace,
    fields: Fields<'a>,
}

impl<'a> Arguments<'a> {
    pub(super) fn new(catalog: &'a Catalog, workspace: &'a Workspace) -> Self {
        Self { catalog, workspace, fields: Fields::new(catalog) }
    }

    /// The values of path and query, each with its parameter where the contract has one.
    pub(super) fn parameters(&self, call: &Call, operation: OperationId) -> Vec<SentParameter> {
        let Target::Http { url, .. } = &call.target else { return Vec::new() };
        let operation = self.catalog.operation(operation);
        let mut sent = self.in_path(call, url, operation);
        for (name, value) in written_query(url).into_iter().chain(call.query.iter().cloned()) {
            let parameter = name.as_deref().and_then(|name| declared(operation, ParameterPlace::Query, name));
            sent.push(SentParameter { place: ParameterPlace::Query, name, parameter, value: text_of(&value) });
        }
        sent.sort();
        sent.dedup();
        sent
    }

    fn in_path(&self, call: &Call, url: &Template, operation: &Operation) -> Vec<SentParameter> {
        let Protocol::Http { path, .. } = &operation.protocol else { return Vec::new() };
        let url: Url = configured::url_of(url, call.location.service, &self.workspace.configuration);
        let mut sent = Vec::new();
        // Compared from the end, as routes are, and as far as they agree. A variable of a binding may stand for
        // several segments.
        let wanted = path.split('/').rev().filter(|segment| !segment.is_empty() && operation.binding.is_none());
        for (segment, wanted) in url.segments.iter().rev().zip(wanted) {
            match wanted.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) {
                Some(name) if !name.contains('{') => sent.extend(path_value(operation, name, segment)),
                None if segment.literal().is_some_and(|text| text.eq_ignore_ascii_case(wanted)) => {}
                _ => break,
            }
        }
        sent
    }

    /// What the bodies of a call are made of.
    pub(super) fn bodies(&self, facts: &Facts, call: CallId, operation: OperationId) -> LinkedBody {
        let mut body = LinkedBody::default();
        let start = facts.body_parts.partition_point(|part| part.call < call);
        let parts = facts.body_parts.iter().skip(start).take_while(|part| part.call == call);
        let operation = self.catalog.operation(operation);
        for part in parts {
            let places = self.fields.places(operation, Side::Request, &part.steps);
            // Of several, as in a union, nobody knows which is meant.
            let [place] = places.as_slice() else { continue };
            match &part.what {
                PartValue::Scalar(values) => body.fields.extend(field(place, part, values)),
                PartValue::Object(object) => body.messages.extend(self.message(place, part, object)),
            }
        }
        body
    }

    fn message(&self, place: &Place<'_>, part: &BodyPart, object: &SentObject) -> Option<SentMessage> {
        let Shape::Message(message) = place.shape else { return None };
        let find = |name: &FieldName| self.fields.find(*message, name).map(|field| field.index);
        let unknown = object.set.iter().filter(|(name, _)| find(name).is_none());
        Some(SentMessage {
            message: *message,
            path: place.path.clone(),
            span: part.span,
            has: object.set.iter().map(|(name, _)| name).chain(&object.declared).filter_map(find).collect(),
            unknown: unknown.map(|(name, span)| (on_wire(name), *span)).collect(),
            whole: object.whole,
        })
    }
}

fn path_value(operation: &Operation, name: &str, segment: &Segment) -> Option<SentParameter> {
    let text = percent_encoding::percent_decode_str(segment.literal()?).decode_utf8().ok()?;
    let parameter = declared(operation, ParameterPlace::Path, name);
    let value = Some(Constant::Text(text.as_ref().into()));
    Some(SentParameter { place: ParameterPlace::Path, name: Some(name.to_owned()), parameter, value })
}

fn field(place: &Place<'_>, part: &BodyPart, values: &[Constant]) -> Option<SentField> {
    let mut way = place.path.as_str();
    let mut entered = 0;
    while let Some(outer) = way.strip_suffix("[]").or_else(|| way.strip_suffix("{}")) {
        way = outer;
        entered += 1;
    }
    let path = place.path.clone();
    Some(SentField { field: place.field?, path, entered, span: part.span?, values: values.to_vec() })
}

/// The name of a field as it is sent.
pub(super) fn on_wire(name: &FieldName) -> String {
    name.wire.first().map_or_else(|| name.source.to_string(), |wire| wire.name.to_string())
}

pub(super) fn declared(operation: &Operation, place: ParameterPlace, name: &str) -> Option<usize> {
    operation.parameters.iter().position(|parameter| parameter.place == place && parameter.name == name)
}

/// Query parameters that are written in a URL: of a name or value that is not all known nothing is kept.
pub(super) fn written_query(url: &Template) -> Vec<(Option<String>, Template)> {
    let mut pieces: Vec<Template> = Vec::new();
    let mut inside = false;
    for part in &url.0 {
        let Part::Text(text) = part else {
            if let Some(last) = pieces.last_mut().filter(|_| inside) {
                last.append(&Template(vec![part.clone()]));
            }
            continue;
        };
        for (at, piece) in text.split(['?', '&']).enumerate() {
            if at > 0 {
                inside = true;
                pieces.push(Template::default());
            }
            let piece = piece.split('#').next().unwrap_or_default();
            if let Some(last) = pieces.last_mut().filter(|_| inside) {
                last.append(&Template::text(piece));
            }
        }
    }
    pieces.into_iter().filter(|piece| !piece.0.is_empty()).map(|piece| named(&piece)).collect()
}

/// `name=value`, `name={}`, `{}`
fn named(piece: &Template) -> (Option<String>, Template) {
    let Some((Part::Text(first), rest)) = piece.0.split_first() else { return (None, Template::hole()) };
    let (name, value) = match first.split_once('=') {
        Some((name, value)) => (Some(name), Template::text(value)),
        None if rest.is_empty() => (Some(first.as_ref()), Template::hole()),
        None => (None, Template::hole()),
    };
    let mut value = value;
    value.append(&Template(rest.to_vec()));
    let decoded = name.and_then(|name| percent_encoding::percent_decode_str(name).decode_utf8().ok());
    (decoded.map(std::borrow::Cow::into_owned), decoded_value(value))
}

fn decoded_value(value: Template) -> Template {
    let Some(text) = value.as_text() else { return value };
    let text = text.replace('+', " ");
    let decoded = percent_encoding::percent_decode_str(&text).decode_utf8();
    decoded.map_or(value, |text| Template::text(&text))
}

fn text_of(value: &Template) -> Option<Constant> {
    value.as_text().map(|text| Constant::Text(text.into()))
}

/// Whether all that a call puts into its query is known by name.
pub(super) fn knows_query(call: &Call) -> bool {
    let Target::Http { url, .. } = &call.target else { return false };
    let written = written_query(url);
    call.query_whole && written.iter().chain(&call.query).all(|(name, _)| name.is_some()) && !ends_open(url, &written)
}

/// `/users{}`: what is not known may be, or bring, a query.
fn ends_open(url: &Template, written: &[(Option<String>, Template)]) -> bool {
    let [.., before, Part::Hole | Part::Env(_)] = url.0.as_slice() else {
        return url.0.len() < 2 && url.as_text().is_none();
    };
    let is_value =
        matches!(before, Part::Text(text) if text.ends_with('=') || (written.is_empty() && text.ends_with('/')));
    !is_value
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::usage::Part;

    fn url(parts: &[&str]) -> Template {
        let part = |text: &&str| if *text == "{}" { Part::Hole } else { Part::Text((*text).into()) };
        Template(parts.iter().map(part).collect())
    }

    fn query(parts: &[&str]) -> Vec<String> {
        let shown = |(name, value): (Option<String>, Template)| format!("{}={value}", name.as_deref().unwrap_or("?"));
        written_query(&url(parts)).into_iter().map(shown).collect()
    }

    #[test]
    fn a_query_is_read_from_the_url() {
        assert_eq!(query(&["http://a/b?limit=5&sort=a%20b#top"]), ["limit=5", "sort=a b"]);
        assert_eq!(query(&["/b?limit=", "{}", "&all"]), ["limit={}", "all={}"]);
        assert_eq!(query(&["/b?", "{}"]), ["?={}"]);
        assert_eq!(query(&["/b?limit=1", "{}"]), ["limit=1{}"]);
        assert!(query(&["/b/", "{}"]).is_empty());
    }

    #[test]
    fn what_is_not_known_at_the_end_may_be_a_query() {
        let is_open = |parts: &[&str]| ends_open(&url(parts), &written_query(&url(parts)));
        assert!(is_open(&["/b", "{}"]));
        assert!(is_open(&["/b?limit=1", "{}"]));
        assert!(is_open(&["{}"]));
        assert!(!is_open(&["/b/", "{}"]));
        assert!(!is_open(&["/b?limit=", "{}"]));
        assert!(!is_open(&["/b/", "{}", "/c"]));
    }
}
