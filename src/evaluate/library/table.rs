//! All descriptors of one language, ready to be asked.

mod habits;
mod sinks;
mod stubs;

use std::collections::BTreeSet;
use std::mem;

use super::format::{
    ClientAnnotation, Constant, DefaultBound, Descriptor, DocumentModel, FunctionModel, GivenModel, GivenPart,
    InterfacesModel, Kind, Port, RepeatedModel, RequestAnnotation, RouteAnnotation, RoutesModel, SinkList, SinkModel,
    StubConstructor, TypeModel, Unit, WrapperModel,
};
use super::messages::Messages;
use super::pattern::Pattern;
use super::{BUILT_IN, listed};
use crate::evaluate::{Set, Table};
use crate::model::ir::{Symbol, Type};
use crate::model::library::DescriptorText;
use crate::model::problem::{Problem, ProblemKind};
use crate::model::source::Language;
use habits::Habits;
use stubs::{Server, Stub};

pub(crate) use stubs::{ServerMatch, StubMatch};

/// A library's id: the name of its descriptor.
pub(crate) type Library = str;

/// Names that are looked up all the time.
type Names = indexmap::IndexSet<String, rustc_hash::FxBuildHasher>;

/// Aliases that stand for aliases.
const MAX_ALIASES: usize = 3;

/// The descriptors of one family of languages.
#[derive(Debug, Default)]
pub(crate) struct Libraries {
    functions: Table<String, (String, FunctionModel)>,
    /// Methods of any type (`*::name`), by name.
    methods: Table<String, (String, FunctionModel)>,
    types: Table<String, (String, TypeModel)>,
    constants: Table<String, Constant>,
    aliases: Table<String, String>,
    /// The first one or two segments of aliases.
    alias_heads: Names,
    stubs: Vec<Stub>,
    servers: Vec<Server>,
    route_annotations: Table<String, (String, RouteAnnotation)>,
    repeated: Table<String, (String, RepeatedModel)>,
    pipelines: Table<String, (String, RepeatedModel)>,
    given: Table<String, GivenModel>,
    given_parameters: Table<String, GivenPart>,
    given_globals: Table<String, String>,
    interfaces: Vec<(String, InterfacesModel)>,
    namespaces: Set<String>,
    /// Segments of all names that `knows` knows.
    segments: Set<String>,
    /// Types with methods that send requests, or make what sends them: factories.
    factories: Set<String>,
    includes: Table<String, usize>,
    documents: Table<String, DocumentModel>,
    getters: Vec<Pattern>,
    setters: Vec<Pattern>,
    pub(super) messages: Messages,
    /// Members of stub results that are the response itself.
    response_members: Table<String, BTreeSet<String>>,
    stand_ins: Table<String, Type>,
    units: Table<String, Unit>,
    habits: Habits,
    configured: Table<String, Port>,
    configured_types: Table<String, Vec<Port>>,
    /// Functions that keep what they are given, until all functions are known.
    sinks: Vec<(String, SinkList)>,
    sanitizers: Set<String>,
    /// What values are usually called whose methods keep what they are given.
    named_sinks: Vec<(String, SinkList)>,
    /// Annotations of functions whose results are kept.
    kept_results: Table<String, (String, SinkModel)>,
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
            match listed::read(text) {
                Ok(descriptor) => all.add(descriptor),
                Err(error) => problems.push(Problem::path(
                    ProblemKind::Internal,
                    format!("rules/clients/{path}"),
                    format!("built-in descriptor cannot be read: {error}"),
                )),
            }
        }
        all.find_namespaces();
        all.find_segments();
        (all, problems)
    }

    /// Descriptors of a test.
    #[cfg(test)]
    pub(in crate::evaluate) fn of_texts(texts: &[&str]) -> Self {
        let mut all = Self::default();
        texts.iter().for_each(|text| all.add(listed::read(text).unwrap()));
        all.find_segments();
        all
    }

    /// The same, and beside them the descriptors that the workspace brings along. What these say of a
    /// function, type or constant wins, and their patterns are asked first.
    pub(crate) fn of(family: Language, own: &[DescriptorText]) -> (Self, Vec<Problem>) {
        let (mut all, mut problems) = Self::built_in(family);
        for given in own {
            match listed::read(&given.text) {
                Ok(descriptor) if descriptor.language.0.family() == family => all.add_own(descriptor),
                Ok(_) => {}
                Err(error) => problems.push(Problem::path(
                    ProblemKind::Note,
                    given.path.clone(),
                    format!("descriptor of a library cannot be read: {error}"),
                )),
            }
        }
        if !own.is_empty() {
            all.find_namespaces();
            all.find_segments();
        }
        (all, problems)
    }

    fn add_own(&mut self, descriptor: Descriptor) {
        let stubs = mem::take(&mut self.stubs);
        let servers = mem::take(&mut self.servers);
        let (getters, setters) = (mem::take(&mut self.getters), mem::take(&mut self.setters));
        let (messages, interfaces) = (mem::take(&mut self.messages.types), mem::take(&mut self.interfaces));
        self.add(descriptor);
        self.stubs.extend(stubs);
        self.servers.extend(servers);
        self.getters.extend(getters);
        self.setters.extend(setters);
        self.messages.types.extend(messages);
        self.interfaces.extend(interfaces);
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
            if let Some(each) = &model.list_of {
                let each = Type::Named(Symbol::new(each), vec![Type::Parameter("T".into())]);
                self.stand_ins.insert(name.clone(), Type::List(Box::new(each)));
            }
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
            for member in &model.members {
                self.response_members.entry(member.clone()).or_default().insert(library.clone());
            }
            let methods = model.methods.iter().map(|method| Pattern::parse(method)).collect();
            let modules = model.modules.iter().map(|module| Pattern::parse(module)).collect();
            self.stubs.push(Stub { library: library.clone(), pattern, functions, methods, modules, model });
        }
        self.servers.extend(descriptor.servers.into_iter().map(|server| Server::new(&library, server)));
        self.add_routes(&library, descriptor.routes);
        if !descriptor.interfaces.methods.is_empty() || !descriptor.interfaces.wrappers.is_empty() {
            self.interfaces.push((library.clone(), descriptor.interfaces));
        }
        self.constants.extend(descriptor.constants);
        self.stand_ins.extend(descriptor.stand_ins.into_iter().map(|name| (name, Type::Parameter("T".into()))));
        self.alias_heads.extend(descriptor.aliases.keys().map(|alias| head(alias).to_owned()));
        self.aliases.extend(descriptor.aliases);
        self.includes.extend(descriptor.includes);
        self.documents.extend(descriptor.documents);
        self.getters.extend(descriptor.getters.iter().map(|getter| Pattern::parse(getter)));
        self.setters.extend(descriptor.setters.iter().map(|setter| Pattern::parse(setter)));
        descriptor.messages.into_iter().for_each(|messages| self.messages.add(messages));
        self.configured.extend(descriptor.configured);
        self.configured_types.extend(descriptor.configured_types);
        self.sinks.extend(descriptor.sinks.into_iter().map(|sinks| (library.clone(), sinks)));
        self.habits.learn(&library, descriptor.unlimited, descriptor.fails_on_status, descriptor.sends_once);
        let named = |(name, model): (String, RepeatedModel)| (name, (library.clone(), model));
        self.repeated.extend(descriptor.repeated.into_iter().map(named));
        self.pipelines.extend(descriptor.pipelines.into_iter().map(named));
        if let Some(unit) = descriptor.time_unit {
            self.units.insert(library, unit);
        }
    }

    fn add_routes(&mut self, library: &str, routes: RoutesModel) {
        for (name, route) in routes.functions {
            let model = FunctionModel { route: Some(Box::new(route)), ..FunctionModel::default() };
            match name.strip_prefix("*::") {
                Some(method) => self.methods.insert(method.to_owned(), (library.to_owned(), model)),
                None => self.functions.insert(name, (library.to_owned(), model)),
            };
        }
        let annotations = routes.annotations.into_iter();
        self.route_annotations.extend(annotations.map(|(name, model)| (name, (library.to_owned(), model))));
        self.given.extend(routes.given);
        self.given_globals.extend(routes.globals);
        self.given_parameters.extend(routes.parameters);
    }

    /// What an annotation says of the handler or class that it stands on.
    pub(crate) fn route_annotation(&self, symbol: &str) -> Option<(&Library, &RouteAnnotation)> {
        self.by_name(&self.route_annotations, symbol)
    }

    /// What an annotation says that repeats the function that it stands on.
    pub(crate) fn repeated(&self, symbol: &str) -> Option<(&Library, &RepeatedModel)> {
        self.by_name(&self.repeated, symbol)
    }

    /// How an operator repeats the pipeline in front of it.
    pub(crate) fn pipeline(&self, symbol: &str) -> Option<(&Library, &RepeatedModel)> {
        self.by_name(&self.pipelines, symbol)
    }

    /// The same of a method of whatever is a pipeline.
    pub(crate) fn pipeline_method(&self, name: &str) -> Option<(&Library, &RepeatedModel)> {
        self.pipelines.get(&format!("*::{name}")).map(|(library, model)| (library.as_str(), model))
    }

    /// What a decider bounds that a repetition is given.
    pub(crate) fn stop<'m>(&self, model: &'m RepeatedModel, symbol: &str) -> Option<&'m DefaultBound> {
        model.stops.get(symbol).or_else(|| model.stops.get(&self.unalias(symbol)?))
    }

    /// Whether a function is known to make a policy, or to decide when what is repeated ends.
    pub(crate) fn decides(&self, symbol: &str) -> bool {
        let symbol = self.unalias(symbol).unwrap_or_else(|| symbol.into());
        let stops = |table: &Table<String, (String, RepeatedModel)>| {
            table.values().any(|(_, model)| model.stops.contains_key(&*symbol))
        };
        self.functions.contains_key(&*symbol) || stops(&self.repeated) || stops(&self.pipelines)
    }

    /// What an annotation says of a method of a declared client, by library.
    pub(crate) fn request_annotations(&self, symbol: &str) -> Vec<(&Library, &InterfacesModel, &RequestAnnotation)> {
        let known = self.interfaces.iter();
        known.filter_map(|(library, model)| Some((library.as_str(), model, model.methods.get(symbol)?))).collect()
    }

    /// What an annotation says of an interface that is a client, by library.
    pub(crate) fn client_annotations(&self, symbol: &str) -> Vec<(&Library, &ClientAnnotation)> {
        let known = self.interfaces.iter();
        known.filter_map(|(library, model)| Some((library.as_str(), model.clients.get(symbol)?))).collect()
    }

    /// A type that results of declared clients are wrapped in.
    pub(crate) fn wrapper(&self, symbol: &str) -> Option<&WrapperModel> {
        self.interfaces.iter().find_map(|(_, model)| model.wrappers.get(symbol))
    }

    /// Whether a namespace has names that matter: of what sends or answers requests.
    pub(crate) fn has_namespace(&self, namespace: &str) -> bool {
        self.namespaces.contains(namespace)
    }

    /// Namespaces of what sends or answers requests: those right above its types and functions.
    fn find_namespaces(&mut self) {
        let types = self.types.iter().filter(|(_, (_, model))| model.kind.is_some_and(Kind::sends));
        let functions = self.functions.iter().filter(|(_, (_, model))| model.matters()).map(|(name, _)| name);
        self.factories = functions.clone().filter_map(|name| parent(name)).map(str::to_owned).collect();
        // A function may be a method: then its type stands between.
        let functions = functions.flat_map(|name| parent(name).into_iter().flat_map(|above| [name.as_str(), above]));
        let names = types.map(|(name, _)| name.as_str()).chain(functions);
        let names = names.chain(self.route_annotations.keys().map(String::as_str));
        let names = names.chain(self.given.keys().map(String::as_str));
        let names = names.chain(self.aliases.keys().map(String::as_str));
        let methods = self.interfaces.iter().flat_map(|(_, model)| model.methods.keys());
        let names = names.chain(methods.map(String::as_str));
        self.namespaces = names.filter_map(parent).map(str::to_owned).collect();
    }

    /// Whether servers or declared clients are told by this name.
    fn names_part_of_interface(&self, symbol: &str) -> bool {
        self.route_annotations.contains_key(symbol)
            || self.given.contains_key(symbol)
            || self.given_parameters.contains_key(symbol)
            || self.interfaces.iter().any(|(_, model)| {
                model.methods.contains_key(symbol)
                    || model.clients.contains_key(symbol)
                    || model.parameters.contains_key(symbol)
                    || model.wrappers.contains_key(symbol)
            })
    }

    /// Whether a name that a descriptor speaks of has this segment.
    pub(crate) fn has_segment(&self, segment: &str) -> bool {
        self.segments.contains(segment)
    }

    fn find_segments(&mut self) {
        for (library, sinks) in mem::take(&mut self.sinks) {
            self.add_sinks(&library, sinks);
        }
        let names = self.functions.keys().chain(self.types.keys()).chain(self.constants.keys());
        let names = names.chain(self.configured.keys()).chain(self.configured_types.keys()).chain(self.aliases.keys());
        let names = names.chain(self.route_annotations.keys()).chain(self.given.keys());
        let names = names.chain(self.given_parameters.keys()).chain(self.kept_results.keys());
        let of_interfaces = self.interfaces.iter().flat_map(|(_, model)| {
            let names = model.methods.keys().chain(model.clients.keys());
            names.chain(model.parameters.keys()).chain(model.wrappers.keys())
        });
        self.segments = names.chain(of_interfaces).flat_map(|name| name.split("::")).map(str::to_owned).collect();
    }

    /// What a value of a type holds, where a handler is given it.
    pub(crate) fn given(&self, symbol: &str) -> Option<&GivenModel> {
        self.given.get(symbol).or_else(|| self.given.get(&self.unalias(symbol)?))
    }

    /// The type of a library's variable that holds the request while a handler runs.
    pub(crate) fn given_global(&self, symbol: &str) -> Option<&str> {
        self.given_globals.get(symbol).map(String::as_str)
    }

    /// What a parameter with this annotation holds.
    pub(crate) fn given_parameter(&self, symbol: &str) -> Option<GivenPart> {
        self.given_parameters.get(symbol).or_else(|| self.given_parameters.get(&self.unalias(symbol)?)).copied()
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

    /// Whether a type has methods that send requests, or make what sends them.
    pub(crate) fn is_factory(&self, symbol: &str) -> bool {
        self.factories.contains(symbol) || self.unalias(symbol).is_some_and(|name| self.factories.contains(&name))
    }

    /// A constant.
    pub(crate) fn constant(&self, symbol: &str) -> Option<&Constant> {
        self.constants.get(symbol).or_else(|| self.constants.get(&self.unalias(symbol)?))
    }

    /// The package argument of a macro that includes generated code.
    pub(crate) fn include(&self, symbol: &str) -> Option<usize> {
        self.includes.get(symbol).copied()
    }

    /// What a macro writes that makes a client for a document.
    pub(crate) fn document(&self, symbol: &str) -> Option<&DocumentModel> {
        self.documents.get(symbol)
    }

    /// The stub that a type is.
    pub(crate) fn stub_type(&self, symbol: &str) -> Option<StubMatch<'_>> {
        // A library's own client may be named like a stub.
        if self.types.contains_key(symbol) {
            return None;
        }
        self.stubs.iter().find_map(|stub| {
            let service = stub.pattern.matches(symbol)?;
            let is_stream = stub.model.streams.as_ref().is_some_and(|mark| service.contains(mark.as_str()));
            (!is_stream).then(|| stub.matched(service))
        })
    }

    /// Whether a type is named like a stub, or like a stream that one gives.
    pub(crate) fn is_named_like_stub(&self, symbol: &str) -> bool {
        self.stubs.iter().any(|stub| stub.pattern.matches(symbol).is_some())
    }

    /// The stub that a free function makes, and how.
    pub(crate) fn stub_function(&self, symbol: &str) -> Option<(StubMatch<'_>, &StubConstructor)> {
        self.stubs.iter().find_map(|stub| {
            stub.functions.iter().find_map(|(pattern, constructor)| {
                let service = pattern.matches(symbol)?;
                Some((stub.matched(service), constructor))
            })
        })
    }

    /// The stub that a library's type stands for, whatever its service.
    pub(crate) fn declared_stub(&self, symbol: &str) -> Option<StubMatch<'_>> {
        let declares = |stub: &&Stub| stub.model.declared.iter().any(|declared| declared == symbol);
        self.stubs.iter().find(declares).map(|stub| stub.matched(""))
    }

    /// The stub that what stands under an annotation is, whatever its service.
    pub(crate) fn annotated_stub(&self, annotation: &str) -> Option<StubMatch<'_>> {
        let gives = |stub: &&Stub| stub.model.annotations.iter().any(|name| name == annotation);
        self.stubs.iter().find(gives).map(|stub| stub.matched(""))
    }

    /// The type that is declared for clients of a service whose description holds its methods' in a member.
    pub(crate) fn described_stub(&self, member: &str) -> Option<&str> {
        let stub = self.stubs.iter().find(|stub| stub.model.described.iter().any(|name| name == member))?;
        stub.model.declared.first().map(String::as_str)
    }

    /// The stubs of a library, for one whose type says nothing.
    pub(crate) fn stub_of(&self, library: &Library) -> Option<StubMatch<'_>> {
        self.stubs.iter().find(|stub| stub.library == library).map(|stub| stub.matched(""))
    }

    /// The service that a type implements by embedding, extending or implementing this symbol.
    pub(crate) fn server<'l, 's>(&'l self, symbol: &'s str) -> Option<ServerMatch<'l, 's>> {
        self.servers.iter().find_map(|server| {
            let service = server.implements.as_ref()?.matches(symbol)?;
            Some(ServerMatch { library: &server.library, service })
        })
    }

    /// The service whose implementation a function is given, and the argument that it is.
    pub(crate) fn registration<'l, 's>(&'l self, symbol: &'s str) -> Option<(ServerMatch<'l, 's>, usize)> {
        self.servers.iter().find_map(|server| {
            server.registers.iter().find_map(|(pattern, at)| {
                let service = pattern.matches(symbol)?;
                Some((ServerMatch { library: &server.library, service }, *at))
            })
        })
    }

    /// Whether a method of something that a handler of an rpc is given sends a message of the answer.
    pub(crate) fn sends_answer(&self, method: &str) -> bool {
        self.servers.iter().any(|server| server.sends.iter().any(|name| name == method))
    }

    /// Every field that an accessor method of a generated message may read, by all patterns that fit.
    pub(crate) fn getters<'a>(&'a self, method: &'a str) -> impl Iterator<Item = &'a str> {
        self.getters.iter().filter_map(|pattern| pattern.matches(method))
    }

    /// Every field that an accessor method of a generated message may set.
    pub(crate) fn setters<'a>(&'a self, method: &'a str) -> impl Iterator<Item = &'a str> {
        self.setters.iter().filter_map(|pattern| pattern.matches(method))
    }

    fn by_name<'a, T>(&'a self, map: &'a Table<String, (String, T)>, symbol: &str) -> Option<(&'a Library, &'a T)> {
        let found = map.get(symbol).or_else(|| map.get(&self.unalias(symbol)?))?;
        Some((found.0.as_str(), &found.1))
    }

    /// The symbol with aliases of its type or module replaced, the longest first; an alias may stand for
    /// another.
    pub(crate) fn unalias(&self, symbol: &str) -> Option<String> {
        let mut heads = separators(symbol).take(2).chain([symbol.len()]);
        if !heads.any(|end| symbol.get(..end).is_some_and(|head| self.alias_heads.contains(head))) {
            return None;
        }
        let mut current = self.unalias_once(symbol)?;
        for _ in 0..MAX_ALIASES {
            let Some(next) = self.unalias_once(&current) else { break };
            current = next;
        }
        Some(current)
    }

    fn unalias_once(&self, symbol: &str) -> Option<String> {
        let mut cuts = std::iter::once(symbol.len()).chain(separators(symbol).rev());
        cuts.find_map(|cut| {
            let (alias, rest) = symbol.split_at_checked(cut)?;
            Some(format!("{}{rest}", self.aliases.get(alias)?))
        })
    }

    /// Whether a descriptor speaks of this symbol.
    pub(crate) fn knows(&self, symbol: &str) -> bool {
        let listed = |symbol: &str| {
            self.functions.contains_key(symbol)
                || self.types.contains_key(symbol)
                || self.constants.contains_key(symbol)
                || self.configured.contains_key(symbol)
                || self.configured_types.contains_key(symbol)
                || self.names_part_of_interface(symbol)
        };
        listed(symbol) || self.unalias(symbol).is_some_and(|symbol| listed(&symbol))
    }

    /// Libraries in which this member of what a remote call gives is the response itself.
    pub(crate) fn response_member(&self, name: &str) -> Option<&BTreeSet<String>> {
        self.response_members.get(name)
    }

    /// What plain numbers are where a library wants a duration, if it takes them.
    pub(crate) fn time_unit(&self, library: &Library) -> Option<Unit> {
        self.units.get(library).copied()
    }

    /// The argument of an annotation that names the configuration value of what it stands at.
    pub(crate) fn configured(&self, annotation: &str) -> Option<&Port> {
        self.configured.get(annotation)
    }

    /// The arguments of an annotation of a type of which one names what stands in front of the keys of its fields.
    pub(crate) fn configured_type(&self, annotation: &str) -> Option<&[Port]> {
        self.configured_types.get(annotation).map(Vec::as_slice)
    }
}

/// The first two segments of a symbol, or all of it.
fn head(symbol: &str) -> &str {
    separators(symbol).nth(1).and_then(|end| symbol.get(..end)).unwrap_or(symbol)
}

/// Where the segments of a symbol end, but the last one. Symbols are short: a search that is made for long
/// texts takes longer to set up than this.
fn separators(symbol: &str) -> impl DoubleEndedIterator<Item = usize> {
    symbol.as_bytes().windows(2).enumerate().filter(|(_, pair)| *pair == b"::").map(|(at, _)| at)
}

/// All but the last segment of a name.
fn parent(name: &str) -> Option<&str> {
    name.rsplit_once("::").map(|(parent, _)| parent)
}
