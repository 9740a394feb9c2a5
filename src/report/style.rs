//! Colours, in one place. The stream strips them where they are not wanted.

use anstyle::{AnsiColor, Style};

use crate::model::finding::Level;

/// Line numbers, bars and arrows.
pub(super) const GUTTER: Style = AnsiColor::BrightBlue.on_default().bold();
/// What stands out.
pub(super) const STRONG: Style = Style::new().bold();
/// What may be skipped.
pub(super) const FAINT: Style = Style::new().dimmed();
/// Help.
pub(super) const HELP: Style = AnsiColor::Cyan.on_default().bold();
/// Related places.
pub(super) const RELATED: Style = AnsiColor::BrightBlue.on_default().bold();
/// Problems.
pub(super) const PROBLEM: Style = AnsiColor::Yellow.on_default().bold();

/// The colour of a level.
pub(super) const fn level(level: Level) -> Style {
    match level {
        Level::Error => AnsiColor::BrightRed.on_default().bold(),
        Level::Warning => AnsiColor::Yellow.on_default().bold(),
        Level::Info => AnsiColor::Cyan.on_default().bold(),
    }
}
