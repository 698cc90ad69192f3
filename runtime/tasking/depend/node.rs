//! A task with dependences: what it waits for, whom it releases, and how it is run.

use super::super::group::Group;
use super::super::lane::Hand;
use super::super::object::{Object, Place, take};
use super::super::options::TaskOptions;
use super::super::scope::Scope;
use super::super::task::Task;
use super::links::{Links, Waits};
use parking_lot::Mutex;
use std::cell::UnsafeCell;
use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

/// What a task runs; of which it has possession until it has been run or dropped.
pub(super) type Closure = Box<dyn FnOnce(&Task<'static>) + Send>;

/// What becomes of a node whose predecessors have ended.
pub(super) enum Job {
    /// It is submitted.
    Run(Closure),
    /// The owner of the group waits for it.
    Waited,
    /// Nothing: it stands between two sets of tasks.
    Gate,
}

/// A node of the graph. Shared by the object that it was the last to use, its predecessors, and whoever runs it.
pub(super) struct Node {
    waits: Waits,
    releases: Links<Arc<Node>>,
    /// What it must have alone, in the order of the objects.
    tokens: Box<[Arc<Token>]>,
    /// How many of them it has. Changed by whoever brings it the next one; they follow each other by the tokens' locks, hence
    /// Relaxed.
    has: AtomicUsize,
    /// Nothing is missing. Release/Acquire between who found that and the owner that waits.
    ready: AtomicBool,
    is_gate: bool,
    options: TaskOptions,
    /// Touched by whoever runs it.
    job: UnsafeCell<Job>,
}

// SAFETY: `job` is touched by the one thread that runs the node (an object is run once) or, before that, by the one that makes
// it ready, which is the last to count `waits` or to bring a token.
unsafe impl Sync for Node {}
// SAFETY: closures are `Send`; nothing else in it belongs to a thread.
unsafe impl Send for Node {}

impl Node {
    pub(super) fn new(job: Job, tokens: Box<[Arc<Token>]>, options: TaskOptions) -> Arc<Self> {
        Arc::new(Node {
            waits: Waits::new(),
            releases: Links::new(),
            tokens,
            has: AtomicUsize::new(0),
            ready: AtomicBool::new(false),
            is_gate: matches!(job, Job::Gate),
            options,
            job: UnsafeCell::new(job),
        })
    }

    /// Whether it has ended.
    pub(super) fn has_ended(&self) -> bool {
        self.releases.is_closed()
    }
    /// Whether nothing is missing.
    pub(super) fn is_ready(&self) -> bool {
        self.ready.load(Ordering::Acquire)
    }

    /// It waits for `before`, if that has not ended.
    pub(super) fn follow(self: &Arc<Self>, before: &Arc<Node>) {
        if Arc::ptr_eq(self, before) {
            return;
        }
        self.waits.one_more();
        if before.releases.add(self.clone()).is_err() {
            let last = self.waits.one_less();
            debug_assert!(!last, "it waits for its submission");
        }
    }

    /// Its submission is complete.
    ///
    /// # Safety
    ///
    /// That of [`Node::end`].
    pub(super) unsafe fn submitted(self: Arc<Self>, hand: Hand, group: &Group) {
        if self.waits.one_less() {
            // SAFETY: the caller's promise.
            unsafe { self.go_on(hand, group) };
        }
    }

    /// All predecessors have ended: gets its tokens, one after the other, and is run when it has all. If one is taken, who
    /// gives it back goes on.
    ///
    /// # Safety
    ///
    /// That of [`Node::end`].
    unsafe fn go_on(self: Arc<Self>, hand: Hand, group: &Group) {
        while let Some(token) = self.tokens.get(self.has.load(Ordering::Relaxed)) {
            if !token.take(&self) {
                return;
            }
            self.got_one();
        }
        // SAFETY: nobody else has it now: the last predecessor has ended, and the last token is there.
        if let Job::Waited = unsafe { &*self.job.get() } {
            self.ready.store(true, Ordering::Release);
            return group.call_owner();
        }
        let options = self.options;
        // SAFETY: the task was counted when it was submitted; the object holds what `call` takes apart.
        unsafe {
            hand.submit_written(options, |place| {
                Object::write(place, Running(self), call, group.scope());
            });
        }
    }

    fn got_one(&self) {
        self.has
            .store(self.has.load(Ordering::Relaxed) + 1, Ordering::Relaxed);
    }

    /// It has ended, run or not: releases who waits for it.
    ///
    /// # Safety
    ///
    /// The hand is the calling thread's; the group, to which all these nodes belong, is there, and all were counted that are to be
    /// run.
    pub(super) unsafe fn end(&self, hand: Hand, group: &Group) {
        for token in &self.tokens {
            if let Some(next) = token.give_back() {
                next.got_one();
                // SAFETY: the caller's promise.
                unsafe { next.go_on(hand, group) };
            }
        }
        let mut gates = Vec::new();
        let release = |node: Arc<Node>, gates: &mut Vec<Arc<Node>>| {
            if node.waits.one_less() {
                match node.is_gate {
                    true => gates.push(node),
                    // SAFETY: as above.
                    false => unsafe { node.go_on(hand, group) },
                }
            }
        };
        self.releases.close(|node| release(node, &mut gates));
        while let Some(gate) = gates.pop() {
            gate.releases.close(|node| release(node, &mut gates));
        }
    }

    /// A gate that turns out to have nobody before it.
    pub(super) fn open_gate(self: &Arc<Self>) {
        debug_assert!(self.is_gate);
        // Nobody follows it yet.
        if self.waits.one_less() {
            self.releases.close(drop);
        }
    }
}

/// A node on its way as an object.
struct Running(Arc<Node>);

/// Runs a node, or drops its closure if the group was cancelled; releases its successors and counts it off.
///
/// # Safety
///
/// The place holds a `Running`, which is moved out; the hand is the calling thread's own; the scope is that of the group in which
/// the node was counted.
unsafe fn call(place: *mut Place, hand: Hand, scope: *const Scope) {
    // SAFETY: as the caller promises.
    let (Running(node), group): (Running, &Group) = unsafe { (take(place), &*scope.cast()) };
    // SAFETY: it is run once, here.
    let job = unsafe { std::mem::replace(&mut *node.job.get(), Job::Gate) };
    let run = |task: &Task<'static>| {
        let Job::Run(closure) = job else { return };
        let ended = match group.is_cancelled() {
            true => catch_unwind(AssertUnwindSafe(|| drop(closure))),
            false => catch_unwind(AssertUnwindSafe(|| closure(task))),
        };
        if let Err(payload) = ended {
            group.fail(payload);
        }
    };
    // SAFETY: as the caller promises; the group waits for the task.
    unsafe { group.enter(hand, run) };
    // SAFETY: as the caller promises.
    unsafe { node.end(hand, group) };
    drop(node);
    group.one_node_less();
    // SAFETY: as the caller promises; nothing uses the group afterwards.
    unsafe { Group::ended(group, hand) };
}

/// The right to be the only one of a `mutexinoutset` that uses an object.
pub(super) struct Token(Mutex<Taken>);

#[derive(Default)]
struct Taken {
    taken: bool,
    /// Nodes that miss nothing before this.
    waiting: VecDeque<Arc<Node>>,
}

impl Token {
    pub(super) fn new() -> Arc<Self> {
        Arc::new(Token(Mutex::default()))
    }
    /// Takes it for a node, or puts the node among those that wait for it.
    fn take(&self, node: &Arc<Node>) -> bool {
        let mut t = self.0.lock();
        if t.taken {
            t.waiting.push_back(node.clone());
            return false;
        }
        t.taken = true;
        true
    }
    /// Gives it to the first that waits, if one does.
    fn give_back(&self) -> Option<Arc<Node>> {
        let mut t = self.0.lock();
        let next = t.waiting.pop_front();
        t.taken = next.is_some();
        next
    }
}
