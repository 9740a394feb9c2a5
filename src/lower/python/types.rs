//! Annotations as types.

use ruff_python_ast as ast;
use ruff_python_parser::parse_expression;

use super::Lowerer;
use super::exprs::is_class_name;
use super::names::Known;
use crate::model::ir::{Alias, Symbol, Type};

impl Lowerer<'_> {
    /// The type that an annotation says.
    pub(super) fn ty(&mut self, annotation: &ast::Expr) -> Type {
        self.deeper(|lowerer| lowerer.ty_here(annotation)).unwrap_or_default()
    }

    /// The type of an annotation that may be missing.
    pub(super) fn ty_or_unknown(&mut self, annotation: Option<&ast::Expr>) -> Type {
        annotation.map(|annotation| self.ty(annotation)).unwrap_or_default()
    }

    fn ty_here(&mut self, annotation: &ast::Expr) -> Type {
        match annotation {
            ast::Expr::Name(name) if self.names.get(name.id.as_str()) == Known::Parameter => {
                Type::Parameter(name.id.as_str().into())
            }
            ast::Expr::Name(_) | ast::Expr::Attribute(_) => {
                self.path(annotation).map(|symbol| plain(&symbol)).unwrap_or_default()
            }
            ast::Expr::NoneLiteral(_) => Type::Unit,
            ast::Expr::StringLiteral(text) => self.quoted(text.value.to_str()),
            ast::Expr::BinOp(choice) if choice.op == ast::Operator::BitOr => {
                let (left, right) = (self.ty(&choice.left), self.ty(&choice.right));
                union(vec![left, right])
            }
            ast::Expr::Subscript(generic) => self.generic(generic),
            _ => Type::Unknown,
        }
    }

    /// An annotation in quotes, since what it names is declared later.
    fn quoted(&mut self, text: &str) -> Type {
        if text.len() > 400 {
            return Type::Unknown;
        }
        match parse_expression(text.trim()) {
            Ok(parsed) => self.ty(parsed.expr()),
            Err(_) => Type::Unknown,
        }
    }

    fn generic(&mut self, generic: &ast::ExprSubscript) -> Type {
        let Some(symbol) = self.path(&generic.value) else { return Type::Unknown };
        let args: &[ast::Expr] = match &*generic.slice {
            ast::Expr::Tuple(args) => &args.elts,
            single => std::slice::from_ref(single),
        };
        let name = symbol.name();
        if !is_of_typing(&symbol) && !is_wrapper(name) {
            return Type::Named(symbol, args.iter().map(|arg| self.ty(arg)).collect());
        }
        match name {
            "Literal" => args.first().map(literal).unwrap_or_default(),
            "Annotated"
            | "Final"
            | "ClassVar"
            | "Required"
            | "NotRequired"
            | "ReadOnly"
            | "Awaitable"
            | "Mapped"
            | "Future"
            | "Task"
            | "InitVar"
            | "SkipValidation"
            | "ContextManager"
            | "AsyncContextManager"
            | "AbstractContextManager"
            | "AbstractAsyncContextManager" => self.ty_or_unknown(args.first()),
            "Coroutine" => self.ty_or_unknown(args.get(2)),
            "Optional" => Type::Optional(Box::new(self.ty_or_unknown(args.first()))),
            "Union" => union(args.iter().map(|arg| self.ty(arg)).collect()),
            "Callable" => match args {
                [ast::Expr::List(params), gives] => {
                    let params = params.elts.iter().map(|param| self.ty(param)).collect();
                    Type::Function(params, Box::new(self.ty(gives)))
                }
                _ => Type::Function(Vec::new(), Box::new(self.ty_or_unknown(args.last()))),
            },
            "tuple" | "Tuple" => match args {
                [element, ast::Expr::EllipsisLiteral(_)] => Type::List(Box::new(self.ty(element))),
                _ => Type::Tuple(args.iter().map(|arg| self.ty(arg)).collect()),
            },
            // The class itself, not a value of it.
            "type" | "Type" => Type::Unknown,
            _ if is_map(name) => match self.ty_or_unknown(args.get(1)) {
                Type::Dynamic => Type::Dynamic,
                value => Type::Map(Box::new(value)),
            },
            _ if is_list(name) => Type::List(Box::new(self.ty_or_unknown(args.first()))),
            _ => Type::Named(symbol, args.iter().map(|arg| self.ty(arg)).collect()),
        }
    }

    /// `type Name = ..`.
    pub(super) fn type_alias(&mut self, alias: &ast::StmtTypeAlias) {
        let ast::Expr::Name(name) = &*alias.name else { return };
        let symbol = self.inside.join(name.id.as_str());
        let target = self.ty(&alias.value);
        self.named_type(symbol, target);
    }

    /// A name that stands for a type.
    pub(super) fn named_type(&mut self, name: Symbol, target: Type) {
        if target != Type::Unknown && target.symbol() != Some(&name) {
            self.module.aliases.push(Alias { name, target });
        }
    }
}

/// A type that is named alone.
fn plain(symbol: &Symbol) -> Type {
    let name = symbol.name();
    if symbol.parent() == "builtins" {
        match name {
            "str" => return Type::Str,
            "int" | "float" | "complex" => return Type::Number,
            "bool" => return Type::Bool,
            "bytes" | "bytearray" | "memoryview" => return Type::Bytes,
            "object" => return Type::Dynamic,
            _ => {}
        }
    }
    if is_of_typing(symbol) {
        match name {
            "Any" => return Type::Dynamic,
            "AnyStr" | "Text" | "LiteralString" => return Type::Str,
            "None" | "NoReturn" | "Never" => return Type::Unit,
            "Callable" => return Type::Function(Vec::new(), Box::new(Type::Unknown)),
            "type" | "Type" => return Type::Unknown,
            _ if is_map(name) => return Type::Dynamic,
            _ if is_list(name) || matches!(name, "tuple" | "Tuple") => return Type::List(Box::new(Type::Unknown)),
            _ => {}
        }
    }
    // A variable or function is no type.
    let is_lower = !name.contains(char::is_uppercase);
    if is_lower && !is_of_typing(symbol) && !is_known_lower(symbol) {
        return Type::Unknown;
    }
    Type::Named(symbol.clone(), Vec::new())
}

/// Types of the standard library that are written in small letters.
fn is_known_lower(symbol: &Symbol) -> bool {
    let module = symbol.as_str().split("::").next().unwrap_or_default();
    matches!(module, "datetime" | "decimal" | "uuid" | "array" | "collections" | "queue" | "threading" | "asyncio")
}

/// Generic classes of the language that stand for what their arguments say.
fn is_of_typing(symbol: &Symbol) -> bool {
    let module = symbol.as_str().split("::").next().unwrap_or_default();
    let known =
        ["typing", "typing_extensions", "builtins", "collections", "contextlib", "asyncio", "dataclasses", "types"];
    known.contains(&module)
}

/// Wrappers of other packages that the value is inside of, told by name.
fn is_wrapper(name: &str) -> bool {
    matches!(name, "Mapped" | "RepeatedCompositeFieldContainer" | "RepeatedScalarFieldContainer" | "SkipValidation")
}

fn is_map(name: &str) -> bool {
    matches!(
        name,
        "dict"
            | "Dict"
            | "Mapping"
            | "MutableMapping"
            | "DefaultDict"
            | "defaultdict"
            | "OrderedDict"
            | "ChainMap"
            | "Counter"
    )
}

fn is_list(name: &str) -> bool {
    matches!(
        name,
        "list"
            | "List"
            | "set"
            | "Set"
            | "frozenset"
            | "FrozenSet"
            | "Sequence"
            | "MutableSequence"
            | "Iterable"
            | "Iterator"
            | "Generator"
            | "AsyncIterable"
            | "AsyncIterator"
            | "AsyncGenerator"
            | "Collection"
            | "deque"
            | "Deque"
            | "AbstractSet"
            | "MutableSet"
            | "Reversible"
            | "KeysView"
            | "ValuesView"
            | "RepeatedCompositeFieldContainer"
            | "RepeatedScalarFieldContainer"
    )
}

/// `A | None` is perhaps an `A`; of several types none is known.
fn union(types: Vec<Type>) -> Type {
    let is_optional = types.iter().any(|ty| matches!(ty, Type::Unit | Type::Optional(_)));
    let mut some: Vec<Type> = types.into_iter().filter(|ty| *ty != Type::Unit).map(|ty| ty.peeled().clone()).collect();
    some.dedup();
    let one = if some.len() == 1 { some.swap_remove(0) } else { Type::Unknown };
    if is_optional { Type::Optional(Box::new(one)) } else { one }
}

/// The type of a value that a `Literal` allows.
fn literal(value: &ast::Expr) -> Type {
    match value {
        ast::Expr::StringLiteral(_) => Type::Str,
        ast::Expr::NumberLiteral(_) => Type::Number,
        ast::Expr::BooleanLiteral(_) => Type::Bool,
        _ => Type::Unknown,
    }
}

impl Lowerer<'_> {
    /// The type of what an expression gives, as far as it can be told from itself.
    pub(super) fn type_of_value(&mut self, value: &ast::Expr) -> Type {
        match value {
            ast::Expr::StringLiteral(_) | ast::Expr::FString(_) => Type::Str,
            ast::Expr::NumberLiteral(_) => Type::Number,
            ast::Expr::BooleanLiteral(_) | ast::Expr::Compare(_) => Type::Bool,
            ast::Expr::BytesLiteral(_) => Type::Bytes,
            ast::Expr::Await(inner) => self.type_of_value(&inner.value),
            ast::Expr::BoolOp(choice) if choice.op == ast::BoolOp::Or => {
                choice.values.last().map(|last| self.type_of_value(last)).unwrap_or_default()
            }
            ast::Expr::Call(call) => match self.path(&call.func) {
                Some(symbol) if is_class_name(symbol.name()) => Type::Named(symbol, Vec::new()),
                _ => Type::Unknown,
            },
            _ => Type::Unknown,
        }
    }
}
