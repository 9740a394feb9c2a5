//! Types as they are written.

use std::sync::Arc;

use tree_sitter::Node;

use super::Lowerer;
use super::names::Local;
use crate::lower::tree::Field as _;
use crate::model::ir::{Symbol, Type};

impl<'t> Lowerer<'t> {
    /// A type as it is written. Tasks and references are left out.
    pub(super) fn ty(&mut self, node: Node<'t>) -> Type {
        self.deeper(|lowerer| lowerer.ty_at(node)).unwrap_or_default()
    }

    /// The type in a field of the grammar; none for `var`.
    pub(super) fn ty_in(&mut self, node: Node<'t>, field: &str) -> Option<Type> {
        let written = node.field(field)?;
        (written.kind() != "implicit_type").then(|| self.ty(written))
    }

    fn ty_at(&mut self, node: Node<'t>) -> Type {
        match node.kind() {
            "predefined_type" => predefined(self.text(node)),
            "identifier" => self.named_type(self.text(node), Vec::new()),
            "generic_name" => {
                let args = self.type_args_in(node);
                match self.first_child(node) {
                    Some(name) => self.named_type(self.text(name), args),
                    None => Type::Unknown,
                }
            }
            "qualified_name" | "alias_qualified_name" | "member_access_expression" => self.qualified_type(node),
            "nullable_type" => match self.ty_in(node, "type").unwrap_or_default() {
                already @ Type::Optional(_) => already,
                inner => Type::Optional(Box::new(inner)),
            },
            "array_type" => list(self.ty_in(node, "type").unwrap_or_default(), || self.is_byte(node)),
            "pointer_type" | "ref_type" | "scoped_type" => self.ty_in(node, "type").unwrap_or_default(),
            "tuple_type" => {
                let elements = self.children_of(node, "tuple_element");
                Type::Tuple(elements.into_iter().map(|one| self.ty_in(one, "type").unwrap_or_default()).collect())
            }
            _ => Type::Unknown,
        }
    }

    fn is_byte(&self, array: Node<'t>) -> bool {
        array.field("type").is_some_and(|element| self.text(element) == "byte")
    }

    /// A type by its simple name.
    fn named_type(&mut self, name: &str, args: Vec<Type>) -> Type {
        if self.names.is_parameter(name) {
            return Type::Parameter(Arc::from(name));
        }
        if self.names.declared_type(name).is_none()
            && self.names.aliased(name).is_none()
            && let Some(known) = well_known(name, &args)
        {
            return known;
        }
        Type::Named(self.names.ty(name), args)
    }

    /// `A.B.C`: the first segment is an alias, a type that can be seen, or a namespace.
    fn qualified_type(&mut self, node: Node<'t>) -> Type {
        let Some(path) = self.path(node) else { return Type::Unknown };
        let args = node.field("name").map(|name| self.type_args_in(name)).unwrap_or_default();
        if path.as_str().starts_with("System::")
            && let Some(known) = well_known(path.name(), &args)
        {
            return known;
        }
        let is_rooted = node.kind() == "alias_qualified_name" || self.text(node).contains("::");
        Type::Named(if is_rooted { path } else { self.rooted(&path) }, args)
    }

    /// A path of names with its first segment resolved. What the file says nothing of is a type with
    /// another one inside (`CartService.CartServiceClient`), or, if it is longer, a name from the root on.
    pub(super) fn rooted(&self, path: &Symbol) -> Symbol {
        let Some((head, rest)) = path.as_str().split_once("::") else { return self.names.ty(path.as_str()) };
        if let Some(known) = self.names.declared_type(head).or_else(|| self.names.aliased(head).cloned()) {
            return known.join(rest);
        }
        match self.names.namespace_of(head) {
            Some(namespace) => namespace.join(rest),
            None if rest.contains("::") => path.clone(),
            None => self.names.seen().join(path.as_str()),
        }
    }

    /// The type arguments of a generic name.
    pub(super) fn type_args_in(&mut self, node: Node<'t>) -> Vec<Type> {
        let Some(list) = self.child_of(node, "type_argument_list") else { return Vec::new() };
        self.children(list).into_iter().map(|arg| self.ty(arg)).collect()
    }

    /// What a function gives; `Task` alone is nothing.
    pub(super) fn result(&mut self, node: Node<'t>, field: &str) -> Type {
        self.ty_in(node, field).unwrap_or_default()
    }

    /// Declares the type parameters of a function or type, and gives their names.
    pub(super) fn type_params(&mut self, node: Node<'t>) -> Vec<Arc<str>> {
        let Some(list) = self.child_of(node, "type_parameter_list") else { return Vec::new() };
        let mut params = Vec::new();
        for param in self.children_of(list, "type_parameter") {
            let Some(name) = param.field("name") else { continue };
            let name = self.name(name);
            self.names.declare(&name, Local::Parameter);
            params.push(name);
        }
        params
    }
}

/// A list of something; a list of bytes is bytes.
fn list(element: Type, is_bytes: impl FnOnce() -> bool) -> Type {
    if element == Type::Number && is_bytes() { Type::Bytes } else { Type::List(Box::new(element)) }
}

fn predefined(name: &str) -> Type {
    match name {
        "string" | "char" => Type::Str,
        "bool" => Type::Bool,
        "object" | "dynamic" => Type::Dynamic,
        "void" => Type::Unit,
        _ => Type::Number,
    }
}

/// Types of the base class library that the IR has its own for, by their simple name. Collections of
/// `Google.Protobuf` are among them: generated messages hold them.
fn well_known(name: &str, args: &[Type]) -> Option<Type> {
    let last = || Box::new(args.last().cloned().unwrap_or_default());
    Some(match (name, args.len()) {
        ("String" | "Char", 0) => Type::Str,
        ("Boolean", 0) => Type::Bool,
        ("Object" | "dynamic" | "ExpandoObject", 0) => Type::Dynamic,
        (
            "Int16" | "Int32" | "Int64" | "UInt16" | "UInt32" | "UInt64" | "Byte" | "Double" | "Single" | "Decimal",
            0,
        ) => Type::Number,
        ("Task" | "ValueTask", 0) => Type::Unit,
        ("Task" | "ValueTask" | "Lazy", 1) => args.first().cloned()?,
        ("Nullable", 1) => Type::Optional(last()),
        (
            "List"
            | "IList"
            | "IEnumerable"
            | "ICollection"
            | "IReadOnlyList"
            | "IReadOnlyCollection"
            | "HashSet"
            | "ISet"
            | "IReadOnlySet"
            | "SortedSet"
            | "Queue"
            | "Stack"
            | "LinkedList"
            | "Collection"
            | "ObservableCollection"
            | "ConcurrentBag"
            | "ConcurrentQueue"
            | "BlockingCollection"
            | "ImmutableList"
            | "ImmutableArray"
            | "ImmutableHashSet"
            | "IAsyncEnumerable"
            | "IEnumerator"
            | "IAsyncEnumerator"
            | "IQueryable"
            | "IOrderedEnumerable"
            | "IOrderedQueryable"
            | "RepeatedField"
            | "Span"
            | "ReadOnlySpan"
            | "Memory"
            | "ReadOnlyMemory"
            | "ArraySegment",
            1,
        )
        | ("IGrouping", 2) => list(*last(), || false),
        (
            "Dictionary"
            | "IDictionary"
            | "IReadOnlyDictionary"
            | "ConcurrentDictionary"
            | "SortedDictionary"
            | "SortedList"
            | "ImmutableDictionary"
            | "FrozenDictionary"
            | "ILookup"
            | "MapField",
            2,
        ) => Type::Map(last()),
        ("Func", 1..) => {
            let (ret, params) = args.split_last()?;
            Type::Function(params.to_vec(), Box::new(ret.clone()))
        }
        ("Action", _) => Type::Function(args.to_vec(), Box::new(Type::Unit)),
        ("Predicate", 1) => Type::Function(args.to_vec(), Box::new(Type::Bool)),
        _ => return None,
    })
}
