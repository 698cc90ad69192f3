//! Tasks: each use against its sequential twin, on 1, 2, 3, 4 and 8 threads, and what may go wrong.

mod affinity;
mod cancel;
mod depend;
mod depend_random;
mod depth;
mod events;
mod graph;
mod groups;
mod locks;
mod many;
mod mixed;
mod panics;
mod reductions;
mod regions;
mod small;
mod strays;
mod stress;
mod support;
mod taskloop;
