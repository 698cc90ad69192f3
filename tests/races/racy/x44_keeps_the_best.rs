//! Y-missing-reduction: iterations compare with the best so far, and replace it.
// twin: free/065_pi, with `reduction(max: best)`

use phalanx::prelude::*;

#[omp]
fn run(a: &mut [i32]) {
    let mut best = None;
    #[parallel_for]
    for i in 0..98 {
        match best {
            None => best = Some(a[i]), //~ `best` is read before it is assigned
            Some(b) if a[i] > b => best = Some(a[i]),
            _ => {}
        }
    }
    println!("{best:?}");
}

fn main() {
    run(&mut [1; 100]);
}
