//! All descriptors of one language, ready to be asked.

use std::collections::BTreeMap;

use super::BUILT_IN;
use super::format::{Constant, Descriptor, FunctionModel, StubConstructor, StubModel, TypeModel};
use super::pattern::Pattern;
use crate::model::problem::{Problem, ProblemKind};
use crate::model::source::Language;

/// A library's id: the name of its descriptor.
pub(crate) type Library = str;

/// The descriptors of one family of languages.
#[derive(Debug, Default)]
pub(crate) struct Libraries {
    functions: BTreeMap<String, (String, FunctionModel)>,
    /// Methods of any type (`*::name`), by name.
    methods: BTreeMap<String, (String, FunctionModel)>,
    types: BTreeMap<String, (String, TypeModel)>,
    constants: BTreeMap<String, Constant>,
    aliases: BTreeMap<String, String>,
    stubs: Vec<Stub>,
    servers: Vec<Pattern>,
    includes: BTreeMap<String, usize>,
    getters: Vec<Pattern>,
    setters: Vec<Pattern>,
}

#[derive(Debug)]
struct Stub {
    library: String,
    pattern: Pattern,
    /// Constructors that are free functions, by pattern.
    functions: Vec<(Pattern, StubConstructor)>,
    model: StubModel,
}

/// A symbol that belongs to a generated stub.
#[derive(Clone, Copy, Debug)]
pub(crate) struct StubMatch<'l, 's> {
    /// The library.
    pub(crate) library: &'l Library,
    /// The stub's model.
    pub(crate) model: &'l StubModel,
    /// The service's simple name.
    pub(crate) service: &'s str,
}

/// Reads one descriptor.
fn read(text: &str) -> Result<Descriptor, serde_yaml::Error> {
    serde_yaml::with::singleton_map_recursive::deserialize(serde_yaml::Deserializer::from_str(text))
}

impl Libraries {
    /// The built-in descriptors of a family of languages; one that cannot be read is a problem.
    pub(crate) fn built_in(family: Language) -> (Self, Vec<Problem>) {
        let folders: Vec<&str> = Language::ALL
            .iter()
            .filter(|language| language.family() == family)
            .map(|language| language.name())
            .collect();
        let mut all = Self::default();
        let mut problems = Vec::new();
        let belongs = |path: &str| path.split('/').next().is_some_and(|folder| folders.contains(&folder));
        for (path, text) in BUILT_IN.iter().filter(|(path, _)| belongs(path)) {
            match read(text) {
                Ok(descriptor) => all.add(descriptor),
                Err(error) => problems.push(Problem::path(
                    ProblemKind::Internal,
                    format!("rules/clients/{path}"),
                    format!("built-in descriptor cannot be read: {error}"),
                )),
            }
        }
        (all, problems)
    }

    fn add(&mut self, descriptor: Descriptor) {
        let library = descriptor.library;
        for (name, model) in descriptor.functions {
            match name.strip_prefix("*::") {
                Some(method) => self.methods.insert(method.to_owned(), (library.clone(), model)),
                None => self.functions.insert(name, (library.clone(), model)),
            };
        }
        for (name, model) in descriptor.types {
            self.types.insert(name, (library.clone(), model));
        }
        for model in descriptor.stubs {
            let functions = model
                .constructors
                .iter()
                .filter(|(name, _)| name.contains("::"))
                .map(|(name, constructor)| (Pattern::parse(name), constructor.clone()))
                .collect();
            let pattern = Pattern::parse(&model.type_pattern);
            self.stubs.push(Stub { library: library.clone(), pattern, functions, model });
        }
        self.servers.extend(descriptor.servers.iter().map(|server| Pattern::parse(&server.implements)));
        self.constants.extend(descriptor.constants);
        self.aliases.extend(descriptor.aliases);
        self.includes.extend(descriptor.includes);
        self.getters.extend(descriptor.getters.iter().map(|getter| Pattern::parse(getter)));
        self.setters.extend(descriptor.setters.iter().map(|setter| Pattern::parse(setter)));
    }

    /// The model of a function by its canonical name.
    pub(crate) fn function(&self, symbol: &str) -> Option<(&Library, &FunctionModel)> {
        self.by_name(&self.functions, symbol)
    }

    /// The model of a method of a type that nothing else is known of.
    pub(crate) fn any_method(&self, name: &str) -> Option<(&Library, &FunctionModel)> {
        self.methods.get(name).map(|(library, model)| (library.as_str(), model))
    }

    /// The model of a type.
    pub(crate) fn type_model(&self, symbol: &str) -> Option<(&Library, &TypeModel)> {
        self.by_name(&self.types, symbol)
    }

    /// A constant.
    pub(crate) fn constant(&self, symbol: &str) -> Option<&Constant> {
        self.constants.get(symbol).or_else(|| self.constants.get(&self.unalias(symbol)?))
    }

    /// The package argument of a macro that includes generated code.
    pub(crate) fn include(&self, symbol: &str) -> Option<usize> {
        self.includes.get(symbol).copied()
    }

    /// The stub that a type is.
    pub(crate) fn stub_type<'l, 's>(&'l self, symbol: &'s str) -> Option<StubMatch<'l, 's>> {
        self.stubs.iter().find_map(|stub| {
            let service = stub.pattern.matches(symbol)?;
            Some(StubMatch { library: &stub.library, model: &stub.model, service })
        })
    }

    /// The stub that a free function makes, and how.
    pub(crate) fn stub_function<'l, 's>(&'l self, symbol: &'s str) -> Option<(StubMatch<'l, 's>, &'l StubConstructor)> {
        self.stubs.iter().find_map(|stub| {
            stub.functions.iter().find_map(|(pattern, constructor)| {
                let service = pattern.matches(symbol)?;
                Some((StubMatch { library: &stub.library, model: &stub.model, service }, constructor))
            })
        })
    }

    /// The service that a type implements by embedding or implementing this symbol.
    pub(crate) fn server<'a>(&self, symbol: &'a str) -> Option<&'a str> {
        self.servers.iter().find_map(|pattern| pattern.matches(symbol))
    }

    /// The field that an accessor method of a generated message reads.
    pub(crate) fn getter<'a>(&self, method: &'a str) -> Option<&'a str> {
        self.getters.iter().find_map(|pattern| pattern.matches(method))
    }

    /// The field that an accessor method of a generated message sets.
    pub(crate) fn setter<'a>(&self, method: &'a str) -> Option<&'a str> {
        self.setters.iter().find_map(|pattern| pattern.matches(method))
    }

    fn by_name<'a, T>(&'a self, map: &'a BTreeMap<String, (String, T)>, symbol: &str) -> Option<(&'a Library, &'a T)> {
        let found = map.get(symbol).or_else(|| map.get(&self.unalias(symbol)?))?;
        Some((found.0.as_str(), &found.1))
    }

    /// The symbol with an alias of its type or module replaced.
    fn unalias(&self, symbol: &str) -> Option<String> {
        self.aliases.iter().find_map(|(alias, target)| {
            let rest = symbol.strip_prefix(alias.as_str())?;
            (rest.is_empty() || rest.starts_with("::")).then(|| format!("{target}{rest}"))
        })
    }
}
