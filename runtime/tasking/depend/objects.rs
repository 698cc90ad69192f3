//! What the tasks of a group depend on: for each object, who used it last.

use super::super::options::TaskOptions;
use super::history::{Graph, History};
use super::node::{Job, Node, Token};
use std::cell::RefCell;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

/// The types of dependences (OpenMP 6.0, "depend Clause").
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    In,
    Out,
    InOut,
    MutexInOutSet,
    InOutSet,
}

impl Kind {
    /// How the clause spells it.
    pub(super) fn name(self) -> &'static str {
        match self {
            Kind::In => "in",
            Kind::Out => "out",
            Kind::InOut => "inout",
            Kind::MutexInOutSet => "mutexinoutset",
            Kind::InOutSet => "inoutset",
        }
    }
    /// Whether the task gets a `&mut`.
    pub(super) fn writes(self) -> bool {
        !matches!(self, Kind::In | Kind::InOutSet)
    }
    /// Whether tasks with the same kind that follow each other have no order.
    pub(super) fn is_set(self) -> bool {
        !matches!(self, Kind::Out | Kind::InOut)
    }
}

/// An object that a task names.
#[derive(Clone, Copy)]
pub struct Named {
    pub(super) group: u64,
    pub(super) index: usize,
    pub(super) kind: Kind,
}

/// A number that nothing else has that makes handles.
pub(super) fn next_id() -> u64 {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    // Relaxed: it only has to be another one each time.
    NEXT.fetch_add(1, Ordering::Relaxed)
}

/// What a group with dependences has.
pub(in super::super) struct Depend {
    /// Nodes that have not ended. Relaxed: it bounds, it orders nothing.
    live: AtomicUsize,
    /// A number that no other group has ever had.
    id: u64,
    objects: RefCell<Vec<Entry>>,
}

/// One object.
#[derive(Default)]
struct Entry {
    history: History<Arc<Node>>,
    token: Option<Arc<Token>>,
}

impl Depend {
    pub(in super::super) fn new() -> Self {
        Depend {
            live: AtomicUsize::new(0),
            id: next_id(),
            objects: RefCell::new(Vec::new()),
        }
    }
    pub(super) fn id(&self) -> u64 {
        self.id
    }
    pub(super) fn live(&self) -> usize {
        self.live.load(Ordering::Relaxed)
    }
    pub(super) fn one_more(&self) {
        self.live.fetch_add(1, Ordering::Relaxed);
    }
    pub(in super::super) fn one_less(&self) {
        self.live.fetch_sub(1, Ordering::Relaxed);
    }

    /// A new object; returns its number.
    pub(super) fn object(&self) -> usize {
        let mut objects = self.objects.borrow_mut();
        objects.push(Entry::default());
        objects.len() - 1
    }

    /// The tokens that a task with these accesses needs, in the order of the objects.
    pub(super) fn tokens(&self, named: &[Named]) -> Box<[Arc<Token>]> {
        let mut indices: Vec<usize> = named
            .iter()
            .filter(|n| n.kind == Kind::MutexInOutSet)
            .map(|n| n.index)
            .collect();
        indices.sort_unstable();
        let mut objects = self.objects.borrow_mut();
        let mut token = |i: usize| objects[i].token.get_or_insert_with(Token::new).clone();
        indices.into_iter().map(&mut token).collect()
    }

    /// The node follows whom it has to, and is from now on among those who used the objects last.
    pub(super) fn enter(&self, node: &Arc<Node>, named: &[Named]) {
        let mut objects = self.objects.borrow_mut();
        named
            .iter()
            .for_each(|n| objects[n.index].history.enter(node, n.kind, &mut Live));
    }
}

/// The graph of tasks that have been submitted.
struct Live;

impl Graph<Arc<Node>> for Live {
    fn follow(&mut self, node: &Arc<Node>, before: &Arc<Node>) {
        node.follow(before);
    }
    fn has_ended(&self, node: &Arc<Node>) -> bool {
        node.has_ended()
    }
    fn gate(&mut self, before: &[Arc<Node>]) -> Arc<Node> {
        let gate = Node::new(Job::Gate, Box::new([]), TaskOptions::new());
        before.iter().for_each(|b| gate.follow(b));
        gate.open_gate();
        gate
    }
}

/// # Panics
///
/// When an object is named twice and one of the two is written, or when one is another group's.
#[track_caller]
pub(super) fn check(named: &[Named], id: u64) {
    let mut sorted: Vec<(usize, usize)> = Vec::with_capacity(named.len());
    for (position, n) in named.iter().enumerate() {
        assert!(
            n.group == id,
            "access {position} (`{}`) of a task names an object that was made by another group: the tasks of this one would \
             not be ordered with those of that; make the handle with this group's `dep`",
            n.kind.name()
        );
        sorted.push((n.index, position));
    }
    sorted.sort_unstable();
    for pair in sorted.windows(2) {
        let (a, b) = (named[pair[0].1], named[pair[1].1]);
        assert!(
            a.index != b.index || (a.kind == b.kind && !a.kind.writes()),
            "a task names the same object twice: object {} (made by the group's {}. `dep`), as `{}` (access {}) and as `{}` \
             (access {}): it would have a `&mut` beside another reference; name it once",
            a.index,
            a.index + 1,
            a.kind.name(),
            pair[0].1,
            b.kind.name(),
            pair[1].1
        );
    }
}
