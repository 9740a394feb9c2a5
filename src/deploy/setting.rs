//! A setting that may be a variable, a condition, or left out.

use super::node::Node;

/// What a file says of a switch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Switch {
    On,
    Off,
    /// Decided elsewhere.
    Unknown,
}

impl Switch {
    /// A switch that is off where nothing is said.
    pub(super) fn of(node: Option<Node<'_>>) -> Self {
        node.map_or(Self::Off, |node| Self::of_text(node.text()))
    }

    pub(super) fn of_text(text: Option<&str>) -> Self {
        match text.map(|text| text.trim().to_ascii_lowercase()).as_deref() {
            Some("true" | "yes" | "on") => Self::On,
            Some("false" | "no" | "off" | "") => Self::Off,
            _ => Self::Unknown,
        }
    }

    /// On if one is on, and off only if all are.
    pub(super) fn or(self, other: Self) -> Self {
        match (self, other) {
            (Self::On, _) | (_, Self::On) => Self::On,
            (Self::Off, Self::Off) => Self::Off,
            _ => Self::Unknown,
        }
    }
}
