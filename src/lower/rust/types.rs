//! Types as they are written.

use syn::{GenericArgument, PathArguments, ReturnType, TypeParamBound};

use super::Lowerer;
use crate::model::ir::{Symbol, Type};

/// Types within types.
const MAX_DEPTH: usize = 32;

impl Lowerer {
    /// A type as it is written. References, smart pointers, locks and futures are left out.
    pub(super) fn ty(&self, ty: &syn::Type) -> Type {
        self.ty_within(ty, MAX_DEPTH)
    }

    pub(super) fn ret(&self, output: &ReturnType) -> Type {
        match output {
            ReturnType::Default => Type::Unit,
            ReturnType::Type(_, ty) => self.ty(ty),
        }
    }

    fn ty_within(&self, ty: &syn::Type, depth: usize) -> Type {
        let Some(depth) = depth.checked_sub(1) else { return Type::Unknown };
        let inner = |ty: &syn::Type| self.ty_within(ty, depth);
        match ty {
            syn::Type::Array(array) => self.list(&array.elem, depth),
            syn::Type::Slice(slice) => self.list(&slice.elem, depth),
            syn::Type::Group(group) => inner(&group.elem),
            syn::Type::Paren(paren) => inner(&paren.elem),
            syn::Type::Ptr(pointer) => inner(&pointer.elem),
            syn::Type::Reference(reference) => inner(&reference.elem),
            syn::Type::Tuple(tuple) if tuple.elems.is_empty() => Type::Unit,
            syn::Type::Tuple(tuple) => Type::Tuple(tuple.elems.iter().map(inner).collect()),
            syn::Type::FnPtr(function) => {
                let ret = match &function.output {
                    ReturnType::Default => Type::Unit,
                    ReturnType::Type(_, ty) => inner(ty),
                };
                Type::Function(Vec::new(), Box::new(ret))
            }
            syn::Type::Path(path) => self.path_type(&path.path, depth),
            syn::Type::ImplTrait(bounds) => self.bounds(bounds.bounds.iter(), depth),
            syn::Type::TraitObject(bounds) => self.bounds(bounds.bounds.iter(), depth),
            _ => Type::Unknown,
        }
    }

    fn list(&self, element: &syn::Type, depth: usize) -> Type {
        match self.ty_within(element, depth) {
            Type::Number if is_byte(element) => Type::Bytes,
            element => Type::List(Box::new(element)),
        }
    }

    /// The first bound that says what values are: a future's output, an iterator's items, a trait.
    pub(super) fn bounds<'b>(&self, bounds: impl Iterator<Item = &'b TypeParamBound>, depth: usize) -> Type {
        for bound in bounds {
            let TypeParamBound::Trait(bound) = bound else { continue };
            let Some(last) = bound.path.segments.last() else { continue };
            let name = last.ident.to_string();
            match (name.as_str(), &last.arguments) {
                ("Future" | "IntoFuture", arguments) => {
                    return self.associated(arguments, "Output", depth).unwrap_or_default();
                }
                ("Iterator" | "IntoIterator" | "Stream", arguments) => {
                    return Type::List(Box::new(self.associated(arguments, "Item", depth).unwrap_or_default()));
                }
                ("Fn" | "FnMut" | "FnOnce", PathArguments::Parenthesized(call)) => {
                    let params = call.inputs.iter().map(|input| self.ty_within(&input.ty, depth)).collect();
                    let ret = match &call.output {
                        ReturnType::Default => Type::Unit,
                        ReturnType::Type(_, ty) => self.ty_within(ty, depth),
                    };
                    return Type::Function(params, Box::new(ret));
                }
                ("Into" | "AsRef" | "Borrow" | "TryInto", arguments) => {
                    return self.type_args(arguments, depth).into_iter().next().unwrap_or_default();
                }
                ("Display" | "ToString" | "IntoUrl", _) => return Type::Str,
                ("Send" | "Sync" | "Clone" | "Copy" | "Debug" | "Sized" | "Unpin" | "Default", _) => {}
                _ => {
                    return Type::Named(
                        Symbol::new(self.path_name(&bound.path)),
                        self.type_args(&last.arguments, depth),
                    );
                }
            }
        }
        Type::Unknown
    }

    fn associated(&self, arguments: &PathArguments, name: &str, depth: usize) -> Option<Type> {
        let PathArguments::AngleBracketed(arguments) = arguments else { return None };
        arguments.args.iter().find_map(|argument| match argument {
            GenericArgument::AssocType(assoc) if assoc.ident == name => Some(self.ty_within(&assoc.ty, depth)),
            _ => None,
        })
    }

    fn type_args(&self, arguments: &PathArguments, depth: usize) -> Vec<Type> {
        let PathArguments::AngleBracketed(arguments) = arguments else { return Vec::new() };
        let types = arguments.args.iter().filter_map(|argument| match argument {
            GenericArgument::Type(ty) => Some(self.ty_within(ty, depth)),
            _ => None,
        });
        types.collect()
    }

    /// The canonical name of a path, type arguments left out.
    pub(super) fn path_name(&self, path: &syn::Path) -> String {
        let segments: Vec<String> = path.segments.iter().map(|segment| plain(&segment.ident)).collect();
        if path.leading_colon.is_some() {
            return segments.join("::");
        }
        self.names.resolve(&segments)
    }

    /// Type arguments of the last segment of a path.
    pub(super) fn last_args(&self, path: &syn::Path) -> Vec<Type> {
        path.segments.last().map(|last| self.type_args(&last.arguments, MAX_DEPTH)).unwrap_or_default()
    }

    fn path_type(&self, path: &syn::Path, depth: usize) -> Type {
        let Some(last) = path.segments.last() else { return Type::Unknown };
        let name = plain(&last.ident);
        if path.segments.len() == 1 {
            if name == "Self" {
                return self.names.self_type();
            }
            if let Some(bound) = self.names.type_param(&name) {
                // A parameter that is known by a trait is that trait's; any other stands for itself.
                return bound.clone().unwrap_or_else(|| Type::Parameter(name.as_str().into()));
            }
        }
        let mut args = self.type_args(&last.arguments, depth).into_iter();
        let known = self.is_known(path, &name);
        let mut first = |or: Type| args.next().unwrap_or(or);
        match name.as_str() {
            "str" | "String" | "char" | "Path" | "PathBuf" | "OsString" if known => Type::Str,
            "bool" if known => Type::Bool,
            "i8" | "i16" | "i32" | "i64" | "i128" | "isize" | "u8" | "u16" | "u32" | "u64" | "u128" | "usize"
            | "f32" | "f64"
                if known =>
            {
                Type::Number
            }
            "Box" | "Arc" | "Rc" | "Mutex" | "RwLock" | "RefCell" | "Cell" | "Pin" | "LazyLock" | "OnceLock"
            | "OnceCell" | "Lazy" | "MutexGuard" | "RwLockReadGuard" | "BoxFuture" | "LocalBoxFuture"
            | "JoinHandle"
                if known =>
            {
                first(Type::Unknown)
            }
            "Cow" if known => first(Type::Str),
            "Option" if known => Type::Optional(Box::new(first(Type::Unknown))),
            // Any alias called `Result` with one argument is one: anyhow, std::io, a crate's own.
            "Result" => Type::Result(Box::new(first(Type::Unit))),
            "Vec" if known && last_is_byte(last) => Type::Bytes,
            "Vec" | "VecDeque" | "HashSet" | "BTreeSet" | "BinaryHeap" | "IndexSet" if known => {
                Type::List(Box::new(first(Type::Unknown)))
            }
            "HashMap" | "BTreeMap" | "IndexMap" | "DashMap" if known => {
                let _key = first(Type::Unknown);
                Type::Map(Box::new(first(Type::Unknown)))
            }
            _ => {
                let symbol = self.path_name(path);
                if symbol == "serde_json::Value" || symbol == "serde_json::value::Value" {
                    return Type::Dynamic;
                }
                Type::Named(
                    Symbol::new(symbol),
                    std::iter::once(first(Type::Unit)).filter(|ty| *ty != Type::Unit).chain(args).collect(),
                )
            }
        }
    }

    /// Whether a well-known name really is the standard library's (or that of a crate with types of the
    /// same meaning), and not one that this file declares.
    fn is_known(&self, path: &syn::Path, name: &str) -> bool {
        if path.segments.len() == 1 && !self.names.is_declared(name) {
            return true;
        }
        let full = self.path_name(path);
        let root = full.split("::").next().unwrap_or_default();
        matches!(
            root,
            "std"
                | "core"
                | "alloc"
                | "tokio"
                | "parking_lot"
                | "once_cell"
                | "futures"
                | "futures_util"
                | "indexmap"
                | "dashmap"
                | "camino"
        )
    }
}

/// The text of an identifier, `r#` taken off.
pub(super) fn plain(ident: &proc_macro2::Ident) -> String {
    let text = ident.to_string();
    text.strip_prefix("r#").map(str::to_owned).unwrap_or(text)
}

fn is_byte(ty: &syn::Type) -> bool {
    matches!(ty, syn::Type::Path(path) if path.path.is_ident("u8"))
}

fn last_is_byte(segment: &syn::PathSegment) -> bool {
    let PathArguments::AngleBracketed(arguments) = &segment.arguments else { return false };
    matches!(arguments.args.first(), Some(GenericArgument::Type(ty)) if is_byte(ty))
}
