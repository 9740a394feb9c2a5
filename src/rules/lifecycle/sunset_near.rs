//! A consumer uses what will soon be gone: `rules/lifecycle/sunset-near.md`.

use jiff::civil::Date;

use crate::check::rule::{Context, Sink, count, rule};
use crate::model::map::Edge;

rule!("lifecycle", "sunset-near", Warning, Edge(check));

fn check(context: &Context<'_>, edge: &Edge, sink: &mut Sink) {
    let Some(used) = context.used(edge) else { return };
    let Some((day, mark)) = &used.marks.sunset else { return };
    let notice = context.settings.sunset_notice_days as usize;
    let Some(left) = days(context.settings.today, *day).filter(|left| *left <= notice) else { return };

    let consumer = context.consumer(edge.location.service);
    let left = count(left, "day", "days");
    let message = format!("`{consumer}` {} `{}`, which may be gone in {left}, from {day} on", used.verb, used.name);
    let mut finding = sink
        .finding(edge.confidence, context.site(&edge.location), message)
        .with_label(format!("{} here", used.done))
        .with_help(format!("move to its successor before {day}"))
        .with_related(mark.site.clone(), format!("marked `{}` here", mark.text))
        .with_identity(used.subject, context.actor(&edge.location));
    finding.operation = edge.operation;
    finding.field = edge.field;
    sink.add(finding);
}

/// Days from one day to a later one.
fn days(today: Date, day: Date) -> Option<usize> {
    let between = today.until(day).ok()?;
    usize::try_from(between.get_days()).ok().filter(|days| *days > 0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::fixture::*;

    #[test]
    fn it_is_near_from_the_notice_on_until_the_day_before() {
        for (sunset, left) in
            [("2026-06-01", None), ("2026-06-02", Some("1 day")), ("2026-08-30", Some("90 days")), ("2026-08-31", None)]
        {
            let mut analysis = workspace();
            analysis.head.operations[0].marks.sunset = Some((day(sunset), mark("x-sunset")));
            analysis.map.edges = vec![call(CORE, 10)];
            let found = checked(&analysis, &[&RULE], &settings()).findings;
            let expected = left.map(|left| {
                format!("`core` calls `GET /profiles/{{id}}`, which may be gone in {left}, from {sunset} on")
            });
            assert_eq!(found.first().map(|finding| finding.message.clone()), expected);
        }
    }

    #[test]
    fn the_notice_is_configured() {
        let mut analysis = workspace();
        analysis.head.operations[0].marks.sunset = Some((day("2026-06-20"), mark("x-sunset")));
        analysis.map.edges = vec![call(CORE, 10)];
        for (notice, findings) in [(19, 1), (18, 0)] {
            let mut settings = settings();
            settings.sunset_notice_days = notice;
            assert_eq!(checked(&analysis, &[&RULE], &settings).findings.len(), findings, "{notice}");
        }
    }
}
