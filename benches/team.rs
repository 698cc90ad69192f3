//! Criterion benches of the team: fork and join, barriers. For our own regressions; the figures beside
//! other libraries come from `benches/peers`.

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use phalanx::prelude::*;
use std::hint::black_box;
use std::sync::Mutex;
use std::time::{Duration, Instant};

fn fork_join(c: &mut Criterion) {
    let mut group = c.benchmark_group("fork_join");
    for threads in [1, 2, 4, 8, 64] {
        group.bench_with_input(BenchmarkId::from_parameter(threads), &threads, |b, &n| {
            b.iter(|| {
                parallel_for(Static.num_threads(n), 0..n, |i| {
                    black_box(i);
                });
            });
        });
    }
    group.finish();
}

fn barrier(c: &mut Criterion) {
    let mut group = c.benchmark_group("barrier");
    for threads in [2, 4, 8, 64] {
        group.bench_with_input(BenchmarkId::from_parameter(threads), &threads, |b, &n| {
            b.iter_custom(|rounds| {
                let took = Mutex::new(Duration::ZERO);
                region(Static.num_threads(n), (), |member, ()| {
                    member.barrier();
                    let start = Instant::now();
                    (0..rounds).for_each(|_| member.barrier());
                    if member.thread_num() == 0 {
                        *took.lock().unwrap() = start.elapsed();
                    }
                });
                took.into_inner().unwrap()
            });
        });
    }
    group.finish();
}

criterion_group!(team, fork_join, barrier);
criterion_main!(team);
