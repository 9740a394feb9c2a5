//! The nouns every stage shares.
//!
//! ```text
//! Sources ── contract ──> Catalog ─────────────┐
//!    │                                         ├─ link ──> DependencyMap ── check ──> Finding
//!    └────── lower ─────> ir::Module ─ evaluate ─> Facts ┘
//! ```
//!
//! A stage takes and gives these types only, imports no other stage, and nothing in here does I/O
//! or imports anything else of the crate. `tests/tidy.rs` holds both.

pub mod analysis;
pub mod change;
pub mod configuration;
pub mod contract;
pub mod deployment;
pub mod finding;
pub mod imports;
pub mod ir;
pub mod library;
pub mod map;
pub mod problem;
pub mod settings;
pub mod source;
pub mod usage;
pub mod words;
