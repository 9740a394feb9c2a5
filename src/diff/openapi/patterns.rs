//! Regular expressions of contracts.
//!
//! They are ECMA-262 expressions, most of which mean the same here. One that does not compile is unknown.

use std::cell::RefCell;

use regex_automata::meta::Regex;
use rustc_hash::FxHashMap;

/// Expressions that were compiled, by their text.
#[derive(Debug, Default)]
pub(super) struct Patterns(RefCell<FxHashMap<String, Option<Regex>>>);

/// Memory that one expression may take.
const MAX_BYTES: usize = 1 << 20;

impl Patterns {
    /// Whether a text has a match; `None` if nobody can tell.
    pub(super) fn matches(&self, pattern: &str, text: &str) -> Option<bool> {
        let mut known = self.0.borrow_mut();
        if !known.contains_key(pattern) {
            let limits = Regex::config().nfa_size_limit(Some(MAX_BYTES));
            let compiled = Regex::builder().configure(limits).build(pattern).ok();
            known.insert(pattern.to_owned(), compiled);
        }
        known.get(pattern)?.as_ref().map(|regex| regex.is_match(text))
    }
}
