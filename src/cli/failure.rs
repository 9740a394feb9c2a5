//! Why a command could not be carried out.

use std::io;

use super::exit::Exit;
use super::streams::Streams;
use crate::report::mistake::{self, Mistake};
use crate::{report, settings};

/// Why there is no answer.
#[derive(Debug)]
pub(super) enum Failure {
    /// Wrong usage.
    Usage {
        /// What is wrong.
        message: String,
        /// What was probably meant.
        help: Option<String>,
    },
    /// A mistake in the configuration file.
    Configuration(settings::Error),
    /// Output could not be written.
    Output(io::Error),
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::Output(error)
    }
}

impl Failure {
    pub(super) fn usage(message: impl Into<String>) -> Self {
        Self::Usage { message: message.into(), help: None }
    }

    pub(super) fn with_help(message: impl Into<String>, help: Option<String>) -> Self {
        Self::Usage { message: message.into(), help }
    }

    /// Says it, and gives the exit code.
    pub(super) fn report(self, streams: &mut Streams) -> Exit {
        match self {
            Self::Usage { message, help } => {
                streams.complain(|err| {
                    writeln!(err, "error: {}", report::clean(&message))?;
                    help.iter().try_for_each(|help| writeln!(err, "help: {}", report::clean(help)))
                });
                Exit::Usage
            }
            Self::Configuration(error) => {
                streams.complain(|err| mistake::write(&drawn(error), err));
                Exit::Usage
            }
            // `contract-lint | head`: the reader has seen enough.
            Self::Output(error) if error.kind() == io::ErrorKind::BrokenPipe => Exit::Clean,
            Self::Output(error) => {
                streams.complain(|err| writeln!(err, "error: output could not be written: {error}"));
                Exit::Incomplete
            }
        }
    }
}

/// The mistake with the text it stands in.
fn drawn(error: settings::Error) -> Mistake {
    Mistake {
        text: std::fs::read_to_string(&error.path).ok().map(|text| text.trim_start_matches('\u{feff}').to_owned()),
        path: error.path.display().to_string(),
        place: error.place,
        message: error.message,
        help: error.did_you_mean.map(|name| format!("did you mean `{name}`?")),
    }
}
