//! Tiles: sparse LU and Cholesky.

use kernels::matrices::{
    BLOCKS, Blocks, Factoring, TILES, Tile, at, blocks, cholesky, divide, forward, gemm, lu, lu0,
    potrf, step, tiles, trsm, update, zero_block,
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

/// Tasks in the order of what they read and write.
fn cholesky_by_dependences(a: &mut [Tile]) {
    taskgroup(|tg| {
        let t = tg.deps(a);
        for k in 0..TILES {
            let kk = t[at(k, k)];
            tg.task_depend(kk.inout(), |_, kk| potrf(kk));
            for i in k + 1..TILES {
                let own = t[at(i, k)];
                tg.task_depend((kk.input(), own.inout()), |_, (kk, own)| trsm(kk, own));
            }
            for i in k + 1..TILES {
                for j in k + 1..=i {
                    let (left, up, own) = (t[at(i, k)], t[at(j, k)], t[at(i, j)]);
                    let accesses = (left.input(), up.input(), own.inout());
                    tg.task_depend(accesses, |_, (left, up, own)| gemm(left, up, own));
                }
            }
        }
    });
}

/// A group for the column of each step, and one for the tiles right of it.
fn cholesky_by_steps(a: &mut [Tile]) {
    let mut a = Factoring::new(a);
    taskgroup(|tg| {
        for k in 0..TILES {
            let mut column = a.column(k);
            let (top, below) = column.split_first_mut().expect("there is a diagonal");
            potrf(top);
            let top = &**top;
            tg.group(|tg| {
                for tile in below {
                    tg.task(move |_| trsm(top, tile));
                }
            });
            let column = &column;
            tg.group(|tg| {
                for (i, j, tile) in a.right_of(k) {
                    tg.task(move |_| gemm(column[i], column[j], tile));
                }
            });
        }
    });
}

fn cholesky_row(factor: fn(&mut [Tile])) -> Option<Row> {
    let (mut expected, mut a, start) = (tiles(), tiles(), tiles());
    cholesky(&mut expected);
    factor(&mut a);
    assert!(a == expected);
    timed(move || {
        a.copy_from_slice(&start);
        let at = Instant::now();
        factor(&mut a);
        at.elapsed()
    })
}

pub fn row(name: &str) -> Option<Row> {
    match name {
        "sparselu_50x50" => sparse_lu_row(),
        "cholesky_depend/depend" => cholesky_row(cholesky_by_dependences),
        "cholesky_depend/steps" => cholesky_row(cholesky_by_steps),
        _ => None,
    }
}
