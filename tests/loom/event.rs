//! Events in the count of a group: whoever fulfils one counts it off as those do that are not the group's owner, be it the
//! owner itself.

use loom::cell::UnsafeCell;
use loom::sync::atomic::{Ordering, fence};
use loom::sync::{Arc, Mutex};
use loom::thread;
use phalanx::__model::{Bell, Count};

struct Group {
    count: Count,
    bell: Bell,
    /// What was done before each event was fulfilled.
    done: [UnsafeCell<bool>; 2],
    /// An event on its way to another thread.
    sent: Mutex<Option<usize>>,
}

impl Group {
    fn new() -> Arc<Self> {
        Arc::new(Group {
            // SAFETY: the model's first thread is the owner.
            count: unsafe { Count::new() },
            bell: Bell::new(),
            done: [UnsafeCell::new(false), UnsafeCell::new(false)],
            sent: Mutex::new(None),
        })
    }

    /// What `TaskEvent` does at its end.
    fn fulfil(&self, event: usize) {
        // SAFETY: who has the event, which is one thread.
        self.done[event].with_mut(|p| unsafe { *p = true });
        self.end();
    }
    fn end(&self) {
        self.count.ended_away();
        fence(Ordering::SeqCst);
        self.bell.ring();
    }

    /// The owner sleeps until all is done, and finds that.
    fn wait(&self, events: usize, meanwhile: impl Fn() -> bool) {
        while !self.count.is_done() {
            if !meanwhile() {
                let ready = || self.count.is_done() || self.sent.lock().unwrap().is_some();
                self.bell.sleep(ready);
            }
        }
        for cell in &self.done[..events] {
            // SAFETY: all has ended: what is checked, by loom too.
            assert!(cell.with(|p| unsafe { *p }), "an event was not waited for");
        }
    }
}

fn explore(preemptions: usize, model: impl Fn() + Send + Sync + 'static) {
    let mut b = loom::model::Builder::new();
    b.preemption_bound = Some(preemptions);
    b.check(model);
}

/// Two events that threads fulfil which belong to no team.
#[test]
fn fulfilled_by_foreign_threads() {
    explore(2, || {
        let group = Group::new();
        let threads = [0, 1].map(|event| {
            group.count.submitted_here();
            let group = group.clone();
            thread::spawn(move || group.fulfil(event))
        });
        group.wait(2, || false);
        threads.map(|t| t.join().unwrap());
    });
}

/// A task on another thread makes an event and sends it to the owner, which fulfils it while it waits.
#[test]
fn fulfilled_by_the_owner() {
    explore(3, || {
        let group = Group::new();
        group.count.submitted_here();
        let task = {
            let group = group.clone();
            thread::spawn(move || {
                group.count.submitted_away();
                *group.sent.lock().unwrap() = Some(0);
                // SeqCst: the owner sleeps until something was sent.
                fence(Ordering::SeqCst);
                group.bell.ring();
                group.fulfil(1);
            })
        };
        group.wait(2, || {
            let sent = group.sent.lock().unwrap().take();
            sent.map(|event| group.fulfil(event)).is_some()
        });
        task.join().unwrap();
    });
}
