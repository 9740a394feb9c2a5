//! A panic is a defect of ours; whoever runs the program gets one plain line, never a backtrace.

use std::io::Write;
use std::panic::{self, AssertUnwindSafe};
use std::sync::{Mutex, PoisonError};

use super::exit::Exit;
use crate::report::clean;

/// What the last panic said. Stages catch panics of single files and say so themselves.
static LAST: Mutex<Option<String>> = Mutex::new(None);

/// Runs `program` with a silent panic hook.
pub(super) fn run(program: impl FnOnce() -> Exit) -> Exit {
    panic::set_hook(Box::new(|info| {
        let payload = info.payload();
        let text = payload.downcast_ref::<String>().map(String::as_str);
        let message = text.or_else(|| payload.downcast_ref::<&str>().copied()).unwrap_or("no message");
        let place = info.location().map(|at| format!(" ({}:{})", at.file(), at.line())).unwrap_or_default();
        *LAST.lock().unwrap_or_else(PoisonError::into_inner) = Some(format!("{message}{place}"));
    }));
    panic::catch_unwind(AssertUnwindSafe(program)).unwrap_or_else(|_| {
        let said = LAST.lock().unwrap_or_else(PoisonError::into_inner).take().unwrap_or_default();
        // Standard error may be closed; the exit code still tells.
        let _ = writeln!(std::io::stderr(), "error: contract-lint failed, please report it: {}", clean(&said));
        Exit::Incomplete
    })
}
