//! What is kept of fields and package variables, for all values of a type.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::Interp;
use super::growing::without_growth;
use crate::evaluate::Table;
use crate::evaluate::value::{Value, What};
use crate::model::ir::{Symbol, Type};

/// Values by declared type and field; a package variable has no field.
#[derive(Debug, Default)]
pub(super) struct Kept {
    all: Table<(Symbol, Arc<str>), Known>,
    /// Names of fields that hold a plain value somewhere.
    plain: BTreeSet<Arc<str>>,
}

/// What came into one field so far.
#[derive(Debug)]
struct Known {
    value: Value,
    /// So many things came that it could be any of them: further ones tell nothing. Without this, what
    /// comes next would be taken for the only one.
    full: bool,
}

impl Kept {
    pub(super) fn get(&self, owner: &Symbol, field: &Arc<str>) -> Option<&Value> {
        self.all.get(&(owner.clone(), Arc::clone(field))).map(|known| &known.value)
    }

    /// Whether a field of this name holds a text, number or truth value in some type.
    pub(super) fn may_be_plain(&self, field: &str) -> bool {
        self.plain.contains(field)
    }

    /// Something that is not known came into a field: what is known of it is only one of the things that it
    /// may be.
    pub(super) fn blur(&mut self, owner: Symbol, field: &Arc<str>) {
        if let Some(known) = self.all.get_mut(&(owner, Arc::clone(field))) {
            let value = std::mem::take(&mut known.value);
            known.value = value.join(Value::unknown());
        }
    }

    /// Adds a value; true if more is known then than before.
    pub(super) fn add(&mut self, owner: Symbol, field: &Arc<str>, value: &Value) -> bool {
        if value.what.is_plain() && !self.plain.contains(field) {
            self.plain.insert(Arc::clone(field));
        }
        // Who else sets it need not have been followed.
        let value = &value.clone().or_another_variant();
        let known = match self.all.entry((owner, Arc::clone(field))) {
            indexmap::map::Entry::Occupied(known) => known.into_mut(),
            indexmap::map::Entry::Vacant(place) => {
                place.insert(Known { value: value.clone().bounded(), full: false });
                return true;
            }
        };
        if known.value.covers(value) {
            return false;
        }
        let Some(value) = without_growth(&known.value, value).filter(|value| !known.value.covers(value)) else {
            return false;
        };
        let mut joined = known.value.clone().join(value).bounded();
        known.full |= joined.what == What::Opaque && known.value.what != What::Opaque;
        if known.full {
            joined.what = What::Opaque;
        }
        let is_new = joined != known.value;
        known.value = joined;
        is_new
    }
}

impl Interp<'_> {
    /// A field's value of something that is made here and sets the field. Data that others put into it is theirs:
    /// the body of one request is not that of another.
    pub(super) fn with_kept_of_made(&self, ty: &Type, name: &Arc<str>, value: Value) -> Value {
        let home = ty.symbol().map(|symbol| self.program.home_of_field(symbol, name));
        let kept = home.and_then(|home| self.fields.get(&home, name));
        let is_data = kept.is_some_and(|kept| kept.alternatives().iter().any(|what| matches!(what, What::Record(_))));
        if is_data && !value.is_informative() { value } else { self.with_kept(ty, name, value) }
    }
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use super::*;
    use crate::evaluate::value::{Callable, Text, Variables};
    use crate::model::source::{FileId, Span};

    fn text(text: &str) -> Value {
        Value::text(Text::new(text, Span::new(FileId(0), 0, 1)))
    }

    #[test]
    fn a_field_that_could_be_anything_stays_unknown() {
        let mut kept = Kept::default();
        let (owner, field) = (Symbol::new("shop::Client"), Arc::from("base"));
        for at in 0..20 {
            kept.add(owner.clone(), &field, &text(&format!("http://host{at}")));
        }
        assert_eq!(kept.get(&owner, &field).map(|value| value.what.clone()), Some(What::Opaque));
        assert!(!kept.add(owner, &field, &text("http://one-more")), "nothing more can be learnt of it");
    }

    #[test]
    fn a_closure_that_is_made_many_times_is_one() {
        let mut kept = Kept::default();
        let (owner, field) = (Symbol::new("shop::Client"), Arc::from("dial"));
        for at in 0..20 {
            let captured = Rc::new(Variables::from_iter([(Arc::from("host"), text(&format!("http://host{at}")))]));
            let (span, home) = (Span::new(FileId(0), 0, 1), Symbol::new("shop::new"));
            let closure = Callable::Closure { span, home, captured };
            kept.add(owner.clone(), &field, &Value::of(What::Function(Rc::new(closure))));
        }
        assert_eq!(kept.get(&owner, &field).map(|value| value.functions().count()), Some(1));
    }

    #[test]
    fn a_constant_that_something_unknown_replaces_is_no_constant() {
        let mut kept = Kept::default();
        let (owner, field) = (Symbol::new("shop::Store"), Arc::from("user"));
        kept.add(owner.clone(), &field, &Value::of(What::Int(-1)));
        assert!(kept.may_be_plain("user"));
        kept.blur(owner.clone(), &field);
        let all = kept.get(&owner, &field).map(|value| value.alternatives().to_vec());
        assert_eq!(all, Some(vec![What::Opaque, What::Int(-1)]));
    }

    #[test]
    fn what_code_adds_to_a_field_each_time_it_runs_is_added_once() {
        let mut kept = Kept::default();
        let (owner, field) = (Symbol::new("shop::Settings"), Arc::from("host"));
        assert!(kept.add(owner.clone(), &field, &text("shop")));
        assert!(kept.add(owner.clone(), &field, &text("http://shop").join(text("shop"))));
        assert!(!kept.add(owner.clone(), &field, &text("http://http://shop")));
        assert!(!kept.add(owner.clone(), &field, &text("http://http://shop").join(text("http://shop"))));
        assert_eq!(kept.get(&owner, &field).map(|value| value.texts().len()), Some(2));
    }

    #[test]
    fn what_is_known_already_is_no_news() {
        let mut kept = Kept::default();
        let (owner, field) = (Symbol::new("shop::Client"), Arc::from("base"));
        assert!(kept.add(owner.clone(), &field, &text("http://a")));
        assert!(kept.add(owner.clone(), &field, &text("http://b")));
        assert!(!kept.add(owner, &field, &text("http://a")));
    }
}
