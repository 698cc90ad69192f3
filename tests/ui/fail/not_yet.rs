use phalanx::prelude::*;

#[omp]
fn f() {
    #[single]
    {
        println!("once");
    }
    #[parallel_for]
    if true {
        println!("no loop");
    }
}

fn main() {}
