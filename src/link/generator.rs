//! What modules generators make of a protobuf file, language by language.
//!
//! Facts: protobuf.dev/reference, the "generated code guide" of Java (outer class, `java_package`), C#
//! (`csharp_namespace`) and Python (`_pb2`); grpc.io "Basics" of Python (`_pb2_grpc`); the plugins
//! `protoc-gen-js` (`_pb`), `grpc-tools` (`_grpc_pb`) and `protoc-gen-connect-es` (`_connect`).

use crate::model::contract::Contract;

/// Ends that generators put behind the name of a file.
const FILE_SUFFIXES: [&str; 5] = ["_pb2", "_pb2_grpc", "_pb", "_grpc_pb", "_connect"];

/// Full names of modules that options name: namespaces of C#, packages and outer classes of Java.
pub(super) fn namespaces(contract: &Contract) -> Vec<String> {
    let option = |wanted: &'static str| {
        let named = contract.options.iter().filter(move |(name, _)| name == wanted);
        named.map(|(_, value)| value.replace('.', "::")).filter(|value| !value.is_empty())
    };
    let mut all: Vec<String> = option("csharp_namespace").collect();
    let mut packages: Vec<String> = option("java_package").collect();
    all.extend(packages.iter().cloned());
    packages.push(contract.title.replace('.', "::"));
    let mut outer: Vec<String> = option("java_outer_classname").collect();
    outer.extend(contract.proto_files.iter().flat_map(|file| {
        let stem = pascal(stem(&file.path));
        [format!("{stem}OuterClass"), stem]
    }));
    for package in packages.iter().filter(|package| !package.is_empty()) {
        all.extend(outer.iter().map(|outer| format!("{package}::{outer}")));
    }
    all
}

/// Ends of the paths of modules that are named like the files, by the name alone and with its folder; with the paths
/// of these files.
pub(super) fn modules(contract: &Contract) -> Vec<(Vec<String>, &str)> {
    let mut all = Vec::new();
    for file in &contract.proto_files {
        let folder = file.path.rsplit('/').nth(1);
        for suffix in FILE_SUFFIXES {
            let module = format!("{}{suffix}", stem(&file.path));
            all.extend(folder.map(|folder| (vec![folder.to_owned(), module.clone()], &*file.path)));
            all.push((vec![module], &*file.path));
        }
    }
    all
}

/// The name of a file without folders and extension.
fn stem(path: &str) -> &str {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.strip_suffix(".proto").unwrap_or(name)
}

/// `shipping_service` as `ShippingService`.
fn pascal(name: &str) -> String {
    let words = name.split(|letter: char| !letter.is_alphanumeric());
    words
        .flat_map(|word| {
            let mut letters = word.chars();
            letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect::<Vec<char>>()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn outer_classes_are_named_like_the_file() {
        assert_eq!(pascal(stem("shop/v1/shipping_service.proto")), "ShippingService");
        assert_eq!(pascal(stem("demo.proto")), "Demo");
    }
}
