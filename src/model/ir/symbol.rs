//! Names that mean the same in every file.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::{LazyLock, Mutex, PoisonError};

use indexmap::{Equivalent, IndexSet};
use rustc_hash::FxBuildHasher;

/// A name that means the same in every file: segments joined by `::` in all languages, from the
/// import path, crate, package or namespace on (`net/http::Client::Do`, `reqwest::Client::get`,
/// `requests::Session::get`, `@grpc/grpc-js::Metadata`, `java::net::http::HttpClient::send`). What a
/// module of another package gives by default is that package itself: `axios`. The statements of a
/// file outside all functions are a function called `<module>`.
///
/// Each name is kept once, for as long as the program runs: names are compared, copied and looked up all
/// the time, and most of them stand in many files.
#[derive(Clone)]
pub struct Symbol(&'static Name);

struct Name {
    text: Box<str>,
    /// Of the text; the same on every run.
    hash: u32,
    /// Where the last `::` is, or the length of the text if there is none.
    last: u32,
}

/// All names, by hash. Threads seldom wait for each other where there are several tables.
static NAMES: LazyLock<[Mutex<IndexSet<Symbol, FxBuildHasher>>; 64]> =
    LazyLock::new(|| std::array::from_fn(|_| Mutex::default()));

/// A text, as it is looked up among the names.
struct Sought<'t> {
    text: &'t str,
    hash: u32,
}

impl Hash for Sought<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_u32(self.hash);
    }
}

impl Equivalent<Symbol> for Sought<'_> {
    fn equivalent(&self, symbol: &Symbol) -> bool {
        symbol.0.hash == self.hash && *symbol.0.text == *self.text
    }
}

impl PartialEq for Symbol {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.0, other.0)
    }
}

impl Eq for Symbol {}

impl PartialOrd for Symbol {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Symbol {
    /// By text, so that it is the same on every run.
    fn cmp(&self, other: &Self) -> Ordering {
        if self == other { Ordering::Equal } else { self.0.text.cmp(&other.0.text) }
    }
}

impl Hash for Symbol {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_u32(self.0.hash);
    }
}

impl Symbol {
    /// A symbol from its full text.
    #[must_use]
    pub fn new(text: impl AsRef<str>) -> Self {
        let text = text.as_ref();
        let hash = Self::hash_of(text);
        let table = &NAMES[hash as usize % NAMES.len()];
        // Nothing is left half done where somebody panics.
        let mut names = table.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = names.get(&Sought { text, hash }) {
            return known.clone();
        }
        // Names that come near four gigabytes have no segments and are told apart by their text.
        let last = text.as_bytes().windows(2).rposition(|pair| pair == b"::").unwrap_or(text.len());
        let name = Name { text: text.into(), hash, last: u32::try_from(last).unwrap_or(u32::MAX) };
        let symbol = Self(Box::leak(Box::new(name)));
        names.insert(symbol.clone());
        symbol
    }

    /// The hash of the symbol that has this text; the same on every run.
    #[must_use]
    pub fn hash_of(text: &str) -> u32 {
        let mut hasher = rustc_hash::FxHasher::default();
        hasher.write(text.as_bytes());
        let hash = hasher.finish();
        // Both halves count.
        #[expect(clippy::cast_possible_truncation, reason = "the halves are put together")]
        let folded = (hash ^ (hash >> 32)) as u32;
        folded
    }

    /// The full text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0.text
    }

    /// `self::name`.
    #[must_use]
    pub fn join(&self, name: &str) -> Self {
        let text = self.as_str();
        let mut joined = String::with_capacity(text.len() + 2 + name.len());
        joined.push_str(text);
        joined.push_str("::");
        joined.push_str(name);
        Self::new(joined)
    }

    /// The last segment.
    #[must_use]
    pub fn name(&self) -> &str {
        self.as_str().get(self.0.last as usize + 2..).unwrap_or(&self.0.text)
    }

    /// All but the last segment; `""` if there is one only.
    #[must_use]
    pub fn parent(&self) -> &str {
        let text = self.as_str();
        if self.0.last as usize == text.len() { "" } else { text.get(..self.0.last as usize).unwrap_or_default() }
    }
}

impl fmt::Display for Symbol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.text)
    }
}

impl fmt::Debug for Symbol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}`", self.0.text)
    }
}

impl From<&str> for Symbol {
    fn from(text: &str) -> Self {
        Self::new(text)
    }
}
