//! A small hand-made run for the tests of the formats.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::time::Duration;

use super::{Hidden, Places, Report};
use crate::model::analysis::{Analysis, Coverage};
use crate::model::contract::{
    Body, Catalog, Contract, ContractId, ContractKind, Field, FieldRef, Mark, MarkSet, Message, MessageId, Operation,
    OperationId, Protocol, Response, Sensitive, Shape,
};
use crate::model::finding::{Consumer, Finding, Level, Verdict};
use crate::model::ir::Symbol;
use crate::model::map::{Confidence, DependencyMap, Edge, EdgeKind, Role, Unlinked, Unresolved};
use crate::model::problem::{Problem, ProblemKind};
use crate::model::source::{
    FileId, FileKind, Language, Revision, Service, ServiceId, Site, SourceFile, Sources, Span, Workspace,
};
use crate::model::usage::{AccessKind, Location};

const API: &str = "\
schemas:
  Profile:
    properties:
      id: {type: string}
";
const BASE: &str = "\
schemas:
  Profile:
    properties:
      id: {type: string}
      birthdate: {type: string, format: date, x-sensitive: pii}
";
const AGE: &str = "\
pub fn age(p: &Profile) -> Age {
    let born = p.birthdate;
    get(\"/profiles/1\")
}
";

/// A run with what its formats need.
pub(crate) struct Sample {
    pub(crate) analysis: Analysis,
    pub(crate) findings: Vec<Finding>,
    pub(crate) aliases: BTreeMap<&'static str, Vec<String>>,
    pub(crate) hidden: Vec<Hidden>,
}

impl Sample {
    /// A field that is read is removed; besides a warning in client code and a problem.
    pub(crate) fn broken() -> Self {
        let mut sources = Sources::default();
        let api = sources.push(SourceFile::new("api/openapi.yaml", Revision::Head, FileKind::Yaml, API));
        let base = sources.push(SourceFile::new("api/openapi.yaml", Revision::Base, FileKind::Yaml, BASE));
        sources.push(SourceFile::new("age/src/lib.rs", Revision::Head, FileKind::Code(Language::Rust), AGE));
        let services =
            ["age", "api"].map(|name| Service { name: name.to_owned(), path: name.to_owned(), ..Service::default() });
        let mut analysis = Analysis {
            head: catalog(api, API, &["id"]),
            base: Some(catalog(base, BASE, &["id", "birthdate"])),
            workspace: Workspace { services: services.to_vec(), ..Workspace::default() },
            problems: vec![Problem::file(ProblemKind::CodeUnreadable, api, "expected `:`")],
            coverage: Coverage {
                files: 2,
                parsed: vec![(Language::Rust, 1)],
                tests: 0,
                skipped: 0,
                fixmes: 1,
                constructs: vec![(Language::Rust, "macro".to_owned(), 1)],
                calls: 2,
                unresolved: 1,
            },
            sources,
            ..Analysis::default()
        };
        analysis.map = map(&analysis.sources);
        let mut sample = Self {
            analysis,
            findings: Vec::new(),
            aliases: BTreeMap::from([("breaking/field-removed", vec!["response-property-removed".to_owned()])]),
            hidden: vec![Hidden {
                count: 2,
                what: "below confidence `likely`".to_owned(),
                show: "--min-confidence possible".to_owned(),
            }],
        };
        sample.findings = findings(&sample);
        sample
    }

    /// Findings spread evenly over a file of about 2 MB.
    pub(crate) fn large(findings: u32) -> Self {
        let mut sample = Self::broken();
        let line = format!("    property: {}\n", "v".repeat(400 - 15));
        let text = line.repeat(findings as usize);
        let file = sample.analysis.sources.push(SourceFile::new("big.yaml", Revision::Head, FileKind::Yaml, text));
        let finding = |at: u32| {
            let site = Site::Span(Span::new(file, at * 400 + 4, at * 400 + 12));
            Finding::new("breaking/field-removed", Level::Error, Confidence::Certain, site, "m")
        };
        sample.findings = (0..findings).map(finding).collect();
        sample
    }

    /// The first occurrence of a text in a file of Head.
    pub(crate) fn site(&self, path: &str, text: &str) -> Site {
        Site::Span(span(&self.analysis.sources, path, text))
    }

    /// What a format writes of this run, without colours.
    pub(crate) fn print(&self, write: impl FnOnce(&Report<'_>, &mut dyn Write) -> io::Result<()>) -> String {
        let related = self.findings.iter().flat_map(|it| it.related.iter().map(|it| &it.site));
        let sites = self.findings.iter().map(|it| &it.site).chain(related);
        let places = Places::resolve(&self.analysis.sources, sites, spans);
        let report = Report {
            analysis: &self.analysis,
            findings: &self.findings,
            places: &places,
            aliases: &self.aliases,
            hidden: &self.hidden,
            missing: &[],
            exit: 1,
            elapsed: Duration::from_millis(280),
        };
        plain(|out| write(&report, out))
    }
}

pub(crate) fn spans(_: &Sources, sites: &[Site]) -> Vec<Span> {
    let span = |site: &Site| match site {
        Site::Span(span) => *span,
        Site::Pointer { file, .. } => Span::new(*file, 0, 0),
    };
    sites.iter().map(span).collect()
}

/// What a format writes, without colours.
pub(crate) fn plain(write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> String {
    let mut out = anstream::StripStream::new(Vec::new());
    write(&mut out).unwrap();
    String::from_utf8(out.into_inner()).unwrap()
}

fn span(sources: &Sources, path: &str, text: &str) -> Span {
    let (id, file) = sources.iter().find(|(_, it)| it.path == path && it.revision == Revision::Head).unwrap();
    let start = u32::try_from(file.text.find(text).unwrap()).unwrap();
    Span::new(id, start, start + u32::try_from(text.len()).unwrap())
}

fn catalog(file: FileId, text: &str, fields: &[&str]) -> Catalog {
    let site = |name: &str| {
        let start = u32::try_from(text.find(name).unwrap_or(0)).unwrap();
        Site::Span(Span::new(file, start, start + u32::try_from(name.len()).unwrap()))
    };
    let field = |name: &&str| Field {
        marks: MarkSet {
            sensitive: (*name == "birthdate")
                .then(|| Sensitive {
                    class: "pii".to_owned(),
                    mark: Mark { text: "x-sensitive: pii".to_owned(), site: site("x-sensitive") },
                })
                .into_iter()
                .collect(),
            ..MarkSet::default()
        }
        .into(),
        ..Field::new(
            *name,
            Shape::Scalar { kind: "string".into(), format: (*name == "birthdate").then(|| "date".into()) },
            site(name),
        )
    };
    let body = Body { required: true, ..Body::new("application/json", Shape::Message(MessageId(0)), site("Profile")) };
    Catalog {
        contracts: vec![Contract {
            title: "Profile".to_owned(),
            files: vec![file],
            provider: Some(ServiceId(1)),
            operations: OperationId(0)..OperationId(1),
            ..Contract::new(ContractKind::OpenApi, "api/openapi.yaml", site("schemas"))
        }],
        operations: vec![Operation {
            operation_id: Some("getProfile".to_owned()),
            responses: vec![Response {
                status: "200".to_owned(),
                bodies: vec![body],
                headers: Vec::new(),
                site: site("Profile"),
            }],
            ..Operation::new(
                ContractId(0),
                "GET /profiles/{id}",
                Protocol::Http { method: "GET".to_owned(), path: "/profiles/{id}".to_owned() },
                site("Profile"),
            )
        }],
        messages: vec![Message {
            fields: fields.iter().map(field).collect(),
            ..Message::new(ContractId(0), "Profile", site("Profile"))
        }],
        ..Catalog::default()
    }
}

fn map(sources: &Sources) -> DependencyMap {
    let location = |text: &str| Location {
        service: Some(ServiceId(0)),
        span: span(sources, "age/src/lib.rs", text),
        function: Symbol::new("age"),
        test: false,
    };
    let call = Edge {
        location: location("get"),
        role: Role::Consumer,
        kind: EdgeKind::Call,
        operation: Some(OperationId(0)),
        field: None,
        field_path: None,
        confidence: Confidence::Likely,
        evidence: "GET /profiles/1".to_owned(),
        call: None,
        foreign: false,
    };
    let read = Edge {
        location: location("p.birthdate"),
        kind: EdgeKind::Access(AccessKind::Read),
        field: Some(FieldRef { message: MessageId(0), index: 0 }),
        field_path: Some("GET /profiles/{id}#200.id".to_owned()),
        confidence: Confidence::Certain,
        ..call.clone()
    };
    let unresolved = Unresolved {
        location: location("get"),
        sent: None,
        library: "reqwest".to_owned(),
        target: "GET {}/x".to_owned(),
        why: Unlinked::UnknownUrl,
        detail: Some("what stands before `/x` is not known".to_owned()),
        missing: None,
    };
    DependencyMap { edges: vec![read, call], unresolved: vec![unresolved], ..DependencyMap::default() }
}

fn findings(sample: &Sample) -> Vec<Finding> {
    let read = sample.site("age/src/lib.rs", "birthdate");
    let mut removed = Finding::new(
        "breaking/field-removed",
        Level::Error,
        Confidence::Certain,
        sample.site("api/openapi.yaml", "properties"),
        "response field `Profile.birthdate` was removed; 1 consumer still reads it",
    )
    .with_label("`birthdate` is gone from here")
    .with_help("keep it with `deprecated: true`")
    .with_note("consumers: 1 breaks, 1 does not read it")
    .with_related(read.clone(), "`age` reads it here");
    removed.related[0].confidence = Some(Confidence::Certain);
    removed.fingerprint = "CL-7f3a91c2".to_owned();
    removed.operation = Some(OperationId(0));
    removed.field = Some(FieldRef { message: MessageId(0), index: 1 });
    removed.in_base = true;
    removed.consumers = vec![Consumer {
        service: ServiceId(0),
        verdict: Verdict::Breaks,
        site: Some(read),
        confidence: Confidence::Certain,
    }];
    let unnamed = Finding::new(
        "identity/caller-unidentified",
        Level::Warning,
        Confidence::Likely,
        sample.site("age/src/lib.rs", "get"),
        "`age` calls GET /profiles/{id} without a name, 100% of the time",
    );
    vec![removed, unnamed]
}
