//! Criterion benches of loops: schedules, reductions, and the kernels of `benches/peers`. For our own
//! regressions.

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use phalanx::prelude::*;
use std::hint::black_box;

#[omp]
fn axpy(a: f64, x: &[f64], y: &mut [f64]) {
    #[parallel_for(schedule(static), disjoint(y))]
    for i in 0..x.len() {
        y[i] += a * x[i];
    }
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
fn sweep(a: &Grid2<f64>, b: &mut Grid2<f64>) {
    let (rows, cols) = a.shape();
    #[parallel_for(schedule(static), disjoint(b))]
    for i in 1..rows - 1 {
        for j in 1..cols - 1 {
            b[i][j] = 0.25 * (a[i - 1][j] + a[i + 1][j] + a[i][j - 1] + a[i][j + 1]);
        }
    }
}

fn kernels(c: &mut Criterion) {
    let mut group = c.benchmark_group("kernels");
    for n in [1_000, 100_000, 10_000_000] {
        let x = NumaVec::filled(Static, n, 1.0);
        let mut y = NumaVec::filled(Static, n, 2.0);
        group.throughput(Throughput::Elements(n as u64));
        group.bench_with_input(BenchmarkId::new("axpy", n), &n, |b, _| {
            b.iter(|| axpy(black_box(1e-9), &x, &mut y));
        });
        group.bench_with_input(BenchmarkId::new("dot", n), &n, |b, _| {
            b.iter(|| black_box(dot(&x, &y)));
        });
    }
    for n in [250, 2000] {
        let mut a = Grid2::from_fn(Static, n, n, |i, j| (i + j) as f64);
        let mut g = a.clone();
        group.throughput(Throughput::Elements((n * n) as u64));
        group.bench_with_input(BenchmarkId::new("sweep", n), &n, |b, _| {
            b.iter(|| {
                sweep(&a, &mut g);
                std::mem::swap(&mut a, &mut g);
            });
        });
    }
    group.finish();
}

/// 10,000 iterations of some 20 ns each.
fn schedules(c: &mut Criterion) {
    let mut group = c.benchmark_group("schedules");
    for s in [
        Static,
        StaticChunk(1),
        Dynamic(1),
        Dynamic(64),
        MonotonicDynamic(1),
        Guided(1),
    ] {
        group.bench_with_input(BenchmarkId::from_parameter(s), &s, |b, &s| {
            b.iter(|| {
                parallel_for(s, 0..10_000u64, |i| {
                    (0..18).fold(i, |x, _| {
                        black_box(x.wrapping_mul(6_364_136_223_846_793_005))
                    });
                });
            });
        });
    }
    group.finish();
}

criterion_group!(loops, kernels, schedules);
criterion_main!(loops);
