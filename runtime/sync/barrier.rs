//! A barrier whose counter is its generation; see README.md beside this file.

use super::idle::Idle;
use super::park::WideWord;
use super::patience::Patience;
use super::shim::atomic::{AtomicBool, Ordering};
use super::shim::between_seqcst;
use super::turn::Turn;

/// Where the threads of one team meet. Can be given up: see [`stop`](Barrier::stop).
#[repr(C, align(128))]
pub struct Barrier {
    /// Of all even and all odd rounds since the team was formed: whether a waiter may be asleep (bit 0), twice
    /// the number of arrivals (the rest of the lower half), and the sum of what the threads brought with them
    /// (the upper half).
    counts: [WideWord; 2],
    threads: u32,
    /// Beside `counts` too: who leaves a barrier looks here next.
    turn: Turn,
}

/// Where in a count the sum begins.
const SUM: u32 = 32;
/// One arrival.
const ARRIVAL: u64 = 2;
/// A waiter may be asleep.
const ASLEEP: u64 = 1;

/// Added to what a thread brings that does not look at the turn before it arrives. Larger than any sum of
/// what the others bring, in a team of [`MOST_LIGHT`] threads that bring at most 256; and so many of it
/// do not fill the sum.
pub const LIGHT: u64 = 1 << 20;

/// Number of threads that a team may have whose threads bring [`LIGHT`].
pub const MOST_LIGHT: usize = 1024;

/// Whether the team has given up, and whether its threads have something to do while they wait. Beside what the
/// team only reads, for loops look at it often.
#[derive(Debug)]
pub struct Stop {
    set: AtomicBool,
    idle: Idle,
}

impl Stop {
    pub fn new() -> Self {
        Stop {
            set: AtomicBool::new(false),
            idle: Idle::new(),
        }
    }
    /// Relaxed: it orders nothing, the join does.
    #[inline(always)]
    pub fn is_set(&self) -> bool {
        self.set.load(Ordering::Relaxed)
    }
    /// What threads do that wait.
    #[inline(always)]
    pub fn idle(&self) -> &Idle {
        &self.idle
    }
    /// The same for a thread that has announced that it will sleep. SeqCst: pairs with the store in
    /// `set`.
    pub(super) fn is_set_in_order(&self) -> bool {
        self.set.load(Ordering::SeqCst)
    }
    /// The team gives up. The lines that threads wait at are to be changed and woken afterwards.
    #[cold]
    pub fn set(&self) {
        // SeqCst: stands before those changes; pairs with the load in `is_set_in_order`.
        self.set.store(true, Ordering::SeqCst);
        between_seqcst();
    }
}

/// One thread's side: the round that it is in.
#[derive(Clone, Copy, Debug, Default)]
pub struct Round {
    odd: bool,
    /// The counts at the end of this round and of the last one, if all threads always brought the same.
    goals: [u64; 2],
}

/// The team stopped while this thread waited.
#[derive(Debug, PartialEq, Eq)]
pub struct Stopped;

impl Barrier {
    pub fn new(threads: usize) -> Self {
        Barrier {
            counts: [WideWord::new(0), WideWord::new(0)],
            threads: threads as u32,
            turn: Turn::new(),
        }
    }

    /// Who comes first at the constructs between the barriers.
    #[inline(always)]
    pub fn turn(&self) -> &Turn {
        &self.turn
    }

    /// Number of threads that it is for.
    #[inline(always)]
    pub fn threads(&self) -> usize {
        self.threads as usize
    }

    /// Whether a thread has arrived as a [`LIGHT`] one in the round that comes next for this thread. SeqCst:
    /// stands behind this thread's claim of a turn; README.
    #[inline(always)]
    pub fn is_begun(&self, round: &Round) -> bool {
        between_seqcst();
        let parity = usize::from(!round.odd);
        let count = self.counts[parity].load(Ordering::SeqCst);
        count.wrapping_sub(round.goals[parity]) >> SUM >= LIGHT
    }

    /// Arrives and waits for the others. Returns whether all have brought the same number: if not, at
    /// least one of the threads sees it (if each finds the sum to be `n` times its own, all are equal).
    ///
    /// `watch` is the number of a construct of which no thread may claim the turn; if one has, the answer is
    /// no, and nobody is waited for.
    #[inline(always)]
    pub fn wait(
        &self,
        brings: u64,
        watch: u64,
        stop: &Stop,
        round: &mut Round,
        patience: &mut Patience,
    ) -> Result<bool, Stopped> {
        let (count, goal, now) = self.add(brings, round);
        // The last one does not touch the line again: the others are taking it.
        let end = if arrived(now, goal) {
            now
        } else {
            if self.claimed(watch, count, goal) {
                return Ok(false);
            }
            stay(count, goal, stop, patience);
            // Nobody adds to it before this thread has arrived at the next barrier, except a stop. Acquire: pairs
            // with the addition in `stop`, so that whoever sees that sees the flag.
            count.load(Ordering::Acquire)
        };
        if stop.is_set() {
            return Err(Stopped);
        }
        Ok(end & !ASLEEP == goal)
    }

    /// Arrives and does not wait: the team is joined next. Returns whether all is well as far as one can see by
    /// then; [`agreed`](Self::agreed) tells when the team has been joined.
    ///
    /// Where there has been work to help with, it waits and helps: more may come.
    #[inline(always)]
    pub fn arrive(
        &self,
        brings: u64,
        watch: u64,
        stop: &Stop,
        round: &mut Round,
        patience: &mut Patience,
    ) -> bool {
        let (count, goal, now) = self.add(brings, round);
        if arrived(now, goal) {
            return true;
        }
        if self.claimed(watch, count, goal) {
            return false;
        }
        if stop.idle().is_used() {
            stay(count, goal, stop, patience);
        }
        true
    }

    /// Whether all threads have brought the same number to the last round, in which all have arrived, and the
    /// caller has acquired that.
    #[inline(always)]
    pub fn agreed(&self, round: &Round) -> bool {
        let parity = usize::from(round.odd);
        // Relaxed: as the caller promises.
        self.counts[parity].load(Ordering::Relaxed) & !ASLEEP == round.goals[parity]
    }

    /// The arrival, and waking the others if it is the last. Returns the round's word, its goal, and what it
    /// was.
    #[inline(always)]
    fn add(&self, brings: u64, round: &mut Round) -> (&WideWord, u64, u64) {
        round.odd = !round.odd;
        let parity = usize::from(round.odd);
        let count = &self.counts[parity];
        let arrival = brings << SUM | ARRIVAL;
        let goal = &mut round.goals[parity];
        *goal = goal.wrapping_add(u64::from(self.threads).wrapping_mul(arrival));
        // SeqCst: releases this thread's work, acquires the others' if it is the last; stands before the
        // look at the turn in `claimed`. If a waiter has announced that it sleeps, `now` says so; README, (3).
        let now = count.add(arrival, Ordering::SeqCst).wrapping_add(arrival);
        if arrived(now, *goal) && now & ASLEEP != 0 {
            wake(count);
        }
        (count, *goal, now)
    }

    /// Whether a thread has claimed construct `watch`. (If all have arrived meanwhile, one of them may have
    /// claimed the next.)
    #[inline(always)]
    fn claimed(&self, watch: u64, count: &WideWord, goal: u64) -> bool {
        between_seqcst();
        self.turn.has_reached(watch) && !over(count, goal)
    }

    /// After something was opened: who sleeps here looks at it.
    #[cold]
    pub fn call(&self) {
        for count in &self.counts {
            // SeqCst: stands behind the addition in `Idle::open`. Clearing the bit changes the word, so that who
            // is about to sleep does not, and announces itself again.
            if count.load(Ordering::SeqCst) & ASLEEP != 0 {
                wake(count);
            }
        }
    }

    /// After the team's stop flag was set: everyone leaves the barrier, now and later.
    #[cold]
    pub fn stop(&self) {
        for count in &self.counts {
            // So that a waiter which is about to sleep on the old value does not.
            count.add(ARRIVAL, Ordering::SeqCst);
            count.wake();
        }
    }
}

/// Whether all have arrived. Acquire: pairs with the additions of all who arrived, which form one release
/// sequence.
#[inline(always)]
fn over(count: &WideWord, goal: u64) -> bool {
    arrived(count.load(Ordering::Acquire), goal)
}

/// Waits until all have arrived, or the team was given up; helps meanwhile.
#[inline(always)]
fn stay(count: &WideWord, goal: u64, stop: &Stop, patience: &mut Patience) {
    let ready = || over(count, goal) || stop.is_set() || stop.idle().is_open();
    patience.wait(ready, || sleep(count, stop, goal));
    while !over(count, goal) && !stop.is_set() {
        stop.idle().help();
        patience.wait(ready, || sleep(count, stop, goal));
    }
}

/// The lower halves decide; the lowest bit of the goal is 0.
#[inline(always)]
fn arrived(count: u64, goal: u64) -> bool {
    (count as u32).wrapping_sub(goal as u32) as i32 >= 0
}

/// Wakes all who sleep: the last to arrive does, and who opens something. They look again, and announce
/// themselves again if they have to.
#[cold]
#[inline(never)]
fn wake(count: &WideWord) {
    // Relaxed: the arrival has published everything.
    count.and(!ASLEEP, Ordering::Relaxed);
    count.wake();
}

fn sleep(count: &WideWord, stop: &Stop, goal: u64) {
    // SeqCst: announces the sleeper; the last arrival is before this in the order of the word's changes, and
    // seen here, or after, and sees the announcement; README, (3).
    let seen = count.or(ASLEEP, Ordering::SeqCst) | ASLEEP;
    between_seqcst();
    if arrived(seen, goal) || stop.is_set_in_order() || stop.idle().is_open_in_order() {
        return;
    }
    count.sleep_while(seen as u32);
}
