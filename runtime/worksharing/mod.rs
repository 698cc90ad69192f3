//! Work-sharing: sources, schedules' chunks, and the loops that join them to a team.

pub mod cells;
pub mod chunked;
pub mod chunks;
pub mod collapse;
pub mod fallible;
pub mod join;
pub mod loops;
pub mod range;
pub mod source;
pub mod tiles;
pub mod zip;
