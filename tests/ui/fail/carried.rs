//! Variables whose old value the next iteration would need.
use phalanx::prelude::*;

#[omp]
fn last_one(a: &mut [usize]) {
    let mut x = 10;
    #[parallel_for(disjoint(a))]
    for i in 0..a.len() {
        a[i] = x;
        x = i;
    }
}

#[omp]
fn running_sum(x: &[f64], y: &mut [f64]) {
    let mut sum = 0.0;
    #[parallel_for(disjoint(y))]
    for i in 0..x.len() {
        sum += x[i];
        y[i] = sum;
    }
}

#[omp]
fn packed(x: &[i32], y: &mut [i32]) -> usize {
    let mut len = 0;
    #[parallel_for]
    for i in 0..x.len() {
        if x[i] > 0 {
            y[len] = x[i];
            len += 1;
        }
    }
    len
}

#[omp]
fn every_second(x: &[i32], y: &mut [i32]) {
    let (mut at, mut count) = (0, 0);
    #[parallel_for(disjoint(y))]
    for i in 0..y.len() {
        y[i] = x[at] + count;
        at += 2;
        count += 1;
    }
}

#[omp]
fn found(x: &[i32]) -> usize {
    let mut at = 0;
    #[parallel_for]
    for i in 0..x.len() {
        if x[i] == 7 {
            at = i;
        }
    }
    at
}

#[omp]
fn best(x: &[i32]) -> Option<i32> {
    let mut best = None;
    #[parallel_for]
    for i in 0..x.len() {
        match best {
            None => best = Some(x[i]),
            Some(b) if x[i] > b => best = Some(x[i]),
            _ => {}
        }
    }
    best
}

#[omp]
fn anew(g: &mut Grid2<f64>) {
    let mut j;
    #[parallel_for(disjoint(g))]
    for i in 0..10 {
        j = 0;
        while j < 10 {
            g[i][j] += 1.0;
            j += 1;
        }
    }
}

fn main() {}
