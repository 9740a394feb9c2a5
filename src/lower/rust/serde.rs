//! Names on the wire, as serde's attributes give them (serde.rs, "Attributes").

use std::sync::Arc;

use syn::punctuated::Punctuated;
use syn::{Attribute, Expr, ExprLit, Lit, Meta, Token};

use crate::model::ir::{Codec, WireName};

/// Attributes of a struct, enum, variant or field.
#[derive(Clone, Debug, Default)]
pub(super) struct Attributes {
    rename: Option<String>,
    rename_all: Option<Case>,
    rename_all_fields: Option<Case>,
    aliases: Vec<String>,
    pub(super) flatten: bool,
    pub(super) skip: bool,
}

/// The cases of `rename_all`.
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
    fn parse(text: &str) -> Option<Self> {
        Some(match text {
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

    /// A field's name in this case; fields are written in snake case.
    fn of_field(self, name: &str) -> String {
        match self {
            Self::Lower | Self::Snake => name.to_owned(),
            Self::Upper | Self::ScreamingSnake => name.to_ascii_uppercase(),
            Self::Pascal => pascal(name),
            Self::Camel => lower_first(&pascal(name)),
            Self::Kebab => name.replace('_', "-"),
            Self::ScreamingKebab => name.to_ascii_uppercase().replace('_', "-"),
        }
    }

    /// A variant's name in this case; variants are written in Pascal case.
    fn of_variant(self, name: &str) -> String {
        match self {
            Self::Pascal => name.to_owned(),
            Self::Lower => name.to_ascii_lowercase(),
            Self::Upper => name.to_ascii_uppercase(),
            Self::Camel => lower_first(name),
            Self::Snake => snake(name),
            Self::ScreamingSnake => snake(name).to_ascii_uppercase(),
            Self::Kebab => snake(name).replace('_', "-"),
            Self::ScreamingKebab => snake(name).to_ascii_uppercase().replace('_', "-"),
        }
    }
}

fn pascal(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    let mut upper = true;
    for letter in name.chars() {
        if letter == '_' {
            upper = true;
        } else if upper {
            out.push(letter.to_ascii_uppercase());
            upper = false;
        } else {
            out.push(letter);
        }
    }
    out
}

fn lower_first(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map_or_else(String::new, |first| first.to_ascii_lowercase().to_string() + letters.as_str())
}

fn snake(name: &str) -> String {
    let mut out = String::with_capacity(name.len() + 4);
    for (at, letter) in name.char_indices() {
        if at > 0 && letter.is_uppercase() {
            out.push('_');
        }
        out.push(letter.to_ascii_lowercase());
    }
    out
}

impl Attributes {
    /// Reads `#[serde(..)]`, also inside `#[cfg_attr(.., serde(..))]`.
    pub(super) fn read(attributes: &[Attribute]) -> Self {
        let mut found = Self::default();
        for attribute in attributes {
            found.read_meta(&attribute.meta, 0);
        }
        found
    }

    fn read_meta(&mut self, meta: &Meta, depth: usize) {
        let Meta::List(list) = meta else { return };
        let Ok(inner) = list.parse_args_with(Punctuated::<Meta, Token![,]>::parse_terminated) else { return };
        if list.path.is_ident("cfg_attr") && depth == 0 {
            inner.iter().skip(1).for_each(|meta| self.read_meta(meta, depth + 1));
        } else if list.path.is_ident("serde") {
            inner.iter().for_each(|meta| self.read_option(meta));
        }
    }

    fn read_option(&mut self, meta: &Meta) {
        match meta {
            Meta::Path(path) => {
                self.flatten |= path.is_ident("flatten");
                self.skip |= path.is_ident("skip");
            }
            Meta::NameValue(option) => {
                let Some(value) = text(&option.value) else { return };
                if option.path.is_ident("rename") {
                    self.rename = Some(value);
                } else if option.path.is_ident("alias") {
                    self.aliases.push(value);
                } else if option.path.is_ident("rename_all") {
                    self.rename_all = Case::parse(&value);
                } else if option.path.is_ident("rename_all_fields") {
                    self.rename_all_fields = Case::parse(&value);
                }
            }
            // `rename(serialize = "a", deserialize = "b")`: what is read counts first, for a consumer.
            Meta::List(list) => {
                let Ok(inner) = list.parse_args_with(Punctuated::<Meta, Token![,]>::parse_terminated) else { return };
                for meta in inner {
                    let Meta::NameValue(option) = meta else { continue };
                    let Some(value) = text(&option.value) else { continue };
                    let first = option.path.is_ident("deserialize");
                    if list.path.is_ident("rename") {
                        if first || self.rename.is_none() {
                            self.aliases.extend(self.rename.replace(value));
                        } else {
                            self.aliases.push(value);
                        }
                    } else if list.path.is_ident("rename_all") && (first || self.rename_all.is_none()) {
                        self.rename_all = Case::parse(&value);
                    }
                }
            }
        }
    }

    /// The names of a field on the wire; none if it has its own name only.
    pub(super) fn field_names(&self, container: &Self, name: &str) -> Vec<WireName> {
        self.names(container.rename_all.map(|case| case.of_field(name)))
    }

    /// The names of a field of an enum's variant.
    pub(super) fn variant_field_names(&self, container: &Self, variant: &Self, name: &str) -> Vec<WireName> {
        let case = variant.rename_all.or(container.rename_all_fields);
        self.names(case.map(|case| case.of_field(name)))
    }

    /// The names of an enum's variant.
    pub(super) fn variant_names(&self, container: &Self, name: &str) -> Vec<WireName> {
        self.names(container.rename_all.map(|case| case.of_variant(name)))
    }

    fn names(&self, by_case: Option<String>) -> Vec<WireName> {
        let own = self.rename.clone().or(by_case);
        let all = own.into_iter().chain(self.aliases.iter().cloned());
        all.map(|name| WireName { codec: Codec::Json, name: Arc::from(name) }).collect()
    }
}

fn text(value: &Expr) -> Option<String> {
    match value {
        Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => Some(text.value()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use syn::parse_quote;

    #[test]
    fn cases_are_those_of_serde() {
        for (case, field, variant) in [
            ("lowercase", "birth_date", "onhold"),
            ("UPPERCASE", "BIRTH_DATE", "ONHOLD"),
            ("PascalCase", "BirthDate", "OnHold"),
            ("camelCase", "birthDate", "onHold"),
            ("snake_case", "birth_date", "on_hold"),
            ("SCREAMING_SNAKE_CASE", "BIRTH_DATE", "ON_HOLD"),
            ("kebab-case", "birth-date", "on-hold"),
            ("SCREAMING-KEBAB-CASE", "BIRTH-DATE", "ON-HOLD"),
        ] {
            let case = Case::parse(case).unwrap();
            assert_eq!(
                (case.of_field("birth_date"), case.of_variant("OnHold")),
                (field.to_owned(), variant.to_owned())
            );
        }
    }

    #[test]
    fn what_is_read_comes_before_what_is_written() {
        let attributes =
            Attributes::read(&[parse_quote!(#[serde(rename(serialize = "out", deserialize = "in"), alias = "old")])]);
        let names: Vec<String> = attributes.names(None).into_iter().map(|name| name.name.to_string()).collect();
        assert_eq!(names, ["in", "out", "old"]);
    }

    #[test]
    fn conditional_attributes_count() {
        let attributes = Attributes::read(&[parse_quote!(#[cfg_attr(feature = "x", serde(flatten, skip))])]);
        assert!(attributes.flatten && attributes.skip);
    }
}
