//! A hand-made run whose catalog fills everything that the model can say.

use serde_json::{Number, json};

use super::{Listing, Selection, places};
use crate::model::analysis::Analysis;
use crate::model::contract::*;
use crate::model::problem::{Problem, ProblemKind};
use crate::model::source::*;
use crate::report::Places;
use crate::report::sample::spans;

const API: FileId = FileId(0);
const PROTO: FileId = FileId(1);
const COPY: FileId = FileId(2);
const BROKEN: FileId = FileId(3);

/// Every line of the proto file is one of these, so that byte 10 n is line n + 1, column 1.
const LINE: &str = "012345678\n";

/// An OpenAPI description and a protobuf package.
pub(crate) fn analysis() -> Analysis {
    let mut sources = Sources::default();
    for (path, kind) in [
        ("api/openapi.yaml", FileKind::Yaml),
        ("proto/shop/v1/shop.proto", FileKind::Proto),
        ("vendor/shop/v1/shop.proto", FileKind::Proto),
        ("api/broken.yaml", FileKind::Yaml),
    ] {
        sources.push(SourceFile::new(path, Revision::Head, kind, LINE.repeat(100)));
    }
    let services = vec![Service { name: "shop".into(), path: "api".into(), ..Service::default() }];
    let mut head = Catalog {
        contracts: vec![openapi(), protobuf()],
        operations: http_operations(),
        messages: vec![account(), page(), order(), line_item()],
        enums: vec![status()],
        ..Catalog::default()
    };
    head.operations.extend(rpc_operations());
    let problems = vec![
        Problem::at(ProblemKind::ContractUnreadable, pointer("/paths/~1x"), "`$ref` to `#/nowhere` leads nowhere"),
        Problem::file(ProblemKind::Note, COPY, "identical copy of proto/shop/v1/shop.proto"),
        Problem::file(ProblemKind::ContractUnreadable, BROKEN, "expected `:`"),
        Problem::path(ProblemKind::FileSkipped, "api/huge.json", "larger than 100 MB"),
    ];
    let workspace = Workspace { services, ..Workspace::default() };
    Analysis { sources, workspace, head, problems, ..Analysis::default() }
}

/// What a listing of everything needs, handed to a function because it borrows.
pub(crate) fn listed<T>(analysis: &Analysis, selection: &Selection, f: impl FnOnce(&Listing<'_>) -> T) -> T {
    let sites = places(analysis, selection);
    let places = Places::resolve(&analysis.sources, &sites, spans);
    let missing = ["a contract could not be read in full".to_owned()];
    f(&Listing { analysis, selection, places: &places, missing: &missing, exit: 3 })
}

fn pointer(pointer: &str) -> Site {
    Site::Pointer { file: API, pointer: pointer.into() }
}

/// A line of the proto file.
fn line(at: u32) -> Site {
    Site::Span(Span::new(PROTO, at * 10 + 2, at * 10 + 6))
}

fn mark(text: &str) -> Mark {
    Mark { text: text.into(), site: pointer("/mark") }
}

fn string() -> Shape {
    Shape::Scalar { kind: "string".into(), format: None }
}

fn openapi() -> Contract {
    let scheme = |name: &str, kind| SecurityScheme { name: name.into(), kind, site: pointer("/components/security") };
    Contract {
        title: "Shop".into(),
        files: vec![API],
        provider: Some(ServiceId(0)),
        version: "3.1.0".into(),
        servers: vec!["https://shop.internal/{base}".into()],
        security_schemes: vec![
            scheme("key", SchemeKind::ApiKey { place: ParameterPlace::Header, name: "X-Key".into() }),
            scheme("bearer", SchemeKind::Http { scheme: "bearer".into() }),
            scheme("login", SchemeKind::OAuth2 { flows: vec![("implicit".into(), vec!["https://a".into()])] }),
            scheme("id", SchemeKind::OpenIdConnect { url: "https://id".into() }),
            scheme("mtls", SchemeKind::MutualTls),
        ],
        schemas: schemas(),
        operations: OperationId(0)..OperationId(3),
        ..Contract::new(ContractKind::OpenApi, "api/openapi.yaml", pointer(""))
    }
}

/// 0 `Account`, 1 its `id`, 2 `Amount`, 3 a list, 4 `false`, 5 a union, 6 a condition.
fn schemas() -> Schemas {
    let mut schemas = Schemas::default();
    let root = |at: &str| Place::Root { file: API, pointer: format!("/components/schemas/{at}").into() };
    let under = |step| Place::Under { parent: SchemaId(0), step };
    let object = ObjectKeywords {
        properties: vec![("id".into(), SchemaId(1)), ("tags".into(), SchemaId(3))],
        required: vec!["id".into()],
        pattern_properties: vec![("^x-".into(), SchemaId(2))],
        additional_properties: Some(SchemaId(4)),
        property_names: Some(SchemaId(1)),
        min_properties: Some(1),
        max_properties: Some(9),
        dependent_required: vec![("id".into(), vec!["tags".into()])],
        dependent_schemas: vec![("tags".into(), SchemaId(2))],
        unevaluated_properties: Some(SchemaId(4)),
    };
    schemas.push(Schema {
        name: Some("Account".into()),
        types: [JsonType::Object].into_iter().collect(),
        object: Some(Box::new(object)),
        ..Schema::anything(root("Account"))
    });
    schemas.push(Schema {
        types: [JsonType::String, JsonType::Null].into_iter().collect(),
        format: Some("uuid".into()),
        string: Some(Box::new(StringKeywords {
            min_length: Some(1),
            max_length: Some(36),
            pattern: Some("^[0-9a-f-]+$".into()),
            content_encoding: Some("base64".into()),
            content_media_type: Some("text/plain".into()),
            content_schema: Some(SchemaId(0)),
        })),
        annotations: Some(Box::new(Annotations {
            read_only: true,
            write_only: true,
            default: Some(json!("0")),
            title: Some("Id".into()),
            open_enum: true,
        })),
        marks: MarkSet { deprecated: Some(mark("deprecated")), ..MarkSet::default() }.into(),
        ..Schema::anything(under(SchemaStep::Member("properties", "id".into())))
    });
    schemas.push(Schema {
        name: Some("Amount".into()),
        types: [JsonType::Number].into_iter().collect(),
        values: Some([json!(1), json!(2.5)].into()),
        number: Some(Box::new(NumberKeywords {
            minimum: Some(Number::from(0)),
            maximum: Some(Number::from(100)),
            exclusive_minimum: Some(Number::from(-1)),
            exclusive_maximum: Some(Number::from(101)),
            multiple_of: Number::from_f64(0.5),
        })),
        ..Schema::anything(root("Amount"))
    });
    schemas.push(Schema {
        types: [JsonType::Array].into_iter().collect(),
        array: Some(Box::new(ArrayKeywords {
            items: Some(SchemaId(1)),
            prefix_items: vec![SchemaId(2)],
            contains: Some(SchemaId(1)),
            min_contains: Some(1),
            max_contains: Some(2),
            min_items: Some(2),
            max_items: Some(5),
            unique_items: true,
            unevaluated_items: Some(SchemaId(4)),
        })),
        ..Schema::anything(under(SchemaStep::Member("properties", "tags".into())))
    });
    schemas.push(Schema { never: true, ..Schema::anything(under(SchemaStep::Keyword("additionalProperties"))) });
    schemas.push(Schema {
        name: Some("Either".into()),
        reference: Some(SchemaId(0)),
        composition: Some(Box::new(Composition {
            all_of: vec![SchemaId(0)],
            one_of: vec![SchemaId(0), SchemaId(2)],
            any_of: vec![SchemaId(1)],
            not: Some(SchemaId(4)),
            condition: Some(SchemaId(1)),
            then: Some(SchemaId(2)),
            otherwise: Some(SchemaId(3)),
            discriminator: Some(Discriminator {
                property: "kind".into(),
                mapping: vec![("a".into(), "#/components/schemas/Account".into())],
                targets: vec![("a".into(), SchemaId(1))],
            }),
        })),
        ..Schema::anything(root("Either"))
    });
    schemas
}

fn http_operations() -> Vec<Operation> {
    let http = |method: &str, path: &str| {
        let protocol = Protocol::Http { method: method.into(), path: path.into() };
        let site = pointer(&format!("/paths/~1{path}/{method}"));
        Operation::new(ContractId(0), format!("{method} {path}"), protocol, site)
    };
    let header = Parameter {
        identity: true,
        ..Parameter::new(ParameterPlace::Header, "X-Client-Id", string(), pointer("/p/0"))
    };
    let values: Vec<String> = ('a'..='l').map(String::from).collect();
    let sort = Parameter {
        style: "pipeDelimited".into(),
        explode: false,
        schema: Some(SchemaId(3)),
        marks: MarkSet { deprecated: Some(mark("deprecated")), ..MarkSet::default() }.into(),
        ..Parameter::new(
            ParameterPlace::Query,
            "sort",
            Shape::List(Box::new(Shape::Enum { name: "".into(), values: values.into() })),
            pointer("/p/1"),
        )
    };
    let id = Parameter {
        required: true,
        schema: Some(SchemaId(1)),
        ..Parameter::new(
            ParameterPlace::Path,
            "id",
            Shape::Scalar { kind: "string".into(), format: Some("uuid".into()) },
            pointer("/p/2"),
        )
    };
    let cookie = Parameter::new(ParameterPlace::Cookie, "session", Shape::Any, pointer("/p/3"));
    let account = |media: &str| Body {
        required: true,
        schema: Some(SchemaId(0)),
        ..Body::new(media, Shape::Message(MessageId(0)), pointer("/b"))
    };
    let either = Body {
        schema: Some(SchemaId(5)),
        ..Body::new(
            "application/json",
            Shape::Union(vec![Shape::Message(MessageId(0)), Shape::Message(MessageId(1)), string()]),
            pointer("/b/1"),
        )
    };
    let ok = Response {
        status: "200".into(),
        bodies: vec![either],
        headers: vec![Parameter::new(ParameterPlace::Header, "ETag", string(), pointer("/h"))],
        site: pointer("/r/200"),
    };
    let gone = Response { status: "410".into(), bodies: Vec::new(), headers: Vec::new(), site: pointer("/r/410") };
    let put = Operation {
        operation_id: Some("putAccount".into()),
        tags: vec!["accounts".into()],
        servers: vec!["https://write.internal".into()],
        parameters: vec![id, sort, header, cookie],
        request: vec![account("application/json"), account("application/xml")],
        responses: vec![ok, gone],
        security: Some(vec![
            vec![("key".into(), Vec::new()), ("login".into(), vec!["read".into(), "write".into()])],
            Vec::new(),
        ]),
        marks: MarkSet {
            deprecated: Some(mark("deprecated")),
            sunset: Some((jiff::civil::date(2026, 12, 1), mark("x-sunset"))),
            idempotent: Some(mark("PUT")),
            public: Some(mark("x-public")),
            ..MarkSet::default()
        }
        .into(),
        ..http("PUT", "/accounts/{id}")
    };
    let callback = Operation {
        kind: OperationKind::Callback,
        key: "callback shipped of PUT orders: POST {$request.body#/url}".into(),
        ..http("POST", "{$request.body#/url}")
    };
    let webhook = Operation {
        kind: OperationKind::Webhook,
        key: "webhook shipped: POST".into(),
        security: Some(Vec::new()),
        ..http("POST", "")
    };
    vec![put, callback, webhook]
}

fn account() -> Message {
    let field = |name: &str, shape| Field::new(name, shape, pointer(&format!("/components/schemas/Account/{name}")));
    Message {
        schema: Some(SchemaId(0)),
        marks: MarkSet { public: Some(mark("x-public")), ..MarkSet::default() }.into(),
        fields: vec![
            Field {
                cardinality: Cardinality::Required,
                schema: Some(SchemaId(1)),
                marks: MarkSet {
                    identity: Some(mark("x-identity")),
                    sensitive: vec![
                        Sensitive { class: "pii".into(), mark: mark("x-pii") },
                        Sensitive { class: "financial".into(), mark: mark("x-financial") },
                    ],
                    ..MarkSet::default()
                }
                .into(),
                ..field("id", Shape::Scalar { kind: "string".into(), format: Some("uuid".into()) })
            },
            Field { schema: Some(SchemaId(3)), ..field("tags", Shape::List(Box::new(string()))) },
            field("parent", Shape::Message(MessageId(0))),
            field("labels", Shape::Map(Box::new(Shape::Any))),
            field("other", Shape::Unresolved("Elsewhere".into())),
        ],
        ..Message::new(ContractId(0), "Account", pointer("/components/schemas/Account"))
    }
}

fn page() -> Message {
    Message {
        named: false,
        fields: vec![Field::new("next", string(), pointer("/page/next"))],
        ..Message::new(ContractId(0), "PUT /accounts/{id}#200", pointer("/page"))
    }
}

fn option(name: &str, value: serde_json::Value) -> OptionSetting {
    OptionSetting { name: name.into(), value, known: true, redacts: name.contains("pii"), site: line(60) }
}

fn protobuf() -> Contract {
    let import = |path: &str, kind, file, missing| Import { path: path.into(), kind, file, missing, site: line(1) };
    let extension = Field {
        number: Some(50_001),
        proto: Some(Box::new(proto_field("string", ProtoKind::Scalar))),
        ..Field::new("pii", string(), line(70))
    };
    let file = ProtoFile {
        file: PROTO,
        path: "shop/v1/shop.proto".into(),
        root: String::new(),
        syntax: Syntax::Edition2023,
        syntax_site: Some(line(0)),
        package_site: Some(line(1)),
        imports: vec![
            import("google/api/annotations.proto", None, None, false),
            import("other.proto", Some(ImportKind::Public), Some(COPY), false),
            import("gone.proto", Some(ImportKind::Weak), None, true),
        ],
        features: Features { presence: Presence::Implicit, ..Features::default() },
        options: vec![option("features.field_presence", json!("IMPLICIT"))],
        services: vec![ProtoService {
            name: "shop.v1.Shop".into(),
            options: vec![option("(acme.team)", json!("orders"))],
            marks: MarkSet { deprecated: Some(mark("deprecated")), ..MarkSet::default() }.into(),
            site: line(3),
        }],
        extensions: vec![Extension {
            extendee: "google.protobuf.FieldOptions".into(),
            name: "shop.v1.pii".into(),
            field: extension,
        }],
        marks: MarkSet { deprecated: Some(mark("deprecated")), ..MarkSet::default() }.into(),
    };
    Contract {
        title: "shop.v1".into(),
        files: vec![PROTO],
        copies: vec![COPY],
        version: "edition 2023".into(),
        proto_files: vec![file],
        options: vec![("go_package".into(), "example.com/shop/v1;shopv1".into())],
        operations: OperationId(3)..OperationId(6),
        ..Contract::new(ContractKind::Protobuf, "shop.v1", line(1))
    }
}

fn rpc_operations() -> Vec<Operation> {
    let get = Operation {
        request: vec![Body::new("", Shape::Message(MessageId(2)), line(4))],
        responses: vec![Response {
            status: String::new(),
            bodies: vec![Body::new("", Shape::Message(MessageId(2)), line(4))],
            headers: Vec::new(),
            site: line(4),
        }],
        proto: Some(Box::new(ProtoMethod {
            file: 0,
            types: ("shop.v1.Order".into(), "shop.v1.Order".into()),
            options: vec![
                option("(google.api.http)", json!({"get": "/v1/{name=orders/*}"})),
                option("idempotency_level", json!("NO_SIDE_EFFECTS")),
            ],
        })),
        marks: MarkSet { idempotent: Some(mark("idempotency_level")), ..MarkSet::default() }.into(),
        ..Operation::new(
            ContractId(1),
            "shop.v1.Shop/GetOrder",
            Protocol::Rpc {
                service: "shop.v1.Shop".into(),
                method: "GetOrder".into(),
                client_streaming: true,
                server_streaming: true,
            },
            line(4),
        )
    };
    let bound = |method: &str, path: &str, body, response_body: Option<&str>| Operation {
        binding: Some(Box::new(HttpBinding {
            rpc: OperationId(3),
            variables: vec![("name".into(), "orders/*".into()), ("id".into(), "*".into())],
            body,
            response_body: response_body.map(str::to_owned),
        })),
        ..Operation::new(
            ContractId(1),
            format!("{method} {path}"),
            Protocol::Http { method: method.into(), path: path.into() },
            line(5),
        )
    };
    vec![
        get,
        bound("GET", "/v1/{name}", BindingBody::Nothing, Some("lines")),
        bound("POST", "/v1/{name}:get", BindingBody::Field("filter".into()), None),
    ]
}

fn proto_field(type_name: &str, kind: ProtoKind) -> ProtoField {
    let span = |start| Some(Span::new(PROTO, start, start + 3));
    ProtoField {
        type_name: type_name.into(),
        kind,
        features: Features::default(),
        proto3_optional: false,
        default: None,
        options: Vec::new(),
        json_name_is_explicit: false,
        spans: FieldSpans { whole: span(200), label: span(200), kind: span(203), number: span(207) },
    }
}

fn order() -> Message {
    let reserved = |numbers| Reserved { numbers, site: line(28) };
    let field = |number, name: &str, shape, proto: ProtoField| Field {
        number: Some(number),
        proto: Some(Box::new(proto)),
        ..Field::new(name, shape, line(20 + number))
    };
    let scalar = |name| proto_field(name, ProtoKind::Scalar);
    let text = |name: &str| Shape::Scalar { kind: name.into(), format: None };
    let statuses: Vec<String> = vec!["STATUS_UNSPECIFIED".into(), "STATUS_OPEN".into()];
    Message {
        proto: Some(Box::new(ProtoMessage {
            file: 0,
            options: vec![option("(acme.table)", json!({"name": "orders"}))],
            reserved: vec![reserved(9..=9), reserved(20..=29)],
            reserved_names: vec![("old".into(), line(29))],
            extension_ranges: vec![reserved(100..=536_870_911)],
            oneofs: vec![Oneof { name: "payer".into(), options: vec![option("(acme.o)", json!(1))], site: line(26) }],
            is_group: true,
            features: Features {
                open_enum: false,
                packed: false,
                utf8: false,
                delimited: true,
                json: false,
                presence: Presence::Implicit,
            },
        })),
        fields: vec![
            Field {
                cardinality: Cardinality::Required,
                ..field(
                    1,
                    "order_id",
                    text("string"),
                    ProtoField {
                        features: Features { presence: Presence::Required, ..Features::default() },
                        ..scalar("string")
                    },
                )
            },
            Field {
                json_name: Some("birth".into()),
                marks: MarkSet {
                    sensitive: vec![Sensitive { class: "pii".into(), mark: mark("(shop.v1.pii)") }],
                    ..MarkSet::default()
                }
                .into(),
                ..field(
                    2,
                    "birth_date",
                    text("string"),
                    ProtoField {
                        json_name_is_explicit: true,
                        proto3_optional: true,
                        default: Some(json!("1970-01-01")),
                        options: vec![option("(shop.v1.pii)", json!("PII")), option("deprecated", json!(true))],
                        ..scalar("string")
                    },
                )
            },
            Field {
                cardinality: Cardinality::Repeated,
                ..field(
                    3,
                    "lines",
                    Shape::List(Box::new(Shape::Message(MessageId(3)))),
                    proto_field("shop.v1.Order.Line", ProtoKind::Message),
                )
            },
            field(
                4,
                "prices",
                Shape::Map(Box::new(text("int64"))),
                proto_field("int64", ProtoKind::Map(MapKey::String)),
            ),
            Field {
                oneof: Some("payer".into()),
                ..field(
                    5,
                    "person",
                    Shape::Unresolved("hr.Person".into()),
                    proto_field("hr.Person", ProtoKind::Unresolved),
                )
            },
            field(
                12,
                "status",
                Shape::Enum { name: "shop.v1.Status".into(), values: statuses.into() },
                ProtoField {
                    features: Features { presence: Presence::Implicit, ..Features::default() },
                    ..proto_field("shop.v1.Status", ProtoKind::Enum)
                },
            ),
            field(13, "parent", Shape::Message(MessageId(2)), proto_field("shop.v1.Order", ProtoKind::Group)),
        ],
        ..Message::new(ContractId(1), "shop.v1.Order", line(20))
    }
}

fn line_item() -> Message {
    Message {
        proto: Some(Box::new(ProtoMessage::default())),
        ..Message::new(ContractId(1), "shop.v1.Order.Line", line(40))
    }
}

fn status() -> Enum {
    let value = |name: &str, number, marks: MarkSet| EnumValue {
        name: name.into(),
        number,
        options: Vec::new(),
        marks: marks.into(),
        site: line(51),
    };
    Enum {
        contract: ContractId(1),
        file: 0,
        name: "shop.v1.Status".into(),
        values: vec![
            value("STATUS_UNSPECIFIED", 0, MarkSet::default()),
            EnumValue {
                options: vec![option("debug_redact", json!(true))],
                ..value("STATUS_OPEN", -12, MarkSet { deprecated: Some(mark("deprecated")), ..MarkSet::default() })
            },
        ],
        reserved: vec![Reserved { numbers: 5..=7, site: line(53) }],
        reserved_names: vec![("STATUS_OLD".into(), line(53))],
        options: vec![option("allow_alias", json!(true))],
        features: Features { open_enum: false, ..Features::default() },
        marks: MarkSet { deprecated: Some(mark("deprecated")), ..MarkSet::default() }.into(),
        site: line(50),
    }
}
