//! Calls whose contract is known, and has no such operation.

use super::build::*;
use crate::model::contract::Shape;
use crate::model::map::{Confidence, Missing};

const PATHS: [&str; 4] = ["GET /users", "POST /users", "GET /users/{id}", "GET /users/{id}/avatar"];

/// What is missing from the contract of `users` (service 1), whose server is `http://users/v1`, for a call of
/// service 0; with the keys of what may be meant.
fn missing(method: &str, url: &str) -> Option<(Missing, Vec<String>)> {
    let api = Api::rest("users.yaml", "Users").provider(1).servers(&["http://users/v1"]).paths(&PATHS);
    let mut world = World::new(&["shop", "users"], vec![api]);
    world.http(0, method, url);
    of(&world)
}

fn of(world: &World) -> Option<(Missing, Vec<String>)> {
    let missing = world.link().unresolved.first()?.missing.clone()?;
    let near = missing.near.iter().map(|id| world.catalog.operation(*id).key.clone()).collect();
    Some((missing, near))
}

#[test]
fn one_wrong_letter_is_a_near_miss() {
    let (missing, near) = missing("GET", "http://users/v1/user/7/avatar").unwrap();
    assert_eq!(near, ["GET /users/{id}/avatar"]);
    assert_eq!((missing.other_method, missing.confidence), (false, Confidence::Likely));
}

#[test]
fn of_equally_near_paths_the_one_with_the_method_of_the_call_comes_first() {
    assert_eq!(missing("POST", "http://users/v1/user").unwrap().1, ["POST /users", "GET /users"]);
    assert_eq!(missing("GET", "http://users/v1/user").unwrap().1, ["GET /users", "POST /users"]);
}

#[test]
fn the_path_with_another_method_is_told_apart() {
    let (missing, near) = missing("DELETE", "http://users/v1/users").unwrap();
    assert_eq!(near, ["GET /users", "POST /users"]);
    assert!(missing.other_method);
}

#[test]
fn what_has_nothing_in_common_with_the_contract_is_possible_only() {
    let (missing, near) = missing("GET", "http://users/v1/metrics").unwrap();
    assert!(near.is_empty());
    assert_eq!(missing.confidence, Confidence::Possible);
    let (akin, _) = self::missing("GET", "http://users/v1/users/7/friends/latest").unwrap();
    assert_eq!(akin.confidence, Confidence::Likely);
}

#[test]
fn nothing_is_claimed_where_the_path_may_be_another_one() {
    for (method, url) in [
        // Nobody says whose it is.
        ("GET", "$BASE/user"),
        // The base may hold the start of the path, a hole any number of segments.
        ("GET", "http://users/{}"),
        ("GET", "http://users/v1/{}/avatar"),
        // A prefix may be a gateway's.
        ("GET", "http://users/gateway/v1/users"),
        // Servers answer these without being told to.
        ("HEAD", "http://users/v1/users"),
        ("OPTIONS", "http://users/v1/user"),
    ] {
        assert_eq!(missing(method, url), None, "{method} {url}");
    }
}

#[test]
fn a_provider_that_calls_itself_is_left_alone() {
    let api = Api::rest("users.yaml", "Users").provider(1).servers(&["http://users/v1"]).paths(&PATHS);
    let mut world = World::new(&["shop", "users"], vec![api]);
    world.http(1, "GET", "http://users/v1/user");
    assert_eq!(of(&world), None);
}

#[test]
fn a_method_that_a_service_does_not_have_is_missed_by_its_name() {
    let service = |method: &str| {
        let api = Api::proto("users.v1").go_package("acme/usersv1").provider(1);
        let api = api.rpc("Users", "GetUser", Shape::Any, Shape::Any).rpc("Users", "ListUsers", Shape::Any, Shape::Any);
        let mut world = World::new(&["shop", "users"], vec![api]);
        world.stub(0, "acme/usersv1::UsersClient", method);
        of(&world)
    };
    let (missing, near) = service("GetUsers").unwrap();
    assert_eq!(near.first().map(String::as_str), Some("users.v1.Users/GetUser"));
    assert_eq!(missing.confidence, Confidence::Likely);
    assert_eq!(service("Watch").unwrap().0.confidence, Confidence::Possible);
}
