//! The names by which retries are told, see `rules/retries.yaml`.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use serde::Deserialize;

/// What `rules/retries.yaml` holds; a test holds that it can be read.
pub(super) static NAMES: LazyLock<Names> =
    LazyLock::new(|| serde_yaml::from_str(include_str!("../../../rules/retries.yaml")).unwrap_or_default());

/// The names as they are written; each list says there what it is.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Names {
    waits: Vec<String>,
    pauses: Vec<String>,
    pauses_alone: Vec<String>,
    http_statuses: BTreeSet<String>,
    settings: Vec<String>,
    told_of_failure: BTreeSet<String>,
    connected: BTreeSet<String>,
    channels: BTreeSet<String>,
    setters: Vec<String>,
    asks_people: BTreeSet<String>,
    file_errors: BTreeSet<String>,
    failures: Vec<String>,
    answers: BTreeSet<String>,
    units: Vec<String>,
    pub(super) succeeds: BTreeSet<String>,
    pub(super) fails: BTreeSet<String>,
    pub(super) fails_partly: BTreeSet<String>,
    pub(super) statuses: BTreeSet<String>,
    pub(super) status_forms: BTreeSet<String>,
    pub(super) bodies: BTreeSet<String>,
    pub(super) same: BTreeSet<String>,
    pub(super) insists: BTreeSet<String>,
    pub(super) judges: BTreeSet<String>,
    expected: Vec<String>,
    pub(super) errors: BTreeSet<String>,
    pub(super) answered: BTreeSet<String>,
    pub(super) general_errors: BTreeSet<String>,
    other_errors: BTreeSet<String>,
    interruptions: Vec<String>,
    states: Vec<String>,
    counts: Vec<String>,
    named_statuses: BTreeMap<String, i64>,
    each: BTreeSet<String>,
    pub(super) listed: BTreeSet<String>,
    failure_hooks: Vec<String>,
    handlers: Vec<String>,
    pub(super) told_well: BTreeSet<String>,
    pub(super) told_badly: BTreeSet<String>,
    timers: BTreeMap<String, String>,
    never_return: Vec<String>,
    guessed_languages: BTreeSet<String>,
    runs: BTreeSet<String>,
    runs_later: Vec<String>,
    takes: BTreeSet<String>,
    puts: BTreeSet<String>,
    tells_of_failure: BTreeSet<String>,
    goes_on: BTreeSet<String>,
    endless: Vec<String>,
    ending: Vec<String>,
    policies: Vec<String>,
    removes: Vec<String>,
    taken: Vec<String>,
    says_again: Vec<String>,
    functions: Vec<String>,
    starts: Vec<String>,
    backs_off: Vec<String>,
    queues: Vec<String>,
    remote_methods: Vec<String>,
    remote_types: Vec<String>,
    connecting: BTreeSet<String>,
    opening: Vec<String>,
    remote_errors: Vec<String>,
    local_methods: Vec<String>,
    locks: BTreeSet<String>,
    local_namespaces: Vec<String>,
    local_modules: BTreeSet<String>,
    network_namespaces: Vec<String>,
    puts_back: Vec<String>,
    next_of_stream: BTreeSet<String>,
    clocks: BTreeSet<String>,
    pub(super) contexts: BTreeSet<String>,
    pub(super) grows: BTreeSet<String>,
    pub(super) sizes: BTreeSet<String>,
    serving: Vec<String>,
    servers: Vec<String>,
    comparisons: BTreeSet<String>,
    registers: BTreeSet<String>,
    pub(super) told_anyhow: BTreeSet<String>,
    events: BTreeSet<String>,
    failing_events: BTreeSet<String>,
}

impl Names {
    /// Whether a function sounds like waiting before the next attempt.
    pub(super) fn sounds_like_waiting(&self, name: &str) -> bool {
        let name = name.to_ascii_lowercase();
        !self.answers.contains(&name) && is_part(&self.waits, &name)
    }

    /// Whether a function does nothing but wait, so that whoever calls it goes on later.
    pub(super) fn pauses(&self, name: &str) -> bool {
        let name = name.to_ascii_lowercase();
        is_part(&self.pauses, &name) || self.pauses_alone.iter().any(|word| name.ends_with(word.as_str()))
    }

    /// Whether a field or method can be nothing else than the status of an answer of HTTP.
    pub(super) fn is_http_status(&self, name: &str) -> bool {
        self.http_statuses.contains(name)
    }

    /// Whether a variable holds settings, which stay as they are while code runs.
    pub(super) fn is_setting(&self, name: &str) -> bool {
        is_part(&self.settings, &name.to_ascii_lowercase())
    }

    /// Whether a field, method or constant says that something is connected.
    pub(super) fn is_connected(&self, name: &str) -> bool {
        self.connected.contains(&name.to_ascii_lowercase())
    }

    /// Whether a variable is the end of a channel within the process.
    pub(super) fn is_channel(&self, name: &str) -> bool {
        self.channels
            .iter()
            .any(|word| name == word || name.strip_suffix(word.as_str()).is_some_and(|rest| rest.ends_with('_')))
    }

    /// Whether a method sets what its object keeps.
    pub(super) fn sets(&self, name: &str) -> bool {
        self.setters.iter().any(|word| begins(name, word))
    }

    /// Whether a function asks whoever sits in front of the program.
    pub(super) fn asks_people(&self, name: &str) -> bool {
        self.asks_people.contains(&name.to_ascii_lowercase())
    }

    /// Whether files raise an error as well as connections.
    pub(super) fn is_file_error(&self, name: &str) -> bool {
        self.file_errors.contains(name)
    }

    /// Whether a constant names a failure.
    pub(super) fn names_failure(&self, name: &str) -> bool {
        is_part(&self.failures, &name.to_ascii_lowercase())
    }

    /// Whether a method is given, as its last argument, a function that is run when something has failed.
    pub(super) fn is_told_of_failure(&self, name: &str) -> bool {
        self.told_of_failure.contains(plain(name))
    }

    /// Whether a function makes a duration of a number.
    pub(super) fn is_unit(&self, name: &str) -> bool {
        is_part(&self.units, &name.to_ascii_lowercase())
    }

    /// Whether a variable holds the status that means success.
    pub(super) fn is_expected(&self, name: &str) -> bool {
        is_part(&self.expected, &name.to_ascii_lowercase())
    }

    /// Whether a method runs a function for each element.
    pub(super) fn is_each(&self, name: &str) -> bool {
        self.each.contains(&name.to_ascii_lowercase())
    }

    /// Whether a field, as it is written, holds what runs when something happens.
    pub(super) fn is_handler(&self, name: &str) -> bool {
        let rest = self.handlers.iter().find_map(|handler| name.strip_prefix(handler.as_str()));
        rest.is_some_and(|rest| rest.starts_with(|letter: char| letter.is_ascii_uppercase()))
    }

    /// Whether a function, as it is written, ends the process or the goroutine.
    pub(super) fn never_returns(&self, path: &str) -> bool {
        let path = path.replace("::", ".");
        self.never_return
            .iter()
            .any(|name| path.strip_suffix(name.as_str()).is_some_and(|rest| rest.is_empty() || rest.ends_with('.')))
    }

    /// Whether a function runs another one again and again.
    pub(super) fn is_timer(&self, name: &str) -> bool {
        self.timers.contains_key(name)
    }

    /// Whether a function ends such a timer.
    pub(super) fn ends_timer(&self, name: &str) -> bool {
        self.timers.values().any(|end| end == name)
    }

    /// Whether a method, as it is written, is given what a client does about failures.
    pub(super) fn is_failure_hook(&self, path: &str) -> bool {
        self.failure_hooks.iter().any(|hook| path.strip_suffix(hook.as_str()).is_some_and(|rest| rest.ends_with('.')))
    }

    /// Whether what has this name, a type or a variable, sends what it is asked to somebody else.
    pub(super) fn sends(&self, name: &str) -> bool {
        let (name, lower) = (name.trim_matches('_'), name.trim_start_matches('_'));
        let lower = lower.starts_with(|letter: char| letter.is_ascii_lowercase());
        // A variable is called like its type: `client`, `adminClient`, `admin_client`.
        let is_last = |word: &str| {
            let begin = name.len().checked_sub(word.len());
            let begin = begin.filter(|begin| *begin == 0 || name.as_bytes().get(begin - 1) == Some(&b'_'));
            begin.and_then(|begin| name.get(begin..)).is_some_and(|tail| tail.eq_ignore_ascii_case(word))
        };
        let ends = |word: &String| name.ends_with(word.as_str()) || lower && is_last(word);
        self.remote_types.iter().any(ends)
    }

    /// Whether calls that only seem to be remote are looked for in a language.
    pub(super) fn guesses_in(&self, language: &str) -> bool {
        self.guessed_languages.contains(language)
    }

    /// Whether a method is the one that runs where its object is handed to somebody.
    pub(super) fn is_run(&self, name: &str) -> bool {
        self.runs.contains(name)
    }

    /// Whether a method runs the object that it is given, now or later.
    pub(super) fn runs_later(&self, name: &str) -> bool {
        self.runs_later.iter().any(|word| begins(name, word))
    }

    /// Whether a method takes the next of a queue.
    pub(super) fn takes(&self, name: &str) -> bool {
        self.takes.contains(name)
    }

    /// Whether a function tells the time.
    pub(super) fn is_clock(&self, name: &str) -> bool {
        self.clocks.contains(&name.to_ascii_lowercase())
    }

    /// Whether a function starts a server of one's own: what fails there is a port that is taken.
    pub(super) fn serves(&self, name: &str) -> bool {
        let name = name.to_ascii_lowercase();
        self.serving.iter().any(|word| name.starts_with(word.as_str()))
            && self.servers.iter().any(|word| name.ends_with(word.as_str()))
    }

    /// Whether a method asks for the next message of a stream.
    pub(super) fn asks_for_next(&self, name: &str) -> bool {
        self.next_of_stream.contains(&name.to_ascii_lowercase())
    }

    /// Whether a method puts something into a queue.
    pub(super) fn puts(&self, name: &str) -> bool {
        self.puts.contains(name)
    }

    /// Whether a method of a result that comes later is given a function that is told of a failure.
    pub(super) fn tells_of_failure(&self, name: &str) -> bool {
        self.tells_of_failure.contains(plain(name))
    }

    /// Whether a method of a result that comes later gives another one.
    pub(super) fn goes_on(&self, name: &str) -> bool {
        self.goes_on.contains(plain(name)) || self.tells_of_failure(name)
    }

    /// Whether the name of a policy says that it never gives up.
    pub(super) fn is_endless(&self, name: &str) -> bool {
        is_part(&self.endless, &name.to_ascii_lowercase())
    }

    /// Whether the name of a policy or setting says that it gives up.
    pub(super) fn sounds_like_ending(&self, name: &str) -> bool {
        is_part(&self.ending, &name.to_ascii_lowercase())
    }

    /// Whether a variable sounds like what decides whether to go on.
    pub(super) fn is_policy(&self, name: &str) -> bool {
        is_part(&self.policies, &name.to_ascii_lowercase())
    }

    /// Whether a variable sounds like a queue.
    pub(super) fn is_queue(&self, name: &str) -> bool {
        is_part(&self.queues, &name.to_ascii_lowercase())
    }

    /// Whether a method backs off, by its name alone.
    pub(super) fn backs_off(&self, name: &str) -> bool {
        is_part(&self.backs_off, &name.to_ascii_lowercase())
    }

    /// Whether a method removes what is there.
    pub(super) fn removes(&self, name: &str) -> bool {
        self.removes.iter().any(|word| begins(name, word))
    }

    /// Whether an error says that what was to be made is there already.
    pub(super) fn is_taken_error(&self, name: &str) -> bool {
        is_part(&self.taken, name)
    }

    /// Whether a method by its name alone calls somebody else.
    pub(super) fn is_remote_method(&self, name: &str) -> bool {
        self.remote_methods.iter().any(|word| begins(name, word))
    }

    /// Whether no remote call raises an error.
    pub(super) fn is_other_error(&self, name: &str) -> bool {
        self.other_errors.contains(name) || is_part(&self.interruptions, name)
    }

    /// Whether an error says how things are, not that the call failed.
    pub(super) fn is_state_error(&self, name: &str) -> bool {
        is_part(&self.states, name)
    }

    /// The same of a constant, `NODE_EXISTS`, but for the statuses of HTTP, which say how a call went.
    pub(super) fn is_state_code(&self, name: &str) -> bool {
        let plain = name.replace('_', "").to_ascii_lowercase();
        self.status(name).is_none() && self.states.iter().any(|part| plain.contains(&part.to_ascii_lowercase()))
    }

    /// Whether a constant says that something is there already.
    pub(super) fn is_taken_code(&self, name: &str) -> bool {
        let plain = name.replace('_', "").to_ascii_lowercase();
        self.taken.iter().any(|part| plain.contains(&part.to_ascii_lowercase()))
    }

    /// Whether a text, such as that of a log, says that something is tried again.
    pub(super) fn says_again(&self, text: &str) -> bool {
        is_part(&self.says_again, &text.to_ascii_lowercase())
    }

    /// Whether a type is that of a function.
    pub(super) fn is_function(&self, symbol: &str) -> bool {
        self.functions.iter().any(|space| {
            symbol == space || symbol.strip_prefix(space.as_str()).is_some_and(|rest| rest.starts_with("::"))
        })
    }

    /// Whether something sounds like trying again.
    pub(super) fn sounds_like_retry(&self, name: &str) -> bool {
        is_part(&self.says_again, &name.to_ascii_lowercase())
    }

    /// Whether a method starts what it is a method of, which may well mean to connect.
    pub(super) fn starts(&self, name: &str) -> bool {
        self.starts.iter().any(|word| begins(name, word))
    }

    /// Whether a variable sounds like the number of an attempt.
    pub(super) fn sounds_like_counting(&self, name: &str) -> bool {
        is_part(&self.counts, &name.to_ascii_lowercase())
    }

    /// Whether making one of a type connects to somebody.
    pub(super) fn connects(&self, ty: &str) -> bool {
        self.connecting.contains(ty)
    }

    /// Whether to make one of what has this name may well mean to connect, for it is called like a client.
    pub(super) fn opens(&self, ty: &str) -> bool {
        ty.starts_with(|letter: char| letter.is_ascii_uppercase())
            && (self.sends(ty) || self.opening.iter().any(|word| ty.ends_with(word.as_str())))
    }

    /// Whether an error is raised by calls of somebody else alone.
    pub(super) fn is_remote_error(&self, name: &str) -> bool {
        is_part(&self.remote_errors, name)
    }

    /// Whether a method only looks at, or changes, what it is a method of.
    pub(super) fn is_local_method(&self, name: &str) -> bool {
        self.local_methods.iter().any(|word| begins(name, word))
    }

    /// Whether a method that is given nothing locks something of the process.
    pub(super) fn locks(&self, name: &str) -> bool {
        self.locks.contains(name)
    }

    /// Whether the types of a namespace call nobody.
    pub(super) fn is_local_type(&self, symbol: &str) -> bool {
        let is_module = symbol.split_once("::").is_some_and(|(module, rest)| {
            // `io::netty::channel::Channel`
            let is_package = rest.rsplit_once("::").is_some_and(|(_, ty)| ty.starts_with(char::is_uppercase));
            self.local_modules.contains(module) && !is_package
        });
        (is_module || is_within(&self.local_namespaces, symbol)) && !is_within(&self.network_namespaces, symbol)
    }

    /// Whether a method compares what it is a method of with what it is given.
    pub(super) fn is_same(&self, name: &str) -> bool {
        self.comparisons.contains(name)
    }

    /// Whether a function is given what is told how a call went.
    pub(super) fn registers(&self, name: &str) -> bool {
        self.registers.contains(name) || self.tells_of_failure(name)
    }

    /// Whether a method is given a function that is run when something happens, which it names.
    pub(super) fn is_of_events(&self, name: &str) -> bool {
        self.events.contains(name)
    }

    /// Whether what happens is that something fails.
    pub(super) fn is_failing_event(&self, event: &str) -> bool {
        self.failing_events.contains(event)
    }

    /// Whether a function by its name alone puts back what it is given.
    pub(super) fn puts_back(&self, name: &str) -> bool {
        self.puts_back.iter().any(|word| begins(name, word))
    }

    /// `http.StatusOK`, `StatusCode::OK`, `HttpStatus.SC_OK`, `HttpURLConnection.HTTP_OK`, `requests.codes.ok`.
    pub(super) fn status(&self, name: &str) -> Option<i64> {
        let plain = name.trim_start_matches("SC_").trim_start_matches("HTTP_").trim_start_matches("Status");
        let plain: String = plain.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_lowercase();
        self.named_statuses.get(plain.trim_start_matches(|digit: char| digit.is_ascii_digit())).copied()
    }
}

/// Whether a word, or several, begins the name of a method: `close` in `close` and `closeAll`.
fn begins(name: &str, word: &str) -> bool {
    let rest = name.get(..word.len()).filter(|head| head.eq_ignore_ascii_case(word)).map(|_| &name[word.len()..]);
    rest.is_some_and(|rest| !rest.starts_with(|letter: char| letter.is_ascii_lowercase()))
}

/// The name of a method of a result, whichever thread runs what it is given.
fn plain(name: &str) -> &str {
    name.strip_suffix("Async").unwrap_or(name)
}

fn is_within(spaces: &[String], symbol: &str) -> bool {
    spaces.iter().any(|space| symbol.strip_prefix(space.as_str()).is_some_and(|rest| rest.starts_with("::")))
}

fn is_part(parts: &[String], name: &str) -> bool {
    parts.iter().any(|part| name.contains(part.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_names_can_be_read() {
        let names: Names = serde_yaml::from_str(include_str!("../../../rules/retries.yaml")).unwrap();
        assert!(names.general_errors.is_disjoint(&names.other_errors) && !names.waits.is_empty());
    }

    #[test]
    fn names_sound_like_waiting() {
        for name in ["sleep", "setTimeout", "waitFor", "nextBackOff", "tick"] {
            assert!(NAMES.sounds_like_waiting(name), "{name}");
        }
        for name in ["await", "withTimeout", "get", "send"] {
            assert!(!NAMES.sounds_like_waiting(name), "{name}");
        }
    }

    #[test]
    fn handlers_begin_with_on() {
        assert!(NAMES.is_handler("onClick") && NAMES.is_handler("onComplete"));
        assert!(!NAMES.is_handler("once") && !NAMES.is_handler("on") && !NAMES.is_handler("only"));
    }

    #[test]
    fn statuses_have_names() {
        for name in ["StatusOK", "OK", "SC_OK", "HTTP_OK", "ok", "HTTP_200_OK"] {
            assert_eq!(NAMES.status(name), Some(200), "{name}");
        }
        assert_eq!(NAMES.status("okay"), None);
    }
}
