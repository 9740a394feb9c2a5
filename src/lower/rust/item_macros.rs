//! Macro calls in item position: those that wrap items, those that declare statics, and those that
//! bring in generated code.

use proc_macro2::{TokenStream, TokenTree};
use syn::parse::{ParseStream, Parser};
use syn::{Attribute, File, Ident, Item, Macro, Token, Visibility};

use super::lowerer::Lowerer;
use super::scope::Namespace;
use crate::model::ir::Include;

/// How often a macro may stand inside a macro.
const MAX_DEPTH: u32 = 8;

/// Replaces macro calls that wrap items (`cfg_if! {..}`, `pin_project! {..}`) by these items.
pub(super) fn unwrap_items(items: Vec<Item>) -> Vec<Item> {
    unwrapped(items, MAX_DEPTH)
}

fn unwrapped(items: Vec<Item>, depth: u32) -> Vec<Item> {
    let Some(depth) = depth.checked_sub(1) else { return items };
    let mut found = Vec::with_capacity(items.len());
    for item in items {
        match item {
            Item::Macro(item) if item.ident.is_none() => match wrapped_items(&item.mac) {
                Some(inner) => found.extend(unwrapped(inner, depth)),
                None => found.push(Item::Macro(item)),
            },
            Item::Mod(mut item) => {
                if let Some((_, items)) = &mut item.content {
                    *items = unwrapped(std::mem::take(items), depth);
                }
                found.push(Item::Mod(item));
            }
            other => found.push(other),
        }
    }
    found
}

/// The items that a macro call wraps: all its tokens, or what stands in its braces.
fn wrapped_items(mac: &Macro) -> Option<Vec<Item>> {
    if let Some(items) = items_of(mac.tokens.clone()) {
        return Some(items);
    }
    let groups = mac.tokens.clone().into_iter().filter_map(|token| match token {
        TokenTree::Group(group) if group.delimiter() == proc_macro2::Delimiter::Brace => Some(group.stream()),
        _ => None,
    });
    let items: Vec<Item> = groups.filter_map(items_of).flatten().collect();
    (!items.is_empty()).then_some(items)
}

fn items_of(tokens: TokenStream) -> Option<Vec<Item>> {
    let items = syn::parse2::<File>(tokens).ok()?.items;
    let is_code = !items.is_empty() && !items.iter().any(|item| matches!(item, Item::Verbatim(_)));
    is_code.then_some(items)
}

/// `static ref NAME: Type = value;` and `static NAME: Type = value;`
struct Static {
    ident: Ident,
    ty: syn::Type,
    value: syn::Expr,
}

fn statics(input: ParseStream<'_>) -> syn::Result<Vec<Static>> {
    let mut found = Vec::new();
    while !input.is_empty() {
        input.call(Attribute::parse_outer)?;
        input.parse::<Visibility>()?;
        input.parse::<Token![static]>()?;
        input.parse::<Option<Token![ref]>>()?;
        let ident = input.parse()?;
        input.parse::<Token![:]>()?;
        let ty = input.parse()?;
        input.parse::<Token![=]>()?;
        found.push(Static { ident, ty, value: input.parse()? });
        input.parse::<Option<Token![;]>>()?;
    }
    Ok(found)
}

/// The names of statics that a macro call declares.
pub(super) fn declared_statics(mac: &Macro) -> Vec<Ident> {
    let found = statics.parse2(mac.tokens.clone()).unwrap_or_default();
    found.into_iter().map(|found| found.ident).collect()
}

impl Lowerer<'_> {
    /// A macro call in item position that wraps no items.
    pub(super) fn item_macro(&mut self, mac: &Macro) {
        let name = self.resolve(&mac.path, Namespace::Macro);
        if name.name() == "macro_rules" {
            return;
        }
        if let Ok(found) = statics.parse2(mac.tokens.clone())
            && !found.is_empty()
        {
            for found in &found {
                self.global(&found.ident, &found.ty, &found.value);
            }
            return;
        }
        let args = strings(mac.tokens.clone());
        if args.is_empty() {
            self.unread_macro("Item::Macro", mac);
            return;
        }
        let span = self.span(mac.bang_token.span).to(self.span(mac.delimiter.span().close()));
        let start = mac.path.segments.first().map(|first| self.span(first.ident.span()));
        let span = start.map_or(span, |start| start.to(span));
        self.out.includes.push(Include { module: self.path.clone(), name, args, span });
    }

    /// Counts a macro call whose code is not seen.
    pub(super) fn unread_macro(&mut self, what: &'static str, mac: &Macro) {
        if mac.tokens.is_empty() {
            return;
        }
        let span = self.span(mac.bang_token.span);
        drop(self.fixme(what, span, Vec::new()));
    }
}

/// The string literals among tokens, those of macros inside included:
/// `include!(concat!(env!("OUT_DIR"), "/x.rs"))`.
fn strings(tokens: TokenStream) -> Vec<String> {
    let mut found = Vec::new();
    for token in tokens {
        match token {
            TokenTree::Literal(literal) => {
                if let syn::Lit::Str(text) = syn::Lit::new(literal) {
                    found.push(text.value());
                }
            }
            TokenTree::Group(group) => found.extend(strings(group.stream())),
            _ => {}
        }
    }
    found
}
