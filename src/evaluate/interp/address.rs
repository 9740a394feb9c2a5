//! URLs as objects of a library, whose parts are set one by one: `url.URL{Host: host, Path: "/users"}`, `u.Path += id`.
//!
//! Such a URL is text like any other one. A part is taken out of it, and put into it, where RFC 3986, section 3, has it.

use super::Interp;
use super::printf::origin_of;
use crate::evaluate::library::format::{FieldModel, UrlPart};
use crate::evaluate::value::{Text, Value};
use crate::model::ir::{FieldInit, Type};
use crate::model::usage::{Part, Template};

/// Ways that a URL may read, of which further ones tell nothing.
const MAX_WAYS: usize = 8;

/// A URL in its parts; of one that begins with what is not known, that is taken for all before the path.
#[derive(Clone, Debug, Default)]
struct Url {
    origin: Template,
    path: Template,
    query: Template,
}

impl<'a> Interp<'a> {
    /// A literal of a URL.
    pub(super) fn url_literal(&mut self, ty: &Type, fields: &'a [FieldInit]) -> Option<Value> {
        let has_parts = |name: &str| self.url_part(ty, name).is_some();
        if !fields.iter().filter_map(|field| field.name.as_deref()).any(has_parts) {
            return None;
        }
        let mut url = Value::text(Text { template: Template::default(), written: None }).with_type(ty.clone());
        for field in fields {
            let value = self.eval(&field.value, &Type::Str);
            if let Some(name) = &field.name {
                url = self.with_url_part(&url, name, &value).unwrap_or(url);
            }
        }
        Some(url)
    }

    /// A part of a URL, read.
    pub(super) fn url_member(&self, url: &Value, name: &str) -> Option<Value> {
        let part = self.url_part(&url.ty, name)?;
        let read = |text: Text| {
            let Url { origin, path, query } = Url::of(&text.template);
            let template = match part {
                UrlPart::Path => path,
                UrlPart::Query => query,
                UrlPart::Search if query.0.is_empty() => query,
                UrlPart::Search => {
                    let mut search = Template::text("?");
                    search.append(&query);
                    search
                }
                UrlPart::Host => behind_scheme(origin),
                UrlPart::Scheme => Template::hole(),
                UrlPart::Fragment => Template::default(),
            };
            Value::text(Text { template, written: text.written })
        };
        let value = url.texts().into_iter().map(read).reduce(Value::join).unwrap_or_else(|| match part {
            // Below a base that is not known, nothing more is known of the path than what comes behind it.
            UrlPart::Path | UrlPart::Fragment => Value::text(Text { template: Template::default(), written: None }),
            UrlPart::Scheme | UrlPart::Host | UrlPart::Query | UrlPart::Search => Value::typed(Type::Str),
        });
        Some(self.derive(value, [url]))
    }

    /// A URL with another part than before; nothing where the field is none.
    pub(super) fn with_url_part(&self, url: &Value, name: &str, value: &Value) -> Option<Value> {
        let part = self.url_part(&url.ty, name)?;
        let or_hole = |texts: Vec<Text>| if texts.is_empty() { vec![Text::hole()] } else { texts };
        let (before, given) = (or_hole(url.texts()), or_hole(value.texts()));
        let ways = before.iter().flat_map(|before| given.iter().map(move |given| (before, given))).take(MAX_WAYS);
        let all = ways.map(|(before, given)| {
            let mut url = Url::of(&before.template);
            match part {
                UrlPart::Path => url.path = given.template.clone(),
                UrlPart::Query | UrlPart::Search => {
                    url.query = without_beginning(&given.template, &Template::text("?"));
                }
                UrlPart::Host => url.set_origin(None, given.template.clone()),
                UrlPart::Fragment => {}
                UrlPart::Scheme => {
                    let host = behind_scheme(url.origin.clone());
                    url.set_origin(given.template.as_text(), host);
                }
            }
            let written = if part == UrlPart::Path { given.written.or(before.written) } else { before.written };
            Value::text(Text { template: url.put_together(), written })
        });
        Some(self.derive(all.reduce(Value::join)?.with_type(url.ty.clone()), [url, value]))
    }

    fn url_part(&self, ty: &Type, name: &str) -> Option<UrlPart> {
        match self.library_type(ty)?.1.fields.get(name)? {
            FieldModel::Part(part) => Some(*part),
            _ => None,
        }
    }
}

impl Url {
    /// A new host, with this scheme or the one before; of one that is not known HTTP is all that can be said.
    fn set_origin(&mut self, scheme: Option<&str>, host: Template) {
        let before = match self.origin.0.first() {
            Some(Part::Text(text)) => text.split_once("://").map(|(scheme, _)| scheme),
            _ => None,
        };
        self.origin = Template::text(&format!("{}://", scheme.or(before).unwrap_or("http")));
        self.origin.append(&host);
    }

    fn of(template: &Template) -> Self {
        let has_origin = match template.0.first() {
            Some(Part::Text(text)) => text.contains("://"),
            Some(Part::Hole | Part::Env(_)) => true,
            None => false,
        };
        let text = Text { template: template.clone(), written: None };
        let origin = if has_origin { origin_of(&text).template } else { Template::default() };
        let (path, query) = split_at_mark(&without_beginning(template, &origin));
        Self { origin, path, query }
    }

    fn put_together(self) -> Template {
        let Self { mut origin, path, query } = self;
        let is_rooted = matches!(path.0.first(), Some(Part::Text(text)) if text.starts_with('/'));
        if !origin.0.is_empty() && !path.0.is_empty() && !is_rooted {
            origin.append(&Template::text("/"));
        }
        origin.append(&path);
        if !query.0.is_empty() {
            origin.append(&Template::text("?"));
            origin.append(&query);
        }
        origin
    }
}

/// What stands behind the beginning of a template.
fn without_beginning(template: &Template, beginning: &Template) -> Template {
    let mut rest = Template::default();
    for (at, part) in template.0.iter().enumerate() {
        match (part, beginning.0.get(at)) {
            (Part::Text(text), Some(Part::Text(known))) => {
                rest.append(&Template::text(text.strip_prefix(&**known).unwrap_or(text)));
            }
            (part, Some(known)) if part == known => {}
            (part, _) => rest.append(&Template(vec![part.clone()])),
        }
    }
    rest
}

/// What stands before and behind the first `?`.
fn split_at_mark(template: &Template) -> (Template, Template) {
    let (mut path, mut query) = (Template::default(), Template::default());
    let mut is_behind = false;
    for part in &template.0 {
        match part {
            Part::Text(text) if !is_behind => {
                let (before, behind) =
                    text.split_once('?').map_or((&**text, None), |(before, behind)| (before, Some(behind)));
                path.append(&Template::text(before));
                if let Some(behind) = behind {
                    is_behind = true;
                    query.append(&Template::text(behind));
                }
            }
            part if is_behind => query.append(&Template(vec![part.clone()])),
            part => path.append(&Template(vec![part.clone()])),
        }
    }
    (path, query)
}

fn behind_scheme(origin: Template) -> Template {
    let mut parts = origin.0.into_iter();
    let mut host = match parts.next() {
        Some(Part::Text(text)) => Template::text(text.split_once("://").map_or(&*text, |(_, host)| host)),
        Some(part) => Template(vec![part]),
        None => Template::default(),
    };
    host.append(&Template(parts.collect()));
    host
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(template: &[Part]) -> [String; 3] {
        let Url { origin, path, query } = Url::of(&Template(template.to_vec()));
        [origin.to_string(), path.to_string(), query.to_string()]
    }

    #[test]
    fn a_url_is_taken_apart_and_put_together_again() {
        let text = |text: &str| Part::Text(text.into());
        let cases: [(&[Part], [&str; 3]); 6] = [
            (&[text("http://shop:80/v1/items?page=1")], ["http://shop:80", "/v1/items", "page=1"]),
            (
                &[text("https://"), Part::Hole, text(".acme.com/a?b="), Part::Hole],
                ["https://{}.acme.com", "/a", "b={}"],
            ),
            (&[Part::Env("SHOP_URL".into()), text("/items/"), Part::Hole], ["${SHOP_URL}", "/items/{}", ""]),
            (&[text("/items")], ["", "/items", ""]),
            (&[text("http://shop")], ["http://shop", "", ""]),
            (&[], ["", "", ""]),
        ];
        for (template, expected) in cases {
            assert_eq!(parts(template), expected);
            assert_eq!(Url::of(&Template(template.to_vec())).put_together(), Template(template.to_vec()));
        }
    }

    #[test]
    fn scheme_and_host_come_in_any_order() {
        let mut url = Url::default();
        url.set_origin(Some("https"), Template::default());
        url.set_origin(None, Template::text("shop:80"));
        assert_eq!(url.origin.to_string(), "https://shop:80");
        let mut url = Url::default();
        url.set_origin(None, Template::text("shop"));
        url.set_origin(Some("https"), behind_scheme(url.origin.clone()));
        assert_eq!(url.origin.to_string(), "https://shop");
    }

    #[test]
    fn a_path_stands_behind_a_slash() {
        let url = Url { origin: Template::text("http://shop"), path: Template::text("items"), ..Url::default() };
        assert_eq!(url.put_together().to_string(), "http://shop/items");
    }
}
