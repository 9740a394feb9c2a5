//! Functions that a library repeats.

use super::Interp;
use super::argument::Site;
use crate::evaluate::library::format::{DefaultBound, Port, RetryModel};
use crate::evaluate::library::{Library, Setting};
use crate::evaluate::value::{ObjectId, Value, What};
use crate::model::usage::{Bound, Retry};

impl<'a> Interp<'a> {
    /// A function is repeated by a library until it succeeds.
    pub(super) fn retried(
        &mut self,
        library: &'a Library,
        model: &'a RetryModel,
        input: impl Fn(&Port) -> Value,
        site: &Site<'a>,
    ) -> Value {
        let function = input(&model.run);
        let (value, calls) = self.collecting(|interp| {
            let run = function.functions().map(|callable| interp.call_value(callable, &site.with(Vec::new())));
            run.reduce(Value::join).unwrap_or_default()
        });
        let mut policy: Vec<ObjectId> = input(&Port::Made).objects().collect();
        let given = model.policy.as_ref().map(&input);
        policy.extend(given.iter().flat_map(Value::objects));
        // A policy that somebody else made may end it.
        let unfollowed = given.as_ref().is_some_and(is_unfollowed)
            || policy
                .iter()
                .any(|id| self.objects.setting(*id, Setting::Policy).is_some_and(|set| is_unfollowed(&set.value)));
        // A number stands for a policy: `retries(3)`.
        let number = given.filter(|given| matches!(given.what, What::Int(_)));
        policy.extend(site.args.iter().flat_map(|arg| option_objects(&arg.value)));
        let context = model.context.as_ref().map(input);
        let options = site.args.iter().map(|arg| &arg.value).find(|value| matches!(value.what, What::Record(_)));
        let bound = match self.bound(model, &policy, (number.as_ref(), options), context.as_ref()) {
            Bound::Unbounded if unfollowed => Bound::Unknown("its policy comes from elsewhere".to_owned()),
            bound => bound,
        };
        if self.quiet == 0 && !calls.is_empty() && !self.frame().module.generated {
            self.retries.push(Retry::of_library(
                self.location(site.span),
                library.to_owned(),
                calls.into_iter().collect(),
                bound,
            ));
        }
        value
    }

    fn bound(
        &self,
        model: &RetryModel,
        policy: &[ObjectId],
        (number, options): (Option<&Value>, Option<&Value>),
        context: Option<&Value>,
    ) -> Bound {
        let option = |name: &Option<String>| match options.map(|options| &options.what) {
            Some(What::Record(fields)) => fields.get(name.as_deref()?).map(|(_, value)| value),
            _ => None,
        };
        let setting = |setting| policy.iter().find_map(|id| self.objects.setting(*id, setting)).map(|set| &set.value);
        let mut endless = option(&model.endless).is_some_and(|value| value.what == What::Bool(true));
        let attempts = setting(Setting::Attempts).or_else(|| option(&model.attempts)).or(number);
        let repetitions = setting(Setting::Repetitions);
        if let Some(attempts) = repetitions.or(attempts)
            && !endless
        {
            let bound = match &attempts.what {
                What::Int(number) if model.endless_attempts.contains(number) => Bound::Unbounded,
                What::Int(number) if repetitions.is_some() => Bound::of_repetitions(u64::try_from(*number).ok()),
                What::Int(number) => Bound::of_attempts(model.attempts_of(*number)),
                What::Null | What::Bool(true) => Bound::Unbounded,
                _ => Bound::Attempts(None),
            };
            if bound != Bound::Unbounded {
                return bound;
            }
            endless = true;
        }
        if let Some(elapsed) = setting(Setting::Elapsed).or_else(|| option(&model.elapsed)) {
            let number = match &elapsed.what {
                What::Int(number) => Some(*number),
                What::Millis(millis) => i64::try_from(*millis).ok(),
                _ => None,
            };
            match number {
                _ if elapsed.what == What::Null => endless = true,
                Some(number) if model.endless_elapsed.contains(&number) => endless = true,
                _ => return Bound::Elapsed,
            }
        }
        if let Some(context) = context.or_else(|| setting(Setting::Context))
            && self.may_end(context)
        {
            return Bound::Cancellation;
        }
        // A context that is known became part of the policy that it was given to.
        if policy.iter().any(|id| self.ends(*id)) {
            return Bound::Cancellation;
        }
        match model.default {
            _ if endless => Bound::Unbounded,
            DefaultBound::Unbounded => Bound::Unbounded,
            DefaultBound::Attempts | DefaultBound::Both => Bound::Attempts(model.default_attempts),
            DefaultBound::Elapsed => Bound::Elapsed,
        }
    }

    /// Whether a context ends: it has a deadline, somebody in the code may cancel it, or somebody outside gave it.
    fn may_end(&self, context: &Value) -> bool {
        let mut objects = context.objects().peekable();
        if objects.peek().is_none() {
            return true;
        }
        objects.any(|id| self.ends(id))
    }

    /// Whether a context, or a policy that was given one, has a deadline or may be cancelled.
    fn ends(&self, id: ObjectId) -> bool {
        [Setting::Timeout, Setting::Cancel].into_iter().any(|set| self.objects.setting(id, set).is_some())
    }
}

/// Whether a policy, or what it is made of, is something that was not followed.
fn is_unfollowed(policy: &Value) -> bool {
    policy.objects().next().is_none() && matches!(policy.what, What::Opaque | What::Function(_) | What::OneOf(_))
}

/// Objects among an argument, also in lists of options.
fn option_objects(value: &Value) -> Vec<ObjectId> {
    let listed = value.alternatives().iter().flat_map(|what| match what {
        What::List(element) => option_objects(element),
        _ => Vec::new(),
    });
    value.objects().chain(listed).collect()
}
