//! What has a name and a number: fields and enumeration values. Which of the new ones is each of the old ones?
//!
//! What kept both is itself. From any other, its number leads to the name that has the number now; if that is an old
//! name too, its old number leads on, and so forth: a path, or a circle. Where the first name is gone and the last
//! one is new, numbers stayed and names were changed. Everywhere else names stayed and were given other numbers:
//! two that were swapped, or all behind one that was put in between or taken out.

use std::collections::BTreeMap;

/// A number, if it has one, and a name.
pub(super) type Named<'a> = (Option<i64>, &'a str);

/// For each old one the new one that continues it; no new one continues two. Where a single name stands under a new
/// number, and its number under a new name, both may be meant: `is_alike` says whether two are made the same.
pub(super) fn partners(
    old: &[Named<'_>],
    new: &[Named<'_>],
    is_alike: &dyn Fn(usize, usize) -> bool,
) -> Vec<Option<usize>> {
    if old == new {
        return (0..old.len()).map(Some).collect();
    }
    let kept = first(0..new.len(), |at| Some(new[at]));
    let mut taken = vec![false; new.len()];
    // Of two that are equal the second has no partner.
    let claim = |one: &Named<'_>| kept.get(one).copied().filter(|at| !std::mem::replace(&mut taken[*at], true));
    let mut partners: Vec<Option<usize>> = old.iter().map(claim).collect();
    let open: Vec<usize> = (0..old.len()).filter(|at| partners[*at].is_none()).collect();
    let free: Vec<usize> = (0..new.len()).filter(|at| !taken[*at]).collect();
    let links = Links::new((old, &open), (new, &free));
    let mut is_done = vec![false; old.len()];
    for at in open {
        if is_done[at] {
            continue;
        }
        let path = links.path(at);
        let keeps_numbers = links.keeps_numbers(&path, is_alike);
        for member in path {
            is_done[member] = true;
            let found = if keeps_numbers { links.by_number[member] } else { links.by_name[member] };
            partners[member] = found.filter(|at| !std::mem::replace(&mut taken[*at], true));
        }
    }
    partners
}

/// The first index of each key.
fn first<K: Ord>(indices: impl Iterator<Item = usize>, key: impl Fn(usize) -> Option<K>) -> BTreeMap<K, usize> {
    let mut found = BTreeMap::new();
    for at in indices {
        if let Some(key) = key(at) {
            found.entry(key).or_insert(at);
        }
    }
    found
}

/// By old index. Only what did not keep both name and number takes part.
struct Links {
    /// The new one of the same name.
    by_name: Vec<Option<usize>>,
    /// The new one of the same number.
    by_number: Vec<Option<usize>>,
    /// The old one whose name the number has now.
    next: Vec<Option<usize>>,
    /// The old one whose number the name has now.
    previous: Vec<Option<usize>>,
}

impl Links {
    fn new((old, open): (&[Named<'_>], &[usize]), (new, free): (&[Named<'_>], &[usize])) -> Self {
        let new_names = first(free.iter().copied(), |at| Some(new[at].1));
        let new_numbers = first(free.iter().copied(), |at| new[at].0);
        let old_names = first(open.iter().copied(), |at| Some(old[at].1));
        let old_numbers = first(open.iter().copied(), |at| old[at].0);
        let mut links = Self {
            by_name: vec![None; old.len()],
            by_number: vec![None; old.len()],
            next: vec![None; old.len()],
            previous: vec![None; old.len()],
        };
        for at in old_names.values().copied() {
            links.by_name[at] = new_names.get(old[at].1).copied();
        }
        for (number, at) in old_numbers {
            links.by_number[at] = new_numbers.get(&number).copied();
            let next = links.by_number[at].and_then(|to| old_names.get(new[to].1).copied());
            // Nothing is led to twice, or paths would not end.
            if let Some(next) = next.filter(|next| links.previous[*next].is_none()) {
                links.next[at] = Some(next);
                links.previous[next] = Some(at);
            }
        }
        links
    }

    /// All that hang together with one, from the first to the last; of a circle from anywhere.
    fn path(&self, at: usize) -> Vec<usize> {
        let mut start = at;
        while let Some(previous) = self.previous[start].filter(|previous| *previous != at) {
            start = previous;
        }
        let follow = |at: &usize| self.next[*at].filter(|next| *next != start);
        std::iter::successors(Some(start), follow).collect()
    }

    fn keeps_numbers(&self, path: &[usize], is_alike: &dyn Fn(usize, usize) -> bool) -> bool {
        let (Some(start), Some(end)) = (path.first().copied(), path.last().copied()) else { return false };
        let last_is_new = self.by_number[end].is_some() && self.next[end].is_none();
        let first_is_gone = self.by_name[start].is_none();
        let is = |to: Option<usize>| to.is_some_and(|to| is_alike(start, to));
        last_is_new && (first_is_gone || (start == end && (is(self.by_number[start]) || !is(self.by_name[start]))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `a1 b2` stands for `a = 1; b = 2;`. A type may follow: `a1:x`.
    fn read(text: &str) -> Vec<(Named<'_>, &str)> {
        let one = |word| {
            let (field, kind): (&str, &str) = str::split_once(word, ':').unwrap_or((word, ""));
            let (name, number) = field.split_at(1);
            ((number.parse().ok(), name), kind)
        };
        text.split_whitespace().map(one).collect()
    }

    fn paired(old: &str, new: &str) -> String {
        let (old, new) = (read(old), read(new));
        let old_named: Vec<Named<'_>> = old.iter().map(|(named, _)| *named).collect();
        let new_named: Vec<Named<'_>> = new.iter().map(|(named, _)| *named).collect();
        let found = partners(&old_named, &new_named, &|a, b| old[a].1 == new[b].1);
        let shown = |partner: &Option<usize>| match partner {
            Some(at) => format!("{}{}", new[*at].0.1, new[*at].0.0.unwrap_or_default()),
            None => "-".to_owned(),
        };
        found.iter().map(shown).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn names_and_numbers_tell_what_became_of_each() {
        for (old, new, expected, why) in [
            ("a1 b2", "b2 a1", "a1 b2", "another order"),
            ("a1 b2", "c1 b2", "c1 b2", "a name"),
            ("a1 b2", "a3 b2", "a3 b2", "a number"),
            ("a1 b2", "b2", "- b2", "removed"),
            ("a1 b2", "b1 a2", "a2 b1", "swapped"),
            ("a1 b2 c3", "b1 c2 a3", "a3 b1 c2", "round and round"),
            ("a1 b2", "c1 a2 b3", "a2 b3", "one was put in front"),
            ("a1 b2 c3", "b1 c2", "- b1 c2", "the first was taken out"),
            ("a1 b2", "b1 c2", "b1 c2", "two names"),
            ("a1", "c1 a5", "c1", "an old field was given another name, and its name to a new one"),
            ("a1:x", "c1:y a5:x", "a5", "one was put in front of a single one"),
            ("a b", "b c", "- b0", "without numbers names tell"),
            ("a1 b1", "a1 b1 c1", "a1 b1", "two names of one number"),
            ("a1 b1 c2", "a1 d1 c2", "a1 d1 c2", "one of two names"),
        ] {
            assert_eq!(paired(old, new), expected, "{why}: {old} -> {new}");
        }
    }
}
