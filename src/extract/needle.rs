//! What must stand in a page for a selector to match anything in it.
//!
//! A selector such as `article.post a.action[href$="/update"]` matches nothing before the
//! words `post`, `action` and `update` have all come. They are found many times as fast
//! as a page is parsed: a page without one of them is not parsed at all, and another one
//! is parsed at once to where the last of them is found first.

use memchr::{memchr, memchr_iter, memchr2_iter};

/// Words that a page has that matches; where none are known, each page may match.
#[derive(Clone, Debug, Default)]
pub(super) struct Needles(Box<[Box<[u8]>]>);

/// How far a page is from a match.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Prospect {
    /// There can be no match before so many bytes of it.
    From(usize),
    Nowhere,
}

/// Shorter words are on every page.
const MIN_WORD_BYTES: usize = 3;

impl Needles {
    /// Those of a selector that is valid.
    pub(super) fn of(css: &str) -> Needles {
        // What follows a comma is another selector; what follows a colon may be what must
        // not be there; what follows a backslash is written in another way in the page.
        if css.contains([',', ':', '\\']) || css.contains("/*") {
            return Needles::default();
        }
        let mut words: Vec<Box<[u8]>> = Vec::new();
        let mut rest = css;
        while let Some(at) = rest.find(['.', '#', '[']) {
            let (sign, behind) = rest[at..].split_at(1);
            rest = behind;
            if sign == "[" {
                // A quoted text may hold a bracket: what follows that is left alone.
                let (inside, behind) = rest.split_once(']').unwrap_or((rest, ""));
                words.extend(longest(inside));
                if let Some(quote) = inside.find(['"', '\'']).map(|at| &inside[at..=at])
                    && inside.matches(quote).count() % 2 == 1
                {
                    break;
                }
                rest = behind;
            } else {
                let end = rest.find(|c: char| !is_plain(c)).unwrap_or(rest.len());
                // Letters beyond ASCII would cut a word short, and that is still one.
                words.extend(longest(&rest[..end]));
            }
        }
        words.sort();
        words.dedup();
        Needles(words.into())
    }

    /// How far a page is from a match.
    pub(super) fn in_page(&self, text: &str) -> Prospect {
        let mut ends = self.0.iter().map(|word| {
            let at = find(word, text.as_bytes())?;
            Some(at + word.len())
        });
        let last = ends.try_fold(0, |last, end| Some(end?.max(last)));
        let (prospect, seen) = match last {
            Some(last) => (Prospect::From(last), last),
            None => (Prospect::Nowhere, text.len()),
        };
        // What has been looked through must have been what it looked like.
        if hides_letters(text, seen) {
            Prospect::From(0)
        } else {
            prospect
        }
    }
}

fn is_plain(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '-' | '_')
}

/// The longest part of a condition that stands in a page as it stands here. What is said
/// of case behind an attribute's value is a single letter, and no word.
fn longest(condition: &str) -> Option<Box<[u8]>> {
    let parts = condition.split(|c: char| !is_plain(c));
    let longest = parts.max_by_key(|part| part.len())?;
    (longest.len() >= MIN_WORD_BYTES).then(|| longest.as_bytes().into())
}

/// Whether letters, digits, `-` or `_` may be written as something else, as far as that: as references
/// (`&#97;`, `&fjlig;`, `&lowbar;`), or with a NUL among them, which is dropped.
fn hides_letters(text: &str, seen: usize) -> bool {
    let bytes = &text.as_bytes()[..seen];
    let by_number = |at: usize| {
        let digits = &text[at + 2..];
        let (radix, digits) = match digits.strip_prefix(['x', 'X']) {
            Some(digits) => (16, digits),
            None => (10, digits),
        };
        let end = digits.find(|c: char| !c.is_digit(radix));
        let digits = &digits[..end.unwrap_or(digits.len())];
        u32::from_str_radix(digits, radix)
            .is_ok_and(|code| char::from_u32(code).is_some_and(is_plain))
    };
    let hides = |at: usize| {
        let name = &text[at + 1..];
        name.starts_with('#') && by_number(at)
            || ["fjlig", "lowbar", "UnderBar"]
                .iter()
                .any(|known| name.starts_with(known))
    };
    memchr_iter(b'&', bytes).any(hides) || memchr(0, bytes).is_some()
}

/// Where a word is found first. Classes of old pages are the same in either case.
fn find(word: &[u8], text: &[u8]) -> Option<usize> {
    let first = word[0];
    let cases = memchr2_iter(first.to_ascii_lowercase(), first.to_ascii_uppercase(), text);
    let is_word = |at: &usize| {
        let there = text.get(*at..*at + word.len());
        there.is_some_and(|there| there.eq_ignore_ascii_case(word))
    };
    { cases }.find(is_word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[rustfmt::skip]
    fn words_that_must_be_there() {
        let rows: [(&str, &[&str]); 16] = [
            (r#"article.post a.action[href$="/update"]"#, &["action", "post", "update"]),
            ("div.flash",                 &["flash"]),
            ("#main > .a-b_c",            &["a-b_c", "main"]),
            ("input[name=csrf_token]",    &["csrf_token"]),
            ("[data-id]",                 &["data-id"]),
            ("[title='a b] c'] .klass",   &["title"]),
            (r#"[title="x'] .klass"]"#,   &["title"]),
            ("p /* .klass */",            &[]),
            ("a[href='ż-long'] + p",      &["-long"]),
            ("a[href='x' i]",             &["href"]),
            (".żółw",                     &[]),
            ("h1",                        &[]),
            (".a .bc",                    &[]),
            ("p.one, p.two",              &[]),
            ("p.one:not(.two)",           &[]),
            (r".one\.two",                &[]),
        ];
        for (css, words) in rows {
            scraper::Selector::parse(css).expect(css);
            let found = Needles::of(css);
            let found: Vec<_> = found.0.iter().map(|word| std::str::from_utf8(word).unwrap()).collect();
            assert_eq!(found, words, "{css}");
        }
    }

    #[test]
    #[rustfmt::skip]
    fn how_far_a_page_is_from_a_match() {
        use Prospect::{From, Nowhere};
        let needles = Needles::of("p.post.action");
        let rows = [
            ("",                                    Nowhere),
            ("<p class=post>",                      Nowhere),
            ("<p class='post action'>post",         From(21)),
            ("<p class='ACTION Post'>",             From(21)),
            ("action post posts",                   From(11)),
            ("&quot; &#39; &#x22; &amp; post",      Nowhere),
            ("<p class='p&#111;st'>",               From(0)),
            ("<p class='p&#x6F;st'> post action",   From(0)),
            ("<p class='post action'> p&#111;st",   From(21)),
            ("<p class='po\0st'>",                  From(0)),
        ];
        for (page, prospect) in rows {
            assert_eq!(needles.in_page(page), prospect, "{page:?}");
        }
        assert_eq!(Needles::of("p").in_page("x"), From(0));
    }
}
