//! What a hand does: hands over, waits, steals, sleeps. README, "The way of an object" and
//! "Who runs what while it waits".

use super::group::Group;
use super::isolate::is_isolated;
use super::lane::Hand;
use super::object::Object;
use super::options::TaskOptions;
use super::scope::Scope;
use crate::sync::current::Among;
use crate::sync::idle::Idle;
use crate::sync::patience::Patience;
use crossbeam_deque::Steal;
use std::mem::MaybeUninit;
use std::ptr::null;
use std::sync::atomic::{Ordering, fence};
use std::time::{Duration, Instant};

/// Tasks on one stack that do not descend from the scope which the one below them waits for.
const MOST_FOREIGN: u32 = 8;
/// Tasks in a deque from which on no more are handed over, unless there are as many threads that want some. (From 64 on a
/// push allocates.)
const MOST_HANDED_OVER: usize = 60;
/// Tasks on one stack that are run in place, for the ring is full.
const MOST_IN_PLACE: u32 = 32;
/// What is not worth the way to another thread. (The end of a task is part of it: the line of its group, which is far.)
const TINY: Duration = Duration::from_nanos(800);
/// Such tasks in a row after which the pause between them does not grow any more: some microseconds.
const MOST_IN_VAIN: u32 = 5;
/// Tasks on one stack that are run by `taskyield`.
const MOST_YIELDS: u32 = 8;

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
    fn has_fine(self) -> bool {
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
    fn found_coarse(self) {
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

    /// The thread has taken a task out of its own deque. What is fine need not be replaced before somebody asks.
    fn took_own(self) {
        let own = &self.lane().own;
        if own.deque.is_empty()
            && (!self.has_fine() || self.crew().hungry.0.load(Ordering::Relaxed) != 0)
        {
            self.lane().wish.set();
        }
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

    /// A task: one that comes first, else the newest of this thread's own, or the oldest that the nearest other one has handed over.
    fn find(self) -> Option<Object> {
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
    fn find_descendant(self, scope: *const Scope) -> Option<Object> {
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
    fn may_find(self) -> bool {
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
