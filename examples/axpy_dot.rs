//! `axpy` and `dot`: the two loops that every annotated program starts with.

#![forbid(unsafe_code)]

use phalanx::prelude::*;

/// `y[i] += a * x[i]`: iteration `i` owns `y[i]`.
#[omp]
fn axpy(a: f64, x: &[f64], y: &mut [f64]) {
    #[parallel_for(schedule(static), disjoint(y))]
    for i in 0..x.len() {
        y[i] += a * x[i];
    }
}

/// The sum of `x[i] * y[i]`: each thread sums its own part, the parts are added at the end.
#[omp]
fn dot(x: &[f64], y: &[f64]) -> f64 {
    let mut sum = 0.0;
    #[parallel_for(reduction(+: sum))]
    for (x, y) in (x, y) {
        sum += x * y;
    }
    sum
}

fn main() {
    let n = 1_000_000;
    // Each element is written first by the thread that will use it.
    let x = NumaVec::from_fn(Static, n, |i| (i % 10) as f64);
    let mut y = NumaVec::filled(Static, n, 1.0);

    axpy(2.0, &x, &mut y);
    assert_eq!(y[7], 15.0);
    println!("axpy: y[7] = {}", y[7]);

    let d = dot(&x, &y);
    let expected: f64 = (0..n)
        .map(|i| (i % 10) as f64)
        .map(|x| x * (1.0 + 2.0 * x))
        .sum();
    assert_eq!(d, expected);
    println!("dot:  {d}, on {} threads", phalanx::max_threads());
}
