//! Calls <-> operations.

use super::build::*;
use crate::model::contract::{OperationKind, Shape};
use crate::model::map::Unlinked;
use crate::model::source::ServiceId;
use crate::model::usage::*;

fn users() -> Api {
    Api::rest("users/openapi.yaml", "Users").paths(&["GET /users", "GET /users/me", "GET /users/{id}", "POST /users"])
}

type Linked = Result<String, Unlinked>;

/// What a single request is tied to.
fn request_to(services: &[&str], apis: Vec<Api>, method: &str, url: &str) -> Linked {
    let mut world = World::new(services, apis);
    world.http(0, method, url);
    world.linked()
}

#[expect(clippy::unnecessary_wraps, reason = "what the results of linking are compared with")]
fn linked(text: &str) -> Linked {
    Ok(text.to_owned())
}

#[test]
fn a_literal_segment_beats_a_parameter() {
    let to = |url| request_to(&["a"], vec![users()], "GET", url);
    assert_eq!(to("$BASE/users/me"), linked("users/openapi.yaml | GET /users/me | likely"));
    assert_eq!(to("$BASE/users/42"), linked("users/openapi.yaml | GET /users/{id} | likely"));
}

#[test]
fn a_hole_prefers_the_parameter_to_a_literal() {
    let to = |url| request_to(&["a"], vec![users()], "GET", url);
    assert_eq!(to("$BASE/users/{}"), linked("users/openapi.yaml | GET /users/{id} | likely"));
    let deep = || vec![Api::rest("d.yaml", "D").paths(&["GET /a/b/items"])];
    assert_eq!(request_to(&["a"], deep(), "GET", "$X/a/{}/items"), linked("d.yaml | GET /a/b/items | possible"));
    assert_eq!(request_to(&["a"], deep(), "GET", "$X/{}/{}/items"), Err(Unlinked::NoOperation));
    let only_me = || vec![Api::rest("me.yaml", "Me").paths(&["GET /users/me"])];
    assert_eq!(request_to(&["a"], only_me(), "GET", "$B/users/{}"), linked("me.yaml | GET /users/me | possible"));
}

#[test]
fn the_case_of_a_path_matters_only_where_it_tells_operations_apart() {
    let api = || vec![Api::rest("o.yaml", "O").paths(&["GET /api/orders", "GET /api/items/A", "GET /api/items/a"])];
    let to = |url| request_to(&["a"], api(), "GET", url);
    assert_eq!(to("$B/api/Orders/"), linked("o.yaml | GET /api/orders | likely"));
    assert_eq!(to("$B/api/items/A"), linked("o.yaml | GET /api/items/A | likely"));
}

#[test]
fn a_value_may_hold_two_parameters_with_its_slash() {
    let paths =
        ["GET /repos/{owner}/{repo}", "GET /repos/{owner}/{repo}/pulls/{number}", "GET /repos/{owner}/{repo}/tags"];
    let to = |url| request_to(&["a"], vec![Api::rest("g.yaml", "G").paths(&paths)], "GET", url);
    assert_eq!(to("$B/repos/{}/tags"), linked("g.yaml | GET /repos/{owner}/{repo}/tags | likely"));
    assert_eq!(to("$B/repos/{}/pulls/{}"), linked("g.yaml | GET /repos/{owner}/{repo}/pulls/{number} | likely"));
    assert_eq!(to("$B/repos/{}"), linked("g.yaml | GET /repos/{owner}/{repo} | possible"));
    // What fits segment by segment is meant.
    assert_eq!(to("$B/repos/{}/{}"), linked("g.yaml | GET /repos/{owner}/{repo} | likely"));
    assert_eq!(to("$B/repos/a/{}"), linked("g.yaml | GET /repos/{owner}/{repo} | likely"));
}

#[test]
fn query_fragment_and_trailing_slash_do_not_matter() {
    for url in ["$B/users/42/", "$B/users/{}?expand={}", "$B/users/{}#x", "$B/users/42?next=/a/b", "{}users/{}"] {
        let found = request_to(&["a"], vec![users()], "GET", url);
        assert_eq!(found, linked("users/openapi.yaml | GET /users/{id} | likely"), "{url}");
    }
    // A hole at the end is a query more often than a name.
    let found = request_to(&["a"], vec![users()], "GET", "$B/users{}");
    assert_eq!(found, linked("users/openapi.yaml | GET /users | possible"));
}

#[test]
fn the_method_counts() {
    assert_eq!(request_to(&["a"], vec![users()], "DELETE", "$B/users/1"), Err(Unlinked::WrongMethod));
    let only = || vec![Api::rest("o.yaml", "O").paths(&["GET /orders/{id}"])];
    assert_eq!(request_to(&["a"], only(), "", "$B/orders/1"), linked("o.yaml | GET /orders/{id} | possible"));
    assert_eq!(request_to(&["a"], vec![users()], "", "$B/users"), Err(Unlinked::UnknownMethod));
}

#[test]
fn the_path_of_a_server_may_be_there_or_hidden_in_the_base() {
    let api = || vec![Api::rest("p.yaml", "P").servers(&["https://api.acme.com/v1"]).paths(&["GET /profiles/{id}"])];
    for url in ["https://api.acme.com/v1/profiles/{}", "$B/v1/profiles/{}", "$B/profiles/{}"] {
        assert_eq!(request_to(&["a"], api(), "GET", url), linked("p.yaml | GET /profiles/{id} | likely"), "{url}");
    }
    for url in ["https://api.acme.com/v2/profiles/{}", "https://api.acme.com/billing/profiles/{}", "$B/v2/profiles/1"] {
        assert_eq!(request_to(&["a"], api(), "GET", url), Err(Unlinked::NoOperation), "{url}");
    }
}

#[test]
fn the_longest_match_wins() {
    let apis = || {
        vec![
            Api::rest("a.yaml", "Near").paths(&["GET /items/{id}"]),
            Api::rest("b.yaml", "Far").paths(&["GET /shop/items/{id}"]),
        ]
    };
    assert_eq!(request_to(&["x"], apis(), "GET", "$B/shop/items/1"), linked("b.yaml | GET /shop/items/{id} | likely"));
    assert_eq!(request_to(&["x"], apis(), "GET", "$B/items/1"), linked("a.yaml | GET /items/{id} | likely"));
}

#[test]
fn a_prefix_that_no_contract_knows_is_a_guess() {
    let found = request_to(&["a"], vec![users()], "GET", "$GATEWAY/accounts/users/{}");
    assert_eq!(found, linked("users/openapi.yaml | GET /users/{id} | possible"));
}

#[test]
fn without_a_literal_nothing_is_known() {
    for url in ["{}", "$B/{}", "$B/{}/{}", "$B", "{}{}"] {
        assert_eq!(request_to(&["a"], vec![users()], "GET", url), Err(Unlinked::UnknownUrl), "{url}");
    }
    assert_eq!(request_to(&["a"], vec![users()], "GET", "$B/nowhere/1"), Err(Unlinked::NoOperation));
    let anything = || vec![Api::rest("t.yaml", "T").paths(&["GET /{tenant}/{id}"])];
    assert_eq!(request_to(&["a"], anything(), "GET", "$B/a/b"), Err(Unlinked::NoOperation));
}

#[test]
fn a_single_literal_on_an_unknown_base_is_a_guess() {
    let found = request_to(&["a"], vec![users()], "GET", "http://localhost:8080/users");
    assert_eq!(found, linked("users/openapi.yaml | GET /users | possible"));
}

#[test]
fn a_guess_beside_a_sure_call_to_its_contract_is_one_more_of_them() {
    let mut world = World::new(&["a"], vec![users()]);
    world.http(0, "POST", "$B/users");
    assert_eq!(world.linked(), linked("users/openapi.yaml | POST /users | possible"));
    world.http(0, "GET", "$B/users/{}");
    assert_eq!(world.linked(), linked("users/openapi.yaml | POST /users | likely"));
}

#[test]
fn foreign_hosts_are_left_alone() {
    let services = ["a", "billing", "people"];
    let to = |url| request_to(&services, vec![users().provider(2)], "GET", url);
    for url in ["https://api.stripe.com/users/{}", "https://{}.zendesk.com/users/1", "http://billing:80/users/1"] {
        assert_eq!(to(url), Err(Unlinked::ForeignHost), "{url}");
    }
    for url in ["http://127.0.0.1:9/users/1", "http://10.0.0.7/users/1", "http://{}:80/users/1", "http://box/users/1"] {
        assert_eq!(to(url), linked("users/openapi.yaml | GET /users/{id} | likely"), "{url}");
    }
    // Who provides the contract is not known: it may be this service.
    assert!(request_to(&services, vec![users()], "GET", "http://billing:80/users/1").is_ok());
}

#[test]
fn the_base_decides_between_contracts() {
    let apis = || {
        vec![
            Api::rest("order.yaml", "Order").provider(1).paths(&["GET /items"]),
            Api::rest("profile.yaml", "Profile").provider(2).servers(&["https://p.acme.com"]).paths(&["GET /items"]),
        ]
    };
    let services = ["caller", "order", "profile-service"];
    let to = |url: &str| request_to(&services, apis(), "GET", url);
    let bases = [
        "$PROFILE_SERVICE_URL",
        "$PROFILE_ADDR",
        "http://$PROFILE_HOST:80",
        "http://profile-service:8080",
        "http://profile.default.svc.cluster.local",
        "https://p.acme.com",
        "$profileServiceUrl",
    ];
    for base in bases {
        assert_eq!(to(&format!("{base}/items")), linked("profile.yaml | GET /items | likely"), "{base}");
    }
    assert_eq!(to("$ORDER_URL/items"), linked("order.yaml | GET /items | likely"));
    assert_eq!(to("$BASE_URL/items"), Err(Unlinked::Ambiguous));
}

#[test]
fn the_title_speaks_for_a_contract_that_nobody_provides() {
    let apis = || ["Profile API", "Order API"].map(|title| Api::rest(title, title).paths(&["GET /items"]));
    for base in ["$PROFILE_URL", "http://profile:8080"] {
        let found = request_to(&["a"], apis().into(), "GET", &format!("{base}/items"));
        assert_eq!(found, linked("Profile API | GET /items | likely"), "{base}");
    }
}

#[test]
fn of_copies_of_one_api_the_provided_one_is_meant() {
    let copy = |id: &str| Api::rest(id, "Items").paths(&["GET /items/{id}"]);
    let apis = || vec![copy("docs/items.yaml"), copy("services/items/api.yaml").provider(1)];
    let found = request_to(&["a", "items"], apis(), "GET", "$B/items/{}");
    assert_eq!(found, linked("services/items/api.yaml | GET /items/{id} | likely"));
    // A copy in the caller's own folder is not his own API.
    let apis = || vec![copy("services/a/items.yaml").provider(0), copy("services/items/api.yaml").provider(1)];
    let found = request_to(&["a", "items"], apis(), "GET", "$B/items/{}");
    assert_eq!(found, linked("services/items/api.yaml | GET /items/{id} | likely"));
}

#[test]
fn of_documents_of_one_provider_that_describe_one_operation_the_fullest_is_meant() {
    let part = |id: &str| Api::rest(id, id).paths(&["GET /items/{id}"]).provider(1);
    let whole = || Api::rest("all.json", "All").paths(&["GET /items/{id}", "GET /orders"]).provider(1);
    let to = |apis| request_to(&["a", "items"], apis, "GET", "$B/items/{}");
    assert_eq!(to(vec![part("items.json"), whole()]), linked("all.json | GET /items/{id} | likely"));
    // Where rpcs have paths, the documents were generated from them.
    let mut rpcs = Api::proto("items.v1");
    let (request, item) = (rpcs.message("GetItem", &[]), rpcs.message("Item", &[]));
    let rpcs = rpcs.rpc("Items", "GetItem", request, item).bound("GET /items/{id}").provider(1);
    assert_eq!(to(vec![part("items.json"), whole(), rpcs]), linked("items.v1 | GET /items/{id} | likely"));
    // Another API of the same provider that happens to have the path.
    let other = Api::rest("admin.json", "Admin").paths(&["GET /items/{id}", "GET /users"]).provider(1);
    assert_eq!(to(vec![other, whole()]), Err(Unlinked::Ambiguous));
    // Another provider's operation is another one.
    assert_eq!(to(vec![part("items.json"), whole().provider(0)]), linked("items.json | GET /items/{id} | likely"));
    assert_eq!(
        to(vec![part("items.json"), Api::rest("other.json", "Other").paths(&["GET /items/{id}"]).provider(2)]),
        Err(Unlinked::Ambiguous)
    );
}

#[test]
fn a_server_that_may_be_any_host_is_one_of_every_public_host() {
    let api = Api::rest("social.yaml", "Social").servers(&["https://{instance}"]).paths(&["GET /api/v1/posts/{id}"]);
    let mut world = World::new(&["app"], vec![api]);
    world.http(0, "GET", "https://social.example.org/api/v1/posts/{}");
    assert_eq!(world.linked().unwrap(), "social.yaml | GET /api/v1/posts/{id} | likely");
}

#[test]
fn addresses_in_configuration_files_say_who_is_called() {
    let users = Api::rest("users.yaml", "Users").provider(1).paths(&["GET /items/{id}"]);
    let rooms = Api::rest("rooms.yaml", "Rooms").provider(2).paths(&["GET /items/{id}"]);
    let mut world = World::new(&["web", "a", "b"], vec![users, rooms]);
    world.http(0, "GET", "$upstream/items/{}");
    assert!(world.linked().is_err());
    world.workspace.configuration.add(Some(ServiceId(2)), "spring.application.name", "room-service");
    world.workspace.configuration.add(Some(ServiceId(0)), "upstream", "http://room-service:8080");
    assert_eq!(world.linked().unwrap(), "rooms.yaml | GET /items/{id} | likely");
}

#[test]
fn configured_base_urls_name_their_service() {
    let apis = vec![
        Api::rest("a.yaml", "A").provider(1).paths(&["GET /items"]),
        Api::rest("b.yaml", "B").provider(2).paths(&["GET /items"]),
    ];
    let mut world = World::new(&["caller", "one", "two"], apis);
    world.workspace.services[2].base_urls = vec!["LEGACY_CORE".into(), "https://old.acme.com/api".into()];
    for url in ["$LEGACY_CORE/items", "https://old.acme.com/api/items", "https://old.acme.com/items"] {
        world.facts.calls.clear();
        world.http(0, "GET", url);
        assert_eq!(world.linked(), linked("b.yaml | GET /items | likely"), "{url}");
    }
}

#[test]
fn nobody_calls_himself_if_another_comes_into_question() {
    let own = || Api::rest("own.yaml", "Own").provider(0).paths(&["GET /users/{id}"]);
    let other = || Api::rest("other.yaml", "Other").provider(1).paths(&["GET /users/{id}"]);
    let services = ["bff", "users"];
    let found = request_to(&services, vec![own(), other()], "GET", "$B/users/{}");
    assert_eq!(found, linked("other.yaml | GET /users/{id} | likely"));
    let found = request_to(&services, vec![own()], "GET", "$B/users/{}");
    assert_eq!(found, linked("own.yaml | GET /users/{id} | likely"));
}

#[test]
fn text_around_a_parameter_is_compared() {
    let api = || vec![Api::rest("r.yaml", "R").paths(&["GET /reports/{id}.json", "GET /reports/{id}.csv"])];
    assert_eq!(
        request_to(&["a"], api(), "GET", "$B/reports/{}.csv"),
        linked("r.yaml | GET /reports/{id}.csv | likely")
    );
    assert_eq!(
        request_to(&["a"], api(), "GET", "$B/reports/7.json"),
        linked("r.yaml | GET /reports/{id}.json | likely")
    );
    assert_eq!(request_to(&["a"], api(), "GET", "$B/reports/7.xml"), Err(Unlinked::NoOperation));
}

fn cart(package: &str) -> Api {
    let mut api = Api::proto(package);
    let (request, response) = (api.message("GetCart", &[]), api.message("Cart", &[("items", string())]));
    api.rpc("CartService", "GetCart", request, response)
}

fn stub_call(world: &mut World, stub: &str, method: &str) -> Linked {
    world.facts.calls.clear();
    world.stub(0, stub, method);
    world.linked()
}

#[test]
fn a_bound_stub_is_certain_in_every_spelling() {
    let mut world = World::new(&["web"], vec![cart("shop.v1"), cart("shop.v2")]);
    world.bind("web::pb", "shop.v1");
    world.bind("example.com/gen", "shop.v2");
    let v1 = linked("shop.v1 | shop.v1.CartService/GetCart | certain");
    assert_eq!(stub_call(&mut world, "web::pb::cart_service_client::CartServiceClient", "get_cart"), v1);
    let v2 = linked("shop.v2 | shop.v2.CartService/GetCart | certain");
    assert_eq!(stub_call(&mut world, "example.com/gen::CartServiceClient", "GetCart"), v2);
}

#[test]
fn the_path_of_a_module_or_an_option_names_the_package() {
    let mut world = World::new(&["web"], vec![cart("shop.v1"), cart("shop.v2").go_package("acme.com/cart/gen;cartpb")]);
    let v1 = linked("shop.v1 | shop.v1.CartService/GetCart | certain");
    assert_eq!(stub_call(&mut world, "web::shop::v1::cart_service_client::CartServiceClient", "get_cart"), v1);
    assert_eq!(stub_call(&mut world, "acme.com/gen/shop/v1::CartServiceClient", "GetCart"), v1);
    assert_eq!(stub_call(&mut world, "acme.com/gen/shop/v1/shopv1connect::CartServiceClient", "GetCart"), v1);
    let v2 = linked("shop.v2 | shop.v2.CartService/GetCart | certain");
    assert_eq!(stub_call(&mut world, "acme.com/cart/gen::CartServiceClient", "GetCart"), v2);

    let mut world = World::new(&["web"], vec![cart("shop").go_package("./genproto/cart"), cart("depot")]);
    let shop = linked("shop | shop.CartService/GetCart | certain");
    assert_eq!(stub_call(&mut world, "acme.com/web/genproto/cart::CartServiceClient", "GetCart"), shop);
    let depot = linked("depot | depot.CartService/GetCart | certain");
    assert_eq!(stub_call(&mut world, "web::depot::cart_service_client::CartServiceClient", "get_cart"), depot);
}

#[test]
fn a_stub_without_evidence_needs_the_only_service_of_its_name() {
    let mut world = World::new(&["web"], vec![cart("shop.v1")]);
    let found = stub_call(&mut world, "x::CartServiceClient", "GetCart");
    assert_eq!(found, linked("shop.v1 | shop.v1.CartService/GetCart | likely"));
    assert_eq!(stub_call(&mut world, "x::CartServiceClient", "Nothing"), Err(Unlinked::NoOperation));
    assert_eq!(stub_call(&mut world, "x::UserServiceClient", "GetCart"), Err(Unlinked::UnknownService));
    world.catalog.absorb(cart("shop.v2").0);
    assert_eq!(stub_call(&mut world, "x::CartServiceClient", "GetCart"), Err(Unlinked::Ambiguous));
}

#[test]
fn a_stub_bound_to_another_package_is_not_matched() {
    let mut world = World::new(&["web"], vec![cart("shop.v1")]);
    world.bind("x", "depot.v1");
    assert_eq!(stub_call(&mut world, "x::CartServiceClient", "GetCart"), Err(Unlinked::UnknownService));
}

#[test]
fn of_drifted_copies_the_nearest_is_meant() {
    let apis = vec![cart("shop.v1@depot/protos"), cart("shop.v1@services/web/protos"), cart("shop.v1@services/api")];
    let mut world = World::new(&["web", "other"], apis);
    world.bind("x", "shop.v1");
    let found = stub_call(&mut world, "x::CartServiceClient", "GetCart");
    assert_eq!(found, linked("shop.v1@services/web/protos | shop.v1.CartService/GetCart | certain"));
    world.facts.calls.clear();
    world.stub(1, "x::CartServiceClient", "GetCart");
    assert_eq!(world.linked(), linked("shop.v1@services/api | shop.v1.CartService/GetCart | certain"));
}

#[test]
fn headers_of_the_call_win_over_those_of_its_client() {
    let mut world = World::new(&["a"], vec![users()]);
    let call = world.http(0, "GET", "$B/users/1");
    let header = |name: &str, value: &str, presence| Header {
        name: Some(name.into()),
        value: template(value),
        presence,
        span: world.facts.calls[0].location.span,
    };
    let (own, shared) = (
        vec![header("user-agent", "own", Presence::Always), header("x-team", "b", Presence::Perhaps)],
        vec![header("user-agent", "lib", Presence::Always), header("x-team", "a", Presence::Always)],
    );
    world.facts.clients.push(Client {
        location: world.facts.calls[0].location.clone(),
        library: "any".into(),
        base: None,
        headers: shared,
        timeout: Timeout::None,
        opaque: Some("middleware".into()),
    });
    let known = &mut world.facts.calls[call.0 as usize];
    (known.headers, known.client) = (own, Some(ClientId(0)));

    let map = world.link();
    let linked = &map.calls[0];
    assert_eq!(map.edges[linked.edge].call, Some(call));
    assert_eq!(linked.names.opaque.as_deref(), Some("middleware"));
    let sent = [
        (Some("user-agent".to_owned()), Some("own".to_owned()), Presence::Always),
        (Some("x-team".to_owned()), None, Presence::Always),
    ];
    assert_eq!(linked.names.headers, sent);
}

#[test]
fn retries_keep_the_operations_that_are_known() {
    let mut world = World::new(&["a"], vec![users()]);
    let calls = vec![world.http(0, "GET", "$B/users/1"), world.http(0, "GET", "$B/nowhere")];
    let location = world.facts.calls[0].location.clone();
    let retry = |calls| Retry {
        location: location.clone(),
        kind: RetryKind::Loop,
        carrier: "loop".into(),
        calls,
        bound: Bound::Unbounded,
        pause: Pause::Varies,
        repeats_refusals: false,
        seems: None,
    };
    world.facts.retries = vec![retry(calls), retry(Vec::new())];
    let map = world.link();
    assert_eq!(map.retries.len(), 1);
    assert_eq!(map.retries[0].operations.len(), 1);
    assert_eq!(map.unresolved[0].target, "GET ${B}/nowhere");
}

fn library() -> Api {
    Api::proto("library.v1")
        .rpc("Library", "GetBook", Shape::Any, Shape::Any)
        .bound("GET /v1/{name=shelves/*/books/*}")
        .rpc("Library", "ArchiveBook", Shape::Any, Shape::Any)
        .bound("POST /v1/{name=shelves/*/books/*}:archive")
        .rpc("Library", "GetShelf", Shape::Any, Shape::Any)
        .bound("GET /v1/{name=shelves/*}")
}

#[test]
fn a_url_meets_the_binding_of_an_rpc() {
    let to = |method, url| request_to(&["a"], vec![library()], method, url);
    let book = "library.v1 | GET /v1/{name=shelves/*/books/*} | likely";
    assert_eq!(to("GET", "$B/v1/shelves/{}/books/{}"), linked(book));
    assert_eq!(to("GET", "https://{}/v1/shelves/1/books/2"), linked(book));
    let archive = "library.v1 | POST /v1/{name=shelves/*/books/*}:archive | likely";
    assert_eq!(to("POST", "$B/v1/shelves/{}/books/{}:archive"), linked(archive));
    // All of the name in one value: the verb tells the operation, without it nothing does.
    assert_eq!(to("POST", "http://b/v1/{}:archive"), linked(archive));
    assert_eq!(to("GET", "http://b/v1/{}"), Err(Unlinked::Ambiguous));
    assert_eq!(to("GET", "http://b/v1/shelves"), Err(Unlinked::NoOperation));
}

#[test]
fn what_the_provider_calls_is_not_served() {
    let hooks = |kind| vec![Api::rest("h.yaml", "H").paths(&["POST /orders/events"]).kind(kind)];
    let to = |kind| request_to(&["a"], hooks(kind), "POST", "$B/orders/events");
    assert_eq!(to(OperationKind::Served), linked("h.yaml | POST /orders/events | likely"));
    assert_eq!(to(OperationKind::Callback), Err(Unlinked::NoOperation));
    assert_eq!(to(OperationKind::Webhook), Err(Unlinked::NoOperation));
}
