//! The state of reading one document: what was made, what is still to be made, what went wrong.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use serde_json::Value;

use super::library::{Library, Node, NodeId};
use super::names;
use super::security::IdentityScheme;
use crate::contract::marks::MarkTable;
use crate::model::contract::{ContractId, Message, MessageId, Shape};
use crate::model::problem::{Problem, ProblemKind};
use crate::model::source::FileId;

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

/// Reads one document.
#[derive(Debug)]
pub(super) struct Reader<'a> {
    pub(super) context: Context<'a>,
    /// What stands beside a `$ref` counts: since 3.1.
    pub(super) siblings_count: bool,
    /// Messages made so far; those still [pending](Self::pending) have no fields yet.
    pub(super) messages: Vec<Message>,
    /// What went wrong.
    pub(super) problems: Vec<Problem>,
    /// Security schemes of the document that name the caller.
    pub(super) identity_schemes: Vec<IdentityScheme>,
    /// `security` of the document.
    pub(super) default_security: Vec<Value>,
    /// URL templates of the servers, as written, each once.
    pub(super) servers: Vec<String>,
    /// Keywords that were left out and said so.
    pub(super) unread: BTreeSet<&'static str>,
    /// Components of the document that are written elsewhere, by that place: they keep their names.
    pub(super) components: BTreeMap<NodeId, String>,
    /// Files that references led to.
    pub(super) files: BTreeSet<FileId>,
    /// The message of each object schema: one per place, so recursion ends here.
    pub(super) known: BTreeMap<NodeId, MessageId>,
    /// The shape of each referenced schema.
    pub(super) shapes: BTreeMap<NodeId, Shape>,
    /// Messages whose fields are to be read.
    pub(super) pending: VecDeque<(MessageId, Node<'a>)>,
}

impl<'a> Reader<'a> {
    /// A reader for one document.
    pub(super) fn new(context: Context<'a>, siblings_count: bool) -> Self {
        Self {
            context,
            siblings_count,
            messages: Vec::new(),
            problems: Vec::new(),
            identity_schemes: Vec::new(),
            default_security: Vec::new(),
            servers: Vec::new(),
            unread: BTreeSet::new(),
            components: BTreeMap::new(),
            files: BTreeSet::new(),
            known: BTreeMap::new(),
            shapes: BTreeMap::new(),
            pending: VecDeque::new(),
        }
    }

    /// Says that a part of the document is lost.
    pub(super) fn lost(&mut self, node: &Node<'_>, message: impl Into<String>) {
        self.problems.push(Problem::at(ProblemKind::ContractUnreadable, node.site(), message));
    }

    /// Says something that loses nothing.
    pub(super) fn note(&mut self, node: &Node<'_>, message: impl Into<String>) {
        self.problems.push(Problem::at(ProblemKind::Note, node.site(), message));
    }

    /// What stands under a key of a mapping, references followed. The specification allows a reference
    /// in few places, but bundlers resolve it anywhere, so documents have it anywhere.
    pub(super) fn part(&mut self, owner: &Node<'a>, key: &str) -> Option<Node<'a>> {
        let node = owner.get(key).filter(|node| !node.is_null())?;
        self.follow(&node)
    }

    /// The object that a reference leads to in the end, or the node itself if it is none. `None`, and
    /// a problem at the reference that fails, if it leads nowhere. What stands beside the reference
    /// is ignored.
    pub(super) fn follow(&mut self, node: &Node<'a>) -> Option<Node<'a>> {
        self.follow_while(node, |_, node| node.reference())
    }

    /// The same for the schema of a reference, as far as there is nothing but a reference.
    pub(super) fn follow_schema(&mut self, node: &Node<'a>) -> Option<Node<'a>> {
        self.follow_while(node, Self::plain_reference)
    }

    /// The same for a schema with a reference that more stands beside.
    pub(super) fn target(&mut self, node: &Node<'a>) -> Option<Node<'a>> {
        let next = self.step(node, node.reference()?)?;
        self.follow_schema(&next)
    }

    fn follow_while(
        &mut self,
        node: &Node<'a>,
        reference: impl Fn(&Self, &Node<'a>) -> Option<&'a str>,
    ) -> Option<Node<'a>> {
        let mut current = node.clone();
        for _ in 0..MAX_CHAIN {
            let Some(reference) = reference(self, &current) else { return Some(current) };
            current = self.step(&current, reference)?;
        }
        self.problems.push(Problem::at(
            ProblemKind::ContractUnreadable,
            node.site_of("$ref"),
            "this reference leads back to itself",
        ));
        None
    }

    fn step(&mut self, node: &Node<'_>, reference: &str) -> Option<Node<'a>> {
        let library = self.context.library;
        match library.resolve(node.file, reference) {
            Ok(target) => {
                self.files.insert(target.file);
                Some(target)
            }
            Err(why) => {
                let message = format!("`{reference}` cannot be resolved: {why}");
                self.problems.push(Problem::at(ProblemKind::ContractUnreadable, node.site_of("$ref"), message));
                None
            }
        }
    }

    /// The reference of a node that is nothing but a reference.
    pub(super) fn plain_reference(&self, node: &Node<'a>) -> Option<&'a str> {
        let reference = node.reference()?;
        let structure = ["properties", "allOf", "oneOf", "anyOf", "required"];
        let is_more = self.siblings_count && structure.iter().any(|key| node.has(key));
        if is_more { None } else { Some(reference) }
    }

    /// The name of what a node leads to: the declared one of another place, or else the given one.
    pub(super) fn name_at(&self, from: &Node<'_>, target: &Node<'_>, otherwise: &str) -> names::Declared {
        let inherited = names::Declared { name: otherwise.to_owned(), whole: false };
        if from.id() == target.id() {
            return inherited;
        }
        if let Some(name) = self.components.get(&target.id()) {
            return names::Declared { name: name.clone(), whole: true };
        }
        let path = &self.context.library.sources().get(target.file).path;
        names::declared(path, &target.pointer()).unwrap_or(inherited)
    }

    /// The message of an object schema, whose fields are read later.
    pub(super) fn message(&mut self, node: &Node<'a>, name: &str, named: bool) -> Shape {
        if let Some(id) = self.known.get(&node.id()) {
            return Shape::Message(*id);
        }
        let marks = self.own_marks(node);
        let id = MessageId::at(self.messages.len());
        self.messages.push(Message {
            contract: ContractId(0),
            name: name.to_owned(),
            named,
            fields: Vec::new(),
            schema: None,
            proto: None,
            marks,
            site: node.site(),
        });
        self.known.insert(node.id(), id);
        self.pending.push_back((id, node.clone()));
        Shape::Message(id)
    }

    /// Reads the fields of every message that has none yet, and of those that are met on the way.
    pub(super) fn finish_messages(&mut self) {
        while let Some((id, node)) = self.pending.pop_front() {
            let Some(name) = self.messages.get(id.index()).map(|message| message.name.clone()) else { continue };
            let (fields, marks) = self.fields(&node, &name);
            if let Some(message) = self.messages.get_mut(id.index()) {
                message.fields = fields;
                crate::contract::marks::merge(&mut message.marks, marks);
            }
        }
    }

    /// Makes the names of messages unique: the first keeps its name, others get their place.
    pub(super) fn make_names_unique(&mut self) {
        let mut taken = BTreeSet::new();
        for (id, at) in self.known.iter().map(|(id, at)| (at, id)).collect::<BTreeMap<_, _>>() {
            let Some(message) = self.messages.get_mut(id.index()) else { continue };
            if !taken.insert(message.name.clone()) {
                let path = &self.context.library.sources().get(at.file).path;
                message.name = format!("{} ({path}#{})", message.name, self.context.library.at(at).pointer());
            }
        }
    }
}
