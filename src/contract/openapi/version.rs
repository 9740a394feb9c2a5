//! The version of the specification that a document is written in, and what differs between them.

use super::library::Node;

/// A version as far as reading differs. 3.2 adds to 3.1 and takes nothing back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Version {
    /// 2.0, "Swagger".
    V2,
    /// 3.0
    V30,
    /// 3.1 and later: schemas are those of JSON Schema 2020-12.
    V31,
}

impl Version {
    /// The version that a document's own words mean; `None` for one that is not known.
    pub(super) fn named(written: &str) -> Option<Self> {
        match written {
            "2" => Some(Self::V2),
            _ if written.starts_with("2.") => Some(Self::V2),
            _ if written == "3" || written == "3.0" || written.starts_with("3.0.") => Some(Self::V30),
            _ if written.starts_with("3.") => Some(Self::V31),
            _ => None,
        }
    }

    /// Whether what stands beside a `$ref` of a schema counts.
    pub(super) fn counts_siblings(self) -> bool {
        self == Self::V31
    }

    /// For messages: `OpenAPI 3.0`.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::V2 => "OpenAPI 2.0",
            Self::V30 => "OpenAPI 3.0",
            Self::V31 => "OpenAPI 3.1",
        }
    }
}

/// The version that a document claims, as it writes it.
pub(super) fn claimed(root: &Node<'_>) -> Option<String> {
    let version = root.get("openapi").or_else(|| root.get("swagger"))?;
    let text = version.written().filter(|text| text.starts_with(|c: char| c.is_ascii_digit()))?;
    Some(if text.contains('.') { text.to_owned() } else { format!("{text}.0") })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_told_by_their_first_two_numbers() {
        for (written, version) in [
            ("2.0", Some(Version::V2)),
            ("3.0", Some(Version::V30)),
            ("3.0.4", Some(Version::V30)),
            ("3.1.1", Some(Version::V31)),
            ("3.2.0", Some(Version::V31)),
            ("1.2", None),
            ("4.0.0", None),
        ] {
            assert_eq!(Version::named(written), version, "{written}");
        }
    }
}
