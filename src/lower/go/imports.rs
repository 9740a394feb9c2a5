//! What a qualifier such as `http` in `http.Get` stands for.

use std::collections::BTreeMap;
use std::sync::Arc;

/// The imports of one file.
///
/// The name of a package stands in its own files, which need not be here. An import without a name
/// of its own is therefore known by the names that its path lets one expect, best first.
#[derive(Default)]
pub(super) struct Imports {
    named: BTreeMap<Arc<str>, Arc<str>>,
    unnamed: Vec<Unnamed>,
    dotted: Vec<Arc<str>>,
}

/// An import without a name.
struct Unnamed {
    path: Arc<str>,
    expected: Vec<String>,
}

impl Imports {
    /// `import name "path"`.
    pub(super) fn add(&mut self, name: Option<&str>, path: &str) {
        let path: Arc<str> = Arc::from(path);
        match name {
            Some("_") => {}
            Some(".") => self.dotted.push(path),
            Some(name) => {
                self.named.insert(Arc::from(name), path);
            }
            None => {
                let expected = expected_names(&path);
                self.unnamed.push(Unnamed { path, expected });
            }
        }
    }

    /// The import path that a qualifier stands for: the import that is called so, or else the one
    /// whose path lets one expect the name best.
    pub(super) fn path(&self, name: &str) -> Option<&str> {
        if let Some(path) = self.named.get(name) {
            return Some(path);
        }
        let rank = |import: &Unnamed| import.expected.iter().position(|expected| expected == name);
        let best = self.unnamed.iter().filter_map(|import| Some((rank(import)?, import)));
        best.min_by_key(|(rank, _)| *rank).map(|(_, import)| &*import.path)
    }

    /// The package whose names are used without a qualifier. Of several the first: which of them has
    /// a name, their files alone tell.
    pub(super) fn dotted(&self) -> Option<&str> {
        self.dotted.first().map(|path| &**path)
    }
}

/// Names that a package at a path may have, the most likely first.
fn expected_names(path: &str) -> Vec<String> {
    let mut elements = path.rsplit('/');
    let last = elements.next().unwrap_or(path);
    let before = elements.next();
    // `github.com/cenkalti/backoff/v4` is `backoff`; `k8s.io/api/core/v1` is `v1` all the same.
    let (base, version) = match before {
        Some(before) if is_version(last) => (before, Some(last)),
        _ => (last, None),
    };
    // `gopkg.in/yaml.v3`
    let base = base.rsplit_once('.').filter(|(_, version)| is_version(version)).map_or(base, |(name, _)| name);
    let plain = without_go(base);
    let mut names = Vec::new();
    let mut add = |name: String| {
        if !name.is_empty() && !names.contains(&name) {
            names.push(name);
        }
    };
    add(base.to_owned());
    add(plain.to_owned());
    if let Some(version) = version {
        add(version.to_owned());
        // `acme/profile/v1`, package `profilev1`: the custom for generated protobuf code.
        add(format!("{}{version}", joined(base, "")));
    }
    for name in [plain, base] {
        add(joined(name, ""));
        add(joined(name, "_"));
    }
    for part in plain.split(|letter: char| !letter.is_alphanumeric()) {
        add(part.to_owned());
    }
    names
}

/// `go-redis`, `retry-go`, `nats.go` and the like: the language is no part of the name.
fn without_go(name: &str) -> &str {
    let stripped = name.strip_prefix("go-").or_else(|| name.strip_prefix("go."));
    stripped
        .or_else(|| name.strip_suffix("-go"))
        .or_else(|| name.strip_suffix(".go"))
        .or_else(|| name.strip_suffix("-golang"))
        .unwrap_or(name)
}

fn joined(name: &str, with: &str) -> String {
    name.split(['-', '.', '_']).collect::<Vec<_>>().join(with)
}

/// `v2`, `v1beta1`.
fn is_version(element: &str) -> bool {
    let Some(number) = element.strip_prefix('v') else { return false };
    number.starts_with(|digit: char| digit.is_ascii_digit()) && number.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn imports(paths: &[&str]) -> Imports {
        let mut imports = Imports::default();
        for path in paths {
            imports.add(None, path);
        }
        imports
    }

    #[test]
    fn packages_are_called_like_their_path_lets_one_expect() {
        for (path, name) in [
            ("fmt", "fmt"),
            ("net/http", "http"),
            ("github.com/cenkalti/backoff/v4", "backoff"),
            ("gopkg.in/yaml.v3", "yaml"),
            ("github.com/avast/retry-go/v4", "retry"),
            ("github.com/mattn/go-sqlite3", "sqlite3"),
            ("github.com/nats-io/nats.go", "nats"),
            ("github.com/go-resty/resty/v2", "resty"),
            ("example.com/hello-world-go", "helloworld"),
            ("example.com/hello-world-go", "hello_world"),
            ("k8s.io/api/core/v1", "v1"),
            ("example.com/gen/profile/v1", "profilev1"),
            ("github.com/acme/order_service", "order_service"),
        ] {
            assert_eq!(imports(&[path]).path(name), Some(path), "{path}");
        }
    }

    #[test]
    fn what_no_path_lets_one_expect_is_no_import() {
        let imports = imports(&["github.com/acme/mongodb", "net/http", "example.com/position"]);
        for name in ["db", "s", "os", "h", "go", ""] {
            assert_eq!(imports.path(name), None, "{name}");
        }
    }

    #[test]
    fn the_best_match_wins_whatever_the_order() {
        let imports = imports(&["example.com/redis-mock", "github.com/redis/go-redis/v9"]);
        assert_eq!(imports.path("redis"), Some("github.com/redis/go-redis/v9"));
    }

    #[test]
    fn a_name_of_its_own_is_the_only_one() {
        let mut imports = Imports::default();
        imports.add(Some("web"), "net/http");
        imports.add(Some("_"), "embed");
        imports.add(Some("."), "github.com/onsi/gomega");
        assert_eq!(imports.path("web"), Some("net/http"));
        assert_eq!(imports.path("http"), None);
        assert_eq!(imports.path("embed"), None);
        assert_eq!(imports.dotted(), Some("github.com/onsi/gomega"));
    }
}
