//! A lane: what one thread of a crew has for itself, and where others reach it; and the hand that uses it.

use super::bell::Bell;
use super::crew::Crew;
use super::grain::Grain;
use super::object::Object;
use super::ring::{Ring, Wish};
use super::scope::Scope;
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
    /// The crew that it belongs to; set once, before any hand is there.
    crew: Cell<*const Crew>,
    num: usize,
}

/// What only the lane's thread touches.
pub(super) struct Own {
    /// Submitted, and nobody else's yet.
    pub(super) ring: Ring<Object>,
    /// Handed over. Others have its `Stealer`.
    pub(super) deque: Worker<Object>,
    /// The scope that the thread is in: the body or a task of that group, or a closure of that join; null: none.
    pub(super) scope: Cell<*const Scope>,
    /// Tasks of groups on the stack.
    pub(super) tasks: Cell<u32>,
    /// Calls of `taskyield` on the stack that run a task.
    pub(super) yields: Cell<u32>,
    /// Tasks on the stack that do not descend from the scope which the one below them waits for.
    pub(super) foreign: Cell<u32>,
    /// Tasks on the stack that were run in place, for the ring was full.
    pub(super) in_place: Cell<u32>,
    /// How it waits, while it does not.
    pub(super) patience: Cell<Option<Patience>>,
    /// The last object that it found was the only one there.
    pub(super) poor: Cell<bool>,
    /// Such objects in a row that were tiny.
    pub(super) in_vain: Cell<u32>,
    /// How long its tasks take.
    pub(super) grain: Grain,
}

// SAFETY: `own` is touched by one thread only, the one whose hand it is (`Hand::new`); `wish` and `bell` are atomics;
// `crew` is written before there is any hand.
unsafe impl Sync for Lane {}
// SAFETY: nothing in it belongs to a particular thread while no hand is there; objects are `Send`, and groups are
// pointed at only while their threads are in the region.
unsafe impl Send for Lane {}

impl Lane {
    pub(super) fn new(num: usize) -> Self {
        Lane {
            own: Own {
                ring: Ring::new(),
                deque: Worker::new_lifo(),
                scope: Cell::new(null()),
                tasks: Cell::new(0),
                yields: Cell::new(0),
                foreign: Cell::new(0),
                in_place: Cell::new(0),
                patience: Cell::new(None),
                poor: Cell::new(false),
                in_vain: Cell::new(0),
                grain: Grain::new(),
            },
            wish: Wish::new(),
            bell: Bell::new(),
            crew: Cell::new(null()),
            num,
        }
    }

    /// # Safety
    ///
    /// No hand is there yet; the crew stays where it is for as long as there are any.
    pub(super) unsafe fn join(&self, crew: &Crew) {
        self.crew.set(crew);
    }
}

/// The right of the calling thread to use its lane. Neither `Send` nor `Sync`.
#[derive(Clone, Copy)]
pub(crate) struct Hand(NonNull<Lane>);

impl Hand {
    /// # Safety
    ///
    /// The calling thread is thread `num` of the crew's team, and no other thread is meanwhile; the crew outlives the
    /// hand and its copies.
    #[inline(always)]
    pub(super) unsafe fn new(crew: &Crew, num: usize) -> Self {
        Hand((&crew.lanes[num]).into())
    }
    #[inline(always)]
    pub(super) fn crew<'c>(self) -> &'c Crew {
        // SAFETY: the contract of `new`: the lane is there, and the crew, which was set when it was made; callers let
        // go of it before the hand.
        unsafe { &*self.lane().crew.get() }
    }
    #[inline(always)]
    pub(super) fn lane<'c>(self) -> &'c Lane {
        // SAFETY: as above.
        unsafe { self.0.as_ref() }
    }
    /// Whether this is the thread of that lane.
    #[inline(always)]
    pub(super) fn is_of(self, lane: NonNull<Lane>) -> bool {
        self.0 == lane
    }
    #[inline(always)]
    pub(super) fn lane_ptr(self) -> NonNull<Lane> {
        self.0
    }
    /// The thread's number.
    pub(super) fn num(self) -> usize {
        self.lane().num
    }
}
