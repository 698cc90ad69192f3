//! Loops whose machine code `benches/packed/run` looks at: safe, annotated, as a user writes them.

#![deny(unsafe_code)]
#![allow(
    clippy::needless_range_loop,
    reason = "loops are written as in OpenMP's programs"
)]

#[allow(unsafe_code, reason = "what the safe ones are compared with")]
mod raw;

use phalanx::prelude::*;
use std::hint::black_box;

#[omp]
#[inline(never)]
fn axpy(a: f64, x: &[f64], y: &mut [f64]) {
    #[parallel_for(schedule(static), disjoint(y))]
    for i in 0..x.len() {
        y[i] += a * x[i];
    }
}

#[omp]
#[inline(never)]
fn stencil3(a: &[f64], b: &mut [f64]) {
    #[parallel_for(schedule(static), disjoint(b))]
    for i in 1..a.len() - 1 {
        b[i] = (a[i - 1] + a[i] + a[i + 1]) * (1.0 / 3.0);
    }
}

#[omp]
#[inline(never)]
fn heat_sweep(a: &Grid2<f64>, b: &mut Grid2<f64>) {
    let (rows, cols) = a.shape();
    #[parallel_for(schedule(static), disjoint(b))]
    for i in 1..rows - 1 {
        for j in 1..cols - 1 {
            b[i][j] = 0.25 * (a[i - 1][j] + a[i + 1][j] + a[i][j - 1] + a[i][j + 1]);
        }
    }
}

#[omp]
#[inline(never)]
fn dot(x: &[f64], y: &[f64]) -> f64 {
    let mut sum = 0.0;
    #[parallel_for(schedule(static), reduction(+: sum))]
    for (x, y) in (x, y) {
        sum += x * y;
    }
    sum
}

#[omp]
#[inline(never)]
fn row_scale(g: &mut Grid2<f64>) {
    #[parallel_for(schedule(static))]
    for row in g.rows_mut() {
        for j in 0..row.len() {
            row[j] *= 0.5;
        }
    }
}

#[omp]
#[inline(never)]
fn column_scale(g: &mut Grid2<f64>) {
    #[parallel_for(schedule(static))]
    for mut col in g.cols_mut() {
        for i in 0..col.len() {
            col[i] *= 0.5;
        }
    }
}

#[omp]
#[inline(never)]
fn column_sweep(g: &mut Grid2<f64>) {
    #[parallel_for(schedule(static))]
    for mut col in g.cols_mut() {
        for i in 1..col.len() {
            col[i] += 0.5 * col[i - 1];
        }
    }
}

#[omp]
#[inline(never)]
fn red_black(g: &mut Grid2<f64>) {
    #[parallel_for(schedule(static))]
    for (_i, up, me, down) in g.red_black(1) {
        for j in 0..me.len() {
            me[j] = 0.5 * (up[j] + down[j]);
        }
    }
}

#[omp]
#[inline(never)]
fn strided(v: &mut [f64], step: usize) {
    #[parallel_for(schedule(static))]
    for x in strided_mut(v, 0, step) {
        *x *= 0.5;
    }
}

#[omp]
#[inline(never)]
fn region_axpy(a: f64, x: &[f64], y: &mut [f64]) {
    #[parallel(shared(y))]
    {
        #[for_each(schedule(static), disjoint(y))]
        for i in 0..x.len() {
            y[i] += a * x[i];
        }
    }
}

#[omp]
#[inline(never)]
fn region_rows(g: &mut Grid2<f64>) {
    #[parallel(shared(g))]
    {
        #[for_each(schedule(static))]
        for row in g.rows_mut() {
            for j in 0..row.len() {
                row[j] *= 0.5;
            }
        }
    }
}

#[omp]
#[inline(never)]
fn region_columns(g: &mut Grid2<f64>) {
    #[parallel(shared(g))]
    {
        #[for_each(schedule(static))]
        for mut col in g.cols_mut() {
            for i in 0..col.len() {
                col[i] *= 0.5;
            }
        }
    }
}

fn main() {
    let (x, mut y) = (vec![1.0; 1000], vec![2.0; 1000]);
    axpy(black_box(3.0), &x, &mut y);
    region_axpy(black_box(-3.0), &x, &mut y);
    axpy(black_box(3.0), &x, &mut y);
    stencil3(&x, &mut y);
    assert_eq!(dot(&x, &x), 1000.0);
    let a = Grid2::filled(100, 100, 1.0);
    let mut b = a.clone();
    heat_sweep(&a, &mut b);
    assert_eq!((y[500], b[50][50]), (1.0, 1.0));
    views();
}

/// The views, and the raw loops: both compute the same.
#[allow(unsafe_code, reason = "what the safe ones are compared with")]
fn views() {
    let mut g = Grid2::from_fn(Static, 50, 60, |i, j| (i * j) as f64);
    let mut h = g.clone();
    let (mut x, mut y) = (vec![1.0; 1000], vec![1.0; 1000]);
    row_scale(&mut g);
    column_scale(&mut g);
    region_rows(&mut g);
    region_columns(&mut g);
    column_sweep(&mut g);
    red_black(&mut g);
    strided(&mut x, black_box(3));
    let p = h.as_mut_slice().as_mut_ptr();
    // SAFETY: the ranges are those of the grid's rows and columns, and of the arrays' elements.
    unsafe {
        for _ in 0..2 {
            raw::row_scale(p, black_box(60), 0..50);
            raw::column_scale(p, black_box(50), black_box(60), 0..60);
        }
        raw::column_sweep(p, black_box(50), black_box(60), 0..60);
        raw::red_black(p, black_box(60), 0..24);
        raw::strided(y.as_mut_ptr(), black_box(3), 0..334);
        assert!(g == h && x == y);
        raw::axpy(black_box(2.0), x.as_ptr(), y.as_mut_ptr(), 0..1000);
    }
    assert_eq!((y[0], y[1]), (1.5, 3.0));
}
