//! Sharing: the views by which a loop's body reaches arrays that it writes.

pub mod disjoint;
pub mod hint;
pub mod last;
pub mod linear;
pub mod local;
pub mod own;
pub mod threadprivate;
