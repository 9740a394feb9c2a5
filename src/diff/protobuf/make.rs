//! Changes in the making.

use crate::model::change::{Breaks, Change, ChangeKind, Compatibility, Direction, Element, Spot, What};
use crate::model::contract::OperationId;
use crate::model::source::Site;

/// A change of which it is not yet known where it travels.
#[derive(Clone, Debug)]
pub(super) struct Draft {
    pub(super) kind: ChangeKind,
    pub(super) element: Element,
    pub(super) facet: &'static str,
    pub(super) old: Option<(Site, Option<String>)>,
    pub(super) new: Option<(Site, Option<String>)>,
    pub(super) breaks: Breaks,
    pub(super) compatibility: Compatibility,
    pub(super) aliases: Vec<&'static str>,
    /// Who breaks something by it, if not both.
    pub(super) sender: Option<Sender>,
    /// The edit that brought it along, if it is none of its own.
    pub(super) part: Option<Part>,
}

/// Who sends the data that a change is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sender {
    Consumer,
    Provider,
}

/// An edit elsewhere, of which a change is only a part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// An option of the file, or its syntax.
    Option(&'static str),
    /// Another name for this type of Base.
    Type(What, String),
}

/// Where something travels.
pub(super) type Whereabouts = (Direction, Vec<OperationId>);

/// Forms of data that break.
pub(super) const fn breaks(wire: bool, json: bool, source: bool) -> Breaks {
    Breaks { wire, json, source, request: false, response: false }
}

impl Draft {
    pub(super) fn new(kind: ChangeKind, element: Element) -> Self {
        Self {
            kind,
            element,
            facet: "",
            old: None,
            new: None,
            breaks: Breaks::default(),
            compatibility: Compatibility::Compatible,
            aliases: Vec::new(),
            sender: None,
            part: None,
        }
    }

    pub(super) fn aliases(mut self, ids: Vec<&'static str>) -> Self {
        self.aliases = ids;
        self
    }

    pub(super) fn facet(mut self, facet: &'static str) -> Self {
        self.facet = facet;
        self
    }

    /// It is about what this side sends, and harms nobody where that never does.
    pub(super) fn sent_by(mut self, sender: Sender) -> Self {
        self.sender = Some(sender);
        self
    }

    /// An option of the file brought it along.
    pub(super) fn of_file(mut self, is_so: bool, option: &'static str) -> Self {
        self.part = is_so.then_some(Part::Option(option));
        self
    }

    /// From one value to another.
    pub(super) fn turned(mut self, sites: (Site, Site), old: impl Into<String>, new: impl Into<String>) -> Self {
        self.old = Some((sites.0, Some(old.into())));
        self.new = Some((sites.1, Some(new.into())));
        self
    }

    /// The place it had, and the one that is left of it.
    pub(super) fn at(mut self, old: Option<Site>, new: Option<Site>) -> Self {
        self.old = old.map(|site| (site, None));
        self.new = new.map(|site| (site, None));
        self
    }

    /// The value that it had.
    pub(super) fn was(mut self, value: impl Into<String>) -> Self {
        if let Some((_, old)) = &mut self.old {
            *old = Some(value.into());
        }
        self
    }

    pub(super) fn breaking(mut self, breaks: Breaks) -> Self {
        self.breaks = breaks;
        self.compatibility = Compatibility::Breaking(None);
        self
    }

    /// The change. Who breaks can only be hit in the directions in which the element travels.
    pub(super) fn finish(mut self, (direction, operations): Whereabouts) -> Change {
        let is_sent = match self.sender {
            None => true,
            Some(Sender::Consumer) => direction.request || !direction.response,
            Some(Sender::Provider) => direction.response || !direction.request,
        };
        if !is_sent {
            (self.compatibility, self.breaks) = (Compatibility::Compatible, Breaks::default());
        }
        let spot = |(site, value): (Site, Option<String>)| Spot { site, value };
        let is_breaking = matches!(self.compatibility, Compatibility::Breaking(_));
        let mut aliases: Vec<String> = self.aliases.into_iter().map(str::to_owned).collect();
        aliases.sort();
        aliases.dedup();
        Change {
            facet: self.facet,
            direction,
            operations,
            old: self.old.map(spot),
            new: self.new.map(spot),
            breaks: Breaks {
                request: is_breaking && direction.request,
                response: is_breaking && direction.response,
                ..self.breaks
            },
            compatibility: self.compatibility,
            aliases,
            ..Change::new(self.kind, self.element)
        }
    }
}
