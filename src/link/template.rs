//! Path templates of contracts, each as the paths that it stands for.
//!
//! OpenAPI has `{name}`, which is one segment. A binding of an rpc (`google.api.http`, syntax in
//! `google/api/http.proto`) has `{name=shelves/*/books/*}`, `*`, `**` and a `:verb` at the end:
//! clients write such a variable out, or they hold all of it in one value.

use super::url::{Segment, path_segments};
use crate::model::contract::{Operation, Protocol};

/// Segments that `**` is taken to stand for at most.
const MOST_SEGMENTS: usize = 6;

/// A segment of a route.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Step {
    /// What stands there.
    pub segment: Segment,
    /// Its hole stands for several segments: only a hole of a URL can meet it.
    pub spans: bool,
}

impl From<Segment> for Step {
    fn from(segment: Segment) -> Self {
        Self { segment, spans: false }
    }
}

/// Every way to write the path of an operation; none for an rpc.
pub(super) fn routes(operation: &Operation) -> Vec<Vec<Step>> {
    let Protocol::Http { path, .. } = &operation.protocol else { return Vec::new() };
    let plain = |path: &str| path_segments(path).into_iter().map(Step::from).collect();
    if operation.binding.is_none() {
        return vec![plain(path)];
    }
    let parts = parts(path);
    let written_out = parts.iter().fold(String::new(), |text, part| text + part.written_out());
    let mut routes: Vec<Vec<Step>> = with_rests(&written_out).iter().map(|path| plain(path)).collect();
    if parts.iter().any(Part::is_several) {
        routes.push(held_whole(&parts));
    }
    routes
}

/// A part of the template of a binding.
enum Part<'a> {
    Text(&'a str),
    /// The segments of a variable.
    Variable(&'a str),
}

impl<'a> Part<'a> {
    fn written_out(&self) -> &'a str {
        match self {
            Self::Text(text) | Self::Variable(text) => text,
        }
    }

    fn is_several(&self) -> bool {
        matches!(self, Self::Variable(segments) if segments.contains('/') || *segments == "**")
    }
}

fn parts(template: &str) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    let mut rest = template;
    while let Some((before, (variable, after))) =
        rest.split_once('{').and_then(|(before, behind)| Some((before, behind.split_once('}')?)))
    {
        parts.push(Part::Text(before));
        parts.push(Part::Variable(variable.split_once('=').map_or("*", |(_, segments)| segments)));
        rest = after;
    }
    parts.push(Part::Text(rest));
    parts
}

/// The template with `**` replaced by one, two, ... segments. There is at most one, at the end.
fn with_rests(template: &str) -> Vec<String> {
    let one = |text: &str| {
        let segments = text.split('/').map(|segment| match segment.split_once(':').unwrap_or((segment, "")) {
            ("*", "") => "{}".to_owned(),
            ("*", verb) => format!("{{}}:{verb}"),
            _ => segment.to_owned(),
        });
        segments.collect::<Vec<_>>().join("/")
    };
    if !template.contains("**") {
        return vec![one(template)];
    }
    let rest = |count: usize| vec!["*"; count].join("/");
    (1..=MOST_SEGMENTS).map(|count| one(&template.replacen("**", &rest(count), 1))).collect()
}

/// The template with each variable in one value.
fn held_whole(parts: &[Part<'_>]) -> Vec<Step> {
    let text: String = parts
        .iter()
        .map(|part| match part {
            Part::Text(text) => *text,
            Part::Variable(_) => "{}",
        })
        .collect();
    let mut several = parts.iter().filter(|part| matches!(part, Part::Variable(_))).map(Part::is_several);
    let step = |segment: Segment| {
        let spans = segment.literal().is_none() && several.next().unwrap_or_default();
        Step { segment, spans }
    };
    path_segments(&text).into_iter().map(step).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::contract::{BindingBody, ContractId, HttpBinding, OperationId};
    use crate::model::source::{FileId, Site, Span};

    fn shown(path: &str, is_bound: bool) -> Vec<String> {
        let binding =
            HttpBinding { rpc: OperationId(0), variables: Vec::new(), body: BindingBody::Nothing, response_body: None };
        let protocol = Protocol::Http { method: "GET".to_owned(), path: path.to_owned() };
        let site = Site::Span(Span::new(FileId(0), 0, 0));
        let operation = Operation {
            binding: is_bound.then(|| Box::new(binding)),
            ..Operation::new(ContractId(0), path, protocol, site)
        };
        let step = |step: &Step| format!("/{}{}", step.segment, if step.spans { "+" } else { "" });
        routes(&operation).iter().map(|route| route.iter().map(step).collect()).collect()
    }

    #[test]
    fn a_variable_of_openapi_is_one_segment() {
        assert_eq!(shown("/users/{id}/posts/{post}.json", false), ["/users/{}/posts/{}.json"]);
    }

    #[test]
    fn a_variable_of_several_segments_is_written_out_or_held_whole() {
        let books = "/v1/{name=shelves/*/books/*}:archive";
        assert_eq!(shown(books, true), ["/v1/shelves/{}/books/{}:archive", "/v1/{}:archive+"]);
        let nested = "/v1/{book.name=shelves/*}/{page}";
        assert_eq!(shown(nested, true), ["/v1/shelves/{}/{}", "/v1/{}+/{}"]);
    }

    #[test]
    fn a_variable_of_one_segment_is_one_hole() {
        assert_eq!(shown("/v1/{name}", true), ["/v1/{}"]);
        assert_eq!(shown("/v1/{name=*}/x", true), ["/v1/{}/x"]);
    }

    #[test]
    fn the_rest_of_a_path_is_any_number_of_segments() {
        let found = shown("/v1/{name=a/**}:run", true);
        assert_eq!(found.first().map(String::as_str), Some("/v1/a/{}:run"));
        assert_eq!(found.get(1).map(String::as_str), Some("/v1/a/{}/{}:run"));
        assert_eq!(found.last().map(String::as_str), Some("/v1/{}:run+"));
    }

    #[test]
    fn a_broken_template_is_taken_as_it_is() {
        assert_eq!(shown("/v1/{name=a/*", true), ["/v1/{name=a/{}"]);
        assert_eq!(shown("", true), [""]);
    }
}
