//! The name of a finding that outlives edits: made of the rule, the contract's element and the
//! code's owner, never of lines or wording.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use crate::model::finding::Finding;

/// Names all findings. Findings that nothing stable tells apart are numbered in their order.
pub(super) fn stamp<'a>(findings: impl Iterator<Item = &'a mut Finding>) {
    let mut names = Names::default();
    for finding in findings {
        finding.fingerprint = names.next(finding.rule, &finding.subject, &finding.actor);
    }
}

/// The names that were given.
#[derive(Debug, Default)]
pub(super) struct Names(BTreeMap<(&'static str, String, String), usize>);

impl Names {
    /// The name of the next finding of a rule about this element and owner.
    pub(super) fn next(&mut self, rule: &'static str, subject: &str, actor: &str) -> String {
        let ordinal = self.0.entry((rule, subject.to_owned(), actor.to_owned())).or_default();
        let name = fingerprint([rule, subject, actor], *ordinal);
        *ordinal += 1;
        name
    }
}

fn fingerprint(parts: [&str; 3], ordinal: usize) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part);
        hash.update([0]); // so that `ab` `c` is not `a` `bc`
    }
    if ordinal > 0 {
        hash.update(ordinal.to_string());
    }
    let digest = hash.finalize();
    let number = digest.iter().take(4).fold(0_u32, |number, byte| (number << 8) | u32::from(*byte));
    format!("CL-{number:08x}")
}
