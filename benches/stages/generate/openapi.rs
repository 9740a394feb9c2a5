//! OpenAPI documents.

use serde_json::{Value, json};

use super::{Side, is_deprecated, lost_a_field, operations};

/// A document in YAML.
pub(crate) fn document_yaml(service: usize, count: usize, side: Side) -> String {
    serde_yaml::to_string(&document(service, count, side)).expect("a JSON value can be written as YAML")
}

/// The same document in JSON.
pub(crate) fn document_json(service: usize, count: usize, side: Side) -> String {
    serde_json::to_string_pretty(&document(service, count, side)).expect("a JSON value can be written")
}

fn document(service: usize, count: usize, side: Side) -> Value {
    let paths: serde_json::Map<_, _> =
        operations(count, side).map(|at| (format!("/v1/items{at}/{{id}}"), path(at))).collect();
    let mut schemas: serde_json::Map<_, _> =
        operations(count, side).map(|at| (format!("Item{at}"), item(at, side))).collect();
    schemas.insert("Address".to_owned(), address());
    json!({
        "openapi": "3.0.3",
        "info": { "title": format!("Service {service}"), "version": "1.0.0" },
        "servers": [{ "url": format!("https://svc{service}.internal") }],
        "paths": paths,
        "components": { "parameters": { "ClientId": client_id() }, "schemas": schemas },
    })
}

fn path(at: usize) -> Value {
    let mut get = json!({
        "operationId": format!("getItem{at}"),
        "summary": format!("Reads one of the items of kind {at}."),
        "parameters": [
            { "$ref": "#/components/parameters/ClientId" },
            { "name": "id", "in": "path", "required": true, "schema": { "type": "string" } },
            { "name": "expand", "in": "query", "schema": { "type": "array", "items": { "type": "string" } } },
        ],
        "responses": {
            "200": {
                "description": "The item.",
                "content": {
                    "application/json": { "schema": { "$ref": format!("#/components/schemas/Item{at}") } },
                },
            },
            "404": { "description": "There is no such item." },
        },
    });
    if is_deprecated(at) {
        get["deprecated"] = json!(true);
        get["x-sunset"] = json!("2026-12-01");
    }
    json!({ "get": get })
}

fn item(at: usize, side: Side) -> Value {
    let mut properties = json!({
        "id": { "type": "string" },
        "name": { "type": "string", "description": "Shown to people." },
        "email": { "type": "string", "format": "email", "x-pii": true },
        "amount": { "type": "number" },
        "state": { "type": "string", "enum": ["new", "open", "done"] },
        "address": { "$ref": "#/components/schemas/Address" },
        "updatedAt": { "type": "string", "format": "date-time" },
    });
    if side == Side::Base || !lost_a_field(at) {
        properties["legacy"] = json!({ "type": "string", "deprecated": true });
    }
    json!({ "type": "object", "required": ["id", "name"], "properties": properties })
}

fn address() -> Value {
    json!({
        "type": "object",
        "properties": { "street": { "type": "string" }, "city": { "type": "string" } },
    })
}

fn client_id() -> Value {
    json!({ "name": "X-Client-Id", "in": "header", "required": true, "schema": { "type": "string" } })
}
