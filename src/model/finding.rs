//! What a rule has to say.

use super::contract::{FieldRef, OperationId};
use super::map::Confidence;
use super::source::{ServiceId, Site};

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// Shown on request.
    Info,
    /// Worth mending.
    Warning,
    /// Must not be merged.
    Error,
}

impl Level {
    /// Stable name in output and configuration.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// A further place of a finding, with its own sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Related {
    /// Where.
    pub site: Site,
    /// What is to be seen there.
    pub message: String,
    /// How sure, for places of consumers.
    pub confidence: Option<Confidence>,
}

/// What a change means for one consumer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    /// It will fail, or get wrong data.
    Breaks,
    /// It does not use what changed.
    Unaffected,
    /// It passes the whole body on.
    Unknown,
}

impl Verdict {
    /// Stable name in output.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Breaks => "breaks",
            Self::Unaffected => "unaffected",
            Self::Unknown => "unknown",
        }
    }
}

/// A consumer that a finding is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Consumer {
    /// Which.
    pub service: ServiceId,
    /// What it means for it.
    pub verdict: Verdict,
    /// A place that shows it.
    pub site: Option<Site>,
    /// How sure.
    pub confidence: Confidence,
}

/// What a rule has to say about one place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Id: `family/name`.
    pub rule: &'static str,
    /// How bad; rules give their own, `check` applies configuration.
    pub level: Level,
    /// How sure.
    pub confidence: Confidence,
    /// The primary place.
    pub site: Site,
    /// What is to be seen at the primary place, in a few words; may be empty.
    pub label: String,
    /// One sentence: what is wrong, with names.
    pub message: String,
    /// What to do.
    pub help: String,
    /// Further facts, one line each (`consumers: 2 break, ...`, `affects: ...`).
    pub notes: Vec<String>,
    /// Further places.
    pub related: Vec<Related>,
    /// Consumers it is about.
    pub consumers: Vec<Consumer>,
    /// The element of the contract that it is about, named stably over revisions; for the fingerprint.
    pub subject: String,
    /// Whose code it is about and in which function; for the fingerprint.
    pub actor: String,
    /// The operation, of the catalog that `in_base` tells.
    pub operation: Option<OperationId>,
    /// The field, of the same catalog.
    pub field: Option<FieldRef>,
    /// `operation` and `field` are ids of the Base catalog.
    pub in_base: bool,
    /// `CL-` and eight hex digits; given by `check`.
    pub fingerprint: String,
}

impl Finding {
    /// A finding with what every finding must have; the rest is set by the `with_*` methods.
    #[must_use]
    pub fn new(
        rule: &'static str,
        level: Level,
        confidence: Confidence,
        site: Site,
        message: impl Into<String>,
    ) -> Self {
        Self {
            rule,
            level,
            confidence,
            site,
            label: String::new(),
            message: message.into(),
            help: String::new(),
            notes: Vec::new(),
            related: Vec::new(),
            consumers: Vec::new(),
            subject: String::new(),
            actor: String::new(),
            operation: None,
            field: None,
            in_base: false,
            fingerprint: String::new(),
        }
    }

    /// What is to be seen at the primary place.
    #[must_use]
    pub fn with_label(mut self, label: impl Into<String>) -> Self {
        self.label = label.into();
        self
    }

    /// What to do.
    #[must_use]
    pub fn with_help(mut self, help: impl Into<String>) -> Self {
        self.help = help.into();
        self
    }

    /// A further fact.
    #[must_use]
    pub fn with_note(mut self, note: impl Into<String>) -> Self {
        self.notes.push(note.into());
        self
    }

    /// A further place.
    #[must_use]
    pub fn with_related(mut self, site: Site, message: impl Into<String>) -> Self {
        self.related.push(Related { site, message: message.into(), confidence: None });
        self
    }

    /// What identifies it over time: the contract's element, and whose code in which function.
    #[must_use]
    pub fn with_identity(mut self, subject: impl Into<String>, actor: impl Into<String>) -> Self {
        self.subject = subject.into();
        self.actor = actor.into();
        self
    }
}
