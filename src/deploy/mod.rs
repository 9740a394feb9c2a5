//! Deployment files: how software is run, what starts it again, and what repeats its calls.
//!
//! ```text
//! YAML, JSON ── document ─┬─ kubernetes
//!                         ├─ compose
//!                         ├─ mesh, envoy, grpc ──────────> Policy
//!                         ├─ cloudformation ─┐
//!                         └─ terraform (json)├─ ecs ──> Workload
//! .tf ─────── terraform ─────────────────────┘
//! .service ── systemd
//! code ────── inline ── grpc
//! ```
//!
//! A file says what it says or it is left alone: what a variable, a condition or a template decides is unknown,
//! and unknown is never a finding. Templates of Helm and the like are no YAML; they are counted and not read.

mod cloudformation;
mod compose;
mod ecs;
mod envoy;
mod grpc;
mod inline;
mod kubernetes;
mod mesh;
mod node;
mod setting;
mod systemd;
mod template;
mod terraform;

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};

use rayon::prelude::*;

use crate::document::{self, Fault, Lost, What};
use crate::model::deployment::{Callee, Deployments, Policy, Repeater, Workload};
use crate::model::ir::Module;
use crate::model::problem::{Problem, ProblemKind};
use crate::model::source::{FileId, FileKind, Revision, SourceFile, Sources, Workspace};
use node::Node;

/// Reads every deployment file of Head, and the service configs that stand in code.
#[must_use]
pub fn read(sources: &Sources, modules: &[Module], workspace: &Workspace) -> (Deployments, Vec<Problem>) {
    let known: BTreeSet<&str> =
        workspace.services.iter().filter_map(|service| service.name.rsplit('/').next()).collect();
    let is_ours = |file: &SourceFile| file.kind == FileKind::Deployment && file.revision == Revision::Head;
    let files: Vec<_> = sources.iter().filter(|(_, file)| is_ours(file)).collect();
    let readings: Vec<Reading> = files.into_par_iter().map(|(id, file)| read_guarded(id, file, &known)).collect();

    let mut deployments = Deployments { policies: inline::policies(sources, modules), ..Deployments::default() };
    let (mut problems, mut templates) = (Vec::new(), 0);
    for reading in readings {
        deployments.workloads.extend(reading.workloads);
        deployments.policies.extend(reading.policies);
        problems.extend(reading.problem);
        templates += usize::from(reading.is_template);
    }
    deployments.workloads.sort_by_key(|workload| (workload.place.file, workload.place.start, workload.place.end));
    deployments.policies.sort_by(|a, b| (a.place, &a.callee).cmp(&(b.place, &b.callee)));
    deployments.policies.dedup();
    if templates > 0 {
        let files = if templates == 1 { "deployment file is" } else { "deployment files are" };
        problems.push(Problem {
            site: None,
            path: None,
            kind: ProblemKind::Note,
            message: format!("{templates} {files} no YAML before a template engine has run, and not read"),
        });
    }
    (deployments, problems)
}

/// What one file says.
#[derive(Default)]
struct Reading {
    workloads: Vec<Workload>,
    policies: Vec<Policy>,
    problem: Option<Problem>,
    is_template: bool,
}

/// A defect of ours, or of a parser, costs one file.
fn read_guarded(id: FileId, file: &SourceFile, known: &BTreeSet<&str>) -> Reading {
    catch_unwind(AssertUnwindSafe(|| read_file(id, file, known))).unwrap_or_else(|_| {
        let message = format!("reading the deployment file {} failed: a defect of contract-lint", file.path);
        Reading { problem: Some(Problem::file(ProblemKind::Internal, id, message)), ..Reading::default() }
    })
}

fn read_file(id: FileId, file: &SourceFile, known: &BTreeSet<&str>) -> Reading {
    let mut reading = Reading::default();
    let extension = file.name().rsplit_once('.').map(|(_, extension)| extension);
    if extension == Some("tf") {
        if let Err(message) = terraform::workloads(&file.text, id, &mut reading.workloads) {
            reading.problem = Some(unread(id, &format!("cannot be read as Terraform: {message}")));
        }
    } else if extension == Some("service") {
        reading.workloads.extend(systemd::workload(&file.text, &file.path, id));
    } else if template::is_one(&file.text) {
        reading.is_template = true;
    } else {
        documents(id, file, known, &mut reading);
    }
    reading
}

/// Takes who repeats, where that is written, whose answers, and how many attempts there are.
type Tell<'f> = dyn FnMut(Repeater, Node<'_>, Callee, u64) + 'f;

fn documents(id: FileId, file: &SourceFile, known: &BTreeSet<&str>, reading: &mut Reading) {
    let (tree, faults) = document::read(&file.text, FileKind::Yaml);
    reading.problem = faults.iter().find_map(|fault| lost(id, fault));
    for root in tree.roots() {
        let root = Node::new(&tree, id, *root);
        let found = &mut reading.workloads;
        let mut told = |repeater, place: Node<'_>, callee, attempts| {
            let place = place.place();
            reading.policies.push(Policy { repeater, place, home: file.service, callee, attempts });
        };
        if kubernetes::is_one(root) {
            kubernetes::workloads(root, found);
            mesh::policies(root, &mut told);
        } else if terraform::is_json(root) {
            terraform::json_workloads(root, found);
        } else if cloudformation::is_one(root) {
            cloudformation::workloads(root, found);
        } else if compose::is_one(root) {
            compose::workloads(root, &file.path, known, found);
        } else if let Some(methods) = root.get("methodConfig") {
            let config = serde_json::from_str(&file.text).unwrap_or_default();
            for (callee, attempts) in grpc::policies(&config) {
                told(Repeater::ServiceConfig, methods, callee, attempts);
            }
        } else {
            envoy::policies(root, &mut told);
        }
    }
}

/// What broken syntax costs. Keys that occur twice cost nothing.
fn lost(file: FileId, fault: &Fault) -> Option<Problem> {
    let What::Syntax { message, lost } = &fault.what else { return None };
    let what = match lost {
        Lost::Everything => "this deployment file cannot be read",
        Lost::Block { .. } | Lost::Rest { .. } => "a part of this deployment file cannot be read",
    };
    Some(unread(file, &format!("{what}: {message}")))
}

fn unread(file: FileId, message: &str) -> Problem {
    Problem::file(ProblemKind::CodeUnreadable, file, message)
}
