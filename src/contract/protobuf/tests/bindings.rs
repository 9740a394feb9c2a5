//! HTTP operations of rpcs.

use super::*;
use crate::model::contract::{BindingBody, ParameterPlace, Protocol};

const SHELVES: &str = r#"
syntax = "proto3";
package shelf.v1;
import "google/api/annotations.proto";
service Shelves {
  rpc Get(GetRequest) returns (Book) {
    option deprecated = true;
    option (google.api.http) = {
      get: "/v1/{name=shelves/*/books/*}"
      additional_bindings { get: "/v1/books/{book.id}" response_body: "title" }
      additional_bindings { custom { kind: "HEAD" path: "/v1/books" } }
    };
  }
  rpc Move(GetRequest) returns (Book) {
    option (google.api.http).post = "/v1/{name}:move";
    option (google.api.http).body = "book";
  }
  rpc Add(Book) returns (Book) { option (google.api.http) = { put: "/v1/books" body: "*" }; }
  rpc Other(Book) returns (Book) { option (google.api.http) = { put: "/v1/books" body: "*" }; }
}
message GetRequest { string name = 1; Book book = 2; }
message Book { int64 id = 1; string title = 2; }
"#;

fn keys(read: &Read) -> Vec<&str> {
    read.catalog.operations.iter().map(|operation| operation.key.as_str()).collect()
}

#[test]
fn every_binding_is_an_operation_with_a_key_of_its_own() {
    let read = read(&[("shelf.proto", SHELVES)]);
    assert_eq!(read.messages(), Vec::<&str>::new());
    assert_eq!(
        keys(&read),
        [
            "shelf.v1.Shelves/Get",
            "GET /v1/{name=shelves/*/books/*}",
            "GET /v1/books/{book.id}",
            "HEAD /v1/books",
            "shelf.v1.Shelves/Move",
            "POST /v1/{name}:move",
            "shelf.v1.Shelves/Add",
            "PUT /v1/books",
            "shelf.v1.Shelves/Other",
            "PUT /v1/books#2",
        ]
    );
    for operation in read.catalog.operations.iter().filter(|operation| operation.binding.is_some()) {
        let rpc = read.catalog.operation(operation.binding.as_ref().unwrap().rpc);
        assert!(matches!(rpc.protocol, Protocol::Rpc { .. }), "{}", operation.key);
    }
    read.assert_consistent();
}

#[test]
fn variables_bodies_and_answers_have_the_shapes_of_their_fields() {
    let read = read(&[("shelf.proto", SHELVES)]);
    let get = read.operation("GET /v1/{name=shelves/*/books/*}");
    let binding = get.binding.as_ref().unwrap();
    assert_eq!(binding.variables, [("name".to_owned(), "shelves/*/books/*".to_owned())]);
    assert_eq!(binding.body, BindingBody::Nothing);
    assert_eq!((get.parameters[0].place, get.parameters[0].required), (ParameterPlace::Path, true));
    assert!(get.request.is_empty() && get.marks.deprecated.is_some());
    let by_id = read.operation("GET /v1/books/{book.id}");
    assert_eq!(by_id.parameters[0].shape.to_string(), "int64");
    assert_eq!(by_id.responses[0].bodies[0].shape.to_string(), "string");
    let moved = read.operation("POST /v1/{name}:move");
    assert_eq!(moved.binding.as_ref().unwrap().body, BindingBody::Field("book".to_owned()));
    assert_eq!(read.name_of(&moved.request[0].shape), "shelf.v1.Book");
    let added = read.operation("PUT /v1/books");
    assert_eq!(added.binding.as_ref().unwrap().body, BindingBody::Rest);
    assert_eq!(read.name_of(&added.responses[0].bodies[0].shape), "shelf.v1.Book");
}

#[test]
fn a_service_configuration_overrides_the_options() {
    let yaml = "type: google.api.Service\nhttp:\n  rules:\n  - selector: shelf.v1.Shelves.Add\n    patch: /v2/{id}\n    body: '*'\n    additional_bindings:\n    - delete: /v2/all\n";
    let mut sources = Sources::default();
    sources.push(SourceFile::new("shelf.proto", Revision::Head, FileKind::Proto, SHELVES));
    sources.push(SourceFile::new("shelf.yaml", Revision::Head, FileKind::Yaml, yaml));
    let (catalog, problems) = load(&sources, Revision::Head, &Workspace::default(), &MarkTable::default());
    let keys: Vec<&str> = catalog.operations.iter().map(|operation| operation.key.as_str()).collect();
    assert!(keys.contains(&"PATCH /v2/{id}") && keys.contains(&"DELETE /v2/all"), "{keys:?}");
    assert!(keys.contains(&"PUT /v1/books"), "of the other rpc: {keys:?}");
    assert_eq!(problems, []);
}
