//! Files that contracts name in `$ref`: read whatever they look like, but never outside the roots.

use std::collections::BTreeSet;
use std::sync::Arc;

use percent_encoding::percent_decode_str;

use super::layout::parent;

/// Reads, from the given documents on, every file that a `$ref` names, and those that these name.
/// `read` gives the text of a path if there is one; it is asked once for each path.
pub(super) fn follow<'a>(
    documents: impl IntoIterator<Item = (&'a str, &'a Arc<str>)>,
    mut read: impl FnMut(&str, &str) -> Option<Arc<str>>,
) {
    let mut seen = BTreeSet::new();
    let mut open: Vec<(String, Arc<str>)> = Vec::new();
    for (path, text) in documents {
        seen.insert(path.to_owned());
        open.push((path.to_owned(), Arc::clone(text)));
    }
    while let Some((from, text)) = open.pop() {
        for target in targets(&text) {
            let Some(path) = resolve(&from, &target) else { continue };
            if !seen.insert(path.clone()) {
                continue;
            }
            if let Some(text) = read(&from, &path) {
                open.push((path, text));
            }
        }
    }
}

/// The files that a `.proto` file imports, as written.
pub(super) fn imports(text: &str) -> Vec<String> {
    let quoted = |line: &str| {
        let rest = line.trim_start().strip_prefix("import")?.trim_start();
        let rest = ["public", "weak"].into_iter().find_map(|word| rest.strip_prefix(word)).unwrap_or(rest).trim_start();
        let quote = rest.chars().next().filter(|mark| matches!(mark, '"' | '\''))?;
        rest.get(1..)?.split(quote).next().map(str::to_owned)
    };
    text.lines().filter_map(quoted).collect()
}

/// The files that a document names in `$ref`, as written, decoded, each once.
fn targets(text: &str) -> BTreeSet<String> {
    text.match_indices("$ref").filter_map(|(at, key)| value(text.get(at + key.len()..)?)).filter_map(file_of).collect()
}

/// The value of the key that ends where `rest` starts.
fn value(rest: &str) -> Option<&str> {
    let rest = rest.strip_prefix(['"', '\'']).unwrap_or(rest).trim_start().strip_prefix(':')?.trim_start();
    for quote in ['"', '\''] {
        if let Some(quoted) = rest.strip_prefix(quote) {
            return quoted.split(quote).next();
        }
    }
    rest.split(['\n', '\r', ',', '}']).next().map(str::trim_end)
}

/// The file part of a reference; `None` for one into the same document or to the net.
fn file_of(reference: &str) -> Option<String> {
    let file = reference.split('#').next()?.trim_end();
    if file.is_empty() || file.contains("://") || file.starts_with("urn:") {
        return None;
    }
    let file = file.replace(r"\/", "/").replace('\\', "/");
    Some(percent_decode_str(&file).decode_utf8().map(std::borrow::Cow::into_owned).unwrap_or(file))
}

/// A path named in a document, as seen from the top; `None` if it leads above it or is absolute.
pub(super) fn resolve(from: &str, target: &str) -> Option<String> {
    if target.starts_with('/') {
        return None;
    }
    let mut parts: Vec<&str> = parent(from).split('/').filter(|part| !part.is_empty()).collect();
    for part in target.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    (!parts.is_empty()).then(|| parts.join("/"))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn references_are_found_in_every_way_of_writing_them() {
        let text = r#"
a: {$ref: one.yaml}
b:
  $ref: "./two.yaml#/components/schemas/A"
c: {"$ref": "..\/three.json#/x", '$ref' : 'with%20space.yml'}
d: {$ref: '#/components/schemas/Own'}
e: {$ref: https://example.org/net.yaml}
"#;
        let found: Vec<String> = targets(text).into_iter().collect();
        assert_eq!(found, ["../three.json", "./two.yaml", "one.yaml", "with space.yml"]);
    }

    #[test]
    fn imports_are_found_in_every_way_of_writing_them() {
        let text =
            "import \"a/b.proto\";\n  import public 'c.proto'; // c\nimport weak\"d.proto\";\nimportant = \"x\";\n";
        assert_eq!(imports(text), ["a/b.proto", "c.proto", "d.proto"]);
    }

    #[test]
    fn a_reference_never_leads_above_the_top() {
        assert_eq!(resolve("api/v1/openapi.yaml", "../common/a.yaml").as_deref(), Some("api/common/a.yaml"));
        assert_eq!(resolve("openapi.yaml", "../a.yaml"), None);
        assert_eq!(resolve("openapi.yaml", "/etc/passwd"), None);
        assert_eq!(resolve("openapi.yaml", "."), None);
    }

    #[test]
    fn cycles_end_and_every_file_is_read_once() {
        let files: BTreeMap<&str, Arc<str>> = BTreeMap::from([
            ("a.yaml", "$ref: b.yaml".into()),
            ("b.yaml", "$ref: a.yaml\n$ref: dir/c.yaml".into()),
            ("dir/c.yaml", "$ref: ../b.yaml\n$ref: gone.yaml".into()),
        ]);
        let mut asked = Vec::new();
        follow([("a.yaml", &files["a.yaml"])], |_, path| {
            asked.push(path.to_owned());
            files.get(path).cloned()
        });
        assert_eq!(asked, ["b.yaml", "dir/c.yaml", "dir/gone.yaml"]);
    }
}
