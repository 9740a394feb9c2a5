//! One fault that a document repeats is one problem with a count.

use std::collections::BTreeMap;

use crate::model::problem::{Problem, ProblemKind};
use crate::model::source::FileId;

/// Problems of one kind that are listed one by one.
const LISTED: usize = 10;

/// Folds problems that say the same of many places, names aside, into the first of them.
pub(super) fn fold(mut problems: Vec<Problem>) -> Vec<Problem> {
    problems.sort();
    problems.dedup();
    let mut groups: BTreeMap<(ProblemKind, Option<FileId>, String), Vec<Problem>> = BTreeMap::new();
    for problem in problems {
        let file = problem.site.as_ref().map(crate::model::source::Site::file);
        groups.entry((problem.kind, file, without_names(&problem.message))).or_default().push(problem);
    }
    let folded = groups.into_values().flat_map(|mut group| {
        let more = group.len().saturating_sub(1);
        if more >= LISTED {
            group.truncate(1);
            for first in &mut group {
                first.message = format!("{} (and {more} more like this in this file)", first.message);
            }
        }
        group
    });
    folded.collect()
}

/// A message without what stands between backticks.
fn without_names(message: &str) -> String {
    message.split('`').step_by(2).collect::<Vec<_>>().join("`")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::source::Site;

    fn problems(count: usize) -> Vec<Problem> {
        let at = |at: usize| {
            let site = Site::Pointer { file: FileId(0), pointer: format!("/a/{at:03}").into() };
            Problem::at(ProblemKind::Note, site, format!("`x{at}` is no type"))
        };
        (0..count).map(at).collect()
    }

    #[test]
    fn a_fault_that_is_everywhere_is_said_once_with_a_count() {
        let folded = fold(problems(300));
        let messages: Vec<_> = folded.iter().map(|problem| problem.message.as_str()).collect();
        assert_eq!(messages, ["`x0` is no type (and 299 more like this in this file)"]);
        assert_eq!(fold(problems(LISTED)).len(), LISTED);
    }
}
