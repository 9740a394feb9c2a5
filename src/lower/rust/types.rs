//! Types: `syn` to IR, with what the standard library's own types mean.

use std::sync::Arc;

use syn::{GenericArgument, GenericParam, PathArguments, ReturnType, TypeParamBound, WherePredicate};

use super::lowerer::Lowerer;
use super::scope::{self, Namespace};
use crate::model::ir::{Symbol, Type};

/// How many type aliases may lead through each other.
const MAX_ALIASES: u32 = 4;

impl Lowerer<'_> {
    /// A type as the IR has it.
    pub(super) fn ty(&mut self, ty: &syn::Type) -> Type {
        self.deeper(|this| this.ty_unchecked(ty)).unwrap_or_default()
    }

    fn ty_unchecked(&mut self, ty: &syn::Type) -> Type {
        match ty {
            syn::Type::Path(path) => self.path_type(path.qself.as_ref(), &path.path),
            syn::Type::Reference(reference) => self.ty(&reference.elem),
            syn::Type::Ptr(pointer) => self.ty(&pointer.elem),
            syn::Type::Paren(paren) => self.ty(&paren.elem),
            syn::Type::Group(group) => self.ty(&group.elem),
            syn::Type::Array(array) => self.list_of(&array.elem),
            syn::Type::Slice(slice) => self.list_of(&slice.elem),
            syn::Type::Tuple(tuple) if tuple.elems.is_empty() => Type::Unit,
            syn::Type::Tuple(tuple) => Type::Tuple(tuple.elems.iter().map(|elem| self.ty(elem)).collect()),
            syn::Type::ImplTrait(bounds) => self.bounds(bounds.bounds.iter()).unwrap_or_default(),
            syn::Type::TraitObject(bounds) => self.bounds(bounds.bounds.iter()).unwrap_or_default(),
            syn::Type::FnPtr(function) => {
                let params = function.inputs.iter().map(|input| self.ty(&input.ty)).collect();
                Type::Function(params, Box::new(self.return_type(&function.output)))
            }
            _ => Type::Unknown,
        }
    }

    fn list_of(&mut self, elem: &syn::Type) -> Type {
        if is_byte(elem) {
            return Type::Bytes;
        }
        Type::List(Box::new(self.ty(elem)))
    }

    /// What a function gives.
    pub(super) fn return_type(&mut self, output: &ReturnType) -> Type {
        match output {
            ReturnType::Default => Type::Unit,
            ReturnType::Type(_, ty) => self.ty(ty),
        }
    }

    /// A type by its path.
    pub(super) fn path_type(&mut self, qself: Option<&syn::QSelf>, path: &syn::Path) -> Type {
        if let Some(qself) = qself {
            return self.associated(qself, path);
        }
        let names = scope::segments(path);
        if let [name] = names.segments.as_slice() {
            if name == "Self"
                && let Some(owner) = &self.owner
            {
                return owner.clone();
            }
            if let Some(known) = self.generic(name) {
                return known.clone();
            }
        }
        if let [first, name] = names.segments.as_slice() {
            if first == "Self"
                && let Some(known) = self.assoc.get(name)
            {
                return known.clone();
            }
            if self.generic(first).is_some() {
                return Type::Unknown;
            }
        }
        let symbol = self.resolve(path, Namespace::Type);
        let Some(last) = path.segments.last() else { return Type::Unknown };
        if symbol.as_str() == "std::vec::Vec" && is_bytes(&last.arguments) {
            return Type::Bytes;
        }
        let args = self.type_args(&last.arguments);
        self.named(symbol, args)
    }

    /// `<T as Trait>::Name`: known only where the present `impl` says it.
    fn associated(&self, qself: &syn::QSelf, path: &syn::Path) -> Type {
        let is_self = matches!(&*qself.ty, syn::Type::Path(path) if path.path.is_ident("Self"));
        let known = path.segments.last().filter(|_| is_self).and_then(|last| self.assoc.get(&scope::text(&last.ident)));
        known.cloned().unwrap_or_default()
    }

    /// The types in `<..>`; lifetimes, constants and bindings are left out.
    pub(super) fn type_args(&mut self, arguments: &PathArguments) -> Vec<Type> {
        match arguments {
            PathArguments::AngleBracketed(list) => self.generic_args(list),
            PathArguments::None | PathArguments::Parenthesized(_) => Vec::new(),
        }
    }

    pub(super) fn generic_args(&mut self, list: &syn::AngleBracketedGenericArguments) -> Vec<Type> {
        let types = list.args.iter().filter_map(|arg| match arg {
            GenericArgument::Type(ty) => Some(ty),
            _ => None,
        });
        types.map(|ty| self.ty(ty)).collect()
    }

    /// A name with its arguments, or what the standard library means by it.
    fn named(&mut self, symbol: Symbol, args: Vec<Type>) -> Type {
        if let Some(target) = self.expand_alias(&symbol, &args) {
            return target;
        }
        meaning(symbol, args)
    }

    /// A type alias of this file, with its parameters filled in. Others are followed later, by the
    /// aliases of their module.
    fn expand_alias(&mut self, symbol: &Symbol, args: &[Type]) -> Option<Type> {
        let (alias, scope) = self.scopes.alias(symbol)?;
        // Aliases of aliases could double at each step.
        if self.aliases_open >= MAX_ALIASES {
            return None;
        }
        self.aliases_open += 1;
        let outer = std::mem::replace(&mut self.scope, scope);
        let generics = std::mem::take(&mut self.generics);
        let params = alias.generics.type_params().enumerate();
        self.generics = params
            .map(|(at, param)| (Arc::from(scope::text(&param.ident)), args.get(at).cloned().unwrap_or_default()))
            .collect();
        let target = self.ty(&alias.ty);
        self.generics = generics;
        self.scope = outer;
        self.aliases_open -= 1;
        Some(target)
    }

    /// The type that bounds describe: of a closure, future or iterator what it gives, of a
    /// conversion what it converts to, else the first trait that is no mere marker.
    fn bounds<'b>(&mut self, bounds: impl Iterator<Item = &'b TypeParamBound>) -> Option<Type> {
        let traits = bounds.filter_map(|bound| match bound {
            TypeParamBound::Trait(bound) if bound.maybe.is_none() => Some(&bound.path),
            _ => None,
        });
        let types: Vec<Type> = traits.filter_map(|path| self.bound(path)).collect();
        types.into_iter().next()
    }

    fn bound(&mut self, path: &syn::Path) -> Option<Type> {
        let symbol = self.resolve(path, Namespace::Type);
        let last = path.segments.last()?;
        if let PathArguments::Parenthesized(function) = &last.arguments {
            let params = function.inputs.iter().map(|input| self.ty(&input.ty)).collect();
            return Some(Type::Function(params, Box::new(self.return_type(&function.output))));
        }
        if is_marker(&symbol) {
            return None;
        }
        let gives = self.binding(&last.arguments, &["Output", "Item"]);
        let mut args = self.type_args(&last.arguments);
        Some(match symbol.name() {
            "Future" | "IntoFuture" => gives.unwrap_or_default(),
            "Iterator" | "IntoIterator" | "DoubleEndedIterator" | "ExactSizeIterator" | "Stream" => {
                Type::List(Box::new(gives.unwrap_or_default()))
            }
            "TryStream" => Type::List(Box::new(Type::Unknown)),
            "Into" | "AsRef" | "Borrow" | "TryInto" if args.len() == 1 => args.remove(0),
            "ToString" | "Display" if symbol.as_str().starts_with("std::") => Type::Str,
            _ => Type::Named(symbol, args),
        })
    }

    /// `Output = T` among the arguments of a trait.
    fn binding(&mut self, arguments: &PathArguments, names: &[&str]) -> Option<Type> {
        let PathArguments::AngleBracketed(list) = arguments else { return None };
        let ty = list.args.iter().find_map(|arg| match arg {
            GenericArgument::AssocType(binding) if names.iter().any(|name| binding.ident == name) => Some(&binding.ty),
            _ => None,
        })?;
        Some(self.ty(ty))
    }

    /// Enters type parameters. One whose bounds say what it does (a closure, a future) is that;
    /// any other is a parameter.
    pub(super) fn enter_generics(&mut self, generics: &syn::Generics) {
        let first = self.generics.len();
        for param in generics.type_params() {
            let name: Arc<str> = scope::text(&param.ident).into();
            self.generics.push((Arc::clone(&name), Type::Parameter(name)));
        }
        // Twice, since `F: Fn() -> Fut` may stand before `Fut: Future<Output = T>`.
        for _ in 0..2 {
            for param in &generics.params {
                if let GenericParam::Type(param) = param {
                    self.refine(first, &scope::text(&param.ident), param.bounds.iter());
                }
            }
            for predicate in generics.where_clause.iter().flat_map(|clause| &clause.predicates) {
                if let WherePredicate::Type(predicate) = predicate
                    && let syn::Type::Path(path) = &predicate.bounded_ty
                    && let Some(name) = path.path.get_ident()
                {
                    self.refine(first, &scope::text(name), predicate.bounds.iter());
                }
            }
        }
    }

    fn refine<'b>(&mut self, first: usize, name: &str, bounds: impl Iterator<Item = &'b TypeParamBound>) {
        let known = match self.bounds(bounds) {
            Some(Type::Named(..) | Type::Unknown) | None => return,
            Some(known) => known,
        };
        let params = self.generics.get_mut(first..).unwrap_or_default();
        if let Some((_, ty)) = params.iter_mut().find(|(param, _)| &**param == name) {
            *ty = known;
        }
    }
}

fn is_byte(ty: &syn::Type) -> bool {
    matches!(ty, syn::Type::Path(path) if path.path.is_ident("u8"))
}

/// `<u8>`
fn is_bytes(arguments: &PathArguments) -> bool {
    let PathArguments::AngleBracketed(list) = arguments else { return false };
    matches!(list.args.first(), Some(GenericArgument::Type(ty)) if is_byte(ty))
}

/// The names of the type parameters that are declared.
pub(super) fn param_names(generics: &syn::Generics) -> Vec<Arc<str>> {
    generics.type_params().map(|param| scope::text(&param.ident).into()).collect()
}

/// Traits that say nothing of what a value holds.
fn is_marker(symbol: &Symbol) -> bool {
    let is_std = symbol.as_str().starts_with("std::");
    is_std && matches!(symbol.name(), "Send" | "Sync" | "Sized" | "Unpin" | "Copy" | "Clone" | "Debug" | "Default")
}

/// Crates whose pointers, locks and cells are as transparent as those of the standard library.
const TRANSPARENT_CRATES: [&str; 13] = [
    "std",
    "tokio",
    "parking_lot",
    "once_cell",
    "futures",
    "futures_util",
    "futures_core",
    "async_lock",
    "async_std",
    "arc_swap",
    "triomphe",
    "spin",
    "lazy_static",
];

/// What a name of the standard library, or of the few crates that everybody uses like it, means.
fn meaning(symbol: Symbol, mut args: Vec<Type>) -> Type {
    let krate = symbol.as_str().split("::").next().unwrap_or_default();
    let is_std = krate == "std";
    let is_common = TRANSPARENT_CRATES.contains(&krate);
    let first = |args: &mut Vec<Type>| if args.is_empty() { Type::Unknown } else { args.remove(0) };
    match symbol.name() {
        "bool" if symbol.parent().is_empty() => Type::Bool,
        "str" | "char" if symbol.parent().is_empty() => Type::Str,
        "u8" | "u16" | "u32" | "u64" | "u128" | "usize" | "i8" | "i16" | "i32" | "i64" | "i128" | "isize" | "f32"
        | "f64"
            if symbol.parent().is_empty() =>
        {
            Type::Number
        }
        // Every crate that has its own `Result` means a value or an error by it.
        "Result" if args.is_empty() => Type::Result(Box::new(Type::Unit)),
        "Result" => Type::Result(Box::new(first(&mut args))),
        "String" if is_std => Type::Str,
        "Option" if is_std => Type::Optional(Box::new(first(&mut args))),
        "Vec" | "VecDeque" | "LinkedList" | "BTreeSet" | "HashSet" | "BinaryHeap" if is_std => list(first(&mut args)),
        "BoxStream" | "LocalBoxStream" if is_common => list(first(&mut args)),
        "HashMap" | "BTreeMap" if is_std => Type::Map(Box::new(args.into_iter().nth(1).unwrap_or_default())),
        "AtomicBool" if is_std => Type::Bool,
        name if is_std && (name.starts_with("Atomic") || name.starts_with("NonZero")) => Type::Number,
        "Box" | "Rc" | "Arc" | "Weak" | "Mutex" | "RwLock" | "Cow" | "Pin" | "RefCell" | "Cell" | "OnceCell"
        | "OnceLock" | "LazyCell" | "LazyLock" | "Lazy" | "MutexGuard" | "RwLockReadGuard" | "RwLockWriteGuard"
        | "OwnedMutexGuard" | "Ref" | "RefMut" | "ManuallyDrop" | "ArcSwap" | "BoxFuture" | "LocalBoxFuture"
        | "Saturating" | "Wrapping"
            if is_common =>
        {
            first(&mut args)
        }
        _ => match symbol.as_str() {
            "serde_json::Value"
            | "serde_json::value::Value"
            | "serde_yaml::Value"
            | "toml::Value"
            | "std::any::Any" => Type::Dynamic,
            "serde_json::Map" | "serde_json::map::Map" => Type::Map(Box::new(Type::Dynamic)),
            "indexmap::IndexMap" | "dashmap::DashMap" | "hashbrown::HashMap" => {
                Type::Map(Box::new(args.into_iter().nth(1).unwrap_or_default()))
            }
            "indexmap::IndexSet" | "smallvec::SmallVec" | "hashbrown::HashSet" => list(first(&mut args)),
            "bytes::Bytes" | "bytes::BytesMut" => Type::Bytes,
            _ => Type::Named(symbol, args),
        },
    }
}

fn list(elem: Type) -> Type {
    Type::List(Box::new(elem))
}
