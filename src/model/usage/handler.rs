//! The other side of a call: code that answers requests.

use super::{CallId, Data, Location, Origin, Step, Template};
use crate::model::ir::{Symbol, Type};
use crate::model::source::Span;

/// A function that answers requests of one operation: its own contract's provider.
///
/// One function may stand behind several routes, and one route may have several functions, where
/// code chooses between them.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Handler {
    /// Where: the place that ties the function to its path, or the name of the method that implements
    /// the rpc.
    pub location: Location,
    /// What its values are called in [`Origin::Handler`]: the function's name, for a closure that of the
    /// function it stands in with the place behind it.
    pub function: Symbol,
    /// Library id.
    pub library: String,
    /// Which requests it answers.
    pub route: Route,
    /// Parts of the request that it declares to want, in the order of its parameters.
    pub given: Vec<Given>,
    /// What it answers, as far as that has come from somewhere or is made field by field.
    pub answers: Vec<Answer>,
    /// What the bodies that it takes look like; empty where that is not known.
    pub takes: Vec<Data>,
    /// What the bodies that it answers look like; empty where that is not known.
    pub gives: Vec<Data>,
    /// Calls that it makes, in order.
    pub calls: Vec<CallId>,
}

/// Which requests a handler answers.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Route {
    /// HTTP requests.
    Http {
        /// Upper case; none for all methods, or one that is not known.
        method: Option<String>,
        /// Path with a hole for each parameter. What stands in front of the service (a gateway, the
        /// base path of a deployment) is not in it.
        path: Template,
    },
    /// Calls of an rpc.
    Rpc {
        /// The generated symbol that the implementation is told by: base class, trait, embedded type or
        /// registration function.
        server: Symbol,
        /// The service's simple name, by the generator's naming rule.
        service: String,
        /// The method's name in the source.
        method: String,
    },
}

/// A part of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RequestPart {
    /// Its body.
    Body,
    /// A parameter in its path.
    Path,
    /// A query parameter.
    Query,
    /// A header.
    Header,
}

/// A part of the request that a handler declares as a parameter of its own.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Given {
    /// Which part.
    pub part: RequestPart,
    /// Its name, where the parts of this sort have names and it is known.
    pub name: Option<String>,
    /// Its declared type.
    pub ty: Type,
}

/// A part of what a handler answers.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Answer {
    /// The way to it from the body.
    pub steps: Vec<Step>,
    /// Where its value came from: the responses of calls, or the request itself.
    pub origins: Vec<Origin>,
    /// What its value was computed from.
    pub derived: Vec<Origin>,
    /// Where it is set, or the whole is answered.
    pub span: Span,
}
