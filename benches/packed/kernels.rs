//! Loops whose machine code `benches/packed/run` looks at: safe, annotated, as a user writes them.

#![forbid(unsafe_code)]

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

fn main() {
    let (x, mut y) = (vec![1.0; 1000], vec![2.0; 1000]);
    axpy(black_box(3.0), &x, &mut y);
    stencil3(&x, &mut y);
    assert_eq!(dot(&x, &x), 1000.0);
    let a = Grid2::filled(100, 100, 1.0);
    let mut b = a.clone();
    heat_sweep(&a, &mut b);
    assert_eq!((y[500], b[50][50]), (1.0, 1.0));
}
