use phalanx::prelude::*;

#[omp]
fn f(g: &mut Grid2<f64>) {
    #[parallel_for(disjoint(g))]
    for i in 1..9 {
        for j in 0..9 {
            g[i][j] = g[i - 1][j];
        }
    }
    #[parallel_for(disjoint(g), collapse(2))]
    for i in 0..9 {
        for j in 1..9 {
            g[i][j] = g[i][j - 1];
        }
    }
}

fn main() {}
