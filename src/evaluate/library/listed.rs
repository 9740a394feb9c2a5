//! Descriptors as texts: reading them, and what each says of itself.

use serde::Deserialize;

use super::BUILT_IN;
use super::format::Descriptor;
use crate::model::library::{DescriptorText, Library};
use crate::model::source::Language;

#[derive(Deserialize)]
#[serde(rename_all = "lowercase", remote = "Language")]
enum LanguageDef {
    CSharp,
    Go,
    Java,
    Kotlin,
    Python,
    Rust,
    TypeScript,
}

/// A language by its name.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(transparent)]
pub(crate) struct LanguageName(#[serde(with = "LanguageDef")] pub(crate) Language);

/// Reads one descriptor.
pub(super) fn read(text: &str) -> Result<Descriptor, serde_yaml::Error> {
    serde_yaml::with::singleton_map_recursive::deserialize(serde_yaml::Deserializer::from_str(text))
}

/// Reads a descriptor for what it says of itself. The error has its place in the text.
pub fn check(descriptor: &DescriptorText) -> Result<Library, serde_yaml::Error> {
    let library = read(&descriptor.text)?;
    Ok(introduce(library, Some(descriptor.path.clone())))
}

/// The libraries that are known without any configuration, by language and id.
#[must_use]
pub fn built_in() -> Vec<Library> {
    let mut known: Vec<Library> =
        BUILT_IN.iter().filter_map(|(_, text)| Some(introduce(read(text).ok()?, None))).collect();
    known.sort();
    known
}

fn introduce(descriptor: Descriptor, path: Option<String>) -> Library {
    Library {
        language: descriptor.language.0,
        id: descriptor.library,
        about: descriptor.about,
        source: descriptor.source,
        path,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> DescriptorText {
        DescriptorText { path: "clients/acme.yaml".to_owned(), text: text.into() }
    }

    #[test]
    fn every_built_in_descriptor_is_read_and_says_what_it_is_and_where_it_knows_it_from() {
        let known = built_in();
        assert_eq!(known.len(), BUILT_IN.len());
        for library in known {
            assert!(!library.about.is_empty(), "{} does not say what it is", library.id);
            assert!(!library.source.is_empty(), "{} does not say where its facts are from", library.id);
        }
    }

    #[test]
    fn a_mistake_has_its_place() {
        for (given, line, said) in [
            ("library: acme\nlanguage: pyhton\n", 2, "unknown variant `pyhton`"),
            ("library: acme\nlanguage: python\nfunctons: {}\n", 3, "unknown field `functons`"),
            ("library: acme\nlanguage: python\nfunctions:\n  acme::get: {sends: made}\n", 4, "unknown field `sends`"),
            ("library: acme\nlanguage: python\nfunctions:\n  acme::get: {send: me}\n", 4, "`me` is no port"),
            ("language: python\n", 1, "missing field `library`"),
        ] {
            let error = check(&text(given)).unwrap_err();
            assert!(error.to_string().contains(said), "{error}");
            assert_eq!(error.location().map(|at| at.line()), Some(line), "{error}");
        }
    }
}
