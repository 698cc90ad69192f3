//! How the threads of a team agree on each construct of a region. See README.md beside this.

use super::Team;
use super::identity::{Identity, Kind, Short, differ, key};
use super::nesting::run_schedule;
use super::position::{BOARDS, Base, Kept, Position, SLOTS, brings};
use super::slot::Slot;
use crate::schedule::Schedule;
use crate::sync::barrier::Stopped;
use crate::sync::turn::Arrival;
use std::any::TypeId;
use std::cell::UnsafeCell;
use std::panic::Location;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

/// Boards on which an identity is looked for.
const WINDOW: usize = 4;

/// Where an identity is written down. A construct that comes again finds its identity there already, and
/// no line of it has to travel.
#[derive(Default)]
struct Board {
    short: Short,
    full: UnsafeCell<Option<(Identity, Schedule)>>,
}

// SAFETY: a board is written by the thread that is first at a construct, between claim and statement of its
// turn, while nobody compares with it (README, "When a board is free"); others only read it.
unsafe impl Sync for Board {}
// SAFETY: identities are numbers and 'static addresses.
unsafe impl Send for Board {}

/// The constructs of a team that are under way, and what it remembers of others.
pub(crate) struct Ring {
    boards: [Board; BOARDS],
    slots: Box<[Slot]>,
    /// Where each thread begins the next region.
    bases: Box<[Base]>,
    /// How often boards were written. By whoever has the turn, hence Relaxed.
    editions: AtomicU64,
    /// Some thread has left a value that needs dropping.
    kept: AtomicBool,
}

/// A construct that a thread has entered.
pub(super) struct Place<'r> {
    pub(super) slot: &'r Slot,
    pub(super) schedule: Schedule,
    /// Whether the thread was the first to arrive.
    pub(super) first: bool,
}

impl Ring {
    pub(crate) fn new(threads: usize) -> Self {
        Ring {
            boards: Default::default(),
            slots: (0..SLOTS).map(|_| Slot::new(threads)).collect(),
            bases: (0..threads).map(|_| Base::new()).collect(),
            editions: AtomicU64::new(0),
            kept: AtomicBool::new(false),
        }
    }

    /// Where thread `num` begins a region.
    ///
    /// # Safety
    ///
    /// The caller is that thread.
    #[inline(always)]
    pub(crate) unsafe fn begin(&self, num: usize) -> Position {
        // SAFETY: the caller's promise.
        let &Kept {
            next: first, round, ..
        } = unsafe { &*self.bases[num].0.get() };
        Position {
            round,
            brings: 0,
            watch: u64::MAX,
            next: first,
            left: first,
            first,
            used: [0; BOARDS],
        }
    }

    /// Thread `num` has left the last construct of a region.
    ///
    /// # Safety
    ///
    /// The caller is that thread.
    #[inline(always)]
    pub(crate) unsafe fn end(&self, num: usize, position: &Position) {
        // SAFETY: the caller's promise.
        let kept = unsafe { &mut *self.bases[num].0.get() };
        (kept.next, kept.round) = (position.next, position.round);
    }

    /// After a region that came to its end: drops what was left in it. Returns whether all threads were in the
    /// same construct at their last barrier.
    ///
    /// # Safety
    ///
    /// The team has been joined, and the caller is its primary.
    #[inline(always)]
    pub(crate) unsafe fn joined(&self, team: &Team) -> bool {
        // Relaxed, all: the join has ordered what the others did, the next fork publishes this.
        if self.kept.load(Ordering::Relaxed) {
            self.kept.store(false, Ordering::Relaxed);
            // SAFETY: the caller's promise.
            self.slots.iter().for_each(|s| unsafe { s.clear_all() });
        }
        // SAFETY: this is the primary.
        let kept = unsafe { &*self.bases[0].0.get() };
        team.agreed(&kept.round)
    }

    /// A thread will leave a value of this type. Relaxed: the join orders it.
    #[inline(always)]
    pub(crate) fn will_leave<T>(&self) {
        if Slot::keeps::<T>() {
            self.kept.store(true, Ordering::Relaxed);
        }
    }

    /// Enters the next construct, if it is one that the team remembers, is nothing but its kind and place, and
    /// is light: what [`enter`](Self::enter) would do, in few steps.
    #[inline(always)]
    pub(super) fn enter_again(
        &self,
        position: &mut Position,
        num: usize,
        (kind, at): (Kind, &'static Location<'static>),
        team: &Team,
    ) -> bool {
        let number = position.next;
        let on = |i: usize| Some((i, self.boards[i].short.edition_of(kind, at)?));
        let known = Self::window(at).find_map(on);
        let Some(known) = known.filter(|_| team.has_light() && !team.turn().has_reached(number))
        else {
            return false;
        };
        position.next = number + 1;
        position.is_light(number, known);
        let slot = &self.slots[(number % SLOTS) as usize];
        slot.note(num, number, (at, kind as u64), position.brings);
        true
    }

    /// Enters the next construct: the first thread to arrive states what it is (`prepare` sets up the
    /// counters), the others compare.
    ///
    /// # Panics
    ///
    /// When another thread of the team is in another construct: the message names both.
    ///
    /// # Safety
    ///
    /// The caller is thread `num`.
    #[inline(always)]
    pub(super) unsafe fn enter(
        &self,
        position: &mut Position,
        num: usize,
        id: &Identity,
        team: &Team,
        prepare: impl FnOnce(&Slot, Schedule),
    ) -> Result<Place<'_>, Stopped> {
        let number = position.next;
        debug_assert!(!position.must_meet());
        position.next = number + 1;
        let slot = &self.slots[(number % SLOTS) as usize];
        slot.note(num, number, id.place(), 0);
        let kind = id.place().1;
        // SAFETY: the caller is thread `num`.
        let types = unsafe { &mut (*self.bases[num].0.get()).types };
        let known = self.known(id, types);
        let turn = team.turn();
        position.watch = u64::MAX;
        if id.is_typed() {
            // SAFETY: this thread enters the slot's next construct, so everyone has left the last one.
            unsafe { slot.clear(num) };
            slot.expect_value(num);
        }
        // If a thread has claimed this number, it is there to be compared with.
        if let Some(known) = known
            && id.is_light(team.size())
            && team.has_light()
            && !turn.has_reached(number)
        {
            position.is_light(number, known);
            slot.note_brings(num, kind, position.brings);
            let (schedule, first) = (id.asked(), false);
            return Ok(Place {
                slot,
                schedule,
                first,
            });
        }
        // What the thread saw last time it may state without a claim, if nothing has to be set up: see
        // `state_at_once`.
        if let Some((board, edition)) = known
            && id.is_simple()
            && turn.state_at_once(number, board).is_some()
        {
            self.nobody_waits(position, num, id, team);
            position.used[board] = number;
            position.brings = brings(board, edition);
            slot.note_brings(num, kind, position.brings);
            let (schedule, first) = (id.asked(), true);
            return Ok(Place {
                slot,
                schedule,
                first,
            });
        }
        let index = match turn.arrive(number, team.stop())? {
            Arrival::First => {
                self.nobody_waits(position, num, id, team);
                // SAFETY: this thread has claimed the turn.
                let (index, schedule) = unsafe { self.write(position, id) };
                prepare(slot, schedule);
                if id.is_nowait() {
                    slot.set_index(index);
                }
                turn.state(number, index);
                position.used[index] = number;
                let edition = self.boards[index].short.edition();
                position.brings = brings(index, edition);
                slot.note_brings(num, kind, position.brings);
                if id.is_typed() {
                    types[index] = (edition, id.ty());
                }
                let first = true;
                return Ok(Place {
                    slot,
                    schedule,
                    first,
                });
            }
            Arrival::Stated(index) => index,
            Arrival::Passed => slot.index(),
        };
        position.used[index] = number;
        let edition = self.boards[index].short.edition();
        position.brings = brings(index, edition);
        // SAFETY: the turn says that the board has been written, and this thread has not left the construct
        // that uses it.
        let stated = unsafe { (*self.boards[index].full.get()).as_ref() };
        let (stated, schedule) = stated.expect("a board that was stated");
        if !id.is(stated) {
            id.differs(num, number - position.first, stated)
        }
        slot.note_brings(num, kind, position.brings);
        if id.is_typed() {
            types[index] = (edition, id.ty());
        }
        Ok(Place {
            slot,
            schedule: *schedule,
            first: false,
        })
    }

    /// After a claim: a thread that waits at the barrier of this number already is in a light construct, which
    /// this one is not.
    #[inline(always)]
    fn nobody_waits(&self, position: &Position, num: usize, id: &Identity, team: &Team) {
        if team.is_begun(&position.round) {
            self.astray(position, num, id.place())
        }
    }

    /// The threads have brought different numbers to a barrier: they are in different constructs.
    #[cold]
    pub(super) fn astray(
        &self,
        position: &Position,
        num: usize,
        at: (&'static Location<'static>, u64),
    ) -> ! {
        let number = position.next - 1;
        let other = self.slots[(number % SLOTS) as usize].elsewhere(number, at);
        differ(num, number - position.first, at, other)
    }

    /// Thread `num` waits in its construct, or behind it, for what others may never do: gives the team up if one
    /// of them is in another construct of that number. README, "Who waits in a construct".
    ///
    /// # Safety
    ///
    /// The caller is thread `num`, or works for it in a fork whose end that thread waits for; in user code.
    #[cold]
    pub(super) unsafe fn look_for_strays(&self, num: usize, team: &Team) {
        let number = self.slots.iter().map(|s| s.number(num)).max().unwrap_or(0);
        let slot = &self.slots[(number % SLOTS) as usize];
        let Some((here, there)) = (number > 0).then(|| slot.stray(number, num)).flatten() else {
            return;
        };
        // SAFETY: the thread itself writes it, at the end of its region, and has no reference to it in user code.
        let first = unsafe { (*self.bases[num].0.get()).next };
        team.poison();
        differ(num, number.saturating_sub(first), here, Some(there))
    }

    /// Has an identity on a board; returns which one, and the schedule.
    ///
    /// # Safety
    ///
    /// The caller has claimed the turn of the construct.
    #[inline(always)]
    unsafe fn write(&self, position: &Position, id: &Identity) -> (usize, Schedule) {
        let schedule = match id.asked() {
            Schedule::Runtime => run_schedule(),
            schedule => schedule,
        };
        let same = |&index: &usize| {
            // SAFETY: others may read it too; only a thread that has claimed a turn writes.
            let there = unsafe { (*self.boards[index].full.get()).as_ref() };
            there.is_some_and(|(there, found)| id.is(there) && *found == schedule)
        };
        let index = match Self::window(id.place().0).find(same) {
            Some(index) => index,
            // SAFETY: as the caller promises.
            None => unsafe { self.write_anew(position, (id, schedule)) },
        };
        (index, schedule)
    }

    /// The boards that an identity may be on.
    #[inline(always)]
    fn window(at: &Location<'_>) -> impl Iterator<Item = usize> + use<> {
        let start = key(at);
        (start..start + WINDOW).map(|i| i % BOARDS)
    }

    /// The board that an identity is on, and its edition, as far as one can see without a turn. Types are
    /// compared with what the thread saw there when it had a turn.
    #[inline(always)]
    fn known(
        &self,
        id: &Identity,
        types: &[(u64, Option<TypeId>); BOARDS],
    ) -> Option<(usize, u64)> {
        let on = |i: usize| {
            let edition = id.edition_of(&self.boards[i].short)?;
            let same = !id.is_typed() || types[i] == (edition, id.ty());
            same.then_some((i, edition))
        };
        Self::window(id.place().0).find_map(on)
    }

    /// # Safety
    ///
    /// As for `write`.
    #[inline(never)]
    unsafe fn write_anew(
        &self,
        position: &Position,
        (id, schedule): (&Identity, Schedule),
    ) -> usize {
        let free = |&index: &usize| position.used[index] < position.left;
        // The one that has not been used for longest, so that two that come in turn do not displace each
        // other; outside of the window if all in it are in use. At most `SLOTS` boards are.
        let index = Self::window(id.place().0)
            .filter(free)
            .min_by_key(|&i| position.used[i])
            .or_else(|| (0..BOARDS).find(free))
            .expect("more boards than slots");
        // SAFETY: everyone has left the constructs that used the board, and this thread alone has a turn.
        unsafe { *self.boards[index].full.get() = Some((id.clone(), schedule)) };
        let edition = self.editions.load(Ordering::Relaxed) + 1;
        self.editions.store(edition, Ordering::Relaxed);
        id.copy_to(&self.boards[index].short, edition);
        index
    }
}
