//! How names are compared across languages, generators and the words of people.

/// Words that say what sort of thing a name is for, but not which one.
const GENERIC: [&str; 12] =
    ["service", "svc", "api", "server", "srv", "backend", "app", "openapi", "rest", "http", "grpc", "the"];

/// A name without the habits of its language: `product_id`, `ProductId` and `productId` are one,
/// and so are `r#type`, `type_` and `type`.
pub(super) fn normalised(name: &str) -> String {
    let name = name.strip_prefix("r#").unwrap_or(name);
    name.chars().filter(|c| !matches!(c, '_' | '-')).map(|c| c.to_ascii_lowercase()).collect()
}

/// The words of a name in lower case: `PROFILE_SERVICE_URL` and `profileServiceUrl` have the same.
pub(super) fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut joins = false;
    let mut was_lower = false;
    for c in name.chars() {
        let starts_word = was_lower && c.is_uppercase();
        was_lower = c.is_lowercase() || c.is_ascii_digit();
        if !c.is_alphanumeric() {
            joins = false;
            continue;
        }
        match words.last_mut() {
            Some(word) if joins && !starts_word => word.extend(c.to_lowercase()),
            _ => words.push(c.to_lowercase().collect()),
        }
        joins = true;
    }
    words
}

/// What tells a name from its like: `profile` of `profile-service`, `ProfileService` and
/// `profileservice`, without versions. Empty if the name says nothing but what sort of thing it is for.
pub(super) fn stem(name: &str) -> String {
    let is_version = |word: &str| word.trim_start_matches('v').chars().all(|c| c.is_ascii_digit());
    let tells = |word: &String| !GENERIC.contains(&word.as_str()) && !is_version(word);
    let mut stem: String = words(name).into_iter().filter(tells).collect();
    // Names written in one word: `cartservice`.
    for suffix in ["service", "svc", "server"] {
        if let Some(short) = stem.strip_suffix(suffix)
            && !short.is_empty()
        {
            stem.truncate(short.len());
            break;
        }
    }
    stem
}

/// Whether some words of `name` in a row spell `stem`, perhaps with a word such as `service`
/// written to it.
pub(super) fn spells(name: &str, stem: &str) -> bool {
    let words = words(name);
    (0..words.len()).any(|start| {
        let mut rest = stem;
        for word in &words[start..] {
            let written = word.strip_suffix("service").filter(|short| *short == rest).unwrap_or(word);
            match rest.strip_prefix(written) {
                Some("") => return true,
                Some(more) => rest = more,
                None => return false,
            }
        }
        false
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_one_thing_in_several_languages_are_equal() {
        for name in ["product_id", "ProductId", "productId", "PRODUCT-ID", "product_id_"] {
            assert_eq!(normalised(name), "productid", "{name}");
        }
        assert_eq!(normalised("r#type"), "type");
        assert_ne!(normalised("größe"), normalised("grösse"));
    }

    #[test]
    fn words_end_at_marks_and_at_capitals() {
        assert_eq!(words("PROFILE_SERVICE_URL"), ["profile", "service", "url"]);
        assert_eq!(words("profileServiceUrl"), ["profile", "service", "url"]);
        assert_eq!(words("profile.v2-api"), ["profile", "v2", "api"]);
        assert!(words("--").is_empty());
    }

    #[test]
    fn a_stem_leaves_out_what_every_service_is_called() {
        for name in ["profile", "profile-service", "ProfileService", "profileservice", "Profile API v1.2"] {
            assert_eq!(stem(name), "profile", "{name}");
        }
        assert_eq!(stem("api"), "");
        assert_eq!(stem("user-profile"), "userprofile");
    }

    #[test]
    fn a_variable_spells_a_service_by_whole_words() {
        assert!(spells("PROFILE_SERVICE_URL", "profile"));
        assert!(spells("PROFILESERVICE_ADDR", "profile"));
        assert!(spells("PRODUCT_CATALOG_SERVICE_ADDR", "productcatalog"));
        assert!(!spells("PROFILER_URL", "profile"));
        assert!(!spells("PRODUCT_URL", "productcatalog"));
    }
}
