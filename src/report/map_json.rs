//! The dependency map for programs: version 1. Within a version keys are added, never renamed or
//! removed. Lines and columns count from 1; paths are relative to the root given.

use std::io::{self, Write};

use serde::Serialize;

use super::json::{VERSION, print};
use super::map_kept::{KeptRow, kept_row};
use super::view::{View, is_foreign, is_test};
use super::{Places, unresolved, uses};
use crate::model::analysis::{Analysis, Coverage};
use crate::model::contract::{Catalog, Contract, ContractId, Field, Marks, Message, Operation};
use crate::model::map::{Carrier, Edge, Flow, LinkedRetry, Role};
use crate::model::settings::IdentitySettings;
use crate::model::source::{Service, Site};
use crate::model::usage::{Bound, Client, Location, Presence, RetryKind, Timeout};

#[derive(Serialize)]
struct Document<'a> {
    version: u32,
    services: Vec<ServiceRow<'a>>,
    contracts: Vec<ContractRow<'a>>,
    edges: Vec<EdgeRow<'a>>,
    flows: Vec<FlowRow<'a>>,
    kept: Vec<KeptRow<'a>>,
    clients: Vec<ClientRow<'a>>,
    retries: Vec<RetryRow<'a>>,
    unresolved: Vec<unresolved::Row<'a>>,
    coverage: CoverageRow,
}

/// How much was seen, so that what is not in the map can be weighed.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct CoverageRow {
    calls: usize,
    unresolved: usize,
    fixmes: usize,
    skipped: usize,
    /// Files of tests that were left out; `--include-tests` reads them.
    test_files: usize,
}

pub(super) const fn coverage_row(coverage: &Coverage) -> CoverageRow {
    CoverageRow {
        calls: coverage.calls,
        unresolved: coverage.unresolved,
        fixmes: coverage.fixmes,
        skipped: coverage.skipped,
        test_files: coverage.tests,
    }
}

#[derive(Serialize)]
struct ServiceRow<'a> {
    name: &'a str,
    path: &'a str,
    repository: &'a str,
    team: Option<&'a str>,
    purposes: &'a [String],
    public: bool,
}

#[derive(Serialize)]
struct ContractRow<'a> {
    id: &'a str,
    kind: &'static str,
    title: &'a str,
    file: Option<&'a str>,
    files: Vec<&'a str>,
    copies: Vec<&'a str>,
    provider: Option<&'a str>,
    /// Services whose code implements it too.
    providers: Vec<&'a str>,
    operations: Vec<OperationRow<'a>>,
    fields: Vec<FieldRow<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct OperationRow<'a> {
    id: &'a str,
    operation_id: Option<&'a str>,
    file: &'a str,
    line: u32,
    #[serde(flatten)]
    marks: MarksRow<'a>,
}

#[derive(Serialize)]
struct FieldRow<'a> {
    id: String,
    #[serde(rename = "type")]
    shape: String,
    number: Option<u32>,
    file: &'a str,
    line: u32,
    #[serde(flatten)]
    marks: MarksRow<'a>,
}

#[derive(Serialize)]
struct MarksRow<'a> {
    deprecated: bool,
    sunset: Option<String>,
    sensitive: Vec<&'a str>,
}

/// Who and where.
#[derive(Serialize)]
pub(super) struct PlaceRow<'a> {
    consumer: Option<&'a str>,
    file: &'a str,
    line: u32,
    column: u32,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct EdgeRow<'a> {
    #[serde(flatten)]
    place: PlaceRow<'a>,
    role: &'static str,
    access: &'static str,
    operation: Option<&'a str>,
    field: Option<String>,
    /// The same field as its message declares it: `Profile.birthdate`.
    declared_field: Option<String>,
    confidence: &'static str,
    evidence: &'a str,
    test: bool,
    /// In generated or vendored code.
    foreign: bool,
}

/// A value that a service gets from one contract and gives out under another.
#[derive(Serialize)]
struct FlowRow<'a> {
    #[serde(flatten)]
    place: PlaceRow<'a>,
    from: CarrierRow<'a>,
    to: CarrierRow<'a>,
    /// It is not the value itself, but computed from it.
    derived: bool,
    confidence: &'static str,
    test: bool,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct CarrierRow<'a> {
    operation: Option<&'a str>,
    field: &'a str,
    declared_field: Option<String>,
}

#[derive(Serialize)]
struct ClientRow<'a> {
    #[serde(flatten)]
    place: PlaceRow<'a>,
    library: &'a str,
    base: Option<String>,
    identified: Option<bool>,
    timeout: TimeoutRow,
    /// A policy of the client itself; not read yet, see `retries`.
    retry: Option<()>,
}

/// Milliseconds, `"none"` or `"unknown"`.
#[derive(Serialize)]
#[serde(untagged)]
enum TimeoutRow {
    Millis(u64),
    Word(&'static str),
}

#[derive(Serialize)]
struct RetryRow<'a> {
    #[serde(flatten)]
    place: PlaceRow<'a>,
    kind: &'static str,
    bounded: Option<bool>,
    carrier: &'a str,
    attempts: Option<u64>,
    operations: Vec<&'a str>,
}

/// The map as one document. `identity` names the headers by which a client says who it is.
pub fn write(view: &View<'_>, places: &Places<'_>, identity: &IdentitySettings, out: &mut dyn Write) -> io::Result<()> {
    let analysis = view.analysis;
    let document = Document {
        version: VERSION,
        services: analysis.workspace.services.iter().map(service_row).collect(),
        contracts: view.contracts.iter().filter_map(|id| contract_row(view, places, *id)).collect(),
        edges: view.edges.iter().map(|edge| edge_row(analysis, edge)).collect(),
        flows: view.flows.iter().map(|flow| flow_row(analysis, flow)).collect(),
        kept: view.kept.iter().map(|kept| kept_row(analysis, kept)).collect(),
        clients: view.clients.iter().map(|client| client_row(analysis, client, identity)).collect(),
        retries: view.retries.iter().map(|retry| retry_row(analysis, retry)).collect(),
        unresolved: view.unresolved.iter().map(|call| unresolved::row(analysis, call)).collect(),
        coverage: coverage_row(&analysis.coverage),
    };
    print(&document, out)
}

/// Sites of the contracts' elements, whose lines [`write()`] prints.
pub fn sites(catalog: &Catalog) -> impl Iterator<Item = &Site> {
    let operations = catalog.operations.iter().map(|operation| &operation.site);
    operations.chain(catalog.messages.iter().flat_map(|message| message.fields.iter().map(|field| &field.site)))
}

fn service_row(service: &Service) -> ServiceRow<'_> {
    ServiceRow {
        name: &service.name,
        path: &service.path,
        repository: &service.repository,
        team: service.team.as_deref(),
        purposes: &service.purposes,
        public: service.public,
    }
}

fn contract_row<'a>(view: &View<'a>, places: &Places<'a>, id: ContractId) -> Option<ContractRow<'a>> {
    let analysis = view.analysis;
    let contract: &Contract = analysis.head.contracts.get(id.index())?;
    let paths = |files: &[crate::model::source::FileId]| -> Vec<&'a str> {
        files.iter().map(|file| analysis.sources.get(*file).path.as_str()).collect()
    };
    let files = paths(&contract.files);
    let messages = analysis.head.messages.iter().filter(|message| message.contract == id);
    let operations = analysis.head.operations().filter(|(at, it)| it.contract == id && view.has_operation(*at));
    Some(ContractRow {
        id: &contract.id,
        kind: contract.kind.name(),
        title: &contract.title,
        file: files.first().copied(),
        copies: paths(&contract.copies),
        files,
        provider: contract.provider.map(|id| analysis.workspace.name(id)),
        providers: view.providers(id).iter().map(|id| analysis.workspace.name(*id)).collect(),
        operations: operations.map(|(_, operation)| operation_row(places, operation)).collect(),
        fields: messages
            .flat_map(|message| message.fields.iter().map(move |field| (message, field)))
            .map(|(message, field)| field_row(places, message, field))
            .collect(),
    })
}

fn operation_row<'a>(places: &Places<'a>, operation: &'a Operation) -> OperationRow<'a> {
    OperationRow {
        id: &operation.key,
        operation_id: operation.operation_id.as_deref(),
        file: places.path(&operation.site),
        line: places.get(&operation.site).start.line,
        marks: marks_row(&operation.marks),
    }
}

fn field_row<'a>(places: &Places<'a>, message: &'a Message, field: &'a Field) -> FieldRow<'a> {
    FieldRow {
        id: format!("{}.{}", message.name, field.name),
        shape: field.shape.to_string(),
        number: field.number,
        file: places.path(&field.site),
        line: places.get(&field.site).start.line,
        marks: marks_row(&field.marks),
    }
}

fn marks_row(marks: &Marks) -> MarksRow<'_> {
    MarksRow {
        deprecated: marks.deprecated.is_some(),
        sunset: marks.sunset.as_ref().map(|(day, _)| day.to_string()),
        sensitive: marks.sensitive.iter().map(|sensitive| sensitive.class.as_str()).collect(),
    }
}

pub(super) fn place_row<'a>(analysis: &'a Analysis, location: &Location) -> PlaceRow<'a> {
    let start = analysis.sources.start(location.span);
    PlaceRow {
        consumer: location.service.map(|id| analysis.workspace.name(id)),
        file: &analysis.sources.get(location.span.file).path,
        line: start.line,
        column: start.column,
    }
}

pub(super) fn edge_row<'a>(analysis: &'a Analysis, edge: &'a Edge) -> EdgeRow<'a> {
    let declared = edge.field.and_then(|field| uses::declared_name(&analysis.head, field));
    EdgeRow {
        place: place_row(analysis, &edge.location),
        role: match edge.role {
            Role::Consumer => "consumer",
            Role::Provider => "provider",
        },
        access: edge.kind.name(),
        operation: edge.operation.and_then(|id| analysis.head.operations.get(id.index())).map(|it| it.key.as_str()),
        field: edge.field_path.clone().or_else(|| declared.clone()),
        declared_field: declared,
        confidence: edge.confidence.name(),
        evidence: &edge.evidence,
        test: is_test(analysis, &edge.location),
        foreign: is_foreign(analysis, edge),
    }
}

fn flow_row<'a>(analysis: &'a Analysis, flow: &'a Flow) -> FlowRow<'a> {
    let carrier = |carrier: &'a Carrier| CarrierRow {
        operation: analysis.head.operations.get(carrier.operation.index()).map(|it| it.key.as_str()),
        field: &carrier.path,
        declared_field: uses::declared_name(&analysis.head, carrier.field),
    };
    FlowRow {
        place: place_row(analysis, &flow.location),
        from: carrier(&flow.from),
        to: carrier(&flow.to),
        derived: flow.derived,
        confidence: flow.confidence.name(),
        test: is_test(analysis, &flow.location),
    }
}

fn client_row<'a>(analysis: &'a Analysis, client: &'a Client, identity: &IdentitySettings) -> ClientRow<'a> {
    ClientRow {
        place: place_row(analysis, &client.location),
        library: &client.library,
        base: client.base.as_ref().map(ToString::to_string),
        identified: identified(client, identity),
        timeout: match client.timeout {
            Timeout::None => TimeoutRow::Word("none"),
            Timeout::Millis(millis) => TimeoutRow::Millis(millis),
            Timeout::Unknown => TimeoutRow::Word("unknown"),
        },
        retry: None,
    }
}

/// Whether every call of a client carries a name of its caller; none if that cannot be said.
fn identified(client: &Client, identity: &IdentitySettings) -> Option<bool> {
    let is_identity = |name: &String| identity.headers.contains(name) || identity.metadata.contains(name);
    let named = client.headers.iter().filter(|header| header.name.as_ref().is_some_and(is_identity));
    let computed = client.headers.iter().any(|header| header.name.is_none());
    match named.map(|header| header.presence).min() {
        Some(Presence::Always) => Some(true),
        Some(Presence::Perhaps) => None,
        None if computed || client.opaque.is_some() => None,
        None => Some(false),
    }
}

fn retry_row<'a>(analysis: &'a Analysis, linked: &'a LinkedRetry) -> RetryRow<'a> {
    let retry = &linked.retry;
    let operations = linked.operations.iter().filter_map(|id| analysis.head.operations.get(id.index()));
    RetryRow {
        place: place_row(analysis, &retry.location),
        kind: match retry.kind {
            RetryKind::Loop => "loop",
            RetryKind::Library => "library",
            RetryKind::Recursion => "recursion",
            RetryKind::Queue => "queue",
        },
        bounded: retry.bound.is_bounded(),
        carrier: &retry.carrier,
        attempts: match retry.bound {
            Bound::Attempts(attempts) => attempts,
            _ => None,
        },
        operations: operations.map(|operation| operation.key.as_str()).collect(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::model::usage::{Header, Template};
    use crate::report::sample::{Sample, plain, spans};

    fn identity() -> IdentitySettings {
        IdentitySettings { headers: vec!["x-client-id".to_owned()], metadata: Vec::new(), required: false }
    }

    fn document(sample: &Sample) -> Value {
        let places = Places::resolve(&sample.analysis.sources, sites(&sample.analysis.head), spans);
        let text = plain(|out| write(&View::whole(&sample.analysis), &places, &identity(), out));
        serde_json::from_str(&text).unwrap()
    }

    #[test]
    fn the_map_has_the_keys_that_others_rely_on() {
        let document = document(&Sample::broken());
        let keys: Vec<&String> = document.as_object().unwrap().keys().collect();
        let expected = [
            "version",
            "services",
            "contracts",
            "edges",
            "flows",
            "kept",
            "clients",
            "retries",
            "unresolved",
            "coverage",
        ]
        .map(String::from);
        assert_eq!(keys, expected.iter().collect::<Vec<_>>());
        let read = json!({
            "consumer": "age", "file": "age/src/lib.rs", "line": 2, "column": 16, "role": "consumer", "access": "read",
            "operation": "GET /profiles/{id}", "field": "GET /profiles/{id}#200.id", "declaredField": "Profile.id",
            "confidence": "certain", "evidence": "GET /profiles/1", "test": false, "foreign": false,
        });
        similar_asserts::assert_eq!(document["edges"][0], read);
        assert_eq!(document["contracts"][0]["operations"][0]["id"], "GET /profiles/{id}");
        assert_eq!(document["contracts"][0]["fields"][0]["id"], "Profile.id");
        assert_eq!(document["contracts"][0]["fields"][0]["line"], 4);
        assert_eq!(document["contracts"][0]["provider"], "api");
        assert_eq!(document["unresolved"][0]["why"], "its URL could not be followed");
    }

    #[test]
    fn a_client_is_unidentified_only_if_nothing_is_hidden() {
        let sample = Sample::broken();
        let mut client = Client {
            location: sample.analysis.map.edges[0].location.clone(),
            library: "reqwest".to_owned(),
            base: None,
            headers: Vec::new(),
            timeout: Timeout::None,
            opaque: None,
        };
        assert_eq!(identified(&client, &identity()), Some(false));
        client.opaque = Some("a parameter".to_owned());
        assert_eq!(identified(&client, &identity()), None);
        client.headers.push(Header {
            name: Some("x-client-id".to_owned()),
            value: Template::hole(),
            presence: Presence::Always,
            span: client.location.span,
        });
        assert_eq!(identified(&client, &identity()), Some(true));
    }
}
