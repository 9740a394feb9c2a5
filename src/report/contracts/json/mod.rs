//! The complete model for programs: version 1. Within a version keys are added, never renamed or
//! removed. `schemas/contracts.schema.json` describes it, and a test holds the two together.
//!
//! Written as a stream: each element is put into words when its turn comes. Keys without a value are
//! left out, so that absent means none, empty or false.

mod element;
mod format;
mod object;
mod protobuf;
mod schema;
mod text;

use std::cell::Cell;
use std::io::{self, BufWriter, Write};

use serde::{Serialize, Serializer};

use self::format::Layout;
use self::object::{Object, each};
use self::text::NoCommands;
use super::Listing;
use super::contents::{Contents, Part};
use super::place::Finder;
use crate::model::contract::{Catalog, SchemeKind, SecurityScheme};
use crate::model::problem::Problem;
use crate::model::source::{FileId, Site};
use crate::report::json::VERSION;

/// Bytes that are handed on at once.
const BUFFER: usize = 1 << 16;

/// What every element needs to be written.
struct Context<'a> {
    listing: &'a Listing<'a>,
    finder: Finder<'a>,
    /// The object that is written next is one line.
    is_small: Cell<bool>,
}

impl<'a> Context<'a> {
    const fn catalog(&self) -> &'a Catalog {
        &self.listing.analysis.head
    }

    fn path(&self, file: FileId) -> &'a str {
        &self.listing.analysis.sources.get(file).path
    }
}

/// An element, to be written in its context.
struct With<'c, T: ?Sized>(&'c Context<'c>, &'c T);

/// The model as one document.
pub fn write(listing: &Listing<'_>, out: &mut dyn Write) -> io::Result<()> {
    let contents = Contents::of(listing);
    let context = Context { listing, finder: Finder::new(listing.places), is_small: Cell::new(false) };
    // The pieces that are written are a few bytes each.
    let mut out = BufWriter::with_capacity(BUFFER, NoCommands::new(out));
    let mut serializer = serde_json::Serializer::with_formatter(&mut out, Layout::new(&context.is_small));
    With(&context, &contents).serialize(&mut serializer)?;
    writeln!(out)?;
    out.flush()
}

impl Serialize for With<'_, Contents<'_>> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self(context, contents) = self;
        let mut object = Object::open(serializer)?;
        object.set("version", &VERSION)?;
        context.is_small.set(true);
        object.set("tool", &Tool { name: env!("CARGO_PKG_NAME"), version: env!("CARGO_PKG_VERSION") })?;
        object.set("contracts", &each(context, &contents.parts))?;
        let placed = contents
            .parts
            .iter()
            .flat_map(|part| part.problems.iter().map(|it| (Some(part.contract.id.as_str()), *it)));
        let unplaced = contents.unplaced.iter().map(|it| (None, *it));
        let problems: Vec<(Option<&str>, &Problem)> = placed.chain(unplaced).collect();
        object.set("problems", &each(context, &problems))?;
        object.set("missing", context.listing.missing)?;
        object.set("exit", &context.listing.exit)?;
        object.close()
    }
}

#[derive(Serialize)]
struct Tool {
    name: &'static str,
    version: &'static str,
}

impl Serialize for With<'_, (Option<&str>, &Problem)> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self(context, (contract, problem)) = self;
        let mut object = Object::open(serializer)?;
        object.set("kind", problem.kind.name())?;
        object.set("message", &problem.message)?;
        object.maybe("contract", contract.as_ref())?;
        object.maybe("path", problem.path.as_ref())?;
        object.maybe("at", problem.site.as_ref().map(|site| With(context, site)).as_ref())?;
        object.close()
    }
}

impl Serialize for With<'_, Part<'_>> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self(context, part) = self;
        let contract = part.contract;
        let paths = |files: &[FileId]| files.iter().map(|file| context.path(*file)).collect::<Vec<_>>();
        let mut object = Object::open(serializer)?;
        object.set("id", &contract.id)?;
        object.set("kind", contract.kind.name())?;
        object.set("version", &contract.version)?;
        object.set("title", &contract.title)?;
        object.set("files", &paths(&contract.files))?;
        object.set("copies", &paths(&contract.copies))?;
        let provider = contract.provider.map(|id| context.listing.analysis.workspace.name(id));
        object.maybe("provider", provider.as_ref())?;
        object.set("servers", &contract.servers)?;
        object.set(
            "options",
            &contract.options.iter().map(|(name, value)| Setting { name, value }).collect::<Vec<_>>(),
        )?;
        object.set("securitySchemes", &each(context, &contract.security_schemes))?;
        object.set("at", &With(context, &contract.site))?;
        object.set("operations", &each(context, &part.operations))?;
        object.set("messages", &each(context, &part.messages))?;
        object.set("enums", &each(context, &part.enums))?;
        object.list("protoFiles", context, &contract.proto_files)?;
        if !contract.schemas.is_empty() {
            object.set("schemas", &With(context, contract))?;
        }
        object.close()
    }
}

/// An option of a file as text.
#[derive(Serialize)]
struct Setting<'a> {
    name: &'a str,
    value: &'a str,
}

impl Serialize for With<'_, SecurityScheme> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self(context, scheme) = self;
        let mut object = Object::open(serializer)?;
        object.set("name", &scheme.name)?;
        match &scheme.kind {
            SchemeKind::ApiKey { place, name } => {
                object.set("type", "apiKey")?;
                object.set("in", place.name())?;
                object.set("parameter", name)?;
            }
            SchemeKind::Http { scheme } => {
                object.set("type", "http")?;
                object.set("scheme", scheme)?;
            }
            SchemeKind::OAuth2 { flows } => {
                object.set("type", "oauth2")?;
                let flows: Vec<Flow<'_>> = flows.iter().map(|(name, details)| Flow { name, details }).collect();
                object.set("flows", &flows)?;
            }
            SchemeKind::OpenIdConnect { url } => {
                object.set("type", "openIdConnect")?;
                object.set("url", url)?;
            }
            SchemeKind::MutualTls => object.set("type", "mutualTLS")?,
        }
        object.set("at", &With(context, &scheme.site))?;
        object.close()
    }
}

/// A flow of OAuth 2: its URLs and scopes.
#[derive(Serialize)]
struct Flow<'a> {
    name: &'a str,
    details: &'a [String],
}

impl Serialize for With<'_, Site> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self(context, site) = self;
        let pointer = match site {
            Site::Pointer { pointer, .. } => Some(pointer),
            Site::Span(_) => None,
        };
        let found = context.finder.site(site);
        let mut object = Object::open_small(serializer, context)?;
        object.set("file", found.path)?;
        object.maybe("pointer", pointer.map(AsRef::as_ref))?;
        object.place(found)?;
        object.close()
    }
}
