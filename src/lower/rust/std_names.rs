//! Names of the standard library: what the prelude brings in, and one spelling for each.

use super::scope::Namespace;
use crate::model::ir::Symbol;

/// What a name means that nobody declared or imported.
pub(super) fn prelude(name: &str, namespace: Namespace) -> Option<&'static str> {
    if namespace == Namespace::Macro {
        return prelude_macro(name);
    }
    Some(match name {
        "Some" => "Some",
        "None" => "None",
        "Ok" => "Ok",
        "Err" => "Err",
        "Option" => "std::option::Option",
        "Result" => "std::result::Result",
        "Vec" => "std::vec::Vec",
        "String" => "std::string::String",
        "ToString" => "std::string::ToString",
        "Box" => "std::boxed::Box",
        "Default" => "std::default::Default",
        "Clone" => "std::clone::Clone",
        "From" => "std::convert::From",
        "Into" => "std::convert::Into",
        "TryFrom" => "std::convert::TryFrom",
        "TryInto" => "std::convert::TryInto",
        "AsRef" => "std::convert::AsRef",
        "AsMut" => "std::convert::AsMut",
        "ToOwned" => "std::borrow::ToOwned",
        "Iterator" => "std::iter::Iterator",
        "IntoIterator" => "std::iter::IntoIterator",
        "DoubleEndedIterator" => "std::iter::DoubleEndedIterator",
        "ExactSizeIterator" => "std::iter::ExactSizeIterator",
        "Extend" => "std::iter::Extend",
        "FromIterator" => "std::iter::FromIterator",
        "Fn" => "std::ops::Fn",
        "FnMut" => "std::ops::FnMut",
        "FnOnce" => "std::ops::FnOnce",
        "AsyncFn" => "std::ops::AsyncFn",
        "AsyncFnMut" => "std::ops::AsyncFnMut",
        "AsyncFnOnce" => "std::ops::AsyncFnOnce",
        "Drop" => "std::ops::Drop",
        "Send" => "std::marker::Send",
        "Sync" => "std::marker::Sync",
        "Copy" => "std::marker::Copy",
        "Sized" => "std::marker::Sized",
        "Unpin" => "std::marker::Unpin",
        "Future" => "std::future::Future",
        "IntoFuture" => "std::future::IntoFuture",
        "Eq" => "std::cmp::Eq",
        "PartialEq" => "std::cmp::PartialEq",
        "Ord" => "std::cmp::Ord",
        "PartialOrd" => "std::cmp::PartialOrd",
        "drop" => "std::mem::drop",
        _ => return primitive(name),
    })
}

fn prelude_macro(name: &str) -> Option<&'static str> {
    Some(match name {
        "format" => "std::format",
        "format_args" => "std::format_args",
        "print" => "std::print",
        "println" => "std::println",
        "eprint" => "std::eprint",
        "eprintln" => "std::eprintln",
        "write" => "std::write",
        "writeln" => "std::writeln",
        "panic" => "std::panic",
        "unreachable" => "std::unreachable",
        "todo" => "std::todo",
        "unimplemented" => "std::unimplemented",
        "vec" => "std::vec",
        "matches" => "std::matches",
        "assert" => "std::assert",
        "assert_eq" => "std::assert_eq",
        "assert_ne" => "std::assert_ne",
        "debug_assert" => "std::debug_assert",
        "debug_assert_eq" => "std::debug_assert_eq",
        "debug_assert_ne" => "std::debug_assert_ne",
        "dbg" => "std::dbg",
        "env" => "std::env",
        "option_env" => "std::option_env",
        "concat" => "std::concat",
        "stringify" => "std::stringify",
        "include" => "std::include",
        "include_str" => "std::include_str",
        "include_bytes" => "std::include_bytes",
        "thread_local" => "std::thread_local",
        _ => return None,
    })
}

/// Primitive types are named as they are written.
fn primitive(name: &str) -> Option<&'static str> {
    const NAMES: [&str; 17] = [
        "bool", "char", "str", "u8", "u16", "u32", "u64", "u128", "usize", "i8", "i16", "i32", "i64", "i128", "isize",
        "f32", "f64",
    ];
    NAMES.into_iter().find(|known| *known == name)
}

/// One spelling for names that have several: `core` and `alloc` are `std`, and the four variants
/// that the prelude brings in are known by their names alone.
pub(super) fn canonical(name: Symbol) -> Symbol {
    if let Some(variant @ ("Ok" | "Err" | "Some" | "None")) = Some(name.name()) {
        let owner = name.parent();
        let kind = owner.rsplit("::").next().unwrap_or(owner);
        // `anyhow::Ok` is a function that does the same.
        let is_function = kind.starts_with(|first: char| first.is_ascii_lowercase());
        if matches!(kind, "Option" | "Result" | "") || (is_function && variant == "Ok") {
            return Symbol::new(variant);
        }
    }
    match name.as_str().split_once("::") {
        Some(("core" | "alloc", rest)) => Symbol::new(format!("std::{rest}")),
        _ => name,
    }
}
