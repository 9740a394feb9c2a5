//! A line on the terminal while a long run goes on.

use std::io::{IsTerminal, Write};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

/// Shorter runs say nothing.
const PATIENCE: Duration = Duration::from_millis(500);
/// Time between two lines.
const PACE: Duration = Duration::from_secs(1);

/// Shows that the program is at work for as long as it lives, and leaves nothing behind. Only where a
/// person watches: standard error is a terminal.
pub(super) struct Progress(Option<(Sender<()>, JoinHandle<()>)>);

impl Progress {
    /// "reading ... 3 s", if it takes longer than half a second.
    pub(super) fn of(what: &'static str, quiet: bool) -> Self {
        if quiet || !std::io::stderr().is_terminal() {
            return Self(None);
        }
        let (end, ended) = mpsc::channel();
        let started = Instant::now();
        let show = move || {
            let mut pause = PATIENCE;
            while ended.recv_timeout(pause) == Err(RecvTimeoutError::Timeout) {
                draw(&format!("{what} ... {} s", started.elapsed().as_secs()));
                pause = PACE;
            }
            if pause == PACE {
                draw("");
            }
        };
        // Without a thread the work goes on unseen.
        let thread = thread::Builder::new().spawn(show).ok();
        Self(thread.map(|thread| (end, thread)))
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        let Some((end, thread)) = self.0.take() else { return };
        drop(end);
        // Waited for, so that it does not write into what comes next.
        let _ = thread.join();
    }
}

/// Writes over the line: back to its start, and erase it (ECMA-48 EL).
fn draw(text: &str) {
    let mut terminal = std::io::stderr().lock();
    let _ = write!(terminal, "\r\u{1b}[2K{text}").and_then(|()| terminal.flush());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_shown_where_nobody_watches() {
        // Standard error of a test is no terminal, or the run is quiet.
        assert!(Progress::of("reading", true).0.is_none());
    }
}
