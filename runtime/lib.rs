//! OpenMP's programming model for Rust: annotate a loop and it runs on a team of pinned threads; the
//! data stays on the NUMA node of the thread that touched it first; and a program that compiles without
//! `unsafe` has no data race.
//!
//! # A first program
//!
//! ```
//! use phalanx::prelude::*;
//!
//! #[omp]
//! fn axpy(a: f64, x: &[f64], y: &mut [f64]) {
//!     #[parallel_for(schedule(static), disjoint(y))]
//!     for i in 0..x.len() {
//!         y[i] += a * x[i];
//!     }
//! }
//!
//! #[omp]
//! fn dot(x: &[f64], y: &[f64]) -> f64 {
//!     let mut sum = 0.0;
//!     #[parallel_for(reduction(+: sum))]
//!     for (x, y) in (x, y) {
//!         sum += x * y;
//!     }
//!     sum
//! }
//!
//! let x = NumaVec::filled(Static, 1000, 2.0);
//! let mut y = NumaVec::filled(Static, 1000, 1.0);
//! axpy(3.0, &x, &mut y);
//! assert_eq!(dot(&x, &y), 14_000.0);
//! ```
//!
//! # Two layers
//!
//! 1. **Closures and sources**, a plain library: [`parallel_for()`], [`parallel_reduce`],
//!    [`parallel_map`], [`try_parallel_for`], [`join`]. A [`Source`] is what a loop runs over: ranges of
//!    every integer type, slices, [`chunks`], grids' rows, columns, cells and tiles, tuples of these, [`enumerate`]. All semantics
//!    live here.
//! 2. **Attributes**: [`omp`] marks a function, and inside it `#[parallel_for(..)]` stands on loops. They
//!    become calls of the first layer, with errors in OpenMP's words.
//!
//! # Regions
//!
//! [`region`] runs one closure on each thread of a team. What the threads write together they see as views,
//! which open only inside the constructs of their [`Ctx`]: worksharing loops, `single`, `masked`, `sections`,
//! ordered loops, `nowait` scopes. By attributes:
//!
//! ```
//! use phalanx::prelude::*;
//!
//! #[omp]
//! fn smooth(a: &mut [f64], b: &mut [f64], steps: usize) {
//!     let n = a.len();
//!     #[parallel(shared(a, b))]
//!     {
//!         for _ in 0..steps {
//!             #[for_each(reads(a), disjoint(b))]
//!             for i in 1..n - 1 {
//!                 b[i] = 0.25 * a[i - 1] + 0.5 * a[i] + 0.25 * a[i + 1];
//!             }
//!             #[for_each(reads(b), disjoint(a))]
//!             for i in 1..n - 1 {
//!                 a[i] = b[i];
//!             }
//!         }
//!     }
//! }
//!
//! let (mut a, mut b) = (vec![0.0; 101], vec![0.0; 101]);
//! a[50] = 1.0;
//! smooth(&mut a, &mut b, 10);
//! assert_eq!(a.iter().sum::<f64>(), 1.0);
//! ```
//!
//! Threads hand data to each other by [`Handoff`], [`Event`], [`Lock`], [`Critical`] and [`Atomic`].
//!
//! # Tasks
//!
//! [`taskgroup`] runs a closure that submits [`Task`]s, and waits for all of them: for trees, searches, whatever is no loop.
//! [`join`] runs two closures, [`taskloop()`] a loop in tasks. All may be used anywhere; a task borrows what outlives its group.
//!
//! ```
//! use phalanx::prelude::*;
//!
//! /// Sums a slice, the left half by a task that another thread may run.
//! fn sum(task: &Task<'_>, v: &[u64]) -> u64 {
//!     if v.len() <= 1000 {
//!         return v.iter().sum();
//!     }
//!     let (left, right) = v.split_at(v.len() / 2);
//!     let (mut l, mut r) = (0, 0);
//!     task.group(|tg| {
//!         tg.task(|task| l = sum(task, left));
//!         r = sum(tg, right);
//!     });
//!     l + r
//! }
//!
//! let v: Vec<u64> = (1..=100_000).collect();
//! assert_eq!(taskgroup(|tg| sum(tg, &v)), 5_000_050_000);
//! ```
//!
//! In functions marked `#[omp]` groups and tasks are blocks, and `depend` says what a task uses, and so which others it waits
//! for:
//!
//! ```
//! use phalanx::prelude::*;
//!
//! #[omp]
//! fn smooth(v: &mut [f64], steps: usize) {
//!     #[taskgroup]
//!     {
//!         let n = v.len();
//!         for _ in 0..steps {
//!             for i in 1..n {
//!                 #[task(depend(in: left = v[i - 1]), depend(inout: me = v[i]))]
//!                 {
//!                     *me = 0.5 * (*left + *me);
//!                 }
//!             }
//!         }
//!     }
//! }
//!
//! let mut v = vec![8.0, 0.0, 0.0];
//! smooth(&mut v, 2);
//! assert_eq!(v, [8.0, 6.0, 4.0]);
//! ```
//!
//! Where one task needs what another has made, the group orders them by what they do with its objects:
//!
//! ```
//! use phalanx::prelude::*;
//!
//! let (mut a, mut b) = (vec![0.0; 100], 0.0);
//! taskgroup(|tg| {
//!     let (a, b) = (tg.dep(&mut a), tg.dep(&mut b));
//!     tg.task_depend(a.output(), |_, a| a.fill(0.5));
//!     tg.task_depend((a.input(), b.output()), |_, (a, b)| *b = a.iter().sum());
//! });
//! assert_eq!(b, 50.0);
//! ```
//!
//! # Who runs where
//!
//! A thread that meets a loop keeps its team *hot* for the next one. [`Schedule`] says who runs which
//! iterations; the environment (`OMP_NUM_THREADS`, `OMP_PLACES`, `OMP_PROC_BIND`, ..) or a [`Pool`] says
//! how many threads there are and where; [`thread_num`], [`place_num`] and their kin tell a program
//! where it is. [`topology`] is the machine.
//!
//! # Who may write what
//!
//! The body of a parallel loop is a closure that many threads call at once, so the compiler refuses
//! whatever they could disturb each other with. What a loop writes, it writes through items of its source
//! (`&mut y` hands each element to one iteration), through `disjoint(y)` (iteration `i` owns `y[i]`),
//! or through a reduction (each thread has a copy). Where an index array says what an iteration writes, a
//! [`Scatter`] checks it once and hands the elements out; what no shape describes, an [`Owners`] table lists.
//!
//! Where an element needs others of its own array, a source says which of them nobody writes meanwhile: a
//! column is one iteration's ([`Grid2::cols_mut`]), a row lies between rows that are only read
//! ([`Grid2::red_black`], [`Grid2::sweep_rows`], [`Grid2::split_row_mut`]), a cell between cells of the other colour
//! ([`Grid2::red_black_cells`]) or of other antidiagonals ([`Grid2::antidiagonal`]), a tile beside those that
//! come before it ([`wavefront()`]). In regions the views have the same methods. An index that belongs to
//! another iteration panics, and the message says to which.
//!
//! # Memory
//!
//! [`NumaVec`], [`Grid2`] and [`Grid3`] are first touched by the threads that a schedule will give the same
//! elements again; [`pages::report`] asks the kernel where the pages are.
//!
//! # Panics and other ends
//!
//! A panic in one iteration ends the loop soon and reaches the thread that forked, with its payload; the
//! team can be used again. None of the runtime's own waits outlives that.

extern crate self as phalanx;

/// The programs in the README are tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

#[doc(hidden)]
#[path = "private.rs"]
pub mod __private;
pub(crate) mod icv;
mod memory;
mod misspelled;
mod observe;
pub mod prelude;
mod reduction;
mod schedule;
mod sharing;
mod source;
mod sync;
mod tasking;
mod team;
mod topology;
mod worksharing;

/// The protocols of `sync`, for their models in `tests/loom`.
#[cfg(loom)]
#[doc(hidden)]
pub mod __model {
    pub use crate::sync::barrier::{Barrier, LIGHT, Round, Stop, Stopped};
    pub use crate::sync::idle::{Idle, IdleWork};
    pub use crate::sync::job::{Job, JobLine};
    pub use crate::sync::meet::{Meet, meet};
    pub use crate::sync::patience::{Patience, WaitPolicy};
    pub use crate::sync::turn::{Arrival, Turn};
    pub use crate::tasking::model::*;
}

pub use memory::{Distribution, Grid2, Grid3, NumaVec, pages};
pub use phalanx_macros::omp;
pub use phalanx_macros::parallel_for;
pub use phalanx_topology::{self as machine, ProcBind};
pub use reduction::{Reduce, ops};
pub use schedule::Schedule;
pub use sharing::threadprivate::{CopyIn, ThreadPrivate};
pub use source::{IndexedSource, IntoSource, Source};
pub use sync::atomic::{Atomic, Integer, Number};
pub use sync::critical::Critical;
pub use sync::event::Event;
pub use sync::handoff::Handoff;
pub use sync::lock::{Lock, LockGuard, NestLock};
pub use tasking::depend::access::{Accesses, Dep, Deps, Granted, ReadAccess, WriteAccess};
pub use tasking::depend::graph::{Recorder, TaskGraph};
pub use tasking::event::TaskEvent;
pub use tasking::isolate::isolate;
pub use tasking::join::join;
pub use tasking::options::TaskOptions;
pub use tasking::task::{Task, TaskGroup, taskgroup, taskyield};
pub use tasking::task_reduction::TaskReduction;
pub use tasking::taskloop::{taskloop, taskloop_reduce};
pub use tasking::taskloop_options::TaskLoop;
pub use team::options::Options;
pub use team::pool::{Pool, PoolBuilder, PoolError};
pub use team::query::*;
pub use team::region::Ctx;
pub use topology::topology;
pub use worksharing::antidiagonal::OffDiagonal;
pub use worksharing::by_table::ByTable;
pub use worksharing::checkerboard::ColourRow;
pub use worksharing::chunked::{chunks, chunks_mut};
pub use worksharing::collapse::{Nest, collapse};
pub use worksharing::column::{Column, ColumnMut};
pub use worksharing::fallible::try_parallel_for;
pub use worksharing::lend::{Lend, Lent, Numbers, TeamSource};
pub use worksharing::loops::{parallel_for, parallel_map, parallel_reduce};
pub use worksharing::nowait::Nowait;
pub use worksharing::offsets::{IntoOffsets, Offsets, TargetIndex};
pub use worksharing::ordered::Turn;
pub use worksharing::other_rows::OtherRows;
pub use worksharing::owned::{Mine, MyRows, OwnedMut, OwnedRowsMut};
pub use worksharing::owners::{Owners, OwnersError};
pub use worksharing::parallel::{region, region_map};
pub use worksharing::reading::{Reads, Wholes};
pub use worksharing::scatter::{Scatter, ScatterError, ScatterMut};
pub use worksharing::sections::{NowaitSections, Sections};
pub use worksharing::share::{Share, Var, shared};
pub use worksharing::strided::{strided, strided_mut};
pub use worksharing::tiles::{Tile, TileMut};
pub use worksharing::tiles_iter::TilesIter;
pub use worksharing::view::{Grid3View, GridView, VarView, View};
pub use worksharing::wavefront::wavefront;
pub use worksharing::zip::enumerate;
