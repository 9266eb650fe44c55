//! The headers of an answer.

use std::fmt;

/// Names and values, in the order received; names are in lower case.
///
/// All of them are in one piece of memory: each answer has some, and few are ever read.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Headers {
    /// Of each header the sizes of its name and its value, four bytes each, and then both.
    packed: Vec<u8>,
}

/// How many bytes say how large something is.
const SIZE: usize = size_of::<u32>();

impl Headers {
    /// None yet, and room for so many of a head of so many bytes.
    pub fn with_room(count: usize, head_bytes: usize) -> Headers {
        Headers {
            packed: Vec::with_capacity(head_bytes + count * 2 * SIZE),
        }
    }

    /// Adds one. Of a value that goes over several lines, each is given.
    ///
    /// # Panics
    ///
    /// If a name or a value has 4 GiB or more, for which there is no room in a head.
    pub fn push<'v>(&mut self, name: &str, value: impl IntoIterator<Item = &'v [u8]>) {
        let sizes_at = self.packed.len();
        self.packed.extend_from_slice(&[0; 2 * SIZE]);
        let name_at = self.packed.len();
        self.packed.extend_from_slice(name.as_bytes());
        self.packed[name_at..].make_ascii_lowercase();
        let value_at = self.packed.len();
        for (place, line) in value.into_iter().enumerate() {
            if place > 0 {
                self.packed.push(b' ');
            }
            self.packed.extend_from_slice(line);
        }
        let sizes = [value_at - name_at, self.packed.len() - value_at];
        for (place, size) in sizes.into_iter().enumerate() {
            let size = u32::try_from(size).expect("heads are smaller than 4 GiB");
            let at = sizes_at + place * SIZE;
            self.packed[at..at + SIZE].copy_from_slice(&size.to_ne_bytes());
        }
    }

    /// Each name and value.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &[u8])> {
        let text = |name| std::str::from_utf8(name).expect("names were texts");
        self.packed().map(move |(name, value)| (text(name), value))
    }

    /// The values of all headers of a name, which is written in lower case.
    pub fn all(&self, name: &str) -> impl Iterator<Item = &[u8]> {
        self.packed()
            .filter(move |(known, _)| *known == name.as_bytes())
            .map(|(_, value)| value)
    }

    /// The value of the first header of a name, which is written in lower case.
    pub fn first(&self, name: &str) -> Option<&[u8]> {
        self.all(name).next()
    }

    fn packed(&self) -> impl Iterator<Item = (&[u8], &[u8])> {
        let mut rest = &*self.packed;
        std::iter::from_fn(move || {
            let name = size(&mut rest)?;
            let value = size(&mut rest)?;
            Some((rest.split_off(..name)?, rest.split_off(..value)?))
        })
    }
}

fn size(rest: &mut &[u8]) -> Option<usize> {
    let (bytes, behind) = rest.split_first_chunk()?;
    *rest = behind;
    usize::try_from(u32::from_ne_bytes(*bytes)).ok()
}

impl fmt::Debug for Headers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = |(name, value)| (name, String::from_utf8_lossy(value).into_owned());
        f.debug_map().entries(self.iter().map(shown)).finish()
    }
}

impl<N: AsRef<str>, V: AsRef<[u8]>> FromIterator<(N, V)> for Headers {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(all: I) -> Headers {
        let mut headers = Headers::default();
        for (name, value) in all {
            headers.push(name.as_ref(), [value.as_ref()]);
        }
        headers
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_come_back_in_their_order() {
        let mut headers: Headers = [("Link", "</a>"), ("empty", ""), ("LINK", "</b>")]
            .into_iter()
            .collect();
        headers.push("x-long", [&b"one"[..], b"\xff", b"two"]);
        let all: Vec<_> = headers.iter().collect();
        assert_eq!(
            all,
            [
                ("link", &b"</a>"[..]),
                ("empty", b""),
                ("link", b"</b>"),
                ("x-long", b"one \xff two"),
            ]
        );
        assert_eq!(headers.all("link").count(), 2);
        assert_eq!(headers.first("link"), Some(&b"</a>"[..]));
        assert_eq!(headers.first("Link"), None);
        assert_eq!(headers.first("lin"), None);
        assert_eq!(Headers::default().iter().count(), 0);
        assert_eq!(
            format!("{headers:?}"),
            r#"{"link": "</a>", "empty": "", "link": "</b>", "x-long": "one � two"}"#
        );
    }
}
