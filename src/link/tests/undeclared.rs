//! What services answer without a contract.

use super::build::*;
use crate::link::complete;
use crate::model::contract::{ContractId, ContractKind};
use crate::model::ir::Type;
use crate::model::map::Unlinked;
use crate::model::source::ServiceId;
use crate::model::usage::{Given, RequestPart};

/// The world, with what is told by its code alone.
fn told(mut world: World) -> World {
    complete(&world.facts, &mut world.catalog, &world.workspace);
    world
}

/// A shop, and orders at port 8081 and bills at 8082, which answer the same.
fn listening(route: &str) -> World {
    let mut world = World::new(&["shop", "orders", "bills"], Vec::new());
    for (service, port) in [(1, "8081"), (2, "8082")] {
        world.handle(service, route, "list");
        world.workspace.configuration.add(Some(ServiceId(service)), "server.port", port);
    }
    world
}

/// Operations that are known from code alone: `contract: operations`.
fn by_code(world: &World) -> Vec<String> {
    let contracts = world.catalog.contracts.iter().filter(|contract| contract.kind == ContractKind::Code);
    let shown = contracts.map(|contract| {
        let keys: Vec<&str> = world.catalog.operations_of(contract).iter().map(|it| it.key.as_str()).collect();
        format!("{}: {}", contract.id, keys.join(", "))
    });
    shown.collect()
}

#[test]
fn a_call_is_tied_to_the_handler_of_a_service_without_a_contract() {
    let mut world = World::new(&["shop", "orders"], Vec::new());
    world.handle(1, "GET /orders/{}", "show");
    world.handle(1, "* /health", "health");
    world.http(0, "GET", "http://orders:8080/orders/{}");
    let world = told(world);
    assert_eq!(by_code(&world), ["code of orders: ANY /health, GET /orders/{}"]);
    assert_eq!(world.linked(), Ok("code of orders | GET /orders/{} | likely".to_owned()));
    assert_eq!(world.served(), ["orders serves GET /orders/{}, likely", "orders serves ANY /health, likely"]);
}

#[test]
fn what_answers_any_method_is_called_by_any() {
    let mut world = World::new(&["shop", "orders"], Vec::new());
    world.handle(1, "* /internal/health", "health");
    world.http(0, "DELETE", "http://orders/internal/health");
    assert_eq!(told(world).linked(), Ok("code of orders | ANY /internal/health | likely".to_owned()));
}

#[test]
fn what_a_contract_has_is_not_told_a_second_time() {
    let users = || Api::rest("users.yaml", "Users").paths(&["GET /users/{id}"]);
    // Its own document, and one of which nobody knows whose it is.
    for api in [users().provider(1), users()] {
        let mut world = World::new(&["shop", "users"], vec![api]);
        world.handle(1, "GET /users/{}", "show");
        assert!(by_code(&told(world)).is_empty());
    }
}

#[test]
fn what_its_own_document_leaves_out_is_told() {
    let world = |url: &str| {
        let users = Api::rest("users.yaml", "Users").paths(&["GET /users/{id}"]).provider(1);
        let bills = Api::rest("bills.yaml", "Bills").paths(&["GET /bills", "POST /bills", "GET /bills/{id}"]);
        let bills = bills.provider(0);
        let mut world = World::new(&["shop", "users"], vec![users, bills]);
        world.handle(1, "GET /users/{}", "show");
        world.handle(1, "GET /users/{}/carts", "carts");
        // A stand-in for another service.
        world.handle(1, "GET /bills/{}", "bill");
        // Of a router of which it is not known where it is mounted.
        world.handle(1, "GET /{}", "unknown");
        world.http(0, "GET", url);
        told(world)
    };
    let undocumented = world("http://users/users/{}/carts");
    assert_eq!(by_code(&undocumented), ["code of users: GET /users/{}/carts"]);
    assert_eq!(undocumented.linked(), Ok("code of users | GET /users/{}/carts | likely".to_owned()));
    assert_eq!(world("http://users/users/{}").linked(), Ok("users.yaml | GET /users/{id} | likely".to_owned()));
    // What neither has is missing from the document all the same.
    let missing = world("http://users/user/{}");
    assert_eq!(missing.linked(), Err(Unlinked::NoOperation));
    let missing = missing.link().unresolved.into_iter().find_map(|call| call.missing).expect("it is missing");
    assert_eq!(missing.contracts, [ContractId(0)]);
}

#[test]
fn the_same_path_of_another_service_is_told() {
    let users = Api::rest("users.yaml", "Users").paths(&["GET /users/{id}"]).provider(0);
    let mut world = World::new(&["users", "legacy"], vec![users]);
    world.handle(0, "GET /users/{}", "show");
    world.handle(1, "GET /users/{}", "old");
    assert_eq!(by_code(&told(world)), ["code of legacy: GET /users/{}"]);
}

#[test]
fn test_code_and_code_of_nobody_serve_nothing() {
    let mut world = World::new(&["orders"], Vec::new());
    world.handle(0, "GET /orders", "fake");
    world.handle(0, "GET /orders/{}", "script");
    world.facts.handlers[0].location.test = true;
    world.facts.handlers[1].location.service = None;
    assert!(by_code(&told(world)).is_empty());
}

#[test]
fn a_path_that_is_not_known_is_not_told() {
    let mut world = World::new(&["orders"], Vec::new());
    world.handle(0, "GET $PREFIX/orders", "list");
    assert!(by_code(&told(world)).is_empty());
}

#[test]
fn what_configuration_says_of_port_and_path_is_where_it_is_reached() {
    let mut world = listening("GET /list");
    world.workspace.configuration.add(Some(ServiceId(1)), "server.servlet.context-path", "/api/");
    world.http(0, "GET", "http://localhost:8081/api/list");
    assert_eq!(told(world).linked(), Ok("code of orders | GET /list | likely".to_owned()));
}

#[test]
fn two_that_answer_alike_are_not_told_apart() {
    let mut world = World::new(&["shop", "orders", "bills"], Vec::new());
    world.handle(1, "GET /api/list", "orders");
    world.handle(2, "GET /api/list", "bills");
    world.http(0, "GET", "$GATEWAY/api/list");
    assert_eq!(told(world).linked(), Err(Unlinked::Ambiguous));
}

#[test]
fn parameters_have_the_names_that_the_handler_declares() {
    let named = |names: &[&str]| {
        let mut world = World::new(&["orders"], Vec::new());
        world.handle(0, "GET /orders/{}/items/{}", "item");
        let given = |name: &&str| Given { part: RequestPart::Path, name: Some((*name).into()), ty: Type::Unknown };
        world.facts.handlers[0].given = names.iter().map(given).collect();
        by_code(&told(world)).concat()
    };
    assert_eq!(named(&["order", "item"]), "code of orders: GET /orders/{order}/items/{item}");
    assert_eq!(named(&["order"]), "code of orders: GET /orders/{}/items/{}");
}

#[test]
fn a_contract_in_a_common_place_is_reached_at_the_service_that_answers_it() {
    let users = Api::rest("contracts/users.yaml", "Accounts").paths(&["GET /users/{id}"]).provider(2);
    let mut world = World::new(&["shop", "people", "contracts"], vec![users]);
    world.handle(1, "GET /users/{}", "show");
    world.http(0, "GET", "http://people/users/{}");
    assert_eq!(told(world).linked(), Ok("contracts/users.yaml | GET /users/{id} | likely".to_owned()));
}

#[test]
fn a_stand_in_takes_no_contract_from_who_implements_rpcs() {
    let users = Api::rest("api/users.yaml", "Accounts").paths(&["GET /users/{id}"]).provider(2);
    let rpcs = Api::proto("users.v1").rpc("Users", "Get", string(), string());
    let mut world = World::new(&["shop", "mock", "api"], vec![users, rpcs]);
    world.provide(2, "gen::UsersServer", "Users");
    world.handle(1, "GET /users/{}", "show");
    let world = told(world);
    assert_eq!(world.catalog.contracts[0].provider, Some(ServiceId(2)));
}

#[test]
fn one_path_of_a_service_is_one_operation() {
    let mut world = World::new(&["orders"], Vec::new());
    for (function, name) in [("by_name", "name"), ("by_id", "id")] {
        world.handle(0, "GET /orders/{}", function);
        let given = Given { part: RequestPart::Path, name: Some(name.into()), ty: Type::Unknown };
        world.facts.handlers.last_mut().unwrap().given = vec![given];
    }
    assert_eq!(by_code(&told(world)), ["code of orders: GET /orders/{name}"]);
}

#[test]
fn a_gateway_is_asked_for_the_service_behind_it() {
    for (url, confidence) in
        [("http://api-gateway/orders-service/orders/{}", "likely"), ("http://api-gateway/v7/orders/{}", "possible")]
    {
        let mut world = World::new(&["shop", "orders", "api-gateway"], Vec::new());
        world.handle(1, "GET /orders/{}", "show");
        world.http(0, "GET", url);
        assert_eq!(told(world).linked(), Ok(format!("code of orders | GET /orders/{{}} | {confidence}")));
    }
}

#[test]
fn a_base_path_that_names_the_service_is_told_behind_a_prefix_too() {
    let mut world = World::new(&["shop", "orders"], Vec::new());
    world.handle(1, "GET /all/{}", "show");
    world.workspace.configuration.add(Some(ServiceId(1)), "server.servlet.context-path", "/orders");
    world.http(0, "GET", "/api/orders/all/{}");
    assert_eq!(told(world).linked(), Ok("code of orders | GET /all/{} | likely".to_owned()));
}

#[test]
fn of_several_environments_that_counts_which_names_a_provider() {
    let mut world = listening("GET /api/list");
    for value in ["http://shop.example.org", "http://localhost:8082"] {
        world.workspace.configuration.add(Some(ServiceId(0)), "BACKEND", value);
    }
    world.http(0, "GET", "$BACKEND/api/list");
    assert_eq!(told(world).linked(), Ok("code of bills | GET /api/list | likely".to_owned()));
}

#[test]
fn of_copies_of_a_system_the_callers_own_is_meant() {
    let services = ["first/web", "first/orders", "second/web", "second/orders-service"];
    let mut world = World::new(&services, Vec::new());
    for service in [1, 3] {
        world.handle(service, "GET /orders/{}", "show");
    }
    world.http(2, "GET", "http://localhost:9/orders/{}");
    assert_eq!(told(world).linked(), Ok("code of second/orders-service | GET /orders/{} | likely".to_owned()));
    // Services of one system that answer alike are not told apart by that.
    let mut world = World::new(&["all/web", "all/orders", "other/bills"], Vec::new());
    for service in [1, 2] {
        world.handle(service, "GET /list/{}", "show");
    }
    world.http(0, "GET", "http://localhost:9/list/{}");
    assert_eq!(told(world).linked(), Err(Unlinked::Ambiguous));
}

#[test]
fn a_public_host_may_sound_like_a_service() {
    let linked = |host: &str| {
        let mut world = World::new(&["shop", "account-svc"], Vec::new());
        world.handle(1, "GET /v1/account/{}", "show");
        world.http(0, "GET", &format!("https://{host}/v1/account/{{}}"));
        told(world).linked()
    };
    assert_eq!(linked("account.acme.com"), Ok("code of account-svc | GET /v1/account/{} | likely".to_owned()));
    for foreign in ["account.com", "api.acme.com", "accounts-of-others.acme.com"] {
        assert_eq!(linked(foreign), Err(Unlinked::ForeignHost), "{foreign}");
    }
}

#[test]
fn a_page_that_names_no_host_asks_who_served_it() {
    let mut world = World::new(&["portal", "orders"], Vec::new());
    for service in [0, 1] {
        world.handle(service, "GET /api/account", "account");
    }
    world.http(0, "GET", "api/account");
    let mut world = told(world);
    // Elsewhere nobody calls himself.
    assert_eq!(world.linked(), Ok("code of orders | GET /api/account | likely".to_owned()));
    world.in_page();
    assert_eq!(world.linked(), Ok("code of portal | GET /api/account | likely".to_owned()));
}

#[test]
fn what_stands_before_a_path_names_one_of_two_services() {
    let mut world = World::new(&["portal", "shop/blog-service", "shop/store-service"], Vec::new());
    for service in [1, 2] {
        world.handle(service, "GET /api/tags/{}", "tag");
    }
    world.http(0, "GET", "/services/stores/api/tags/{}");
    assert_eq!(told(world).linked(), Ok("code of shop/store-service | GET /api/tags/{} | likely".to_owned()));
}

#[test]
fn code_says_at_which_port_a_service_listens() {
    let mut world = World::new(&["shop", "orders", "bills"], Vec::new());
    for (service, port) in [(1, 3001), (2, 3002)] {
        world.handle(service, "GET /list", "list");
        world.facts.listening.insert((Some(ServiceId(service)), port));
    }
    world.http(0, "GET", "http://localhost:3002/list");
    assert_eq!(told(world).linked(), Ok("code of bills | GET /list | likely".to_owned()));
}
