use phalanx::prelude::*;

#[omp]
fn f(x: &[f64], y: &mut [f64]) {
    let mut t = 0.0;
    #[parallel_for(disjoint(y))]
    for i in 0..x.len() {
        t = x[i] * x[i];
        y[i] = t;
    }
    println!("{t}");
}

fn main() {}
