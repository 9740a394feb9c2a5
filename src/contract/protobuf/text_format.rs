//! Protobuf's text format, as far as it can be read without the types: values of options whose
//! declaration is not there.

use std::iter::Peekable;

use serde_json::{Map, Value};

/// Values nested deeper than this are cut.
const MAX_DEPTH: usize = 64;

/// The fields of a message value, as in `{ level: PII, tags: ["a"] }` without its braces. What is
/// not text format ends it.
pub(super) fn message(text: &str) -> Value {
    Value::Object(fields(&mut tokens(text).into_iter().peekable(), 0))
}

#[derive(Debug, PartialEq)]
enum Token {
    Word(String),
    Text(String),
    Mark(char),
}

type Tokens = Peekable<std::vec::IntoIter<Token>>;

fn tokens(text: &str) -> Vec<Token> {
    let mut out = Vec::new();
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        if c == '"' || c == '\'' {
            out.push(Token::Text(quoted(&mut chars, c)));
        } else if is_word(c) {
            let mut word = String::from(c);
            while let Some(next) = chars.next_if(|c| is_word(*c)) {
                word.push(next);
            }
            out.push(Token::Word(word));
        } else if c == '#' {
            chars.by_ref().find(|c| *c == '\n');
        } else if !c.is_whitespace() {
            out.push(Token::Mark(c));
        }
    }
    out
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '.' | '-' | '+')
}

/// The rest of a string; escapes other than of quotes and backslashes stay as written.
fn quoted(chars: &mut impl Iterator<Item = char>, quote: char) -> String {
    let mut text = String::new();
    while let Some(c) = chars.next() {
        match c {
            '\\' => match chars.next() {
                Some(escaped @ ('"' | '\'' | '\\')) => text.push(escaped),
                Some(other) => text.extend(['\\', other]),
                None => break,
            },
            c if c == quote => break,
            c => text.push(c),
        }
    }
    text
}

fn fields(tokens: &mut Tokens, depth: usize) -> Map<String, Value> {
    let mut fields = Map::new();
    while let Some(name) = name(tokens) {
        tokens.next_if_eq(&Token::Mark(':'));
        let Some(value) = value(tokens, depth) else { break };
        tokens.next_if(|token| matches!(token, Token::Mark(',' | ';')));
        match fields.get_mut(&name) {
            None => {
                fields.insert(name, value);
            }
            // A repeated field may be given once per item.
            Some(Value::Array(items)) => items.push(value),
            Some(first) => *first = Value::Array(vec![first.take(), value]),
        }
    }
    fields
}

/// The name of a field, or of an extension in brackets.
fn name(tokens: &mut Tokens) -> Option<String> {
    match tokens.next_if(|token| matches!(token, Token::Word(_) | Token::Mark('[')))? {
        Token::Word(word) => Some(word),
        _ => {
            let mut name = String::new();
            for token in tokens.by_ref() {
                match token {
                    Token::Mark(']') => break,
                    Token::Mark(mark) => name.push(mark),
                    Token::Word(text) | Token::Text(text) => name.push_str(&text),
                }
            }
            Some(name)
        }
    }
}

fn value(tokens: &mut Tokens, depth: usize) -> Option<Value> {
    if depth > MAX_DEPTH {
        return None;
    }
    match tokens.next()? {
        Token::Word(word) => Some(scalar(word)),
        Token::Text(mut text) => {
            while let Some(Token::Text(more)) = tokens.next_if(|token| matches!(token, Token::Text(_))) {
                text.push_str(&more);
            }
            Some(Value::String(text))
        }
        Token::Mark('{' | '<') => {
            let inner = fields(tokens, depth + 1);
            tokens.next_if(|token| matches!(token, Token::Mark('}' | '>')));
            Some(Value::Object(inner))
        }
        Token::Mark('[') => {
            let mut items = Vec::new();
            while tokens.next_if_eq(&Token::Mark(']')).is_none() {
                items.push(value(tokens, depth + 1)?);
                tokens.next_if_eq(&Token::Mark(','));
            }
            Some(Value::Array(items))
        }
        Token::Mark(_) => None,
    }
}

fn scalar(word: String) -> Value {
    match word.as_str() {
        "true" => return Value::Bool(true),
        "false" => return Value::Bool(false),
        _ => {}
    }
    match (word.parse::<i64>(), word.parse::<u64>()) {
        (Ok(number), _) => Value::from(number),
        (_, Ok(number)) => Value::from(number),
        _ => Value::String(word),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_message_value_is_read_without_its_type() {
        let text = "level : PII, purposes: [\"ads\", 'mail'] nested { deep: true } tag: 1 tag: 2 [a.b] < x: -3 >";
        assert_eq!(
            message(text),
            json!({"level": "PII", "purposes": ["ads", "mail"], "nested": {"deep": true}, "tag": [1, 2], "a.b": {"x": -3}})
        );
    }

    #[test]
    fn deep_or_broken_text_ends_the_value() {
        assert_eq!(message("a: }"), json!({}));
        assert_eq!(message("a: 1 b: ["), json!({"a": 1}));
        assert!(message(&"a {".repeat(100_000)).is_object());
        assert!(message(&format!("a: {}", "[".repeat(100_000))).is_object());
    }
}
