//! The handles through which tasks are submitted: `taskgroup`, `TaskGroup`, `Task`; and `taskyield`.

use super::crew::Crew;
use super::enter::in_crew;
use super::group::{Group, grouped};
use super::lane::Hand;
use super::options::TaskOptions;
use crate::team::nesting::with_local;
use std::marker::PhantomData;
use std::ops::Deref;

/// A handle of the task that runs, through which it submits tasks to its own group and opens groups. It is
/// lent to the task's closure and stays on its thread.
///
/// A started task does not leave its thread, whatever it waits for (OpenMP's *tied* tasks; `untied` changes nothing).
pub struct Task<'s> {
    of: Belongings,
    /// Neither `Send` nor `Sync`; and invariant: a task that borrows for `'s` must not be submitted to a group that
    /// outlives that.
    _scope: PhantomData<*mut &'s ()>,
}

/// What a handle belongs to.
struct Belongings {
    hand: Hand,
    /// Null only in handles that users do not get.
    group: *const Group,
    /// What is submitted here runs at once.
    last: bool,
}
// SAFETY: only a `Task` holds it, which does not leave its thread, nor is shared: `_scope` says so, with one message
// instead of one for each pointer in here.
unsafe impl Send for Belongings {}
// SAFETY: as above.
unsafe impl Sync for Belongings {}

/// A handle of a group in its body: submits tasks as any [`Task`] does, and can [`wait`](TaskGroup::wait) for them.
pub struct TaskGroup<'s>(Task<'s>);

impl<'s> Deref for TaskGroup<'s> {
    type Target = Task<'s>;
    #[inline(always)]
    fn deref(&self) -> &Task<'s> {
        &self.0
    }
}

impl TaskGroup<'_> {
    /// Waits for all tasks of the group that have been submitted so far, and for theirs (OpenMP 6.0, "taskwait
    /// Construct"); runs tasks meanwhile. What they borrow stays borrowed; results are read after the group.
    ///
    /// A task waits for tasks of its own by opening a group for them: [`Task::group`].
    ///
    /// # Panics
    ///
    /// When a task of the group has panicked: the group's caller gets the payload. When the thread holds a lock that it
    /// took after the group was opened: tasks that run already may be waiting for it. (A group that is opened under the
    /// lock is waited for there.) When it is called by a task of the group, which would wait for itself.
    #[track_caller]
    pub fn wait(&self) {
        self.0.open_group().wait_in_body(self.0.of.hand);
    }
}

impl<'s> Task<'s> {
    /// # Safety
    ///
    /// The hand is the calling thread's, and the group is there as long as the value; or it is null, and nobody but
    /// `join` uses the handle.
    #[inline(always)]
    pub(super) unsafe fn new(hand: Hand, group: *const Group, last: bool) -> Self {
        Task {
            of: Belongings { hand, group, last },
            _scope: PhantomData,
        }
    }

    #[inline(always)]
    pub(super) fn hand(&self) -> Hand {
        self.of.hand
    }
    #[inline(always)]
    pub(super) fn is_last(&self) -> bool {
        self.of.last
    }
    #[inline(always)]
    pub(super) fn group_ptr(&self) -> *const Group {
        self.of.group
    }
    #[inline(always)]
    pub(super) fn open_group(&self) -> &Group {
        // SAFETY: the contract of `new`.
        unsafe { &*self.of.group }
    }

    /// Submits a task to the group (OpenMP 6.0, "task Construct"). It runs once, in some thread of the team, at
    /// the latest when the group ends; at once, if too many are waiting already; not at all, if the group is
    /// cancelled before it has begun.
    #[inline]
    pub fn task<F>(&self, f: F)
    where
        F: FnOnce(&Task<'s>) + Send + 's,
    {
        if self.of.last {
            return self.task_with(TaskOptions::new(), f);
        }
        // SAFETY: the handle is lent to the group's body or to a task of it, on the hand's thread; and what lives for
        // `'s` outlives the group, for the caller of `taskgroup` chose `'s` before it.
        unsafe { self.open_group().submit::<false, F>(self.of.hand, f, false) };
    }

    /// Submits a task with clauses.
    pub fn task_with<F>(&self, options: TaskOptions, f: F)
    where
        F: FnOnce(&Task<'s>) + Send + 's,
    {
        let (hand, in_place) = (self.of.hand, self.of.last || options.undeferred);
        let last = self.of.last || options.finish;
        let mut f = f;
        if !in_place && options.is_posted() {
            // SAFETY: as in `task`.
            let back = unsafe {
                match last {
                    true => self.post::<true, F>(options, f),
                    false => self.post::<false, F>(options, f),
                }
            };
            let Some(back) = back else { return };
            f = back;
        }
        // SAFETY: as in `task`.
        unsafe {
            match last {
                true => self.open_group().submit::<true, F>(hand, f, in_place),
                false => self.open_group().submit::<false, F>(hand, f, in_place),
            }
        }
    }

    /// Opens a group inside the task: as [`taskgroup`], without looking for the team.
    ///
    /// # Panics
    ///
    /// With the first payload of a task that panicked, or of `f`.
    #[inline]
    pub fn group<'g, R>(&self, f: impl FnOnce(&TaskGroup<'g>) -> R) -> R {
        with_handle(self.of.hand, self.of.last, f)
    }

    /// Cancels the group (OpenMP 6.0, "cancel Construct"): tasks that have not begun are dropped. Those that
    /// have may ask [`is_cancelled`](Self::is_cancelled).
    pub fn cancel(&self) {
        self.open_group().cancel();
    }

    /// Whether the group, or one that it was opened in, was cancelled, by request or by a panic (OpenMP 6.0,
    /// "cancellation point Construct").
    pub fn is_cancelled(&self) -> bool {
        self.open_group().is_cancelled_or_outer()
    }
}

/// Runs `f` on the calling thread, and all tasks that it and they submit to the group on the threads of the team; returns
/// when all have ended (OpenMP 6.0, "taskgroup Construct").
///
/// Tasks may borrow whatever outlives the call, mutably too: the compiler sees to it that no two of them write
/// the same thing. Outside of any region the call forks a team; inside, the threads of the team take part that wait
/// at a barrier. It may be used in any construct.
///
/// ```
/// use phalanx::prelude::*;
///
/// fn sum(v: &[u64]) -> u64 {
///     if v.len() <= 1000 {
///         return v.iter().sum();
///     }
///     let (left, right) = v.split_at(v.len() / 2);
///     let (mut l, mut r) = (0, 0);
///     taskgroup(|tg| {
///         tg.task(|_| l = sum(left));
///         tg.task(|_| r = sum(right));
///     });
///     l + r
/// }
/// assert_eq!(sum(&(0..10_000).collect::<Vec<_>>()), 49_995_000);
/// ```
///
/// A task gets a handle of its own, to submit more:
///
/// ```
/// use phalanx::prelude::*;
/// fn visit<'s>(tg: &Task<'s>, node: u64, seen: &'s Atomic<u64>) {
///     seen.add(1);
///     for child in [2 * node, 2 * node + 1] {
///         if child < 1000 {
///             tg.task(move |tg| visit(tg, child, seen));
///         }
///     }
/// }
/// let seen = Atomic::new(0);
/// taskgroup(|tg| visit(tg, 1, &seen));
/// assert_eq!(seen.into_inner(), 999);
/// ```
///
/// # Panics
///
/// With the payload of the first task that panicked, or of `f`, after all tasks have ended. The team can be used
/// again. Outside of any region: when the thread holds a lock.
#[track_caller]
pub fn taskgroup<'s, R>(f: impl FnOnce(&TaskGroup<'s>) -> R + Send) -> R {
    in_crew(|hand| with_handle(hand, false, f))
}

/// Opens a group with `f` for its body.
#[inline(always)]
pub(super) fn with_handle<'g, R>(hand: Hand, last: bool, f: impl FnOnce(&TaskGroup<'g>) -> R) -> R {
    grouped(hand, |group| {
        // SAFETY: the handle is lent to the body, on this thread, while the group is there.
        f(&TaskGroup(unsafe { Task::new(hand, group, last) }))
    })
}

/// Runs one task that waits to be run, if there is any that this thread may run now (OpenMP 6.0, "taskyield
/// Construct"); returns whether there was.
pub fn taskyield() -> bool {
    // SAFETY: the thread stays in the region until this returns.
    let here = with_local(|l| unsafe { l.team() }).flatten();
    let in_group = here.filter(|(team, _)| team.stop().idle().is_open() || team.size() == 1);
    // SAFETY: this is thread `num` of that team.
    in_group.is_some_and(|(team, num)| unsafe { Hand::new(Crew::of(team), num) }.run_one())
}
