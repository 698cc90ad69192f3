//! What a task loop asks for, and which iterations each of its tasks has.

use super::options::TaskOptions;
use std::ops::Range;

/// Tasks of a loop that says nothing of them, if there are so many iterations: whatever the team, so that a reduction is
/// cut the same way in each.
const BY_DEFAULT: usize = 512;

/// The clauses of a task loop (OpenMP 6.0, "taskloop Construct"): `grainsize`, `num_tasks`, both with `strict`, `if`,
/// `final`, `priority`. (`collapse` is a source: [`collapse`](crate::collapse()). `nogroup` and `reduction` are functions of their
/// own: [`Task::taskloop_nogroup`](crate::Task::taskloop_nogroup), [`taskloop_reduce`](crate::taskloop_reduce).)
///
/// Without `grainsize` and `num_tasks` a loop has 512 tasks, or one for each iteration if these are fewer.
///
/// ```
/// use phalanx::prelude::*;
/// let mut v = vec![0; 1000];
/// taskloop(TaskLoop::new().grainsize(64), &mut v, |x| *x += 1);
/// taskloop(TaskLoop::new().num_tasks(10).strict(), &mut v, |x| *x += 1);
/// assert!(v.iter().all(|&x| x == 2));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[must_use]
pub struct TaskLoop {
    grain: Grain,
    strict: bool,
    pub(super) task: TaskOptions,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Grain {
    #[default]
    Default,
    Size(usize),
    Tasks(usize),
}

impl TaskLoop {
    /// A loop that says nothing.
    pub const fn new() -> Self {
        TaskLoop {
            grain: Grain::Default,
            strict: false,
            task: TaskOptions::new(),
        }
    }

    /// A task has at least so many iterations, or all if the loop has fewer; and fewer than twice as many. With
    /// [`strict`](Self::strict) exactly so many, but for the last task (OpenMP 6.0, "grainsize Clause").
    ///
    /// # Panics
    ///
    /// When it is 0, and when `num_tasks` was given.
    #[track_caller]
    pub const fn grainsize(self, iterations: usize) -> Self {
        assert!(
            iterations > 0,
            "grainsize(0): a task of a task loop has at least one iteration"
        );
        self.excludes();
        TaskLoop {
            grain: Grain::Size(iterations),
            ..self
        }
    }

    /// So many tasks, or one for each iteration if these are fewer. Their numbers of iterations differ by one at most, with
    /// [`strict`](Self::strict) or without (OpenMP 6.0, "num_tasks Clause").
    ///
    /// # Panics
    ///
    /// When it is 0, and when `grainsize` was given.
    #[track_caller]
    pub const fn num_tasks(self, tasks: usize) -> Self {
        assert!(tasks > 0, "num_tasks(0): a task loop has at least one task");
        self.excludes();
        TaskLoop {
            grain: Grain::Tasks(tasks),
            ..self
        }
    }

    #[track_caller]
    const fn excludes(self) {
        assert!(
            matches!(self.grain, Grain::Default),
            "a task loop has `grainsize` or `num_tasks`, and only once: one follows from the other"
        );
    }

    /// OpenMP's modifier of `grainsize` and `num_tasks`, which is to be given before it.
    ///
    /// # Panics
    ///
    /// When neither was given.
    #[track_caller]
    pub const fn strict(self) -> Self {
        assert!(
            !matches!(self.grain, Grain::Default),
            "`strict` says how a task loop takes its `grainsize` or `num_tasks`: give that first"
        );
        TaskLoop {
            strict: true,
            ..self
        }
    }

    /// OpenMP's `if`: with `false` the thread that meets the loop runs its tasks itself, in order.
    pub const fn only_if(self, deferred: bool) -> Self {
        TaskLoop {
            task: self.task.only_if(deferred),
            ..self
        }
    }
    /// OpenMP's `final`: with `true` what the loop's tasks submit runs at once: [`TaskOptions::final_if`].
    pub const fn final_if(self, last: bool) -> Self {
        TaskLoop {
            task: self.task.final_if(last),
            ..self
        }
    }
    /// OpenMP's `priority`: [`TaskOptions::priority`]. It says when the tasks of
    /// [`taskloop_nogroup`](crate::Task::taskloop_nogroup) are begun; a thread that has begun a range of tasks ends it first,
    /// and the other loops are begun by the thread that meets them.
    pub const fn priority(self, priority: i32) -> Self {
        TaskLoop {
            task: self.task.priority(priority),
            ..self
        }
    }

    /// The tasks of a loop of `len` iterations.
    pub(super) fn plan(&self, len: usize) -> Plan {
        match self.grain {
            Grain::Size(size) if self.strict => Plan {
                tasks: len.div_ceil(size),
                size,
                larger: 0,
                len,
            },
            Grain::Size(size) => Plan::even(len, (len / size).max(1)),
            Grain::Tasks(tasks) => Plan::even(len, tasks),
            Grain::Default => Plan::even(len, BY_DEFAULT),
        }
    }
}

/// Which iterations each task has.
#[derive(Clone, Copy, Debug)]
pub(super) struct Plan {
    pub(super) tasks: usize,
    /// Iterations of a task; the first `larger` ones have one more; none goes beyond `len`.
    size: usize,
    larger: usize,
    len: usize,
}

impl Plan {
    /// `tasks` of equal size, up to one; no more than there are iterations.
    fn even(len: usize, tasks: usize) -> Self {
        let tasks = tasks.min(len);
        Plan {
            tasks,
            size: len.checked_div(tasks).unwrap_or(0),
            larger: len.checked_rem(tasks).unwrap_or(0),
            len,
        }
    }

    /// The iterations of task `k`.
    #[inline(always)]
    pub(super) fn of(&self, k: usize) -> Range<usize> {
        let start = k * self.size + k.min(self.larger);
        let size = self.size + usize::from(k < self.larger);
        start..start + size.min(self.len - start)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The sizes of the tasks; they follow each other without gaps.
    fn sizes(options: TaskLoop, len: usize) -> Vec<usize> {
        let plan = options.plan(len);
        let mut next = 0;
        let sizes = (0..plan.tasks).map(|k| {
            let r = plan.of(k);
            assert_eq!(r.start, next);
            next = r.end;
            r.len()
        });
        let sizes: Vec<_> = sizes.collect();
        assert_eq!(next, len);
        sizes
    }

    proptest! {
        #[test]
        fn grains_are_those_of_the_specification(len in 0usize..3000, n in 1usize..4000) {
            let grain = sizes(TaskLoop::new().grainsize(n), len);
            prop_assert!(grain.iter().all(|&s| s >= n.min(len) && s < 2 * n), "{grain:?}");
            let exact = sizes(TaskLoop::new().grainsize(n).strict(), len);
            prop_assert_eq!(exact.len(), len.div_ceil(n));
            prop_assert!(exact.iter().rev().skip(1).all(|&s| s == n));
            for options in [TaskLoop::new().num_tasks(n), TaskLoop::new().num_tasks(n).strict()] {
                let even = sizes(options, len);
                prop_assert_eq!(even.len(), n.min(len));
                prop_assert!(even.iter().all(|&s| s > 0 && (s == len / n.min(len) || s == len.div_ceil(n.min(len)))));
            }
            prop_assert_eq!(sizes(TaskLoop::new(), len).len(), len.min(BY_DEFAULT));
        }
    }

    #[test]
    fn huge_lengths_and_grains() {
        let n = usize::MAX;
        let plan = TaskLoop::new().grainsize(1 << 40).plan(n);
        assert_eq!(plan.of(plan.tasks - 1).end, n);
        let plan = TaskLoop::new().grainsize(n - 1).strict().plan(n);
        assert_eq!((plan.tasks, plan.of(1)), (2, n - 1..n));
        assert_eq!(TaskLoop::new().grainsize(n).plan(7).of(0), 0..7);
        assert_eq!(TaskLoop::new().num_tasks(n).plan(n).of(n - 1), n - 1..n);
    }
}
