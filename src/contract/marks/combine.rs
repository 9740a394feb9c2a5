//! Marks of one element put together from several.

use crate::model::contract::{Mark, Marks, Sensitive};
use crate::model::source::Site;

/// Adds what `other` says, where nothing is said yet; of two marks for one class the first stays.
///
/// A property's marks are those of its schema and of the schema that it refers to: by JSON Schema
/// Validation 2020-12, section 9.3, `deprecated` speaks of the instance location, which is the
/// property that holds the value, not of the name of a type. By the same words a list of deprecated
/// items is not deprecated itself.
pub fn merge(marks: &mut Marks, other: Marks) {
    if other.is_empty() {
        return;
    }
    let other = other.into_set();
    let set = &mut **marks;
    set.deprecated = set.deprecated.take().or(other.deprecated);
    set.sunset = set.sunset.take().or(other.sunset);
    set.identity = set.identity.take().or(other.identity);
    set.idempotent = set.idempotent.take().or(other.idempotent);
    set.public = set.public.take().or(other.public);
    for sensitive in other.sensitive {
        add_class(marks, sensitive);
    }
}

/// Adds what holds for all that stands in an element: deprecated, its sunset, and public.
///
/// For a file, a service, a message, an enumeration or a document and what is declared in it. A
/// sensitive message is not that: what it holds may be harmless by itself.
pub fn inherit(marks: &mut Marks, outer: &Marks) {
    if marks.deprecated.is_none() && outer.deprecated.is_some() {
        marks.deprecated.clone_from(&outer.deprecated);
    }
    if marks.sunset.is_none() && outer.sunset.is_some() {
        marks.sunset.clone_from(&outer.sunset);
    }
    if marks.public.is_none() && outer.public.is_some() {
        marks.public.clone_from(&outer.public);
    }
}

/// Puts an element into each of these classes, by one mark.
pub fn add_sensitive(marks: &mut Marks, classes: Vec<String>, text: &str, site: &Site) {
    for class in classes {
        let mark = Mark { text: text.to_owned(), site: site.clone() };
        add_class(marks, Sensitive { class, mark });
    }
}

pub(super) fn add_class(marks: &mut Marks, sensitive: Sensitive) {
    if !marks.sensitive.iter().any(|known| known.class == sensitive.class) {
        marks.sensitive.push(sensitive);
    }
}
