//! Who posts to whom in a large team: a tree along the topology.
//!
//! A line that changes hands costs more the farther it goes, and one thread can have only so many
//! transfers under way. So a large team is posted to, and joined, by a tree: the first thread of each
//! last-level cache leads the others there, eight to a parent; these leaders follow the first of their
//! NUMA node, sixteen to a parent; and those follow the primary, eight to a parent. Up to sixteen threads
//! in one cache are the primary's own children: no deeper tree is faster there.

use std::collections::BTreeMap;
use std::ops::Range;

/// The largest team in one last-level cache whose primary posts to all.
const FLAT: usize = 16;
/// Children of a parent: inside a cache, among the caches of a node, among nodes.
const ARITY: [usize; 3] = [8, 16, 8];

/// Where a thread runs, as far as it is known: NUMA node and last-level cache.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Spot {
    pub(crate) node: Option<usize>,
    pub(crate) llc: Option<usize>,
}

/// The children of each thread.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Tree {
    children: Vec<u32>,
    /// Where each thread's children stand in `children`.
    of: Vec<Range<u32>>,
}

impl Tree {
    /// The tree of a team whose thread `k` runs at `spots[k]`; `None`: the primary posts to all.
    pub(crate) fn new(spots: &[Spot]) -> Option<Box<Tree>> {
        let one = spots.iter().all(|s| *s == spots[0]);
        if one && spots.len() <= FLAT || spots.len() <= 2 {
            return None;
        }
        let mut lists: Vec<Vec<u32>> = vec![Vec::new(); spots.len()];
        let domains = groups((0..spots.len() as u32).map(|t| (spots[t as usize], t)));
        let leaders = |groups: &[Vec<u32>]| groups.iter().map(|g| g[0]).collect::<Vec<_>>();
        let of_node = |t: u32| (spots[t as usize].node, t);
        let nodes = groups(leaders(&domains).into_iter().map(of_node));
        // Far children first: their transfers take longest.
        heap(&leaders(&nodes), ARITY[2], &mut lists);
        nodes.iter().for_each(|n| heap(n, ARITY[1], &mut lists));
        domains.iter().for_each(|d| heap(d, ARITY[0], &mut lists));
        let mut tree = Tree {
            children: Vec::new(),
            of: Vec::new(),
        };
        for list in lists {
            let start = tree.children.len() as u32;
            tree.children.extend(list);
            tree.of.push(start..tree.children.len() as u32);
        }
        Some(Box::new(tree))
    }

    /// The threads that thread `num` posts to.
    #[inline(always)]
    pub(crate) fn children(&self, num: usize) -> &[u32] {
        let r = &self.of[num];
        &self.children[r.start as usize..r.end as usize]
    }
}

/// Threads with equal keys, each group in order of thread number, the groups in order of their first.
fn groups<K: Ord>(threads: impl Iterator<Item = (K, u32)>) -> Vec<Vec<u32>> {
    let mut by_key: BTreeMap<K, Vec<u32>> = BTreeMap::new();
    threads.for_each(|(key, t)| by_key.entry(key).or_default().push(t));
    let mut all: Vec<_> = by_key.into_values().collect();
    all.sort();
    all
}

/// Makes the first of `threads` the root of the others, `arity` to a parent.
fn heap(threads: &[u32], arity: usize, lists: &mut [Vec<u32>]) {
    for (k, &t) in threads.iter().enumerate().skip(1) {
        lists[threads[(k - 1) / arity] as usize].push(t);
    }
}

/// An iterator over a thread's children.
#[derive(Clone)]
pub(crate) enum Children<'t> {
    All(Range<usize>),
    Some(std::slice::Iter<'t, u32>),
}

impl Iterator for Children<'_> {
    type Item = usize;
    #[inline(always)]
    fn next(&mut self) -> Option<usize> {
        match self {
            Children::All(r) => r.next(),
            Children::Some(i) => i.next().map(|&t| t as usize),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Depth of each thread, if each is reached once.
    fn depths(tree: &Tree) -> Vec<usize> {
        let mut depth = vec![usize::MAX; tree.of.len()];
        let mut next = vec![(0, 0)];
        while let Some((t, d)) = next.pop() {
            assert_eq!(depth[t], usize::MAX, "thread {t} has two parents");
            depth[t] = d;
            next.extend(tree.children(t).iter().map(|&c| (c as usize, d + 1)));
        }
        depth
    }

    proptest! {
        #[test]
        fn every_thread_is_reached_once(spots in prop::collection::vec((0usize..4, 0usize..3), 1..200)) {
            let spot = |&(n, l): &(usize, usize)| Spot { node: Some(n), llc: Some(3 * n + l) };
            let spots: Vec<_> = spots.iter().map(spot).collect();
            if let Some(tree) = Tree::new(&spots) {
                let depth = depths(&tree);
                prop_assert!(depth.iter().all(|&d| d != usize::MAX));
                // Only leaders have children beyond their cache.
                for t in 0..spots.len() {
                    let first = spots.iter().position(|s| *s == spots[t]) == Some(t);
                    let here = tree.children(t).iter().all(|&c| spots[c as usize] == spots[t]);
                    prop_assert!(first || here);
                }
            }
        }
    }

    fn machine(nodes: usize, llcs: usize, cores: usize) -> Vec<Spot> {
        let spot = |k: usize| Spot {
            node: Some(k / (llcs * cores)),
            llc: Some(k / cores),
        };
        (0..nodes * llcs * cores).map(spot).collect()
    }

    #[test]
    fn small_teams_in_one_cache_are_flat() {
        for n in 1..=16 {
            assert_eq!(Tree::new(&machine(1, 1, n)), None);
        }
        assert_eq!(Tree::new(&vec![Spot::default(); 16]), None);
        assert!(Tree::new(&machine(1, 1, 17)).is_some());
        assert!(Tree::new(&machine(1, 2, 2)).is_some());
    }

    #[test]
    fn the_tree_follows_caches_and_nodes() {
        // Two nodes of two caches of four cores.
        let tree = Tree::new(&machine(2, 2, 4)).unwrap();
        assert_eq!(tree.children(0), [8, 4, 1, 2, 3], "far children first");
        assert_eq!(tree.children(8), [12, 9, 10, 11]);
        assert_eq!(tree.children(4), [5, 6, 7]);
        assert!(tree.children(3).is_empty());
    }

    #[test]
    fn large_machines_stay_shallow() {
        // 2 sockets of 16 caches of 8 cores; and 64 cores in one cache.
        for (spots, deepest) in [(machine(2, 16, 8), 3), (machine(1, 1, 64), 2)] {
            let tree = Tree::new(&spots).unwrap();
            assert_eq!(depths(&tree).into_iter().max(), Some(deepest));
        }
    }
}
