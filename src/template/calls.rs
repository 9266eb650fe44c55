//! Which functions a text calls.

use super::{
    Template,
    lex::{self, Piece, Word, WordKind},
};

impl<N> Template<N> {
    /// The names of the functions that it calls, in order.
    ///
    /// Who asks wants to know where a value comes from, once and before the run;
    /// so the text is cut anew, and no template carries the answer around.
    pub fn calls(&self) -> Vec<&str> {
        let pieces = lex::cut(self.text()).expect("it was cut before it was compiled");
        let words = pieces.iter().map(|piece| match piece {
            Piece::Expression { words, .. } | Piece::Block { words } => words.as_slice(),
            Piece::Literal(_) | Piece::Comment => &[],
        });
        words.flat_map(calls_in).collect()
    }
}

fn calls_in<'t>(words: &[Word<'t>]) -> impl Iterator<Item = &'t str> {
    let of = |at: usize| match (words[at].kind, words.get(at + 1)?.kind) {
        (WordKind::Name(name), WordKind::Sign(b'(')) => {
            let before = at.checked_sub(1).map(|before| words[before].kind);
            let is_filter = before == Some(WordKind::Sign(b'|'));
            (!is_filter).then_some(name)
        }
        _ => None,
    };
    (0..words.len()).filter_map(of)
}
