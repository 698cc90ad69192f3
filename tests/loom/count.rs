//! The count of a group's tasks: 0 is seen only when all have ended, and what they did is seen with it.

use loom::cell::UnsafeCell;
use loom::sync::atomic::{Ordering, fence};
use loom::sync::{Arc, Mutex};
use phalanx::__model::{Bell, Count};
use std::collections::VecDeque;

struct Group {
    count: Count,
    /// Where the owner sleeps.
    bell: Bell,
    /// Tasks: how many levels of tasks they submit below them.
    queue: Mutex<VecDeque<u32>>,
    /// What each task writes.
    written: Vec<UnsafeCell<bool>>,
    next: Mutex<usize>,
}

impl Group {
    fn new(tasks: usize) -> Arc<Self> {
        Arc::new(Group {
            // SAFETY: the model's first thread is the owner.
            count: unsafe { Count::new() },
            bell: Bell::new(),
            queue: Mutex::new(VecDeque::new()),
            written: (0..tasks).map(|_| UnsafeCell::new(false)).collect(),
            next: Mutex::new(0),
        })
    }

    fn submit(&self, here: bool, below: u32) {
        match here {
            true => self.count.submitted_here(),
            false => self.count.submitted_away(),
        }
        self.queue.lock().unwrap().push_back(below);
    }

    /// Runs one task, if there is any.
    fn run_one(&self, here: bool) -> bool {
        let Some(below) = self.queue.lock().unwrap().pop_front() else {
            return false;
        };
        let mine = {
            let mut next = self.next.lock().unwrap();
            *next += 1;
            *next - 1
        };
        if below > 0 {
            self.submit(here, below - 1);
        }
        // SAFETY: this task alone has that number.
        self.written[mine].with_mut(|p| unsafe { *p = true });
        match here {
            true => self.count.ended_here(),
            false => {
                self.count.ended_away();
                fence(Ordering::SeqCst);
                self.bell.ring();
            }
        }
        true
    }

    /// The owner waits.
    fn wait(&self) {
        while !self.count.is_done() {
            if !self.run_one(true) {
                let ready = || self.count.is_done() || !self.queue.lock().unwrap().is_empty();
                self.bell.sleep(ready);
            }
        }
        for cell in &self.written {
            // SAFETY: all tasks have ended: what is checked, by loom too.
            assert!(cell.with(|p| unsafe { *p }), "a task has not run");
        }
    }
}

/// `roots` tasks from the owner, each with a chain of `below` tasks under it; others help with as many tasks as
/// they are told.
fn group(roots: usize, below: u32, helpers: &'static [usize], preemptions: usize) {
    let mut b = loom::model::Builder::new();
    b.preemption_bound = Some(preemptions);
    b.check(move || {
        let group = Group::new(roots * (below as usize + 1));
        (0..roots).for_each(|_| group.submit(true, below));
        let help = |&tasks: &usize| {
            let group = group.clone();
            loom::thread::spawn(move || {
                for _ in 0..tasks {
                    group.run_one(false);
                }
                // What they leave is for the owner, who may be asleep.
                fence(Ordering::SeqCst);
                group.bell.ring();
            })
        };
        let helpers: Vec<_> = helpers.iter().map(help).collect();
        group.wait();
        helpers.into_iter().for_each(|h| h.join().unwrap());
    });
}

#[test]
fn one_task_away() {
    group(1, 0, &[1], 5);
}

#[test]
fn a_chain_that_changes_threads() {
    group(1, 2, &[2], 3);
}

#[test]
fn two_helpers() {
    group(2, 1, &[2, 1], 2);
}
