//! A lane: what one thread of a crew has for itself, and where others reach it; and the hand that uses it.

use super::bell::Bell;
use super::crew::Crew;
use super::group::Group;
use super::object::Object;
use super::ring::{Ring, Wish};
use crate::sync::patience::Patience;
use crossbeam_deque::Worker;
use std::cell::Cell;
use std::ptr::{NonNull, null};

#[repr(C, align(128))]
pub(super) struct Lane {
    /// The lane's thread alone.
    pub(super) own: Own,
    /// Set by others, cleared by the lane's thread.
    pub(super) wish: Wish,
    /// Rung by others.
    pub(super) bell: Bell,
}

/// What only the lane's thread touches.
pub(super) struct Own {
    /// Submitted, and nobody else's yet.
    pub(super) ring: Ring<Object>,
    /// Handed over. Others have its `Stealer`.
    pub(super) deque: Worker<Object>,
    /// The group whose body or task the thread is in; null: none.
    pub(super) group: Cell<*const Group>,
    /// Tasks on the stack that do not descend from the group which the one below them waits for.
    pub(super) foreign: Cell<u32>,
    /// Tasks on the stack that were run in place, for the ring was full.
    pub(super) in_place: Cell<u32>,
    /// How it waits, while it does not.
    pub(super) patience: Cell<Option<Patience>>,
}

// SAFETY: `own` is touched by one thread only, the one whose hand it is (`Hand::new`); `wish` and `bell` are atomics.
unsafe impl Sync for Lane {}
// SAFETY: nothing in it belongs to a particular thread while no hand is there; objects are `Send`, and groups are
// pointed at only while their threads are in the region.
unsafe impl Send for Lane {}

impl Lane {
    pub(super) fn new() -> Self {
        Lane {
            own: Own {
                ring: Ring::new(),
                deque: Worker::new_lifo(),
                group: Cell::new(null()),
                foreign: Cell::new(0),
                in_place: Cell::new(0),
                patience: Cell::new(None),
            },
            wish: Wish::new(),
            bell: Bell::new(),
        }
    }
}

/// The right of the calling thread to use its lane. Neither `Send` nor `Sync`.
#[derive(Clone, Copy)]
pub(crate) struct Hand {
    crew: NonNull<Crew>,
    lane: NonNull<Lane>,
}

impl Hand {
    /// # Safety
    ///
    /// The calling thread is thread `num` of the crew's team, and no other thread is meanwhile; the crew outlives the
    /// hand and its copies.
    #[inline(always)]
    pub(super) unsafe fn new(crew: &Crew, num: usize) -> Self {
        Hand {
            crew: crew.into(),
            lane: (&crew.lanes[num]).into(),
        }
    }
    #[inline(always)]
    pub(super) fn crew<'c>(self) -> &'c Crew {
        // SAFETY: the contract of `new`; callers let go of it before the hand.
        unsafe { self.crew.as_ref() }
    }
    #[inline(always)]
    pub(super) fn lane<'c>(self) -> &'c Lane {
        // SAFETY: as above.
        unsafe { self.lane.as_ref() }
    }
    /// Whether this is the thread of that lane.
    #[inline(always)]
    pub(super) fn is_of(self, lane: NonNull<Lane>) -> bool {
        self.lane == lane
    }
    #[inline(always)]
    pub(super) fn lane_ptr(self) -> NonNull<Lane> {
        self.lane
    }
    /// The thread's number. (From the address: it is asked for only where there is nothing to do.)
    pub(super) fn num(self) -> usize {
        let first = self.crew().lanes.as_ptr().addr();
        (self.lane.addr().get() - first) / size_of::<Lane>()
    }
}
