//! The laws of linking, on contracts and facts built by hand.

mod accesses;
mod build;
mod calls;
mod copies;
mod handlers;
mod missing;
mod order;
mod undeclared;
mod undeclared_bodies;
mod unknown;
