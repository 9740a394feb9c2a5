//! The abstract interpreter: runs every function of a unit on what is known of its inputs.
//!
//! It goes top down from the functions that nobody calls, and follows each call with the values that
//! are passed, so that a helper `get(path)` means something else for each of its callers. Results are
//! kept by function and arguments. What flows through fields of shared objects is kept by declared
//! type and field, and the whole is repeated until that settles, a bounded number of times.

mod access;
mod address;
mod annotated;
mod argument;
pub(super) mod asked;
mod assigned;
mod call;
mod cell;
mod client;
mod closure;
mod configured;
mod construct;
mod data;
mod decided;
mod declared;
mod decoded;
mod derived;
mod described;
mod dispatch;
mod entries;
mod expr;
mod fallback;
mod growing;
mod handler;
mod hints;
mod http;
mod idle;
mod injected;
mod invoke;
mod kept;
mod listed;
mod listening;
mod loops;
mod message;
mod model;
mod narrow;
mod observer;
mod parts;
mod passed;
mod passed_over;
mod pattern;
mod place;
mod printf;
mod property;
mod retried;
mod route;
mod rpc;
mod says;
mod scope;
mod settings;
mod several;
mod shaped;
mod spread;
mod stub;
mod sunk;
mod text;
mod typed;
mod variants;
mod view;
mod written;

use std::cell::{OnceCell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::hash::{Hash, Hasher};
use std::rc::Rc;
use std::sync::Arc;

use super::library::{FunctionModel, Libraries, Library, TypeModel};
use super::object::Objects;
use super::program::{FuncId, Program};
use super::reach::Reach;
use super::routes::Routes;
use super::value::{CellId, ObjectId, Value};
use super::{Set, Table};
use crate::model::ir::{Expr, Lambda, Symbol, Type};
use crate::model::source::{FileId, ServiceId, Span};
use crate::model::usage::{BodyPart, CallId, Location, Origin, Retry, Template};
use argument::Given;
pub(super) use data::notes as noted;
pub(super) use http::Sent;
use scope::Frame;

/// Rounds: what is kept by type and field in the first is known in all places in the second.
const MAX_ROUNDS: usize = 2;
/// The same where cells were still filled in the last of these: what comes into the state of one component
/// goes through a context to the others.
const MAX_CELL_ROUNDS: usize = 3;
/// Calls within calls.
const MAX_DEPTH: usize = 32;
/// Sets of arguments that a function is followed with before only their types and origins count.
const MAX_CONTEXTS: usize = 4;
/// The same of functions that are given code to run.
const MAX_CALLBACKS: usize = 24;
/// The same of a function that made remote calls, or put their addresses together, when it was followed
/// before: every endpoint of a large client may go through one helper.
const MAX_FRUITFUL_CONTEXTS: usize = 400;
/// Of so many sets of inputs one must have led to another call than those before, else what a function is given makes no
/// difference to where its calls go.
const NEWS_AMONG: usize = 8;
/// The same of a function or closure of a generated client: all that is called of it goes through one runtime.
const MAX_CLIENT_CONTEXTS: usize = 2_000;
/// Of all these, the part that is enough to learn what fields and variables hold.
const LEARNING_SHARE: usize = 8;
/// Runs of one closure in a round: listeners that are handed to each other would run each other in every
/// order.
const MAX_CLOSURE_RUNS: usize = 400;
/// Expressions per function of the unit that may be looked at in one round.
const FUEL_PER_FUNCTION: u64 = 2_000;

/// The interpreter of one unit.
#[expect(clippy::struct_excessive_bools, reason = "each says a thing of its own")]
pub(super) struct Interp<'a> {
    program: &'a Program<'a>,
    libraries: &'a Libraries,
    reach: Reach<'a>,
    has_generated_clients: bool,
    pub(super) objects: Objects,
    pub(super) requests: Vec<Sent>,
    sent: BTreeMap<http::SentKey, CallId>,
    /// Calls that were seen in this round.
    pub(super) live: BTreeSet<CallId>,
    pub(super) accesses: Set<access::Seen>,
    pub(super) retries: Vec<Retry>,
    /// What is logged, cached and stored.
    pub(super) sunk: sunk::AllSunk,
    /// What calls send of what handlers are asked for.
    pub(super) sent_asked: asked::Sent,
    /// What of it code looks at.
    pub(super) checked: BTreeSet<asked::Name>,
    /// Calls below each call expression, by function.
    pub(super) remote: BTreeMap<FuncId, BTreeMap<Span, BTreeSet<CallId>>>,
    /// Loops that run under a time limit of a caller: the limited expressions.
    pub(super) limited: BTreeSet<Span>,
    pub(super) routes: Routes,
    pub(super) listening: BTreeSet<(Option<ServiceId>, u16)>,
    pub(super) records: data::Records,
    /// Handlers that are running, the innermost last.
    handling: Vec<Symbol>,
    /// Routers whose blocks are running, the innermost last: what is registered there without naming one
    /// stands below it.
    routing: Vec<ObjectId>,
    /// Objects that declared clients are made of, by interface.
    instances: BTreeMap<Symbol, BTreeSet<ObjectId>>,
    /// Clients that are passed to constructors, or given out by name.
    injected: injected::Injected,
    /// Where the body of a request's response will be put, and in which function.
    results: BTreeMap<ObjectId, (&'a Expr, Symbol)>,
    /// Requests that are sent only once: where, and the calls.
    sent_once: BTreeMap<ObjectId, (Span, Vec<CallId>)>,
    /// Places at which the body of a response is taken, and whether it is taken apart into a type there.
    pub(super) bodies: BTreeSet<(CallId, Location)>,
    /// What calls send as their bodies, as far as it stands in the code.
    pub(super) bodies_sent: BTreeSet<BodyPart>,
    /// Texts that code calls methods of, or takes members of.
    reached_into: BTreeSet<Template>,
    /// What bodies are taken apart into own types.
    decoded: BTreeMap<Symbol, BTreeSet<Origin>>,
    /// Requests whose body is of an own type and could not be followed to where it is made.
    encoded: BTreeMap<Symbol, BTreeSet<Origin>>,
    fields: kept::Kept,
    /// What the names of types say of their fields.
    types_say: Table<Symbol, says::Says>,
    globals: Table<Symbol, Value>,
    /// What cells hold, and where each is made; they live longer than a round, as `fields` do.
    cells: Vec<Value>,
    cell_ids: BTreeMap<cell::CellKey, CellId>,
    lambdas: BTreeMap<Span, Closure<'a>>,
    /// What closures are used as, where that says more than they do.
    lambda_types: BTreeMap<Span, Type>,
    /// Closures that were made in this round, and what they are run with if nobody in sight calls them.
    idle: BTreeMap<Span, idle::Idle<'a>>,
    /// Closures that were run in this round.
    entered: Set<Span>,
    /// What functions were told of records in this round.
    told: passed::AllTold,
    /// Results by function and arguments; the arguments by their hash, since comparing them in order
    /// would go through all of them again and again.
    memo: Table<(FuncId, u64), Vec<(MemoKey, Outcome)>>,
    closures: closure::Closures,
    contexts: Table<FuncId, Followed>,
    /// Calls that came of a function in this round.
    came_of: BTreeMap<FuncId, BTreeSet<CallId>>,
    /// How often each closure was run in this round.
    closure_runs: Table<Span, usize>,
    reached: Set<FuncId>,
    /// Functions that others call, in any round.
    called: Set<FuncId>,
    /// A function is looked at for its own sake that others call: what it is given is not known here, but there.
    is_guess: bool,
    /// Ways that what is known has ruled out.
    ways: passed_over::Ways,
    frames: Vec<Frame<'a>>,
    /// Calls made below each call expression that is open.
    made: Vec<BTreeSet<CallId>>,
    /// Branches that are open.
    branches: Vec<u32>,
    next_branch: u32,
    /// Looking only: nothing is recorded.
    quiet: u32,
    /// Only what fields and variables hold is to be found out in this round.
    learning: bool,
    /// How often something new became known of a field, a global or a cell.
    learnt: usize,
    cells_changed: bool,
    /// Maps that code takes entries out of, once that was asked for.
    emptied: OnceCell<BTreeSet<&'a str>>,
    asked: Asked<'a>,
    fuel: u64,
    pub(super) exhausted: bool,
}

/// A closure, and the names of the variables that it mentions.
type Closure<'a> = (&'a Lambda, Rc<BTreeSet<Arc<str>>>);

/// What the methods of a type are, by name.
type Methods<'a> = Table<Box<str>, Option<dispatch::Method<'a>>>;

/// What was asked before, and is asked at every call.
#[derive(Default)]
struct Asked<'a> {
    methods: RefCell<Table<Symbol, Methods<'a>>>,
    functions: RefCell<Table<Symbol, Option<(&'a Library, &'a FunctionModel)>>>,
    types: RefCell<Table<Symbol, Option<(&'a Library, &'a TypeModel)>>>,
    names: RefCell<Table<Box<str>, derived::NameSays>>,
}

/// A function with what it is given.
#[derive(Clone, Debug, PartialEq, Eq)]
struct MemoKey {
    func: FuncId,
    receiver: Option<Value>,
    args: Vec<Value>,
    types: BTreeMap<Arc<str>, Type>,
    branches: bool,
    /// See [`Interp::client_site`].
    site: Option<Span>,
}

impl MemoKey {
    /// The function, and a hash of what stands outermost in its inputs.
    fn hashed(&self) -> (FuncId, u64) {
        // With fixed keys: the same on every run.
        let mut hasher = rustc_hash::FxHasher::default();
        for value in self.receiver.iter().chain(&self.args) {
            value.hash_outside(&mut hasher);
        }
        self.types.hash(&mut hasher);
        self.branches.hash(&mut hasher);
        (self.func, hasher.finish())
    }
}

/// How a function was followed in this round.
#[derive(Clone, Copy, Debug, Default)]
struct Followed {
    /// Sets of inputs.
    times: usize,
    /// Something came of it: a remote call, or text that may be part of one.
    fruitful: bool,
    /// Sets of inputs of which something came that came of none before.
    news: usize,
}

/// What a function gives, and does to what it is given.
#[derive(Clone, Debug)]
struct Outcome {
    value: Value,
    /// Its receiver afterwards, if that is another than before.
    receiver: Option<Value>,
    /// Arguments that are others than before, by position.
    changed: Vec<(usize, Value)>,
    calls: Rc<BTreeSet<CallId>>,
}

impl<'a> Interp<'a> {
    pub(super) fn new(program: &'a Program<'a>, libraries: &'a Libraries, reach: Reach<'a>) -> Self {
        Self {
            program,
            libraries,
            reach,
            has_generated_clients: program.modules().iter().any(|module| module.generated_client),
            objects: Objects::default(),
            requests: Vec::new(),
            sent: BTreeMap::new(),
            live: BTreeSet::new(),
            accesses: Set::default(),
            retries: Vec::new(),
            sunk: sunk::AllSunk::default(),
            sent_asked: asked::Sent::new(),
            checked: BTreeSet::new(),
            remote: BTreeMap::new(),
            limited: BTreeSet::new(),
            listening: BTreeSet::new(),
            routes: Routes::default(),
            records: data::Records::default(),
            handling: Vec::new(),
            routing: Vec::new(),
            instances: BTreeMap::new(),
            injected: injected::Injected::default(),
            results: BTreeMap::new(),
            sent_once: BTreeMap::new(),
            bodies: BTreeSet::new(),
            bodies_sent: BTreeSet::new(),
            reached_into: BTreeSet::new(),
            decoded: BTreeMap::new(),
            encoded: BTreeMap::new(),
            fields: kept::Kept::default(),
            types_say: Table::default(),
            globals: Table::default(),
            cells: Vec::new(),
            cell_ids: BTreeMap::new(),
            lambdas: BTreeMap::new(),
            lambda_types: BTreeMap::new(),
            idle: BTreeMap::new(),
            entered: Set::default(),
            told: passed::AllTold::default(),
            memo: Table::default(),
            closures: BTreeMap::new(),
            contexts: Table::default(),
            came_of: BTreeMap::new(),
            closure_runs: Table::default(),
            reached: Set::default(),
            called: Set::default(),
            is_guess: false,
            ways: passed_over::Ways::default(),
            frames: Vec::new(),
            made: Vec::new(),
            branches: Vec::new(),
            next_branch: 0,
            quiet: 0,
            learning: true,
            learnt: 0,
            cells_changed: false,
            emptied: OnceCell::new(),
            asked: Asked::default(),
            fuel: 0,
            exhausted: false,
        }
    }

    /// Follows the code of these files, and whatever it calls.
    pub(super) fn run(&mut self, followed: &BTreeSet<FileId>) {
        let is_followed = |id: &FuncId| followed.contains(&self.program.module_of(*id).file) && self.reach.is_root(*id);
        let mut roots: Vec<FuncId> =
            super::order::callers_first(self.program).into_iter().filter(is_followed).collect();
        // A test that calls a function makes it no less of an entry for everybody else.
        let order = |id: &FuncId| self.program.module_of(*id).test || self.program.func(*id).test;
        roots.sort_by_key(order);
        let known: BTreeSet<FuncId> = roots.iter().copied().collect();
        for round in 1..=MAX_CELL_ROUNDS {
            if round > 1 {
                let handling = self.reach.handling(self.program, &self.body_types()).into_iter();
                let more = |id: &FuncId| followed.contains(&self.program.module_of(*id).file) && !known.contains(id);
                roots.truncate(known.len());
                roots.extend(handling.filter(more));
            }
            self.learning = round == 1;
            self.start_round();
            let learnt = self.learnt;
            self.fuel = FUEL_PER_FUNCTION.saturating_mul(roots.len() as u64 + 16 + self.share_of_clients());
            for module in self.program.modules().iter().filter(|module| followed.contains(&module.file)) {
                for global in &module.globals {
                    self.global(&global.symbol);
                }
            }
            self.annotated_routes(followed);
            // Methods see what constructors leave in fields.
            for id in roots.iter().filter(|id| self.is_injected(**id)).copied().collect::<Vec<_>>() {
                self.enter_root(id);
            }
            for id in &roots {
                if !self.reached.contains(id) || self.routes.given_to(*id).is_some() {
                    self.enter_root(*id);
                }
            }
            self.enter_passed_over();
            self.enter_idle();
            let is_settled = self.learnt == learnt && !self.has_widened() && self.body_types().is_empty();
            // Without a contract there is no data to follow from one component to the other.
            let goes_on = self.cells_changed && self.reach.knows_contracts();
            if is_settled || (round >= MAX_ROUNDS && !goes_on) {
                break;
            }
        }
    }

    /// What functions of generated clients add to the effort, as so many others: each call of an operation runs the same
    /// long way through them, told what it sends.
    fn share_of_clients(&self) -> u64 {
        let generated = self.program.funcs().filter(|(_, module, _)| module.generated_client).count();
        generated as u64 / 4
    }

    /// Whether a function was told less than in a round that counts.
    fn has_widened(&self) -> bool {
        let enough = self.enough(MAX_CONTEXTS);
        self.learning && self.contexts.values().any(|followed| followed.times >= enough)
    }

    /// The part of so many contexts that is enough in this round.
    const fn enough(&self, contexts: usize) -> usize {
        if self.learning { contexts.div_ceil(LEARNING_SHARE) } else { contexts }
    }

    /// Own types that hold bodies of remote calls: whoever handles them is looked at, once they are known.
    fn body_types(&self) -> BTreeSet<&Symbol> {
        let remote = |origin: &Origin| !matches!(origin, Origin::Handler(..) | Origin::Typed(..));
        let all = self.decoded.iter().chain(&self.encoded);
        all.filter(|(_, origins)| origins.iter().any(remote)).map(|(symbol, _)| symbol).collect()
    }

    fn start_round(&mut self) {
        self.cells_changed = false;
        self.objects.start_round();
        self.live.clear();
        self.accesses.clear();
        self.bodies.clear();
        self.bodies_sent.clear();
        self.retries.clear();
        self.sunk.clear();
        self.sent_asked.clear();
        self.remote.clear();
        self.limited.clear();
        self.routes.clear();
        self.globals.clear();
        self.told.clear();
        self.memo.clear();
        self.closures.clear();
        self.contexts.clear();
        self.came_of.clear();
        self.closure_runs.clear();
        self.reached.clear();
        self.idle.clear();
        self.entered.clear();
        self.ways = passed_over::Ways::default();
        self.made = vec![BTreeSet::new()];
    }

    fn enter_root(&mut self, id: FuncId) {
        let func = self.program.func(id);
        if self.enter_annotated(id) || self.enter_rpc(id) {
            return;
        }
        let receiver = func.receiver.as_ref().map(|_| Value::typed(func.owner.clone().unwrap_or_default()));
        let mut given: Vec<Given<'a>> =
            func.params.iter().map(|param| Given::of(self.given_to(func, &self.program.expand(&param.ty)))).collect();
        given.push(Given::unknown_names());
        let args = argument::align(&func.params, &given).into_iter().map(|(value, _)| value).collect();
        self.is_guess = self.called.contains(&id);
        self.invoke_outcome(id, receiver, args, &[], &Type::Unknown, func.name_span);
        self.is_guess = false;
    }

    fn frame(&self) -> &Frame<'a> {
        // Code is followed in a frame only: `invoke`, `enter_closure` and `global` push one.
        &self.frames[self.frames.len() - 1]
    }

    fn frame_mut(&mut self) -> &mut Frame<'a> {
        let last = self.frames.len() - 1;
        &mut self.frames[last]
    }

    /// A place in the code that is being followed.
    fn location(&self, span: Span) -> Location {
        self.location_in(self.frames.len() - 1, span)
    }

    fn location_in(&self, frame: usize, span: Span) -> Location {
        let frame = &self.frames[frame];
        Location { service: frame.module.service, span, function: frame.symbol.clone(), test: frame.test }
    }

    /// Spends fuel; false when there is none left and everything is unknown from here on.
    fn spend(&mut self) -> bool {
        if let Some(left) = self.fuel.checked_sub(1) {
            self.fuel = left;
            true
        } else {
            self.exhausted = true;
            false
        }
    }

    /// Runs `act` on a branch that may not be taken.
    fn branch<T>(&mut self, act: impl FnOnce(&mut Self) -> T) -> T {
        self.next_branch += 1;
        self.branches.push(self.next_branch);
        let result = act(self);
        self.branches.pop();
        result
    }
}
