//! The order in which contracts are read plays no part.

use proptest::prelude::*;

use super::build::*;
use crate::model::usage::AccessKind;

fn rest(at: usize) -> Api {
    let mut api = Api::rest(&format!("api{at}.yaml"), &format!("Api {at}"));
    let item = api.message("Item", &[("id", string()), ("name", string())]);
    let page = api.message("Page", &[("items", list(item.clone()))]);
    api.http(&format!("GET /things{at}/{{id}}"), None, &[("200", item.clone())])
        .http(&format!("GET /things{at}/all"), None, &[("200", page)])
        .http(&format!("POST /things{at}/{{id}}"), Some(item.clone()), &[("201", item)])
}

fn proto(at: usize) -> Api {
    let mut api = Api::proto(&format!("pack{at}.v1"));
    let item = api.message(&format!("pack{at}.v1.Item"), &[("id", string()), ("name", string())]);
    api.rpc("ItemService", "GetItem", item.clone(), item)
}

/// Everything that is said, with names in place of ids.
fn told(order: &[usize]) -> Vec<String> {
    let half = order.len() / 2;
    let apis = order.iter().map(|at| if *at < half { rest(*at) } else { proto(*at) }).collect();
    let mut world = World::new(&["web"], apis);
    for at in 0..half {
        let call = world.http(0, "GET", &format!("$B/things{at}/{{}}"));
        world.read(0, "", "name", &[response(call, "")]);
        let call = world.http(0, "GET", &format!("$B/things{at}/all"));
        world.read(0, "", "name", &[response(call, "items.[]")]);
        let call = world.http(0, "POST", &format!("$B/things{at}/7"));
        world.access(0, AccessKind::Write, "", "name", &[request(call, "")]);
        world.http(0, "GET", "$B/nowhere");
    }
    for at in half..order.len() {
        world.bind(&format!("web::pack{at}"), &format!("pack{at}.v1"));
        world.stub(0, &format!("web::pack{at}::item_service_client::ItemServiceClient"), "get_item");
        world.read(0, &format!("web::pack{at}::Item"), "name", &[]);
    }
    let map = world.link();
    assert_eq!(map.edges.len(), half * 6 + (order.len() - half) * 2);
    let unresolved = map.unresolved.iter().map(|call| format!("{call:?}"));
    let edges = map.edges.iter().map(|edge| {
        let contract = edge.operation.map(|id| &world.catalog.contract(world.catalog.operation(id).contract).id);
        format!("{:?} {contract:?} {} {}", edge.location.span, world.shown(edge), edge.evidence)
    });
    edges.chain(unresolved).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_order_of_contracts_plays_no_part(order in Just((0..8).collect::<Vec<usize>>()).prop_shuffle()) {
        prop_assert_eq!(told(&order), told(&[0, 1, 2, 3, 4, 5, 6, 7]));
    }
}
