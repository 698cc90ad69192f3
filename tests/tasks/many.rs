//! Irregular trees against their sequential twins.

use crate::support::on_teams;
use phalanx::prelude::*;

/// How many children a node of an unbalanced tree has: from a hash of its name.
fn children(node: u64, depth: u32) -> u64 {
    let h = (node ^ 0x9e37_79b9)
        .wrapping_mul(0x9e37_79b9_7f4a_7c15)
        .rotate_left(29);
    let h = (h ^ u64::from(depth)).wrapping_mul(0xbf58_476d_1ce4_e5b9) >> 60;
    if depth > 14 {
        0
    } else {
        [0, 0, 1, 2, 3][h as usize % 5]
    }
}

fn sequential(node: u64, depth: u32) -> u64 {
    1 + (0..children(node, depth))
        .map(|k| sequential(node * 5 + k + 1, depth + 1))
        .sum::<u64>()
}

fn in_groups(tg: &Task<'_>, node: u64, depth: u32) -> u64 {
    let mut below = [0; 4];
    tg.group(|tg| {
        for (k, sum) in (0..children(node, depth)).zip(&mut below) {
            tg.task(move |tg| *sum = in_groups(tg, node * 5 + k + 1, depth + 1));
        }
    });
    1 + below.iter().sum::<u64>()
}

fn in_one_group<'s>(tg: &Task<'s>, node: u64, depth: u32, count: &'s Atomic<u64>) {
    count.add(1);
    for k in 0..children(node, depth) {
        tg.task(move |tg| in_one_group(tg, node * 5 + k + 1, depth + 1, count));
    }
}

#[test]
fn unbalanced_trees() {
    on_teams(|_| {
        for root in 1..40 {
            let expected = sequential(root, 0);
            assert_eq!(taskgroup(|tg| in_groups(tg, root, 0)), expected);
            let count = Atomic::new(0);
            taskgroup(|tg| in_one_group(tg, root, 0, &count));
            assert_eq!(count.into_inner(), expected);
        }
    });
}

fn sort(tg: &Task<'_>, v: &mut [u32]) {
    if v.len() <= 64 {
        v.sort_unstable();
        return;
    }
    let pivot = v[v.len() / 2];
    let mut below = 0;
    for k in 0..v.len() {
        if v[k] < pivot {
            v.swap(k, below);
            below += 1;
        }
    }
    let mut upto = below;
    for k in below..v.len() {
        if v[k] == pivot {
            v.swap(k, upto);
            upto += 1;
        }
    }
    let (left, rest) = v.split_at_mut(below);
    let right = &mut rest[upto - below..];
    tg.join(|tg| sort(tg, left), |tg| sort(tg, right));
}

#[test]
fn quicksort() {
    on_teams(|_| {
        let mut v: Vec<u32> = (0..100_000u32)
            .map(|k| k.wrapping_mul(2_654_435_761) >> 7)
            .collect();
        let mut expected = v.clone();
        expected.sort_unstable();
        taskgroup(|tg| sort(tg, &mut v));
        assert!(v == expected);
    });
}
