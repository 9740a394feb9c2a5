//! How long each stage takes, on generated workspaces of two sizes and on a real one. See
//! `benches/README.md`.
#![expect(clippy::expect_used, reason = "a benchmark that cannot be set up has failed")]
#![expect(clippy::print_stderr, reason = "a benchmark says what it measures")]

mod code;
mod contracts;
mod generate;
mod input;
mod openapi;
mod workspace;

/// Code may be nested as deep as the front ends allow, which needs the stack that a run gives its
/// threads.
const STACK_BYTES: usize = 256 << 20;

fn main() {
    rayon::ThreadPoolBuilder::new().stack_size(STACK_BYTES).build_global().expect("nothing started the pool before");
    let benches = std::thread::Builder::new().stack_size(STACK_BYTES).spawn(divan::main);
    benches.expect("a thread can be started").join().expect("every benchmark runs");
}
