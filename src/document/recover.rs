//! YAML with mistakes in it: the block around a mistake is left out and the rest is read.
//!
//! YAML says where a block ends by its indentation, so a parser that is lost inside a path can be
//! told to go on behind it. What was left out is replaced by spaces and the text is read again, so
//! every other place stays where it is.

use std::borrow::Cow;
use std::sync::Arc;

use super::fault::{Fault, Lost, What};
use super::json::KEPT_LEVELS;
use super::offset;
use super::straighten::straighten;
use super::tree::Tree;
use super::yaml::{self, Broken};

/// Mistakes in one text that are looked around.
const MAX_MISTAKES: usize = 8;

/// Flow collections in one text whose lines are joined.
const MAX_JOINED: usize = 32;

/// A larger text is not read again for a mistake.
const MAX_BYTES: usize = 32 << 20;

/// How deep a block may lie that is left out: `components`, `schemas`, one schema.
const MAX_LEVELS: usize = 3;

/// Reads a text without the blocks that have mistakes in them.
pub(super) fn read(original: &Arc<str>) -> (Tree, Vec<Fault>) {
    let mut text = Cow::Borrowed(&**original);
    let (mut builder, mut broken) = yaml::read(original, &text);
    let (mut faults, mut joined) = (Vec::new(), 0);
    while let Some(mistake) = broken.take() {
        let is_small = original.len() <= MAX_BYTES;
        if is_small
            && joined < MAX_JOINED
            && let Some(straight) = straighten(&text, &mistake)
        {
            joined += 1;
            let (again, further) = yaml::read(original, &straight);
            if further.as_ref().is_none_or(|further| further.at > mistake.at) {
                (text, builder, broken) = (Cow::Owned(straight), again, further);
                continue;
            }
        }
        let can_go_on = faults.len() < MAX_MISTAKES && is_small;
        let mended = if can_go_on { mend(original, &text, &mistake) } else { None };
        let Some(mended) = mended else {
            let lost = builder.cut(KEPT_LEVELS).map_or(Lost::Everything, |keys| Lost::Rest { keys });
            faults.push(syntax(mistake, lost));
            break;
        };
        faults.push(syntax(mistake, mended.lost));
        (text, builder, broken) = (Cow::Owned(mended.text), mended.builder, mended.broken);
    }
    let (tree, others) = builder.finish();
    faults.extend(others);
    (tree, faults)
}

fn syntax(broken: Broken, lost: Lost) -> Fault {
    let at = offset(broken.at);
    Fault { place: at..at, what: What::Syntax { message: broken.message, lost } }
}

/// A text without a mistake that it had.
struct Mended {
    text: String,
    lost: Lost,
    builder: super::build::Builder,
    broken: Option<Broken>,
}

/// Leaves out the smallest block that makes the mistake go away. A parser often notices late, so the
/// block around the last thing that it understood comes first.
fn mend(original: &Arc<str>, text: &str, mistake: &Broken) -> Option<Mended> {
    let mut tried = Vec::new();
    let places = [mistake.understood, mistake.at];
    let ways = places.map(|at| blocks(text, at));
    for level in (0..MAX_LEVELS).rev() {
        for way in &ways {
            let Some(block) = way.get(level).filter(|block| !tried.contains(&block.range)) else { continue };
            tried.push(block.range.clone());
            let blanked = blank(text, &block.range);
            let (builder, broken) = yaml::read(original, &blanked);
            if broken.as_ref().is_some_and(|again| again.at <= mistake.at.max(block.range.end)) {
                continue;
            }
            let keys = way.iter().take(level + 1).map(|block| block.key.to_owned()).collect();
            let lost = Lost::Block { keys, block: offset(block.range.start)..offset(block.range.end) };
            return Some(Mended { text: blanked, lost, builder, broken });
        }
    }
    None
}

/// Lines that belong together by their indentation.
struct Block<'t> {
    key: &'t str,
    range: std::ops::Range<usize>,
}

/// The blocks around a place, from the outermost, as many as may be left out.
fn blocks(text: &str, at: usize) -> Vec<Block<'_>> {
    let lines = lines(text);
    let mut number = lines.partition_point(|line| line.start <= at).saturating_sub(1);
    let mut heads = Vec::new();
    let mut inner = usize::MAX;
    while let Some(line) = lines.get(number) {
        if line.indent < inner {
            heads.push(number);
            inner = line.indent;
        }
        if inner == 0 || number == 0 {
            break;
        }
        number -= 1;
    }
    let block = |head: &usize| {
        let line = lines.get(*head)?;
        let behind = lines.iter().skip(head + 1).find(|next| next.indent <= line.indent);
        let end = behind.map_or(text.len(), |next| next.start);
        let is_everything = *head == 0 && behind.is_none();
        if is_everything {
            return None;
        }
        Some(Block { key: key(text.get(line.start..end)?), range: line.start..end })
    };
    heads.iter().rev().take(MAX_LEVELS).filter_map(block).collect()
}

/// The key that a line starts with.
fn key(line: &str) -> &str {
    let line = line.lines().next().unwrap_or_default().trim();
    let key = line.split_once(": ").map_or(line, |(key, _)| key);
    key.strip_suffix(':').unwrap_or(key).trim_matches(['"', '\''])
}

/// A line that is neither empty nor a comment.
struct Line {
    start: usize,
    /// Twice its indentation; one more for an item, which may stand as far left as its list's key.
    indent: usize,
}

fn lines(text: &str) -> Vec<Line> {
    let mut start = 0;
    let mut lines = Vec::new();
    for line in text.split_inclusive('\n') {
        let content = line.trim_start_matches([' ', '\t']);
        let is_content = !content.trim_end().is_empty() && !content.starts_with('#');
        if is_content {
            let is_item = content.starts_with("- ") || content.trim_end() == "-";
            lines.push(Line { start, indent: 2 * (line.len() - content.len()) + usize::from(is_item) });
        }
        start += line.len();
    }
    lines
}

/// The text with spaces in a range; its lines stay.
fn blank(text: &str, range: &std::ops::Range<usize>) -> String {
    let (before, rest) = text.split_at_checked(range.start).unwrap_or((text, ""));
    let (inside, behind) = rest.split_at_checked(range.len()).unwrap_or((rest, ""));
    let mut blanked = String::with_capacity(text.len());
    blanked.push_str(before);
    blanked.extend(inside.bytes().map(|byte| if matches!(byte, b'\n' | b'\r') { char::from(byte) } else { ' ' }));
    blanked.push_str(behind);
    blanked
}
