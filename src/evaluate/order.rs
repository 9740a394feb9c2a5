//! In which order functions are looked at: callers before what they call.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::program::{FuncId, Program};
use super::{Table, walk};
use crate::model::ir::{Expr, ExprKind, Func};

/// Methods of one name that a reference by name may mean; more, and the name says nothing.
const MAX_NAMESAKES: usize = 12;

/// Functions with a body that were written by hand, those that nobody refers to first, and each one
/// before the functions that only it refers to. References are by name, so this is a good order, not
/// a call graph: where functions refer to each other in a circle, the order of the files decides.
pub(super) fn callers_first(program: &Program<'_>) -> Vec<FuncId> {
    let funcs: Vec<(FuncId, &Func)> = program
        .funcs()
        .filter(|(_, module, func)| module.is_by_hand() && func.body.is_some())
        .map(|(id, _, func)| (id, func))
        .collect();
    let mut by_name: Table<&str, Vec<FuncId>> = Table::default();
    for (id, func) in &funcs {
        by_name.entry(func.symbol.name()).or_default().push(*id);
    }
    by_name.retain(|_, ids| ids.iter().filter(|id| program.func(**id).receiver.is_some()).count() <= MAX_NAMESAKES);
    let mut referred: BTreeMap<FuncId, BTreeSet<FuncId>> = BTreeMap::new();
    let mut waiting: BTreeMap<FuncId, usize> = funcs.iter().map(|(id, _)| (*id, 0)).collect();
    for (id, func) in &funcs {
        let targets = references(func, program, &by_name);
        for target in targets.iter().filter(|target| *target != id) {
            waiting.entry(*target).and_modify(|count| *count += 1);
        }
        referred.insert(*id, targets);
    }

    let mut ready: VecDeque<FuncId> =
        funcs.iter().map(|(id, _)| *id).filter(|id| waiting.get(id) == Some(&0)).collect();
    let mut order = Vec::with_capacity(funcs.len());
    let mut done = BTreeSet::new();
    let mut rest = funcs.iter().map(|(id, _)| *id);
    loop {
        let next = match ready.pop_front() {
            Some(id) => id,
            None => match rest.find(|id| !done.contains(id)) {
                Some(id) => id,
                None => return order,
            },
        };
        if !done.insert(next) {
            continue;
        }
        order.push(next);
        for target in referred.get(&next).into_iter().flatten() {
            if let Some(count) = waiting.get_mut(target) {
                *count = count.saturating_sub(1);
                if *count == 0 && !done.contains(target) {
                    ready.push_back(*target);
                }
            }
        }
    }
}

fn references(func: &Func, program: &Program<'_>, by_name: &Table<&str, Vec<FuncId>>) -> BTreeSet<FuncId> {
    let mut found = BTreeSet::new();
    let mut names = BTreeSet::new();
    let Some(body) = &func.body else { return found };
    walk::block(body, &mut |expr: &Expr| match &expr.kind {
        ExprKind::Global(symbol) => found.extend(program.function(symbol)),
        ExprKind::Member { name, .. } if names.insert(&**name) => {
            if let Some(ids) = by_name.get(&**name) {
                found.extend(ids.iter().copied().filter(|id| program.func(*id).receiver.is_some()));
            }
        }
        _ => {}
    });
    found
}
