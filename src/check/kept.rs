//! Sensitive data in what services log, cache and store.

use std::collections::BTreeSet;

use super::carried::Carried;
use super::context::Context;
use super::rule::Sink;
use crate::model::contract::{Catalog, FieldRef, MessageId, Sensitive, Shape};
use crate::model::finding::Finding;
use crate::model::map::{Confidence, Content, Kept};

/// Messages within messages that are looked at.
const MAX_NESTING: usize = 5;
/// Further places that a finding shows.
const MOST_PLACES: usize = 5;

/// A sensitive field, and how it came to where it was found.
#[derive(Clone, Debug)]
pub struct Held<'a> {
    /// The field that the service holds.
    pub field: FieldRef,
    /// The class of data, and the mark that says so: of the field itself, or of one that it carries.
    pub sensitive: &'a Sensitive,
    /// Whose value it is.
    pub carried: Carried<'a>,
}

impl<'a> Context<'a> {
    /// The sensitive data in some content, each field once, in the order of their declaration.
    #[must_use]
    pub fn sensitive_in(&self, what: Content) -> Vec<Held<'a>> {
        match what {
            Content::Field(field) => self.held(field).into_iter().collect(),
            Content::Message(message) => {
                fields_in(self.head(), message).into_iter().filter_map(|field| self.held(field)).collect()
            }
        }
    }

    /// A finding about sensitive data at these places; `{}` of what is said stands for the field and why it is
    /// sensitive.
    #[must_use]
    pub fn found_kept(&self, places: &[&Kept], held: &Held<'_>, said: &str, sink: &Sink) -> Finding {
        let (head, sensitive) = (self.head(), held.sensitive);
        let service = places.first().and_then(|kept| kept.location.service);
        let class = &sensitive.class;
        let mark = &sensitive.mark;
        let field = head.field_name(held.field);
        let is_own = held.carried.source == held.field;
        let whose =
            if is_own { String::new() } else { format!(" carries `{}` and", head.field_name(held.carried.source)) };
        let why = format!("`{field}`, which{whose} is `{class}` by its mark `{}`,", mark.text);
        let message = format!("`{}` {}", self.consumer(service), said.replace("{}", &why));
        let message = message.trim_end_matches(',').to_owned();
        let sure = places.iter().map(|kept| kept.confidence).max().unwrap_or(Confidence::Possible);
        let Some(first) = places.first() else { return sink.finding(sure, mark.site.clone(), message) };
        let mut finding = sink
            .finding(sure.min(held.carried.confidence()), self.site(&first.location), message)
            .with_related(mark.site.clone(), format!("marked `{}` here", mark.text))
            .with_identity(self.field_subject(head, held.field), self.actor(&first.location));
        for hop in &held.carried.chain {
            finding = finding.with_related(self.site(&hop.location), self.hop(hop));
        }
        for other in places.iter().skip(1).take(MOST_PLACES) {
            finding = finding.with_related(self.site(&other.location), "here as well");
        }
        finding.operation = first.operation;
        finding.field = Some(held.field);
        finding
    }

    /// Whether all that is sent may be known to whom it is sent: by the policy, or because the contract of the
    /// operation asks for data of that class itself.
    #[must_use]
    pub fn may_receive(&self, kept: &Kept) -> bool {
        let Some(to) = kept.to.map(|id| self.head().operation(id)) else { return true };
        let provider = self.head().contract(to.contract).provider;
        let asked: Vec<FieldRef> = to
            .request
            .iter()
            .flat_map(|body| messages_of(&body.shape))
            .flat_map(|message| fields_in(self.head(), message))
            .collect();
        let asks = |held: &Held<'_>| {
            asked.iter().flat_map(|field| self.classes(*field)).any(|class| class.class == held.sensitive.class)
        };
        let all = self.sensitive_in(kept.what);
        all.iter().all(|held| self.forbidden(held.carried.source, provider).is_empty() || asks(held))
    }

    fn held(&self, field: FieldRef) -> Option<Held<'a>> {
        let own = Carried { source: field, chain: Vec::new() };
        let sources = std::iter::once(own).chain(self.carried(field));
        sources.into_iter().find_map(|carried| {
            let sensitive = self.classes(carried.source).into_iter().next()?;
            Some(Held { field, sensitive, carried })
        })
    }
}

/// Fields of a message and of those in it.
fn fields_in(catalog: &Catalog, message: MessageId) -> Vec<FieldRef> {
    let mut found = Vec::new();
    let mut seen = BTreeSet::from([message]);
    let mut open = vec![(message, MAX_NESTING)];
    while let Some((message, nesting)) = open.pop() {
        for (index, field) in (0..).zip(&catalog.message(message).fields) {
            found.push(FieldRef { message, index });
            let Some(below) = nesting.checked_sub(1) else { continue };
            for inner in messages_of(&field.shape) {
                if seen.insert(inner) {
                    open.push((inner, below));
                }
            }
        }
    }
    found.sort();
    found
}

fn messages_of(shape: &Shape) -> Vec<MessageId> {
    match shape {
        Shape::Message(id) => vec![*id],
        Shape::List(inner) | Shape::Map(inner) => messages_of(inner),
        Shape::Union(members) => members.iter().flat_map(messages_of).collect(),
        _ => Vec::new(),
    }
}
