//! The command line, one small file per command.
//!
//! Arguments are read into plain data ([`args`]); a command opens a [`session`] with them, which is
//! settings and facts, and hands what it finds to a format of `report`. Findings and answers go to
//! standard output, everything else to standard error. Exit codes are in [`exit`] and nowhere else.

mod args;
mod check;
mod contracts;
mod diff;
mod elements;
pub mod exit;
mod explain;
mod failure;
mod guard;
mod libraries;
mod locator;
mod map;
mod narrow;
mod parts;
mod progress;
mod rulebook;
mod rules;
mod selector;
mod session;
mod streams;
mod suggest;
mod unresolved;
mod uses;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::Parser;

use args::{Cli, Command, Contracts, Map};
use exit::Exit;
use failure::Failure;
use streams::Streams;

/// Runs the program. A panic anywhere ends as one line and [`Exit::Incomplete`].
#[must_use]
pub fn main(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    guard::run(|| run(arguments)).into()
}

fn run(arguments: Vec<OsString>) -> Exit {
    let cli = match Cli::try_parse_from(arguments) {
        Ok(cli) => cli,
        Err(error) => return streams::print_usage(&error),
    };
    let mut streams = Streams::new(cli.common.color, cli.common.quiet);
    let result = dispatch(&cli, &mut streams);
    let exit = result.unwrap_or_else(|failure| failure.report(&mut streams));
    // Nobody reads on: the answer is the same.
    let _ = streams.flush();
    exit
}

fn dispatch(cli: &Cli, streams: &mut Streams) -> Result<Exit, Failure> {
    let common = &cli.common;
    if common.show_config {
        return session::show_settings(common, cli.paths(), streams);
    }
    match &cli.command {
        None => check::run(common, &cli.paths, streams),
        Some(_) if !cli.paths.is_empty() => Err(Failure::usage("paths stand behind the command")),
        Some(Command::Check { paths }) => check::run(common, paths, streams),
        Some(Command::Diff(arguments)) => diff::run(common, arguments, streams),
        Some(Command::Map(Map { paths, contracts: true, .. })) => {
            contracts::run(common, &Contracts::of(paths), streams)
        }
        Some(Command::Map(arguments)) => map::run(common, arguments, streams),
        Some(Command::Contracts(arguments)) => contracts::run(common, arguments, streams),
        Some(Command::Uses(arguments)) => uses::run(common, arguments, streams),
        Some(Command::Unresolved(arguments)) => unresolved::run(common, arguments, streams),
        Some(Command::Explain { what, paths }) => explain::run(common, what, paths, streams),
        Some(Command::Rules) => rules::run(common, streams),
        Some(Command::Libraries { paths }) => libraries::run(common, paths, streams),
    }
}
