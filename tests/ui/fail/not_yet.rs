use phalanx::prelude::*;

#[omp]
fn f() {
    #[taskloop]
    {
        println!("once");
    }
    #[parallel_for]
    if true {
        println!("no loop");
    }
}

fn main() {}
