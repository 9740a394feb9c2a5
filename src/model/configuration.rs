//! What configuration files of services say, by key.

use std::collections::BTreeMap;

use super::source::ServiceId;

/// The key under which a port of this machine stands that leads to a service.
pub const PUBLISHED_PORT: &str = "published.port";

/// Values by service and key. Keys are compared by their letters and digits alone: `orders.base-url`,
/// `Orders:BaseUrl` and `ORDERS_BASE_URL` are one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Configuration {
    values: BTreeMap<(Option<ServiceId>, String), Vec<String>>,
    /// Variables that some service gets, by key.
    common: BTreeMap<String, Vec<String>>,
}

impl Configuration {
    /// Adds a value behind those that are known of its key.
    pub fn add(&mut self, service: Option<ServiceId>, key: &str, value: &str) {
        let values = self.values.entry((service, plain(key))).or_default();
        if !values.iter().any(|known| known == value) {
            values.push(value.to_owned());
        }
    }

    /// Adds a value of a variable that somebody gets.
    pub fn add_common(&mut self, key: &str, value: &str) {
        let values = self.common.entry(plain(key)).or_default();
        if !values.iter().any(|known| known == value) {
            values.push(value.to_owned());
        }
    }

    /// All values of a variable, whoever gets them.
    #[must_use]
    pub fn common(&self, key: &str) -> &[String] {
        if self.common.is_empty() {
            return &[];
        }
        self.common.get(&plain(key)).map_or(&[], Vec::as_slice)
    }

    /// All values of a key, as written, in the order in which they were added: that of the common file
    /// before those of profiles.
    #[must_use]
    pub fn values(&self, service: Option<ServiceId>, key: &str) -> &[String] {
        if self.values.is_empty() {
            return &[];
        }
        self.values.get(&(service, plain(key))).map_or(&[], Vec::as_slice)
    }
}

/// A key, or the name of a service, by its letters and digits alone.
#[must_use]
pub fn plain(key: &str) -> String {
    key.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_known_in_every_way_of_writing_it() {
        let mut configuration = Configuration::default();
        configuration.add(None, "orders.base-url", "http://a");
        configuration.add(None, "Orders:BaseUrl", "http://b");
        configuration.add(None, "orders.base-url", "http://a");
        assert_eq!(configuration.values(None, "ORDERS_BASE_URL"), ["http://a", "http://b"]);
        assert!(configuration.values(Some(ServiceId(0)), "orders.base-url").is_empty());
    }
}
