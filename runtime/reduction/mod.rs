//! Reductions: operators, and the private copies of a thread.

pub mod combine;
pub mod op;

pub use op::{Reduce, ops};
