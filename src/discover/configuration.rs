//! Configuration files of frameworks, which hold the addresses of other services.

use serde::Deserialize;
use serde_yaml::Value;

use crate::model::configuration::Configuration;
use crate::model::source::Service;

use super::services::owner;

/// Maps in maps deeper than this are no configuration.
const MAX_DEPTH: usize = 16;

/// Whether a file is one by its name: `application.yml`, `application-docker.properties`,
/// `appsettings.Production.json`.
pub(super) fn is_one(name: &str) -> bool {
    common(name).is_some()
}

/// Whether a file counts in every profile, if it is a configuration file at all.
fn common(name: &str) -> Option<bool> {
    if name == "microprofile-config.properties" {
        return Some(true);
    }
    let (stem, extension) = name.rsplit_once('.')?;
    let of = |begin: &str, separator: char| {
        let rest = stem.strip_prefix(begin)?;
        (rest.is_empty() || rest.starts_with(separator)).then_some(rest.is_empty())
    };
    match extension {
        "properties" | "yml" | "yaml" => of("application", '-').or_else(|| of("bootstrap", '-')),
        "json" => of("appsettings", '.'),
        _ => None,
    }
}

/// What the files say, those that count in every profile first.
pub(super) fn read<'t>(files: impl Iterator<Item = (&'t str, &'t str)>, services: &[Service]) -> Configuration {
    let mut found: Vec<(bool, &str, &str)> = files
        .filter(|(path, _)| !path.split('/').any(|part| part == "test"))
        .filter_map(|(path, text)| Some((!common(path.rsplit('/').next()?)?, path, text)))
        .collect();
    found.sort_unstable();
    let mut configuration = Configuration::default();
    for (_, path, text) in found {
        let service = owner(path, services);
        let mut add = |key: &str, value: &str| configuration.add(service, key, value);
        if path.ends_with(".properties") {
            properties(text, &mut add);
        } else {
            documents(text, &mut add);
        }
    }
    configuration
}

/// `key=value`, `key: value`, lines that go on behind a backslash.
fn properties(text: &str, add: &mut dyn FnMut(&str, &str)) {
    let whole = text.replace("\\\r\n", "").replace("\\\n", "");
    for line in whole.lines().map(str::trim).filter(|line| !line.starts_with(['#', '!'])) {
        if let Some((key, value)) = line.split_once(['=', ':']) {
            add(key.trim(), value.trim());
        }
    }
}

/// YAML, of which JSON is a part. What stands in a document behind one that cannot be read is left out.
fn documents(text: &str, add: &mut dyn FnMut(&str, &str)) {
    for document in serde_yaml::Deserializer::from_str(text) {
        let Ok(value) = Value::deserialize(document) else { return };
        flatten("", &value, MAX_DEPTH, add);
    }
}

fn flatten(key: &str, value: &Value, depth: usize, add: &mut dyn FnMut(&str, &str)) {
    let Some(depth) = depth.checked_sub(1) else { return };
    match value {
        Value::Mapping(entries) => {
            for (name, value) in entries {
                let Some(name) = name.as_str() else { continue };
                let inner = if key.is_empty() { name.to_owned() } else { format!("{key}.{name}") };
                flatten(&inner, value, depth, add);
            }
        }
        Value::String(text) => add(key, text),
        Value::Number(number) => add(key, &number.to_string()),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::source::ServiceId;

    fn services() -> Vec<Service> {
        let service = |name: &str| Service { name: name.into(), path: name.into(), ..Service::default() };
        vec![service("desk"), service("shop")]
    }

    #[test]
    fn files_are_told_by_their_names() {
        for name in
            ["application.yml", "application-docker.properties", "bootstrap.yaml", "appsettings.Development.json"]
        {
            assert!(is_one(name), "{name}");
        }
        for name in ["application.rs", "applications.yml", "myapplication.yml", "appsettings.yml", "settings.json"] {
            assert!(!is_one(name), "{name}");
        }
    }

    #[test]
    fn values_of_every_format_are_those_of_the_service_around_them() {
        let files = [
            ("desk/src/main/resources/application-docker.yml", "rooms: {url: 'http://rooms:8080'}"),
            (
                "desk/src/main/resources/application.properties",
                "# none\nrooms.url = http://localhost:8080\n! no\nport:80\n",
            ),
            ("desk/src/test/resources/application.properties", "rooms.url=http://test"),
            ("shop/appsettings.json", r#"{"Rooms": {"Url": "http://rooms/api"}}"#),
            ("shop/application.yml", "a: 1\n---\na: 2\n---\n- ]"),
        ];
        let configuration = read(files.into_iter(), &services());
        let values = |service, key| configuration.values(Some(ServiceId(service)), key).to_vec();
        assert_eq!(values(0, "rooms.url"), ["http://localhost:8080", "http://rooms:8080"]);
        assert_eq!(values(0, "port"), ["80"]);
        assert_eq!(values(1, "Rooms:Url"), ["http://rooms/api"]);
        assert_eq!(values(1, "a"), ["1", "2"]);
    }
}
