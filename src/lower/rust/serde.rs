//! What serde's attributes say: the names and places of fields on the wire.

use std::sync::Arc;

use syn::meta::ParseNestedMeta;
use syn::{Attribute, LitStr, Token};

use crate::model::ir::{Codec, WireName};

/// A case convention of `rename_all`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Case {
    Lower,
    Upper,
    Pascal,
    Camel,
    Snake,
    ScreamingSnake,
    Kebab,
    ScreamingKebab,
}

impl Case {
    fn of(name: &str) -> Option<Self> {
        Some(match name {
            "lowercase" => Self::Lower,
            "UPPERCASE" => Self::Upper,
            "PascalCase" => Self::Pascal,
            "camelCase" => Self::Camel,
            "snake_case" => Self::Snake,
            "SCREAMING_SNAKE_CASE" => Self::ScreamingSnake,
            "kebab-case" => Self::Kebab,
            "SCREAMING-KEBAB-CASE" => Self::ScreamingKebab,
            _ => return None,
        })
    }

    /// A field's name, which serde takes to be written in `snake_case`.
    pub(super) fn of_field(self, name: &str) -> String {
        match self {
            Self::Lower | Self::Snake => name.to_owned(),
            Self::Upper | Self::ScreamingSnake => name.to_ascii_uppercase(),
            Self::Kebab => name.replace('_', "-"),
            Self::ScreamingKebab => name.to_ascii_uppercase().replace('_', "-"),
            Self::Pascal => name.split('_').map(capitalized).collect(),
            Self::Camel => uncapitalized(&Self::Pascal.of_field(name)),
        }
    }

    /// A variant's name, which serde takes to be written in `PascalCase`.
    pub(super) fn of_variant(self, name: &str) -> String {
        match self {
            Self::Pascal => name.to_owned(),
            Self::Lower => name.to_ascii_lowercase(),
            Self::Upper => name.to_ascii_uppercase(),
            Self::Camel => uncapitalized(name),
            Self::Snake => {
                let mut snake = String::with_capacity(name.len() + 4);
                for (at, letter) in name.char_indices() {
                    if at > 0 && letter.is_uppercase() {
                        snake.push('_');
                    }
                    snake.push(letter.to_ascii_lowercase());
                }
                snake
            }
            Self::ScreamingSnake => Self::Snake.of_variant(name).to_ascii_uppercase(),
            Self::Kebab => Self::Snake.of_variant(name).replace('_', "-"),
            Self::ScreamingKebab => Self::ScreamingSnake.of_variant(name).replace('_', "-"),
        }
    }
}

fn capitalized(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| format!("{}{}", first.to_ascii_uppercase(), letters.as_str()))
}

fn uncapitalized(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| format!("{}{}", first.to_ascii_lowercase(), letters.as_str()))
}

/// A setting that may differ by direction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Both<T> {
    pub(super) serialize: Option<T>,
    pub(super) deserialize: Option<T>,
}

impl<T> Default for Both<T> {
    fn default() -> Self {
        Self { serialize: None, deserialize: None }
    }
}

impl<T> Both<T> {
    pub(super) fn or(self, other: Self) -> Self {
        Self { serialize: self.serialize.or(other.serialize), deserialize: self.deserialize.or(other.deserialize) }
    }
}

/// What the serde attributes of one struct, enum, variant or field say.
#[expect(clippy::struct_excessive_bools, reason = "one for each attribute that takes no value")]
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Serde {
    pub(super) rename: Both<String>,
    pub(super) aliases: Vec<String>,
    /// `rename_all`: of a struct for its fields, of an enum for its variants.
    pub(super) rename_all: Both<Case>,
    /// `rename_all_fields`: of an enum for the fields of its variants.
    pub(super) rename_all_fields: Both<Case>,
    pub(super) flatten: bool,
    pub(super) skip_serializing: bool,
    pub(super) skip_deserializing: bool,
    pub(super) transparent: bool,
    /// An enum without a tag of its own level: the fields of a variant stand in the outer object.
    pub(super) inline_variants: bool,
    has_content: bool,
}

impl Serde {
    /// Reads the `#[serde(..)]` attributes, those inside `#[cfg_attr(..)]` included. What cannot
    /// be read is left out: the compiler has the say on it.
    pub(super) fn of(attrs: &[Attribute]) -> Self {
        let mut found = Self::default();
        for attr in attrs {
            if attr.path().is_ident("serde") {
                let _ = attr.parse_nested_meta(|meta| found.entry(&meta));
            } else if attr.path().is_ident("cfg_attr") {
                let _ = attr.parse_nested_meta(|meta| {
                    if meta.path.is_ident("serde") {
                        return meta.parse_nested_meta(|meta| found.entry(&meta));
                    }
                    skip_value(&meta)
                });
            }
        }
        found.inline_variants &= !found.has_content;
        found
    }

    fn entry(&mut self, meta: &ParseNestedMeta<'_>) -> syn::Result<()> {
        let Some(key) = meta.path.get_ident().map(ToString::to_string) else { return skip_value(meta) };
        match key.as_str() {
            "rename" => self.rename = both(meta)?,
            "alias" => self.aliases.push(meta.value()?.parse::<LitStr>()?.value()),
            "rename_all" => self.rename_all = cases(both(meta)?),
            "rename_all_fields" => self.rename_all_fields = cases(both(meta)?),
            "flatten" => self.flatten = true,
            "transparent" => self.transparent = true,
            "skip" => (self.skip_serializing, self.skip_deserializing) = (true, true),
            "skip_serializing" => self.skip_serializing = true,
            "skip_deserializing" => self.skip_deserializing = true,
            "untagged" => self.inline_variants = true,
            "tag" => {
                self.inline_variants = true;
                skip_value(meta)?;
            }
            "content" => {
                self.has_content = true;
                skip_value(meta)?;
            }
            _ => skip_value(meta)?,
        }
        Ok(())
    }

    /// The names on the wire of a field or variant called `name`; none if it is `name` alone.
    /// `default` is the name by the convention of what holds it.
    pub(super) fn wire(&self, name: &str, default: &Both<String>) -> Vec<WireName> {
        let names = self.rename.clone().or(default.clone());
        let own = || name.to_owned();
        let written = [names.deserialize.unwrap_or_else(own), names.serialize.unwrap_or_else(own)];
        let mut all: Vec<String> = Vec::new();
        for wire in written.into_iter().chain(self.aliases.iter().cloned()) {
            if !all.contains(&wire) {
                all.push(wire);
            }
        }
        if all.len() == 1 && all.first().is_some_and(|wire| wire == name) {
            return Vec::new();
        }
        all.into_iter().map(|wire| WireName { codec: Codec::Json, name: Arc::from(wire) }).collect()
    }
}

/// Steps over the value or arguments of a setting that is of no interest.
fn skip_value(meta: &ParseNestedMeta<'_>) -> syn::Result<()> {
    if meta.input.peek(Token![=]) {
        meta.value()?.parse::<syn::Expr>()?;
    } else if !meta.input.is_empty() && !meta.input.peek(Token![,]) {
        meta.input.parse::<proc_macro2::Group>()?;
    }
    Ok(())
}

/// `= "x"`, or `(serialize = "x", deserialize = "y")`.
fn both(meta: &ParseNestedMeta<'_>) -> syn::Result<Both<String>> {
    if meta.input.peek(Token![=]) {
        let value = meta.value()?.parse::<LitStr>()?.value();
        return Ok(Both { serialize: Some(value.clone()), deserialize: Some(value) });
    }
    let mut found = Both::default();
    meta.parse_nested_meta(|meta| {
        let value = meta.value()?.parse::<LitStr>()?.value();
        if meta.path.is_ident("serialize") {
            found.serialize = Some(value);
        } else if meta.path.is_ident("deserialize") {
            found.deserialize = Some(value);
        }
        Ok(())
    })?;
    Ok(found)
}

fn cases(names: Both<String>) -> Both<Case> {
    let case = |name: Option<String>| name.and_then(|name| Case::of(&name));
    Both { serialize: case(names.serialize), deserialize: case(names.deserialize) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(attrs: &str) -> Serde {
        let item: syn::ItemStruct = syn::parse_str(&format!("{attrs} struct S;")).unwrap();
        Serde::of(&item.attrs)
    }

    fn wire(attrs: &str, name: &str, case: Option<Case>) -> Vec<String> {
        let default = case.map(|case| case.of_field(name));
        let default = Both { serialize: default.clone(), deserialize: default };
        read(attrs).wire(name, &default).iter().map(|wire| wire.name.to_string()).collect()
    }

    #[test]
    fn cases_are_those_of_serde() {
        use Case::{Camel, Kebab, Lower, Pascal, ScreamingKebab, ScreamingSnake, Snake, Upper};
        for (case, field, variant) in [
            (Lower, "birth_date", "inprogress"),
            (Upper, "BIRTH_DATE", "INPROGRESS"),
            (Pascal, "BirthDate", "InProgress"),
            (Camel, "birthDate", "inProgress"),
            (Snake, "birth_date", "in_progress"),
            (ScreamingSnake, "BIRTH_DATE", "IN_PROGRESS"),
            (Kebab, "birth-date", "in-progress"),
            (ScreamingKebab, "BIRTH-DATE", "IN-PROGRESS"),
        ] {
            assert_eq!(case.of_field("birth_date"), field);
            assert_eq!(case.of_variant("InProgress"), variant);
        }
        assert_eq!(Case::of("nope"), None);
    }

    #[test]
    fn a_field_goes_by_its_rename_then_by_the_convention_then_by_itself() {
        assert!(wire("", "a_b", None).is_empty());
        assert_eq!(wire("", "a_b", Some(Case::Camel)), ["aB"]);
        assert_eq!(wire("#[serde(rename = \"x\")]", "a_b", Some(Case::Camel)), ["x"]);
        assert_eq!(wire("#[serde(default, alias = \"y\", with = \"m\")]", "a", None), ["a", "y"]);
        assert_eq!(wire("#[serde(rename(serialize = \"s\", deserialize = \"d\"))]", "a", None), ["d", "s"]);
        assert_eq!(wire("#[serde(rename(deserialize = \"d\"))]", "a", None), ["d", "a"]);
    }

    #[test]
    fn conditional_attributes_count() {
        let found = read(
            "#[cfg_attr(feature = \"serde\", derive(X), serde(rename_all(deserialize = \"camelCase\"), flatten))]",
        );
        assert_eq!(found.rename_all, Both { serialize: None, deserialize: Some(Case::Camel) });
        assert!(found.flatten);
    }

    #[test]
    fn variants_stand_in_the_outer_object_unless_they_are_wrapped() {
        assert!(read("#[serde(untagged)]").inline_variants);
        assert!(read("#[serde(tag = \"t\")]").inline_variants);
        assert!(!read("#[serde(tag = \"t\", content = \"c\")]").inline_variants);
        assert!(!read("").inline_variants);
    }
}
