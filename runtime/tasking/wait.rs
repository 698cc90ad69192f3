//! What a hand does while it waits: runs tasks, and sleeps. README, "Who runs what while it waits".

use super::group::Group;
use super::isolate::is_isolated;
use super::lane::Hand;
use super::object::Object;
use super::scope::Scope;
use crate::sync::current::Among;
use crate::sync::idle::Idle;
use crate::sync::patience::Patience;
use std::ptr::null;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

/// Tasks on one stack that do not descend from the scope which the one below them waits for.
const MOST_FOREIGN: u32 = 8;
/// What is not worth the way to another thread. (The end of a task is part of it: the line of its group, which is far.)
const TINY: Duration = Duration::from_nanos(800);
/// Such tasks in a row after which the pause between them does not grow any more: some microseconds.
const MOST_IN_VAIN: u32 = 5;
/// Tasks on one stack that are run by `taskyield`.
const MOST_YIELDS: u32 = 8;

impl Hand {
    /// Waits until all tasks of a group have ended that this thread opened.
    #[inline(always)]
    pub(super) fn wait(self, group: &Group) {
        let lane = self.lane();
        while !group.is_done() {
            if lane.wish.is_there() {
                self.hand_over();
                if self.crew().post.is_urgent() {
                    return self.wait_until(group.scope(), &|| group.is_done());
                }
            }
            let ring = &lane.own.ring;
            let Some(object) = ring.pop_in_place(|o| o.scope() == group.scope()) else {
                if self.run_handed_over(group.scope()) {
                    continue;
                }
                return self.wait_until(group.scope(), &|| group.is_done());
            };
            // SAFETY: the hand is the calling thread's; the ring is not touched before the closure is moved out.
            unsafe { Object::run(object, self) };
        }
    }

    /// Takes the newest task back that this thread has handed over, and runs it, if it belongs to `scope`: with nothing in
    /// the ring it is the next that the thread would find. Returns whether it did.
    #[inline(never)]
    fn run_handed_over(self, scope: *const Scope) -> bool {
        let own = &self.lane().own;
        if !own.ring.is_empty() {
            return false;
        }
        let Some(mut object) = own.deque.pop() else {
            return false;
        };
        if object.scope() != scope {
            own.deque.push(object);
            // Who looked meanwhile has found nothing, and may sleep.
            self.crew().call_one(self.num());
            return false;
        }
        self.took_own();
        // SAFETY: the hand is the calling thread's.
        unsafe { Object::run(&mut object, self) };
        true
    }

    /// Waits until what belongs to a scope has ended, that this thread opened.
    #[cold]
    #[inline(never)]
    pub(super) fn wait_until(self, scope: *const Scope, ended: &dyn Fn() -> bool) {
        let own = &self.lane().own;
        let mut patience = self.patience();
        // SAFETY: the scope is this thread's.
        let isolated = is_isolated() || unsafe { Scope::isolates(scope) };
        let restricted = isolated || own.foreign.get() >= MOST_FOREIGN;
        while !ended() {
            let found = match restricted {
                false => self.find(),
                true => self.find_descendant(scope),
            };
            match found {
                Some(object) => self.run_found(scope, object, ended),
                None => {
                    self.wait_for(|| ended() || self.may_find(), &mut patience);
                    if restricted && !ended() {
                        self.pass_on();
                    }
                }
            }
        }
        own.patience.set(Some(patience));
    }

    /// Runs a task that was found elsewhere, while the thread waits for what belongs to a scope. If it was the only one
    /// there, and tiny, it was better left where it was: then the thread lets others alone for a while, for longer
    /// each time.
    fn run_found(self, scope: *const Scope, object: Object, ended: &dyn Fn() -> bool) {
        let own = &self.lane().own;
        let poor = own.poor.replace(false);
        if !poor && self.crew().has_tiny() {
            own.in_vain.set(0);
            return self.run_for(scope, object);
        }
        let start = Instant::now();
        self.run_for(scope, object);
        let tiny = start.elapsed() < TINY;
        self.crew().note_tiny(tiny);
        if !poor || !tiny {
            return own.in_vain.set(0);
        }
        let times = own.in_vain.get();
        own.in_vain.set((times + 1).min(MOST_IN_VAIN));
        let mut left = 8u32 << times;
        while left > 0 && !ended() {
            std::hint::spin_loop();
            left -= 1;
        }
    }

    /// Runs a task while the thread waits for what belongs to a scope, or for nothing in particular (null).
    fn run_for(self, scope: *const Scope, mut object: Object) {
        let own = &self.lane().own;
        let (depth, alone) = (own.foreign.get(), own.ring.is_empty());
        // SAFETY: the object's scope waits for it.
        let descends = unsafe { Scope::descends(object.scope(), scope) };
        own.foreign.set(depth + u32::from(!descends));
        // SAFETY: the hand is the calling thread's.
        unsafe { Object::run(&mut object, self) };
        own.foreign.set(depth);
        // The frames below do not wait for what it has left in the ring, and may block. (If there was something
        // before, it came from those frames, and what has come is on top of it.)
        if alone && !descends {
            self.give_all();
        }
    }

    /// Helps the team until nothing is open any more.
    pub(super) fn help(self, idle: &Idle) {
        self.settle();
        self.forgets();
        let mut patience = self.patience();
        let isolated = is_isolated();
        let _among = Among::tasks();
        let mut works = false;
        while idle.is_open() {
            let found = if isolated { None } else { self.find() };
            match found {
                Some(object) => {
                    if !std::mem::replace(&mut works, true) {
                        self.begins_work();
                    }
                    self.run_found(null(), object, &|| !idle.is_open());
                }
                None => {
                    if std::mem::replace(&mut works, false) {
                        self.ends_work();
                    }
                    let ready = || !idle.is_open() || self.may_find();
                    patience.wait(ready, || self.sleep(ready));
                    if isolated && idle.is_open() {
                        self.pass_on();
                    }
                }
            }
        }
        if works {
            self.ends_work();
        }
        self.lane().own.patience.set(Some(patience));
    }

    /// There may be something, which is not for this thread: it passes the call on that was meant for someone who
    /// takes it, and gives way.
    fn pass_on(self) {
        self.crew().call_one(self.num());
        std::thread::yield_now();
    }

    /// Runs one task, if there is any and this thread may.
    pub(super) fn run_one(self) -> bool {
        let own = &self.lane().own;
        let scope = own.scope.get();
        // SAFETY: the thread is in that scope.
        let isolated = is_isolated() || unsafe { Scope::isolates(scope) };
        let yields = own.yields.get();
        if isolated || own.foreign.get() >= MOST_FOREIGN || yields >= MOST_YIELDS {
            return false;
        }
        let alone = own.ring.is_empty();
        let Some(object) = self.find() else {
            return false;
        };
        let _among = Among::tasks();
        own.yields.set(yields + 1);
        self.run_for(scope, object);
        own.yields.set(yields);
        if alone {
            self.give_all();
        }
        true
    }

    /// Waits until `ready` holds: spins, yields, sleeps.
    fn wait_for(self, ready: impl Fn() -> bool, patience: &mut Patience) {
        let hungry = &self.crew().hungry.0;
        hungry.fetch_add(1, Ordering::Relaxed);
        patience.wait(&ready, || self.sleep(&ready));
        hungry.fetch_sub(1, Ordering::Relaxed);
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
