//! What the pipeline says about a small workspace.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use contract_lint::check::document::{Document, ExampleFile};
use contract_lint::check::{self, Checked};
use contract_lint::model::analysis::Analysis;
use contract_lint::model::finding::{Finding, Level};
use contract_lint::model::problem::ProblemKind;
use contract_lint::model::source::Site;
use contract_lint::settings::{self, Arguments};
use contract_lint::{Input, analyse, contract, rules};
use tempfile::TempDir;

/// A finding where people see it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Line {
    pub(crate) path: String,
    pub(crate) at: usize,
    pub(crate) rule: &'static str,
    pub(crate) level: Level,
    pub(crate) message: String,
}

/// What came out of a run.
pub(crate) struct Outcome {
    pub(crate) lines: BTreeSet<Line>,
    /// What could not be read.
    pub(crate) problems: Vec<String>,
}

/// Writes both sides to folders and runs the whole pipeline over them, with every rule.
pub(crate) fn run(head: &[&ExampleFile], base: Option<&[&ExampleFile]>) -> Outcome {
    let head = written(head);
    let base = base.map(written);
    let known: Vec<String> = known_rules();
    let arguments = Arguments {
        roots: vec![head.path().to_owned()],
        min_level: Some(Level::Info),
        today: Some("2026-06-01".parse().unwrap()),
        ..Arguments::default()
    };
    let settings = settings::load(&arguments, &known.iter().map(String::as_str).collect::<Vec<_>>()).unwrap();
    let input = Input {
        roots: vec![head.path().to_owned()],
        against: base.as_ref().map(|folder| folder.path().to_str().unwrap().to_owned()),
    };
    let analysis = analyse(&input, &settings);
    let locate = |site: &Site| contract::locate(&analysis.sources, site);
    let checked = check::check(&analysis, rules::ALL, &settings, &locate);
    outcome(&analysis, &checked, head.path())
}

fn outcome(analysis: &Analysis, checked: &Checked, root: &Path) -> Outcome {
    let problems = analysis.problems.iter().filter(|problem| problem.kind != ProblemKind::Note);
    Outcome {
        lines: checked.findings.iter().map(|finding| line(analysis, finding, root)).collect(),
        problems: problems.map(|problem| format!("{}: {}", problem.kind.name(), problem.message)).collect(),
    }
}

fn line(analysis: &Analysis, finding: &Finding, root: &Path) -> Line {
    let span = contract::locate(&analysis.sources, &finding.site);
    let path = Path::new(&analysis.sources.get(span.file).path);
    Line {
        path: path.strip_prefix(root).unwrap_or(path).to_str().unwrap().to_owned(),
        at: analysis.sources.start(span).line as usize,
        rule: finding.rule,
        level: finding.level,
        message: finding.message.clone(),
    }
}

/// Ids and aliases that a configuration may name.
fn known_rules() -> Vec<String> {
    let aliases = rules::ALL.iter().flat_map(|rule| Document::parse(rule.doc).unwrap().aliases);
    rules::ALL.iter().map(|rule| rule.id.to_owned()).chain(aliases).collect()
}

fn written(files: &[&ExampleFile]) -> TempDir {
    let folder = TempDir::new().unwrap();
    for file in files {
        let path = folder.path().join(&file.path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, &file.text).unwrap();
    }
    folder
}
