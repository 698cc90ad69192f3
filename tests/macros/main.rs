//! Annotated loops against their sequential twins: each clause, each head, odd bodies.

mod bodies;
mod clauses;
mod grids;
mod heads;
mod holes;
mod nowait;
mod open_types;
mod ordered;
mod panics;
mod places;
mod region_clauses;
mod region_corners;
mod regions;
mod simd;
mod task_clauses;
mod task_depend;
mod task_methods;
mod task_pairs;
mod taskloop;
mod tasks;
mod watch;
