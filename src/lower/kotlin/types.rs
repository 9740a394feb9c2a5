//! Types as they are written.

use std::sync::Arc;

use tree_sitter::Node;

use super::Lowerer;
use super::names::Local;
use crate::model::ir::{Symbol, Type};

impl<'t> Lowerer<'t> {
    /// A type as it is written. Futures and wrappers are left out.
    pub(super) fn ty(&mut self, node: Node<'t>) -> Type {
        self.deeper(|lowerer| lowerer.ty_at(node)).unwrap_or_default()
    }

    /// The first type that stands directly in a node.
    pub(super) fn type_in(&mut self, node: Node<'t>) -> Option<Type> {
        let written = self.children(node).into_iter().find(|child| is_type(child.kind()))?;
        Some(self.ty(written))
    }

    fn ty_at(&mut self, node: Node<'t>) -> Type {
        match node.kind() {
            "user_type" => self.user_type(node),
            "nullable_type" => match self.type_in(node).unwrap_or_default() {
                already @ Type::Optional(_) => already,
                inner => Type::Optional(Box::new(inner)),
            },
            "parenthesized_type" | "non_nullable_type" => self.type_in(node).unwrap_or_default(),
            "function_type" => self.function_type(node),
            "dynamic" => Type::Dynamic,
            _ => Type::Unknown,
        }
    }

    /// `A.B<T>`.
    fn user_type(&mut self, node: Node<'t>) -> Type {
        let names: Vec<&str> = self.children_of(node, "identifier").into_iter().map(|name| self.text(name)).collect();
        let args = self.type_args(node);
        match *names {
            [] => Type::Unknown,
            [name] => self.simple_type(name, args),
            // A package begins with a small letter.
            [first, ..] if first.starts_with(char::is_lowercase) => Type::Named(Symbol::new(names.join("::")), args),
            [first, ..] => {
                let rest: Vec<&str> = names.into_iter().skip(1).filter(|name| *name != "Companion").collect();
                let outer = self.names.ty(first);
                Type::Named(if rest.is_empty() { outer } else { outer.join(&rest.join("::")) }, args)
            }
        }
    }

    /// A type by its simple name.
    fn simple_type(&mut self, name: &str, args: Vec<Type>) -> Type {
        if self.names.is_parameter(name) {
            return Type::Parameter(Arc::from(name));
        }
        if self.names.declared_type(name).is_none()
            && let Some(known) = well_known(name, &args)
        {
            return known;
        }
        Type::Named(self.names.ty(name), args)
    }

    /// `T.(A) -> R` takes its receiver first.
    fn function_type(&mut self, node: Node<'t>) -> Type {
        let mut params = Vec::new();
        let mut ret = Type::Unknown;
        let mut after = false;
        for child in self.children(node) {
            if child.kind() == "function_type_parameters" {
                for param in self.children(child) {
                    let ty = if param.kind() == "parameter" { self.type_in(param) } else { Some(self.ty(param)) };
                    params.push(ty.unwrap_or_default());
                }
                after = true;
            } else if is_type(child.kind()) {
                let ty = self.ty(child);
                if after {
                    ret = ty;
                } else {
                    params.push(ty);
                }
            }
        }
        Type::Function(params, Box::new(ret))
    }

    /// Type arguments that stand in a node.
    pub(super) fn type_args(&mut self, node: Node<'t>) -> Vec<Type> {
        let Some(list) = self.child_of(node, "type_arguments") else { return Vec::new() };
        let projections = self.children_of(list, "type_projection");
        projections.into_iter().map(|one| self.type_in(one).unwrap_or_default()).collect()
    }

    /// Declares the type parameters of a function or type, and gives their names.
    pub(super) fn type_params(&mut self, node: Node<'t>) -> Vec<Arc<str>> {
        let Some(list) = self.child_of(node, "type_parameters") else { return Vec::new() };
        let mut params = Vec::new();
        for param in self.children_of(list, "type_parameter") {
            let Some(name) = self.child_of(param, "identifier") else { continue };
            let name = self.name(name);
            self.names.declare(&name, Local::Parameter);
            params.push(name);
        }
        params
    }
}

/// Whether a node is a type.
pub(super) fn is_type(kind: &str) -> bool {
    matches!(
        kind,
        "user_type" | "nullable_type" | "parenthesized_type" | "non_nullable_type" | "function_type" | "dynamic"
    )
}

/// Types of Kotlin, its coroutines, Java and Reactor that the IR has its own for, by their simple name.
fn well_known(name: &str, args: &[Type]) -> Option<Type> {
    let last = || Box::new(args.last().cloned().unwrap_or_default());
    Some(match (name, args.len()) {
        ("String" | "Char" | "CharSequence", 0) => Type::Str,
        ("Boolean", 0) => Type::Bool,
        (
            "Int" | "Long" | "Short" | "Byte" | "UInt" | "ULong" | "UShort" | "UByte" | "Float" | "Double" | "Number"
            | "BigDecimal" | "BigInteger",
            0,
        ) => Type::Number,
        ("Unit" | "Nothing" | "Job", 0) => Type::Unit,
        ("Any" | "JsonNode" | "ObjectNode" | "JsonObject" | "JsonElement" | "JSONObject", 0) => Type::Dynamic,
        ("ByteArray", 0) => Type::Bytes,
        ("IntArray" | "LongArray" | "DoubleArray" | "FloatArray", 0) => Type::List(Box::new(Type::Number)),
        (
            "List" | "MutableList" | "ArrayList" | "Set" | "MutableSet" | "HashSet" | "LinkedHashSet" | "Collection"
            | "MutableCollection" | "Iterable" | "MutableIterable" | "Iterator" | "Sequence" | "Array" | "Flow"
            | "SharedFlow" | "MutableSharedFlow" | "Channel" | "ReceiveChannel" | "Stream" | "Flux" | "Queue" | "Deque"
            | "ArrayDeque" | "PersistentList" | "ImmutableList",
            1,
        ) => Type::List(last()),
        ("JSONArray" | "JsonArray" | "ArrayNode", 0) => Type::List(Box::new(Type::Dynamic)),
        ("Map" | "MutableMap" | "HashMap" | "LinkedHashMap" | "ConcurrentHashMap" | "SortedMap" | "TreeMap", 2) => {
            match args.last() {
                Some(Type::Dynamic) => Type::Dynamic,
                _ => Type::Map(last()),
            }
        }
        (
            "Deferred" | "StateFlow" | "MutableStateFlow" | "Mono" | "CompletableFuture" | "Future" | "Lazy"
            | "ListenableFuture" | "Single" | "Maybe" | "Observable" | "Flowable" | "Uni",
            1,
        ) => args.first().cloned()?,
        ("Optional", 1) => Type::Optional(last()),
        ("Result", 1) => Type::Result(last()),
        ("Pair", 2) | ("Triple", 3) => Type::Tuple(args.to_vec()),
        _ => return None,
    })
}
