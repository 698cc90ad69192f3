use phalanx::prelude::*;

#[omp]
fn f(y: &mut [f64], idx: &[usize]) {
    #[parallel_for(disjoint(y))]
    for &i in idx {
        y[i] = 1.0;
    }
}

fn main() {}
