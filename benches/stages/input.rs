//! What is measured: workspaces, each with what every stage makes of it, made once.

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use contract_lint::check::{self, Checked};
use contract_lint::model::analysis::Analysis;
use contract_lint::model::ir::Module;
use contract_lint::model::settings::Settings;
use contract_lint::model::source::{FileKind, Language, Revision, Site, SourceFile, Sources, Span};
use contract_lint::model::usage::Facts;
use contract_lint::report::map_json;
use contract_lint::settings::{self, Arguments};
use contract_lint::{Input, analyse, contract, evaluate, lower, rules};
use tempfile::TempDir;

use crate::generate::{Side, Size, is_gone, workspace};

/// Names the folder of real input.
const REAL: &str = "CONTRACT_LINT_BENCH_DIR";

/// The day that rules go by, so that every run finds the same.
pub(crate) const TODAY: &str = "2026-06-01";

/// A workspace to measure on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Case {
    /// 8 services.
    Small,
    /// Four times as many: times that are four times as long are linear.
    Large,
    /// The folder that the environment names.
    Real,
}

impl fmt::Display for Case {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Small => "1 small",
            Self::Large => "2 large (x4)",
            Self::Real => "3 real",
        })
    }
}

/// Every case there is input for.
pub(crate) fn cases() -> Vec<Case> {
    let mut cases = vec![Case::Small, Case::Large];
    if real().is_some() {
        cases.push(Case::Real);
    }
    cases
}

/// The cases that give a stage something to do; the time of doing nothing tells nothing.
pub(crate) fn cases_where(has_work: impl Fn(&Prepared) -> bool) -> Vec<Case> {
    cases().into_iter().filter(|case| has_work(case.prepared())).collect()
}

/// The cases in which some file is of a kind.
pub(crate) fn cases_with(kind: FileKind) -> Vec<Case> {
    cases_where(|prepared| prepared.analysis.sources.iter().any(|(_, file)| file.kind == kind))
}

fn real() -> Option<&'static Path> {
    static FOLDER: OnceLock<Option<PathBuf>> = OnceLock::new();
    let folder = FOLDER.get_or_init(|| {
        let folder = std::env::var_os(REAL).map(PathBuf::from);
        match &folder {
            Some(folder) => assert!(folder.is_dir(), "{REAL} is not a folder: {}", folder.display()),
            None => eprintln!("real input is skipped: {REAL} is not set"),
        }
        folder
    });
    folder.as_deref()
}

/// A workspace, and what each stage hands to the next.
pub(crate) struct Prepared {
    pub(crate) input: Input,
    pub(crate) settings: Settings,
    pub(crate) analysis: Analysis,
    pub(crate) modules: Vec<Module>,
    pub(crate) facts: Facts,
    pub(crate) checked: Checked,
    /// Every place of a contract that is written as a pointer.
    pub(crate) pointers: Vec<Site>,
    known: BTreeMap<Site, Span>,
    /// Generated files live as long as this.
    _folders: Vec<TempDir>,
}

impl Case {
    /// Made on first use.
    pub(crate) fn prepared(self) -> &'static Prepared {
        static PREPARED: [OnceLock<Prepared>; 3] = [const { OnceLock::new() }; 3];
        PREPARED[self as usize].get_or_init(|| {
            let prepared = match self {
                Self::Small => generated(Size { services: 8, operations: 20 }),
                Self::Large => generated(Size { services: 32, operations: 20 }),
                Self::Real => Prepared::new(real().expect("a real case has a folder"), None, Vec::new()),
            };
            eprintln!("{self}: {}", prepared.describe());
            prepared
        })
    }
}

fn generated(size: Size) -> Prepared {
    let [head, base] = [Side::Head, Side::Base].map(|side| {
        let folder = TempDir::new().expect("the folder for temporary files can be written");
        workspace(folder.path(), size, side);
        folder
    });
    let against = base.path().to_str().expect("the folder for temporary files has a name in UTF-8").to_owned();
    let path = head.path().to_owned();
    let prepared = Prepared::new(&path, Some(against), vec![head, base]);
    let calls = 2 * size.services * size.operations;
    let gone = 2 * size.services * (0..size.operations).filter(|operation| is_gone(*operation)).count();
    let coverage = &prepared.analysis.coverage;
    assert_eq!(coverage.calls, calls, "every generated call is seen");
    assert_eq!(coverage.unresolved, gone, "every call of an operation that is there is tied to it");
    assert!(!prepared.checked.findings.is_empty(), "generated code has findings");
    prepared
}

impl Prepared {
    fn new(root: &Path, against: Option<String>, folders: Vec<TempDir>) -> Self {
        let arguments = Arguments {
            roots: vec![root.to_owned()],
            today: Some(TODAY.parse().expect("it is a day")),
            ..Arguments::default()
        };
        let rules: Vec<&str> = rules::ALL.iter().map(|rule| rule.id).collect();
        let settings = settings::load(&arguments, &rules).expect("the configuration of the input is right");
        let input = Input { roots: arguments.roots, against };
        let analysis = analyse(&input, &settings);
        let (modules, _) = lower::lower(&analysis.sources, &analysis.workspace, lower::Tests::Kept);
        let (facts, _) = evaluate::evaluate(
            &modules,
            &analysis.workspace,
            &evaluate::Scope::of([&analysis.head]),
            evaluate::Own::default(),
        );
        let pointers = pointers(&analysis);
        let spans = contract::locate_all(&analysis.sources, &pointers);
        let known = pointers.iter().cloned().zip(spans).collect();
        let checked = Checked::default();
        let mut prepared =
            Self { input, settings, analysis, modules, facts, checked, pointers, known, _folders: folders };
        prepared.checked = prepared.check();
        prepared
    }

    /// Runs the rules. Places are known beforehand: finding them is a benchmark of its own.
    pub(crate) fn check(&self) -> Checked {
        check::check(&self.analysis, rules::ALL, &self.settings, &|site| self.locate(site))
    }

    fn locate(&self, site: &Site) -> Span {
        self.known.get(site).copied().unwrap_or_else(|| contract::locate(&self.analysis.sources, site))
    }

    /// Client code in one language.
    pub(crate) fn code(&self, language: Language) -> Vec<&SourceFile> {
        let sources = self.analysis.sources.iter().map(|(_, file)| file);
        sources.filter(|file| file.kind == FileKind::Code(language)).collect()
    }

    fn describe(&self) -> String {
        let analysis = &self.analysis;
        let head = analysis.sources.iter().filter(|(_, file)| file.revision == Revision::Head);
        let bytes: usize = head.map(|(_, file)| file.text.len()).sum();
        format!(
            "{} services, {} files, {} KB, {} contracts, {} operations, {} calls ({} tied to no contract), \
             {} edges, {} changes, {} findings, {} places",
            analysis.workspace.services.len(),
            analysis.coverage.files,
            bytes / 1000,
            analysis.head.contracts.len(),
            analysis.head.operations.len(),
            analysis.coverage.calls,
            analysis.coverage.unresolved,
            analysis.map.edges.len(),
            analysis.changes.len(),
            self.checked.findings.len(),
            self.pointers.len(),
        )
    }
}

fn pointers(analysis: &Analysis) -> Vec<Site> {
    let catalogs = std::iter::once(&analysis.head).chain(&analysis.base);
    let sites = catalogs.flat_map(map_json::sites).filter(|site| matches!(site, Site::Pointer { .. }));
    let mut sites: Vec<Site> = sites.cloned().collect();
    sites.sort();
    sites.dedup();
    sites
}

/// How many bytes some files have.
pub(crate) fn bytes(files: &[&SourceFile]) -> usize {
    files.iter().map(|file| file.text.len()).sum()
}

/// A workspace of one file.
pub(crate) fn alone(path: &str, kind: FileKind, text: String) -> Sources {
    let mut sources = Sources::default();
    sources.push(SourceFile::new(path, Revision::Head, kind, text));
    sources
}

/// How many bytes all files have.
pub(crate) fn bytes_of(sources: &Sources) -> usize {
    sources.iter().map(|(_, file)| file.text.len()).sum()
}
