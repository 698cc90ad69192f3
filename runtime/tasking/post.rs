//! Tasks that are not their submitter's own: those with a priority, and those for threads of another NUMA node. Empty unless
//! a program asks for either. README, "The post".

use super::crew::{Crew, Line};
use super::group::{Group, call};
use super::lane::Hand;
use super::object::Object;
use super::options::TaskOptions;
use super::task::Task;
use parking_lot::Mutex;
use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::mem::MaybeUninit;
use std::sync::atomic::{AtomicUsize, Ordering, fence};

/// With so many objects in the post, further ones go where all go: there a full ring runs them in place.
const MOST: usize = 4096;

/// Where a task goes that is not its submitter's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum To {
    /// To whoever looks first; above 0.
    Urgent(i32),
    /// To a thread of this NUMA node.
    Node(usize),
}

/// One for a crew.
pub(super) struct Post {
    /// How many there are of each kind. Written under the lock, looked at without it: Relaxed, for who is about to sleep has
    /// a fence before its look, and who has put something in has one before it looks for sleepers.
    there: Line<[AtomicUsize; 2]>,
    objects: Mutex<Objects>,
}

struct Objects {
    /// Made so far.
    next: u64,
    /// Greatest priority first, then oldest first.
    urgent: BTreeMap<(Reverse<i32>, u64), Object>,
    /// By node, oldest first.
    mail: BTreeMap<(usize, u64), Object>,
}

impl Post {
    pub(super) fn new() -> Self {
        Post {
            there: Line([AtomicUsize::new(0), AtomicUsize::new(0)]),
            objects: Mutex::new(Objects {
                next: 0,
                urgent: BTreeMap::new(),
                mail: BTreeMap::new(),
            }),
        }
    }

    #[inline(always)]
    pub(super) fn is_urgent(&self) -> bool {
        self.there.0[0].load(Ordering::Relaxed) != 0
    }
    #[inline(always)]
    pub(super) fn is_there(&self) -> bool {
        self.is_urgent() || self.there.0[1].load(Ordering::Relaxed) != 0
    }

    /// Changes what is there.
    fn change<R>(&self, f: impl FnOnce(&mut Objects) -> R) -> R {
        let mut objects = self.objects.lock();
        let r = f(&mut objects);
        self.there.0[0].store(objects.urgent.len(), Ordering::Relaxed);
        self.there.0[1].store(objects.mail.len(), Ordering::Relaxed);
        r
    }

    fn put(&self, object: Object, to: To) {
        self.change(|o| {
            o.next += 1;
            match to {
                To::Urgent(priority) => o.urgent.insert((Reverse(priority), o.next), object),
                To::Node(node) => o.mail.insert((node, o.next), object),
            }
        });
    }

    /// What is urgent, else what is for this node.
    pub(super) fn take(&self, node: Option<usize>) -> Option<Object> {
        self.change(|o| match (o.urgent.pop_first(), node) {
            (None, Some(node)) => {
                let first = o.mail.range((node, 0)..=(node, u64::MAX)).next();
                let key = *first?.0;
                o.mail.remove(&key)
            }
            (urgent, _) => urgent.map(|(_, object)| object),
        })
    }

    /// What is for other nodes, whose threads are busy.
    pub(super) fn take_any(&self) -> Option<Object> {
        self.change(|o| o.mail.pop_first())
            .map(|(_, object)| object)
    }

    /// What is wanted.
    pub(super) fn take_if(&self, wanted: impl Fn(&Object) -> bool) -> Option<Object> {
        self.change(|o| {
            if let Some((&key, _)) = o.urgent.iter().find(|(_, object)| wanted(object)) {
                return o.urgent.remove(&key);
            }
            let (&key, _) = o.mail.iter().find(|(_, object)| wanted(object))?;
            o.mail.remove(&key)
        })
    }
}

impl Hand {
    /// Where a task with these clauses goes; `None`: where all go.
    pub(super) fn destination(self, options: TaskOptions) -> Option<To> {
        let crew = self.crew();
        if crew
            .post
            .there
            .0
            .iter()
            .map(|n| n.load(Ordering::Relaxed))
            .sum::<usize>()
            >= MOST
        {
            return None;
        }
        let priority = options.priority.min(crew.max_priority);
        if priority > 0 {
            return Some(To::Urgent(priority));
        }
        let (nodes, address) = (crew.nodes.as_ref()?, options.affinity?);
        nodes.choose(self.num(), address.get()).map(To::Node)
    }

    /// Puts an object into the post, and calls one whom it is for.
    pub(super) fn send(self, object: Object, to: To) {
        self.crew().post.put(object, to);
        self.crew().call_for(self.num(), to);
    }

    /// Something from the post that comes before this thread's own.
    pub(super) fn pick_first(self) -> Option<Object> {
        let post = &self.crew().post;
        let found = post.is_there().then(|| post.take(self.node()))??;
        self.pass_post_on();
        Some(found)
    }
    /// Something that is better run here than not at all.
    pub(super) fn pick_any(self) -> Option<Object> {
        let post = &self.crew().post;
        let found = post.is_there().then(|| post.take_any())??;
        self.pass_post_on();
        Some(found)
    }
    pub(super) fn pick_if(self, wanted: impl Fn(&Object) -> bool) -> Option<Object> {
        let post = &self.crew().post;
        post.is_there().then(|| post.take_if(wanted))?
    }

    /// One by one: who was woken wakes the next, if there is something for it.
    fn pass_post_on(self) {
        let crew = self.crew();
        if crew.post.is_there() && crew.sleepers.0.load(Ordering::Relaxed) != 0 {
            crew.call_one(self.num());
        }
    }
}

impl Task<'_> {
    /// Submits a task by post, if it is one for it; gives it back if not.
    ///
    /// # Safety
    ///
    /// What `f` borrows outlives the group.
    #[cold]
    #[inline(never)]
    pub(super) unsafe fn post<'s, const FINAL: bool, F>(
        &self,
        options: TaskOptions,
        f: F,
    ) -> Option<F>
    where
        F: FnOnce(&Task<'s>) + Send,
    {
        let (hand, group): (Hand, &Group) = (self.hand(), self.open_group());
        let Some(to) = hand.destination(options) else {
            return Some(f);
        };
        let mut object = MaybeUninit::uninit();
        // SAFETY: the hand is the calling thread's, in the group's body or a task of it; the group waits for the object,
        // which is counted, and `f`'s data outlive that.
        let object = unsafe {
            group.count(hand);
            Object::write(object.as_mut_ptr(), f, call::<FINAL, F>, group.scope());
            object.assume_init()
        };
        hand.send(object, to);
        None
    }
}

impl Crew {
    /// Thread `num` has put something into the post: calls a sleeper whom it is for, else another one.
    fn call_for(&self, num: usize, to: To) {
        if let To::Urgent(_) = to {
            // Who is at work looks there with its next look at its wish.
            self.lanes.iter().for_each(|lane| lane.wish.set());
        }
        // SeqCst: between what was put in and the look for sleepers; pairs with the fence in `Bell::sleep`.
        fence(Ordering::SeqCst);
        // Relaxed: the fences order it.
        if self.sleepers.0.load(Ordering::Relaxed) == 0 {
            return;
        }
        let node = |k: usize| self.nodes.as_ref().and_then(|n| n.of(k));
        let meant = |k: &usize| match to {
            To::Urgent(_) => true,
            To::Node(to) => node(*k) == Some(to),
        };
        let rung = self
            .others(num)
            .filter(meant)
            .any(|k| self.lanes[k].bell.ring());
        if !rung {
            self.call_one(num);
        }
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::super::group::grouped;
    use super::super::nodes::Nodes;
    use super::*;
    use crate::memory::pages::Paged;

    static NEAR: [u64; 4] = [0; 4];
    static FAR: [u64; 4] = [1; 4];
    static NOWHERE: [u64; 4] = [2; 4];

    /// A table of pages, as a machine with three nodes has one.
    fn page(address: usize) -> Option<usize> {
        let at = |array: &[u64]| array.extent().0 == address;
        match () {
            () if at(&NEAR) => Some(0),
            () if at(&FAR) => Some(1),
            () if at(&NOWHERE) => Some(2),
            () => None,
        }
    }

    fn near(memory: &[u64]) -> TaskOptions {
        TaskOptions::new().affinity(memory)
    }

    /// Runs one object as that thread.
    fn run(hand: Hand, object: Option<Object>) -> bool {
        // SAFETY: the test is the only thread, and has the object.
        object
            .map(|mut o| unsafe { Object::run(&mut o, hand) })
            .is_some()
    }

    #[test]
    fn a_task_goes_to_its_memory() {
        let crew = Crew::with(4, Some(Nodes::new(4, page)), 0);
        let nodes = crew.nodes.as_ref().expect("they are given");
        for (num, node) in [Some(0), Some(1), Some(0), None].into_iter().enumerate() {
            nodes.settle(num, node);
        }
        // SAFETY: the test is the only thread.
        let hand = |num| unsafe { Hand::new(&crew, num) };
        let ran = std::cell::Cell::new(0);
        struct Here<'c>(&'c std::cell::Cell<u32>);
        // SAFETY: the test is the only thread.
        unsafe impl Send for Here<'_> {}
        impl Here<'_> {
            fn count(&self) {
                self.0.set(self.0.get() + 1);
            }
        }
        grouped(hand(0), |group| {
            // SAFETY: this is the body.
            let task = unsafe { Task::new(hand(0), group, false) };
            let submit = |memory: &[u64]| {
                let here = Here(&ran);
                task.task_with(near(memory), move |_| here.count());
            };
            let own = || hand(0).lane().own.ring.len() + hand(0).lane().own.deque.len();
            // To another node, where a thread is.
            submit(&FAR);
            assert_eq!((own(), crew.post.is_there()), (0, true));
            assert!(hand(2).pick_first().is_none() && hand(3).pick_first().is_none());
            assert!(run(hand(1), hand(1).pick_first()));
            assert_eq!((ran.get(), crew.post.is_there()), (1, false));
            // Others take it if they have nothing else.
            submit(&FAR);
            assert!(run(hand(2), hand(2).pick_any()));
            // Not for this node, nor one without threads, nor for a page that nobody knows.
            for memory in [&NEAR[..], &NOWHERE, &[3; 4], &[]] {
                submit(memory);
                assert!(!crew.post.is_there());
            }
            assert_eq!(own(), 4);
            // A thread that nobody knows to be anywhere sends it away all the same; the last one out runs what is left.
            nodes.settle(0, None);
            submit(&FAR);
            assert_eq!((own(), crew.post.is_there()), (4, true));
        });
        assert_eq!(ran.get(), 7);
    }

    #[test]
    fn who_waits_for_less_finds_it_in_the_post() {
        let crew = Crew::with(2, Some(Nodes::new(2, page)), 9);
        crew.nodes
            .as_ref()
            .expect("they are given")
            .settle(1, Some(1));
        // SAFETY: the test is the only thread.
        let hand = unsafe { Hand::new(&crew, 0) };
        let order = Mutex::new(Vec::new());
        let note = |k| order.lock().push(k);
        grouped(hand, |outer| {
            // SAFETY: this is the body.
            let task = unsafe { Task::new(hand, outer, false) };
            task.task_with(TaskOptions::new().priority(9), |_| note(2));
            task.task_with(near(&FAR), |_| note(3));
            // Under `isolate` nothing runs but what is waited for.
            crate::isolate(|| {
                task.group(|inner| {
                    inner.task_with(near(&FAR), |_| note(1));
                    inner.task_with(TaskOptions::new().priority(1), |_| note(0));
                });
            });
            assert_eq!(*order.lock(), [0, 1]);
        });
        assert_eq!(order.into_inner(), [0, 1, 2, 3]);
    }

    #[test]
    fn priorities_come_first() {
        let order = |max| {
            let crew = Crew::with(1, None, max);
            // SAFETY: the test is the only thread.
            let hand = unsafe { Hand::new(&crew, 0) };
            let order = Mutex::new(Vec::new());
            grouped(hand, |group| {
                // SAFETY: this is the body.
                let task = unsafe { Task::new(hand, group, false) };
                for priority in [0, 3, 9, 5, -1, 3, 1] {
                    let order = &order;
                    let options = TaskOptions::new().priority(priority);
                    task.task_with(options, move |_| order.lock().push(priority));
                }
            });
            order.into_inner()
        };
        assert_eq!(order(5)[..5], [9, 5, 3, 3, 1]);
        assert_eq!(order(1)[..5], [3, 9, 5, 3, 1]);
        // As if there were none.
        let mut plain = order(0);
        assert_ne!(plain[0], 9);
        plain.sort_unstable();
        assert_eq!(plain, [-1, 0, 1, 3, 3, 5, 9]);
    }

    #[test]
    fn a_full_post_takes_no_more() {
        let crew = Crew::with(1, None, 1);
        // SAFETY: the test is the only thread.
        let hand = unsafe { Hand::new(&crew, 0) };
        let (ran, late) = (AtomicUsize::new(0), 3 * MOST);
        grouped(hand, |group| {
            // SAFETY: this is the body.
            let task = unsafe { Task::new(hand, group, false) };
            for _ in 0..late {
                task.task_with(TaskOptions::new().priority(1), |_| {
                    ran.fetch_add(1, Ordering::Relaxed);
                });
            }
            let there = crew.post.there.0[0].load(Ordering::Relaxed);
            assert!(there <= MOST, "{there}");
        });
        assert_eq!(ran.into_inner(), late);
    }
}
