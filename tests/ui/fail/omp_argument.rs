use phalanx::prelude::*;

#[omp(fast)]
fn f() {}

fn main() {}
