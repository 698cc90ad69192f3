//! A barrier for many threads: each has a line between itself and its parent in a tree. See README.md
//! beside this file.

use super::barrier::{Stop, Stopped};
use super::park::Word;
use super::patience::Patience;
use super::shim::atomic::{AtomicU32, AtomicU64, Ordering};
use super::shim::between_seqcst;

/// The line between one thread and its parent. Only these two touch it, and whoever stops the team.
#[derive(Debug)]
#[repr(C, align(128))]
pub struct Meet {
    /// Even: the child is away. Odd: it is here. The child's arrival and the parent's release add 1 in
    /// turn; a stop or a call adds 2.
    turn: Word,
    /// Pairs with the load in `release`. Beside `turn`: whoever changes that has the line anyway.
    child_asleep: AtomicU32,
    /// Pairs with the load in `arrive`.
    parent_asleep: AtomicU32,
    /// What the child brings with it. Relaxed throughout: its arrival publishes it.
    brings: AtomicU64,
}

impl Meet {
    #[allow(clippy::new_without_default, reason = "there is no default line")]
    pub fn new() -> Self {
        Meet {
            turn: Word::new(0),
            child_asleep: AtomicU32::new(0),
            parent_asleep: AtomicU32::new(0),
            brings: AtomicU64::new(0),
        }
    }

    /// Whether the child is here. Acquire: pairs with the additions in `arrive` and `release`.
    #[inline(always)]
    fn is_here(&self) -> bool {
        !self.turn.load(Ordering::Acquire).is_multiple_of(2)
    }

    /// Child: away -> here.
    #[inline(always)]
    fn arrive(&self) {
        self.pass(&self.parent_asleep);
    }
    /// Parent: here -> away.
    #[inline(always)]
    fn release(&self) {
        self.pass(&self.child_asleep);
    }

    #[inline(always)]
    fn pass(&self, asleep: &AtomicU32) {
        // SeqCst: releases what this thread and its subtree did, and stands before the load below in
        // the order that the README's (3) needs.
        self.turn.add(1, Ordering::SeqCst);
        between_seqcst();
        // SeqCst: README, (3).
        if asleep.load(Ordering::SeqCst) != 0 {
            self.turn.wake();
        }
    }

    /// Waits until the child is `here` (or away), or the team has stopped.
    #[inline(always)]
    fn wait(&self, here: bool, stop: &Stop, patience: &mut Patience) {
        let flag = match here {
            true => &self.parent_asleep,
            false => &self.child_asleep,
        };
        let ready = || self.is_here() == here || stop.is_set() || stop.idle().is_open();
        patience.wait(ready, || self.sleep(here, flag, stop));
        while self.is_here() != here && !stop.is_set() {
            stop.idle().help();
            patience.wait(ready, || self.sleep(here, flag, stop));
        }
    }

    fn sleep(&self, here: bool, flag: &AtomicU32, stop: &Stop) {
        // SeqCst: announces the sleeper before the loads below; README, (3).
        flag.store(1, Ordering::SeqCst);
        between_seqcst();
        let seen = self.turn.load(Ordering::SeqCst);
        let comes = seen.is_multiple_of(2) != here;
        if !comes && !stop.is_set_in_order() && !stop.idle().is_open_in_order() {
            self.turn.sleep_while(seen);
        }
        // Relaxed: a stale 1 only costs the other side a wake-up call.
        flag.store(0, Ordering::Relaxed);
    }

    /// After something was opened: who sleeps here looks at it.
    #[cold]
    pub fn call(&self) {
        // SeqCst: stand behind the addition in `Idle::open`.
        let asleep = |flag: &AtomicU32| flag.load(Ordering::SeqCst) != 0;
        if asleep(&self.child_asleep) || asleep(&self.parent_asleep) {
            // As in `stop`: who is about to sleep on the old value does not.
            self.turn.add(2, Ordering::SeqCst);
            self.turn.wake();
        }
    }

    /// After the team's stop flag was set: whoever waits here looks at it, now and later.
    #[cold]
    pub fn stop(&self) {
        // So that a waiter which is about to sleep on the old value does not.
        self.turn.add(2, Ordering::SeqCst);
        self.turn.wake();
    }
}

/// Thread `num` waits until all threads are here; `lines[k]` is between thread `k` and its parent, and
/// `children` are those whose parent this thread is. Returns whether the children have brought the same
/// number as this thread: if not all threads did, at least one of them sees it.
#[inline(always)]
pub fn meet(
    lines: &[Meet],
    num: usize,
    brings: u64,
    children: impl Iterator<Item = usize> + Clone,
    stop: &Stop,
    patience: &mut Patience,
) -> Result<bool, Stopped> {
    // One look at all first, without a branch a line, so that their transfers overlap.
    let all = children
        .clone()
        .fold(true, |all, c| all & lines[c].is_here());
    if !all {
        for c in children.clone() {
            lines[c].wait(true, stop, patience);
        }
    }
    let alike = |alike, c: usize| alike & (lines[c].brings.load(Ordering::Relaxed) == brings);
    let agreed = children.clone().fold(true, alike);
    if num > 0 && !stop.is_set() {
        lines[num].brings.store(brings, Ordering::Relaxed);
        lines[num].arrive();
        lines[num].wait(false, stop, patience);
    }
    if stop.is_set() {
        return Err(Stopped);
    }
    children.for_each(|c| lines[c].release());
    Ok(agreed)
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;
    use crate::sync::patience::WaitPolicy;
    use std::sync::atomic::AtomicUsize;
    use std::time::Duration;

    /// Flat and deep trees, threads that spin and threads that sleep at once.
    #[test]
    fn nobody_passes_before_all_are_there() {
        let flat = |n: usize| (0..n).map(move |k| if k == 0 { 1..n } else { 0..0 });
        let chain = |n: usize| (0..n).map(move |k| if k + 1 < n { k + 1..k + 2 } else { 0..0 });
        for n in [2, 3, 8] {
            for children in [flat(n).collect::<Vec<_>>(), chain(n).collect()] {
                for policy in [
                    WaitPolicy::passive(),
                    WaitPolicy::adaptive(Duration::from_micros(50)),
                ] {
                    let lines: Vec<_> = (0..n).map(|_| Meet::new()).collect();
                    let (stop, arrived) = (Stop::new(), AtomicUsize::new(0));
                    let thread = |num: usize| {
                        let mut patience = Patience::new(policy, 0);
                        for round in 1..=100 {
                            arrived.fetch_add(1, Ordering::Relaxed);
                            let mut wait = || {
                                meet(&lines, num, 7, children[num].clone(), &stop, &mut patience)
                            };
                            assert_eq!(wait(), Ok(true));
                            assert!(arrived.load(Ordering::Relaxed) >= round * n);
                            assert_eq!(wait(), Ok(true));
                        }
                    };
                    std::thread::scope(|s| {
                        (0..n).for_each(|num| {
                            let thread = &thread;
                            s.spawn(move || thread(num));
                        });
                    });
                    assert_eq!(arrived.into_inner(), 100 * n);
                }
            }
        }
    }
}
