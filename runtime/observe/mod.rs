//! What a program shows of itself.

pub(crate) mod affinity;
