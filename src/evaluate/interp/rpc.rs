//! Servers of generated rpc services.

use super::argument::Site;
use super::{Interp, Outcome};
use crate::evaluate::CONSTRUCTOR;
use crate::evaluate::library::Library;
use crate::evaluate::library::format::ServesModel;
use crate::evaluate::origins::Origins;
use crate::evaluate::program::FuncId;
use crate::evaluate::value::{Callable, Value, What};
use crate::model::ir::{Func, Symbol, Type};
use crate::model::source::Span;
use crate::model::usage::{Handler, Origin, Provided, Route};

/// A service as the generated server names it.
struct Service {
    library: String,
    /// Base class, trait, embedded type or registration function.
    server: Symbol,
    name: String,
}

impl<'a> Interp<'a> {
    /// Runs a method of a type that implements a generated service; false if it is none.
    pub(super) fn enter_rpc(&mut self, id: FuncId) -> bool {
        let func = self.program.func(id);
        let Some(service) = self.implemented(func) else { return false };
        let receiver = func.receiver.as_ref().map(|_| Value::typed(func.owner.clone().unwrap_or_default()));
        self.run_rpc(id, receiver, &service);
        true
    }

    /// An implementation is given to a generated registration function.
    pub(super) fn server_registered(&mut self, symbol: &Symbol, site: &Site<'a>) {
        let libraries = self.libraries;
        let Some((found, at)) = libraries.registration(symbol.as_str()).filter(|_| self.quiet == 0) else { return };
        let Some(implementation) = site.args.get(at).map(|arg| arg.value.clone()) else { return };
        let Some(owner) = implementation.ty.symbol().map(|owner| self.program.canonical(owner)) else { return };
        if self.frame().module.generated {
            return;
        }
        // What is declared as the generated interface may be all that has its methods.
        let is_own = self.program.is_own_type(&owner) && !self.program.is_interface(&owner);
        let methods: Vec<FuncId> =
            if is_own { self.program.methods(&owner).collect() } else { self.program.exact_implementations(&owner) };
        if methods.is_empty() {
            return;
        }
        let service =
            Service { library: found.library.to_owned(), server: symbol.clone(), name: found.service.to_owned() };
        let location = self.location(site.span);
        let provided = Provided { location: location.clone(), symbol: symbol.clone(), service: service.name.clone() };
        self.routes.registered.insert((symbol.clone(), location), provided);
        for id in methods {
            let func = self.program.func(id);
            if func.body.is_some() && func.receiver.is_some() && func.symbol.name() != CONSTRUCTOR {
                let typed = || Value::typed(func.owner.clone().unwrap_or_default());
                let receiver = if is_own { implementation.clone() } else { typed() };
                self.branch(|interp| interp.run_rpc(id, Some(receiver), &service));
            }
        }
    }

    /// An implementation is given to a server together with the service that it implements.
    pub(super) fn serve(&mut self, library: &Library, model: &'a ServesModel, site: &Site<'a>) {
        let (Some(service), Some(handlers)) = (site.positional(model.service), site.positional(model.handlers)) else {
            return;
        };
        let Some(symbol) = served(&service.value).filter(|_| self.quiet == 0) else { return };
        let symbol = self.program.canonical(&symbol);
        let service = Service { library: library.to_owned(), server: symbol.clone(), name: symbol.name().to_owned() };
        let implementation = handlers.value.clone();
        let owner = implementation.ty.symbol().map(|owner| self.program.canonical(owner));
        if let Some(owner) = owner.filter(|owner| self.program.is_own_type(owner)) {
            let methods: Vec<FuncId> = self.program.methods(&owner).collect();
            for id in methods {
                let func = self.program.func(id);
                if func.body.is_some() && func.receiver.is_some() && func.symbol.name() != CONSTRUCTOR {
                    let callable = Callable::Func(id, Some(implementation.clone()));
                    self.serve_method(&service, func.symbol.name(), &callable, model, func.name_span);
                }
            }
            return;
        }
        let What::Record(fields) = &implementation.what else { return };
        for (name, (span, value)) in fields.iter() {
            if let Some(callable) = value.functions().next() {
                self.serve_method(&service, name, &callable.clone(), model, *span);
            }
        }
    }

    fn serve_method(&mut self, service: &Service, method: &str, callable: &Callable, model: &ServesModel, span: Span) {
        let (location, function) = match callable {
            Callable::Func(id, _) => {
                let func = self.program.func(*id);
                (self.inside(*id, |interp| interp.location(func.name_span)), func.symbol.clone())
            }
            _ => (self.location(span), self.frame().symbol.join(method)),
        };
        self.routes.rpc(Handler {
            location,
            function: function.clone(),
            library: service.library.clone(),
            route: Route::Rpc {
                server: service.server.clone(),
                service: service.name.clone(),
                method: method.to_owned(),
            },
            given: Vec::new(),
            answers: Vec::new(),
            takes: Vec::new(),
            gives: Vec::new(),
            calls: Vec::new(),
        });
        self.run_handler(callable, &function, &model.given, span);
    }

    /// A stream that a handler is given sends a message: `stream.Send(message)`.
    pub(super) fn answer_sent(&mut self, stream: &Value, owner: Option<&Symbol>, method: &str, site: &Site<'a>) {
        let (Some(message), true) = (site.args.first(), self.libraries.sends_answer(method)) else { return };
        if stream.origins.is_empty() || owner.is_some_and(|owner| self.program.is_own_type(owner)) {
            return;
        }
        let handlers = Self::handlers_of([stream]);
        self.answered(&handlers, &message.value.clone(), site.name_span);
    }

    /// The service that a method's type implements by what it embeds, extends or implements.
    fn implemented(&self, func: &Func) -> Option<Service> {
        let owner = func.owner.as_ref().and_then(Type::symbol);
        let above = owner.map(|owner| self.program.ancestors(owner));
        let parents = above.iter().flat_map(|above| above.iter().skip(1));
        func.implements.iter().chain(parents).find_map(|parent| {
            let found = self.libraries.server(parent.as_str())?;
            let (library, name) = (found.library.to_owned(), found.service.to_owned());
            Some(Service { library, server: parent.clone(), name })
        })
    }

    fn run_rpc(&mut self, id: FuncId, receiver: Option<Value>, service: &Service) {
        let func = self.program.func(id);
        let location = self.inside(id, |interp| interp.location(func.name_span));
        self.routes.rpc(Handler {
            location,
            function: func.symbol.clone(),
            library: service.library.clone(),
            route: Route::Rpc {
                server: service.server.clone(),
                service: service.name.clone(),
                method: func.symbol.name().to_owned(),
            },
            given: Vec::new(),
            answers: Vec::new(),
            takes: Vec::new(),
            gives: Vec::new(),
            calls: Vec::new(),
        });
        let given = func.params.iter().map(|param| {
            let ty = self.unwrapped(&self.program.expand(&param.ty));
            Value { origins: Origins::one(Origin::Handler(func.symbol.clone(), Vec::new())), ..Value::typed(ty) }
        });
        let given: Vec<Value> = given.collect();
        let Outcome { value, calls, .. } =
            self.invoke_outcome(id, receiver, given, &[], &Type::Unknown, func.name_span);
        self.routes.calls(&func.symbol, calls.iter().copied());
        // `Ok(Response::new(found.into()))`: what is answered is what is declared.
        let value = match func.ret.peeled() {
            Type::Named(_, args) if args.len() == 1 => self.converted(value, &args[0], func.name_span),
            _ => value,
        };
        let handlers = std::slice::from_ref(&func.symbol);
        self.inside(id, |interp| interp.answered(handlers, &value, func.name_span));
    }

    /// What is inside the wrapper that handlers are given: `tonic::Request<T>` is `T`.
    pub(super) fn unwrapped(&self, ty: &Type) -> Type {
        let wraps = ty.symbol().and_then(|symbol| self.libraries.given(symbol.as_str())?.wraps);
        match (wraps, ty) {
            (Some(at), Type::Named(_, args)) => args.get(at).map(|ty| self.program.expand(ty)).unwrap_or_default(),
            _ => ty.clone(),
        }
    }
}

/// The service that a server is told of: a generated constant, or the way to one that was loaded
/// (`shop.v1.CartService.service`).
fn served(value: &Value) -> Option<Symbol> {
    if let Some(path) = value.as_fixed_text() {
        return Some(Symbol::new(path.strip_suffix(".service").unwrap_or(path).replace('.', "::")));
    }
    let symbol = value.as_name()?;
    let name = symbol.as_str();
    let bare = name.strip_suffix("::service").or_else(|| name.strip_suffix("Definition"));
    Some(bare.map_or_else(|| symbol.clone(), Symbol::new))
}
