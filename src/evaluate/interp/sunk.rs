//! Values that are logged, cached and stored.

use std::collections::{BTreeMap, BTreeSet};

use super::Interp;
use super::argument::{Given, Site, nowhere};
use super::derived::LIST;
use crate::evaluate::library::format::{ExpiryModel, SinkModel, SinkName};
use crate::evaluate::library::{Kind, Library};
use crate::evaluate::program::FuncId;
use crate::evaluate::value::{Value, What};
use crate::evaluate::walk;
use crate::model::ir::{Expr, ExprKind, Symbol, Type};
use crate::model::source::Span;
use crate::model::usage::{CallId, Location, Origin, SinkKind};
use crate::model::words::words;

/// What a place does with values, and which came there.
pub(in crate::evaluate) type AllSunk = BTreeMap<Key, Ends>;

/// A place that does something with values.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::evaluate) struct Key {
    pub(in crate::evaluate) location: Location,
    pub(in crate::evaluate) kind: SinkKind,
    pub(in crate::evaluate) into: String,
    pub(in crate::evaluate) expires: Option<bool>,
    pub(in crate::evaluate) sure: bool,
    /// The call that sends it.
    pub(in crate::evaluate) call: Option<CallId>,
}

/// What came there.
#[derive(Clone, Debug, Default)]
pub(in crate::evaluate) struct Ends {
    pub(in crate::evaluate) held: BTreeSet<Origin>,
    pub(in crate::evaluate) derived: BTreeSet<Origin>,
}

/// Where a value goes.
struct Into {
    kind: SinkKind,
    name: String,
    expires: Option<bool>,
    sure: bool,
}

impl Into {
    /// To another service.
    const fn sent() -> Self {
        Self { kind: SinkKind::Send, name: String::new(), expires: None, sure: true }
    }
}

/// Objects within objects that are sent.
const MAX_SENT_DEPTH: usize = 4;
/// What the maps of a language are called in descriptors.
const MAP: &str = "Map";
/// Calls, references and indexes around the place of a map.
const MAX_PLACES: usize = 12;

impl<'a> Interp<'a> {
    /// A library's function keeps what it is given.
    pub(super) fn sunk_by(
        &mut self,
        library: &'a Library,
        sink: &'a SinkModel,
        receiver: Option<(&Value, Option<&'a Expr>)>,
        site: &Site<'a>,
    ) {
        let given: Vec<Given<'a>> =
            site.args.iter().skip(sink.from).take(sink.most.unwrap_or(usize::MAX)).cloned().collect();
        if sink.kind == SinkName::Memory {
            if let Some((owner, Some(place))) = receiver {
                for arg in &given {
                    let span = arg.span(site.span);
                    self.put_in_memory(place, owner, &arg.value, span);
                    // What is kept may be made when it is not there yet.
                    for callable in arg.value.functions().cloned().collect::<Vec<_>>() {
                        let made = self.branch(|interp| interp.call_value(&callable, &Site::bare(span)));
                        self.put_in_memory(place, owner, &made, span);
                    }
                }
            }
            return;
        }
        let expires = self.expires(&sink.expires, receiver.map(|(value, _)| value), site);
        for arg in given {
            let into = Into { kind: kind_of(sink.kind), name: called(library, sink), expires, sure: true };
            // What a log writes may be made when it is wanted.
            let callables: Vec<_> = arg.value.functions().cloned().collect();
            let span = arg.span(site.span);
            for callable in callables.iter().filter(|_| sink.kind == SinkName::Log) {
                let made = self.branch(|interp| interp.call_value(callable, &Site::bare(span)));
                self.sink(&into, &made, span);
            }
            self.stored(&into, &arg.value, span);
            self.escape(&arg.value, span);
        }
    }

    /// The same for a method of something that is only known by its usual name: `logger.info(..)`.
    pub(super) fn sunk_by_name(&mut self, receiver: &Value, place: Option<&'a Expr>, name: &str, site: &Site<'a>) {
        let Some(place) = place else { return };
        if self.is_map(receiver, place) {
            let libraries = self.libraries;
            let model = libraries
                .function(&format!("{MAP}::{name}"))
                .and_then(|(library, model)| model.sink.as_deref().map(|sink| (library, sink)));
            if let Some((library, sink)) = model {
                self.sunk_by(library, sink, Some((receiver, Some(place))), site);
                return;
            }
        }
        let Some(usual) = last_name(place) else { return };
        if receiver.objects().next().is_some() || !site.args.iter().any(|arg| self.has_data(&arg.value)) {
            return;
        }
        let outer = match &place.kind {
            ExprKind::Member { base, .. } => last_name(base),
            _ => None,
        };
        let known = self.libraries.named_sink(usual, name);
        let below = || self.libraries.sink_below(outer?, name);
        let Some((library, model)) = known.or_else(below) else { return };
        let expires = self.expires(&model.expires, Some(receiver), site);
        let into = Into { kind: kind_of(model.kind), name: called(library, &model), expires, sure: true };
        for arg in site.args.iter().skip(model.from).take(model.most.unwrap_or(usize::MAX)) {
            self.stored(&into, &arg.value, arg.span(site.span));
        }
    }

    /// The same for a variable of the module that is known by its name alone: `log.info(..)`, `seen.set(..)`.
    pub(super) fn sunk_by_symbol(&mut self, symbol: &Symbol, owner: &Symbol, site: &Site<'a>) {
        if !site.args.iter().any(|arg| self.has_data(&arg.value)) {
            return;
        }
        let libraries = self.libraries;
        let map = libraries.function(&format!("{MAP}::{}", symbol.name()));
        if let (Some(sink), Some((_, global))) =
            (map.and_then(|(_, model)| model.sink.as_deref()), self.program.global(owner))
        {
            let held = self.global(&global.symbol);
            if may_be_map(&held.ty) || may_be_map(&global.ty) || makes_map(global.value.as_ref()) {
                for arg in site.args.iter().skip(sink.from).take(sink.most.unwrap_or(usize::MAX)) {
                    self.put_in(owner.name().to_owned(), true, &arg.value, arg.span(site.span));
                }
            }
            return;
        }
        let Some((library, model)) = libraries.named_sink(owner.name(), symbol.name()) else { return };
        let expires = self.expires(&model.expires, None, site);
        let into = Into { kind: kind_of(model.kind), name: called(library, &model), expires, sure: true };
        for arg in site.args.iter().skip(model.from).take(model.most.unwrap_or(usize::MAX)) {
            self.stored(&into, &arg.value, arg.span(site.span));
        }
    }

    /// The result of a function is kept, as an annotation says.
    pub(super) fn result_kept(&mut self, id: FuncId, value: &Value) {
        let func = self.program.func(id);
        for note in &func.annotations {
            let name = self.program.canonical(&note.name);
            let Some((library, sink)) = self.libraries.kept_result(name.as_str()) else { continue };
            let expires = match &sink.expires {
                model if model.elsewhere => None,
                model => Some(
                    model.always
                        || note.args.iter().any(|arg| arg.name.as_ref().is_some_and(|name| model.keys.contains(name))),
                ),
            };
            let into = Into { kind: kind_of(sink.kind), name: called(library, sink), expires, sure: true };
            self.inside(id, |interp| interp.sink(&into, value, func.name_span));
        }
    }

    /// Something is put into a map; that counts where the map lives as long as the service.
    pub(super) fn put_in_memory(&mut self, place: &'a Expr, owner: &Value, value: &Value, span: Span) {
        if self.quiet > 0 || !self.has_data(value) {
            return;
        }
        let Some((name, sure)) = self.lives_long(place, owner) else { return };
        self.put_in(name, sure, value, span);
    }

    fn put_in(&mut self, name: String, sure: bool, value: &Value, span: Span) {
        let expires = Some(is_dated(value) || self.is_emptied(&name));
        let into = Into { kind: SinkKind::Cache, name, expires, sure };
        self.sink(&into, value, span);
    }

    /// The name of a map that outlives what is done now, and whether it surely does.
    fn lives_long(&mut self, place: &'a Expr, owner: &Value) -> Option<(String, bool)> {
        let root = root_of(place)?;
        let is_shared = |ty: &Type| has_word(type_name(ty), &LIST.kept.shared);
        let is_cache = |name: &str| has_word(name, &LIST.kept.names);
        match &root.kind {
            ExprKind::Global(symbol) => Some((symbol.name().to_owned(), true)),
            ExprKind::Member { base, name, .. } => {
                let holder = self.quietly(|interp| interp.eval(base, &Type::Unknown));
                if let Some(class) = holder.as_name() {
                    return Some((format!("{}.{name}", class.name()), true));
                }
                let symbol = holder.ty.symbol().filter(|ty| self.program.is_own_type(ty))?.clone();
                let declared = self.field_type(&holder.ty, name);
                let is_known = declared != Type::Unknown || owner.ty != Type::Unknown;
                if is_known && !may_be_map(&declared) && !is_cache(name) && !may_be_map(&owner.ty) {
                    return None;
                }
                // Who fetches and keeps lives as long as its client.
                let guarded = || {
                    let mut fields = self.program.fields(&symbol).into_iter();
                    fields.any(|field| is_shared(&field.ty) || self.is_client(&field.ty))
                };
                let sure =
                    is_cache(name) || is_cache(symbol.name()) || is_shared(&declared) || is_locked(place) || guarded();
                Some((format!("{}.{name}", symbol.name()), sure))
            }
            ExprKind::Local(name) if is_shared(&owner.ty) => Some((name.to_string(), true)),
            _ => None,
        }
    }

    /// Whether a value is a map, by its type or by what the variable of the module is made with.
    fn is_map(&self, value: &Value, place: &Expr) -> bool {
        if may_be_map(&value.ty) {
            return true;
        }
        let ExprKind::Global(symbol) = &place.kind else { return false };
        self.program.global(symbol).is_some_and(|(_, global)| makes_map(global.value.as_ref()))
    }

    /// Whether remote calls are made with values of a type.
    fn is_client(&self, ty: &Type) -> bool {
        let Some(symbol) = ty.peeled().symbol() else { return false };
        let kind = self.libraries.type_model(symbol.as_str()).and_then(|(_, model)| model.kind);
        let stub = || self.libraries.stub_type(symbol.as_str());
        kind.is_some_and(Kind::sends) || stub().is_some_and(|found| self.is_stub(&found, symbol))
    }

    /// Whether code here takes entries out of a map again: it is no cache that keeps for ever.
    fn is_emptied(&self, field: &str) -> bool {
        let field = field.rsplit('.').next().unwrap_or(field);
        self.emptied.get_or_init(|| self.find_emptied()).contains(field)
    }

    /// Names of all maps that code takes entries out of.
    fn find_emptied(&self) -> BTreeSet<&'a str> {
        let mut found = BTreeSet::new();
        for body in self.program.funcs().filter_map(|(_, _, func)| func.body.as_ref()) {
            walk::block(body, &mut |expr| {
                let ExprKind::Call { callee, args, .. } = &expr.kind else { return };
                found.extend(match &callee.kind {
                    ExprKind::Member { base, name, .. } if LIST.kept.removes.contains(&**name) => {
                        root_of(base).and_then(last_name)
                    }
                    ExprKind::Global(symbol) if LIST.kept.removes.contains(symbol.name()) => {
                        args.first().and_then(|arg| last_name(&arg.value))
                    }
                    _ => None,
                });
            });
        }
        found
    }

    fn has_data(&self, value: &Value) -> bool {
        let found = self.found_in(value);
        !found.held.is_empty() || !found.derived.is_empty()
    }

    /// A call sends a value: each part of it at the place that sets it.
    pub(super) fn send_on(&mut self, call: CallId, value: &Value, span: Span) {
        if self.quiet == 0 && !self.frames.is_empty() && self.has_data(value) {
            self.send_parts(call, value, span, MAX_SENT_DEPTH);
        }
    }

    fn send_parts(&mut self, call: CallId, value: &Value, span: Span, depth: usize) {
        let Some(below) = depth.checked_sub(1) else { return };
        match &value.what {
            What::Record(fields) if value.origins.is_empty() => {
                for (_, (place, part)) in fields.iter() {
                    let place = if *place == nowhere() { span } else { *place };
                    self.send_parts(call, part, place, below);
                }
            }
            What::List(element) => self.send_parts(call, element, span, below),
            _ => self.sink_of(&Into::sent(), value, span, Some(call)),
        }
    }

    /// What is written out where it is kept is kept part by part: `create({ data: { phone: person.phone } })`.
    fn stored(&mut self, into: &Into, value: &Value, span: Span) {
        let What::Record(fields) = &value.what else { return self.sink(into, value, span) };
        let is_here = |place: &Span| place.file == span.file && place.start >= span.start && place.end <= span.end;
        let is_written = value.origins.is_empty() && fields.values().all(|(place, _)| is_here(place));
        if into.kind != SinkKind::Store || !is_written {
            return self.sink(into, value, span);
        }
        for (place, part) in fields.values().cloned().collect::<Vec<_>>() {
            self.stored(into, &part, place);
        }
    }

    fn sink(&mut self, into: &Into, value: &Value, span: Span) {
        self.sink_of(into, value, span, None);
    }

    fn sink_of(&mut self, into: &Into, value: &Value, span: Span, call: Option<CallId>) {
        if self.quiet > 0 || self.frames.is_empty() || self.frame().module.generated {
            return;
        }
        let found = self.found_in(value);
        if found.held.is_empty() && found.derived.is_empty() {
            return;
        }
        let Some(location) = self.used_at(span, None) else { return };
        let Into { kind, name, expires, sure } = into;
        let key = Key { location, kind: *kind, into: name.clone(), expires: *expires, sure: *sure, call };
        let ends = self.sunk.entry(key).or_default();
        ends.held.extend(found.held);
        ends.derived.extend(found.derived);
    }

    /// Whether what is kept is forgotten some time.
    fn expires(&self, model: &ExpiryModel, receiver: Option<&Value>, site: &Site<'a>) -> Option<bool> {
        if model.always {
            return Some(true);
        }
        let given = model.of.iter().filter_map(|port| match port {
            crate::evaluate::library::format::Port::Argument(at) => site.positional(*at),
            crate::evaluate::library::format::Port::Named(name) => site.named(name),
            _ => None,
        });
        let says = |given: &Given<'a>| match &given.value.what {
            What::Null | What::Int(..=0) | What::Millis(0) | What::Bool(false) => false,
            What::Record(fields) if !model.keys.is_empty() => model.keys.iter().any(|key| fields.contains_key(key)),
            _ => true,
        };
        if given.into_iter().any(says) {
            return Some(true);
        }
        if let Some(setting) = model.setting {
            let mut made = receiver.into_iter().flat_map(Value::objects).peekable();
            made.peek()?;
            return Some(made.any(|id| self.objects.setting(id, setting).is_some()));
        }
        (!model.elsewhere).then_some(false)
    }
}

fn called(library: &str, model: &SinkModel) -> String {
    model.called.clone().unwrap_or_else(|| library.to_owned())
}

const fn kind_of(name: SinkName) -> SinkKind {
    match name {
        SinkName::Log => SinkKind::Log,
        SinkName::Print => SinkKind::Print,
        SinkName::Cache | SinkName::Memory => SinkKind::Cache,
        SinkName::Store => SinkKind::Store,
    }
}

/// Whether an entry says itself until when it holds, or since when it is there; what came from elsewhere with it
/// says nothing of that.
fn is_dated(value: &Value) -> bool {
    let What::Record(fields) = &value.what else { return false };
    fields.iter().any(|(name, (_, part))| {
        let words = words(name);
        let says =
            words.iter().any(|word| LIST.kept.ages.contains(word)) || words.last().is_some_and(|word| word == "at");
        says && part.origins.are_unknown()
    })
}

fn has_word(name: &str, wanted: &BTreeSet<String>) -> bool {
    words(name).iter().any(|word| wanted.contains(word))
}

fn type_name(ty: &Type) -> &str {
    ty.peeled().symbol().map_or("", Symbol::name)
}

fn may_be_map(ty: &Type) -> bool {
    match ty.peeled() {
        Type::Map(_) | Type::Dynamic => true,
        Type::Unknown => false,
        Type::Named(symbol, args) => has_word(symbol.name(), &LIST.kept.maps) || args.iter().any(may_be_map),
        _ => false,
    }
}

/// `new Map()`, `dict()`, `ConcurrentHashMap<String, String>()`.
fn makes_map(value: Option<&Expr>) -> bool {
    match value.map(|value| &value.kind) {
        Some(ExprKind::Construct { ty: Some(ty), .. }) => may_be_map(ty),
        Some(ExprKind::Call { callee, .. }) => match &callee.kind {
            ExprKind::Global(symbol) => has_word(symbol.name(), &LIST.kept.maps),
            _ => false,
        },
        _ => false,
    }
}

/// The variable or field whose entry or guard an expression is: `self.entries` of
/// `self.entries.lock().unwrap()`.
fn root_of(mut place: &Expr) -> Option<&Expr> {
    for _ in 0..MAX_PLACES {
        place = match &place.kind {
            ExprKind::Local(_) | ExprKind::Global(_) | ExprKind::Member { .. } => return Some(place),
            ExprKind::Call { callee, .. } => match &callee.kind {
                ExprKind::Member { base, .. } => base,
                _ => return None,
            },
            ExprKind::Index { base, .. } => base,
            ExprKind::Ref(inner) | ExprKind::Deref(inner) | ExprKind::Try(inner) | ExprKind::Await(inner) => inner,
            ExprKind::Cast(_, inner) => inner,
            _ => return None,
        };
    }
    None
}

/// Whether a guard is taken on the way to a map: threads share it.
fn is_locked(place: &Expr) -> bool {
    match &place.kind {
        ExprKind::Call { callee, .. } => match &callee.kind {
            ExprKind::Member { base, name, .. } => LIST.kept.guards.contains(&**name) || is_locked(base),
            _ => false,
        },
        ExprKind::Index { base: inner, .. }
        | ExprKind::Ref(inner)
        | ExprKind::Deref(inner)
        | ExprKind::Try(inner)
        | ExprKind::Await(inner) => is_locked(inner),
        _ => false,
    }
}

/// The last name of a place: `logger` of `this.logger`, `log()`.
fn last_name(place: &Expr) -> Option<&str> {
    match &place.kind {
        ExprKind::Local(name) | ExprKind::Member { name, .. } => Some(name),
        ExprKind::Global(symbol) => Some(symbol.name()),
        ExprKind::Call { callee, .. } => last_name(callee),
        ExprKind::Ref(inner) | ExprKind::Deref(inner) | ExprKind::Try(inner) | ExprKind::Await(inner) => {
            last_name(inner)
        }
        _ => None,
    }
}
