//! The name of a finding that outlives edits: made of the rule, the contract's element and the
//! code's owner, never of lines or wording.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use crate::model::finding::Finding;

/// Names all findings. Findings that nothing stable tells apart are numbered in their order.
pub(super) fn stamp<'a>(findings: impl Iterator<Item = &'a mut Finding>) {
    let mut seen: BTreeMap<(&'static str, String, String), usize> = BTreeMap::new();
    for finding in findings {
        let key = (finding.rule, finding.subject.clone(), finding.actor.clone());
        let ordinal = seen.entry(key).or_default();
        finding.fingerprint = fingerprint(finding, *ordinal);
        *ordinal += 1;
    }
}

fn fingerprint(finding: &Finding, ordinal: usize) -> String {
    let mut hash = Sha256::new();
    for part in [finding.rule, &finding.subject, &finding.actor] {
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
