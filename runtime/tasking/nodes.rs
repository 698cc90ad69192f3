//! On which NUMA nodes the threads of a crew are, and to which one a task goes that names memory.

use super::lane::Hand;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Which NUMA nodes a crew's threads are on.
pub(super) struct Nodes {
    /// Node of each lane, and 1; 0: not known. Relaxed: a hint.
    of_lane: Box<[AtomicUsize]>,
    /// The node of the page with this address.
    of_page: fn(usize) -> Option<usize>,
}

impl Nodes {
    /// Of threads that say where they are; `None`: there is nothing to choose.
    pub(super) fn of_machine(threads: usize) -> Option<Self> {
        let several = crate::topology::topology().nodes().len() > 1;
        several.then(|| Nodes::new(threads, crate::memory::pages::node_of))
    }

    pub(super) fn new(threads: usize, of_page: fn(usize) -> Option<usize>) -> Self {
        Nodes {
            of_lane: (0..threads).map(|_| AtomicUsize::new(0)).collect(),
            of_page,
        }
    }

    /// Thread `num` is on that node.
    pub(super) fn settle(&self, num: usize, node: Option<usize>) {
        let node = node.map_or(0, |n| n + 1);
        if self.of_lane[num].load(Ordering::Relaxed) != node {
            self.of_lane[num].store(node, Ordering::Relaxed);
        }
    }
    pub(super) fn of(&self, num: usize) -> Option<usize> {
        self.of_lane[num].load(Ordering::Relaxed).checked_sub(1)
    }

    /// Where a task of thread `num` goes that names this address: to the page's node, if that is another one than the thread's,
    /// and some thread of the crew is there.
    pub(super) fn choose(&self, num: usize, address: usize) -> Option<usize> {
        let node = (self.of_page)(address)?;
        let here = self.of(num) == Some(node);
        let there = || (0..self.of_lane.len()).any(|k| self.of(k) == Some(node));
        (!here && there()).then_some(node)
    }
}

impl Hand {
    /// Says where the thread is, if that matters.
    #[inline]
    pub(super) fn settle(self) {
        if let Some(nodes) = &self.crew().nodes {
            nodes.settle(self.num(), crate::topology::current_node());
        }
    }

    /// Where it is.
    pub(super) fn node(self) -> Option<usize> {
        self.crew().nodes.as_ref()?.of(self.num())
    }
}
