//! Contracts of every format, read into one model.

pub mod copies;
pub mod locate;
pub mod marks;
pub mod openapi;
pub mod protobuf;
mod silences;

pub use locate::{locate, locate_all};

use crate::model::contract::{Catalog, ContractId};
use crate::model::problem::Problem;
use crate::model::settings::Settings;
use crate::model::source::{Revision, Sources, Workspace};

/// Reads every contract of one revision.
#[must_use]
pub fn load(
    sources: &Sources,
    revision: Revision,
    workspace: &Workspace,
    settings: &Settings,
) -> (Catalog, Vec<Problem>) {
    let marks = marks::MarkTable::new(settings);
    let (mut catalog, mut problems) = openapi::load(sources, revision, workspace, settings, &marks);
    let (packages, mut unread) = protobuf::load(sources, revision, workspace, &marks);
    catalog.absorb(packages);
    problems.append(&mut unread);
    sort_contracts(&mut catalog);
    if revision == Revision::Head {
        catalog.silences = silences::read(sources);
    }
    problems.sort();
    problems.dedup();
    (catalog, problems)
}

/// Sorts contracts by id. Operations and messages stay where they are and follow by number.
fn sort_contracts(catalog: &mut Catalog) {
    let mut order: Vec<usize> = (0..catalog.contracts.len()).collect();
    order.sort_by(|a, b| catalog.contracts[*a].id.cmp(&catalog.contracts[*b].id));
    let mut moved = vec![ContractId(0); order.len()];
    for (new, old) in order.iter().enumerate() {
        moved[*old] = ContractId::at(new);
    }
    catalog.operations.iter_mut().for_each(|operation| operation.contract = moved[operation.contract.index()]);
    catalog.messages.iter_mut().for_each(|message| message.contract = moved[message.contract.index()]);
    catalog.enums.iter_mut().for_each(|declared| declared.contract = moved[declared.contract.index()]);
    let mut numbered: Vec<_> = moved.into_iter().zip(catalog.contracts.drain(..)).collect();
    numbered.sort_by_key(|(id, _)| *id);
    catalog.contracts = numbered.into_iter().map(|(_, contract)| contract).collect();
}

#[cfg(test)]
pub(crate) mod tests {
    use std::collections::BTreeMap;

    use jiff::civil::date;

    use super::*;
    use crate::model::contract::{Contract, ContractKind, Enum, Features, Marks, Message};
    use crate::model::map::Confidence;
    use crate::model::settings::{DataClass, IdentitySettings, Policy};
    use crate::model::source::{FileId, Site, Span};

    /// Settings with these classes and nothing else out of the ordinary.
    pub(crate) fn settings(classes: BTreeMap<String, DataClass>) -> Settings {
        Settings {
            services: Vec::new(),
            identity: IdentitySettings {
                headers: vec!["x-client-id".to_owned(), "user-agent".to_owned()],
                metadata: Vec::new(),
                required: false,
            },
            policy: Policy { classes, sanitizers: Vec::new() },
            marks: crate::model::settings::ShippedMarks::get().patterns.clone(),
            protobuf: crate::model::settings::ProtobufSettings::default(),
            levels: BTreeMap::new(),
            retry_amplification: 10,
            sunset_notice_days: 90,
            libraries: Vec::new(),
            accepted: Vec::new(),
            ignore: Vec::new(),
            min_confidence: Confidence::Possible,
            min_level: crate::model::finding::Level::Warning,
            include_tests: false,
            today: date(2026, 1, 1),
        }
    }

    #[test]
    fn sorting_contracts_keeps_what_belongs_to_them() {
        let site = || Site::Span(Span::new(FileId(0), 0, 0));
        let mut catalog = Catalog::default();
        for (at, id) in ["c", "a", "b"].into_iter().enumerate() {
            let contract = ContractId::at(at);
            catalog.contracts.push(Contract::new(ContractKind::OpenApi, id, site()));
            catalog.messages.push(Message::new(contract, id, site()));
            catalog.enums.push(Enum {
                contract,
                file: 0,
                name: id.to_owned(),
                values: Vec::new(),
                reserved: Vec::new(),
                reserved_names: Vec::new(),
                options: Vec::new(),
                features: Features::default(),
                marks: Marks::default(),
                site: site(),
            });
        }
        sort_contracts(&mut catalog);
        let ids: Vec<_> = catalog.contracts.iter().map(|contract| contract.id.as_str()).collect();
        assert_eq!(ids, ["a", "b", "c"]);
        for message in &catalog.messages {
            assert_eq!(catalog.contract(message.contract).id, message.name);
        }
        for declared in &catalog.enums {
            assert_eq!(catalog.contract(declared.contract).id, declared.name);
        }
    }
}
