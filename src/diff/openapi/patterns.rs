//! Regular expressions of contracts.
//!
//! They are ECMA-262 expressions (JSON Schema 2020-12, core 6.4). What means something else in the syntax at hand is
//! rewritten; an expression that does not compile even then, as those that look ahead, is unknown. Which of two
//! expressions takes more is read off their automata, walked side by side: the first text that one takes and the
//! other refuses is a witness, and if there is none, one includes the other.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;

use regex_automata::dfa::{Automaton, StartKind, dense};
use regex_automata::meta::Regex;
use regex_automata::nfa::thompson;
use regex_automata::util::primitives::StateID;
use regex_automata::{Anchored, Input};
use rustc_hash::FxHashMap;

/// Expressions that were compiled, by their text.
#[derive(Debug, Default)]
pub(super) struct Patterns {
    searched: RefCell<FxHashMap<String, Option<Regex>>>,
    walked: RefCell<FxHashMap<String, Option<Rc<Dfa>>>>,
}

type Dfa = dense::DFA<Vec<u32>>;

/// Memory that one expression may take.
const MAX_BYTES: usize = 1 << 20;

/// Pairs of states that one comparison looks at before it gives up.
const MAX_STATES: usize = 20_000;

/// Texts that tell two expressions apart; neither, if they take the same.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Apart {
    /// The first one takes it, the second does not.
    pub(super) first_only: Option<String>,
    /// The second one takes it, the first does not.
    pub(super) second_only: Option<String>,
}

impl Patterns {
    /// Whether a text has a match; `None` if nobody can tell.
    pub(super) fn matches(&self, pattern: &str, text: &str) -> Option<bool> {
        let mut known = self.searched.borrow_mut();
        if !known.contains_key(pattern) {
            let limits = Regex::config().nfa_size_limit(Some(MAX_BYTES));
            let compiled = Regex::builder().configure(limits).build(&rewritten(pattern)).ok();
            known.insert(pattern.to_owned(), compiled);
        }
        known.get(pattern)?.as_ref().map(|regex| regex.is_match(text))
    }

    /// What tells two expressions apart; `None` if nobody can tell.
    pub(super) fn apart(&self, first: &str, second: &str) -> Option<Apart> {
        let any = self.dfa("^(?s:.*)$")?;
        Walk { dfas: [self.dfa(&rewritten(first))?, self.dfa(&rewritten(second))?, any] }.apart()
    }

    fn dfa(&self, pattern: &str) -> Option<Rc<Dfa>> {
        let mut known = self.walked.borrow_mut();
        let compiled = known.entry(pattern.to_owned()).or_insert_with(|| {
            let config = dense::Config::new()
                .start_kind(StartKind::Unanchored)
                .dfa_size_limit(Some(4 * MAX_BYTES))
                .determinize_size_limit(Some(4 * MAX_BYTES));
            let nfa = thompson::Config::new().nfa_size_limit(Some(MAX_BYTES));
            dense::Builder::new().configure(config).thompson(nfa).build(pattern).ok().map(Rc::new)
        });
        compiled.clone()
    }
}

/// Two expressions and the one that takes every text, so that only texts are tried.
struct Walk {
    dfas: [Rc<Dfa>; 3],
}

/// Where each of them is; none once it has found a match.
type Stand = [Option<StateID>; 3];

impl Walk {
    fn apart(&self) -> Option<Apart> {
        let letters = self.letters();
        let start: Stand = [self.start(0)?, self.start(1)?, self.start(2)?].map(Some);
        let mut seen: FxHashMap<Stand, usize> = FxHashMap::default();
        // By place in the order of discovery: where it was reached from, and by which byte.
        let mut ways: Vec<(usize, u8)> = vec![(0, 0)];
        seen.insert(start, 0);
        let mut open = VecDeque::from([(0, start)]);
        let mut apart = Apart::default();
        while let Some((at, stand)) = open.pop_front() {
            if let [first, second, true] = self.answers(stand)
                && first != second
            {
                let found = if first { &mut apart.first_only } else { &mut apart.second_only };
                if found.is_none() {
                    *found = text(&ways, at);
                }
            }
            if apart.first_only.is_some() && apart.second_only.is_some() {
                break;
            }
            for byte in &letters {
                let Some(next) = self.step(stand, *byte) else { continue };
                if seen.contains_key(&next) {
                    continue;
                }
                if seen.len() == MAX_STATES {
                    return None;
                }
                seen.insert(next, ways.len());
                open.push_back((ways.len(), next));
                ways.push((at, *byte));
            }
        }
        Some(apart)
    }

    /// One byte of each kind that none of the expressions tells apart; readable ones where there are such.
    fn letters(&self) -> Vec<u8> {
        let readable = (b'a'..=b'z').chain(b'0'..=b'9').chain(b'A'..=b'Z').chain(b' '..=b'~');
        let mut kinds = Vec::new();
        let mut letters = Vec::new();
        for byte in readable.chain(0..=u8::MAX) {
            let kind = [0, 1, 2].map(|at| self.dfas[at].byte_classes().get(byte));
            if !kinds.contains(&kind) {
                kinds.push(kind);
                letters.push(byte);
            }
        }
        letters
    }

    fn start(&self, at: usize) -> Option<StateID> {
        self.dfas[at].start_state_forward(&Input::new("").anchored(Anchored::No)).ok()
    }

    /// Where a byte leads; none if no text begins so.
    fn step(&self, stand: Stand, byte: u8) -> Option<Stand> {
        let mut next = stand;
        for (state, dfa) in next.iter_mut().zip(&self.dfas) {
            // A state says of the text before it whether it matched.
            *state = state.map(|state| dfa.next_state(state, byte)).filter(|state| !dfa.is_match_state(*state));
        }
        let is_text = next[2].is_some_and(|state| !self.dfas[2].is_dead_state(state));
        is_text.then_some(next)
    }

    /// Whether each has a match if the text ends here.
    fn answers(&self, stand: Stand) -> [bool; 3] {
        [0, 1, 2].map(|at| {
            stand[at].is_none_or(|state| {
                let dfa = &self.dfas[at];
                dfa.is_match_state(dfa.next_eoi_state(state))
            })
        })
    }
}

/// The text by which a state was reached.
fn text(ways: &[(usize, u8)], mut at: usize) -> Option<String> {
    let mut bytes = Vec::new();
    while at != 0 {
        let (from, byte) = *ways.get(at)?;
        bytes.push(byte);
        at = from;
    }
    bytes.reverse();
    String::from_utf8(bytes).ok()
}

/// An expression of ECMA-262 in the syntax at hand: there `\d`, `\w` and `\b` know letters of all scripts, and a class
/// may hold another class.
fn rewritten(pattern: &str) -> String {
    let mut text = String::with_capacity(pattern.len());
    let mut letters = pattern.chars().peekable();
    let mut in_class = false;
    while let Some(letter) = letters.next() {
        match (letter, in_class) {
            ('\\', _) => {
                let escaped = letters.next();
                match (escaped, in_class) {
                    (Some('d'), false) => text.push_str("[0-9]"),
                    (Some('D'), false) => text.push_str("[^0-9]"),
                    (Some('w'), false) => text.push_str("[A-Za-z0-9_]"),
                    (Some('W'), false) => text.push_str("[^A-Za-z0-9_]"),
                    (Some('b'), false) => text.push_str(r"(?-u:\b)"),
                    (Some('d'), true) => text.push_str("0-9"),
                    (Some('w'), true) => text.push_str("A-Za-z0-9_"),
                    (other, _) => {
                        text.push('\\');
                        text.extend(other);
                    }
                }
            }
            ('[', false) => {
                in_class = true;
                text.push('[');
                text.extend(letters.next_if_eq(&'^'));
                // `[]` is the empty class there, and here the beginning of one with a bracket in it.
                if letters.next_if_eq(&']').is_some() {
                    let everything = text.pop() == Some('^');
                    if everything {
                        text.pop();
                    }
                    text.push_str(if everything { "(?s:.)" } else { "[^\\x00-\\x{10FFFF}]" });
                    in_class = false;
                }
            }
            ('[' | '&' | '~', true) => {
                text.push('\\');
                text.push(letter);
            }
            (']', true) => {
                in_class = false;
                text.push(']');
            }
            _ => text.push(letter),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn apart(first: &str, second: &str) -> Option<(Option<String>, Option<String>)> {
        let apart = Patterns::default().apart(first, second)?;
        Some((apart.first_only, apart.second_only))
    }

    fn told(first: &str, second: &str) -> (bool, bool) {
        let (first_only, second_only) = apart(first, second).unwrap();
        let patterns = Patterns::default();
        for (text, (yes, no)) in [(&first_only, (first, second)), (&second_only, (second, first))] {
            if let Some(text) = text {
                assert_eq!(patterns.matches(yes, text), Some(true), "{yes} {text}");
                assert_eq!(patterns.matches(no, text), Some(false), "{no} {text}");
            }
        }
        (first_only.is_some(), second_only.is_some())
    }

    #[test]
    fn one_includes_the_other_or_a_text_tells_them_apart() {
        assert_eq!(apart("^[a-z]+$", "^[a-z0-9]+$"), Some((None, Some("0".into()))));
        assert_eq!(told("^[a-z]+$", "^[a-z]{1,}$"), (false, false));
        assert_eq!(told("^[a-z]+$", "^[0-9]+$"), (true, true));
        assert_eq!(told("a", "^a"), (true, false), "without an anchor it may stand anywhere");
        assert_eq!(told("^a{1,10}$", "^a{1,20}$"), (false, true));
        assert_eq!(told("^.{1,64}$", "^.{0,64}$"), (false, true));
        assert_eq!(told("", "^.*$"), (true, false), "a line break is no dot");
        assert_eq!(told("^(foo|bar)$", "^(bar|foo)$"), (false, false));
        assert_eq!(told(r"^\d+$", "^[0-9]+$"), (false, false));
        assert_eq!(told(r"^[\w.-]+$", r"^[A-Za-z0-9_.\-]+$"), (false, false));
        assert_eq!(told("^ä$", "^a$"), (true, true));
        assert_eq!(told(r"^a\b", r"^a(\W|$)"), (false, false));
    }

    #[test]
    fn what_does_not_compile_is_unknown() {
        assert_eq!(apart("^(?=a)", "a"), None);
        assert_eq!(apart(r"(a)\1", "a"), None);
        assert_eq!(apart("(", "a"), None);
        assert_eq!(Patterns::default().matches("[", "a"), None);
    }

    #[test]
    fn classes_are_those_of_ecma() {
        let patterns = Patterns::default();
        assert_eq!(patterns.matches("^[[]$", "["), Some(true));
        assert_eq!(patterns.matches("^[a&&b]$", "&"), Some(true));
        assert_eq!(patterns.matches("^[]$", ""), Some(false));
        assert_eq!(patterns.matches("^[^]$", "\n"), Some(true));
        assert_eq!(patterns.matches(r"^\d$", "٣"), Some(false));
    }
}
