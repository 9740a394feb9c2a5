//! Handlers <-> operations.

use super::build::*;
use crate::model::usage::AccessKind;

fn users() -> Api {
    let mut api = Api::rest("users.yaml", "Users");
    let user = api.message("User", &[("name", string()), ("email", string())]);
    api.http("GET /users/{id}", None, &[("200", user.clone())])
        .http("GET /users/me", None, &[("200", user.clone())])
        .http("POST /users", Some(user.clone()), &[("201", user)])
}

#[test]
fn a_handler_serves_the_operation_of_its_own_contract() {
    let mut world = World::new(&["users"], vec![users().provider(0)]);
    world.handle(0, "GET /users/{}", "show");
    world.handle(0, "GET /users/me", "me");
    world.handle(0, "PUT /users/{}", "change");
    world.handle(0, "GET /health", "health");
    let expected = ["users serves GET /users/{id}, likely", "users serves GET /users/me, likely"];
    assert_eq!(world.served(), expected);
}

#[test]
fn a_handler_of_all_methods_serves_one_operation_of_each() {
    let mut world = World::new(&["users"], vec![users().provider(0)]);
    world.handle(0, "* /users", "all");
    assert_eq!(world.served(), ["users serves POST /users, likely"]);
}

#[test]
fn what_stands_in_front_of_a_path_may_be_told_by_one_side_only() {
    let mut world = World::new(&["users"], vec![users().provider(0).servers(&["https://acme.com/v1"])]);
    world.handle(0, "GET /users/{}", "show");
    world.handle(0, "GET /v1/users/me", "me");
    world.handle(0, "POST /internal/v1/users", "create");
    assert_eq!(world.served().len(), 3);
}

#[test]
fn reading_the_own_request_is_no_consumption() {
    let mut world = World::new(&["users"], vec![users().provider(0)]);
    let own = world.handle(0, "POST /users", "create");
    world.read(0, "", "name", std::slice::from_ref(&own));
    world.access(0, AccessKind::Write, "", "email", std::slice::from_ref(&own));
    world.access(0, AccessKind::Whole, "", "", &[own]);
    let expected = [
        "Provider read POST /users#request.name in POST /users, likely",
        "Provider write POST /users#201.email in POST /users, likely",
        "Provider whole * in POST /users, unknown",
    ];
    assert_eq!(world.accessed(), expected);
}

#[test]
fn what_a_call_gives_is_consumed_in_a_handler_too() {
    let mut world = World::new(&["shop", "users"], vec![users().provider(1)]);
    world.handle(0, "GET /orders/{}", "show");
    world.handle(1, "GET /users/{}", "show");
    let call = world.http(0, "GET", "$USERS_URL/users/{}");
    world.read(0, "", "email", &[response(call, "")]);
    assert_eq!(world.accessed(), ["Consumer read GET /users/{id}#200.email in GET /users/{id}, likely"]);
    assert_eq!(world.served(), ["users serves GET /users/{id}, likely"]);
}

#[test]
fn a_contract_in_a_common_place_is_its_who_answers_most_of_it() {
    for provider in [None, Some(2)] {
        let api = match provider {
            Some(provider) => users().provider(provider),
            None => users(),
        };
        let mut world = World::new(&["users", "audit", "contracts"], vec![api]);
        world.handle(0, "GET /users/{}", "users::show");
        world.handle(0, "POST /users", "users::create");
        world.handle(1, "POST /users", "audit::created");
        let expected = ["users serves GET /users/{id}, likely", "users serves POST /users, likely"];
        assert_eq!(world.served(), expected);
    }
}

#[test]
fn a_gateway_that_calls_what_it_serves_is_no_provider() {
    let mut world = World::new(&["gateway"], vec![users()]);
    world.http(0, "GET", "$USERS_URL/users/{}");
    for route in ["GET /users/{}", "GET /users/me", "POST /users"] {
        world.handle(0, route, "forward");
    }
    assert!(world.served().is_empty());
}

#[test]
fn a_method_of_a_generated_server_serves_its_rpc() {
    let mut api = Api::proto("shop.v1");
    let asked = api.message("shop.v1.GetCartRequest", &[("user_id", string())]);
    let cart = api.message("shop.v1.Cart", &[("owner", string())]);
    let mut world = World::new(&["cart"], vec![api.rpc("CartService", "GetCart", asked, cart)]);
    world.bind("gen", "shop.v1");
    let own = world.handle(0, "CartService/get_cart", "cart::Carts::get_cart");
    world.handle(0, "CartService/helper", "cart::Carts::helper");
    world.read(0, "gen::GetCartRequest", "user_id", &[own]);
    assert_eq!(world.served(), ["cart serves shop.v1.CartService/GetCart, certain"]);
    let expected = "Provider read shop.v1.GetCartRequest.user_id in shop.v1.CartService/GetCart, certain";
    assert_eq!(world.accessed(), [expected]);
}
