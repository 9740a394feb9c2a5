//! Workspaces, contracts and client code of any size, the same bytes on every run.
//!
//! Service `n` provides an OpenAPI document and a protobuf package, and calls every operation of both
//! that service `n + 1` provides. Even services are Go, odd ones Rust. Some operations are deprecated,
//! some fields sensitive or gone since Base, and some calls are retried without end, so that every
//! stage has the work that it is there for.

mod go;
mod openapi;
mod proto;
mod rust;

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

pub(crate) use openapi::{document_json, document_yaml};
pub(crate) use proto::package;

/// Which side of a comparison to write. Base has operations and fields that Head lacks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    Base,
    Head,
}

/// How large a workspace is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Size {
    /// Half of them Go, half Rust.
    pub(crate) services: usize,
    /// Operations of each contract; every service has two contracts.
    pub(crate) operations: usize,
}

/// Writes a workspace.
pub(crate) fn workspace(folder: &Path, Size { services, operations }: Size, side: Side) {
    write(folder, "contract-lint.yaml", &configuration(services));
    for service in 0..services {
        let root = folder.join(format!("svc{service}"));
        let provider = (service + 1) % services;
        contracts(&root, service, operations, side);
        if service % 2 == 0 {
            write(&root, "go.mod", &format!("module example.com/svc{service}\n\ngo 1.24\n"));
            write(&root, "internal/peer/http.go", &go::http_client(service, provider, operations));
            write(&root, "internal/peer/grpc.go", &go::grpc_client(provider, operations));
        } else {
            write(&root, "Cargo.toml", &manifest(service));
            write(&root, "src/main.rs", "//! Generated.\n\nmod http;\nmod grpc;\n\nfn main() {}\n");
            write(&root, "src/http.rs", &rust::http_client(service, provider, operations));
            write(&root, "src/grpc.rs", &rust::grpc_client(provider, operations));
        }
    }
}

fn contracts(root: &Path, service: usize, operations: usize, side: Side) {
    if service % 4 < 2 {
        write(root, "api/openapi.yaml", &document_yaml(service, operations, side));
    } else {
        write(root, "api/openapi.json", &document_json(service, operations, side));
    }
    write(root, &format!("proto/svc{service}/v1/svc{service}.proto"), &package(service, operations, side));
}

fn configuration(services: usize) -> String {
    let mut text = "version: 1\nservices:\n".to_owned();
    for service in 0..services {
        let _ = write!(
            text,
            "  svc{service}:\n    path: svc{service}\n    contracts: [api, proto]\n    \
             base_urls: [SVC{service}_URL, SVC{service}_ADDR]\n"
        );
    }
    text
}

fn manifest(service: usize) -> String {
    format!(
        "[package]\nname = \"svc{service}\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n\
         [dependencies]\nreqwest = \"0.12\"\ntonic = \"0.14\"\n"
    )
}

/// Operations that are only in Base: one in twenty.
pub(crate) const fn is_gone(operation: usize) -> bool {
    operation % 20 == 7
}

/// Operations whose end is announced: one in ten.
const fn is_deprecated(operation: usize) -> bool {
    operation % 10 == 3
}

/// Calls that are retried until they succeed: one in twenty.
const fn is_retried(operation: usize) -> bool {
    operation % 20 == 11
}

/// Messages that lost the field `legacy` since Base: one in ten.
const fn lost_a_field(operation: usize) -> bool {
    operation % 10 == 9
}

/// The operations of one side.
fn operations(count: usize, side: Side) -> impl Iterator<Item = usize> {
    (0..count).filter(move |operation| side == Side::Base || !is_gone(*operation))
}

fn write(root: &Path, path: &str, text: &str) {
    let path = root.join(path);
    let folder = path.parent().expect("a file lies in a folder");
    fs::create_dir_all(folder).expect("the folder for temporary files can be written");
    fs::write(path, text).expect("the folder for temporary files can be written");
}
