//! Names of marks, found without making a new text for each key that is asked for.

use super::Entry;

/// Names longer than this share one bit of the gate.
const LONGEST: usize = 63;

/// Entries by name. Case, `-`, `_` and the parentheses of options make no difference.
#[derive(Clone, Debug)]
pub(super) struct Names {
    /// Sorted by their folded names.
    entries: Vec<(String, Vec<Entry>)>,
    /// By the first byte of a folded name, which lengths there are: most keys end here.
    lengths: [u64; 256],
}

impl Default for Names {
    fn default() -> Self {
        Self { entries: Vec::new(), lengths: [0; 256] }
    }
}

impl Names {
    /// The entries of a name, to add to; made if there are none yet.
    pub(super) fn entry(&mut self, name: &str) -> &mut Vec<Entry> {
        let folded: Vec<u8> = folded(name).collect();
        if let Some(first) = folded.first() {
            self.lengths[usize::from(*first)] |= 1 << folded.len().min(LONGEST);
        }
        let name = String::from_utf8_lossy(&folded).into_owned();
        let at = match self.entries.binary_search_by(|(known, _)| known.cmp(&name)) {
            Ok(at) => at,
            Err(at) => {
                self.entries.insert(at, (name, Vec::new()));
                at
            }
        };
        &mut self.entries[at].1
    }

    /// The entries of a name.
    pub(super) fn get(&self, name: &str) -> &[Entry] {
        let Some(first) = folded(name).next() else { return &[] };
        let lengths = self.lengths[usize::from(first)];
        if lengths == 0 || lengths & (1 << folded(name).count().min(LONGEST)) == 0 {
            return &[];
        }
        self.find(|known| known.bytes().cmp(folded(name)))
    }

    /// The entries of a name that is written as a path: `["x-github", "removalDate"]`.
    pub(super) fn at(&self, path: &[&str]) -> &[Entry] {
        self.find(|known| known.bytes().cmp(joined(path)))
    }

    /// Whether a name goes on behind this path.
    pub(super) fn go_on(&self, path: &[&str]) -> bool {
        let below = || joined(path).chain(std::iter::once(b'.'));
        let at = self.entries.partition_point(|(known, _)| known.bytes().lt(below()));
        self.entries.get(at).is_some_and(|(known, _)| below().eq(known.bytes().take(below().count())))
    }

    fn find(&self, order: impl Fn(&str) -> std::cmp::Ordering) -> &[Entry] {
        let found = self.entries.binary_search_by(|(known, _)| order(known));
        found.ok().and_then(|at| self.entries.get(at)).map_or(&[], |(_, entries)| entries)
    }
}

/// The bytes of a name that make a difference.
fn folded(name: &str) -> impl Iterator<Item = u8> {
    let bytes = name.trim().trim_start_matches(['(', '.']).bytes();
    bytes.filter(|byte| !matches!(byte, b'-' | b'_' | b'(' | b')')).map(|byte| byte.to_ascii_lowercase())
}

fn joined(path: &[&str]) -> impl Iterator<Item = u8> {
    path.iter().enumerate().flat_map(|(at, name)| (at > 0).then_some(b'.').into_iter().chain(folded(name)))
}
