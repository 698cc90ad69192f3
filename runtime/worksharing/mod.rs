//! Work-sharing: sources, schedules' chunks, and the loops that join them to a team.

pub mod annotated;
pub mod cells;
pub mod chunked;
pub mod chunks;
pub mod collapse;
pub mod fallible;
pub mod for_each;
pub mod join;
pub mod lend;
pub mod loops;
pub mod nowait;
pub mod ordered;
pub mod parallel;
pub mod range;
pub mod reading;
pub mod sections;
pub mod share;
pub mod single;
pub mod source;
pub mod tiles;
pub mod view;
pub mod zip;
