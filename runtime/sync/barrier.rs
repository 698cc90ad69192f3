//! A barrier whose counter is its generation; see README.md beside this file.

use super::park::Word;
use super::patience::Patience;
use super::shim::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};
use super::shim::between_seqcst;
use super::turn::Turn;

/// Where the threads of one team meet. Can be given up: see [`stop`](Barrier::stop).
#[repr(C, align(128))]
pub struct Barrier {
    /// Arrivals since the team was formed.
    count: Word,
    /// Whether some waiter of an even or odd round may be asleep. Beside `count`: whoever arrives
    /// takes the line anyway.
    sleepers: [AtomicU32; 2],
    threads: u32,
    /// Beside `count` too: who leaves a barrier looks here next.
    turn: Turn,
    /// Sums of what the threads brought with them in all even and all odd rounds. On the same line, and
    /// written just before `count`.
    brought: [AtomicU64; 2],
}

/// Added to what a thread brings that does not look at the turn before it arrives. Larger than any sum of
/// what others bring.
pub const LIGHT: u64 = 1 << 48;

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
    /// The count at which the round is over.
    goal: u32,
    odd: bool,
    /// What the sums are if all threads always brought the same.
    sums: [u64; 2],
}

/// The team stopped while this thread waited.
#[derive(Debug, PartialEq, Eq)]
pub struct Stopped;

impl Barrier {
    pub fn new(threads: usize) -> Self {
        Barrier {
            count: Word::new(0),
            sleepers: [AtomicU32::new(0), AtomicU32::new(0)],
            threads: threads as u32,
            turn: Turn::new(),
            brought: [AtomicU64::new(0), AtomicU64::new(0)],
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
        let sum = self.brought[parity].load(Ordering::SeqCst);
        sum.wrapping_sub(round.sums[parity]) >= LIGHT
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
        round.goal = round.goal.wrapping_add(self.threads);
        round.odd = !round.odd;
        let goal = round.goal;
        let parity = usize::from(round.odd);
        let (sleepers, brought) = (&self.sleepers[parity], &self.brought[parity]);
        let sum = &mut round.sums[parity];
        *sum = sum.wrapping_add(u64::from(self.threads).wrapping_mul(brings));
        // SeqCst: stands before the look at the turn below; README. (The addition to `count`, which
        // follows, publishes it.)
        brought.fetch_add(brings, Ordering::SeqCst);
        // SeqCst: releases this thread's work, acquires the others' if it is the last, and stands
        // before the swap below in the order that the README's (3) needs.
        let before = self.count.add(1, Ordering::SeqCst);
        between_seqcst();
        // (If all have arrived meanwhile, one of them may have claimed the next construct.)
        if self.turn.has_reached(watch) && !self.over(goal) {
            return Ok(false);
        }
        if before.wrapping_add(1) == goal {
            if sleepers.swap(0, Ordering::SeqCst) != 0 {
                self.count.wake();
            }
        } else {
            patience.wait(
                || self.over(goal) || stop.is_set(),
                || self.sleep(stop, sleepers, goal),
            );
        }
        if stop.is_set() {
            return Err(Stopped);
        }
        // Relaxed: `count` was acquired. Nobody adds to it before this thread has arrived at the next
        // barrier.
        Ok(brought.load(Ordering::Relaxed) == *sum)
    }

    /// Acquire: pairs with the additions of all who arrived, which form one release sequence.
    #[inline(always)]
    fn over(&self, goal: u32) -> bool {
        self.count.load(Ordering::Acquire).wrapping_sub(goal) as i32 >= 0
    }

    fn sleep(&self, stop: &Stop, sleepers: &AtomicU32, goal: u32) {
        // SeqCst: announces the sleeper before the loads below; README, (3).
        sleepers.store(1, Ordering::SeqCst);
        between_seqcst();
        let seen = self.count.load(Ordering::SeqCst);
        if seen.wrapping_sub(goal) as i32 >= 0 || stop.is_set_in_order() {
            return;
        }
        self.count.sleep_while(seen);
    }

    /// After the team's stop flag was set: everyone leaves the barrier, now and later.
    #[cold]
    pub fn stop(&self) {
        // So that a waiter which is about to sleep on the old value does not.
        self.count.add(1, Ordering::SeqCst);
        self.count.wake();
    }
}
