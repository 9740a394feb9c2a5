//! A URL template taken apart: what it is rooted in, and the segments of its path.

use crate::model::usage::{Part, Template};

/// Stands for a hole in rendered text; no URL holds this character.
const HOLE: char = '\0';

/// A URL as far as it is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Url {
    /// Everything before the path.
    pub base: Base,
    /// The path without query and fragment; empty segments are left out.
    pub segments: Vec<Segment>,
}

/// What a URL is rooted in.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Base {
    /// Host in lower case, if any of it is known; `{}` where it has a hole.
    pub host: Option<String>,
    /// Port, if it is known.
    pub port: Option<String>,
    /// Environment variables and configuration keys in it.
    pub variables: Vec<String>,
    /// It may hide leading segments of the path: nothing says that the path starts at the root.
    pub open: bool,
}

/// A segment of a path: texts with holes between them. The same for URLs of clients and for path
/// templates of contracts, whose `{name}` is a hole.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Segment(Vec<String>);

/// With `{}` for holes.
impl std::fmt::Display for Segment {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0.join("{}"))
    }
}

impl Segment {
    fn new(rendered: &str) -> Self {
        let mut texts: Vec<String> = Vec::new();
        for (at, text) in rendered.split(HOLE).enumerate() {
            // Two holes side by side are one.
            if at >= 2 && texts.last().is_some_and(String::is_empty) && text.is_empty() {
                continue;
            }
            texts.push(text.to_owned());
        }
        Self(texts)
    }

    /// The text, if there is no hole.
    pub(super) fn literal(&self) -> Option<&str> {
        match self.0.as_slice() {
            [text] => Some(text),
            _ => None,
        }
    }

    /// A hole and nothing else.
    pub(super) fn is_hole(&self) -> bool {
        self.0.len() > 1 && self.0.iter().all(String::is_empty)
    }

    /// The text before the first hole.
    pub(super) fn head(&self) -> &str {
        self.0.first().map_or("", |text| text)
    }

    /// The text behind the last hole.
    pub(super) fn tail(&self) -> &str {
        self.0.last().map_or("", |text| text)
    }

    /// Whether its holes can be filled so that it becomes `text`.
    pub(super) fn can_be(&self, text: &str) -> bool {
        let [head, middle @ .., tail] = self.0.as_slice() else {
            return self.literal() == Some(text);
        };
        let Some(inner) = text.strip_prefix(head.as_str()).and_then(|rest| rest.strip_suffix(tail.as_str())) else {
            return false;
        };
        let mut rest = inner;
        middle.iter().all(|text| match rest.split_once(text.as_str()) {
            Some((_, behind)) => {
                rest = behind;
                true
            }
            None => false,
        })
    }
}

/// The segments of a path template of a contract.
pub(super) fn path_segments(template: &str) -> Vec<Segment> {
    segments(&without_braces(template))
}

/// Takes a URL template apart.
pub(super) fn parse(template: &Template) -> Url {
    let (text, variables) = render(template);
    let path_at = path_start(&text);
    let (front, path) = text.split_at(path_at);
    let authority = front.split_once("://").map_or(front, |(_, authority)| authority);
    let (host, port) = host_and_port(authority);
    let bare = front.chars().all(|c| c == HOLE);
    Url {
        base: Base {
            host,
            port,
            variables: variables.into_iter().filter(|(at, _)| *at < path_at).map(|(_, name)| name).collect(),
            open: bare,
        },
        segments: segments(path),
    }
}

/// The base path and host of a server URL of a contract, or of a base URL in configuration.
pub(super) fn parse_text(url: &str) -> Url {
    parse(&Template::text(url))
}

/// The template as text without query and fragment, and its variables with their places in it. No path
/// holds a `&`: it begins a query where code does not know whether there is one already.
fn render(template: &Template) -> (String, Vec<(usize, String)>) {
    let mut text = String::new();
    let mut variables = Vec::new();
    for part in &template.0 {
        match part {
            Part::Text(part) => {
                let end = part.find(['?', '#', '&']);
                text.push_str(&without_verbs(&without_braces(end.map_or(part, |end| part.split_at(end).0))));
                if end.is_some() {
                    break;
                }
            }
            Part::Env(name) => {
                variables.push((text.len(), name.to_string()));
                text.push(HOLE);
            }
            Part::Hole => text.push(HOLE),
        }
    }
    (text, variables)
}

/// `{name}` within one segment becomes a hole: path templates, and client libraries that fill
/// path parameters themselves.
fn without_braces(text: &str) -> String {
    let mut filled = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once('{') {
        filled.push_str(before);
        let Some((_, after)) = behind.split_once('}').filter(|(name, _)| !name.contains('/')) else {
            filled.push('{');
            rest = behind;
            continue;
        };
        filled.push(HOLE);
        rest = after;
    }
    filled.push_str(rest);
    filled
}

/// `%s` and `%d` that nobody filled, as far as is known: no URL holds them.
fn without_verbs(text: &str) -> String {
    let hole = HOLE.to_string();
    let whole = text.replace("%s", &hole).replace("%d/", &format!("{hole}/"));
    whole.strip_suffix("%d").map_or_else(|| whole.clone(), |rest| format!("{rest}{hole}"))
}

/// Where the path starts: behind scheme and host, or behind leading holes.
fn path_start(text: &str) -> usize {
    let slash_from = |from: usize| text[from..].find('/').map_or(text.len(), |at| from + at);
    if let Some(scheme) = text.find("://")
        && !text[..scheme].contains('/')
    {
        return slash_from(scheme + "://".len());
    }
    let holes = text.len() - text.trim_start_matches(HOLE).len();
    if holes > 0 {
        // `{host}:8080/x` and `{tenant}.example.com/x` go on with the host, `{base}x` does not.
        return if text[holes..].starts_with([':', '.']) { slash_from(holes) } else { holes };
    }
    if text.starts_with("//") {
        return slash_from("//".len());
    }
    // `localhost:8080/x` without a scheme.
    let first = slash_from(0);
    let has_port = text[..first].split_once(':').is_some_and(|(host, port)| !host.is_empty() && is_port(port));
    if has_port { first } else { 0 }
}

fn is_port(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_digit() || c == HOLE)
}

fn host_and_port(authority: &str) -> (Option<String>, Option<String>) {
    let authority = authority.trim_start_matches('/');
    let authority = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    let (host, port) = match authority.rsplit_once(':') {
        Some((host, port)) if is_port(port) => (host, Some(port)),
        _ => (authority, None),
    };
    let is_known = host.chars().any(|c| c != HOLE && c != '.');
    let port = port.filter(|port| !port.contains(HOLE)).map(str::to_owned);
    (is_known.then(|| host.to_lowercase().replace(HOLE, "{}")), port)
}

fn segments(path: &str) -> Vec<Segment> {
    // RFC 3986, 6.2.2.3: `.` is no segment.
    path.split('/').filter(|text| !text.is_empty() && *text != ".").map(Segment::new).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn template(parts: &[Part]) -> Template {
        Template(parts.to_vec())
    }

    fn text(text: &str) -> Part {
        Part::Text(text.into())
    }

    fn env(name: &str) -> Part {
        Part::Env(name.into())
    }

    #[test]
    fn a_dot_is_no_segment() {
        assert_eq!(
            shown(&parse(&template(&[text("./api/./orders")]))),
            shown(&parse(&template(&[text("/api/orders")])))
        );
    }

    fn shown(url: &Url) -> Vec<String> {
        url.segments.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn scheme_host_and_port_are_no_path() {
        let url = parse_text("https://user@API.acme.com:8443/v1/users/42/?q=a/b#c/d");
        assert_eq!(url.base.host.as_deref(), Some("api.acme.com"));
        assert_eq!(url.base.port.as_deref(), Some("8443"));
        assert!(!url.base.open);
        assert_eq!(shown(&url), ["v1", "users", "42"]);
    }

    #[test]
    fn a_leading_hole_is_a_base_that_may_hide_a_path() {
        for parts in
            [[env("PROFILE_URL"), text("/users/"), Part::Hole], [env("PROFILE_URL"), text("users/"), Part::Hole]]
        {
            let url = parse(&template(&parts));
            assert_eq!(url.base.variables, ["PROFILE_URL"]);
            assert_eq!(url.base.host, None);
            assert!(url.base.open);
            assert_eq!(shown(&url), ["users", "{}"]);
        }
    }

    #[test]
    fn a_variable_in_the_host_leaves_the_path_whole() {
        let url = parse(&template(&[text("http://"), env("PROFILE_ADDR"), text("/users")]));
        assert_eq!((url.base.variables.as_slice(), url.base.open), (["PROFILE_ADDR".to_owned()].as_slice(), false));
        assert_eq!(shown(&url), ["users"]);

        let url = parse(&template(&[Part::Hole, text(":8080/users")]));
        assert!(!url.base.open);
        assert_eq!(url.base.port.as_deref(), Some("8080"));
        assert_eq!(shown(&url), ["users"]);

        let url = parse(&template(&[text("https://"), Part::Hole, text(".acme.com/users")]));
        assert_eq!(url.base.host.as_deref(), Some("{}.acme.com"));
    }

    #[test]
    fn a_variable_in_the_path_is_no_base() {
        let url = parse(&template(&[text("http://a/"), env("TENANT"), text("/users")]));
        assert!(url.base.variables.is_empty());
        assert_eq!(shown(&url), ["{}", "users"]);
    }

    #[test]
    fn a_host_without_scheme_is_told_by_its_port() {
        assert_eq!(parse_text("localhost:8080/users").base.host.as_deref(), Some("localhost"));
        assert_eq!(shown(&parse_text("users/42")), ["users", "42"]);
        assert_eq!(shown(&parse_text("/users//42/")), ["users", "42"]);
    }

    #[test]
    fn names_in_braces_are_holes() {
        assert_eq!(shown(&parse_text("/users/{id}/a-{b}.json")), ["users", "{}", "a-{}.json"]);
        assert_eq!(shown(&parse_text("/a/{b/c}")), ["a", "{b", "c}"]);
    }

    #[test]
    fn places_that_a_format_leaves_open_are_holes() {
        assert_eq!(shown(&parse_text("http://a/users/%s/carts/%d/x%20y")), ["users", "{}", "carts", "{}", "x%20y"]);
    }

    #[test]
    fn a_segment_fits_text_around_its_holes() {
        let segment = |text: &str| path_segments(text).remove(0);
        assert!(segment("{a}-{b}").can_be("x-y"));
        assert!(segment("{id}.json").can_be("7.json"));
        assert!(!segment("{id}.json").can_be("7.xml"));
        assert!(!segment("ab{x}ba").can_be("aba"));
        assert!(segment("users").can_be("users"));
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn any_text_is_read_without_complaint(text in "[a-z:/{}?#.@ü\\[\\]0-9]{0,20}", other in "\\PC{0,8}") {
            let url = parse(&template(&[Part::Text(text.into()), Part::Hole, Part::Text(other.into())]));
            prop_assert!(url.segments.iter().all(|segment| !segment.to_string().contains('/')));
        }
    }
}
