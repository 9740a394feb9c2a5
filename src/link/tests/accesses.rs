//! Accesses <-> fields.

use super::build::*;
use crate::model::contract::Shape;
use crate::model::ir::Symbol;
use crate::model::usage::{AccessKind, Origin};

/// `GET /profiles/{id}`, `GET /profiles`, `POST /profiles`.
fn profiles() -> Api {
    let mut api = Api::rest("profile.yaml", "Profile");
    let address = api.message("Address", &[("street", string())]);
    let profile = api.message(
        "Profile",
        &[
            ("id", string()),
            ("birthDate", string()),
            ("addresses", list(address.clone())),
            ("labels", Shape::Map(Box::new(address))),
        ],
    );
    let page = api.message("Page", &[("items", list(profile.clone()))]);
    let error = api.message("Error", &[("reason", string())]);
    api.http("GET /profiles/{id}", None, &[("200", profile.clone()), ("404", error)])
        .http("GET /profiles", None, &[("200", page)])
        .http("POST /profiles", Some(profile.clone()), &[("201", profile)])
}

fn rest() -> World {
    World::new(&["web"], vec![profiles()])
}

#[test]
fn a_flow_from_a_call_is_walked_through_the_shape() {
    let mut world = rest();
    let one = world.http(0, "GET", "$B/profiles/{}");
    let page = world.http(0, "GET", "$PROFILE_URL/profiles");
    world.read(0, "", "birth_date=birthDate", &[response(one, "")]);
    world.read(0, "", "street", &[response(one, "addresses.[]")]);
    world.read(0, "", "street", &[response(one, "labels.[]")]);
    world.read(0, "", "street", &[response(one, "labels.home")]);
    world.read(0, "", "id", &[response(page, "items.[]")]);
    world.read(0, "", "ID", &[response(page, "items")]);
    let get = "GET /profiles/{id}";
    let expected = [
        format!("Consumer read {get}#200.birthDate in {get}, likely"),
        format!("Consumer read {get}#200.addresses[].street in {get}, likely"),
        format!("Consumer read {get}#200.labels{{}}.street in {get}, likely"),
        format!("Consumer read {get}#200.labels{{}}.street in {get}, likely"),
        "Consumer read GET /profiles#200.items[].id in GET /profiles, likely".to_owned(),
        "Consumer read GET /profiles#200.items[].id in GET /profiles, likely".to_owned(),
    ];
    assert_eq!(world.accessed(), expected);
}

#[test]
fn a_wire_name_is_taken_at_its_word() {
    let mut world = rest();
    let call = world.http(0, "GET", "$B/profiles/{}");
    // serde would look for `birth_date` in the JSON, and not find it.
    world.read(0, "", "birth_date=birth_date", &[response(call, "")]);
    world.read(0, "", "nonsense", &[response(call, "")]);
    assert!(world.accessed().is_empty());
    world.read(0, "", "BirthDate", &[response(call, "")]);
    assert_eq!(world.accessed().len(), 1);
}

#[test]
fn what_a_call_sends_is_a_field_of_the_request() {
    let mut world = rest();
    let call = world.http(0, "POST", "$B/profiles");
    world.access(0, AccessKind::Write, "", "birthDate", &[request(call, "")]);
    let expected = "Consumer write POST /profiles#request.birthDate in POST /profiles, possible";
    assert_eq!(world.accessed(), [expected]);
}

#[test]
fn fields_of_failures_are_found_where_success_has_none() {
    let mut world = rest();
    let call = world.http(0, "GET", "$B/profiles/{}");
    world.read(0, "", "reason", &[response(call, "")]);
    let expected = "Consumer read GET /profiles/{id}#404.reason in GET /profiles/{id}, possible";
    assert_eq!(world.accessed(), [expected]);
}

#[test]
fn all_members_of_a_union_are_looked_at() {
    let mut api = Api::rest("u.yaml", "U");
    let (cat, dog) = (api.message("Cat", &[("name", string())]), api.message("Dog", &[("name", string())]));
    let fish = api.message("Fish", &[("fins", string())]);
    let api = api.http("GET /pets/{id}", None, &[("200", Shape::Union(vec![cat, dog, fish]))]);
    let mut world = World::new(&["web"], vec![api]);
    let call = world.http(0, "GET", "$B/pets/1");
    world.read(0, "", "name", &[response(call, "")]);
    let map = world.link();
    let fields: Vec<_> = map.edges.iter().filter_map(|edge| edge.field).collect();
    let names: Vec<_> = fields.iter().map(|field| world.catalog.field_name(*field)).collect();
    assert_eq!(names, ["Cat.name", "Dog.name"]);
}

#[test]
fn a_type_that_a_flow_explains_is_known_elsewhere() {
    let mut world = rest();
    let call = world.http(0, "GET", "$B/profiles/{}");
    world.read(0, "web::Profile", "birthDate", &[]);
    world.read(0, "web::Profile", "id", &[response(call, "")]);
    world.read(0, "web::Other", "birthDate", &[]);
    world.access(0, AccessKind::Whole, "web::Profile", "", &[]);
    let get = "GET /profiles/{id}";
    let expected = [
        format!("Consumer read {get}#200.birthDate in {get}, likely"),
        format!("Consumer read {get}#200.id in {get}, likely"),
        format!("Consumer whole * in {get}, unknown"),
    ];
    assert_eq!(world.accessed(), expected);

    // A second operation with the same type leaves a doubt which one it was.
    let page = world.http(0, "GET", "$PROFILE_URL/profiles");
    world.read(0, "web::Profile", "id", &[response(page, "items.[]")]);
    let doubtful = world.accessed().into_iter().filter(|edge| edge.contains("birthDate"));
    let expected = [
        format!("Consumer read {get}#200.birthDate in {get}, possible"),
        "Consumer read GET /profiles#200.items[].birthDate in GET /profiles, possible".to_owned(),
    ];
    assert_eq!(doubtful.collect::<Vec<_>>(), expected);
}

#[test]
fn accesses_of_calls_that_are_tied_to_nothing_are_dropped() {
    let mut world = rest();
    let call = world.http(0, "GET", "https://api.stripe.com/profiles/1");
    world.read(0, "", "birthDate", &[response(call, "")]);
    world.access(0, AccessKind::Whole, "", "", &[response(call, "")]);
    assert!(world.accessed().is_empty());
}

#[test]
fn a_message_passed_on_as_a_whole_is_unknown_use() {
    let mut world = rest();
    let call = world.http(0, "GET", "$B/profiles/{}");
    world.access(0, AccessKind::Whole, "", "", &[response(call, "")]);
    assert_eq!(world.accessed(), ["Consumer whole * in GET /profiles/{id}, unknown"]);
}

#[test]
fn a_generated_message_passed_on_as_a_whole_is_never_silent() {
    let mut world = World::new(&["web"], vec![shop("shop.v1")]);
    world.bind("gen", "shop.v1");
    world.access(0, AccessKind::Whole, "gen::Cart", "", &[]);
    assert_eq!(world.accessed(), ["Consumer whole * in ?, unknown"]);
    world.stub(0, "gen::CartServiceClient", "GetCart");
    assert_eq!(world.accessed(), ["Consumer whole * in shop.v1.CartService/GetCart, unknown"]);
}

/// `shop.v1` with nested messages, a oneof, and one service that reads and writes them.
fn shop(package: &str) -> Api {
    let mut api = Api::proto(package);
    let full = |name: &str| format!("{package}.{name}");
    let line = api.message(&full("Cart.Line"), &[("product_id", string())]);
    let fields = [("lines", list(line)), ("contact.email", string()), ("contact.phone", string()), ("type", string())];
    let cart = api.message(&full("Cart"), &fields);
    let get = api.message(&full("GetCartRequest"), &[("user_id", string())]);
    api.rpc("CartService", "GetCart", get, cart)
}

#[test]
fn generated_types_of_every_language_name_their_message() {
    let mut world = World::new(&["web"], vec![shop("shop.v1")]);
    world.bind("web::pb", "shop.v1");
    world.bind("acme.com/gen", "shop.v1");
    world.stub(0, "web::pb::cart_service_client::CartServiceClient", "get_cart");
    world.read(0, "web::pb::cart::Line", "product_id", &[]);
    world.read(0, "acme.com/gen::Cart_Line", "ProductId=pb:product_id", &[]);
    world.read(0, "web::pb::Cart", "r#type", &[]);
    world.read(0, "web::pb::cart::Contact", "Email", &[]);
    world.read(0, "acme.com/gen::Cart_Email", "Email", &[]);
    let cart = "in shop.v1.CartService/GetCart, certain";
    let expected = [
        format!("Consumer read shop.v1.Cart.Line.product_id {cart}"),
        format!("Consumer read shop.v1.Cart.Line.product_id {cart}"),
        format!("Consumer read shop.v1.Cart.type {cart}"),
        format!("Consumer read shop.v1.Cart.email {cart}"),
        format!("Consumer read shop.v1.Cart.email {cart}"),
    ];
    assert_eq!(world.accessed(), expected);
}

#[test]
fn the_folders_of_a_module_may_be_those_of_another_package() {
    let ours = shop("acme.shop.v1").file("acme/shop/v1/cart.proto");
    let mut world = World::new(&["web"], vec![ours]);
    world.read(0, "@acme/api::acme/shop/v1/cart_pb::Cart", "type", &[]);
    world.read(0, "web::gen/cart_pb::Cart", "type", &[]);
    world.read(0, "@acme/bank::acme/bank/v1/cart_pb::Cart", "type", &[]);
    world.read(0, "@acme/next::acme/shop/v2/cart_pb::Cart", "type", &[]);
    let read = "Consumer read acme.shop.v1.Cart.type in ?, likely";
    assert_eq!(world.accessed(), [read, read]);
}

#[test]
fn what_a_generated_type_has_beside_its_fields_is_no_access() {
    let mut world = World::new(&["web"], vec![shop("shop.v1")]);
    world.bind("gen", "shop.v1");
    for field in ["XXX_unrecognized", "ProtoReflect", "String", "contact"] {
        world.read(0, "gen::Cart", field, &[]);
    }
    world.read(0, "gen::cart::Contact", "Type", &[]);
    world.read(0, "gen::CartServiceClient", "lines", &[]);
    assert!(world.accessed().is_empty());
}

#[test]
fn types_written_by_hand_are_no_messages() {
    let mut world = World::new(&["web"], vec![shop("shop")]);
    world.read(0, "web::shop::Cart", "lines", &[]);
    world.read(0, "web::model::Cart", "lines", &[]);
    assert!(world.accessed().is_empty());
}

#[test]
fn a_stub_teaches_what_its_module_was_generated_from() {
    let mut world = World::new(&["web"], vec![shop("shop")]);
    world.stub(0, "web::pb::cart_service_client::CartServiceClient", "get_cart");
    world.read(0, "web::pb::Cart", "lines", &[]);
    assert_eq!(world.accessed(), ["Consumer read shop.Cart.lines in shop.CartService/GetCart, likely"]);

    let mut world = World::new(&["cart"], vec![shop("shop")]);
    world.provide(0, "cart::pb::cart_service_server::CartService", "CartService");
    world.access(0, AccessKind::Write, "cart::pb::Cart", "lines", &[]);
    assert_eq!(world.accessed(), ["Provider write shop.Cart.lines in shop.CartService/GetCart, likely"]);
}

#[test]
fn origins_add_the_operation_to_a_typed_access() {
    let mut world = World::new(&["web"], vec![shop("shop.v1")]);
    world.bind("gen", "shop.v1");
    let call = world.stub(0, "gen::CartServiceClient", "GetCart");
    world.read(0, "gen::Cart", "lines", &[response(call, "")]);
    world.access(0, AccessKind::Write, "gen::GetCartRequest", "UserId", &[request(call, "")]);
    // The type wins over a flow that leads to another field of the same name.
    world.read(0, "gen::Cart_Line", "product_id", &[request(call, "nowhere")]);
    let rpc = "in shop.v1.CartService/GetCart, certain";
    let expected = [
        format!("Consumer read shop.v1.Cart.lines {rpc}"),
        format!("Consumer write shop.v1.GetCartRequest.user_id {rpc}"),
        format!("Consumer read shop.v1.Cart.Line.product_id {rpc}"),
    ];
    assert_eq!(world.accessed(), expected);
}

#[test]
fn the_way_from_a_generated_type_is_walked_where_no_flow_is_known() {
    let mut world = World::new(&["web"], vec![shop("shop.v1")]);
    world.bind("gen", "shop.v1");
    world.stub(0, "gen::CartServiceClient", "GetCart");
    let way = |way: &str| Origin::Typed(Symbol::new("gen::Cart"), steps(way));
    world.read(0, "", "product_id", &[way("lines.[]")]);
    world.read(0, "", "product_id", &[way("type")]);
    // A type that is known needs no way.
    world.read(0, "gen::Cart", "type", &[way("nowhere")]);
    let expected = [
        "Consumer read shop.v1.Cart.Line.product_id in shop.v1.CartService/GetCart, likely",
        "Consumer read shop.v1.Cart.type in shop.v1.CartService/GetCart, certain",
    ];
    assert_eq!(world.accessed(), expected);
}

#[test]
fn a_name_may_be_of_any_namespace_that_is_opened() {
    let mut pay = Api::proto("pay.v1");
    pay.message("pay.v1.Bill", &[("cents", string())]);
    let mut world = World::new(&["web"], vec![shop("shop.v1"), pay]);
    world.bind("gen::shop", "shop.v1");
    world.bind("gen::pay", "pay.v1");
    world.open("web", &["gen::shop", "gen::pay"]);
    world.read(0, "web::Bill", "cents", &[]);
    world.read(0, "web::Cart", "type", &[]);
    let expected = ["Consumer read pay.v1.Bill.cents in ?, likely", "Consumer read shop.v1.Cart.type in ?, likely"];
    assert_eq!(world.accessed(), expected);
}

#[test]
fn who_implements_a_service_is_its_provider() {
    let mut world = World::new(&["cart"], vec![shop("shop.v1")]);
    world.bind("gen", "shop.v1");
    world.provide(0, "gen::RegisterCartServiceServer", "CartService");
    world.access(0, AccessKind::Write, "gen::Cart", "lines", &[]);
    world.read(0, "gen::GetCartRequest", "user_id", &[]);
    let handler = Origin::Handler(Symbol::new("cart::Server::get_cart"), Vec::new());
    world.read(0, "gen::GetCartRequest", "user_id", &[handler]);
    let rpc = "in shop.v1.CartService/GetCart, certain";
    let expected = [
        format!("Provider write shop.v1.Cart.lines {rpc}"),
        format!("Provider read shop.v1.GetCartRequest.user_id {rpc}"),
        format!("Provider read shop.v1.GetCartRequest.user_id {rpc}"),
    ];
    assert_eq!(world.accessed(), expected);
}

#[test]
fn a_message_that_no_call_explains_is_a_likely_use() {
    let mut world = World::new(&["web"], vec![shop("shop.v1")]);
    world.bind("gen", "shop.v1");
    world.read(0, "gen::Cart", "lines", &[]);
    assert_eq!(world.accessed(), ["Consumer read shop.v1.Cart.lines in ?, likely"]);
}

#[test]
fn an_access_that_is_found_twice_is_one_edge_and_tests_stay_tests() {
    let mut world = rest();
    let call = world.http(0, "GET", "$B/profiles/{}");
    world.read(0, "", "id", &[response(call, "")]);
    world.facts.accesses[0].location.test = true;
    let twin = world.facts.accesses[0].clone();
    world.facts.accesses.push(twin);
    let map = world.link();
    assert_eq!(map.edges.len(), 2);
    assert!(map.edges[1].location.test);
}

#[test]
fn a_contract_that_refers_to_itself_ends() {
    let mut api = Api::rest("tree.yaml", "Tree");
    let node = Shape::Message(crate::model::contract::MessageId(0));
    let tree = api.message("Node", &[("children", list(node)), ("name", string())]);
    let api = api.http("GET /trees/{id}", None, &[("200", tree)]);
    let mut world = World::new(&["web"], vec![api]);
    let call = world.http(0, "GET", "$B/trees/1");
    world.read(0, "", "name", &[response(call, "children.[].children.[]")]);
    let expected = "Consumer read GET /trees/{id}#200.children[].children[].name in GET /trees/{id}, likely";
    assert_eq!(world.accessed(), [expected]);
}
