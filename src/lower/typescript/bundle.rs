//! Files that a bundler or minifier wrote: programs put together of many modules, not read by people.

use crate::model::source::SourceFile;

/// Files shorter than this many bytes are read whatever they look like.
const SHORT: usize = 8_000;
/// Code written by people has lines shorter than this many bytes on average.
const LONG_LINES: usize = 500;
/// So much of a file, in bytes, tells whether it has long lines.
const SAMPLE: usize = 100_000;

/// Ends of names of such files.
const NAMES: [&str; 5] = [".min.js", ".min.mjs", ".min.cjs", ".bundle.js", "-min.js"];

/// Whether a file is the work of a bundler or minifier.
pub(super) fn is_bundle(file: &SourceFile) -> bool {
    if NAMES.iter().any(|end| file.path.ends_with(end)) {
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
