//! Which protobuf package a generated module comes from, as its generator says.

use super::Lowerer;
use crate::model::ir::{Include, Symbol};
use crate::model::source::Span;

/// So much of a generated file, in bytes, is looked at.
const HEAD: usize = 20_000;

/// What stands before the name of the package, and after it.
const MARKS: [(&str, char); 6] = [
    // ts-proto
    ("protobufPackage = \"", '"'),
    // protoc-gen-es, protoc-gen-connect-es
    ("(package ", ','),
    ("package: \"", '"'),
    // protobuf-ts
    ("(package \"", '"'),
    // protoc-gen-es 1
    ("typeName = \"", '"'),
    ("typeName: \"", '"'),
];

/// What only code mentions that sends requests, or says which: no table of routes does.
const SENDS: [&str; 6] = ["fetch", "axios", "HttpClient", "XMLHttpRequest", "url:", "method:"];

/// Ends of the names of modules that are generated from protobuf.
const STUBS: [&str; 5] = ["_pb", "_grpc", "_connect", "_connectquery", "_pb_service"];

/// What stands before the name of a message with its package.
const SYMBOLS: &str = "goog.exportSymbol('proto.";

impl Lowerer<'_> {
    /// Says what the module was generated from.
    pub(super) fn generated_from(&mut self) {
        if !self.module.generated {
            return;
        }
        let Some(package) = package(self.source) else {
            // What is generated from OpenAPI sends its requests itself.
            let is_stub = STUBS.iter().any(|end| self.module.name.name().ends_with(end));
            let sends = SENDS.iter().any(|word| self.source.contains(word));
            self.module.generated_client &= sends && !is_stub;
            self.module.generated = !self.module.generated_client;
            return;
        };
        self.module.generated_client = false;
        self.module.includes.push(Include {
            module: self.module.name.clone(),
            name: Symbol::new("protobuf::package"),
            args: vec![package],
            span: Span::new(self.file, 0, 0),
        });
    }
}

fn package(source: &str) -> Option<String> {
    let mut end = HEAD.min(source.len());
    while !source.is_char_boundary(end) {
        end -= 1;
    }
    let head = source.get(..end)?;
    for (mark, last) in MARKS {
        let Some((_, rest)) = head.split_once(mark) else { continue };
        let name = rest.split([last, '\n']).next().unwrap_or_default();
        let name =
            if mark.starts_with("typeName") { name.rsplit_once('.').map_or("", |(package, _)| package) } else { name };
        if is_package(name) {
            return Some(name.to_owned());
        }
    }
    let (_, rest) = head.split_once(SYMBOLS)?;
    let (package, _) = rest.split('\'').next()?.rsplit_once('.')?;
    is_package(package).then(|| package.to_owned())
}

/// `shop.v1`.
fn is_package(name: &str) -> bool {
    let is_name = |part: &str| !part.is_empty() && part.chars().all(|letter| letter.is_alphanumeric() || letter == '_');
    name.split('.').all(is_name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_generator_says_its_package_in_its_own_way() {
        for text in [
            "export const protobufPackage = \"shop.v1\";",
            "// @generated from file shop/v1/cart.proto (package shop.v1, syntax proto3)",
            "// @generated from protobuf file \"shop.proto\" (package \"shop.v1\", syntax proto3)",
            "export const CartService = {\n  typeName: \"shop.v1.CartService\",",
            "goog.exportSymbol('proto.shop.v1.Cart', null, global);",
        ] {
            assert_eq!(package(text).as_deref(), Some("shop.v1"), "{text}");
        }
        assert_eq!(package("// (package without a name)"), None);
    }
}
