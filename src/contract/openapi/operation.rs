//! Paths and operations: those that are served, and those that the provider sends (callbacks,
//! webhooks).

use serde_json::json;

use super::annotations;
use super::library::Node;
use super::piece::{self, Keywords};
use super::reader::Reader;
use super::version::Version;
use crate::contract::marks;
use crate::model::contract::{ContractId, Operation, OperationKind, Parameter, Protocol, Stability};

/// Methods of a path item, as it writes them; `query` since 3.2.
const METHODS: &[&str] = &["get", "put", "post", "delete", "options", "head", "patch", "trace", "query"];

/// What else a path item may say.
const BESIDE_METHODS: &[&str] = &["$ref", "summary", "description", "servers", "parameters", "additionalOperations"];

const OPERATION: Keywords = Keywords { required: &[], optional: &["operationId", "tags"] };

/// Callbacks of callbacks that are read.
const MAX_CALLBACKS: usize = 4;

/// What a path item stands under.
#[derive(Clone, Debug)]
struct Owner {
    kind: OperationKind,
    /// What its operations' keys begin with.
    prefix: String,
    /// Callbacks that we are inside of.
    depth: usize,
}

impl Owner {
    /// The key of an operation: unique in its contract.
    fn key(&self, method: &str, path: &str) -> String {
        let between = if path.is_empty() { "" } else { " " };
        format!("{}{method}{between}{path}", self.prefix)
    }
}

impl<'a> Reader<'a> {
    /// Every operation of the document, in order: `paths`, then `webhooks`. Some wrote the latter as an
    /// extension before 3.1 had them.
    pub(super) fn operations(&mut self, root: &Node<'a>) -> Vec<Operation> {
        let mut operations = Vec::new();
        let served = Owner { kind: OperationKind::Served, prefix: String::new(), depth: 0 };
        if let Some(paths) = self.mapping(root, "paths") {
            for (path, item) in paths.members().filter(|(path, _)| !path.starts_with("x-")) {
                if !path.starts_with('/') {
                    self.note(&item, format!("the path `{path}` does not begin with `/`"));
                }
                self.path_item(&served, path, &item, &mut operations);
            }
        }
        for key in ["webhooks", "x-webhooks"] {
            let Some(webhooks) = self.mapping(root, key) else { continue };
            for (name, item) in webhooks.members().filter(|(name, _)| !name.starts_with("x-")) {
                let owner = Owner { kind: OperationKind::Webhook, prefix: format!("webhook {name}: "), depth: 0 };
                self.path_item(&owner, "", &item, &mut operations);
            }
        }
        operations
    }

    /// A method that is misspelt is an operation that nobody reads.
    fn say_unknown_members(&mut self, place: &Node<'a>) {
        let is_known = |key: &str| METHODS.contains(&key) || BESIDE_METHODS.contains(&key) || key.starts_with("x-");
        for (key, node) in place.members().filter(|(key, _)| !is_known(key)) {
            self.note(&node, format!("`{key}` is no method and is not read"));
        }
    }

    /// The operations of a path. What stands beside a reference to a path item wins.
    fn path_item(&mut self, owner: &Owner, path: &str, item: &Node<'a>, operations: &mut Vec<Operation>) {
        if item.is_null() || !self.is_mapping(item, "a path") {
            return;
        }
        let first = operations.len();
        let mut places = vec![item.clone()];
        if item.reference().is_some() {
            places = self.follow(item).into_iter().chain(places).collect();
        }
        for place in places {
            self.say_unknown_members(&place);
            let item = self.shared(owner, path, &place);
            for (method, node) in methods(&place) {
                let Some(body) = self.follow(&node) else { continue };
                if !self.is_mapping(&body, "an operation") {
                    continue;
                }
                let site = node.site();
                let key = owner.key(&method, path);
                if let Some(at) = operations.iter().skip(first).position(|known| known.key == key) {
                    operations.remove(first + at);
                }
                let operation = self.operation(owner, path, &method, &body, &item);
                operations.push(Operation { site, ..operation });
                self.callbacks(owner, &key, &body, operations);
            }
        }
    }

    /// What a path item says for all of its operations.
    fn shared(&mut self, owner: &Owner, path: &str, place: &Node<'a>) -> Item<'a> {
        let servers = self.servers_of(place);
        if owner.kind == OperationKind::Served {
            self.add_servers(&servers);
        }
        let key = if path.is_empty() { owner.prefix.trim_end_matches(": ") } else { path };
        Item { servers, parameters: self.parameters(place, key), node: place.clone() }
    }

    fn operation(&mut self, owner: &Owner, path: &str, method: &str, node: &Node<'a>, item: &Item<'a>) -> Operation {
        let responses = json!({});
        let piece =
            piece::read::<openapiv3::Operation>(node, OPERATION, &[("responses", &responses)], &mut self.problems);
        let (operation_id, tags) = piece.map(|piece| (piece.operation_id, piece.tags)).unwrap_or_default();
        let key = owner.key(method, path);
        let mut servers = self.servers_of(node);
        if owner.kind == OperationKind::Served {
            self.add_servers(&servers);
        }
        if servers.is_empty() {
            servers.clone_from(&item.servers);
        }
        let security = self.security_of(node).or_else(|| self.default_security.clone());
        let parameters = self.all_parameters(node, &key, item, security.as_deref());
        let request = match self.version {
            Version::V2 => self.body_parameters(node, &item.node, &key),
            _ => self.request(node, &key),
        };
        let protocol = Protocol::Http { method: method.to_owned(), path: path.to_owned() };
        let mut marks = self.read_marks(node);
        marks::merge(&mut marks, annotations::of_headers(&parameters));
        Operation {
            kind: owner.kind,
            operation_id,
            tags,
            servers,
            parameters,
            request,
            responses: self.responses(node, &key),
            security,
            stability: self.stability(node),
            marks,
            ..Operation::new(ContractId(0), key, protocol, node.site())
        }
    }

    /// Another word than those that are known promises nothing less than silence does.
    fn stability(&mut self, node: &Node<'a>) -> Stability {
        let Some(level) = node.get("x-stability-level") else { return Stability::Stable };
        let known = level.as_str().and_then(Stability::of);
        if known.is_none() {
            let words = Stability::ALL.map(Stability::name).join(", ");
            self.note(&level, format!("`x-stability-level` is none of {words}"));
        }
        known.unwrap_or_default()
    }

    /// The parameters of an operation: those of its path that it does not write again, its own, and the
    /// identity headers that its security asks for.
    fn all_parameters(
        &mut self,
        node: &Node<'a>,
        key: &str,
        item: &Item<'a>,
        security: Option<&[crate::model::contract::Requirement]>,
    ) -> Vec<Parameter> {
        let mut parameters = self.parameters(node, key);
        let is_own =
            |other: &&Parameter| parameters.iter().any(|own| own.name == other.name && own.place == other.place);
        let inherited: Vec<Parameter> = item.parameters.iter().filter(|other| !is_own(other)).cloned().collect();
        parameters.splice(0..0, inherited);
        for asked in self.asked_identity(security) {
            let is_asked = |own: &&mut Parameter| own.identity && own.name.eq_ignore_ascii_case(&asked.name);
            match parameters.iter_mut().find(is_asked) {
                Some(own) => own.required |= asked.required,
                None => parameters.push(asked),
            }
        }
        parameters
    }

    /// The requests that the provider sends to an address that this operation was given.
    fn callbacks(&mut self, owner: &Owner, key: &str, node: &Node<'a>, operations: &mut Vec<Operation>) {
        let Some(callbacks) = self.mapping(node, "callbacks") else { return };
        if owner.depth >= MAX_CALLBACKS {
            self.note(&callbacks, "callbacks nest too deeply, these are not read");
            return;
        }
        for (name, callback) in callbacks.members().filter(|(name, _)| !name.starts_with("x-")) {
            let Some(callback) = self.follow(&callback) else { continue };
            if !self.is_mapping(&callback, "a callback") {
                continue;
            }
            let prefix = format!("callback {name} of {key}: ");
            let inner = Owner { kind: OperationKind::Callback, prefix, depth: owner.depth + 1 };
            for (address, item) in callback.members().filter(|(address, _)| !address.starts_with("x-")) {
                self.path_item(&inner, address, &item, operations);
            }
        }
    }
}

/// What a path item says for all of its operations.
struct Item<'a> {
    servers: Vec<String>,
    parameters: Vec<Parameter>,
    node: Node<'a>,
}

/// The methods of a path item in upper case, those of `additionalOperations` (3.2) included.
fn methods<'a>(place: &Node<'a>) -> Vec<(String, Node<'a>)> {
    let own = place.members().filter(|(method, _)| METHODS.contains(method));
    let own = own.map(|(method, node)| (method.to_ascii_uppercase(), node));
    let further = place.get("additionalOperations").into_iter().flat_map(|further| further.members());
    own.chain(further.map(|(method, node)| (method.to_owned(), node))).collect()
}
