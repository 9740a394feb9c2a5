//! Addresses that stand in configuration files: `${rooms.url}/rooms` as `http://rooms:8080/rooms`.

use std::collections::BTreeSet;

use super::url::{self, Url};
use crate::model::configuration::Configuration;
use crate::model::source::ServiceId;
use crate::model::usage::{Part, Template};

/// Values that name other values, one in another.
const MAX_DEPTH: usize = 4;

/// Values of one key that are looked at: those of as many environments.
const MAX_VALUES: usize = 4;

/// A URL of a service, with what its configuration says put in. The names of the keys stay: they say whom
/// the address is of, too.
pub(super) fn url_of(template: &Template, service: Option<ServiceId>, configuration: &Configuration) -> Url {
    filled(template, Source { service, configuration, turn: 0 }).unwrap_or_else(|| url::parse(template))
}

/// The same for each of the environments that the configuration speaks of, the one that tells most first.
pub(super) fn urls_of(template: &Template, service: Option<ServiceId>, configuration: &Configuration) -> Vec<Url> {
    let all = (0..MAX_VALUES).map_while(|turn| filled(template, Source { service, configuration, turn }));
    let all: Vec<Url> = all.collect();
    if all.is_empty() { vec![url::parse(template)] } else { all }
}

/// Where values are looked up.
#[derive(Clone, Copy)]
struct Source<'c> {
    service: Option<ServiceId>,
    configuration: &'c Configuration,
    /// Which of several values is taken.
    turn: usize,
}

/// The URL with values put in; none if there is no value, or no more of them.
fn filled(template: &Template, source: Source<'_>) -> Option<Url> {
    let written = url::parse(template);
    let mut filled = Template::default();
    let mut any = false;
    for part in &template.0 {
        match part {
            Part::Env(key) => match source.value(key, MAX_DEPTH) {
                Some(value) => {
                    any = true;
                    filled.append(&value);
                }
                None => filled.append(&Template(vec![part.clone()])),
            },
            _ => filled.append(&Template(vec![part.clone()])),
        }
    }
    if !any {
        return None;
    }
    let mut url = url::parse(&filled);
    // Where this machine stands for another, a path may stand in front there.
    url.base.open |= written.base.open && url.base.host.as_deref().is_none_or(is_here);
    for variable in written.base.variables {
        if !url.base.variables.contains(&variable) {
            url.base.variables.push(variable);
        }
    }
    Some(url)
}

impl Source<'_> {
    /// What a key stands for. Values that name another machine come first.
    fn value(self, key: &str, depth: usize) -> Option<Template> {
        let depth = depth.checked_sub(1)?;
        let own = self.configuration.values(self.service, key);
        let values = if own.is_empty() { agreed(self.configuration.common(key)) } else { own };
        let (here, elsewhere): (Vec<_>, Vec<_>) =
            values.iter().partition(|value| value.split(['/', ':', '{', '}']).any(is_here));
        let text = elsewhere.into_iter().chain(here).nth(self.turn)?;
        let mut template = Template::default();
        let mut rest = text.as_str();
        while let Some((before, behind)) = rest.split_once("${") {
            let Some((placeholder, after)) = behind.split_once('}') else { break };
            template.append(&Template::text(before));
            let (key, default) = placeholder.split_once(':').map_or((placeholder, None), |(key, it)| (key, Some(it)));
            let known = Self { turn: 0, ..self }.value(key, depth);
            let default = || default.filter(|text| !text.is_empty()).map(Template::text);
            let unknown = || Template(vec![Part::Env(key.into())]);
            template.append(&known.or_else(default).unwrap_or_else(unknown));
            rest = after;
        }
        template.append(&Template::text(rest));
        Some(template)
    }
}

/// What others get counts where all of them get one host by it: `http://orders:80` and `orders.shop.svc`.
fn agreed(values: &[String]) -> &[String] {
    let host = |value: &'_ String| {
        let behind = value.split_once("://").map_or(value.as_str(), |(_, rest)| rest);
        behind.split(['.', ':', '/']).next().unwrap_or_default().to_owned()
    };
    let hosts: BTreeSet<String> = values.iter().map(host).filter(|host| !is_here(host)).collect();
    if hosts.len() > 1 { &[] } else { values }
}

fn is_here(host: &str) -> bool {
    matches!(host, "localhost" | "127.0.0.1" | "0.0.0.0" | "host.docker.internal")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(values: &[(&str, &str)], parts: &[Part]) -> String {
        let mut configuration = Configuration::default();
        values.iter().for_each(|(key, value)| configuration.add(None, key, value));
        let url = url_of(&Template(parts.to_vec()), None, &configuration);
        let path: Vec<String> = url.segments.iter().map(ToString::to_string).collect();
        let open = if url.base.open { " open" } else { "" };
        format!("{} /{} {}{open}", url.base.host.unwrap_or_default(), path.join("/"), url.base.variables.join(","))
    }

    fn rooms() -> Vec<Part> {
        vec![Part::Env("rooms.url".into()), Part::Text("/rooms/".into()), Part::Hole]
    }

    #[test]
    fn a_value_brings_its_host_and_its_path() {
        let values = [("rooms.url", "http://localhost:8080"), ("ROOMS_URL", "http://rooms:8080/api")];
        assert_eq!(shown(&values, &rooms()), "rooms /api/rooms/{} rooms.url");
        assert_eq!(shown(&values[..1], &rooms()), "localhost /rooms/{} rooms.url open");
        assert_eq!(shown(&[], &rooms()), " /rooms/{} rooms.url open");
    }

    #[test]
    fn what_others_get_counts_where_they_agree() {
        let shown = |values: &[&str]| {
            let mut configuration = Configuration::default();
            values.iter().for_each(|value| configuration.add_common("rooms.url", value));
            url_of(&Template(rooms()), Some(ServiceId(0)), &configuration).base.host
        };
        assert_eq!(shown(&["http://rooms:80"]).as_deref(), Some("rooms"));
        assert_eq!(
            shown(&["http://rooms.hotel.svc", "http://localhost:8080", "rooms:80"]).as_deref(),
            Some("rooms.hotel.svc")
        );
        assert_eq!(shown(&["http://rooms:80", "http://desk:80"]), None);
    }

    #[test]
    fn placeholders_in_values_are_values_defaults_or_stay() {
        let nested = [("rooms.url", "http://${rooms.host:lobby}/v1"), ("rooms.host", "desk")];
        assert_eq!(shown(&nested, &rooms()), "desk /v1/rooms/{} rooms.url");
        assert_eq!(shown(&nested[..1], &rooms()), "lobby /v1/rooms/{} rooms.url");
        assert_eq!(shown(&[("rooms.url", "${ROOMS}")], &rooms()), " /rooms/{} ROOMS,rooms.url open");
        // Values that name each other end.
        assert_eq!(shown(&[("rooms.url", "${rooms.url}")], &rooms()), " /rooms/{} rooms.url open");
    }
}
