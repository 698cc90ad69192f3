use phalanx::prelude::*;

#[omp]
fn misspelled(y: &mut [f64]) {
    #[parallel_fro(disjoint(y))]
    for i in 0..y.len() {
        y[i] = 1.0;
    }
}

#[omp]
fn pragmas(y: &mut [f64]) {
    #[omp(parallel for)]
    for i in 0..y.len() {
        y[i] = 1.0;
    }
    #[parallel_for_simd(disjoint(y))]
    for i in 0..y.len() {
        y[i] = 1.0;
    }
}

#[omp]
fn in_a_region(y: &mut [f64]) {
    #[parallel(shared(y))]
    {
        #[r#for]
        for i in 0..y.len() {
            y[i] = 1.0;
        }
        #[master]
        {
            println!("once");
        }
    }
}

#[omp]
fn histogram(x: &[usize], h: &mut [u64]) {
    #[parallel_for]
    for i in 0..x.len() {
        #[atomic]
        h[x[i]] += 1;
    }
}

// Attributes that are none of ours stay.
#[omp]
fn others(y: &mut [f64]) {
    #[rustfmt::skip]
    let n = y.len();
    #[allow(unused_variables)]
    {
        let k = n;
    }
    #[warn(unused)]
    #[parallel_for(disjoint(y))]
    for i in 0..n {
        y[i] = 1.0;
    }
}

fn main() {}
