//! JSON that a log of GitHub Actions does not take for a command.

use std::io::{self, Write};

/// Spells `##[`, which begins a command wherever it stands in a line, differently. In JSON it only
/// stands in strings.
pub(super) struct NoCommands<'w> {
    out: &'w mut dyn Write,
    /// Number signs at the end of what was written, two at most.
    signs: usize,
}

impl<'w> NoCommands<'w> {
    pub(super) fn new(out: &'w mut dyn Write) -> Self {
        Self { out, signs: 0 }
    }

    fn follow(&mut self, bytes: &[u8]) {
        let signs = bytes.iter().rev().take(2).take_while(|byte| **byte == b'#').count();
        self.signs = if signs == bytes.len() { (self.signs + signs).min(2) } else { signs };
    }
}

impl Write for NoCommands<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let is_command = |at: usize| match at {
            0 => self.signs >= 2,
            1 => self.signs >= 1 && bytes.first() == Some(&b'#'),
            _ => bytes.get(at - 2..at) == Some(b"##"),
        };
        let brackets = bytes.iter().enumerate().filter(|(_, byte)| **byte == b'[').map(|(at, _)| at);
        let Some(at) = brackets.into_iter().find(|at| is_command(*at)) else {
            self.out.write_all(bytes)?;
            self.follow(bytes);
            return Ok(bytes.len());
        };
        self.out.write_all(bytes.get(..at).unwrap_or_default())?;
        self.out.write_all(b"\\u005b")?;
        self.signs = 0;
        Ok(at + 1)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_is_broken_up_however_it_is_cut_into_pieces() {
        let text = "a ##[b] #[ ###[##[[";
        let expected = "a ##\\u005bb] #[ ###\\u005b##\\u005b[";
        for size in 1..text.len() {
            let mut out = Vec::new();
            let mut writer = NoCommands::new(&mut out);
            text.as_bytes().chunks(size).for_each(|piece| writer.write_all(piece).unwrap());
            assert_eq!(String::from_utf8(out).unwrap(), expected, "{size}");
        }
    }
}
