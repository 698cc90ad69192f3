use phalanx::prelude::*;

#[omp]
fn f(g: &mut Grid2<f64>, v: &[usize]) {
    #[parallel_for(collapse(2), disjoint(g))]
    for i in 0..9 {
        let k = 2 * i;
        for j in 0..9 {
            g[i][j] = k as f64;
        }
    }
    #[parallel_for(collapse(2), disjoint(g))]
    for i in 0..9 {
        for j in 0..i {
            g[i][j] = 1.0;
        }
    }
    #[parallel_for(collapse(2))]
    for i in 0..9 {
        for j in v {
            println!("{i} {j}");
        }
    }
}

fn main() {}
