//! Standard output and standard error: colours where they are wanted, silence where nobody listens.

use std::io::{self, BufWriter, Stderr, Stdout, Write};

use anstream::{AutoStream, ColorChoice};

use super::args::Color;
use super::exit::Exit;

/// Where answers and remarks go.
pub(super) struct Streams {
    out: BufWriter<AutoStream<Stdout>>,
    err: BufWriter<AutoStream<Stderr>>,
    quiet: bool,
}

impl Streams {
    /// `Auto` goes by the terminal, `NO_COLOR` and `CLICOLOR_FORCE`, for each stream by itself.
    pub(super) fn new(color: Color, quiet: bool) -> Self {
        let choice = match color {
            Color::Auto => ColorChoice::Auto,
            Color::Always => ColorChoice::Always,
            Color::Never => ColorChoice::Never,
        };
        Self {
            out: BufWriter::new(AutoStream::new(io::stdout(), choice)),
            err: BufWriter::new(AutoStream::new(io::stderr(), choice)),
            quiet,
        }
    }

    /// For answers.
    pub(super) fn out(&mut self) -> &mut dyn Write {
        &mut self.out
    }

    /// For remarks, which `--quiet` leaves out. That they cannot be written is no failure.
    pub(super) fn remark(&mut self, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) {
        if !self.quiet {
            self.complain(write);
        }
    }

    /// For what must be said.
    pub(super) fn complain(&mut self, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) {
        let _ = write(&mut self.err).and_then(|()| self.err.flush());
    }

    /// Sends out what is buffered.
    pub(super) fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// Help and version on standard output, mistakes of usage on standard error.
pub(super) fn print_usage(error: &clap::Error) -> Exit {
    let text = error.render();
    if error.use_stderr() {
        let _ = write!(anstream::stderr(), "{}", text.ansi());
        return Exit::Usage;
    }
    let _ = write!(anstream::stdout(), "{}", text.ansi());
    Exit::Clean
}
