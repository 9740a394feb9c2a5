//! Modules that the compiler of protobuf writes: the file's description as one opaque text, which the
//! classes are made of when the module is loaded.

use super::Lowerer;
use crate::model::ir::{Include, Symbol};
use crate::model::source::{SourceFile, Span};

/// The function that is given the description.
const READS: &str = "AddSerializedFile(";
/// What the description names first, as tag and length.
const NAME: u8 = 0x0a;
/// What it names next.
const PACKAGE: u8 = 0x12;

/// The protobuf package that a `_pb2.py` module was generated from, if the module is written so.
pub(super) fn package(file: &SourceFile) -> Option<String> {
    if !file.name().ends_with("_pb2.py") {
        return None;
    }
    let at = file.text.find(READS)? + READS.len();
    let literal = file.text.get(at..)?.trim_start().strip_prefix('b')?;
    let quote = literal.chars().next().filter(|quote| matches!(quote, '\'' | '"'))?;
    let mut bytes = Bytes { rest: literal.get(1..)?, quote };
    let mut field = |tag: u8| {
        (bytes.next()? == tag).then_some(())?;
        let length = bytes.length()?;
        let text: Option<Vec<u8>> = (0..length).map(|_| bytes.next()).collect();
        String::from_utf8(text?).ok()
    };
    field(NAME)?;
    Some(field(PACKAGE).unwrap_or_default())
}

impl Lowerer<'_> {
    /// Says what a module was generated from; its messages are known by name.
    pub(super) fn generated_from(&mut self, package: &str) {
        if package.is_empty() {
            return;
        }
        self.module.includes.push(Include {
            module: self.module.name.clone(),
            name: Symbol::new("google::protobuf::descriptor_pool::AddSerializedFile"),
            args: vec![package.to_owned()],
            span: Span::new(self.file, 0, 0),
        });
    }
}

/// The bytes of a literal, its escapes replaced.
struct Bytes<'s> {
    rest: &'s str,
    quote: char,
}

impl Bytes<'_> {
    fn next(&mut self) -> Option<u8> {
        let letter = self.letter()?;
        if letter == self.quote {
            return None;
        }
        if letter != '\\' {
            return u8::try_from(letter).ok();
        }
        match self.letter()? {
            'x' => self.digits(2, 16),
            'n' => Some(b'\n'),
            'r' => Some(b'\r'),
            't' => Some(b'\t'),
            'a' => Some(7),
            'b' => Some(8),
            'f' => Some(12),
            'v' => Some(11),
            first @ '0'..='7' => {
                let more = self.rest.bytes().take(2).take_while(|byte| matches!(byte, b'0'..=b'7')).count();
                let high = first.to_digit(8)?;
                let low = if more == 0 { 0 } else { u32::from_str_radix(self.rest.get(..more)?, 8).ok()? };
                self.rest = self.rest.get(more..)?;
                u8::try_from(high * 8_u32.pow(u32::try_from(more).ok()?) + low).ok()
            }
            other => u8::try_from(other).ok(),
        }
    }

    fn letter(&mut self) -> Option<char> {
        let letter = self.rest.chars().next()?;
        self.rest = self.rest.get(letter.len_utf8()..)?;
        Some(letter)
    }

    fn digits(&mut self, count: usize, radix: u32) -> Option<u8> {
        let value = u8::from_str_radix(self.rest.get(..count)?, radix).ok()?;
        self.rest = self.rest.get(count..)?;
        Some(value)
    }

    /// A number in base 128. Names are short: two digits are enough.
    fn length(&mut self) -> Option<usize> {
        let low = usize::from(self.next()?);
        if low < 128 {
            return Some(low);
        }
        Some(low - 128 + usize::from(self.next()?) * 128)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::source::{FileKind, Language, Revision};

    fn package_of(text: &str) -> Option<String> {
        package(&SourceFile::new("demo_pb2.py", Revision::Head, FileKind::Code(Language::Python), text))
    }

    #[test]
    fn the_package_is_read_from_the_description() {
        let text = r#"DESCRIPTOR = _pool.Default().AddSerializedFile(b'\n\ndemo.proto\x12\x04shop\"\x1a\n\x08')"#;
        assert_eq!(package_of(text).as_deref(), Some("shop"));
        let without = r#"x = AddSerializedFile(b'\n\ndemo.proto"\x10')"#;
        assert_eq!(package_of(without).as_deref(), Some(""));
        let octal = r#"x = AddSerializedFile(b"\012\ndemo.proto\022\4shop")"#;
        assert_eq!(package_of(octal).as_deref(), Some("shop"));
    }

    #[test]
    fn other_modules_are_read_as_code() {
        assert_eq!(package_of("x = 1"), None);
        assert_eq!(package_of("AddSerializedFile(b'\\n\\xff"), None);
        assert_eq!(package_of("AddSerializedFile(b'"), None);
    }
}
