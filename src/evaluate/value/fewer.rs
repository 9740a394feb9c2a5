//! Alternatives that are too many to be kept apart.

use super::{MAX_ALTERNATIVES, Text, What};
use crate::model::usage::{Part, Template};

/// Texts that only go on with more, as code puts one parameter after the other behind a URL, are one that goes on with
/// what is not known. Nothing is known if there are too many still.
pub(super) fn fewer(all: Vec<What>) -> What {
    let whole: Vec<String> = all.iter().map(shown).collect();
    let goes_on = |at: usize| {
        let beginnings = whole.iter().filter(|other| !other.is_empty() && **other != whole[at]);
        beginnings.filter(|other| whole[at].starts_with(other.as_str())).min_by_key(|other| other.len())
    };
    let mut kept: Vec<What> = Vec::new();
    for (at, what) in all.iter().enumerate() {
        let what = match goes_on(at) {
            Some(beginning) => all.iter().find(|what| shown(what) == *beginning).map_or(What::Opaque, open),
            None => what.clone(),
        };
        if !kept.contains(&what) {
            kept.push(what);
        }
    }
    kept.sort();
    match kept.len() {
        1 => kept.remove(0),
        2..=MAX_ALTERNATIVES => What::OneOf(kept.into()),
        _ => What::Opaque,
    }
}

/// A text as it is compared; empty for all that is none, or begins with what is not known.
fn shown(what: &What) -> String {
    match what {
        What::Text(text) if text.template.0.first() != Some(&Part::Hole) => text.template.to_string(),
        _ => String::new(),
    }
}

fn open(what: &What) -> What {
    let What::Text(text) = what else { return what.clone() };
    let mut template = text.template.clone();
    template.append(&Template::hole());
    What::Text(Text { template, written: text.written })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> What {
        let mut template = Template::text(text.trim_end_matches("{}"));
        if text.ends_with("{}") {
            template.append(&Template::hole());
        }
        What::Text(Text { template, written: None })
    }

    #[test]
    fn what_goes_on_is_one() {
        let grown = ["?", "?a=1", "?a=1&", "?a=1&b=2", "?b=2", "?&", "?b=2&", "?b=2&a=1"];
        let all = std::iter::once(text("")).chain([text("http://orders/all")]);
        let all = all.chain(grown.map(|more| text(&format!("http://orders/all{more}"))));
        let expected = vec![text(""), text("http://orders/all"), text("http://orders/all{}")];
        assert_eq!(fewer(all.collect()), What::OneOf(expected.into()));
        let others = (0..=MAX_ALTERNATIVES).map(|at| text(&format!("{at}/orders")));
        assert_eq!(fewer(others.collect()), What::Opaque);
    }
}
