//! What a change does to one use of a protobuf contract: that depends on the form of data that the
//! consumer speaks.
//!
//! A call of an rpc is binary, a call of its HTTP binding is JSON. Who has a client that was generated
//! from the contract builds it anew some day.

use crate::model::change::Breaks;
use crate::model::contract::{Catalog, ContractKind, Protocol};
use crate::model::map::{Confidence, Edge};

/// How bad it is for one use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Harm {
    /// It goes on as before.
    None,
    /// It cannot be told which form it speaks.
    Unknown,
    /// It has to be changed when its code is generated anew, and works until then.
    Build,
    /// It breaks while it runs.
    Run,
}

/// What a change that breaks these forms does to a use.
pub(super) fn harm(catalog: &Catalog, edge: &Edge, breaks: Breaks) -> Harm {
    let operation = edge.operation.and_then(|id| catalog.operations.get(id.index()));
    let contract = match (operation, edge.field) {
        (Some(operation), _) => operation.contract,
        (None, Some(field)) => catalog.message(field.message).contract,
        (None, None) => return Harm::Run,
    };
    if catalog.contract(contract).kind != ContractKind::Protobuf {
        return Harm::Run;
    }
    let is_http = operation.is_some_and(|operation| matches!(operation.protocol, Protocol::Http { .. }));
    if is_http {
        return if breaks.json { Harm::Run } else { Harm::None };
    }
    // An rpc can be called with JSON too (Connect), though not through a generated gRPC client.
    let may_be_json = edge.confidence < Confidence::Certain;
    match breaks {
        Breaks { wire: true, .. } => Harm::Run,
        Breaks { source: true, .. } => Harm::Build,
        Breaks { json: true, .. } if may_be_json => Harm::Unknown,
        _ => Harm::None,
    }
}
