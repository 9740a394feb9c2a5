//! Whether fixed text is a secret.
//!
//! Two signs are looked for: the format of an issuer that marks its tokens (what secret scanners go by),
//! and text that looks drawn by lot. What people write in the place of a secret is none.

/// Beginnings of tokens, as their issuers document them, and how long a token is at least.
const FORMATS: &[(&str, usize)] = &[
    ("ghp_", 36),
    ("gho_", 36),
    ("ghs_", 36),
    ("github_pat_", 40),
    ("glpat-", 26),
    ("sk_live_", 24),
    ("rk_live_", 24),
    ("sk-ant-", 40),
    ("xoxb-", 30),
    ("xoxp-", 30),
    ("AKIA", 20),
    ("AIza", 39),
    ("SG.", 60),
    ("npm_", 40),
    ("dop_v1_", 60),
    ("shpat_", 38),
    ("hvs.", 24),
];

/// Words in what stands for a secret that is put in elsewhere, or in tests.
const STAND_INS: &[&str] = &[
    "example",
    "your",
    "change",
    "dummy",
    "fake",
    "sample",
    "placeholder",
    "insert",
    "replace",
    "todo",
    "xxx",
    "test",
    "demo",
    "secret",
    "token",
    "password",
    "apikey",
    "api_key",
    "api-key",
    "mock",
    "none",
    "null",
    "undefined",
    "anonymous",
    "...",
    "<",
    ">",
    "{",
    "}",
    "$",
    "%",
    "*",
];

/// Shorter text says too little to be told from a word.
const LEAST: usize = 16;

/// Bits for each character: names and words are below, hexadecimal text drawn by lot has up to 4.
const LEAST_ENTROPY: f64 = 3.0;

/// Whether a text is a secret as an issuer or a generator makes them.
#[must_use]
pub fn is_secret(text: &str) -> bool {
    let text = text.trim();
    let is_known = FORMATS.iter().any(|(start, least)| text.starts_with(start) && text.len() >= *least);
    let lower = text.to_ascii_lowercase();
    // A JSON Web Token: two objects in base64url, with a dot between them.
    let is_jwt = text.starts_with("eyJ") && text.split('.').filter(|part| part.len() >= 10).count() >= 2;
    let is_stand_in = STAND_INS.iter().any(|word| lower.contains(word));
    let is_plain = text.chars().all(|c| c.is_ascii_graphic());
    is_plain && (is_jwt || (!is_stand_in && (is_known || is_drawn(text))))
}

/// Letters and digits in an order that no word has.
fn is_drawn(text: &str) -> bool {
    let has = |wanted: fn(&char) -> bool| text.chars().filter(wanted).count();
    let (letters, digits) = (has(char::is_ascii_alphabetic), has(char::is_ascii_digit));
    // A path, an address or a sentence.
    let is_other = text.contains(['/', ' ', ':', '@']) && !text.ends_with('=');
    text.len() >= LEAST && letters >= 2 && digits >= 2 && !is_other && entropy(text) >= LEAST_ENTROPY
}

/// Shannon's measure over the characters, in bits.
#[expect(clippy::cast_precision_loss, reason = "texts are short")]
fn entropy(text: &str) -> f64 {
    let mut counts = std::collections::BTreeMap::<char, usize>::new();
    for c in text.chars() {
        *counts.entry(c).or_default() += 1;
    }
    let all = text.chars().count() as f64;
    -counts.values().map(|count| *count as f64 / all).map(|share| share * share.log2()).sum::<f64>()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_drawn_by_lot_is_a_secret_and_what_stands_for_one_is_not() {
        for secret in ["9f86d081884c7d659a2feaa0c55ad015", "Zk3vQ8pL1xW7rT5y", "AKIAQ3EGRIW5LMNOPQRS"] {
            assert!(is_secret(secret), "{secret}");
        }
        for other in [
            "your-api-key-0123456789",
            "application/json; v2 1234567",
            "customer-service",
            "aaaaaaaaaaaaaaaa1111",
            "short1",
            "https://a.b/c0123456789abcdef",
            "${API_KEY_0123456789abc}",
        ] {
            assert!(!is_secret(other), "{other}");
        }
    }
}
