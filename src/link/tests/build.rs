//! Contracts and facts in a few words.

use std::sync::Arc;

use crate::link::link;
use crate::model::contract::*;
use crate::model::finding::Level;
use crate::model::ir::{Codec, Symbol, WireName};
use crate::model::map::{DependencyMap, Edge, EdgeKind, Role, Unlinked};
use crate::model::settings::{IdentitySettings, Policy, Settings};
use crate::model::source::{FileId, Service, ServiceId, Site, Span, Workspace};
use crate::model::usage::*;

/// Where nobody looks.
pub(super) fn site() -> Site {
    Site::Span(Span::new(FileId(0), 0, 0))
}

/// One contract, as a catalog of its own.
pub(super) struct Api(pub Catalog);

impl Api {
    fn new(id: &str, title: &str, kind: ContractKind) -> Self {
        let contract = Contract { title: title.into(), files: vec![FileId(0)], ..Contract::new(kind, id, site()) };
        Self(Catalog { contracts: vec![contract], ..Catalog::default() })
    }

    pub(super) fn rest(id: &str, title: &str) -> Self {
        Self::new(id, title, ContractKind::OpenApi)
    }

    pub(super) fn proto(id: &str) -> Self {
        Self::new(id, id.split('@').next().unwrap(), ContractKind::Protobuf)
    }

    pub(super) fn provider(mut self, service: u32) -> Self {
        self.0.contracts[0].provider = Some(ServiceId(service));
        self
    }

    pub(super) fn servers(mut self, servers: &[&str]) -> Self {
        self.0.contracts[0].servers = servers.iter().map(ToString::to_string).collect();
        self
    }

    /// A file that declares all of it.
    pub(super) fn file(mut self, path: &str) -> Self {
        self.0.contracts[0].proto_files.push(ProtoFile {
            file: FileId(0),
            path: path.to_owned(),
            root: String::new(),
            syntax: Syntax::Proto3,
            syntax_site: None,
            package_site: None,
            imports: Vec::new(),
            features: Features::default(),
            options: Vec::new(),
            services: Vec::new(),
            extensions: Vec::new(),
            marks: Marks::default(),
        });
        self
    }

    pub(super) fn go_package(mut self, value: &str) -> Self {
        self.0.contracts[0].options.push(("go_package".into(), value.into()));
        self
    }

    pub(super) fn message(&mut self, name: &str, fields: &[(&str, Shape)]) -> Shape {
        let field = |(at, (name, shape)): (usize, &(&str, Shape))| {
            // `contact.email` is the member `email` of the oneof `contact`.
            let (oneof, name) = name.split_once('.').map_or((None, *name), |(oneof, name)| (Some(oneof), name));
            Field {
                number: u32::try_from(at + 1).ok(),
                oneof: oneof.map(str::to_owned),
                ..Field::new(name, shape.clone(), site())
            }
        };
        self.0.messages.push(Message {
            fields: fields.iter().enumerate().map(field).collect(),
            ..Message::new(ContractId(0), name, site())
        });
        Shape::Message(MessageId::at(self.0.messages.len() - 1))
    }

    fn operation(&mut self, key: String, protocol: Protocol, request: Option<Shape>, answers: &[(&str, Shape)]) {
        let media_type = if self.0.contracts[0].kind == ContractKind::OpenApi { "application/json" } else { "" };
        let body = |shape: Shape| Body { required: true, ..Body::new(media_type, shape, site()) };
        self.0.operations.push(Operation {
            request: request.map(body).into_iter().collect(),
            responses: answers
                .iter()
                .map(|(status, shape)| Response {
                    status: (*status).into(),
                    bodies: vec![body(shape.clone())],
                    headers: Vec::new(),
                    site: site(),
                })
                .collect(),
            ..Operation::new(ContractId(0), key, protocol, site())
        });
        self.0.contracts[0].operations.end = OperationId::at(self.0.operations.len());
    }

    /// `GET /users/{id}`, with its answers by status.
    pub(super) fn http(mut self, key: &str, request: Option<Shape>, answers: &[(&str, Shape)]) -> Self {
        let (method, path) = key.split_once(' ').unwrap();
        self.operation(key.into(), Protocol::Http { method: method.into(), path: path.into() }, request, answers);
        self
    }

    /// Operations whose bodies do not matter.
    pub(super) fn paths(self, keys: &[&str]) -> Self {
        keys.iter().fold(self, |api, key| api.http(key, None, &[("200", Shape::Any)]))
    }

    /// The rpc added last, by this method and path too.
    pub(super) fn bound(mut self, key: &str) -> Self {
        let rpc = OperationId::at(self.0.operations.len() - 1);
        let (request, response) = (self.0.operations[rpc.index()].request[0].shape.clone(), Shape::Any);
        self = self.http(key, Some(request), &[("200", response)]);
        let binding = HttpBinding { rpc, variables: Vec::new(), body: BindingBody::Rest, response_body: None };
        self.0.operations.last_mut().unwrap().binding = Some(Box::new(binding));
        self
    }

    pub(super) fn kind(mut self, kind: OperationKind) -> Self {
        self.0.operations.last_mut().unwrap().kind = kind;
        self
    }

    pub(super) fn rpc(mut self, service: &str, method: &str, request: Shape, response: Shape) -> Self {
        let service = match self.0.contracts[0].title.as_str() {
            "" => service.to_owned(),
            package => format!("{package}.{service}"),
        };
        let protocol = Protocol::Rpc {
            service: service.clone(),
            method: method.into(),
            client_streaming: false,
            server_streaming: false,
        };
        self.operation(format!("{service}/{method}"), protocol, Some(request), &[("", response)]);
        self
    }
}

pub(super) fn string() -> Shape {
    Shape::Scalar { kind: "string".into(), format: None }
}

pub(super) fn list(shape: Shape) -> Shape {
    Shape::List(Box::new(shape))
}

/// Contracts, services and facts of one test.
#[derive(Default)]
pub(super) struct World {
    pub catalog: Catalog,
    pub workspace: Workspace,
    pub facts: Facts,
    places: u32,
}

impl World {
    pub(super) fn new(services: &[&str], apis: Vec<Api>) -> Self {
        let mut world = Self::default();
        for api in apis {
            world.catalog.absorb(api.0);
        }
        let service = |name: &&str| Service {
            name: (*name).into(),
            path: format!("services/{name}"),
            repository: "services".into(),
            ..Service::default()
        };
        world.workspace.services = services.iter().map(service).collect();
        world
    }

    /// Its calls stand in a page.
    pub(super) fn in_page(&mut self) {
        self.facts.calls.iter_mut().for_each(|call| call.runtime = Runtime::Page);
    }

    fn location(&mut self, service: u32) -> Location {
        self.places += 10;
        Location {
            service: Some(ServiceId(service)),
            span: Span::new(FileId(1), self.places, self.places + 5),
            function: Symbol::new("main"),
            test: false,
        }
    }

    pub(super) fn call(&mut self, service: u32, target: Target) -> CallId {
        let location = self.location(service);
        self.facts.calls.push(Call {
            location,
            sent: None,
            library: "any".into(),
            target,
            client: None,
            headers: Vec::new(),
            query: Vec::new(),
            query_whole: true,
            timeout: None,
            unlimited: false,
            opaque: None,
            outside: false,
            runtime: Runtime::Process,
        });
        CallId(u32::try_from(self.facts.calls.len() - 1).unwrap())
    }

    pub(super) fn http(&mut self, service: u32, method: &str, url: &str) -> CallId {
        let method = (!method.is_empty()).then(|| method.to_owned());
        self.call(service, Target::Http { method, url: template(url) })
    }

    pub(super) fn stub(&mut self, service: u32, stub: &str, method: &str) -> CallId {
        let stub = Symbol::new(stub);
        let simple = stub.name().trim_end_matches("Client").to_owned();
        self.call(service, Target::Stub { stub, service: simple, method: method.into() })
    }

    pub(super) fn access(&mut self, service: u32, kind: AccessKind, owner: &str, field: &str, origins: &[Origin]) {
        let location = self.location(service);
        self.facts.accesses.push(Access {
            location,
            kind,
            field: (kind != AccessKind::Whole).then(|| name(field)),
            owner: (!owner.is_empty()).then(|| Symbol::new(owner)),
            origins: origins.to_vec(),
            by_type: origins.is_empty(),
        });
    }

    pub(super) fn read(&mut self, service: u32, owner: &str, field: &str, origins: &[Origin]) {
        self.access(service, AccessKind::Read, owner, field, origins);
    }

    pub(super) fn bind(&mut self, module: &str, package: &str) {
        let span = Span::new(FileId(1), 0, 0);
        self.facts.bindings.push(Binding { module: Symbol::new(module), package: package.into(), span });
    }

    pub(super) fn open(&mut self, module: &str, namespaces: &[&str]) {
        let namespaces = namespaces.iter().map(Symbol::new).collect();
        self.facts.opened.push(Opened { module: Symbol::new(module), namespaces });
    }

    pub(super) fn provide(&mut self, service: u32, symbol: &str, name: &str) {
        let location = self.location(service);
        self.facts.provided.push(Provided { location, symbol: Symbol::new(symbol), service: name.into() });
    }

    /// A handler by `GET /users/{}` or `Service/Method`; gives the origin of what it is given and answers.
    pub(super) fn handle(&mut self, service: u32, route: &str, function: &str) -> Origin {
        let location = self.location(service);
        let route = match route.split_once(' ') {
            Some((method, path)) => {
                Route::Http { method: (method != "*").then(|| method.to_owned()), path: template(path) }
            }
            None => {
                let (service, method) = route.split_once('/').unwrap();
                let server = Symbol::new(format!("gen::{service}Server"));
                Route::Rpc { server, service: service.into(), method: method.into() }
            }
        };
        let function = Symbol::new(function);
        let origin = Origin::Handler(function.clone(), Vec::new());
        let (given, answers) = (Vec::new(), Vec::new());
        let (takes, gives) = (Vec::new(), Vec::new());
        self.facts.handlers.push(Handler {
            location,
            function,
            library: "any".into(),
            route,
            given,
            answers,
            takes,
            gives,
            calls: Vec::new(),
        });
        origin
    }

    /// Who serves what: `service serves operation, confidence`.
    pub(super) fn served(&self) -> Vec<String> {
        let map = self.link();
        let served = map.edges.iter().filter(|edge| edge.kind == EdgeKind::Call && edge.role == Role::Provider);
        let shown = served.map(|edge| {
            let service = &self.workspace.service(edge.location.service.unwrap()).unwrap().name;
            let operation = &self.catalog.operation(edge.operation.unwrap()).key;
            format!("{service} serves {operation}, {}", edge.confidence.name())
        });
        shown.collect()
    }

    pub(super) fn link(&self) -> DependencyMap {
        link(&self.facts, &self.catalog, &self.workspace, &settings())
    }

    /// What the only call is tied to: `contract | operation | confidence`, or why to nothing.
    pub(super) fn linked(&self) -> Result<String, Unlinked> {
        let map = self.link();
        if let Some(unresolved) = map.unresolved.first() {
            return Err(unresolved.why);
        }
        let is_call = |edge: &&Edge| edge.kind == EdgeKind::Call && edge.role == Role::Consumer;
        let edge = map.edges.iter().find(is_call).unwrap();
        let operation = self.catalog.operation(edge.operation.unwrap());
        let contract = &self.catalog.contract(operation.contract).id;
        Ok(format!("{contract} | {} | {}", operation.key, edge.confidence.name()))
    }

    /// The edges of accesses: `role kind field in operation, confidence`.
    pub(super) fn accessed(&self) -> Vec<String> {
        let map = self.link();
        let accesses = map.edges.iter().filter(|edge| edge.kind != EdgeKind::Call);
        accesses.map(|edge| self.shown(edge)).collect()
    }

    pub(super) fn shown(&self, edge: &Edge) -> String {
        let operation = edge.operation.map_or("?", |id| &self.catalog.operation(id).key);
        let field = edge.field_path.as_deref().unwrap_or("*");
        let (kind, confidence) = (edge.kind.name(), edge.confidence.name());
        format!("{:?} {kind} {field} in {operation}, {confidence}", edge.role)
    }
}

/// `$NAME` up to the next mark is a variable, `{}` a hole.
pub(super) fn template(text: &str) -> Template {
    let mut template = Template::default();
    let mut rest = text;
    while !rest.is_empty() {
        let special = rest.find(['$', '{']).unwrap_or(rest.len());
        template.append(&Template::text(&rest[..special]));
        rest = &rest[special..];
        if let Some(behind) = rest.strip_prefix("{}") {
            template.append(&Template::hole());
            rest = behind;
        } else if let Some(behind) = rest.strip_prefix('$') {
            let end = behind.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(behind.len());
            template.append(&Template(vec![Part::Env(behind[..end].into())]));
            rest = &behind[end..];
        }
    }
    template
}

/// `source`, or `source=wire` with a JSON name, or `source=pb:wire` with a protobuf name.
pub(super) fn name(text: &str) -> FieldName {
    let (source, wire) = text.split_once('=').map_or((text, None), |(source, wire)| (source, Some(wire)));
    let wire = wire.map(|wire| match wire.strip_prefix("pb:") {
        Some(wire) => WireName { codec: Codec::Protobuf, name: Arc::from(wire) },
        None => WireName { codec: Codec::Json, name: Arc::from(wire) },
    });
    FieldName { source: Arc::from(source), wire: wire.into_iter().collect() }
}

/// Steps such as `items.[].owner`.
pub(super) fn steps(text: &str) -> Vec<Step> {
    let step = |text: &str| if text == "[]" { Step::Element } else { Step::Field(name(text)) };
    text.split('.').filter(|text| !text.is_empty()).map(step).collect()
}

pub(super) fn response(call: CallId, way: &str) -> Origin {
    Origin::Response(call, steps(way))
}

pub(super) fn request(call: CallId, way: &str) -> Origin {
    Origin::Request(call, steps(way))
}

fn settings() -> Settings {
    Settings {
        services: Vec::new(),
        identity: IdentitySettings { headers: Vec::new(), metadata: Vec::new(), required: false },
        policy: Policy { classes: std::collections::BTreeMap::new(), sanitizers: Vec::new() },
        marks: crate::model::settings::MarkPatterns::default(),
        protobuf: crate::model::settings::ProtobufSettings::default(),
        levels: std::collections::BTreeMap::<String, Option<Level>>::new(),
        retry_amplification: 10,
        sunset_notice_days: 90,
        libraries: Vec::new(),
        accepted: Vec::new(),
        ignore: Vec::new(),
        min_confidence: crate::model::map::Confidence::Possible,
        min_level: Level::Warning,
        include_tests: false,
        today: jiff::civil::date(2026, 1, 1),
    }
}
