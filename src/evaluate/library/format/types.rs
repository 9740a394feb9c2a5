//! Types of libraries.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::{Kind, Setting, Source, StubConstructor};

/// A type of a library.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct TypeModel {
    /// What a value of it stands for.
    pub(crate) kind: Option<Kind>,
    /// Its fields.
    #[serde(default)]
    pub(crate) fields: BTreeMap<String, FieldModel>,
    /// It is a list of values of this type, with its own type argument: `ColumnsType<Order>`.
    pub(crate) list_of: Option<String>,
    /// Settings of a literal that leaves them out.
    #[serde(default)]
    pub(crate) defaults: BTreeMap<Setting, Source>,
    /// Its members and entries are values of the environment or configuration: `process.env`.
    #[serde(default)]
    pub(crate) configuration: bool,
    /// Its members are protobuf packages and services, known by name only; calling one makes a stub.
    #[serde(default)]
    pub(crate) packages: Option<StubConstructor>,
}

/// A field of a library's type.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) enum FieldModel {
    /// Setting it sets a setting of the object.
    Set(Setting),
    /// It is set to a plain object whose fields are those of a type: `{retry: {limit: 3}}`.
    Options(OptionsModel),
    /// Reading it gives the object itself, seen as another type.
    View(String),
    /// Reading it gives the bytes of a response's body.
    Body,
    /// Reading it gives the body of a response, taken apart.
    Decoded,
    /// Reading it gives what a cell holds, setting it puts something in.
    Held,
    /// It is of the type argument at this position: `original` of a `Row<Order>`.
    Argument(usize),
    /// It is of this type, with the same type arguments.
    Same(String),
    /// It is a function that is given a value of this type, with the same type arguments.
    Told(String),
    /// It is a function that is given a value of the type argument at this position.
    ToldArgument(usize),
    /// It is a function that is given values of the type arguments at these positions, in this order; of one
    /// in brackets it is given a list, and of `[]` nothing is said.
    ToldArguments(Vec<ToldModel>),
    /// It is a list of values of the type argument at this position.
    Elements(usize),
    /// It is a list of values of this type, each with the same type arguments.
    List(String),
    /// It is a method that gives a value of this type, with the same type arguments.
    Gives(String),
    /// It is a method that gives a value of the type argument at this position.
    GivesArgument(usize),
    /// It is this part of the URL that the object is.
    Part(UrlPart),
}

/// A part of a URL (RFC 3986, section 3).
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum UrlPart {
    /// `https`
    Scheme,
    /// `shop:8080`
    Host,
    /// `/items/1`
    Path,
    /// `page=1`
    Query,
    /// `?page=1`
    Search,
    /// `#top`, which is never sent
    Fragment,
}

/// What a function is given at one position.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub(crate) enum ToldModel {
    /// A value of the type argument at this position.
    Argument(usize),
    /// A list of values of the type argument at the only position here; without one nothing is said.
    Elements(Vec<usize>),
}

/// A plain object among the fields of another one.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct OptionsModel {
    /// The type whose fields it has.
    #[serde(rename = "type")]
    pub(crate) ty: String,
    /// What a number in its place sets.
    pub(crate) plain: Option<Setting>,
}
