//! Where a call is reported: the innermost place at which its target is written.

use super::Interp;
use crate::model::ir::Module;
use crate::model::source::Span;
use crate::model::usage::{FieldName, Location};

impl Interp<'_> {
    /// The place of a call that is sent at `sent`, with its target written at `written`; and the
    /// sending place, if that is another one. A helper that takes the path as a parameter is placed at
    /// its caller, the function that knows what is called.
    pub(super) fn placed(&self, sent: Span, written: Option<Span>) -> (Location, Option<Span>) {
        let last = self.frames.len() - 1;
        let knows = |at: &usize| written.is_some_and(|written| self.frames[*at].span.contains(written));
        let (frame, at) = match (0..last).rev().find(knows) {
            Some(caller) if !knows(&last) => (caller, Some(self.frames[caller + 1].site)),
            _ => (last, None),
        };
        // Who calls a function of a generated client calls its operation.
        let user = (0..frame).rev().find(|at| !self.frames[*at].module.generated_client);
        if let (true, Some(user)) = (self.frames[frame].module.generated_client, user) {
            return (self.location_in(user, self.frames[user + 1].site), Some(sent));
        }
        // What a generated client leaves to a runtime that does not say that it is generated.
        if at.is_none() && !knows(&last) && self.has_generated_clients {
            let client = (0..last).rev().find(|at| self.frames[*at].module.generated_client);
            let user = client.and_then(|at| (0..at).rev().find(|at| !self.frames[*at].module.generated_client));
            if let Some(user) = user {
                return (self.location_in(user, self.frames[user + 1].site), Some(sent));
            }
        }
        match at {
            Some(site) => (self.location_in(frame, site), Some(sent)),
            None => (self.location(sent), None),
        }
    }

    /// Where code by hand uses something that stands at a place; nowhere where a generated client does so for
    /// itself. A field that an accessor of its message gives is used by who calls that.
    pub(super) fn used_at(&self, span: Span, field: Option<&FieldName>) -> Option<Location> {
        let last = self.frames.len().checked_sub(1)?;
        if !self.has_generated_clients {
            return Some(self.location(span));
        }
        let by_hand = |at: usize| !self.frames[at].module.generated_client;
        match self.frames.iter().rposition(|frame| frame.module.file == span.file) {
            Some(home) if by_hand(home) => Some(self.location_in(home, span)),
            Some(home) => {
                let user = last.checked_sub(1).filter(|user| home == last && by_hand(*user))?;
                let is_accessor = is_accessor(self.frames[last].symbol.name(), field?);
                is_accessor.then(|| self.location_in(user, self.frames[last].site))
            }
            None => Some(self.location_in((0..=last).rev().find(|at| by_hand(*at))?, span)),
        }
    }

    /// Where something is written: what a generated client sets, its user does.
    pub(super) fn by_hand(&self, span: Span) -> Span {
        if !self.frame().module.generated_client {
            return span;
        }
        let user = self.frames.iter().rposition(|frame| !frame.module.generated_client);
        user.and_then(|user| self.frames.get(user + 1)).map_or(span, |called| called.site)
    }

    /// Where code that is written by hand calls into a generated client, if that is running or called now: what
    /// it sends is told apart by that.
    pub(super) fn client_site(&self, called: &Module, site: Span) -> Option<Span> {
        if !self.has_generated_clients {
            return None;
        }
        let running = self.frames.iter().find(|frame| frame.module.generated_client).map(|frame| frame.site);
        running.or_else(|| called.generated_client.then_some(site))
    }
}

/// Whether a function is named after a field, as what gives it: `name`, `GetName`, `get_name`, `GetNameOk`.
fn is_accessor(function: &str, field: &FieldName) -> bool {
    let plain = |name: &str| name.replace('_', "").to_ascii_lowercase();
    let (function, field) = (plain(function), plain(&field.source));
    let rest = function.strip_prefix("get").unwrap_or(&function);
    rest == field || rest.strip_suffix("ok") == Some(&field)
}
