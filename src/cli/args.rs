//! The arguments as plain data. What they mean is decided in the commands.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use jiff::civil::Date;

use super::exit;
use crate::model::finding::Level;
use crate::model::map::Confidence;

/// Who reads which field of which API contract, before the merge
#[derive(Debug, Parser)]
#[command(name = "contract-lint", version, after_help = exit::HELP, max_term_width = 100)]
pub(super) struct Cli {
    #[command(subcommand)]
    pub(super) command: Option<Command>,

    /// Folders of the workspace; without a command they are checked [default: .]
    pub(super) paths: Vec<PathBuf>,

    #[command(flatten)]
    pub(super) common: Common,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Check contracts and client code; the default
    #[command(after_help = exit::HELP)]
    Check {
        /// Folders of the workspace, several repositories allowed [default: .]
        paths: Vec<PathBuf>,
    },
    /// Say what differs between two contract files, folders or git revisions, and whom it breaks
    Diff(Diff),
    /// Print the dependency map: consumer, operation, field, place
    Map(Map),
    /// Print what was read of the contracts: operations, types, constraints, and what could not be read
    Contracts(Contracts),
    /// Say who uses an operation or a field
    Uses(Uses),
    /// List calls that could not be tied to a contract, and why
    Unresolved(Unresolved),
    /// Explain a rule, or a finding by its fingerprint
    Explain {
        /// A rule, an id under which another tool knows it, or a fingerprint such as CL-7f3a91c2
        #[arg(value_name = "RULE|FINGERPRINT")]
        what: String,
        /// Folders of the workspace, for a fingerprint [default: .]
        paths: Vec<PathBuf>,
    },
    /// List the rules and their levels
    Rules,
    /// List the libraries whose calls are known, in-house ones included
    Libraries {
        /// Folders of the workspace [default: .]
        paths: Vec<PathBuf>,
    },
}

#[derive(Args, Debug)]
#[command(after_help = "\
Formats (--format):
  table    for people: service by service, with places; the default
  json     everything, described by schemas/map.schema.json
  csv      a row for each edge, RFC 4180, with a header
  mermaid  a flowchart that GitHub and GitLab show in Markdown
  dot      a graph for Graphviz")]
pub(super) struct Map {
    /// Folders of the workspace [default: .]
    pub(super) paths: Vec<PathBuf>,
    /// Draw fields too, in mermaid and dot
    #[arg(long)]
    pub(super) fields: bool,
    #[command(flatten)]
    pub(super) part: Part,
    /// What was read of the contracts instead, as `contract-lint contracts` prints it
    #[arg(long, conflicts_with_all = ["fields", "consumer", "contract", "provider", "operation"])]
    pub(super) contracts: bool,
}

#[derive(Args, Debug)]
#[command(after_help = "\
Sides, no workspace and no checkout needed:
  old.yaml new.yaml                    two files, whatever they are called
  v1/ v2/                              two folders, file by file
  origin/main:api/openapi.yaml api/    what git has, in any syntax of revisions
  HEAD~1 api/openapi.yaml              the same path, as it was in a revision

Exit codes:
  0  nothing that breaks at or above --fail-on
  1  changes that break; what could not be told counts as a warning
  2  wrong usage or configuration
  3  incomplete: a side could not be read, or holds no contract")]
pub(super) struct Diff {
    /// How it was: a file, a folder, or a git revision with or without `:PATH`
    pub(super) base: String,
    /// How it is
    pub(super) head: String,
    /// Print what is compatible too: the whole changelog
    #[arg(long)]
    pub(super) all: bool,
    /// Changes to live with, as `.contract-lint/accepted.yaml` names them; left out, that file beside the configuration
    #[arg(long, value_name = "FILE")]
    pub(super) accepted: Option<PathBuf>,
    /// Name changes as another tool does, an entry for each of its ids
    #[arg(long = "as", value_enum, value_name = "TOOL")]
    pub(super) tool: Option<Tool>,
}

impl Diff {
    /// Where configuration is looked for: the side that is on disk, Head before Base.
    pub(super) fn roots(&self) -> Vec<PathBuf> {
        let sides = [&self.head, &self.base].map(PathBuf::from);
        sides.into_iter().filter(|path| path.is_file() || path.is_dir()).take(1).collect()
    }
}

/// A tool whose ids people know.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Tool {
    Oasdiff,
    Buf,
}

impl Tool {
    /// Whether an id is one of this tool's: they are spelled differently.
    pub(super) fn knows(self, id: &str) -> bool {
        let is_capital = id.chars().any(|letter| letter.is_ascii_uppercase());
        is_capital == (self == Self::Buf)
    }
}

#[derive(Args, Debug)]
pub(super) struct Unresolved {
    /// Folders of the workspace [default: .]
    pub(super) paths: Vec<PathBuf>,
    /// Only calls of this consumer; `*` is any run of characters
    #[arg(long, value_name = "GLOB")]
    pub(super) consumer: Option<String>,
    /// Every kind of syntax that was not understood
    #[arg(long)]
    pub(super) all: bool,
}

/// A part of the map. In each pattern `*` is any run of characters.
#[derive(Args, Debug, Default)]
pub(super) struct Part {
    /// Only what this consumer does
    #[arg(long, value_name = "GLOB")]
    pub(super) consumer: Option<String>,
    /// Only contracts whose id, title or a file of theirs matches
    #[arg(long, value_name = "GLOB")]
    pub(super) contract: Option<String>,
    /// Only contracts that this service provides
    #[arg(long, value_name = "GLOB")]
    pub(super) provider: Option<String>,
    /// Only this operation, by its name or id
    #[arg(long, value_name = "GLOB")]
    pub(super) operation: Option<String>,
}

#[derive(Args, Debug)]
#[command(after_help = "\
Selectors, the front of a dotted name may be left out:
  profile.v1.Profile.birthdate            a field
  profile.v1.Profile.address.city         a field inside it
  profile.v1.Profile                      a message: all its fields
  profile.v1.ProfileService/GetProfile    an rpc
  GET /profiles/{id}                      an HTTP operation; also /profiles/42, with or without method
  getProfile                              an operation by its id
  GET /profiles/{id}#200.birthdate        a field of one answer; `#request.` for what is sent
  '*.birthdate'                           everything that matches; `*` is any run of characters
  src/lib.rs, src/lib.rs:3                what is used in a file, or on a line of it
  marketing, consumer:marketing           what a consumer uses")]
pub(super) struct Uses {
    /// The operation, message, field, consumer, or place in the code
    #[arg(required_unless_present = "sensitive")]
    pub(super) selector: Option<String>,
    /// Folders of the workspace [default: .]
    pub(super) paths: Vec<PathBuf>,
    /// Every field of a class of sensitive data
    #[arg(long, value_name = "CLASS")]
    pub(super) sensitive: Option<String>,
}

#[derive(Args, Debug, Default)]
#[command(after_help = "\
Selectors of --only:
  GET /profiles/{id}                      an operation, with the types it takes and gives
  profile.v1.ProfileService/GetProfile    an rpc
  profile.v1.Profile                      a message or enumeration, with the types inside it
  Profile.birthdate                       the message that has this field
  'GET *'                                 everything that matches
The front of a name may be left out.")]
pub(super) struct Contracts {
    /// Folders of the workspace [default: .]
    pub(super) paths: Vec<PathBuf>,
    /// Only contracts whose id, title or a file of theirs matches; `*` is any run of characters
    #[arg(long, value_name = "GLOB")]
    pub(super) contract: Option<String>,
    /// Only an operation or a type, and the types inside it
    #[arg(long, value_name = "SELECTOR")]
    pub(super) only: Option<String>,
    /// Cut no list and no value
    #[arg(long, short = 'v')]
    pub(super) all: bool,
    /// Say of each line where it is from: `file:line:column`
    #[arg(long)]
    pub(super) places: bool,
}

impl Contracts {
    /// All contracts of these folders, in short.
    pub(super) fn of(paths: &[PathBuf]) -> Self {
        Self { paths: paths.to_vec(), ..Self::default() }
    }
}

impl Cli {
    /// The folders of whatever command.
    pub(super) fn paths(&self) -> &[PathBuf] {
        match &self.command {
            Some(
                Command::Check { paths }
                | Command::Map(Map { paths, .. })
                | Command::Contracts(Contracts { paths, .. })
                | Command::Unresolved(Unresolved { paths, .. })
                | Command::Explain { paths, .. }
                | Command::Libraries { paths }
                | Command::Uses(Uses { paths, .. }),
            ) => paths,
            Some(Command::Rules | Command::Diff(_)) | None => &self.paths,
        }
    }
}

/// What every command understands.
#[derive(Args, Debug)]
#[command(next_help_heading = "Global options")]
pub(super) struct Common {
    /// Compare with this git revision or folder; of a branch, with the commit where HEAD left it
    #[arg(long, global = true, value_name = "REF|DIR")]
    pub(super) against: Option<String>,

    /// Form of the output: pretty, concise, json or github of `check`; the same, text and markdown of
    /// `diff`; table or json of the others; csv, mermaid or dot of `map`
    #[arg(long, global = true, value_enum, hide_possible_values = true)]
    pub(super) format: Option<Format>,

    /// Exit with 1 from this level on
    #[arg(long, global = true, value_enum, default_value_t = FailOn::Error, value_name = "LEVEL")]
    pub(super) fail_on: FailOn,

    /// The configuration; left out, contract-lint.yaml of the folder or its repository
    #[arg(long, global = true, value_name = "FILE")]
    pub(super) config: Option<PathBuf>,

    /// Hide findings that are less sure
    #[arg(long, global = true, value_enum, value_name = "CONFIDENCE")]
    pub(super) min_confidence: Option<MinConfidence>,

    /// Hide findings below this level [default: warning]
    #[arg(long, global = true, value_enum, value_name = "LEVEL")]
    pub(super) min_level: Option<MinLevel>,

    /// Report findings in test code too
    #[arg(long, global = true)]
    pub(super) include_tests: bool,

    /// The day that dates are compared with, YYYY-MM-DD [default: today]
    #[arg(long, global = true, value_name = "DATE")]
    pub(super) today: Option<Date>,

    /// Colours
    #[arg(long, global = true, value_enum, default_value_t = Color::Auto, value_name = "WHEN")]
    pub(super) color: Color,

    /// Print the configuration in force, and do nothing else
    #[arg(long, global = true)]
    pub(super) show_config: bool,

    /// Findings only: no remarks on standard error
    #[arg(long, short, global = true)]
    pub(super) quiet: bool,

    /// Write the numbers of findings as `name=value` lines into this file, for scripts
    #[arg(long, global = true, value_name = "FILE", hide = true)]
    pub(super) counts: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// For people, with excerpts
    Pretty,
    /// For people
    Text,
    /// For people, in columns
    Table,
    /// One line for each finding
    Concise,
    /// For programs, versioned
    Json,
    /// For a comment or a page
    Markdown,
    /// For spreadsheets
    Csv,
    /// A drawing for Markdown
    Mermaid,
    /// A drawing for Graphviz
    Dot,
    /// Annotations of GitHub Actions
    Github,
}

impl Format {
    /// The word on the command line.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Pretty => "pretty",
            Self::Text => "text",
            Self::Table => "table",
            Self::Concise => "concise",
            Self::Json => "json",
            Self::Markdown => "markdown",
            Self::Csv => "csv",
            Self::Mermaid => "mermaid",
            Self::Dot => "dot",
            Self::Github => "github",
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum FailOn {
    Error,
    Warning,
    Never,
}

impl FailOn {
    /// Whether a finding of this level fails the run.
    pub(super) fn fails(self, level: Level) -> bool {
        match self {
            Self::Error => level >= Level::Error,
            Self::Warning => level >= Level::Warning,
            Self::Never => false,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Color {
    Auto,
    Always,
    Never,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum MinConfidence {
    Unknown,
    Possible,
    Likely,
    Certain,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum MinLevel {
    Info,
    Warning,
    Error,
}

impl From<MinLevel> for Level {
    fn from(level: MinLevel) -> Self {
        match level {
            MinLevel::Info => Self::Info,
            MinLevel::Warning => Self::Warning,
            MinLevel::Error => Self::Error,
        }
    }
}

impl From<MinConfidence> for Confidence {
    fn from(confidence: MinConfidence) -> Self {
        match confidence {
            MinConfidence::Unknown => Self::Unknown,
            MinConfidence::Possible => Self::Possible,
            MinConfidence::Likely => Self::Likely,
            MinConfidence::Certain => Self::Certain,
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_arguments_do_not_contradict_each_other() {
        Cli::command().debug_assert();
    }

    #[test]
    fn a_flag_means_the_same_before_and_behind_the_command() {
        for line in [["contract-lint", "--quiet", "map", "x"], ["contract-lint", "map", "x", "--quiet"]] {
            let cli = Cli::try_parse_from(line).unwrap();
            assert!(cli.common.quiet);
            assert_eq!(cli.paths(), [PathBuf::from("x")]);
        }
    }
}
