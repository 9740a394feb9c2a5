//! What fields carry that services took from other contracts.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::context::Context;
use crate::model::contract::FieldRef;
use crate::model::map::{Confidence, DependencyMap, Flow};

/// Services that a value goes through: more of them are a circle.
const MAX_HOPS: usize = 16;

/// Flows by the field that they end in.
#[derive(Debug, Default)]
pub(super) struct Flows<'a> {
    into: BTreeMap<FieldRef, Vec<&'a Flow>>,
}

impl<'a> Flows<'a> {
    /// Those of a map that are not in test code.
    pub(super) fn new(map: &'a DependencyMap) -> Self {
        let mut flows = Self::default();
        for flow in map.flows.iter().filter(|flow| !flow.location.test) {
            flows.into.entry(flow.to.field).or_default().push(flow);
        }
        flows
    }
}

/// A field whose value another one carries.
#[derive(Clone, Debug)]
pub struct Carried<'a> {
    /// Whose value it is.
    pub source: FieldRef,
    /// The shortest way from there, the first hop first.
    pub chain: Vec<&'a Flow>,
}

impl Carried<'_> {
    /// How sure the way is: as its least sure hop.
    #[must_use]
    pub fn confidence(&self) -> Confidence {
        self.chain.iter().map(|flow| flow.confidence).min().unwrap_or(Confidence::Certain)
    }
}

impl<'a> Context<'a> {
    /// The fields of other contracts whose values a field carries, the nearest first, each by its shortest
    /// way. Services may pass a value round in circles.
    #[must_use]
    pub fn carried(&self, field: FieldRef) -> Vec<Carried<'a>> {
        let mut found: Vec<Carried<'a>> = Vec::new();
        let mut seen = BTreeSet::from([field]);
        let mut open = VecDeque::from([(field, Vec::new())]);
        while let Some((field, chain)) = open.pop_front() {
            if chain.len() >= MAX_HOPS {
                continue;
            }
            for flow in self.flows.into.get(&field).into_iter().flatten() {
                if !seen.insert(flow.from.field) {
                    continue;
                }
                let chain: Vec<&'a Flow> = std::iter::once(*flow).chain(chain.iter().copied()).collect();
                found.push(Carried { source: flow.from.field, chain: chain.clone() });
                open.push_back((flow.from.field, chain));
            }
        }
        found
    }
}

impl Context<'_> {
    /// A hop, as evidence: `` `core` serves `Profile.birthdate` on as `Customer.birthday` ``.
    #[must_use]
    pub fn hop(&self, flow: &Flow) -> String {
        let name = |field| self.head().field_name(field);
        let service = self.consumer(flow.location.service);
        let what = if flow.derived { "what it computes from " } else { "" };
        format!("`{service}` serves {what}`{}` on as `{}`", name(flow.from.field), name(flow.to.field))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::fixture::*;
    use crate::model::contract::OperationId;
    use crate::model::map::Carrier;

    fn flow(from: FieldRef, to: FieldRef, confidence: Confidence) -> Flow {
        let carrier = |field| Carrier { operation: OperationId(0), field, path: String::new() };
        Flow { location: location(CORE, CODE, 0), from: carrier(from), to: carrier(to), derived: false, confidence }
    }

    #[test]
    fn chains_are_followed_back_and_circles_end() {
        let mut analysis = workspace();
        analysis.map.flows = vec![
            flow(BIRTHDATE, ADDRESS, Confidence::Certain),
            flow(ADDRESS, CITY, Confidence::Likely),
            flow(CITY, BIRTHDATE, Confidence::Certain),
        ];
        let settings = settings();
        let context = Context::new(&analysis, &settings);
        let carried = context.carried(CITY);
        assert_eq!(carried.iter().map(|it| it.source).collect::<Vec<_>>(), [ADDRESS, BIRTHDATE]);
        assert_eq!(carried[1].chain.iter().map(|flow| flow.from.field).collect::<Vec<_>>(), [BIRTHDATE, ADDRESS]);
        assert_eq!(carried[1].confidence(), Confidence::Likely);
    }
}
