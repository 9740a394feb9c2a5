//! What calls send as others asked <-> parameters of their operations.

use super::argument::{declared, written_query};
use super::handler::Handlers;
use super::name::normalised;
use crate::model::contract::{Catalog, Operation, OperationId, ParameterPlace};
use crate::model::map::AskedParameter;
use crate::model::usage::{Asked, Call, CallId, Facts, Handler, Target};

/// The parameters of a call that are sent as others asked. In a URL the names must say which it is, or there
/// must be only one that it can be.
pub(super) fn parameters(
    facts: &Facts,
    (id, call): (CallId, &Call),
    (catalog, operation): (&Catalog, OperationId),
    handlers: &Handlers,
) -> Vec<AskedParameter> {
    let all = facts.asked.partition_point(|asked| asked.call < id);
    let all = facts.asked[all..].iter().take_while(|asked| asked.call == id);
    let handler = |asked: &Asked| facts.handlers.iter().find(|handler| handler.function == asked.handler);
    let all: Vec<(&Asked, &Handler)> = all.filter_map(|asked| Some((asked, handler(asked)?))).collect();
    if all.is_empty() {
        return Vec::new();
    }
    let operation = catalog.operation(operation);
    let (open, is_vague) = open_in_url(call, operation);
    let in_url = all.iter().filter(|(asked, _)| asked.parameter.is_none()).count();
    let mut found: Vec<AskedParameter> = all
        .iter()
        .filter_map(|(asked, handler)| {
            let parameter = match &asked.parameter {
                Some(name) => declared(operation, ParameterPlace::Query, name)?,
                None => {
                    let is_it = |at: &&usize| normalised(&operation.parameters[**at].name) == normalised(&asked.name);
                    let only = || open.first().filter(|_| open.len() == 1 && in_url == 1 && !is_vague);
                    *open.iter().find(is_it).or_else(only)?
                }
            };
            let within = handlers.operations(handler.location.service, &asked.handler);
            let within = within.into_iter().flatten().copied().collect();
            Some(AskedParameter { parameter, name: asked.name.to_string(), within })
        })
        .collect();
    found.sort();
    found.dedup();
    found
}

/// Parameters whose values in the URL are not known, and whether anything may be in its query.
fn open_in_url(call: &Call, operation: &Operation) -> (Vec<usize>, bool) {
    let Target::Http { url, .. } = &call.target else { return (Vec::new(), false) };
    let written = written_query(url);
    // `/items?{}`: what is put in may be any of them.
    let is_vague = written.iter().any(|(name, _)| name.is_none());
    let is_open = |name: &str| match written.iter().find(|(written, _)| written.as_deref() == Some(name)) {
        Some((_, value)) => value.as_text().is_none(),
        None => is_vague,
    };
    let parameters = operation.parameters.iter().enumerate();
    let open = parameters.filter(|(_, parameter)| match parameter.place {
        ParameterPlace::Path => true,
        ParameterPlace::Query => is_open(&parameter.name),
        ParameterPlace::Header | ParameterPlace::Cookie => false,
    });
    (open.map(|(at, _)| at).collect(), is_vague)
}
