//! `simd` loops: one thread, in lanes.

use phalanx::prelude::*;

#[omp]
fn alone(x: &[f32], y: &mut [f32]) -> (f32, f32, usize, i32) {
    let n = x.len();
    let (mut sum, mut most) = (0.0, 0.0f32);
    let (mut last, mut j) = (0, 3);
    #[simd(disjoint(y), reduction(+: sum), reduction(max: most))]
    for i in 0..n {
        y[i] += 2.0 * x[i];
        sum += x[i];
        most = most.max(x[i]);
    }
    #[simd(lastprivate(last), linear(j: -1))]
    for i in (0..n).step_by(3) {
        last = i;
        j -= 1;
    }
    (sum, most, last, j)
}

#[omp]
fn rows(a: &Grid2<f64>, out: &mut [f64], n: usize) -> f64 {
    let (rows, cols) = a.shape();
    let mut total = 0.0;
    #[parallel_for(num_threads(n), disjoint(out), reduction(+: total))]
    for i in 0..rows {
        let mut sum = 0.0;
        #[simd(reduction(+: sum))]
        for j in 0..cols {
            sum += a[i][j];
        }
        out[i] = sum;
        total += sum;
    }
    total
}

#[omp]
fn in_a_region(x: &[f64], n: usize) -> f64 {
    let mut sum = 0.0;
    let mut y = vec![0.0; x.len()];
    #[parallel(num_threads(n), shared(y, sum))]
    {
        let mut own = vec![0.0; 10];
        #[simd(disjoint(own))]
        for k in 0..10usize {
            own[k] = k as f64;
        }
        #[for_each(simd, disjoint(y), reduction(+: sum))]
        for i in 0..x.len() {
            y[i] = x[i] + own[i % 10];
            sum += y[i];
        }
    }
    #[parallel_for(simd, num_threads(n), reduction(+: sum))]
    for i in 0..x.len() {
        sum += y[i];
    }
    sum
}

#[test]
fn as_in_sequence() {
    for n in [0u8, 1, 7, 8, 9, 100] {
        let x: Vec<f32> = (0..n).map(f32::from).collect();
        let mut y = vec![1.0; x.len()];
        let (sum, most, last, j) = alone(&x, &mut y);
        assert_eq!(sum, x.iter().sum::<f32>());
        assert_eq!(most, x.last().copied().unwrap_or(0.0));
        let steps = i32::from(n.div_ceil(3));
        assert_eq!((last as i32, j), (3 * (steps - 1).max(0), 3 - steps));
        assert!(y.iter().zip(&x).all(|(y, x)| *y == 1.0 + 2.0 * x));
    }
}

#[test]
fn inside_other_loops() {
    let a = Grid2::from_fn(Static, 9, 21, |i, j| (i * 21 + j) as f64);
    let x: Vec<f64> = (0..100).map(f64::from).collect();
    for n in [1, 2, 3, 4, 8] {
        let mut out = vec![0.0; 9];
        assert_eq!(rows(&a, &mut out, n), (0..189).sum::<i32>() as f64);
        assert_eq!(out[1], (21..42).sum::<i32>() as f64);
        assert_eq!(in_a_region(&x, n), 2.0 * (4950.0 + 450.0), "{n} threads");
    }
}
