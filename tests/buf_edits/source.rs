//! A light reading of `.proto` text: where statements and blocks stand, so that one of them can be replaced.

use std::collections::BTreeMap;
use std::ops::Range;

/// Files by path.
pub(super) type Files = BTreeMap<String, String>;

/// What a statement declares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Message,
    Enum,
    Service,
    Oneof,
    Extend,
    Rpc,
    Field,
    Value,
    Reserved,
    Extensions,
    Package,
    Syntax,
    Other,
}

/// A statement, or a block with what is in it.
#[derive(Clone, Debug)]
pub(super) struct Node {
    pub(super) kind: Kind,
    /// From its first word to its last character.
    pub(super) span: Range<usize>,
    /// What stands before the semicolon or the brace, on one line and without comments.
    pub(super) header: String,
    /// Between its braces.
    pub(super) body: Option<Range<usize>>,
    /// How deep it stands; 0 in the file itself.
    pub(super) depth: usize,
}

impl Node {
    /// The name of what a message, enumeration, service, oneof or rpc declares.
    pub(super) fn name(&self) -> Option<&str> {
        let word = self.header.split([' ', '(']).filter(|word| !word.is_empty()).nth(1)?;
        word.chars().all(|letter| letter.is_alphanumeric() || letter == '_').then_some(word)
    }
}

/// A field or a value, taken apart.
#[derive(Clone, Debug)]
pub(super) struct Member {
    /// `optional`, `required`, `repeated`, or nothing.
    pub(super) label: String,
    /// Empty for a value.
    pub(super) type_name: String,
    pub(super) name: String,
    pub(super) number: i64,
    /// With their brackets, or nothing.
    pub(super) options: String,
}

impl Member {
    pub(super) fn of(node: &Node) -> Option<Self> {
        let (left, right) = node.header.split_once('=')?;
        let (number, options) = right.split_once('[').unwrap_or((right, ""));
        let (left, name) = left.trim().rsplit_once(' ').unwrap_or(("", left.trim()));
        let label =
            ["optional", "required", "repeated"].into_iter().find(|label| left.starts_with(&format!("{label} ")));
        let label = label.unwrap_or_default();
        let type_name = left.strip_prefix(label)?.trim();
        Some(Self {
            label: label.to_owned(),
            type_name: type_name.to_owned(),
            name: name.to_owned(),
            number: number.trim().parse().ok()?,
            options: if options.is_empty() { String::new() } else { format!("[{options}") },
        })
    }

    pub(super) fn text(&self) -> String {
        let Self { label, type_name, name, number, options } = self;
        format!("{label} {type_name} {name} = {number} {options};").trim_start().replace(" ;", ";")
    }

    /// The same with an option, in the place of one of that name if there is one.
    #[must_use]
    pub(super) fn with(mut self, name: &str, value: &str) -> Self {
        let inside = self.options.trim_start_matches('[').trim_end_matches(']').to_owned();
        // Values that hold commas are none of ours: such a result does not compile, and is left out.
        let others = inside.split(',').map(str::trim).filter(|one| !one.is_empty());
        let mut all: Vec<String> =
            others.filter(|one| one.split('=').next().map(str::trim) != Some(name)).map(str::to_owned).collect();
        all.push(format!("{name} = {value}"));
        self.options = format!("[{}]", all.join(", "));
        self
    }
}

/// Every statement of a file, blocks before what is in them.
pub(super) fn nodes(text: &str) -> Vec<Node> {
    let mut reader = Reader { text: text.as_bytes(), at: 0, nodes: Vec::new() };
    reader.block(Kind::Other, 0);
    reader.nodes
}

struct Reader<'t> {
    text: &'t [u8],
    at: usize,
    nodes: Vec<Node>,
}

impl Reader<'_> {
    /// Statements up to the brace that closes this block.
    fn block(&mut self, within: Kind, depth: usize) {
        while self.skip_blank() {
            match self.text[self.at] {
                b'}' => return,
                b';' => self.at += 1,
                _ => self.statement(within, depth),
            }
        }
    }

    fn statement(&mut self, within: Kind, depth: usize) {
        let (start, mut nesting, mut header) = (self.at, 0_usize, Vec::new());
        let mut body = None;
        let place = self.nodes.len();
        while self.skip_blank() {
            let letter = self.text[self.at];
            // What an option is set to may hold braces of its own.
            let is_value = nesting > 0 || header.starts_with(b"option ");
            match letter {
                b';' if nesting == 0 => break,
                b'{' if !is_value => {
                    let from = self.at + 1;
                    self.at = from;
                    let node = node(start, &header, within, depth);
                    let kind = node.kind;
                    self.nodes.push(node);
                    self.block(kind, depth + 1);
                    body = Some(from..self.at.min(self.text.len()));
                    break;
                }
                b'{' | b'[' | b'<' => nesting += 1,
                b'}' | b']' | b'>' if nesting > 0 => nesting -= 1,
                b'}' => return,
                _ => {}
            }
            let from = self.at;
            self.token();
            header.extend_from_slice(&self.text[from..self.at]);
            if self.at < self.text.len() && self.text[self.at].is_ascii_whitespace() {
                header.push(b' ');
            }
        }
        self.at = (self.at + 1).min(self.text.len());
        if body.is_none() {
            self.nodes.insert(place, node(start, &header, within, depth));
        }
        self.nodes[place].span.end = self.at;
        self.nodes[place].body = body;
    }

    /// One character, or a literal as a whole.
    fn token(&mut self) {
        let quote = self.text[self.at];
        self.at += 1;
        if matches!(quote, b'"' | b'\'') {
            while self.at < self.text.len() && self.text[self.at] != quote {
                self.at += if self.text[self.at] == b'\\' { 2 } else { 1 };
            }
            self.at = (self.at + 1).min(self.text.len());
        }
    }

    /// Whether something is left behind white space and comments.
    fn skip_blank(&mut self) -> bool {
        while self.at < self.text.len() {
            let rest = &self.text[self.at..];
            let end = |mark: &[u8]| rest.windows(mark.len()).skip(2).position(|at| at == mark).map(|at| at + 2);
            if rest[0].is_ascii_whitespace() {
                self.at += 1;
            } else if rest.starts_with(b"//") {
                self.at += rest.iter().position(|letter| *letter == b'\n').unwrap_or(rest.len());
            } else if rest.starts_with(b"/*") {
                self.at += end(b"*/").map_or(rest.len(), |at| at + 2);
            } else {
                return true;
            }
        }
        false
    }
}

fn node(start: usize, header: &[u8], within: Kind, depth: usize) -> Node {
    let header = String::from_utf8_lossy(header).split_whitespace().collect::<Vec<_>>().join(" ");
    let kind = match header.split(' ').next().unwrap_or_default() {
        "option" | "import" => Kind::Other,
        "reserved" => Kind::Reserved,
        _ if within == Kind::Enum => Kind::Value,
        "message" if !header.contains('=') => Kind::Message,
        "enum" if !header.contains('=') => Kind::Enum,
        "oneof" if !header.contains('=') => Kind::Oneof,
        "extend" if !header.contains('=') => Kind::Extend,
        "service" => Kind::Service,
        "rpc" => Kind::Rpc,
        "extensions" => Kind::Extensions,
        "package" => Kind::Package,
        "syntax" | "edition" => Kind::Syntax,
        _ if matches!(within, Kind::Message | Kind::Oneof | Kind::Extend) && !header.contains("group ") => Kind::Field,
        _ => Kind::Other,
    };
    Node { kind, span: start..start, header, body: None, depth }
}
