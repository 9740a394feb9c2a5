//! Files that a bundler or minifier wrote: programs put together of many modules, not read by people.

use crate::model::source::SourceFile;

/// Files shorter than this many bytes are read whatever they look like.
const SHORT: usize = 8_000;
/// Code written by people has lines shorter than this many bytes on average.
const LONG_LINES: usize = 500;
/// So much of a file, in bytes, tells whether it has long lines.
const SAMPLE: usize = 100_000;

/// A hash in a name has at least so many digits.
const HASH: usize = 8;

/// Ends of names of such files.
const NAMES: [&str; 5] = [".min.js", ".min.mjs", ".min.cjs", ".bundle.js", "-min.js"];

/// Whether a file is the work of a bundler or minifier.
pub(super) fn is_bundle(file: &SourceFile) -> bool {
    if NAMES.iter().any(|end| file.path.ends_with(end)) || has_hash(&file.path) {
        return true;
    }
    if file.text.len() < SHORT {
        return false;
    }
    let sample = file.text.as_bytes().get(..SAMPLE.min(file.text.len())).unwrap_or_default();
    let lines = sample.split(|byte| *byte == b'\n').count();
    sample.len() / lines > LONG_LINES || has_runtime(sample)
}

/// Whether a file begins with the code by which a bundler loads modules.
fn has_runtime(sample: &[u8]) -> bool {
    let head = String::from_utf8_lossy(sample.get(..2_000.min(sample.len())).unwrap_or_default());
    ["__webpack_require__", "webpackBootstrap", "parcelRequire"].iter().any(|mark| head.contains(mark))
}

/// Whether a name ends with a hash of what the file holds, as bundlers write it: `index-d13879e1.js`, `main.2f9ac041.js`.
fn has_hash(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let Some(stem) = [".js", ".mjs", ".cjs"].iter().find_map(|end| name.strip_suffix(end)) else { return false };
    let Some((_, hash)) = stem.rsplit_once(['-', '.']) else { return false };
    let is_hex = |letter: char| letter.is_ascii_digit() || matches!(letter, 'a'..='f');
    hash.len() >= HASH
        && hash.chars().all(is_hex)
        && hash.contains(|letter: char| letter.is_ascii_digit())
        && hash.contains(|letter: char| letter.is_ascii_alphabetic())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_are_told_from_words_and_days() {
        for name in ["assets/index-d13879e1.js", "static/main.2f9ac041.js", "static/chunk-0a1b2c3d4e5f.mjs"] {
            assert!(has_hash(name), "{name}");
        }
        for name in
            ["src/facade.js", "src/report-20261123.js", "src/a-cab1.js", "src/d13879e1.js", "src/index-d13879e1.ts"]
        {
            assert!(!has_hash(name), "{name}");
        }
    }
}
