//! Where values end: what logs and keeps them, and what takes the data out of them.

use super::{Libraries, Library};
use crate::evaluate::library::format::{FunctionModel, Port, Return, SinkList, SinkModel};

impl Libraries {
    /// Adds functions of the workspace that take sensitive data out of what they are given.
    pub(crate) fn add_sanitizers(&mut self, names: &[String]) {
        self.sanitizers.extend(names.iter().cloned());
    }

    /// Whether the workspace says so of a function, by its simple name.
    pub(crate) fn is_sanitizer(&self, name: &str) -> bool {
        self.sanitizers.contains(name)
    }

    pub(super) fn add_sinks(&mut self, library: &str, sinks: SinkList) {
        for name in sinks.names() {
            let (method, known) = match name.strip_prefix("*::") {
                Some(method) => (true, self.methods.get_mut(method)),
                None => (false, self.functions.get_mut(&name)),
            };
            if let Some((_, known)) = known {
                known.sink = Some(Box::new(sinks.model()));
                continue;
            }
            let returns = sinks.chained.then_some(Return::Port(Port::Receiver));
            let model = FunctionModel { sink: Some(Box::new(sinks.model())), returns, ..FunctionModel::default() };
            if method {
                self.methods.insert(name.trim_start_matches("*::").to_owned(), (library.to_owned(), model));
            } else {
                self.functions.insert(name, (library.to_owned(), model));
            }
        }
        for annotation in &sinks.annotations {
            self.kept_results.insert(annotation.clone(), (library.to_owned(), sinks.model()));
        }
        if !sinks.named.is_empty() || !sinks.below.is_empty() {
            self.named_sinks.push((library.to_owned(), sinks));
        }
    }

    /// What a method keeps of a value of which only the name is known.
    pub(crate) fn named_sink(&self, name: &str, method: &str) -> Option<(&Library, SinkModel)> {
        let is_one = |sinks: &SinkList| {
            sinks.methods.iter().any(|it| it == method) && sinks.named.iter().any(|it| &**it == name)
        };
        let (library, sinks) = self.named_sinks.iter().find(|(_, sinks)| is_one(sinks))?;
        Some((library, sinks.model()))
    }

    /// The same of a member of it.
    pub(crate) fn sink_below(&self, name: &str, method: &str) -> Option<(&Library, SinkModel)> {
        let is_one = |sinks: &SinkList| {
            sinks.methods.iter().any(|it| it == method) && sinks.below.iter().any(|it| &**it == name)
        };
        let (library, sinks) = self.named_sinks.iter().find(|(_, sinks)| is_one(sinks))?;
        Some((library, sinks.model()))
    }

    /// How an annotation keeps the results of the function that it stands on.
    pub(crate) fn kept_result(&self, annotation: &str) -> Option<(&Library, &SinkModel)> {
        let known = self.kept_results.get(annotation).or_else(|| self.kept_results.get(&self.unalias(annotation)?))?;
        Some((&known.0, &known.1))
    }
}
