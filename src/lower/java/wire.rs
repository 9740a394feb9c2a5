//! What fields are called on the wire: Jackson, Gson, JSON-B, JAXB, fastjson.

use std::sync::Arc;

use super::annotations::{Modifiers, argument, text_argument};
use super::members::Body;
use crate::model::ir::{Codec, ExprKind, WireName};

/// How names on the wire follow from names of fields where nothing else is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Naming {
    AsWritten,
    Snake,
    Kebab,
    UpperCamel,
    Lower,
    UpperSnake,
    LowerDot,
}

impl Naming {
    /// What `@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)` says.
    pub(super) fn of(modifiers: &Modifiers) -> Self {
        let Some(value) = modifiers.find("JsonNaming").and_then(|naming| argument(naming, "value")) else {
            return Self::AsWritten;
        };
        let ExprKind::Global(strategy) = &value.kind else { return Self::AsWritten };
        match strategy.name() {
            "SnakeCaseStrategy" | "LowerCaseWithUnderscoresStrategy" => Self::Snake,
            "KebabCaseStrategy" => Self::Kebab,
            "UpperCamelCaseStrategy" | "PascalCaseStrategy" => Self::UpperCamel,
            "LowerCaseStrategy" => Self::Lower,
            "UpperSnakeCaseStrategy" => Self::UpperSnake,
            "LowerDotCaseStrategy" => Self::LowerDot,
            _ => Self::AsWritten,
        }
    }

    fn apply(self, name: &str) -> Option<String> {
        Some(match self {
            Self::AsWritten => return None,
            Self::Snake => separated(name, '_'),
            Self::Kebab => separated(name, '-'),
            Self::LowerDot => separated(name, '.'),
            Self::UpperSnake => separated(name, '_').to_uppercase(),
            Self::Lower => name.to_lowercase(),
            Self::UpperCamel => {
                let mut letters = name.chars();
                letters.next().map(|first| first.to_uppercase().chain(letters).collect())?
            }
        })
    }
}

/// `birthDate` as `birth_date`. Jackson takes several capitals in a row as one word.
fn separated(name: &str, separator: char) -> String {
    let mut text = String::with_capacity(name.len() + 4);
    let mut after_capital = true;
    for letter in name.chars() {
        if letter.is_uppercase() {
            if !after_capital {
                text.push(separator);
            }
            text.extend(letter.to_lowercase());
        } else {
            text.push(letter);
        }
        after_capital = letter.is_uppercase();
    }
    text
}

/// Annotations that name a field in JSON, and the argument that holds the name.
const NAMED: [(&str, &str); 7] = [
    ("JsonProperty", "value"),
    ("SerializedName", "value"),
    ("JsonbProperty", "value"),
    ("JSONField", "name"),
    ("XmlElement", "name"),
    ("XmlAttribute", "name"),
    ("Json", "name"),
];

/// The name that annotations give a field or accessor.
fn given(modifiers: &Modifiers) -> Option<&str> {
    let names = NAMED.iter().filter_map(|(name, argument)| text_argument(modifiers.find(name)?, argument));
    names.into_iter().find(|name| !name.is_empty())
}

/// Names of a field on the wire; none if it is called as written.
pub(super) fn names(name: &str, modifiers: &Modifiers, naming: Naming) -> Vec<WireName> {
    let json = |name: &str| WireName { codec: Codec::Json, name: Arc::from(name) };
    if let Some(given) = given(modifiers) {
        return vec![json(given)];
    }
    if let Some(alias) = modifiers.find("JsonAlias").and_then(|alias| text_argument(alias, "value")) {
        return vec![json(alias)];
    }
    naming.apply(name).map(|name| json(&name)).into_iter().collect()
}

/// Whether a field is kept off the wire.
pub(super) fn is_ignored(modifiers: &Modifiers) -> bool {
    let ignored = modifiers.find("JsonIgnore");
    let is_off = |value: &crate::model::ir::Expr| {
        matches!(value.kind, ExprKind::Literal(crate::model::ir::Literal::Bool(false)))
    };
    let ignored = ignored.is_some_and(|ignored| !argument(ignored, "value").is_some_and(is_off));
    ignored || modifiers.has(&["JsonbTransient", "XmlTransient"])
}

/// Names that getters and setters give: `@JsonProperty("birth_date") getBirthDate()`.
pub(super) fn add_accessor_names(body: &mut Body) {
    for (method, modifiers) in &body.methods {
        let Some(given) = given(modifiers) else { continue };
        let property = property_of(method);
        let field = body.fields.iter_mut().find(|field| {
            field.def.wire.is_empty() && (field.def.name.eq_ignore_ascii_case(property) || *field.def.name == **method)
        });
        if let Some(field) = field {
            field.def.wire.push(WireName { codec: Codec::Json, name: Arc::from(given) });
        }
    }
}

/// The property that an accessor is of.
fn property_of(method: &str) -> &str {
    let stripped = ["get", "set", "is"].iter().find_map(|prefix| method.strip_prefix(prefix));
    stripped.filter(|rest| rest.starts_with(char::is_uppercase)).unwrap_or(method)
}
