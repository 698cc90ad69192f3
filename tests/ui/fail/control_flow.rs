use phalanx::prelude::*;

#[omp]
fn f(x: &[f64]) -> Option<usize> {
    #[parallel_for]
    for i in 0..x.len() {
        if x[i] > 1.0 {
            break;
        }
        if x[i] > 2.0 {
            return Some(i);
        }
        x.get(i + 1)?;
    }
    None
}

fn main() {}
