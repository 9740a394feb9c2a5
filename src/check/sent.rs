//! Whether a call sends what its operation asks for.

use crate::model::contract::{FieldRef, Parameter, ParameterPlace};
use crate::model::map::LinkedCall;
use crate::model::usage::Presence;

/// What is known of one thing that a call may send.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sends {
    /// It does.
    Yes,
    /// All that it sends is known, and this is not among it.
    No,
    /// Some of what it sends could not be followed.
    Unknown,
}

/// Headers that a contract cannot ask for as parameters (OpenAPI 3.1, 4.8.12), or that libraries send.
const SENT_ANYWAY: &[&str] = &[
    "accept",
    "content-type",
    "authorization",
    "host",
    "content-length",
    "user-agent",
    "accept-encoding",
    "connection",
];

/// Whether a call sends a parameter of its operation.
#[must_use]
pub fn sends_parameter(call: &LinkedCall, parameter: &Parameter) -> Sends {
    match parameter.place {
        ParameterPlace::Query => sends_in_query(call, parameter),
        ParameterPlace::Header => sends_header(call, parameter),
        // Without one the path is another.
        ParameterPlace::Path => Sends::Yes,
        ParameterPlace::Cookie => Sends::Unknown,
    }
}

fn sends_in_query(call: &LinkedCall, parameter: &Parameter) -> Sends {
    // Many servers take a name in any case.
    let (wanted, length) = (parameter.name.to_ascii_lowercase(), parameter.name.len());
    let is_it = |name: &str| {
        let rest = name.get(length..).filter(|_| name.to_ascii_lowercase().starts_with(&wanted));
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('['))
    };
    if call.parameters.iter().any(|it| it.name.as_deref().is_some_and(is_it)) {
        return Sends::Yes;
    }
    // An object is written as several parameters.
    let is_one = parameter.style == "form";
    if is_one && call.query_whole { Sends::No } else { Sends::Unknown }
}

fn sends_header(call: &LinkedCall, parameter: &Parameter) -> Sends {
    let name = parameter.name.to_ascii_lowercase();
    // Who calls is asked for by another rule.
    if parameter.identity || SENT_ANYWAY.contains(&name.as_str()) {
        return Sends::Unknown;
    }
    let sent = call.names.headers.iter().filter(|(sent, ..)| sent.as_ref().is_none_or(|sent| *sent == name));
    let sent: Vec<bool> = sent.map(|(sent, _, presence)| sent.is_some() && *presence == Presence::Always).collect();
    if sent.contains(&true) {
        Sends::Yes
    } else if sent.is_empty() && call.names.opaque.is_none() {
        Sends::No
    } else {
        Sends::Unknown
    }
}

/// Whether a call sends a field, in all objects of its kind that it sends.
#[must_use]
pub(super) fn sends_field(call: &LinkedCall, field: FieldRef) -> Sends {
    let objects = call.body.messages.iter().filter(|sent| sent.message == field.message);
    let each = objects.map(|sent| match (sent.has.contains(&field.index), sent.whole) {
        (true, _) => Sends::Yes,
        (false, true) => Sends::No,
        (false, false) => Sends::Unknown,
    });
    let each: Vec<Sends> = each.collect();
    if each.contains(&Sends::No) {
        Sends::No
    } else if !each.is_empty() && each.iter().all(|sends| *sends == Sends::Yes) {
        Sends::Yes
    } else {
        Sends::Unknown
    }
}
