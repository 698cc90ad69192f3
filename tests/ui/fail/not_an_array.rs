use phalanx::prelude::*;

#[omp]
fn f(y: &mut std::collections::BTreeMap<usize, f64>) {
    #[parallel_for(disjoint(y))]
    for i in 0..4 {
        y[i] = 1.0;
    }
}

fn main() {}
