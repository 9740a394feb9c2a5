//! Patterns over symbols with one placeholder: `**::New{Service}Client`, `**::*_pb2::{Message}`.

/// A pattern over the trailing segments of a symbol. `**` stands for any segments before them; in
/// each segment at most one placeholder `{Service}` or `{service}` stands for one or more characters,
/// the first of them no small letter where the placeholder has a capital.
/// All placeholders of a pattern stand for the same service; the last one is what it gives. `*` in a
/// segment stands for any characters and gives nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Pattern {
    segments: Vec<Segment>,
    anchored: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Segment {
    before: String,
    hole: Hole,
    after: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Hole {
    None,
    Any,
    /// Begins with no small letter where it is written `{Service}`.
    Named {
        capital: bool,
    },
}

impl Pattern {
    pub(super) fn parse(text: &str) -> Self {
        let (rest, anchored) = text.strip_prefix("**::").map_or((text, true), |rest| (rest, false));
        let segments = rest.split("::").map(Segment::parse).collect();
        Self { segments, anchored }
    }

    /// What the placeholder stands for; empty if the pattern has none.
    pub(super) fn matches<'a>(&self, symbol: &'a str) -> Option<&'a str> {
        // Most symbols fit no pattern, and are told by their ends.
        if !self.segments.last().is_some_and(|last| symbol.ends_with(last.end())) {
            return None;
        }
        let mut found = symbol.rsplit("::");
        let mut captured: Option<&str> = None;
        for segment in self.segments.iter().rev() {
            let value = segment.matches(found.next()?)?;
            if !matches!(segment.hole, Hole::Named { .. }) {
                continue;
            }
            match captured {
                Some(last) if !same_name(last, value) => return None,
                Some(_) => {}
                None => captured = Some(value),
            }
        }
        if self.anchored && found.next().is_some() {
            return None;
        }
        Some(captured.unwrap_or_default())
    }
}

impl Segment {
    fn parse(text: &str) -> Self {
        let named = text.split_once('{').and_then(|(before, rest)| {
            let (name, after) = rest.split_once('}')?;
            Some((before, after, Hole::Named { capital: name.starts_with(char::is_uppercase) }))
        });
        let any = || text.split_once('*').map(|(before, after)| (before, after, Hole::Any));
        let (before, after, hole) = named.or_else(any).unwrap_or((text, "", Hole::None));
        Self { before: before.to_owned(), hole, after: after.to_owned() }
    }

    /// What a text that fits ends with.
    fn end(&self) -> &str {
        if self.hole == Hole::None { &self.before } else { &self.after }
    }

    fn matches<'a>(&self, text: &'a str) -> Option<&'a str> {
        if self.hole == Hole::None {
            return (text == self.before).then_some(text);
        }
        let middle = text.strip_prefix(self.before.as_str())?.strip_suffix(self.after.as_str())?;
        let is_small = self.hole == Hole::Named { capital: true } && middle.starts_with(char::is_lowercase);
        (!middle.is_empty() && !is_small).then_some(middle)
    }
}

/// Whether two spellings name the same thing: `cart_service` and `CartService`.
fn same_name(left: &str, right: &str) -> bool {
    let letters = |text: &str| -> String {
        text.chars().filter(char::is_ascii_alphanumeric).map(|letter| letter.to_ascii_lowercase()).collect()
    };
    letters(left) == letters(right)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholder_captures_the_service() {
        let pattern = Pattern::parse("**::New{Service}Client");
        assert_eq!(pattern.matches("acme/genproto::NewCartServiceClient"), Some("CartService"));
        assert_eq!(pattern.matches("acme/genproto::NewClient"), None);
        assert_eq!(pattern.matches("acme/genproto::OldCartServiceClient"), None);
    }

    #[test]
    fn placeholders_of_one_pattern_stand_for_one_service() {
        let pattern = Pattern::parse("**::{service}_client::{Service}Client");
        assert_eq!(pattern.matches("shop::pb::cart_service_client::CartServiceClient"), Some("CartService"));
        assert_eq!(pattern.matches("shop::pb::order_client::CartServiceClient"), None);
    }

    #[test]
    fn star_in_a_segment_is_any_text_and_gives_nothing() {
        let pattern = Pattern::parse("**::*_pb2::{Message}");
        assert_eq!(pattern.matches("shop::demo_pb2::CartItem"), Some("CartItem"));
        assert_eq!(pattern.matches("demo_pb2::CartItem"), Some("CartItem"));
        assert_eq!(pattern.matches("shop::demo::CartItem"), None);
    }

    #[test]
    fn pattern_without_stars_is_the_whole_symbol() {
        let pattern = Pattern::parse("net/http::Client");
        assert_eq!(pattern.matches("net/http::Client"), Some(""));
        assert_eq!(pattern.matches("x::net/http::Client"), None);
    }

    #[test]
    fn a_placeholder_with_a_capital_takes_no_small_letter() {
        assert_eq!(Pattern::parse("**::{Service}Client").matches("a::CartClient"), Some("Cart"));
        assert_eq!(Pattern::parse("**::{Service}Client").matches("a::createClient"), None);
        assert_eq!(Pattern::parse("{field}_list").matches("items_list"), Some("items"));
    }
}
