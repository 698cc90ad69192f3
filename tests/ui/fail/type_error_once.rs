use phalanx::prelude::*;

#[omp]
fn f(x: &[f64], y: &mut [f64]) {
    #[parallel_for(disjoint(y))]
    for i in 0..4 {
        y[i] = "two" * x[i];
    }
}

fn main() {}
