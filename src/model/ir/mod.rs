//! The intermediate representation of client code: one small language for all languages.
//!
//! It keeps what matters to calls and data and drops the rest. A front end resolves names and wire
//! names and nothing else: what a call *is* gets decided in `evaluate`. Control flow is
//! expression-oriented, so that `if`, `match` and loops mean the same in Rust and in Go, and loops
//! stay loops: retries are judged by their exits. What a front end does not understand becomes
//! [`ExprKind::Fixme`] with its children, counted, never an error.

mod body;
pub mod walk;

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

pub use body::{
    Arg, Arm, Block, Catch, Expr, ExprKind, FieldInit, FieldPattern, Lambda, Literal, Loop, LoopKind, Op, Pattern,
    Piece, Stmt, StmtKind,
};

use crate::model::source::{FileId, Language, ServiceId, Span};

/// A name that means the same in every file: segments joined by `::` in all languages, from the
/// import path, crate, package or namespace on (`net/http::Client::Do`, `reqwest::Client::get`,
/// `requests::Session::get`, `@grpc/grpc-js::Metadata`, `java::net::http::HttpClient::send`). What a
/// module of another package gives by default is that package itself: `axios`. The statements of a
/// file outside all functions are a function called `<module>`.
#[derive(Clone)]
pub struct Symbol {
    text: Arc<str>,
    /// Of the text: symbols are looked up all the time, and begin alike.
    hash: u32,
    /// Where the last `::` is, or the length of the text if there is none.
    last: u32,
}

impl PartialEq for Symbol {
    /// Most of those that are compared are alike, and copies of one.
    fn eq(&self, other: &Self) -> bool {
        self.hash == other.hash && (Arc::ptr_eq(&self.text, &other.text) || self.text == other.text)
    }
}

impl Eq for Symbol {}

impl PartialOrd for Symbol {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Symbol {
    fn cmp(&self, other: &Self) -> Ordering {
        if Arc::ptr_eq(&self.text, &other.text) { Ordering::Equal } else { self.text.cmp(&other.text) }
    }
}

impl Hash for Symbol {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_u32(self.hash);
    }
}

impl Symbol {
    /// A symbol from its full text.
    #[must_use]
    pub fn new(text: impl AsRef<str>) -> Self {
        let text = text.as_ref();
        // Names that come near four gigabytes have no segments and are told apart by their text.
        let last = text.as_bytes().windows(2).rposition(|pair| pair == b"::").unwrap_or(text.len());
        Self { text: Arc::from(text), hash: Self::hash_of(text), last: u32::try_from(last).unwrap_or(u32::MAX) }
    }

    /// The hash of the symbol that has this text; the same on every run.
    #[must_use]
    pub fn hash_of(text: &str) -> u32 {
        let mut hasher = rustc_hash::FxHasher::default();
        hasher.write(text.as_bytes());
        let hash = hasher.finish();
        // Both halves count.
        #[expect(clippy::cast_possible_truncation, reason = "the halves are put together")]
        let folded = (hash ^ (hash >> 32)) as u32;
        folded
    }

    /// The full text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// `self::name`.
    #[must_use]
    pub fn join(&self, name: &str) -> Self {
        let mut text = String::with_capacity(self.text.len() + 2 + name.len());
        text.push_str(&self.text);
        text.push_str("::");
        text.push_str(name);
        Self::new(text)
    }

    /// The last segment.
    #[must_use]
    pub fn name(&self) -> &str {
        self.text.get(self.last as usize + 2..).unwrap_or(&self.text)
    }

    /// All but the last segment; `""` if there is one only.
    #[must_use]
    pub fn parent(&self) -> &str {
        if self.last as usize == self.text.len() { "" } else { self.text.get(..self.last as usize).unwrap_or_default() }
    }
}

impl fmt::Display for Symbol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl fmt::Debug for Symbol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}`", self.text)
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
    /// Its own canonical name: Go import path, Rust `crate_name::module::path`, Python
    /// `package::module`, npm `package::folder::file`, the package of Java and Kotlin, the namespace of C#.
    pub name: Symbol,
    /// Types declared here, nested ones included.
    pub types: Vec<TypeDef>,
    /// Functions and methods declared here, with or without a body.
    pub funcs: Vec<Func>,
    /// Constants, statics and package variables.
    pub globals: Vec<Global>,
    /// Names that another module can reach through this one: `pub use`, type aliases.
    pub aliases: Vec<Alias>,
    /// Interfaces that types are given apart from where they are declared: Rust `impl Trait for Type`.
    pub implementations: Vec<Implementation>,
    /// Item-position macro calls with string arguments (`tonic::include_proto!("profile.v1")`).
    pub includes: Vec<Include>,
    /// Written by a generator: facts are used, findings are not made.
    pub generated: bool,
    /// Written by a generator, and no messages or stubs but a client whose functions send requests: they are
    /// followed, and who calls one calls the operation. [`Module::generated`] is not set then.
    pub generated_client: bool,
    /// Test code.
    pub test: bool,
    /// What was not understood, counted in the report.
    pub fixmes: Vec<Fixme>,
}

impl Module {
    /// Whether people wrote it, and no generator.
    #[must_use]
    pub const fn is_by_hand(&self) -> bool {
        !self.generated && !self.generated_client
    }
}

/// The name of the type of the object that a function gives, below the function's own.
pub const RETURNED: &str = "<returned>";

/// What an extension function calls the object that it is called on, and the block of a builder the one it builds.
pub const EXTENDED: &str = "this";

/// `alias` stands for `target`, both canonical.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alias {
    /// The new name.
    pub name: Symbol,
    /// What it stands for.
    pub target: Type,
}

/// A type has the methods of an interface, also those that the interface itself gives a body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Implementation {
    /// The type.
    pub by: Symbol,
    /// The interface, with its arguments.
    pub interface: Type,
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
    /// Embedded types (Go), supertraits (Rust), base classes and interfaces, in order.
    pub supertypes: Vec<Type>,
    /// Attributes, annotations and decorators, with their arguments.
    pub annotations: Vec<Annotation>,
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
    /// Attributes, annotations and decorators, with their arguments.
    pub annotations: Vec<Annotation>,
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
    /// Canonical name; a method's is its type's name and its own. Constructors are called
    /// `constructor` in every language.
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
    /// It runs when it is read like a field: `@property`, `get x()`.
    pub property: bool,
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
    /// Takes all further arguments as a list; where [`Param::keywords`] is set, named ones as an object.
    pub variadic: bool,
    /// Takes named arguments that no other parameter takes: `**kwargs`.
    pub keywords: bool,
    /// Its value where no argument is passed.
    pub default: Option<Box<Expr>>,
    /// Attributes, annotations and decorators, with their arguments.
    pub annotations: Vec<Annotation>,
}

impl Param {
    /// An ordinary parameter.
    #[must_use]
    pub const fn new(pattern: Pattern, ty: Type) -> Self {
        Self { pattern, ty, variadic: false, keywords: false, default: None, annotations: Vec::new() }
    }
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
