//! Where tasks run: in the team that the thread works for, or in one that is forked for them.

use super::crew::Crew;
use super::lane::Hand;
use crate::sync::current::Among;
use crate::sync::idle::Idle;
use crate::team::nesting::with_local;
use crate::team::options::Options;
use crate::team::{Team, with_team};
use std::cell::UnsafeCell;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

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
#[track_caller]
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
    if !hand.lane().own.scope.get().is_null() {
        return f(hand);
    }
    hand.settle();
    let _among = Among::tasks();
    let _open = (team.size() > 1).then(|| {
        let open = Open::new(team, crew);
        team.call();
        open
    });
    // Before it is closed: tasks of others that ran here may have left something that others wait for.
    let _leave = Leave(hand);
    hand.begins_work();
    hand.forgets();
    f(hand)
}

/// Nothing stays in the ring of a thread that leaves its outermost group.
struct Leave(Hand);
impl Drop for Leave {
    fn drop(&mut self) {
        self.0.give_all();
        self.0.ends_work();
    }
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
