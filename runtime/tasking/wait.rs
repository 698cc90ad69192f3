//! What a hand does: submits, hands over, waits, steals, sleeps. README, "The way of an object" and
//! "Who runs what while it waits".

use super::group::Group;
use super::isolate::is_isolated;
use super::lane::Hand;
use super::object::Object;
use crate::sync::idle::Idle;
use crate::sync::patience::Patience;
use crossbeam_deque::Steal;
use std::sync::atomic::{Ordering, fence};

/// Tasks on one stack that do not descend from the group which the one below them waits for.
const MOST_FOREIGN: u32 = 8;
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
            own.deque.push(object);
            self.crew().call_one(self.num());
            return;
        }
        if self.lane().wish.is_there() {
            self.hand_over();
        }
        own.in_place.set(depth + 1);
        // SAFETY: as the caller promises.
        unsafe { Object::run(&mut object, self) };
        own.in_place.set(depth);
    }

    /// The deque is empty, or somebody sleeps: moves the older half of the ring, or as much as there are threads
    /// without work, to where others may take it.
    #[cold]
    #[inline(never)]
    pub(super) fn hand_over(self) {
        let (own, wish, crew) = (&self.lane().own, &self.lane().wish, self.crew());
        wish.clear();
        let there = own.deque.len();
        // Relaxed: a hint.
        let wanted = crew.idle.0.load(Ordering::Relaxed).saturating_sub(there);
        if there < crew.lanes.len() && own.ring.give(wanted, |o| own.deque.push(o)) > 0 {
            crew.call_one(self.num());
        } else {
            // SeqCst: between clearing the wish and the look for sleepers; pairs with the fence in `Bell::sleep`,
            // after which the sleeper wishes. (`call_one` has one too.)
            fence(Ordering::SeqCst);
        }
        // Who sleeps does not wish again. Relaxed: the fence orders it.
        if own.deque.is_empty() || crew.sleepers.0.load(Ordering::Relaxed) != 0 {
            wish.set();
        }
    }

    /// Waits until all tasks of a group have ended that this thread opened.
    #[inline(always)]
    pub(super) fn wait(self, group: &Group) {
        let lane = self.lane();
        while !group.is_done() {
            if lane.wish.is_there() {
                self.hand_over();
            }
            let ring = &lane.own.ring;
            let Some(object) = ring.pop_in_place(|o| std::ptr::eq(o.group(), group)) else {
                return self.wait_longer(group);
            };
            // SAFETY: the hand is the calling thread's; the ring is not touched before the closure is moved out.
            unsafe { Object::run(object, self) };
        }
    }

    #[cold]
    #[inline(never)]
    fn wait_longer(self, group: &Group) {
        let own = &self.lane().own;
        let mut patience = self.patience();
        // SAFETY: the group is this thread's.
        let isolated = is_isolated() || unsafe { Group::isolates(group) };
        let restricted = isolated || own.foreign.get() >= MOST_FOREIGN;
        while !group.is_done() {
            let found = match restricted {
                false => self.find(),
                true => self.find_descendant(group),
            };
            match found {
                Some(object) => self.run_for(group, object),
                None => {
                    self.wait_for(|| group.is_done() || self.may_find(), &mut patience);
                    if restricted {
                        // What others have may be nothing for this thread.
                        std::thread::yield_now();
                    }
                }
            }
        }
        own.patience.set(Some(patience));
    }

    /// Runs a task while the thread waits for a group, or for none in particular (null).
    fn run_for(self, group: *const Group, mut object: Object) {
        let own = &self.lane().own;
        let depth = own.foreign.get();
        // SAFETY: the object's group waits for it.
        if !unsafe { Group::descends(object.group(), group) } {
            own.foreign.set(depth + 1);
        }
        // SAFETY: the hand is the calling thread's.
        unsafe { Object::run(&mut object, self) };
        own.foreign.set(depth);
    }

    /// Helps the team until nothing is open any more.
    pub(super) fn help(self, idle: &Idle) {
        let mut patience = self.patience();
        let isolated = is_isolated();
        while idle.is_open() {
            let found = if isolated { None } else { self.find() };
            match found {
                Some(object) => self.run_for(std::ptr::null(), object),
                None => {
                    let ready = || !idle.is_open() || (!isolated && self.may_find());
                    self.wait_for(ready, &mut patience);
                }
            }
        }
        self.lane().own.patience.set(Some(patience));
    }

    /// Runs one task, if there is any and this thread may.
    pub(super) fn run_one(self) -> bool {
        let own = &self.lane().own;
        // SAFETY: the thread is in the body or a task of that group.
        let isolated = is_isolated() || unsafe { Group::isolates(own.group.get()) };
        if isolated || own.foreign.get() >= MOST_FOREIGN {
            return false;
        }
        let found = self.find();
        let any = found.is_some();
        if let Some(object) = found {
            self.run_for(own.group.get(), object);
        }
        any
    }

    /// A task: the newest of this thread's own, or the oldest that the nearest other one has handed over.
    fn find(self) -> Option<Object> {
        let own = &self.lane().own;
        if self.lane().wish.is_there() {
            self.hand_over();
        }
        if let Some(object) = own.ring.pop_if(|_| true) {
            return Some(object);
        }
        if let Some(object) = own.deque.pop() {
            if own.deque.is_empty() {
                self.lane().wish.set();
            }
            return Some(object);
        }
        let num = self.num();
        self.crew().others(num).find_map(|k| self.steal(k))
    }

    /// A task that descends from `group`, or belongs to it.
    fn find_descendant(self, group: &Group) -> Option<Object> {
        let own = &self.lane().own;
        // SAFETY: an object's group waits for it.
        let descends = |o: &Object| unsafe { Group::descends(o.group(), group) };
        if self.lane().wish.is_there() {
            self.hand_over();
        }
        if let Some(object) = own.ring.pop_if(descends) {
            return Some(object);
        }
        // Nothing in the ring is newer than what is not wanted; others may want it.
        if own.ring.give(0, |o| own.deque.push(o)) > 0 {
            self.crew().call_one(self.num());
        }
        let num = self.num();
        for k in std::iter::once(num).chain(self.crew().others(num)) {
            for _ in 0..self.crew().stealers[k].len() {
                match self.steal(k) {
                    None => break,
                    Some(object) if descends(&object) => return Some(object),
                    Some(object) => {
                        own.deque.push(object);
                        self.crew().call_one(num);
                    }
                }
            }
        }
        None
    }

    /// The oldest task that lane `k` has handed over.
    fn steal(self, k: usize) -> Option<Object> {
        let crew = self.crew();
        loop {
            match crew.stealers[k].steal() {
                Steal::Retry => {}
                Steal::Empty => return None,
                Steal::Success(object) => {
                    if crew.stealers[k].is_empty() {
                        crew.lanes[k].wish.set();
                    } else if crew.sleepers.0.load(Ordering::Relaxed) != 0 {
                        // One by one: who was woken wakes the next, if there is something for it.
                        crew.call_one(self.num());
                    }
                    return Some(object);
                }
            }
        }
    }

    /// Whether others have handed something over; wishes for it if not.
    fn may_find(self) -> bool {
        let crew = self.crew();
        crew.others(self.num()).any(|k| {
            let any = !crew.stealers[k].is_empty();
            if !any {
                crew.lanes[k].wish.set();
            }
            any
        })
    }

    /// Waits until `ready` holds: spins, yields, sleeps.
    fn wait_for(self, ready: impl Fn() -> bool, patience: &mut Patience) {
        let idle = &self.crew().idle.0;
        idle.fetch_add(1, Ordering::Relaxed);
        patience.wait(&ready, || self.sleep(&ready));
        idle.fetch_sub(1, Ordering::Relaxed);
    }

    /// Sleeps unless `ready` holds.
    fn sleep(self, ready: impl Fn() -> bool) {
        let crew = self.crew();
        // Relaxed: the fence in `Bell::sleep` orders it before the look.
        crew.sleepers.0.fetch_add(1, Ordering::Relaxed);
        self.lane().bell.sleep(ready);
        crew.sleepers.0.fetch_sub(1, Ordering::Relaxed);
    }

    /// How this thread waits; put back after.
    fn patience(self) -> Patience {
        let own = &self.lane().own;
        own.patience
            .take()
            .unwrap_or_else(|| Patience::new(self.crew().policy, 0))
    }
}
