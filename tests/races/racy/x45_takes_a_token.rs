//! X-method-of-capture: the first iteration to come takes what is there.
// twin: an `AtomicBool`, or a `Mutex`

use phalanx::prelude::*;

#[omp]
fn run(a: &mut [i32]) {
    let mut token = Some(5);
    #[parallel_for]
    for i in 0..a.len() {
        if let Some(t) = token.take() {
            //~ `token` declared here, outside the closure
            println!("{t} {i}");
        }
    }
}

fn main() {
    run(&mut [1; 100]);
}
