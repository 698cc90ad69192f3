use phalanx::prelude::*;

fn f(x: &[f64]) {
    #[parallel_for]
    for x in x {
        println!("{x}");
    }
}

fn main() {}
