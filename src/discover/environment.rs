//! Environment variables that deployment files set: Compose, Kubernetes, `.env`. They hold the addresses by which
//! services reach each other: `ORDERS_URL: http://orders:8080`.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_yaml::{Mapping, Value};

use super::services::{lexical_join, owner};
use crate::model::configuration::{Configuration, PUBLISHED_PORT, plain};
use crate::model::source::{Service, ServiceId};

/// Lists and maps in each other deeper than this are no manifest.
const MAX_DEPTH: usize = 24;
/// Longer values are no addresses.
const MAX_VALUE: usize = 200;
/// Larger files are generated, and say nothing of addresses.
const MAX_BYTES: usize = 1 << 19;

/// Whether a text may set variables, told without parsing it.
pub(super) fn may_set(bytes: &[u8]) -> bool {
    let has = |word: &str| memchr::memmem::find(bytes, word.as_bytes()).is_some();
    bytes.len() <= MAX_BYTES
        && (has("services:") && (has("environment:") || has("ports:"))
            || has("apiVersion") && (has("env:") || has("ConfigMap")))
}

/// Whether a file holds nothing but variables, by its name.
pub(super) fn is_dotenv(name: &str) -> bool {
    name == ".env" || name.starts_with(".env.")
}

/// Adds what the files set: of a service what is surely its own, the rest for everybody.
pub(super) fn read<'t>(
    files: impl Iterator<Item = (&'t str, &'t str)>,
    services: &[Service],
    configuration: &mut Configuration,
) {
    let mut reader = Reader { services, configuration, names: names(services) };
    for (path, text) in files {
        if path.rsplit('/').next().is_some_and(is_dotenv) {
            reader.dotenv(path, text);
        } else {
            reader.documents(path, text);
        }
    }
}

/// Services by what they are called; none where several are.
fn names(services: &[Service]) -> BTreeMap<String, Option<ServiceId>> {
    let mut names: BTreeMap<String, Option<ServiceId>> = BTreeMap::new();
    for (at, service) in (0..).zip(services) {
        names.entry(plain(&service.name)).and_modify(|known| *known = None).or_insert(Some(ServiceId(at)));
    }
    names
}

struct Reader<'r> {
    services: &'r [Service],
    configuration: &'r mut Configuration,
    names: BTreeMap<String, Option<ServiceId>>,
}

impl Reader<'_> {
    /// `NAME=value` in lines. What stands in no service's folder is meant for all.
    fn dotenv(&mut self, path: &str, text: &str) {
        let service = owner(path, self.services);
        for line in text.lines().map(str::trim).filter(|line| !line.starts_with('#')) {
            let line = line.strip_prefix("export ").unwrap_or(line);
            if let Some((name, value)) = line.split_once('=') {
                self.set(service, name.trim(), value.trim().trim_matches(['"', '\'']));
            }
        }
    }

    /// Templates that are no YAML yet are left out.
    fn documents(&mut self, path: &str, text: &str) {
        for document in serde_yaml::Deserializer::from_str(text) {
            let Ok(document) = Value::deserialize(document) else { return };
            match document.get("services").and_then(Value::as_mapping) {
                Some(services) => self.compose(path, services),
                None => self.manifest(&document, None, MAX_DEPTH),
            }
        }
    }

    /// Source: the Compose specification, `environment`, `build` and `ports`.
    fn compose(&mut self, path: &str, services: &Mapping) {
        for (name, container) in services {
            let service = name.as_str().and_then(|name| self.built(path, name, container));
            match container.get("environment") {
                Some(Value::Mapping(variables)) => {
                    for (name, value) in variables {
                        self.set_value(service, name, value);
                    }
                }
                Some(Value::Sequence(lines)) => {
                    for (name, value) in lines.iter().filter_map(Value::as_str).filter_map(|it| it.split_once('=')) {
                        self.set(service, name, value);
                    }
                }
                _ => {}
            }
            let ports = container.get("ports").and_then(Value::as_sequence).into_iter().flatten();
            for port in ports.filter_map(published) {
                if service.is_some() {
                    self.set(service, PUBLISHED_PORT, &port);
                }
            }
        }
    }

    /// The service whose folder a container is built from, or whose name it has.
    fn built(&self, path: &str, name: &str, container: &Value) -> Option<ServiceId> {
        let build = container.get("build");
        let context = build.and_then(|build| build.get("context").unwrap_or(build).as_str());
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        let built = context.map(|context| lexical_join(folder, context));
        let of_folder = built.and_then(|built| self.services.binary_search_by(|it| it.path.cmp(&built)).ok());
        of_folder.and_then(|at| u32::try_from(at).ok()).map(ServiceId).or_else(|| self.named(name))
    }

    fn named(&self, name: &str) -> Option<ServiceId> {
        self.names.get(&plain(name)).copied().flatten()
    }

    /// Containers at any depth, and config maps, which anybody may use. Source: Kubernetes API, `Container.env`,
    /// `ConfigMap.data`.
    fn manifest(&mut self, value: &Value, service: Option<ServiceId>, depth: usize) {
        let Some(depth) = depth.checked_sub(1) else { return };
        match value {
            Value::Mapping(entries) => {
                let name = value.get("metadata").and_then(|metadata| metadata.get("name")).or(value.get("name"));
                let service = name.and_then(Value::as_str).and_then(|name| self.named(name)).or(service);
                if value.get("kind").and_then(Value::as_str) == Some("ConfigMap") {
                    let data = value.get("data").and_then(Value::as_mapping);
                    data.into_iter().flatten().for_each(|(name, value)| self.set_value(None, name, value));
                    return;
                }
                let variables = value.get("env").and_then(Value::as_sequence).into_iter().flatten();
                for (name, value) in variables.filter_map(|it| Some((it.get("name")?, it.get("value")?))) {
                    self.set_value(service, name, value);
                }
                entries.values().for_each(|inner| self.manifest(inner, service, depth));
            }
            Value::Sequence(items) => items.iter().for_each(|item| self.manifest(item, service, depth)),
            _ => {}
        }
    }

    fn set_value(&mut self, service: Option<ServiceId>, name: &Value, value: &Value) {
        let Some(name) = name.as_str() else { return };
        match value {
            Value::String(text) => self.set(service, name, text),
            Value::Number(number) => self.set(service, name, &number.to_string()),
            _ => {}
        }
    }

    fn set(&mut self, service: Option<ServiceId>, name: &str, value: &str) {
        if name.is_empty() || value.is_empty() || value.len() > MAX_VALUE || !value.chars().all(is_of_address) {
            return;
        }
        // `${NAME:-default}` of a shell is `${NAME:default}` of a framework.
        let value = value.replace(":-", ":");
        if service.is_some() {
            self.configuration.add(service, name, &value);
        }
        self.configuration.add_common(name, &value);
    }
}

fn is_of_address(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || "._:/{}$-@?=&%".contains(letter)
}

/// The port of this machine in `8080:80`, `127.0.0.1:8080:80/tcp` or `{published: 8080}`.
fn published(port: &Value) -> Option<String> {
    let Some(text) = port.as_str() else {
        let published = port.get("published")?;
        return published.as_u64().map(|port| port.to_string()).or_else(|| published.as_str().map(str::to_owned));
    };
    let (outside, _) = text.rsplit_once(':')?;
    let port = outside.rsplit(':').next().unwrap_or(outside);
    port.parse::<u16>().is_ok().then(|| port.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn configuration(files: &[(&str, &str)]) -> Configuration {
        let service = |name: &str| Service { name: name.into(), path: format!("src/{name}"), ..Service::default() };
        let services = [service("cart"), service("orders"), service("shop")];
        let mut configuration = Configuration::default();
        read(files.iter().copied(), &services, &mut configuration);
        configuration
    }

    const SHOP: Option<ServiceId> = Some(ServiceId(2));

    #[test]
    fn compose_sets_variables_in_maps_and_lists_and_publishes_ports() {
        let text = "services:\n  web:\n    build: {context: ../src/shop}\n    environment:\n      CART_URL: http://cart:8080\n\
                    \x20     RETRIES: 3\n    ports: ['127.0.0.1:9000:80/tcp', '443']\n  orders:\n    image: x\n    \
                    environment: [CART_HOST=cart, EMPTY=, 'MOTTO=a b']\n    ports: [{published: 9001, target: 80}]\n";
        let known = configuration(&[("deploy/compose.yaml", text)]);
        assert_eq!(known.values(SHOP, "CART_URL"), ["http://cart:8080"]);
        assert_eq!(known.values(SHOP, "RETRIES"), ["3"]);
        assert_eq!(known.values(SHOP, PUBLISHED_PORT), ["9000"]);
        assert_eq!(known.values(Some(ServiceId(1)), "CART_HOST"), ["cart"]);
        assert_eq!(known.values(Some(ServiceId(1)), PUBLISHED_PORT), ["9001"]);
        assert!(known.values(Some(ServiceId(1)), "MOTTO").is_empty());
        assert_eq!(known.common("CART_HOST"), ["cart"]);
    }

    #[test]
    fn kubernetes_sets_variables_of_containers_and_in_config_maps() {
        let text = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: shop}\nspec:\n  template:\n    spec:\n      \
                    containers:\n      - name: server\n        env:\n        - {name: CART_ADDR, value: 'cart:7070'}\n        \
                    - {name: SECRET, valueFrom: {}}\n---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: api}\ndata:\n  \
                    ORDERS_ADDR: orders:80\n---\n{{ broken\n";
        let known = configuration(&[("k8s/all.yaml", text)]);
        assert_eq!(known.values(SHOP, "CART_ADDR"), ["cart:7070"]);
        assert_eq!(known.common("ORDERS_ADDR"), ["orders:80"]);
        assert!(known.values(SHOP, "ORDERS_ADDR").is_empty());
    }

    #[test]
    fn files_of_variables_count_for_the_service_around_them() {
        let text = "# addresses\nexport CART_URL=\"http://${HOST:-cart}/api\"\nWORDS=a b\n";
        let known = configuration(&[("src/shop/.env", text), (".env.docker", "ORDERS_URL=http://orders\n")]);
        assert_eq!(known.values(SHOP, "CART_URL"), ["http://${HOST:cart}/api"]);
        assert_eq!(known.common("ORDERS_URL"), ["http://orders"]);
        assert!(known.common("WORDS").is_empty());
    }

    #[test]
    fn only_what_may_set_variables_is_parsed() {
        assert!(may_set(b"services:\n  a:\n    environment: {}\n"));
        assert!(may_set(b"apiVersion: v1\nkind: ConfigMap\n"));
        assert!(!may_set(b"apiVersion: v1\nkind: Service\n"));
        assert!(!may_set(b"environment: production\n"));
    }
}
