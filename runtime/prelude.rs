//! What a program with annotated loops needs: `use phalanx::prelude::*;`.

pub use crate::schedule::Schedule::{self, *};
pub use crate::worksharing::chunked::{chunks, chunks_mut};
pub use crate::worksharing::strided::{strided, strided_mut};
pub use crate::worksharing::zip::enumerate;
pub use crate::{
    Atomic, ByTable, Critical, Ctx, Event, Grid2, Grid3, Grid3View, GridView, Handoff, Lock,
    NestLock, NumaVec, Options, Owners, ProcBind, Reduce, Scatter, Task, TaskEvent, TaskGraph,
    TaskGroup, TaskLoop, TaskOptions, TaskReduction, VarView, View, omp, ops, parallel_for,
    parallel_map, parallel_reduce, region, shared, taskgroup, taskloop, taskloop_reduce, taskyield,
    threadprivate, wavefront,
};
pub use crate::{num_threads, thread_num};
