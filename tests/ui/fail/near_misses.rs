use phalanx::prelude::*;

// One mistake, one error: what was meant is taken for said.
#[omp]
fn clauses(x: &[f64], y: &mut [f64]) -> f64 {
    let (mut a, mut b) = (0.0, 1.0);
    #[parallel_for(reduction(+, a))]
    for i in 0..x.len() {
        a += x[i];
    }
    #[parallel_for(reduktion(+: a))]
    for i in 0..x.len() {
        a += x[i];
    }
    #[parallel_for(reduction(sum: a), reduction(product: b), disjont(y))]
    for i in 0..x.len() {
        a += x[i];
        b *= x[i];
        y[i] = x[i];
    }
    a + b
}

// Copies begin with 0, and are added up.
#[omp]
fn operators(x: &[u32]) -> u32 {
    let (mut a, mut most, mut bits) = (0, 0, 0);
    let mut counts = [0; 4];
    #[parallel_for(reduction(+: a, counts), reduction(max: most), reduction(|: bits))]
    for i in 0..x.len() {
        a *= x[i];
        counts[i % 4] |= x[i];
        most += x[i];
        bits <<= x[i];
    }
    a + most + bits + counts[0]
}

// What fits passes.
#[omp]
fn fits(x: &[u32]) -> (u32, u32, bool, u32) {
    let (mut a, mut b, mut all, mut most) = (0, 1, true, 0);
    #[parallel_for(reduction(+: a), reduction(*: b), reduction(&&: all), reduction(max: most))]
    for i in 0..x.len() {
        a -= x[i];
        b *= x[i];
        all &= x[i] > 0;
        most = most.max(x[i]);
    }
    (a, b, all, most)
}


fn main() {}
