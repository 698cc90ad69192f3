//! Counts the nodes of a tree that nobody knows beforehand, and whose branches differ by orders of magnitude: the
//! problem of Olivier et al., "UTS: An Unbalanced Tree Search Benchmark" (2006), with another source of random numbers.
//!
//! `cargo run --release --example tree_search -- --binomial`

#![forbid(unsafe_code)]

mod common;

use common::{Arguments, Random, compare, refuse, start_team};
use phalanx::prelude::*;
use std::time::Instant;

const HELP: &str = "\
Counts the nodes of an unbalanced tree by tasks, and once more by one thread, compared.

    cargo run --release --example tree_search -- [OPTIONS]

    --seed N        another tree (default: 19)
    --depth D       a node at depth d has (1 - d/D) B children on average (default: 14)
    --branch B      (default: 6)
    --binomial      instead: the root has 2000 children, other nodes have 8 or none
    --chance Q      of having 8 (default: 0.1249); only below 1/8 does the tree end";

/// What kind of tree. A node is a number, from which those of its children follow.
#[derive(Clone, Copy)]
enum Tree {
    Geometric { depth: u32, branch: f64 },
    Binomial { chance: f64 },
}

#[derive(Clone, Copy)]
struct Node {
    number: u64,
    depth: u32,
}

impl Tree {
    fn children(self, node: Node) -> impl Iterator<Item = Node> {
        let mut random = Random(node.number);
        let unit = random.unit();
        let count = match self {
            Tree::Binomial { .. } if node.depth == 0 => 2000,
            Tree::Binomial { chance } => 8 * u32::from(unit < chance),
            Tree::Geometric { depth, branch } => {
                // The number of failures before a success whose mean is `mean`.
                let mean = branch * (1.0 - f64::from(node.depth) / f64::from(depth)).max(0.0);
                let chance = 1.0 / (1.0 + mean);
                ((1.0 - unit).ln() / (1.0 - chance).ln()) as u32
            }
        };
        (0..count).map(move |_| Node {
            number: random.next(),
            depth: node.depth + 1,
        })
    }

    /// How many nodes such trees have on average.
    fn mean(self) -> f64 {
        match self {
            Tree::Binomial { chance } => 1.0 + 2000.0 / (1.0 - 8.0 * chance),
            Tree::Geometric { depth, branch } => {
                let (mut total, mut level) = (0.0, 1.0);
                for d in 0..=depth {
                    total += level;
                    level *= branch * (1.0 - f64::from(d) / f64::from(depth));
                }
                total
            }
        }
    }
}

/// What a search finds.
#[derive(Default, Debug, PartialEq)]
struct Found {
    nodes: u64,
    leaves: u64,
    deepest: u32,
}

impl Found {
    /// Looks at a node, and leaves its children to be looked at.
    #[inline]
    fn visit(&mut self, tree: Tree, node: Node, open: &mut Vec<Node>) {
        let before = open.len();
        open.extend(tree.children(node));
        self.nodes += 1;
        self.leaves += u64::from(open.len() == before);
        self.deepest = self.deepest.max(node.depth);
    }
}

fn sequential(tree: Tree, root: Node) -> Found {
    let (mut found, mut open) = (Found::default(), vec![root]);
    while let Some(node) = open.pop() {
        found.visit(tree, node, &mut open);
    }
    found
}

/// What all tasks have found.
#[derive(Default)]
struct Totals {
    nodes: Atomic<u64>,
    leaves: Atomic<u64>,
    deepest: Atomic<u32>,
}

/// Searches below some nodes; while that is more than a few, the older half, from which most is to be expected,
/// becomes a task.
fn search<'s>(task: &Task<'s>, tree: Tree, mut open: Vec<Node>, totals: &'s Totals) {
    let mut found = Found::default();
    while let Some(node) = open.pop() {
        found.visit(tree, node, &mut open);
        if open.len() >= 64 {
            let newer = open.split_off(open.len() / 2);
            let older = std::mem::replace(&mut open, newer);
            task.task(move |task| search(task, tree, older, totals));
        }
    }
    totals.nodes.add(found.nodes);
    totals.leaves.add(found.leaves);
    totals.deepest.max(found.deepest);
}

fn main() {
    let mut arguments = Arguments::new(HELP);
    let seed = arguments.number("--seed", 0..=u64::MAX).unwrap_or(19);
    let tree = if arguments.flag("--binomial") {
        let chance = arguments
            .number("--chance", 0.0..=0.124999)
            .unwrap_or(0.1249);
        Tree::Binomial { chance }
    } else {
        let depth = arguments.number("--depth", 1..=10_000).unwrap_or(14);
        let branch = arguments.number("--branch", 0.001..=1000.0).unwrap_or(6.0);
        Tree::Geometric { depth, branch }
    };
    arguments.end();
    let mean = tree.mean();
    if mean > 1e10 {
        refuse(format!(
            "such a tree has {mean:.1e} nodes on average: more than 1e10"
        ));
    }

    let root = Node {
        number: seed,
        depth: 0,
    };
    let start = Instant::now();
    let expected = sequential(tree, root);
    let alone = start.elapsed();

    start_team();
    let totals = Totals::default();
    let start = Instant::now();
    taskgroup(|tg| search(tg, tree, vec![root], &totals));
    let together = start.elapsed();

    let found = Found {
        nodes: totals.nodes.load(),
        leaves: totals.leaves.load(),
        deepest: totals.deepest.load(),
    };
    println!("{found:?}; {mean:.0} nodes on average");
    compare(alone, together);
    assert_eq!(found, expected, "one thread finds something else");
    println!("verified: identical to the sequential search");
}
