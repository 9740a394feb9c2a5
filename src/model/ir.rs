//! The intermediate representation of client code: one small language for all languages.
//!
//! It keeps what matters to calls and data and drops the rest. A front end resolves names and wire
//! names and nothing else: what a call *is* gets decided in `evaluate`. Control flow is
//! expression-oriented, so that `if`, `match` and loops mean the same in Rust and in Go, and loops
//! stay loops: retries are judged by their exits. What a front end does not understand becomes
//! [`ExprKind::Fixme`] with its children, counted, never an error.

use std::fmt;
use std::sync::Arc;

use super::source::{FileId, Language, ServiceId, Span};

/// A name that means the same in every file: segments joined by `::` in all languages, from the
/// import path or crate name on (`net/http::Client::Do`, `reqwest::Client::get`).
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Symbol(Arc<str>);

impl Symbol {
    /// A symbol from its full text.
    #[must_use]
    pub fn new(text: impl AsRef<str>) -> Self {
        Self(Arc::from(text.as_ref()))
    }

    /// The full text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// `self::name`.
    #[must_use]
    pub fn join(&self, name: &str) -> Self {
        Self(Arc::from(format!("{}::{name}", self.0)))
    }

    /// The last segment.
    #[must_use]
    pub fn name(&self) -> &str {
        self.0.rsplit("::").next().unwrap_or(&self.0)
    }

    /// All but the last segment; `""` if there is one only.
    #[must_use]
    pub fn parent(&self) -> &str {
        self.0.rsplit_once("::").map_or("", |(parent, _)| parent)
    }
}

impl fmt::Display for Symbol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Symbol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}`", self.0)
    }
}

impl From<&str> for Symbol {
    fn from(text: &str) -> Self {
        Self::new(text)
    }
}

/// One source file, lowered.
#[derive(Clone, Debug)]
pub struct Module {
    /// The file.
    pub file: FileId,
    /// Its language.
    pub language: Language,
    /// The service it belongs to.
    pub service: Option<ServiceId>,
    /// Its own canonical name: Go import path, Rust `crate_name::module::path`.
    pub name: Symbol,
    /// Types declared here, nested ones included.
    pub types: Vec<TypeDef>,
    /// Functions and methods declared here, with or without a body.
    pub funcs: Vec<Func>,
    /// Constants, statics and package variables.
    pub globals: Vec<Global>,
    /// Names that another module can reach through this one: `pub use`, type aliases.
    pub aliases: Vec<Alias>,
    /// Item-position macro calls with string arguments (`tonic::include_proto!("profile.v1")`).
    pub includes: Vec<Include>,
    /// Written by a generator: facts are used, findings are not made.
    pub generated: bool,
    /// Test code.
    pub test: bool,
    /// What was not understood, counted in the report.
    pub fixmes: Vec<Fixme>,
}

/// `alias` stands for `target`, both canonical.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alias {
    /// The new name.
    pub name: Symbol,
    /// What it stands for.
    pub target: Type,
}

/// A macro call in item position that brings in generated code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Include {
    /// The module it stands in.
    pub module: Symbol,
    /// The macro, canonical: `tonic::include_proto`.
    pub name: Symbol,
    /// Its string literal arguments.
    pub args: Vec<String>,
    /// The whole call.
    pub span: Span,
}

/// A construct that a front end did not understand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fixme {
    /// The kind of syntax, as its parser names it.
    pub what: Arc<str>,
    /// Where.
    pub span: Span,
}

/// A declared type, or what is known of one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Type {
    /// Nothing is known.
    #[default]
    Unknown,
    /// Nothing is returned.
    Unit,
    /// Text.
    Str,
    /// Any number.
    Number,
    /// A truth value.
    Bool,
    /// Raw bytes.
    Bytes,
    /// A value of a type that the language checks no further: `serde_json::Value`, `any`.
    Dynamic,
    /// A type by its canonical name, with its arguments. References, smart pointers, locks and
    /// futures are left out by the front end: `Arc<Mutex<T>>` and `*T` are `T`.
    Named(Symbol, Vec<Self>),
    /// A list, slice, array, set, iterator or stream of one type.
    List(Box<Self>),
    /// A map to one type; keys are text or do not matter.
    Map(Box<Self>),
    /// Perhaps absent.
    Optional(Box<Self>),
    /// A value or an error: `Result<T, E>`, Go's `(T, error)`.
    Result(Box<Self>),
    /// Several values together.
    Tuple(Vec<Self>),
    /// A function with its parameters and what it gives.
    Function(Vec<Self>, Box<Self>),
    /// A type parameter of the function or type that declares it.
    Parameter(Arc<str>),
}

impl Type {
    /// The canonical name, if it has one.
    #[must_use]
    pub const fn symbol(&self) -> Option<&Symbol> {
        match self {
            Self::Named(symbol, _) => Some(symbol),
            _ => None,
        }
    }

    /// What is left when optionality and errors are taken off.
    #[must_use]
    pub fn peeled(&self) -> &Self {
        match self {
            Self::Optional(inner) | Self::Result(inner) => inner.peeled(),
            other => other,
        }
    }
}

/// What sort of type is declared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TypeKind {
    /// Fields by name.
    Struct,
    /// Alternatives; those with a payload have one [`FieldDef`] per variant.
    Enum,
    /// Methods without bodies: Go interface, Rust trait.
    Interface,
}

/// A declared type.
#[derive(Clone, Debug)]
pub struct TypeDef {
    /// Canonical name.
    pub symbol: Symbol,
    /// What sort.
    pub kind: TypeKind,
    /// Type parameters by name.
    pub params: Vec<Arc<str>>,
    /// Its fields (or variants).
    pub fields: Vec<FieldDef>,
    /// Embedded types (Go) and supertraits (Rust), in order.
    pub supertypes: Vec<Type>,
    /// The name in its declaration.
    pub span: Span,
}

/// A field of a declared type.
#[derive(Clone, Debug)]
pub struct FieldDef {
    /// Name in the source.
    pub name: Arc<str>,
    /// Names on the wire, by codec; empty if it is the source name.
    pub wire: Vec<WireName>,
    /// Declared type.
    pub ty: Type,
    /// Its own fields stand in the outer object: `#[serde(flatten)]`, an embedded struct without tag.
    pub flatten: bool,
    /// Never on the wire: `#[serde(skip)]`, `json:"-"`.
    pub skipped: bool,
    /// The name in its declaration.
    pub span: Span,
}

/// What a field is called in an encoding.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WireName {
    /// The encoding.
    pub codec: Codec,
    /// The name in it.
    pub name: Arc<str>,
}

/// An encoding that a wire name belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Codec {
    /// JSON keys (serde names serve every serde format).
    Json,
    /// Protobuf field names, from generated struct tags.
    Protobuf,
    /// URL query and form keys.
    Form,
}

/// A function or method.
#[derive(Clone, Debug)]
pub struct Func {
    /// Canonical name; a method's is its type's name and its own.
    pub symbol: Symbol,
    /// The type that a method belongs to.
    pub owner: Option<Type>,
    /// The trait that this is an implementation for.
    pub implements: Option<Symbol>,
    /// The name of the receiver (`self`, Go's `s`), for methods that have one.
    pub receiver: Option<Arc<str>>,
    /// Type parameters by name.
    pub type_params: Vec<Arc<str>>,
    /// Parameters, without the receiver.
    pub params: Vec<Param>,
    /// What it gives; `async` and futures are left out.
    pub ret: Type,
    /// Attributes and annotations, as written, with their arguments.
    pub annotations: Vec<Annotation>,
    /// The body, if it has one.
    pub body: Option<Block>,
    /// The whole function.
    pub span: Span,
    /// Its name.
    pub name_span: Span,
    /// A test function.
    pub test: bool,
}

/// An attribute, annotation or decorator.
#[derive(Clone, Debug)]
pub struct Annotation {
    /// Canonical name if it could be resolved, else as written.
    pub name: Symbol,
    /// Its arguments.
    pub args: Vec<Arg>,
    /// Where.
    pub span: Span,
}

/// A parameter of a function or lambda.
#[derive(Clone, Debug)]
pub struct Param {
    /// How it is bound in the body.
    pub pattern: Pattern,
    /// Declared type.
    pub ty: Type,
    /// Takes all further arguments as a list.
    pub variadic: bool,
}

/// A constant, static or package variable.
#[derive(Clone, Debug)]
pub struct Global {
    /// Canonical name.
    pub symbol: Symbol,
    /// Declared type.
    pub ty: Type,
    /// Its initial value.
    pub value: Option<Expr>,
    /// The name in its declaration.
    pub span: Span,
}

/// Statements in order, and the value of the whole.
#[derive(Clone, Debug, Default)]
pub struct Block {
    /// Statements.
    pub stmts: Vec<Stmt>,
    /// The value, in languages whose blocks have one.
    pub tail: Option<Box<Expr>>,
}

/// A statement.
#[derive(Clone, Debug)]
pub struct Stmt {
    /// What it does.
    pub kind: StmtKind,
    /// The whole statement.
    pub span: Span,
}

/// What a statement does.
#[derive(Clone, Debug)]
pub enum StmtKind {
    /// Binds new names: `let p: T = e else { .. }`, `a, err := e`, `var x T`.
    Let {
        /// The names.
        pattern: Pattern,
        /// Declared type.
        ty: Option<Type>,
        /// Initial value.
        value: Option<Expr>,
        /// What runs, and leaves, if the pattern does not match.
        otherwise: Option<Block>,
    },
    /// Sets places that exist: `a.b = e`, `x += e`, `a, err = e` (the target is a tuple then).
    Assign {
        /// The place.
        target: Expr,
        /// The operator of a compound assignment.
        op: Option<Op>,
        /// The new value.
        value: Expr,
    },
    /// Runs an expression for what it does.
    Expr(Expr),
    /// Runs when the function is left: Go `defer`.
    Defer(Expr),
}

/// An expression.
#[derive(Clone, Debug)]
pub struct Expr {
    /// What it is.
    pub kind: ExprKind,
    /// The whole expression.
    pub span: Span,
}

/// What an expression is.
#[derive(Clone, Debug)]
pub enum ExprKind {
    /// A literal.
    Literal(Literal),
    /// A local variable or parameter, the receiver included.
    Local(Arc<str>),
    /// Anything that is not local, by its canonical name: function, constant, unit variant, type.
    Global(Symbol),
    /// Text with holes: `format!`, f-strings, template literals. Format specifiers are left out.
    Template(Vec<Piece>),
    /// `base.name`; with a call around it, a method.
    Member {
        /// Of what.
        base: Box<Expr>,
        /// The name in the source. Tuple fields are `0`, `1`, ...
        name: Arc<str>,
        /// The name alone: what a field access reports.
        name_span: Span,
    },
    /// `base[index]`; a slice `a[1:]` is the base itself.
    Index {
        /// Of what.
        base: Box<Expr>,
        /// Which.
        index: Box<Expr>,
    },
    /// A call. The callee of a method call is a [`ExprKind::Member`].
    Call {
        /// What is called.
        callee: Box<Expr>,
        /// Explicit type arguments (`json::<T>()`).
        type_args: Vec<Type>,
        /// Arguments, without the receiver.
        args: Vec<Arg>,
    },
    /// A struct literal, object literal, or the object part of `json!`.
    Construct {
        /// Its type; none for an untyped object.
        ty: Option<Type>,
        /// Fields that are set. A key that is not constant has no name.
        fields: Vec<FieldInit>,
        /// `..base`, `...spread`.
        spread: Option<Box<Expr>>,
    },
    /// A list, slice or array literal, `vec![]` included.
    List(Vec<Expr>),
    /// Several values together.
    Tuple(Vec<Expr>),
    /// A closure or function literal.
    Lambda(Box<Lambda>),
    /// `op a`.
    Unary(Op, Box<Expr>),
    /// `a op b`.
    Binary(Op, Box<Expr>, Box<Expr>),
    /// `value as T`, `value.(T)`, `T(value)`.
    Cast(Type, Box<Expr>),
    /// `&place`: needed where a callee writes through it.
    Ref(Box<Expr>),
    /// `*reference`.
    Deref(Box<Expr>),
    /// `value?`: the success value, or leave the function with the error.
    Try(Box<Expr>),
    /// `value.await`.
    Await(Box<Expr>),
    /// Statements as an expression.
    Block(Block),
    /// A choice on a condition. `if let p = e` has [`ExprKind::Matches`] as its condition.
    If {
        /// The condition.
        cond: Box<Expr>,
        /// When true.
        then: Block,
        /// When false.
        otherwise: Option<Block>,
    },
    /// Whether a value matches a pattern, binding its names where true: `let p = e` in a condition.
    Matches(Pattern, Box<Expr>),
    /// A choice by pattern: `match`, `switch`, type switch, `select` (without a subject).
    Match {
        /// What is looked at.
        subject: Option<Box<Expr>>,
        /// Alternatives, in order.
        arms: Vec<Arm>,
    },
    /// A loop of any kind.
    Loop(Box<Loop>),
    /// Leaves the function.
    Return(Option<Box<Expr>>),
    /// Leaves a loop (or a labelled block), perhaps with a value.
    Break(Option<Arc<str>>, Option<Box<Expr>>),
    /// Starts the next round of a loop.
    Continue(Option<Arc<str>>),
    /// Raises: `throw`, `raise`, `panic!`.
    Throw(Vec<Expr>),
    /// Runs beside this function: `go f()`, `tokio::spawn` is an ordinary call.
    Spawn(Box<Expr>),
    /// Catches what is raised.
    TryCatch {
        /// What is tried.
        body: Block,
        /// Handlers, in order.
        catches: Vec<Catch>,
        /// What always runs.
        finally: Option<Block>,
    },
    /// Not understood; what was understood inside it.
    Fixme(Vec<Expr>),
}

/// A handler of raised errors.
#[derive(Clone, Debug)]
pub struct Catch {
    /// Types it handles; empty: all.
    pub types: Vec<Type>,
    /// The name the error is bound to.
    pub name: Option<Arc<str>>,
    /// What it does.
    pub body: Block,
}

/// An argument of a call.
#[derive(Clone, Debug)]
pub struct Arg {
    /// Its name, in languages with named arguments.
    pub name: Option<Arc<str>>,
    /// Its value.
    pub value: Expr,
}

/// A field in a struct or object literal.
#[derive(Clone, Debug)]
pub struct FieldInit {
    /// The name in the source or the constant key; none if the key is computed.
    pub name: Option<Arc<str>>,
    /// The name alone.
    pub name_span: Span,
    /// Its value.
    pub value: Expr,
}

/// A closure or function literal.
#[derive(Clone, Debug)]
pub struct Lambda {
    /// Parameters.
    pub params: Vec<Param>,
    /// Declared result.
    pub ret: Type,
    /// The body.
    pub body: Block,
}

/// A loop; never reduced to jumps, since its exits decide what it is.
#[derive(Clone, Debug)]
pub struct Loop {
    /// Which kind.
    pub kind: LoopKind,
    /// What is repeated.
    pub body: Block,
    /// Its label.
    pub label: Option<Arc<str>>,
}

/// Kinds of loop.
#[derive(Clone, Debug)]
pub enum LoopKind {
    /// `loop {}`, `for {}`, `while true`.
    Infinite,
    /// Repeats while true; `while let` has [`ExprKind::Matches`].
    While(Expr),
    /// `for init; cond; step`.
    Counted {
        /// Before the first round.
        init: Option<Box<Stmt>>,
        /// Checked before each round.
        cond: Option<Expr>,
        /// After each round, also after `continue`.
        step: Option<Box<Stmt>>,
    },
    /// For each element. Go's `for i, v := range e` binds a tuple of key and element
    /// ([`Pattern::Tuple`]) with `keyed` set.
    Each {
        /// What is bound.
        pattern: Pattern,
        /// What is gone through.
        over: Expr,
        /// The pattern binds `(key, element)`.
        keyed: bool,
    },
}

/// An alternative of a match.
#[derive(Clone, Debug)]
pub struct Arm {
    /// What it takes; `Wild` for a default.
    pub pattern: Pattern,
    /// A further condition. An arm of a `switch` without subject has its condition here.
    pub guard: Option<Expr>,
    /// What it does and gives.
    pub body: Block,
}

/// What a value is taken apart by.
#[derive(Clone, Debug)]
pub enum Pattern {
    /// Takes anything, binds nothing.
    Wild,
    /// Binds a name, perhaps to a value that must match further.
    Bind(Arc<str>, Span, Option<Box<Self>>),
    /// Equal to a literal, a constant or a unit variant.
    Value(Box<Expr>),
    /// A variant with its payload by position: `Ok(x)`, `Some(x)`, `Kind::A(x, y)`. The four of the
    /// standard library are called `Ok`, `Err`, `Some`, `None`.
    Variant(Symbol, Vec<Self>),
    /// Fields by name: `Profile { birthdate, .. }`, `{ birthdate }`.
    Record(Option<Symbol>, Vec<FieldPattern>),
    /// Several values together, by position.
    Tuple(Vec<Self>),
    /// Elements of a list.
    List(Vec<Self>),
    /// One of several.
    Or(Vec<Self>),
    /// A value of a type: arm of a Go type switch; binds a name.
    Typed(Type, Option<(Arc<str>, Span)>),
}

/// A field in a record pattern.
#[derive(Clone, Debug)]
pub struct FieldPattern {
    /// The name in the source.
    pub name: Arc<str>,
    /// The name alone: what a field access reports.
    pub name_span: Span,
    /// What its value is taken apart by.
    pub pattern: Pattern,
}

/// A literal.
#[derive(Clone, Debug, PartialEq)]
pub enum Literal {
    /// Text, unescaped.
    Str(Arc<str>),
    /// A whole number; one that does not fit is the nearest that does.
    Int(i64),
    /// Any other number.
    Float(f64),
    /// A truth value.
    Bool(bool),
    /// `nil`, `null`, `None` where the language has it as a literal.
    Null,
}

/// A piece of a [`ExprKind::Template`].
#[derive(Clone, Debug)]
pub enum Piece {
    /// Fixed text.
    Text(Arc<str>, Span),
    /// A value put in.
    Hole(Expr),
}

/// Operators that evaluation looks at; all others are [`Op::Other`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Op {
    /// `+`, also of text.
    Add,
    /// `-`
    Sub,
    /// `*`
    Mul,
    /// `/`
    Div,
    /// `==`
    Eq,
    /// `!=`
    Ne,
    /// `<`
    Lt,
    /// `<=`
    Le,
    /// `>`
    Gt,
    /// `>=`
    Ge,
    /// `&&`
    And,
    /// `||`
    Or,
    /// `!`
    Not,
    /// `-x`
    Neg,
    /// Takes from a channel: Go `<-c`.
    Receive,
    /// Any other.
    Other,
}
