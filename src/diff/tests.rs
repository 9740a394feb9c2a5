//! The laws of differences, on contracts built by hand and at random.

use proptest::prelude::*;

use super::diff;
use crate::model::change::{Change, ChangeKind, Direction, Sides, Spot};
use crate::model::contract::*;
use crate::model::source::{FileId, ServiceId, Site, Span};

fn site() -> Site {
    Site::Span(Span::new(FileId(0), 0, 0))
}

fn string() -> Shape {
    Shape::Scalar { kind: "string".into(), format: None }
}

fn list(shape: Shape) -> Shape {
    Shape::List(Box::new(shape))
}

/// A catalog of one contract.
fn contract(kind: ContractKind, id: &str, title: &str) -> Catalog {
    let contract = Contract { title: title.into(), files: vec![FileId(0)], ..Contract::new(kind, id, site()) };
    Catalog { contracts: vec![contract], ..Catalog::default() }
}

fn rest() -> Catalog {
    contract(ContractKind::OpenApi, "api.yaml", "Api")
}

/// Fields as `name`, or `name=number`.
fn message(catalog: &mut Catalog, name: &str, fields: &[(&str, Shape)]) -> Shape {
    let field = |(field, shape): &(&str, Shape)| {
        let (name, number) = field.split_once('=').map_or((*field, None), |(name, number)| (name, number.parse().ok()));
        Field { number, ..Field::new(name, shape.clone(), site()) }
    };
    catalog.messages.push(Message {
        named: !name.contains('#'),
        fields: fields.iter().map(field).collect(),
        ..Message::new(ContractId(0), name, site())
    });
    Shape::Message(MessageId::at(catalog.messages.len() - 1))
}

fn operation(catalog: &mut Catalog, key: &str, request: Option<Shape>, response: Shape) {
    let body = |shape| Body { required: true, ..Body::new("application/json", shape, site()) };
    let protocol = if let Some((method, path)) = key.split_once(' ') {
        Protocol::Http { method: method.into(), path: path.into() }
    } else {
        let (service, method) = key.split_once('/').unwrap();
        Protocol::Rpc {
            service: service.into(),
            method: method.into(),
            client_streaming: false,
            server_streaming: false,
        }
    };
    let status = if matches!(protocol, Protocol::Http { .. }) { "200" } else { "" };
    catalog.operations.push(Operation {
        request: request.map(body).into_iter().collect(),
        responses: vec![Response {
            status: status.into(),
            bodies: vec![body(response)],
            headers: Vec::new(),
            site: site(),
        }],
        ..Operation::new(ContractId(0), key, protocol, site())
    });
    catalog.contracts[0].operations.end = OperationId::at(catalog.operations.len());
}

/// An API of operations without data.
fn paths(mut catalog: Catalog, keys: &[&str]) -> Catalog {
    for key in keys {
        operation(&mut catalog, key, None, Shape::Any);
    }
    catalog
}

/// The same with the schemas that its messages could have been read from, if it is of OpenAPI.
fn with_schemas(catalog: &Catalog) -> Catalog {
    let mut catalog = catalog.clone();
    if catalog.contracts.first().is_none_or(|contract| contract.kind != ContractKind::OpenApi) {
        return catalog;
    }
    let mut schemas = Schemas::default();
    let named = |message: &Message| Schema {
        name: message.named.then(|| message.name.as_str().into()),
        types: [JsonType::Object].into_iter().collect(),
        ..written()
    };
    for message in &mut catalog.messages {
        message.schema = Some(push(&mut schemas, named(message)));
    }
    let of_message: Vec<SchemaId> = catalog.messages.iter().filter_map(|message| message.schema).collect();
    for (at, message) in catalog.messages.iter_mut().enumerate() {
        let mut object = ObjectKeywords::default();
        for field in &mut message.fields {
            let id = schema(&field.shape, &of_message, &mut schemas);
            field.schema = Some(id);
            object.properties.push((field.name.as_str().into(), id));
        }
        schemas.get_mut(of_message[at]).unwrap().object = Some(Box::new(object));
    }
    for operation in &mut catalog.operations {
        let answers = operation.responses.iter_mut().flat_map(|response| &mut response.bodies);
        for body in operation.request.iter_mut().chain(answers) {
            body.schema = Some(schema(&body.shape, &of_message, &mut schemas));
        }
    }
    for contract in &mut catalog.contracts {
        contract.schemas = schemas.clone();
    }
    catalog
}

fn written() -> Schema {
    Schema::anything(Place::Root { file: FileId(0), pointer: "".into() })
}

fn schema(shape: &Shape, messages: &[SchemaId], schemas: &mut Schemas) -> SchemaId {
    let typed = |kind: JsonType| Schema { types: [kind].into_iter().collect(), ..written() };
    let schema = match shape {
        Shape::Message(id) => return messages[id.index()],
        Shape::List(inner) => {
            let items = Some(schema(inner, messages, schemas));
            Schema { array: Some(Box::new(ArrayKeywords { items, ..Default::default() })), ..typed(JsonType::Array) }
        }
        Shape::Map(inner) => {
            let rest = Some(schema(inner, messages, schemas));
            let object = ObjectKeywords { additional_properties: rest, ..Default::default() };
            Schema { object: Some(Box::new(object)), ..typed(JsonType::Object) }
        }
        Shape::Union(members) => {
            let any_of = members.iter().map(|member| schema(member, messages, schemas)).collect();
            Schema { composition: Some(Box::new(Composition { any_of, ..Default::default() })), ..written() }
        }
        Shape::Scalar { kind, .. } => typed(JsonType::named(kind).unwrap_or(JsonType::String)),
        Shape::Any | Shape::Enum { .. } | Shape::Unresolved(_) => written(),
    };
    push(schemas, schema)
}

/// Each at a place of its own: what is said of two places is said twice.
fn push(schemas: &mut Schemas, schema: Schema) -> SchemaId {
    let pointer = format!("/{}", schemas.len()).into();
    schemas.push(Schema { place: Place::Root { file: FileId(0), pointer }, ..schema })
}

/// `- GET /x` for a removed operation, `- Message.field < in GET /x` for a field, with `<` for
/// responses and `>` for requests.
fn changes(base: &Catalog, head: &Catalog) -> Vec<String> {
    let shown = |change: Change| {
        let name = &change.element.name;
        match change.kind {
            ChangeKind::OperationRemoved => {
                let gone = if change.element.head.is_none() { " with its contract" } else { "" };
                format!("- {name}{gone}")
            }
            ChangeKind::FieldRemoved => {
                let parent = change.element.head.unwrap().message;
                assert!(parent.is_none_or(|parent| parent.index() < head.messages.len()));
                let Direction { request, response } = change.direction;
                let marks = [(request, ">"), (response, "<")].map(|(is, mark)| if is { mark } else { "" }).concat();
                let keys: Vec<_> = change.operations.iter().map(|id| base.operation(*id).key.as_str()).collect();
                format!("- {name} {marks} in {}", keys.join(", "))
            }
            ChangeKind::SensitiveMarkRemoved => {
                let class = change.old.unwrap().value.unwrap();
                format!("- {class} of {name}, now {}", head.field_name(change.element.head.unwrap().field.unwrap()))
            }
            kind @ (ChangeKind::FieldRenamed | ChangeKind::FieldRenumbered) => {
                let value = |spot: Option<Spot>| spot.unwrap().value.unwrap();
                format!("{} {name}: {} -> {}", kind.id(), value(change.old), value(change.new))
            }
            other => format!("{}: {name}", other.id()),
        }
    };
    let changes = diff(Sides { base: &with_schemas(base), head: &with_schemas(head) });
    changes.into_iter().filter(|change| !change.kind.is_compatible()).map(shown).collect()
}

#[test]
fn a_field_that_loses_its_mark_is_told_even_where_it_is_renamed() {
    let marked = |mut catalog: Catalog| {
        let mark = Mark { text: "x-pii".to_owned(), site: catalog.messages[0].site.clone() };
        catalog.messages[0].fields[0].marks.sensitive.push(Sensitive { class: "pii".to_owned(), mark });
        catalog
    };
    let (old, new) = (proto(&[("mail=1", string())]), proto(&[("address=1", string())]));
    let renamed = "breaking/field-renamed shop.v1.Cart.mail: mail -> address";
    assert_eq!(changes(&marked(old.clone()), &marked(new.clone())), [renamed]);
    assert_eq!(changes(&marked(old), &new), [renamed, "- pii of shop.v1.Cart.mail, now shop.v1.Cart.address"]);
}

#[test]
fn an_operation_that_is_gone_is_removed() {
    let base = paths(rest(), &["GET /a", "GET /b", "POST /b"]);
    assert_eq!(changes(&base, &paths(rest(), &["POST /b", "GET /a"])), ["- GET /b"]);
}

#[test]
fn names_of_path_parameters_do_not_matter() {
    let base = paths(rest(), &["GET /users/{id}/files/{name}.json"]);
    assert!(changes(&base, &paths(rest(), &["GET /users/{userId}/files/{file}.json"])).is_empty());
    assert_eq!(changes(&base, &paths(rest(), &["GET /users/{id}/files/{name}"])).len(), 1);
}

#[test]
fn a_contract_that_is_gone_takes_its_operations_along() {
    let base = paths(rest(), &["GET /a", "GET /b"]);
    let gone = ["- GET /a with its contract", "- GET /b with its contract"];
    assert_eq!(changes(&base, &Catalog::default()), gone);
    let other = paths(contract(ContractKind::OpenApi, "other.yaml", "Other"), &["GET /a"]);
    assert_eq!(changes(&base, &other), gone);
}

#[test]
fn a_file_that_moved_is_known_by_its_title() {
    let base = paths(rest(), &["GET /a", "GET /b"]);
    let moved = paths(contract(ContractKind::OpenApi, "new/api.yaml", "Api"), &["GET /a"]);
    assert_eq!(changes(&base, &moved), ["- GET /b"]);
}

#[test]
fn operations_of_one_provider_may_move_to_a_new_file() {
    let provided = |mut catalog: Catalog| {
        catalog.contracts[0].provider = Some(ServiceId(0));
        catalog
    };
    let base = provided(paths(rest(), &["GET /a", "GET /b", "GET /c"]));
    let mut head = provided(paths(rest(), &["GET /a"]));
    head.absorb(provided(paths(contract(ContractKind::OpenApi, "b.yaml", "B"), &["GET /b"])));
    assert_eq!(changes(&base, &head), ["- GET /c"]);
}

/// An rpc with these HTTP bindings.
fn bound(keys: &[&str]) -> Catalog {
    let mut catalog = paths(contract(ContractKind::Protobuf, "shop.v1", "shop.v1"), &["shop.v1.Cart/Get"]);
    for key in keys {
        operation(&mut catalog, key, None, Shape::Any);
        catalog.operations.last_mut().unwrap().binding = Some(Box::new(HttpBinding {
            rpc: OperationId(0),
            variables: Vec::new(),
            body: BindingBody::Nothing,
            response_body: None,
        }));
    }
    catalog
}

#[test]
fn a_binding_is_an_operation_that_goes_with_its_rpc() {
    let base = bound(&["GET /v1/{name=carts/*}", "GET /v1/{name=shops/*/carts/*}"]);
    assert_eq!(changes(&base, &bound(&["GET /v1/{cart=carts/*}"])), ["- GET /v1/{name=shops/*/carts/*}"]);
    let gone = paths(contract(ContractKind::Protobuf, "shop.v1", "shop.v1"), &["shop.v1.Cart/Put"]);
    assert_eq!(changes(&base, &gone), ["- shop.v1.Cart/Get"]);
}

#[test]
fn a_package_below_another_root_is_the_same_package() {
    let proto = |id| paths(contract(ContractKind::Protobuf, id, "shop.v1"), &["shop.v1.Cart/Get", "shop.v1.Cart/Put"]);
    let mut split = contract(ContractKind::Protobuf, "shop.v1@a", "shop.v1");
    operation(&mut split, "shop.v1.Cart/Get", None, Shape::Any);
    assert_eq!(changes(&proto("shop.v1"), &split), ["- shop.v1.Cart/Put"]);
    split.absorb(proto("shop.v1@b"));
    assert!(changes(&proto("shop.v1"), &split).is_empty());
}

#[test]
fn a_schema_that_loses_a_field_is_one_change_with_all_its_operations() {
    let build = |fields: &[(&str, Shape)]| {
        let mut catalog = rest();
        let profile = message(&mut catalog, "Profile", fields);
        let page = message(&mut catalog, "Page", &[("items", list(profile.clone()))]);
        operation(&mut catalog, "GET /profiles/{id}", None, profile.clone());
        operation(&mut catalog, "GET /profiles", None, page);
        operation(&mut catalog, "POST /profiles", Some(profile), Shape::Any);
        catalog
    };
    let base = build(&[("id", string()), ("birthdate", string())]);
    let head = build(&[("id", string())]);
    let everywhere = "GET /profiles/{id}, GET /profiles, POST /profiles";
    assert_eq!(changes(&base, &head), [format!("- Profile.birthdate >< in {everywhere}")]);
}

#[test]
fn what_a_schema_is_called_does_not_matter() {
    let build = |name: &str, fields: &[(&str, Shape)]| {
        let mut catalog = rest();
        let profile = message(&mut catalog, name, fields);
        operation(&mut catalog, "GET /profiles/{id}", None, profile);
        catalog
    };
    let base = build("Profile", &[("id", string()), ("birthdate", string())]);
    assert!(changes(&base, &build("Person", &[("birthdate", string()), ("id", string())])).is_empty());
    let lost = changes(&base, &build("GET /profiles/{id}#200", &[("id", string())]));
    assert_eq!(lost, ["- Profile.birthdate < in GET /profiles/{id}"]);
}

#[test]
fn only_places_that_lost_a_field_are_named() {
    let mut base = rest();
    let profile = message(&mut base, "Profile", &[("id", string()), ("birthdate", string())]);
    operation(&mut base, "GET /a", None, profile.clone());
    operation(&mut base, "GET /b", None, profile);
    let mut head = rest();
    let full = message(&mut head, "Profile", &[("id", string()), ("birthdate", string())]);
    let brief = message(&mut head, "Brief", &[("id", string())]);
    operation(&mut head, "GET /a", None, full);
    operation(&mut head, "GET /b", None, brief);
    assert_eq!(changes(&base, &head), ["- Profile.birthdate < in GET /b"]);
}

#[test]
fn what_vanishes_with_its_operation_or_parent_is_not_told_again() {
    let mut base = rest();
    let address = message(&mut base, "Address", &[("street", string())]);
    let profile = message(&mut base, "Profile", &[("id", string()), ("address", address)]);
    let other = message(&mut base, "Other", &[("x", string())]);
    operation(&mut base, "GET /a", None, profile);
    operation(&mut base, "GET /b", None, other);
    let mut head = rest();
    let profile = message(&mut head, "Profile", &[("id", string())]);
    operation(&mut head, "GET /a", None, profile);
    assert_eq!(changes(&base, &head), ["- GET /b", "- Profile.address < in GET /a"]);
}

#[test]
fn schemas_that_refer_to_themselves_end() {
    let build = |fields: &[(&str, Shape)]| {
        let mut catalog = rest();
        let mut fields = fields.to_vec();
        fields.push(("children", list(Shape::Message(MessageId(0)))));
        let node = message(&mut catalog, "Node", &fields);
        operation(&mut catalog, "GET /tree", None, node);
        catalog
    };
    assert_eq!(changes(&build(&[("name", string())]), &build(&[])), ["- Node.name < in GET /tree"]);
}

#[test]
fn members_of_a_union_pair_by_name_then_by_likeness() {
    let build = |members: &[(&str, &[&str])]| {
        let mut catalog = rest();
        let shape = |catalog: &mut Catalog, (name, fields): &(&str, &[&str])| {
            let fields: Vec<_> = fields.iter().map(|field| (*field, string())).collect();
            message(catalog, name, &fields)
        };
        let members = members.iter().map(|member| shape(&mut catalog, member)).collect();
        operation(&mut catalog, "GET /pets", None, Shape::Union(members));
        catalog
    };
    let base = build(&[("Cat", &["name", "claws", "tail"]), ("Dog", &["name", "bark"])]);
    let head = build(&[("Dog", &["name"]), ("Feline", &["name", "claws"]), ("Fish", &["fins"])]);
    let added = "breaking/union-member-added: GET /pets#200";
    assert_eq!(changes(&base, &head), [added, "- Cat.tail < in GET /pets", "- Dog.bark < in GET /pets"]);
    let replaced = build(&[("Dog", &["name", "bark"]), ("Fish", &["fins"])]);
    assert_eq!(changes(&base, &replaced), [added, "breaking/union-member-removed: GET /pets#200"]);
    // A single message under a union is the one that stood there alone.
    let mut alone = rest();
    let cat = message(&mut alone, "Cat", &[("name", string()), ("claws", string())]);
    operation(&mut alone, "GET /pets", None, cat);
    assert_eq!(changes(&alone, &build(&[("Tom", &["name"])])), ["- Cat.claws < in GET /pets"]);
}

fn proto(fields: &[(&str, Shape)]) -> Catalog {
    let mut catalog = contract(ContractKind::Protobuf, "shop.v1", "shop.v1");
    let cart = message(&mut catalog, "shop.v1.Cart", fields);
    let get = message(&mut catalog, "shop.v1.Get", &[("id=1", string())]);
    message(&mut catalog, "shop.v1.Event", &[("carts=1", list(cart.clone()))]);
    operation(&mut catalog, "shop.v1.Carts/Get", Some(get), cart);
    catalog
}

#[test]
fn a_protobuf_field_is_its_number_then_its_name() {
    let base = proto(&[("id=1", string()), ("total=2", string()), ("note=3", string())]);
    let renamed = proto(&[("id=1", string()), ("sum=2", string()), ("note=3", string())]);
    assert_eq!(changes(&base, &renamed), ["breaking/field-renamed shop.v1.Cart.total: total -> sum"]);
    let renumbered = proto(&[("id=1", string()), ("total=7", string()), ("note=3", string())]);
    assert_eq!(changes(&base, &renumbered), ["breaking/field-renumbered shop.v1.Cart.total: 2 -> 7"]);
    let removed = proto(&[("id=1", string()), ("note=3", string())]);
    assert_eq!(changes(&base, &removed), ["- shop.v1.Cart.total < in shop.v1.Carts/Get"]);
    // One new field does not continue two old ones: the name that is left has another number.
    let moved = proto(&[("id=1", string()), ("note=2", string())]);
    let renumbered = "breaking/field-renumbered shop.v1.Cart.note: 3 -> 2";
    assert_eq!(changes(&base, &moved), ["- shop.v1.Cart.total < in shop.v1.Carts/Get", renumbered]);
}

#[test]
fn a_protobuf_message_that_no_operation_carries_is_compared_too() {
    let base = proto(&[("id=1", string())]);
    let mut head = proto(&[("id=1", string())]);
    head.messages[2].fields.clear();
    assert_eq!(changes(&base, &head), ["- shop.v1.Event.carts  in "]);
}

#[test]
fn a_deep_chain_of_schemas_is_followed_to_its_end() {
    let build = |fields: usize| {
        let mut catalog = rest();
        let names = ["a", "b"];
        for at in 0..3_000 {
            let next = Shape::Message(MessageId::at(at + 1));
            let mut all: Vec<_> = names.iter().take(fields).map(|name| (*name, string())).collect();
            all.push(("next", next));
            message(&mut catalog, "Link", &all);
        }
        let end = message(&mut catalog, "End", &[]);
        operation(&mut catalog, "GET /chain", Some(end), Shape::Message(MessageId(0)));
        catalog
    };
    assert_eq!(changes(&build(2), &build(1)).len(), 3_000);
}

/// Shapes that refer to one of `messages` messages.
fn any_shape(messages: u32) -> impl Strategy<Value = Shape> {
    let leaf =
        prop_oneof![Just(Shape::Any), Just(string()), (0..messages).prop_map(|id| Shape::Message(MessageId(id))),];
    leaf.prop_recursive(3, 8, 3, |inner| {
        prop_oneof![
            inner.clone().prop_map(list),
            inner.clone().prop_map(|shape| Shape::Map(Box::new(shape))),
            prop::collection::vec(inner, 0..4).prop_map(Shape::Union),
        ]
    })
}

/// A contract of either kind with messages that refer to each other, and operations on them.
fn any_contract() -> impl Strategy<Value = Catalog> {
    let fields = || prop::collection::vec(any_shape(6), 0..4);
    let messages = prop::collection::vec((fields(), any::<bool>(), 0..4_u8), 6);
    let operations = prop::collection::vec((prop::option::of(any_shape(6)), any_shape(6)), 1..4);
    (any::<bool>(), messages, operations).prop_map(|(is_proto, messages, operations)| {
        let mut catalog = if is_proto { contract(ContractKind::Protobuf, "p.v1", "p.v1") } else { rest() };
        for (at, (fields, named, same)) in messages.into_iter().enumerate() {
            // Schemas of OpenAPI may be inline; several files may use one name for different ones.
            let name = match (is_proto, named) {
                (true, _) => format!("p.v1.M{at}"),
                (false, true) => format!("M{same}"),
                (false, false) => format!("GET /o#{same}"),
            };
            let number = |at: usize| if is_proto { format!("f{at}={}", at + 1) } else { format!("f{at}") };
            let names: Vec<String> = (0..fields.len()).map(number).collect();
            let fields: Vec<_> = names.iter().map(String::as_str).zip(fields).collect();
            message(&mut catalog, &name, &fields);
        }
        for (at, (request, response)) in operations.into_iter().enumerate() {
            let key = if is_proto { format!("p.v1.S/Do{at}") } else { format!("POST /o{at}/{{id}}") };
            operation(&mut catalog, &key, request, response);
        }
        catalog
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_catalog_does_not_differ_from_itself(catalog in any_contract()) {
        prop_assert_eq!(changes(&catalog, &catalog), Vec::<String>::new());
    }

    #[test]
    fn additions_are_no_changes(base in any_contract()) {
        let mut head = base.clone();
        let added = Field { name: "added".into(), number: Some(99), ..proto(&[("x=1", string())]).messages[0].fields[0].clone() };
        head.messages.iter_mut().for_each(|message| message.fields.insert(0, added.clone()));
        operation(&mut head, "GET /added", None, Shape::Any);
        prop_assert_eq!(changes(&base, &head), Vec::<String>::new());
    }

    #[test]
    fn a_removed_operation_is_the_only_change(base in any_contract()) {
        let mut head = base.clone();
        let gone = head.operations.pop().unwrap();
        head.contracts[0].operations.end = OperationId::at(head.operations.len());
        prop_assert_eq!(changes(&base, &head), vec![format!("- {}", gone.key)]);
    }
}
