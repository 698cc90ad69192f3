//! Where a hand finds a task: its own, the post, the deques of the others. README, "The way of an object".

use super::lane::Hand;
use super::object::Object;
use super::scope::Scope;
use crossbeam_deque::Steal;
use std::sync::atomic::Ordering;

impl Hand {
    /// A task: one that comes first, else the newest of this thread's own, or the oldest that the nearest other one has handed over.
    pub(super) fn find(self) -> Option<Object> {
        let own = &self.lane().own;
        if self.lane().wish.is_there() {
            self.hand_over();
        }
        if let Some(object) = self.pick_first() {
            return Some(object);
        }
        if let Some(object) = own.ring.pop_if(|_| true) {
            return Some(object);
        }
        if let Some(object) = own.deque.pop() {
            self.took_own();
            return Some(object);
        }
        let num = self.num();
        let stolen = self.crew().others(num).find_map(|k| self.steal(k));
        stolen.or_else(|| self.pick_any())
    }

    /// A task that descends from `scope`, or belongs to it.
    pub(super) fn find_descendant(self, scope: *const Scope) -> Option<Object> {
        let own = &self.lane().own;
        // SAFETY: an object's scope waits for it.
        let descends = |o: &Object| unsafe { Scope::descends(o.scope(), scope) };
        if self.lane().wish.is_there() {
            self.hand_over();
        }
        if let Some(object) = self.pick_if(descends) {
            return Some(object);
        }
        if let Some(object) = own.ring.pop_if(descends) {
            return Some(object);
        }
        // Nothing in the ring is newer than what is not wanted; others may want it.
        self.give_all();
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
                    let left = crew.stealers[k].len();
                    if left < crew.hungry.0.load(Ordering::Relaxed) {
                        crew.lanes[k].wish.set();
                    }
                    if left == 0 {
                        self.lane().own.poor.set(true);
                        return Some(object);
                    }
                    if crew.sleepers.0.load(Ordering::Relaxed) != 0 {
                        // One by one: who was woken wakes the next, if there is something for it.
                        crew.call_one(self.num());
                    }
                    return Some(object);
                }
            }
        }
    }

    /// Whether others have handed something over; wishes for it if not.
    pub(super) fn may_find(self) -> bool {
        let crew = self.crew();
        let posted = crew.post.is_there();
        posted
            | crew.others(self.num()).any(|k| {
                let any = !crew.stealers[k].is_empty();
                if !any {
                    crew.lanes[k].wish.set();
                }
                any
            })
    }

    /// The thread has taken a task out of its own deque. What is fine need not be replaced before somebody asks.
    pub(super) fn took_own(self) {
        let own = &self.lane().own;
        if own.deque.is_empty()
            && (!self.has_fine() || self.crew().hungry.0.load(Ordering::Relaxed) != 0)
        {
            self.lane().wish.set();
        }
    }
}
