use phalanx::prelude::*;

#[omp]
fn f() {
    #[scan]
    {
        println!("once");
    }
    #[parallel_for]
    if true {
        println!("no loop");
    }
}

fn main() {}
