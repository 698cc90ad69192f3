//! A graph of tasks that is recorded once and replayed: no matching, no allocation (OpenMP 6.0, "taskgraph Construct").

use super::super::enter::in_crew;
use super::super::group::{Group, grouped};
use super::super::lane::Hand;
use super::super::object::{Object, Place, take};
use super::super::options::TaskOptions;
use super::super::scope::Scope;
use super::super::task::Task;
use super::access::{Accesses, Dep, Deps, Granted};
use super::history::{Graph, History};
use super::links::Waits;
use super::objects::{Kind, Named, check, next_id};
use super::{Carried, names};
use parking_lot::Mutex;
use std::cell::{RefCell, UnsafeCell};
use std::collections::VecDeque;
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};

type Closure<'s> = Box<dyn FnMut(&Task<'_>) + Send + 's>;

/// Tasks with dependences, recorded once and run as often as one likes (OpenMP 6.0, "taskgraph Construct"). What comes before
/// what is found out once; to [replay](Self::replay) allocates nothing.
///
/// The graph borrows the objects of its tasks for as long as it lives; [`with`](Self::with) looks at them between replays.
///
/// ```
/// use phalanx::prelude::*;
/// let (mut x, mut y) = (1.0, 0.0);
/// let (mut step, x) = TaskGraph::record(|g| {
///     let (x, y) = (g.dep(&mut x), g.dep(&mut y));
///     g.task(x.inout(), |_, x| *x *= 2.0);
///     g.task((x.input(), y.inout()), |_, (x, y)| *y += *x);
///     x
/// });
/// for _ in 0..3 {
///     step.replay();
/// }
/// step.with(x.inout(), |x| *x = 0.5);
/// step.replay();
/// drop(step);
/// assert_eq!(y, 2.0 + 4.0 + 8.0 + 1.0);
/// ```
pub struct TaskGraph<'s> {
    id: u64,
    nodes: Box<[Node<'s>]>,
    /// Those that come after none.
    first: Box<[usize]>,
    /// One for each object that tasks use one at a time.
    tokens: Box<[Token]>,
    /// Nodes that are tasks.
    tasks: usize,
}

struct Node<'s> {
    waits: Waits,
    /// How many nodes it comes after.
    after: usize,
    /// Those that come after it.
    releases: Vec<usize>,
    /// Tokens that it needs, ascending.
    tokens: Vec<usize>,
    /// How many of them it has. Only whoever brings the next one touches it, under that token's lock or after it.
    has: UnsafeCell<usize>,
    /// `None`: a gate. Only whoever runs it touches it.
    run: UnsafeCell<Option<Closure<'s>>>,
}

// SAFETY: in a replay each node is made ready, and run, by one thread at a time: the one that has counted its last predecessor or
// brought its next token; `Waits` and the tokens' locks order them. Closures are `Send`.
unsafe impl Sync for Node<'_> {}

/// The right to be the only one of a `mutexinoutset` that uses an object.
struct Token(Mutex<(bool, VecDeque<usize>)>);

/// What records a graph: the handle that the closure of [`TaskGraph::record`] gets.
pub struct Recorder<'s> {
    id: u64,
    inner: RefCell<Recording<'s>>,
}

#[derive(Default)]
struct Recording<'s> {
    nodes: Vec<Node<'s>>,
    objects: Vec<(History<usize>, Option<usize>)>,
    /// How many nodes use each token.
    tokens: Vec<usize>,
}

impl<'s> Recording<'s> {
    fn node(&mut self, run: Option<Closure<'s>>, tokens: Vec<usize>) -> usize {
        tokens.iter().for_each(|&t| self.tokens[t] += 1);
        self.nodes.push(Node {
            waits: Waits::new(),
            after: 0,
            releases: Vec::new(),
            tokens,
            has: UnsafeCell::new(0),
            run: UnsafeCell::new(run),
        });
        self.nodes.len() - 1
    }

    fn token_of(&mut self, object: usize) -> usize {
        if self.objects[object].1.is_none() {
            self.objects[object].1 = Some(self.tokens.len());
            self.tokens.push(0);
        }
        self.objects[object].1.expect("it was just made")
    }

    fn task(&mut self, named: &[Named], run: Closure<'s>) {
        let mut alone: Vec<usize> = named
            .iter()
            .filter(|n| n.kind == Kind::MutexInOutSet)
            .map(|n| n.index)
            .collect();
        alone.sort_unstable();
        let mut tokens: Vec<usize> = alone.into_iter().map(|o| self.token_of(o)).collect();
        tokens.sort_unstable();
        let node = self.node(Some(run), tokens);
        for n in named {
            let mut history = std::mem::take(&mut self.objects[n.index].0);
            history.enter(&node, n.kind, self);
            self.objects[n.index].0 = history;
        }
    }
}

impl Graph<usize> for Recording<'_> {
    fn follow(&mut self, node: &usize, before: &usize) {
        // An edge that is there already is the newest: all edges to a node are made when it is.
        if node != before && self.nodes[*before].releases.last() != Some(node) {
            self.nodes[*before].releases.push(*node);
            self.nodes[*node].after += 1;
        }
    }
    fn has_ended(&self, _: &usize) -> bool {
        false
    }
    fn gate(&mut self, before: &[usize]) -> usize {
        let gate = self.node(None, Vec::new());
        before.iter().for_each(|b| self.follow(&gate, b));
        gate
    }
}

impl<'s> Recorder<'s> {
    /// A handle of an object that tasks use: as [`TaskGroup::dep`](crate::TaskGroup::dep).
    pub fn dep<T: ?Sized>(&self, object: &'s mut T) -> Dep<'s, T> {
        let mut inner = self.inner.borrow_mut();
        inner.objects.push(Default::default());
        Dep::new(object, self.id, inner.objects.len() - 1)
    }
    /// Handles of parts: as [`TaskGroup::deps`](crate::TaskGroup::deps).
    pub fn deps<T: ?Sized>(&self, parts: impl IntoIterator<Item = &'s mut T>) -> Deps<'s, T> {
        Deps::new(parts.into_iter().map(|part| self.dep(part)).collect())
    }
    /// Records a task, which runs once in each replay, after those recorded before that its accesses have to come after. (A `Vec` of
    /// accesses is collected anew each time, which allocates; tuples and arrays are not.)
    ///
    /// # Panics
    ///
    /// As [`TaskGroup::task_depend`](crate::TaskGroup::task_depend).
    pub fn task<A, F>(&self, accesses: A, mut f: F)
    where
        A: Accesses<'s> + Clone + 's,
        F: for<'t> FnMut(&Task<'_>, <A as Granted<'t, 's>>::References) + Send + 's,
    {
        let named = names(&accesses);
        check(&named, self.id);
        let carried = Carried(accesses);
        let run = move |task: &Task<'_>| {
            let Carried(accesses) = carried.clone();
            // SAFETY: it is run when all who must come first have ended, and those who come after wait for its end.
            f(task, unsafe { accesses.grant() });
        };
        self.inner.borrow_mut().task(&named, Box::new(run));
    }
}

impl<'s> TaskGraph<'s> {
    /// Records what `f` says; nothing runs yet. Returns the graph and what `f` returns: handles for [`with`](Self::with).
    pub fn record<R>(f: impl FnOnce(&Recorder<'s>) -> R) -> (Self, R) {
        let recorder = Recorder {
            id: next_id(),
            inner: RefCell::default(),
        };
        let r = f(&recorder);
        let Recording { nodes, tokens, .. } = recorder.inner.into_inner();
        let new = |n| Token(Mutex::new((false, VecDeque::with_capacity(n))));
        let is_first = |&k: &usize| nodes[k].after == 0;
        let graph = TaskGraph {
            id: recorder.id,
            first: (0..nodes.len()).filter(is_first).collect(),
            tasks: nodes.iter().filter(|n| n.tokens_and_task().1).count(),
            nodes: nodes.into(),
            tokens: tokens.into_iter().map(new).collect(),
        };
        (graph, r)
    }

    /// How many tasks a replay runs.
    pub fn len(&self) -> usize {
        self.tasks
    }
    /// Whether it has none.
    pub fn is_empty(&self) -> bool {
        self.tasks == 0
    }

    /// Runs all tasks, each once, in an order that their accesses allow, on the threads of the team; returns when all have ended.
    /// It may be used wherever [`taskgroup`](crate::taskgroup()) may.
    ///
    /// # Panics
    ///
    /// With the payload of the first task that panicked. What depends on it has not run then; the graph can be replayed again.
    #[track_caller]
    pub fn replay(&mut self) {
        for node in &mut self.nodes {
            node.waits.reset(node.after);
            *node.has.get_mut() = 0;
        }
        let whole = Whole(self);
        in_crew(|hand| {
            let Whole(graph) = whole;
            grouped(hand, |group| {
                for _ in 0..graph.tasks {
                    // SAFETY: this is the group's body, on the hand's thread; each task is run, and counted off.
                    unsafe { group.count(hand) };
                }
                for &k in &graph.first {
                    // SAFETY: nobody else has it: it comes after none. The graph is borrowed for longer than the group.
                    unsafe { graph.go_on(k, hand, group) };
                }
            });
        });
    }

    /// Uses objects between replays.
    ///
    /// # Panics
    ///
    /// When an object is named twice and one of the two is written, or belongs to another graph.
    pub fn with<A, R>(
        &mut self,
        accesses: A,
        f: impl for<'t> FnOnce(<A as Granted<'t, 's>>::References) -> R,
    ) -> R
    where
        A: Accesses<'s>,
    {
        check(&names(&accesses), self.id);
        // SAFETY: no replay runs, for the graph is borrowed; no object is named twice.
        f(unsafe { accesses.grant() })
    }

    /// All predecessors of node `k` have ended: gets its tokens and submits it.
    ///
    /// # Safety
    ///
    /// The caller is the only one that has the node; the hand is the calling thread's; the group is that of a replay.
    unsafe fn go_on(&self, k: usize, hand: Hand, group: &Group) {
        let node = &self.nodes[k];
        // SAFETY: the caller has the node.
        let has = unsafe { &mut *node.has.get() };
        while let Some(&t) = node.tokens.get(*has) {
            let mut token = self.tokens[t].0.lock();
            if token.0 {
                // Whoever gives it back has the node from here on.
                token.1.push_back(k);
                return;
            }
            token.0 = true;
            *has += 1;
        }
        // SAFETY: the caller has the node.
        if unsafe { (*node.run.get()).is_none() } {
            // SAFETY: as above.
            return unsafe { self.end(k, hand, group) };
        }
        let on_its_way = OnItsWay(std::ptr::from_ref(self).cast(), k);
        // SAFETY: the task was counted; the object holds what `call` takes apart.
        unsafe {
            hand.submit_written(TaskOptions::new(), |place| {
                Object::write(place, on_its_way, call, group.scope());
            });
        }
    }

    /// Node `k` has ended, run or not.
    ///
    /// # Safety
    ///
    /// As for [`go_on`](Self::go_on).
    unsafe fn end(&self, k: usize, hand: Hand, group: &Group) {
        let node = &self.nodes[k];
        for &t in &node.tokens {
            let mut token = self.tokens[t].0.lock();
            let next = token.1.pop_front();
            token.0 = next.is_some();
            drop(token);
            if let Some(next) = next {
                // SAFETY: it was put there, and is this thread's now.
                unsafe {
                    *self.nodes[next].has.get() += 1;
                    self.go_on(next, hand, group);
                }
            }
        }
        for &next in &node.releases {
            if self.nodes[next].waits.one_less() {
                // SAFETY: its last predecessor has ended here.
                unsafe { self.go_on(next, hand, group) };
            }
        }
    }
}

impl Node<'_> {
    /// Whether it is a task; for its owner.
    fn tokens_and_task(&self) -> (usize, bool) {
        // SAFETY: nothing is replayed while the graph is made.
        (self.tokens.len(), unsafe { (*self.run.get()).is_some() })
    }
}

/// A graph in the closure that goes to the team.
struct Whole<'g, 's>(&'g TaskGraph<'s>);
// SAFETY: all that other threads do with it is what `Node` and `Token` allow.
unsafe impl Send for Whole<'_, '_> {}

/// A node on its way as an object.
struct OnItsWay(*const TaskGraph<'static>, usize);
// SAFETY: the graph is there until the group of the replay has ended; see `Node`.
unsafe impl Send for OnItsWay {}

/// Runs a node, unless the replay was cancelled; releases its successors and counts it off.
///
/// # Safety
///
/// The place holds an `OnItsWay`; the hand is the calling thread's own; the scope is that of the replay's group.
unsafe fn call(place: *mut Place, hand: Hand, scope: *const Scope) {
    // SAFETY: as the caller promises; the graph outlives the group, and only its lifetime was changed.
    let (graph, k, group): (&TaskGraph<'_>, usize, &Group) = unsafe {
        let OnItsWay(graph, k) = take(place);
        (&*graph, k, &*scope.cast())
    };
    let run = |task: &Task<'_>| {
        if group.is_cancelled() {
            return;
        }
        // SAFETY: this thread runs the node, as nobody else does in this replay.
        let closure = unsafe { &mut *graph.nodes[k].run.get() };
        if let Some(Err(payload)) = closure
            .as_mut()
            .map(|f| catch_unwind(AssertUnwindSafe(|| f(task))))
        {
            group.fail(payload);
        }
    };
    // SAFETY: as the caller promises; the group waits for the task. The last one touches nothing of the group.
    unsafe {
        group.enter(hand, run);
        graph.end(k, hand, group);
        Group::ended(group, hand);
    }
}

impl fmt::Debug for TaskGraph<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TaskGraph")
            .field("tasks", &self.tasks)
            .finish_non_exhaustive()
    }
}
impl fmt::Debug for Recorder<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Recorder").finish_non_exhaustive()
    }
}
