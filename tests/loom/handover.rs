//! Tasks from a private ring to a shared deque: each is run once, whoever takes it finds what its submitter wrote, and
//! nobody sleeps while there is something for it.
//!
//! The deque is a mutex here; of crossbeam-deque we only use that a push happens before the steal that takes its value,
//! and that an `is_empty` behind a fence sees a push before one.

use loom::cell::UnsafeCell;
use loom::sync::atomic::{AtomicBool, AtomicUsize, Ordering, fence};
use loom::sync::{Arc, Mutex};
use phalanx::__model::{Bell, Ring, Wish};
use std::collections::VecDeque;

struct Shared {
    wish: Wish,
    deque: Mutex<VecDeque<usize>>,
    /// How many there are in the deque: what `is_empty` looks at.
    there: AtomicUsize,
    bell: Bell,
    /// Nothing more will come.
    closed: AtomicBool,
    /// What the submitter wrote for each task, and the task then changes.
    data: [UnsafeCell<u32>; 3],
}

impl Shared {
    fn new() -> Arc<Self> {
        Arc::new(Shared {
            wish: Wish::new(),
            deque: Mutex::new(VecDeque::new()),
            there: AtomicUsize::new(0),
            bell: Bell::new(),
            closed: AtomicBool::new(false),
            data: std::array::from_fn(|_| UnsafeCell::new(0)),
        })
    }

    /// The owner of the ring.
    fn hand_over(&self, ring: &Ring<usize>) {
        let given = ring.give(ring.len().div_ceil(2), |task| {
            let mut deque = self.deque.lock().unwrap();
            deque.push_back(task);
            self.there.fetch_add(1, Ordering::Release);
        });
        self.wish.clear(ring);
        if given > 0 {
            fence(Ordering::SeqCst);
            self.bell.ring();
        }
    }

    fn take(&self) -> Option<usize> {
        let mut deque = self.deque.lock().unwrap();
        let task = deque.pop_front()?;
        self.there.fetch_sub(1, Ordering::Relaxed);
        Some(task)
    }

    /// loom reports it if two do this at once, or without having synchronised with the submitter.
    fn run(&self, task: usize) {
        self.data[task].with_mut(|p| {
            // SAFETY: each task is run by one thread, after its submitter wrote this: what is checked.
            unsafe {
                assert_eq!(*p, 1, "submitted, and not run before");
                *p = 2;
            }
        });
    }

    /// A thief's life: takes what there is, sleeps if there is nothing, leaves when all is over.
    fn help(&self) {
        loop {
            while let Some(task) = self.take() {
                self.run(task);
            }
            if self.closed.load(Ordering::Acquire) {
                return;
            }
            self.bell.sleep(|| {
                let any = self.there.load(Ordering::Relaxed) > 0;
                if !any {
                    self.wish.set();
                }
                any || self.closed.load(Ordering::Relaxed)
            });
        }
    }
}

fn explore(preemptions: usize, model: impl Fn() + Send + Sync + 'static) {
    let mut b = loom::model::Builder::new();
    b.preemption_bound = Some(preemptions);
    b.check(model);
}

fn produce(tasks: usize, preemptions: usize) {
    explore(preemptions, move || {
        let shared = Shared::new();
        let thief = {
            let s = shared.clone();
            loom::thread::spawn(move || s.help())
        };
        let ring = Ring::new();
        for task in 0..tasks {
            // SAFETY: nobody knows of the task yet.
            shared.data[task].with_mut(|p| unsafe { *p = 1 });
            ring.push(task).unwrap();
            if shared.wish.is_there() {
                shared.hand_over(&ring);
            }
        }
        while let Some(task) = ring.pop_if(|_| true).or_else(|| shared.take()) {
            shared.run(task);
            if shared.wish.is_there() {
                shared.hand_over(&ring);
            }
        }
        shared.closed.store(true, Ordering::Release);
        fence(Ordering::SeqCst);
        shared.bell.ring();
        thief.join().unwrap();
        for cell in &shared.data[..tasks] {
            // SAFETY: the thief has been joined.
            assert_eq!(cell.with(|p| unsafe { *p }), 2);
        }
    });
}

#[test]
fn one_task() {
    produce(1, 4);
}

#[test]
fn three_tasks() {
    produce(3, 2);
}

/// A sleeper is called for one thing, and sleeps again.
#[test]
fn a_bell_that_rings_twice() {
    explore(3, || {
        let shared = Arc::new((Bell::new(), AtomicUsize::new(0)));
        let sleeper = {
            let s = shared.clone();
            loom::thread::spawn(move || {
                for n in 1..=2 {
                    while s.1.load(Ordering::Acquire) < n {
                        s.0.sleep(|| s.1.load(Ordering::Relaxed) >= n);
                    }
                }
            })
        };
        for _ in 0..2 {
            shared.1.fetch_add(1, Ordering::Release);
            fence(Ordering::SeqCst);
            shared.0.ring();
        }
        sleeper.join().unwrap();
    });
}
