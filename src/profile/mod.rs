//! (room profile)
