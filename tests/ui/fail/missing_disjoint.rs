use phalanx::prelude::*;

#[omp]
fn f(x: &[f64], y: &mut [f64], g: &mut Grid2<f64>) {
    #[parallel_for]
    for i in 0..x.len() {
        y[i] += x[i];
        g[i][0] = 1.0;
    }
}

fn main() {}
