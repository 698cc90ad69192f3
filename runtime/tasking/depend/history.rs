//! Who used an object last: from which follows whom the next one comes after. README, "Dependences".

use super::objects::Kind;
use std::mem::take;

/// Where nodes and edges are.
pub(super) trait Graph<N> {
    /// `node` comes after `before`; nothing if they are the same.
    fn follow(&mut self, node: &N, before: &N);
    /// Whether nothing need come after it any more.
    fn has_ended(&self, node: &N) -> bool;
    /// A node that runs nothing and comes after all of these: between sets, so that the edges are as many as both have nodes, not
    /// as the pairs.
    fn gate(&mut self, before: &[N]) -> N;
}

/// One object's past.
pub(super) struct History<N> {
    /// What those want of it who are in `last`.
    kind: Option<Kind>,
    /// Those who use it at the same time, or the one that uses it alone, as submitted last.
    last: Vec<N>,
    /// With so many, those that have ended are thrown out.
    full: usize,
    /// Those whom each of these follows.
    before: Vec<N>,
}

/// As many as are not worth looking through.
const FEW: usize = 32;

impl<N> Default for History<N> {
    fn default() -> Self {
        History {
            kind: None,
            last: Vec::new(),
            full: FEW,
            before: Vec::new(),
        }
    }
}

impl<N: Clone> History<N> {
    /// The next one that uses it.
    pub(super) fn enter(&mut self, node: &N, kind: Kind, graph: &mut impl Graph<N>) {
        if !kind.is_set() || self.kind != Some(kind) {
            let mut before = take(&mut self.last);
            before.retain(|n| !graph.has_ended(n));
            if kind.is_set() && before.len() > 1 {
                before = vec![graph.gate(&before)];
            }
            (self.kind, self.before, self.full) = (Some(kind), before, FEW);
        }
        self.before.iter().for_each(|b| graph.follow(node, b));
        if self.last.len() >= self.full {
            self.last.retain(|n| !graph.has_ended(n));
            self.full = FEW.max(2 * self.last.len());
        }
        self.last.push(node.clone());
    }
}
