//! Runs rules over the facts.
