//! Texts, lists and elements that functions make, and what they make for others.

use serde::Deserialize;

use super::Port;

/// How text is made.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) enum TextModel {
    /// Printf-like: the port of the format; arguments follow.
    Format(Port),
    /// With `{}`, `{0}` and `{name}` for the arguments, which follow the port of the format.
    Braces(Port),
    /// Put together, with a separator that is not doubled.
    Join {
        /// What.
        of: Vec<Port>,
        /// Between them.
        with: String,
        /// All further arguments too.
        #[serde(default)]
        rest: bool,
    },
    /// The value of the environment variable that this port names.
    Env(Port),
    /// The same of a variable whose name begins with a prefix that the port leaves out.
    EnvBelow {
        /// What its name begins with.
        prefix: String,
        /// The rest of its name.
        name: Port,
    },
    /// The entries of the object or map at this port as the query of a URL: `a=1&b=2`.
    Query(Port),
    /// The path of the URL at this port, without its query.
    Path(Port),
    /// What a URL holds from a mark on, the mark included: `?`, `#`.
    From {
        /// The URL.
        of: Port,
        /// The mark.
        mark: String,
    },
    /// An RFC 3986 reference resolved against a base: the last path segment of the base is replaced.
    Resolve {
        /// Base.
        base: Port,
        /// Reference.
        reference: Port,
    },
}

/// An object whose entries are requests: `{ list: { method: "GET", url: "/books" } }`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct RequestsModel {
    /// The object.
    pub(crate) of: Port,
    /// The type whose fields say what an entry sets.
    pub(crate) each: String,
}

/// How a list is made.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct ListModel {
    /// Of what.
    pub(crate) of: Vec<Port>,
    /// All further arguments too.
    #[serde(default)]
    pub(crate) rest: bool,
    /// Its elements hold one element of each input, in their order; an input that gives nothing to follow
    /// may be `result`.
    #[serde(default)]
    pub(crate) zipped: bool,
}

/// Takes an element.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) enum KeyModel {
    /// By a constant key in this argument.
    Constant(usize),
    /// By a JSON pointer in this argument.
    Pointer(usize),
    /// Some element.
    Element,
    /// Some element of this argument.
    ElementOf(usize),
}

/// Who is given what a function makes.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct InjectedModel {
    /// Constructors of the types that the call names as type arguments.
    #[serde(default)]
    pub(crate) types: bool,
    /// Who asks by the name in this argument, if that is a text.
    pub(crate) name: Option<Port>,
}
