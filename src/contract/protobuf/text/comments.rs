//! Which of two declarations a comment between them belongs to.
//!
//! The rules are those of `SourceCodeInfo.Location` in protobuf's `descriptor.proto`: lines of `//`
//! right above each other are one comment, as is one block. The first comment belongs to what stands
//! before it if it begins on the same line, or on the next with a blank line behind it; the last
//! belongs to what follows if no blank line is between. All others belong to nothing.

use super::ast::Range;

/// The comments between two tokens, as far as they belong to one of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Gap {
    /// Belongs to what stands before.
    pub(super) trailing: Option<Range>,
    /// Belongs to what follows.
    pub(super) leading: Option<Range>,
}

/// One comment.
#[derive(Clone, Copy, Debug)]
pub(super) struct Comment {
    /// With its delimiters, without the end of the line.
    pub(super) range: Range,
    /// It is `// ...`, not `/* ... */`.
    pub(super) is_line: bool,
}

/// Reads a gap, comment by comment and line by line.
#[derive(Debug)]
pub(super) struct GapReader {
    gap: Gap,
    /// The comment that no blank line has ended yet.
    pending: Option<Comment>,
    /// `pending` may still become the trailing comment.
    attachable: bool,
    /// No line has ended since the token before.
    same_line: bool,
    /// The current line has a comment.
    line_has_comment: bool,
    /// The trailing comment stands on the line of the token before, and that line has not ended.
    between: bool,
}

impl GapReader {
    /// The gap behind a token, or at the start of the file.
    pub(super) fn new(at_start: bool) -> Self {
        Self {
            gap: Gap::default(),
            pending: None,
            attachable: !at_start,
            same_line: !at_start,
            line_has_comment: false,
            between: false,
        }
    }

    /// A comment.
    pub(super) fn comment(&mut self, comment: Comment) {
        match &mut self.pending {
            Some(above) if above.is_line && comment.is_line => above.range.end = comment.range.end,
            _ => {
                self.settle();
                self.pending = Some(comment);
            }
        }
        self.line_has_comment = true;
        if self.same_line {
            // What stands on the same line never runs on into the next.
            self.between = self.attachable;
            self.settle();
        }
    }

    /// A line ends.
    pub(super) fn line_ends(&mut self) {
        let blank = !self.line_has_comment && !self.same_line;
        if blank {
            self.settle();
            self.attachable = false;
        }
        self.line_has_comment = false;
        self.same_line = false;
        self.between = false;
    }

    /// The next token; `closes` if it closes a scope or the file, whose comments are its own.
    pub(super) fn finish(mut self, closes: bool) -> Gap {
        if closes {
            self.settle();
        } else if self.between {
            // `a = 1; /* whose? */ b = 2;`
            self.gap.trailing = None;
        }
        self.gap.leading = self.pending.map(|comment| comment.range);
        self.gap
    }

    /// The pending comment does not belong to what follows.
    fn settle(&mut self) {
        let Some(comment) = self.pending.take() else { return };
        if self.attachable {
            self.gap.trailing = Some(comment.range);
            self.attachable = false;
        }
    }
}
