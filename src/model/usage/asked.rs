//! What a service sends on of what it was asked for.

use std::sync::Arc;

use super::CallId;
use crate::model::ir::Symbol;

/// A value in the path or the query of a call that the caller of a handler chose, and that no code compares with
/// anything, or hands to what checks it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Asked {
    /// The call.
    pub call: CallId,
    /// The query parameter that it is sent as; none: it stands somewhere in the URL.
    pub parameter: Option<String>,
    /// The handler that was asked, see [`Handler::function`](super::Handler::function).
    pub handler: Symbol,
    /// What the value is called in what the handler was asked.
    pub name: Arc<str>,
}
