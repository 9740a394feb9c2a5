//! `contract-lint diff BASE HEAD`: what differs between two revisions of contracts.

use std::time::Instant;

use super::args::{Common, Diff, Format, Tool};
use super::exit::Exit;
use super::failure::Failure;
use super::locator::Locator;
use super::progress::Progress;
use super::rulebook::Rulebook;
use super::session::load_settings;
use super::streams::Streams;
use crate::check::graded::{Graded, Grades, grade};
use crate::model::analysis::Analysis;
use crate::model::change::Compatibility;
use crate::model::contract::{Catalog, ContractKind};
use crate::model::finding::Level;
use crate::model::problem::{Problem, ProblemKind};
use crate::model::settings::ProtobufLevel;
use crate::report::changes::{self, Counts, Listing, Row};
use crate::report::{Hidden, Places, summary};
use crate::{compare, contract, rules, settings};

pub(super) fn run(common: &Common, arguments: &Diff, streams: &mut Streams) -> Result<Exit, Failure> {
    let started = Instant::now();
    let print = writer(common.format)?;
    if common.against.is_some() {
        return Err(Failure::usage("`diff` is given both sides, and --against names another"));
    }
    let mut settings = load_settings(common, &arguments.roots(), &Rulebook::open())?;
    if let Some(file) = &arguments.accepted {
        settings.accepted = settings::accepted(file).map_err(Failure::Configuration)?;
    }
    let progress = Progress::of("comparing", common.quiet);
    let mut analysis = compare(&arguments.base, &arguments.head, &settings);
    drop(progress);
    check_kinds(&analysis, arguments)?;
    let missing = missing(&analysis, arguments);
    say_problems(&analysis, streams);
    if is_lost(&analysis, arguments) {
        analysis.changes.clear();
    }
    let locator = Locator::new(&analysis);
    let grades = grade(&analysis, rules::ALL, &settings, &|site| locator.locate(site));
    say(&grades.notes, &analysis, streams);
    let exit = exit(&grades.graded, common, &missing);

    let names = Names { tool: arguments.tool, level: settings.protobuf.compatibility };
    let (shown, hidden) = select(&grades, arguments, common, names);
    let rows = rows(&shown, names);
    let places = Places::resolve(
        &analysis.sources,
        rows.iter().flat_map(|row| changes::sites(row.change)),
        contract::locate_all,
    );
    let listing = Listing {
        analysis: &analysis,
        rows: &rows,
        places: &places,
        counts: Counts::of(grades.graded.iter().map(|graded| graded.change)),
        hidden: &hidden,
        missing: &missing,
        exit: exit.code(),
        elapsed: started.elapsed(),
    };
    print(&listing, streams.out())?;
    streams.flush()?;
    streams.complain(|err| summary::missing(&missing, err));
    if !is_lost(&analysis, arguments) {
        streams.remark(|err| changes::footer(&listing, err));
    }
    Ok(exit)
}

type Writer = fn(&Listing<'_>, &mut dyn std::io::Write) -> std::io::Result<()>;

fn writer(format: Option<Format>) -> Result<Writer, Failure> {
    match format {
        None | Some(Format::Pretty | Format::Text) => Ok(changes::write_text),
        Some(Format::Concise) => Ok(changes::write_lines),
        Some(Format::Markdown) => Ok(changes::write_markdown),
        Some(Format::Json) => Ok(changes::write_json),
        Some(Format::Github) => Ok(changes::write_github),
        Some(other) => {
            let name = other.name();
            Err(Failure::usage(format!("`diff` has no format `{name}`; it has text, concise, markdown, json, github")))
        }
    }
}

/// A change that could not be told counts as a warning.
fn exit(graded: &[Graded<'_>], common: &Common, missing: &[String]) -> Exit {
    let breaks = |graded: &Graded<'_>| graded.change.compatibility != Compatibility::Compatible;
    let fails = graded.iter().any(|graded| breaks(graded) && common.fail_on.fails(graded.level));
    let found = if fails { Exit::Findings } else { Exit::Clean };
    found.max(if missing.is_empty() { Exit::Clean } else { Exit::Incomplete })
}

/// Changes that were asked for, and how many there are beside them.
fn select<'a, 'g>(
    grades: &'g Grades<'a>,
    arguments: &Diff,
    common: &Common,
    names: Names,
) -> (Vec<&'g Graded<'a>>, Vec<Hidden>) {
    let is_wanted = |graded: &&Graded<'_>| arguments.all || graded.change.compatibility != Compatibility::Compatible;
    let least = common.min_level.map_or(Level::Info, Level::from);
    let (wanted, compatible): (Vec<_>, Vec<_>) = grades.graded.iter().partition(is_wanted);
    let (shown, low): (Vec<_>, Vec<_>) = wanted.into_iter().partition(|graded| graded.level >= least);
    let hidden = |count, what: &str, show: &str| Hidden { count, what: what.to_owned(), show: show.to_owned() };
    let below = format!("below level `{}`", least.name());
    let hidden = vec![
        hidden(compatible.len(), "compatible", "--all"),
        hidden(low.len(), &below, "--min-level info"),
        hidden(grades.ignored, "by `contract-lint: ignore` comments and extensions", ""),
        hidden(grades.accepted, "accepted", ""),
        hidden(grades.off, "of rules that are switched off", ""),
        hidden(nameless(&shown, names), "which that tool has no id for", ""),
    ];
    (shown, hidden)
}

/// What changes are called.
#[derive(Clone, Copy)]
struct Names {
    /// By the ids of this tool.
    tool: Option<Tool>,
    /// Of buf those of this category; of the one that buf itself takes, if none is configured.
    level: Option<ProtobufLevel>,
}

impl Names {
    /// The ids that the tool has for a change.
    fn of<'g>(self, graded: &'g Graded<'_>, tool: Tool) -> impl Iterator<Item = &'g str> {
        let level = self.level.unwrap_or(ProtobufLevel::File);
        let is_one = move |id: &&str| tool.knows(id) && (tool != Tool::Buf || level.has(id));
        graded.aliases.iter().map(String::as_str).filter(is_one)
    }
}

/// Changes that another tool does not know.
fn nameless(shown: &[&Graded<'_>], names: Names) -> usize {
    let Some(tool) = names.tool else { return 0 };
    shown.iter().filter(|graded| names.of(graded, tool).next().is_none()).count()
}

/// A row for each change, or for each id that a tool has for it.
fn rows<'a>(shown: &'a [&'a Graded<'a>], names: Names) -> Vec<Row<'a>> {
    let row = |graded: &'a Graded<'a>, rule: &'a str| Row {
        change: graded.change,
        rule,
        level: graded.level,
        message: &graded.message,
        notes: &graded.notes,
        aliases: &graded.aliases,
        fingerprint: graded.fingerprint.as_deref(),
    };
    let rows = shown.iter().flat_map(|graded| match names.tool {
        None => vec![row(graded, graded.change.kind.id())],
        Some(tool) => names.of(graded, tool).map(|id| row(graded, id)).collect(),
    });
    rows.collect()
}

/// Why the answer is not the whole truth; every reason names its side.
fn missing(analysis: &Analysis, arguments: &Diff) -> Vec<String> {
    let lost = analysis.problems.iter().filter(|problem| problem.kind.makes_incomplete());
    let lost = lost.map(|problem| {
        let file = problem.site.as_ref().map(|site| analysis.sources.get(site.file()).shown());
        match file.or(problem.path.as_deref()).filter(|path| !path.is_empty()) {
            Some(path) => format!("{path}: {}", problem.message),
            None => problem.message.clone(),
        }
    });
    let missing: Vec<String> = lost.collect();
    if !missing.is_empty() {
        return missing;
    }
    let empty = empty_sides(analysis, arguments);
    let none = |side| format!("no contract found in `{side}`: looked for OpenAPI documents and .proto files");
    empty.into_iter().map(none).collect()
}

/// Sides that are there and hold no contract. One that a revision does not have is another matter.
fn empty_sides<'a>(analysis: &Analysis, arguments: &'a Diff) -> Vec<&'a str> {
    let is_absent = |side: &str| {
        analysis.problems.iter().any(|it| it.kind == ProblemKind::Note && it.path.as_deref() == Some(side))
    };
    let sides = [(&arguments.base, analysis.base.as_ref()), (&arguments.head, Some(&analysis.head))];
    let is_empty = |catalog: Option<&Catalog>| catalog.is_none_or(|catalog| catalog.contracts.is_empty());
    let empty = sides.into_iter().filter(|(side, catalog)| is_empty(*catalog) && !is_absent(side));
    empty.map(|(side, _)| side.as_str()).collect()
}

/// Whether one of the sides is not there at all: everything would look new or gone.
fn is_lost(analysis: &Analysis, arguments: &Diff) -> bool {
    let is_missing = analysis.problems.iter().any(|problem| problem.kind == ProblemKind::BaseMissing);
    is_missing || !empty_sides(analysis, arguments).is_empty()
}

/// A document of one kind is no revision of one of another.
fn check_kinds(analysis: &Analysis, arguments: &Diff) -> Result<(), Failure> {
    let only = |catalog: &Catalog| if let [one] = catalog.contracts.as_slice() { Some(one.kind) } else { None };
    match (analysis.base.as_ref().and_then(only), only(&analysis.head)) {
        (Some(base), Some(head)) if base != head => Err(Failure::usage(format!(
            "`{}` is {} and `{}` is {}: there is nothing to compare",
            arguments.base,
            name(base),
            arguments.head,
            name(head)
        ))),
        _ => Ok(()),
    }
}

const fn name(kind: ContractKind) -> &'static str {
    match kind {
        ContractKind::OpenApi => "OpenAPI",
        ContractKind::Protobuf => "protobuf",
        ContractKind::Code => "code",
    }
}

fn say_problems(analysis: &Analysis, streams: &mut Streams) {
    let told = analysis.problems.iter().filter(|problem| !problem.kind.makes_incomplete());
    let problems: Vec<_> = told.cloned().collect();
    say(&problems, analysis, streams);
}

fn say(problems: &[Problem], analysis: &Analysis, streams: &mut Streams) {
    let sites = problems.iter().filter_map(|problem| problem.site.as_ref());
    let places = Places::resolve(&analysis.sources, sites, contract::locate_all);
    streams.remark(|err| summary::problems(problems, &places, err));
}
