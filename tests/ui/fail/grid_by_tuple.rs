use phalanx::prelude::*;

#[omp]
fn tuples(a: &Grid2<f64>, b: &mut Grid2<f64>) {
    let (rows, cols) = a.shape();
    #[parallel_for(collapse(2), disjoint(b))]
    for i in 0..rows {
        for j in 0..cols {
            b[(i, j)] = a[i][j];
        }
    }
}

fn main() {}
