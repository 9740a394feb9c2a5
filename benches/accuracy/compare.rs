//! What the map says against what the judge says, place by place.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::{self, Write as _};

use serde_json::Value;

/// What is done at a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    /// An operation is called.
    Call,
    /// A field is read.
    Read,
    /// A field is set.
    Write,
}

impl Kind {
    fn parse(text: &str) -> Option<Self> {
        match text {
            "call" => Some(Self::Call),
            "read" => Some(Self::Read),
            "write" => Some(Self::Write),
            _ => None,
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Call => "calls",
            Self::Read => "reads",
            Self::Write => "writes",
        }
    }
}

/// A fact of the judge.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Fact {
    file: String,
    /// The line of the name.
    line: u64,
    /// The first line of the whole expression, which may be some lines above.
    first_line: u64,
    kind: Kind,
    /// Message, service, or `GET /profiles/{id}`; several of them, one of which it is, with `|` between them.
    owner: String,
    /// Field or rpc; empty for a call of an owner that is an operation.
    name: String,
}

/// All that a judge has said, and of which files.
#[derive(Clone, Debug, Default)]
pub(crate) struct Truth {
    /// What was judged in which file; nothing named: everything.
    files: BTreeMap<String, Vec<Kind>>,
    facts: BTreeSet<Fact>,
    /// Places of which the judge cannot tell what is used there.
    open: Vec<Fact>,
}

impl Truth {
    /// Adds the rows of a table: kind, owner, name, file, line, first line. What begins with `#`
    /// is a remark. A `file` row names a file that was judged, so that nothing found there counts too,
    /// and, as its owner, the kinds that were (`read,write`) if not all. The owner `?` is something that the judge
    /// cannot name: what is claimed there counts neither way.
    pub(crate) fn read(&mut self, table: &str) -> Result<(), String> {
        for row in table.lines().filter(|row| !row.is_empty() && !row.starts_with('#')) {
            let columns: Vec<&str> = row.split('\t').collect();
            let [kind, owner, name, file, line, rest @ ..] = columns.as_slice() else {
                return Err(format!("too few columns: {row}"));
            };
            let judged = self.files.entry((*file).to_owned()).or_default();
            if *kind == "file" {
                judged.extend(owner.split(',').filter_map(Kind::parse));
                continue;
            }
            let kind = Kind::parse(kind).ok_or_else(|| format!("no such kind: {row}"))?;
            let number = |text: &str| text.parse().map_err(|_| format!("no line: {row}"));
            let line = number(line)?;
            let first_line = rest.first().map_or(Ok(line), |first| number(first))?;
            let (owner, name, file) = ((*owner).to_owned(), (*name).to_owned(), (*file).to_owned());
            let fact = Fact { file, line, first_line, kind, owner, name };
            if fact.owner == "?" {
                self.open.push(fact);
            } else {
                self.facts.insert(fact);
            }
        }
        Ok(())
    }
}

impl Truth {
    fn judges(&self, claim: &Claim) -> bool {
        let is_open = self.open.iter().any(|fact| claim.stands_at(fact));
        !is_open && self.files.get(&claim.file).is_some_and(|kinds| kinds.is_empty() || kinds.contains(&claim.kind))
    }
}

/// A claim of the map, in the terms of the judge.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Claim {
    file: String,
    line: u64,
    kind: Kind,
    operation: String,
    /// `profile.v1.Profile`, of a field.
    message: String,
    name: String,
}

impl Claim {
    fn of(edge: &Value) -> Option<Self> {
        let text = |key: &str| edge[key].as_str().unwrap_or_default().to_owned();
        if matches!(edge["confidence"].as_str(), Some("unknown" | "possible")) || edge["foreign"] == true {
            return None;
        }
        let kind = Kind::parse(edge["access"].as_str()?)?;
        // Where a service answers an operation, nobody is called.
        if kind == Kind::Call && edge["role"] != "consumer" {
            return None;
        }
        let operation = text("operation");
        let (message, name) = match kind {
            // `shop.Cart/Get`, or `GET /carts/{id}`, whose path is no name.
            Kind::Call if operation.contains(' ') => (String::new(), String::new()),
            Kind::Call => operation.rsplit_once('/').map(|(_, rpc)| (String::new(), rpc.to_owned()))?,
            _ => text("declaredField").rsplit_once('.').map(|(message, name)| (message.to_owned(), name.to_owned()))?,
        };
        Some(Self { file: text("file"), line: edge["line"].as_u64()?, kind, operation, message, name })
    }

    fn says(&self, fact: &Fact) -> bool {
        self.stands_at(fact) && self.names(fact)
    }

    fn stands_at(&self, fact: &Fact) -> bool {
        let placed = fact.kind == self.kind && (fact.first_line..=fact.line).contains(&self.line);
        placed && fact.file == self.file
    }

    fn names(&self, fact: &Fact) -> bool {
        if fact.owner.contains(' ') {
            let is_operation = fact.owner.split('|').any(|operation| operation == self.operation);
            return is_operation && (fact.name.is_empty() || plain(&fact.name) == plain(&self.name));
        }
        let owner = if self.kind == Kind::Call {
            self.operation.rsplit_once('/').map_or("", |(service, _)| service)
        } else {
            &self.message
        };
        let is_owner = fact.owner.split('|').any(|name| plain(owner).ends_with(&plain(name)));
        is_owner && plain(&fact.name) == plain(&self.name)
    }

    /// The same place and field, whatever the operation.
    fn key(&self) -> (&str, u64, Kind, &str, &str) {
        let operation = if self.message.is_empty() { self.operation.as_str() } else { "" };
        (&self.file, self.line, self.kind, if operation.is_empty() { &self.message } else { operation }, &self.name)
    }
}

/// Generators change case and separators, never letters.
fn plain(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Counts of one kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Score {
    /// Facts that the map has.
    pub(crate) found: usize,
    /// Facts that it lacks.
    pub(crate) missed: usize,
    /// Claims that are true.
    pub(crate) right: usize,
    /// Claims that are not.
    pub(crate) wrong: usize,
}

impl Score {
    /// Of what is said, how much is true.
    #[must_use]
    pub(crate) fn precision(&self) -> f64 {
        ratio(self.right, self.right + self.wrong)
    }

    /// Of what is true, how much is said.
    #[must_use]
    pub(crate) fn recall(&self) -> f64 {
        ratio(self.found, self.found + self.missed)
    }
}

fn ratio(part: usize, whole: usize) -> f64 {
    let count = |number: usize| f64::from(u32::try_from(number).unwrap_or(u32::MAX));
    if whole == 0 { 1.0 } else { count(part) / count(whole) }
}

/// The outcome: figures by language and kind, and every place that differs.
#[derive(Clone, Debug, Default)]
pub(crate) struct Verdict {
    /// By file name extension and kind.
    pub(crate) scores: BTreeMap<(String, Kind), Score>,
    /// What the map lacks, and what it should not say.
    pub(crate) differences: Vec<String>,
}

/// Operations and fields that are known from code alone. Nothing is generated from these, so that judges say nothing of them.
fn unwritten(map: &Value) -> BTreeSet<&str> {
    let ids = |is_code: bool| {
        let contracts = map["contracts"].as_array().map_or(&[][..], Vec::as_slice);
        let contracts = contracts.iter().filter(move |contract| (contract["kind"] == "code") == is_code);
        let items = contracts.flat_map(|contract| [&contract["operations"], &contract["fields"]]);
        let items = items.flat_map(|items| items.as_array().map_or(&[][..], Vec::as_slice));
        items.filter_map(|item| item["id"].as_str()).collect::<BTreeSet<&str>>()
    };
    ids(true).difference(&ids(false)).copied().collect()
}

/// Compares a map, as `map --format json` prints it, with the truth. Only judged files count.
pub(crate) fn compare(map: &Value, truth: &Truth) -> Verdict {
    let edges = map["edges"].as_array().map_or(&[][..], Vec::as_slice);
    let unwritten = unwritten(map);
    let is_written = |edge: &&Value| {
        let owner = if edge["access"] == "call" { &edge["operation"] } else { &edge["declaredField"] };
        !owner.as_str().is_some_and(|owner| unwritten.contains(owner))
    };
    let mut claims: Vec<Claim> = edges.iter().filter(is_written).filter_map(Claim::of).collect();
    claims.retain(|claim| truth.judges(claim));
    claims.sort();
    let mut verdict = Verdict::default();
    for fact in &truth.facts {
        let score = verdict.scores.entry((language(&fact.file), fact.kind)).or_default();
        if claims.iter().any(|claim| claim.says(fact)) {
            score.found += 1;
        } else {
            score.missed += 1;
            let Fact { file, line, owner, name, .. } = fact;
            verdict.differences.push(format!("{file}:{line}: missed {}: {owner} {name}", fact.kind.name()));
        }
    }
    let mut right: BTreeMap<(&str, u64, Kind, &str, &str), bool> = BTreeMap::new();
    for claim in &claims {
        *right.entry(claim.key()).or_default() |= truth.facts.iter().any(|fact| claim.says(fact));
    }
    for ((file, line, kind, owner, name), is_right) in right {
        let score = verdict.scores.entry((language(file), kind)).or_default();
        if is_right {
            score.right += 1;
        } else {
            score.wrong += 1;
            verdict.differences.push(format!("{file}:{line}: wrong {}: {owner} {name}", kind.name()));
        }
    }
    verdict.differences.sort();
    verdict
}

fn language(file: &str) -> String {
    file.rsplit_once('.').map_or("", |(_, extension)| extension).to_owned()
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut table = String::from("language kind    precision            recall\n");
        for ((language, kind), score) in &self.scores {
            let Score { found, missed, right, wrong } = score;
            let said = format!("{:.3} ({right}/{})", score.precision(), right + wrong);
            let known = format!("{:.3} ({found}/{})", score.recall(), found + missed);
            writeln!(table, "{language:<8} {:<7} {said:<20} {known}", kind.name())?;
        }
        f.write_str(&table)
    }
}
