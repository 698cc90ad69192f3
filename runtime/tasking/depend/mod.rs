//! Dependences: tasks of one group whose order is that of their accesses. README, "Dependences".

pub mod access;
pub mod graph;
mod history;
pub(super) mod links;
mod node;
mod objects;

use super::group::Group;
use super::lane::Hand;
use super::options::TaskOptions;
use super::task::{Task, TaskGroup};
use access::{Accesses, Dep, Deps, Granted};
use node::{Closure, Job, Node};
pub(super) use objects::Depend;
use objects::{Named, check};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

/// Nodes of a group that have not ended; a submitter that makes more runs tasks until there are half as many.
const MOST_LIVE: usize = 8192;

impl<'s> TaskGroup<'s> {
    /// A handle of an object, for [`task_depend`](Self::task_depend) (OpenMP 6.0, "depend Clause"). The object is borrowed for the
    /// group: its tasks are all that can reach it, each as it says.
    ///
    /// ```
    /// use phalanx::prelude::*;
    /// let (mut a, mut b, mut c) = (2.0, 0.0, 0.0);
    /// taskgroup(|tg| {
    ///     let (a, b, c) = (tg.dep(&mut a), tg.dep(&mut b), tg.dep(&mut c));
    ///     tg.task_depend(a.inout(), |_, a| *a += 1.0);
    ///     tg.task_depend((a.input(), b.output()), |_, (a, b)| *b = 10.0 * *a);
    ///     tg.task_depend((a.input(), c.output()), |_, (a, c)| *c = -*a); // beside the one before
    ///     let sum = tg.wait_depend((b.input(), c.input()), |(b, c)| b + c);
    ///     assert_eq!(sum, 27.0);
    /// });
    /// assert_eq!((a, b, c), (3.0, 30.0, -3.0));
    /// ```
    pub fn dep<T: ?Sized>(&self, object: &'s mut T) -> Dep<'s, T> {
        let depend = self.open_group().depend();
        Dep::new(object, depend.id(), depend.object())
    }

    /// Handles of the parts of something, one for each borrow: chunks, rows, the elements of a `Vec`.
    ///
    /// ```
    /// use phalanx::prelude::*;
    /// let mut v = vec![1; 64];
    /// taskgroup(|tg| {
    ///     let part = tg.deps(v.chunks_mut(8));
    ///     for k in 1..part.len() {
    ///         // A set that is chosen at run time: all parts before.
    ///         let before: Vec<_> = part.iter().take(k).map(|p| p.input()).collect();
    ///         tg.task_depend((before, part[k].inout()), |_, (before, me)| {
    ///             me[0] = before.iter().map(|p| p[0]).sum();
    ///         });
    ///     }
    /// });
    /// assert_eq!(v[56], 64);
    /// ```
    pub fn deps<T: ?Sized>(&self, parts: impl IntoIterator<Item = &'s mut T>) -> Deps<'s, T> {
        Deps::new(parts.into_iter().map(|part| self.dep(part)).collect())
    }

    /// Submits a task that uses objects: it begins when those have ended that were submitted to this group before and must
    /// come first, and gets references to the objects (OpenMP 6.0, "task Construct", "depend Clause").
    ///
    /// What it submits itself, or opens, has no part in that order: a task gives parts of what it got to a group of its own.
    ///
    /// # Panics
    ///
    /// When an object is named twice and one of the two is written, or belongs to another group; both are said.
    #[track_caller]
    pub fn task_depend<A, F>(&self, accesses: A, f: F)
    where
        A: Accesses<'s> + 's,
        F: for<'t> FnOnce(&Task<'s>, <A as Granted<'t, 's>>::References) + Send + 's,
    {
        self.task_depend_with(TaskOptions::new(), accesses, f);
    }

    /// The same with clauses. With `only_if(false)` the caller waits for what comes first, runs tasks meanwhile, and runs this one
    /// itself.
    ///
    /// # Panics
    ///
    /// As [`task_depend`](Self::task_depend).
    #[track_caller]
    pub fn task_depend_with<A, F>(&self, options: TaskOptions, accesses: A, f: F)
    where
        A: Accesses<'s> + 's,
        F: for<'t> FnOnce(&Task<'s>, <A as Granted<'t, 's>>::References) + Send + 's,
    {
        let last = self.is_last() || options.finish;
        if self.is_last() || options.undeferred {
            return self.run_here(accesses, |accesses| {
                if self.open_group().is_cancelled() {
                    // As a task that has not begun.
                    if let Err(payload) = catch_unwind(AssertUnwindSafe(|| drop(f))) {
                        self.open_group().fail(payload);
                    }
                    return;
                }
                // SAFETY: the handle is lent, on its thread, while the group is there.
                let task = unsafe { Task::new(self.hand(), self.group_ptr(), last) };
                // SAFETY: all who must come first have ended, and those who come after wait.
                let objects = unsafe { accesses.grant() };
                if let Err(payload) = catch_unwind(AssertUnwindSafe(|| f(&task, objects))) {
                    self.open_group().fail(payload);
                }
            });
        }
        let named = names(&accesses);
        let carried = Carried(accesses);
        let closure = move |task: &Task<'s>| {
            let Carried(accesses) = { carried };
            // SAFETY: the handle of the same task, on the same thread.
            let task = unsafe { Task::new(task.hand(), task.group_ptr(), last) };
            // SAFETY: it is run when all who must come first have ended, and those who come after wait for its end.
            f(&task, unsafe { accesses.grant() });
        };
        self.submit_node(options, &named, Box::new(closure));
    }

    /// Waits for what the accesses have to come after, runs tasks meanwhile, then runs `f` with the objects, and returns its
    /// answer (OpenMP 6.0, "taskwait Construct" with "depend Clause"). Tasks that are submitted later and use the objects come
    /// after that; others go on.
    ///
    /// # Panics
    ///
    /// With the payload of a task of the group that has panicked. As [`task_depend`](Self::task_depend); and as
    /// [`wait`](Self::wait) when the thread holds a lock, or is in a task of the group.
    #[track_caller]
    pub fn wait_depend<A, R>(
        &self,
        accesses: A,
        f: impl for<'t> FnOnce(<A as Granted<'t, 's>>::References) -> R,
    ) -> R
    where
        A: Accesses<'s>,
    {
        self.run_here(accesses, |accesses| {
            self.open_group().resume_failure();
            // SAFETY: all who must come first have ended, and those who come after wait.
            f(unsafe { accesses.grant() })
        })
    }

    /// Runs `f` on the calling thread when all have ended that the accesses have to come after.
    #[track_caller]
    fn run_here<A: Accesses<'s>, R>(&self, accesses: A, f: impl FnOnce(A) -> R) -> R {
        let (hand, group) = (self.hand(), self.open_group());
        group.refuse_outside_of_body(hand);
        let depend = group.depend();
        let named = names(&accesses);
        check(&named, depend.id());
        let node = Node::new(Job::Waited, depend.tokens(&named), TaskOptions::new());
        depend.enter(&node, &named);
        let end = End { node, hand, group };
        // SAFETY: the hand is the calling thread's, in the group's body.
        unsafe { end.node.clone().submitted(hand, group) };
        if !end.node.is_ready() {
            hand.wait_until(group.scope(), &|| end.node.is_ready());
        }
        // What follows the node waits for the end of this: so `f` is like a task of the group.
        hand.lane().own.tasks.set(hand.lane().own.tasks.get() + 1);
        f(accesses)
    }

    /// Makes a task part of the graph.
    #[track_caller]
    fn submit_node(
        &self,
        options: TaskOptions,
        named: &[Named],
        f: Box<dyn FnOnce(&Task<'s>) + Send + 's>,
    ) {
        let (hand, group) = (self.hand(), self.open_group());
        let depend = group.depend();
        check(named, depend.id());
        // SAFETY: only the lifetimes change: of what it borrows, which outlives the group, in which it is run or dropped; and of
        // the handle that it is given, which is one of this group.
        let f =
            unsafe { std::mem::transmute::<Box<dyn FnOnce(&Task<'s>) + Send + 's>, Closure>(f) };
        let node = Node::new(Job::Run(f), depend.tokens(named), options);
        depend.one_more();
        // SAFETY: the caller is in the group's body, or in a task of it, on the hand's thread.
        unsafe { group.count(hand) };
        depend.enter(&node, named);
        // SAFETY: as above; the node was counted.
        unsafe { node.submitted(hand, group) };
        if depend.live() >= MOST_LIVE && group.may_wait_in_body(hand) {
            hand.wait_until(group.scope(), &|| depend.live() < MOST_LIVE / 2);
        }
    }
}

/// What a closure takes along to another thread.
#[derive(Clone, Copy)]
struct Carried<A>(A);
// SAFETY: accesses are addresses of objects, which nothing but `grant` uses; that the objects may be used on another thread was asked
// where the access was made (`Dep::input` and its like).
unsafe impl<A> Send for Carried<A> {}

/// The node that the calling thread runs itself ends with this.
struct End<'g> {
    node: Arc<Node>,
    hand: Hand,
    group: &'g Group,
}
impl Drop for End<'_> {
    fn drop(&mut self) {
        let tasks = &self.hand.lane().own.tasks;
        tasks.set(tasks.get() - 1);
        // It is ready: the wait before does not unwind.
        // SAFETY: the hand is the calling thread's, in the group's body.
        unsafe { self.node.end(self.hand, self.group) };
    }
}

fn names<'s>(accesses: &impl Accesses<'s>) -> Vec<Named> {
    let mut named = Vec::new();
    accesses.name(&mut |n| named.push(n));
    named
}

/// For its model in `tests/loom`.
#[cfg(loom)]
pub mod model {
    pub use super::links::{Links, Waits};
}
