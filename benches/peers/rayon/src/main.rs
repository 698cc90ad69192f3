//! rayon in the contest: its own iterators, inside a pool of two.

mod matrices;
mod tasks;

use kernels::{CROWD, ITERATIONS, MILLION, PLATE, Row, SHORT, TRIANGLE, op, serve, work};
use rayon::prelude::*;
use std::hint::black_box;

fn axpy_row(n: usize) -> Option<Row> {
    let (x, mut y) = (vec![1.0f64; n], vec![2.0f64; n]);
    op(move || {
        let a = black_box(1e-9);
        y.par_iter_mut().zip(&x).for_each(|(y, x)| *y += a * x);
    })
}

fn sum_row(n: usize) -> Option<Row> {
    let x = vec![1u64; n];
    op(move || assert_eq!(x.par_iter().sum::<u64>(), n as u64))
}

fn crowd() -> Option<Row> {
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(CROWD)
        .build()
        .ok()?;
    op(move || {
        pool.broadcast(|c| {
            black_box(c.index());
        });
    })
}

fn row(name: &str) -> Option<Row> {
    // (`join` of two empty closures would run both on the caller.)
    let fork = || {
        rayon::broadcast(|c| {
            black_box(c.index());
        });
    };
    match name {
        "fork_join" => op(fork),
        "fork_join_parked" => Some(Row::Parked(Box::new(fork))),
        "fork_join_oversubscribed" => crowd(),
        "axpy_1k" => axpy_row(1_000),
        "axpy_100k" => axpy_row(100_000),
        "axpy_10m" => axpy_row(10_000_000),
        "sum_1k" => sum_row(1_000),
        "sum_10m" => sum_row(10_000_000),
        "dynamic_1" => op(|| {
            let all = (0..ITERATIONS).into_par_iter().with_max_len(1);
            all.for_each(|i| work(i as u64, SHORT));
        }),
        "dynamic_64" => op(|| {
            let all = (0..ITERATIONS).into_par_iter().with_max_len(64);
            all.for_each(|i| work(i as u64, SHORT));
        }),
        "triangular/dynamic_1" => op(|| {
            let all = (0..TRIANGLE).into_par_iter();
            all.for_each(|i| work(i as u64, i as u64));
        }),
        "stencil3_1m" => {
            let a: Vec<f64> = (0..MILLION).map(|i| i as f64).collect();
            let mut b = vec![0.0; MILLION];
            op(move || {
                let all = b[1..MILLION - 1].par_iter_mut().zip(a.par_windows(3));
                all.for_each(|(b, a)| *b = (a[0] + a[1] + a[2]) * (1.0 / 3.0));
            })
        }
        "row5_2000" => {
            let n = PLATE;
            let mut a: Vec<f64> = (0..n * n).map(|k| (k / n + k % n) as f64).collect();
            let mut b = a.clone();
            op(move || {
                let inner = b[n..n * (n - 1)].par_chunks_mut(n);
                inner
                    .zip(a.par_windows(3 * n).step_by(n))
                    .for_each(|(b, a)| {
                        let (up, rest) = a.split_at(n);
                        let (own, down) = rest.split_at(n);
                        for j in 1..n - 1 {
                            b[j] = 0.25 * (up[j] + down[j] + own[j - 1] + own[j + 1]);
                        }
                    });
                std::mem::swap(&mut a, &mut b);
            })
        }
        "dot_1m" => {
            let (x, y) = (vec![1.0f64; MILLION], vec![2.0f64; MILLION]);
            op(move || {
                let dot: f64 = x.par_iter().zip(&y).map(|(x, y)| x * y).sum();
                assert_eq!(dot, 2e6);
            })
        }
        _ => tasks::row(name),
    }
}

fn main() {
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(2)
        .build()
        .expect("rayon starts its pool");
    pool.install(|| serve(row));
}
