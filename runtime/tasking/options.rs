//! What a task asks for: the clauses of OpenMP's `task`, as a value.

use crate::memory::pages::Paged;
use std::num::NonZero;
use std::time::Duration;

/// The clauses of a task (OpenMP 6.0, "task Construct"): `if`, `final`, `priority`, `affinity`, `untied`, `mergeable`.
///
/// ```
/// use phalanx::prelude::*;
/// let mut x = 0;
/// taskgroup(|tg| tg.task_with(TaskOptions::new().only_if(false), |_| x = 1));
/// assert_eq!(x, 1);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[must_use]
pub struct TaskOptions {
    pub(super) undeferred: bool,
    pub(super) finish: bool,
    pub(super) event_timeout: Option<Duration>,
    pub(super) priority: i32,
    /// An address; the memory is not touched.
    pub(super) affinity: Option<NonZero<usize>>,
}

impl TaskOptions {
    /// A task like any other.
    pub const fn new() -> Self {
        TaskOptions {
            undeferred: false,
            finish: false,
            event_timeout: None,
            priority: 0,
            affinity: None,
        }
    }
    /// OpenMP's `if`: with `false` the task runs at once, in the thread that submits it, before that goes on.
    pub const fn only_if(self, deferred: bool) -> Self {
        TaskOptions {
            undeferred: !deferred,
            ..self
        }
    }
    /// OpenMP's `final`: with `true` the task's own tasks, and theirs, run at once where they are submitted (those of
    /// its handle: a call of `taskgroup` inside begins anew).
    pub const fn final_if(self, last: bool) -> Self {
        TaskOptions {
            finish: last,
            ..self
        }
    }
    /// For a task with an event ([`Task::task_detach`](crate::Task::task_detach)): if that is not fulfilled within this time,
    /// a line on stderr names the task. Otherwise `PHALANX_EVENT_TIMEOUT` decides; without either, nothing is reported.
    pub const fn event_timeout(self, timeout: Duration) -> Self {
        TaskOptions {
            event_timeout: Some(timeout),
            ..self
        }
    }
    /// OpenMP's `priority`: among tasks that wait, one with a greater priority is taken first, by whichever thread of the team looks for
    /// one first; then those without. Greater ones than [`max_task_priority`](crate::max_task_priority) count as that,
    /// which is 0 unless `OMP_MAX_TASK_PRIORITY` says otherwise: then priorities change nothing, and cost nothing. Negative ones are 0.
    pub const fn priority(self, priority: i32) -> Self {
        TaskOptions { priority, ..self }
    }
    /// OpenMP's `affinity`: the task should run near this memory. If the page of its first byte is on another NUMA node than the
    /// thread that submits, and some thread of the team is on that one, the task waits for such a thread; others take it only when they
    /// find nothing else. On a machine with one node it changes nothing, and the kernel is not asked.
    ///
    /// ```
    /// use phalanx::prelude::*;
    /// let mut blocks = vec![vec![0u8; 1 << 16]; 8];
    /// taskgroup(|tg| {
    ///     for block in &mut blocks {
    ///         tg.task_with(TaskOptions::new().affinity(block), |_| block.fill(1));
    ///     }
    /// });
    /// assert!(blocks.iter().flatten().all(|&b| b == 1));
    /// ```
    pub fn affinity<M: Paged + ?Sized>(self, memory: &M) -> Self {
        let (first, bytes, _) = memory.extent();
        TaskOptions {
            affinity: NonZero::new(first).filter(|_| bytes > 0),
            ..self
        }
    }
    /// OpenMP's `untied`: accepted. It allows a task that waits to go on in another thread; a closure that has started stays in its
    /// thread here, as OpenMP allows.
    pub const fn untied(self) -> Self {
        self
    }
    /// OpenMP's `mergeable`: accepted. It allows an undeferred task to run with its parent's data; a closure has what it captures,
    /// so there is nothing to merge.
    pub const fn mergeable(self) -> Self {
        self
    }

    /// Whether it asks for the post.
    #[inline(always)]
    pub(super) const fn is_posted(&self) -> bool {
        self.priority > 0 || self.affinity.is_some()
    }
}
