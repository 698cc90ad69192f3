use phalanx::prelude::*;

#[omp]
fn f(x: &[f64], y: &mut [f64]) {
    let mut s = 0.0;
    let t = 0.0;
    #[parallel_for(reduction(+: s), private(s), disjoint(y, y), firstprivate(t))]
    for i in 0..x.len() {
        s += x[i];
        y[i] = x[i];
    }
}

fn main() {}
