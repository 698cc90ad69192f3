use phalanx::prelude::*;

#[omp]
fn f(x: &[f64]) -> f64 {
    let mut s = 0.0f64;
    #[parallel_for(reduction(^: s))]
    for x in x {
        s = s.max(*x);
    }
    s
}

fn main() {}
