//! Byte ranges of places, each document read at most once more.
//!
//! Rules ask for one place at a time, and reading a document for each of thousands would be
//! quadratic: the first question about a document answers all that its contract can lead to.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use crate::contract;
use crate::model::analysis::Analysis;
use crate::model::contract::{Catalog, Marks};
use crate::model::source::{Site, Span};

/// Finds places, and remembers them.
pub(super) struct Locator<'a> {
    analysis: &'a Analysis,
    known: Mutex<Option<BTreeMap<Site, Span>>>,
}

impl<'a> Locator<'a> {
    pub(super) const fn new(analysis: &'a Analysis) -> Self {
        Self { analysis, known: Mutex::new(None) }
    }

    /// The byte range of a place.
    pub(super) fn locate(&self, site: &Site) -> Span {
        if let Site::Span(span) = site {
            return *span;
        }
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let known = known.get_or_insert_with(|| self.all());
        *known.entry(site.clone()).or_insert_with(|| contract::locate(&self.analysis.sources, site))
    }

    /// Every place of both catalogs, and of what differs between them, that is a pointer.
    fn all(&self) -> BTreeMap<Site, Span> {
        let catalogs = std::iter::once(&self.analysis.head).chain(&self.analysis.base);
        let spots = self.analysis.changes.iter().flat_map(|change| change.old.iter().chain(&change.new));
        let all = catalogs.flat_map(sites).chain(spots.map(|spot| &spot.site));
        let mut sites: Vec<Site> = all.filter(|it| matches!(it, Site::Pointer { .. })).cloned().collect();
        sites.sort();
        sites.dedup();
        let spans = contract::locate_all(&self.analysis.sources, &sites);
        sites.into_iter().zip(spans).collect()
    }
}

fn sites(catalog: &Catalog) -> impl Iterator<Item = &Site> {
    let contracts = catalog.contracts.iter().map(|contract| &contract.site);
    let operations = catalog.operations.iter().flat_map(|operation| {
        let parameters = operation.parameters.iter().flat_map(|it| marked(&it.site, &it.marks));
        let bodies = operation.request.iter().map(|body| &body.site);
        let answers = operation
            .responses
            .iter()
            .flat_map(|response| std::iter::once(&response.site).chain(response.bodies.iter().map(|body| &body.site)));
        marked(&operation.site, &operation.marks).chain(parameters).chain(bodies).chain(answers)
    });
    let messages = catalog.messages.iter().flat_map(|message| {
        let fields = message.fields.iter().flat_map(|field| marked(&field.site, &field.marks));
        marked(&message.site, &message.marks).chain(fields)
    });
    contracts.chain(operations).chain(messages)
}

/// An element's place, and those of its marks.
fn marked<'a>(site: &'a Site, marks: &'a Marks) -> impl Iterator<Item = &'a Site> {
    let sunset = marks.sunset.iter().map(|(_, mark)| mark);
    let marks = marks.deprecated.iter().chain(sunset).chain(marks.sensitive.iter().map(|sensitive| &sensitive.mark));
    std::iter::once(site).chain(marks.map(|mark| &mark.site))
}
