//! The tree: for each contract what it is, its operations, its types, and what could not be read.

mod operations;
mod types;

use std::collections::BTreeSet;
use std::io::{self, Write};

use super::block::{Block, Note, Row, Tone, heading};
use super::contents::{Contents, Part, declared_enums};
use super::place::Finder;
use super::words::Words;
use super::{Detail, Listing};
use crate::model::contract::{Contract, ProtoFile};
use crate::model::problem::{Problem, ProblemKind};
use crate::model::source::{FileId, Site};
use crate::report::style::{FAINT, PROBLEM, STRONG};
use crate::report::{clean, counted};

/// Elements of one list that are shown.
const LONG: usize = 40;
/// Problems of one contract that are shown.
const PROBLEMS: usize = 10;

/// One contract as it is being written.
struct View<'a> {
    part: &'a Part<'a>,
    words: Words<'a>,
    finder: &'a Finder<'a>,
    detail: Detail,
}

/// The tree, and a footer that says first what could not be read.
pub fn write(listing: &Listing<'_>, detail: Detail, out: &mut dyn Write) -> io::Result<()> {
    let contents = Contents::of(listing);
    let finder = Finder::new(listing.places);
    let declared = declared_enums(&listing.analysis.head);
    for part in &contents.parts {
        view(listing, part, &finder, &declared, detail).write(listing, out)?;
        writeln!(out)?;
    }
    footer(&contents, &finder, detail, out)
}

fn view<'a>(
    listing: &Listing<'a>,
    part: &'a Part<'a>,
    finder: &'a Finder<'a>,
    declared: &'a BTreeSet<&'a str>,
    detail: Detail,
) -> View<'a> {
    let words = Words { catalog: &listing.analysis.head, contract: part.contract, declared, all: detail.all };
    View { part, words, finder, detail }
}

impl View<'_> {
    fn write(&self, listing: &Listing<'_>, out: &mut dyn Write) -> io::Result<()> {
        let contract = self.part.contract;
        let version = format!("{} {}", contract.kind.name(), contract.version);
        let mut notes = vec![Note::plain(version.trim())];
        notes.extend((contract.title != contract.id).then(|| Note::new(Tone::Faint, &contract.title)));
        heading(&contract.id, &notes, self.place(&contract.site).as_deref(), 0, out)?;
        self.head(listing, out)?;
        write_problems(&self.part.problems, self.finder, self.detail, 2, out)?;
        self.operations(out)?;
        self.types(out)
    }

    /// What the contract says of itself.
    fn head(&self, listing: &Listing<'_>, out: &mut dyn Write) -> io::Result<()> {
        let contract = self.part.contract;
        let mut block = Block::default();
        if let Some(provider) = contract.provider {
            block.push(Row::new(["provider", listing.analysis.workspace.name(provider), ""], Vec::new()));
        }
        self.files(contract, &mut block);
        let paths = |files: &[FileId]| self.words.joined(files.iter().map(|it| self.path(*it).to_owned()), files.len());
        if !contract.copies.is_empty() {
            let folded = Note::plain(format!("{} folded: {}", contract.copies.len(), paths(&contract.copies)));
            block.push(Row::new(["copies", "", ""], vec![folded]));
        }
        if !contract.servers.is_empty() {
            let servers = self.words.joined(contract.servers.iter().cloned(), contract.servers.len());
            block.push(Row::new(["servers", "", ""], vec![Note::plain(servers)]));
        }
        for scheme in &contract.security_schemes {
            let kind = Note::plain(format!("{}: {}", scheme.name, scheme.kind));
            block.push(Row::new(["security", "", ""], vec![kind]).at(self.place(&scheme.site)));
        }
        for (name, value) in &contract.options {
            block.push(Row::new(["option", "", ""], vec![Note::plain(format!("{name} = {}", self.words.cut(value)))]));
        }
        block.write(2, out)
    }

    /// The files, of protobuf with their syntax and imports. One file that bears the name of the contract
    /// is not said twice.
    fn files(&self, contract: &Contract, block: &mut Block) {
        let is_known = |file: FileId| self.path(file) == contract.id && contract.files.len() == 1;
        let shown = self.shown(contract.files.len());
        for (at, file) in contract.files.iter().enumerate().take(shown).filter(|(_, file)| !is_known(**file)) {
            let notes = contract.proto_files.get(at).map(|it| self.proto_file(it)).unwrap_or_default();
            block.push(Row::new(["file", self.path(*file), ""], notes));
        }
        if let more @ 1.. = contract.files.len() - shown {
            block.push(Row::more(more));
        }
    }

    fn proto_file(&self, file: &ProtoFile) -> Vec<Note> {
        let mut notes = vec![Note::plain(file.syntax.name())];
        let missing: Vec<String> = file.imports.iter().filter(|it| it.missing).map(|it| it.path.clone()).collect();
        if !missing.is_empty() {
            let names = self.words.joined(missing.iter().cloned(), missing.len());
            notes.push(Note::new(Tone::Mark, format!("import not found: {names}")));
        }
        if self.detail.all && !file.imports.is_empty() {
            let names: Vec<&str> = file.imports.iter().map(|it| it.path.as_str()).collect();
            notes.push(Note::new(Tone::Faint, format!("imports {}", names.join(" "))));
        }
        notes.extend(super::words::marks(&file.marks));
        let known = |name: &str| self.part.contract.options.iter().any(|(known, _)| known == name);
        let others: Vec<_> = file.options.iter().filter(|option| !known(&option.name)).cloned().collect();
        notes.extend(self.words.options(&others));
        notes
    }

    fn path(&self, file: FileId) -> &str {
        &self.finder.sources().get(file).path
    }

    /// `path:line:col`, where places are asked for.
    fn place(&self, site: &Site) -> Option<String> {
        self.detail.places.then(|| self.finder.name(site))
    }

    /// How many of so many elements are shown.
    fn shown(&self, count: usize) -> usize {
        if self.detail.all { count } else { count.min(LONG) }
    }

    /// `operations (12)`
    fn title(&self, name: &str, count: usize, out: &mut dyn Write) -> io::Result<()> {
        let cut = if self.shown(count) < count { format!(", {} shown", self.shown(count)) } else { String::new() };
        writeln!(out, "  {name} {FAINT}({count}{cut}){FAINT:#}")
    }

    /// Says how many are not shown.
    fn more(&self, count: usize, indent: usize, out: &mut dyn Write) -> io::Result<()> {
        match count - self.shown(count) {
            0 => Ok(()),
            more => writeln!(out, "{:indent$}{FAINT}... {more} more, show with --all{FAINT:#}", ""),
        }
    }
}

fn write_problems(
    problems: &[&Problem],
    finder: &Finder<'_>,
    detail: Detail,
    indent: usize,
    out: &mut dyn Write,
) -> io::Result<()> {
    let shown = if detail.all { problems.len() } else { problems.len().min(PROBLEMS) };
    for problem in problems.iter().take(shown) {
        let word = if problem.kind == ProblemKind::Note { "note" } else { "problem" };
        let place = match (&problem.site, &problem.path) {
            (Some(site), _) => format!("{}: ", finder.name(site)),
            (None, Some(path)) if !path.is_empty() => format!("{}: ", clean(path)),
            (None, _) => String::new(),
        };
        writeln!(out, "{:indent$}{PROBLEM}{word}{PROBLEM:#}: {place}{}", "", clean(&problem.message))?;
    }
    match problems.len() - shown {
        0 => Ok(()),
        more => writeln!(out, "{:indent$}{FAINT}... {more} more, show with --all{FAINT:#}", ""),
    }
}

/// What could not be read, then the counts.
fn footer(contents: &Contents<'_>, finder: &Finder<'_>, detail: Detail, out: &mut dyn Write) -> io::Result<()> {
    let parts = &contents.parts;
    let is_loss = |problem: &&&Problem| problem.kind == ProblemKind::ContractUnreadable;
    for part in parts {
        let lost = part.problems.iter().filter(is_loss).count();
        if lost > 0 {
            let id = clean(&part.contract.id);
            writeln!(out, "{PROBLEM}not read in full{PROBLEM:#}: {id} ({})", counted(lost, "problem"))?;
        }
    }
    write_problems(&contents.unplaced, finder, detail, 0, out)?;
    let sum = |count: fn(&Part<'_>) -> usize| parts.iter().map(count).sum::<usize>();
    let problems = parts.iter().map(|part| part.problems.len()).sum::<usize>() + contents.unplaced.len();
    let counts = [
        (sum(|part| part.operations.len()), "operation"),
        (sum(|part| part.messages.len()), "message"),
        (sum(|part| part.messages.iter().map(|(_, it)| it.fields.len()).sum()), "field"),
        (sum(|part| part.enums.len()), "enumeration"),
        (sum(|part| part.contract.schemas.len()), "schema"),
        (problems, "problem"),
    ];
    if counts.iter().all(|(count, _)| *count == 0) {
        return writeln!(out, "{STRONG}{}{STRONG:#}", counted(parts.len(), "contract"));
    }
    writeln!(
        out,
        "{STRONG}{}{STRONG:#}: {}",
        counted(parts.len(), "contract"),
        counts
            .iter()
            .filter(|(count, _)| *count > 0)
            .map(|(count, noun)| counted(*count, noun))
            .collect::<Vec<_>>()
            .join(", ")
    )
}
