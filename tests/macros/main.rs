//! Annotated loops against their sequential twins: each clause, each head, odd bodies.

mod bodies;
mod clauses;
mod grids;
mod heads;
mod holes;
mod open_types;
mod panics;
mod regions;
