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

/// Names of headers and query parameters that carry a credential, in lower case without `-` and `_`.
const CREDENTIALS: &[&str] = &[
    "authorization",
    "proxyauthorization",
    "apikey",
    "xapikey",
    "xapitoken",
    "xauthtoken",
    "xaccesstoken",
    "xauthkey",
    "accesstoken",
    "accesskey",
    "privatetoken",
    "clientsecret",
    "subscriptionkey",
    "ocpapimsubscriptionkey",
    "appid",
    "appkey",
    "key",
    "token",
    "password",
    "secret",
];

/// The scheme of a user with a password.
const BASIC: &str = "basic ";

/// Schemes in front of the credential of an `Authorization` header.
const SCHEMES: &[&str] = &[BASIC, "bearer ", "token ", "apikey ", "key "];

/// Whether a header or query parameter of this name carries a credential.
#[must_use]
pub fn is_credential_name(name: &str) -> bool {
    let plain: String = name.chars().filter(char::is_ascii_alphanumeric).collect();
    CREDENTIALS.contains(&plain.to_ascii_lowercase().as_str())
}

/// The secret in the value of a header, without the scheme in front of it.
#[must_use]
pub fn secret_in(value: &str) -> Option<&str> {
    let lower = value.to_ascii_lowercase();
    let scheme = SCHEMES.iter().find(|scheme| lower.starts_with(**scheme));
    let credential = value.get(scheme.map_or(0, |scheme| scheme.len())..)?;
    let is_one = match scheme {
        Some(&BASIC) => is_user_and_password(credential),
        _ => is_secret(credential),
    };
    is_one.then_some(credential)
}

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

/// The Base64 form of a user and a password (RFC 7617: `user:password`). A user alone is no secret.
fn is_user_and_password(text: &str) -> bool {
    let decoded = from_base64(text.trim());
    let told = decoded.as_deref().and_then(|bytes| std::str::from_utf8(bytes).ok());
    let password = told.and_then(|told| told.split_once(':')).map_or("", |(_, password)| password);
    !password.is_empty() && !password.chars().any(char::is_control)
}

/// What stands in Base64 (RFC 4648, section 4); none if it is something else.
fn from_base64(text: &str) -> Option<Vec<u8>> {
    let body = text.trim_end_matches('=');
    if !text.len().is_multiple_of(4) || text.len() - body.len() > 2 {
        return None;
    }
    let mut bytes = Vec::new();
    let (mut held, mut bits) = (0_u32, 0);
    for c in body.bytes() {
        let value = match c {
            b'A'..=b'Z' => c - b'A',
            b'a'..=b'z' => c - b'a' + 26,
            b'0'..=b'9' => c - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => return None,
        };
        held = (held << 6 | u32::from(value)) & 0xFFFF;
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            bytes.push(u8::try_from(held >> bits & 0xFF).ok()?);
        }
    }
    Some(bytes)
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
