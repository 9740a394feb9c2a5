//! The state of reading one document: what was made, what is still to be made, what went wrong.

use std::collections::{BTreeMap, BTreeSet};

use super::graph::Graph;
use super::library::{Library, Node, NodeId};
use super::names;
use super::security::IdentityScheme;
use super::version::Version;
use crate::contract::marks::MarkTable;
use crate::model::contract::{Parameter, Requirement, Response, SecurityScheme};
use crate::model::problem::{Problem, ProblemKind};
use crate::model::source::{FileId, Site};

/// References in a row before a chain of them is taken for a cycle.
const MAX_CHAIN: usize = 64;

/// What is given to every document.
#[derive(Clone, Copy, Debug)]
pub(super) struct Context<'a> {
    /// All files.
    pub(super) library: &'a Library<'a>,
    /// Marks that make an element sensitive.
    pub(super) marks: &'a MarkTable,
    /// Header names, in lower case, that say who calls.
    pub(super) identity: &'a [String],
}

/// Looked up for every reference; texts that begin alike are slow to find in a tree.
#[expect(clippy::disallowed_types, reason = "never iterated, so its order shows nowhere")]
type Targets<'a> = std::collections::HashMap<(NodeId, &'a str), Node<'a>>;

/// Reads one document.
#[derive(Debug)]
pub(super) struct Reader<'a> {
    pub(super) context: Context<'a>,
    /// The document's own file.
    pub(super) file: FileId,
    /// The version that it is written in.
    pub(super) version: Version,
    /// Schemas as written.
    pub(super) graph: Graph<'a>,
    /// What went wrong.
    pub(super) problems: Vec<Problem>,
    /// Security schemes of the document.
    pub(super) schemes: Vec<SecurityScheme>,
    /// Those of them that name the caller.
    pub(super) identity_schemes: Vec<IdentityScheme>,
    /// `security` of the document.
    pub(super) default_security: Option<Vec<Requirement>>,
    /// URL templates of the servers, each once.
    pub(super) servers: Vec<String>,
    /// `consumes` of a document of 2.0.
    pub(super) consumes: Vec<String>,
    /// `produces` of a document of 2.0.
    pub(super) produces: Vec<String>,
    /// Files that references led to.
    pub(super) files: BTreeSet<FileId>,
    /// What each reference leads to, by its document and text.
    targets: Targets<'a>,
    /// Parameters that references led to.
    pub(super) known_parameters: BTreeMap<NodeId, Option<Parameter>>,
    /// Responses that references led to, without their status.
    pub(super) known_responses: BTreeMap<NodeId, Response>,
    /// Whether each format is a mark.
    pub(super) formats: BTreeMap<&'a str, bool>,
}

impl<'a> Reader<'a> {
    /// A reader for one document.
    pub(super) fn new(context: Context<'a>, file: FileId, version: Version) -> Self {
        Self {
            context,
            file,
            version,
            graph: Graph::default(),
            problems: Vec::new(),
            schemes: Vec::new(),
            identity_schemes: Vec::new(),
            default_security: None,
            servers: Vec::new(),
            consumes: Vec::new(),
            produces: Vec::new(),
            files: BTreeSet::new(),
            targets: Targets::default(),
            known_parameters: BTreeMap::new(),
            known_responses: BTreeMap::new(),
            formats: BTreeMap::new(),
        }
    }

    /// Says that a part of the document is lost.
    pub(super) fn lost(&mut self, node: &Node<'_>, message: impl Into<String>) {
        self.lost_at(node.site(), message);
    }

    /// The same at any place.
    pub(super) fn lost_at(&mut self, site: Site, message: impl Into<String>) {
        self.problems.push(Problem::at(ProblemKind::ContractUnreadable, site, message));
    }

    /// Says something that loses nothing.
    pub(super) fn note(&mut self, node: &Node<'_>, message: impl Into<String>) {
        self.note_at(node.site(), message);
    }

    /// The same at any place.
    pub(super) fn note_at(&mut self, site: Site, message: impl Into<String>) {
        self.problems.push(Problem::at(ProblemKind::Note, site, message));
    }

    /// What stands under a key of a mapping, references followed. The specification allows a reference
    /// in few places, but bundlers resolve it anywhere, so documents have it anywhere.
    pub(super) fn part(&mut self, owner: &Node<'a>, key: &str) -> Option<Node<'a>> {
        let node = owner.get(key).filter(|node| !node.is_null())?;
        self.follow(&node)
    }

    /// The same where it must be a mapping; a problem if it is none.
    pub(super) fn mapping(&mut self, owner: &Node<'a>, key: &str) -> Option<Node<'a>> {
        let part = self.part(owner, key)?;
        self.is_mapping(&part, &format!("`{key}`")).then_some(part)
    }

    /// Whether a node is a mapping; a problem if it is not.
    pub(super) fn is_mapping(&mut self, node: &Node<'_>, what: &str) -> bool {
        let is_mapping = node.is_object();
        if !is_mapping {
            self.lost(node, format!("{what} must be a mapping"));
        }
        is_mapping
    }

    /// The object that a reference leads to in the end, or the node itself if it is none. `None`, and
    /// a problem at the reference that fails, if it leads nowhere. What stands beside the reference
    /// is ignored.
    pub(super) fn follow(&mut self, node: &Node<'a>) -> Option<Node<'a>> {
        let mut current = node.clone();
        for _ in 0..MAX_CHAIN {
            let Some(reference) = current.reference() else { return Some(current) };
            current = self.step(&current, reference)?;
        }
        self.lost_at(node.site_of("$ref"), "this reference leads back to itself");
        None
    }

    /// What one reference leads to.
    pub(super) fn step(&mut self, node: &Node<'a>, reference: &'a str) -> Option<Node<'a>> {
        let key = (node.document().id(), reference);
        if let Some(target) = self.targets.get(&key) {
            return Some(target.clone());
        }
        match self.context.library.resolve_from(node, reference) {
            Ok(target) => {
                self.files.insert(target.file);
                self.targets.insert(key, target.clone());
                Some(target)
            }
            Err(why) => {
                let place = if node.is_object() { node.site_of("$ref") } else { node.site() };
                self.lost_at(place, format!("`{reference}` cannot be resolved: {why}"));
                None
            }
        }
    }

    /// The name of what a node leads to: the declared one of another place, or else the given one.
    pub(super) fn name_at(&self, from: &Node<'a>, target: &Node<'a>, otherwise: impl FnOnce() -> String) -> String {
        if from.reference().is_none() {
            return otherwise();
        }
        let Site::Pointer { file, pointer } = target.site() else { return otherwise() };
        let path = &self.context.library.sources().get(file).path;
        names::declared(path, &pointer).map_or_else(otherwise, |declared| declared.name)
    }
}
