//! (room graph)
