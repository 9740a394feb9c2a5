//! JSON objects whose keys are left out where there is nothing to say.

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use super::{Context, With};
use crate::report::contracts::place::Found;

/// An object that is being written.
pub(super) struct Object<M>(M);

impl<M: SerializeMap> Object<M> {
    pub(super) fn open<S: Serializer<SerializeMap = M>>(serializer: S) -> Result<Self, S::Error> {
        serializer.serialize_map(None).map(Self)
    }

    /// The same on one line.
    pub(super) fn open_small<S: Serializer<SerializeMap = M>>(
        serializer: S,
        context: &Context<'_>,
    ) -> Result<Self, S::Error> {
        context.is_small.set(true);
        Self::open(serializer)
    }

    pub(super) fn set<T: Serialize + ?Sized>(&mut self, key: &str, value: &T) -> Result<(), M::Error> {
        self.0.serialize_entry(key, value)
    }

    /// The key, if there is a value.
    pub(super) fn maybe<T: Serialize + ?Sized>(&mut self, key: &str, value: Option<&T>) -> Result<(), M::Error> {
        value.map_or(Ok(()), |value| self.set(key, value))
    }

    /// The key with `true`, if it holds.
    pub(super) fn flag(&mut self, key: &str, holds: bool) -> Result<(), M::Error> {
        if holds { self.set(key, &true) } else { Ok(()) }
    }

    /// The key, if there are items.
    pub(super) fn list<'c, T>(&mut self, key: &str, context: &'c Context<'c>, items: &'c [T]) -> Result<(), M::Error>
    where
        With<'c, T>: Serialize,
    {
        if items.is_empty() { Ok(()) } else { self.set(key, &each(context, items)) }
    }

    /// Lines and columns count from 1, columns in characters; `endColumn` is the column behind the last
    /// character.
    pub(super) fn place(&mut self, found: Found<'_>) -> Result<(), M::Error> {
        self.set("line", &found.start.line)?;
        self.set("column", &found.start.column)?;
        self.set("endLine", &found.end.line)?;
        self.set("endColumn", &found.end.column)
    }

    pub(super) fn close(self) -> Result<M::Ok, M::Error> {
        self.0.end()
    }
}

/// Items in their context.
pub(super) struct Each<'c, T>(&'c Context<'c>, &'c [T]);

pub(super) const fn each<'c, T>(context: &'c Context<'c>, items: &'c [T]) -> Each<'c, T> {
    Each(context, items)
}

impl<'c, T> Serialize for Each<'c, T>
where
    With<'c, T>: Serialize,
{
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.1.iter().map(|item| With(self.0, item)))
    }
}
