//! Each clause, on several team sizes and schedules.

use phalanx::prelude::*;
use std::sync::atomic::{AtomicUsize, Ordering};

const TEAMS: [usize; 5] = [1, 2, 3, 4, 8];

#[omp]
fn axpy(threads: usize, a: f64, x: &[f64], y: &mut [f64]) {
    #[parallel_for(schedule(static), disjoint(y), num_threads(threads))]
    for i in 0..x.len() {
        y[i] += a * x[i];
    }
}

#[test]
fn disjoint_elements() {
    for n in TEAMS {
        for len in [0, 1, 2, 7, 1000, 10_007] {
            let x: Vec<f64> = (0..len).map(|i| i as f64).collect();
            let mut y = vec![1.0; len];
            axpy(n, 2.0, &x, &mut y);
            assert!(
                y.iter()
                    .enumerate()
                    .all(|(i, &y)| y == 1.0 + 2.0 * i as f64),
                "{n} {len}"
            );
        }
    }
}

#[omp]
fn schedules(threads: usize, chunk: usize, y: &mut Vec<usize>) -> usize {
    let n = y.len();
    let mut sum = 0;
    #[parallel_for(schedule(static, chunk), disjoint(y), num_threads(threads))]
    for i in 0..n {
        y[i] += i;
    }
    #[parallel_for(schedule(dynamic, chunk), disjoint(y), num_threads(threads))]
    for i in 0..n {
        y[i] += 1;
    }
    #[parallel_for(schedule(monotonic: dynamic), disjoint(y), num_threads(threads))]
    for i in 0..n {
        y[i] += 1;
    }
    #[parallel_for(schedule(nonmonotonic: dynamic, 3), disjoint(y), num_threads(threads))]
    for i in 0..n {
        y[i] += 1;
    }
    #[parallel_for(schedule(guided), disjoint(y), num_threads(threads))]
    for i in 0..n {
        y[i] += 1;
    }
    #[parallel_for(schedule(auto), disjoint(y), num_threads(threads), proc_bind(spread))]
    for i in 0..n {
        y[i] += 1;
    }
    #[parallel_for(schedule(runtime), reduction(+: sum), num_threads(threads), if(n > 10))]
    for i in 0..n {
        sum += y[i] - i;
    }
    sum
}

#[test]
fn every_schedule() {
    for n in TEAMS {
        for len in [0, 1, 11, 1234] {
            assert_eq!(schedules(n, 5, &mut vec![0; len]), 5 * len, "{n} {len}");
        }
    }
}

#[omp]
fn reductions(x: &[i64]) -> (i64, i64, i64, i64, bool, u64) {
    let (mut sum, mut lo, mut hi, mut prod) = (10, i64::MAX, i64::MIN, 1);
    let mut all = true;
    let mut bits = 0u64;
    #[parallel_for(reduction(+: sum), reduction(min: lo), reduction(max: hi), reduction(*: prod),
                   reduction(&&: all), reduction(^: bits), num_threads(3))]
    for i in 0..x.len() {
        sum += x[i];
        lo = lo.min(x[i]);
        hi = hi.max(x[i]);
        prod *= if x[i] % 50 == 0 { 2 } else { 1 };
        all = all && x[i] < 1000;
        bits ^= x[i] as u64;
    }
    (sum, lo, hi, prod, all, bits)
}

#[test]
fn several_reductions() {
    let x: Vec<i64> = (-100..100).collect();
    let bits = x.iter().fold(0, |b, &x| b ^ x as u64);
    assert_eq!(reductions(&x), (10 - 100, -100, 99, 16, true, bits));
}

#[omp]
fn floats(x: &[f64]) -> (f64, f64) {
    let (mut sum, mut hi) = (0.0, f64::MIN);
    #[parallel_for(reduction(+: sum), num_threads(2))]
    for i in 0..x.len() {
        if x[i] < 0.0 {
            continue;
        }
        sum += x[i];
    }
    #[parallel_for(reduction(max: hi))]
    for x in x {
        hi = hi.max(*x);
    }
    (sum, hi)
}

#[test]
fn sums_in_lanes_with_continue() {
    for len in [0, 1, 7, 8, 9, 1003] {
        let x: Vec<f64> = (0..len)
            .map(|i| if i % 3 == 0 { -1.0 } else { i as f64 })
            .collect();
        let want: f64 = x.iter().filter(|x| **x >= 0.0).sum();
        let (sum, hi) = floats(&x);
        assert_eq!(sum, want);
        assert_eq!(hi, x.iter().copied().fold(f64::MIN, f64::max));
    }
}

#[omp]
fn histogram(data: &[usize], into: &mut [u64], grid: &mut Vec<u32>) {
    #[parallel_for(reduction(+: into, grid), schedule(dynamic, 7), num_threads(4))]
    for &d in data {
        into[d] += 1;
        grid[d] += 2;
    }
}

#[test]
fn array_reductions() {
    let data: Vec<usize> = (0..1000).map(|i| i * i % 7).collect();
    let (mut h, mut g) = ([5u64; 7], vec![0u32; 7]);
    histogram(&data, &mut h, &mut g);
    for d in 0..7 {
        let n = data.iter().filter(|x| **x == d).count() as u64;
        assert_eq!((h[d], u64::from(g[d])), (5 + n, 2 * n));
    }
}

#[omp]
fn privates(n: usize, out: &mut [usize]) -> (usize, String) {
    let t: usize = 7;
    let mut x = 999;
    let mut name = String::from("none");
    let buffer = vec![0u8; 4];
    #[parallel_for(
        private(t),
        firstprivate(buffer),
        lastprivate(x, name),
        disjoint(out),
        schedule(dynamic, 3),
        num_threads(4)
    )]
    for i in 0..n {
        t = 2 * i;
        buffer[i % 4] = 1;
        x = i * i;
        if x % 2 == 1 {
            name = format!("odd {i}");
        } else {
            name = format!("even {}", i);
        }
        out[i] = t + buffer.len();
    }
    assert_eq!((t, buffer), (7, vec![0; 4]));
    (x, name)
}

#[test]
fn private_firstprivate_lastprivate() {
    let mut out = vec![0; 100];
    assert_eq!(privates(100, &mut out), (99 * 99, "odd 99".into()));
    assert!(out.iter().enumerate().all(|(i, &o)| o == 2 * i + 4));
    assert_eq!(privates(0, &mut []), (999, "none".into()));
}

#[omp]
fn collapsed(a: &Grid2<f64>, b: &mut Grid2<f64>) -> f64 {
    let (rows, cols) = a.shape();
    let mut sum = 0.0;
    #[parallel_for(collapse(2), disjoint(b), reduction(+: sum), num_threads(3), schedule(dynamic, 5))]
    for i in 0..rows {
        for j in 0..cols {
            b[i][j] = 2.0 * a[i][j];
            sum += a[i][j];
        }
    }
    sum
}

#[omp]
fn collapsed_three(n: usize) -> usize {
    let mut count = 0;
    let mut last = (0, 0, 0);
    #[parallel_for(collapse(3), reduction(+: count), lastprivate(last))]
    for i in 0..n {
        for j in (0..2 * n).step_by(2) {
            for k in 0..=n {
                count += i + j + k;
                last = (i, j, k);
            }
        }
    }
    if n > 0 {
        assert_eq!(last, (n - 1, 2 * n - 2, n));
    }
    count
}

#[test]
fn nests_run_as_one() {
    for (rows, cols) in [(0, 3), (3, 0), (1, 1), (7, 13), (64, 3)] {
        let a = Grid2::from_fn(Static, rows, cols, |i, j| (i * 100 + j) as f64);
        let mut b = Grid2::filled(rows, cols, 0.0);
        let sum = collapsed(&a, &mut b);
        assert_eq!(sum, a.as_slice().iter().sum::<f64>());
        assert!(
            a.as_slice()
                .iter()
                .zip(b.as_slice())
                .all(|(a, b)| *b == 2.0 * a)
        );
    }
    for n in [0, 1, 5] {
        let mut want = 0;
        for i in 0..n {
            for j in (0..2 * n).step_by(2) {
                for k in 0..=n {
                    want += i + j + k;
                }
            }
        }
        assert_eq!(collapsed_three(n), want);
    }
}

#[omp]
fn jacobi(a: &Grid2<f64>, b: &mut Grid2<f64>) -> f64 {
    let (rows, cols) = a.shape();
    let mut change = 0.0;
    #[parallel_for(disjoint(b), reduction(max: change), num_threads(2))]
    for i in 1..rows - 1 {
        for j in 1..cols - 1 {
            let next = 0.25 * (a[i - 1][j] + a[i + 1][j] + a[i][j - 1] + a[i][j + 1]);
            change = change.max((next - a[i][j]).abs());
            b[i][j] = next;
        }
    }
    change
}

#[test]
fn rows_with_a_reduction_inside() {
    for (rows, cols) in [(3, 3), (10, 37), (65, 11)] {
        let a = Grid2::from_fn(Static, rows, cols, |i, j| ((i * 31 + j * 17) % 23) as f64);
        let mut b = a.clone();
        let change = jacobi(&a, &mut b);
        let mut want = 0.0f64;
        for i in 1..rows - 1 {
            for j in 1..cols - 1 {
                let next = 0.25 * (a[i - 1][j] + a[i + 1][j] + a[i][j - 1] + a[i][j + 1]);
                assert_eq!(b[i][j], next);
                want = want.max((next - a[i][j]).abs());
            }
        }
        assert_eq!(change, want);
    }
}

/// An operator of one's own.
struct Longest;
impl Reduce<Longest> for String {
    type Shape = ();
    fn shape(&self) {}
    fn identity(_: &()) -> Self {
        String::new()
    }
    fn combine(&mut self, other: Self) {
        if other.len() > self.len() {
            *self = other;
        }
    }
}

#[omp]
fn longest(words: &[&str]) -> String {
    let mut best = String::new();
    #[parallel_for(reduction(Longest: best))]
    for w in words {
        if w.len() > best.len() {
            best = w.to_string();
        }
    }
    best
}

#[test]
fn an_operator_of_ones_own() {
    assert_eq!(longest(&["a", "abc", "ab", "xyz"]), "abc");
}

#[test]
fn the_crate_may_have_another_name() {
    mod other {
        pub use phalanx as omp_crate;
    }
    #[phalanx::omp(crate = other::omp_crate)]
    fn f() -> usize {
        let n = AtomicUsize::new(0);
        #[parallel_for(num_threads(2))]
        for i in 0..10 {
            n.fetch_add(i, Ordering::Relaxed);
        }
        n.into_inner()
    }
    assert_eq!(f(), 45);
}
