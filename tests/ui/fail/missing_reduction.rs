use phalanx::prelude::*;

#[omp]
fn f(x: &[f64]) -> f64 {
    let mut sum = 0.0;
    let mut top = 0.0f64;
    #[parallel_for]
    for i in 0..x.len() {
        sum += x[i];
        top = top.max(x[i]);
    }
    sum + top
}

fn main() {}
