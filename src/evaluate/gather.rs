//! What was followed, as facts for the stages behind.

use std::collections::{BTreeMap, BTreeSet};

use super::interp::{Interp, Sent, noted};
use super::library::{Kind, Libraries, Setting};
use super::object::Objects;
use super::program::Program;
use super::value::{ObjectId, Value, What};
use super::walk;
use crate::model::ir::{Expr, ExprKind, Literal, Module, Symbol, Type};
use crate::model::source::{Language, Span};
use crate::model::usage::{
    Access, AccessKind, Asked, Binding, BodyPart, Call, CallId, Client, ClientId, Facts, FieldName, Handler, Header,
    Location, Note, Origin, Part, Provided, Runtime, SinkKind, Sunk, Target, Template, Timeout,
};

/// The facts of a unit.
pub(super) fn facts(interp: &Interp<'_>, program: &Program<'_>, libraries: &Libraries) -> Facts {
    let mut clients = Clients::default();
    let mut calls: Vec<Call> = Vec::new();
    let mut by_place: BTreeMap<(Location, Option<Span>), Vec<usize>> = BTreeMap::new();
    let mut renumbered: BTreeMap<CallId, CallId> = BTreeMap::new();
    let urls = helper_urls(interp);
    let is_script = program.modules().iter().any(|module| module.language == Language::TypeScript);
    let runtime = if is_script { Runtime::Page } else { Runtime::Process };
    for (id, sent) in live(interp) {
        if says_less(sent, &urls) {
            continue;
        }
        // A stub is often made anew for each call; the channel below it is what is configured.
        let nearest = |kinds: &[Kind]| sent.request.and_then(|request| interp.objects.nearest(request, kinds));
        let client = nearest(&[Kind::Client, Kind::Channel]).or_else(|| nearest(&[Kind::Stub]));
        // Ways that lead to the same call with the same settings are one.
        let named = client.map(|object| clients.id(object, &interp.objects));
        let call = Call {
            unlimited: is_unlimited(sent, interp, libraries),
            runtime,
            ..call(sent, named, client, &interp.objects)
        };
        let alike = by_place.entry((sent.location.clone(), sent.at)).or_default();
        let known = alike.iter().copied().find(|at: &usize| calls[*at] == call);
        let at = known.unwrap_or(calls.len());
        if known.is_none() {
            alike.push(at);
            calls.push(call);
        }
        renumbered.insert(id, CallId(u32::try_from(at).unwrap_or(u32::MAX)));
    }
    let accesses = accesses(interp, program, &renumbered);
    let mut retries = interp.retries.clone();
    let (made, mut iterations) =
        super::retry::find(program, libraries, &interp.remote, &interp.limited, &failing(interp, libraries));
    retries.extend(made);
    retries.extend(super::repeating::by_clients(live(interp), &interp.objects));
    for iteration in &mut iterations {
        iteration.calls = iteration.calls.iter().filter_map(|call| renumbered.get(call).copied()).collect();
    }
    iterations.sort_by(|left, right| left.location.cmp(&right.location));
    iterations.dedup();
    for retry in &mut retries {
        retry.calls = retry.calls.iter().filter_map(|call| renumbered.get(call).copied()).collect();
    }
    retries.retain(|retry| !retry.calls.is_empty());
    retries.sort_by(|left, right| left.location.cmp(&right.location));
    retries.dedup();
    let handlers = interp.routes.handlers(&renumbered);
    Facts {
        clients: clients.order,
        calls,
        accesses,
        retries,
        iterations,
        bindings: bindings(program, libraries),
        provided: provided(program, libraries).into_iter().chain(interp.routes.registered.values().cloned()).collect(),
        opened: program.opened(),
        notes: notes(interp, program, &handlers),
        handlers,
        listening: interp.listening.clone(),
        records: interp.records.all.clone(),
        body_parts: body_parts(interp, &renumbered),
        sunk: sunk(interp, &renumbered),
        asked: asked(interp, program, &renumbered),
    }
}

/// Requests that were seen in the last round.
fn live<'i>(interp: &'i Interp<'_>) -> impl Iterator<Item = (CallId, &'i Sent)> {
    let numbered = interp.requests.iter().enumerate();
    let numbered = numbered.map(|(at, sent)| (CallId(u32::try_from(at).unwrap_or(u32::MAX)), sent));
    numbered.filter(|(id, _)| interp.live.contains(id))
}

/// Calls that end with an error where they are refused: all through stubs, and those of some libraries.
fn failing(interp: &Interp<'_>, libraries: &Libraries) -> BTreeSet<CallId> {
    let fails = |sent: &Sent| !matches!(sent.target, Target::Http { .. }) || libraries.fails_on_status(&sent.library);
    live(interp).filter(|(_, sent)| fails(sent)).map(|(id, _)| id).collect()
}

/// URLs of requests that are sent in helpers, by the place that calls the helper.
type HelperUrls<'i> = BTreeMap<(&'i Location, Span), Vec<&'i Template>>;

fn helper_urls<'i>(interp: &'i Interp<'_>) -> HelperUrls<'i> {
    let mut urls = HelperUrls::new();
    for (_, sent) in live(interp) {
        if let (Some(at), Target::Http { url, .. }) = (sent.at, &sent.target) {
            urls.entry((&sent.location, at)).or_default().push(url);
        }
    }
    urls
}

/// Whether a helper sends to a URL of which nothing is known, or that only goes on with what is not known,
/// where more is known of another one: it is the same URL behind a middleware, or with a query.
fn says_less(sent: &Sent, urls: &HelperUrls<'_>) -> bool {
    let (Some(at), Target::Http { url, .. }) = (sent.at, &sent.target) else { return false };
    let is_hole = |url: &Template| url.0.iter().all(|part| matches!(part, Part::Hole));
    let others = urls.get(&(&sent.location, at)).into_iter().flatten();
    let is_vague = is_hole(url);
    others.into_iter().any(|other| !is_hole(other) && (is_vague || goes_on(url, other)))
}

/// Whether a URL is another one that ends with fixed text, and holes behind it.
fn goes_on(url: &Template, shorter: &Template) -> bool {
    let rest = url.0.strip_prefix(shorter.0.as_slice());
    matches!(shorter.0.last(), Some(Part::Text(_))) && matches!(rest, Some([Part::Hole, ..]))
}

/// Annotations on what travels, and on the functions and classes of handlers.
fn notes(interp: &Interp<'_>, program: &Program<'_>, handlers: &[Handler]) -> BTreeMap<Span, Vec<Note>> {
    let mut notes = interp.records.notes.clone();
    for handler in handlers {
        let Some(func) = program.function(&handler.function).map(|id| program.func(id)) else { continue };
        let class = func.owner.as_ref().and_then(Type::symbol).and_then(|owner| program.type_def(owner));
        let annotations = class.map(|(_, class)| &class.annotations).into_iter().chain([&func.annotations]);
        let said: Vec<Note> = annotations.flat_map(|all| noted(all)).collect();
        if !said.is_empty() {
            notes.insert(handler.location.span, said);
        }
    }
    notes
}

/// Adds the facts of another unit.
pub(super) fn absorb(facts: &mut Facts, mut unit: Facts) {
    let calls = u32::try_from(facts.calls.len()).unwrap_or(u32::MAX);
    let clients = u32::try_from(facts.clients.len()).unwrap_or(u32::MAX);
    let shift = |call: &mut CallId| call.0 += calls;
    for call in &mut unit.calls {
        if let Some(client) = &mut call.client {
            client.0 += clients;
        }
    }
    for access in &mut unit.accesses {
        for origin in &mut access.origins {
            match origin {
                Origin::Response(call, _) | Origin::Request(call, _) => shift(call),
                Origin::Handler(..) | Origin::Typed(..) | Origin::Asked(..) => {}
            }
        }
    }
    for answer in unit.handlers.iter_mut().flat_map(|handler| &mut handler.answers) {
        for origin in answer.origins.iter_mut().chain(&mut answer.derived) {
            if let Origin::Response(call, _) | Origin::Request(call, _) = origin {
                shift(call);
            }
        }
    }
    unit.handlers.iter_mut().for_each(|handler| handler.calls.iter_mut().for_each(shift));
    let records = u32::try_from(facts.records.len()).unwrap_or(u32::MAX);
    let fields = unit.records.iter_mut().flat_map(|record| &mut record.fields).map(|field| &mut field.data);
    let bodies = unit.handlers.iter_mut().flat_map(|handler| handler.takes.iter_mut().chain(&mut handler.gives));
    fields.chain(bodies).for_each(|data| data.each_record(&mut |id| id.0 += records));
    facts.records.append(&mut unit.records);
    facts.notes.append(&mut unit.notes);
    for origin in unit.sunk.iter_mut().flat_map(|sunk| sunk.origins.iter_mut().chain(&mut sunk.derived)) {
        if let Origin::Response(call, _) | Origin::Request(call, _) = origin {
            shift(call);
        }
    }
    unit.sunk.iter_mut().filter_map(|sunk| sunk.call.as_mut()).for_each(shift);
    unit.retries.iter_mut().for_each(|retry| retry.calls.iter_mut().for_each(shift));
    unit.iterations.iter_mut().for_each(|iteration| iteration.calls.iter_mut().for_each(shift));
    unit.body_parts.iter_mut().for_each(|part| shift(&mut part.call));
    unit.asked.iter_mut().for_each(|asked| shift(&mut asked.call));
    facts.body_parts.append(&mut unit.body_parts);
    facts.clients.append(&mut unit.clients);
    facts.calls.append(&mut unit.calls);
    facts.accesses.append(&mut unit.accesses);
    facts.retries.append(&mut unit.retries);
    facts.iterations.append(&mut unit.iterations);
    facts.bindings.append(&mut unit.bindings);
    facts.provided.append(&mut unit.provided);
    facts.handlers.append(&mut unit.handlers);
    facts.listening.append(&mut unit.listening);
    facts.opened.append(&mut unit.opened);
    facts.sunk.append(&mut unit.sunk);
    facts.asked.append(&mut unit.asked);
}

/// Clients in the order in which calls name them. Those that one place makes alike are one.
#[derive(Default)]
struct Clients {
    order: Vec<Client>,
    index: BTreeMap<ObjectId, ClientId>,
    by_place: BTreeMap<Location, Vec<usize>>,
}

impl Clients {
    fn id(&mut self, object: ObjectId, objects: &Objects) -> ClientId {
        if let Some(id) = self.index.get(&object) {
            return *id;
        }
        let client = client(object, objects);
        let alike = self.by_place.entry(client.location.clone()).or_default();
        let known = alike.iter().copied().find(|at| self.order[*at] == client);
        let at = known.unwrap_or(self.order.len());
        if known.is_none() {
            alike.push(at);
            self.order.push(client);
        }
        let id = ClientId(u32::try_from(at).unwrap_or(u32::MAX));
        self.index.insert(object, id);
        id
    }
}

fn client(id: ObjectId, objects: &Objects) -> Client {
    let object = objects.get(id);
    Client {
        location: object.location.clone(),
        library: object.library.clone(),
        base: objects
            .setting(id, Setting::Base)
            .and_then(|set| set.value.texts().into_iter().next())
            .map(|text| text.template),
        headers: headers(objects.lineage(id).into_iter(), objects),
        timeout: objects.setting(id, Setting::Timeout).map_or(Timeout::None, |set| timeout(&set.value)),
        opaque: opaque(objects.lineage(id).into_iter(), objects),
    }
}

fn call(sent: &Sent, client: Option<ClientId>, object: Option<ObjectId>, objects: &Objects) -> Call {
    // What the client sets is the client's; what remains is the call's own.
    let own: Vec<ObjectId> = sent.request.map(|request| own_lineage(request, object, objects)).unwrap_or_default();
    Call {
        location: sent.location.clone(),
        sent: sent.at,
        library: sent.library.clone(),
        target: sent.target.clone(),
        client,
        headers: headers(own.iter().copied(), objects),
        query: sent
            .request
            .into_iter()
            .flat_map(|request| objects.lineage(request))
            .flat_map(|id| objects.get(id).query.clone())
            .collect(),
        query_whole: sent.plain
            && sent.request.is_some_and(|request| {
                let mut lineage = objects.lineage(request).into_iter().map(|id| objects.get(id));
                lineage.all(|object| !object.touched && !object.settings.contains_key(&Setting::Opaque))
            }),
        timeout: own
            .iter()
            .find_map(|id| objects.get(*id).settings.get(&Setting::Timeout)?.last())
            .map(|set| timeout(&set.value)),
        unlimited: false,
        opaque: if sent.request.is_some() {
            opaque(own.iter().copied(), objects)
        } else {
            Some("the request could not be followed".to_owned())
        },
        outside: sent.request.is_some_and(|request| is_outside(request, objects)),
        runtime: Runtime::Process,
    }
}

/// Whether nothing ends a call that is never answered: the library waits for ever by default, and
/// nothing that the request is made of says otherwise or was not followed. Code that limits the time
/// of what it calls is believed to do so for all of its file.
fn is_unlimited(sent: &Sent, interp: &Interp<'_>, libraries: &Libraries) -> bool {
    let Some(request) = sent.request.filter(|_| libraries.is_unlimited(&sent.library)) else { return false };
    let files = [Some(sent.location.span), sent.at].map(|span| span.map(|span| span.file));
    let is_limited = interp.limited.iter().any(|limited| files.contains(&Some(limited.file)));
    let waits = |id: &ObjectId| {
        let object = interp.objects.get(*id);
        let is_set = |setting: Setting| object.settings.get(&setting).into_iter().flatten();
        let no_limit = is_set(Setting::Timeout).all(|set| timeout(&set.value) == Timeout::None);
        let no_context = is_set(Setting::Context).all(|set| set.value.what == What::Null);
        !object.unfollowed && no_limit && no_context && !object.settings.contains_key(&Setting::Opaque)
    };
    // A stub whose channel was not followed is somebody else's.
    let is_whole = matches!(sent.target, Target::Http { .. })
        || interp.objects.nearest(request, &[Kind::Channel, Kind::Client]).is_some();
    !is_limited && is_whole && interp.objects.lineage(request).iter().all(waits)
}

/// The request and what it takes settings from, without its client and all above that. A stub between
/// them belongs to the call.
fn own_lineage(request: ObjectId, client: Option<ObjectId>, objects: &Objects) -> Vec<ObjectId> {
    let above: BTreeSet<ObjectId> = client.into_iter().flat_map(|client| objects.lineage(client)).collect();
    objects.lineage(request).into_iter().filter(|id| !above.contains(id)).collect()
}

fn headers(lineage: impl Iterator<Item = ObjectId>, objects: &Objects) -> Vec<Header> {
    let mut all: Vec<Header> = lineage.flat_map(|id| objects.get(id).headers.clone()).collect();
    all.sort_by(|left, right| (&left.name, left.span, &left.value).cmp(&(&right.name, right.span, &right.value)));
    all.dedup();
    all
}

fn timeout(value: &Value) -> Timeout {
    match value.what {
        What::Millis(0) | What::Null | What::Int(0) => Timeout::None,
        What::Millis(millis) => Timeout::Millis(millis),
        // Go counts durations in nanoseconds.
        What::Int(nanos) => Timeout::Millis(u64::try_from(nanos).unwrap_or(0) / 1_000_000),
        _ => Timeout::Unknown,
    }
}

fn opaque(mut lineage: impl Iterator<Item = ObjectId>, objects: &Objects) -> Option<String> {
    lineage
        .any(|id| objects.get(id).settings.contains_key(&Setting::Opaque))
        .then(|| "middleware or options that could not be followed may set headers".to_owned())
}

/// Whether the client of a request is made by code that was not seen: it may send anything with each call.
fn is_outside(request: ObjectId, objects: &Objects) -> bool {
    objects.lineage(request).into_iter().any(|id| objects.get(id).outside)
}

/// Accesses with their calls. One place that is reached in several ways is one access with all the
/// origins of these ways.
fn accesses(interp: &Interp<'_>, program: &Program<'_>, renumbered: &BTreeMap<CallId, CallId>) -> Vec<Access> {
    let mut places: BTreeMap<Place<'_>, BTreeSet<Origin>> = BTreeMap::new();
    for seen in &interp.accesses {
        let place = (&seen.location, seen.kind, seen.field.as_ref(), seen.owner.as_ref());
        let origins = seen.origins.iter().filter_map(|origin| renumber(origin, renumbered));
        places.entry(place).or_default().extend(origins);
    }
    let mut all = Vec::with_capacity(places.len());
    for ((location, kind, field, owner), mut origins) in places {
        let by_type = origins.is_empty();
        let own = owner.is_some_and(|owner| program.is_own_type(owner));
        if by_type && let Some(owner) = owner.filter(|_| own) {
            origins =
                interp.origins_of_type(owner, kind).iter().filter_map(|origin| renumber(origin, renumbered)).collect();
        }
        if origins.is_empty() && (own || owner.is_none() || kind == AccessKind::Whole) {
            continue;
        }
        all.push(Access {
            location: location.clone(),
            kind,
            field: field.cloned(),
            // An own type is no contract's: its name must not be taken for a message's.
            owner: owner.filter(|_| !own).cloned(),
            origins: origins.into_iter().collect(),
            by_type,
        });
    }
    all.extend(unknown_uses(interp, &all, renumbered));
    all
}

/// Parts of bodies with their calls, by call.
fn body_parts(interp: &Interp<'_>, renumbered: &BTreeMap<CallId, CallId>) -> Vec<BodyPart> {
    let parts = interp.bodies_sent.iter();
    let parts = parts.filter_map(|part| Some(BodyPart { call: *renumbered.get(&part.call)?, ..part.clone() }));
    let parts: BTreeSet<BodyPart> = parts.collect();
    parts.into_iter().collect()
}

/// Bodies that are taken and of which no field is seen to be used: they are passed on as they are.
fn unknown_uses(interp: &Interp<'_>, seen: &[Access], calls: &BTreeMap<CallId, CallId>) -> Vec<Access> {
    let used: BTreeSet<CallId> = seen
        .iter()
        .flat_map(|access| &access.origins)
        .filter_map(|origin| match origin {
            Origin::Response(call, _) => Some(*call),
            Origin::Request(..) | Origin::Handler(..) | Origin::Typed(..) | Origin::Asked(..) => None,
        })
        .collect();
    let unused = interp.bodies.iter().filter_map(|(call, location)| Some((*calls.get(call)?, location)));
    unused
        .filter(|(call, _)| !used.contains(call))
        .map(|(call, location)| Access {
            location: location.clone(),
            kind: AccessKind::Whole,
            field: None,
            owner: None,
            origins: vec![Origin::Response(call, Vec::new())],
            by_type: false,
        })
        .collect()
}

/// What is logged, cached and stored, by place.
fn sunk(interp: &Interp<'_>, calls: &BTreeMap<CallId, CallId>) -> Vec<Sunk> {
    let renumbered = |origins: &BTreeSet<Origin>| origins.iter().filter_map(|it| renumber(it, calls)).collect();
    let all = interp.sunk.iter().map(|(key, ends)| Sunk {
        location: key.location.clone(),
        kind: key.kind,
        into: key.into.clone(),
        origins: renumbered(&ends.held),
        derived: renumbered(&ends.derived),
        expires: key.expires,
        sure: key.sure,
        call: key.call.and_then(|call| calls.get(&call).copied()),
    });
    let is_followed = |sunk: &Sunk| sunk.kind != SinkKind::Send || sunk.call.is_some();
    all.filter(is_followed).filter(|sunk| !sunk.origins.is_empty() || !sunk.derived.is_empty()).collect()
}

/// What calls send that was asked for, and that nothing looks at.
fn asked(interp: &Interp<'_>, program: &Program<'_>, calls: &BTreeMap<CallId, CallId>) -> Vec<Asked> {
    if interp.sent_asked.is_empty() || super::interp::asked::is_guarded(program) {
        return Vec::new();
    }
    let is_checked = |handler: &Symbol, name: &std::sync::Arc<str>| {
        name.is_empty()
            || interp.checked.contains(&(handler.clone(), std::sync::Arc::clone(name)))
            || interp.checked.contains(&(handler.clone(), "".into()))
    };
    let all = interp.sent_asked.iter().flat_map(|(call, sent)| sent.iter().map(move |sent| (call, sent)));
    let open = all.filter(|(_, (_, (handler, name)))| !is_checked(handler, name));
    let found: BTreeSet<Asked> = open
        .filter_map(|(call, (parameter, (handler, name)))| {
            let (parameter, handler) = (parameter.clone(), handler.clone());
            Some(Asked { call: *calls.get(call)?, parameter, handler, name: std::sync::Arc::clone(name) })
        })
        .collect();
    found.into_iter().collect()
}

/// Where an access is, what it does, to which field of which type.
type Place<'s> = (&'s Location, AccessKind, Option<&'s FieldName>, Option<&'s Symbol>);

fn renumber(origin: &Origin, calls: &BTreeMap<CallId, CallId>) -> Option<Origin> {
    Some(match origin {
        Origin::Response(call, steps) => Origin::Response(*calls.get(call)?, steps.clone()),
        Origin::Request(call, steps) => Origin::Request(*calls.get(call)?, steps.clone()),
        other @ (Origin::Handler(..) | Origin::Typed(..)) => other.clone(),
        // It says nothing of data of contracts.
        Origin::Asked(..) => return None,
    })
}

/// Modules of generated code, and the protobuf package that they are generated from: named by the macro
/// that includes them, or by the method paths that generated stubs send (gRPC over HTTP/2, "Requests":
/// `/{package}.{service}/{method}`).
fn bindings(program: &Program<'_>, libraries: &Libraries) -> Vec<Binding> {
    let mut found: BTreeMap<(Symbol, String), Span> = BTreeMap::new();
    for module in program.modules() {
        for include in &module.includes {
            let package = libraries.include(include.name.as_str()).and_then(|at| include.args.get(at));
            if let Some(package) = package {
                found.entry((include.module.clone(), package.clone())).or_insert(include.span);
            }
        }
        if module.generated {
            each_text(module, &mut |text, span| {
                if let Some(package) = package_of_path(text) {
                    found.entry((module.name.clone(), package.to_owned())).or_insert(span);
                }
            });
        }
    }
    found.into_iter().map(|((module, package), span)| Binding { module, package, span }).collect()
}

/// Every fixed text in a module.
fn each_text(module: &Module, see: &mut dyn FnMut(&str, Span)) {
    let mut literal = |expr: &Expr| {
        if let ExprKind::Literal(Literal::Str(text)) = &expr.kind {
            see(text, expr.span);
        }
    };
    module.globals.iter().filter_map(|global| global.value.as_ref()).for_each(|value| walk::expr(value, &mut literal));
    module.funcs.iter().filter_map(|func| func.body.as_ref()).for_each(|body| walk::block(body, &mut literal));
}

/// The package in the path of a remote method.
fn package_of_path(text: &str) -> Option<&str> {
    let (service, method) = text.strip_prefix('/')?.split_once('/')?;
    let (package, service) = service.rsplit_once('.')?;
    let is_name =
        |name: &str| !name.is_empty() && name.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '_');
    (is_name(method) && is_name(service) && package.split('.').all(is_name)).then_some(package)
}

/// Services that types implement: by what they embed, or by the generated trait.
fn provided(program: &Program<'_>, libraries: &Libraries) -> Vec<Provided> {
    let mut all = Vec::new();
    for module in program.modules().iter().filter(|module| !module.generated) {
        let location = |span, function: &Symbol| Location {
            service: module.service,
            span,
            function: function.clone(),
            test: module.test,
        };
        for ty in &module.types {
            for parent in ty.supertypes.iter().filter_map(Type::symbol) {
                if let Some(server) = libraries.server(parent.as_str()) {
                    all.push(Provided {
                        location: location(ty.span, &ty.symbol),
                        symbol: parent.clone(),
                        service: server.service.to_owned(),
                    });
                }
            }
        }
        for func in &module.funcs {
            let Some(implemented) = &func.implements else { continue };
            if let Some(server) = libraries.server(implemented.as_str()) {
                let provided = Provided {
                    location: location(func.name_span, &func.symbol),
                    symbol: implemented.clone(),
                    service: server.service.to_owned(),
                };
                if all.iter().all(|known: &Provided| {
                    known.symbol != provided.symbol || known.location.service != provided.location.service
                }) {
                    all.push(provided);
                }
            }
        }
    }
    all
}
