//! Every pointer whose line a listing shows, to be resolved in one pass over each document.

use super::Selection;
use super::contents::Part;
use crate::model::analysis::Analysis;
use crate::model::contract::{Contract, Marks, Message, Operation, Parameter};
use crate::model::source::Site;
use crate::report::Places;
use crate::report::contracts::{Listing, contents::Contents};

/// Places of the problems alone.
#[must_use]
pub fn problems(analysis: &Analysis) -> Vec<Site> {
    let mut sites: Vec<Site> = Vec::new();
    for site in analysis.problems.iter().filter_map(|problem| problem.site.as_ref()) {
        add(&mut sites, site);
    }
    sites
}

/// Places of everything that is listed, and of the problems.
#[must_use]
pub fn places(analysis: &Analysis, selection: &Selection) -> Vec<Site> {
    let mut sites = problems(analysis);
    let nowhere = Places::resolve(&analysis.sources, [], |_, _| Vec::new());
    let listing = Listing { analysis, selection, places: &nowhere, missing: &[], exit: 0 };
    for part in &Contents::of(&listing).parts {
        of_part(&mut sites, part);
    }
    sites
}

fn of_part(sites: &mut Vec<Site>, part: &Part<'_>) {
    of_contract(sites, part.contract);
    part.operations.iter().for_each(|(_, operation)| of_operation(sites, operation));
    part.messages.iter().for_each(|(_, message)| of_message(sites, message));
}

fn of_contract(sites: &mut Vec<Site>, contract: &Contract) {
    add(sites, &contract.site);
    contract.security_schemes.iter().for_each(|scheme| add(sites, &scheme.site));
    for (id, schema) in contract.schemas.iter() {
        sites.push(contract.schemas.site(id));
        of_marks(sites, &schema.marks);
    }
}

fn of_operation(sites: &mut Vec<Site>, operation: &Operation) {
    add(sites, &operation.site);
    of_marks(sites, &operation.marks);
    operation.parameters.iter().for_each(|parameter| of_parameter(sites, parameter));
    operation.request.iter().for_each(|body| add(sites, &body.site));
    for response in &operation.responses {
        add(sites, &response.site);
        response.bodies.iter().for_each(|body| add(sites, &body.site));
        response.headers.iter().for_each(|header| of_parameter(sites, header));
    }
}

fn of_parameter(sites: &mut Vec<Site>, parameter: &Parameter) {
    add(sites, &parameter.site);
    of_marks(sites, &parameter.marks);
}

fn of_message(sites: &mut Vec<Site>, message: &Message) {
    add(sites, &message.site);
    of_marks(sites, &message.marks);
    for field in &message.fields {
        add(sites, &field.site);
        of_marks(sites, &field.marks);
    }
}

fn of_marks(sites: &mut Vec<Site>, marks: &Marks) {
    if marks.is_empty() {
        return;
    }
    let single = marks.deprecated.iter().chain(&marks.identity).chain(&marks.idempotent).chain(&marks.public);
    let all = single.chain(marks.sunset.iter().map(|(_, mark)| mark)).chain(marks.sensitive.iter().map(|it| &it.mark));
    all.for_each(|mark| add(sites, &mark.site));
}

/// Spans need no resolving.
fn add(sites: &mut Vec<Site>, site: &Site) {
    if matches!(site, Site::Pointer { .. }) {
        sites.push(site.clone());
    }
}
