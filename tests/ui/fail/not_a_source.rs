use phalanx::prelude::*;

#[omp]
fn f(x: &[f64]) {
    #[parallel_for]
    for x in x.iter().filter(|x| **x > 0.0) {
        println!("{x}");
    }
}

fn main() {}
