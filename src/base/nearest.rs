//! The known name that was probably meant.

/// Returns the nearest of `known` to `name`, if any is near enough to propose.
///
/// Near enough is a third of the letters changed, inserted, left out or swapped
/// with their neighbour (Damerau–Levenshtein distance), at least one; but some letter
/// has to be the same.
pub fn nearest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let lower = name.to_lowercase();
    known
        .into_iter()
        .map(|candidate| {
            (
                strsim::damerau_levenshtein(&lower, &candidate.to_lowercase()),
                candidate,
            )
        })
        .filter(|(distance, candidate)| {
            let letters = name.chars().count().max(candidate.chars().count());
            *distance <= (letters / 3).max(1) && *distance < letters
        })
        .min_by(|a, b| a.0.cmp(&b.0).then(a.1.cmp(b.1)))
        .map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn slips_find_their_word_and_strangers_find_none() {
        let keys = ["headers", "timeout", "expect", "extract", "form"];
        assert_eq!(nearest("header", keys), Some("headers"));
        assert_eq!(nearest("tiemout", keys), Some("timeout"));
        assert_eq!(nearest("Form", keys), Some("form"));
        assert_eq!(nearest("exepct", keys), Some("expect"));
        assert_eq!(nearest("think_time", keys), None);
        assert_eq!(nearest("x", keys), None);
        assert_eq!(nearest("p", ["t"]), None);
        assert_eq!(nearest("tt", ["t"]), Some("t"));
    }
}
