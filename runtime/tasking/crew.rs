//! The crew: the lanes of a team's threads, who is near to whom, and who sleeps.

use super::lane::{Hand, Lane};
use super::nodes::Nodes;
use super::object::Object;
use super::post::Post;
use crate::sync::idle::{Idle, IdleWork};
use crate::sync::patience::WaitPolicy;
use crate::team::Team;
use crate::team::nesting::with_local;
use crossbeam_deque::Stealer;
use std::any::Any;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering, fence};
use std::sync::{Arc, Weak};

pub(crate) struct Crew {
    pub(super) lanes: Box<[Lane]>,
    pub(super) stealers: Box<[Stealer<Object>]>,
    /// How its threads wait.
    pub(super) policy: WaitPolicy,
    /// Threads that sleep or are about to. On a line of its own.
    pub(super) sleepers: Line<AtomicUsize>,
    /// Threads that are not in a group or a task, or have found nothing there: as many tasks are worth handing over. A
    /// hint, hence Relaxed everywhere.
    pub(super) hungry: Line<AtomicUsize>,
    /// Whether the task that was last timed by a thread which took it from another was tiny. Who hands such tasks over
    /// is slowed by that, and may believe that they are long. A hint, hence Relaxed everywhere.
    tiny: Line<AtomicBool>,
    /// What is not its submitter's own.
    pub(super) post: Post,
    /// Where its threads are, if there are several NUMA nodes.
    pub(super) nodes: Option<Nodes>,
    /// Greater priorities of tasks count as this one; 0: none counts.
    pub(super) max_priority: i32,
    /// Itself.
    me: Weak<Crew>,
}

#[repr(align(128))]
pub(super) struct Line<T>(pub(super) T);

impl Crew {
    fn new(threads: usize) -> Arc<Self> {
        let max = with_local(|l| l.work.borrow().env().settings().max_task_priority);
        Crew::with(threads, Nodes::of_machine(threads), max.unwrap_or(0))
    }

    pub(super) fn with(threads: usize, nodes: Option<Nodes>, max_priority: i32) -> Arc<Self> {
        let lanes: Box<[Lane]> = (0..threads).map(Lane::new).collect();
        let policy = with_local(|l| l.work.borrow().env().wait());
        let crew = Arc::new_cyclic(|me| Crew {
            stealers: lanes.iter().map(|l| l.own.deque.stealer()).collect(),
            lanes,
            policy: policy.unwrap_or_else(WaitPolicy::passive),
            sleepers: Line(AtomicUsize::new(0)),
            // A team of one has nobody to feed.
            hungry: Line(AtomicUsize::new(if threads > 1 { threads } else { 0 })),
            tiny: Line(AtomicBool::new(false)),
            post: Post::new(),
            nodes,
            max_priority,
            me: me.clone(),
        });
        // SAFETY: nobody else knows it yet, and it stays where it is.
        crew.lanes.iter().for_each(|l| unsafe { l.join(&crew) });
        crew
    }

    /// A share in it, for who may still call a lane when the region is over.
    pub(super) fn keep(&self) -> Arc<Crew> {
        let kept = self.me.upgrade();
        kept.expect("a crew that is borrowed is there")
    }

    /// The crew of a team, made if it has none yet.
    #[inline]
    pub(crate) fn of(team: &Team) -> &Crew {
        let make = || -> Arc<dyn IdleWork> { Crew::new(team.size()) };
        let work: &dyn Any = &**team.stop().idle().work(make);
        work.downcast_ref().expect("tasks are all that helps")
    }

    /// The other lanes, nearest first: the threads of a team are numbered along its places.
    pub(super) fn others(&self, num: usize) -> impl Iterator<Item = usize> + use<> {
        let n = self.lanes.len();
        (1..n).map(move |k| match k % 2 {
            1 => (num + k.div_ceil(2)) % n,
            _ => (num + n - k / 2) % n,
        })
    }

    /// Calls the sleeper that is nearest to thread `num`, which has handed something over.
    pub(super) fn call_one(&self, num: usize) {
        // SeqCst: between the push and the look for sleepers; pairs with the fence in `Bell::sleep`.
        fence(Ordering::SeqCst);
        // Relaxed: the fences order it.
        if self.sleepers.0.load(Ordering::Relaxed) != 0 {
            let _ = self.others(num).any(|k| self.lanes[k].bell.ring());
        }
    }

    pub(super) fn has_tiny(&self) -> bool {
        self.tiny.0.load(Ordering::Relaxed)
    }
    /// Takes the line from nobody if it says so already.
    pub(super) fn note_tiny(&self, tiny: bool) {
        if self.has_tiny() != tiny {
            self.tiny.0.store(tiny, Ordering::Relaxed);
        }
    }

    /// Calls everyone: nothing is open any more.
    pub(crate) fn call_all(&self) {
        // SeqCst: between that and the look at the bells; pairs with the fence in `Bell::sleep`.
        fence(Ordering::SeqCst);
        self.lanes.iter().for_each(|lane| {
            lane.bell.ring();
        });
    }
}

impl IdleWork for Crew {
    fn help(&self, idle: &Idle) {
        // SAFETY: the caller waits for its team, so it is in its region.
        let here = with_local(|l| unsafe { l.team() }).flatten();
        // A thread that is being torn down does not know its number; it may be waited for.
        match here.filter(|(team, _)| std::ptr::eq(team.stop().idle(), idle)) {
            // SAFETY: it is thread `num` of that team, whose crew this is, as long as it is here.
            Some((_, num)) => unsafe { Hand::new(self, num) }.help(idle),
            None => std::thread::yield_now(),
        }
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    #[test]
    fn the_others_are_all_others() {
        for n in 1..10 {
            let crew = Crew::new(n);
            for num in 0..n {
                let mut all: Vec<_> = crew.others(num).chain([num]).collect();
                all.sort_unstable();
                assert_eq!(all, (0..n).collect::<Vec<_>>());
            }
        }
        let near: Vec<_> = Crew::new(8).others(0).collect();
        assert_eq!(near, [1, 7, 2, 6, 3, 5, 4]);
    }
}
