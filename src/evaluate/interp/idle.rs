//! Closures that nobody in sight calls: commands, handlers and cases in tables, for which something
//! outside of the code has a use.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::Interp;
use super::argument::Given;
use super::scope::{Env, Frame};
use crate::evaluate::value::{Captured, Value};
use crate::model::ir::{Module, Symbol, Type};
use crate::model::source::Span;

/// A closure as it was made last.
pub(super) struct Idle<'a> {
    /// The function that it stands in.
    home: Symbol,
    module: &'a Module,
    test: bool,
    /// The variables that it sees.
    captured: Captured,
}

impl<'a> Interp<'a> {
    /// Notes a closure that has not run yet.
    pub(super) fn made_closure(&mut self, place: Span, home: &Symbol, captured: &Captured) {
        if self.quiet > 0 || self.entered.contains(&place) {
            return;
        }
        let frame = self.frame();
        let idle = Idle { home: home.clone(), module: frame.module, test: frame.test, captured: Rc::clone(captured) };
        self.idle.insert(place, idle);
    }

    /// Runs, with what their declarations say, all closures that nobody has called. Those may make
    /// further ones.
    pub(super) fn enter_idle(&mut self) {
        while let Some((place, idle)) = self.idle.pop_first() {
            if !self.entered.contains(&place) {
                self.enter_alone(place, &idle);
            }
        }
    }

    fn enter_alone(&mut self, place: Span, idle: &Idle<'a>) {
        let Some((lambda, _)) = self.lambdas.get(&place) else { return };
        let mut given: Vec<Given<'a>> =
            lambda.params.iter().map(|param| Given::of(Value::typed(param.ty.clone()))).collect();
        given.push(Given::unknown_names());
        self.frames.push(Frame {
            func: self.program.function(&idle.home),
            module: idle.module,
            symbol: idle.home.clone(),
            test: idle.test,
            span: place,
            site: place,
            env: Env::new(),
            types: BTreeMap::new(),
            expected: Type::Unknown,
            returns: None,
            yields: None,
            loops: Vec::new(),
            bound: 0,
            dead: false,
        });
        self.enter_closure(place, &idle.home, &idle.captured, &given, &Type::Unknown, place);
        self.frames.pop();
    }
}
