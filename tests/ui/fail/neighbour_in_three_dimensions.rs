use phalanx::prelude::*;

#[omp]
fn f(g: &mut Grid3<f64>) {
    #[parallel_for(disjoint(g))]
    for i in 1..9 {
        g[[i, 0, 0]] = g[[i - 1, 0, 0]];
    }
    #[parallel_for(disjoint(g), collapse(2))]
    for i in 0..9 {
        for j in 1..9 {
            g[[i, j, 0]] = g[[i, j - 1, 1]];
        }
    }
    #[parallel_for(disjoint(g), collapse(3))]
    for i in 0..9 {
        for j in 0..9 {
            for k in 0..8 {
                g[[i, j, k]] = g[[i, j, k + 1]];
            }
        }
    }
}

fn main() {}
