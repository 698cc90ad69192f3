use phalanx::prelude::*;

#[omp]
fn f(y: &mut [f64]) {
    let k = std::cell::Cell::new(2.0);
    #[parallel_for(disjoint(y))]
    for i in 0..4 {
        k.set(1.0);
        y[i] = k.get();
    }
}

fn main() {}
