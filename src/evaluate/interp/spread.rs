//! What object literals take over from the values that are spread in them, and calls from tuples.

use std::rc::Rc;
use std::sync::Arc;

use super::Interp;
use crate::evaluate::value::{Fields, REST, Value, What};
use crate::model::source::Span;

impl Interp<'_> {
    /// The fields that a literal takes over from what is spread in it; of several values (a tuple) a later one
    /// wins.
    pub(super) fn spread_fields(&mut self, spread: Option<(Span, Value)>) -> Fields {
        let Some((span, value)) = spread else { return Fields::new() };
        let mut fields = Fields::new();
        match &value.what {
            What::Tuple(all) => all.iter().for_each(|one| self.take_over(&mut fields, one, span)),
            _ => self.take_over(&mut fields, &value, span),
        }
        fields
    }

    fn take_over(&mut self, fields: &mut Fields, value: &Value, span: Span) {
        let records = value.alternatives().iter().filter_map(|what| match what {
            What::Record(record) => Some(record),
            _ => None,
        });
        for (name, (place, given)) in records.flat_map(|record| record.iter()) {
            // What is not known may not be given at all.
            let stays = &**name == REST || !given.is_informative();
            let given = match fields.remove(name) {
                Some((earlier, known)) if stays => (earlier, known.join(given.clone())),
                _ => (*place, given.clone()),
            };
            fields.insert(Arc::clone(name), given);
        }
        if matches!(value.what, What::Record(_)) && value.origins.is_empty() {
            return;
        }
        self.escape(value, span);
        let rest = match fields.remove(REST) {
            Some((place, known)) => (place, known.join(value.clone())),
            None => (span, value.clone()),
        };
        fields.insert(Arc::from(REST), rest);
    }
}

/// What stands in a tuple; else the value itself.
pub(super) fn items(value: Value) -> Vec<Value> {
    match value.what {
        What::Tuple(items) => Rc::unwrap_or_clone(items),
        _ => vec![value],
    }
}
