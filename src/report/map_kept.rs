//! What services log, cache, store and send on, as rows of the map.

use serde::Serialize;

use super::map_json::{PlaceRow, place_row};
use super::uses;
use super::view::is_test;
use crate::model::analysis::Analysis;
use crate::model::map::{Content, Kept};

/// Data of a contract that a service does something with beside answering it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct KeptRow<'a> {
    #[serde(flatten)]
    place: PlaceRow<'a>,
    kind: &'static str,
    into: Option<&'a str>,
    /// The operation that it came with.
    operation: Option<&'a str>,
    /// The operation that it is sent to.
    to: Option<&'a str>,
    declared_field: Option<String>,
    /// The whole message, where that is kept.
    message: Option<&'a str>,
    derived: bool,
    expires: Option<bool>,
    confidence: &'static str,
    test: bool,
}

pub(super) fn kept_row<'a>(analysis: &'a Analysis, kept: &'a Kept) -> KeptRow<'a> {
    let head = &analysis.head;
    let key = |id: crate::model::contract::OperationId| head.operations.get(id.index()).map(|it| it.key.as_str());
    let (declared_field, message) = match kept.what {
        Content::Field(field) => (uses::declared_name(head, field), None),
        Content::Message(message) => (None, head.messages.get(message.index()).map(|it| it.name.as_str())),
    };
    KeptRow {
        place: place_row(analysis, &kept.location),
        kind: kept.kind.name(),
        into: Some(kept.into.as_str()).filter(|into| !into.is_empty()),
        operation: kept.operation.and_then(key),
        to: kept.to.and_then(key),
        declared_field,
        message,
        derived: kept.derived,
        expires: kept.expires,
        confidence: kept.confidence.name(),
        test: is_test(analysis, &kept.location),
    }
}
