//! Standard output and standard error: colours where they are wanted, silence where nobody listens.

use std::io::{self, BufWriter, Stderr, Stdout, Write};

use anstream::{AutoStream, ColorChoice};

use super::args::Color;
use super::exit::Exit;

/// Where answers and remarks go.
pub(super) struct Streams {
    out: BufWriter<Patient<AutoStream<Stdout>>>,
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
            out: BufWriter::new(Patient { inner: AutoStream::new(io::stdout(), choice), alone: false }),
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

/// A stream whose reader may leave: `contract-lint | head`. What comes after that is dropped without a
/// word, so that the run ends with the exit code that it would have had.
struct Patient<W> {
    inner: W,
    alone: bool,
}

impl<W: Write> Patient<W> {
    /// The result of talking to the inner stream; `instead`, once nobody listens.
    fn talk<T>(&mut self, instead: T, talk: impl FnOnce(&mut W) -> io::Result<T>) -> io::Result<T> {
        if self.alone {
            return Ok(instead);
        }
        match talk(&mut self.inner) {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {
                self.alone = true;
                Ok(instead)
            }
            result => result,
        }
    }
}

impl<W: Write> Write for Patient<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.talk(bytes.len(), |inner| inner.write(bytes))
    }

    fn flush(&mut self) -> io::Result<()> {
        self.talk((), Write::flush)
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

#[cfg(test)]
mod tests {
    use super::*;

    /// Takes so many bytes, then fails.
    struct Failing(usize, io::ErrorKind);

    impl Write for Failing {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0 = self.0.checked_sub(bytes.len()).ok_or(self.1)?;
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Err(self.1.into())
        }
    }

    #[test]
    fn a_reader_that_leaves_is_no_failure_and_a_full_disk_is() {
        let patient = |kind| Patient { inner: Failing(3, kind), alone: false };
        let mut left = patient(io::ErrorKind::BrokenPipe);
        assert!(left.write_all(b"abc").and_then(|()| left.write_all(b"d")).is_ok());
        assert!(left.write_all(b"e").and_then(|()| left.flush()).is_ok());
        let mut full = patient(io::ErrorKind::StorageFull);
        assert!(full.write_all(b"abc").is_ok());
        assert!(full.write_all(b"d").is_err() && full.flush().is_err());
    }
}
