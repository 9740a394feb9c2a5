//! What a listing says of a catalog that fills everything.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::sample::{analysis, listed};
use super::{Detail, Parts, Selection, write_json, write_tree};
use crate::model::analysis::Analysis;
use crate::model::contract::{ContractId, Field, MessageId, OperationId, Shape};
use crate::report::sample::plain;

fn tree(analysis: &Analysis, selection: &Selection, detail: Detail) -> String {
    listed(analysis, selection, |listing| plain(|out| write_tree(listing, detail, out)))
}

fn document(analysis: &Analysis, selection: &Selection) -> Value {
    let text = listed(analysis, selection, |listing| plain(|out| write_json(listing, out)));
    serde_json::from_str(&text).unwrap()
}

#[test]
fn the_tree_says_everything_a_person_can_check() {
    let expected = r#"api/openapi.yaml  openapi 3.1.0, Shop
  provider  shop
  servers   https://shop.internal/{base}
  security  key: API key in header X-Key
  security  bearer: HTTP bearer
  security  login: OAuth 2: implicit https://a
  security  id: OpenID Connect https://id
  security  mtls: certificate of the client
  problem: api/openapi.yaml:1:1: `$ref` to `#/nowhere` leads nowhere
  operations (3)
    PUT /accounts/{id}  putAccount, deprecated, sunset 2026-12-01, idempotent, public, tags: accounts, servers: https://write.internal
      path        id                string (uuid)                              required, nullable, length 1..36, pattern ^[0-9a-f-]+$, encoding base64, content text/plain, read only, write only, default "0", open
      query       sort              list of enum                               deprecated, style pipeDelimited, no explode, one of a, b, c, d, e, f, g, h, ... 4 more, items 2..5, unique, prefix items 1, contains 1..2, unevaluated items
      header      X-Client-Id       string                                     identity
      cookie      session           any
      request     application/json  Account                                    required
      request     application/xml   Account                                    required
      200         application/json  Account | PUT /accounts/{id}#200 | string  not, if/then/else, told apart by kind
      200 header  ETag              string
      410         no body
      security    key and login (read write), or anybody
    callback shipped of PUT orders: POST {$request.body#/url}
    webhook shipped: POST
      security  anybody
  messages (2)
    Account  public, properties 1..9, no other properties, properties like ^x-, property names, dependent required, dependent schemas, unevaluated properties
      id      string (uuid)          required, sensitive: pii financial, identity, nullable, length 1..36, pattern ^[0-9a-f-]+$, encoding base64, content text/plain, read only, write only, default "0", open
      tags    list of string         items 2..5, unique, prefix items 1, contains 1..2, unevaluated items
      parent  Account
      labels  map of any
      other   Elsewhere (not found)
    PUT /accounts/{id}#200  inline
      next  string
  other schemas (2)
    Amount  number   one of 1, 2.5, min 0, max 100, above -1, below 101, multiple of 0.5
    Either  Account  not, if/then/else, told apart by kind

shop.v1  protobuf edition 2023
  file    proto/shop/v1/shop.proto  edition 2023, import not found: gone.proto, deprecated, features.field_presence = "IMPLICIT"
  copies  1 folded: vendor/shop/v1/shop.proto
  option  go_package = example.com/shop/v1;shopv1
  note: vendor/shop/v1/shop.proto:1:1: identical copy of proto/shop/v1/shop.proto
  operations (1)
    service Shop  deprecated, (acme.team) = "orders"
      GetOrder(stream Order) returns (stream Order)  idempotent, idempotency_level = "NO_SIDE_EFFECTS"
        GET   /v1/{name}      name = orders/*, response body lines
        POST  /v1/{name}:get  name = orders/*, body filter
  messages (2)
    Order  group, (acme.table) = {"name":"orders"}
       1  order_id     string                 required
       2  birth_date   string                 optional, sensitive: pii, json birth, default "1970-01-01", (shop.v1.pii) = "PII"
       3  lines        repeated Order.Line
       4  prices       map<string, int64>
       5  person       hr.Person (not found)  oneof payer
      12  status       Status
      13  parent       Order                  delimited
          oneof payer                         (acme.o) = 1
          reserved     9, 20..29, "old"
          extensions   100..max
    Order.Line
  enumerations (1)
    Status  deprecated, closed, allow_alias = true
        0  STATUS_UNSPECIFIED
      -12  STATUS_OPEN                             deprecated, debug_redact = true
           reserved            5..7, "STATUS_OLD"
  extensions (1)
    50001  pii  string  optional, extends google.protobuf.FieldOptions

not read in full: api/openapi.yaml (1 problem)
problem: api/broken.yaml:1:1: expected `:`
problem: api/huge.json: larger than 100 MB
2 contracts: 6 operations, 4 messages, 13 fields, 1 enumeration, 6 schemas, 4 problems
"#;
    similar_asserts::assert_eq!(tree(&analysis(), &Selection::default(), Detail::default()), expected);
}

#[test]
fn places_stand_behind_each_line_when_asked_for() {
    let text = tree(&analysis(), &Selection::default(), Detail { places: true, all: false });
    for line in [
        "shop.v1  protobuf edition 2023  proto/shop/v1/shop.proto:2:3",
        "       3  lines        repeated Order.Line    proto/shop/v1/shop.proto:24:3",
        "      -12  STATUS_OPEN                             deprecated, debug_redact = true  proto/shop/v1/shop.proto:52:3",
        "        GET   /v1/{name}      name = orders/*, response body lines  proto/shop/v1/shop.proto:6:3",
    ] {
        assert!(text.lines().any(|it| it == line), "{line}\n{text}");
    }
    assert!(text.lines().all(|line| line == line.trim_end()), "a blank at the end of a line");
}

#[test]
fn long_lists_are_cut_with_a_count_unless_all_is_asked_for() {
    let mut analysis = analysis();
    let page = &mut analysis.head.messages[1];
    let site = page.site.clone();
    page.fields = (0..100).map(|at| Field::new(format!("f{at}"), Shape::Any, site.clone())).collect();
    let short = tree(&analysis, &Selection::default(), Detail::default());
    assert!(short.contains("      f39  any\n      ... 60 more, show with --all\n"), "{short}");
    let long = tree(&analysis, &Selection::default(), Detail { all: true, places: false });
    assert!(long.contains("      f99  any\n") && !long.contains("... "), "{long}");
}

#[test]
fn a_selection_holds_its_parts_and_nothing_else() {
    let analysis = analysis();
    let parts = Parts { operations: [OperationId(3)].into(), messages: [MessageId(3)].into(), enums: BTreeSet::new() };
    let selection = Selection { contracts: None, parts: Some(parts) };
    let text = tree(&analysis, &selection, Detail::default());
    assert!(!text.contains("Account") && !text.contains("enumerations") && !text.contains("extensions"), "{text}");
    assert!(text.contains("GetOrder(stream Order)") && text.contains("messages (1)\n    Order.Line\n"), "{text}");
    let document = document(&analysis, &Selection { contracts: Some([ContractId(0)].into()), parts: None });
    assert_eq!(document["contracts"].as_array().unwrap().len(), 1);
    assert_eq!(document["contracts"][0]["id"], "api/openapi.yaml");
}

#[test]
fn the_document_is_as_its_schema_says() {
    let schema: Value = serde_json::from_str(include_str!("../../../schemas/contracts.schema.json")).unwrap();
    let document = document(&analysis(), &Selection::default());
    super::conforms::check(&schema, &schema, &document, "");
    let mut unused = super::conforms::keys(&schema);
    super::conforms::used(&document, &mut unused);
    assert_eq!(unused, BTreeSet::new(), "the sample fills every key that the schema knows");
}

#[test]
#[should_panic(expected = "/contracts/0: unknown key `more`")]
fn a_key_that_the_schema_does_not_know_is_found() {
    let schema: Value = serde_json::from_str(include_str!("../../../schemas/contracts.schema.json")).unwrap();
    let mut document = document(&analysis(), &Selection::default());
    document["contracts"][0]["more"] = json!(1);
    super::conforms::check(&schema, &schema, &document, "");
}

#[test]
fn a_field_has_its_number_type_options_features_and_spans() {
    let document = document(&analysis(), &Selection::default());
    let at = |line, column, end| json!({"line": line, "column": column, "endLine": line, "endColumn": end});
    let field = &document["contracts"][1]["messages"][0]["fields"][1];
    assert_eq!(
        (&field["name"], &field["number"], &field["jsonName"]),
        (&json!("birth_date"), &json!(2), &json!("birth"))
    );
    assert_eq!(field["type"], json!({"kind": "scalar", "name": "string"}));
    assert_eq!(field["proto"]["options"][0]["value"], "PII");
    assert_eq!(field["proto"]["features"]["field_presence"], "EXPLICIT");
    assert_eq!(field["proto"]["spans"]["label"], at(21, 1, 4));
    assert_eq!(field["proto"]["spans"]["type"], at(21, 4, 7));
    assert_eq!(field["marks"]["sensitive"][0]["class"], "pii");
    let parent = &document["contracts"][1]["messages"][0]["fields"][6]["type"];
    assert_eq!(parent, &json!({"kind": "message", "name": "shop.v1.Order", "id": 2}), "recursion ends at the name");
}

#[test]
fn schemas_are_one_resource_whose_references_lead_to_its_nodes() {
    let document = document(&analysis(), &Selection::default());
    let schemas = &document["contracts"][0]["schemas"];
    let account = &schemas["$defs"]["0"];
    assert_eq!(account["x-name"], "Account");
    let id = account["properties"]["id"]["$ref"].as_str().unwrap();
    assert_eq!(schemas.pointer(id.trim_start_matches('#')).unwrap()["minLength"], 1);
    assert_eq!(schemas["$defs"]["4"]["not"], true, "the schema `false`");
}

#[test]
fn ids_that_lead_nowhere_are_no_reason_to_panic() {
    let mut analysis = analysis();
    let field = &mut analysis.head.messages[0].fields[0];
    field.shape = Shape::Message(MessageId(99));
    field.schema = Some(crate::model::contract::SchemaId(99));
    let mut nested = Shape::Any;
    for _ in 0..2000 {
        nested = Shape::List(Box::new(nested));
    }
    analysis.head.messages[0].fields[1].shape = nested;
    tree(&analysis, &Selection::default(), Detail::default());
    let text = listed(&analysis, &Selection::default(), |listing| plain(|out| write_json(listing, out)));
    assert!(text.contains(r#"{"kind": "cut"}"#));
}

#[test]
fn no_text_of_others_is_a_command_to_the_runner() {
    let mut analysis = analysis();
    analysis.head.messages[0].name = "a ##[add-mask]b".to_owned();
    let text = listed(&analysis, &Selection::default(), |listing| plain(|out| write_json(listing, out)));
    assert!(!text.contains("##["));
    assert!(!tree(&analysis, &Selection::default(), Detail::default()).contains("##["));
}
