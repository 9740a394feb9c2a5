//! Text that grows: in builders, which hold more with every call, and in fields, to which code adds what it has added before.

use std::rc::Rc;

use super::Interp;
use crate::evaluate::value::{Text, Value, What};
use crate::model::ir::{Expr, ExprKind, Type};

impl<'a> Interp<'a> {
    /// A builder holds longer text from now on. What a loop adds is not known.
    pub(super) fn grow(&mut self, before: &Value, place: &'a Expr, longer: Value) {
        let in_loop = !self.frame().loops.is_empty();
        let longer = if in_loop { super::printf::going_on(before) } else { longer };
        let builder = beginning(place);
        if std::ptr::eq(builder, place) || self.quietly(|interp| interp.eval(builder, &Type::Unknown)).ty == longer.ty {
            self.store(builder, longer);
        }
    }
}

/// A value that comes into a field, without texts that only add once more to one that is known what was added to that
/// before; nothing if that is all: `config.host = "http://" + config.host`, as whoever runs this again would see it.
pub(super) fn without_growth(known: &Value, value: &Value) -> Option<Value> {
    let known: Vec<String> = known.texts().iter().map(shown).collect();
    let has_grown =
        |what: &&What| matches!(what, What::Text(text) if known.iter().any(|known| is_grown(known, &shown(text))));
    let all = value.alternatives();
    if known.is_empty() || !all.iter().any(|what| has_grown(&what)) {
        return Some(value.clone());
    }
    let mut rest: Vec<What> = all.iter().filter(|what| !has_grown(what)).cloned().collect();
    let what = if rest.len() > 1 { What::OneOf(Rc::new(rest)) } else { rest.pop()? };
    Some(Value { what, ..value.clone() })
}

fn shown(text: &Text) -> String {
    text.template.to_string()
}

/// Whether a text is a known one, which begins or ends with what the text has more.
fn is_grown(known: &str, text: &str) -> bool {
    let before = text.strip_suffix(known).is_some_and(|more| !more.is_empty() && known.starts_with(more));
    let behind = text.strip_prefix(known).is_some_and(|more| !more.is_empty() && known.ends_with(more));
    before || behind
}

/// What a chain of calls begins with: `url` in `url.append(shelf)`.
fn beginning(mut place: &Expr) -> &Expr {
    while let ExprKind::Call { callee, .. } = &place.kind
        && let ExprKind::Member { base, .. } = &callee.kind
    {
        place = base;
    }
    place
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_added_again_is_growth_and_what_is_added_first_is_not() {
        assert!(is_grown("http://${HOST}", "http://http://${HOST}"));
        assert!(is_grown("/api/", "/api//"));
        assert!(!is_grown("${HOST}", "http://${HOST}"));
        assert!(!is_grown("/users", "/users/me"));
        assert!(!is_grown("/users", "/users"));
    }
}
