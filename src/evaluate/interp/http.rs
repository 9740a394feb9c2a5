//! HTTP requests that are sent.

use std::rc::Rc;

use super::Interp;
use super::argument::Site;
use crate::evaluate::library::{Kind, Library, Setting};
use crate::evaluate::origins::Origins;
use crate::evaluate::value::{Callable, ObjectId, Text, Value, What};
use crate::model::ir::Type;
use crate::model::source::Span;
use crate::model::usage::{CallId, Location, Origin, Part, Target, Template};

/// A call that was seen.
#[derive(Clone, Debug)]
pub(in crate::evaluate) struct Sent {
    pub(in crate::evaluate) location: Location,
    pub(in crate::evaluate) at: Option<Span>,
    pub(in crate::evaluate) library: String,
    pub(in crate::evaluate) target: Target,
    /// The request, with its client above it; none if it could not be followed.
    pub(in crate::evaluate) request: Option<ObjectId>,
    /// Its URL is plain text, and no object that could hold a query.
    pub(in crate::evaluate) plain: bool,
}

/// What makes two calls the same: where it is reported, where it is sent, what it is aimed at, and
/// through which client.
pub(super) type SentKey = (Span, Option<Span>, Target, Option<ObjectId>);

/// Alternatives of one request that are kept apart.
const MAX_TARGETS: usize = 8;

impl<'a> Interp<'a> {
    /// A request is sent; gives its response.
    pub(super) fn send(&mut self, library: &'a Library, request: &Value, site: &Site<'a>) -> Value {
        let mut calls = Vec::new();
        let objects: Vec<ObjectId> = request.objects().collect();
        let once = objects.first().filter(|_| objects.len() == 1 && self.libraries.sends_once(library)).copied();
        if let Some((place, calls)) = once.and_then(|id| self.sent_once.get(&id))
            && *place != site.span
        {
            return responses(calls);
        }
        for id in &objects {
            for (method, url) in self.targets(*id) {
                let target = Target::Http { method, url: url.template };
                calls.extend(self.sent(library, target, Some(*id), url.written, site.span));
            }
        }
        if objects.is_empty() {
            let target = Target::Http { method: None, url: Template::hole() };
            calls.extend(self.sent(library, target, None, None, site.span));
        }
        for (call, id) in calls.iter().zip(objects.iter().cycle()) {
            let body = self.objects.setting(*id, Setting::Body).map(|set| set.value.clone());
            if let Some(body) = body {
                self.body_written(&body, &Origin::Request(*call, Vec::new()));
                self.keep_body(*call, &body);
                self.send_on(*call, &body, site.span);
            }
            if let Some(url) = self.objects.setting(*id, Setting::Url).map(|set| set.value.clone()) {
                self.send_on(*call, &url, site.span);
            }
            self.send_asked(*call, *id);
            self.fill_result(*id, *call);
        }
        if let Some(id) = once {
            self.sent_once.insert(id, (site.span, calls.clone()));
        }
        responses(&calls)
    }

    /// Puts the body where the request was told to.
    fn fill_result(&mut self, request: ObjectId, call: CallId) {
        let Some((place, home)) = self.results.get(&request).cloned() else { return };
        if home != self.frame().symbol {
            return;
        }
        let ty = self.quietly(|interp| interp.eval(place, &Type::Unknown)).ty;
        let origins = Origins::one(Origin::Response(call, Vec::new()));
        self.note_decoded(&ty, &origins);
        self.store(place, Value { ty, what: What::Opaque, origins });
    }

    /// Method and URL of a request, every combination that may be sent.
    fn targets(&self, id: ObjectId) -> Vec<(Option<String>, Text)> {
        let methods = match self.objects.setting(id, Setting::Method) {
            Some(set) => method_names(&set.value),
            None => vec![None],
        };
        let urls = match self.objects.setting(id, Setting::Url) {
            Some(set) => set.value.texts().iter().map(without_placeholders).collect(),
            None => vec![Text::hole()],
        };
        let bases = self.objects.setting(id, Setting::Base).map(|set| set.value.texts()).unwrap_or_default();
        let mut all = Vec::new();
        for method in &methods {
            for url in &urls {
                if bases.is_empty() || is_absolute(&url.template) {
                    all.push((method.clone(), url.clone()));
                }
                for base in bases.iter().filter(|_| !is_absolute(&url.template)) {
                    all.push((method.clone(), below(base, url)));
                }
            }
        }
        all.truncate(MAX_TARGETS);
        all
    }

    /// Notes a call, and gives its id. While only looking, calls that were not seen yet stay unseen.
    pub(super) fn sent(
        &mut self,
        library: &Library,
        target: Target,
        request: Option<ObjectId>,
        written: Option<Span>,
        span: Span,
    ) -> Option<CallId> {
        // What nobody calls by hand, nobody sends.
        if self.frames.iter().all(|frame| !frame.module.is_by_hand()) || self.frame().module.generated {
            return None;
        }
        let (location, sent) = self.placed(span, written);
        let client = request.and_then(|id| self.objects.nearest(id, &[Kind::Client, Kind::Channel]));
        let key = (location.span, sent, target.clone(), client);
        let id = match self.sent.get(&key) {
            Some(id) => *id,
            None if self.quiet > 0 => return None,
            None => {
                let id = CallId(u32::try_from(self.requests.len()).unwrap_or(u32::MAX));
                let plain = request.is_none_or(|id| self.has_plain_url(id));
                self.requests.push(Sent { location, at: sent, library: library.to_owned(), target, request, plain });
                self.sent.insert(key, id);
                id
            }
        };
        self.live.insert(id);
        if let Some(open) = self.made.last_mut() {
            open.insert(id);
        }
        // A later round may know the request better than the first.
        if request.is_some() {
            self.requests[id.0 as usize].request = request;
        }
        Some(id)
    }
}

/// The response of one of several calls.
pub(super) fn responses(calls: &[CallId]) -> Value {
    let mut all: Vec<What> = calls.iter().map(|call| What::Response(*call)).collect();
    all.sort();
    all.dedup();
    let what = match all.len() {
        0 => What::Opaque,
        1 => all.swap_remove(0),
        _ => What::OneOf(Rc::new(all)),
    };
    Value::of(what)
}

/// Names of HTTP methods: text, or constants named like the method.
pub(super) fn method_names(value: &Value) -> Vec<Option<String>> {
    let names: Vec<Option<String>> = value
        .alternatives()
        .iter()
        .filter_map(|what| match what {
            What::Text(text) => Some(text.template.as_text().map(str::to_ascii_uppercase)),
            What::Function(callable) => match &**callable {
                Callable::Foreign(symbol) => Some(Some(symbol.name().to_ascii_uppercase())),
                _ => None,
            },
            _ => None,
        })
        .collect();
    if names.is_empty() { vec![None] } else { names }
}

/// `/items/{id}`, `/items/:id`: libraries put values in for the names, so they are holes.
fn without_placeholders(url: &Text) -> Text {
    let mut template = Template::default();
    for part in &url.template.0 {
        let Part::Text(text) = part else {
            template.append(&Template(vec![part.clone()]));
            continue;
        };
        let mut rest: &str = text;
        while let Some((before, after)) = split_placeholder(rest) {
            template.append(&Template::text(before));
            template.append(&Template::hole());
            rest = after;
        }
        template.append(&Template::text(rest));
    }
    Text { template, written: url.written }
}

/// What stands before and behind the first `{name}`, or the first segment `:name`.
fn split_placeholder(text: &str) -> Option<(&str, &str)> {
    let braces = text.split_once('{').and_then(|(before, rest)| Some((before, rest.split_once('}')?.1)));
    let segment = text.match_indices("/:").find_map(|(at, mark)| {
        let name = text.get(at + mark.len()..)?;
        let end = name.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(name.len());
        let is_name = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
        is_name.then(|| Some((text.get(..=at)?, name.get(end..)?)))?
    });
    [braces, segment].into_iter().flatten().min_by_key(|(before, _)| before.len())
}

fn is_absolute(url: &Template) -> bool {
    match url.0.first() {
        Some(Part::Text(text)) => text.contains("://"),
        // An own variable in front is a base of its own.
        Some(Part::Env(_)) => true,
        Some(Part::Hole) | None => false,
    }
}

/// A path below a base URL, with one `/` between them.
fn below(base: &Text, path: &Text) -> Text {
    if path.template.0.is_empty() {
        return base.clone();
    }
    let joined = super::printf::join(&[Value::text(base.clone()), Value::text(path.clone())], "/");
    match joined.what {
        What::Text(text) => Text { written: path.written.or(text.written), ..text },
        _ => path.clone(),
    }
}
