//! phalanx: OpenMP's programming model for Rust.

extern crate self as phalanx;

#[doc(hidden)]
#[path = "private.rs"]
pub mod __private;
pub(crate) mod icv;
mod memory;
mod observe;
pub mod prelude;
mod reduction;
mod schedule;
mod sharing;
mod sync;
mod team;
mod topology;
mod worksharing;

/// The protocols of `sync`, for their models in `tests/loom`.
#[cfg(loom)]
#[doc(hidden)]
pub mod __model {
    pub use crate::sync::barrier::{Barrier, Round, Stopped};
    pub use crate::sync::job::{Job, JobLine};
    pub use crate::sync::patience::{Patience, WaitPolicy};
}

pub use memory::{Distribution, Grid2, NumaVec, pages};
pub use phalanx_macros::omp;
pub use phalanx_topology::{self as machine, ProcBind};
pub use reduction::{Reduce, ops};
pub use schedule::Schedule;
pub use team::pool::{Pool, PoolBuilder, PoolError};
pub use team::query::*;
pub use topology::topology;
pub use worksharing::chunked::{chunks, chunks_mut};
pub use worksharing::fallible::try_parallel_for;
pub use worksharing::join::join;
pub use worksharing::loops::{parallel_for, parallel_map, parallel_reduce};
pub use worksharing::options::Options;
pub use worksharing::source::{IndexedSource, IntoSource, Source};
pub use worksharing::zip::enumerate;
