//! Protobuf packages.

use std::fmt::Write as _;

use super::{Side, is_deprecated, lost_a_field, operations};

/// A package of one file and one service.
pub(crate) fn package(service: usize, count: usize, side: Side) -> String {
    let mut text = format!(
        "syntax = \"proto3\";\n\npackage svc{service}.v1;\n\n\
         option go_package = \"example.com/svc{service}/gen/svc{service}/v1;svc{service}v1\";\n\n\
         service Svc{service}Service {{\n"
    );
    for at in operations(count, side) {
        let body = if is_deprecated(at) { "{\n    option deprecated = true;\n  }" } else { "{}" };
        let _ = writeln!(text, "  rpc GetItem{at}(GetItem{at}Request) returns (GetItem{at}Response) {body}");
    }
    text.push_str("}\n\nmessage Address {\n  string street = 1;\n  string city = 2;\n}\n");
    for at in operations(count, side) {
        let _ = write!(
            text,
            "\nmessage GetItem{at}Request {{\n  string id = 1;\n}}\n\n\
             // One of the items of kind {at}.\n\
             message GetItem{at}Response {{\n  string id = 1;\n  string name = 2;\n  \
             string email = 3 [debug_redact = true];\n  double amount = 4;\n  Address address = 5;\n"
        );
        let legacy = side == Side::Base || !lost_a_field(at);
        text.push_str(if legacy { "  string legacy = 6 [deprecated = true];\n}\n" } else { "}\n" });
    }
    text
}
