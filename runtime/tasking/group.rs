//! Groups of tasks: `taskgroup`, and the handles through which tasks are submitted.

use super::count::Count;
use super::crew::Crew;
use super::lane::{Hand, Lane};
use super::object::Object;
use super::options::TaskOptions;
use crate::sync::idle::Idle;
use crate::team::nesting::with_local;
use crate::team::options::Options;
use crate::team::{Team, drop_quietly, with_team};
use parking_lot::Mutex;
use std::any::Any;
use std::cell::UnsafeCell;
use std::marker::PhantomData;
use std::ops::Deref;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::ptr::NonNull;
use std::sync::atomic::{AtomicBool, Ordering, fence};

type Payload = Box<dyn Any + Send>;

/// The tasks that one call waits for. On that call's stack.
pub(super) struct Group {
    count: Count,
    /// The lane of the thread that opened it.
    owner: NonNull<Lane>,
    /// The group whose body or task opened it; null: none.
    parent: *const Group,
    /// Relaxed: who sees it late runs a task that need not have run.
    cancelled: AtomicBool,
    /// What the first of its tasks to panic panicked with.
    panic: Mutex<Option<Payload>>,
}

impl Group {
    #[inline(always)]
    fn new(hand: Hand) -> Self {
        Group {
            // SAFETY: `submit`, `ended` and `wait` ask whether the calling thread is the owner.
            count: unsafe { Count::new() },
            owner: hand.lane_ptr(),
            parent: hand.lane().own.group.get(),
            cancelled: AtomicBool::new(false),
            panic: Mutex::new(None),
        }
    }

    /// Submits a task.
    ///
    /// # Safety
    ///
    /// The hand is the calling thread's; the caller is in the group's body or in one of its tasks; what `f` borrows
    /// outlives the group.
    #[inline(always)]
    pub(super) unsafe fn submit<'s, const FINAL: bool, F>(&self, hand: Hand, f: F, in_place: bool)
    where
        F: FnOnce(&Task<'s>) + Send,
    {
        match hand.is_of(self.owner) {
            true => self.count.submitted_here(),
            false => self.count.submitted_away(),
        }
        // SAFETY: the group waits for the task that was just counted, and `f`'s data outlive that.
        let object = unsafe { Object::new::<FINAL, F>(f, self) };
        if in_place {
            // SAFETY: the caller's promise.
            unsafe { object.run(hand) }
        } else {
            hand.submit(object);
        }
    }

    /// A task has ended.
    ///
    /// # Safety
    ///
    /// The hand is the calling thread's; the task was counted, and is counted off here only. The group may be gone
    /// when this returns.
    #[inline(always)]
    pub(super) unsafe fn ended(group: *const Group, hand: Hand) {
        // SAFETY: the group waits for the task, up to the line that counts it off.
        let (owner, count) = unsafe { ((*group).owner, &(*group).count) };
        if hand.is_of(owner) {
            count.ended_here();
            return;
        }
        count.ended_away();
        // SeqCst: between that and the look at the bell; pairs with the fence in `Bell::sleep`.
        fence(Ordering::SeqCst);
        // SAFETY: lanes outlive the region, in which this thread still is.
        unsafe { owner.as_ref() }.bell.ring();
    }

    /// For the owner: whether all tasks have ended.
    #[inline(always)]
    pub(super) fn is_done(&self) -> bool {
        self.count.is_done()
    }
    #[inline(always)]
    pub(super) fn is_cancelled(&self) -> bool {
        self.cancelled.load(Ordering::Relaxed)
    }
    fn cancel(&self) {
        self.cancelled.store(true, Ordering::Relaxed);
    }

    /// Keeps the first payload, and cancels what has not begun.
    #[cold]
    pub(super) fn fail(&self, payload: Payload) {
        self.cancel();
        let mut first = self.panic.lock();
        if first.is_none() {
            *first = Some(payload);
            return;
        }
        drop(first);
        drop_quietly(payload);
    }

    /// Whether `group` is `of`, or was opened inside of it; nothing is outside of null.
    ///
    /// # Safety
    ///
    /// `group` waits for something, so it is there, and so are all that it was opened in.
    pub(super) unsafe fn descends(mut group: *const Group, of: *const Group) -> bool {
        // SAFETY: as the caller promises.
        while let Some(here) = unsafe { group.as_ref() } {
            if group == of {
                return true;
            }
            group = here.parent;
        }
        of.is_null()
    }
}

/// Opens a group, runs `f` with it, waits for its tasks; goes on with the first panic.
#[inline(always)]
pub(super) fn grouped<R>(hand: Hand, f: impl FnOnce(&Group) -> R) -> R {
    /// Waits for all tasks, whatever happens.
    struct End<'g>(Hand, &'g Group);
    impl Drop for End<'_> {
        #[inline(always)]
        fn drop(&mut self) {
            self.0.wait(self.1);
            self.0.lane().own.group.set(self.1.parent);
        }
    }
    let group = Group::new(hand);
    let end = End(hand, &group);
    hand.lane().own.group.set(&group);
    let r = match catch_unwind(AssertUnwindSafe(|| f(&group))) {
        Ok(r) => Some(r),
        Err(payload) => {
            group.fail(payload);
            None
        }
    };
    drop(end);
    match (group.panic.into_inner(), r) {
        (None, Some(r)) => r,
        (Some(payload), _) => resume_unwind(payload),
        (None, None) => unreachable!("a body that panicked left its payload"),
    }
}

/// A handle of the task that runs, through which it submits tasks to its own group and opens groups. It is
/// lent to the task's closure and stays on its thread.
///
/// A started task does not leave its thread, whatever it waits for (OpenMP's *tied* tasks; `untied` changes nothing).
pub struct Task<'s> {
    hand: Hand,
    group: *const Group,
    /// What is submitted here runs at once.
    last: bool,
    /// Invariant: a task that borrows for `'s` must not be submitted to a group that outlives that.
    _scope: PhantomData<*mut &'s ()>,
}

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
    /// When a task of the group has panicked: the group's caller gets the payload.
    pub fn wait(&self) {
        let group = self.0.open_group();
        self.0.hand.wait(group);
        let panicked = group.panic.lock().take();
        if let Some(payload) = panicked {
            resume_unwind(payload);
        }
    }
}

impl<'s> Task<'s> {
    /// # Safety
    ///
    /// The hand is the calling thread's, and the group is there as long as the value.
    #[inline(always)]
    pub(super) unsafe fn new(hand: Hand, group: *const Group, last: bool) -> Self {
        Task {
            hand,
            group,
            last,
            _scope: PhantomData,
        }
    }

    #[inline(always)]
    pub(super) fn hand(&self) -> Hand {
        self.hand
    }
    #[inline(always)]
    pub(super) fn is_last(&self) -> bool {
        self.last
    }
    #[inline(always)]
    fn open_group(&self) -> &Group {
        // SAFETY: the contract of `new`.
        unsafe { &*self.group }
    }

    /// Submits a task to the group (OpenMP 6.0, "task Construct"). It runs once, in some thread of the team, at
    /// the latest when the group ends; at once, if too many are waiting already; not at all, if the group is
    /// cancelled before it has begun.
    #[inline]
    pub fn task<F>(&self, f: F)
    where
        F: FnOnce(&Task<'s>) + Send + 's,
    {
        if self.last {
            return self.task_with(TaskOptions::new(), f);
        }
        // SAFETY: the handle is lent to the group's body or to a task of it, on the hand's thread; and what lives for
        // `'s` outlives the group, for the caller of `taskgroup` chose `'s` before it.
        unsafe { self.open_group().submit::<false, F>(self.hand, f, false) };
    }

    /// Submits a task with clauses.
    pub fn task_with<F>(&self, options: TaskOptions, f: F)
    where
        F: FnOnce(&Task<'s>) + Send + 's,
    {
        let (hand, in_place) = (self.hand, self.last || options.undeferred);
        // SAFETY: as in `task`.
        unsafe {
            match self.last || options.finish {
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
        with_handle(self.hand, self.last, f)
    }

    /// Cancels the group (OpenMP 6.0, "cancel Construct"): tasks that have not begun are dropped. Those that
    /// have may ask [`is_cancelled`](Self::is_cancelled).
    pub fn cancel(&self) {
        self.open_group().cancel();
    }

    /// Whether the group, or one that it was opened in, was cancelled, by request or by a panic (OpenMP 6.0,
    /// "cancellation point Construct").
    pub fn is_cancelled(&self) -> bool {
        let mut next: *const Group = self.group;
        // SAFETY: this group is there, and so are all that it was opened in.
        while let Some(group) = unsafe { next.as_ref() } {
            if group.is_cancelled() {
                return true;
            }
            next = group.parent;
        }
        false
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
fn with_handle<'g, R>(hand: Hand, last: bool, f: impl FnOnce(&TaskGroup<'g>) -> R) -> R {
    grouped(hand, |group| {
        // SAFETY: the handle is lent to the body, on this thread, while the group is there.
        f(&TaskGroup(unsafe { Task::new(hand, group, last) }))
    })
}

/// Something is open in a team while this lives.
struct Open<'t>(&'t Idle, &'t Crew);

impl<'t> Open<'t> {
    fn new(team: &'t Team, crew: &'t Crew) -> Self {
        team.stop().idle().open();
        Open(team.stop().idle(), crew)
    }
}
impl Drop for Open<'_> {
    fn drop(&mut self) {
        if self.0.close() {
            self.1.call_all();
        }
    }
}

/// Runs `f` with the calling thread's hand: in the team that it works for, or in one forked for this. Users' code in `f`
/// is `Send`, so that it does not get at constructs of the region (README, "Teams").
pub(super) fn in_crew<R>(f: impl FnOnce(Hand) -> R) -> R {
    // SAFETY: the thread stays in the region until this returns.
    match with_local(|l| unsafe { l.team() }).flatten() {
        // SAFETY: this is thread `num` of that team.
        Some((team, num)) => unsafe { inside(team, num, f) },
        None => outside(f),
    }
}

/// # Safety
///
/// The calling thread is thread `num` of the team, in its region.
unsafe fn inside<R>(team: &Team, num: usize, f: impl FnOnce(Hand) -> R) -> R {
    let crew = Crew::of(team);
    // SAFETY: the caller's promise; the crew is the team's.
    let hand = unsafe { Hand::new(crew, num) };
    let outermost = hand.lane().own.group.get().is_null();
    let _open = (outermost && team.size() > 1).then(|| {
        let open = Open::new(team, crew);
        team.call();
        open
    });
    f(hand)
}

/// Forks a team, whose other threads help.
#[track_caller]
fn outside<R>(f: impl FnOnce(Hand) -> R) -> R {
    let whole = Primary(UnsafeCell::new((Some(f), None)));
    let ended = with_team(&Options::new(), |fork| {
        let crew = Crew::of(fork.team);
        // Before the others come: they leave when nothing is open.
        let open = Primary(UnsafeCell::new(Some(Open::new(fork.team, crew))));
        let part = |team: &Team, num: usize| {
            if num > 0 {
                return team.stop().idle().help();
            }
            // SAFETY: this is thread 0, which runs its part once.
            let ((f, result), open) = unsafe { (&mut *whole.get(), (*open.get()).take()) };
            let Some(f) = f.take() else { return };
            // SAFETY: as above.
            let run = || unsafe { inside(team, 0, f) };
            *result = Some(catch_unwind(AssertUnwindSafe(run)));
            drop(open);
        };
        fork.run(&part)
    });
    if let Err(panics) = ended {
        panics.resume();
    }
    match whole.0.into_inner().1 {
        Some(Ok(r)) => r,
        Some(Err(payload)) => resume_unwind(payload),
        None => unreachable!("a fork runs the primary's part, or panics"),
    }
}

/// What only the thread that forks touches, thread 0 of its team.
struct Primary<T>(UnsafeCell<T>);
// SAFETY: its users' promise, at each `get`: the calling thread is that one.
unsafe impl<T> Sync for Primary<T> {}
impl<T> Primary<T> {
    fn get(&self) -> *mut T {
        self.0.get()
    }
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
