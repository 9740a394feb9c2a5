//! A small workspace made by hand, for the tests of the driver and of rules.
//!
//! Provider `profile` has the contract `api.yaml` with `GET /profiles/{id}`, which answers a
//! `Profile` of `id`, `birthdate` and `address`, an `Address` of `city`. `core` and `marketing` consume.

use crate::model::analysis::Analysis;
use crate::model::change::{Change, ChangeKind, Compatibility, Element, Ids, Spot, What};
use crate::model::contract::*;
use crate::model::ir::Symbol;
use crate::model::map::{Confidence, DependencyMap, Edge, EdgeKind, LinkedCall, Role, SentNames};
use crate::model::settings::{IdentitySettings, Policy, Settings};
use crate::model::source::*;
use crate::model::usage::{AccessKind, CallId, Location, Presence};

use super::rule::Rule;
use super::{Checked, check};

pub(crate) const PROFILE: ServiceId = ServiceId(0);
pub(crate) const CORE: ServiceId = ServiceId(1);
pub(crate) const MARKETING: ServiceId = ServiceId(2);

/// The contract.
pub(crate) const API: FileId = FileId(0);
/// Code of `core`: sixteen lines of ten bytes each.
pub(crate) const CODE: FileId = FileId(1);
/// Code of `core`, written by a generator.
pub(crate) const GENERATED: FileId = FileId(2);

pub(crate) const GET: OperationId = OperationId(0);
pub(crate) const BIRTHDATE: FieldRef = FieldRef { message: MessageId(0), index: 1 };
pub(crate) const ADDRESS: FieldRef = FieldRef { message: MessageId(0), index: 2 };
pub(crate) const CITY: FieldRef = FieldRef { message: MessageId(1), index: 0 };

pub(crate) fn settings() -> Settings {
    Settings {
        services: Vec::new(),
        identity: IdentitySettings {
            headers: vec!["x-client-id".into(), "user-agent".into()],
            metadata: vec!["x-client-id".into()],
            required: false,
        },
        policy: Policy { classes: std::collections::BTreeMap::new(), sanitizers: Vec::new() },
        marks: crate::model::settings::MarkPatterns::default(),
        protobuf: crate::model::settings::ProtobufSettings::default(),
        levels: std::collections::BTreeMap::new(),
        retry_amplification: 10,
        sunset_notice_days: 90,
        libraries: Vec::new(),
        accepted: Vec::new(),
        ignore: Vec::new(),
        min_confidence: Confidence::Likely,
        min_level: crate::model::finding::Level::Warning,
        include_tests: false,
        today: day("2026-06-01"),
    }
}

/// `GET` is gone from Head, with or without its contract.
pub(crate) fn get_removed(is_contract_left: bool) -> Change {
    let api = ContractId(0);
    let element = Element {
        what: What::Operation,
        name: "GET /profiles/{id}".into(),
        base: Some(Ids::operation(api, GET)),
        head: is_contract_left.then(|| Ids::contract(api)),
    };
    Change {
        operations: vec![GET],
        old: Some(Spot::at(site(API, 20))),
        new: is_contract_left.then(|| Spot::at(site(API, 0))),
        compatibility: Compatibility::Breaking(None),
        ..Change::new(ChangeKind::OperationRemoved, element)
    }
}

pub(crate) fn day(text: &str) -> jiff::civil::Date {
    text.parse().unwrap()
}

pub(crate) fn site(file: FileId, start: u32) -> Site {
    Site::Span(Span::new(file, start, start + 1))
}

/// `api.yaml`, and no use of it yet.
pub(crate) fn workspace() -> Analysis {
    let mut analysis = Analysis { head: catalog(), ..Analysis::default() };
    let code = "0123456_9\n".repeat(16);
    for (path, kind) in [
        ("profile/api.yaml", FileKind::Yaml),
        ("core/main.go", FileKind::Code(Language::Go)),
        ("core/pb.go", FileKind::Code(Language::Go)),
    ] {
        analysis.sources.push(SourceFile::new(path, Revision::Head, kind, code.as_str()));
    }
    analysis.sources.get_mut(GENERATED).unwrap().provenance.generated = true;
    for name in ["profile", "core", "marketing"] {
        let service = Service { name: name.into(), path: name.into(), ..Service::default() };
        analysis.workspace.services.push(service);
    }
    analysis
}

/// The same, compared with a Base of the same contracts.
pub(crate) fn compared() -> Analysis {
    Analysis { base: Some(catalog()), base_map: Some(DependencyMap::default()), ..workspace() }
}

fn catalog() -> Catalog {
    let contract = Contract {
        title: "Profile".into(),
        files: vec![API],
        provider: Some(PROFILE),
        operations: GET..OperationId(1),
        ..Contract::new(ContractKind::OpenApi, "profile/api.yaml", site(API, 0))
    };
    let body = Body { required: true, ..Body::new("application/json", Shape::Message(MessageId(0)), site(API, 10)) };
    let response = Response { status: "200".into(), bodies: vec![body], headers: Vec::new(), site: site(API, 10) };
    let operation = Operation {
        responses: vec![response],
        ..Operation::new(
            ContractId(0),
            "GET /profiles/{id}",
            Protocol::Http { method: "GET".into(), path: "/profiles/{id}".into() },
            site(API, 20),
        )
    };
    let messages = vec![
        message(
            "Profile",
            vec![field("id", string()), field("birthdate", string()), {
                field("address", Shape::Message(MessageId(1)))
            }],
        ),
        message("Address", vec![field("city", string())]),
    ];
    Catalog { contracts: vec![contract], operations: vec![operation], messages, ..Catalog::default() }
}

fn string() -> Shape {
    Shape::Scalar { kind: "string".into(), format: None }
}

fn field(name: &str, shape: Shape) -> Field {
    Field::new(name, shape, site(API, 40))
}

fn message(name: &str, fields: Vec<Field>) -> Message {
    Message { fields, ..Message::new(ContractId(0), name, site(API, 30)) }
}

pub(crate) fn mark(text: &str) -> Mark {
    Mark { text: text.into(), site: site(API, 50) }
}

pub(crate) fn location(service: ServiceId, file: FileId, start: u32) -> Location {
    Location {
        service: Some(service),
        span: Span::new(file, start, start + 1),
        function: Symbol::new("main"),
        test: false,
    }
}

pub(crate) fn read(service: ServiceId, field: FieldRef, start: u32) -> Edge {
    Edge {
        location: location(service, CODE, start),
        role: Role::Consumer,
        kind: EdgeKind::Access(AccessKind::Read),
        operation: Some(GET),
        field: Some(field),
        field_path: None,
        confidence: Confidence::Certain,
        evidence: String::new(),
        call: None,
        foreign: false,
    }
}

/// The whole answer is passed on.
pub(crate) fn whole(service: ServiceId, start: u32) -> Edge {
    Edge {
        kind: EdgeKind::Access(AccessKind::Whole),
        field: None,
        confidence: Confidence::Unknown,
        ..read(service, BIRTHDATE, start)
    }
}

pub(crate) fn call(service: ServiceId, start: u32) -> Edge {
    Edge { kind: EdgeKind::Call, field: None, call: Some(CallId(0)), ..read(service, BIRTHDATE, start) }
}

/// Adds a call that sends these headers.
pub(crate) fn add_call(map: &mut DependencyMap, edge: Edge, headers: &[(&str, Presence)]) -> usize {
    map.edges.push(edge);
    let headers = headers.iter().map(|(name, presence)| (Some((*name).to_owned()), None, *presence));
    let edge = map.edges.len() - 1;
    let names = SentNames { headers: headers.collect(), opaque: None };
    map.calls.push(LinkedCall { edge, names, ..LinkedCall::default() });
    map.calls.len() - 1
}

/// Checks with places as they are.
pub(crate) fn checked(analysis: &Analysis, rules: &[&Rule], settings: &Settings) -> Checked {
    check(analysis, rules, settings, &|site| match site {
        Site::Span(span) => *span,
        Site::Pointer { file, .. } => Span::new(*file, 0, 0),
    })
}

/// Replaces the text of a file.
pub(crate) fn write(analysis: &mut Analysis, file: FileId, text: &str) {
    let old = analysis.sources.get_mut(file).unwrap();
    *old = SourceFile::new(old.path.clone(), Revision::Head, old.kind, text);
}
