//! Where a call is reported: the innermost place at which its target is written.

use super::Interp;
use crate::model::source::Span;
use crate::model::usage::Location;

impl Interp<'_> {
    /// The place of a call that is sent at `sent`, with its target written at `written`; and the
    /// sending place, if that is another one. A helper that takes the path as a parameter is placed at
    /// its caller, the function that knows what is called.
    pub(super) fn placed(&self, sent: Span, written: Option<Span>) -> (Location, Option<Span>) {
        let last = self.frames.len() - 1;
        let knows = |at: &usize| written.is_some_and(|written| self.frames[*at].span.contains(written));
        match (0..last).rev().find(knows) {
            Some(caller) if !knows(&last) => (self.location_in(caller, self.frames[caller + 1].site), Some(sent)),
            _ => (self.location(sent), None),
        }
    }
}
