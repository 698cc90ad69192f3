//! What a task asks for: the clauses of OpenMP's `task`, as a value.

use std::time::Duration;

/// The clauses of a task (OpenMP 6.0, "task Construct"): `if`, `final`, `priority`.
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
}

impl TaskOptions {
    /// A task like any other.
    pub const fn new() -> Self {
        TaskOptions {
            undeferred: false,
            finish: false,
            event_timeout: None,
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
    /// OpenMP's `priority`: accepted, and without effect, as OpenMP allows: tasks are taken newest first by the thread that
    /// submitted them, oldest first by others.
    pub const fn priority(self, _priority: i32) -> Self {
        self
    }
}
