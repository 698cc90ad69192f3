//! What a hand gives away: submits beyond its ring, hands over to others, and when. README, "The way of an object", "Fine and
//! coarse".

use super::isolate::is_isolated;
use super::lane::Hand;
use super::object::Object;
use super::options::TaskOptions;
use std::mem::MaybeUninit;
use std::sync::atomic::{Ordering, fence};

/// Tasks in a deque from which on no more are handed over, unless there are as many threads that want some. (From 64 on a
/// push allocates.)
const MOST_HANDED_OVER: usize = 60;
/// Tasks on one stack that are run in place, for the ring is full.
const MOST_IN_PLACE: u32 = 32;

impl Hand {
    /// Submits an object that has been counted, and that is to run at once, or for which the ring has no room.
    ///
    /// # Safety
    ///
    /// The hand is the calling thread's.
    #[cold]
    #[inline(never)]
    pub(super) unsafe fn submit_to_full(self, mut object: Object, at_once: bool) {
        let own = &self.lane().own;
        let depth = own.in_place.get();
        if at_once {
            // SAFETY: as the caller promises.
            return unsafe { Object::run(&mut object, self) };
        }
        if depth >= MOST_IN_PLACE || is_isolated() {
            // SAFETY: as the caller promises.
            return unsafe { self.make_room_for(object) };
        }
        if self.lane().wish.is_there() {
            self.hand_over();
        }
        own.in_place.set(depth + 1);
        // SAFETY: as the caller promises.
        unsafe { Object::run(&mut object, self) };
        own.in_place.set(depth);
    }

    /// Submits an object that has been counted, and that `write` writes: by post, if it is one for that, else to the ring.
    ///
    /// # Safety
    ///
    /// The hand is the calling thread's; `write` writes an object.
    pub(super) unsafe fn submit_written(
        self,
        options: TaskOptions,
        write: impl FnOnce(*mut Object),
    ) {
        let own = &self.lane().own;
        let to = options
            .is_posted()
            .then(|| self.destination(options))
            .flatten();
        if to.is_none()
            && let Some(place) = own.ring.next_place()
        {
            write(place);
            // SAFETY: it was just written.
            unsafe { own.ring.add() };
            if self.lane().wish.is_there() {
                self.hand_over();
            }
            return;
        }
        let mut object = MaybeUninit::uninit();
        write(object.as_mut_ptr());
        // SAFETY: it was just written; the hand is the calling thread's.
        unsafe {
            match to {
                Some(to) => self.send(object.assume_init(), to),
                None => self.submit_to_full(object.assume_init(), false),
            }
        }
    }

    /// Hands the older half of a full ring over, and puts an object there: so what is in the ring stays newer than what
    /// is in the deque, and who waits for the newest finds it at once.
    ///
    /// # Safety
    ///
    /// That of `submit_to_full`.
    #[cold]
    #[inline(never)]
    unsafe fn make_room_for(self, object: Object) {
        let own = &self.lane().own;
        own.ring.give(own.ring.len() / 2, |o| own.deque.push(o));
        let place = own.ring.next_place().expect("half of the ring was given");
        // SAFETY: the place is this thread's alone; the object was written, and is moved.
        unsafe {
            place.write(object);
            own.ring.add();
        }
        self.crew().call_one(self.num());
    }

    /// Others want tasks, or have to have them for safety's sake: moves the older half of the ring, or more, to where
    /// they may take it. README, "The way of an object".
    #[cold]
    #[inline(never)]
    pub(super) fn hand_over(self) {
        let (own, wish, crew) = (&self.lane().own, &self.lane().wish, self.crew());
        // Relaxed: a hint.
        let hungry = crew.hungry.0.load(Ordering::Relaxed);
        let (there, fine) = (own.deque.len(), self.has_fine());
        let gives = match fine {
            true if there < hungry => own.ring.len().div_ceil(2).max(hungry - there),
            false => own.ring.len(),
            _ => 0,
        };
        let gives = gives.min(MOST_HANDED_OVER.max(hungry).saturating_sub(there));
        let given = own.ring.give(gives, |o| own.deque.push(o));
        if !fine {
            // The wish stays.
            wish.set();
            if given > 0 {
                crew.call_one(self.num());
            }
            return;
        }
        wish.clear(&own.ring);
        if given > 0 {
            crew.call_one(self.num());
        } else {
            // SeqCst: between clearing the wish and the look for sleepers; pairs with the fence in `Bell::sleep`,
            // after which the sleeper wishes. (`call_one` has one too.)
            fence(Ordering::SeqCst);
        }
        // Who sleeps does not wish again, and is hungry. Relaxed: the fence orders it.
        let asleep = crew.sleepers.0.load(Ordering::Relaxed) != 0;
        if asleep || there + given < hungry || crew.post.is_urgent() {
            wish.set();
        }
    }

    /// The thread begins to work on tasks.
    pub(super) fn begins_work(self) {
        if self.crew().lanes.len() > 1 {
            self.crew().hungry.0.fetch_sub(1, Ordering::Relaxed);
        }
    }
    /// It has nothing to do with tasks any more.
    pub(super) fn ends_work(self) {
        if self.crew().lanes.len() > 1 {
            self.crew().hungry.0.fetch_add(1, Ordering::Relaxed);
        }
    }
    /// Whether its tasks are so short that it keeps them until others ask.
    pub(super) fn has_fine(self) -> bool {
        self.lane().own.grain.is_fine() || self.crew().has_tiny()
    }
    /// Tasks of something else begin: whatever this thread submits may be long.
    pub(super) fn forgets(self) {
        if self.crew().lanes.len() > 1 {
            self.crew().note_tiny(false);
            self.lane().own.grain.forget();
            self.lane().own.in_vain.set(0);
            self.lane().wish.set();
        }
    }

    /// A task has been run.
    #[inline(always)]
    pub(super) fn ran(self) {
        if self.lane().own.grain.ran() {
            self.found_coarse();
        }
    }

    #[cold]
    pub(super) fn found_coarse(self) {
        self.crew().note_tiny(false);
        self.lane().wish.set();
    }

    /// Hands over all that is in the ring: the thread may not come back to it.
    pub(super) fn give_all(self) {
        let own = &self.lane().own;
        if !own.ring.is_empty() {
            own.ring.give(own.ring.len(), |o| own.deque.push(o));
            self.crew().call_one(self.num());
        }
    }
}
