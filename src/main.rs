//! The command line program.

use std::process::ExitCode;

fn main() -> ExitCode {
    contract_lint::cli::main(std::env::args_os())
}
