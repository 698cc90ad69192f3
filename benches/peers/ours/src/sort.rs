//! A merge sort by tasks.

use kernels::keys::{MERGE, RUN, keys};
use kernels::{Row, timed};
use phalanx::prelude::*;
use std::time::Instant;

/// Sorts `v`; the result is in `v`, or in `other` if `into_other`.
fn merge_sort(task: &Task<'_>, v: &mut [u32], other: &mut [u32], into_other: bool) {
    if v.len() <= RUN {
        v.sort_unstable();
        if into_other {
            other.copy_from_slice(v);
        }
        return;
    }
    let h = v.len() / 2;
    let ((v1, v2), (other1, other2)) = (v.split_at_mut(h), other.split_at_mut(h));
    task.join(
        |task| merge_sort(task, v1, other1, !into_other),
        |task| merge_sort(task, v2, other2, !into_other),
    );
    match into_other {
        true => merge(task, v1, v2, other),
        false => merge(task, other1, other2, v),
    }
}

/// Merges two sorted parts: the longer is halved, the other cut where the middle belongs.
fn merge(task: &Task<'_>, a: &[u32], b: &[u32], to: &mut [u32]) {
    let (a, b) = if a.len() < b.len() { (b, a) } else { (a, b) };
    if to.len() <= MERGE {
        return merge_alone(a, b, to);
    }
    let (a1, a2) = a.split_at(a.len() / 2);
    let (b1, b2) = b.split_at(b.partition_point(|x| *x < a2[0]));
    let (to1, to2) = to.split_at_mut(a1.len() + b1.len());
    task.join(
        |task| merge(task, a1, b1, to1),
        |task| merge(task, a2, b2, to2),
    );
}

/// From both ends at once, as far as neither part can run out; without branches on the keys.
fn merge_alone(mut a: &[u32], mut b: &[u32], mut to: &mut [u32]) {
    loop {
        let steps = a.len().min(b.len()) / 2;
        if steps < 8 {
            return merge_rest(a, b, to);
        }
        let (mut i, mut j, mut p, mut q) = (0, 0, a.len() - 1, b.len() - 1);
        let (low, rest) = to.split_at_mut(steps);
        let (middle, high) = rest.split_at_mut(rest.len() - steps);
        for (low, high) in low.iter_mut().zip(high.iter_mut().rev()) {
            let left = a[i] <= b[j];
            *low = if left { a[i] } else { b[j] };
            (i, j) = (i + usize::from(left), j + usize::from(!left));
            let right = a[p] <= b[q];
            *high = if right { b[q] } else { a[p] };
            (p, q) = (p - usize::from(!right), q - usize::from(right));
        }
        (a, b, to) = (&a[i..=p], &b[j..=q], middle);
    }
}

fn merge_rest(a: &[u32], b: &[u32], to: &mut [u32]) {
    let (mut a, mut b) = (a.iter().peekable(), b.iter().peekable());
    for to in to {
        let from_a = match (a.peek(), b.peek()) {
            (Some(x), Some(y)) => x <= y,
            (x, _) => x.is_some(),
        };
        *to = *if from_a { &mut a } else { &mut b }.next().unwrap();
    }
}

pub fn row(name: &str) -> Option<Row> {
    if name != "sort_8m/merge" {
        return None;
    }
    let keys = keys();
    let (mut v, mut other) = (keys.clone(), vec![0; keys.len()]);
    let mut expected = keys.clone();
    expected.sort_unstable();
    timed(move || {
        v.copy_from_slice(&keys);
        let start = Instant::now();
        taskgroup(|tg| merge_sort(tg, &mut v, &mut other, false));
        let took = start.elapsed();
        assert!(v == expected);
        took
    })
}
