//! Rows inside regions.

use kernels::{ORDERED, Row, SQUARE, SWEEPS, op};
use phalanx::prelude::*;
use std::hint::black_box;
use std::sync::Mutex;
use std::time::{Duration, Instant};

/// `n` operations in one region, timed on its primary after a barrier.
pub fn timed(threads: usize, f: impl Fn(&mut Ctx<'_>) + Sync + 'static) -> Option<Row> {
    timed_as_one(threads, move |cx, n| (0..n).for_each(|_| f(cx)))
}

/// The same, where `f` does all `n`.
pub fn timed_as_one(threads: usize, f: impl Fn(&mut Ctx<'_>, u64) + Sync + 'static) -> Option<Row> {
    Some(Row::Timed(Box::new(move |n| {
        let took = Mutex::new(Duration::ZERO);
        region(Static.num_threads(threads), (), |cx, ()| {
            cx.barrier();
            let start = Instant::now();
            f(cx, n);
            if cx.thread_num() == 0 {
                *took.lock().unwrap() = start.elapsed();
            }
        });
        took.into_inner().unwrap()
    })))
}

pub fn barriers(threads: usize) -> Option<Row> {
    timed(threads, |cx| cx.barrier())
}

fn ten_loops() {
    region(Static.num_threads(2), (), |cx, ()| {
        for _ in 0..10 {
            cx.for_each(Static, 0..2, (), |i: i32, ()| {
                black_box(i);
            });
        }
    });
}

#[omp]
fn stencil(a: &mut Grid2<f64>, b: &mut Grid2<f64>) {
    let (rows, cols) = a.shape();
    #[parallel(num_threads(2), shared(a, b))]
    {
        for _ in 0..SWEEPS {
            #[for_each(schedule(static), reads(a), disjoint(b))]
            for i in 1..rows - 1 {
                for j in 1..cols - 1 {
                    b[i][j] = 0.25 * (a[i - 1][j] + a[i + 1][j] + a[i][j - 1] + a[i][j + 1]);
                }
            }
            #[for_each(schedule(static), reads(b), disjoint(a))]
            for i in 1..rows - 1 {
                for j in 1..cols - 1 {
                    a[i][j] = 0.25 * (b[i - 1][j] + b[i + 1][j] + b[i][j - 1] + b[i][j + 1]);
                }
            }
        }
    }
}

fn ordered() {
    let mut last = 0u64;
    region(Static.num_threads(2), shared(&mut last), |cx, mut last| {
        let turns = last.whole_mut();
        cx.for_each_ordered(StaticChunk(1), 0..ORDERED, (), turns, |i, (), turn| {
            turn.take(|last| *last = last.wrapping_mul(3) + i);
        });
    });
    black_box(last);
}

threadprivate! {
    static MINE: u64 = 0;
}

pub fn row(name: &str) -> Option<Row> {
    match name {
        "region_10_loops" => op(ten_loops),
        "region_stencil" => {
            let mut a = Grid2::from_fn(Static, SQUARE, SQUARE, |i, j| (i + j) as f64);
            let mut b = a.clone();
            op(move || stencil(&mut a, &mut b))
        }
        "single" => timed(2, |cx| cx.single((), (), |(), ()| _ = black_box(1))),
        "critical" => {
            let count = Critical::new(0u64);
            timed(2, move |_| count.with(|n| *n += 1))
        }
        "lock" => {
            let lock = Lock::new(0u64);
            timed(1, move |_| *lock.lock() += 1)
        }
        "lock_contended" => {
            let lock = Lock::new(0u64);
            timed(2, move |_| *lock.lock() += 1)
        }
        "atomic_add_f64" => {
            let sum = Atomic::new(0.0);
            timed(2, move |_| sum.add(1.0))
        }
        "threadprivate_access" => timed(2, |_| MINE.update(|n| black_box(n + 1))),
        "ordered" => op(ordered),
        "sections" => timed(2, |cx| {
            cx.sections()
                .section((), (), |(), ()| _ = black_box(1))
                .section((), (), |(), ()| _ = black_box(2))
                .run();
        }),
        "reduction_in_region" => timed(2, |cx| {
            let sum = cx.reduce(Static, 0..2u64, (), ops::Add, 0u64, |sum, i, ()| {
                *sum += black_box(i)
            });
            black_box(sum);
        }),
        _ => None,
    }
}
