//! Attributes: what marks test code, and annotations with their arguments.

use syn::{Attribute, Expr, Item, Lit, Meta};

use super::lowerer::{self, Lowerer};
use super::scope::Namespace;
use crate::model::ir::{Annotation, Arg};

impl Lowerer<'_> {
    /// The attributes of a function, documentation left out.
    pub(super) fn annotations(&mut self, attrs: &[Attribute]) -> Vec<Annotation> {
        let attrs = attrs.iter().filter(|attr| !attr.path().is_ident("doc"));
        attrs.map(|attr| self.annotation(attr)).collect()
    }

    /// The attributes of a field, without those whose meaning its names and types have already.
    pub(super) fn annotations_of_field(&mut self, attrs: &[Attribute]) -> Vec<Annotation> {
        let attrs = attrs.iter().filter(|attr| !attr.path().is_ident("doc") && !attr.path().is_ident("serde"));
        attrs.map(|attr| self.annotation(attr)).collect()
    }

    fn annotation(&mut self, attr: &Attribute) -> Annotation {
        let name = self.resolve(attr.path(), Namespace::Macro);
        let args: Vec<Arg> = match &attr.meta {
            Meta::Path(_) => Vec::new(),
            Meta::NameValue(pair) => vec![lowerer::unnamed(self.expr(&pair.value))],
            Meta::List(list) => self.attribute_args(list.tokens.clone()),
        };
        let span = self.span(attr.bracket_token.span.join());
        Annotation { name, args, span }
    }
}

/// The attributes of an item.
pub(super) fn of_item(item: &Item) -> &[Attribute] {
    match item {
        Item::Const(item) => &item.attrs,
        Item::Enum(item) => &item.attrs,
        Item::Fn(item) => &item.attrs,
        Item::Impl(item) => &item.attrs,
        Item::Macro(item) => &item.attrs,
        Item::Mod(item) => &item.attrs,
        Item::Static(item) => &item.attrs,
        Item::Struct(item) => &item.attrs,
        Item::Trait(item) => &item.attrs,
        Item::Type(item) => &item.attrs,
        Item::Use(item) => &item.attrs,
        _ => &[],
    }
}

/// Whether a function is run by a test runner: `#[test]`, `#[tokio::test]`, `#[rstest]`, ...
pub(super) fn is_test(attrs: &[Attribute]) -> bool {
    let names = attrs.iter().filter_map(|attr| attr.path().segments.last());
    names.into_iter().any(|name| {
        let name = name.ident.to_string();
        matches!(name.as_str(), "test" | "bench" | "rstest" | "test_case" | "quickcheck" | "wasm_bindgen_test")
    })
}

/// Whether code is compiled for tests only: `#[cfg(test)]`, `#[cfg(all(test, ..))]`.
pub(super) fn is_test_only(attrs: &[Attribute]) -> bool {
    attrs.iter().filter(|attr| attr.path().is_ident("cfg")).any(|attr| {
        let Ok(condition) = attr.parse_args::<Meta>() else { return false };
        needs_test(&condition)
    })
}

fn needs_test(condition: &Meta) -> bool {
    match condition {
        Meta::Path(path) => path.is_ident("test"),
        Meta::List(list) if list.path.is_ident("all") => {
            let parser = syn::punctuated::Punctuated::<Meta, syn::Token![,]>::parse_terminated;
            list.parse_args_with(parser).is_ok_and(|parts| parts.iter().any(needs_test))
        }
        _ => false,
    }
}

/// The text of `#[name = "text"]`.
pub(super) fn text_value(attr: &Attribute, name: &str) -> Option<String> {
    match &attr.meta {
        Meta::NameValue(pair) if pair.path.is_ident(name) => match &pair.value {
            Expr::Lit(literal) => match &literal.lit {
                Lit::Str(text) => Some(text.value()),
                _ => None,
            },
            _ => None,
        },
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn attrs(text: &str) -> Vec<Attribute> {
        syn::parse_str::<syn::ItemFn>(&format!("{text} fn f() {{}}")).unwrap().attrs
    }

    #[test]
    fn test_code_is_what_is_compiled_for_tests_only() {
        assert!(is_test_only(&attrs("#[cfg(test)]")));
        assert!(is_test_only(&attrs("#[cfg(all(test, feature = \"x\"))]")));
        for other in ["#[cfg(not(test))]", "#[cfg(any(test, feature = \"x\"))]", "#[cfg(unix)]", "#[cfg_attr(test, x)]"]
        {
            assert!(!is_test_only(&attrs(other)), "{other}");
        }
    }

    #[test]
    fn every_test_runner_has_a_test_attribute() {
        assert!(is_test(&attrs("#[tokio::test(flavor = \"multi_thread\")]")));
        assert!(is_test(&attrs("#[test]")));
        assert!(!is_test(&attrs("#[inline]")));
    }
}
