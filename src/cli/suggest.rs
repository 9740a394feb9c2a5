//! "did you mean".

/// Names that are less alike are not offered (Jaro-Winkler similarity; 1 is equal).
const SIMILAR: f64 = 0.8;

/// The known name that is most like what was given, as a question.
pub(super) fn did_you_mean<'a>(given: &str, known: impl IntoIterator<Item = &'a str>) -> Option<String> {
    let wanted = given.to_lowercase();
    let mut best: Option<(f64, &str)> = None;
    for name in known {
        let score = strsim::jaro_winkler(&wanted, &name.to_lowercase());
        // The first of equals: lists are sorted.
        if score >= SIMILAR && best.is_none_or(|(top, _)| score > top) {
            best = Some((score, name));
        }
    }
    best.map(|(_, name)| format!("did you mean `{name}`?"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_name_is_offered_and_nothing_far_off() {
        let known = ["profile.v1.Profile.birthday", "profile.v1.Profile.birthdate", "shop.v1.Cart.id"];
        let offered = did_you_mean("profile.v1.Profile.birthdat", known);
        assert_eq!(offered.as_deref(), Some("did you mean `profile.v1.Profile.birthdate`?"));
        assert_eq!(did_you_mean("zzz", known), None);
    }
}
