//! What holds for an answer, whatever stands in it.

use plan::{base::method::Method, protocol::http::understood::understood};

/// Reads bytes as an answer, as they are and in pieces.
///
/// # Panics
///
/// If they mean something else in pieces than as a whole.
pub fn answers(bytes: &[u8]) {
    for method in [Method::Get, Method::Head] {
        let whole = understood(bytes, bytes.len().max(1), method);
        for piece_bytes in [1, 2, 3, 7, 64] {
            let pieces = understood(bytes, piece_bytes, method);
            assert_eq!(pieces, whole, "in pieces of {piece_bytes}");
        }
    }
}
