//! Service configurations (`type: google.api.Service`): YAML files that bind rpcs to HTTP from
//! outside of their `.proto` files.
//!
//! Source: `google/api/service.proto` and `google/api/http.proto`.

use serde_json::Value as Json;

use super::http::{self, HttpRules};
use crate::model::source::{FileId, FileKind, Revision, Site, Sources};

/// The type that such a file names in its first keys.
const TYPE: &str = "google.api.Service";

/// The HTTP rules of all service configurations of a revision, by the full name of the rpc. Of two
/// rules for one rpc the last one counts.
pub(super) fn read(sources: &Sources, revision: Revision) -> HttpRules {
    let mut rules = HttpRules::new();
    let files = sources.iter().filter(|(_, file)| file.revision == revision && file.kind == FileKind::Yaml);
    for (id, file) in files.filter(|(_, file)| file.text.contains(TYPE)) {
        // Whether it is YAML at all is the business of those who read YAML contracts.
        if let Ok(document) = serde_yaml::from_str::<Json>(&file.text) {
            add(&mut rules, id, &document);
        }
    }
    rules
}

fn add(rules: &mut HttpRules, file: FileId, document: &Json) {
    if document.get("type").and_then(Json::as_str) != Some(TYPE) {
        return;
    }
    let listed = document.pointer("/http/rules").and_then(Json::as_array);
    for (at, rule) in listed.into_iter().flatten().enumerate() {
        let Some(selector) = rule.get("selector").and_then(Json::as_str) else { continue };
        let site = Site::Pointer { file, pointer: format!("/http/rules/{at}").into() };
        rules.insert(selector.to_owned(), http::rules(rule, &site));
    }
}
