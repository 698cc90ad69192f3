use phalanx::prelude::*;

#[omp]
fn f(y: &mut [f64]) {
    let t = 1.0;
    #[parallel_for(private(t), disjoint(y))]
    for i in 0..4 {
        y[i] = t;
        t = 2.0;
    }
}

fn main() {}
