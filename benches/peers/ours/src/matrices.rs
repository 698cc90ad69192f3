//! Tiles: sparse LU with groups for its steps.

use kernels::matrices::{
    BLOCKS, Blocks, blocks, divide, forward, lu, lu0, step, update, zero_block,
};
use kernels::{Row, timed};
use phalanx::prelude::*;
use std::time::Instant;

fn sparse_lu(a: &mut Blocks) {
    taskgroup(|tg| {
        for k in 0..BLOCKS {
            let (diagonal, right, below) = step(a, k);
            lu0(diagonal);
            let diagonal = &*diagonal;
            let mut below: Vec<_> = below
                .filter(|row| row[k].is_some())
                .map(|row| row.split_at_mut(k + 1))
                .collect();
            tg.group(|tg| {
                for b in right.iter_mut().flatten() {
                    tg.task(move |_| forward(diagonal, b));
                }
                for (left, _) in &mut below {
                    let Some(first) = &mut left[k] else { continue };
                    tg.task(move |_| divide(diagonal, first));
                }
            });
            let right = &*right;
            tg.group(|tg| {
                for (left, inner) in below {
                    let Some(first) = &left[k] else { continue };
                    for (b, inner) in right.iter().zip(inner) {
                        let Some(b) = b else { continue };
                        tg.task(move |_| update(first, b, inner.get_or_insert_with(zero_block)));
                    }
                }
            });
        }
    });
}

fn sparse_lu_row() -> Option<Row> {
    let (mut alone, mut a) = (blocks(), blocks());
    lu(&mut alone);
    sparse_lu(&mut a);
    assert!(a == alone);
    timed(move || {
        let mut a = blocks();
        let start = Instant::now();
        sparse_lu(&mut a);
        start.elapsed()
    })
}

pub fn row(name: &str) -> Option<Row> {
    match name {
        "sparselu_50x50" => sparse_lu_row(),
        _ => None,
    }
}
