//! Races inside a region that the syntax shows.
use phalanx::prelude::*;

#[omp]
fn neighbour(a: &mut [f64]) {
    #[parallel(shared(a))]
    {
        #[for_each(disjoint(a))]
        for i in 0..9 {
            a[i + 1] = a[i];
        }
    }
}

#[omp]
fn sum(x: &[f64]) -> f64 {
    let mut sum = 0.0f64;
    #[parallel]
    {
        #[for_each]
        for i in 0..x.len() {
            sum += x[i];
        }
    }
    sum
}

#[omp]
fn undeclared(a: &mut [f64], b: &[f64]) {
    #[parallel(shared(a))]
    {
        #[for_each]
        for i in 0..9 {
            a[i] = b[i];
        }
    }
}

#[omp]
fn written_and_read(a: &mut [f64]) {
    #[parallel(shared(a))]
    {
        #[for_each(reads(a), disjoint(a))]
        for i in 0..9 {
            a[i] = 1.0;
        }
    }
}

fn main() {}
