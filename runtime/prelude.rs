//! What a program with annotated loops needs: `use phalanx::prelude::*;`.

pub use crate::schedule::Schedule::{self, *};
pub use crate::worksharing::chunked::{chunks, chunks_mut};
pub use crate::worksharing::zip::enumerate;
pub use crate::{
    Grid2, Grid3, NumaVec, Options, ProcBind, Reduce, omp, ops, parallel_for, parallel_map,
    parallel_reduce,
};
