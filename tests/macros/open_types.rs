//! Variables whose type is open where a construct needs it.

use phalanx::prelude::*;

const TEAMS: [usize; 5] = [1, 2, 3, 4, 8];

#[omp]
fn sums(x: &[f64], n: usize) -> (f64, u64, f64) {
    let mut sum = 0.0;
    let mut count = 0;
    let mut largest = 0.0;
    #[parallel(num_threads(n), shared(sum, count, largest))]
    {
        #[for_each(reduction(+: sum, count), reduction(max: largest))]
        for i in 0..x.len() {
            sum += x[i];
            count += 1;
            largest = largest.max(x[i]);
        }
    }
    (sum, count, largest)
}

#[omp]
fn singles(x: &[f32], n: usize) -> (f32, f32) {
    let (mut sum, mut least) = (0.0, f32::MAX);
    #[parallel(num_threads(n), shared(sum, least))]
    {
        #[for_each(reduction(+: sum), reduction(min: least))]
        for i in 0..x.len() {
            sum += x[i];
            least = least.min(x[i]);
        }
    }
    (sum, least)
}

#[omp]
fn own(x: &[f64], n: usize) -> f64 {
    let total = Critical::new(0.0);
    #[parallel(num_threads(n))]
    {
        let mut largest = 0.0;
        #[for_each(reduction(max: largest))]
        for i in 0..x.len() {
            largest = largest.max(x[i]);
        }
        #[masked]
        {
            total.with(|total| *total += largest);
        }
    }
    let mut again = 0.0;
    #[parallel_for(reduction(max: again), num_threads(n))]
    for x in x {
        again = again.max(*x);
    }
    total.into_inner() + again
}

#[test]
fn floats_and_integers_without_a_suffix() {
    let x: Vec<f64> = (0..100).map(f64::from).collect();
    let y: Vec<f32> = (1..=100u8).map(f32::from).collect();
    for n in TEAMS {
        assert_eq!(sums(&x, n), (4950.0, 100, 99.0), "{n} threads");
        assert_eq!(singles(&y, n), (5050.0, 1.0), "{n} threads");
        assert_eq!(own(&x, n), 198.0, "{n} threads");
    }
}
