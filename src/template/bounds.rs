//! How long a piece of code may be.
//!
//! The engine's parser calls itself for each operator of a chain such as `1 + 1 + 1`,
//! and what it builds is walked in the same way: one that never ends would take the
//! stack with it, and the program.

/// The most signs and words of an expression, or of one `{% … %}`.
const MAX_PARTS: usize = 1000;

/// The most pieces of code of a text with `{% … %}`.
const MAX_PIECES: usize = 1000;

/// The most `{% elif … %}` of a text: each is inside the one before.
const MAX_BRANCHES: usize = 100;

/// Whether an expression is short enough for the engine.
pub(super) fn expression_fits(code: &str) -> bool {
    parts(code) <= MAX_PARTS
}

/// Whether all code of a text with `{% … %}` is.
pub(super) fn blocks_fit(text: &str) -> bool {
    let pieces = || {
        let starts = text.match_indices(['{']).map(|(at, _)| &text[at + 1..]);
        starts.filter_map(|rest| {
            let close = match rest.as_bytes().first()? {
                b'{' => "}}",
                b'%' => "%}",
                _ => return None,
            };
            Some(&rest[1..rest.find(close).unwrap_or(rest.len())])
        })
    };
    let is_branch = |piece: &&str| {
        piece
            .trim_start_matches(['-', '+', ' '])
            .starts_with("elif")
    };
    pieces().count() <= MAX_PIECES
        && pieces().filter(is_branch).count() <= MAX_BRANCHES
        && pieces().all(expression_fits)
}

/// The signs and words of code; what is in quotes is one.
fn parts(code: &str) -> usize {
    let mut count = 0;
    let mut in_word = false;
    let mut signs = code.chars();
    while let Some(sign) = signs.next() {
        let is_word = sign.is_alphanumeric() || sign == '_';
        match sign {
            '\'' | '"' => {
                count += 1;
                while let Some(inner) = signs.next().filter(|inner| *inner != sign) {
                    if inner == '\\' {
                        signs.next();
                    }
                }
            }
            _ if is_word => count += usize::from(!in_word),
            _ if sign.is_whitespace() => {}
            _ => count += 1,
        }
        in_word = is_word;
    }
    count
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::template::{
        Escape,
        engine::{compile_blocks, compile_expression},
    };

    /// On the stack of a thread, which is the smallest there is.
    #[test]
    fn what_fits_is_compiled_and_dropped() {
        let shapes = [
            ("", "1 + ", "1"),
            ("", "not ", "true"),
            ("", "-", "1"),
            ("", "a and ", "a"),
            ("", "a ~ ", "a"),
            ("", "a if a else ", "a"),
            ("", "a == ", "a"),
            ("", "2 ** ", "2"),
            ("a", "|upper", ""),
            ("a", ".b", ""),
            ("a", "[0]", ""),
            ("[", "1,", "]"),
            ("a", " is defined", ""),
        ];
        for (before, each, after) in shapes {
            for times in [1, 10, 50, 200, 400, 900, 5_000, 100_000] {
                let code = format!("{before}{}{after}", each.repeat(times));
                let fits = expression_fits(&code);
                assert!(fits || times > 200, "{each}: {times}");
                assert!(!fits || times < 5_000, "{each}: {times}");
                // Whether it means anything is not asked here.
                drop(compile_expression(&code));
                drop(compile_blocks(
                    &format!("{{% if true %}}{{{{ {code} }}}}{{% endif %}}"),
                    Escape::None,
                ));
            }
        }
        for (times, fits) in [(100, true), (101, false), (20_000, false)] {
            let text = format!("{{% if a %}}{}{{% endif %}}", "{%- elif a %}".repeat(times));
            assert_eq!(blocks_fit(&text), fits, "{times}");
            assert_eq!(compile_blocks(&text, Escape::None).is_ok(), fits, "{times}");
        }
        let many = "{{ a }}{% if a %}{% endif %}".repeat(400);
        assert_eq!(
            compile_blocks(&many, Escape::None).is_ok(),
            1200 <= MAX_PIECES
        );
    }

    #[test]
    fn parts_are_signs_and_words() {
        for (code, number) in [
            ("", 0),
            ("post_id", 1),
            ("a + 1", 3),
            ("'a + \\' b' ~ \"c\"", 3),
            ("a.b|upper", 5),
            ("[1, 20]", 5),
            ("'open", 1),
        ] {
            assert_eq!(parts(code), number, "{code}");
        }
    }
}
