//! Where a thread stands in its region's row of constructs, and what it keeps of that from one region to the
//! next.

use crate::sync::barrier::{LIGHT, Round};
use std::any::TypeId;
use std::cell::UnsafeCell;

/// Constructs that may be under way in one team at once.
pub(super) const SLOTS: u64 = 8;

/// Identities that a team remembers. More than there are slots, so that one is always free.
pub(super) const BOARDS: usize = 16;

/// Editions of a board that are told apart. Between the first look at a construct's board and its barrier only
/// claimers of the last [`SLOTS`] numbers can have written one, so this is enough; README.
const EDITIONS: u64 = 16;
const _: () = assert!(SLOTS < EDITIONS);

/// What a thread brings to the barrier of a construct on that board: from 1 to 256.
#[inline(always)]
pub(super) fn brings(board: usize, edition: u64) -> u64 {
    1 + board as u64 * EDITIONS + edition % EDITIONS
}
const _: () = assert!(BOARDS as u64 * EDITIONS <= 256);

/// What a thread keeps from one region to the next.
pub(super) struct Kept {
    /// Where it begins: its first construct's number, and the round of its first barrier. The same for all
    /// threads; each has its own, because one that the primary wrote would have to travel.
    pub(super) next: u64,
    pub(super) round: Round,
    /// Of each board: the edition that the thread has compared as a whole, and the type in it.
    pub(super) types: [(u64, Option<TypeId>); BOARDS],
}

#[repr(align(128))]
pub(super) struct Base(pub(super) UnsafeCell<Kept>);
// SAFETY: only its thread touches it; or one reads it that works in a fork whose end that thread waits for
// (`look_for_strays`).
unsafe impl Sync for Base {}

impl Base {
    pub(super) fn new() -> Self {
        Base(UnsafeCell::new(Kept {
            next: 1,
            round: Round::default(),
            types: [(0, None); BOARDS],
        }))
    }
}

/// Where a thread stands in its region's row of constructs.
#[derive(Clone, Copy)]
pub(crate) struct Position {
    /// The barrier that comes next.
    pub(super) round: Round,
    /// What the thread brings to the barrier: says which construct it is in.
    pub(super) brings: u64,
    /// The construct of which nobody may claim the turn, for this thread is in a light one there.
    pub(super) watch: u64,
    /// Number of the next construct, counted over all regions of the team, from 1.
    pub(super) next: u64,
    /// All constructs below this number have been left by every thread.
    pub(super) left: u64,
    pub(super) first: u64,
    /// The last construct that used each board.
    pub(super) used: [u64; BOARDS],
}

impl Position {
    /// The thread has met all others before the next construct.
    #[inline(always)]
    pub(crate) fn met_before_next(&mut self) {
        self.left = self.next;
    }
    /// What the thread brings to a barrier at the end of the construct that it opened last.
    #[inline(always)]
    pub(super) fn brings(&self) -> (u64, u64) {
        (self.brings, self.watch)
    }
    /// The thread has met all others at the end of the construct that it opened last, and they may still
    /// look at what was left in it.
    #[inline(always)]
    pub(crate) fn met_in_last(&mut self) {
        self.left = self.next - 1;
    }
    /// The thread is in a light construct, which is on that board in that edition.
    #[inline(always)]
    pub(super) fn is_light(&mut self, number: u64, (board, edition): (usize, u64)) {
        self.watch = number;
        self.used[board] = number;
        self.brings = brings(board, edition) + LIGHT;
    }
    /// Whether the next construct has to wait for its slot.
    #[inline(always)]
    pub(crate) fn must_meet(&self) -> bool {
        self.next >= self.left + SLOTS
    }
}
