//! What services take and answer without a contract.

use super::build::*;
use crate::link::complete;
use crate::model::contract::{Catalog, Shape};
use crate::model::ir::{Codec, WireName};
use crate::model::source::{FileId, Span};
use crate::model::usage::{AccessKind, Data, DataField, FieldName, Origin, Record, RecordId, Step};

fn field(source: &str, data: Data) -> DataField {
    let name = FieldName { source: source.into(), wire: Vec::new() };
    DataField { name, data, span: Span::new(FileId(1), 0, 1) }
}

fn record(name: &str, fields: Vec<DataField>) -> Record {
    Record { name: name.into(), fields, span: Span::new(FileId(1), 2, 3) }
}

/// Orders, whose handler answers and takes this.
fn orders(route: &str, gives: Vec<Data>, takes: Vec<Data>) -> World {
    let mut world = World::new(&["shop", "orders"], Vec::new());
    world.handle(1, route, "handler");
    world.facts.handlers[0].gives = gives;
    world.facts.handlers[0].takes = takes;
    world
}

fn told(mut world: World) -> World {
    complete(&world.facts, &mut world.catalog, &world.workspace);
    world
}

/// `Order{id: number, next: Order}`, a message by its fields where it is first met.
fn shown(catalog: &Catalog, shape: &Shape, open: &mut Vec<String>) -> String {
    match shape {
        Shape::Message(id) => {
            let message = catalog.message(*id);
            if open.contains(&message.name) {
                return message.name.clone();
            }
            open.push(message.name.clone());
            let fields = message.fields.iter().map(|it| format!("{}: {}", it.name, shown(catalog, &it.shape, open)));
            format!("{}{{{}}}", message.name, fields.collect::<Vec<_>>().join(", "))
        }
        Shape::List(item) => format!("[{}]", shown(catalog, item, open)),
        Shape::Union(all) => all.iter().map(|each| shown(catalog, each, open)).collect::<Vec<_>>().join(" | "),
        other => other.to_string(),
    }
}

fn answered(world: &World) -> String {
    let body = &world.catalog.operations[0].responses[0].bodies[0];
    shown(&world.catalog, &body.shape, &mut Vec::new())
}

fn taken(world: &World) -> Option<String> {
    let body = world.catalog.operations[0].request.first()?;
    Some(shown(&world.catalog, &body.shape, &mut Vec::new()))
}

#[test]
fn a_field_of_what_a_handler_declares_is_read() {
    let mut world = orders("GET /orders/{}", vec![Data::Declared(RecordId(0))], Vec::new());
    let mut total = field("total", Data::Number);
    total.name.wire.push(WireName { codec: Codec::Json, name: "grand_total".into() });
    world.facts.records = vec![record("Order", vec![field("id", Data::Text), total])];
    let call = world.http(0, "GET", "http://orders/orders/{}");
    for name in ["id", "grandTotal", "gone"] {
        world.read(0, "", name, &[Origin::Response(call, Vec::new())]);
    }
    let world = told(world);
    assert_eq!(
        world.accessed(),
        [
            "Consumer read GET /orders/{}#default.id in GET /orders/{}, likely",
            "Consumer read GET /orders/{}#default.grand_total in GET /orders/{}, likely",
        ]
    );
    // Nobody has promised that there is no more of it.
    assert!(world.link().unknown_fields.is_empty());
}

#[test]
fn types_may_hold_themselves_and_be_called_alike() {
    let mut world = orders("GET /orders", vec![Data::List(Box::new(Data::Declared(RecordId(0))))], Vec::new());
    world.facts.records = vec![
        record("Order", vec![field("next", Data::Declared(RecordId(0))), field("old", Data::Declared(RecordId(1)))]),
        record("Order", vec![field("id", Data::Text)]),
    ];
    assert_eq!(answered(&told(world)), "[Order{next: Order, old: Order_{id: string}}]");
}

#[test]
fn objects_that_are_made_in_several_places_are_one() {
    let made = |fields: Vec<DataField>| Data::Made(fields);
    let items = |fields| field("items", Data::List(Box::new(made(fields))));
    let gives = vec![
        made(vec![field("error", Data::Text)]),
        made(vec![field("id", Data::Unknown), items(vec![field("sku", Data::Text)])]),
        made(vec![field("id", Data::Number), items(vec![field("count", Data::Number)])]),
    ];
    assert_eq!(
        answered(&told(orders("GET /orders", gives, Vec::new()))),
        "GET /orders#default{error: string, id: number, items: [GET /orders#default.items[]{sku: string, count: number}]}"
    );
}

#[test]
fn what_a_handler_reads_of_its_request_is_what_it_takes() {
    let read = |route: &str, takes: Vec<Data>| {
        let mut world = orders(route, Vec::new(), takes);
        world.facts.records = vec![record("Order", vec![field("id", Data::Text)])];
        let name = |source: &str| FieldName { source: source.into(), wire: Vec::new() };
        let handler = |steps: &[Step]| Origin::Handler("handler".into(), steps.to_vec());
        world.read(1, "", "buyer", &[handler(&[])]);
        world.read(1, "", "sku", &[handler(&[Step::Field(name("items")), Step::Element])]);
        world.access(1, AccessKind::Write, "", "answer", &[handler(&[])]);
        taken(&told(world))
    };
    let body = "POST /orders#request{buyer: any, items: [POST /orders#request.items[]{sku: any}]}";
    assert_eq!(read("POST /orders", Vec::new()).as_deref(), Some(body));
    // A type says it better, and some requests have no body.
    assert_eq!(read("POST /orders", vec![Data::Declared(RecordId(0))]).as_deref(), Some("Order{id: string}"));
    assert_eq!(read("GET /orders", Vec::new()), None);
}

#[test]
fn a_type_that_is_met_somewhere_is_no_access_of_what_a_handler_takes() {
    let mut world = orders("POST /orders", Vec::new(), vec![Data::Declared(RecordId(0))]);
    world.facts.records = vec![record("Order", vec![field("id", Data::Text)])];
    let handler = Origin::Handler("handler".into(), Vec::new());
    world.read(1, "", "id", std::slice::from_ref(&handler));
    world.read(1, "", "id", &[handler]);
    world.facts.accesses[1].by_type = true;
    assert_eq!(told(world).accessed(), ["Provider read POST /orders#request.id in POST /orders, likely"]);
}
