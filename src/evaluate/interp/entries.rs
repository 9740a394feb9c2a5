//! Objects and maps that are put together by calls: `Map.of("a", 1)`, `node.put("a", 1)`.

use std::rc::Rc;
use std::sync::Arc;

use super::Interp;
use super::argument::Site;
use crate::evaluate::library::format::EntriesModel;
use crate::evaluate::origins::Origins;
use crate::evaluate::value::{Fields, Value, What};
use crate::model::ir::Type;
use crate::model::source::Span;

/// Entries of one object that are kept: more of them are a table, and no body.
const MAX_ENTRIES: usize = 100;

impl Interp<'_> {
    /// The object that a call makes of its arguments. Entries whose key is not constant are left out.
    pub(super) fn object_of(form: EntriesModel, site: &Site<'_>) -> Value {
        let mut fields = Fields::new();
        let mut add = |key: &Value, value: &Value, span: Span| {
            if let Some(key) = key.as_fixed_text() {
                fields.insert(Arc::from(key), (span, value.clone().bounded()));
            }
        };
        match form {
            EntriesModel::InTurn => {
                for pair in site.args.chunks_exact(2) {
                    add(&pair[0].value, &pair[1].value, pair[0].span(site.span));
                }
            }
            EntriesModel::Pairs => {
                for arg in &site.args {
                    if let What::Tuple(pair) = &arg.value.what
                        && let [key, value] = pair.as_slice()
                    {
                        add(key, value, arg.span(site.span));
                    }
                }
            }
        }
        Value { ty: Type::Dynamic, what: What::Record(Rc::new(fields)), origins: Origins::default() }
    }

    /// An object with one more entry; none if it is no object that is made here.
    pub(super) fn with_entry(object: &Value, key: &Value, value: &Value, span: Span) -> Option<Value> {
        let mut fields = match &object.what {
            What::Record(fields) => (**fields).clone(),
            What::Opaque if object.origins.is_empty() => super::written::more().into_iter().collect(),
            _ => return None,
        };
        match key.as_fixed_text() {
            Some(key) if fields.len() < MAX_ENTRIES => {
                fields.insert(Arc::from(key), (span, value.clone().bounded()));
            }
            _ => fields.extend(super::written::more()),
        }
        Some(Value { what: What::Record(Rc::new(fields)), ..object.clone() })
    }
}
