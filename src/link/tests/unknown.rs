//! Fields of answers that no contract has.

use super::build::*;
use crate::model::contract::Shape;

/// Names that are read of `GET /users/{id}` and unknown there, with whether known ones are read beside.
fn unknown(ways: &[(&str, &str)]) -> Vec<(String, bool)> {
    let mut api = Api::rest("users.yaml", "Users");
    let city = api.message("Address", &[("city", string())]);
    let user = api.message("User", &[("name", string()), ("address", city)]);
    let mut world =
        World::new(&["shop"], vec![api.http("GET /users/{id}", None, &[("200", user), ("404", Shape::Any)])]);
    let call = world.http(0, "GET", "$BASE/users/{}");
    for (way, field) in ways {
        world.read(0, "", field, &[response(call, way)]);
    }
    world.link().unknown_fields.into_iter().map(|field| (field.name, field.beside)).collect()
}

#[test]
fn what_stands_beside_known_fields_is_told_from_what_stands_alone() {
    assert_eq!(unknown(&[("", "name"), ("", "nick")]), [("nick".to_owned(), true)]);
    assert_eq!(unknown(&[("", "name"), ("address", "street")]), [("street".to_owned(), false)]);
}

#[test]
fn nothing_is_claimed_of_what_is_no_message_or_has_every_value() {
    assert!(unknown(&[("name", "first"), ("", "length"), ("elsewhere", "x")]).is_empty());
}

#[test]
fn a_value_that_may_come_from_elsewhere_is_left_alone() {
    let mut api = Api::rest("users.yaml", "Users");
    let user = api.message("User", &[("name", string())]);
    let mut world = World::new(&["shop"], vec![api.http("GET /users/{id}", None, &[("200", user)])]);
    let call = world.http(0, "GET", "$BASE/users/{}");
    let other = world.http(0, "GET", "http://elsewhere.example.com/x");
    world.read(0, "", "nick", &[response(call, ""), response(other, "")]);
    assert!(world.link().unknown_fields.is_empty());
}
