//! What tests of retries share.

mod follow;

use contract_lint::model::usage::Bound;

pub(crate) use follow::follow;

/// A bound as the examples write it.
pub(crate) fn shown_bound(bound: &Bound) -> String {
    match bound {
        Bound::Attempts(Some(count)) => format!("attempts {count}"),
        Bound::Attempts(None) => "attempts".to_owned(),
        Bound::Elapsed => "elapsed".to_owned(),
        Bound::Cancellation => "cancellation".to_owned(),
        Bound::Unbounded => "unbounded".to_owned(),
        Bound::Unknown(_) => "unknown".to_owned(),
    }
}
