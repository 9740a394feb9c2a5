//! What is tied to a consumer's copy of a contract <-> what the provider has.

use super::build::*;
use crate::model::usage::AccessKind;

/// The copy of `web` lacks a field and a method that the contract of `cart` has, and has one that was removed.
fn drifted() -> World {
    let mut cart = Api::proto("shop.v1@services/cart/protos");
    let (request, old) =
        (cart.message("GetCart", &[]), cart.message("Cart", &[("items", string()), ("owner", string())]));
    let cart =
        cart.rpc("CartService", "GetCart", request.clone(), old.clone()).rpc("CartService", "Drop", request, old);
    let mut copy = Api::proto("shop.v1@services/web/protos");
    let fields = [("goods", string()), ("ignored", string()), ("gone", string())];
    let (request, new) = (copy.message("GetCart", &[]), copy.message("Cart", &fields));
    let copy = copy.rpc("CartService", "GetCart", request, new);
    let mut world = World::new(&["web", "cart"], vec![cart.provider(1), copy.provider(0)]);
    world.bind("x", "shop.v1");
    world
}

fn contracts(world: &World) -> Vec<String> {
    let map = world.link();
    let contract = |edge: &crate::model::map::Edge| {
        let message = |field: crate::model::contract::FieldRef| world.catalog.message(field.message).contract;
        let of_operation = || world.catalog.operation(edge.operation.unwrap()).contract;
        world.catalog.contract(edge.field.map_or_else(of_operation, message)).id.clone()
    };
    let consumers = map.edges.iter().filter(|edge| edge.role == crate::model::map::Role::Consumer);
    consumers.map(|edge| format!("{} of {}", edge.field_path.as_deref().unwrap_or("call"), contract(edge))).collect()
}

#[test]
fn a_consumer_of_a_copy_depends_on_what_the_provider_implements() {
    let mut world = drifted();
    world.provide(1, "x::UnimplementedCartServiceServer", "CartService");
    let call = world.stub(0, "x::CartServiceClient", "GetCart");
    // The field is told by its number, which is what goes over the wire.
    world.read(0, "x::Cart", "goods", &[response(call, "")]);
    world.read(0, "x::Cart", "ignored", &[]);
    let cart = "shop.v1@services/cart/protos";
    let expected = [format!("call of {cart}"), format!("Cart.items of {cart}"), format!("Cart.owner of {cart}")];
    assert_eq!(contracts(&world), expected);
}

#[test]
fn what_only_the_copy_has_stays_there() {
    let mut world = drifted();
    world.provide(1, "x::UnimplementedCartServiceServer", "CartService");
    world.access(0, AccessKind::Read, "x::Cart", "gone", &[]);
    assert_eq!(contracts(&world), ["Cart.gone of shop.v1@services/web/protos"]);
}

#[test]
fn nobody_or_two_that_implement_it_leave_every_copy_as_it_is() {
    let own = ["call of shop.v1@services/web/protos"];
    let mut world = drifted();
    world.stub(0, "x::CartServiceClient", "GetCart");
    assert_eq!(contracts(&world), own);
    world.provide(1, "x::UnimplementedCartServiceServer", "CartService");
    world.provide(0, "x::UnimplementedCartServiceServer", "CartService");
    assert_eq!(contracts(&world), own);
}
