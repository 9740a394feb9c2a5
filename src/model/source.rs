//! Files, the services they belong to, and places in their text.

use std::fmt;
use std::sync::{Arc, OnceLock};

use super::configuration::Configuration;

/// A file of this run. Valid for the [`Sources`] that gave it, Base and Head files alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(pub u32);

/// A service of this run: an index into [`Workspace::services`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ServiceId(pub u32);

/// Which side of the comparison a file is read from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Revision {
    /// The tree as it would be merged.
    Head,
    /// What `--against` names.
    Base,
}

/// A half-open byte range `start..end` of one file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The file.
    pub file: FileId,
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// The range `start..end` of `file`.
    #[must_use]
    pub const fn new(file: FileId, start: u32, end: u32) -> Self {
        Self { file, start, end }
    }

    /// The smallest span that covers both; `other` must lie in the same file.
    #[must_use]
    pub fn to(self, other: Self) -> Self {
        Self { file: self.file, start: self.start.min(other.start), end: self.end.max(other.end) }
    }

    /// Whether `other` lies inside this span.
    #[must_use]
    pub fn contains(self, other: Self) -> bool {
        self.file == other.file && self.start <= other.start && other.end <= self.end
    }
}

/// Where something is declared. Documents read without positions (OpenAPI) name the place by its
/// JSON pointer; the byte range is computed only for the few places that a finding shows.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Site {
    /// A byte range.
    Span(Span),
    /// A node of a JSON or YAML document.
    Pointer {
        /// The document.
        file: FileId,
        /// RFC 6901 pointer, `""` for the whole document.
        pointer: Arc<str>,
    },
}

impl Site {
    /// The file of the place.
    #[must_use]
    pub const fn file(&self) -> FileId {
        match self {
            Self::Span(span) => span.file,
            Self::Pointer { file, .. } => *file,
        }
    }
}

/// A 1-based line and a 1-based column. Columns count characters, not bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// 1-based line.
    pub line: u32,
    /// 1-based column in Unicode scalar values.
    pub column: u32,
}

/// A language whose client code is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Language {
    /// Rust, `.rs`.
    Rust,
    /// Go, `.go`.
    Go,
    /// Python, `.py`, `.pyi`.
    Python,
    /// TypeScript and JavaScript in all their spellings, JSX included.
    TypeScript,
    /// Java, `.java`.
    Java,
    /// Kotlin, `.kt`, `.kts`.
    Kotlin,
    /// C#, `.cs`.
    CSharp,
}

impl Language {
    /// Every language with a front end, in the order of their names.
    pub const ALL: [Self; 7] =
        [Self::CSharp, Self::Go, Self::Java, Self::Kotlin, Self::Python, Self::Rust, Self::TypeScript];

    /// The name of its folder under `rules/clients/`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Rust => "rust",
            Self::Go => "go",
            Self::Python => "python",
            Self::TypeScript => "typescript",
            Self::Java => "java",
            Self::Kotlin => "kotlin",
            Self::CSharp => "csharp",
        }
    }

    /// The name as people write it.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Rust => "Rust",
            Self::Go => "Go",
            Self::Python => "Python",
            Self::TypeScript => "TypeScript",
            Self::Java => "Java",
            Self::Kotlin => "Kotlin",
            Self::CSharp => "C#",
        }
    }

    /// The language that stands for all whose code calls each other directly: Java for Kotlin.
    #[must_use]
    pub const fn family(self) -> Self {
        match self {
            Self::Kotlin => Self::Java,
            other => other,
        }
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// What a file may hold, told by its name; deployment files in YAML and JSON by their content.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FileKind {
    /// Source code of a language with a front end.
    Code(Language),
    /// A YAML document, perhaps an OpenAPI description.
    Yaml,
    /// A JSON document, perhaps an OpenAPI description.
    Json,
    /// A `.proto` file.
    Proto,
    /// A compiled set of `.proto` files; its content is in [`SourceFile::bytes`].
    DescriptorSet,
    /// Says how software is run: manifests of orchestrators and the like, in whatever syntax.
    Deployment,
    /// Kept because a stage asks for it by name (`go.mod`, `Cargo.toml`, ...).
    Manifest,
}

/// Whose hand wrote a file. Such files are read for their facts, but findings are not laid at
/// their door: generated and vendored code never carries one, test code only when asked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Provenance {
    /// Written by a generator (header comment, file name, or `linguist-generated`).
    pub generated: bool,
    /// Test code (`tests/`, `*_test.go`, ...).
    pub test: bool,
    /// A copy of somebody else's code (`vendor/`, `third_party/`, `node_modules/`).
    pub vendored: bool,
}

/// One file that was read.
#[derive(Debug)]
pub struct SourceFile {
    /// Path from the directory the paths of a report are relative to, with `/`. Two revisions of a file have
    /// the same, wherever they are read from.
    pub path: String,
    /// What a person calls it, where that is not its path: `origin/main:api.yaml`.
    pub known_as: Option<String>,
    /// Base or Head.
    pub revision: Revision,
    /// What it may hold.
    pub kind: FileKind,
    /// The text, without a byte order mark; empty for a binary file.
    pub text: Arc<str>,
    /// The content of a binary file.
    pub bytes: Option<Arc<[u8]>>,
    /// Generated, test or vendored.
    pub provenance: Provenance,
    /// The service it belongs to, if any.
    pub service: Option<ServiceId>,
    lines: OnceLock<Vec<u32>>,
}

impl SourceFile {
    /// A file with nothing known of it but its name and text.
    #[must_use]
    pub fn new(path: impl Into<String>, revision: Revision, kind: FileKind, text: impl Into<Arc<str>>) -> Self {
        Self {
            path: path.into(),
            known_as: None,
            revision,
            kind,
            text: text.into(),
            bytes: None,
            provenance: Provenance::default(),
            service: None,
            lines: OnceLock::new(),
        }
    }

    /// The path in reports.
    #[must_use]
    pub fn shown(&self) -> &str {
        self.known_as.as_deref().unwrap_or(&self.path)
    }

    /// The last component of the path.
    #[must_use]
    pub fn name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or(&self.path)
    }

    /// Byte offsets at which lines start, built on first use.
    #[must_use]
    pub fn line_starts(&self) -> &[u32] {
        self.lines.get_or_init(|| {
            let ends = memchr::memchr_iter(b'\n', self.text.as_bytes());
            std::iter::once(0).chain(ends.map(|at| offset(at + 1))).collect()
        })
    }

    /// Line and column of a byte offset; an offset past the end is the end.
    #[must_use]
    pub fn position(&self, at: u32) -> Position {
        let starts = self.line_starts();
        let line = starts.partition_point(|start| *start <= at).max(1);
        let start = starts.get(line - 1).copied().unwrap_or(0) as usize;
        let end = (at as usize).clamp(start, self.text.len().max(start));
        let before = self.text.as_bytes().get(start..end).unwrap_or_default();
        // Counting the bytes that do not continue a character counts the characters, and needs no
        // char boundary at `end`.
        let column = before.iter().filter(|byte| (**byte & 0xC0) != 0x80).count();
        Position { line: offset(line), column: offset(column + 1) }
    }
}

/// A length or offset of a file as stored; files of 4 GiB are refused long before.
fn offset(value: usize) -> u32 {
    u32::try_from(value).unwrap_or(u32::MAX)
}

/// All files of a run.
#[derive(Debug, Default)]
pub struct Sources {
    files: Vec<SourceFile>,
}

impl Sources {
    /// Adds a file.
    pub fn push(&mut self, file: SourceFile) -> FileId {
        let id = FileId(offset(self.files.len()));
        self.files.push(file);
        id
    }

    /// The file with this id.
    ///
    /// # Panics
    /// If the id came from other `Sources`: a programming error.
    #[must_use]
    pub fn get(&self, id: FileId) -> &SourceFile {
        &self.files[id.0 as usize]
    }

    /// The same, to be changed while the workspace is being discovered.
    pub fn get_mut(&mut self, id: FileId) -> Option<&mut SourceFile> {
        self.files.get_mut(id.0 as usize)
    }

    /// Every file with its id, in the order they were added.
    #[must_use]
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (FileId, &SourceFile)> {
        self.files.iter().enumerate().map(|(at, file)| (FileId(offset(at)), file))
    }

    /// Line and column at which a span starts.
    #[must_use]
    pub fn start(&self, span: Span) -> Position {
        self.get(span.file).position(span.start)
    }

    /// The text a span covers; empty if the span is not one of this file's text.
    #[must_use]
    pub fn text(&self, span: Span) -> &str {
        self.get(span.file).text.get(span.start as usize..span.end as usize).unwrap_or_default()
    }
}

/// A piece of software that is built and deployed on its own: consumer, provider, or both.
#[derive(Clone, Debug, Default)]
pub struct Service {
    /// Name, unique in the workspace.
    pub name: String,
    /// Its folder, relative like [`SourceFile::path`]; `""` is the root itself.
    pub path: String,
    /// The root of the repository it lives in, relative in the same way.
    pub repository: String,
    /// Paths of the contracts it provides, when configured; relative like `path`.
    pub contracts: Vec<String>,
    /// Environment variables, hosts or base URLs by which clients reach it.
    pub base_urls: Vec<String>,
    /// Owning team.
    pub team: Option<String>,
    /// What it processes data for, for the sensitive-data policy.
    pub purposes: Vec<String>,
    /// Consumers exist that this workspace does not show.
    pub public: bool,
}

/// What discovery found, beside the files.
#[derive(Clone, Debug, Default)]
pub struct Workspace {
    /// Services, sorted by path; index = [`ServiceId`].
    pub services: Vec<Service>,
    /// Module roots of Go (`go.mod`) and crate names of Rust (`Cargo.toml`), longest path first:
    /// the folder, and the import path or crate name that its code is known by.
    pub packages: Vec<Package>,
    /// How imports of JavaScript and TypeScript may be written.
    pub imports: super::imports::Imports,
    /// What configuration files of services say.
    pub configuration: Configuration,
}

impl Workspace {
    /// The service with this id.
    #[must_use]
    pub fn service(&self, id: ServiceId) -> Option<&Service> {
        self.services.get(id.0 as usize)
    }

    /// The name of a service, for people.
    #[must_use]
    pub fn name(&self, id: ServiceId) -> &str {
        self.service(id).map_or("?", |service| &service.name)
    }

    /// The innermost package of a language that holds a file.
    #[must_use]
    pub fn package_of(&self, path: &str, language: Language) -> Option<&Package> {
        self.packages.iter().find(|package| package.language == language && is_inside(path, &package.path))
    }
}

/// Whether `path` lies in `folder`, by whole components. `""` holds everything.
#[must_use]
pub fn is_inside(path: &str, folder: &str) -> bool {
    folder.is_empty() || path.strip_prefix(folder).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// A unit of import: a Go module or a Rust crate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Package {
    /// Language of its code.
    pub language: Language,
    /// Its folder.
    pub path: String,
    /// Go module path, or Rust crate name with `_`.
    pub name: String,
}
