//! Runs the examples of every rule's document: each marked line has its finding, and no other line
//! has one of that rule.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on fails")]

mod support;

use std::collections::BTreeSet;

use contract_lint::check::rule::Check;
use contract_lint::rules;
use libtest_mimic::{Arguments, Failed, Trial};
use support::Shown;

type Place = (String, usize, String);

fn main() {
    let arguments = Arguments::from_args();
    let examples = support::examples().into_iter().map(|shown| Trial::test(shown.name(), move || holds(&shown)));
    let complete = rules::ALL
        .iter()
        .map(|rule| Trial::test(format!("{}, examples in every language and format", rule.id), || covers(rule.id)));
    libtest_mimic::run(&arguments, examples.chain(complete).collect()).exit();
}

fn holds(shown: &Shown) -> Result<(), Failed> {
    let marked = marked(shown);
    let own = |places: &BTreeSet<Place>| places.iter().any(|(_, _, rule)| rule == shown.rule);
    if own(&marked) == shown.example.good {
        return Err(format!("a good example marks no finding of its rule, a bad one does: {marked:?}").into());
    }
    let outcome = support::run(&shown.head(), shown.base().as_deref());
    if !outcome.problems.is_empty() {
        return Err(format!("cannot be read in full: {:#?}", outcome.problems).into());
    }
    // Findings of other rules count where the example speaks of them; `cross` shows all of them.
    let spoken_of: BTreeSet<&str> = marked.iter().map(|(_, _, rule)| rule.as_str()).chain([shown.rule]).collect();
    let found: BTreeSet<Place> = outcome
        .lines
        .iter()
        .filter(|line| spoken_of.contains(line.rule))
        .map(|line| (line.path.clone(), line.at, line.rule.to_owned()))
        .collect();
    if found == marked {
        return Ok(());
    }
    let missing: Vec<_> = marked.difference(&found).collect();
    let surplus: Vec<_> = found.difference(&marked).collect();
    Err(format!("marked but not found: {missing:?}\nfound but not marked: {surplus:?}\n{:#?}", outcome.lines).into())
}

/// Every language with a front end, and both formats of contracts.
fn covers(rule: &str) -> Result<(), Failed> {
    let examples = support::examples().into_iter().filter(|shown| shown.rule == rule);
    let files = examples.flat_map(|shown| shown.example.files);
    let extensions: BTreeSet<String> =
        files.filter_map(|file| Some(file.path.rsplit_once('.')?.1.to_owned())).collect();
    let check = rules::ALL.iter().find(|it| it.id == rule).map(|it| it.check);
    // What looks at contracts alone, or at deployment files, needs no code. Changes of one format have
    // examples in that.
    let wanted: &[&str] = match check {
        Some(Check::Contracts(_)) => &["yaml", "proto"],
        Some(Check::Workloads(_)) => &["yaml", "json", "tf", "service"],
        Some(Check::Change(_)) if extensions.contains("yaml") || extensions.contains("proto") => &[],
        _ => &["rs", "go", "yaml", "proto"],
    };
    let missing: Vec<_> = wanted.iter().filter(|it| !extensions.contains(**it)).collect();
    if missing.is_empty() { Ok(()) } else { Err(format!("no example with: {missing:?}").into()) }
}

/// Lines that the example marks, with the rule they are marked for. Of what is gone without a trace, the line is one of
/// Base.
fn marked(shown: &Shown) -> BTreeSet<Place> {
    let places = shown.example.files.iter().flat_map(|file| {
        file.markers()
            .into_iter()
            .map(|marker| (file.path.clone(), marker.line, marker.rule.unwrap_or_else(|| shown.rule.to_owned())))
    });
    places.collect()
}
