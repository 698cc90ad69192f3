use phalanx::prelude::*;

#[omp]
fn f(y: &mut [f64]) {
    let n = y.len();
    #[parallel_for(disjoint(y))]
    for i in 0..n - 1 {
        y[i] = y[i + 1];
    }
}

fn main() {}
