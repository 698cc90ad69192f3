use phalanx::prelude::*;

#[omp]
fn f(x: &[usize]) -> (Vec<usize>, usize) {
    let (mut hist, mut most) = (vec![0; 256], 0);
    #[parallel_for]
    for i in 0..x.len() {
        hist[x[i]] += 1;
    }
    #[parallel_for]
    for i in 0..x.len() {
        if x[i] > most {
            most = x[i];
        }
    }
    (hist, most)
}

fn main() {}
