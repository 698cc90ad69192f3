//! The line between a primary and one worker: a job goes there, its answer comes back in it.
//!
//! States, invariants and orderings are in README.md beside this file.

use super::park::Word;
use super::patience::Patience;
use super::shim::atomic::{AtomicU32, Ordering};
use super::shim::{UnsafeCell, between_seqcst};
use std::mem::MaybeUninit;
// Not part of the protocol: the loops above it give it its meaning.
use std::sync::atomic::AtomicU64;

/// What a worker is asked to do: `call(&job, patience)`, where the patience is for whom it waits in turn.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct Job {
    /// The worker's number in the team.
    pub num: u32,
    pub call: unsafe fn(&Job, &mut Patience),
    /// What `call` works on.
    pub data: *const (),
    /// The team that it works for; null where there is none.
    pub team: *const (),
}

/// Room for a worker's answer: 24 bytes in the line that it takes anyway.
pub type Reply = [MaybeUninit<u64>; 3];

/// One worker's line, and the flags beside it. The first 64 bytes are all that a hot fork moves.
#[repr(C, align(128))]
pub struct JobLine {
    /// Even: idle. Odd: posted. Changed by `post` and `answer` in turn.
    seq: Word,
    /// Primary writes it while idle, worker reads it while posted.
    job: UnsafeCell<Job>,
    /// Worker writes it while posted, primary reads it while idle.
    reply: UnsafeCell<Reply>,
    /// The worker's part of a dynamic loop, for owner and thieves; `worksharing/chunks.rs` says
    /// what it means. Published by `post` where the primary sets it.
    word: AtomicU64,
    flags: Flags,
}

/// Written only by a side that goes to sleep or wakes, so a hot team only reads it.
#[repr(C, align(64))]
struct Flags {
    /// Pairs with the load in `post`.
    worker_asleep: AtomicU32,
    /// Pairs with the load in `answer`.
    primary_asleep: AtomicU32,
}

/// What a line holds before its first job.
unsafe fn nothing(_: &Job, _: &mut Patience) {}

// SAFETY: `job` and `reply` are the only fields that are no atomics. `job` is written by the one
// primary while `seq` is even and read by the one worker while it is odd, `reply` the other way round
// (invariant 1); the pointers in a job are dereferenced only by the job itself, whose author answers
// for it in `post`.
unsafe impl Sync for JobLine {}
// SAFETY: nothing in the line belongs to a particular thread.
unsafe impl Send for JobLine {}

impl JobLine {
    pub fn new() -> Self {
        JobLine {
            seq: Word::new(0),
            job: UnsafeCell::new(Job {
                num: 0,
                call: nothing,
                data: std::ptr::null(),
                team: std::ptr::null(),
            }),
            reply: UnsafeCell::new([MaybeUninit::uninit(); 3]),
            word: AtomicU64::new(0),
            flags: Flags {
                worker_asleep: AtomicU32::new(0),
                primary_asleep: AtomicU32::new(0),
            },
        }
    }

    /// The worker's part of a dynamic loop.
    #[inline(always)]
    pub fn word(&self) -> &AtomicU64 {
        &self.word
    }

    /// Primary: idle -> posted. Returns whether the worker was asleep, and had to be called.
    ///
    /// # Safety
    ///
    /// The caller is the line's one primary and the line is idle; `job.data` stays valid for
    /// `job.call` until [`join`](Self::join) has returned.
    #[inline(always)]
    pub unsafe fn post(&self, job: Job) -> bool {
        // Relaxed: while the line is idle only this thread changes it.
        let idle = self.seq.load(Ordering::Relaxed);
        debug_assert!(idle.is_multiple_of(2));
        // SAFETY: the line is idle, so the worker does not read it (invariant 1).
        self.job.with_mut(|p| unsafe { *p = job });
        // SeqCst: releases the job to the load in `take`, and stands before the load of the flag
        // in the order that invariant 3 needs.
        self.seq.swap(idle.wrapping_add(1), Ordering::SeqCst);
        between_seqcst();
        // SeqCst: invariant 3.
        let asleep = self.flags.worker_asleep.load(Ordering::SeqCst) != 0;
        if asleep {
            self.seq.wake();
        }
        asleep
    }

    /// Worker: waits for a job. The line is posted when this returns.
    #[inline(always)]
    pub fn take(&self, patience: &mut Patience) -> Job {
        // Relaxed: while the line is idle the worker alone changed it last.
        let idle = self.seq.load(Ordering::Relaxed) & !1;
        patience.wait(
            // Acquire: pairs with the swap in `post`.
            || self.seq.load(Ordering::Acquire) != idle,
            || self.sleep(&self.flags.worker_asleep, idle),
        );
        // SAFETY: the line is posted and this is its worker (invariant 1).
        self.job.with(|p| unsafe { *p })
    }

    /// Where the answer's value goes. Written by the worker while the line is posted, read by the
    /// primary while it is idle.
    #[inline(always)]
    pub fn reply(&self) -> *mut Reply {
        self.reply.with_mut(|p| p)
    }

    /// Worker: posted -> idle. Nothing that the job's data pointed to is touched afterwards. Returns
    /// whether the primary was asleep, and had to be called.
    #[inline(always)]
    pub fn answer(&self) -> bool {
        let posted = self.seq.load(Ordering::Relaxed);
        // SeqCst: releases all that the job did to the load in `join`; invariant 3.
        self.seq.swap(posted.wrapping_add(1), Ordering::SeqCst);
        between_seqcst();
        // SeqCst: invariant 3.
        let asleep = self.flags.primary_asleep.load(Ordering::SeqCst) != 0;
        if asleep {
            self.seq.wake();
        }
        asleep
    }

    /// Primary: whether the worker has answered. Acquire: pairs with the swap in `answer`.
    #[inline(always)]
    pub fn answered(&self) -> bool {
        self.seq.load(Ordering::Acquire).is_multiple_of(2)
    }

    /// Primary: waits for the answer of a worker, which was `asleep` when the job came. The line is
    /// idle when this returns.
    #[inline(always)]
    pub fn join(&self, asleep: bool, patience: &mut Patience) {
        let ready = || self.answered();
        let sleep = || {
            let seen = self.seq.load(Ordering::Relaxed);
            if !seen.is_multiple_of(2) {
                self.sleep(&self.flags.primary_asleep, seen);
            }
        };
        match asleep {
            false => patience.wait(ready, sleep),
            true => patience.wait_for_sleeper(&ready, &sleep),
        }
    }

    /// Sleeps while `seq` holds `seen`, announced in `flag` (invariant 3).
    fn sleep(&self, flag: &AtomicU32, seen: u32) {
        // SeqCst: this store stands before the load below; invariant 3.
        flag.store(1, Ordering::SeqCst);
        between_seqcst();
        if self.seq.load(Ordering::SeqCst) == seen {
            self.seq.sleep_while(seen);
        }
        // Relaxed: a stale 1 only costs the other side a wake-up call.
        flag.store(0, Ordering::Relaxed);
    }
}
