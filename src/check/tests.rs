//! The driver, with rules that say something about everything.

use super::fixture::*;
use super::rule::{Caller, Check, Context, Rule, Sink};
use crate::model::change::Change;
use crate::model::finding::Level;
use crate::model::map::{Confidence, Edge, LinkedCall, LinkedRetry};
use crate::model::problem::ProblemKind;
use crate::model::usage::{Bound, Client, ClientId, Pause, Retry, RetryKind, Timeout};

/// Says something about every read.
static READS: Rule = Rule {
    id: "test/reads",
    level: Level::Warning,
    doc: "---\nsummary: x\nlevel: warning\nsince: 0.1.0\naliases: [OTHER_READS, SHARED]\n---\n# reads\n",
    check: Check::Edge(say_read),
};

fn say_read(context: &Context<'_>, edge: &Edge, sink: &mut Sink) {
    let message = format!("read by {}", context.consumer(edge.location.service));
    let finding = sink.finding(edge.confidence, context.site(&edge.location), message);
    sink.add(finding.with_identity(edge.evidence.clone(), context.actor(&edge.location)));
}

/// Says how many calls go through one client.
static CALLERS: Rule = Rule { id: "test/callers", level: Level::Error, doc: "", check: Check::Caller(say_caller) };

fn say_caller(context: &Context<'_>, caller: &Caller<'_>, sink: &mut Sink) {
    let edge = &context.map().edges[caller.calls[0].edge];
    let message = format!("{} calls, client {}", caller.calls.len(), caller.client.is_some());
    sink.add(sink.finding(Confidence::Certain, context.site(&edge.location), message));
}

static CHANGES: Rule = Rule { id: "test/changes", level: Level::Error, doc: "", check: Check::Change(say_change) };

fn say_change(_: &Context<'_>, _: &Change, sink: &mut Sink) {
    sink.add(sink.finding(Confidence::Certain, site(API, 0), "changed"));
}

static RETRIES: Rule = Rule { id: "test/retries", level: Level::Error, doc: "", check: Check::Retry(say_retry) };

fn say_retry(context: &Context<'_>, linked: &LinkedRetry, sink: &mut Sink) {
    sink.add(sink.finding(Confidence::Certain, context.site(&linked.retry.location), "retried"));
}

static CALLS: Rule = Rule { id: "test/calls", level: Level::Error, doc: "", check: Check::Call(say_call) };

fn say_call(context: &Context<'_>, call: &LinkedCall, sink: &mut Sink) {
    let edge = &context.map().edges[call.edge];
    sink.add(sink.finding(edge.confidence, context.site(&edge.location), "called"));
}

fn messages(checked: &super::Checked) -> Vec<&str> {
    checked.findings.iter().map(|finding| finding.message.as_str()).collect()
}

#[test]
fn findings_are_sorted_by_place_whatever_the_order_of_edges() {
    let mut analysis = workspace();
    analysis.map.edges = vec![read(MARKETING, CITY, 70), read(CORE, CITY, 20)];
    let checked = checked(&analysis, &[&READS], &settings());
    assert_eq!(messages(&checked), ["read by core", "read by marketing"]);
}

#[test]
fn generated_code_and_the_provider_carry_no_finding() {
    let mut analysis = workspace();
    let mut generated = read(CORE, CITY, 20);
    generated.location.span.file = GENERATED;
    let foreign = Edge { foreign: true, ..read(CORE, CITY, 30) };
    analysis.map.edges = vec![generated, foreign, read(PROFILE, CITY, 40)];
    assert_eq!(messages(&checked(&analysis, &[&READS], &settings())), Vec::<&str>::new());
}

#[test]
fn test_code_is_hidden_and_counted_unless_asked_for() {
    let mut analysis = workspace();
    let mut edge = read(CORE, CITY, 20);
    edge.location.test = true;
    analysis.map.edges = vec![edge];
    let hidden = checked(&analysis, &[&READS], &settings());
    assert_eq!((hidden.findings.len(), hidden.hidden.tests), (0, 1));

    let mut settings = settings();
    settings.include_tests = true;
    let shown = checked(&analysis, &[&READS], &settings);
    assert_eq!((shown.findings.len(), shown.hidden.tests), (1, 0));
}

#[test]
fn a_guess_is_hidden_and_counted() {
    let mut analysis = workspace();
    analysis.map.edges = vec![Edge { confidence: Confidence::Possible, ..read(CORE, CITY, 20) }];
    let checked = checked(&analysis, &[&READS], &settings());
    assert_eq!((checked.findings.len(), checked.hidden.below_confidence), (0, 1));
}

#[test]
fn equal_findings_are_one_and_the_surest_stays() {
    let mut analysis = workspace();
    let likely = Edge { confidence: Confidence::Likely, operation: None, ..read(CORE, CITY, 20) };
    analysis.map.edges = vec![likely, read(CORE, CITY, 20)];
    let checked = checked(&analysis, &[&READS], &settings());
    assert_eq!(checked.findings.len(), 1);
    assert_eq!(checked.findings[0].confidence, Confidence::Certain);
}

#[test]
fn configuration_sets_levels_by_id_or_alias_and_the_id_wins() {
    let mut analysis = workspace();
    analysis.map.edges = vec![read(CORE, CITY, 20)];
    let mut settings = settings();
    settings.levels.insert("OTHER_READS".into(), Some(Level::Error));
    assert_eq!(checked(&analysis, &[&READS], &settings).findings[0].level, Level::Error);
    settings.levels.insert("test/reads".into(), Some(Level::Info));
    assert_eq!(checked(&analysis, &[&READS], &settings).hidden.below_level, 1);
    settings.levels.insert("test/reads".into(), None);
    let off = checked(&analysis, &[&READS], &settings);
    assert_eq!((off.findings.len(), off.hidden.below_level), (0, 0));
}

#[test]
fn a_fingerprint_knows_subject_and_actor_but_no_place() {
    let fingerprints = |edges: Vec<Edge>| {
        let mut analysis = workspace();
        analysis.map.edges = edges;
        let checked = checked(&analysis, &[&READS], &settings());
        checked.findings.into_iter().map(|finding| finding.fingerprint).collect::<Vec<_>>()
    };
    let [here] = fingerprints(vec![read(CORE, CITY, 20)]).try_into().unwrap();
    let [moved] = fingerprints(vec![read(CORE, CITY, 90)]).try_into().unwrap();
    let [other] = fingerprints(vec![read(MARKETING, CITY, 20)]).try_into().unwrap();
    assert_eq!(here, moved);
    assert_ne!(here, other);
    assert!(here.starts_with("CL-") && here.len() == 11, "{here}");

    let twice = fingerprints(vec![read(CORE, CITY, 20), read(CORE, CITY, 90)]);
    assert_eq!(twice[0], here);
    assert_ne!(twice[1], here);
}

#[test]
fn calls_are_grouped_by_their_client_and_apart_from_tests() {
    let mut analysis = workspace();
    let map = &mut analysis.map;
    map.clients.push(Client {
        location: location(CORE, CODE, 0),
        library: "x".into(),
        base: None,
        headers: Vec::new(),
        timeout: Timeout::None,
        opaque: None,
    });
    for start in [10, 20, 30, 40] {
        add_call(map, call(CORE, start), &[]);
    }
    map.calls[0].client = Some(ClientId(0));
    map.calls[1].client = Some(ClientId(0));
    map.calls[2].client = Some(ClientId(0));
    map.edges[2].location.test = true;
    let checked = checked(&analysis, &[&CALLERS], &settings());
    assert_eq!(messages(&checked), ["2 calls, client true", "1 calls, client false"]);
    assert_eq!(checked.hidden.tests, 1);
}

#[test]
fn every_shape_reaches_its_rule() {
    let mut analysis = workspace();
    analysis.changes.push(get_removed(false));
    add_call(&mut analysis.map, call(CORE, 5), &[]);
    analysis.map.retries.push(LinkedRetry {
        retry: Retry {
            location: location(CORE, CODE, 10),
            kind: RetryKind::Loop,
            carrier: "for".into(),
            calls: Vec::new(),
            bound: Bound::Unbounded,
            pause: Pause::Varies,
            repeats_refusals: false,
            seems: None,
        },
        operations: Vec::new(),
    });
    let checked = checked(&analysis, &[&CALLS, &CHANGES, &RETRIES], &settings());
    assert_eq!(messages(&checked), ["called", "retried", "changed"]);
}

/// One read on the second line of this text.
fn with_comment(text: &str) -> super::Checked {
    let mut analysis = workspace();
    write(&mut analysis, CODE, text);
    let start = u32::try_from(text.rfind("READ").unwrap()).unwrap();
    analysis.map.edges = vec![read(CORE, CITY, start)];
    checked(&analysis, &[&READS], &settings())
}

#[test]
fn a_comment_with_a_reason_silences_its_line_or_the_next() {
    for text in [
        "a\nREAD // contract-lint: ignore[test/reads] moves in March\n",
        "a\n  // contract-lint: ignore[test/reads] moves in March\n  READ\n",
        "<!-- contract-lint: ignore[test/reads] moves in March -->\nREAD\n",
        "/* contract-lint: ignore[test/reads] moves in March */\nREAD\n",
        "# contract-lint: ignore[OTHER_READS] moves in March\nREAD\n",
        "# contract-lint: ignore[other/rule, test/reads] moves in March\nREAD\n",
        "// contract-lint: ignore[test/reads] moves\n// contract-lint: ignore[x/y] too\nREAD\n",
    ] {
        let checked = with_comment(text);
        assert_eq!((checked.findings.len(), checked.hidden.ignored), (0, 1), "{text}");
    }
}

#[test]
fn other_lines_other_rules_and_plain_text_silence_nothing() {
    for text in [
        "// contract-lint: ignore[test/reads] moves in March\n\nREAD\n",
        "x() // contract-lint: ignore[test/reads] moves in March\nREAD\n",
        "// contract-lint: ignore[test/writes] moves in March\nREAD\n",
        "say contract-lint: ignore[test/reads] moves in March\nREAD\n",
        "// contract-lint: ignore everything\nREAD\n",
    ] {
        assert_eq!(with_comment(text).findings.len(), 1, "{text}");
    }
}

#[test]
fn a_comment_without_reason_use_or_rule_is_a_note() {
    let notes = |text: &str| {
        let notes = with_comment(text).notes;
        assert!(notes.iter().all(|note| note.kind == ProblemKind::Note));
        notes.into_iter().map(|note| note.message).collect::<Vec<_>>()
    };
    let without = with_comment("// contract-lint: ignore[test/reads]\nREAD\n");
    assert_eq!(without.findings.len(), 1);
    assert_eq!(without.notes[0].message, "`ignore[test/reads]` says no reason, so it silences nothing");
    assert_eq!(
        notes("// contract-lint: ignore[test/reads] why\n\nREAD")[0],
        "`ignore[test/reads]` silences nothing any more"
    );
    assert_eq!(
        notes("// contract-lint: ignore[test/raeds] why\nREAD")[0],
        "`ignore[test/raeds]`: there is no such rule"
    );
    assert_eq!(notes("// contract-lint: ignore[test/reads] why\nREAD"), Vec::<String>::new());
}
