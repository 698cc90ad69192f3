//! A barrier whose counter is its generation; see README.md beside this file.

use super::park::WideWord;
use super::patience::Patience;
use super::shim::atomic::{AtomicBool, AtomicU32, Ordering};
use super::shim::between_seqcst;
use super::turn::Turn;

/// Where the threads of one team meet. Can be given up: see [`stop`](Barrier::stop).
#[repr(C, align(128))]
pub struct Barrier {
    /// Of all even and all odd rounds since the team was formed: in the lower half the number of arrivals, in
    /// the upper half the sum of what the threads brought with them.
    counts: [WideWord; 2],
    /// Whether some waiter of an even or odd round may be asleep. Beside `counts`: whoever arrives
    /// takes the line anyway.
    sleepers: [AtomicU32; 2],
    threads: u32,
    /// Beside `counts` too: who leaves a barrier looks here next.
    turn: Turn,
}

/// Where in a count the sum begins.
const SUM: u32 = 32;

/// Added to what a thread brings that does not look at the turn before it arrives. Larger than any sum of
/// what the others bring, in a team of [`MOST_LIGHT`] threads that bring at most 256; and so many of it
/// do not fill the sum.
pub const LIGHT: u64 = 1 << 20;

/// Number of threads that a team may have whose threads bring [`LIGHT`].
pub const MOST_LIGHT: usize = 1024;

/// Whether the team has given up. Beside what the team only reads, for loops look at it often.
#[derive(Debug)]
pub struct Stop(AtomicBool);

impl Stop {
    pub fn new() -> Self {
        Stop(AtomicBool::new(false))
    }
    /// Relaxed: it orders nothing, the join does.
    #[inline(always)]
    pub fn is_set(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
    /// The same for a thread that has announced that it will sleep. SeqCst: pairs with the store in
    /// `set`.
    pub(super) fn is_set_in_order(&self) -> bool {
        self.0.load(Ordering::SeqCst)
    }
    /// The team gives up. The lines that threads wait at are to be changed and woken afterwards.
    #[cold]
    pub fn set(&self) {
        // SeqCst: stands before those changes; pairs with the load in `is_set_in_order`.
        self.0.store(true, Ordering::SeqCst);
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
            sleepers: [AtomicU32::new(0), AtomicU32::new(0)],
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
        round.odd = !round.odd;
        let parity = usize::from(round.odd);
        let (count, sleepers) = (&self.counts[parity], &self.sleepers[parity]);
        let arrival = brings << SUM | 1;
        let goal = &mut round.goals[parity];
        *goal = goal.wrapping_add(u64::from(self.threads).wrapping_mul(arrival));
        let goal = *goal;
        // SeqCst: releases this thread's work, acquires the others' if it is the last; stands before the
        // look at the turn below, and before the load of `sleepers` in the order that the README's (3) needs.
        let now = count.add(arrival, Ordering::SeqCst).wrapping_add(arrival);
        between_seqcst();
        // (If all have arrived meanwhile, one of them may have claimed the next construct.)
        if self.turn.has_reached(watch) && !over(count, goal) {
            return Ok(false);
        }
        if now as u32 == goal as u32 {
            // SeqCst: README, (3). A swap only if it is set: the line is this thread's, but a swap waits
            // for all stores before it.
            if sleepers.load(Ordering::SeqCst) != 0 {
                sleepers.swap(0, Ordering::SeqCst);
                count.wake();
            }
        } else {
            patience.wait(
                || over(count, goal) || stop.is_set(),
                || sleep(count, stop, sleepers, goal),
            );
        }
        if stop.is_set() {
            return Err(Stopped);
        }
        // Relaxed: it was acquired. Nobody adds to it before this thread has arrived at the next barrier.
        Ok(count.load(Ordering::Relaxed) == goal)
    }

    /// After the team's stop flag was set: everyone leaves the barrier, now and later.
    #[cold]
    pub fn stop(&self) {
        for count in &self.counts {
            // So that a waiter which is about to sleep on the old value does not.
            count.add(1, Ordering::SeqCst);
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

/// The lower halves decide.
#[inline(always)]
fn arrived(count: u64, goal: u64) -> bool {
    (count as u32).wrapping_sub(goal as u32) as i32 >= 0
}

fn sleep(count: &WideWord, stop: &Stop, sleepers: &AtomicU32, goal: u64) {
    // SeqCst: announces the sleeper before the loads below; README, (3).
    sleepers.store(1, Ordering::SeqCst);
    between_seqcst();
    let seen = count.load(Ordering::SeqCst);
    if arrived(seen, goal) || stop.is_set_in_order() {
        return;
    }
    count.sleep_while(seen as u32);
}
