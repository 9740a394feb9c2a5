//! Servers: the URLs that a contract is reached at.

use super::library::Node;
use super::piece::{self, Keywords};
use super::reader::Reader;

const SERVER: Keywords = Keywords { required: &["url"], optional: &[] };

/// URLs that the variables of one server may make.
const MAX_URLS: usize = 32;

impl<'a> Reader<'a> {
    /// The servers that a document, a path or an operation lists: each as written, and behind it the
    /// URLs that the values of its variables make of it.
    pub(super) fn servers_of(&mut self, owner: &Node<'a>) -> Vec<String> {
        let mut servers = Vec::new();
        let Some(list) = self.part(owner, "servers") else { return servers };
        if !list.is_array() {
            self.lost(&list, "`servers` must be a list");
            return servers;
        }
        for server in list.items() {
            let piece = piece::read::<openapiv3::Server>(&server, SERVER, &[], &mut self.problems);
            let Some(url) = piece.map(|piece| piece.url) else { continue };
            let filled = substituted(&url, &server);
            servers.push(url);
            servers.extend(filled);
        }
        servers
    }

    /// Adds servers to those of the contract, which has one list for all levels: it serves to tell
    /// which hosts the contract is reached at.
    pub(super) fn add_servers(&mut self, servers: &[String]) {
        for url in servers {
            if !self.servers.contains(url) {
                self.servers.push(url.clone());
            }
        }
    }
}

/// The URLs of a template for every combination of what its variables may be: the values of `enum`,
/// else the default. None if it has no variables, and no more than a few.
fn substituted(url: &str, server: &Node<'_>) -> Vec<String> {
    let mut urls = vec![url.to_owned()];
    for (name, variable) in server.get("variables").into_iter().flat_map(|variables| variables.members()) {
        let hole = format!("{{{name}}}");
        if !url.contains(&hole) {
            continue;
        }
        let listed: Vec<&str> =
            variable.get("enum").into_iter().flat_map(|list| list.items()).filter_map(|item| item.written()).collect();
        let default = variable.get("default").and_then(|value| value.written());
        let values: Vec<&str> = if listed.is_empty() { default.into_iter().collect() } else { listed };
        if values.is_empty() || values.len().saturating_mul(urls.len()) > MAX_URLS {
            continue;
        }
        urls = urls.iter().flat_map(|url| values.iter().map(|value| url.replace(&hole, value))).collect();
    }
    urls.retain(|filled| filled != url);
    urls
}
