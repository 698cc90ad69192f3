use phalanx::prelude::*;

fn f(x: &[f64]) -> f64 {
    let mut sum = 0.0;
    parallel_for(Static, x, |x| sum += x);
    sum
}

fn main() {}
