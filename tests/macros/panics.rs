//! What an iteration does not own, it cannot reach: the panic says who owns what.

use phalanx::prelude::*;
use std::panic::{AssertUnwindSafe, catch_unwind};

fn message(f: impl FnOnce()) -> String {
    let payload = catch_unwind(AssertUnwindSafe(f)).expect_err("must panic");
    let text = payload.downcast_ref::<&str>().map(|s| (*s).to_owned());
    text.or_else(|| payload.downcast_ref::<String>().cloned())
        .expect("a message")
}

#[omp]
fn permuted(y: &mut [u32], perm: &[usize]) {
    #[parallel_for(disjoint(y), num_threads(1))]
    for i in 0..perm.len() {
        let i = perm[i];
        y[i] = 1;
    }
}

#[omp]
fn beyond(y: &mut [u32], n: usize) {
    #[parallel_for(disjoint(y), num_threads(2))]
    for i in 0..n {
        y[i] = 1;
    }
}

#[omp]
fn other_row(g: &mut Grid2<u32>, by: usize) {
    #[parallel_for(disjoint(g), num_threads(1))]
    for i in 0..2 {
        for j in 0..3 {
            g[i + by][j] = 1;
        }
    }
}

#[omp]
fn other_cell(g: &mut Grid2<u32>, by: usize) {
    #[parallel_for(disjoint(g), collapse(2), num_threads(1))]
    for i in 0..2 {
        for j in 0..3 {
            g[i][j + by] = 1;
        }
    }
}

#[omp]
fn negative(y: &mut [u32]) {
    #[parallel_for(disjoint(y), num_threads(1))]
    for i in -1..3i32 {
        y[i as usize] = 1;
    }
}

#[test]
fn the_owner_is_named() {
    let mut y = vec![0; 4];
    permuted(&mut y, &[0, 1, 2, 3]);
    let m = message(|| permuted(&mut y, &[1, 0]));
    assert_eq!(
        m,
        "iteration 0 owns only element 0 of a `disjoint` array, and touched element 1"
    );
    assert_eq!(
        message(|| beyond(&mut y, 5)),
        "index 4 of a `disjoint` array of 4"
    );
    let mut g = Grid2::filled(3, 3, 0);
    other_row(&mut g, 0);
    let m = message(|| other_row(&mut g, 1));
    assert_eq!(
        m,
        "iteration 0 owns only row 0 of a `disjoint` array, and touched row 1"
    );
    other_cell(&mut g, 0);
    let m = message(|| other_cell(&mut g, 2));
    assert_eq!(
        m,
        "iteration 0 owns only element 0 of a `disjoint` array, and touched element 2"
    );
    let m = message(|| negative(&mut y));
    assert!(m.contains("owns no element"), "{m}");
}
