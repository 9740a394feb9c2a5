//! stub
use crate::model::source::{Site, Sources, Span};
/// x
#[must_use]
pub fn locate(_sources: &Sources, site: &Site) -> Span {
    Span::new(site.file(), 0, 0)
}
/// x
#[must_use]
pub fn locate_all(_sources: &Sources, _sites: &[Site]) -> Vec<Span> {
    Vec::new()
}
