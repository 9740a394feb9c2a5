//! Patterns of generated stubs and servers, and what fits them.

use super::super::Library;
use super::super::format::{ServerModel, StubConstructor, StubModel};
use super::super::pattern::Pattern;

#[derive(Debug)]
pub(super) struct Stub {
    pub(super) library: String,
    pub(super) pattern: Pattern,
    /// Constructors that are free functions, by pattern.
    pub(super) functions: Vec<(Pattern, StubConstructor)>,
    pub(super) methods: Vec<Pattern>,
    pub(super) modules: Vec<Pattern>,
    pub(super) model: StubModel,
}

#[derive(Debug)]
pub(super) struct Server {
    pub(super) library: String,
    pub(super) implements: Option<Pattern>,
    pub(super) registers: Vec<(Pattern, usize)>,
    pub(super) sends: Vec<String>,
}

/// A symbol that belongs to a generated server.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ServerMatch<'l, 's> {
    /// The library.
    pub(crate) library: &'l Library,
    /// The service's simple name.
    pub(crate) service: &'s str,
}

/// A symbol that belongs to a generated stub.
#[derive(Clone, Debug)]
pub(crate) struct StubMatch<'l> {
    /// The library.
    pub(crate) library: &'l Library,
    /// The stub's model.
    pub(crate) model: &'l StubModel,
    /// The service's simple name.
    pub(crate) service: String,
    methods: &'l [Pattern],
    modules: &'l [Pattern],
}

impl StubMatch<'_> {
    /// The name of the remote method that a method of the stub calls, if it calls one.
    pub(crate) fn method<'m>(&self, name: &'m str) -> Option<&'m str> {
        if self.methods.is_empty() {
            return Some(name);
        }
        self.methods.iter().find_map(|pattern| pattern.matches(name))
    }

    /// Whether the name of its type is enough to tell that something is a stub: by the module that the type is in, where
    /// the name alone may be that of any client.
    pub(crate) fn is_told_by(&self, symbol: &str) -> bool {
        let module = symbol.rsplit_once("::").map_or("", |(module, _)| module);
        let mut segments = module.split("::").flat_map(|part| part.split('/'));
        self.modules.is_empty()
            || segments.any(|segment| self.modules.iter().any(|module| module.matches(segment).is_some()))
    }

    /// The same for a service that is known otherwise.
    pub(crate) fn of_service(self, service: &str) -> Self {
        Self { service: self.model.service_in(service).to_owned(), ..self }
    }
}

impl Stub {
    pub(super) fn matched(&self, service: &str) -> StubMatch<'_> {
        let service = self.model.service_in(service).to_owned();
        StubMatch {
            library: &self.library,
            model: &self.model,
            service,
            methods: &self.methods,
            modules: &self.modules,
        }
    }
}

impl Server {
    pub(super) fn new(library: &str, model: ServerModel) -> Self {
        Self {
            library: library.to_owned(),
            implements: model.implements.as_deref().map(Pattern::parse),
            registers: model.registers.iter().map(|(name, at)| (Pattern::parse(name), *at)).collect(),
            sends: model.sends,
        }
    }
}
