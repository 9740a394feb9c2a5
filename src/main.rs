//! The command line program.

use std::process::ExitCode;

/// A run makes millions of small pieces on all cores and keeps most of them to its end.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    contract_lint::cli::main(std::env::args_os())
}
