//! Follows values through client code: the abstract interpreter and what is made of it.
//!
//! [`evaluate`] splits the modules into units of code that may know each other (one language, one
//! set of packages that import each other), follows each unit with [`interp::Interp`], and gathers
//! [`Facts`]. Knowledge of libraries comes from `rules/clients` alone, see [`library`].

mod gather;
mod interp;
mod library;
mod object;
mod order;
mod program;
mod relevant;
mod retry;
mod units;
mod value;
mod walk;

use rayon::prelude::*;

use crate::model::ir::Module;
use crate::model::problem::{Problem, ProblemKind};
use crate::model::source::{Language, Workspace};
use crate::model::usage::Facts;
use library::Libraries;

/// Follows values through the code of the workspace.
#[must_use]
pub fn evaluate(modules: &[Module], workspace: &Workspace) -> (Facts, Vec<Problem>) {
    let mut problems = Vec::new();
    let mut facts = Facts::default();
    for language in Language::ALL.into_iter().filter(|language| language.family() == *language) {
        let (libraries, mut unread) = Libraries::built_in(language);
        problems.append(&mut unread);
        let units = units::units(modules, language, workspace, |module| relevant::module(module, &libraries));
        let followed: Vec<(Facts, bool)> = units.into_par_iter().map(|unit| follow(&unit, &libraries)).collect();
        for (unit, exhausted) in followed {
            if exhausted {
                problems.push(Problem::path(
                    ProblemKind::Note,
                    format!("{language} code"),
                    "values were followed up to the limit of effort; some calls may be missing from the map",
                ));
            }
            gather::absorb(&mut facts, unit);
        }
    }
    (facts, problems)
}

fn follow(unit: &units::Unit<'_>, libraries: &Libraries) -> (Facts, bool) {
    let program = program::Program::new(unit.modules.clone());
    let mut interp = interp::Interp::new(&program, libraries);
    interp.run(&unit.followed);
    let exhausted = interp.exhausted;
    (gather::facts(&interp, &program, libraries), exhausted)
}
