//! Reads a rule's document: front matter, explanation, and the examples that run as tests.
//!
//! ````text
//! ---
//! summary: A consumer reads a field that is marked as deprecated
//! level: warning
//! since: 0.1.0
//! aliases: [other-tools-id]
//! ---
//! # deprecated-field-read
//! ## What
//! ...
//! ## Bad: the old name is still read
//! ```go core/main.go
//! fmt.Println(profile.Name) // finding
//! ```
//! ````
//!
//! Every fenced block below a `Bad:` or `Good:` heading is a file of that example: language, path,
//! and `@base` for a file of the other side of the comparison.

use serde::Deserialize;

use crate::model::finding::Level;

/// A rule's document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// One sentence: what is flagged.
    pub summary: String,
    /// The level of a finding unless configured.
    pub level: Level,
    /// Ids under which other tools know it.
    pub aliases: Vec<String>,
    /// The first version that has it.
    pub since: String,
    /// The heading: the rule's name without its family.
    pub name: String,
    /// What stands under each `##` heading, examples included, in the order of the text.
    pub sections: Vec<Section>,
    /// Examples, in the order of the text.
    pub examples: Vec<Example>,
}

/// A `##` section.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    /// `What`, `Why`, `Bad: ...`.
    pub heading: String,
    /// Its Markdown, without blank lines at both ends.
    pub text: String,
}

/// A small workspace that shows the rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Example {
    /// What the heading says behind `Bad:` or `Good:`.
    pub title: String,
    /// It must give no finding of this rule.
    pub good: bool,
    /// Its files.
    pub files: Vec<ExampleFile>,
}

/// A file of an [`Example`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExampleFile {
    /// Path from the root of the workspace.
    pub path: String,
    /// It belongs to the Base side.
    pub base: bool,
    /// The language of the block.
    pub language: String,
    /// Its text.
    pub text: String,
}

/// A line that an example marks with a trailing `finding` comment.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Marker {
    /// 1-based.
    pub line: usize,
    /// The rule that is named; none for the rule of the document.
    pub rule: Option<String>,
}

impl ExampleFile {
    /// Lines that end in `// finding`, `# finding`, or `// finding: other/rule`.
    #[must_use]
    pub fn markers(&self) -> Vec<Marker> {
        let marked = self.text.lines().zip(1..).filter_map(|(text, line)| {
            let comment = comment_at_end(text)?.trim().strip_prefix("finding")?;
            let rule = match comment.trim() {
                "" => None,
                named => Some(named.strip_prefix(':')?.trim().to_owned()),
            };
            Some(Marker { line, rule })
        });
        marked.collect()
    }
}

/// What stands behind the last `//` or `#` of a line.
fn comment_at_end(line: &str) -> Option<&str> {
    let slashes = line.rfind("//").map(|at| at + 2);
    let hash = line.rfind('#').map(|at| at + 1);
    line.get(slashes.max(hash)?..)
}

/// What is wrong with a document.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {message}")]
pub struct DocumentError {
    /// 1-based.
    pub line: usize,
    /// What.
    pub message: String,
}

fn error<T>(line: usize, message: impl Into<String>) -> Result<T, DocumentError> {
    Err(DocumentError { line, message: message.into() })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FrontMatter {
    summary: String,
    level: LevelName,
    since: String,
    #[serde(default)]
    aliases: Vec<String>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum LevelName {
    Info,
    Warning,
    Error,
}

impl From<LevelName> for Level {
    fn from(name: LevelName) -> Self {
        match name {
            LevelName::Info => Self::Info,
            LevelName::Warning => Self::Warning,
            LevelName::Error => Self::Error,
        }
    }
}

/// The aliases of a document, without reading its body; none if its front matter is unreadable,
/// which the tests of every rule exclude.
pub(super) fn aliases(text: &str) -> Vec<String> {
    front_matter(text).map(|(front, _)| front.aliases).unwrap_or_default()
}

/// The front matter, and the number of lines up to and with its end.
fn front_matter(text: &str) -> Result<(FrontMatter, usize), DocumentError> {
    let mut lines = text.lines();
    if lines.next() != Some("---") {
        return error(1, "a document starts with `---` and its front matter");
    }
    let yaml: Vec<&str> = lines.by_ref().take_while(|line| *line != "---").collect();
    let ends = yaml.len() + 2;
    if text.lines().count() < ends {
        return error(ends, "the front matter has no end: `---` is missing");
    }
    match serde_yaml::from_str(&yaml.join("\n")) {
        Ok(front) => Ok((front, ends)),
        Err(wrong) => error(wrong.location().map_or(1, |at| at.line() + 1), format!("front matter: {wrong}")),
    }
}

impl Document {
    /// Reads a document; an error names its line.
    pub fn parse(text: &str) -> Result<Self, DocumentError> {
        let (front, skip) = front_matter(text)?;
        let mut body = Body::default();
        for (at, line) in text.lines().enumerate().skip(skip) {
            body.line(at + 1, line)?;
        }
        let Body { name, sections, examples, fence, .. } = body;
        if let Some(fence) = fence {
            return error(fence.line, "the fenced block has no end");
        }
        let Some(name) = name else { return error(skip + 1, "the heading `# name` is missing") };
        Ok(Self {
            summary: front.summary,
            level: front.level.into(),
            aliases: front.aliases,
            since: front.since,
            name,
            sections: sections.into_iter().map(Section::trimmed).collect(),
            examples,
        })
    }

    /// The text of a section.
    #[must_use]
    pub fn section(&self, heading: &str) -> Option<&str> {
        self.sections.iter().find(|section| section.heading == heading).map(|section| section.text.as_str())
    }
}

impl Section {
    fn trimmed(mut self) -> Self {
        self.text = self.text.trim_matches('\n').to_owned();
        self
    }
}

/// A fenced block that is being read.
struct Fence {
    line: usize,
    ticks: usize,
    file: Option<ExampleFile>,
}

#[derive(Default)]
struct Body {
    name: Option<String>,
    sections: Vec<Section>,
    examples: Vec<Example>,
    in_example: bool,
    fence: Option<Fence>,
}

impl Body {
    fn line(&mut self, number: usize, line: &str) -> Result<(), DocumentError> {
        if let Some(fence) = self.fence.take() {
            self.fence = self.inside(fence, line);
        } else if let Some(heading) = line.strip_prefix("## ") {
            return self.section(number, heading.trim());
        } else if let Some(name) = line.strip_prefix("# ") {
            if self.name.replace(name.trim().to_owned()).is_some() {
                return error(number, "a second `# name`: a document is about one rule");
            }
            return Ok(());
        } else if let Some(fence) = self.opened(number, line)? {
            self.fence = Some(fence);
        }
        match self.sections.last_mut() {
            Some(section) => {
                section.text.push_str(line);
                section.text.push('\n');
                Ok(())
            }
            None if line.trim().is_empty() => Ok(()),
            None => error(number, "text before the first `## section`"),
        }
    }

    fn section(&mut self, number: usize, heading: &str) -> Result<(), DocumentError> {
        if self.name.is_none() {
            return error(number, "the heading `# name` comes first");
        }
        let example = [("Bad:", false), ("Good:", true)]
            .into_iter()
            .find_map(|(prefix, good)| Some((heading.strip_prefix(prefix)?.trim(), good)));
        self.in_example = example.is_some();
        if let Some((title, good)) = example {
            if title.is_empty() || self.examples.iter().any(|other| other.good == good && other.title == title) {
                return error(number, "an example has a title of its own");
            }
            self.examples.push(Example { title: title.to_owned(), good, files: Vec::new() });
        }
        self.sections.push(Section { heading: heading.to_owned(), text: String::new() });
        Ok(())
    }

    /// The block that a line opens, if it does.
    fn opened(&self, number: usize, line: &str) -> Result<Option<Fence>, DocumentError> {
        let ticks = line.bytes().take_while(|byte| *byte == b'`').count();
        if ticks < 3 {
            return Ok(None);
        }
        let info = line.trim_start_matches('`');
        let file = if self.in_example { Some(file(number, info)?) } else { None };
        let taken = |new: &ExampleFile| {
            let files = self.examples.last().map(|example| example.files.as_slice()).unwrap_or_default();
            files.iter().any(|old| old.path == new.path && old.base == new.base)
        };
        if file.as_ref().is_some_and(taken) {
            return error(number, "the example has this file already");
        }
        Ok(Some(Fence { line: number, ticks, file }))
    }

    /// Takes a line of a block; gives the block back unless the line ends it.
    fn inside(&mut self, mut fence: Fence, line: &str) -> Option<Fence> {
        let ends = line.trim_end().bytes().all(|byte| byte == b'`') && line.trim_end().len() >= fence.ticks;
        if !ends {
            if let Some(file) = &mut fence.file {
                file.text.push_str(line);
                file.text.push('\n');
            }
            return Some(fence);
        }
        if let (Some(example), Some(file)) = (self.examples.last_mut(), fence.file) {
            example.files.push(file);
        }
        None
    }
}

/// `go core/main.go`, `yaml profile/openapi.yaml @base`.
fn file(number: usize, info: &str) -> Result<ExampleFile, DocumentError> {
    let mut words = info.split_whitespace();
    let (Some(language), Some(path)) = (words.next(), words.next()) else {
        return error(number, "a block of an example names its language and its path");
    };
    let outside = path.starts_with('/') || path.split('/').any(|part| part == ".." || part.is_empty());
    if outside {
        return error(number, format!("`{path}` is no path inside the example"));
    }
    let base = match (words.next(), words.next()) {
        (None, _) => false,
        (Some("@base"), None) => true,
        (Some(other), _) => return error(number, format!("`{other}` is not known here, only `@base`")),
    };
    Ok(ExampleFile { path: path.to_owned(), base, language: language.to_owned(), text: String::new() })
}

#[cfg(test)]
mod tests {
    use super::*;

    const FRONT: &str = "---\nsummary: A thing\nlevel: warning\nsince: 0.1.0\naliases: [X_Y]\n---\n";

    fn parse(body: &str) -> Result<Document, DocumentError> {
        Document::parse(&format!("{FRONT}{body}"))
    }

    fn wrong(body: &str) -> (usize, String) {
        let error = parse(body).unwrap_err();
        (error.line, error.message)
    }

    #[test]
    fn front_matter_sections_and_examples_are_read() {
        let document = parse(
            "# thing\n## What\nText.\n\n```sh\n# not a heading\n```\n## Bad: two sides\nBefore.\n\
             ```yaml a/openapi.yaml @base\nx: 1\n```\n```go a/main.go\ncall() // finding\n```\n## Good: none\n",
        )
        .unwrap();
        assert_eq!((document.name.as_str(), document.level), ("thing", Level::Warning));
        assert_eq!(document.aliases, ["X_Y"]);
        assert_eq!(document.section("What").unwrap(), "Text.\n\n```sh\n# not a heading\n```");
        let [bad, good] = document.examples.as_slice() else { panic!("two examples") };
        assert_eq!((bad.title.as_str(), bad.good, good.good), ("two sides", false, true));
        assert_eq!(bad.files[0].text, "x: 1\n");
        assert!(bad.files[0].base && !bad.files[1].base);
        assert_eq!(bad.files[1].markers(), [Marker { line: 1, rule: None }]);
    }

    #[test]
    fn a_marker_is_a_whole_trailing_comment() {
        let text = "a # finding\nb // finding: x/y\n// findings\nfinding\nc # finding or not\n";
        let file = ExampleFile { path: "a".into(), base: false, language: "go".into(), text: text.to_owned() };
        let markers: Vec<_> = file.markers().into_iter().map(|marker| (marker.line, marker.rule)).collect();
        assert_eq!(markers, [(1, None), (2, Some("x/y".to_owned()))]);
    }

    #[test]
    fn an_error_names_its_line() {
        assert_eq!(Document::parse("# thing").unwrap_err().line, 1);
        assert_eq!(Document::parse("---\nsummary: x\n").unwrap_err().line, 3);
        let unknown_key = Document::parse("---\nsummary: x\nlevel: error\nwhat: 1\n---\n").unwrap_err();
        assert_eq!(unknown_key.line, 4, "{unknown_key}");
        assert_eq!(wrong("## What\n").0, 7);
        assert_eq!(wrong("# a\n# b\n").0, 8);
        assert_eq!(wrong("# a\ntext\n").0, 8);
        assert_eq!(wrong("# a\n## Bad: x\n```go\n```\n").0, 9);
        assert_eq!(wrong("# a\n## Bad: x\n```go ../a.go\n```\n").0, 9);
        assert_eq!(wrong("# a\n## Bad: x\n```go a.go @head\n```\n").0, 9);
        assert_eq!(wrong("# a\n## Bad: x\n```go a.go\n```\n```go a.go\n```\n").0, 11);
        assert_eq!(wrong("# a\n## What\n```go\n").0, 9);
        assert_eq!(wrong("# a\n## Bad:\n").0, 8);
    }

    #[test]
    fn aliases_are_read_without_the_body() {
        assert_eq!(aliases(FRONT), ["X_Y"]);
        assert_eq!(aliases("nothing"), Vec::<String>::new());
    }
}
