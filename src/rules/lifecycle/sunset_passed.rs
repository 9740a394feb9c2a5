//! A consumer uses what may be gone already: `rules/lifecycle/sunset-passed.md`.

use crate::check::rule::{Context, Sink, rule};
use crate::model::map::Edge;

rule!("lifecycle", "sunset-passed", Error, Edge(check));

fn check(context: &Context<'_>, edge: &Edge, sink: &mut Sink) {
    let Some(used) = context.used(edge) else { return };
    let Some((day, mark)) = used.marks.sunset.as_ref().filter(|(day, _)| *day <= context.settings.today) else {
        return;
    };

    let consumer = context.consumer(edge.location.service);
    let message = format!("`{consumer}` still {} `{}`, whose sunset was {day}", used.verb, used.name);
    let mut finding = sink
        .finding(edge.confidence, context.site(&edge.location), message)
        .with_label(format!("{} here", used.done))
        .with_help("move to its successor now: the provider may take it away any day")
        .with_related(mark.site.clone(), format!("marked `{}` here", mark.text))
        .with_identity(used.subject, context.actor(&edge.location));
    finding.operation = edge.operation;
    finding.field = edge.field;
    sink.add(finding);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::fixture::*;

    #[test]
    fn the_day_itself_is_too_late() {
        for (sunset, passed) in [("2026-05-31", true), ("2026-06-01", true), ("2026-06-02", false)] {
            let mut analysis = workspace();
            analysis.head.operations[0].marks.sunset = Some((day(sunset), mark("x-sunset")));
            analysis.head.messages[0].fields[1].marks.sunset = Some((day(sunset), mark("x-sunset")));
            analysis.map.edges = vec![call(CORE, 10), read(CORE, BIRTHDATE, 20), read(CORE, CITY, 30)];
            let found = checked(&analysis, &[&RULE], &settings()).findings;
            let messages: Vec<&str> = found.iter().map(|finding| finding.message.as_str()).collect();
            let expected = [
                format!("`core` still calls `GET /profiles/{{id}}`, whose sunset was {sunset}"),
                format!("`core` still reads `Profile.birthdate`, whose sunset was {sunset}"),
            ];
            assert_eq!(messages, if passed { expected.to_vec() } else { Vec::new() });
        }
    }
}
