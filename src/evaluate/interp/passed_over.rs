//! Ways that what is known rules out wherever a function is called. The code is there nevertheless: it is followed
//! for its own sake, as what nobody calls.

use std::collections::{BTreeMap, BTreeSet};

use super::Interp;
use crate::evaluate::library::Setting;
use crate::evaluate::program::FuncId;
use crate::evaluate::value::Text;
use crate::model::ir::Block;
use crate::model::source::Span;
use crate::model::usage::CallId;

/// Blocks of code by where they are kept, which is the same place as long as the program is.
#[derive(Default)]
pub(super) struct Ways {
    /// Those that were ruled out somewhere, with the function that they stand in.
    out: BTreeMap<*const Block, FuncId>,
    /// Those that were not, somewhere.
    open: BTreeSet<*const Block>,
}

impl<'a> Interp<'a> {
    /// A way is ruled out, as far as the function is followed here.
    pub(super) fn pass_over(&mut self, way: &'a Block) {
        if let (Some(func), 0) = (self.frame().func, self.quiet) {
            self.ways.out.insert(way, func);
        }
    }

    /// A way is followed that could have been ruled out.
    pub(super) fn take_way(&mut self, way: &'a Block) {
        if self.quiet == 0 {
            self.ways.open.insert(way);
        }
    }

    /// Follows, for their own sake, functions with a way that was ruled out wherever they were followed.
    pub(super) fn enter_passed_over(&mut self) {
        let ways = std::mem::take(&mut self.ways);
        let untaken = ways.out.into_iter().filter(|(way, _)| !ways.open.contains(way));
        let functions: BTreeSet<FuncId> = untaken.map(|(_, func)| func).collect();
        if functions.is_empty() {
            return;
        }
        let before = self.live.clone();
        functions.iter().for_each(|func| self.enter_root(*func));
        // What is sent from where something else was sent for somebody is what nobody asks for; so is what is sent to
        // where a caller says.
        let place = |id: &CallId| self.requests.get(id.0 as usize).map(|sent| sent.at.unwrap_or(sent.location.span));
        let places: BTreeSet<Option<Span>> = before.iter().map(place).collect();
        let says = |id: &CallId| functions.iter().any(|func| self.is_all_said_in(*id, self.program.func(*func).span));
        let is_asked = |id: &CallId| before.contains(id) || !places.contains(&place(id)) && says(id);
        let live = self.live.iter().copied().filter(is_asked).collect();
        self.live = live;
    }

    /// Whether a call is made, and its URL written, in one piece of code.
    fn is_all_said_in(&self, call: CallId, code: Span) -> bool {
        let Some(sent) = self.requests.get(call.0 as usize) else { return false };
        let url = sent.request.and_then(|request| self.objects.setting(request, Setting::Url));
        let written = |text: &Text| text.written.is_some_and(|written| code.contains(written));
        code.contains(sent.location.span) && url.is_none_or(|url| url.value.texts().iter().all(written))
    }
}
