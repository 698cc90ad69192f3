//! Edges between tasks: a task becomes ready once, when all that it follows have ended, and sees what they did.

use loom::cell::UnsafeCell;
use loom::sync::Arc;
use loom::sync::atomic::{AtomicUsize, Ordering};
use phalanx::__model::{Links, Waits};

struct Node {
    waits: Waits,
    releases: Links<Arc<Node>>,
    /// What the task writes, and those read that follow it.
    data: UnsafeCell<u32>,
    /// How often it was found to be ready.
    ready: AtomicUsize,
}

impl Node {
    fn new() -> Arc<Self> {
        Arc::new(Node {
            waits: Waits::new(),
            releases: Links::new(),
            data: UnsafeCell::new(0),
            ready: AtomicUsize::new(0),
        })
    }

    /// As the submitter does it.
    fn follow(node: &Arc<Node>, before: &Arc<Node>) {
        node.waits.one_more();
        if before.releases.add(node.clone()).is_err() {
            assert!(!node.waits.one_less(), "it waits for its submission");
        }
    }

    /// One has ended that it waits for.
    fn one_less(&self, before: &[&Node]) {
        if !self.waits.one_less() {
            return;
        }
        assert_eq!(self.ready.fetch_add(1, Ordering::Relaxed), 0);
        for b in before {
            // SAFETY: they have ended, and this sees it: what is checked.
            b.data.with(|p| assert_eq!(unsafe { *p }, 1));
        }
    }

    fn run_and_end(&self, before: &[&Node]) {
        // SAFETY: nobody else touches it before the end: what is checked.
        self.data.with_mut(|p| unsafe { *p = 1 });
        self.releases.close(|next| next.one_less(before));
    }
}

/// One task after two that end on other threads while it is being submitted.
#[test]
fn one_after_two() {
    loom::model(|| {
        let (a, b, c) = (Node::new(), Node::new(), Node::new());
        let end = |n: &Arc<Node>| {
            let (n, a, b) = (n.clone(), a.clone(), b.clone());
            loom::thread::spawn(move || n.run_and_end(&[&a, &b]))
        };
        let threads = [end(&a), end(&b)];
        Node::follow(&c, &a);
        Node::follow(&c, &b);
        c.one_less(&[&a, &b]);
        threads.into_iter().for_each(|t| t.join().unwrap());
        assert_eq!(c.ready.load(Ordering::Relaxed), 1);
    });
}

/// Two tasks after one, submitted while it ends; then nothing is left in its list.
#[test]
fn two_after_one() {
    loom::model(|| {
        let (a, b, c) = (Node::new(), Node::new(), Node::new());
        let thread = {
            let a = a.clone();
            loom::thread::spawn(move || a.run_and_end(&[&a]))
        };
        for n in [&b, &c] {
            Node::follow(n, &a);
            n.one_less(&[&a]);
        }
        thread.join().unwrap();
        assert!(a.releases.is_closed());
        for n in [b, c] {
            assert_eq!(n.ready.load(Ordering::Relaxed), 1);
            assert_eq!(Arc::strong_count(&n), 1);
        }
    });
}

/// Whoever finds a list closed sees what the task did.
#[test]
fn a_look_at_the_end() {
    loom::model(|| {
        let a = Node::new();
        let thread = {
            let a = a.clone();
            loom::thread::spawn(move || a.run_and_end(&[]))
        };
        if a.releases.is_closed() {
            // SAFETY: it has ended: what is checked.
            a.data.with(|p| assert_eq!(unsafe { *p }, 1));
        }
        thread.join().unwrap();
    });
}
