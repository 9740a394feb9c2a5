//! Where the data of a value came from.

use std::ops::Deref;
use std::rc::Rc;

use crate::model::usage::Origin;

/// A value with more origins than this could be anything.
const MAX_ORIGINS: usize = 16;

/// Origins, sorted and each once. Values are copied all the time, and most of them have none or the same
/// ones, so copies share them.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Origins(Option<Rc<[Origin]>>);

impl Origins {
    pub(super) fn one(origin: Origin) -> Self {
        Self(Some(Rc::from([origin])))
    }

    /// These and others.
    pub(super) fn with(&self, others: impl IntoIterator<Item = Origin>) -> Self {
        let mut others = others.into_iter().peekable();
        match others.peek() {
            None => self.clone(),
            Some(_) => self.iter().cloned().chain(others).collect(),
        }
    }

    /// These and those of another value.
    pub(super) fn join(self, other: &Self) -> Self {
        if other.iter().all(|origin| self.contains(origin)) { self } else { self.with(other.iter().cloned()) }
    }

    /// Leaves out those that a test is false of.
    pub(super) fn retain(&mut self, mut keep: impl FnMut(&Origin) -> bool) {
        if !self.iter().all(&mut keep) {
            *self = self.iter().filter(|origin| keep(origin)).cloned().collect();
        }
    }
}

impl Deref for Origins {
    type Target = [Origin];

    fn deref(&self) -> &[Origin] {
        self.0.as_deref().unwrap_or_default()
    }
}

impl FromIterator<Origin> for Origins {
    fn from_iter<T: IntoIterator<Item = Origin>>(all: T) -> Self {
        let mut all: Vec<Origin> = all.into_iter().collect();
        all.sort();
        all.dedup();
        all.truncate(MAX_ORIGINS);
        Self((!all.is_empty()).then(|| Rc::from(all)))
    }
}

impl<'o> IntoIterator for &'o Origins {
    type Item = &'o Origin;
    type IntoIter = std::slice::Iter<'o, Origin>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::usage::CallId;

    fn origin(call: u32) -> Origin {
        Origin::Response(CallId(call), Vec::new())
    }

    #[test]
    fn origins_are_sorted_and_stand_once() {
        let all: Origins = [origin(2), origin(1), origin(2)].into_iter().collect();
        assert_eq!(&*all, [origin(1), origin(2)]);
        assert_eq!(all.clone().join(&Origins::one(origin(1))), all);
        assert_eq!(Origins::one(origin(2)).with([origin(1)]), all);
    }

    #[test]
    fn none_are_equal_however_they_came_about() {
        let mut all = Origins::one(origin(1));
        all.retain(|_| false);
        assert_eq!(all, Origins::default());
    }
}
