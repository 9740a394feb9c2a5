//! Operations that go on at another address.

use super::said;

fn api(servers: &str, paths: &str) -> String {
    format!("openapi: 3.0.3\ninfo: {{title: Api, version: '1'}}\nservers: [{servers}]\npaths:\n{paths}")
}

fn at(path: &str, more: &str) -> String {
    format!("  {path}: {{get: {{{more}responses: {{'200': {{description: ok}}}}}}}}\n")
}

const OWNER: &str = "operationId: getOwner, ";

#[test]
fn an_operation_id_goes_along() {
    let (old, new) = (at("/owners", OWNER), at("/people", OWNER));
    assert_eq!(
        said(&api("", &old), &api("", &new)),
        ["! operation `GET /owners` changed its `path` from `/owners` to `/people`"]
    );
    let both = format!("{new}{}", at("/persons", OWNER));
    let removed = said(&api("", &old), &api("", &both));
    assert_eq!(removed[0], "! operation `GET /owners` was removed", "two may be meant: {removed:?}");
}

#[test]
fn what_changed_beside_the_path_is_told_too() {
    let new = "  /people: {get: {operationId: getOwner, parameters: [{name: q, in: query, required: true, schema: {type: string}}], responses: {'200': {description: ok}}}}\n";
    assert_eq!(
        said(&api("", &at("/owners", OWNER)), &api("", new)),
        [
            "! operation `GET /owners` changed its `path` from `/owners` to `/people`",
            "! query parameter `q` is new and must be sent"
        ]
    );
}

#[test]
fn a_method_may_change() {
    let put = "  /owners: {put: {operationId: getOwner, responses: {'200': {description: ok}}}}\n";
    assert_eq!(
        said(&api("", &at("/owners", OWNER)), &api("", put)),
        ["! operation `GET /owners` changed its `method` from `GET` to `PUT`"]
    );
}

#[test]
fn all_paths_may_get_another_prefix() {
    let of = |prefix: &str| {
        let path = |rest: &str| at(&format!("{prefix}{rest}"), "");
        api("", &format!("{}{}", path("/owners"), path("/owners/{id}/pets")))
    };
    let moved = said(&of("/v1"), &of("/v2"));
    assert_eq!(moved.len(), 2, "{moved:?}");
    assert_eq!(moved[0], "! operation `GET /v1/owners` changed its `path` from `/v1/owners` to `/v2/owners`");
}

#[test]
fn what_is_like_no_other_is_known_by_all_the_rest() {
    let with = |path: &str, schema: &str| {
        let content = format!("content: {{application/json: {{schema: {schema}}}}}");
        api(
            "",
            &format!(
                "  {path}: {{post: {{requestBody: {{{content}}}, responses: {{'200': {{description: ok, {content}}}}}}}}}\n"
            ),
        )
    };
    let (pet, car) =
        ("{type: object, properties: {name: {type: string}}}", "{type: object, properties: {speed: {type: number}}}");
    assert_eq!(
        said(&with("/pets", pet), &with("/animals", pet)),
        ["! operation `POST /pets` changed its `path` from `/pets` to `/animals`"]
    );
    assert_eq!(
        said(&with("/pets", pet), &with("/cars", car)),
        ["! operation `POST /pets` was removed", "operation `POST /cars` was added"]
    );
}

#[test]
fn base_path_and_path_are_one_address() {
    let (short, long) = (at("/owners", ""), at("/v1/owners", ""));
    let at_v1 = "{url: 'https://example.com/v1/'}";
    assert_eq!(said(&api("", &long), &api(at_v1, &short)), Vec::<String>::new());
    assert_eq!(said(&api(at_v1, &short), &api("", &long)), Vec::<String>::new());
    let other_host = "{url: 'https://example.org/v1'}";
    assert_eq!(said(&api(at_v1, &short), &api(other_host, &short)), Vec::<String>::new());
    let with_more = format!("{at_v1}, {{url: /v2}}");
    assert_eq!(said(&api(at_v1, &short), &api(&with_more, &short)), Vec::<String>::new());
    assert_eq!(
        said(&api(&with_more, &short), &api("{url: /v2}", &short)),
        ["! contract `Api` changed its `base path` from `/v1, /v2` to `/v2`"]
    );
    assert_eq!(
        said(&api(at_v1, &format!("{short}{}", at("/pets", ""))), &api("", &format!("{short}{}", at("/pets", "")))),
        ["! contract `Api` changed its `base path` from `/v1` to `/`"],
        "one edit"
    );
}
