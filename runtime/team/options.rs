//! What a construct asks of its team and schedule: the clauses, as a value.

use crate::schedule::Schedule;
use phalanx_topology::ProcBind;

/// The clauses of a parallel loop: `schedule`, `num_threads`, `proc_bind`, `if`.
///
/// A [`Schedule`] alone is enough where nothing else is asked:
///
/// ```
/// use phalanx::prelude::*;
/// let mut v = vec![0; 1000];
/// parallel_for(Static, &mut v, |x| *x += 1);
/// parallel_for(Dynamic(16).num_threads(2).only_if(v.len() > 100), &mut v, |x| *x += 1);
/// assert!(v.iter().all(|&x| x == 2));
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct Options {
    pub(crate) schedule: Schedule,
    pub(crate) num_threads: Option<usize>,
    pub(crate) proc_bind: Option<ProcBind>,
    pub(crate) serial: bool,
}

impl Options {
    /// What the environment says, under a static schedule.
    #[inline]
    pub fn new() -> Self {
        Self::default()
    }
    /// The schedule of the loop.
    #[must_use]
    #[inline]
    pub fn schedule(self, schedule: Schedule) -> Self {
        Options { schedule, ..self }
    }
    /// The number of threads to ask for.
    ///
    /// # Panics
    ///
    /// When it is 0: a team has at least its primary thread.
    #[must_use]
    #[track_caller]
    #[inline]
    pub fn num_threads(self, threads: usize) -> Self {
        assert!(
            threads > 0,
            "num_threads(0): a team has at least one thread"
        );
        Options {
            num_threads: Some(threads),
            ..self
        }
    }
    /// Where the threads go among the places.
    #[must_use]
    #[inline]
    pub fn proc_bind(self, bind: ProcBind) -> Self {
        Options {
            proc_bind: Some(bind),
            ..self
        }
    }
    /// OpenMP's `if`: with `false` the thread that meets the construct runs it alone.
    #[must_use]
    #[inline]
    pub fn only_if(self, parallel: bool) -> Self {
        Options {
            serial: !parallel,
            ..self
        }
    }
}

impl From<Schedule> for Options {
    #[inline]
    fn from(schedule: Schedule) -> Self {
        Options::new().schedule(schedule)
    }
}

impl Schedule {
    /// Asks for this many threads: see [`Options::num_threads`].
    #[must_use]
    #[track_caller]
    #[inline]
    pub fn num_threads(self, threads: usize) -> Options {
        Options::from(self).num_threads(threads)
    }
    /// Says where the threads go: see [`Options::proc_bind`].
    #[must_use]
    #[inline]
    pub fn proc_bind(self, bind: ProcBind) -> Options {
        Options::from(self).proc_bind(bind)
    }
    /// Runs in parallel only if this holds: see [`Options::only_if`].
    #[must_use]
    #[inline]
    pub fn only_if(self, parallel: bool) -> Options {
        Options::from(self).only_if(parallel)
    }
}
