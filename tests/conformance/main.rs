//! Each construct against its sequential twin: one file a construct.

mod handed_out_once;
mod large_teams;
mod locks;
mod loops;
mod memory;
mod odd_ends;
mod origins;
mod owners;
mod panics;
mod pools;
mod reductions;
mod region_panics;
mod region_values;
mod regions;
mod scatter;
mod support;
mod two_copies;
mod unwinding;
mod views;
mod waits;
