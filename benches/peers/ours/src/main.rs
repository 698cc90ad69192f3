//! phalanx in the contest: annotated loops where a row is a loop, without `unsafe`.

#![forbid(unsafe_code)]

mod graph;
mod matrices;
mod regions;
mod sort;
mod tasks;
mod trees;

use kernels::{
    CROWD, ITERATIONS, MILLION, PLATE, Row, SHORT, TARGETS, TRIANGLE, op, serve, shuffled, work,
};
use phalanx::prelude::*;
use std::hint::black_box;
use std::sync::Barrier;
use std::time::Instant;

#[omp]
fn axpy(a: f64, x: &[f64], y: &mut [f64]) {
    #[parallel_for(schedule(static), disjoint(y))]
    for i in 0..x.len() {
        y[i] += a * x[i];
    }
}

#[omp]
fn sum(x: &[u64]) -> u64 {
    let mut sum = 0;
    #[parallel_for(schedule(static), reduction(+: sum))]
    for x in x {
        sum += x;
    }
    sum
}

#[omp]
fn dot(x: &[f64], y: &[f64]) -> f64 {
    let mut sum = 0.0;
    #[parallel_for(schedule(static), reduction(+: sum))]
    for (x, y) in (x, y) {
        sum += x * y;
    }
    sum
}

#[omp]
fn stencil3(a: &[f64], b: &mut [f64]) {
    #[parallel_for(schedule(static), disjoint(b))]
    for i in 1..a.len() - 1 {
        b[i] = (a[i - 1] + a[i] + a[i + 1]) * (1.0 / 3.0);
    }
}

#[omp]
fn row5(a: &Grid2<f64>, b: &mut Grid2<f64>) {
    let (rows, cols) = a.shape();
    #[parallel_for(schedule(static), disjoint(b))]
    for i in 1..rows - 1 {
        for j in 1..cols - 1 {
            b[i][j] = 0.25 * (a[i - 1][j] + a[i + 1][j] + a[i][j - 1] + a[i][j + 1]);
        }
    }
}

/// The check that no two targets are the same, and one scatter.
#[omp]
fn scatter(x: &[f64], y: &mut [f64], index: &[u32]) {
    let targets = Scatter::new(index, 0, y.len()).expect("the targets differ");
    #[parallel_for(schedule(static))]
    for (y, x) in (y.scatter(&targets), x) {
        *y += x;
    }
}

fn chunks(schedule: Schedule) {
    parallel_for(schedule, 0..ITERATIONS, |i| work(i as u64, SHORT));
}

fn triangle(schedule: Schedule) {
    parallel_for(schedule, 0..TRIANGLE, |i| work(i as u64, i as u64));
}

fn fork(threads: usize) {
    parallel_for(Static.num_threads(threads), 0..threads, |i| {
        black_box(i);
    });
}

/// Two application threads that each fork teams of two, a hundred times as often as asked: with four
/// threads on two processors a few forks say nothing.
fn two_callers() -> Option<Row> {
    Some(Row::Timed(Box::new(|n| {
        let n = 100 * n;
        let start = Barrier::new(2);
        let caller = || {
            fork(2);
            start.wait();
            let at = Instant::now();
            (0..n).for_each(|_| fork(2));
            at.elapsed()
        };
        std::thread::scope(|s| {
            let other = s.spawn(caller);
            let own = caller();
            own.max(other.join().unwrap()) / 100
        })
    })))
}

fn axpy_row(n: usize) -> Option<Row> {
    let x = NumaVec::filled(Static, n, 1.0);
    let mut y = NumaVec::filled(Static, n, 2.0);
    op(move || axpy(black_box(1e-9), &x, &mut y))
}

fn sum_row(n: usize) -> Option<Row> {
    let x = NumaVec::filled(Static, n, 1);
    op(move || assert_eq!(sum(&x), n as u64))
}

fn scatter_row(index: &[u32]) -> Option<Row> {
    let index = NumaVec::from_fn(Static, TARGETS, |i| index[i]);
    let x = NumaVec::filled(Static, TARGETS, 1.0);
    let mut y = NumaVec::filled(Static, TARGETS, 2.0);
    op(move || scatter(&x, &mut y, &index))
}

fn row(name: &str) -> Option<Row> {
    match name {
        "fork_join" => op(|| fork(2)),
        "barrier" => regions::barriers(2),
        "axpy_1k" => axpy_row(1_000),
        "axpy_100k" => axpy_row(100_000),
        "axpy_10m" => axpy_row(10_000_000),
        "sum_1k" => sum_row(1_000),
        "sum_10m" => sum_row(10_000_000),
        "dynamic_1" => op(|| chunks(Dynamic(1))),
        "dynamic_64" => op(|| chunks(Dynamic(64))),
        "triangular/static_1" => op(|| triangle(StaticChunk(1))),
        "triangular/dynamic_1" => op(|| triangle(Dynamic(1))),
        "triangular/dynamic_16" => op(|| triangle(Dynamic(16))),
        "triangular/guided" => op(|| triangle(Guided(1))),
        "fork_join_parked" => Some(Row::Parked(Box::new(|| fork(2)))),
        "fork_join_oversubscribed" => op(|| fork(CROWD)),
        "barrier_oversubscribed" => regions::barriers(CROWD),
        "two_callers" => two_callers(),
        "stencil3_1m" => {
            let a = NumaVec::from_fn(Static, MILLION, |i| i as f64);
            let mut b = NumaVec::filled(Static, MILLION, 0.0);
            op(move || stencil3(&a, &mut b))
        }
        "row5_2000" => {
            let mut a = Grid2::from_fn(Static, PLATE, PLATE, |i, j| (i + j) as f64);
            let mut b = a.clone();
            op(move || {
                row5(&a, &mut b);
                std::mem::swap(&mut a, &mut b);
            })
        }
        "dot_1m" => {
            let x = NumaVec::filled(Static, MILLION, 1.0);
            let y = NumaVec::filled(Static, MILLION, 2.0);
            op(move || assert_eq!(dot(&x, &y), 2e6))
        }
        "scatter_10m_sorted" => scatter_row(&Vec::from_iter(0..TARGETS as u32)),
        "scatter_10m_random" => scatter_row(&shuffled(TARGETS)),
        _ => regions::row(name)
            .or_else(|| tasks::row(name))
            .or_else(|| trees::row(name))
            .or_else(|| matrices::row(name))
            .or_else(|| graph::row(name))
            .or_else(|| sort::row(name)),
    }
}

fn main() {
    serve(row);
}
