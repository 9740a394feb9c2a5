//! A mistake in the configuration, drawn by miette with the line it stands on.
//!
//! miette's own sources look for a place from the start of the text; [`Indexed`] goes by the index of
//! lines that a file has anyway, so a picture costs the same wherever it is.

use std::fmt;
use std::io::{self, Write};

use miette::{
    Diagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteError, MietteSpanContents, SourceCode,
    SourceSpan, SpanContents, ThemeCharacters, ThemeStyles,
};

use super::excerpt::{clean, clean_lines};
use crate::model::source::{FileKind, Position, Revision, SourceFile};

/// Longer lines are not drawn: miette prints them whole.
const LONGEST_LINE: usize = 400;

/// What is wrong with a file that a person wrote for this tool.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// The file.
    pub path: String,
    /// Its text, if it could be read.
    pub text: Option<String>,
    /// Where.
    pub place: Option<Position>,
    /// What is wrong.
    pub message: String,
    /// What was probably meant.
    pub help: Option<String>,
}

/// Draws the mistake; without text and place it is one line.
pub fn write(mistake: &Mistake, out: &mut dyn Write) -> io::Result<()> {
    let path = clean(&mistake.path);
    let file = mistake.text.as_deref().map(|text| {
        SourceFile::new(path.as_str(), Revision::Head, FileKind::Yaml, clean_lines(&text.replace('\r', "")))
    });
    let span = file.as_ref().zip(mistake.place).and_then(|(file, place)| token(file, place));
    let Some((file, span)) = file.zip(span) else {
        let place = mistake.place.map(|at| format!(":{}:{}", at.line, at.column)).unwrap_or_default();
        writeln!(out, "error: {path}{place}: {}", clean(&mistake.message))?;
        return mistake.help.iter().try_for_each(|help| writeln!(out, "help: {}", clean(help)));
    };
    let drawing = Drawing { mistake, source: Indexed(&file), span };
    let mut text = String::new();
    let theme = GraphicalTheme { characters: ThemeCharacters::ascii(), styles: ThemeStyles::ansi() };
    let handler = GraphicalReportHandler::new_themed(theme).with_links(false).with_width(120);
    handler.render_report(&mut text, &drawing).map_err(io::Error::other)?;
    out.write_all(text.as_bytes())
}

/// The word at a position: from it to the next blank, or the rest of the line.
fn token(file: &SourceFile, place: Position) -> Option<SourceSpan> {
    let starts = file.line_starts();
    let start = *starts.get((place.line as usize).checked_sub(1)?)? as usize;
    let line = file.text.get(start..)?.lines().next()?;
    if line.len() > LONGEST_LINE {
        return None;
    }
    let skipped = line.char_indices().nth((place.column as usize).saturating_sub(1)).map_or(line.len(), |(at, _)| at);
    let word = line.get(skipped..)?;
    let length = word.find([' ', ':', ',']).filter(|length| *length > 0).unwrap_or(word.len());
    Some(SourceSpan::from((start + skipped, length)))
}

/// The text of a file with its index of lines.
#[derive(Debug)]
struct Indexed<'a>(&'a SourceFile);

impl SourceCode for Indexed<'_> {
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        lines_before: usize,
        lines_after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let starts = self.0.line_starts();
        let line_of = |at: usize| starts.partition_point(|start| *start as usize <= at).saturating_sub(1);
        let first = line_of(span.offset()).saturating_sub(lines_before);
        let last = line_of(span.offset().saturating_add(span.len().saturating_sub(1))).saturating_add(lines_after);
        let line_start = starts.get(first).map_or(0, |start| *start as usize);
        // Asked for no lines before, the contents start at the span itself: miette takes the
        // position in its heading from there.
        let start = if lines_before == 0 { span.offset() } else { line_start };
        let column = self.0.text.get(line_start..start).ok_or(MietteError::OutOfBounds)?.chars().count();
        let end = starts.get(last.saturating_add(1)).map_or(self.0.text.len(), |next| *next as usize);
        let data = self.0.text.as_bytes().get(start..end).ok_or(MietteError::OutOfBounds)?;
        let shown = SourceSpan::from((start, end - start));
        let lines = last.min(starts.len().saturating_sub(1)) + 1 - first;
        let name = self.0.path.clone();
        Ok(Box::new(MietteSpanContents::new_named(name, data, shown, first, column, lines)))
    }
}

#[derive(Debug)]
struct Drawing<'a> {
    mistake: &'a Mistake,
    source: Indexed<'a>,
    span: SourceSpan,
}

impl fmt::Display for Drawing<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&clean(&self.mistake.message))
    }
}

impl std::error::Error for Drawing<'_> {}

impl Diagnostic for Drawing<'_> {
    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.mistake.help.as_ref().map(|help| Box::new(clean(help)) as Box<dyn fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(&self.source)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        Some(Box::new(std::iter::once(LabeledSpan::new_with_span(Some("here".to_owned()), self.span))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample::plain;

    fn mistake(text: &str, line: u32, column: u32) -> Mistake {
        Mistake {
            path: "contract-lint.yaml".to_owned(),
            text: Some(text.to_owned()),
            place: Some(Position { line, column }),
            message: "unknown key `heders`".to_owned(),
            help: Some("did you mean `headers`?".to_owned()),
        }
    }

    #[test]
    fn a_mistake_is_shown_on_its_line() {
        let text = plain(|out| write(&mistake("version: 1\nidentity:\n  heders: [X]\n", 3, 3), out));
        assert!(text.contains("unknown key `heders`"), "{text}");
        assert!(text.contains("contract-lint.yaml:3:3"), "{text}");
        assert!(text.contains("heders: [X]"), "{text}");
        assert!(text.contains("did you mean `headers`?"), "{text}");
    }

    #[test]
    fn a_place_outside_the_text_is_named_and_not_drawn() {
        for (line, column) in [(0, 0), (99, 1), (1, 99), (u32::MAX, u32::MAX)] {
            let text = plain(|out| write(&mistake("é: 1", line, column), out));
            assert!(text.contains("unknown key `heders`"), "{text}");
        }
    }

    #[test]
    fn the_index_reads_the_same_lines_as_miette() {
        // ASCII: miette counts columns in bytes, this one in characters.
        let text = "a: 1\nbe: 2\n\nc: 3\nd: 4";
        let file = SourceFile::new("f", Revision::Head, FileKind::Yaml, text);
        // miette lets a span that covers a line end reach into the next line; a word never does.
        for (start, character) in text.char_indices().filter(|(_, character)| *character != '\n') {
            for (before, after) in [(0, 0), (1, 1), (2, 2)] {
                let span = SourceSpan::from((start, character.len_utf8()));
                let Ok(expected) = text.read_span(&span, before, after) else { continue };
                let indexed = Indexed(&file);
                let found = indexed.read_span(&span, before, after).unwrap();
                let place = |contents: &dyn SpanContents<'_>| (contents.line(), contents.column());
                assert_eq!(place(&*found), place(&*expected), "{start} {before}");
                let [expected, found] =
                    [expected.data(), found.data()].map(|data| std::str::from_utf8(data).unwrap().trim_end());
                assert!(found.starts_with(expected), "{start}: {found:?} {expected:?}");
            }
        }
    }
}
